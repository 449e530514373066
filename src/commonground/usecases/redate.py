"""After the calendar has changed: dates what is open anew, as acts, in the open.

A bank holiday can be added at ten days' notice. Each disagreement then gets one act of the service's own clock, with
every limit that the new calendar dates otherwise; the old dates stay in the record.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from commonground import fence
from commonground.core.acts import Redate
from commonground.core.decide import Accepted
from commonground.people.access import clock_scope
from commonground.people.models import Partnership
from commonground.record.models import StandingRow
from commonground.usecases import clock
from commonground.usecases.handle import Asking, handle
from commonground.usecases.situation import calendar_of

logger = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What came of one disagreement."""

    ANEW = "dated anew"
    SAME = "unchanged"
    STUCK = "stuck"
    """It could not be dated. Logged with why; dating again tries it again."""


@dataclass(frozen=True)
class Redated:
    disagreement: UUID
    reference: str
    outcome: Outcome


def redate(
    progress: Callable[[int, int], None] = lambda done, of: None, at: datetime | None = None
) -> Iterator[Redated]:
    """This will date everything that has a next event by the calendars there are now, soonest due first.

    Doing it twice changes nothing the second time. One that can't be dated stops no other.
    """
    with fence.everywhere("a calendar has changed for all of them"):
        rows = list(StandingRow.objects.filter(next_due_at__isnull=False).order_by("next_due_at", "disagreement"))
    calendars = {one.key: calendar_of(one.nation) for one in Partnership.objects.all()}
    for done, row in enumerate(rows, start=1):
        calendar = calendars[row.partnership]
        asking = Asking(Redate(f"{calendar.nation} {calendar.version}"))
        try:
            answer = handle(clock_scope(row.partnership), row.disagreement, asking, at=at or clock.now())
            outcome = Outcome.ANEW if isinstance(answer, Accepted) else Outcome.SAME
        except Exception:
            # A child's dates elsewhere must not stay wrong because one record can't be read.
            logger.exception("Disagreement %s could not be dated anew", row.disagreement)
            outcome = Outcome.STUCK
        yield Redated(row.disagreement, row.reference, outcome)
        progress(done, len(rows))
