"""Whom to tell of an act, and whether telling asks them to act. Says who; sends nothing.

Always told: the post whose move it has become, on whichever side; both sides, and the body before whom it is, of a new
stage, a silence, a decision, an outcome and an ending; the other side when a manager differs from their own worker. A
procedure's own `tells` add to it. Who is asked to a meeting hears of it, of every change, and of what is sent round.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

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
    Meets,
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
from commonground.core.time import announce_at


class Beside(StrEnum):
    """What people are told of beside acts."""

    LOOKED_OUTSIDE = "looked outside"
    """Somebody with no part in it looked, for a reason they typed."""
    OTHER_AREA = "another area"
    """The child lives in another area, or moves to one: the office tells that area's."""
    INVITED = "invited"
    """They are asked to a meeting. With INVITED, CHANGED and CANCELLED goes a calendar file, where a day is set."""
    CHANGED = "meeting changed"
    CANCELLED = "meeting cancelled"
    """The meeting does not take place, or not with them."""
    ANSWERED = "invitation answered"
    SENT_ROUND = "sent round"
    """Papers, minutes or the decision of a meeting are there to be read."""


OF_A_MEETING: Final = frozenset({Beside.INVITED, Beside.CHANGED, Beside.CANCELLED, Beside.ANSWERED, Beside.SENT_ROUND})
"""What those are told whom an act about a meeting names."""

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
        elif had is not None and notice.about in OF_A_MEETING:
            # That they are asked says more than that a meeting was called; and it may be their move besides.
            found[notice.to] = replace(had, about=notice.about, urgent=had.urgent or notice.urgent)
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
    yield from _of_a_meeting(setting, act, urgent=urgent)
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


def _of_a_meeting(setting: Setting, act: Act, *, urgent: bool) -> Iterator[Notice]:
    """Who is asked hears of every change. At once, where by the time that people may be told it would have begun."""
    ask = act.ask
    if not isinstance(ask, Meet) or ask.does not in _TOLD:
        return
    asked, others = _TOLD[ask.does]
    begins = ask.meets_at
    soon = begins is not None and act.recorded_at <= begins < announce_at(act.recorded_at, setting.calendar)
    if asked is not None:
        for post in ask.invited:
            yield Notice(post, asked, to_act=False, urgent=urgent or soon)
    for post in ask.told:
        if asked is None or post not in ask.invited:
            yield Notice(post, others, to_act=False, urgent=urgent or soon)


_TOLD: Final = {
    Meets.CALLED: (Beside.INVITED, Beside.CHANGED),
    Meets.CHANGED: (Beside.CHANGED, Beside.CANCELLED),
    Meets.CANCELLED: (Beside.CANCELLED, Beside.CANCELLED),
    Meets.ANSWERED: (None, Beside.ANSWERED),
    Meets.SENT_ROUND: (None, Beside.SENT_ROUND),
}
"""Of what those who are asked to a meeting are told, and of what the others whom the act names."""


def _waits(act: Act) -> PostRef | None:
    last = act.effects[-1] if act.effects else None
    return last.owner.post if isinstance(last, Waits) and last.owner else None


def _happened(act: Act) -> Iterator[TellOn]:
    if isinstance(act.ask, Meet) and act.ask.does is Meets.CALLED:
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
