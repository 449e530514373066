"""The one place that says what a signed-in person may reach. Deny by default; relation decides, not rank.

Every query that reads a disagreement asks here for a `Scope` first. What somebody may not reach and what does not exist
look the same to them: both are simply not there.

The rules today (access by party): you reach a disagreement that your agency is on a side of, or was brought into; the
partnership's office reaches its own partnership's. An agency's own words stay in that agency.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from commonground.core.acts import Actor, Audience, PostRef
from commonground.core.procedure import OFFICE, Key
from commonground.people.models import Agency, Holding, Look, Party
from commonground.sql import run


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


class Reach(NamedTuple):
    """What the door asks first, in one look at the database."""

    relation: Relation | None
    """Why the scope reaches the disagreement; None where it doesn't, or where there is no such thing."""
    directory: int
    """How often the scope's partnership has changed its directory (directory.py)."""


def relation(scope: Scope, disagreement: UUID) -> Relation | None:
    """This will say why a scope reaches a disagreement; None where it doesn't, or where there is no such thing."""
    return reach(scope, disagreement).relation


def reach(scope: Scope, disagreement: UUID) -> Reach:
    """This will say the same, and how new the directory is that a command is to be answered by."""
    found = run(_REACH, [disagreement, disagreement, scope.seat.agency, scope.partnership]).fetchone()
    directory, known, side = found or (0, False, None)
    return Reach(_relation(scope, side) if known else None, directory)


_REACH: Final = """SELECT directory,
    EXISTS (SELECT 1 FROM parties WHERE disagreement = %s AND partnership_id = partnerships.key),
    (SELECT side FROM parties WHERE disagreement = %s AND partnership_id = partnerships.key AND agency_id = %s)
    FROM partnerships WHERE key = %s"""


def _relation(scope: Scope, side: str | None) -> Relation | None:
    """Say why a scope reaches a disagreement of its partnership in which its agency has this side; None for no part."""
    if scope.clock:
        return Relation.CLOCK
    if side == "challenging":
        return Relation.CHALLENGING
    if side == "responding":
        return Relation.RESPONDING
    if scope.office:
        return Relation.OFFICE
    return Relation.BROUGHT_IN if side is not None else None


def within_reach(scope: Scope) -> tuple[UUID, ...]:
    """This will list every disagreement that a scope reaches."""
    return tuple(within_reach_query(scope))


def within_reach_query(scope: Scope) -> QuerySet[Party, UUID]:
    """This will give the same as a query, for use inside another: a list must not fetch what it does not show."""
    parties = Party.objects.filter(partnership_id=scope.partnership)
    if not (scope.office or scope.clock):
        parties = parties.filter(agency_id=scope.seat.agency)
    return parties.values_list("disagreement", flat=True).distinct()


def may_read(scope: Scope, audience: Audience, controller: Key) -> bool:
    """This will say whether a scope that reaches a disagreement may read a piece of words in it."""
    match audience:
        case Audience.OWN_AGENCY:
            return controller == scope.seat.agency
        case Audience.PARTIES:
            return not scope.clock
        case Audience.PARTNERSHIP:
            return not scope.clock


def join(scope: Scope, disagreement: UUID, parts: Iterable[tuple[Key, str]], at: datetime) -> None:
    """This will make agencies parties, from `at` on; or put those that were brought in on a side, for good."""
    best: dict[Key, str] = {}
    for agency, side in parts:
        best[agency] = side or best.get(agency, "")
    if not best:
        return
    rows = [(scope.partnership, disagreement, agency, side, at) for agency, side in best.items()]
    run(_join(len(rows)), [value for row in rows for value in row])


@cache
def _join(rows: int) -> str:
    return f"""INSERT INTO parties (partnership_id, disagreement, agency_id, side, from_at)
        VALUES {", ".join(["(%s, %s, %s, %s, %s)"] * rows)}
        ON CONFLICT (disagreement, agency_id)
        DO UPDATE SET side = CASE WHEN excluded.side = '' THEN parties.side ELSE excluded.side END"""  # noqa: S608


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
