"""By when, whose date that is, and how it was worked out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import assert_never

from commonground.core.procedure import ITSELF, Key, Limit, Procedure, Reading
from commonground.core.standing import CONFIRM, QUESTION, STAGE, Standing
from commonground.core.time import END_OF_WORKING_DAY, LONDON, WEEKEND, Due, Rule, Span
from commonground.wording.dates import clock_time, day, moment, span_in_words
from commonground.wording.labels import words_of_side, words_of_start
from commonground.wording.names import Names, capital, listed, stage_at, step_name


def limit_at(procedure: Procedure, route: Key, stage: Key, key: Key) -> Limit | None:
    """This will give the limit that a key stands for in a stage (`stage`, `step NAME`, `cap NAME`, `confirm`).

    None for a question and an action, whose times no procedure gives, and for what the procedure does not have.
    """
    found = next((known for known in procedure.routes if known.key == route), None)
    here = stage_at(procedure, route, stage)
    if found is None or here is None:
        return None
    if key == STAGE:
        return here.clock
    if key == CONFIRM:
        return found.confirm
    kind, _, name = key.partition(" ")
    if kind == "step":
        return next((step.limit for step in here.steps if step.key == name), None)
    if kind == "cap":
        return next((cap.limit for cap in found.caps if cap.key == name), None)
    return None


def is_ours(procedure: Procedure, route: Key, stage: Key, key: Key, due: Due | None = None) -> bool:
    """This will say whether a limit is there only by our reading, so that it must not be shown as the text's.

    With `due`, whether that very date is ours: a date that somebody set is theirs, a date to look again is ours.
    """
    if due is not None and due.working.by_childs_date:
        return False
    if key == QUESTION:
        return True
    if key.startswith("action "):
        return due is not None
    limit = limit_at(procedure, route, stage, key)
    if limit is None:
        return True
    kind, _, name = key.partition(" ")
    here = stage_at(procedure, route, stage)
    steps = here.steps if here and kind == "step" else ()
    if any(step.key == name and _reading(step.readings, ITSELF) for step in steps):
        return True
    span = limit.within if due is None else due.working.span
    if span == limit.within:
        return span is None or _silent(limit.readings, "within")
    if span == limit.no_later_than:
        return _silent(limit.readings, "no_later_than")
    if any(rated.within == span for rated in limit.by_rating):
        return _silent(limit.readings, "by_rating")
    return True


def _reading(readings: tuple[Reading, ...], of: Key) -> Reading | None:
    return next((reading for reading in readings if reading.of == of), None)


def _silent(readings: tuple[Reading, ...], of: Key) -> bool:
    """Whether the words alone say nothing for a field that a reading fills."""
    reading = _reading(readings, of)
    return reading is not None and reading.words is None


def limit_name(key: Key, names: Names, here: Standing) -> str:
    """This will say what a limit is a time for."""
    kind, _, name = key.partition(" ")
    if key == STAGE:
        return "the time for this stage"
    if key == CONFIRM:
        return "the time to confirm the outcome"
    if key == QUESTION:
        return "the time to answer the question"
    if kind == "step":
        return f"the time for {step_name(names, here, name)}"
    if kind == "cap":
        return "the time that several stages share"
    return "the time for an action"


def by_when(key: Key | None, due: Due | None, names: Names, here: Standing) -> str:
    """This will say by when, in whole sentences: the procedure's time, somebody's own date, or our date as ours."""
    if key is None or due is None:
        return "No date is set."
    said = f"By {moment(due.at)}."
    if due.working.by_childs_date:
        said = f"{said} {_whose_date(key, due, here)}"
    elif is_ours(names.procedure, here.route, here.stage, key, due):
        said = f"{_no_limit(key, due, names, here)} We look again at {moment(due.at)}."
    return f"{said} This date is provisional." if due.provisional else said


def _whose_date(key: Key, due: Due, here: Standing) -> str:
    if key.startswith("action "):
        return "That is the date set for the action."
    if due.at == here.childs_date:
        return "That is the child's date."
    for side, at in here.stated.items():
        if at == due.at:
            return f"That is the time set by {words_of_side(side)}."
    if due.at in here.longer.values():
        return "That is the longer time that both sides agreed."
    return "That is a date that was set for the child."


def _no_limit(key: Key, due: Due, names: Names, here: Standing) -> str:
    if key.startswith("action "):
        return "The date for the action has passed."
    limit = limit_at(names.procedure, here.route, here.stage, key)
    if limit is not None and limit.within is not None and due.working.span != limit.within:
        return "The time for this has passed once."
    if limit is not None and limit.says:
        return f"The procedure says “{limit.says}” and gives no number."
    return "No limit given."


def working_in_words(key: Key, due: Due, names: Names, here: Standing) -> tuple[str, ...]:
    """This will show how a date was worked out, a line for each thing it rests on.

    In order: what the procedure gives and where; from when it counts; the rule; the days left out; the calendar; the
    child's date where it decides or comes later; whether the date is provisional.
    """
    return tuple(_working(key, due, names, here))


def _working(key: Key, due: Due, names: Names, here: Standing) -> Iterator[str]:
    working = due.working
    limit = limit_at(names.procedure, here.route, here.stage, key)
    yield from _given(key, due, limit, names, here)
    if working.by_childs_date:
        yield (
            f"{_whose_date(key, due, here)} The earliest of all dates counts." if limit else _whose_date(key, due, here)
        )
    else:
        if limit is not None and limit.starts:
            starts = listed((words_of_start(s, names, here.route, here.stage) for s in limit.starts), "or")
            ours = _silent(limit.readings, "starts") or is_ours(names.procedure, here.route, here.stage, key, due)
            who = "We count" if ours else "The procedure counts"
            first = " The first of these counts." if len(limit.starts) > 1 else ""
            yield f"{who} from {starts}.{first}"
        yield f"It started at {moment(working.start)}."
        if working.counted_from != working.start:
            yield _counting_began(working.counted_from)
    yield words_of_rule(working.rule)
    if working.skipped:
        yield f"Days that do not count: {_skipped(working.skipped)}."
    if working.nation and not working.by_childs_date:
        yield f"Bank holidays are those of {_nation(working.nation)}, calendar version {working.version}."
    if here.childs_date is not None and due.at < here.childs_date and not key.startswith("action "):
        yield f"The child's date is later, {moment(here.childs_date)}, so it changes nothing here."
    if due.provisional:
        yield "This date is provisional. The true date may be later, never sooner. It will be worked out again."


def _given(key: Key, due: Due, limit: Limit | None, names: Names, here: Standing) -> Iterator[str]:
    """What the procedure gives, and where it says so; or that it gives nothing, and what we take instead."""
    theirs = due.working.by_childs_date
    if limit is None:
        if due.working.span is not None:
            yield f"{_no_limit(key, due, names, here)} We look again after {span_in_words(due.working.span)}."
        return
    cited = f" ({names.clauses(limit.clauses)})" if limit.clauses else ""
    span = limit.within if theirs else due.working.span
    reading = _reading(limit.readings, "within") if span == limit.within else None
    words: object = reading.words if reading else None
    if span is None:
        yield f"The procedure lets people set the time{cited}."
    elif is_ours(names.procedure, here.route, here.stage, key, None if theirs else due):
        no_limit = "No limit given." if theirs else _no_limit(key, due, names, here)
        yield f"{no_limit} We take {span_in_words(span)}{cited}."
    elif isinstance(words, Span) and words != span:
        yield f"The procedure says {span_in_words(words)}{cited}. We read it as {span_in_words(span)}."
    else:
        yield f"The procedure gives {span_in_words(span)}{cited}."
    if reading is not None:
        yield f"Why we read it so: {reading.because}."


def _counting_began(at: datetime) -> str:
    """The day alone where counting began as the day did: nobody starts work at midnight."""
    local = at.astimezone(LONDON)
    return f"Counting began {f'on {day(at)}' if local.time() == time.min else f'at {moment(at)}'}."


def words_of_rule(rule: Rule) -> str:
    """This will say, in whole sentences, by which rule of docs/time.md a date was worked out."""
    ends = clock_time(END_OF_WORKING_DAY)
    match rule:
        case Rule.SAME_CLOCK_TIME:
            return "It ends at the same time of day as it started."
        case Rule.FROM_EVENING:
            return f"The working day had ended, at {ends}. The next working day is the first day. It ends at {ends}."
        case Rule.FROM_CLOSED_DAY:
            return (
                f"It started on a day that is not a working day. The next working day is the first. It ends at {ends}."
            )
        case Rule.SAME_DAY:
            return f"It ends when the working day ends, at {ends}."
        case Rule.SAME_DAY_EVENING:
            return f"The working day had ended, at {ends}, so it ends with that day."
        case Rule.SAME_DAY_CLOSED:
            return f"It started on a day that is not a working day. It ends at {ends} on the next one."
        case Rule.LAST_DAY_OF_MONTH:
            return "The month has no such day, so it ends with the last day of the month."
        case Rule.CLOCKS_GO_FORWARD:
            return "The clocks go forward and skip this time. It ends the moment they do."
        case Rule.CLOCKS_GO_BACK:
            return "The clocks go back and this time comes twice. The first one counts."
        case Rule.REAL_HOURS:
            return "Every hour counts, day and night."
        case Rule.SERVICE_HOURS:
            return "Only the hours when the service is open count."
        case Rule.SERVICE_HOURS_UNKNOWN:
            return "We do not know when the service is open, so every hour counts."
        case Rule.AT_ONCE:
            return "No time is allowed, so it is due as soon as it starts."
        case Rule.CHILDS_DATE:
            return "It runs to the end of that day. Weekends and bank holidays count too."
        case Rule.CHILDS_MOMENT:
            return "It ends at the time that was set. Weekends and bank holidays count too."
        case Rule.NOT_A_DATE:
            return "The start is outside every calendar, so it is due at once. Please check the year."
        case _:
            assert_never(rule)


def _skipped(skipped: tuple[tuple[date, str], ...]) -> str:
    """Bank holidays by name; the others by date while they are few, else by number."""
    plain = [on for on, why in skipped if why == WEEKEND]
    holidays = [f"{day(on)} ({why})" for on, why in skipped if why != WEEKEND]
    few = [f"{day(on)} (weekend)" for on in plain]
    if len(skipped) > 6:
        few = [f"{len(plain)} days at weekends"] if plain else []
        if len(holidays) > 6:
            holidays = [f"{len(holidays)} days that are bank holidays or when the service is closed"]
    return listed((*few, *holidays))


def _nation(nation: Key) -> str:
    return " ".join(word if word == "and" else capital(word) for word in nation.split("-"))
