"""Whom to tell of an act, and whether telling asks them to act. Says who; sends nothing.

Always told: the post whose move it has become, on whichever side; both sides, and the body before whom it is, of a new
stage, a silence, a decision, an outcome and an ending; the other side when a manager differs from their own worker. A
procedure's own `tells` add to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from commonground.core.acts import (
    Act,
    Decided,
    Differed,
    Ended,
    Entered,
    Flagged,
    Flags,
    LimitMissed,
    Meet,
    Opened,
    PassTime,
    PostRef,
    Proposed,
    Redate,
    Side,
    Waits,
)
from commonground.core.procedure import Key, Tell, TellOn
from commonground.core.setting import Setting, owner_for, stage_now
from commonground.core.standing import Standing


class Beside(StrEnum):
    """What people are told of beside acts."""

    LOOKED_OUTSIDE = "looked outside"
    """Somebody with no part in it looked, for a reason they typed."""
    OTHER_AREA = "another area"
    """The child lives in another area, or moves to one: the office tells that area's."""


LIVES_IN, MOVES_TO = "child lives in", "child moves to"
"""Facts that whoever raises it may give: another area, by its partnership's key."""


@dataclass(frozen=True)
class Notice:
    """One post to be told of one act. `about` says of what kind; the message itself is worded elsewhere."""

    to: PostRef
    about: TellOn | Beside
    to_act: bool
    urgent: bool = False


def tell(setting: Setting, before: Standing, now: Standing, act: Act) -> tuple[Notice, ...]:
    """This will list whom to tell of an act that led from one standing to the next: each post once, not its author."""
    found: dict[PostRef, Notice] = {}
    # The clock acts from the office's seat; the office still has to hear what the clock leaves with it.
    by_clock = isinstance(act.ask, PassTime | Redate)
    for notice in _notices(setting, before, now, act):
        had = found.get(notice.to)
        if (by_clock or notice.to != act.by.seat) and (had is None or (notice.to_act and not had.to_act)):
            found[notice.to] = notice
    return tuple(found[post] for post in sorted(found, key=lambda post: (post.agency, post.post)))


def _notices(setting: Setting, before: Standing, now: Standing, act: Act) -> Iterator[Notice]:
    urgent = any(mark.value == "urgent" for mark in act.marks)
    happened = tuple(dict.fromkeys(_happened(act)))
    owner_before = before.waits.owner.post if before.waits and before.waits.owner else None
    owner_now = _waits(act)
    if owner_now is not None and (owner_now != owner_before or happened):
        yield Notice(owner_now, happened[0] if happened else TellOn.ENTRY, to_act=True, urgent=urgent)
    if any(isinstance(effect, Opened) and {LIVES_IN, MOVES_TO} & dict(effect.facts).keys() for effect in act.effects):
        yield Notice(setting.office_post, Beside.OTHER_AREA, to_act=True, urgent=urgent)
    if now.entered is None:
        return
    facing = [now.owner_of(Side.CHALLENGING).post, now.owner_of(Side.RESPONDING).post]
    if now.entered.body is not None:
        facing.append(now.entered.body.post)
    for about in happened:
        for post in facing:
            yield Notice(post, about, to_act=False, urgent=urgent)
        for told in (
            *setting.procedure.tells,
            *setting.procedure.route(now.route).tells,
            *stage_now(setting, now).tells,
        ):
            if told.on is about:
                for post in _whom(setting, now, told):
                    yield Notice(post, about, told.to_act, urgent)
    if before.entered is not None and before.entered != now.entered:
        # Those below still see that it went on without them.
        for side in Side:
            yield Notice(before.owner_of(side).post, TellOn.ENTRY, to_act=False, urgent=urgent)


def _waits(act: Act) -> PostRef | None:
    last = act.effects[-1] if act.effects else None
    return last.owner.post if isinstance(last, Waits) and last.owner else None


def _happened(act: Act) -> Iterator[TellOn]:
    if isinstance(act.ask, Meet) and not act.ask.held:
        yield TellOn.MEETING
    for effect in act.effects:
        match effect:
            case Opened():
                yield TellOn.RAISED
            case Ended() | Proposed():
                yield TellOn.OUTCOME
            case LimitMissed():
                yield TellOn.SILENCE
            case Entered():
                yield TellOn.ENTRY
            case Differed():
                yield TellOn.DIFFERS
            case Decided():
                yield TellOn.DECISION
            case Flagged(flag=Flags.POLICY):
                yield TellOn.FLAG
            case _:
                pass  # only these concern somebody who is not already waited for


def _whom(setting: Setting, now: Standing, told: Tell) -> Iterator[PostRef]:
    for whom in told.whom:
        yield from _posts(setting, now, whom)


def _posts(setting: Setting, now: Standing, whom: Key) -> Iterator[PostRef]:
    match whom:
        case "challenging side":
            yield now.owner_of(Side.CHALLENGING).post
        case "responding side":
            yield now.owner_of(Side.RESPONDING).post
        case "all parties":
            yield now.owner_of(Side.CHALLENGING).post
            yield now.owner_of(Side.RESPONDING).post
        case _:
            for agencies in ((), now.challenging, now.responding):
                owner = owner_for(setting, agencies, whom)
                if owner.post.post == whom:
                    yield owner.post
