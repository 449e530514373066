"""Agencies and partnerships: their details, which agency belongs where, and founding a partnership."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from commonground.core.procedure import OFFICE, Key
from commonground.people.administering import Charge, NotInCharge, may_change, may_join
from commonground.people.changes import Change, note
from commonground.people.models import Agency, Membership, Partnership, Post
from commonground.usecases.staff.checks import Mistake, key_from

THE_OFFICE: Final = "partnership"
"""The kind of agency that a partnership's own office is. Each partnership has one, made with it."""


@dataclass(frozen=True)
class AgencyDetails:
    """What an agency is called, and how to reach it. `on_service` False: known, but nobody there signs in."""

    name: str
    kind: Key
    on_service: bool = True
    telephone: str = ""
    out_of_hours: str = ""
    address: str = ""


@transaction.atomic
def change_agency(charge: Charge, agency: Key, details: AgencyDetails, at: datetime) -> Mistake | None:
    """This will change an agency's details. Its kind is for a partnership to change, and an office stays one."""
    if not may_change(charge, agency=agency):
        raise NotInCharge
    row = Agency.objects.get(key=agency)
    if details.kind != row.kind and (charge.partnership is None or THE_OFFICE in (row.kind, details.kind)):
        return Mistake("kind", "The kind of agency can’t be changed here. Ask the partnership’s office")
    new = asdict(details)
    changed = sorted(name for name, value in new.items() if getattr(row, name) != value)
    if changed:
        Agency.objects.filter(key=agency).update(**new)
        about = {"fields": changed, "on_service": details.on_service, "was_on_service": row.on_service}
        note(Change.AGENCY_CHANGED, charge.person, at, about, agency=agency)
    return None


@transaction.atomic
def add_agency(charge: Charge, partnership: Key, details: AgencyDetails, at: datetime) -> Key | Mistake:
    """This will add a new agency to a partnership; gives its key."""
    if not may_change(charge, partnership=partnership):
        raise NotInCharge
    if details.kind == THE_OFFICE:
        return Mistake("kind", "A partnership has one office, and it is there already")
    row = Agency.objects.create(key=_agency_key(details.name), **asdict(details))
    Membership.objects.create(partnership_id=partnership, agency=row)
    note(Change.AGENCY_ADDED, charge.person, at, {"kind": row.kind}, partnership=partnership, agency=row.key)
    return row.key


def _agency_key(name: str) -> Key:
    return key_from(name, lambda key: not Agency.objects.filter(key=key).exists())


@transaction.atomic
def have_belong(charges: Sequence[Charge], agency: Key, partnership: Key, at: datetime) -> None:
    """This will have an agency belong to a partnership as well."""
    if not may_join(charges, agency, partnership) or Agency.objects.get(key=agency).kind == THE_OFFICE:
        raise NotInCharge
    Membership.objects.get_or_create(partnership_id=partnership, agency_id=agency)
    note(Change.BELONGS, charges[0].person, at, {}, partnership=partnership, agency=agency)


@transaction.atomic
def have_leave(charge: Charge, agency: Key, partnership: Key, at: datetime) -> Mistake | None:
    """This will end an agency's belonging to a partnership. Its disagreements there stay, and the office serves."""
    if not (charge.service or may_change(charge, partnership=partnership)):
        raise NotInCharge
    memberships = Membership.objects.filter(agency_id=agency)
    if not memberships.filter(partnership_id=partnership).exists():
        raise NotInCharge
    if Agency.objects.get(key=agency).kind == THE_OFFICE:
        return Mistake("sure", "A partnership keeps its office")
    if memberships.count() == 1:
        return Mistake("sure", "It belongs to no other partnership. Say that it is not on the service instead")
    memberships.filter(partnership_id=partnership).delete()
    note(Change.BELONGS_NO_MORE, charge.person, at, {}, partnership=partnership, agency=agency)
    return None


@dataclass(frozen=True)
class Founding:
    """A new partnership: its name, its nation (whose bank holidays hold), and what its references begin with."""

    name: str
    nation: str
    prefix: str
    office_name: str
    telephone: str = ""
    out_of_hours: str = ""


@transaction.atomic
def found(charge: Charge, founding: Founding, at: datetime) -> Key | Mistake:
    """This will found a partnership with its office; gives its key. Which procedure it runs is said separately."""
    if not charge.service:
        raise NotInCharge
    if Partnership.objects.filter(reference_prefix=founding.prefix).exists():
        return Mistake("letters", "Another partnership’s references begin with this. Choose other letters")
    key = key_from(founding.name, lambda one: not Partnership.objects.filter(key=one).exists())
    Partnership.objects.create(key=key, name=founding.name, nation=founding.nation, reference_prefix=founding.prefix)
    office = Agency.objects.create(
        key=_agency_key(founding.office_name),
        name=founding.office_name,
        kind=THE_OFFICE,
        telephone=founding.telephone,
        out_of_hours=founding.out_of_hours,
    )
    Membership.objects.create(partnership_id=key, agency=office)
    Post.objects.create(agency=office, post=OFFICE)
    note(Change.FOUNDED, charge.person, at, {}, partnership=key, agency=office.key)
    return key
