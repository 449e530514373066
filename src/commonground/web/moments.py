"""Days and moments as people read them, in the GOV.UK style: "3:42pm on Monday 20 April 2026".

Moments are stored in UTC and shown in Europe/London. Nothing here asks the clock: what depends on the present takes
`now`. A moment without a time zone is a mistake of ours, so it raises ValueError rather than being guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from commonground import wording

LONDON = ZoneInfo("Europe/London")

Tone = Literal["overdue", "soon", "later"]


@dataclass(frozen=True)
class DueLabel:
    """The words beside a date, and how pressing they are. Colour may follow the tone but never replaces the words."""

    text: str
    tone: Tone


def day(on: date) -> str:
    """Return a date, or the London date of a moment, as "20 April 2026"."""
    on = _london_date(on)
    return f"{on.day} {on:%B %Y}"


def weekday_and_day(on: date) -> str:
    """Return a date, or the London date of a moment, as "Monday 20 April 2026"."""
    return f"{_london_date(on):%A} {day(on)}"


def clock_time(at: datetime) -> str:
    """Return the London time of day as "3:42pm", "3pm", "midday" or "midnight"."""
    at = _in_london(at)
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def moment(at: datetime) -> str:
    """Return a moment as "3:42pm on Monday 20 April 2026", in the one wording that messages and acts have too."""
    return wording.moment(at)


def when(value: date) -> str:
    """Return a moment with its time, and a bare date without: no time is ever made up."""
    return moment(value) if isinstance(value, datetime) else weekday_and_day(value)


def due_label(due_at: datetime, now: datetime) -> DueLabel:
    """Return "Due in 3 hours", "Due tomorrow", "Overdue since 20 April 2026" and the like.

    Minutes and hours are rounded down, so nobody is told they have longer than they have. At the due moment itself it
    is "Due now": overdue starts after it.
    """
    left = due_at - now
    days = (_london_date(due_at) - _london_date(now)).days
    if left < timedelta():
        if days == 0:
            return DueLabel(f"Overdue since {clock_time(due_at)} today", "overdue")
        return DueLabel(f"Overdue since {'yesterday' if days == -1 else day(due_at)}", "overdue")
    if left < timedelta(minutes=1):
        return DueLabel("Due now", "soon")
    if left < timedelta(hours=1):
        return DueLabel(f"Due in {_count(left // timedelta(minutes=1), 'minute')}", "soon")
    if left < timedelta(days=1):
        return DueLabel(f"Due in {_count(left // timedelta(hours=1), 'hour')}", "soon")
    return DueLabel("Due tomorrow" if days == 1 else f"Due in {_count(days, 'day')}", "later")


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _in_london(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone, so nobody can say when it is")
    return at.astimezone(LONDON)


def _london_date(value: date) -> date:
    return _in_london(value).date() if isinstance(value, datetime) else value
