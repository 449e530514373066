"""Spans as people write them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonground.core.time import (
    LARGEST,
    UNITS,
    CalendarDays,
    ElapsedHours,
    Months,
    SameWorkingDay,
    ServiceHours,
    Span,
    WorkingDays,
    WorkingWeeks,
)
from commonground.language.spans import parse_span, span_in_words


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("1 working day", WorkingDays(1)),
        ("2 working days", WorkingDays(2)),
        ("2 working weeks", WorkingWeeks(2)),
        ("5 calendar days", CalendarDays(5)),
        ("1 month", Months(1)),
        ("48 hours", ElapsedHours(48)),
        ("3 service hours", ServiceHours(3)),
        ("same working day", SameWorkingDay()),
        ("0 working days", WorkingDays(0)),
    ],
)
def test_a_span_is_read_and_written_the_same(words: str, span: Span) -> None:
    assert parse_span(words) == span
    assert span_in_words(span) == words


@pytest.mark.parametrize("text", ["  2  Working\tDAYS ", "2 working day"])
def test_capitals_spaces_and_plurals_do_not_matter(text: str) -> None:
    assert parse_span(text) == WorkingDays(2)


@pytest.mark.parametrize(
    ("text", "write"),
    [
        ("2 day", '"2 working days" or "2 calendar days"'),
        ("5 days", '"5 working days" or "5 calendar days"'),
        ("1 week", '"1 working week" or "1 working day"'),
        ("3 fortnights", '"3 working days" or "3 working weeks"'),
        ("two working days", 'for example "2 working days"'),
        ("", 'for example "2 working days"'),
        ("working days", 'for example "2 working days"'),
        ("-1 working days", 'for example "2 working days"'),
        ("1.5 hours", 'for example "2 working days"'),
        ("² working days", 'for example "2 working days"'),
        ("10000 hours", "a number up to 9999"),
        ("without delay", 'or "same working day"'),
    ],
)
def test_what_cannot_be_read_says_what_to_write(text: str, write: str) -> None:
    with pytest.raises(ValueError, match=re.escape(write)):
        parse_span(text)


@given(st.sampled_from(list(UNITS.values())), st.integers(0, LARGEST))
def test_every_span_comes_back(kind: type[WorkingDays], n: int) -> None:
    assert parse_span(span_in_words(kind(n))) == kind(n)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_span_or_a_value_error(text: str) -> None:
    try:
        span = parse_span(text)
    except ValueError as error:
        span = None
        message = str(error)
    assert parse_span(span_in_words(span)) == span if span else message
