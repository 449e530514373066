"""Which disagreements somebody has: what needs them, what waits on others, their agency's or partnership's, what ended.

A list opens no records and logs no looks. It is cut to what its reader reaches before anything is counted, ordered or
filtered, and no count goes further than anybody reads: a list takes as long in a partnership of a million.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db.models import F, Q, QuerySet

from commonground import fence
from commonground.core.procedure import Key
from commonground.core.standing import NOTHING, Phase, Standing
from commonground.people import access
from commonground.people.access import Scope
from commonground.people.models import Party
from commonground.record.codec import shown_of_text
from commonground.record.models import StandingRow
from commonground.usecases import clock

A_PAGE: Final = 50
MOST: Final = 1000
"""As far as a list is counted and paged through: more than anybody reads. Filters find what comes after."""
SOON: Final = timedelta(days=2)
"""What is due within this is about to be."""


class Which(StrEnum):
    """A list. Not everybody has each of them (`lists_for`)."""

    NEEDS_ME = "needs-me"
    WAITING = "waiting"
    AGENCY = "agency"
    PARTNERSHIP = "partnership"
    ENDED = "ended"
    PAST = "past"
    """What its reader had a part in, until then: by reference alone, as how it stands now is not theirs to see."""


class DueWhen(StrEnum):
    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. Empty: everything. A key that nothing has finds nothing, and is no mistake."""

    agency: Key = ""
    """An agency with a part in it."""
    stage: str = ""
    """As `procedure/route/stage`."""
    due: DueWhen | None = None
    urgent: bool = False

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True)
class Listed:
    """One disagreement in a list: no names, and nothing that anybody typed."""

    reference: str
    procedure_digest: str
    standing: Standing
    """Only what a list shows of it: the phase, the stage now open, what it waits for, and how it ended."""
    urgent: bool
    mine: bool
    """Whether its next move is the reader's."""
    until: datetime | None = None
    """For what its reader had a part in until then. Nothing else is said of it: `standing` is empty."""


@dataclass(frozen=True)
class Listing:
    """One page of one list, and how long every list of its reader is."""

    which: Which
    rows: tuple[Listed, ...]
    page: int
    more: bool
    """Whether another page comes after this one."""
    counts: Mapping[Which, int]
    """Without filters, and never more than MOST + 1: that many is "more than"."""
    overdue: int
    """Of the open ones its reader reaches, counted in the same way."""


def lists_for(scopes: Sequence[Scope]) -> tuple[Which, ...]:
    """This will say which lists somebody has, in the order they are shown."""
    if access.reaches_all(scopes):
        return (Which.NEEDS_ME, Which.PARTNERSHIP, Which.ENDED)
    if all(scope.only is not None for scope in scopes):
        return (Which.NEEDS_ME, Which.WAITING, Which.ENDED)
    return (Which.NEEDS_ME, Which.WAITING, Which.AGENCY, Which.ENDED, Which.PAST)


def list_of(
    scopes: Sequence[Scope], which: Which = Which.NEEDS_ME, filters: Filters | None = None, page: int = 1
) -> Listing:
    """This will give one page of a list of somebody, from all their seats in one partnership.

    The soonest due comes first, so what is overdue; of what has ended, the latest. A list they have not is their first
    one; a page there is not is the nearest that there may be.
    """
    return _list_of(scopes[0], scopes, which, filters or Filters(), page)


@fence.entered
def _list_of(scope: Scope, scopes: Sequence[Scope], which: Which, filters: Filters, page: int) -> Listing:
    lists = _lists(scope.partnership, scopes)
    which = which if which in lists else Which.NEEDS_ME
    page = max(1, min(page, MOST // A_PAGE))
    rows = narrowed(lists[which], scope.partnership, filters)
    order = (
        (F("ended_at").desc(), F("reference").desc()) if which is Which.ENDED else (F("next_due_at"), F("reference"))
    )
    start = (page - 1) * A_PAGE
    found = list(rows.order_by(*order)[start : start + A_PAGE + 1])
    still_open = lists.get(Which.PARTNERSHIP) or _reached(scopes).filter(phase=Phase.OPEN)
    return Listing(
        which=which,
        rows=_past(found[:A_PAGE], scopes)
        if which is Which.PAST
        else tuple(listed(row, scopes) for row in found[:A_PAGE]),
        page=page,
        more=len(found) > A_PAGE and start + A_PAGE < MOST,
        counts={one: _count(several) for one, several in lists.items()},
        overdue=_count(still_open.filter(next_due_at__lt=clock.now())),
    )


_ORDER: Final[Mapping[Which, tuple[Any, ...]]] = {
    Which.ENDED: (F("ended_at").desc(), F("reference").desc()),
    Which.PAST: (F("reference"),),
}


def _past(rows: Sequence[StandingRow], scopes: Sequence[Scope]) -> tuple[Listed, ...]:
    reaches = access.reaches_of(scopes, [row.disagreement for row in rows], clock.now())
    untils = {
        one: max((reach.until for reach in several if reach.until), default=None) for one, several in reaches.items()
    }
    return tuple(listed(row, scopes, untils[row.disagreement] or clock.now()) for row in rows)


def _lists(partnership: Key, scopes: Sequence[Scope]) -> dict[Which, QuerySet[StandingRow]]:
    reached, mine = _reached(scopes), whose_move(scopes)
    still_open, ended = reached.filter(phase=Phase.OPEN), reached.filter(phase=Phase.ENDED)
    own = {scope.seat.agency for scope in scopes}
    sides = Party.objects.filter(~Q(side=""), partnership=partnership, agency__in=own).values("disagreement")
    every = {
        Which.NEEDS_ME: reached.filter(mine),
        Which.WAITING: still_open.exclude(mine, owner_post__isnull=False),
        Which.AGENCY: still_open.filter(disagreement__in=sides),
        Which.PARTNERSHIP: still_open,
        Which.ENDED: ended,
        Which.PAST: _had(scopes),
    }
    return {which: every[which] for which in lists_for(scopes)}


def _reached(scopes: Sequence[Scope]) -> QuerySet[StandingRow]:
    """Give the standings of what somebody reaches; all of a partnership without asking for each, where they do."""
    if access.reaches_all(scopes):
        return StandingRow.objects.filter(partnership=scopes[0].partnership)
    return StandingRow.objects.filter(disagreement__in=access.within_reach_query(scopes, clock.now(), former=False))


def _had(scopes: Sequence[Scope]) -> QuerySet[StandingRow]:
    """Give the standings of what somebody had a part in, and has none now."""
    now = clock.now()
    return StandingRow.objects.filter(disagreement__in=access.within_reach_query(scopes, now)).exclude(
        disagreement__in=access.within_reach_query(scopes, now, former=False)
    )


def narrowed(rows: QuerySet[StandingRow], partnership: Key, filters: Filters) -> QuerySet[StandingRow]:
    """This will leave of the rows what filters ask for."""
    now = clock.now()
    if filters.agency:
        parties = Party.objects.filter(partnership=partnership, agency=filters.agency)
        rows = rows.filter(disagreement__in=parties.values("disagreement"))
    if filters.stage:
        procedure, route, stage = [*filters.stage.split("/"), "", ""][:3]
        rows = rows.filter(procedure=procedure, route=route, stage=stage)
    if filters.urgent:
        rows = rows.filter(urgent=True)
    match filters.due:
        case DueWhen.OVERDUE:
            rows = rows.filter(next_due_at__lt=now)
        case DueWhen.SOON:
            rows = rows.filter(next_due_at__gte=now, next_due_at__lt=now + SOON)
        case DueWhen.LATER:
            rows = rows.filter(next_due_at__gte=now + SOON)
        case None:
            pass
    return rows


def whose_move(scopes: Sequence[Scope]) -> Q:
    """This will give the condition that a disagreement's next move is one of these seats'."""
    mine = Q(pk__in=[])
    for scope in scopes:
        mine |= Q(owner_agency=scope.seat.agency, owner_post=scope.seat.post)
    return mine


def _count(rows: QuerySet[Any]) -> int:
    return rows.order_by()[: MOST + 1].count()


def listed(row: StandingRow, scopes: Sequence[Scope], until: datetime | None = None) -> Listed:
    """This will give what a list shows of a standing, from its row alone; `until` is when its reader's part ended."""
    if until is not None:
        return Listed(row.reference, row.procedure_digest, NOTHING, urgent=False, mine=False, until=until)
    shown = shown_of_text(row.shown)
    return Listed(
        reference=row.reference,
        procedure_digest=row.procedure_digest,
        standing=replace(NOTHING, phase=Phase(row.phase), entered=shown.entered, waits=shown.waits, ended=shown.ended),
        urgent=row.urgent,
        mine=any((row.owner_agency, row.owner_post) == (scope.seat.agency, scope.seat.post) for scope in scopes),
    )
