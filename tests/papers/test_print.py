"""Printing a page with the browser: nothing to press or to go to, and what was folded is open."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from commonground.usecases import clock
from tests.browser import expect_sound, fresh_page
from tests.journeys.steps import at_a_browser
from tests.papers.opening import bare
from tests.partnership import Small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_printed_disagreement_has_nothing_to_press_and_nothing_folded(
    chromium: Browser, live_server: LiveServer, riverside: Small, scripts: bool
) -> None:
    _, reference = riverside.raised(clock.now() - timedelta(hours=1))
    with (
        at_a_browser(chromium, live_server, riverside, riverside.post("school")) as teacher,
        fresh_page(chromium, scripts=scripts, signed_in_as=teacher.page) as page,
    ):
        page.goto(f"{live_server.url}/d/{reference}")
        shown = page.locator("body").inner_text()
        folded = page.locator(".cg-working .cg-working__lines li").first.text_content()
        pressed = [one.inner_text() for one in page.locator(".cg-acts a").all()]
        printed = _text(page.pdf())

    assert folded
    assert pressed
    for gone in ("My list", "Be somebody else", "How records are kept", *pressed[:3]):
        assert gone in shown
        assert bare(gone) not in printed, gone
    assert bare(folded) not in bare(shown)
    assert bare(folded) in printed
    for kept in (reference, "Whose move", "What was raised", "Two visits were missed.", "What has happened"):
        assert bare(kept) in printed, kept


def _text(made: bytes) -> str:
    return bare("".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(made)).pages))


def test_pages_about_papers_are_sound(chromium: Browser, live_server: LiveServer, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now() - timedelta(hours=1))
    route = riverside.procedure.routes[0]
    key = riverside.procedure.key
    at = f"/forms/riverside/{key}/{route.key}/{route.stages[0].key}"
    with at_a_browser(chromium, live_server, riverside, riverside.post("school")) as teacher:
        for path in (
            f"/d/{reference}/papers",
            "/check",
            "/forms",
            f"/forms/riverside/{key}",
            f"/forms/riverside/{key}/raise",
            at,
            f"{at}/reply",
        ):
            teacher.page.goto(f"{live_server.url}{path}")
            expect_sound(teacher.page)
        teacher.page.goto(f"{live_server.url}/check")
        teacher.page.get_by_label("What is the check code?").fill("2-abcd")
        teacher.page.get_by_role("button", name="Check the code").click()
        expect_sound(teacher.page)
        teacher.page.get_by_label("What is the check code?").fill("2-" + "abcd" * 6)
        teacher.page.get_by_role("button", name="Check the code").click()
        teacher.sees("No record here begins with what this code stands for.")
        expect_sound(teacher.page)
