"""Every address, by every method, as everybody, in every state: over HTTP, against an oracle of its own (promise 9)."""

from __future__ import annotations

import ast
import logging
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests import databases
from tests.matrix import oracle
from tests.matrix.asking import Door, Got
from tests.matrix.oracle import Actor, Sight, relation, sight
from tests.matrix.rules import NEVER, RULES, Answer, Kind, Place
from tests.matrix.world import World

pytestmark = pytest.mark.django_db

AT_LEAST = 100_000
OWN = re.compile(r"/|/(account|sign-in|sign-out|password|guest|list|administration)(/.*)?")
"""Where one's own account leads."""


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """Give the name of every address there is; one without a name goes by its pattern."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns)
        else:
            yield one.name or str(one.pattern)


def test_every_address_has_a_rule_and_every_rule_an_address() -> None:
    assert sorted(set(names(get_resolver().url_patterns))) == sorted(RULES)


def test_the_oracle_knows_nothing_of_the_code() -> None:
    tree = ast.parse(Path(oracle.__file__).read_text(encoding="utf-8"))
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {getattr(node, "module", None) or node.names[0].name for node in imported}
    assert modules <= {"__future__", "dataclasses", "enum"}


@pytest.fixture
def unlogged() -> Iterator[None]:
    """Log nothing: a run of tests keeps every line with the request it is about, here a hundred thousand of them."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.long
def test_every_cell(world: World, unlogged: None, record_property: Callable[[str, object], None]) -> None:
    _ask(world, 1, record_property)


def test_every_tenth_cell(world: World, unlogged: None, record_property: Callable[[str, object], None]) -> None:
    _ask(world, 10 if databases.kind() == "sqlite" else 40, record_property)


def _ask(world: World, every: int, record_property: Callable[[str, object], None]) -> None:
    """Ask each cell, or each so many of them, and see that every answer is what the oracle expects."""
    door = Door(world)
    cells: Counter[tuple[str, str, str]] = Counter()
    wrong: defaultdict[str, list[str]] = defaultdict(list)

    @cache
    def never(actor: Actor, method: str, twin: str, sent: tuple[tuple[str, str], ...]) -> Got:
        return door.asks(actor, method, twin, dict(sent))

    def problem(actor: Actor, place: Place, method: str, expected: Answer) -> str:
        got = door.asks(actor, method, place.address, place.sent)
        match expected.kind:
            case Kind.SHOWN:
                return "" if got.status == 200 else f"{got.status} {got.to}"
            case Kind.DONE:
                done = got.status == 302 and re.fullmatch(expected.to, got.to)
                return "" if got.status == 200 or done else f"{got.status} {got.to}"
            case Kind.SENT_ON:
                there = got.status == 302 and re.fullmatch(expected.to, got.to)
                return "" if there else f"{got.status} {got.to}"
            case Kind.SIGN_IN:
                return (
                    "" if got.status == 302 and got.to.partition("?")[0] == actor.shut_out else f"{got.status} {got.to}"
                )
            case Kind.OWN:
                inside = got.status in (302, 303) and OWN.fullmatch(got.to.partition("?")[0])
                return "" if got.status in (200, 404, 405) or inside else f"{got.status} {got.to}"
            case Kind.NOT_ALLOWED:
                return "" if got.status == 405 else f"{got.status} {got.to}"
            case Kind.NOT_THERE | Kind.SAME_AS_NEVER:
                if got.status != (404 if expected.kind is Kind.NOT_THERE else 200):
                    return f"{got.status} {got.to}"
                if not place.twin:
                    return ""
                other = never(actor, method, place.twin, tuple(sorted(place.sent_to_twin.items())))
                asked = place.disagreement.reference if place.disagreement else ""
                same = got.headers == other.headers and _without(asked, got.body) == _without(NEVER, other.body)
                return "" if same else "not the page of one that never was"

    every = int(os.environ.get("COMMONGROUND_MATRIX_EVERY") or every)
    number = refused = 0
    for who, actor in enumerate(world.actors.values()):
        for name, rule in RULES.items():
            for turn, place in enumerate(rule.places(world, actor), start=who):
                for method in rule.asked_with(place, turn):
                    expected = rule.expects(actor, place, method)
                    # Three quarters of all are methods that an address has not: every other one of those is enough.
                    refused += expected.kind is Kind.NOT_ALLOWED
                    number += 1
                    if number % every or (expected.kind is Kind.NOT_ALLOWED and refused % 2):
                        continue
                    trouble = problem(actor, place, method, expected)
                    if trouble:
                        why = relation(actor, place.disagreement) if place.disagreement else ""
                        of = place.disagreement.name if place.disagreement else ""
                        wrong[f"{name} {method}: {expected.kind} but {trouble}"].append(f"{actor.name} ({why}) {of}")
                    cells[actor.role.value, expected.kind.value, bool(trouble)] += 1  # type: ignore[index]
    record_property("report", "\n".join(table(cells)))
    assert not wrong, "\n".join(f"{len(them)} cells: {what}: {sorted(set(them))[:6]}" for what, them in wrong.items())
    assert sum(cells.values()) >= AT_LEAST // every


def _without(reference: str, body: bytes) -> bytes:
    """Leave out the reference that was asked for: a page may say it back to whoever typed it."""
    return body.replace(reference.encode(), b"") if reference else body


def table(cells: Counter) -> list[str]:
    """Give what was asked by role."""
    kinds = [kind.value for kind in Kind]
    lines = [f"{'role':28}{'cells':>9}" + "".join(f"{kind[:14]:>16}" for kind in kinds) + f"{'wrong':>8}"]
    roles = sorted({role for role, _, _ in cells})
    for role in [*roles, ""]:
        mine = {key: count for key, count in cells.items() if role in ("", key[0])}
        row = "".join(f"{sum(c for key, c in mine.items() if key[1] == kind):>16,}" for kind in kinds)
        bad = sum(count for key, count in mine.items() if key[2])
        lines.append(f"{role or 'all':28}{sum(mine.values()):>9,}{row}{bad:>8,}")
    return lines


LISTS = ("needs-me", "waiting", "agency", "partnership", "ended", "past")


def test_a_list_has_what_its_reader_sees_and_nothing_else(world: World) -> None:
    door = Door(world)
    references = {one.reference for one in world.disagreements.values()}
    for actor in world.actors.values():
        if not actor.seated:
            continue
        pages = [door.asks(actor, "GET", f"/list?show={which}").body.decode() for which in LISTS]
        listed = {one for one in references if any(one in page for page in pages)}
        seen = {one.reference for one in world.disagreements.values() if sight(actor, one) is not Sight.NOTHING}
        assert listed == seen, actor.name
