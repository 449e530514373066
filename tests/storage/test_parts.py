"""Parts follow from the acts alone: what the door wrote is what the whole record adds up to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from commonground.core.acts import Advise, Answer, GoUp, Medium, Meet, PostRef, Reply, Talk
from commonground.language.library import shipped
from commonground.people.access import PartOf, Why
from commonground.people.models import Part
from commonground.record import store
from commonground.usecases.parts import added_up
from commonground.usecases.situation import setting_for
from commonground.usecases.sweep import sweep
from tests.partnership import small

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize("procedure", sorted(shipped()))
def test_a_record_adds_up_to_the_parts_that_were_written_with_it(procedure: str) -> None:
    here = small("riverside", procedure)
    for number, matter in enumerate(here.procedure.matters):
        disagreement, _ = here.raised(AT + timedelta(minutes=number), matter=matter.key)
        school = here.post("school")
        asks = (
            Talk(Medium.TELEPHONE),
            Advise(here.post("health"), given=False),
            Meet(held=False, invited=(here.post("police"),)),
            GoUp(),
            GoUp(),
        )
        for hours, ask in enumerate(asks, start=1):
            here.does(disagreement, school, ask, AT + timedelta(hours=hours))
        here.does(disagreement, here.owner(disagreement), Reply(Answer.DISAGREE), AT + timedelta(hours=7))
        sweep(at=AT + timedelta(days=60))

        written = {
            PartOf(PostRef(row.agency, row.post), Why(row.why), row.person): (row.from_at, row.to_at)
            for row in Part.objects.filter(disagreement=disagreement)
        }

        assert len(written) > 3
        assert added_up(setting_for(here.key, here.digest), store.read(disagreement)) == written
