"""Spans as people write them: "2 working days" to `WorkingDays(2)` and back.

The unit is never guessed: "5 days" is a mistake, because a published limit of five days means five working days in one
procedure and five calendar days in another.
"""

from __future__ import annotations

import re
from typing import Final

from commonground.core.time import LARGEST, SAME_WORKING_DAY, UNITS, SameWorkingDay, Span, span_of, unit_of

_NUMBER_AND_UNIT = re.compile(r"(?P<number>[0-9]{1,18}) (?P<unit>[a-z ]+)")

_SPELLINGS: Final = {spelling: unit for unit in UNITS for spelling in (unit, unit.removesuffix("s"))}

_EXAMPLE: Final = 'a number and its unit, for example "2 working days"'

_ASK_WHICH: Final = {
    "day": ("working days", "calendar days"),
    "week": ("working weeks", "working days"),
    "hour": ("hours", "service hours"),
}


def parse_span(text: str) -> Span:
    """This will read a span. Capitals and extra spaces do not matter, nor does "1 working days".

    Raises ValueError, worded as what to write instead, for anything else.
    """
    tidy = " ".join(text.lower().split())
    if tidy == SAME_WORKING_DAY:
        return SameWorkingDay()
    match = _NUMBER_AND_UNIT.fullmatch(tidy)
    if match is None:
        units = ", ".join(f'"{unit}"' for unit in UNITS)
        raise ValueError(f'{_EXAMPLE}, or "{SAME_WORKING_DAY}"; the units are {units}')
    number, written = int(match["number"]), match["unit"]
    unit = _SPELLINGS.get(written)
    if unit is None:
        choice = _ASK_WHICH.get(written.removesuffix("s"), tuple(UNITS))
        raise ValueError(
            "a unit that says what counts: " + " or ".join(f'"{_in_words(number, unit)}"' for unit in choice)
        )
    if number > LARGEST:
        raise ValueError(f'a number up to {LARGEST}, for example "2 {unit}"')
    return span_of(unit, number)


def span_in_words(span: Span) -> str:
    """This will write a span as `parse_span` reads it, in the singular where there is one of it."""
    return SAME_WORKING_DAY if isinstance(span, SameWorkingDay) else _in_words(span.n, unit_of(span))


def _in_words(number: int, unit: str) -> str:
    return f"{number} {unit.removesuffix('s') if number == 1 else unit}"
