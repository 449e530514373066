"""Who needs more than a password: whoever is in a partnership's office, or looks after a directory.

Rules, in plain English:

1. A second factor is an authenticator app or a passkey. Recovery codes alone are none.
2. Whoever has one is asked for it at every sign-in (the library does that), whatever they are.
3. Whoever holds a post in a partnership's office, or looks after anything, needs one. Until it is there, those seats
   and those pages are shut to them, and nothing else is.
4. A seat in any other agency stays open, so that nobody is kept from raising or escalating (promise 1).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from allauth.mfa.models import Authenticator

from commonground.core.procedure import Key
from commonground.people import access, administering
from commonground.people.access import Scope, Seated
from commonground.people.models import Agency

OFFICE_KIND = "partnership"
"""The kind of agency that a partnership's own office is."""

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class Needed(StrEnum):
    """Why somebody needs a second factor, as a page says it."""

    OFFICE = "You hold a post in a partnership’s office."
    ADMINISTRATOR = "You look after a directory."


@dataclass(frozen=True)
class Admitted:
    """What a person's account opens today."""

    person: Key
    scopes: tuple[Scope, ...]
    """Every seat that is open to them."""
    missing: tuple[Needed, ...]
    """Why a second factor is still to be set up. While anything is here, what needs it is shut."""
    administers: bool
    """Whether administration pages are open to them."""


def admitted(person: Key, account: int, today: date) -> Admitted:
    """This will say what a person's account opens on a day, without what still needs a second factor."""
    scopes = access.scopes_of(person, today)
    offices = offices_among({scope.seat.agency for scope in scopes})
    administers = bool(administering.charges_of(person, today))
    needed = needed_for(scopes, offices, administers)
    if not needed or has_second_factor(account):
        return Admitted(person, scopes, (), administers)
    return Admitted(person, open_without(scopes, offices), needed, administers=False)


def needed_for(scopes: Iterable[Scope], offices: Collection[Key], administers: bool) -> tuple[Needed, ...]:
    """This will give every reason why somebody needs a second factor; nothing means that a password is enough."""
    in_office = any(scope.seat.agency in offices and scope.seated is not Seated.COVER for scope in scopes)
    reasons = ((Needed.OFFICE, in_office), (Needed.ADMINISTRATOR, administers))
    return tuple(reason for reason, holds in reasons if holds)


def open_without(scopes: Iterable[Scope], offices: Collection[Key]) -> tuple[Scope, ...]:
    """This will leave the seats that need no second factor: those of other agencies, and what they serve for there."""
    seats = tuple(scopes)
    own = {scope.seat.agency for scope in seats if scope.seated is not Seated.COVER} - set(offices)
    # Somebody serves for a post in another agency because of where else they sit: that could be the office.
    return tuple(scope for scope in seats if scope.seat.agency in own)


def offices_among(agencies: Collection[Key]) -> frozenset[Key]:
    """This will say which of some agencies are a partnership's office."""
    if not agencies:
        return frozenset()
    return frozenset(Agency.objects.filter(key__in=agencies, kind=OFFICE_KIND).values_list("key", flat=True))


def has_second_factor(account: int) -> bool:
    """This will say whether an account has an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user_id=account, type__in=KINDS).exists())


def forget_second_factors(account: int) -> int:
    """This will take every second factor and recovery code from an account, for whoever has lost them; gives how many.

    Somebody who knows the person has to have said so: from then on the password alone lets them in.
    """
    gone: int = Authenticator.objects.filter(user_id=account).delete()[0]
    return gone
