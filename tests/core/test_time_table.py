"""Every row of the table in docs/time.md, worked out: the page and the code can't drift apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

import pytest

from commonground.core.time import LONDON, Due, Rule, ServiceTimes, announce_at, by_childs_date, due, earliest
from commonground.language.calendars import load_calendar
from commonground.language.spans import parse_span

PAGE = Path(__file__).parents[2] / "docs" / "time.md"
NATIONS = {"EW": "england-and-wales", "S": "scotland", "NI": "northern-ireland"}
SERVICE = ServiceTimes(opens=time(9), closes=time(17))


@dataclass(frozen=True)
class Row:
    case: str
    limit: str
    nation: str
    starts: str
    due: str
    rule: str
    reading: str
    instead_of: str


def rows() -> list[Row]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines[2:]]


def moment(text: str) -> datetime:
    clock, _, zone = text.rpartition(" ") if text.endswith(("BST", "GMT")) else (text, "", "")
    at = datetime.strptime(clock, "%a %d %b %Y %H:%M").replace(tzinfo=LONDON, fold=zone == "GMT")
    assert shown(at, with_zone=bool(zone)) == text, f"{text} is not a date: the weekday or the zone is wrong"
    return at


def shown(at: datetime, *, with_zone: bool) -> str:
    local = at.astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M}" + (f" {local:%Z}" if with_zone else "")


def worked_out(row: Row) -> Due | datetime:
    calendar, start = load_calendar(NATIONS[row.nation]), moment(row.starts)
    match row.limit:
        case "sending" | "urgent sending":
            return announce_at(start, calendar, urgent=row.limit.startswith("urgent"))
        case "child's date":
            return by_childs_date(start.date(), calendar)
        case "child's moment":
            return by_childs_date(start, calendar)
    span, _, childs = row.limit.partition(", child's date ")
    hours = None if span.endswith(" (unknown)") else SERVICE
    limit = due(parse_span(span.removesuffix(" (unknown)")), start, calendar, hours)
    return earliest(limit, by_childs_date(moment(f"{childs} 00:00").date(), calendar)) if childs else limit


@pytest.mark.parametrize("row", [pytest.param(row, id=row.case) for row in rows()])
def test_the_row_is_what_the_code_does(row: Row) -> None:
    answer = worked_out(row)
    with_zone = row.due.endswith(("BST", "GMT"))
    if isinstance(answer, datetime):
        assert (shown(answer, with_zone=with_zone), row.rule) == (row.due, "")
        return
    provisional = ", provisional" if answer.provisional else ""
    assert shown(answer.at, with_zone=with_zone) + provisional == row.due
    assert answer.working.rule == row.rule


def test_the_table_settles_what_the_design_names() -> None:
    cases = " ".join(row.case for row in rows())
    for wanted in (
        "Start on a Saturday",
        "Start at 23:50",
        "k = 0",
        "Same clock time next working day",
        "End of the working day",
        "Receipt",
        "Without delay",
    ):
        assert wanted in cases
    assert len({row.case for row in rows()}) == len(rows()), "a case is settled once"


def test_the_table_shows_every_rule_there_is() -> None:
    assert {row.rule for row in rows()} - {""} == {rule.value for rule in Rule}


def test_every_row_is_whole() -> None:
    assert all(re.search(r"\w", row.case + row.limit) for row in rows())
    assert len(rows()) > 40
