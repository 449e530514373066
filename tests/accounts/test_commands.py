"""The console lets in the first administrator, and whoever lost their second factor. The rest is refused plainly."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from commonground.accounts.models import Account
from commonground.people.administering import charges_of
from commonground.people.models import Administrator, Person
from commonground.usecases import clock
from commonground.web.inviting import send_invitation
from tests.partnership import small
from tests.signing_in import PASSWORD, account_of

pytestmark = pytest.mark.django_db

EMAIL = "first@area.example"


def invite(*more: str, email: str = EMAIL, name: str = "Robin First") -> str:
    said = StringIO()
    call_command("invite", email, "--name", name, *more, stdout=said)
    return said.getvalue().strip()


def test_an_empty_service_gets_its_first_administrator(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["area.example", "testserver"]
    link = invite("--system-administrator")
    found = re.fullmatch(r"https://area\.example(/invited/[\w-]{43})", link)
    assert found
    client.post(found[1], {"password1": PASSWORD, "password2": PASSWORD})
    account = Account.objects.get()
    assert account.email == EMAIL
    (charge,) = charges_of(account.person_id, clock.today())
    assert charge.service
    assert "robin" not in account.person_id


@pytest.mark.parametrize(("option", "of"), [("--partnership", "partnership"), ("--agency", "agency")])
def test_a_partnership_or_an_agency_gets_its_own(option: str, of: str) -> None:
    here = small()
    key = here.key if of == "partnership" else here.post("school").agency
    invite(option, key)
    row = Administrator.objects.get()
    assert getattr(row, f"{of}_id") == key


def test_asked_twice_there_is_one_person_and_a_new_link() -> None:
    first, second = invite("--system-administrator"), invite("--system-administrator")
    assert first != second
    assert (Person.objects.count(), Administrator.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("more", "options", "said"),
    [
        (("--agency", "nowhere"), {}, "nowhere is not there"),
        (("--partnership", "nowhere"), {}, "nowhere is not there"),
        (("--system-administrator",), {"email": "nobody"}, "no e-mail address"),
        (("--system-administrator", "--agency", "x"), {}, "not allowed with"),
        ((), {}, "required"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(more: tuple[str, ...], options: dict[str, str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        invite(*more, **options)
    assert not Person.objects.exists()


def test_another_name_at_a_known_address_is_refused() -> None:
    invite("--system-administrator")
    with pytest.raises(CommandError, match="another name"):
        invite("--system-administrator", name="Sam Second")
    assert Person.objects.count() == 1


def test_lost_second_factors_are_forgotten() -> None:
    here = small()
    account = account_of(here.person(here.post("school")), second_factor=True)
    said = StringIO()
    call_command("unlock", account.email.upper(), stdout=said)
    assert not Authenticator.objects.exists()
    assert account.email not in said.getvalue()
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("unlock", "nobody@area.example")


@pytest.mark.parametrize("mailed", [True, False])
def test_an_invitation_is_mailed_or_handed_over(mailed: bool, settings: Settings, mailoutbox: list[Any]) -> None:
    settings.DEFAULT_FROM_EMAIL = "service@area.example" if mailed else ""
    secret = invite("--system-administrator").rsplit("/", 1)[1]
    handed = send_invitation(RequestFactory().get("/"), secret, "Elm Road School", clock.now())
    assert handed.link == f"http://testserver/invited/{secret}"
    assert handed.is_mailed is mailed
    assert [message.to for message in mailoutbox] == ([[EMAIL]] if mailed else [])
