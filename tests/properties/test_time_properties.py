"""What is promised about every date, whatever the limit, the start and the calendar."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from commonground.core.time import (
    END_OF_WORKING_DAY,
    LONDON,
    SAME_WORKING_DAY,
    SEND_TIMES,
    UNITS,
    Calendar,
    CalendarDays,
    ElapsedHours,
    Months,
    SameWorkingDay,
    ServiceHours,
    ServiceTimes,
    Span,
    WorkingDays,
    WorkingWeeks,
    after_working_days,
    announce_at,
    by_childs_date,
    due,
    earliest,
    from_plain,
    span_of,
    to_plain,
)
from tests.second_clock import last_sunday

FIRST, LAST = date(2020, 1, 1), date(2023, 12, 31)
HOUR = timedelta(hours=1)

edges = st.sampled_from([edge + timedelta(days=day) for edge in (FIRST, LAST) for day in range(-3, 4)])
dates = st.dates(date(2019, 6, 1), date(2024, 6, 30)) | edges  # past both edges of the calendar
holidays = st.sets(st.dates(FIRST, LAST) | edges.filter(lambda on: FIRST <= on <= LAST), max_size=60)
far = st.datetimes(datetime(2019, 6, 1), datetime(2024, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001 - naive bounds
near_changes = st.builds(
    lambda year, month, minutes: last_sunday(year, month).replace(tzinfo=UTC) + timedelta(minutes=minutes),
    st.integers(2020, 2023),
    st.sampled_from((3, 10)),
    st.integers(-1500, 1500),
)
starts = far | near_changes
spans: st.SearchStrategy[Span] = st.one_of(
    st.just(SameWorkingDay()),
    *(st.builds(span_of, st.just(unit), st.integers(0, 40)) for unit in UNITS),
)
clocks = st.times()


def long_enough(opens: time, closes: time) -> bool:
    minutes = (closes.hour - opens.hour) * 60 + closes.minute - opens.minute
    return minutes > 15 or closes <= opens


services = st.builds(
    lambda pair, weekdays, on_holidays: ServiceTimes(pair[0], pair[1], weekdays, on_holidays),
    st.tuples(clocks, clocks).filter(lambda pair: long_enough(*pair)),
    st.frozensets(st.integers(0, 6), min_size=1, max_size=7),
    st.booleans(),
)


def calendar_with(on: set[date]) -> Calendar:
    return Calendar("nowhere", "1", tuple((day, "a holiday") for day in sorted(on)), FIRST, LAST)


calendars = holidays.map(calendar_with)


@settings(max_examples=500, deadline=None)
@given(spans, starts, calendars, st.dates(FIRST, LAST), services)
def test_a_new_holiday_never_brings_a_date_nearer(
    span: Span, start: datetime, calendar: Calendar, on: date, service: ServiceTimes
) -> None:
    assume(on not in dict(calendar.holidays))
    more = calendar.with_holiday(on, "one more", "2")
    assert due(span, start, more, service).at >= due(span, start, calendar, service).at
    assert announce_at(start, more) >= announce_at(start, calendar)


@settings(max_examples=500, deadline=None)
@given(spans, starts, st.integers(1, 5_000_000_000) | st.integers(1, 90_000_000_000), calendars, services)
def test_a_later_start_is_never_due_sooner(
    span: Span, start: datetime, microseconds: int, calendar: Calendar, service: ServiceTimes
) -> None:
    later = start + timedelta(microseconds=microseconds)
    assert due(span, start, calendar, service).at <= due(span, later, calendar, service).at
    assert announce_at(start, calendar) <= announce_at(later, calendar)


def is_in_working_time(span: Span, start: datetime, calendar: Calendar, service: ServiceTimes) -> bool:
    """Whether a limit in working time ends where it may."""
    limit = due(span, start, calendar, service)
    local = limit.at.astimezone(LONDON)
    match span:
        case WorkingDays() | WorkingWeeks():
            return calendar.is_working_day(local.date()) and local.time() <= END_OF_WORKING_DAY
        case SameWorkingDay():
            same_evening = limit.at.astimezone(LONDON).date() == start.astimezone(LONDON).date()
            return calendar.is_working_day(local.date()) and (local.time() <= END_OF_WORKING_DAY or same_evening)
        case ServiceHours():
            # Just before it ends the service is open: the moment lies in a window of the day or of the night before.
            windows = service.windows(local.date() - timedelta(days=1), calendar)
            return next(opens < limit.at <= closes for opens, closes in windows if limit.at <= closes)
        case CalendarDays() | Months() | ElapsedHours():
            return True


working_spans: st.SearchStrategy[Span] = st.one_of(
    st.just(SameWorkingDay()),
    *(st.builds(kind, st.integers(1, 40)) for kind in (WorkingDays, WorkingWeeks, ServiceHours)),
)


@settings(max_examples=500, deadline=None)
@given(working_spans, starts, calendars, services)
def test_working_time_ends_in_working_time(
    span: Span, start: datetime, calendar: Calendar, service: ServiceTimes
) -> None:
    assert is_in_working_time(span, start, calendar, service)


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from((WorkingDays, WorkingWeeks, ElapsedHours, ServiceHours)),
    st.integers(0, 20),
    st.integers(0, 20),
    starts,
    calendars,
    services,
)
def test_a_limit_cut_in_two_ends_where_the_whole_does(
    kind: type[WorkingDays], a: int, b: int, start: datetime, calendar: Calendar, service: ServiceTimes
) -> None:
    half = due(kind(a), start, calendar, service).at
    assert due(kind(b), half, calendar, service).at == due(kind(a + b), start, calendar, service).at


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 20), st.integers(0, 20), far, calendars)
def test_calendar_days_cut_in_two_away_from_the_change_nights(
    a: int, b: int, start: datetime, calendar: Calendar
) -> None:
    half = due(CalendarDays(a), start, calendar).at
    nights = {last_sunday(year, month).date() for year in range(2019, 2025) for month in (3, 10)}
    assume(not {start.astimezone(LONDON).date(), half.astimezone(LONDON).date()} & nights)
    assert due(CalendarDays(b), half, calendar).at == due(CalendarDays(a + b), start, calendar).at


@settings(max_examples=500, deadline=None)
@given(spans, st.datetimes(timezones=st.timezones()), calendars, st.none() | services)
def test_nobody_is_refused_a_date_and_none_lies_before_its_start(
    span: Span, start: datetime, calendar: Calendar, service: ServiceTimes | None
) -> None:
    try:
        # Compared in UTC: Python finds no two zones' times equal in an hour that happens twice.
        utc = start.astimezone(UTC)
    except OverflowError:  # a moment that cannot be told in UTC cannot come in with a command
        return
    limit = due(span, start, calendar, service)
    assert limit.at >= utc
    assert limit.working.counted_from >= utc
    assert limit.working.start == utc
    assert announce_at(start, calendar) >= utc


@settings(max_examples=300, deadline=None)
@given(spans, starts, calendars, st.none() | services)
def test_the_working_adds_up_and_survives_being_written(
    span: Span, start: datetime, calendar: Calendar, service: ServiceTimes | None
) -> None:
    limit = due(span, start, calendar, service)
    assert from_plain(json.loads(json.dumps(to_plain(limit)))) == limit
    if isinstance(span, WorkingDays) and span.n:
        on = start.astimezone(LONDON).date()
        skipped = [day for day, _ in limit.working.skipped]
        # Days that passed, less those that were skipped, are the days of the limit.
        assert (limit.on - on).days - sum(day > on for day in skipped) == span.n
        assert limit.at == after_working_days(start, span.n, calendar)
    if isinstance(span, SameWorkingDay) or (isinstance(span, WorkingDays | WorkingWeeks) and span.n):
        inside = calendar.covers(start.astimezone(LONDON).date()) and calendar.covers(limit.on)
        assert limit.provisional is not inside


@settings(max_examples=300, deadline=None)
@given(dates, dates, st.integers(1, 80), calendars)
def test_the_tables_agree_with_walking_across_both_edges(a: date, b: date, n: int, calendar: Calendar) -> None:
    walked, left = a, n
    while left:
        walked += timedelta(days=1)
        left -= calendar.is_working_day(walked)
    assert calendar.working_day_after(a, n) == walked
    assert calendar.working_days_between(a, walked) == n
    assert calendar.working_days_between(a, b) == -calendar.working_days_between(b, a)
    counted = sum(calendar.is_working_day(a + timedelta(days=day)) for day in range(1, (b - a).days + 1))
    assert calendar.working_days_between(a, b) == counted or b < a
    assert [on for on, _ in calendar.closed_days(a, b)] == [
        a + timedelta(days=day)
        for day in range((b - a).days + 1)
        if not calendar.is_working_day(a + timedelta(days=day))
    ]


@settings(max_examples=300, deadline=None)
@given(starts, calendars, services)
def test_people_are_told_when_somebody_is_there(at: datetime, calendar: Calendar, service: ServiceTimes) -> None:
    told = announce_at(at, calendar).astimezone(LONDON)
    assert calendar.is_working_day(told.date())
    assert SEND_TIMES.opens <= told.time() < SEND_TIMES.closes
    assert announce_at(told, calendar) == told, "told once, not later and later"
    assert announce_at(at, calendar, urgent=True) == at
    assert announce_at(at, calendar, service) >= at


@given(st.lists(starts, min_size=1, max_size=6), calendars)
def test_the_earliest_limit_rules_in_whatever_order_they_come(moments: list[datetime], calendar: Calendar) -> None:
    limits = [
        by_childs_date(at) if number % 2 else due(WorkingDays(2), at, calendar) for number, at in enumerate(moments)
    ]
    ruling = earliest(limits[0], *limits[1:])
    assert ruling in limits
    assert all(ruling.at <= limit.at for limit in limits)
    assert earliest(limits[-1], *limits[:-1]).at == ruling.at


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_a_million_later_starts_and_new_holidays(seed: int) -> None:
    """The promises above, on seeded chance alone: plain random cases, a million for each of the two that bite."""
    random = Random(seed)
    units = [*UNITS, SAME_WORKING_DAY]
    days = [FIRST + timedelta(days=day) for day in range((LAST - FIRST).days + 1)]
    for _ in range(1_000):
        on = set(random.sample(days, 40))
        calendar, one = calendar_with(on), random.choice(days)
        more = calendar if one in on else calendar.with_holiday(one, "one more", "2")
        service = ServiceTimes(time(random.randrange(24)), time(random.randrange(24), 30), frozenset({1, 3, 6}))
        for _ in range(100):
            span = span_of(random.choice(units), random.randrange(12))
            start = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=random.randrange(4 * 365 * 86_400))
            later = start + timedelta(seconds=random.randrange(200_000))
            at = due(span, start, calendar, service).at
            assert at <= due(span, later, calendar, service).at
            assert at <= due(span, start, more, service).at
