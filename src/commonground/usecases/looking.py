"""Looking outside one's relation: for a typed reason, told to both sides, and for a while only.

Open to whoever may know that the disagreement is there: the partnership's office, its scrutineer, and people of an
agency on either side. To everybody else, and for a reference that nobody has, the answer is the same: not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from commonground import fence
from commonground.core.acts import PostRef, Side
from commonground.core.procedure import Key
from commonground.core.standing import standing
from commonground.core.telling import Beside, Notice
from commonground.outbox import messages
from commonground.people import access
from commonground.people.access import Reader, Scope
from commonground.people.functions import Function
from commonground.people.models import Look, Opening
from commonground.people.staffing import staffing_of
from commonground.record import store
from commonground.record.models import StandingRow
from commonground.usecases import clock
from commonground.usecases.handle import NotThere
from commonground.usecases.reading import Reading, row_or_next
from commonground.usecases.situation import setting_for

LASTS: Final = timedelta(hours=8)
"""A working day. Who needs longer gives a reason again, and it is told again."""


class ReasonMissing(ValueError):
    """Looking outside one's relation takes a reason in words."""


def look_outside(
    scopes: Sequence[Scope], reference: str, reason: str, at: datetime | None = None
) -> tuple[Scope, UUID]:
    """This will let somebody look at a disagreement for a reason, until LASTS from now, and tell both sides' leads.

    Gives the seat they look in, and which disagreement. The same reason sent again while it is open changes nothing.
    ReasonMissing for an empty reason; NotThere for what they may
    not know of, and for what does not exist.
    """
    now = at or clock.now()
    if not reason.strip():
        raise ReasonMissing
    for seats in access.by_partnership(scopes):
        if (found := _looking(seats[0], seats, reference, reason.strip(), now)) is not None:
            return found
    raise NotThere


@fence.entered
def _looking(
    here: Scope, scopes: Sequence[Scope], reference: str, reason: str, now: datetime
) -> tuple[Scope, UUID] | None:
    """Let the first of several seats in one partnership look that may. None where none may."""
    row = row_or_next(here.partnership, reference)
    disagreement = row.disagreement if row is not None else uuid4()
    may = [scope for scope in scopes if access.may_look_for_a_reason(scope, disagreement)]
    if row is None or row.reference != reference.upper() or not may:
        return None
    scope = may[0]
    given = {
        "partnership_id": scope.partnership,
        "disagreement": disagreement,
        "person": scope.person,
        "agency": scope.seat.agency,
        "post": scope.seat.post,
        "reason": reason,
    }
    with transaction.atomic(durable=True):
        store.hold(disagreement)  # pressed twice at once: the second waits, and finds the first
        if not Opening.objects.filter(**given, to_at__gt=now).exists():
            Opening.objects.create(**given, from_at=now, to_at=now + LASTS)
            _tell_leads(scope, disagreement, row, now)
    return scope, disagreement


def _tell_leads(scope: Scope, disagreement: UUID, row: StandingRow, now: datetime) -> None:
    setting = setting_for(scope.partnership, row.procedure_digest)
    notices = [Notice(post, Beside.LOOKED_OUTSIDE, to_act=False) for post in leads_of(scope, disagreement)]
    messages.queue(disagreement, row.reference, row.position, notices, setting.calendar, now)


@fence.entered
def leads_of(scope: Scope, disagreement: UUID) -> tuple[PostRef, ...]:
    """This will give each side's safeguarding leads; for an agency without one, the post that has its side's move."""
    here = standing(store.read(disagreement))
    staffing = staffing_of(scope.partnership, clock.today())
    found: dict[PostRef, None] = {}
    for side in Side:
        agencies = here.challenging if side is Side.CHALLENGING else here.responding
        leads = [
            post
            for post in staffing.holders
            if post.agency in agencies and staffing.function(post) is Function.SAFEGUARDING_LEAD
        ]
        found |= dict.fromkeys(leads or [here.owner_of(side).post])
    return tuple(found)


@fence.entered
def openings_of(scope: Scope, disagreement: UUID, at: datetime | None = None) -> tuple[Opening, ...]:
    """This will list who looked for a reason they gave, newest first; nothing for a scope that does not reach it."""
    if access.relation(scope, disagreement, at or clock.now()) is None:
        return ()
    return tuple(Opening.objects.filter(disagreement=disagreement).order_by("-from_at", "-id"))


def readers_of(reading: Reading) -> tuple[Reader, ...]:
    """This will add up who read what somebody is reading, the last reader first."""
    return _readers_of(reading.scope, reading)


@fence.entered
def _readers_of(scope: Scope, reading: Reading) -> tuple[Reader, ...]:
    return access.readers(scope, reading.disagreement, reading.until)


@fence.entered
def looks_at(scope: Scope, disagreement: UUID, at: datetime | None = None) -> tuple[Look, ...]:
    """This will list who read a disagreement, newest first; nothing for a scope that does not reach it."""
    return access.who_looked(scope, disagreement, at or clock.now())


def first_opened_by(
    scope: Scope, disagreement: UUID, agencies: Sequence[Key], at: datetime | None = None
) -> datetime | None:
    """This will say when anybody of some agencies first read a disagreement: what its raiser waits to hear."""
    looks = looks_at(scope, disagreement, at)
    return min((look.looked_at for look in looks if look.agency in agencies), default=None)
