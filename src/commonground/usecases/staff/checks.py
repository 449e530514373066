"""What is wrong with a change as it was typed, at the field to mend; and what several kinds of change look up first."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.text import slugify

from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.people.administering import Charge, NotInCharge, agencies_of, may_change, people_of
from commonground.people.models import Person, Post

LETTERS: Final = "23456789cfghjmpqrvwx"
"""What keys are made of: nothing that is mistaken for something else when it is read out, and nothing of a name."""


@dataclass(frozen=True)
class Mistake:
    """What can't be so as it was typed: the field to mend, and what to write."""

    field: str
    text: str


def the_post(charge: Charge, post: PostRef) -> Post:
    """This will give a post that somebody may change. NotInCharge for any other, and for none."""
    if not may_change(charge, agency=post.agency):
        raise NotInCharge
    row = Post.objects.filter(agency_id=post.agency, post=post.post).first()
    if row is None:
        raise NotInCharge
    return row


def the_person(charge: Charge, person: Key) -> Person:
    """This will give somebody of an agency that a charge covers. NotInCharge for anybody else, and for nobody."""
    row = Person.objects.filter(key=person).first() if person in people_of(agencies_of(charge)) else None
    if row is None:
        raise NotInCharge
    return row


def in_order(from_on: date, to_on: date | None) -> Mistake | None:
    """This will say whether two dates are the wrong way round."""
    if to_on is not None and to_on < from_on:
        return Mistake("to_on", "The last day must not be before the first")
    return None


def new_person_key() -> Key:
    """This will make a key for somebody new: records hold it for good, so there is nothing of a name in it."""
    return new_person_keys(1)[0]


def new_person_keys(number: int) -> tuple[Key, ...]:
    """This will make keys for several new people."""
    found: dict[Key, None] = {}
    while len(found) < number:
        made = {f"p-{''.join(secrets.choice(LETTERS) for _ in range(10))}" for _ in range(number - len(found))}
        taken = set(Person.objects.filter(key__in=made).values_list("key", flat=True))
        found |= dict.fromkeys(made - taken)
    return tuple(found)


def key_from(name: str, free: Callable[[Key], bool]) -> Key:
    """This will make a key for a body or a post from its name, with a number behind where it is taken."""
    plain = slugify(name)[:40].strip("-") or "agency"
    key, number = plain, 1
    while not free(key):
        number += 1
        key = f"{plain}-{number}"
    return key


def same_name(one: str, other: str) -> bool:
    """This will say whether two full names are the same but for capitals and spaces."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", name)).strip().casefold()


def person_called(full_name: str, email: str) -> Person | Mistake | None:
    """This will find who has an e-mail address already; None where nobody does.

    Two names at one address are a mistake: an invitation would reach the wrong one of them.
    """
    row = Person.objects.filter(email__iexact=email).order_by("key").first() if email else None
    if row is None or same_name(row.full_name, full_name):
        return row
    return Mistake("email", "Somebody with another name has this e-mail address already. Check the address")
