"""The alarm behind "nobody waits unseen": open disagreements for whose owner nobody is here today, or without a date.

There is nobody only where everybody in an agency and in the partnership's office is away or gone at once; whoever runs
the service has to ring somebody then. Ids and keys only: this goes into logs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from commonground import fence
from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.core.standing import Phase
from commonground.core.time import LONDON
from commonground.people.staffing import staffing_of
from commonground.record.models import StandingRow


@dataclass(frozen=True)
class Unanswered:
    """An open disagreement that needs somebody to look at it. `owner` is None where it has none."""

    disagreement: UUID
    partnership: Key
    owner: PostRef | None
    dated: bool

    def __str__(self) -> str:
        """Say what is wrong, in ids and keys."""
        which = f"disagreement {self.disagreement} of {self.partnership}"
        if self.owner is None:
            return f"{which} has no owner"
        if not self.dated:
            return f"{which} has no next date; {self.owner.post} of {self.owner.agency} owns it"
        return f"{which}: nobody is here today for {self.owner.post} of {self.owner.agency}"


def unanswered(at: datetime) -> tuple[Unanswered, ...]:
    """This will list every open disagreement without an owner, without a next date, or with nobody here to own it."""
    with fence.everywhere("an alarm for whoever runs the service, in ids and keys"):
        return _unanswered(at.astimezone(LONDON).date())


def _unanswered(today: date) -> tuple[Unanswered, ...]:
    rows = StandingRow.objects.filter(phase=Phase.OPEN).order_by()
    missing = Q(owner_post=None) | Q(next_due_at=None)
    found = {row.disagreement: _of(row) for row in rows.filter(missing)}
    with_owner = rows.exclude(missing)
    owners = with_owner.values_list("partnership", "owner_agency", "owner_post").distinct()
    for partnership, agency, post in owners:
        # "-" is nobody's key: somebody serves for the post, even for what is one person's alone who is not here.
        if not staffing_of(partnership, today).answering(PostRef(agency or "", post or ""), "-").people:
            waiting = with_owner.filter(partnership=partnership, owner_agency=agency, owner_post=post)
            found |= {row.disagreement: _of(row) for row in waiting}
    return tuple(found[one] for one in sorted(found))


def _of(row: StandingRow) -> Unanswered:
    owner = PostRef(row.owner_agency, row.owner_post) if row.owner_agency and row.owner_post else None
    return Unanswered(row.disagreement, row.partnership, owner, row.next_due_at is not None)
