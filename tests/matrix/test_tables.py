"""docs/need-to-know.md says who sees what; this holds its tables to the code and to the oracle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from commonground.core.acts import Audience, PostRef
from commonground.people.access import Relation, Scope, may_read
from commonground.usecases.guests import may_let_in
from tests.matrix.oracle import Actor, Disagreement, Role, Seat, Sight, sight

PAGE = Path(__file__).parents[2] / "docs" / "need-to-know.md"
ME = Scope("me", PostRef("mine", "practitioner"), "area")


def rows(heading: str) -> Iterator[list[str]]:
    """Give the cells of the table under a heading, without its own heading."""
    part = PAGE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def test_every_relation_has_its_row_and_every_row_is_true() -> None:
    said = {cells[0].strip("`"): cells[2:] for cells in rows("What a relation opens")}
    opens = {
        relation.name: [
            True,
            may_read(ME, relation, Audience.PARTIES, "other") and may_read(ME, relation, Audience.PARTNERSHIP, "other"),
            may_read(ME, relation, Audience.OWN_AGENCY, "mine"),
            may_read(ME, relation, Audience.OWN_AGENCY, "other"),
            may_let_in(ME, relation),
        ]
        for relation in Relation
    }
    assert said == {name: ["yes" if one else "no" for one in these] for name, these in opens.items()}


@pytest.mark.parametrize("role", Role)
def test_every_role_has_its_row_and_every_row_is_what_the_oracle_says(role: Role) -> None:
    said = {cells[0]: cells[1] for cells in rows("What a role opens by itself")}
    assert set(said) == set(Role)
    actor = Actor(
        "somebody",
        role,
        "somebody" if role is not Role.ANONYMOUS else "",
        "area" if role is not Role.ANONYMOUS else "",
        (Seat("area-school/post"),) if role is not Role.ANONYMOUS else (),
        leads="area-school" if role is Role.SAFEGUARDING_LEAD else "",
        office=role is Role.PARTNERSHIP_MANAGER,
        scrutineer=role is Role.SCRUTINEER,
        guest_of="another" if role is Role.GUEST else "",
    )
    here = Disagreement("one", "raised", "area", sides=frozenset({"area-school"}))
    there = Disagreement("two", "raised", "elsewhere", sides=frozenset({"elsewhere-school"}))
    words = {Sight.NOTHING: "nothing", Sight.NOW: "their own agency is on a side", Sight.DATES: "of their partnership"}
    assert re.search(words[sight(actor, here)], said[role]), (said[role], sight(actor, here))
    assert sight(actor, there) is Sight.NOTHING
