"""Which disagreements somebody has: what needs them, what waits on others, their agency's or partnership's, what ended.

A list opens no records and logs no looks. It is cut to what its reader reaches before anything is counted, ordered or
filtered, and no count goes further than anybody reads: a list takes as long in a partnership of a million.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache, reduce
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection

from commonground import fence
from commonground.core.procedure import Key
from commonground.core.standing import NOTHING, Phase, Standing
from commonground.people import access
from commonground.people.access import Scope
from commonground.record.codec import shown_of_text
from commonground.sql import run
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

    lists: tuple[Which, ...]
    """Those its reader has."""
    which: Which
    rows: tuple[Listed, ...]
    page: int
    more: bool
    """Whether another page comes after this one."""
    counts: Mapping[Which, int]
    """Of each list but PAST: without filters, and never more than MOST + 1, which is "more than MOST"."""
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
    here = reached(scopes)
    lists = _lists(scope.partnership, scopes, here)
    which = which if which in lists_for(scopes) else Which.NEEDS_ME
    page = max(1, min(page, MOST // A_PAGE))
    start = (page - 1) * A_PAGE
    if which is Which.PAST:
        found = _rows(_had(scopes), "reference", start)  # no filters: they ask how something stands now
        rows = _past(found[:A_PAGE], scopes)
    else:
        order = "ended_at DESC, reference DESC" if which is Which.ENDED else "next_due_at, reference"
        found = _rows(lists[which].also(narrowed(scope.partnership, filters)), order, start)
        rows = tuple(listed(row, scopes) for row in found[:A_PAGE])
    late = Where("phase = %s AND next_due_at < %s", (Phase.OPEN, clock.now()))
    *counts, overdue = _counts([*lists.values(), here.also(late)])
    return Listing(
        lists=lists_for(scopes),
        which=which,
        rows=rows,
        page=page,
        more=len(found) > A_PAGE and start + A_PAGE < MOST,
        counts=dict(zip(lists, counts, strict=True)),
        overdue=overdue,
    )


# --- Which rows -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Where:
    """What is asked of standings, as SQL and its values: a list is opened often, and the ORM takes longer to say it."""

    sql: str
    values: tuple[Any, ...] = ()

    def also(self, other: Where | None) -> Where:
        """This will ask for both."""
        return self if other is None else Where(f"{self.sql} AND {other.sql}", (*self.values, *other.values))


def reached(scopes: Sequence[Scope], *, former: bool = False, with_words: bool = False) -> Where:
    """This will ask for what somebody reaches; all of a partnership without asking for each, where they do."""
    for scope in scopes:
        # A seat in another partnership's office must not open all of this one.
        fence.only(scope.partnership)
    if access.reaches_all(scopes) and not with_words:
        return Where("partnership = %s", (scopes[0].partnership,))
    sql, values = _reach(tuple(scopes), fence.here(), former, with_words)
    now = clock.now()
    # What is reached is in the scopes' partnership; said again, because what holds it there is one statement away.
    return Where(
        f"disagreement IN ({sql}) AND {fence.HERE.format('partnership')}",
        (*(now if value == _stored_at() else value for value in values), fence.here()),
    )


_AT: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""Stands for the present where a query is kept that asks for it."""


@lru_cache(maxsize=1024)
def _reach(scopes: tuple[Scope, ...], _here: str | None, former: bool, with_words: bool) -> tuple[str, tuple[Any, ...]]:
    """Say what scopes reach in SQL. It takes as long as asking for it, and is the same for the same seats."""
    query = access.within_reach_query(scopes, _AT, former=former, with_words=with_words).query
    try:
        sql, values = query.sql_with_params()
    except EmptyResultSet:
        return "SELECT disagreement FROM parts WHERE 1 = 0", ()
    return sql, tuple(values)


def _stored_at() -> Any:
    return connection.ops.adapt_datetimefield_value(_AT)


def _lists(partnership: Key, scopes: Sequence[Scope], here: Where) -> dict[Which, Where]:
    """Give what each list that is counted asks for, of what its reader reaches."""
    mine = [scope.seat for scope in scopes]
    is_mine = " OR ".join(["(owner_agency = %s AND owner_post = %s)"] * len(mine))
    owners = tuple(value for seat in mine for value in (seat.agency, seat.post))
    still_open = here.also(Where("phase = %s", (Phase.OPEN,)))
    own = tuple(dict.fromkeys(seat.agency for seat in mine))
    sides = f"""disagreement IN (SELECT disagreement FROM parties
        WHERE partnership_id = %s AND side <> '' AND agency_id IN ({", ".join(["%s"] * len(own))}))"""  # noqa: S608
    # Found by owner: for whoever reaches all, the whole partnership would be looked through for what is theirs.
    within = Where(fence.HERE.format("partnership"), (partnership,)) if access.reaches_all(scopes) else here
    every = {
        Which.NEEDS_ME: within.also(Where(f"({is_mine})", owners)),
        Which.WAITING: still_open.also(Where(f"(owner_post IS NULL OR NOT ({is_mine}))", owners)),
        Which.AGENCY: still_open.also(Where(sides, (partnership, *own))),
        Which.PARTNERSHIP: still_open,
        Which.ENDED: here.also(Where("phase = %s", (Phase.ENDED,))),
    }
    return {which: every[which] for which in lists_for(scopes) if which in every}


def where_of(scopes: Sequence[Scope], which: Which) -> Where:
    """This will give what one of somebody's lists asks for, of what they reach. Not the one of what they had."""
    return _lists(scopes[0].partnership, scopes, reached(scopes))[which]


def _had(scopes: Sequence[Scope]) -> Where:
    """Ask for what somebody had a part in, and has none now."""
    now = reached(scopes)
    return reached(scopes, former=True).also(Where(f"NOT ({now.sql})", now.values))


def narrowed(partnership: Key, filters: Filters) -> Where | None:
    """This will ask for what filters ask for; None where they ask for nothing."""
    now = clock.now()
    asked: list[Where] = []
    if filters.agency:
        party = "disagreement IN (SELECT disagreement FROM parties WHERE partnership_id = %s AND agency_id = %s)"
        asked.append(Where(party, (partnership, filters.agency)))
    if filters.stage:
        asked.append(Where("procedure = %s AND route = %s AND stage = %s", _stage(filters.stage)))
    if filters.urgent:
        asked.append(Where("urgent"))
    match filters.due:
        case DueWhen.OVERDUE:
            asked.append(Where("next_due_at < %s", (now,)))
        case DueWhen.SOON:
            asked.append(Where("next_due_at >= %s AND next_due_at < %s", (now, now + SOON)))
        case DueWhen.LATER:
            asked.append(Where("next_due_at >= %s", (now + SOON,)))
        case None:
            pass
    return reduce(Where.also, asked) if asked else None


def _stage(text: str) -> tuple[str, str, str]:
    procedure, route, stage = [*text.split("/"), "", ""][:3]
    return procedure, route, stage


# --- Asking for them --------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """What a list needs of a standing."""

    disagreement: UUID
    reference: str
    procedure_digest: str
    phase: str
    owner_agency: str | None
    owner_post: str | None
    urgent: bool
    shown: str


_COLUMNS: Final = ", ".join(Row._fields)


def _rows(where: Where, order: str, start: int) -> list[Row]:
    page = f"ORDER BY {order} LIMIT {A_PAGE + 1} OFFSET {start}"
    return rows_where(where, page)


def rows_where(where: Where, then: str = "") -> list[Row]:
    """This will read the rows that are asked for; `then` orders and cuts them."""
    found = run(f"SELECT {_COLUMNS} FROM standings WHERE {where.sql} {then}", where.values).fetchall()  # noqa: S608
    return [Row(as_uuid(whose), *rest) for whose, *rest in found]


def as_uuid(value: UUID | str) -> UUID:
    """This will give an id as the driver gave it: SQLite keeps text."""
    return value if isinstance(value, UUID) else UUID(value)


def _counts(several: Sequence[Where]) -> list[int]:
    cut = f"LIMIT {MOST + 1}"
    counted = [f"(SELECT count(*) FROM (SELECT 1 FROM standings WHERE {one.sql} {cut}) q)" for one in several]  # noqa: S608
    return list(run(f"SELECT {', '.join(counted)}", [value for one in several for value in one.values]).fetchone())


# --- What is said of each ---------------------------------------------------------------------------------------------


def _past(rows: Sequence[Row], scopes: Sequence[Scope]) -> tuple[Listed, ...]:
    now = clock.now()
    reaches = access.reaches_of(scopes, [row.disagreement for row in rows], now)
    ended = {one: [reach.until for reach in several if reach.until] for one, several in reaches.items()}
    return tuple(listed(row, scopes, max(ended[row.disagreement], default=now)) for row in rows)


@lru_cache(maxsize=4096)  # a list is looked at more often than it changes
def _standing(phase: str, text: str) -> Standing:
    shown = shown_of_text(text)
    return replace(NOTHING, phase=Phase(phase), entered=shown.entered, waits=shown.waits, ended=shown.ended)


def listed(row: Row, scopes: Sequence[Scope], until: datetime | None = None) -> Listed:
    """This will give what a list shows of a standing, from its row alone; `until` is when its reader's part ended."""
    if until is not None:
        return Listed(row.reference, row.procedure_digest, NOTHING, urgent=False, mine=False, until=until)
    return Listed(
        reference=row.reference,
        procedure_digest=row.procedure_digest,
        standing=_standing(row.phase, row.shown),
        urgent=bool(row.urgent),
        mine=any((row.owner_agency, row.owner_post) == (scope.seat.agency, scope.seat.post) for scope in scopes),
    )
