"""Sends one message of the outbox by e-mail, with what only the record knows: by when the post has to act."""

from __future__ import annotations

from commonground import fence
from commonground.core.time import Due
from commonground.outbox import mail
from commonground.outbox.messages import Message
from commonground.record import store
from commonground.record.codec import shown_of_text
from commonground.usecases import clock


def by_mail(message: Message) -> None:
    """This will mail a message to whoever answers for its post now. Raises what kept it from going (mail.deliver)."""
    row = store.standing_row(message.disagreement)
    if row is None:
        raise LookupError(f"message {message.id} tells of no disagreement there is")
    with fence.inside(row.partnership):
        mail.deliver(message, row.partnership, clock.now(), _due(message, row.shown))


def _due(message: Message, shown: str) -> Due | None:
    """Give by when it is due as it stands now; None where the move has gone to another post meanwhile."""
    waits = shown_of_text(shown).waits
    return waits.due if waits is not None and waits.owner is not None and waits.owner.post == message.to else None
