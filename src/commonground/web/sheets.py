"""A form as one browser holds it: whose it is, which form, and since when. Its page carries this, signed.

By its sheet a form is known where nobody is signed in any more, and to the saves of somebody who types. It lets nobody
read and nobody act: whoever holds one can only add to the drafts of the person it names (docs/security.md).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, QueryDict

from commonground.core.procedure import Key
from commonground.usecases import clock

FIELD: Final = "sheet"
COUNT: Final = "count"
AGE: Final = "age"
END: Final = "whole"
"""The fields that a form sends along for us: its sheet, which of its saves it is, how many milliseconds ago the last of
it was typed, and, at the very end, that nothing of it was cut off."""

OURS: Final = frozenset(
    {FIELD, COUNT, AGE, END, "csrfmiddlewaretoken", "command", "position", "seat", "anyway", "more", "leave", "seen"}
    | {"files", "without"}
)
"""Fields that nobody typed."""

LASTS: Final = timedelta(days=7)
"""How long after a page was opened what is typed there can still be kept. A lid closed on Friday opens on Monday."""

_SIGNER: Final = "commonground.sheets"


@dataclass(frozen=True)
class Sheet:
    person: Key
    place: str
    """Which form, as in a draft."""
    command: UUID
    """What sending it would be."""
    page: str
    """Which page: opened twice, a form has two."""
    opened_at: datetime
    filled_from: str | None = None
    """The page of the draft that filled its boxes; None where they were empty."""
    guest: bool = False
    """Opened by a guest, who comes back by their link."""


def new(person: Key, place: str, command: UUID, filled_from: str | None = None, *, guest: bool = False) -> str:
    """This will write the sheet of a form that is about to be shown."""
    micro = round(clock.now().timestamp() * 1_000_000)
    said = [person, place, command.hex, secrets.token_hex(8), micro, filled_from, guest]
    return _signer().sign_object(said)


def read(written: str) -> Sheet | None:
    """This will read a sheet; None for one that we did not write, or that is too old."""
    try:
        person, place, command, page, micro, filled_from, guest = _signer().unsign_object(written)
        sheet = Sheet(
            str(person),
            str(place),
            UUID(command),
            str(page),
            datetime.fromtimestamp(micro / 1_000_000, UTC),
            filled_from,
            bool(guest),
        )
    except (BadSignature, ValueError, TypeError):
        return None
    return sheet if clock.now() - sheet.opened_at < LASTS else None


def of(request: HttpRequest) -> Sheet | None:
    """This will give the sheet that came with a form; None where none did, or none that holds."""
    return read(request.POST.get(FIELD, ""))


def at(request: HttpRequest, person: Key, place: str) -> Sheet | None:
    """This will give the same where it is that person's, of that form."""
    sheet = of(request)
    return sheet if sheet is not None and (sheet.person, sheet.place) == (person, place) else None


def typed(sent: QueryDict) -> dict[str, Sequence[str]]:
    """This will give what somebody typed and chose, as it is kept: without our fields, line ends as one character."""
    return {name: [text.replace("\r\n", "\n") for text in sent.getlist(name)] for name in sent if name not in OURS}


def count(sent: QueryDict) -> int | None:
    """This will give which save of its page it is; None without scripts, where a page saves when it is sent."""
    said = sent.get(COUNT, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= 15 else None


def typed_at(sent: QueryDict, sheet: Sheet) -> datetime:
    """This will give when the last of it was typed: it may have waited for a line, but not since before its page."""
    said = sent.get(AGE, "")
    now = clock.now()
    age = timedelta(milliseconds=int(said)) if said.isascii() and said.isdecimal() and len(said) <= 10 else timedelta()
    return max(now - age, sheet.opened_at)


def _signer() -> Signer:
    return Signer(salt=_SIGNER)
