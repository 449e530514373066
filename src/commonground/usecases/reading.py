"""What somebody sees of a disagreement: the acts, the words that are for them, what is open to them, why not the rest.

Reading is an act of its own kind: each is logged, with why the reader could.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from commonground import fence
from commonground.core.acts import (
    Act,
    Advise,
    Answer,
    Ask,
    Command,
    Confirm,
    Decide,
    Dissent,
    Ended,
    Entered,
    Flag,
    Flags,
    GoUp,
    LimitMissed,
    Medium,
    Meet,
    Note,
    PostRef,
    Propose,
    Refer,
    Reopen,
    Reply,
    Report,
    SetDate,
    Sets,
    Side,
    StateView,
    Talk,
    Target,
    Withdraw,
    Write,
)
from commonground.core.procedure import Key
from commonground.core.reasons import (
    DifferingViewsMissing,
    OwnWordsMissing,
    ReasonsMissing,
    Refusal,
    StepMissing,
    reasons_against,
)
from commonground.core.setting import Setting, deciders, reaching, side_of, stage_now
from commonground.core.standing import Phase, Standing, standing
from commonground.people import access
from commonground.people.access import Reach, Relation, Scope
from commonground.record import store
from commonground.record.models import StandingRow
from commonground.record.words import Erased, Words
from commonground.usecases import clock
from commonground.usecases.handle import NotThere
from commonground.usecases.situation import setting_for, with_reached_here


@dataclass(frozen=True)
class Possible:
    """Something that may be asked, and what stands against it now. No reasons: it is open."""

    ask: Ask
    reasons: tuple[Refusal, ...]


@dataclass(frozen=True)
class Reading:
    """A disagreement as one person may see it."""

    disagreement: UUID
    reference: str
    relation: Relation
    setting: Setting
    standing: Standing
    acts: tuple[Act, ...]
    words: Mapping[int, tuple[Words | Erased, ...]]
    """By the act's sequence; only those this person may read."""
    side: Side | None
    at: datetime
    scope: Scope
    possible: tuple[Possible, ...] = field(default=())
    until: datetime | None = None
    """For a former party: what came after this moment is not in it."""
    linked: Mapping[UUID, str] = field(default_factory=dict)
    """The disagreements it is linked to, by id: their references. Only those that its reader reaches (linked.py)."""

    @property
    def shallow(self) -> bool:
        """Whether its reader sees how it stands and no words: the office before it has a part, the scrutineer."""
        return self.relation in access.SHALLOW

    @property
    def names_people(self) -> bool:
        """Whether people are named: posts are enough for somebody who sees no words."""
        return not self.shallow

    def shows(self, sequence: int) -> bool:
        """Whether an act is shown: to who sees dates alone, what began or ended something, and what is their own.

        A link to another disagreement is shown to who reaches that one too.
        """
        act = self.acts[sequence - 1]
        if isinstance(act.ask, Flag) and act.ask.flag is Flags.LINKED and act.ask.linked not in self.linked:
            return False  # what it is linked to is not there, for who does not reach it
        if self.relation is not Relation.OFFICE_DATES:
            return True
        dated = any(isinstance(effect, Entered | LimitMissed | Ended) for effect in act.effects)
        return dated or act.by.seat.agency == self.scope.seat.agency


_FILLED_IN = (ReasonsMissing, OwnWordsMissing, StepMissing, DifferingViewsMissing)


def find(scope: Scope, reference: str) -> UUID:
    """This will give the disagreement that a reference means to a scope; NotThere where none is in reach."""
    return find_for([scope], reference)[1]


def find_for(
    scopes: Sequence[Scope], reference: str, seat: PostRef | None = None, at: datetime | None = None
) -> tuple[Scope, UUID]:
    """This will find a disagreement for somebody with several seats, and say for which of them they act in it.

    That is `seat` where it is given and reaches; else the one whose move it is; else the one that reaches for the best
    reason. NotThere where none does.
    """
    found = _find(scopes, reference, seat, at or clock.now())
    return found.scope, found.row.disagreement


def read_for(
    scopes: Sequence[Scope], reference: str, seat: PostRef | None = None, at: datetime | None = None
) -> Reading:
    """This will find a disagreement in the same way and read it, asking once who reaches it."""
    now = at or clock.now()
    found = _find(scopes, reference, seat, now)
    return _read(found.scope, found.row, found.reach, now)


class _Reaching(NamedTuple):
    """A seat that reaches what a reference means."""

    scope: Scope
    row: StandingRow
    reach: Reach
    owns: bool
    """Whether it is this seat's move."""


def _find(scopes: Sequence[Scope], reference: str, seat: PostRef | None, now: datetime) -> _Reaching:
    reaching = [one for seats in access.by_partnership(scopes) for one in _reaching(seats[0], seats, reference, now)]
    if not reaching:
        raise NotThere
    return min(reaching, key=lambda one: (one.scope.seat != seat, not one.owns, _rank(one.reach)))


def _rank(reach: Reach) -> int:
    return len(access.BEST) if reach.relation is None else access.BEST[reach.relation]


@fence.entered
def _reaching(here: Scope, scopes: Sequence[Scope], reference: str, now: datetime) -> list[_Reaching]:
    """Give those of several seats in one partnership that reach what a reference means there."""
    row = row_or_next(here.partnership, reference)
    reached = access.reaches(scopes, row.disagreement if row else uuid4(), now)
    if row is None:
        return []
    owner = PostRef(row.owner_agency or "", row.owner_post or "")
    found = [
        _Reaching(scope, row, one, scope.seat == owner)
        for scope, one in zip(scopes, reached, strict=True)
        if one.relation is not None
    ]
    return found if row.reference == reference.upper() else []


def row_or_next(partnership: Key, reference: str) -> StandingRow | None:
    """This will give the standing row of a reference; where there is none, that of the next in order, if any.

    Whoever asks goes on with it as if it were the one, and only then looks at its reference. So it takes as long to
    find that there is no such disagreement as to find that it is not theirs: the same questions, and as many rows.
    """
    rows = StandingRow.objects.filter(partnership=partnership, reference__gte=reference.upper())
    return rows.order_by("reference").first()


@fence.entered
def reference_of(scope: Scope, disagreement: UUID) -> str:
    """This will give what a disagreement is called; NotThere where the scope does not reach it."""
    place = store.place_of(disagreement)
    if place is None or access.relation(scope, disagreement, clock.now()) is None:
        raise NotThere
    return place.reference


@fence.entered
def read(scope: Scope, disagreement: UUID, at: datetime | None = None) -> Reading:
    """This will read a disagreement for somebody, and log that they did. NotThere for what they don't reach."""
    now = at or clock.now()
    row = store.standing_row(disagreement)
    reach = access.reach(scope, disagreement, now)
    if row is None:
        raise NotThere
    return _read(scope, row, reach, now)


@fence.entered
def _read(scope: Scope, row: StandingRow, reach: Reach, now: datetime) -> Reading:
    """Read it for a scope that was just found to reach it, for the reason given."""
    disagreement, why = row.disagreement, reach.relation
    if why is None:
        raise NotThere
    acts = store.read(disagreement)
    said = store.words_of(disagreement, acts)
    if reach.until is not None:
        # A part that has ended: what was there until then, and nothing after.
        acts = tuple(act for act in acts if act.recorded_at <= reach.until)
    words = {
        sequence: tuple(piece for piece in pieces if _may_read(scope, why, piece))
        for sequence, pieces in said.items()
        if sequence <= len(acts)
    }
    access.looked(scope, disagreement, why, now)
    here = standing(acts)
    setting = setting_for(scope.partnership, row.procedure_digest, reach.directory)
    setting = with_reached_here(setting, disagreement, here, now)
    return Reading(
        disagreement=disagreement,
        reference=row.reference,
        relation=why,
        setting=setting,
        standing=here,
        acts=acts,
        words=words,
        side=side_of(here, scope.actor),
        at=now,
        scope=scope,
        possible=tuple(possible(setting, here, scope, now)),
        until=reach.until,
    )


def _may_read(scope: Scope, why: Relation, piece: Words | Erased) -> bool:
    said = piece.said
    return access.may_read(scope, why, said.audience, said.controller)


def possible(setting: Setting, here: Standing, scope: Scope, at: datetime) -> Iterator[Possible]:
    """This will yield everything that could be asked here, each with what stands against it: one list for all pages.

    Reasons that a form answers by being filled in (reasons, own words, why a step could not wait) don't stand against
    opening it.
    """
    for ask in _asks(setting, here, scope):
        command = Command(uuid4(), scope.actor, ask, at)
        against = tuple(
            reason for reason in reasons_against(setting, here, command) if not isinstance(reason, _FILLED_IN)
        )
        yield Possible(ask, against)


def _asks(setting: Setting, here: Standing, scope: Scope) -> Iterator[Ask]:
    if here.phase is Phase.NOT_RAISED:
        return
    stage = stage_now(setting, here)
    side = side_of(here, scope.actor)
    if here.phase is Phase.OPEN:
        if side is Side.RESPONDING:
            yield Reply(Answer.DISAGREE)
        yield Talk(Medium.TELEPHONE)
        yield Write(form="")
        yield Note(approved=True)
        yield Advise(scope.seat, given=True)
        yield StateView(agrees=True)
        yield Meet(held=False)
        yield Meet(held=True)
        yield SetDate(Sets.CHILDS_DATE, on=at_once(here))
        if stage.clock.set_by is not None:
            yield SetDate(Sets.STATED, by=here.recorded_at)
        yield SetDate(Sets.LENGTHEN, by=here.recorded_at)
        for rating in setting.procedure.ratings:
            yield SetDate(Sets.RATING, rating=rating)
        if stage.decision is not None:
            for result in stage.decision.results:
                yield Decide(result.key, no_differing_views=True)
                if scope.office or scope.seat.agency in {post.agency for post in deciders(setting, stage, here)}:
                    yield Decide(result.key, no_differing_views=True, for_absent=True)
        yield Dissent(challenges=None)
        yield Flag(Flags.POLICY)
        if reaching(setting, here) or not here.responding:
            yield Flag(Flags.OTHER_SIDE)
        yield Refer(Target.OUTSIDE, "")
        for ending in stage.endings:
            yield Propose(ending)
        yield Confirm()
        if here.proposal is not None:
            yield Confirm(agrees=False)
        if scope.office and here.proposal is not None:
            for silent in Side:
                if silent not in here.confirmed:
                    yield Confirm(for_side=silent)
        yield Withdraw()
    for action in here.actions:
        if action not in here.actions_done:
            yield Report(action, done=True)
    yield GoUp()
    yield Reopen()


def at_once(here: Standing) -> date:
    """The soonest date that could be set: always a shortening."""
    return (here.recorded_at or clock.now()).date()
