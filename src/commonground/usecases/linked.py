"""Disagreements that belong together: brothers and sisters, both sides raising at once, one that was raised before.

A link stands in both records. It is shown to people who reach both, and to nobody else: there is no act in their
timeline, no reference and no count, so that they do not learn that the other is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4, uuid5

from django.db.models import QuerySet

from commonground import fence
from commonground.core.acts import Act, Flag, Flags, Opened, Raise
from commonground.core.standing import Phase
from commonground.people import access
from commonground.people.access import Scope
from commonground.people.models import Party
from commonground.record import store
from commonground.record.models import StandingRow
from commonground.usecases import clock
from commonground.usecases.handle import Asking, NotThere, handle
from commonground.usecases.reading import Reading, find_for

AT_ONCE: Final = timedelta(days=14)
"""How far apart two are raised, at most, for us to ask whether they belong together."""


class ItselfAgain(ValueError):
    """A disagreement is not linked to itself."""


def links(scopes: Sequence[Scope], acts: Iterable[Act], at: datetime | None = None) -> Mapping[UUID, str]:
    """This will give the disagreements that acts link to and somebody reaches, by their ids: their references."""
    named = tuple(dict.fromkeys(linked for act in acts for linked in linked_by(act)))
    found: dict[UUID, str] = {}
    for seats in access.by_partnership(scopes) if named else ():
        found |= _reached(seats[0], seats, named, at or clock.now())
    return found


@fence.entered
def _reached(_: Scope, scopes: Sequence[Scope], named: Sequence[UUID], at: datetime) -> dict[UUID, str]:
    """Give those that several seats in one partnership reach, with their references."""
    reached = [one for one in named if any(found.relation for found in access.reaches(scopes, one, at))]
    rows = StandingRow.objects.filter(disagreement__in=reached).values_list("disagreement", "reference")
    return dict(rows) if reached else {}


def linked_by(act: Act) -> tuple[UUID, ...]:
    """This will give what an act links its disagreement to."""
    match act.ask:
        case Raise(linked=linked):
            return linked
        case Flag(flag=Flags.LINKED, linked=UUID() as linked):
            return (linked,)
        case _:
            return ()


def link(
    scopes: Sequence[Scope], reading: Reading, reference: str, id_: UUID | None = None, at: datetime | None = None
) -> None:
    """This will link the disagreement that somebody reads to another they reach, in both records.

    Sent twice it is one link. NotThere for a reference that none of the scopes reaches, as for one that nobody has.
    """
    now = at or clock.now()
    there, other = find_for(scopes, reference.strip(), at=now)
    if other == reading.disagreement:
        raise ItselfAgain(reference)
    command = id_ or uuid4()
    if other not in {one for act in reading.acts for one in linked_by(act)}:
        handle(reading.scope, reading.disagreement, Asking(Flag(Flags.LINKED, linked=other), id=command), at=now)
    link_back(there, other, reading.disagreement, command, now)


@fence.entered
def link_back(scope: Scope, other: UUID, disagreement: UUID, command: UUID, at: datetime | None = None) -> None:
    """This will say in the other's record what one record says already. `command` is the one that said it there."""
    if disagreement not in {one for act in store.read(other) for one in linked_by(act)}:
        asking = Asking(Flag(Flags.LINKED, linked=disagreement), id=uuid5(command, str(other)))
        handle(scope, other, asking, at=at or clock.now())


def find_linked(scopes: Sequence[Scope], reference: str) -> tuple[Scope, UUID] | None:
    """This will give the disagreement that somebody means to link, with the seat they reach it from; None for none."""
    if not reference.strip():
        return None  # mostly nobody means any
    try:
        return find_for(scopes, reference.strip())
    except NotThere:
        return None


def raised_at_once(scopes: Sequence[Scope], reading: Reading) -> tuple[str, ...]:
    """This will give the references of other open ones between the same two agencies, raised about the same time.

    Only of those that somebody reaches, the newest first.
    """
    opened = reading.standing.opened
    if opened is None or not opened.responding:
        return ()
    there = [one for seats in access.by_partnership(scopes) for one in _at_once(seats[0], seats, reading, opened)]
    return tuple(there[:5])


@fence.entered
def _at_once(_: Scope, scopes: Sequence[Scope], reading: Reading, opened: Opened) -> tuple[str, ...]:
    """Give those that several seats in one partnership reach."""
    since = opened.raised_at - AT_ONCE
    known = {one for act in reading.acts for one in linked_by(act)} | {reading.disagreement}
    found = (
        StandingRow.objects.filter(disagreement__in=access.within_reach_query(scopes, reading.at), phase=Phase.OPEN)
        .filter(disagreement__in=_between(opened.challenging, since))
        .filter(disagreement__in=_between(opened.responding, since))
        .exclude(disagreement__in=known)
    )
    return tuple(found.order_by("-pk").values_list("reference", flat=True)[:5])


def _between(agencies: Sequence[str], since: datetime) -> QuerySet[Party, UUID]:
    sided = Party.objects.filter(agency_id__in=agencies, from_at__gte=since).exclude(side="")
    return sided.values_list("disagreement", flat=True)
