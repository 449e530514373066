"""Queues what people are to be told, and sends it when it may go.

Queued in the transaction of the act: what happened is told, and what did not is not. Sent one by one, each with its own
state: one that fails holds up no other, and is tried again, less and less often, until it is given up and shown as
failed.

A message is sent at least once. Should the worker die between handing it over and writing that down, it goes again
after LEASE; its `id` is the same then, for the receiving side to notice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db.models import F

from commonground import fence
from commonground.core.acts import PostRef
from commonground.core.telling import Notice
from commonground.core.time import Calendar, announce_at
from commonground.outbox.models import MessageRow, State
from commonground.sql import run

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=10)
"""How long a message that is being sent is left alone by every other worker."""
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=6)
GIVEN_UP_AFTER: Final = timedelta(days=7)
"""From the time it was to go. A mail server may be away for a bank holiday weekend, and nothing is lost."""


@dataclass(frozen=True)
class Message:
    """What goes out: to which post, and which reference to look up. Who holds the post is found now."""

    id: int
    disagreement: UUID
    sequence: int
    reference: str
    to: PostRef
    about: str
    to_act: bool
    urgent: bool


class ServerAway(ConnectionError):
    """Nothing can be sent just now, neither this message nor any other."""


Deliver = Callable[[Message], None]
"""Hands a message over; whatever it raises means that it was not."""


def to_log(message: Message) -> None:
    """This will write a message to the log, in place of sending it. There is nothing in it that a log may not hold."""
    logger.info("%s: %s, to %s of %s", message.reference, message.about, message.to.post, message.to.agency)


def queue(
    disagreement: UUID, reference: str, sequence: int, notices: Iterable[Notice], calendar: Calendar, at: datetime
) -> None:
    """This will queue a message for each notice of act `sequence`, recorded at `at`, in the act's own transaction."""
    told = tuple(notices)
    if not told:
        return
    send_at = {urgent: announce_at(at, calendar, urgent=urgent) for urgent in {one.urgent for one in told}}
    values: list[Any] = []
    for notice in told:
        goes_at = send_at[notice.urgent]
        values += (disagreement, sequence, reference, notice.to.agency, notice.to.post)
        values += (notice.about, notice.to_act, notice.urgent, at, goes_at, goes_at)
    run(_insert(len(told)), [disagreement, fence.here(), *values])


# By hand, because it is part of every act: through the ORM it took a third of an act's time.
@cache
def _insert(rows: int) -> str:
    row = "({0}, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'waiting', 0, '')"
    values = [row.format(fence.OURS), *[row.format("%s")] * (rows - 1)]
    return f"""INSERT INTO messages (disagreement, sequence, reference, agency, post, about, to_act, urgent,
        queued_at, send_at, next_try_at, state, attempts, trouble) VALUES {", ".join(values)}
        ON CONFLICT (disagreement, sequence, agency, post, about) DO NOTHING"""  # noqa: S608


def send_due(now: datetime, deliver: Deliver = to_log, limit: int = 1000) -> int:
    """This will send what may go by now, longest waiting first, at most `limit`; give how many were handed over.

    Any number of workers may do so at once. Nothing is locked while a message is on its way. Where the server is away
    it stops after one: the silences that the worker has to record do not wait for a thousand tries.
    """
    sent = 0
    waiting = MessageRow.objects.filter(state=State.WAITING, next_try_at__lte=now).order_by("next_try_at", "id")
    for row in waiting[:limit]:
        if not _claimed(row, now):
            continue
        try:
            sent += _sent(row, now, deliver)
        except ServerAway:
            break  # the others stay due, and the next look tries one of them
    return sent


def _claimed(row: MessageRow, now: datetime) -> bool:
    """Take a message for this worker, unless another has: only one of them finds it as it was seen."""
    as_seen = MessageRow.objects.filter(pk=row.pk, state=State.WAITING, next_try_at=row.next_try_at)
    return as_seen.update(next_try_at=now + LEASE, attempts=F("attempts") + 1) == 1


def _sent(row: MessageRow, now: datetime, deliver: Deliver) -> bool:
    own = MessageRow.objects.filter(pk=row.pk)
    try:
        deliver(_message(row))
    except Exception as error:  # whatever went wrong with one, the others must go
        trouble = type(error).__name__
        given_up = now - row.send_at >= GIVEN_UP_AFTER
        wait = min(FIRST_WAIT * 2 ** min(row.attempts, 16), LONGEST_WAIT)
        own.update(state=State.FAILED if given_up else State.WAITING, next_try_at=now + wait, trouble=trouble)
        logger.warning("%s could not be sent (%s)%s", row, trouble, ": given up" if given_up else "")
        if isinstance(error, ServerAway):
            raise
        return False
    own.update(state=State.SENT, sent_at=now, trouble="")
    return True


def _message(row: MessageRow) -> Message:
    return Message(
        id=row.pk,
        disagreement=row.disagreement,
        sequence=row.sequence,
        reference=row.reference,
        to=PostRef(row.agency, row.post),
        about=row.about,
        to_act=row.to_act,
        urgent=row.urgent,
    )
