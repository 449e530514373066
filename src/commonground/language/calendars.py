"""Bank holidays by nation: from the files in `calendars/` to the core's `Calendar`, every mistake at its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from commonground.core.time import Calendar
from commonground.language.mistakes import Mistake, Mistakes, Positions, read_model

CALENDARS: Final = Path(__file__).parent.parent / "calendars"

_Text = Annotated[str, Field(min_length=1)]


class HolidayRow(BaseModel):
    """One bank holiday, on the day that offices are closed (the substitute day, where there is one)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    date: date
    name: _Text


class CalendarFile(BaseModel):
    """A calendar as written. `version` is new whenever a row is; `source` says in words where the days are from."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    nation: _Text
    version: _Text
    source: _Text
    taken_on: date
    first_day: date
    last_day: date
    holidays: list[HolidayRow]


def nations() -> tuple[str, ...]:
    """This will list the nations that have a calendar here."""
    return tuple(sorted(path.stem for path in CALENDARS.glob("*.yaml")))


def load_calendar(source: Path | str) -> Calendar:
    """This will load a calendar: a nation's own ("england-and-wales"), or the file at a path.

    Raises `Mistakes` with everything that is wrong in the file, ValueError for a nation that has no calendar here,
    and OSError when a file cannot be opened.
    """
    if isinstance(source, Path):
        return _load(source)
    if source not in nations():
        raise ValueError(f'"{source}" has no calendar here; write one of {", ".join(nations())}')
    return _of_nation(source)


@cache
def _of_nation(nation: str) -> Calendar:
    return _load(CALENDARS / f"{nation}.yaml")


def _load(path: Path) -> Calendar:
    file, positions = read_model(CalendarFile, path)
    mistakes = tuple(_against_the_rules(file, positions))
    if mistakes:
        raise Mistakes(mistakes)
    return Calendar(
        nation=file.nation,
        version=file.version,
        holidays=tuple((row.date, row.name) for row in file.holidays),
        first_day=file.first_day,
        last_day=file.last_day,
    )


def _against_the_rules(file: CalendarFile, positions: Positions) -> Iterator[Mistake]:
    if file.last_day < file.first_day:
        yield positions.mistake(("last_day",), write=f"a date later than {file.first_day}, the first day")
        return
    before: date | None = None
    for number, row in enumerate(file.holidays):
        where = ("holidays", number, "date")
        if not file.first_day <= row.date <= file.last_day:
            yield positions.mistake(where, write=f"a date from {file.first_day} to {file.last_day}, the days covered")
        if row.date.weekday() > 4:
            weekday = f"{row.date:%A}"
            yield positions.mistake(
                where, found=f'"{row.date}", a {weekday}', write="the substitute weekday, or leave the row out"
            )
        if before is not None and row.date <= before:
            yield positions.mistake(where, write=f"each date once and in order: a date later than {before}")
        before = row.date
    # A year without holidays is a file that was cut short. Its dates would come out too early, and nobody would see it.
    for year in range(file.first_day.year, file.last_day.year + 1):
        whole = file.first_day <= date(year, 1, 1) and date(year, 12, 31) <= file.last_day
        if whole and not any(row.date.year == year for row in file.holidays):
            write = f"the holidays of {year}, or days covered that leave it out"
            yield positions.mistake(("holidays",), found=f"no holiday in {year}", write=write, of_key=True)
