"""What is promised of every run: anything, by anybody, at any time, in every procedure there is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from commonground.core.acts import About, Ask, GoUp, PassTime, Raise
from commonground.core.decide import Accepted, decide
from commonground.core.standing import QUESTION, Phase, standing
from commonground.record.codec import decode, encode
from tests.properties import promises
from tests.properties.runs import HOSTILE, Move, Run, begin, everybody, played, runs, stage_refs
from tests.story import SYSTEM, Story

DISAGREEMENT = UUID(int=7)

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def through(examples: int) -> settings:
    return settings(unhurried, max_examples=examples)


def _keeps_the_promises(run: Run) -> None:
    told = begin(run)
    promises.is_owned_and_dated(told.setting, told.standing)
    for happened in played(told, run.moves):
        promises.hold(happened)


UP = Move(kind=0, who=0, wait=0, pick=(0, 0, 0))


# Found so, and kept: going up where no stage is above put off what the office had been asked.
@example(Run("eastmere", 0, 0, (), (0, 25, 0, 0), (UP, UP, UP, Move(kind=0, who=0, wait=4, pick=(0, 0, 0)))))
@given(runs())
@through(400)
def test_every_act_keeps_the_promises(run: Run) -> None:
    _keeps_the_promises(run)


@pytest.mark.long
@given(runs(longest=30))
@through(10_000)
def test_every_act_keeps_the_promises_ten_thousand_times(run: Run) -> None:
    _keeps_the_promises(run)


@given(runs(), st.integers(0, 100))
@through(150)
def test_acts_add_up_the_same_however_they_are_read(run: Run, cut: int) -> None:
    told = begin(run)
    for _ in played(told, run.moves):
        pass
    acts = told.acts
    read = [decode(encode(act, DISAGREEMENT, n), DISAGREEMENT, n) for n, act in enumerate(acts, start=1)]
    cut %= len(acts) + 1

    assert read == acts
    assert standing(acts) == told.standing
    assert standing(acts[cut:], standing(acts[:cut])) == told.standing
    assert standing(read) == told.standing


@given(runs(), st.integers(0, 100))
@through(150)
def test_nobody_is_barred_from_raising_or_going_up_in_any_state_on_the_way(run: Run, pick: int) -> None:
    told = begin(run)
    _nobody_is_barred(told, pick)
    for happened in played(told, run.moves):
        if isinstance(happened.answer, Accepted):
            _nobody_is_barred(told, pick)


def _nobody_is_barred(told: Story, pick: int) -> None:
    actors = everybody(told)
    refs = stage_refs(told.setting.procedure)
    by = actors[pick % len(actors)]
    asks: list[Ask] = [GoUp(), GoUp(urgent=True), GoUp(line=HOSTILE[pick % len(HOSTILE)])]
    asks += [GoUp(refs[(pick + more) % len(refs)], urgent=bool(more % 2)) for more in range(4)]
    asks.append(Raise(HOSTILE[pick % len(HOSTILE)], About.CHILD, (by.seat.agency,), start_at=refs[pick % len(refs)]))
    for ask in asks:
        answer = decide(told.setting, told.standing, told.command(ask, by))
        assert isinstance(answer, Accepted), f"{by} was barred from {ask}: {answer}"
        assert answer.standing.phase is Phase.OPEN
        promises.is_owned_and_dated(told.setting, answer.standing)


@given(runs())
@through(150)
def test_silence_alone_reaches_somebody_who_is_asked_and_goes_on_asking(run: Run) -> None:
    told = begin(run)
    for _ in played(told, run.moves):
        pass
    if told.standing.phase is not Phase.OPEN:
        return
    bound = 8 * sum(len(route.stages) for route in told.setting.procedure.routes) + 20
    asked: list[datetime] = []
    for _ in range(bound):
        waits = told.standing.waits
        assert waits is not None
        assert waits.due is not None
        assert waits.event is not None
        told.now = max(told.now, waits.due.at)
        told.does(PassTime(waits.event), by=SYSTEM)
        promises.is_owned_and_dated(told.setting, told.standing)
        if waits.event == QUESTION:
            assert told.standing.question is not None
            assert told.standing.question.office
            asked.append(told.standing.limits[QUESTION].at)
        if len(asked) == 4:
            break
    assert len(asked) == 4, "silence went on and nobody was asked"
    assert asked == sorted(set(asked)), "asked again, but not later"
