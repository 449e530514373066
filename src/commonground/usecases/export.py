"""One disagreement as one file that a stranger can check: with the words that somebody may read, or with none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from commonground import fence
from commonground.core.acts import Said
from commonground.core.procedure import Key
from commonground.people import access
from commonground.people.access import Scope
from commonground.record.export import export
from commonground.record.models import StandingRow
from commonground.usecases import clock
from commonground.usecases.handle import NotThere
from commonground.usecases.reading import find


@fence.entered
def export_for(scope: Scope, disagreement: UUID, at: datetime | None = None) -> Iterator[bytes]:
    """This will give the lines of a file with the words that a scope may read, and log that it was read.

    NotThere for what the scope does not reach; Altered where the record does not hold.
    """
    now = at or clock.now()
    reach = access.reach(scope, disagreement, now)
    why = reach.relation
    if why is None or why in access.SHALLOW or reach.until is not None:
        # Half a record proves nothing, and acts say more than dates: who has no full part has no file.
        raise NotThere
    access.looked(scope, disagreement, why, now)

    def may_see(said: Said) -> bool:
        return access.may_read(scope, why, said.audience, said.controller)

    return iter(tuple(export(disagreement, made_at=now, may_see=may_see)))  # all of it while inside the fence


def export_for_person(person: Key, reference: str, at: datetime | None = None) -> Iterator[bytes]:
    """This will do the same for the first of a person's posts that reaches the reference. NotThere where none does."""
    for scope in access.scopes_of(person, clock.today()):
        try:
            disagreement = find(scope, reference)
        except NotThere:
            continue
        return export_for(scope, disagreement, at)
    raise NotThere


def export_without_words(reference: str, at: datetime | None = None) -> Iterator[bytes]:
    """This will give the lines of a file that proves what happened when, and in which posts, and holds no words."""
    with fence.everywhere("whoever keeps the service asks by reference alone"):
        row = StandingRow.objects.filter(reference=reference.upper()).first()
    if row is None:
        raise NotThere
    with fence.inside(row.partnership):
        return iter(tuple(export(row.disagreement, made_at=at or clock.now(), may_see=lambda said: False)))
