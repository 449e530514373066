"""Reaching an agency that is unknown, not on the service, or in another area: the office's step, and whom it concerns.

To raise is never kept waiting for it. The office owns the other side's move until somebody there was reached: by
letter, by telephone, by a guest's link (guests.py), or because they are on the service after all (`Flags.OTHER_SIDE`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from commonground import fence
from commonground.core.procedure import Key
from commonground.core.setting import reaching
from commonground.people import access
from commonground.people.access import Relation, Scope
from commonground.people.changes import Change, note
from commonground.people.models import Agency, Membership
from commonground.usecases import clock
from commonground.usecases.handle import NotThere
from commonground.usecases.reading import Reading


@dataclass(frozen=True)
class ToReach:
    """Who is to be reached: an agency that the directory knows, or (no key) one that nobody has named yet."""

    key: Key
    name: str
    telephone: str
    out_of_hours: str
    address: str


NOBODY_NAMED = ToReach("", "", "", "", "")


def to_reach(reading: Reading) -> tuple[ToReach, ...]:
    """This will say whom the office has to reach now; nothing where nobody has to be."""
    if not reaching(reading.setting, reading.standing):
        return ()
    keys = [key for key in reading.standing.responding if key in reading.setting.agencies]
    rows = Agency.objects.in_bulk(keys)
    found = (rows[key] for key in keys if key in rows)
    return tuple(ToReach(row.key, row.name, row.telephone, row.out_of_hours, row.address) for row in found) or (
        NOBODY_NAMED,
    )


@fence.entered
def add_agency(
    scope: Scope,
    disagreement: UUID,
    name: str,
    telephone: str = "",
    address: str = "",
    *,
    command: UUID | None = None,
    at: datetime | None = None,
) -> Key:
    """This will put an agency that nobody here knows into the directory, as one that nobody signs in from.

    With the same `command` sent again it is the agency that is there. For the office, and on the way to a disagreement
    it reaches: NotThere for everybody else.
    """
    now = at or clock.now()
    if access.relation(scope, disagreement, now) not in (Relation.OFFICE, Relation.OFFICE_DATES):
        raise NotThere
    key = f"outside-{(command or uuid4()).hex}"
    with transaction.atomic(durable=True):
        told = {"name": name, "kind": "outside", "on_service": False, "telephone": telephone, "address": address}
        agency, is_new = Agency.objects.get_or_create(key=key, defaults=told)
        if not is_new:
            return key
        Membership.objects.create(partnership_id=scope.partnership, agency=agency)
        note(Change.AGENCY_ADDED, scope.person, now, {}, partnership=scope.partnership, agency=key)
    return key
