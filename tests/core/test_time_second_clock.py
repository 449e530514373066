"""Two ways of working out a date, that share nothing, agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random

import pytest

from commonground.core.time import SAME_WORKING_DAY, UNITS, Calendar, ServiceTimes, due, span_of
from commonground.language.calendars import load_calendar, nations
from tests.second_clock import last_sunday, second_due

FIRST, LAST = date(2013, 1, 1), date(2040, 12, 31)
MOST = {"working days": 45, "working weeks": 9, "calendar days": 60, "months": 14, "hours": 500, "service hours": 7}
Case = tuple[str, int, datetime, int, ServiceTimes]


def calendars(random: Random) -> list[Calendar]:
    """The published ones, and others with bank holidays thrown at them."""
    thrown = []
    for number in range(12):
        days = sorted({FIRST + timedelta(days=random.randrange(10_000)) for _ in range(random.choice((0, 300, 3_000)))})
        thrown.append(Calendar("nowhere", str(number), tuple((on, "thrown") for on in days), FIRST, LAST))
    return [load_calendar(nation) for nation in nations()] + thrown


def a_start(random: Random) -> datetime:
    if random.random() < 0.3:  # around a clock change, where mistakes live
        change = last_sunday(random.randrange(2013, 2028), random.choice((3, 10))).replace(tzinfo=UTC)
        return change + timedelta(minutes=random.randrange(-3 * 24 * 60, 3 * 24 * 60))
    return datetime(2013, 1, 1, tzinfo=UTC) + timedelta(microseconds=random.randrange(14 * 365 * 24 * 3_600_000_000))


def a_service(random: Random) -> ServiceTimes:
    # Not between 01:00 and 02:00: what an opening time means in the hour that happens twice is the first clock's own.
    hours = [hour for hour in range(24) if hour != 1]
    return ServiceTimes(
        opens=time(random.choice(hours), random.choice((0, 5, 30))),
        closes=time(random.choice(hours), random.choice((0, 25, 55))),
        weekdays=frozenset(random.sample(range(7), random.randrange(1, 8))),
        open_on_holidays=random.random() < 0.3,
    )


def cases(random: Random, number: int, among: int) -> Iterator[Case]:
    units = [*(unit for unit in UNITS if unit != "service hours"), SAME_WORKING_DAY]
    for _ in range(number):
        unit = "service hours" if random.random() < 0.02 else random.choice(units)
        start = a_start(random)
        if unit == "service hours":
            start = start.replace(minute=start.minute // 5 * 5, second=0, microsecond=0)
        yield unit, random.randrange(MOST.get(unit, 1) + 1), start, random.randrange(among), a_service(random)


def disagreements(seed: int, number: int) -> list[Case]:
    random = Random(seed)
    every = calendars(random)
    holidays = [frozenset(on for on, _ in calendar.holidays) for calendar in every]
    found = []
    for case in cases(random, number, len(every)):
        unit, n, start, which, service = case
        times = (service.opens, service.closes, service.weekdays, service.open_on_holidays)
        first = due(span_of(unit, n), start, every[which], service).at
        if first != second_due(unit, n, start, holidays[which], times):
            found.append(case)
    return found


def test_a_hundred_thousand_random_cases_agree() -> None:
    assert disagreements(seed=20261121, number=100_000) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100))
def test_ten_million_random_cases_agree(seed: int) -> None:
    assert disagreements(seed=seed, number=100_000) == []


ON_CHANGE_NIGHTS = [
    ("working days", (1, 2)),
    ("working weeks", (1,)),
    ("calendar days", (1, 2)),
    ("months", (1, 12)),
    ("hours", (1, 24, 48)),
    (SAME_WORKING_DAY, (0,)),
]


def nights(years: range) -> Iterator[tuple[datetime, int]]:
    """When each change night's 00:00 is (UTC), and how many minutes there are from it to 04:00 on the wall."""
    for year in years:
        yield last_sunday(year, 3).replace(tzinfo=UTC) - timedelta(hours=1), 180
        yield last_sunday(year, 10).replace(tzinfo=UTC) - timedelta(hours=2), 300


def walk_the_change_nights(years: range) -> int:
    """Every minute from 00:00 to 04:00 of both nights, as a start and as what a limit runs into, in all units."""
    calendar = load_calendar("england-and-wales")
    holidays = frozenset(on for on, _ in calendar.holidays)
    round_the_clock = ServiceTimes(opens=time(0), closes=time(0), weekdays=frozenset(range(7)), open_on_holidays=True)
    checked = 0
    for midnight, minutes in nights(years):
        for unit, numbers in ON_CHANGE_NIGHTS:
            for n in numbers:
                # The day before too: then the limit ends in the night. An hour more, for the wall that jumps over one.
                for start, length in ((midnight, minutes), (midnight - timedelta(days=1), minutes + 60)):
                    found = [
                        due(span_of(unit, n), start + timedelta(minutes=minute), calendar).at
                        for minute in range(length)
                    ]
                    expected = [
                        second_due(unit, n, start + timedelta(minutes=minute), holidays) for minute in range(length)
                    ]
                    assert found == expected
                    assert all(a <= b for a, b in pairwise(found)), "a later start is never due sooner"
                    if unit == "hours":
                        assert len(set(found)) == length, "no minute doubled, none skipped"
                    checked += length
        # A service that never closes passes every real minute, each once, whatever the wall shows.
        for minute in range(minutes):
            start = midnight + timedelta(minutes=minute)
            assert due(span_of("service hours", 5), start, calendar, round_the_clock).at == start + timedelta(hours=5)
            checked += 1
    return checked


def test_every_minute_of_some_change_nights() -> None:
    # A year has 480 minutes in its two nights; eleven limits each start there, and a day before with an hour more.
    assert walk_the_change_nights(range(2026, 2028)) == 2 * (11 * (480 + 480 + 120) + 480)


@pytest.mark.long
def test_every_minute_of_the_change_nights_from_2015_to_2040() -> None:
    assert walk_the_change_nights(range(2015, 2041)) == 26 * (11 * (480 + 480 + 120) + 480)
