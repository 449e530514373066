"""What was agreed, after an ending: which actions are still to do, which are overdue and who chases, which are done.

Dates and posts alone: what an action says stands on the page of its disagreement, and nothing here logs a look. Of what
somebody reaches, so for the partnership's office all of it.

Who chases an overdue action is the post on which the procedure lays that; no published text names one, and then it is
the partnership's office. The service itself asks again each time that an action's date passes with nothing reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from commonground import fence
from commonground.core.acts import Act, Action, ActionReported, LimitMissed, PostRef
from commonground.core.procedure import DutyKind, Key
from commonground.core.standing import Standing, action_limit, standing
from commonground.people import access
from commonground.people.access import Scope
from commonground.record.several import acts_of
from commonground.usecases import clock
from commonground.usecases.listing import Row, Where, Which, rows_where, where_of
from commonground.usecases.situation import pinned

SHOWN: Final = 50
"""How many disagreements with something still to do are looked at, those due soonest; and how many that ended last."""


class State(StrEnum):
    OVERDUE = "overdue"
    TO_DO = "to do"
    DONE = "done"


class Whose(StrEnum):
    """Whose an action is, to somebody who reads."""

    MINE = "mine"
    AGENCY = "my agency's"
    OTHERS = "others'"


@dataclass(frozen=True)
class AgreedAction:
    """One action of an outcome that both sides have, without a word of what it says."""

    reference: str
    procedure_digest: str
    number: int
    """Its place among the actions of its disagreement: 1, 2 ..."""
    owner: PostRef | None
    due_on: date | None
    state: State
    whose: Whose
    done_at: datetime | None
    asked_again_at: datetime | None
    """When the service last asked, because its date had passed with nothing reported."""
    chaser: Key | None
    """The post that the procedure has chase it; None: the partnership's office."""


@dataclass(frozen=True)
class AgreedActions:
    """The actions somebody may see: overdue first, then by date; those done last, the latest first."""

    actions: tuple[AgreedAction, ...]
    everywhere: bool
    """Whether they are of the whole partnership."""
    cut: bool
    """Whether more disagreements have something still to do than were looked at."""


def agreed_actions(scopes: Sequence[Scope]) -> AgreedActions:
    """This will list what was agreed in the disagreements that somebody reaches and that have ended."""
    return _agreed_actions(scopes[0], scopes)


@fence.entered
def _agreed_actions(scope: Scope, scopes: Sequence[Scope]) -> AgreedActions:
    ended = where_of(scopes, Which.ENDED)
    waits = rows_where(ended.also(_WAITS), f"ORDER BY next_due_at, reference LIMIT {SHOWN + 1}")
    over = rows_where(ended.also(_WAITS_NOT), f"ORDER BY ended_at DESC, reference LIMIT {SHOWN}")
    rows = [*waits[:SHOWN], *over]
    acts = acts_of([row.disagreement for row in rows])
    found = [one for row in rows for one in _actions(row, acts.get(row.disagreement, ()), scopes)]
    return AgreedActions(tuple(sorted(found, key=_place)), access.reaches_all(scopes), len(waits) > SHOWN)


_WAITS: Final = Where("owner_post IS NOT NULL")
"""After an ending nobody is waited for but who has an action with a date."""
_WAITS_NOT: Final = Where("owner_post IS NULL")


def _place(one: AgreedAction) -> tuple[int, float, str, int]:
    if one.state is State.DONE:
        return 2, -one.done_at.timestamp() if one.done_at else 0.0, one.reference, one.number
    due = one.due_on.toordinal() if one.due_on else float(date.max.toordinal())
    return (0 if one.state is State.OVERDUE else 1), due, one.reference, one.number


def _actions(row: Row, acts: Sequence[Act], scopes: Sequence[Scope]) -> Iterator[AgreedAction]:
    here, today = standing(acts), clock.today()
    for number, (key, action) in enumerate(here.actions.items(), start=1):
        yield AgreedAction(
            reference=row.reference,
            procedure_digest=row.procedure_digest,
            number=number,
            owner=action.owner,
            due_on=action.due_on,
            state=_state(key, action, here, today),
            whose=_whose(action.owner, scopes),
            done_at=_last(acts, ActionReported(key, done=True)) if key in here.actions_done else None,
            asked_again_at=_last(acts, LimitMissed(action_limit(key))),
            chaser=_chaser(row.procedure_digest, here),
        )


def _state(key: Key, action: Action, here: Standing, today: date) -> State:
    if key in here.actions_done:
        return State.DONE
    return State.OVERDUE if action.due_on is not None and action.due_on < today else State.TO_DO


def _whose(owner: PostRef | None, scopes: Iterable[Scope]) -> Whose:
    seats = {scope.seat for scope in scopes}
    if owner in seats:
        return Whose.MINE
    # Who serves for another agency's post is not of that agency.
    own = {scope.seat.agency for scope in scopes if not scope.from_outside}
    return Whose.AGENCY if owner is not None and owner.agency in own else Whose.OTHERS


def _last(acts: Sequence[Act], effect: ActionReported | LimitMissed) -> datetime | None:
    return next((act.recorded_at for act in reversed(acts) if effect in act.effects), None)


def _chaser(digest: str, here: Standing) -> Key | None:
    duties = pinned(digest).duties_at(here.route, here.stage)
    return next((duty.by for duty in duties if duty.do is DutyKind.ACTIONS and duty.by), None)
