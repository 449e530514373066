"""By when: which limits run in a stage, from which start, and whichever is earliest.

Rules, in plain English:

1. A limit counts from the earliest of the starts its text names that has happened; with none named, from the stage's
   beginning.
2. Where that would already be over when the stage begins, it counts from the stage's beginning instead, and the act is
   marked: nobody is silent before they could speak.
3. Where people set the time, the earlier of their times rules; until they do, what the reading says. The side that was
   asked can't give itself longer than that: it takes a time from the challenging side.
4. The child's date shortens every limit, and never lengthens one. Once it has passed it is shown as passed, and the
   limits of later stages run as written.
5. A longer time holds only where the text allows one, when both sides have set it, and no further than its ceiling.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from commonground.core.acts import SetDate, Side
from commonground.core.moves import is_done
from commonground.core.procedure import Cap, Clock, Key, Limit, Route, Stage, Start, StartEvent, Who
from commonground.core.setting import Setting
from commonground.core.standing import STAGE, Standing, cap_limit, step_limit
from commonground.core.time import END_OF_DAY, LONDON, Due, Span, WorkingDays, by_childs_date, due, earliest

LOOK_AGAIN: Span = WorkingDays(1)
"""How soon we ask again where a procedure does not say. Ours, and always shown as ours."""


def due_of(setting: Setting, standing: Standing, limit: Limit) -> Due | None:
    """Work out when a limit ends in the stage now open.

    Returns None where the limit has no time at all: no span, nobody has set one, and the child has no date.
    """
    entered_at = _entered_at(standing)
    dues = list(_written(setting, standing, limit, entered_at))
    if not dues and standing.childs_date is None:
        return None
    longer = _longer(setting, standing, limit, entered_at)
    if dues and longer is not None:
        dues = [longer]
    if standing.childs_date is not None and standing.childs_date > entered_at:
        dues.append(by_set_date(standing.childs_date, setting))
    return earliest(*dues) if dues else None


def _written(setting: Setting, standing: Standing, limit: Limit, entered_at: datetime) -> Iterator[Due]:
    stated = stated_time(standing, limit, entered_at)
    within = _rated(standing, limit)
    if stated is not None:
        yield by_set_date(stated, setting)
    asked_alone = limit.set_by in (Who.EITHER, Who.EACH) and Side.CHALLENGING not in standing.stated
    if within is not None and (stated is None or asked_alone):
        yield _counted(setting, standing, within, limit.starts, entered_at)
    if limit.no_later_than is not None:
        yield _counted(setting, standing, limit.no_later_than, limit.starts, entered_at)


def stated_time(standing: Standing, limit: Limit, entered_at: datetime) -> datetime | None:
    """The earliest time that those entitled to set one have set for this stage; None until somebody has."""
    match limit.set_by:
        case None:
            return None
        case Who.CHALLENGING:
            times = [standing.stated.get(Side.CHALLENGING)]
        case Who.RESPONDING:
            times = [standing.stated.get(Side.RESPONDING)]
        case Who.EITHER | Who.EACH | Who.BODY | Who.OFFICE:
            times = list(standing.stated.values())
        case _:
            assert_never(limit.set_by)
    return min((time for time in times if time is not None and time > entered_at), default=None)


def _rated(standing: Standing, limit: Limit) -> Span | None:
    for rated in limit.by_rating:
        if rated.rating == standing.rating:
            return rated.within
    return limit.within


def _counted(
    setting: Setting, standing: Standing, within: Span, starts: tuple[Start, ...], entered_at: datetime
) -> Due:
    start = start_of(standing, starts)
    counted = due(within, start, setting.calendar, setting.service)
    if counted.at <= entered_at and start < entered_at:
        return due(within, entered_at, setting.calendar, setting.service)
    return counted


def start_of(standing: Standing, starts: tuple[Start, ...]) -> datetime:
    """The earliest named start that has happened; the stage's beginning where none has, or none is named."""
    happened = [at for start in starts if (at := _happened(standing, start)) is not None]
    return min(happened, default=_entered_at(standing))


def _happened(standing: Standing, start: Start) -> datetime | None:
    opened = standing.opened
    if opened is None:
        return None
    match start.event:
        case StartEvent.CONCERN | StartEvent.AWARE:
            return opened.concern_at
        case StartEvent.RAISED | StartEvent.RECEIPT:
            # Receipt is being visible to the opposite number's post, and raising makes it visible at once.
            return opened.raised_at
        case StartEvent.DECISION:
            return opened.decision_at
        case StartEvent.ENTRY:
            return _entered_at(standing)
        case StartEvent.STEP:
            done = standing.steps.get(start.of or "")
            return done.at if done else None
        case StartEvent.DUE:
            return standing.dues.get(f"{standing.route}/{start.of}")
        case StartEvent.READ_BY_RESPONDING:
            return None
        case _:
            assert_never(start.event)


def _longer(setting: Setting, standing: Standing, limit: Limit, entered_at: datetime) -> Due | None:
    if limit.extension is None or len(standing.longer) < len(Side):
        return None
    agreed = min(standing.longer.values())
    if limit.extension.at_most is not None:
        agreed = min(agreed, _counted(setting, standing, limit.extension.at_most, limit.starts, entered_at).at)
    return by_set_date(agreed, setting)


def _entered_at(standing: Standing) -> datetime:
    if standing.entered is None:
        raise LookupError("no stage was entered")
    return standing.entered.at


def running(setting: Setting, standing: Standing, stage: Stage, route: Route) -> Iterator[tuple[Key, Due]]:
    """Yield every limit that ought to run in the stage now open, with its due time: the clock, caps, steps."""
    clock = due_of(setting, standing, stage.clock)
    if clock is not None:
        yield STAGE, clock
    for cap in caps_at(route, stage):
        key = cap_limit(cap.key)
        # A shared limit that already runs keeps its time, unless the child's date has shortened it.
        capped = standing.limits.get(key) or due_of(setting, standing, cap.limit)
        if capped is not None and key not in standing.missed:
            if standing.childs_date is not None and standing.childs_date > _entered_at(standing):
                capped = earliest(capped, by_set_date(standing.childs_date, setting))
            yield key, capped
    for step in stage.steps:
        if step.limit is None or is_done(standing, step) or step_limit(step.key) in standing.missed:
            continue
        if _waits_for_a_step(standing, step.limit):
            continue
        step_due = due_of(setting, standing, step.limit)
        if step_due is not None:
            yield step_limit(step.key), step_due


def caps_at(route: Route, stage: Stage) -> tuple[Cap, ...]:
    """The shared limits that a stage falls under."""
    return tuple(cap for cap in route.caps if stage.key in cap.stages)


def look_again(clock: Clock) -> Span:
    """How soon a question, or the office, is asked again."""
    return clock.look_again or LOOK_AGAIN


def _waits_for_a_step(standing: Standing, limit: Limit) -> bool:
    """Whether a limit counts only from steps none of which has been done."""
    only_steps = bool(limit.starts) and all(start.event is StartEvent.STEP for start in limit.starts)
    return only_steps and not any(_happened(standing, start) for start in limit.starts)


def shortened(setting: Setting, standing: Standing, limit: Due, at: datetime) -> Due:
    """A limit counted at `at`, or the child's date where that is still to come and sooner."""
    if standing.childs_date is None or standing.childs_date <= at:
        return limit
    return earliest(limit, by_set_date(standing.childs_date, setting))


def redated(setting: Setting, standing: Standing) -> Iterator[tuple[Key, Due]]:
    """Yield every running limit that the setting's calendar dates otherwise, with its new date."""
    for key, old in standing.limits.items():
        if old.working.span is None:
            continue
        new = due(old.working.span, old.working.start, setting.calendar, setting.service)
        if old.working.start < (standing.childs_date or old.working.start):
            new = shortened(setting, standing, new, old.working.start)
        if new != old:
            yield key, new


def moment_of(ask: SetDate, setting: Setting) -> datetime:
    """The moment that a date or time set by somebody means: the end of a day, or the moment itself."""
    if ask.by is not None:
        return ask.by
    if ask.on is None:
        raise ValueError("neither a date nor a time was given")
    return by_childs_date(ask.on, setting.calendar).at


def by_set_date(at: datetime, setting: Setting) -> Due:
    """A limit that somebody set: to the end of a day where that is what was said, else to the moment itself."""
    local = at.astimezone(LONDON)
    return by_childs_date(local.date() if local.time() == END_OF_DAY else at, setting.calendar)
