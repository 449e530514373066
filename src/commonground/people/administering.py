"""Who looks after which directory, and what that lets them change.

The rules, in plain English:

1. An agency's administrator changes their own agency: its details, its posts and its people.
2. A partnership's administrator changes the partnership and each of its agencies, one that belongs to several as well.
3. The service's administrator founds partnerships, names administrators and says which agencies belong where. They
   change no agency's posts or people.
4. Whoever may change something may also name its administrators, and end them.
5. An agency joins a further partnership only by somebody who looks after both, or by the service's administrator. Else
   any partnership could take charge of any agency, by saying that it is one of its own.
6. Looking after a directory opens these pages and nothing else. No query of a disagreement asks this module.

Deny by default. What somebody may not administer looks like what does not exist.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from commonground.core.procedure import Key
from commonground.people.models import Administrator, Agency, Holding, Membership, Partnership


@dataclass(frozen=True)
class Charge:
    """Somebody looks after one thing today: an agency, a partnership, or (`service`) the service as a whole."""

    person: Key
    agency: Key | None = None
    partnership: Key | None = None
    service: bool = False


class NotInCharge(LookupError):
    """Nobody may know here whether it is not theirs to change or not there at all."""


def charges_of(person: Key, today: date) -> tuple[Charge, ...]:
    """This will list what somebody looks after on a day: the service first, then partnerships, then agencies."""
    on = Q(from_on__lte=today) & (Q(to_on__isnull=True) | Q(to_on__gte=today))
    rows = Administrator.objects.filter(on, person_id=person).values_list("agency_id", "partnership_id")
    found = {Charge(person, agency, partnership, not (agency or partnership)) for agency, partnership in rows}
    return tuple(sorted(found, key=lambda one: (not one.service, one.partnership or "~", one.agency or "")))


def may_change(charge: Charge, *, agency: Key | None = None, partnership: Key | None = None) -> bool:
    """This will say whether a charge covers an agency, a partnership, or (neither named) the service as a whole.

    False as well for what does not exist.
    """
    if agency is not None:
        if charge.agency is not None:
            return charge.agency == agency and Agency.objects.filter(key=agency).exists()
        return (
            charge.partnership is not None
            and Membership.objects.filter(agency_id=agency, partnership_id=charge.partnership).exists()
        )
    if partnership is not None:
        return charge.partnership == partnership and Partnership.objects.filter(key=partnership).exists()
    return charge.service


def may_name_administrators(charge: Charge, *, agency: Key | None = None, partnership: Key | None = None) -> bool:
    """This will say whether a charge may name who looks after an agency, a partnership, or the service, and end it."""
    if may_change(charge, agency=agency, partnership=partnership):
        return True
    if not charge.service:
        return False
    if agency is not None:
        return Agency.objects.filter(key=agency).exists()
    return Partnership.objects.filter(key=partnership).exists()


def may_join(charges: Iterable[Charge], agency: Key, partnership: Key) -> bool:
    """This will say whether somebody with these charges may have an agency belong to a partnership, or cease to."""
    held = tuple(charges)
    there = Agency.objects.filter(key=agency).exists() and Partnership.objects.filter(key=partnership).exists()
    if there and any(charge.service for charge in held):
        return True
    return any(may_change(charge, agency=agency) for charge in held) and any(
        may_change(charge, partnership=partnership) for charge in held
    )


def the_charge(charges: Iterable[Charge], *, agency: Key | None = None, partnership: Key | None = None) -> Charge:
    """This will give the charge that lets somebody change this. NotInCharge where none does."""
    found = next((one for one in charges if may_change(one, agency=agency, partnership=partnership)), None)
    if found is None:
        raise NotInCharge
    return found


def agencies_of(charge: Charge) -> frozenset[Key]:
    """This will list the agencies whose posts and people a charge may change."""
    if charge.agency is not None:
        return frozenset({charge.agency})
    if charge.partnership is not None:
        return frozenset(
            Membership.objects.filter(partnership_id=charge.partnership).values_list("agency_id", flat=True)
        )
    return frozenset()


def people_of(agencies: Collection[Key]) -> frozenset[Key]:
    """This will list everybody who holds, held or will hold a post in one of some agencies, or looks after it."""
    held = Holding.objects.filter(post__agency__in=agencies).values_list("person_id", flat=True)
    look_after = Administrator.objects.filter(agency__in=agencies).values_list("person_id", flat=True)
    return frozenset(held) | frozenset(look_after)


def may_mend(charge: Charge, person: Key, today: date) -> bool:
    """This will say whether a charge may change somebody's name and how to reach them, and invite them.

    Only where everything that person has today is the charge's to change: an address is where an invitation goes, so
    whoever can change it could become that person, in every agency they act for.
    """
    mine = agencies_of(charge)
    on = Q(to_on__isnull=True) | Q(to_on__gte=today)
    seats = set(Holding.objects.filter(on, person_id=person).values_list("post__agency_id", flat=True))
    rows = Administrator.objects.filter(on, person_id=person).values_list("agency_id", "partnership_id")
    roles: list[tuple[Key | None, Key | None]] = list(rows)
    if charge.service and not seats and roles:
        return True  # somebody who only looks after something, whom nobody else could invite
    known = person in people_of(mine) or any(role == (None, charge.partnership) for role in roles)
    return known and seats <= mine and all(_covers(charge, mine, *role) for role in roles)


def _covers(charge: Charge, mine: Collection[Key], agency: Key | None, partnership: Key | None) -> bool:
    """Say whether looking after this is part of a charge. The service as a whole is part of none but its own."""
    if agency is not None:
        return agency in mine
    return partnership is not None and partnership == charge.partnership
