"""What exploring found in the core, told as stories; and what exploring itself promises."""

from __future__ import annotations

from dataclasses import replace

from commonground.core.acts import Actor, Confirm, Decide, GoUp, How, PostRef, Propose, What
from commonground.core.explore import CHALLENGER, explore, state_of, synthetic
from commonground.core.procedure import Limit, Procedure, Result, Stage
from commonground.core.states import Kind
from commonground.core.time import WorkingDays
from tests.core.small import small
from tests.story import Story, setting_for

PROCEDURE = small()
DIRECTORS = PROCEDURE.stage("ladder", "director")
DIRECTOR = Actor("director", PostRef("social-care", "director"))


def at_stage(stage: str, procedure: Procedure = PROCEDURE) -> Story:
    return Story(setting_for(procedure)).raised("referral", start_at=f"ladder/{stage}")


def asked_at_the_director() -> Story:
    told = at_stage("director")
    told.silence()
    assert told.standing.question is not None
    return told


class TestNothingOpenIsLeftWithoutADate:
    def test_an_outcome_declined_after_the_time_ran_out_puts_the_question_again(self) -> None:
        told = asked_at_the_director()
        asked = told.standing.question
        told.does(Propose("agreed"), by="school")
        told.does(Confirm(agrees=False), by="social-care")
        assert told.standing.question == asked
        assert told.standing.waits is not None
        assert (told.standing.waits.what, told.standing.waits.event) == (What.ANSWER, "question")

    def test_declined_in_time_the_stage_waits_on_and_nobody_is_asked(self) -> None:
        told = at_stage("director")
        told.does(Propose("agreed"), by="social-care")
        told.silence()  # nobody confirms: the office is asked
        told.does(Confirm(agrees=False), by="school")
        assert told.standing.question is None
        assert told.standing.waits is not None
        assert told.standing.waits.event == "stage"

    def test_a_decision_that_leaves_it_open_after_the_time_ran_out_puts_the_question_again(self) -> None:
        stays = Result(key="noted", name="Noted")
        told = at_stage("director", with_result(stays))
        told.silence()
        told.does(Decide("noted"), by=DIRECTOR, saying=("reasons", "differing views", "why not contact"))
        assert told.standing.decided is not None
        assert told.standing.question is not None
        assert told.next_due > told.now

    def test_a_decision_that_is_not_accepted_leaves_the_steps_their_time(self) -> None:
        timed = tuple(replace(step, limit=Limit(within=WorkingDays(1))) for step in DIRECTORS.steps)
        told = at_stage("director", with_stage(replace(DIRECTORS, steps=timed)))
        told.does(Decide("hold"), by=DIRECTOR, saying=("differing views", "why not contact"))
        assert "step contact" not in told.standing.limits
        told.does(Confirm(agrees=False), by="school")
        assert {"stage", "step contact"} <= set(told.standing.limits)

    def test_going_up_after_an_ending_at_the_top_begins_the_stage_afresh(self) -> None:
        told = at_stage("panel")
        told.silence()
        told.does(Propose("answered"), by="school")
        told.does(Confirm(), by="social-care")
        told.does(GoUp(), by="school")
        assert told.standing.proposal is None
        assert told.standing.entered is not None
        assert told.standing.entered.how is How.REOPENED
        assert {"stage", "question"} <= set(told.standing.limits)


def with_result(result: Result) -> Procedure:
    route = PROCEDURE.routes[0]
    director = next(stage for stage in route.stages if stage.key == "director")
    assert director.decision is not None
    decision = replace(director.decision, results=(*director.decision.results, result))
    return with_stage(replace(director, decision=decision))


def with_stage(stage: Stage) -> Procedure:
    route = PROCEDURE.routes[0]
    stages = tuple(stage if other.key == stage.key else other for other in route.stages)
    return replace(PROCEDURE, routes=(replace(route, stages=stages),))


def test_a_shared_limit_that_ran_out_is_forgotten_once_its_stages_are_left() -> None:
    told = at_stage("workers")
    told.now = told.next_due
    told.silence(until="2026-03-06 10:00")  # the clocks of both stages, and the limit they share
    assert told.place == "ladder/director"
    assert not told.standing.missed
    told.does(GoUp("ladder/workers"), by="school")
    assert "cap whole" in told.standing.limits


def test_everything_can_be_raised_and_taken_up_from_everywhere() -> None:
    reached = explore(synthetic(PROCEDURE))
    assert not reached.refused
    for state, onward in reached.onward.items():
        assert any(way.kind is Kind.UP for way in onward), state


def test_an_undated_stage_shows_as_a_state_in_which_nothing_runs() -> None:
    manager = PROCEDURE.stage("ladder", "managers")
    undated = with_stage(replace(manager, clock=replace(manager.clock, within=None)))
    reached = explore(synthetic(undated))
    assert any(not state.ended and not state.running for state in reached.onward)
    assert all(state.ended or state.running for state in explore(synthetic(PROCEDURE)).onward)


def test_a_post_that_an_agency_lacks_does_not_stop_anybody() -> None:
    without = frozenset({(CHALLENGER, "manager"), (CHALLENGER, "senior")})
    reached = explore(synthetic(PROCEDURE, without))
    assert not reached.refused
    assert set(reached.owners) == {state for state in reached.onward if not state.ended}


def test_a_state_is_what_a_standing_is_without_its_dates() -> None:
    told = at_stage("workers")
    state = state_of(PROCEDURE, told.standing)
    assert (state.route, state.stage, state.steps) == ("ladder", "workers", frozenset({"notice"}))
    assert state.running == {"stage", "cap whole"}
    told.silence()
    assert state_of(PROCEDURE, told.standing).stage == "managers"
