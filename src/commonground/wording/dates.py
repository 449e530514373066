"""Days, moments and lengths of time as people read them, in London time."""

from __future__ import annotations

from datetime import date, datetime, time

from commonground.core.time import END_OF_DAY, LONDON, SameWorkingDay, Span, unit_of


def day(on: date) -> str:
    """This will give a date, or a moment's date in London, as "Monday 20 April 2026"."""
    on = _london(on).date() if isinstance(on, datetime) else on
    return f"{on:%A} {on.day} {on:%B} {on.year}"


def moment(at: datetime) -> str:
    """This will give a moment in London time, to stand after "by", "until" or "at".

    "3:42pm on Monday 20 April 2026", "midday on ...", and for the last moment of a day "the end of Friday 5 June 2026".
    A time that comes twice when the clocks go back says which one it is. ValueError for a moment without a time zone.
    """
    local = _london(at)
    if local.time() == END_OF_DAY:
        return f"the end of {day(at)}"
    if local.time().replace(second=0, microsecond=0) == time(0):
        return f"midnight at the start of {day(at)}"
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{clock_time(local.time())}{f' ({local:%Z})' if twice else ''} on {day(at)}"


def bare(at: datetime) -> bool:
    """This will say whether a moment stands for its day alone: the beginning of a day in London."""
    return _london(at).time() == time.min


def day_or_moment(at: datetime) -> str:
    """This will give a moment, or its bare day where nobody gave a time: no time is made up."""
    return day(at) if bare(at) else moment(at)


def on_or_at(at: datetime) -> str:
    """This will give the same to stand after "it is": "at 3pm on Monday ...", "on Monday ..."."""
    return f"on {day(at)}" if bare(at) else f"at {moment(at)}"


def clock_time(clock: time) -> str:
    """This will give a time of day as "3:42pm", "3pm", "midday" or "midnight". Seconds are left out."""
    if clock.minute == 0 and clock.hour in (0, 12):
        return "midday" if clock.hour else "midnight"
    minutes = f":{clock.minute:02}" if clock.minute else ""
    return f"{clock.hour % 12 or 12}{minutes}{'am' if clock.hour < 12 else 'pm'}"


def span_in_words(span: Span) -> str:
    """This will give the length of a limit: "2 working days", "1 working day", "the same working day"."""
    if isinstance(span, SameWorkingDay):
        return "the same working day"
    unit = unit_of(span)
    return f"{span.n} {unit.removesuffix('s') if span.n == 1 else unit}"


def _london(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("a moment needs a time zone; this one has none")
    return at.astimezone(LONDON)
