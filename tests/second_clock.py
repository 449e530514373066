"""A second way to work out when a limit ends: slow, by walking, and with nothing of `core/time.py` in it.

Days are walked one at a time, service hours five minutes at a time, and the clock changes come from the rule itself
(the last Sundays of March and October, at 01:00 UTC; so since 1996) instead of a time zone library. Two ways that share
no line and agree on a hundred thousand random cases are unlikely to share a mistake.

It takes units as words, so that it needs no types of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time, timedelta

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
STEP = timedelta(minutes=5)
FIVE = time(17)
NO_ZONE = None


def second_due(
    unit: str,
    n: int,
    start: datetime,
    holidays: Collection[date],
    service: tuple[time, time, Collection[int], bool] | None = None,
) -> datetime:
    """This will give the moment (UTC) a limit ends. `service` is opening, closing, weekdays, open on holidays; its
    times and a start of service hours lie on whole five minutes."""
    utc = start.astimezone(UTC).replace(tzinfo=NO_ZONE)
    if unit != "same working day" and n == 0:
        return utc.replace(tzinfo=UTC)

    def is_open(on: date) -> bool:
        return on.isoweekday() <= 5 and on not in holidays

    walk: dict[str, Callable[[], datetime]] = {
        "working days": lambda: _walk_working_days(utc, n, is_open),
        "working weeks": lambda: _walk_working_days(utc, n * 5, is_open),
        "same working day": lambda: _end_of_working_day(utc, is_open),
        "calendar days": lambda: _walk_days(utc, n),
        "months": lambda: _walk_months(utc, n),
        "hours": lambda: utc + sum((HOUR for _ in range(n)), timedelta()),
        "service hours": lambda: _walk_service(utc, n, service, holidays) if service else utc + n * HOUR,
    }
    return walk[unit]().replace(tzinfo=UTC)


def _walk_working_days(utc: datetime, n: int, is_open: Callable[[date], bool]) -> datetime:
    wall = _wall(utc)
    in_time = is_open(wall.date()) and wall.time() < FIVE
    on = wall.date()
    for _ in range(n):
        on += DAY
        while not is_open(on):
            on += DAY
    return _utc(datetime.combine(on, wall.time() if in_time else FIVE))


def _end_of_working_day(utc: datetime, is_open: Callable[[date], bool]) -> datetime:
    wall = _wall(utc)
    on = wall.date()
    if is_open(on) and wall.time() >= FIVE:
        return _utc(datetime.combine(on + DAY, time())) - timedelta(microseconds=1)
    while not is_open(on):
        on += DAY
    return _utc(datetime.combine(on, FIVE))


def _walk_days(utc: datetime, n: int) -> datetime:
    wall = _wall_that_never_turns_back(utc)
    for _ in range(n):
        wall += DAY
    return _utc(wall)


def _walk_months(utc: datetime, n: int) -> datetime:
    wall = _wall_that_never_turns_back(utc)
    on, months = wall.date(), 0
    while True:
        following = on + DAY
        if months == n and on.day == wall.day:
            return _utc(datetime.combine(on, wall.time()))
        if following.month != on.month:
            if months == n:  # the month is over and the day did not come
                return _utc(datetime.combine(following, time())) - timedelta(microseconds=1)
            months += 1
        on = following


def _walk_service(
    utc: datetime, n: int, service: tuple[time, time, Collection[int], bool], holidays: Collection[date]
) -> datetime:
    opens, closes, weekdays, on_holidays = service

    def opens_on(on: date) -> bool:
        return on.isoweekday() - 1 in weekdays and (on_holidays or on not in holidays)

    def is_open(wall: datetime) -> bool:
        if opens < closes:
            return opens <= wall.time() < closes and opens_on(wall.date())
        evening = wall.time() >= opens and opens_on(wall.date())
        return evening or (wall.time() < closes and opens_on(wall.date() - DAY))

    left = n * 12
    while left:
        left -= is_open(_wall(utc))
        utc += STEP
    return utc


# --- London's clocks, by their rule -----------------------------------------------------------------------------------


def last_sunday(year: int, month: int) -> datetime:
    """The moment (UTC, naive) of the clock change on the last Sunday of a month with 31 days."""
    on = date(year, month, 31)
    while on.isoweekday() != 7:
        on -= DAY
    return datetime.combine(on, time(1))


def _summer(utc: datetime) -> bool:
    return 3 <= utc.month <= 10 and last_sunday(utc.year, 3) <= utc < last_sunday(utc.year, 10)


def _wall(utc: datetime) -> datetime:
    return utc + HOUR if _summer(utc) else utc


def _wall_that_never_turns_back(utc: datetime) -> datetime:
    """The wall clock, but for the hour before it turns back, in which this one stands still on the hour."""
    back = last_sunday(utc.year, 10)
    return back if back - HOUR <= utc < back else _wall(utc)


def _utc(wall: datetime) -> datetime:
    """The first moment at which the wall clock shows this or, where it jumps, more than this."""
    for utc in (wall - HOUR, wall):
        if _wall(utc) == wall:
            return utc
    return last_sunday(wall.year, 3)
