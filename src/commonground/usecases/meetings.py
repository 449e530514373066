"""Meetings as a reader sees them: worked out from the acts that are shown to them, and from nothing else.

What is done about a meeting is a `Meet` act like any other, through handle.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from commonground import fence
from commonground.core.acts import Act, Ask, Decide, Entered, Meet, Meets, PostRef
from commonground.core.meetings import Meeting, MeetingState, meetings_of
from commonground.core.procedure import Deed
from commonground.core.setting import step_now
from commonground.core.time import LONDON
from commonground.outbox.calendar_file import Entry, Method, calendar_file
from commonground.outbox.mail import link_to
from commonground.outbox.models import MessageRow, State
from commonground.people.access import Scope
from commonground.record.words import Words
from commonground.usecases.handle import NotThere
from commonground.usecases.reading import Reading
from commonground.wording import bare


def meetings_in(reading: Reading) -> tuple[Meeting, ...]:
    """This will give the meetings that a reader is shown, in the order they were first told of."""
    return meetings_of((number, act) for number, act in enumerate(reading.acts, 1) if reading.shows(number))


def meeting_in(reading: Reading, number: int) -> Meeting:
    """This will give the meeting that an act first told of. NotThere where there is none for this reader."""
    found = next((one for one in meetings_in(reading) if one.number == number), None)
    if found is None:
        raise NotThere
    return found


def meeting_asked(reading: Reading, asks: Iterable[Ask]) -> Meeting | None:
    """This will give the meeting that some asks are of; None where they are of none yet."""
    ids = {ask.meeting for ask in asks if isinstance(ask, Meet)}
    return next((one for one in meetings_in(reading) if one.id in ids), None)


def meeting_told(reading: Reading, number: int) -> Meeting | None:
    """This will give the meeting that an act tells of; None for an act about anything else."""
    return next((one for one in meetings_in(reading) if number in one.acts), None)


def meeting_waited_for(reading: Reading) -> Meeting | None:
    """This will give the meeting that a disagreement waits for, where it was called and not held; the last called."""
    here, step = reading.standing, step_now(reading.setting, reading.standing)
    if step is None or step.do is not Deed.MEET:
        return None
    there = [one for one in meetings_in(reading) if (one.route, one.stage) == (here.route, here.stage)]
    return next((one for one in reversed(there) if one.state is MeetingState.CALLED), None)


def is_over(meeting: Meeting, at: datetime) -> bool:
    """This will say whether the time of a meeting has come; of a bare day, whether the day is over."""
    begins = meeting.meets_at
    if begins is None:
        return meeting.state is MeetingState.HELD
    if bare(begins):
        return begins.astimezone(LONDON).date() < at.astimezone(LONDON).date()
    return (meeting.ends_at or begins) <= at


def words_of(reading: Reading, meeting: Meeting) -> Iterator[tuple[int, Words]]:
    """This will yield the words said of a meeting that its reader may see, each with its act's place, oldest first."""
    for number in meeting.acts:
        yield from ((number, piece) for piece in reading.words.get(number, ()) if isinstance(piece, Words))


def newest_words(reading: Reading, meeting: Meeting, field: str) -> str:
    """This will give what was last said of a meeting under a field; empty where nothing was."""
    return next((piece.text for _, piece in reversed([*words_of(reading, meeting)]) if piece.said.field == field), "")


def decisions_at(reading: Reading, meeting: Meeting) -> Iterator[tuple[int, Act]]:
    """This will yield the decisions recorded since a meeting was called, at the stage it was called in."""
    here = ("", "")
    for number, act in enumerate(reading.acts, 1):
        decided = number > meeting.number and isinstance(act.ask, Decide)
        if decided and here == (meeting.route, meeting.stage) and reading.shows(number):
            yield number, act
        for effect in act.effects:
            if isinstance(effect, Entered):
                here = (effect.route, effect.stage)


# --- Who was told -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A post that was told of something of a meeting, and what became of the message."""

    post: PostRef
    state: State
    at: datetime
    """When it went; where it has not gone, when it goes."""
    office_instead: bool
    """Nobody there could be written to, so the office was told to reach them."""


@fence.entered
def told_of(scope: Scope, disagreement: UUID, acts: Iterable[int]) -> Mapping[int, tuple[Told, ...]]:
    """This will say of each of some acts who was told of it, by post. For somebody who reads the disagreement."""
    found: dict[int, tuple[Told, ...]] = {}
    rows = MessageRow.objects.filter(disagreement=disagreement, sequence__in=list(acts))
    for row in rows.order_by("sequence", "agency", "post"):
        post, at = PostRef(row.agency, row.post), row.sent_at or row.next_try_at
        told = Told(post, State(row.state), at, row.office_instead)
        found[row.sequence] = (*found.get(row.sequence, ()), told)
    return found


# --- Calendars --------------------------------------------------------------------------------------------------------


def entry_of(meeting: Meeting, reference: str) -> Entry | None:
    """This will give a meeting for a calendar, as it stands; None where no day is set."""
    if meeting.meets_at is None:
        return None
    return Entry(
        id=meeting.id,
        changes=meeting.changes,
        reference=reference,
        link=link_to(reference, meeting.number),
        meets_at=meeting.meets_at,
        ends_at=meeting.ends_at,
        cancelled=meeting.state is MeetingState.CANCELLED,
        changed_at=meeting.recorded_at,
    )


def entry_for(post: PostRef, meeting: Meeting, ask: Meet, reference: str) -> Entry | None:
    """This will give what one post's calendar is sent with an act, `meeting` being as it stood with that act.

    None for whoever is not asked, and for what was written down when it was over.
    """
    if ask.does not in (Meets.CALLED, Meets.CHANGED, Meets.CANCELLED) or post not in (*ask.invited, *ask.told):
        return None
    entry = entry_of(meeting, reference)
    if entry is None or is_over(meeting, meeting.recorded_at):
        return None
    dropped = ask.does is Meets.CANCELLED or post not in ask.invited
    return replace(entry, cancelled=dropped)


def file_of(reading: Reading, meeting: Meeting) -> bytes:
    """This will give the calendar file of a meeting, to download. NotThere where no day is set."""
    entry = entry_of(meeting, reading.reference)
    if entry is None:
        raise NotThere
    return calendar_file(entry, Method.PUBLISH)
