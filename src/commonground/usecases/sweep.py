"""Records the silence of everything that is due, and sends what waits to go. Run again and again by the worker.

Due work is found by query, never from memory: after a crash or three weeks away the next sweep finds it all, in order.
One disagreement that can't be read stops nothing but itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from commonground import fence
from commonground.core.acts import PassTime
from commonground.core.decide import Accepted
from commonground.outbox import messages
from commonground.people.access import clock_scope
from commonground.record import store
from commonground.usecases import clock
from commonground.usecases.handle import Asking, handle

logger = logging.getLogger(__name__)

BATCH = 200
"""How many due disagreements one look takes, longest due first."""


@dataclass(frozen=True)
class Swept:
    silences: int
    sent: int
    stuck: tuple[UUID, ...]
    """Disagreements that could not be swept. Each is logged with why; they stay due, and the next sweep tries again."""


def sweep(
    at: datetime | None = None,
    progress: Callable[[str], None] = logger.debug,
    deliver: messages.Deliver = messages.to_log,
) -> Swept:
    """This will do everything that is due by `at` (now, unless given), once; `deliver` hands messages over."""
    now = at or clock.now()
    silences, stuck = 0, set[UUID]()
    while batch := [due for due in _due(now, BATCH + len(stuck)) if due[0] not in stuck]:
        for disagreement, event in batch:
            try:
                silences += _pass_time(disagreement, event, now)
            except Exception:
                # One unreadable record must not keep every other child waiting.
                logger.exception("Disagreement %s could not be swept", disagreement)
                stuck.add(disagreement)
        progress(f"{silences} silences recorded")
    with fence.everywhere("what waits to go, whoever's it is"):
        sent = messages.send_due(now, deliver)
    return Swept(silences, sent, tuple(sorted(stuck)))


def _due(now: datetime, limit: int) -> list[tuple[UUID, str]]:
    with fence.everywhere("what is due, whoever's it is"):
        return store.due(now, limit)


def _pass_time(disagreement: UUID, event: str, now: datetime) -> bool:
    with fence.everywhere("whose it is, for the clock to act there"):
        place = store.place_of(disagreement)
    if place is None:
        return False
    answer = handle(clock_scope(place.partnership), disagreement, Asking(PassTime(event)), at=now)
    # Refused: somebody acted between the look and the door, and it is not due any more.
    return isinstance(answer, Accepted)
