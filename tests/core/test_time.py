"""What the table in docs/time.md does not show: wrong arguments, edges of types, and the parts of a working."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from commonground.core.time import (
    LARGEST,
    UNITS,
    Calendar,
    CalendarDays,
    ElapsedHours,
    Rule,
    SameWorkingDay,
    ServiceHours,
    ServiceTimes,
    WorkingDays,
    announce_at,
    by_childs_date,
    due,
    earliest,
    span_of,
    to_plain,
    unit_of,
)

MONDAY = date(2026, 6, 1)
CALENDAR = Calendar(
    "nowhere", "3", ((date(2026, 6, 3), "Midweek Day"), (date(2026, 6, 6), "On a Saturday")), MONDAY, date(2026, 6, 30)
)
AT = datetime(2026, 6, 2, 9, 0, tzinfo=UTC)  # a Tuesday, 10:00 in London
NAIVE = datetime(2026, 6, 2, 9, 0)  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize("kind", list(UNITS.values()))
@pytest.mark.parametrize("n", [-1, LARGEST + 1, True, 1.0, "2", None])
def test_a_span_needs_a_whole_number(kind: type[WorkingDays], n: int) -> None:
    with pytest.raises(ValueError, match="a whole number from 0 to 9999"):
        kind(n)
    with pytest.raises(ValueError, match="a whole number"):
        span_of(unit_of(kind(1)), n)


def test_spans_of_different_kinds_are_never_equal_and_never_change() -> None:
    spans = [*(kind(1) for kind in UNITS.values()), SameWorkingDay()]
    assert [[a == b for b in spans] for a in spans] == [[a is b for b in spans] for a in spans]
    assert [span_of(unit_of(span), getattr(span, "n", None)) for span in spans] == spans
    with pytest.raises(FrozenInstanceError):
        spans[0].n = 2  # type: ignore[union-attr,misc]
    with pytest.raises(KeyError):
        span_of("days", 2)


@pytest.mark.parametrize("span", [*(kind(1) for kind in UNITS.values()), SameWorkingDay(), WorkingDays(0)])
def test_a_naive_moment_is_an_error_everywhere(span: WorkingDays) -> None:
    for call in (
        lambda: due(span, NAIVE, CALENDAR),
        lambda: by_childs_date(NAIVE),
        lambda: announce_at(NAIVE, CALENDAR),
        lambda: announce_at(NAIVE, CALENDAR, urgent=True),
    ):
        with pytest.raises(ValueError, match="time zone"):
            call()


def test_a_start_in_another_zone_is_the_same_moment() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=11)))
    assert due(WorkingDays(1), elsewhere, CALENDAR) == due(WorkingDays(1), AT, CALENDAR)
    assert by_childs_date(elsewhere).at.tzinfo is UTC
    assert announce_at(elsewhere, CALENDAR).tzinfo is UTC
    assert due(WorkingDays(1), elsewhere, CALENDAR).working.start.tzinfo is UTC


@pytest.mark.parametrize(
    ("holidays", "first", "last"),
    [
        pytest.param(((MONDAY, "a"), (MONDAY, "b")), MONDAY, MONDAY, id="twice"),
        pytest.param(((date(2026, 5, 31), "a"),), MONDAY, date(2026, 6, 30), id="before the first day"),
        pytest.param(((date(2026, 7, 1), "a"),), MONDAY, date(2026, 6, 30), id="after the last day"),
        pytest.param((), MONDAY, date(2026, 5, 31), id="no days at all"),
    ],
)
def test_a_calendar_that_cannot_be(holidays: tuple[tuple[date, str], ...], first: date, last: date) -> None:
    with pytest.raises(ValueError, match="the calendar for nowhere"):
        Calendar("nowhere", "1", holidays, first, last)


def test_a_calendar_may_cover_a_single_day_and_is_short_to_print() -> None:
    calendar = Calendar("nowhere", "1", ((MONDAY, "a"),), MONDAY, MONDAY)
    assert calendar.covers(MONDAY)
    assert not calendar.is_working_day(MONDAY)
    assert len(repr(calendar)) < 200, "its tables stay out of sight"


def test_what_a_calendar_says_of_a_day() -> None:
    assert [CALENDAR.why_closed(date(2026, 6, day)) for day in (2, 3, 6, 7)] == [
        None,
        "Midweek Day",
        "On a Saturday",
        "weekend",
    ]
    assert CALENDAR.next_working_day(date(2026, 6, 2)) == date(2026, 6, 4)
    assert [CALENDAR.covers(date(2026, month, day)) for month, day in ((5, 31), (6, 1), (6, 30), (7, 1))] == [
        False,
        True,
        True,
        False,
    ]
    more = CALENDAR.with_holiday(date(2026, 6, 4), "One more", "4")
    assert (more.version, more.next_working_day(date(2026, 6, 2))) == ("4", date(2026, 6, 5))
    assert CALENDAR.next_working_day(date(2026, 6, 2)) == date(2026, 6, 4), "the old version stays as it was"


def test_counting_from_before_the_calendar_stops_at_its_last_working_day() -> None:
    calendar = CALENDAR.with_holiday(date(2026, 6, 30), "The last day", "4")
    before = date(2026, 5, 29)
    n = calendar.working_days_between(before, date(2026, 6, 30))
    assert calendar.working_day_after(before, n) == date(2026, 6, 29)
    assert calendar.working_day_after(before, n + 1) == date(2026, 7, 1)


def test_opening_hours_that_cannot_be() -> None:
    for weekdays in (frozenset[int](), frozenset({7}), frozenset({-1, 2})):
        with pytest.raises(ValueError, match="at least one weekday"):
            ServiceTimes(time(9), time(17), weekdays)
    with pytest.raises(ValueError, match="without a time zone"):
        ServiceTimes(time(9, tzinfo=UTC), time(17))
    with pytest.raises(ValueError, match="a quarter of an hour"):
        ServiceTimes(time(9), time(9, 14))
    assert ServiceTimes(time(9), time(9, 15)).closes == time(9, 15)


def test_the_longest_limit_in_the_shortest_hours_still_has_a_date() -> None:
    surgery = ServiceTimes(time(9), time(9, 15), frozenset({0}))
    assert due(ServiceHours(LARGEST), AT, CALENDAR, surgery).at.year > 2700


def test_a_working_says_what_was_counted_and_what_was_skipped() -> None:
    limit = due(WorkingDays(4), datetime(2026, 6, 2, 17, 0, tzinfo=UTC), CALENDAR)  # 18:00 in London
    assert to_plain(limit) == {
        "at": "2026-06-09T16:00:00+00:00",
        "provisional": False,
        "rule": "from the evening",
        "unit": "working days",
        "n": 4,
        "start": "2026-06-02T17:00:00+00:00",
        "counted_from": "2026-06-03T23:00:00+00:00",  # the beginning of the 4th in London
        "skipped": [["2026-06-03", "Midweek Day"], ["2026-06-06", "On a Saturday"], ["2026-06-07", "weekend"]],
        "nation": "nowhere",
        "version": "3",
    }


def test_service_hours_skip_the_services_own_closed_days() -> None:
    mornings = ServiceTimes(time(9), time(12), frozenset({1, 2, 3, 5}))  # not Mondays, Fridays, Sundays
    limit = due(ServiceHours(4), AT, CALENDAR, mornings)  # Tuesday 10:00 to 12:00, Thursday 9:00 to 11:00
    assert limit.at == datetime(2026, 6, 4, 10, 0, tzinfo=UTC)
    assert limit.working.skipped == ((date(2026, 6, 3), "Midweek Day"),)
    assert limit.working.counted_from == AT
    monday = datetime.combine(MONDAY, time(7), UTC)
    assert due(ServiceHours(4), monday, CALENDAR, mornings).working.counted_from == datetime(2026, 6, 2, 8, tzinfo=UTC)
    longer = due(ServiceHours(6), AT, CALENDAR, mornings)  # the Saturday is a holiday, so on to the next Tuesday
    assert longer.at == datetime(2026, 6, 9, 9, 0, tzinfo=UTC)
    assert longer.working.skipped == (
        (date(2026, 6, 3), "Midweek Day"),
        (date(2026, 6, 5), "service closed"),
        (date(2026, 6, 6), "On a Saturday"),
        (date(2026, 6, 7), "service closed"),
        (date(2026, 6, 8), "service closed"),
    )
    always = ServiceTimes(time(9), time(12), frozenset({1, 2, 3, 5}), open_on_holidays=True)
    assert due(ServiceHours(4), AT, CALENDAR, always).at == datetime(2026, 6, 3, 10, 0, tzinfo=UTC)


def test_a_night_team_is_open_past_midnight() -> None:
    nights = ServiceTimes(time(17), time(9))
    early = datetime(2026, 6, 2, 7, 0, tzinfo=UTC)  # Tuesday 8:00 in London: Monday's night has an hour left
    assert due(ServiceHours(1), early, CALENDAR, nights).at == datetime(2026, 6, 2, 8, 0, tzinfo=UTC)
    assert due(ServiceHours(2), early, CALENDAR, nights).at == datetime(2026, 6, 2, 17, 0, tzinfo=UTC)
    assert announce_at(early, CALENDAR, nights) == early
    assert announce_at(AT, CALENDAR, nights) == datetime(2026, 6, 2, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "provisional"),
    [
        (WorkingDays(1), True),
        (SameWorkingDay(), True),
        (ServiceHours(1), True),
        (CalendarDays(1), False),
        (ElapsedHours(1), False),
    ],
)
def test_only_what_counts_by_the_calendar_is_provisional_past_it(span: WorkingDays, provisional: bool) -> None:
    office = ServiceTimes(time(9), time(17))
    assert due(span, datetime(2026, 7, 8, 9, tzinfo=UTC), CALENDAR, office).provisional is provisional
    assert due(span, datetime(2026, 5, 6, 9, tzinfo=UTC), CALENDAR, office).provisional is provisional
    assert due(span, datetime(2026, 7, 8, 19, tzinfo=UTC), CALENDAR, office).provisional is provisional, "evenings too"
    assert due(span, AT, CALENDAR, office).provisional is False


def test_a_limit_that_runs_over_the_calendars_last_day_is_provisional() -> None:
    last = datetime(2026, 6, 30, 9, tzinfo=UTC)  # a Tuesday, the last day covered
    assert due(SameWorkingDay(), last, CALENDAR).provisional is False
    assert due(WorkingDays(1), last, CALENDAR).provisional is True


def test_the_childs_date_says_that_it_rules() -> None:
    childs = by_childs_date(date(2026, 6, 3), CALENDAR)
    assert childs.on == date(2026, 6, 3), "the date it belongs to, though it ends with it"
    assert childs.at == datetime(2026, 6, 3, 22, 59, 59, 999_999, tzinfo=UTC)
    limit = due(WorkingDays(2), AT, CALENDAR)
    ruling = earliest(limit, childs)
    assert ruling is childs
    assert (ruling.working.by_childs_date, limit.working.by_childs_date) == (True, False)
    assert by_childs_date(AT).working.by_childs_date
    assert (childs.working.nation, by_childs_date(AT).working.nation) == ("nowhere", "")


def test_of_equal_limits_the_first_given_rules() -> None:
    limit = due(WorkingDays(1), AT, CALENDAR)
    assert earliest(limit, by_childs_date(limit.at)) is limit
    assert earliest(by_childs_date(limit.at), limit).working.rule is Rule.CHILDS_MOMENT
