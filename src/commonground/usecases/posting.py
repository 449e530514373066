"""Sends one message of the outbox by e-mail, with what only the record knows: by when to act, and which meeting."""

from __future__ import annotations

from commonground import fence
from commonground.core.acts import Meet
from commonground.core.meetings import meetings_of
from commonground.core.procedure import TellOn
from commonground.core.telling import OF_A_MEETING
from commonground.core.time import Due
from commonground.outbox import mail
from commonground.outbox.mail import OfMeeting
from commonground.outbox.messages import Message
from commonground.record import store
from commonground.record.codec import shown_of_text
from commonground.usecases import clock
from commonground.usecases.meetings import entry_for

_OF_A_MEETING = {*OF_A_MEETING, TellOn.MEETING}


def by_mail(message: Message) -> None:
    """This will mail a message to whoever answers for its post now. Raises what kept it from going (mail.deliver)."""
    row = store.standing_row(message.disagreement)
    if row is None:
        raise LookupError(f"message {message.id} tells of no disagreement there is")
    with fence.inside(row.partnership):
        mail.deliver(message, row.partnership, clock.now(), _due(message, row.shown), _meeting(message))


def _due(message: Message, shown: str) -> Due | None:
    """Give by when it is due as it stands now; None where the move has gone to another post meanwhile."""
    waits = shown_of_text(shown).waits
    return waits.due if waits is not None and waits.owner is not None and waits.owner.post == message.to else None


def _meeting(message: Message) -> OfMeeting | None:
    """Give the meeting that a message is about, as it stood with the act that is told."""
    if message.about not in _OF_A_MEETING:
        return None
    acts = store.read(message.disagreement)[: message.sequence]
    ask = acts[-1].ask
    meeting = next((one for one in meetings_of(enumerate(acts, 1)) if message.sequence in one.acts), None)
    if meeting is None or not isinstance(ask, Meet):
        return None
    return OfMeeting(meeting.number, entry_for(message.to, meeting, ask, message.reference))
