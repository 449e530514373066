"""Adds up every record anew and compares: the standing rows must come out identical, whatever happened to them.

Where a record has no parts at all (it was written before there were any, or they were lost) they are put back, so that
whoever has a part in it finds it again. Parts that are there stay as they are: the directory they were worked out by
may have changed since. What words are found by (record/search.py) is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction

from commonground import fence
from commonground.core.acts import Act, Raise
from commonground.core.standing import standing
from commonground.people.models import Part
from commonground.record import search, store
from commonground.record.codec import Altered
from commonground.record.models import ActRow, StandingRow
from commonground.record.words import Words
from commonground.usecases.handle import columns
from commonground.usecases.parts import added_up
from commonground.usecases.situation import setting_for


@dataclass(frozen=True)
class Rebuilt:
    disagreement: UUID
    reference: str
    acts: int
    same: bool
    """Whether the row that was there said the same."""
    parts: int = 0
    """How many parts were put back."""


def rebuild(progress: Callable[[int, int], None] = lambda done, of: None) -> Iterator[Rebuilt]:
    """This will rebuild the standing row of every disagreement from its acts, one transaction each.

    Raises Altered or UnknownKind, naming the place, at the first record that is not as it was written.
    """
    # From the acts, not from the rows that are to be rebuilt: a row that is gone takes no disagreement with it.
    with fence.everywhere(_WHY):
        ids = list(ActRow.objects.order_by("disagreement").values_list("disagreement", flat=True).distinct())
    for done, disagreement in enumerate(ids, start=1):
        yield _one(disagreement)
        progress(done, len(ids))


_WHY: Final = "what may be wrong is the very row that says whose it is"


def _one(disagreement: UUID) -> Rebuilt:
    with fence.everywhere(_WHY), transaction.atomic(durable=True):
        store.hold(disagreement)
        old = StandingRow.objects.filter(disagreement=disagreement).first()
        acts = store.read(disagreement, beside_standing=False)
        raised = acts[0].ask
        if not isinstance(raised, Raise):
            raise Altered(disagreement, 1, "it is not what a record begins with")
        last = ActRow.objects.only("digest").get(disagreement=disagreement, sequence=len(acts))
        new = columns(raised.partnership, disagreement, raised.reference, standing(acts), bytes(last.digest))
        same = old is not None and all(_plain(getattr(old, name)) == value for name, value in vars(new).items())
        store.put_standing(new)
        _put_search(new, acts)
        parts = 0 if Part.objects.filter(disagreement=disagreement).exists() else _put_back(new, acts)
    return Rebuilt(disagreement, new.reference, len(acts), same, parts)


def _put_search(row: store.StandingColumns, acts: Sequence[Act]) -> None:
    """Make what somebody typed findable again, whatever was kept to find it by."""
    said = store.words_of(row.disagreement, acts)
    kept = [
        (sequence, acts[sequence - 1].recorded_at, [piece for piece in pieces if isinstance(piece, Words)])
        for sequence, pieces in said.items()
    ]
    search.keep_anew(row.partnership, row.disagreement, kept)


def _put_back(row: store.StandingColumns, acts: Sequence[Act]) -> int:
    parts = added_up(setting_for(row.partnership, row.procedure_digest), acts)
    made = Part.objects.bulk_create(
        Part(
            partnership_id=row.partnership,
            disagreement=row.disagreement,
            agency=part.post.agency,
            post=part.post.post,
            person=part.person,
            why=part.why,
            from_at=since,
            to_at=until,
        )
        for part, (since, until) in parts.items()
    )
    return len(made)


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value
