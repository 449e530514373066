"""Invitations: a link works once, for a week, for whom it was made; nothing of it can be read in the database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from commonground.accounts.invitations import LASTS, NotInvited, accept, invite, open_invitation, revoke
from commonground.accounts.models import Account, Invitation
from commonground.people.models import Person

pytestmark = pytest.mark.django_db

AT = datetime(2026, 4, 1, 9, tzinfo=UTC)
PASSWORD = "paper lantern orchard"


@pytest.fixture
def person() -> str:
    return Person.objects.create(key="p-1", full_name="Pat One", email=" Pat@School.example ").key


def test_a_link_lets_its_person_choose_a_password_once(person: str) -> None:
    secret = invite(person, "p-9", AT)
    invited = open_invitation(secret, AT)
    assert invited is not None
    assert (invited.person, invited.email) == (person, "pat@school.example")
    account = accept(secret, PASSWORD, AT + timedelta(days=1))
    assert account is not None
    assert (account.person_id, account.email) == (person, "pat@school.example")
    assert Account.objects.get().check_password(PASSWORD)
    assert accept(secret, "another lantern orchard", AT + timedelta(days=1)) is None
    assert Account.objects.get().check_password(PASSWORD)


def test_opening_changes_nothing(person: str) -> None:
    secret = invite(person, "p-9", AT)
    before = list(Invitation.objects.values())
    for _ in range(50):
        assert open_invitation(secret, AT) is not None
    assert list(Invitation.objects.values()) == before


def _nothing(secret: str, person: str) -> datetime:
    return AT


def _late(secret: str, person: str) -> datetime:
    return AT + LASTS


def _spent(secret: str, person: str) -> datetime:
    assert accept(secret, PASSWORD, AT) is not None
    return AT


def _revoked(secret: str, person: str) -> datetime:
    assert revoke(person, AT) == 1
    return AT


def _made_anew(secret: str, person: str) -> datetime:
    invite(person, "p-9", AT)
    return AT


@pytest.mark.parametrize(
    ("then", "said"),
    [(_late, "expired"), (_spent, "spent"), (_revoked, "revoked"), (_made_anew, "revoked")],
)
def test_a_link_that_cannot_be_used_opens_nothing_and_the_log_says_why_by_numbers(
    person: str, then: Callable[[str, str], datetime], said: str, caplog: pytest.LogCaptureFixture
) -> None:
    secret = invite(person, "p-9", AT)
    number = Invitation.objects.get().pk
    at = then(secret, person)
    with caplog.at_level(logging.INFO):
        assert open_invitation(secret, at) is None
        assert accept(secret, "another lantern orchard", at) is None
    assert f"invitation {number} not opened: {said}" in caplog.text
    assert f"invitation {number} not accepted: {said}" in caplog.text
    for private in ("pat@", "Pat", secret):
        assert private not in caplog.text


@pytest.mark.parametrize("secret", ["", "x", "é" * 10_000, "\x00", "\ud800", "../../etc", "' OR 1=1 --"])
def test_what_was_never_made_opens_nothing(person: str, secret: str) -> None:
    invite(person, "p-9", AT)
    assert open_invitation(secret, AT) is None
    assert accept(secret, PASSWORD, AT) is None


def test_the_database_has_nothing_to_use(person: str) -> None:
    secret = invite(person, "p-9", AT)
    kept = bytes(Invitation.objects.get().link_digest)
    assert len(kept) == 32
    assert secret.encode() not in kept
    assert secret not in str(list(Invitation.objects.values()))


def test_nobody_is_invited_without_an_address_or_by_anothers(person: str) -> None:
    nowhere = Person.objects.create(key="p-2", full_name="Pat Two")
    with pytest.raises(NotInvited, match="no e-mail address"):
        invite(nowhere.key, "p-9", AT)
    assert accept(invite(person, "p-9", AT), PASSWORD, AT) is not None
    same = Person.objects.create(key="p-3", full_name="Pat Three", email="pat@school.example")
    with pytest.raises(NotInvited, match="Somebody else signs in"):
        invite(same.key, "p-9", AT)


def test_an_address_that_went_to_somebody_else_meanwhile_spends_nothing(person: str) -> None:
    other = Person.objects.create(key="p-2", full_name="Pat Two", email="two@school.example")
    secret = invite(person, "p-9", AT)
    assert accept(invite(other.key, "p-9", AT), PASSWORD, AT) is not None
    Person.objects.filter(key=person).update(email="two@school.example")
    assert accept(secret, PASSWORD, AT) is None
    Person.objects.filter(key=person).update(email="pat@school.example")
    assert accept(secret, PASSWORD, AT) is not None


def test_whoever_is_invited_again_keeps_their_account_and_gets_a_new_password_and_address(person: str) -> None:
    first = accept(invite(person, "p-9", AT), PASSWORD, AT)
    Person.objects.filter(key=person).update(email="new@school.example")
    second = accept(invite(person, "p-9", AT), "another lantern orchard", AT)
    assert first is not None
    assert second is not None
    assert first.pk == second.pk
    assert Account.objects.get().email == "new@school.example"
    assert not Account.objects.get().check_password(PASSWORD)
