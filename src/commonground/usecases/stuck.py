"""Who is stuck, and with whom: the open disagreements that somebody reaches, by the post that has the move.

For a manager: those of their own agency, which they reach; need to know decides that, here as in every list. For the
partnership's office and its scrutineer: all of the partnership, by dates and posts alone. No words are read, and so no
look is logged.

How long one has waited counts from when the post that has the move got it, at the stage now open: a note that somebody
adds meanwhile does not make the wait shorter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from commonground import fence
from commonground.core.acts import Act, Entered, Owner, PostRef, Waits
from commonground.core.time import LONDON, Calendar
from commonground.people import access
from commonground.people.access import Scope
from commonground.people.directory import directory_of
from commonground.record.several import acts_of
from commonground.sql import run
from commonground.usecases import clock
from commonground.usecases.listing import MOST, Listed, Row, Where, Which, listed, rows_where, where_of
from commonground.usecases.opposite import Opposite, whom_to_ring
from commonground.usecases.situation import calendar_of

SHOWN: Final = 100
"""How many disagreements the page shows one by one: those that are due soonest. Each post's count has the others."""
LOOKED_THROUGH: Final = 40
"""How many of the last acts are looked through for when a post got the move. Before that, the stage's beginning."""


@dataclass(frozen=True)
class Waiting:
    """One disagreement that waits: since when its next move is this post's, and how many working days ago that was."""

    listed: Listed
    since: datetime
    working_days: int
    overdue: bool


@dataclass(frozen=True)
class Stuck:
    """One post that has moves: how many, how many are overdue, the soonest due of them, and whom to ring."""

    post: PostRef
    open: int
    overdue: int
    rows: tuple[Waiting, ...]
    ring: Opposite


@dataclass(frozen=True)
class WhoIsStuck:
    """All posts that have a move, those with what is overdue first. `cut`: there are more than were counted."""

    posts: tuple[Stuck, ...]
    open: int
    overdue: int
    cut: bool
    everywhere: bool
    """Whether it is of the whole partnership, and not of somebody's own agency."""


def who_is_stuck(scopes: Sequence[Scope]) -> WhoIsStuck:
    """This will say which posts have the moves that somebody may see, from all their seats in one partnership."""
    return _who_is_stuck(scopes[0], scopes)


@fence.entered
def _who_is_stuck(scope: Scope, scopes: Sequence[Scope]) -> WhoIsStuck:
    everywhere = access.reaches_all(scopes)
    asked = where_of(scopes, Which.PARTNERSHIP if everywhere else Which.AGENCY)
    counted, cut = _counted(asked)
    found = rows_where(asked, f"ORDER BY next_due_at, reference LIMIT {SHOWN}")
    acts = acts_of([row.disagreement for row in found], LOOKED_THROUGH)
    calendar = calendar_of(directory_of(scope.partnership, clock.today()).nation)
    rows: dict[PostRef, list[Waiting]] = {}
    for row in found:
        waiting = _waiting(row, scopes, acts.get(row.disagreement, ()), calendar)
        rows.setdefault(_owner(row), []).append(waiting)
    ring = whom_to_ring(scope, counted, people=not everywhere)
    return WhoIsStuck(
        posts=tuple(
            Stuck(post, number, overdue, tuple(rows.get(post, ())), ring[post])
            for post, (number, overdue) in counted.items()
        ),
        open=sum(number for number, _ in counted.values()),
        overdue=sum(overdue for _, overdue in counted.values()),
        cut=cut,
        everywhere=everywhere,
    )


def _counted(asked: Where) -> tuple[dict[PostRef, tuple[int, int]], bool]:
    """Count by post, what is due soonest first, and no further than anybody reads."""
    soonest = f"SELECT owner_agency, owner_post, next_due_at FROM standings WHERE {asked.sql}"  # noqa: S608
    rows = run(
        f"""SELECT owner_agency, owner_post, count(*), sum(CASE WHEN next_due_at < %s THEN 1 ELSE 0 END)
        FROM ({soonest} ORDER BY next_due_at LIMIT {MOST + 1}) q
        GROUP BY owner_agency, owner_post ORDER BY min(next_due_at), owner_agency, owner_post""",  # noqa: S608
        [clock.now(), *asked.values],
    ).fetchall()
    found = {PostRef(agency or "", post or ""): (int(number), int(late)) for agency, post, number, late in rows}
    cut = sum(number for number, _ in found.values()) > MOST
    return found, cut


def _owner(row: Row) -> PostRef:
    return PostRef(row.owner_agency or "", row.owner_post or "")


def _waiting(row: Row, scopes: Sequence[Scope], acts: Sequence[Act], calendar: Calendar) -> Waiting:
    here, now = listed(row, scopes), clock.now()
    entered, waits = here.standing.entered, here.standing.waits
    since = since_when(acts, _owner(row)) or (entered.at if entered is not None else now)
    due = waits.due if waits is not None else None
    days = calendar.working_days_between(_day(since), _day(now))
    return Waiting(here, since, max(days, 0), overdue=due is not None and due.at < now)


def since_when(acts: Sequence[Act], post: PostRef) -> datetime | None:
    """This will say since when a post has the move, from the last acts of a record, of the stage now open.

    None where they do not say: it had the move before the first of them already, and the stage began before it too.
    """
    since: datetime | None = None
    for act in reversed(acts):
        last = act.effects[-1] if act.effects else None
        if not isinstance(last, Waits) or not isinstance(last.owner, Owner) or last.owner.post != post:
            return since
        since = act.recorded_at
        if any(isinstance(effect, Entered) for effect in act.effects):
            return since
    return None


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()
