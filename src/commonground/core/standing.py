"""What a disagreement's acts add up to now: one pure fold over their effects.

The fold only records. It asks no questions, knows no procedure and no permission; whatever depends on those was worked
out in `decide` and written into the act. So a record folds to the same standing for ever, whatever becomes of the
procedure, the calendar or this program's rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol, TypeVar, assert_never

from commonground.core.acts import (
    About,
    Action,
    ActionReported,
    Actor,
    Advised,
    Answer,
    Asked,
    Confirmed,
    Dated,
    Decided,
    Differed,
    Dissented,
    Effect,
    Ended,
    Entered,
    Flagged,
    Flags,
    How,
    Joined,
    LimitMissed,
    LimitSet,
    LimitStopped,
    Noted,
    Opened,
    Owner,
    ProposalDropped,
    Proposed,
    RatedAs,
    Reopened,
    Replied,
    Sets,
    Side,
    StepDone,
    Waits,
)
from commonground.core.procedure import Key
from commonground.core.time import Due

Moment = datetime
K = TypeVar("K")
V = TypeVar("V")

STAGE, CONFIRM, QUESTION = "stage", "confirm", "question"


def step_limit(step: Key) -> Key:
    return f"step {step}"


def cap_limit(cap: Key) -> Key:
    return f"cap {cap}"


def action_limit(action: Key) -> Key:
    return f"action {action}"


class Phase(StrEnum):
    NOT_RAISED = "not raised"
    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True)
class Done:
    """A step as done: by which sides, and when first."""

    sides: frozenset[Side | None]
    at: Moment


@dataclass(frozen=True)
class Standing:
    """Where a disagreement stands. Everything from `route` down to `advised` belongs to the stage now open."""

    phase: Phase = Phase.NOT_RAISED
    position: int = 0
    """How many acts it adds up."""
    recorded_at: Moment | None = None
    opened: Opened | None = None
    challenging: tuple[Key, ...] = ()
    responding: tuple[Key, ...] = ()
    others: tuple[Key, ...] = ()
    """Agencies with a part in it that are on neither side."""
    entered: Entered | None = None
    visited: tuple[str, ...] = ()
    """Every stage entered, in order, as `route/stage`."""
    dues: Mapping[str, Moment] = field(default_factory=lambda: MappingProxyType({}))
    """When each stage entered was due to be over, by `route/stage`."""
    limits: Mapping[Key, Due] = field(default_factory=lambda: MappingProxyType({}))
    """Every limit that runs now."""
    missed: frozenset[Key] = frozenset()
    """Limits that ran out in silence: of this stage, and caps and actions of any."""
    steps: Mapping[Key, Done] = field(default_factory=lambda: MappingProxyType({}))
    answer: Answer | None = None
    question: Asked | None = None
    decided: Decided | None = None
    proposal: Proposed | None = None
    confirmed: frozenset[Side] = frozenset()
    noted: Mapping[Key, bool] = field(default_factory=lambda: MappingProxyType({}))
    """Agencies with a note in this stage, and whether it is approved."""
    advised: frozenset[Key] = frozenset()
    stated: Mapping[Side, Moment] = field(default_factory=lambda: MappingProxyType({}))
    """The times each side set for this stage."""
    longer: Mapping[Side, Moment] = field(default_factory=lambda: MappingProxyType({}))
    """Longer times each side would accept for this stage."""
    childs_date: Moment | None = None
    rating: Key | None = None
    differs: frozenset[Side] = frozenset()
    dissents: tuple[Dissented, ...] = ()
    flags: frozenset[Flags] = frozenset()
    filed: frozenset[Key] = frozenset()
    actions: Mapping[Key, Action] = field(default_factory=lambda: MappingProxyType({}))
    actions_done: frozenset[Key] = frozenset()
    ended: Ended | None = None
    waits: Waits | None = None

    @property
    def route(self) -> Key:
        return self.entered.route if self.entered else ""

    @property
    def stage(self) -> Key:
        return self.entered.stage if self.entered else ""

    @property
    def raiser(self) -> Actor | None:
        return self.opened.raiser if self.opened else None

    def owner_of(self, side: Side) -> Owner:
        """Who owns a side's move in the stage now open. Only asked once raised."""
        if self.entered is None:
            raise LookupError("nothing was raised")
        return self.entered.challenging if side is Side.CHALLENGING else self.entered.responding


NOTHING = Standing()


def _but(now: Standing, **changes: Any) -> Standing:
    """`dataclasses.replace`, five times as fast: the checker of procedures folds a hundred thousand effects a run."""
    changed: Standing = object.__new__(Standing)
    changed.__dict__.update(now.__dict__, **changes)
    return changed


def _with(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return MappingProxyType({**mapping, key: value})


def _without(mapping: Mapping[K, V], *keys: K) -> Mapping[K, V]:
    return MappingProxyType({key: value for key, value in mapping.items() if key not in keys})


_EMPTY: Mapping[Any, Any] = MappingProxyType({})

_KEPT = ("cap ", "action ")
"""Limits that outlive a stage. `decide` stops a cap itself when its last stage is left."""


class Happened(Protocol):
    """What of an act is added up."""

    @property
    def effects(self) -> tuple[Effect, ...]: ...

    @property
    def recorded_at(self) -> Moment: ...


def standing(acts: Iterable[Happened], start: Standing = NOTHING) -> Standing:
    """Add up acts, in order, onto `start`. Pure; the same acts always give the same standing."""
    now = start
    for act in acts:
        now = counted(after(now, act.effects), act.recorded_at)
    return now


def counted(now: Standing, recorded_at: Moment) -> Standing:
    """One act more: its effects are added up already."""
    return _but(now, position=now.position + 1, recorded_at=recorded_at)


def after(now: Standing, effects: Iterable[Effect]) -> Standing:
    """Add up effects, in order."""
    for effect in effects:
        now = _one(now, effect)
    return now


def _one(now: Standing, effect: Effect) -> Standing:
    # The commonest first: they are tried in order, and every act passes here.
    match effect:
        case Waits():
            return _but(now, waits=effect)
        case LimitSet(key=key, due=due):
            dues = _with(now.dues, f"{now.route}/{now.stage}", due.at) if key == STAGE else now.dues
            return _but(now, limits=_with(now.limits, key, due), missed=now.missed - {key}, dues=dues)
        case LimitStopped(key=key):
            return _but(now, limits=_without(now.limits, key), missed=now.missed - {key})
        case StepDone(step=step, side=side, at=at):
            had = now.steps.get(step)
            sides = (had.sides if had else frozenset()) | {side}
            return _but(now, steps=_with(now.steps, step, Done(sides, min(at, had.at) if had else at)))
        case Opened():
            return _but(
                now,
                phase=Phase.OPEN,
                opened=effect,
                challenging=effect.challenging,
                responding=effect.responding,
            )
        case Entered():
            kept = {key: due for key, due in now.limits.items() if key.startswith(_KEPT)}
            return _but(
                now,
                entered=effect,
                visited=(*now.visited, f"{effect.route}/{effect.stage}"),
                limits=MappingProxyType(kept),
                missed=frozenset(key for key in now.missed if key.startswith(_KEPT)),
                steps=_EMPTY,
                answer=None,
                question=None,
                decided=None,
                proposal=None,
                confirmed=frozenset(),
                noted=_EMPTY,
                advised=frozenset(),
                stated=_EMPTY,
                longer=_EMPTY,
                differs=frozenset(),
            )
        case LimitMissed(key=key):
            return _but(now, limits=_without(now.limits, key), missed=now.missed | {key})
        case Replied(answer=answer):
            return _but(now, answer=answer)
        case Asked():
            return _but(now, question=effect)
        case Advised(agency=agency):
            return _but(now, advised=now.advised | {agency})
        case Noted(agency=agency, approved=approved, filed=filed):
            return _but(
                now,
                noted=_with(now.noted, agency, approved or now.noted.get(agency, False)),
                filed=now.filed | {agency} if filed else now.filed,
            )
        case Decided():
            return _but(now, decided=effect, question=None)
        case Proposed():
            return _but(now, proposal=effect, confirmed=frozenset(), question=None)
        case ProposalDropped():
            # Whatever was asked was about the proposal, or is asked anew by the same act.
            return _but(now, proposal=None, confirmed=frozenset(), question=None)
        case Confirmed(side=side):
            return _but(now, confirmed=now.confirmed | {side})
        case Joined(agency=agency, side=side):
            return _joined(now, agency, side)
        case Dated(sets=sets, side=dated_side, by=by):
            return _dated(now, sets, dated_side, by)
        case RatedAs(rating=rating):
            return _but(now, rating=rating)
        case Differed(side=side):
            return _but(now, differs=now.differs | {side})
        case Dissented():
            return _but(now, dissents=(*now.dissents, effect))
        case Flagged(flag=flag):
            return _but(now, flags=now.flags | {flag})
        case ActionReported(action=action, done=done):
            open_still = now.actions_done | {action} if done else now.actions_done - {action}
            return _but(now, actions_done=open_still)
        case Ended():
            kept = {key: due for key, due in now.limits.items() if key.startswith("action ")}
            agreed = now.proposal.actions if now.proposal and now.proposal.ending == effect.ending else ()
            actions = {**now.actions, **{action.key: action for action in agreed}}
            return _but(
                now,
                phase=Phase.ENDED,
                ended=effect,
                question=None,
                limits=MappingProxyType(kept),
                actions=MappingProxyType(actions),
            )
        case Reopened():
            return _but(now, phase=Phase.OPEN, ended=None)
        case _:
            assert_never(effect)


def _joined(now: Standing, agency: Key, side: Side | None) -> Standing:
    match side:
        case Side.CHALLENGING if agency not in now.challenging:
            return _but(now, challenging=(*now.challenging, agency))
        case Side.RESPONDING if agency not in now.responding:
            return _but(now, responding=(*now.responding, agency))
        case None if agency not in now.others:
            return _but(now, others=(*now.others, agency))
        case _:
            return now


def _dated(now: Standing, sets: Sets, side: Side | None, by: Moment) -> Standing:
    match sets:
        case Sets.CHILDS_DATE:
            return _but(now, childs_date=by)
        case Sets.STATED | Sets.AGREED:
            return _but(now, stated=_with(now.stated, side, by)) if side else now
        case Sets.LENGTHEN:
            return _but(now, longer=_with(now.longer, side, by)) if side else now
        case Sets.RATING:
            return now
        case _:
            assert_never(sets)


__all__ = ["NOTHING", "About", "Done", "How", "Phase", "Standing", "after", "standing"]
