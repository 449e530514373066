"""Two raised between the same agencies at about the same time: offered to be linked, and linked by hand."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from commonground.usecases import clock
from tests.browser import expect_error_summary, expect_sound
from tests.journeys.steps import at_a_browser
from tests.partnership import NAMES, small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_two_raised_at_once_are_offered_and_linked(
    chromium: Browser, live_server: LiveServer, demonstration: None
) -> None:
    riverside = small()
    _, before = riverside.raised(clock.now())
    _, other = riverside.raised(clock.now(), against="health")
    with at_a_browser(chromium, live_server, riverside, riverside.post("school")) as teacher:
        reference = teacher.raises(riverside.procedure.matters[0].name, against=NAMES["social-care"])
        teacher.sees("Does it belong with another?")
        expect_sound(teacher.page)
        teacher.presses(f"Link it to {before}")
        teacher.sees("Linked to", before)

        teacher.goes_to(f"/d/{reference}/link")
        teacher.writes("Which disagreement does it belong with?", "RIVE-ZZZZZZ")
        teacher.presses("Link them")
        expect_error_summary(teacher.page, "There is no disagreement with this reference that you can see")
        expect_sound(teacher.page)
        teacher.writes("Which disagreement does it belong with?", other.lower())
        teacher.presses("Link them")
        teacher.sees(other)
        teacher.goes_to(f"/d/{other}")
        teacher.sees("Linked to", reference, "linked this to another disagreement")
