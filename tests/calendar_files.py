"""Reading a calendar file back with another library's parser, to be compared with the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import icalendar


@dataclass(frozen=True)
class ReadBack:
    """What a calendar would make of a file."""

    method: str
    uid: str
    sequence: int
    begins: date
    """A datetime in UTC, or a bare date for a whole day."""
    ends: date | None
    summary: str
    description: str
    link: str
    status: str
    people: tuple[str, ...]
    """Organiser and attendees."""


def read_back(data: bytes) -> ReadBack:
    """This will read a file that holds one event and no time zones of its own."""
    calendar = icalendar.Calendar.from_ical(data)
    assert not calendar.walk("VTIMEZONE")
    [event] = calendar.walk("VEVENT")
    known: dict[str, Any] = dict(event.items())
    attendees = known.get("ATTENDEE", [])
    people = [known.get("ORGANIZER"), *(attendees if isinstance(attendees, list) else [attendees])]
    begins, ends = known["DTSTART"].dt, known["DTEND"].dt if "DTEND" in known else None
    for moment in (begins, ends):
        assert not isinstance(moment, datetime) or str(moment.tzinfo) == "UTC"
    return ReadBack(
        method=str(calendar["METHOD"]),
        uid=str(known["UID"]),
        sequence=int(known["SEQUENCE"]),
        begins=begins,
        ends=ends,
        summary=str(known["SUMMARY"]),
        description=str(known["DESCRIPTION"]),
        link=str(known["URL"]),
        status=str(known["STATUS"]),
        people=tuple(str(one) for one in people if one),
    )
