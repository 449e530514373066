"""Somebody in the partnership's office is invited, chooses a password, sets up an app, and reaches their list."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from commonground.accounts.invitations import invite
from commonground.people.models import Person
from commonground.usecases import clock
from tests.browser import expect_error_summary, expect_nobody_named, expect_sound, fresh_page
from tests.partnership import Small, small
from tests.signing_in import code_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "copper meadow violin"
EMAIL = "pat@area.example"


@pytest.fixture
def here(transactional_db: None) -> Small:
    return small()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_invitation_to_the_list(
    chromium: Browser, live_server: LiveServer, here: Small, scripts: bool
) -> None:
    secret = given_an_invitation(here)
    with fresh_page(chromium, scripts=scripts) as page:
        when_they_choose_a_password(page, f"{live_server.url}/invited/{secret}", scripts)
        when_they_sign_in(page)
        codes = when_they_set_up_an_app(page)
        then_they_reach_their_list(page)
        when_they_sign_out(page)
        then_a_recovery_code_lets_them_in(page, live_server.url, codes[0])


def given_an_invitation(here: Small) -> str:
    person = here.person(here.post("partnership", "office"))
    Person.objects.filter(key=person).update(email=EMAIL)
    return invite(person, "console", clock.now())


def when_they_choose_a_password(page: Page, link: str, scripts: bool) -> None:
    page.goto(link)
    sound(page, "Choose your password")
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_label("The same password again").fill("short")
    page.get_by_role("button", name="Save password").click()
    sound(page, "Choose your password")
    if scripts:
        expect_error_summary(page, "This password is too short. It must contain at least 12 characters.")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Save password").click()


def when_they_sign_in(page: Page) -> None:
    sound(page, "Sign in")
    expect(page.locator("main")).to_contain_text("Your password is saved.")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def when_they_set_up_an_app(page: Page) -> list[str]:
    sound(page, "Set up a second step")
    page.get_by_role("button", name="Set up an app").click()
    sound(page, "Set up an app")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    page.get_by_label("Code", exact=True).fill(code_now(page.locator("#key").inner_text()))
    page.get_by_role("button", name="Continue").click()
    sound(page, "Your recovery codes")
    codes = page.locator("#codes li").all_inner_texts()
    assert len(set(codes)) == 10
    page.get_by_role("button", name="I have kept them").click()
    return codes


def then_they_reach_their_list(page: Page) -> None:
    sound(page, "My list")
    page.get_by_role("link", name="Your account").click()
    sound(page, "Your account")
    for link, heading in (
        ("Your second step", "Your second step"),
        ("Where you are signed in", "Where you are signed in"),
        ("Change your password", "Change your password"),
    ):
        page.get_by_role("link", name=link).click()
        sound(page, heading)
        page.get_by_role("link", name="Your account").click()


def when_they_sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    sound(page, "Settle a disagreement about a child")


def then_a_recovery_code_lets_them_in(page: Page, address: str, code: str) -> None:
    page.goto(f"{address}/list")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    sound(page, "Enter your code")
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("This code is not right")
    sound(page, "Enter your code")
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Sign in").click()
    sound(page, "My list")


def sound(page: Page, heading: str) -> None:
    """Check that this is the page, that it is sound, and that its title and address name nobody."""
    expect(page.locator("h1")).to_have_text(heading)
    assert re.fullmatch(rf"(Error: )?{re.escape(heading)} – Commonground", page.title())
    expect_sound(page)
    expect_nobody_named(page, ("Pat ", EMAIL))
