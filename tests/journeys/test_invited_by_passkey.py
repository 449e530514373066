"""Somebody adds a passkey, signs out, and signs in by it alone: no address, no password, no code."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser import expect_sound, fresh_page
from tests.partnership import small
from tests.signing_in import PASSWORD, account_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(transactional_db: None, settings: Settings) -> str:
    """Somebody in the partnership's office, with a password only."""
    # Passkeys want TLS, and browsers make an exception for this machine. Here the library has to make it too.
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    settings.ALLOWED_HOSTS = ["localhost"]
    here = small()
    person = here.person(here.post("partnership", "office"))
    account_of(person)
    return person


def test_a_passkey_is_made_and_lets_somebody_in(chromium: Browser, live_server: LiveServer, office: str) -> None:
    address = live_server.url.replace("127.0.0.1", "localhost")
    with fresh_page(chromium) as page:
        given_a_computer_that_knows_its_owner(page)
        when_they_sign_in_by_password(page, address, office)
        when_they_add_a_passkey(page)
        when_they_sign_out(page)
        then_the_passkey_alone_lets_them_in(page, address)
        when_they_sign_out(page)
        then_it_serves_as_second_step_after_the_password(page, address, office)
        then_it_can_be_renamed_and_removed(page)


def given_a_computer_that_knows_its_owner(page: Page) -> None:
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    browser.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def when_they_sign_in_by_password(page: Page, address: str, person: str) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail address").fill(f"{person}@{person}.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def when_they_add_a_passkey(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("Set up a second step")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("h1")).to_have_text("Add a passkey")
    expect(page.get_by_text("Your browser cannot make a passkey here")).to_be_hidden()
    expect_sound(page)
    page.get_by_label("What to call it").fill("Work computer")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    assert Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).count() == 1


def when_they_sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Settle a disagreement about a child")


def then_the_passkey_alone_lets_them_in(page: Page, address: str) -> None:
    page.goto(f"{address}/list?reference=none")
    expect(page.locator("h1")).to_have_text("Sign in")
    expect(page.get_by_text("The passkey did not work")).to_be_hidden()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{address}/list?reference=none")


def then_it_serves_as_second_step_after_the_password(page: Page, address: str, person: str) -> None:
    page.goto(f"{address}/sign-in")
    page.route("**/sign-in/passkey", lambda asked: asked.abort())
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The passkey did not work. Try again, or go on without it.")).to_be_visible()
    page.unroute("**/sign-in/passkey")
    when_they_sign_in_by_password(page, address, person)
    expect(page.locator("h1")).to_have_text("Enter your code")
    expect_sound(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("h1")).to_have_text("My list")


def then_it_can_be_renamed_and_removed(page: Page) -> None:
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("link", name="Your second step").click()
    expect_sound(page)
    page.get_by_role("link", name="Rename Work computer").click()
    page.get_by_label("What to call it").fill("Home computer")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Home computer").click()
    expect_sound(page)
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator("h1")).to_have_text("Set up a second step")
    assert not Authenticator.objects.exists()
