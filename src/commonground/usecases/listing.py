"""Which disagreements somebody has, and which of them wait for this person: the rows of "My list"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from django.db.models import Q, QuerySet

from commonground import fence
from commonground.core.standing import NOTHING, Phase, Standing
from commonground.people import access
from commonground.people.access import Scope
from commonground.record.codec import shown_of_text
from commonground.record.models import StandingRow
from commonground.usecases import clock

MOST = 200
"""How many rows one list shows: more than anybody reads. What is due soonest is always among them."""


@dataclass(frozen=True)
class Listed:
    """One disagreement in a list: no names, and nothing that anybody typed."""

    reference: str
    procedure_digest: str
    standing: Standing
    """Only what a list shows of it: the phase, the stage now open, what it waits for, and how it ended."""


@dataclass(frozen=True)
class Lists:
    """A person's disagreements. `left_out` says how many more wait on others or have ended than are shown."""

    needs_me: tuple[Listed, ...]
    waiting: tuple[Listed, ...]
    ended: tuple[Listed, ...]
    left_out: int


def lists_of(scopes: Sequence[Scope]) -> Lists:
    """This will list what somebody reaches from all their seats: what waits for them, for others, and what ended."""
    return _merged([_lists_in(seats[0], seats) for seats in access.by_partnership(scopes)])


@fence.entered
def _lists_in(_: Scope, scopes: Sequence[Scope]) -> Lists:
    """List what somebody reaches from their seats in one partnership."""
    rows = StandingRow.objects.filter(disagreement__in=access.within_reach_query(scopes, clock.now()))
    mine = Q(pk__in=[])
    for scope in scopes:
        mine |= Q(partnership=scope.partnership, owner_agency=scope.seat.agency, owner_post=scope.seat.post)
    others = rows.exclude(mine, owner_post__isnull=False)
    soonest_first = ("next_due_at", "reference")
    waiting = others.filter(phase=Phase.OPEN).order_by(*soonest_first)
    ended = others.filter(phase=Phase.ENDED).order_by("-pk")
    shown = (*_listed(waiting[:MOST]),), (*_listed(ended[:MOST]),)
    left_out = waiting.count() + ended.count() - len(shown[0]) - len(shown[1])
    return Lists(
        needs_me=tuple(_listed(rows.filter(mine).order_by(*soonest_first))),
        waiting=shown[0],
        ended=tuple(sorted(shown[1], key=_latest_first)),
        left_out=left_out,
    )


def _merged(lists: Sequence[Lists]) -> Lists:
    """Make one of the lists of several partnerships, as long as one is."""
    if len(lists) == 1:
        return lists[0]
    waiting = sorted((row for one in lists for row in one.waiting), key=_soonest_first)
    ended = sorted((row for one in lists for row in one.ended), key=_latest_first)
    return Lists(
        needs_me=tuple(sorted((row for one in lists for row in one.needs_me), key=_soonest_first)),
        waiting=tuple(waiting[:MOST]),
        ended=tuple(ended[:MOST]),
        left_out=sum(one.left_out for one in lists) + len(waiting[MOST:]) + len(ended[MOST:]),
    )


def _soonest_first(row: Listed) -> tuple[float, str]:
    due = row.standing.waits.due if row.standing.waits else None
    return (due.at.timestamp() if due else inf, row.reference)


def _latest_first(row: Listed) -> tuple[float, str]:
    ended = row.standing.ended
    return (-ended.at.timestamp() if ended else 0.0, row.reference)


def _listed(rows: QuerySet[StandingRow]) -> list[Listed]:
    return [Listed(row.reference, row.procedure_digest, _standing(row)) for row in rows]


def _standing(row: StandingRow) -> Standing:
    """Give what a list shows of a standing, from its row alone: a list opens no records, and logs no looks."""
    shown = shown_of_text(row.shown)
    return replace(NOTHING, phase=Phase(row.phase), entered=shown.entered, waits=shown.waits, ended=shown.ended)
