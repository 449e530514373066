"""Parts follow from the acts alone: what the door wrote is what the whole record adds up to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from commonground.core.acts import Advise, Answer, Ask, GoUp, Medium, Meet, PostRef, Reply, Talk
from commonground.language.library import shipped
from commonground.people.access import PartOf, Why
from commonground.people.models import Part
from commonground.record import store
from commonground.usecases.parts import added_up
from commonground.usecases.rebuild import rebuild
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
        asks: tuple[Ask, ...] = (
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


def test_parts_that_are_gone_are_put_back_and_parts_that_are_there_stay() -> None:
    here = small("riverside", "sussex-six-step")
    lost, _ = here.raised(AT)
    kept, _ = here.raised(AT, by=here.post("health"), against="police")
    here.does(lost, here.post("school"), GoUp(), AT + timedelta(hours=1))
    before = rows()
    Part.objects.filter(disagreement=lost).delete()
    Part.objects.filter(disagreement=kept, why=Why.RESPONDING).delete()
    there = rows()

    counted = {one.disagreement: one.parts for one in rebuild()}

    assert counted == {lost: len([row for row in before if row[0] == lost]), kept: 0}
    assert rows() == sorted([*there, *(row for row in before if row[0] == lost)])
    assert {one.parts for one in rebuild()} == {0}


def rows() -> list[tuple[object, ...]]:
    return sorted(Part.objects.values_list("disagreement", "agency", "post", "person", "why", "from_at"))
