"""Signing in by address and password, a second factor, passwords, sessions: what each page does and refuses."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.pages.reading import text_of
from tests.partnership import Small, small
from tests.signing_in import PASSWORD, account_of, code_now

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(transactional_db: None) -> Small:
    """A partnership that is no demonstration."""
    return small()


@pytest.fixture
def teacher(here: Small) -> str:
    """Somebody with a post in a school, and an account."""
    person = here.person(here.post("school"))
    account_of(person)
    return person


def sign_in(client: Client, person: str, password: str = PASSWORD, **more: str) -> object:
    return client.post("/sign-in", {"login": f"{person}@{person}.example", "password": password, **more})


def test_somebody_signs_in_and_reaches_their_list(client: Client, teacher: str) -> None:
    answer = client.get("/list")
    assert answer.headers["Location"] == "/sign-in?next=%2Flist"
    assert client.get("/sign-in?next=/list").status_code == 200
    answer = sign_in(client, teacher)
    assert answer.headers["Location"] == "/list"
    assert client.get("/list").status_code == 200


def test_codes(client: Client, here: Small) -> None:
    person = here.person(here.post("partnership", "office"))
    account_of(person)
    sign_in(client, person)
    assert client.get("/list").headers["Location"] == "/account/second-factor/needed"
    for path in ("/account/second-factor/needed", "/account", "/account/second-factor/app", "/account/sessions",
                 "/account/password", "/account/second-factor/passkeys/new", "/sign-out", "/account/no-post"):
        answer = client.get(path)
        print(path, answer.status_code, answer.headers.get("Location"), text_of(answer.content)[:300])
