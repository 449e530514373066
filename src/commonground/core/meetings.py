"""What the acts about each meeting add up to: when it is, who is asked, who comes, who was there.

A pure fold, beside standing.py and apart from it: no rule depends on a meeting, so no standing knows of any.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from commonground.core.acts import Act, Entered, Meet, Meets, PostRef
from commonground.core.procedure import Key


class MeetingState(StrEnum):
    CALLED = "called"
    CANCELLED = "cancelled"
    HELD = "held"


@dataclass(frozen=True)
class Meeting:
    """One meeting, as far as its acts tell of it."""

    id: UUID
    """The act that first told of it."""
    number: int
    """The place of that act in the record: what the meeting is called in addresses."""
    called_by: PostRef
    called_at: datetime
    """When it was called, or first told of; `recorded_at` is when the newest of its acts was written."""
    recorded_at: datetime
    route: Key
    stage: Key
    """Where the disagreement stood then."""
    state: MeetingState
    meets_at: datetime | None = None
    ends_at: datetime | None = None
    chair: PostRef | None = None
    body: bool = False
    invited: tuple[PostRef, ...] = ()
    coming: tuple[PostRef, ...] = ()
    apologies: tuple[PostRef, ...] = ()
    present: tuple[PostRef, ...] = ()
    quorate: bool | None = None
    changes: int = 0
    """How often it was changed or cancelled: what a calendar goes by."""
    acts: tuple[int, ...] = ()
    """The places of all its acts in the record."""

    @property
    def unanswered(self) -> tuple[PostRef, ...]:
        """Who is asked and has not said whether they come."""
        return tuple(post for post in self.invited if post not in (*self.coming, *self.apologies))


def meetings_of(acts: Iterable[tuple[int, Act]]) -> tuple[Meeting, ...]:
    """This will give every meeting that acts tell of, in the order they were first told of.

    Each act comes with its place in the record, because a reader may not see all of them.
    """
    found: dict[UUID, Meeting] = {}
    route = stage = ""
    for number, act in acts:
        if isinstance(act.ask, Meet):
            known = found.get(act.ask.meeting) if act.ask.meeting else None
            meeting = known or _new(number, act, route, stage)
            found[meeting.id] = _after(meeting, number, act, act.ask)
        for effect in act.effects:
            if isinstance(effect, Entered):
                route, stage = effect.route, effect.stage
    return tuple(found.values())


def _new(number: int, act: Act, route: Key, stage: Key) -> Meeting:
    return Meeting(
        id=act.id,
        number=number,
        called_by=act.by.seat,
        called_at=act.happened_at,
        recorded_at=act.recorded_at,
        route=route,
        stage=stage,
        state=MeetingState.CALLED,
    )


def _after(meeting: Meeting, number: int, act: Act, ask: Meet) -> Meeting:
    meeting = replace(meeting, recorded_at=act.recorded_at, acts=(*meeting.acts, number))
    match ask.does:
        case Meets.CALLED | Meets.CHANGED:
            return _called(meeting, act, ask)
        case Meets.CANCELLED:
            held = meeting.state is MeetingState.HELD  # what took place is not undone
            state = meeting.state if held else MeetingState.CANCELLED
            return replace(meeting, state=state, changes=meeting.changes + 1)
        case Meets.ANSWERED:
            answered = (*ask.present, *ask.apologies)
            return replace(
                meeting,
                coming=_without(meeting.coming, answered) + ask.present,
                apologies=_without(meeting.apologies, answered) + ask.apologies,
            )
        case Meets.HELD:
            answered = (*ask.present, *ask.apologies)
            as_planned = ask.meets_at in (None, meeting.meets_at)
            return replace(
                meeting,
                state=MeetingState.HELD,
                meets_at=ask.meets_at or meeting.meets_at or act.happened_at,
                ends_at=ask.ends_at or (meeting.ends_at if as_planned else None),
                chair=ask.chair or meeting.chair,
                body=ask.body or meeting.body,
                present=ask.present,
                apologies=_without(meeting.apologies, answered) + ask.apologies,
                quorate=ask.quorate,
            )
        case Meets.MINUTES | Meets.DIFFERED | Meets.SENT_ROUND:
            return meeting
        case _:
            assert_never(ask.does)


def _called(meeting: Meeting, act: Act, ask: Meet) -> Meeting:
    """It is as the act says from here on. Another time asks everybody anew; whoever sets it comes, if asked."""
    again = ask.does is Meets.CHANGED
    same = again and ask.meets_at == meeting.meets_at
    coming, away = (meeting.coming, meeting.apologies) if same else ((), ())
    caller = (act.by.seat,) if act.by.seat in ask.invited else ()
    held = meeting.state is MeetingState.HELD
    return replace(
        meeting,
        state=meeting.state if held else MeetingState.CALLED,
        meets_at=ask.meets_at,
        ends_at=ask.ends_at,
        chair=ask.chair,
        body=ask.body,
        invited=ask.invited,
        coming=tuple(dict.fromkeys(post for post in (*coming, *caller) if post in ask.invited)),
        apologies=tuple(post for post in away if post in ask.invited and post not in caller),
        changes=meeting.changes + (1 if again else 0),
    )


def _without(posts: tuple[PostRef, ...], gone: tuple[PostRef, ...]) -> tuple[PostRef, ...]:
    return tuple(post for post in posts if post not in gone)
