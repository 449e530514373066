"""The invented procedures are read, carry their whole text, and between them use every word of the language.

They are there for what the shipped procedures do not say (README.md beside this file), so that no part of the language
is without a procedure that needs it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from commonground.core import procedure as core
from commonground.core.procedure import Procedure, nodes, words_alone
from commonground.core.time import UNITS, unit_of
from commonground.language.account import account
from commonground.language.reader import read_procedure
from commonground.language.register import clauses_for
from commonground.language.schema import Field, Holds, shape_of

HERE = Path(__file__).parent
FILES = sorted(path for path in (HERE / "invented").glob("*.yaml") if not path.name.endswith(".clauses.yaml"))

NOT_FOR_USE = {core.Then.LAPSE, core.Late.LAPSED, core.StartEvent.READ_BY_RESPONDING}
"""What texts say and a sound procedure reads as something else: it can stand in `words` only."""


@pytest.fixture(scope="module")
def invented() -> dict[str, Procedure]:
    return {path.stem: read_procedure(path) for path in FILES}


def test_there_are_several_in_each_nation(invented: dict[str, Procedure]) -> None:
    assert {procedure.nation for procedure in invented.values()} == {
        "england-and-wales",
        "scotland",
        "northern-ireland",
    }
    assert len(invented) >= 6


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_clause_is_accounted_for(path: Path, invented: dict[str, Procedure]) -> None:
    rows = account([invented[path.stem]], clauses_for(path))
    assert len(rows) >= 4
    assert {row.clause.id: row.wrong for row in rows if row.wrong} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_stage_has_a_time_an_answer_to_silence_and_somebody_whose_move_it_is(
    path: Path, invented: dict[str, Procedure]
) -> None:
    for route in invented[path.stem].routes:
        assert route.confirm.within is not None
        for stage in route.stages:
            named = f"{route.key}/{stage.key}"
            assert stage.clock.within is not None, named
            assert stage.clock.then in {core.Then.UP, core.Then.ASK, core.Then.LOOK_AGAIN}, named
            assert (stage.clock.then is core.Then.LOOK_AGAIN) == (stage.next is None), named
            assert stage.body is not None or (stage.sides is not None and stage.sides.responding), named


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_is_short_enough_to_read_at_a_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 170


def test_taking_the_readings_away_leaves_gaps(invented: dict[str, Procedure]) -> None:
    lapsing = words_alone(invented["tolland-haven"]).route("adult")
    assert lapsing.window is not None
    assert lapsing.window.late is core.Late.LAPSED
    assert lapsing.stages[0].clock.then is core.Then.LAPSE
    assert lapsing.stages[1].clock.within is None


def test_an_overlay_keeps_what_it_does_not_name(invented: dict[str, Procedure]) -> None:
    mainland, island = invented["eastmere"], invented["eastmere-island"]
    assert [cap.key for cap in mainland.route("ladder").caps] == ["last-two-steps", "whole-ladder"]
    assert [cap.key for cap in island.route("ladder").caps] == ["whole-ladder"]
    assert island.stage("ladder", "one") == mainland.stage("ladder", "one")
    assert island.stage("ladder", "two").clock.by_rating == mainland.stage("ladder", "two").clock.by_rating
    assert island.stage("ladder", "two").clock.within != mainland.stage("ladder", "two").clock.within
    assert island.post("manager").stand_in == ("harbour-officer", "director")


def test_between_them_they_use_every_word_of_the_language(invented: dict[str, Procedure]) -> None:
    used: dict[type, set[str]] = defaultdict(set)
    for procedure in invented.values():
        for _, node in nodes(procedure):
            written = {name for name in _fields(node) if getattr(node, name) != _default(node, name)}
            for type_ in type(node).__mro__:  # a clock is a limit: what it writes is a limit's word too
                used[type_] |= written
    words = {(type_, name) for type_ in _types(Procedure) for name in shape_of(type_).fields if name != "readings"}
    assert {f"{type_.__name__}.{name}" for type_, name in words if name not in used[type_]} == set()


def test_between_them_they_use_every_unit_of_time(invented: dict[str, Procedure]) -> None:
    spans = {unit_of(span) for p in invented.values() for _, node in nodes(p) for span in _spans(node)}
    assert spans == {*UNITS, "same working day"}


KINDS = [
    kind for kind in vars(core).values() if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_between_them_they_use_every_kind_of_thing(kind: type[StrEnum], invented: dict[str, Procedure]) -> None:
    values = {
        value for p in invented.values() for _, node in nodes(p) for value in _values(node) if type(value) is kind
    }
    assert {str(value) for value in kind if value not in NOT_FOR_USE} - {str(value) for value in values} == set()


def _types(type_: type) -> set[type]:
    found: set[type] = set()
    waiting = [type_]
    while waiting:
        now = waiting.pop()
        if now not in found:
            found.add(now)
            waiting += [field.type for field in shape_of(now).fields.values() if field.holds is Holds.NODE]
    return found


def _fields(node: object) -> Mapping[str, Field]:
    type_: type = type(node)
    return shape_of(type_).fields


def _default(node: Any, name: str) -> Any:
    return type(node).__dataclass_fields__[name].default


def _values(node: Any) -> list[Any]:
    shallow = [getattr(node, name) for name in _fields(node)]
    return [value for item in shallow for value in (item if isinstance(item, tuple) else (item,))]


def _spans(node: Any) -> list[Any]:
    spans = [getattr(node, name) for name, field in _fields(node).items() if field.holds is Holds.SPAN]
    return [span for span in spans if span is not None]
