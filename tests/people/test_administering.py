"""Who may change which directory: the rules as a table, and that looking after one opens no disagreement."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from commonground.people import access
from commonground.people.administering import (
    Charge,
    NotInCharge,
    charges_of,
    may_change,
    may_join,
    may_mend,
    may_name_administrators,
    the_charge,
)
from commonground.people.models import Administrator, Holding, Membership, Person
from commonground.usecases import clock
from tests.partnership import Small, small

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2026, 4, 20)
RIVERSIDE, HILLTOP = "riverside", "hilltop"


@pytest.fixture
def two() -> tuple[Small, Small]:
    """Two partnerships; the police of the first belong to both."""
    first, second = small(RIVERSIDE), small(HILLTOP)
    Membership.objects.create(partnership_id=second.key, agency_id=first.agency("police"))
    return first, second


AGENCY = Charge("a", agency="riverside-school")
PARTNERSHIP = Charge("p", partnership=RIVERSIDE)
OTHER = Charge("o", partnership=HILLTOP)
SERVICE = Charge("s", service=True)
NOTHING = Charge("n")


@pytest.mark.parametrize(
    ("what", "may"),
    [
        pytest.param(
            {"agency": "riverside-school"}, {AGENCY, PARTNERSHIP}, id="an agency: its own and its partnership's"
        ),
        pytest.param({"agency": "riverside-health"}, {PARTNERSHIP}, id="another agency beside it"),
        pytest.param({"agency": "riverside-police"}, {PARTNERSHIP, OTHER}, id="an agency of two partnerships: both"),
        pytest.param({"agency": "hilltop-school"}, {OTHER}, id="an agency of another partnership"),
        pytest.param({"agency": "nowhere"}, set(), id="an agency that is not there"),
        pytest.param({"partnership": RIVERSIDE}, {PARTNERSHIP}, id="a partnership: its own"),
        pytest.param({"partnership": "nowhere"}, set(), id="a partnership that is not there"),
        pytest.param({}, {SERVICE}, id="the service as a whole"),
    ],
)
def test_who_may_change_what(two: object, what: dict[str, str], may: set[Charge]) -> None:
    everybody = {AGENCY, PARTNERSHIP, OTHER, SERVICE, NOTHING}
    assert {one for one in everybody if may_change(one, **what)} == may
    may_name = may | ({SERVICE} if "nowhere" not in what.values() else set())
    assert {one for one in everybody if may_name_administrators(one, **what)} == may_name


def test_an_agency_joins_another_partnership_only_by_who_looks_after_both(two: object) -> None:
    assert not may_join([OTHER], "riverside-school", HILLTOP)
    assert not may_join([AGENCY], "riverside-school", HILLTOP)
    assert may_join([AGENCY, OTHER], "riverside-school", HILLTOP)
    assert may_join([SERVICE], "riverside-school", HILLTOP)
    assert not may_join([SERVICE], "nowhere", HILLTOP)


def test_a_charge_begins_and_ends(two: object) -> None:
    somebody = Person.objects.create(key="sam", full_name="Sam Invented")
    day = timedelta(days=1)
    Administrator.objects.create(person=somebody, agency_id="riverside-school", from_on=TODAY, to_on=TODAY + day)
    assert charges_of("sam", TODAY - day) == ()
    assert charges_of("sam", TODAY) == charges_of("sam", TODAY + day) == (Charge("sam", agency="riverside-school"),)
    assert charges_of("sam", TODAY + 2 * day) == ()
    with pytest.raises(NotInCharge):
        the_charge(charges_of("sam", TODAY), agency="riverside-health")


def test_looking_after_a_directory_opens_no_disagreement(two: tuple[Small, Small]) -> None:
    riverside, _ = two
    disagreement, _ = riverside.raised(clock.now())
    for number, ward in enumerate(({"agency_id": "riverside-school"}, {"partnership_id": RIVERSIDE}, {})):
        key = f"administrator-{number}"
        Administrator.objects.create(
            person=Person.objects.create(key=key, full_name="Sam Invented"), from_on=date(2020, 1, 1), **ward
        )
        assert charges_of(key, clock.today())
        assert access.scopes_of(key, clock.today()) == ()
    # Somebody with a seat and a charge reaches what the seat reaches, and no more.
    outsider = riverside.post("police")
    before = access.scopes_of(riverside.person(outsider), clock.today())
    Administrator.objects.create(
        person_id=riverside.person(outsider), partnership_id=RIVERSIDE, from_on=date(2020, 1, 1)
    )
    after = access.scopes_of(riverside.person(outsider), clock.today())
    assert before == after
    assert all(one.relation is None for one in access.reaches(after, disagreement))


def test_only_who_covers_all_that_somebody_has_may_change_how_they_are_reached(two: tuple[Small, Small]) -> None:
    riverside, hilltop = two
    teacher = riverside.person(riverside.post("school"))
    assert may_mend(AGENCY, teacher, TODAY)
    assert may_mend(PARTNERSHIP, teacher, TODAY)
    assert not may_mend(OTHER, teacher, TODAY)
    assert not may_mend(SERVICE, teacher, TODAY)
    assert not may_mend(AGENCY, "nobody", TODAY)

    post = hilltop.post("health")
    holding = Holding.objects.filter(post__agency_id=post.agency, post__post=post.post).first()
    assert holding is not None
    Holding.objects.create(post=holding.post, person_id=teacher, from_on=TODAY)
    assert not may_mend(AGENCY, teacher, TODAY)
    assert not may_mend(PARTNERSHIP, teacher, TODAY)

    head = riverside.person(riverside.post("health"))
    assert may_mend(PARTNERSHIP, head, TODAY)
    Administrator.objects.create(person_id=head, from_on=TODAY)  # of the whole service
    assert not may_mend(PARTNERSHIP, head, TODAY)
