"""The two checkers: that they agree, what they prove of every procedure, and that each would be missed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonground.core import explore as exploring
from commonground.core.acts import (
    About,
    Actor,
    Answer,
    Ask,
    Because,
    Confirm,
    Decide,
    GoUp,
    Medium,
    Meet,
    Note,
    PassTime,
    PostRef,
    Propose,
    Raise,
    Reopen,
    Reply,
    Side,
    StateView,
    Talk,
    Withdraw,
    Write,
)
from commonground.core.explore import CHALLENGER, PARTNERSHIP, RESPONDER, explore, state_of, synthetic
from commonground.core.procedure import OFFICE, HeldIn, Key, Procedure, Then
from commonground.core.states import Kind, Reached
from commonground.language.bare import bare
from commonground.language.calendars import load_calendar
from commonground.language.checking import Checked, check, check_file, clauses_known_to, differences
from commonground.language.graph import graph_of
from commonground.language.library import shipped_files
from commonground.language.proofs import Proof, numbers_in, proofs_over_states
from commonground.language.reader import read_procedure
from commonground.language.silence import longest_silence
from tests.story import SYSTEM, Story, setting_for

INVENTED = Path(__file__).parents[1] / "procedures" / "invented"
FILES = (*shipped_files(), *sorted(p for p in INVENTED.glob("*.yaml") if not p.name.endswith(".clauses.yaml")))
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)

LARGE = 22_000
"""Bytes of a file from which on it takes seconds to explore; what explores one again and again is for `make long`."""

each_small_file = pytest.mark.parametrize(
    "path", [path for path in FILES if path.stat().st_size < LARGE], ids=lambda path: path.stem
)


@cache
def procedure_in(path: Path) -> Procedure:
    return read_procedure(path)


@cache
def checked(path: Path) -> Checked:
    procedure = procedure_in(path)
    return check(procedure, clauses_known_to(path, procedure), load_calendar(procedure.nation))


@cache
def explored(path: Path) -> Reached:
    return explore(synthetic(procedure_in(path)))


# --- agreement -------------------------------------------------------------------------------------------------------


@each_file
def test_both_checkers_agree_with_the_readings_and_on_the_words_alone(path: Path) -> None:
    assert checked(path).apart == ()


@each_file
def test_every_proof_holds_with_the_readings(path: Path) -> None:
    assert checked(path).failures == ()


@each_small_file
def test_working_out_once_what_is_forgotten_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_working_out_once(path, monkeypatch)


@pytest.mark.long
@each_file
def test_working_out_once_changes_nothing_in_large_ones(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_working_out_once(path, monkeypatch)


def check_working_out_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remembered = explored(path)
    monkeypatch.setattr(exploring._Exploration, "_outline", lambda *_: None)
    afresh = explore(synthetic(procedure_in(path)))
    assert (afresh.onward, afresh.owners) == (remembered.onward, remembered.owners)


def test_a_checker_that_gets_a_rule_wrong_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    path = FILES[0]
    first = explored(path)
    assert not list(differences(first, graph_of(procedure_in(path))))

    monkeypatch.setattr("commonground.language.graph._waited_for", lambda *_: None)
    apart = list(differences(first, graph_of(procedure_in(path))))
    assert any("decide has the move with" in said for said in apart)


def test_a_core_that_gets_a_rule_wrong_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    procedure = procedure_in(FILES[0])
    second = graph_of(procedure)
    monkeypatch.setattr("commonground.core.effects.Draft._restart_clock", lambda *_: None)
    apart = list(differences(explore(synthetic(procedure)), second))
    assert any(said.startswith("only decide reaches") for said in apart)


# --- what is proved, state by state ----------------------------------------------------------------------------------


@each_file
def test_in_every_state_there_is_an_owner_and_something_is_due(path: Path) -> None:
    reached = explored(path)
    for state in reached.onward:
        if not state.ended:
            assert state.running, state
            assert reached.owners[state].because is not Because.OFFICE, state


def posts_of(procedure: Procedure) -> Iterator[tuple[Key, Key]]:
    """Every post that may be empty: (agency, post), the office apart."""
    for post in procedure.posts:
        if post.held_in is HeldIn.PARTNERSHIP and post.key != OFFICE:
            yield PARTNERSHIP, post.key
        elif post.held_in is HeldIn.PARTY:
            yield from ((agency, post.key) for agency in ([post.agency] if post.agency else [CHALLENGER, RESPONDER]))


def check_nobody_is_stopped(reached: Reached) -> None:
    assert not reached.refused
    for state, onward in reached.onward.items():
        assert any(way.kind is Kind.UP for way in onward), state
        if not state.ended:
            assert state.running, state
            assert state in reached.owners, state


@each_small_file
def test_with_any_one_post_empty_everything_can_still_be_raised_and_taken_up(path: Path) -> None:
    procedure = procedure_in(path)
    empty = list(posts_of(procedure))
    # Every post by itself belongs to `make long`; here two, spread over the file.
    for agency, post in empty[:: -(-len(empty) // 2)]:
        check_nobody_is_stopped(explore(synthetic(procedure, frozenset({(agency, post)}))))


@pytest.mark.long
@each_file
def test_with_each_post_empty_everything_can_still_be_raised_and_taken_up(path: Path) -> None:
    procedure = procedure_in(path)
    for agency, post in posts_of(procedure):
        check_nobody_is_stopped(explore(synthetic(procedure, frozenset({(agency, post)}))))


@each_file
def test_with_nobody_known_across_everything_can_still_be_raised_and_taken_up(path: Path) -> None:
    check_nobody_is_stopped(explore(synthetic(procedure_in(path)), reached_responder=False))


# --- one standing stands for its state -------------------------------------------------------------------------------


def asks(procedure: Procedure, now: Story) -> st.SearchStrategy[tuple[Ask, Actor]]:
    """Anything anybody could try in the stage now open."""
    standing = now.standing
    stage = procedure.stage(standing.route, standing.stage)
    entered = standing.entered
    assert entered is not None
    sides = [Actor(f"{a}-person", PostRef(a, min(now.setting.agencies[a].posts))) for a in SIDES]
    bodies = [Actor("body", entered.body.post)] if entered.body else []
    everybody = [*sides, *bodies, Actor("officer", now.setting.office_post)]
    answers = tuple(f for duty in procedure.duties_at(standing.route, standing.stage) for f in duty.fields)
    tried: list[Ask] = [GoUp(), Withdraw(), Reopen(), Raise("", About.CHILD, (SIDES[0],)), Talk(Medium.TELEPHONE)]
    tried += [
        Note(approved=True),
        Reply(Answer.AGREE),
        Reply(Answer.NEED_MORE),
        StateView(agrees=True),
        Write("letter"),
    ]
    tried += [Meet(held=True), Confirm(), Confirm(agrees=False), *(Confirm(for_side=side) for side in Side)]
    tried += [Propose(ending, open_issues=False, answers=answers) for ending in stage.endings]
    results = stage.decision.results if stage.decision else ()
    tried += [Decide(result.key, no_differing_views=True, for_absent=True) for result in results]
    return st.tuples(st.sampled_from(tried), st.sampled_from(everybody))


SIDES = ("school", "social-care")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_story_leaves_the_states_that_were_found(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(FILES), label="procedure")
    procedure, reached = procedure_in(path), explored(path)
    told = Story(setting_for(procedure))
    told.raised("", by=SIDES[0], against=SIDES[1], start_at=data.draw(st.sampled_from(sorted(reached.starts))))
    for _ in range(data.draw(st.integers(1, 14), label="acts")):
        running = sorted(told.standing.limits)
        if running and data.draw(st.sampled_from(["time passes", "somebody acts"])) == "time passes":
            event = data.draw(st.sampled_from(running))
            told.now = max(told.now, told.standing.limits[event].at)
            told.does(PassTime(event), by=SYSTEM)
        else:
            ask, by = data.draw(asks(procedure, told))
            stage = procedure.stage(told.standing.route, told.standing.stage)
            saying = ("reasons", "differing views", *(f"why not {step.key}" for step in stage.steps))
            told.tries(ask, by, saying)
        assert state_of(procedure, told.standing) in reached.onward


# --- proofs that must fail -------------------------------------------------------------------------------------------


def in_first_stage(procedure: Procedure, **changes: object) -> Procedure:
    route = procedure.routes[0]
    stages = (replace(route.stages[0], **changes), *route.stages[1:])  # type: ignore[arg-type]
    return replace(procedure, routes=(replace(route, stages=stages), *procedure.routes[1:]))


def failing(procedure: Procedure, path: Path) -> set[Proof]:
    found = check(procedure, clauses_known_to(path, procedure)).proofs
    return {proof for proof, failures in found.items() if failures}


def test_each_kind_of_defect_fails_its_proof() -> None:
    small = sorted(FILES, key=lambda path: path.stat().st_size)
    path = next(path for path in small if procedure_in(path).routes[0].stages[0].clock.then is Then.UP)
    procedure = procedure_in(path)
    first = procedure.routes[0].stages[0]
    assert failing(procedure, path) == set()

    undated = replace(first.clock, within=None, no_later_than=None, readings=())
    assert Proof.DATED in failing(in_first_stage(procedure, clock=undated), path)
    unanswered = replace(first.clock, then=None, readings=())
    assert Proof.SILENCE in failing(in_first_stage(procedure, clock=unanswered), path)
    assert {Proof.NO_LOOP, Proof.WAY_UP} <= failing(in_first_stage(procedure, next=first.key), path)
    unowned = replace(first.sides, challenging=None, responding=None, readings=()) if first.sides else None
    assert Proof.OWNED in failing(in_first_stage(procedure, sides=unowned), path)
    assert Proof.NAMES in failing(in_first_stage(procedure, endings=("nowhere",)), path)
    assert Proof.CITED in failing(in_first_stage(procedure, clauses=(), readings=()), path)


def test_the_words_alone_strand_a_disagreement_and_the_report_says_where() -> None:
    stranded = [gap for path in shipped_files() for gap in checked(path).gaps if "come to rest" in gap.leaves_open]
    assert stranded
    for gap in chain.from_iterable(checked(path).gaps for path in FILES):
        assert gap.clauses, gap
        assert gap.question.endswith("?"), gap
        assert gap.place


def test_proofs_over_the_words_alone_are_the_same_both_ways() -> None:
    for path in FILES:
        alone = bare(procedure_in(path))
        assert proofs_over_states(alone, explore(synthetic(alone))) == proofs_over_states(alone, graph_of(alone))


# --- the longest silence ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "number"),
    [(path, number) for path in FILES for number in range(len(procedure_in(path).routes))],
    ids=lambda value: value.stem if isinstance(value, Path) else str(value),
)
def test_the_worst_real_date_is_when_the_record_itself_falls_silent(path: Path, number: int) -> None:
    procedure = procedure_in(path)
    calendar = load_calendar(procedure.nation)
    route = procedure.routes[number]
    silence = longest_silence(procedure, route, calendar)
    assert silence.worst is not None

    told = Story(setting_for(procedure, calendar), now=silence.worst.raised_at)
    told.raised("", by=SIDES[0], against=SIDES[1], start_at=f"{route.key}/{route.stages[0].key}")
    passed = [told.place]
    while told.standing.question is None:
        told.silence()
        if told.place != passed[-1]:
            passed.append(told.place)
        told.now = max(told.now, told.standing.recorded_at or told.now)

    assert told.standing.recorded_at == silence.worst.until
    assert passed == [f"{leg.route}/{leg.stage}" for leg in silence.legs]


def test_a_file_with_mistakes_does_not_go_live(tmp_path: Path) -> None:
    path = tmp_path / "north.yaml"
    path.write_text("procedure: north\ntitle: North\n")
    found = check_file(path)
    assert not found.may_go_live
    assert any("north.yaml:" in mistake for mistake in found.mistakes)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("within a working day, or three", {1, 3}),
        ("in fifteen days and 48 hours", {15, 48}),
        ("at once", set()),
    ],
)
def test_figures_are_read_in_words_too(text: str, numbers: set[int]) -> None:
    assert numbers_in(text) == numbers
