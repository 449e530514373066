"""Links for people from outside the service: one disagreement, one person, one browser, and an end.

Whoever opens a link has done nothing yet: mail scanners open links, with scripts too. Only the right code spends it,
and the code goes to the person another way. What is kept of link, code and browser are digests. From the moment it is
spent it works in that browser alone: forwarded or replayed, it is as good as none.

Every limit is in the row and counted by the database, so that it holds whatever number of processes answer.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet

from commonground import fence
from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.people.models import GuestLink

logger = logging.getLogger(__name__)

OPENS_FOR: Final = timedelta(days=7)
"""How long a link waits to be used."""
WORKS_FOR: Final = timedelta(days=28)
"""How long it then works. Who is needed for longer gets another."""
MOST_WRONG_CODES: Final = 5

_WHY: Final = "a link is known by its secret alone, and says whose it is"
_SALT: Final = 16  # bytes
_SLOW: Final = {"n": 2**14, "r": 8, "p": 1}
"""A code is short, so whoever has read the database must not be able to try them all: RFC 7914, 16 MB a try."""


class State(StrEnum):
    """What a link is worth to the browser that brings it."""

    OPEN = "waits for its code"
    UNKNOWN = "unknown or revoked"
    """The two look the same."""
    EXPIRED = "expired"
    ELSEWHERE = "spent in another browser"
    LOCKED = "too many wrong codes"
    WRONG_CODE = "wrong code"


def make(
    partnership: Key, disagreement: UUID, seat: PostRef, person: Key, made_by: Key, code: str, at: datetime
) -> tuple[GuestLink, str]:
    """This will make a link; gives its row and the one copy of its token there is."""
    token = secrets.token_urlsafe(32)
    row = GuestLink.objects.create(
        partnership_id=partnership,
        disagreement=disagreement,
        agency=seat.agency,
        post=seat.post,
        person=person,
        link_digest=digest_of(token),
        code_digest=_slow_digest(code, secrets.token_bytes(_SALT)),
        made_by=made_by,
        made_at=at,
        expires_at=at + OPENS_FOR,
    )
    logger.info("guest link %s made by %s", row.pk, made_by)
    return row, token


def look(token: str, browser: str, at: datetime) -> tuple[State, GuestLink | None]:
    """This will say what a link is worth to a browser now, and change nothing. No row for one that is unknown."""
    with fence.everywhere(_WHY):
        row = GuestLink.objects.filter(link_digest=digest_of(token)).first()
    state = _state(row, browser, at)
    if state is not State.OPEN:
        logger.warning("guest link %s: %s", row.pk if row else "unknown", state)
    return state, None if state is State.UNKNOWN else row


def spend(token: str, code: str, browser: str, at: datetime) -> tuple[State, GuestLink | None]:
    """This will take a code for a link: right, the link is bound to `browser`, and it is OPEN to it.

    Each try is counted before it is looked at, so that no number of tries at once is more than MOST_WRONG_CODES.
    """
    state, row = look(token, browser, at)
    if state is not State.OPEN or row is None:
        return state, row
    with fence.inside(row.partnership_id):
        taken = _take(row, code, browser, at)
    return (taken, row) if taken is not None else look(token, browser, at)


def _take(row: GuestLink, code: str, browser: str, at: datetime) -> State | None:
    """Count a try and take the code. None where somebody else changed the link meanwhile."""
    mine = GuestLink.objects.filter(
        Q(spent_at__isnull=True) | Q(browser_digest=digest_of(browser)),
        pk=row.pk,
        revoked_at__isnull=True,
        expires_at__gt=at,
    )
    if not mine.filter(wrong_codes__lt=MOST_WRONG_CODES).update(wrong_codes=F("wrong_codes") + 1):
        return None
    if not _same(code, bytes(row.code_digest)):
        row.refresh_from_db()
        logger.warning("guest link %s: wrong code, %s in all", row.pk, row.wrong_codes)
        return State.LOCKED if row.wrong_codes >= MOST_WRONG_CODES else State.WRONG_CODE
    mine.filter(spent_at__isnull=True).update(spent_at=at, browser_digest=digest_of(browser), expires_at=at + WORKS_FOR)
    # A right code takes back its own count, and no wrong one's.
    bound = GuestLink.objects.filter(pk=row.pk, browser_digest=digest_of(browser))
    if not bound.update(wrong_codes=F("wrong_codes") - 1):
        return None  # spent a moment ago, by somebody else who knew the code
    row.refresh_from_db()
    logger.info("guest link %s spent", row.pk)
    return State.OPEN


def acting(link: int, browser: str, at: datetime) -> GuestLink | None:
    """This will give a link that a browser acts by now; None once it is revoked, over, or another browser's."""
    with fence.everywhere(_WHY):
        return _working(at).filter(pk=link, browser_digest=digest_of(browser)).first()


def posts_of(disagreement: UUID, at: datetime) -> tuple[PostRef, ...]:
    """This will give the posts that guests act in now, in a disagreement."""
    found = _working(at).filter(disagreement=disagreement).order_by("pk").values_list("agency", "post")
    return tuple(dict.fromkeys(PostRef(agency, post) for agency, post in found))


def revoke(link: GuestLink, by: Key, at: datetime) -> None:
    """This will end a link: the next request by it finds nothing."""
    if GuestLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=at):
        logger.info("guest link %s revoked by %s", link.pk, by)


def digest_of(secret: str) -> bytes:
    """This will give what is kept of a secret of 32 random bytes."""
    return hashlib.sha256(secret.encode()).digest()


def _working(at: datetime) -> QuerySet[GuestLink]:
    return GuestLink.objects.filter(spent_at__isnull=False, revoked_at__isnull=True, expires_at__gt=at)


def _state(row: GuestLink | None, browser: str, at: datetime) -> State:
    if row is None or row.revoked_at is not None:
        return State.UNKNOWN
    if row.expires_at <= at:
        return State.EXPIRED
    if row.spent_at is not None and bytes(row.browser_digest or b"") != digest_of(browser):
        return State.ELSEWHERE
    return State.LOCKED if row.wrong_codes >= MOST_WRONG_CODES else State.OPEN


def _same(code: str, kept: bytes) -> bool:
    return secrets.compare_digest(_slow_digest(code, kept[:_SALT]), kept)


def _slow_digest(code: str, salt: bytes) -> bytes:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return salt + hashlib.scrypt(plain.encode(), salt=salt, dklen=32, **_SLOW)
