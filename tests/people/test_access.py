"""Need to know, rule by rule: who reaches a disagreement, why, since when and until when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonground.core.acts import About, Advise, Answer, Audience, GoUp, Meet, Note, PostRef, Raise, Reply
from commonground.core.decide import Accepted
from commonground.outbox.models import MessageRow
from commonground.people import access
from commonground.people.access import Relation, Scope, Seated, may_read, scopes_of
from commonground.people.models import Absence, Agency, Holding, Membership, Opening, Part, Person, Post
from commonground.record import store
from commonground.record.words import typed
from commonground.usecases.handle import Asking, NotThere, handle, raise_disagreement
from commonground.usecases.listing import Which, list_of
from commonground.usecases.looking import LASTS, ReasonMissing, leads_of, look_outside
from commonground.usecases.reading import find_for, read
from tests.partnership import Small, small

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
"""A Monday, with no bank holiday for weeks."""
ON = AT.date()


@pytest.fixture
def six() -> Small:
    """A partnership whose procedure goes from practitioners to managers, leads, and the scrutineer."""
    return small("riverside", "sussex-six-step")


@pytest.fixture
def raised(six: Small) -> UUID:
    """Raised by the school's practitioner against social care."""
    return six.raised(AT)[0]


def relation(scope: Scope, disagreement: UUID, at: datetime = AT) -> Relation | None:
    return access.relation(scope, disagreement, at)


def up(six: Small, disagreement: UUID, times: int = 1) -> None:
    """Go up so many stages, as the raiser."""
    for number in range(times):
        six.does(disagreement, six.post("school"), GoUp(), AT + timedelta(hours=1 + number))


def joins(agency: str, post: str, person: str, deputy: int = 0, from_on: date = date(2020, 1, 1)) -> None:
    """Put somebody new into a post."""
    held, _ = Post.objects.get_or_create(agency_id=agency, post=post)
    somebody, _ = Person.objects.get_or_create(key=person, defaults={"full_name": person})
    Holding.objects.create(post=held, person=somebody, deputy=deputy, from_on=from_on)


def scope(person: str, post: PostRef, seated: Seated = Seated.HOLDER) -> Scope:
    return next(one for one in scopes_of(person, ON) if one.seat == post and one.seated is seated)


# --- Relation ---------------------------------------------------------------------------------------------------------


def test_who_reaches_it_at_the_first_stage_and_why(six: Small, raised: UUID) -> None:
    reached = {
        post: why
        for post in (PostRef(*one) for one in Post.objects.values_list("agency_id", "post"))
        if (why := relation(six.scope(post), raised))
    }
    assert reached == {
        six.post("school"): Relation.RAISER,
        six.post("social-care"): Relation.RESPONDING,
        six.post("partnership", "office"): Relation.OFFICE_DATES,
        six.post("partnership", "scrutineer"): Relation.SCRUTINEER,
    }


def test_managers_reach_it_when_their_stage_is_reached_and_not_before(six: Small, raised: UUID) -> None:
    managers = [six.scope(six.post(kind, "first-line")) for kind in ("school", "social-care")]
    assert [relation(one, raised) for one in managers] == [None, None]

    up(six, raised)

    assert [relation(one, raised) for one in managers] == [Relation.CHALLENGING, Relation.RESPONDING]
    seniors = [six.scope(six.post(kind, "senior")) for kind in ("school", "social-care")]
    assert [relation(one, raised) for one in seniors] == [None, None]


def test_every_post_that_a_stage_names_for_a_side_has_a_part(six: Small, raised: UUID) -> None:
    up(six, raised, 3)
    assert relation(six.scope(six.post("social-care", "lead")), raised) is Relation.RESPONDING
    assert relation(six.scope(six.post("social-care", "protection-manager")), raised) is Relation.RESPONDING


def test_a_colleague_in_the_raisers_post_does_not_reach_it(six: Small, raised: UUID) -> None:
    joins("riverside-school", "practitioner", "a-colleague")
    assert relation(scope("a-colleague", six.post("school")), raised) is None
    assert list_of([scope("a-colleague", six.post("school"))], Which.WAITING).rows == ()


def test_everybody_in_the_post_that_was_asked_reaches_it(six: Small, raised: UUID) -> None:
    joins("riverside-social-care", "practitioner", "a-colleague")
    assert relation(scope("a-colleague", six.post("social-care")), raised) is Relation.RESPONDING


def test_who_is_asked_for_advice_reaches_it_until_it_ends(six: Small, raised: UUID) -> None:
    nurse = six.post("health", "health-professional")
    assert relation(six.scope(nurse), raised) is None

    six.does(raised, six.post("school"), Advise(nurse, given=False), AT + timedelta(hours=1))

    assert relation(six.scope(nurse), raised) is Relation.BROUGHT_IN


def test_who_is_invited_reaches_it(six: Small, raised: UUID) -> None:
    police = six.post("police", "senior")
    six.does(raised, six.post("school"), Meet(held=False, invited=(police,)), AT + timedelta(hours=1))
    assert relation(six.scope(police), raised) is Relation.BROUGHT_IN


def test_a_safeguarding_lead_reaches_what_their_own_agency_is_on_a_side_of(six: Small, raised: UUID) -> None:
    joins("riverside-school", "named", "school-lead")
    joins("riverside-police", "named", "police-lead")
    assert relation(scope("school-lead", PostRef("riverside-school", "named")), raised) is Relation.LEAD
    assert relation(scope("police-lead", PostRef("riverside-police", "named")), raised) is None


def test_another_partnership_reaches_nothing_not_even_with_the_same_agency(six: Small, raised: UUID) -> None:
    other = small("lakeside", "krscp")
    Membership.objects.create(partnership_id="lakeside", agency_id="riverside-school")
    person = six.person(six.post("school"))
    here, there = sorted(scopes_of(person, ON)[:2], key=lambda one: one.partnership, reverse=True)
    assert (here.partnership, there.partnership) == ("riverside", "lakeside")
    assert relation(here, raised) is Relation.RAISER
    assert relation(there, raised) is None
    assert relation(other.scope(other.post("partnership", "office")), raised) is None


# --- Time -------------------------------------------------------------------------------------------------------------


def test_leaving_a_post_ends_access_at_once(six: Small, raised: UUID) -> None:
    person = six.person(six.post("school"))
    Holding.objects.filter(person_id=person).update(to_on=ON - timedelta(days=1))
    assert scopes_of(person, ON) == ()


def test_a_post_that_begins_tomorrow_opens_nothing_today(six: Small, raised: UUID) -> None:
    joins("riverside-social-care", "practitioner", "new-one", from_on=ON + timedelta(days=1))
    assert scopes_of("new-one", ON) == ()
    assert [one.seat for one in scopes_of("new-one", ON + timedelta(days=1))] == [six.post("social-care")]


def test_a_body_sees_what_there_was_while_it_sat_and_nothing_after(six: Small, raised: UUID) -> None:
    up(six, raised, 4)
    scrutineer = six.scope(six.post("partnership", "scrutineer"))
    assert relation(scrutineer, raised) is Relation.BROUGHT_IN
    # The stage after it has another body.
    left = AT + timedelta(hours=9)
    six.does(raised, six.post("school"), GoUp(), left, words="After its time.")
    six.does(raised, six.post("school"), GoUp(), left + timedelta(hours=1), words="Later still.")

    assert relation(scrutineer, raised) is Relation.SCRUTINEER


def test_a_former_party_reads_what_it_saw_and_not_what_came_after(six: Small, raised: UUID) -> None:
    police = six.post("police", "senior")
    six.does(raised, six.post("school"), Meet(held=False, invited=(police,)), AT + timedelta(hours=1), words="Come.")
    six.does(raised, six.post("school"), GoUp(), AT + timedelta(hours=2), words="We go on.")
    six.does(raised, six.post("school"), GoUp(), AT + timedelta(hours=3), words="And on.")

    reading = read(six.scope(police), raised, AT + timedelta(hours=4))

    assert (reading.relation, reading.until) == (Relation.FORMER, AT + timedelta(hours=2))
    texts = [getattr(piece, "text", None) for pieces in reading.words.values() for piece in pieces]
    assert texts == ["Two visits were missed.", "Come.", "We go on."]
    assert len(reading.acts) == 3
    assert reading.standing.position == 3


def test_asked_back_in_a_former_party_sees_all_again(six: Small, raised: UUID) -> None:
    police = six.post("police", "senior")
    six.does(raised, six.post("school"), Meet(held=False, invited=(police,)), AT + timedelta(hours=1))
    six.does(raised, six.post("school"), GoUp(), AT + timedelta(hours=2))
    assert relation(six.scope(police), raised) is Relation.FORMER
    six.does(raised, six.post("school"), Meet(held=False, invited=(police,)), AT + timedelta(hours=3))
    assert relation(six.scope(police), raised) is Relation.BROUGHT_IN


def test_former_parties_can_still_go_up(six: Small, raised: UUID) -> None:
    police = six.post("police", "senior")
    six.does(raised, six.post("school"), Meet(held=False, invited=(police,)), AT + timedelta(hours=1))
    six.does(raised, six.post("school"), GoUp(), AT + timedelta(hours=2))
    assert isinstance(six.does(raised, police, GoUp(), AT + timedelta(hours=3)), Accepted)


# --- Deputies and those who serve -------------------------------------------------------------------------------------


def test_a_deputy_reaches_what_the_post_does_the_raisers_own_too(six: Small, raised: UUID) -> None:
    joins("riverside-school", "practitioner", "a-deputy", deputy=1)
    deputy = scope("a-deputy", six.post("school"), Seated.DEPUTY)
    assert relation(deputy, raised) is Relation.CHALLENGING


def test_while_the_raiser_is_away_the_next_tier_serves_and_afterwards_does_not(six: Small, raised: UUID) -> None:
    person, manager = six.person(six.post("school")), six.person(six.post("school", "first-line"))
    assert not reached_by(manager, raised)

    away = Absence.objects.create(person_id=person, from_on=ON, to_on=ON)
    assert reached_by(manager, raised) == [Seated.COVER]

    away.delete()
    assert not reached_by(manager, raised)


def test_when_the_raiser_has_left_the_next_tier_serves_though_colleagues_hold_the_post(
    six: Small, raised: UUID
) -> None:
    joins("riverside-school", "practitioner", "a-colleague")
    Holding.objects.filter(person_id=six.person(six.post("school"))).exclude(person_id="a-colleague").delete()
    manager = six.person(six.post("school", "first-line"))
    assert reached_by(manager, raised) == [Seated.COVER]
    assert not reached_by("a-colleague", raised)


def test_who_serves_for_the_raiser_acts_in_their_post(six: Small, raised: UUID) -> None:
    Absence.objects.create(person_id=six.person(six.post("school")), from_on=ON, to_on=None)
    serving = scope(six.person(six.post("school", "first-line")), six.post("school"), Seated.COVER)
    answer = handle(serving, raised, Asking(GoUp()), at=AT + timedelta(hours=1))
    assert isinstance(answer, Accepted)
    assert answer.act.by.seat == six.post("school")


def reached_by(person: str, disagreement: UUID) -> list[Seated]:
    found = scopes_of(person, ON)
    reaches = access.reaches(found, disagreement, AT)
    return [one.seated for one, reach in zip(found, reaches, strict=True) if reach.relation is not None]


# --- Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", list(Relation))
@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("own", [True, False])
def test_who_may_read_which_words(why: Relation, audience: Audience, own: bool) -> None:
    seat = Scope("somebody", PostRef("school", "practitioner"), "riverside")
    opens_words = why not in {Relation.OFFICE_DATES, Relation.SCRUTINEER, Relation.CLOCK}
    theirs = own and why is not Relation.GUEST if audience is Audience.OWN_AGENCY else True
    assert may_read(seat, why, audience, "school" if own else "health") is (opens_words and theirs)


def test_the_office_reads_words_once_the_procedure_gives_it_a_part(six: Small) -> None:
    office = six.scope(six.post("partnership", "office"))
    by = six.post("school")
    # Nobody to ask is named, so the office has to reach them.
    ask = Raise(six.procedure.matters[0].key, About.CHILD, (by.agency,))
    words = (typed("worry", "Two visits were missed.", Audience.PARTIES, by.agency),)
    new = raise_disagreement(six.scope(by), six.digest, Asking(ask, words), at=AT).disagreement
    assert relation(office, new) is Relation.OFFICE
    assert read(office, new, AT).words[1]


def test_dates_alone_open_no_words_and_name_nobody(six: Small, raised: UUID) -> None:
    note = (typed("words", "Ours alone.", Audience.OWN_AGENCY, "riverside-school"),)
    handle(six.scope(six.post("school")), raised, Asking(Note(approved=True), note), at=AT + timedelta(hours=1))
    for post in ("office", "scrutineer"):
        reading = read(six.scope(six.post("partnership", post)), raised, AT + timedelta(hours=2))
        assert not any(reading.words.values())
        assert not reading.names_people


def test_nobody_with_dates_alone_lets_themselves_in_by_an_act(six: Small, raised: UUID) -> None:
    office = six.post("partnership", "office")
    six.does(raised, office, Advise(office, given=True), AT + timedelta(hours=1), words="My advice.")
    assert relation(six.scope(office), raised) is Relation.OFFICE_DATES


# --- For a reason -----------------------------------------------------------------------------------------------------


def test_a_look_for_a_reason_opens_it_for_a_while_and_ends_by_itself(six: Small, raised: UUID) -> None:
    head = six.scope(six.post("school", "senior"))
    reference = six.raised(AT)[1]
    new = six.find(reference)
    assert relation(head, new) is None

    look_outside([head], reference, "Her manager rang me.", AT)

    assert relation(head, new, AT + LASTS - timedelta(seconds=1)) is Relation.REASON
    assert relation(head, new, AT + LASTS) is None
    assert relation(head, raised) is None
    assert list_of([head], Which.WAITING).rows == ()  # today is long after


def test_both_sides_leads_are_told_of_a_look_for_a_reason(six: Small, raised: UUID) -> None:
    joins("riverside-school", "named", "school-lead")
    look_outside([six.scope(six.post("school", "senior"))], reference_of(six, raised), "To help.", AT)
    told = MessageRow.objects.filter(about="looked outside").values_list("agency", "post")
    assert set(told) == {("riverside-school", "named"), ("riverside-social-care", "practitioner")}
    assert {(one.agency, one.post) for one in leads_of(six.scope(six.post("school")), raised)} == set(told)


def test_a_reason_has_to_be_given_and_is_asked_of_nobody_who_may_not_know(six: Small, raised: UUID) -> None:
    reference = reference_of(six, raised)
    with pytest.raises(ReasonMissing):
        look_outside([six.scope(six.post("school", "senior"))], reference, "  ", AT)
    for post in (six.post("police", "senior"), six.post("health")):
        with pytest.raises(NotThere):
            look_outside([six.scope(post)], reference, "I want to know.", AT)
    with pytest.raises(NotThere):
        look_outside([six.scope(six.post("school", "senior"))], "RIVE-222222", "I want to know.", AT)
    assert not Opening.objects.exists()


def reference_of(six: Small, disagreement: UUID) -> str:
    row = store.standing_row(disagreement)
    assert row is not None
    return row.reference


# --- One look, whatever it finds --------------------------------------------------------------------------------------


def test_finding_out_takes_the_same_queries_for_what_is_not_there_and_what_is_not_yours(
    six: Small, raised: UUID
) -> None:
    police = [six.scope(six.post("police", "senior"))]
    counts = []
    for reference in (reference_of(six, raised), "RIVE-222222"):
        with CaptureQueriesContext(connection) as queries, pytest.raises(NotThere):
            find_for(police, reference)
        counts.append([query["sql"].split("WHERE")[0] for query in queries])
    assert counts[0] == counts[1]
    assert len(counts[0]) == 2


def test_lists_hold_what_is_reached_and_nothing_else(six: Small, raised: UUID) -> None:
    other, _ = six.raised(AT, by=six.post("health"), against="police")
    for kind, expected in (("school", {raised}), ("social-care", {raised}), ("police", {other}), ("health", {other})):
        assert set(access.within_reach(six.scope(six.post(kind)), AT)) == expected
    assert set(access.within_reach(six.scope(six.post("partnership", "office")), AT)) == {raised, other}


def test_every_part_names_a_post_of_a_known_agency(six: Small, raised: UUID) -> None:
    up(six, raised, 5)
    six.does(raised, six.post("social-care"), Reply(Answer.DISAGREE), AT + timedelta(hours=8))
    known = set(Agency.objects.values_list("key", flat=True))
    assert {part.agency for part in Part.objects.all()} <= known
