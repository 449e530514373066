"""Working time: how long the published limits are, when they end, and how that was worked out.

The rules, in plain English (docs/time.md has every case, with its reading and what was not chosen):

1. Moments are stored in UTC and decided in Europe/London. No rule here reads a clock: every moment is handed in.
2. A working day is a weekday that is not a bank holiday in the nation. Its last working moment is 17:00.
3. *N working days* end at the same clock time on the Nth working day after the start. Evenings, weekends and bank
   holidays do not count: what starts in them counts from the beginning of the next working day, and that day is the
   first, ending at 17:00.
4. *Same working day* ends at 17:00; what starts after that has until the end of that day; what starts on a closed day
   has until 17:00 on the next working day.
5. *Calendar days* and *months* keep the clock time and run on closed days. *Hours* are real hours, whatever the clocks
   do. *Service hours* pass only while the service is open.
6. The unit is part of the limit. No unit is ever turned into another.
7. Nobody is refused a date. Outside the calendar only weekends are skipped, and the date is marked provisional. It can
   then only be too early, never too late for the child.
8. A later start is never due sooner, and a new bank holiday never brings a date nearer.
9. Due time and send time are separate: `due` says when a limit ends, `announce_at` when people may be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final, assert_never
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")

END_OF_WORKING_DAY: Final = time(17, 0)
"""The clock time in London at which a working day's work ends. No procedure read so far gives one."""

END_OF_DAY: Final = time.max
"""The last moment of a day. Not the next day's midnight: a limit must show the date that it belongs to."""

WEEKEND: Final = "weekend"
SERVICE_CLOSED: Final = "service closed"

LARGEST: Final = 9_999
"""The largest number a span may have: it keeps every due date inside what a date can hold."""

# Moments outside these are slips of the keyboard; Python's own dates end not far beyond them.
_EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)


# --- Spans: how long a limit is ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Counted:
    n: int

    def __post_init__(self) -> None:
        if type(self.n) is not int or not 0 <= self.n <= LARGEST:
            raise ValueError(f"a whole number from 0 to {LARGEST} is needed, not {self.n!r}")


class WorkingDays(_Counted):
    """`n` working days: weekdays that are not bank holidays in the nation."""

    __slots__ = ()


class WorkingWeeks(_Counted):
    """`n` working weeks: five working days each, wherever in the week they start."""

    __slots__ = ()


class CalendarDays(_Counted):
    """`n` days of any kind, weekends and bank holidays included."""

    __slots__ = ()


class Months(_Counted):
    """`n` calendar months."""

    __slots__ = ()


class ElapsedHours(_Counted):
    """`n` real hours, day and night, whatever the clocks do."""

    __slots__ = ()


class ServiceHours(_Counted):
    """`n` hours within the opening hours of the service that has to act."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SameWorkingDay:
    """The end of the working day it starts on."""


Span = WorkingDays | WorkingWeeks | CalendarDays | Months | ElapsedHours | ServiceHours | SameWorkingDay

_Numbered = WorkingDays | WorkingWeeks | CalendarDays | Months | ElapsedHours | ServiceHours

UNITS: Final[Mapping[str, type[_Numbered]]] = {
    "working days": WorkingDays,
    "working weeks": WorkingWeeks,
    "calendar days": CalendarDays,
    "months": Months,
    "hours": ElapsedHours,
    "service hours": ServiceHours,
}
"""Each kind of span that has a number, by the words of its unit."""

SAME_WORKING_DAY: Final = "same working day"
"""The words of the one kind that has none."""

_UNIT_OF: Final = {kind: unit for unit, kind in UNITS.items()}


def unit_of(span: Span) -> str:
    """This will give the words of a span's unit, "working days" or "same working day", say."""
    return SAME_WORKING_DAY if isinstance(span, SameWorkingDay) else _UNIT_OF[type(span)]


def span_of(unit: str, n: int | None) -> Span:
    """This will make the span of `n` such units; the way back from `unit_of`. KeyError for an unknown unit, ValueError
    for a number that no span has."""
    if unit == SAME_WORKING_DAY:
        return SameWorkingDay()
    return UNITS[unit](n)  # type: ignore[arg-type]  # None is refused there, with the other wrong numbers


# --- Calendars and opening hours --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Calendar:
    """A nation's bank holidays from `first_day` to `last_day`, and the working days that leaves.

    Outside those days it goes on answering, with weekends alone (`covers` says so). `version` changes whenever a
    holiday does: it is written into every act that a date was worked out for. Raises ValueError for a holiday that is
    given twice or lies outside the days covered.
    """

    nation: str
    version: str
    holidays: tuple[tuple[date, str], ...]
    first_day: date
    last_day: date
    # Two tables make adding working days two look-ups: how many working days there are up to and including each
    # covered day, and the working days in order.
    _names: dict[date, str] = field(init=False, repr=False, compare=False)
    _counts: list[int] = field(init=False, repr=False, compare=False)
    _days: list[date] = field(init=False, repr=False, compare=False)
    _first: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = dict(self.holidays)
        if len(names) != len(self.holidays):
            raise ValueError(f"the calendar for {self.nation} gives a holiday twice")
        if self.first_day > self.last_day or any(not self.first_day <= on <= self.last_day for on in names):
            raise ValueError(
                f"the calendar for {self.nation} has a holiday outside {self.first_day} to {self.last_day}"
            )
        days: list[date] = []
        counts: list[int] = []
        for on in _each_day(self.first_day, self.last_day):
            if on.weekday() < 5 and on not in names:
                days.append(on)
            counts.append(len(days))
        for name, value in (("_names", names), ("_counts", counts), ("_days", days)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_first", self.first_day.toordinal())

    def covers(self, on: date) -> bool:
        """This will say whether the bank holidays of that day are known."""
        return self.first_day <= on <= self.last_day

    def is_working_day(self, on: date) -> bool:
        """This will say whether that day is a working day; outside the calendar, whether it is a weekday."""
        return on.weekday() < 5 and on not in self._names

    def why_closed(self, on: date) -> str | None:
        """This will give a bank holiday's name, "weekend", or None for a working day."""
        return self._names.get(on) or (WEEKEND if on.weekday() > 4 else None)

    def working_day_after(self, on: date, n: int = 1) -> date:
        """This will give the `n`th working day after a day, which itself is never counted. `n` is at least 1."""
        place = on.toordinal() - self._first
        if place >= 0:
            try:
                return self._days[self._counts[place] + n - 1]
            except IndexError:
                pass  # beyond the last day covered
        return self._with_number(self._number_of(on) + n)

    next_working_day = working_day_after

    def working_days_between(self, after: date, until: date) -> int:
        """This will count the working days later than `after`, up to and including `until`; negative if reversed."""
        return self._number_of(until) - self._number_of(after)

    def closed_days(self, first: date, last: date) -> tuple[tuple[date, str], ...]:
        """This will list the days from `first` to `last`, both included, that are not working days, each with why."""
        return tuple((on, why) for on in _each_day(first, last) if (why := self.why_closed(on)) is not None)

    def with_holiday(self, on: date, name: str, version: str) -> Calendar:
        """This will make the next version of the calendar, with one more bank holiday."""
        holidays = tuple(sorted((*self.holidays, (on, name))))
        return Calendar(self.nation, version, holidays, self.first_day, self.last_day)

    # Working days are numbered from the year 1 on, so that both edges of the calendar are plain sums.

    def _number_of(self, on: date) -> int:
        day = on.toordinal()
        if on < self.first_day:
            return _weekdays_until(day)
        before = _weekdays_until(self._first - 1)
        if on <= self.last_day:
            return before + self._counts[day - self._first]
        return before + len(self._days) + _weekdays_until(day) - _weekdays_until(self.last_day.toordinal())

    def _with_number(self, number: int) -> date:
        before = _weekdays_until(self._first - 1)
        if number <= before:
            return _weekday_with_number(number)
        if number <= before + len(self._days):
            return self._days[number - before - 1]
        beyond = number - before - len(self._days)
        return _weekday_with_number(_weekdays_until(self.last_day.toordinal()) + beyond)


def _weekdays_until(day: int) -> int:
    """Weekdays from Monday 1 January of the year 1 up to and including the day with that ordinal."""
    weeks, rest = divmod(day, 7)
    return weeks * 5 + min(rest, 5)


def _weekday_with_number(number: int) -> date:
    weeks, rest = divmod(number - 1, 5)
    return date.fromordinal(weeks * 7 + rest + 1)


def _each_day(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)


MONDAY_TO_FRIDAY: Final = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class ServiceTimes:
    """When a service is open, by London's clocks. `weekdays` are 0 (Monday) to 6.

    A service that closes at or before its opening time is open past midnight: 17:00 to 09:00 is a night team, and
    00:00 to 00:00 is round the clock. Half-open: at the closing time it is closed.
    """

    opens: time
    closes: time
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    open_on_holidays: bool = False

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            raise ValueError("a service is open on at least one weekday, from 0 (Monday) to 6")
        if self.opens.tzinfo or self.closes.tzinfo:
            raise ValueError("opening hours are London's clock times: give them without a time zone")
        # Also what keeps every limit in service hours inside what a date can hold.
        if timedelta() < _since_midnight(self.closes) - _since_midnight(self.opens) < timedelta(minutes=15):
            raise ValueError("a service that opens is open for a quarter of an hour at least")

    def why_closed(self, on: date, calendar: Calendar) -> str | None:
        """This will say why the service does not open on a day: a bank holiday's name, its own hours, or None."""
        if on.weekday() not in self.weekdays:
            return SERVICE_CLOSED
        return None if self.open_on_holidays else calendar._names.get(on)

    def windows(self, first: date, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
        """This will yield, without end, when the service opens and closes (UTC), from `first` on."""
        past_midnight = timedelta(days=self.closes <= self.opens)
        on = first
        while True:
            if self.why_closed(on, calendar) is None:
                # Where a clock change makes either time happen twice, the longer day: the limit then ends sooner.
                yield _moment(on, self.opens), _moment(on + past_midnight, self.closes, last=True)
            on += timedelta(days=1)


SEND_TIMES: Final = ServiceTimes(opens=time(8), closes=time(18))
"""When people are told of what is not urgent: never at night, never on a closed day. Ours; no procedure says."""


# --- Due dates --------------------------------------------------------------------------------------------------------


class Rule(StrEnum):
    """Which line of docs/time.md a date was worked out by; the wording of each is in `wording.py`."""

    SAME_CLOCK_TIME = "same clock time"
    FROM_EVENING = "from the evening"
    FROM_CLOSED_DAY = "from a closed day"
    SAME_DAY = "same day"
    SAME_DAY_EVENING = "same day, from the evening"
    SAME_DAY_CLOSED = "same day, from a closed day"
    LAST_DAY_OF_MONTH = "last day of the month"
    CLOCKS_GO_FORWARD = "clocks go forward"
    CLOCKS_GO_BACK = "clocks go back"
    REAL_HOURS = "real hours"
    SERVICE_HOURS = "service hours"
    SERVICE_HOURS_UNKNOWN = "service hours unknown"
    AT_ONCE = "at once"
    CHILDS_DATE = "child's date"
    CHILDS_MOMENT = "child's moment"
    NOT_A_DATE = "start outside all calendars"


@dataclass(frozen=True, slots=True)
class Working:
    """How a due date was worked out: facts alone, small enough to be written into an act.

    `start` is as given, `counted_from` when counting began (both UTC); `skipped` are the days that did not count,
    each with "weekend", "service closed" or the bank holiday's name. `span` is None for a child's date.
    """

    rule: Rule
    span: Span | None
    start: datetime
    counted_from: datetime
    skipped: tuple[tuple[date, str], ...]
    nation: str
    version: str

    @property
    def by_childs_date(self) -> bool:
        """Whether the child's date rules, and no limit of the procedure."""
        return self.rule in (Rule.CHILDS_DATE, Rule.CHILDS_MOMENT)


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends (UTC; overdue from the moment after) and how that was worked out.

    `provisional`: part of it lies outside the calendar, or a service's hours are not known. The true date may be
    later, never sooner; it wants an alarm to the office and is worked out again when the calendar is.
    """

    at: datetime
    provisional: bool
    working: Working

    @property
    def on(self) -> date:
        """The date in London that the limit ends on."""
        return self.at.astimezone(LONDON).date()


def due(span: Span, start: datetime, calendar: Calendar, service: ServiceTimes | None = None) -> Due:
    """This will say when a limit that started at a moment ends, with its working.

    `start` is aware, in any zone; a naive one raises ValueError, and nothing else does. `service` is needed for
    service hours only; without it every hour counts (the earliest it can be) and the date is provisional.
    """
    start = _aware(start).astimezone(UTC)
    if not _EARLIEST <= start <= _LATEST:
        return _due(Rule.NOT_A_DATE, span, start, start, calendar, provisional=True)
    if not isinstance(span, SameWorkingDay) and span.n == 0:
        return _due(Rule.AT_ONCE, span, start, start, calendar)
    match span:
        case WorkingDays():
            return _working_days(span, span.n, start, calendar)
        case WorkingWeeks():
            return _working_days(span, span.n * 5, start, calendar)
        case SameWorkingDay():
            return _same_working_day(span, start, calendar)
        case CalendarDays():
            return _same_clock_time(span, start, _local(start).date() + timedelta(days=span.n), calendar)
        case Months():
            return _months(span, start, calendar)
        case ElapsedHours():
            return _due(Rule.REAL_HOURS, span, start, start + timedelta(hours=span.n), calendar)
        case ServiceHours():
            return _service_hours(span, start, calendar, service)
        case _:
            assert_never(span)


def by_childs_date(on: date | datetime, calendar: Calendar | None = None) -> Due:
    """This will make a limit of the date (its last moment in London) or the moment the child needs something by.

    It runs on closed days too. A naive datetime raises ValueError.
    """
    if isinstance(on, datetime):
        rule, at = Rule.CHILDS_MOMENT, _aware(on).astimezone(UTC)
    else:
        rule, at = Rule.CHILDS_DATE, _moment(on, END_OF_DAY)
    nation, version = (calendar.nation, calendar.version) if calendar else ("", "")
    return Due(at, False, Working(rule, None, at, at, (), nation, version))


def earliest(first: Due, *others: Due) -> Due:
    """This will choose, of all limits that apply, the one that rules: the earliest (of equals, the first given)."""
    return min((first, *others), key=lambda limit: limit.at)


def after_working_days(start: datetime, n: int, calendar: Calendar) -> datetime:
    """This will give the moment alone (UTC) at which `n` (at least 1) working days end; `due` gives its working too."""
    local = start.astimezone(LONDON)
    on, clock = local.date(), local.time()
    if clock >= END_OF_WORKING_DAY or not calendar.is_working_day(on):
        clock = END_OF_WORKING_DAY
    # London's clocks change on Sundays, so every clock time of a working day happens exactly once.
    return datetime.combine(calendar.working_day_after(on, n), clock, LONDON).astimezone(UTC)


def announce_at(
    at: datetime, calendar: Calendar, times: ServiceTimes = SEND_TIMES, *, urgent: bool = False
) -> datetime:
    """This will give the first moment (UTC), at or after `at`, at which people may be told; urgent ones at once."""
    at = _aware(at).astimezone(UTC)
    if urgent or not _EARLIEST <= at <= _LATEST:
        return at
    windows = times.windows(_local(at).date() - timedelta(days=1), calendar)
    return next(max(at, opens) for opens, closes in windows if at < closes)


def to_plain(due: Due) -> dict[str, Any]:
    """This will write a due date, with its working, as values that JSON can hold; `from_plain` reads them back."""
    working = due.working
    return {
        "at": due.at.isoformat(),
        "provisional": due.provisional,
        "rule": working.rule.value,
        "unit": None if working.span is None else unit_of(working.span),
        "n": getattr(working.span, "n", None),
        "start": working.start.isoformat(),
        "counted_from": working.counted_from.isoformat(),
        "skipped": [[on.isoformat(), why] for on, why in working.skipped],
        "nation": working.nation,
        "version": working.version,
    }


def from_plain(plain: Mapping[str, Any]) -> Due:
    """This will read back what `to_plain` wrote."""
    span = None if plain["unit"] is None else span_of(plain["unit"], plain["n"])
    return Due(
        at=datetime.fromisoformat(plain["at"]),
        provisional=plain["provisional"],
        working=Working(
            rule=Rule(plain["rule"]),
            span=span,
            start=datetime.fromisoformat(plain["start"]),
            counted_from=datetime.fromisoformat(plain["counted_from"]),
            skipped=tuple((date.fromisoformat(on), why) for on, why in plain["skipped"]),
            nation=plain["nation"],
            version=plain["version"],
        ),
    )


# --- One function per kind of span ------------------------------------------------------------------------------------


def _working_days(span: Span, n: int, start: datetime, calendar: Calendar) -> Due:
    local = _local(start)
    if not calendar.is_working_day(local.date()):
        rule = Rule.FROM_CLOSED_DAY
    elif local.time() >= END_OF_WORKING_DAY:
        rule = Rule.FROM_EVENING
    else:
        rule = Rule.SAME_CLOCK_TIME
    counted_from = start
    if rule is not Rule.SAME_CLOCK_TIME:
        counted_from = _moment(calendar.next_working_day(local.date()), time.min)
    at = after_working_days(start, n, calendar)
    return _due(rule, span, start, at, calendar, counted_from=counted_from, by_calendar=True)


def _same_working_day(span: SameWorkingDay, start: datetime, calendar: Calendar) -> Due:
    local = _local(start)
    on = local.date()
    if not calendar.is_working_day(on):
        on = calendar.next_working_day(on)
        at, counted_from = _moment(on, END_OF_WORKING_DAY), _moment(on, time.min)
        return _due(Rule.SAME_DAY_CLOSED, span, start, at, calendar, counted_from=counted_from, by_calendar=True)
    if local.time() < END_OF_WORKING_DAY:
        return _due(Rule.SAME_DAY, span, start, _moment(on, END_OF_WORKING_DAY), calendar, by_calendar=True)
    return _due(Rule.SAME_DAY_EVENING, span, start, _moment(on, END_OF_DAY), calendar, by_calendar=True)


def _months(span: Months, start: datetime, calendar: Calendar) -> Due:
    on = _local(start).date()
    years, month = divmod(on.month - 1 + span.n, 12)
    first = date(on.year + years, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if on.day > last.day:
        # All starts that share this last day end together: by clock time, a later start could be due sooner.
        return _due(Rule.LAST_DAY_OF_MONTH, span, start, _moment(last, END_OF_DAY), calendar)
    return _same_clock_time(span, start, first.replace(day=on.day), calendar)


def _same_clock_time(span: Span, start: datetime, on: date, calendar: Calendar) -> Due:
    local = _local(start)
    clock, rule = local.time(), Rule.SAME_CLOCK_TIME
    if local.fold == 0 and local.utcoffset() != local.replace(fold=1).utcoffset():
        # The first of the two hours when the clocks go back counts as the hour itself. Otherwise 01:30 the first time
        # round would be due after 01:10 the second time round, which is later.
        clock, rule = time(clock.hour), Rule.CLOCKS_GO_BACK
    at = _moment(on, clock)
    if _local(at).time() != clock:
        rule = Rule.CLOCKS_GO_FORWARD
    elif at != _moment(on, clock, last=True):
        rule = Rule.CLOCKS_GO_BACK
    return _due(rule, span, start, at, calendar)


def _service_hours(span: ServiceHours, start: datetime, calendar: Calendar, service: ServiceTimes | None) -> Due:
    left = timedelta(hours=span.n)
    if service is None:
        return _due(Rule.SERVICE_HOURS_UNKNOWN, span, start, start + left, calendar, provisional=True)
    counted_from: datetime | None = None
    since = start  # no hour passes twice, even where windows overlap in the night the clocks go back
    # From the day before: a night team's hours began yesterday.
    for opens, closes in service.windows(_local(start).date() - timedelta(days=1), calendar):
        if closes <= since:
            continue
        begins = max(opens, since)
        counted_from = counted_from or begins
        if closes - begins >= left:
            at = begins + left
            break
        left -= closes - begins
        since = closes
    days = _each_day(_local(start).date(), _local(at).date())
    skipped = tuple((on, why) for on in days if (why := service.why_closed(on, calendar)) is not None)
    return _due(
        Rule.SERVICE_HOURS, span, start, at, calendar, counted_from=counted_from, skipped=skipped, by_calendar=True
    )


# --- Helpers ----------------------------------------------------------------------------------------------------------


def _due(
    rule: Rule,
    span: Span,
    start: datetime,
    at: datetime,
    calendar: Calendar,
    *,
    counted_from: datetime | None = None,
    skipped: tuple[tuple[date, str], ...] | None = None,
    by_calendar: bool = False,
    provisional: bool = False,
) -> Due:
    """`by_calendar`: the calendar was counted by, so its edges matter, and closed days were skipped."""
    if by_calendar:
        first, last = _local(start).date(), _local(at).date()
        provisional = provisional or not (calendar.covers(first) and calendar.covers(last))
        skipped = calendar.closed_days(first, last) if skipped is None else skipped
    working = Working(rule, span, start, counted_from or start, skipped or (), calendar.nation, calendar.version)
    return Due(at, provisional, working)


def _aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a moment needs a time zone; this one has none")
    return moment


def _local(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)


def _moment(on: date, clock: time, *, last: bool = False) -> datetime:
    """The moment (UTC) of a clock time in London. Of a time that happens twice: the first, or the `last`. For a time
    that the clocks jump over: the moment they jump."""
    wall = datetime.combine(on, clock, LONDON).replace(fold=last)
    at = wall.astimezone(UTC)
    if at.astimezone(LONDON).replace(tzinfo=None, fold=0) != wall.replace(tzinfo=None, fold=0):
        # The clocks jump over whole hours, so the next full hour is the moment they jump to.
        return datetime.combine(on, time(clock.hour + 1), LONDON).astimezone(UTC)
    return at
