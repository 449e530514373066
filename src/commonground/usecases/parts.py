"""Which posts an act gives a part in a disagreement, and whose part it ends: what need to know rests on.

Worked out from the act alone, once, when it is written; people/access.py keeps it and says what it opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import assert_never

from commonground.core.acts import (
    Act,
    Advise,
    Asked,
    Because,
    Ended,
    Entered,
    Meet,
    Meets,
    Opened,
    Owner,
    PostRef,
    Proposed,
    Reply,
    Talk,
    Waits,
    Write,
)
from commonground.core.procedure import Sides
from commonground.core.setting import Setting, deciders, owner_for, stage_now
from commonground.core.standing import NOTHING, Phase, Standing, standing
from commonground.core.telling import OF_A_MEETING, Notice, tell
from commonground.people.access import PartOf, Why


def parts_of(
    setting: Setting, before: Standing, now: Standing, act: Act, notices: Iterable[Notice]
) -> tuple[PartOf, ...]:
    """This will give every part that an act gives: `notices` are those it sends, and a link must open for who gets it.

    A post that several people share is not let in for the raiser's sake: what is theirs alone stays theirs. And nobody
    lets themselves in by an act of their own: who sees dates alone, or looks for a reason, goes on doing so.
    """
    raiser = now.raiser
    alone = raiser.seat if raiser is not None and not _responds(now, raiser.seat) else None
    found: dict[PartOf, None] = {}
    known = {one.post for one in (*_owners(before), *_owners(now))}
    known |= {raiser.seat} if raiser is not None else set()
    asked = (part for part in _by_ask(act) if part.post != act.by.seat)
    for part in (*_by_effects(setting, before, now, act), *asked, *_by_notices(notices, known)):
        if part.person or part.post != alone:
            found[part] = None
    return tuple(found)


def ended_by(act: Act) -> tuple[Why, ...]:
    """This will say whose parts end with an act: whoever heard a stage that is left, whoever helped until the end."""
    if any(isinstance(effect, Ended) for effect in act.effects):
        return (Why.BODY, Why.INVITED, Why.ADVISER)
    if any(isinstance(effect, Entered) for effect in act.effects):
        return (Why.BODY, Why.INVITED)
    return ()


def _by_effects(setting: Setting, before: Standing, now: Standing, act: Act) -> Iterator[PartOf]:
    waited = before.waits.owner.post if before.waits is not None and before.waits.owner is not None else None
    heard_by = now.entered.body.post if now.entered is not None and now.entered.body is not None else None

    def waited_for(post: PostRef) -> PartOf:
        # A body is waited for as the body: its part ends with the stage, whatever it was waited for there.
        return PartOf(post, Why.BODY if post == heard_by else Why.WAITED_FOR)

    for effect in act.effects:
        match effect:
            case Opened(raiser=raiser):
                yield PartOf(raiser.seat, Why.RAISER, raiser.person)
            case Entered(challenging=challenging, responding=responding, body=body):
                yield PartOf(challenging.post, Why.CHALLENGING)
                yield PartOf(responding.post, Why.RESPONDING)
                if body is not None:
                    yield PartOf(body.post, Why.BODY)
                yield from _beside(setting, now)
            case Asked(post=post):
                yield waited_for(post)
            case Waits(owner=Owner(post=post)) if post != waited:
                yield waited_for(post)
            case Proposed(actions=actions):
                yield from (PartOf(action.owner, Why.ACTION) for action in actions if action.owner is not None)
            case _:
                pass  # nothing else brings a post in


def _beside(setting: Setting, now: Standing) -> Iterator[PartOf]:
    """Yield the posts that a stage names beside those that own its moves: more than one for a side, and who decides."""
    if now.phase is not Phase.OPEN:
        return
    stage = stage_now(setting, now)
    sides = stage.sides or Sides(challenging=None, responding=None)
    nobody = (Because.OFFICE, Because.REACHING)
    for why, agencies, posts in (
        (
            Why.CHALLENGING,
            now.challenging,
            (*(sides.challenging or ()), *([sides.carried_by] if sides.carried_by else [])),
        ),
        (Why.RESPONDING, now.responding, sides.responding or ()),
    ):
        for agency in agencies:
            owners = (owner_for(setting, (agency,), post) for post in posts)
            yield from (PartOf(owner.post, why) for owner in owners if owner.because not in nobody)
    yield from (PartOf(post, Why.BODY) for post in deciders(setting, stage, now))


def _by_ask(act: Act) -> Iterator[PartOf]:
    match act.ask:
        case Advise(adviser=adviser):
            yield PartOf(adviser, Why.ADVISER)
        case Meet() as meet:
            yield from (PartOf(post, Why.INVITED) for post in _asked_in(meet))
        case Reply(right_post=PostRef() as post):
            yield PartOf(post, Why.RESPONDING)
        case Write(to=posts) | Talk(with_=posts):
            yield from (PartOf(post, Why.REACHED) for post in posts)
        case _:
            pass


def _asked_in(meet: Meet) -> tuple[PostRef, ...]:
    """Give whom an act about a meeting brings in: who is asked, who was there, whom something of it is sent to."""
    match meet.does:
        case Meets.CALLED | Meets.CHANGED | Meets.HELD:
            return (*meet.invited, *meet.present)
        case Meets.SENT_ROUND:
            return meet.told
        case Meets.CANCELLED | Meets.ANSWERED | Meets.MINUTES | Meets.DIFFERED:
            return ()
        case _:
            assert_never(meet.does)


def _by_notices(notices: Iterable[Notice], known: set[PostRef]) -> Iterator[PartOf]:
    for notice in notices:
        # Who is told of a meeting has the part of somebody invited, which ends with the stage.
        if notice.to not in known and notice.about not in OF_A_MEETING:
            yield PartOf(notice.to, Why.TOLD)


def _owners(here: Standing) -> Iterator[Owner]:
    if here.entered is not None:
        yield from (here.entered.challenging, here.entered.responding)
        if here.entered.body is not None:
            yield here.entered.body
    if here.waits is not None and here.waits.owner is not None:
        yield here.waits.owner


def _responds(here: Standing, post: PostRef) -> bool:
    return here.entered is not None and here.entered.responding.post == post


def added_up(setting: Setting, acts: Iterable[Act]) -> dict[PartOf, tuple[datetime, datetime | None]]:
    """This will give every part that a whole record gives, each with when it began and when it ended, if it has.

    For a record whose parts are not there: one that was written before there were any.
    """
    found: dict[PartOf, tuple[datetime, datetime | None]] = {}
    here = NOTHING
    for act in acts:
        before, here = here, standing([act], here)
        over = ended_by(act)
        for part, (since, until) in found.items():
            found[part] = (since, act.recorded_at if until is None and part.why in over else until)
        for part in parts_of(setting, before, here, act, tell(setting, before, here, act)):
            since, _ = found.get(part, (act.recorded_at, None))
            found[part] = (since, None)
    return found
