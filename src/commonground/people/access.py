"""The one place that says what a signed-in person may reach. Deny by default; relation decides, not rank.

Every query that reads a disagreement asks here for a `Scope` first. What somebody may not reach and what does not exist
look the same to them: both are simply not there.

The rules today (access by party): you reach a disagreement that your agency is on a side of, or was brought into; the
partnership's office reaches its own partnership's. An agency's own words stay in that agency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from commonground.core.acts import Actor, Audience, PostRef
from commonground.core.procedure import OFFICE, Key
from commonground.people.models import Agency, Holding, Look, Party


class Relation(StrEnum):
    """Why somebody could look."""

    CHALLENGING = "challenging side"
    RESPONDING = "responding side"
    BROUGHT_IN = "brought in"
    OFFICE = "partnership office"
    CLOCK = "the service's own clock"


@dataclass(frozen=True)
class Scope:
    """Who asks, for which agency and post, in which partnership. Made by this module only."""

    person: Key
    seat: PostRef
    partnership: Key
    office: bool = False
    clock: bool = False

    @property
    def actor(self) -> Actor:
        """The same, as acts name it."""
        return Actor(self.person, self.seat)


def scopes_of(person: Key, today: date) -> tuple[Scope, ...]:
    """This will give every seat that a person holds today, themselves or as a deputy; none for anybody else."""
    now = Q(from_on__lte=today) & (Q(to_on__isnull=True) | Q(to_on__gte=today))
    holdings = Holding.objects.filter(now, person_id=person).select_related("post__agency").order_by("deputy", "id")
    return tuple(
        Scope(
            person,
            PostRef(holding.post.agency_id, holding.post.post),
            holding.post.agency.partnership_id,
            office=holding.post.agency.kind == "partnership" and holding.post.post == OFFICE,
        )
        for holding in holdings
    )


def clock_scope(partnership: Key) -> Scope:
    """This will give the scope of the service's own clock in a partnership: it records silence and dates only."""
    office = Agency.objects.get(partnership_id=partnership, kind="partnership")
    return Scope("clock", PostRef(office.key, OFFICE), partnership, office=True, clock=True)


def relation(scope: Scope, disagreement: UUID) -> Relation | None:
    """This will say why a scope reaches a disagreement; None where it doesn't, or where there is no such thing."""
    parties = {
        party.agency_id: party.side
        for party in Party.objects.filter(disagreement=disagreement, partnership_id=scope.partnership)
    }
    if not parties:
        return None
    if scope.clock:
        return Relation.CLOCK
    side = parties.get(scope.seat.agency)
    if side == "challenging":
        return Relation.CHALLENGING
    if side == "responding":
        return Relation.RESPONDING
    if scope.office:
        return Relation.OFFICE
    return Relation.BROUGHT_IN if side is not None else None


def within_reach(scope: Scope) -> tuple[UUID, ...]:
    """This will list every disagreement that a scope reaches."""
    parties = Party.objects.filter(partnership_id=scope.partnership)
    if not (scope.office or scope.clock):
        parties = parties.filter(agency_id=scope.seat.agency)
    return tuple(parties.values_list("disagreement", flat=True).distinct())


def may_read(scope: Scope, audience: Audience, controller: Key) -> bool:
    """This will say whether a scope that reaches a disagreement may read a piece of words in it."""
    match audience:
        case Audience.OWN_AGENCY:
            return controller == scope.seat.agency
        case Audience.PARTIES:
            return not scope.clock
        case Audience.PARTNERSHIP:
            return not scope.clock


def join(scope: Scope, disagreement: UUID, agency: Key, side: str, at: datetime) -> None:
    """This will make an agency a party, from `at` on; or put one that was brought in on a side."""
    party, made = Party.objects.get_or_create(
        disagreement=disagreement,
        agency_id=agency,
        defaults={"partnership_id": scope.partnership, "side": side, "from_at": at},
    )
    if not made and side and party.side != side:
        party.side = side
        party.save(update_fields=["side"])


def looked(scope: Scope, disagreement: UUID, why: Relation, at: datetime) -> None:
    """This will log that somebody read a disagreement."""
    if not scope.clock:
        Look.objects.create(
            disagreement=disagreement,
            person=scope.person,
            agency=scope.seat.agency,
            post=scope.seat.post,
            relation=why,
            looked_at=at,
        )


def who_looked(scope: Scope, disagreement: UUID) -> tuple[Look, ...]:
    """This will list who read a disagreement, newest first; nothing for a scope that does not reach it."""
    if relation(scope, disagreement) is None:
        return ()
    return tuple(Look.objects.filter(disagreement=disagreement).order_by("-looked_at", "-id"))
