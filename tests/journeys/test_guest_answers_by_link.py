"""A childminder answers by a link and a code: no account, one disagreement, one browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from commonground.core.acts import Because, Reply, Side
from commonground.core.procedure import OFFICE
from commonground.people.models import GuestLink
from commonground.record import store
from tests.browser import expect_error_summary, expect_nobody_named, expect_sound, fresh_page
from tests.journeys.steps import Somebody, at_a_browser
from tests.partnership import small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ANSWER = "I will come to the meeting on Tuesday."


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_office_lets_a_childminder_in_who_replies_and_signs_out(
    chromium: Browser, live_server: LiveServer, demonstration: None, *, scripts: bool
) -> None:
    riverside = small()
    matter = riverside.procedure.matters[0].name
    with at_a_browser(chromium, live_server, riverside, riverside.post("school")) as teacher:
        reference = teacher.raises(matter, against="Not listed, or you do not know")
        teacher.goes_to(f"/d/{reference}")
        teacher.sees("Reach the other agency, and bring it in", "The partnership’s office does this, by")
    disagreement = riverside.find(reference)

    with at_a_browser(chromium, live_server, riverside, riverside.post("partnership", OFFICE)) as office:
        assert office.has_the_move(reference)
        office.page.get_by_role("link", name="Reach the other agency", exact=True).click()
        office.looks()
        office.sees("An agency that nobody has named yet")
        office.goes_to(f"/d/{reference}/reach/letter")
        office.goes_to(f"/d/{reference}/reach")
        office.page.get_by_role("link", name="Let somebody in by a link").click()
        office.looks()
        office.presses("Make the link")
        expect_error_summary(office.page, "Enter what the agency is called", "Enter the name of the person you let in")
        office.writes("If it is not in the list, what is it called?", "Tiny Steps")
        office.writes("What is their name?", "Pat Carer")
        office.writes("What is their work called?", "childminder")
        office.presses("Make the link")
        office.sees("The link is made", "Never send both the same way.")
        expect_sound(office.page)
        link, code = office.page.locator("#link").inner_text(), office.page.locator("#code").inner_text()
        office.goes_to(f"/d/{reference}/guests")
        office.sees("Not used yet", "Pat Carer")
        assert code not in office.page.content()

    with fresh_page(chromium) as scanner:
        for _ in range(5):
            scanner.goto(link)
        assert not [one for one in scanner.context.cookies() if one["name"] != "csrftoken"]
    assert GuestLink.objects.get().spent_at is None

    with fresh_page(chromium, scripts=scripts) as page:
        page.goto(link)
        guest = Somebody(page, live_server.url, riverside, riverside.post("health"))
        guest.looks()
        guest.writes("Your code", "22222222")
        guest.presses("Go to the disagreement")
        assert page.title().startswith("Error: ")
        guest.writes("Your code", code.lower())
        guest.presses("Go to the disagreement")
        guest.sees(reference, "Sign out", "Tiny Steps", "The childminder at Tiny Steps")
        assert page.get_by_role("link", name="Raise a disagreement").count() == 0
        guest.goes_to("/list?show=waiting")
        guest.sees(reference)
        guest.does(reference, "Reply", answer="agree", reasons=ANSWER)
        guest.presses("Sign out")
        guest.sees("You are signed out")
        page.goto(f"{live_server.url}/d/{reference}")
        assert reference not in page.locator("body").inner_text()

    with fresh_page(chromium) as another:
        another.goto(link)
        _no_way_in(another)

    replied = [act for act in store.read(disagreement) if isinstance(act.ask, Reply)]
    assert [act.by.seat.agency for act in replied] == list(riverside.standing(disagreement).responding)
    assert riverside.standing(disagreement).owner_of(Side.RESPONDING).because is not Because.REACHING
    with at_a_browser(chromium, live_server, riverside, riverside.post("school")) as teacher:
        teacher.goes_to(f"/d/{reference}")
        teacher.sees(ANSWER, "Tiny Steps", "Pat Carer")


def _no_way_in(page: Page) -> None:
    assert page.locator("h1").inner_text() == "This link was used in another browser"
    assert re.search("Ring the person who gave it to you", page.locator("main").inner_text())
    expect_nobody_named(page, ("Pat ",))
    expect_sound(page)
