"""What was changed in a directory, by whom and when: written with every change, and only ever added to.

Keys and dates, before and after. Never a name, a title, a telephone number or an address: those stand in their own
tables, where they can be mended and removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from commonground.core.procedure import Key
from commonground.people.models import DirectoryChange


class Change(StrEnum):
    """What kind of change it was, as a page says it."""

    FOUNDED = "partnership founded"
    AGENCY_ADDED = "agency added"
    AGENCY_CHANGED = "agency details changed"
    BELONGS = "agency belongs to a partnership"
    BELONGS_NO_MORE = "agency left a partnership"
    POST_ADDED = "post added"
    POST_CHANGED = "post details changed"
    NO_SUCH_POST = "no such post, another stands in"
    HAS_POST_AGAIN = "has the post again"
    SEATED = "took a post"
    SEAT_DATED = "dates in a post changed"
    DEPUTIES_ORDERED = "deputies put in order"
    LEFT = "left the agency"
    PERSON_CHANGED = "name or how to reach somebody changed"
    AWAY = "away"
    AWAY_CHANGED = "time away changed"
    ADMINISTRATOR_NAMED = "administrator named"
    ADMINISTRATOR_ENDED = "administrator ended"
    INVITED = "invited"
    FILE_TAKEN_IN = "directory file taken in"
    REVIEWED = "access reviewed"
    CONTACT_CONFIRMED = "how to reach a post confirmed"
    LIST_LOADED = "list to tick loaded"
    LIST_TAKEN_AWAY = "list to tick taken away"


def note(
    change: Change, by: Key, at: datetime, about: Mapping[str, object], *, partnership: Key = "", agency: Key = ""
) -> None:
    """This will write a change down, in the transaction that makes it. `about` holds keys, numbers and dates."""
    noted(change, by, at, about, partnership=partnership, agency=agency).save(force_insert=True)


def noted(
    change: Change, by: Key, at: datetime, about: Mapping[str, object], *, partnership: Key = "", agency: Key = ""
) -> DirectoryChange:
    """This will give the same, to be written with many others."""
    plain = {name: _plain(value) for name, value in about.items()}
    return DirectoryChange(partnership=partnership, agency=agency, by=by, at=at, what=change, about=plain)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return value
