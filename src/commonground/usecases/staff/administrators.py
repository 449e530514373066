"""Naming who looks after a directory, and ending it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from commonground.core.procedure import Key
from commonground.people.administering import Charge, NotInCharge, may_name_administrators
from commonground.people.changes import Change, note
from commonground.people.models import Administrator, Person
from commonground.usecases.staff.checks import Mistake, new_person_key, person_called


@dataclass(frozen=True)
class Ward:
    """What somebody looks after: an agency, a partnership, or (neither given) the service."""

    agency: Key | None = None
    partnership: Key | None = None


@transaction.atomic
def name_administrator(
    charge: Charge, ward: Ward, full_name: str, email: str, from_on: date, at: datetime
) -> Key | Mistake:
    """This will have somebody look after a directory; gives their key. It opens no disagreement to them."""
    if not may_name_administrators(charge, agency=ward.agency, partnership=ward.partnership):
        raise NotInCharge
    known = person_called(full_name, email)
    if isinstance(known, Mistake):
        return known
    person = known or Person.objects.create(key=new_person_key(), full_name=full_name, email=email)
    rows = Administrator.objects.filter(person=person, agency_id=ward.agency, partnership_id=ward.partnership)
    if rows.filter(Q(to_on__isnull=True) | Q(to_on__gte=from_on)).exists():
        return Mistake("full_name", "They look after it already")
    Administrator.objects.create(person=person, agency_id=ward.agency, partnership_id=ward.partnership, from_on=from_on)
    _note(Change.ADMINISTRATOR_NAMED, charge, ward, at, person=person.key, from_on=from_on)
    return person.key


@transaction.atomic
def end_administrator(charge: Charge, administrator: int, gone_on: date, at: datetime) -> None:
    """This will end somebody's looking after a directory: from `gone_on` it is not theirs."""
    row = Administrator.objects.filter(pk=administrator).first()
    if row is None or not may_name_administrators(charge, agency=row.agency_id, partnership=row.partnership_id):
        raise NotInCharge
    if row.from_on >= gone_on:
        row.delete()
    else:
        Administrator.objects.filter(pk=administrator).update(to_on=gone_on - timedelta(days=1))
    ward = Ward(row.agency_id, row.partnership_id)
    last_day = gone_on - timedelta(days=1)
    _note(Change.ADMINISTRATOR_ENDED, charge, ward, at, person=row.person_id, last_day=last_day)


def _note(change: Change, charge: Charge, ward: Ward, at: datetime, **about: object) -> None:
    note(change, charge.person, at, about, partnership=ward.partnership or "", agency=ward.agency or "")


def administrators_of(ward: Ward, today: date) -> tuple[Administrator, ...]:
    """This will list who looks after something now or from a later day."""
    running = Q(to_on__isnull=True) | Q(to_on__gte=today)
    rows = Administrator.objects.filter(running, agency_id=ward.agency, partnership_id=ward.partnership)
    return tuple(rows.select_related("person").order_by("from_on", "id"))
