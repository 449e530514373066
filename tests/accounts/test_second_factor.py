"""Who needs a second factor, and what is shut until it is there: never a seat from which somebody raises."""

from __future__ import annotations

from datetime import date

import pytest
from allauth.mfa.models import Authenticator

from commonground.accounts import encryption
from commonground.accounts.second_factor import Admitted, Needed, admitted, forget_second_factors, open_without
from commonground.core.acts import PostRef
from commonground.people.access import Scope, Seated
from commonground.people.models import Administrator, Holding, Post
from tests.partnership import SINCE, Small, small
from tests.signing_in import SECRET, account_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 4, 1)


@pytest.fixture
def here() -> Small:
    return small()


def _opens(person: str, *, factor: bool = False) -> Admitted:
    return admitted(person, account_of(person, second_factor=factor).pk, TODAY)


def test_a_password_is_enough_for_a_post_in_any_agency_but_an_office(here: Small) -> None:
    opens = _opens(here.person(here.post("school")))
    assert opens.missing == ()
    assert here.post("school") in {scope.seat for scope in opens.scopes}
    assert not opens.administers


def test_an_office_post_is_shut_without_a_second_factor_and_open_with_one(here: Small) -> None:
    person = here.person(here.post("partnership", "office"))
    without = _opens(person)
    assert (without.missing, without.scopes) == ((Needed.OFFICE,), ())
    opens = _opens(person, factor=True)
    assert opens.missing == ()
    assert here.post("partnership", "office") in {scope.seat for scope in opens.scopes}


def test_recovery_codes_alone_are_no_second_factor(here: Small) -> None:
    person = here.person(here.post("partnership", "office"))
    account = account_of(person)
    Authenticator.objects.create(user=account, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert admitted(person, account.pk, TODAY).missing == (Needed.OFFICE,)


def test_whoever_has_both_kinds_of_seat_keeps_the_one_they_raise_from(here: Small) -> None:
    school, office = here.post("school"), here.post("partnership", "office")
    person = here.person(school)
    Holding.objects.create(
        post=Post.objects.get(agency_id=office.agency, post=office.post), person_id=person, deputy=1, from_on=SINCE
    )
    without = _opens(person)
    assert without.missing == (Needed.OFFICE,)
    assert school in {scope.seat for scope in without.scopes}
    assert office.agency not in {scope.seat.agency for scope in without.scopes}
    assert office in {scope.seat for scope in _opens(person, factor=True).scopes}


def test_looking_after_a_directory_shuts_its_pages_and_no_seat(here: Small) -> None:
    school = here.post("school")
    person = here.person(school)
    Administrator.objects.create(person_id=person, agency_id=school.agency, from_on=SINCE)
    without = _opens(person)
    assert (without.missing, without.administers) == ((Needed.ADMINISTRATOR,), False)
    assert school in {scope.seat for scope in without.scopes}
    assert _opens(person, factor=True).administers


def test_who_ceased_to_look_after_anything_needs_nothing(here: Small) -> None:
    person = here.person(here.post("school"))
    Administrator.objects.create(person_id=person, from_on=SINCE, to_on=date(2026, 3, 31))
    assert _opens(person).missing == ()


def test_what_somebody_serves_for_elsewhere_is_shut_with_the_office() -> None:
    office, school, health = PostRef("o", "office"), PostRef("s", "teacher"), PostRef("h", "nurse")
    serves = Scope("p", health, "x", seated=Seated.COVER)
    colleague = Scope("p", PostRef("s", "head"), "x", seated=Seated.COVER)
    seats = (Scope("p", office, "x", office=True), Scope("p", school, "x"), serves, colleague)
    assert [scope.seat for scope in open_without(seats, {"o"})] == [school, PostRef("s", "head")]


def test_lost_factors_can_be_forgotten(here: Small) -> None:
    account = account_of(here.person(here.post("school")), second_factor=True)
    assert forget_second_factors(account.pk) == 1
    assert not Authenticator.objects.filter(user=account).exists()


def test_secrets_are_unreadable_in_the_database_and_outlive_a_change_of_key(here: Small) -> None:
    account = account_of(here.person(here.post("school")), second_factor=True)
    kept = Authenticator.objects.get(user=account).data["secret"]
    assert SECRET not in kept
    sealed = encryption.encrypt(SECRET, ["old"])
    assert encryption.decrypt(sealed, ["new", "old"]) == SECRET


def test_without_the_key_a_secret_becomes_chance_and_never_something_that_can_be_guessed() -> None:
    sealed = encryption.encrypt(SECRET, ["old"])
    guessed = {encryption.decrypt(sealed, ["new"]) for _ in range(3)}
    assert len(guessed) == 3
    assert all(len(one) == 32 and one != SECRET for one in guessed)
