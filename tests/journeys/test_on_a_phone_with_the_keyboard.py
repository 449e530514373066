"""Raising with the keyboard alone, on a narrow screen, with scripts and without; and the states pages can be in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from commonground.core.acts import Medium, Talk
from commonground.usecases import clock
from tests.browser import PHONE, expect_error_summary, expect_sound, fresh_page
from tests.journeys.steps import at_a_browser
from tests.partnership import Small, small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def riverside(live_server: LiveServer, demonstration: None) -> Small:
    return small()


def tab_to(page: Page, what: str, most: int = 60) -> None:
    """Press Tab until the element with the focus has this name, value or text."""
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate("(e => [e.name, e.value, e.innerText].join('|'))(document.activeElement)")
        if re.search(what, here):
            return
    raise AssertionError(f"Tab never came to {what}")


def enter(page: Page) -> None:
    """Press Enter, and wait for the page that follows."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_raising_needs_nothing_but_a_keyboard(
    chromium: Browser, live_server: LiveServer, riverside: Small, scripts: bool
) -> None:
    post = riverside.post("school")
    with fresh_page(chromium, scripts=scripts, width=PHONE) as page:
        page.goto(f"{live_server.url}/choose/riverside")
        tab_to(page, f"^seat\\|{riverside.person(post)} {post.agency} {post.post}")
        enter(page)
        page.goto(f"{live_server.url}/raise")
        tab_to(page, "^danger")
        page.keyboard.press("ArrowDown")
        tab_to(page, "Continue")
        enter(page)
        tab_to(page, "^matter")
        page.keyboard.press("Space")
        tab_to(page, "Continue")
        enter(page)
        # Whether another area is touched is left open, as most people will.
        for box, words in (
            ("^child", "EL-114"),
            ("^elsewhere", ""),
            ("^decision", "Closed"),
            ("^decided_by", "A team"),
        ):
            tab_to(page, box)
            page.keyboard.type(words)
            tab_to(page, "Continue")
            enter(page)
        page.goto(f"{live_server.url}/raise/check")
        expect_sound(page)
        tab_to(page, "^\\|.*Send to")
        enter(page)
        page.wait_for_url("**/sent/**")
        assert "EL-114" in page.goto(page.url.split("/sent/")[0]).text()  # type: ignore[union-attr]


def test_every_state_of_a_form_is_sound(chromium: Browser, live_server: LiveServer, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now())
    owner = riverside.owner(disagreement)
    with at_a_browser(chromium, live_server, riverside, owner) as somebody:
        page = somebody.page
        somebody.goes_to(f"/d/{reference}/reply")
        somebody.presses("Send")
        expect_error_summary(page, "Choose an answer")
        expect_sound(page)

        somebody.chooses("We agree")
        riverside.does(disagreement, riverside.post("school"), Talk(Medium.TELEPHONE), clock.now(), said="We rang.")
        somebody.goes_to(f"/d/{reference}/reply")
        page.get_by_label("We agree", exact=True).check()
        riverside.does(disagreement, riverside.post("school"), Talk(Medium.VIDEO), clock.now(), said="We rang again.")
        somebody.presses("Send")
        somebody.sees("This happened while you were writing", "We rang again.")
        expect_sound(page)
        somebody.presses("Send it all the same")
        somebody.sees("Sent at")
        expect_sound(page)

        somebody.goes_to(f"/d/{reference}/withdraw")
        somebody.sees("Only the person who raised a concern can withdraw it.")
        expect_sound(page)
        for path in (
            f"/d/{reference}",
            f"/d/{reference}/looked",
            f"/d/{reference}/print",
            "/raise/check",
            "/procedures",
        ):
            somebody.goes_to(path)
            expect_sound(page)
        key = riverside.procedure.key
        for path in (f"/procedures/{key}", f"/procedures/{key}/{riverside.procedure.routes[0].key}?from={reference}"):
            somebody.goes_to(path)
            somebody.sees("You are here" if "from" in path else "Every clause")
            expect_sound(page)
        page.goto(f"{live_server.url}/d/RIVE-ZZZZZZ")
        expect_sound(page)
        page.goto(f"{live_server.url}/")
        expect_sound(page)


def test_enter_in_a_box_sends_the_form(chromium: Browser, live_server: LiveServer, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now())
    with at_a_browser(chromium, live_server, riverside, riverside.post("school")) as somebody:
        page = somebody.page
        somebody.goes_to(f"/d/{reference}/childs-date")
        for part, value in (("day", "1"), ("month", "6"), ("year", "2099")):
            page.locator(f"[name='on-{part}']").fill(value)
        page.locator("[name='on-year']").press("Enter")
        somebody.sees("Sent at")


def test_a_form_filled_in_is_still_there_after_the_connection_was_lost(
    chromium: Browser, live_server: LiveServer, riverside: Small
) -> None:
    with at_a_browser(chromium, live_server, riverside, riverside.post("school")) as somebody:
        somebody.goes_to("/raise/worry")
        somebody.writes("What worries you for the child, and what shows it?", "Half of what I wanted to say")
        somebody.presses("Continue")
    with at_a_browser(chromium, live_server, riverside, riverside.post("school")) as again:
        again.goes_to("/raise/worry")
        assert again.page.locator("textarea").input_value() == "Half of what I wanted to say"
