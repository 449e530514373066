"""The bank holidays we ship, against two other sources; and calendars with mistakes in them."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import holidays
import pytest

from commonground.core.time import Calendar
from commonground.language.calendars import load_calendar, nations
from commonground.language.mistakes import Mistakes

SECOND_OPINION = {"england-and-wales": ("ENG", "WLS"), "scotland": ("SCT",), "northern-ireland": ("NIR",)}
ONLY_IN_THE_SECOND = {"scotland": {date(2026, 6, 15)}}  # said in calendars/README.md


def test_there_is_a_calendar_for_each_nation() -> None:
    assert nations() == ("england-and-wales", "northern-ireland", "scotland")
    assert [load_calendar(nation).nation for nation in nations()] == list(nations())


@pytest.mark.parametrize("nation", nations())
def test_the_days_are_those_of_the_official_data(nation: str) -> None:
    bundled = json.loads(files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text(encoding="utf-8"))
    calendar = load_calendar(nation)
    assert [on for on, _ in calendar.holidays] == [
        date.fromisoformat(event["date"]) for event in bundled[nation]["events"]
    ]
    assert (calendar.first_day, calendar.last_day) == (date(2012, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("nation", "part"), [(nation, part) for nation in nations() for part in SECOND_OPINION[nation]]
)
def test_a_second_source_agrees_on_every_weekday(nation: str, part: str) -> None:
    calendar = load_calendar(nation)
    years = range(calendar.first_day.year, calendar.last_day.year + 1)
    second = {on for on in holidays.country_holidays("GB", subdiv=part, years=years) if on.weekday() < 5}
    ours = {on for on, _ in calendar.holidays}
    assert second - ours == ONLY_IN_THE_SECOND.get(nation, set())
    assert ours - second == set()


def test_a_nation_is_loaded_once() -> None:
    assert load_calendar("scotland") is load_calendar("scotland")


def test_a_nation_without_a_calendar_is_told_which_there_are() -> None:
    with pytest.raises(ValueError, match="write one of england-and-wales, northern-ireland, scotland"):
        load_calendar("wales")


HEAD = 'nation: nowhere\nversion: "1"\nsource: made up\ntaken_on: 2026-01-01\nfirst_day: 2026-01-01\n'


def load(tmp_path: Path, rest: str) -> Calendar:
    path = tmp_path / "nowhere.yaml"
    path.write_text(HEAD + rest, encoding="utf-8")
    return load_calendar(path)


def test_a_calendar_of_ones_own_is_loaded_from_its_path(tmp_path: Path) -> None:
    calendar = load(tmp_path, "last_day: 2026-12-31\nholidays:\n- {date: 2026-05-01, name: May Day}\n")
    expected = ((date(2026, 5, 1), "May Day"),)
    assert calendar == Calendar("nowhere", "1", expected, date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("rest", "messages"),
    [
        pytest.param(
            "last_day: 2027-12-31\n"
            "holidays:\n"
            "- {date: 2026-05-01, name: May Day}\n"
            "- {date: 2026-05-02, name: A Saturday}\n"
            "- {date: 2026-05-01, name: Again}\n"
            "- {date: 2028-05-01, name: Too late}\n",
            [
                "nowhere.yaml:7:1: holidays: found no holiday in 2027; write the holidays of 2027, or days covered "
                "that leave it out",
                'nowhere.yaml:9:10: holidays[1].date: found "2026-05-02", a Saturday; write the substitute weekday, or '
                "leave the row out",
                'nowhere.yaml:10:10: holidays[2].date: found "2026-05-01"; write each date once and in order: a date '
                "later than 2026-05-02",
                'nowhere.yaml:11:10: holidays[3].date: found "2028-05-01"; write a date from 2026-01-01 to 2027-12-31, '
                "the days covered",
            ],
            id="rules of a calendar, all at once",
        ),
        pytest.param(
            "last_day: 31 December\nholidays:\n- {date: 2026-05-01, nam: May Day}\n- 2026-05-02\n",
            [
                'nowhere.yaml:6:11: last_day: found "31 December"; write a date, year first, for example 2026-04-02',
                'nowhere.yaml:8:3: holidays[0].name: found nothing; write the key "name" and its value',
                'nowhere.yaml:8:22: holidays[0].nam: found the unknown key "nam"; write "name", if that is what was '
                "meant, or leave it out",
                'nowhere.yaml:9:3: holidays[1]: found "2026-05-02"; write a group of keys, one "key: value" on each '
                "line",
            ],
            id="shape, all at once",
        ),
        pytest.param(
            "last_day: 2025-12-31\nholidays: []\n",
            ['nowhere.yaml:6:11: last_day: found "2025-12-31"; write a date later than 2026-01-01, the first day'],
            id="days the wrong way round",
        ),
    ],
)
def test_every_mistake_is_told_at_its_place(tmp_path: Path, rest: str, messages: list[str]) -> None:
    with pytest.raises(Mistakes) as caught:
        load(tmp_path, rest)
    assert str(caught.value).splitlines() == messages
