"""What is typed outlives a closed lid, a time-out, another tab, the back button and a double press; a shared machine
keeps none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from commonground.record import store
from commonground.usecases import clock
from commonground.web.models import DraftRow
from tests.browser import CHROMIUM, FLAGS, expect_sound
from tests.journeys.steps import Somebody, signed_in
from tests.partnership import Small, small
from tests.signing_in import PASSWORD, account_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "He was not seen on Tuesday, and nobody answered when I rang."
STORES = """async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""


@pytest.fixture
def remembering(chromium: Browser) -> Iterator[Browser]:
    """A browser that keeps pages for its back button, as people's do: those for tests are started without."""
    kept = ["--disable-back-forward-cache"]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=list(FLAGS), ignore_default_args=kept)
    yield browser
    browser.close()


@pytest.fixture
def area(transactional_db: None) -> Small:
    return small()


@pytest.fixture
def write(area: Small) -> str:
    """A form in a disagreement that the teacher raised."""
    return f"/d/{area.raised(clock.now())[1]}/write"


@contextmanager
def the_teacher(chromium: Browser, server: LiveServer, area: Small, *, scripts: bool = True) -> Iterator[Somebody]:
    with signed_in(chromium, server, area, area.post("school"), scripts=scripts) as teacher:
        expect(teacher.page.locator("h1")).to_have_text("My list")
        yield teacher


def box(page: Page, name: str = "words"):  # type: ignore[no-untyped-def]  # a Locator
    return page.locator(f"[name='{name}']")


def types(page: Page, text: str = WORDS, name: str = "words") -> None:
    """Type, and leave the box."""
    box(page, name).fill(text)
    box(page, name).blur()


def goes_back(page: Page) -> None:
    """Press the back button. A page that the browser kept is not loaded again: nothing says when it is there."""
    page.go_back(wait_until="commit")
    page.wait_for_timeout(500)


def says(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("[data-draft-signs]")).to_contain_text(text)


def test_after_a_closed_lid_the_words_are_there_on_another_machine(
    chromium: Browser, live_server: LiveServer, area: Small, write: str
) -> None:
    with the_teacher(chromium, live_server, area) as teacher:
        teacher.goes_to("/raise/worry")
        box(teacher.page, "worry").press_sequentially(WORDS)  # and never leaves the box
        says(teacher.page, re.compile(r"Saved at (\d{1,2}(:\d\d)?[ap]m|midday|midnight)\. It is not sent yet\."))
        expect_sound(teacher.page)
    with the_teacher(chromium, live_server, area) as teacher:
        teacher.goes_to("/raise/worry")
        expect(box(teacher.page, "worry")).to_have_value(WORDS)
        teacher.goes_to("/raise")
        teacher.sees("You began this before.")


def test_a_page_that_is_left_saves_what_was_typed_last(
    chromium: Browser, live_server: LiveServer, area: Small, write: str
) -> None:
    with the_teacher(chromium, live_server, area) as teacher:
        teacher.goes_to(write)
        box(teacher.page).press_sequentially(WORDS)
        teacher.goes_to("/list")
        teacher.page.wait_for_timeout(200)  # it was sent off as the page went; its answer found nobody
        teacher.goes_to(write)
        expect(box(teacher.page)).to_have_value(WORDS)
        teacher.sees("This is your draft")


def test_while_there_is_no_connection_the_page_says_so_and_saves_when_it_is_back(
    chromium: Browser, live_server: LiveServer, area: Small, write: str
) -> None:
    with the_teacher(chromium, live_server, area) as teacher:
        teacher.goes_to(write)
        heard = teacher.page.locator("[data-draft-said]")
        teacher.page.context.set_offline(True)
        types(teacher.page)
        says(teacher.page, "Not saved: no connection. Keep this page open. We try again.")
        expect(heard).to_have_text("Not saved: no connection. Keep this page open. We try again.")
        expect_sound(teacher.page)
        teacher.page.context.set_offline(False)
        says(teacher.page, "Saved at")
        expect(heard).to_contain_text("Saved at")
        teacher.goes_to(write)
        expect(box(teacher.page)).to_have_value(WORDS)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_sent_after_a_time_out_it_is_there_after_signing_in_and_is_sent_once(
    chromium: Browser, live_server: LiveServer, area: Small, write: str, scripts: bool
) -> None:
    disagreement = area.find(write.split("/")[2])
    with the_teacher(chromium, live_server, area, scripts=scripts) as teacher:
        teacher.goes_to(write)
        Session.objects.all().delete()
        types(teacher.page)
        if scripts:
            says(teacher.page, "You are signed out. Sign in again to send it")
        teacher.presses("Send")
        teacher.sees("Not sent yet", "What you typed is kept.")
        assert len(store.read(disagreement)) == 1
        signs_in_again(teacher, area)
        assert teacher.page.url.startswith(f"{live_server.url}{write}")
        teacher.sees("Not sent yet")
        teacher.looks()
        expect(box(teacher.page)).to_have_value(WORDS)
        teacher.presses("Send")
        teacher.sees("Sent at")
    assert len(store.read(disagreement)) == 2
    assert not DraftRow.objects.exists()


def signs_in_again(teacher: Somebody, area: Small) -> None:
    teacher.writes("E-mail address", account_of(area.person(area.post("school"))).email)
    teacher.writes("Password", PASSWORD)
    teacher.page.get_by_role("button", name="Sign in", exact=True).click()


def test_of_two_tabs_neither_is_lost(chromium: Browser, live_server: LiveServer, area: Small, write: str) -> None:
    with the_teacher(chromium, live_server, area) as teacher, another_tab(teacher.page.context) as other:
        teacher.goes_to(write)
        other.goto(f"{live_server.url}{write}")
        types(teacher.page, "From the first tab")
        says(teacher.page, "Saved at")
        types(other, "From the second tab")
        says(other, "You also typed something else into this form in another tab. Both are saved.")
        teacher.goes_to(write)
        expect(box(teacher.page)).to_have_value("From the second tab")
        teacher.page.get_by_text("You typed something else in another tab").click()
        teacher.sees("From the first tab")
        expect_sound(teacher.page)


@contextmanager
def another_tab(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    yield page
    page.close()


def test_pressed_twice_and_gone_back_to_it_is_one_act(
    remembering: Browser, live_server: LiveServer, area: Small, write: str
) -> None:
    disagreement = area.find(write.split("/")[2])
    with the_teacher(remembering, live_server, area) as teacher:
        page = teacher.page
        teacher.goes_to(write)
        types(page)
        # Twice at once: faster than the page's own guard against a double press.
        page.evaluate("() => { const form = document.querySelector('[data-draft]'); form.submit(); form.submit() }")
        teacher.sees("Sent at")
        assert len(store.read(disagreement)) == 2
        goes_back(page)
        expect(page.locator("h1")).to_have_text(re.compile("Write"))
        expect(box(page)).to_have_value(WORDS)  # the browser loads the page anew, and yet fills its box in again
        teacher.presses("Send")
        teacher.sees("You sent exactly this at", "To send it twice, press the button again")
        assert page.title().startswith("Error: ")
        teacher.looks()
        assert len(store.read(disagreement)) == 2
        goes_back(page)
        teacher.goes_to("/list")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_after_signing_out_the_back_button_shows_nothing_and_nothing_is_stored(
    remembering: Browser, live_server: LiveServer, area: Small, write: str, scripts: bool
) -> None:
    with the_teacher(remembering, live_server, area, scripts=scripts) as teacher:
        page = teacher.page
        teacher.goes_to("/raise/worry")
        types(page, WORDS, "worry")
        teacher.presses("Continue")
        teacher.goes_to("/raise/worry")  # with the words in it, as the service wrote them
        expect(box(page, "worry")).to_have_value(WORDS)
        teacher.goes_to(write)
        types(page)  # and in this one they are only typed
        if scripts:
            says(page, "Saved at")
        assert set(page.evaluate(STORES).values()) == {0}
        page.get_by_role("button", name="Sign out", exact=True).click()
        expect(page.locator("h1")).not_to_have_text(re.compile("Write"))
        for _ in range(4):
            goes_back(page)
            assert WORDS not in page.content()
            assert WORDS not in page.evaluate("() => [...document.querySelectorAll('textarea')].map(one => one.value)")
        assert set(page.evaluate(STORES).values()) == {0}
