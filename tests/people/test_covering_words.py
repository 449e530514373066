"""Whoever serves for a post from another agency acts in it, and does not read that agency's own words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from commonground.core.acts import Audience, Note
from commonground.people.access import Seated, scopes_of
from commonground.people.models import Absence, Holding
from commonground.record.words import typed
from commonground.usecases.handle import Asking, handle
from commonground.usecases.reading import read
from tests.partnership import small

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("away", "serves", "reads"), [("practitioner", "first-line", True), ("everybody", "office", False)]
)
def test_own_words_are_for_their_own_agency(away: str, serves: str, reads: bool) -> None:
    here = small("riverside", "sussex-six-step")
    raised, _ = here.raised(AT)
    school = here.post("school")
    own = (typed("words", "Ours alone.", Audience.OWN_AGENCY, school.agency),)
    handle(here.scope(school), raised, Asking(Note(approved=True), own), at=AT + timedelta(hours=1))
    people = Holding.objects.filter(post__agency_id=school.agency)
    for holding in people.filter(post__post=school.post) if away == "practitioner" else people:
        Absence.objects.create(person_id=holding.person_id, from_on=AT.date())
    who = here.person(here.post("partnership" if serves == "office" else "school", serves))
    serving = next(one for one in scopes_of(who, AT.date()) if one.seat == school and one.seated is Seated.COVER)

    reading = read(serving, raised, AT + timedelta(hours=2))

    texts = {getattr(piece, "text", "") for pieces in reading.words.values() for piece in pieces}
    assert "Two visits were missed." in texts
    assert ("Ours alone." in texts) is reads
