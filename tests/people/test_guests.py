"""Guests' links below the pages: tries are counted before they are looked at, and one browser only gets in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from commonground.core.acts import Audience, GoUp, PostRef, Side
from commonground.core.procedure import OFFICE
from commonground.people import access, guests
from commonground.people.access import Relation, Scope
from commonground.people.guests import State
from commonground.people.models import Agency, GuestLink, Person
from commonground.usecases import clock
from commonground.usecases.guests import NameMissing, NotForThem, links_of, make_link, new_code, revoke, spend
from commonground.usecases.handle import ALPHABET, NotThere
from tests.partnership import Small, small

pytestmark = pytest.mark.django_db(transaction=True)

RIGHT, WRONG = "RIGHTCQD", "WRQNGCQD"


@pytest.fixture
def riverside(transactional_db: None) -> Small:
    return small()


def a_link(riverside: Small) -> tuple[str, UUID]:
    disagreement, _ = riverside.raised(clock.now())
    seat = riverside.post("school")
    _, token = guests.make(riverside.key, disagreement, seat, "guest-1", riverside.person(seat), RIGHT, clock.now())
    return token, disagreement


def test_however_many_try_at_once_five_wrong_codes_are_all_there_are(riverside: Small) -> None:
    token, _ = a_link(riverside)

    def tries(number: int) -> State:
        try:
            return guests.spend(token, WRONG, f"browser-{number}", clock.now())[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as several:
        found = list(several.map(tries, range(12)))
    assert GuestLink.objects.get().wrong_codes == guests.MOST_WRONG_CODES
    assert found.count(State.WRONG_CODE) <= guests.MOST_WRONG_CODES - 1
    assert guests.spend(token, RIGHT, "browser", clock.now())[0] is State.LOCKED


def test_of_two_browsers_with_the_right_code_at_once_one_gets_in(riverside: Small) -> None:
    token, _ = a_link(riverside)

    def spends(browser: str) -> State:
        try:
            return guests.spend(token, RIGHT, browser, clock.now())[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as several:
        found = list(several.map(spends, ("a", "b", "c", "d")))
    assert sorted(found) == sorted([State.OPEN, *[State.ELSEWHERE] * 3])


def test_a_link_acts_in_its_browser_until_its_end(riverside: Small) -> None:
    token, disagreement = a_link(riverside)
    now = clock.now()
    link = GuestLink.objects.get()
    assert guests.acting(link.pk, "browser", now) is None, "not spent yet"
    assert guests.acting(link.pk, "", now) is None
    assert guests.spend(token, RIGHT, "browser", now)[0] is State.OPEN
    assert guests.acting(link.pk, "browser", now) == link
    assert guests.acting(link.pk, "another", now) is None
    assert guests.posts_of(disagreement, now) == (riverside.post("school"),)
    over = now + guests.WORKS_FOR
    assert guests.acting(link.pk, "browser", over) is None
    assert guests.posts_of(disagreement, over) == ()


def test_a_right_code_counts_no_wrong_one_and_takes_none_back(riverside: Small) -> None:
    token, _ = a_link(riverside)
    for _ in range(3):
        guests.spend(token, WRONG, "browser", clock.now())
    for _ in range(3):
        assert guests.spend(token, RIGHT, "browser", clock.now())[0] is State.OPEN
    assert GuestLink.objects.get().wrong_codes == 3


def test_a_guest_reaches_the_one_and_reads_no_agencys_own_words(riverside: Small) -> None:
    _, disagreement = a_link(riverside)
    other, _ = riverside.raised(clock.now())
    scope = access.guest_scope("guest-1", riverside.post("school"), riverside.key, disagreement)
    assert access.relation(scope, disagreement) is Relation.GUEST
    assert access.relation(scope, other) is None
    assert set(access.within_reach(scope)) == {disagreement}
    assert access.may_read(scope, Relation.GUEST, Audience.PARTIES, scope.seat.agency)
    assert not access.may_read(scope, Relation.GUEST, Audience.OWN_AGENCY, scope.seat.agency)


# --- who may make one -------------------------------------------------------------------------------------------------


def scope_of(riverside: Small, kind: str, post: str | None = None) -> Scope:
    return riverside.scope(riverside.post(kind, post))


def test_who_may_make_a_link_and_for_which_post(riverside: Small) -> None:
    disagreement, _ = riverside.raised(clock.now(), against="health")
    Agency.objects.filter(key=riverside.agency("health")).update(on_service=False)
    school, office = scope_of(riverside, "school"), scope_of(riverside, "partnership", OFFICE)
    health = PostRef(riverside.agency("health"), "practitioner")

    make_link(school, disagreement, "Robin Carer", school.seat)
    make_link(office, disagreement, "Robin Carer", health)
    for scope, seat in (
        (school, health),
        (school, PostRef(school.seat.agency, "another-post")),
        (office, PostRef(riverside.agency("police"), "practitioner")),
        (office, office.seat),
    ):
        with pytest.raises(NotForThem):
            make_link(scope, disagreement, "Robin Carer", seat)
    with pytest.raises(NotThere):
        make_link(scope_of(riverside, "police"), disagreement, "Robin Carer", riverside.post("police"))
    with pytest.raises(NameMissing):
        make_link(school, disagreement, "  ", school.seat)
    assert GuestLink.objects.count() == 2
    assert Person.objects.filter(full_name="Robin Carer").count() == 2


def test_a_guest_makes_none(riverside: Small) -> None:
    disagreement, _ = riverside.raised(clock.now())
    school = scope_of(riverside, "school")
    guest = access.guest_scope("guest-1", school.seat, riverside.key, disagreement)
    with pytest.raises(NotForThem):
        make_link(guest, disagreement, "Robin Carer", school.seat)
    assert links_of(guest, disagreement) == ()


def test_who_made_it_and_the_office_end_it_and_nobody_else(riverside: Small) -> None:
    disagreement, _ = riverside.raised(clock.now())
    school, office = scope_of(riverside, "school"), scope_of(riverside, "partnership", OFFICE)
    across = riverside.scope(riverside.standing(disagreement).owner_of(Side.RESPONDING).post)
    for ends in (school, office):
        made = make_link(school, disagreement, "Robin Carer", school.seat)
        with pytest.raises(NotThere):
            revoke(across, disagreement, made.id)
        assert spend(made.token, made.code, "browser")[0] is State.OPEN
        revoke(ends, disagreement, made.id)
        assert guests.acting(made.id, "browser", clock.now()) is None
        assert spend(made.token, made.code, "browser")[0] is State.UNKNOWN
    assert all(one.ended for one in links_of(office, disagreement))


def test_when_a_guests_link_ends_their_agency_still_has_an_owner(riverside: Small) -> None:
    Agency.objects.filter(key=riverside.agency("health")).update(on_service=False)
    disagreement, _ = riverside.raised(clock.now(), against="health")
    office = scope_of(riverside, "partnership", OFFICE)
    made = make_link(office, disagreement, "Robin Carer", PostRef(riverside.agency("health"), "childminder"))
    now = clock.now()
    assert spend(made.token, made.code, "browser", now)[0] is State.OPEN
    revoke(office, disagreement, made.id)
    Agency.objects.get(key=riverside.agency("health")).posts.all().delete()
    riverside.does(disagreement, riverside.post("school"), GoUp(), now + timedelta(minutes=1))
    assert riverside.standing(disagreement).owner_of(Side.RESPONDING).post == office.seat


def test_codes_are_said_on_the_telephone() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 8 and set(code) <= set(ALPHABET) for code in codes)
