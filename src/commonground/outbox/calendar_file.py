"""Writes a meeting as a calendar file (RFC 5545 and 5546): a reference and a link. No place, no purpose, no names.

Times are UTC, because calendars read a file's own time zones in different ways; a day without a time is a whole day.
The same meeting keeps its UID, and each change raises its SEQUENCE, so that a calendar puts right what it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

from commonground.core.time import LONDON
from commonground.wording import bare


class Method(StrEnum):
    """What a calendar is to do with a file."""

    REQUEST = "REQUEST"
    """Put it in, or put right what is in."""
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"
    """For who downloads it: nobody is asked anything."""


@dataclass(frozen=True)
class Entry:
    """A meeting as a calendar shows it."""

    id: UUID
    changes: int
    reference: str
    link: str
    meets_at: datetime
    """A bare day stands at its beginning in London."""
    ends_at: datetime | None
    cancelled: bool
    changed_at: datetime
    """When what the file says was recorded."""


def calendar_file(entry: Entry, method: Method, organiser: str = "", to: str = "") -> bytes:
    """This will write a calendar file.

    `organiser` is the address that messages come from, `to` that of the one person who gets this file: calendars put
    in only what is asked of their owner. A file to download has neither.
    """
    import icalendar  # only here: it takes 10 MB, and most processes never write a calendar file

    event = icalendar.Event()
    event.add("uid", str(entry.id))
    event.add("sequence", entry.changes)
    event.add("dtstamp", entry.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", _start(entry))
    if entry.ends_at is not None and not bare(entry.meets_at) and entry.ends_at > entry.meets_at:
        event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", f"{entry.reference}: meeting")
    event.add("description", f"Where it is, who is asked and the papers: {entry.link}")
    event.add("url", entry.link)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    if organiser:
        event.add("organizer", f"mailto:{organiser}")
    if to:
        event.add("attendee", f"mailto:{to}", parameters={"RSVP": "FALSE"})
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Commonground//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _start(entry: Entry) -> date:
    if bare(entry.meets_at):
        return entry.meets_at.astimezone(LONDON).date()
    return entry.meets_at.astimezone(UTC)
