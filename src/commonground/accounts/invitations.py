"""Inviting somebody: a link by which they choose a password, once.

Mail scanners open links before people do. So opening one changes nothing and tells nothing; only choosing a password
spends it. A link that is unknown, expired, spent or revoked looks the same to whoever holds it, and is told apart only
in the log, by numbers.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from commonground.accounts.models import Account, Invitation
from commonground.core.procedure import Key
from commonground.people.models import Person

LASTS: Final = timedelta(days=7)
"""How long an invitation can be used."""

log = logging.getLogger(__name__)


class NotInvited(ValueError):
    """Somebody can't be invited as they stand in the directory. Its text says why, for whoever invites them."""


class Unusable(StrEnum):
    """Why a link can't be used: for the log alone."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    SPENT = "spent"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Invited:
    """Whom an invitation is for."""

    id: int
    person: Key
    email: str


def invite(person: Key, by: Key, at: datetime) -> str:
    """This will make an invitation for a person and give its secret, the last part of the link; it is kept nowhere.

    Earlier ones of theirs are revoked. Whoever has an account already chooses a new password by it; their second factor
    stays. Raises NotInvited where the directory has no address of theirs, or somebody else signs in by it.
    """
    email = _address(person)
    if not email:
        raise NotInvited("There is no e-mail address for this person. Add one first: they sign in by it.")
    if Account.objects.filter(email=email).exclude(person_id=person).exists():
        raise NotInvited("Somebody else signs in by this e-mail address. Each person needs an address of their own.")
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        revoke(person, at)
        made = Invitation.objects.create(
            person_id=person, link_digest=_digest(secret), made_by=by, made_at=at, expires_at=at + LASTS
        )
    log.info("invitation %s made for %s by %s", made.pk, person, by)
    return secret


def revoke(person: Key, at: datetime) -> int:
    """This will revoke every open invitation of a person; gives how many there were."""
    return Invitation.objects.filter(_open(at), person_id=person).update(revoked_at=at)


def open_invitation(secret: str, at: datetime) -> Invited | None:
    """This will say whom a link invites; None where it can't be used. It changes nothing."""
    found = Invitation.objects.filter(link_digest=_digest(secret)).first()
    unusable = _unusable(found, at)
    if unusable is not None or found is None:
        log.warning("invitation %s not opened: %s", found.pk if found else "?", unusable)
        return None
    return Invited(found.pk, found.person_id, _address(found.person_id))


def accept(secret: str, password: str, at: datetime) -> Account | None:
    """This will spend a link and let its person sign in by a password, checked before; None where it can't be used.

    Two who send it at once: one of them has spent it.
    """
    digest = _digest(secret)
    with transaction.atomic():
        if not Invitation.objects.filter(_open(at), link_digest=digest).update(spent_at=at):
            found = Invitation.objects.filter(link_digest=digest).first()
            log.warning("invitation %s not accepted: %s", found.pk if found else "?", _unusable(found, at))
            return None
        invitation = Invitation.objects.get(link_digest=digest)
        email = _address(invitation.person_id)
        if not email or Account.objects.filter(email=email).exclude(person_id=invitation.person_id).exists():
            log.warning("invitation %s not accepted: its address has gone to somebody else", invitation.pk)
            transaction.set_rollback(True)
            return None
        account = Account.objects.filter(person_id=invitation.person_id).first()
        account = account or Account(person_id=invitation.person_id)
        account.email, account.is_active = email, True
        account.set_password(password)
        account.save()
        # The library looks addresses up in a table of its own. Whoever invites vouches for this one.
        EmailAddress.objects.filter(user=account).delete()
        EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
    log.info("invitation %s accepted: account %s", invitation.pk, account.pk)
    return account


def _address(person: Key) -> str:
    found = Person.objects.filter(key=person).values_list("email", flat=True).first()
    return (found or "").strip().lower()


def _digest(secret: str) -> bytes:
    # No key and no salt: the secret itself is 256 bits of chance, so there is nothing to guess.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _open(at: datetime) -> Q:
    return Q(spent_at=None, revoked_at=None, expires_at__gt=at)


def _unusable(found: Invitation | None, at: datetime) -> Unusable | None:
    if found is None:
        return Unusable.UNKNOWN
    if found.spent_at is not None:
        return Unusable.SPENT
    if found.revoked_at is not None:
        return Unusable.REVOKED
    return Unusable.EXPIRED if found.expires_at <= at else None
