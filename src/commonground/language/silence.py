"""The longest silence: how long a disagreement can wait, from raising, when nobody ever answers.

Two figures for each route. *As a sum*, each unit by itself, because units never turn into one another: "1 working day,
then 2 working days". *As the worst real date*: the day on which raising it would lead to the longest wait, over every
day the calendar covers.

The path is the one that silence takes, upward from the route's first stage, until a question goes to a post or to the
office. What anybody does can only shorten it, and so can the child's date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from typing import Final, TypeVar

from commonground.core.procedure import (
    Cap,
    Key,
    Limit,
    Procedure,
    Route,
    StartEvent,
    Then,
    split_ref,
)
from commonground.core.time import (
    END_OF_WORKING_DAY,
    LONDON,
    Calendar,
    SameWorkingDay,
    Span,
    WorkingDays,
    WorkingWeeks,
    after_working_days,
    due,
    unit_of,
)

RAISED_AT: Final = (time(9), END_OF_WORKING_DAY)
"""The clock times in London tried on each day: early in a working day, and at the end of it."""

_NOT_DATED: Final = frozenset({StartEvent.DECISION, StartEvent.STEP, StartEvent.READ_BY_RESPONDING})
"""Starts that silence does not bring about."""

Moment = TypeVar("Moment", int, datetime)


@dataclass(frozen=True)
class Leg:
    """One stage of the silence: its own limit, and the shared limits beside it."""

    route: Key
    stage: Key
    limit: Limit
    caps: tuple[Cap, ...]


@dataclass(frozen=True)
class Worst:
    """The longest real wait, over every day tried."""

    raised_at: datetime
    until: datetime
    tried: int
    """How many moments were tried."""
    first_day: date
    last_day: date

    @property
    def days(self) -> int:
        """Calendar days from the day it was raised to the day the last time runs out."""
        return (self.until.astimezone(LONDON).date() - self.raised_at.astimezone(LONDON).date()).days


@dataclass(frozen=True)
class Silence:
    """How long a route can be silent, and what comes then. `spans` is None where a stage on the way has no time."""

    legs: tuple[Leg, ...]
    spans: tuple[str, ...] | None
    then: Key
    """The post that is asked; `office` at the top."""
    worst: Worst | None

    @property
    def as_sum(self) -> str:
        """The sum, one unit beside the other: "5 working days and 1 month"; "no limit" where the text gives none."""
        return " and ".join(self.spans) if self.spans else "no limit"


def longest_silence(procedure: Procedure, route: Route, calendar: Calendar | None = None) -> Silence:
    """This will follow a route in silence. Without a calendar the worst real date is left out."""
    legs = tuple(_legs(procedure, route))
    last = procedure.stage(legs[-1].route, legs[-1].stage)
    asked = last.clock.asks if last.clock.then is Then.ASK and last.clock.asks else "office"
    if any(_span(leg.limit) is None for leg in legs):
        return Silence(legs, None, asked, None)
    return Silence(legs, tuple(_sums(legs)), asked, _worst(legs, calendar) if calendar else None)


def _legs(procedure: Procedure, route: Route) -> Iterator[Leg]:
    """The stages that silence leads through, each once."""
    stage, seen = route.stages[0], set[tuple[Key, Key]]()
    while (route.key, stage.key) not in seen:
        seen.add((route.key, stage.key))
        yield Leg(route.key, stage.key, stage.clock, tuple(cap for cap in route.caps if stage.key in cap.stages))
        if stage.clock.then is not Then.UP or stage.next is None:
            return
        route_key, stage_key = split_ref(stage.next, route.key)
        route, stage = procedure.route(route_key), procedure.stage(route_key, stage_key)


def _span(limit: Limit) -> Span | None:
    return limit.within or limit.no_later_than


# --- as a sum --------------------------------------------------------------------------------------------------------


def _sums(legs: tuple[Leg, ...]) -> Iterator[str]:
    totals: dict[str, int] = {}
    shared: dict[Key, int] = {}
    for leg in legs:
        unit, n = _measured(leg.limit)
        for cap in leg.caps:
            cap_unit, most = _measured(cap.limit)
            if cap_unit == unit:
                n = min(n, max(most - shared.get(cap.key, 0), 0))
        for cap in leg.caps:
            shared[cap.key] = shared.get(cap.key, 0) + n
        totals[unit] = totals.get(unit, 0) + n
    for unit, n in totals.items():
        if unit == unit_of(SameWorkingDay()):
            yield f"the {unit}" if n == 1 else f"the {unit} {n} times"
        elif n:
            yield f"{n} {unit.removesuffix('s') if n == 1 else unit}"


def _measured(limit: Limit) -> tuple[str, int]:
    span = _span(limit)
    if span is None:
        return "", 0
    return unit_of(span), 1 if isinstance(span, SameWorkingDay) else span.n


# --- as the worst real date ------------------------------------------------------------------------------------------


def _worst(legs: tuple[Leg, ...], calendar: Calendar) -> Worst:
    days = _working_days_in_all(legs)
    if days is not None:
        return _worst_of_working_days(days, calendar)
    moments = [
        (at, _until(legs, at, partial(_after, calendar=calendar)))
        for on in _days(calendar)
        for at in _moments(on, RAISED_AT)
    ]
    return _longest(moments, calendar)


def _working_days_in_all(legs: tuple[Leg, ...]) -> int | None:
    """How many working days it takes where nothing but working days is counted, shared limits and all; else None.

    On the line of working days no day is closed, so the number is the same whenever it is raised.
    """
    limits = [limit for leg in legs for limit in (leg.limit, *(cap.limit for cap in leg.caps))]
    spans = [span for limit in limits for span in (limit.within, limit.no_later_than) if span is not None]
    if not all(isinstance(span, WorkingDays | WorkingWeeks) and span.n > 0 for span in spans):
        return None
    return _until(legs, 0, lambda span, start: start + _in_working_days(span))


def _in_working_days(span: Span) -> int:
    match span:
        case WorkingDays(n=n):
            return n
        case WorkingWeeks(n=n):
            return n * 5
        case _:
            raise ValueError(f"not counted in working days: {span}")


@cache
def _worst_of_working_days(n: int, calendar: Calendar) -> Worst:
    # Working days take as long from any moment of a working day up to its end, so the end stands for all of them.
    moments = [
        (at, after_working_days(at, n, calendar)) for on in _days(calendar) for at in _moments(on, RAISED_AT[1:])
    ]
    return _longest(moments, calendar)


def _longest(moments: list[tuple[datetime, datetime]], calendar: Calendar) -> Worst:
    covered = [(at, until) for at, until in moments if calendar.covers(until.astimezone(LONDON).date())] or moments
    raised_at, until = max(covered, key=lambda pair: (pair[1] - pair[0], pair[0]))
    return Worst(raised_at, until, len(moments), calendar.first_day, calendar.last_day)


def _days(calendar: Calendar) -> Iterator[date]:
    on = calendar.first_day
    while on <= calendar.last_day:
        yield on
        on += timedelta(days=1)


def _moments(on: date, clocks: tuple[time, ...]) -> Iterator[datetime]:
    for clock in clocks:
        yield datetime.combine(on, clock, LONDON).astimezone(UTC)


def _until(legs: tuple[Leg, ...], raised_at: Moment, after: Callable[[Span, Moment], Moment]) -> Moment:
    """When the silence that began with raising ends: at each stage the earliest of its own and the shared limits.

    `after` says when a span that started at a moment ends; moments are whatever it counts in.
    """
    at: Moment = raised_at
    due_at: dict[Key, Moment] = {}
    shared: dict[Key, Moment] = {}
    route = ""
    for leg in legs:
        if leg.route != route:
            route, due_at, shared = leg.route, {}, {}
        ends = _counted(leg.limit, raised_at, at, due_at, after)
        due_at[leg.stage] = ends
        before, shared = shared, {}
        for cap in leg.caps:
            if cap.key in before:
                shared[cap.key] = before[cap.key]
            elif _span(cap.limit) is not None:
                shared[cap.key] = _counted(cap.limit, raised_at, at, due_at, after)
        # A shared limit that ran out before took it up then, and has no more to say.
        until = [ends]
        for shared_end in shared.values():
            if shared_end > at:
                until.append(shared_end)
        at = min(until)
    return at


def _counted(
    limit: Limit,
    raised_at: Moment,
    entered_at: Moment,
    due_at: dict[Key, Moment],
    after: Callable[[Span, Moment], Moment],
) -> Moment:
    """When a limit ends; where it would be over before the stage begins, it counts from the beginning."""
    begins = min(_starts(limit, raised_at, entered_at, due_at), default=entered_at)
    ends = []
    for span in (limit.within, limit.no_later_than):
        if span is not None:
            end = after(span, begins)
            ends.append(end if end > entered_at else after(span, entered_at))
    return min(ends)


def _starts(limit: Limit, raised_at: Moment, entered_at: Moment, due_at: dict[Key, Moment]) -> Iterator[Moment]:
    for start in limit.starts:
        if start.event is StartEvent.ENTRY:
            yield entered_at
        elif start.event is StartEvent.DUE:
            if start.of in due_at:
                yield due_at[start.of]
        elif start.event not in _NOT_DATED:
            yield raised_at


def _after(span: Span, start: datetime, calendar: Calendar) -> datetime:
    match span:
        case WorkingDays(n=n) if n > 0:
            return after_working_days(start, n, calendar)
        case WorkingWeeks(n=n) if n > 0:
            return after_working_days(start, n * 5, calendar)
        case _:
            return due(span, start, calendar).at
