"""A panel, from its call to a decision that is sent round: with scripts, and without."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from commonground.core.acts import GoUp, PostRef
from commonground.core.standing import Phase
from commonground.core.time import LONDON
from commonground.usecases import clock
from tests.browser import expect_error_summary
from tests.journeys.steps import Somebody, at_a_browser
from tests.partnership import Small, small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PANEL = Path(__file__).parents[1] / "procedures" / "invented" / "harrowby-vale.yaml"


@pytest.mark.parametrize(
    "scripts",
    [pytest.param(True, id="with scripts"), pytest.param(False, id="without scripts", marks=pytest.mark.long)],
)
def test_a_panel_is_called_meets_decides_and_sends_its_minutes_round(
    chromium: Browser, live_server: LiveServer, demonstration: None, scripts: bool
) -> None:
    partnership = small("riverside", PANEL)
    chair, police = partnership.post("partnership", "panel-chair"), partnership.post("police", "service-manager")
    school = partnership.post("school", "service-manager")
    reference = given_one_before_the_panel(partnership)

    with at_a_browser(chromium, live_server, partnership, chair, scripts=scripts) as calling:
        meeting = when_the_chair_calls_it(calling, reference, police, scripts=scripts)
        with at_a_browser(chromium, live_server, partnership, police, scripts=scripts) as asked:
            then_whoever_is_asked_answers(asked, reference, meeting)
        when_it_is_moved(calling, meeting)
        when_it_is_held_with_too_few(calling, meeting, school)
        with at_a_browser(chromium, live_server, partnership, school, scripts=scripts) as differing:
            then_a_side_keeps_its_own_view(differing, meeting)
        when_it_is_decided(calling, reference, meeting)
        when_all_is_sent_round(calling, meeting, scripts=scripts)
        with at_a_browser(chromium, live_server, partnership, police, scripts=scripts) as reading:
            reading.goes_to(meeting)
            reading.sees("Item one: a visit this week.", "It was not agreed.", "A visit answers both worries.")
            reading.sees("sent the minutes and the decision of a meeting round")
    now = partnership.standing(partnership.find(reference))
    assert now.decided is not None or now.phase is Phase.ENDED


def given_one_before_the_panel(partnership: Small) -> str:
    """Raised, and taken to the panel."""
    disagreement, reference = partnership.raised(clock.now() - timedelta(minutes=10))
    up = GoUp(to="ladder/panel")
    partnership.does(disagreement, partnership.post("school"), up, clock.now(), reasons="It cannot wait.")
    return reference


def when_the_chair_calls_it(somebody: Somebody, reference: str, other: PostRef, *, scripts: bool) -> str:
    """Call it, with one mistake first; gives the address of its page."""
    page = somebody.page
    somebody.goes_to(f"/d/{reference}/call-meeting")
    somebody.sees("Is this where “The panel decides” takes place?", "the chair and two members")
    on = clock.now().astimezone(LONDON) + timedelta(days=30)
    for part, value in (("day", on.day), ("month", on.month), ("year", on.year)):
        page.locator(f"[name='meets_on-{part}']").fill(str(value))
    page.locator("[name='meets_at']").fill("2pm")
    page.locator("[name='ends_at']").fill("1pm")
    page.locator("[name='where']").fill("Room 4, the old library")
    page.locator("[name='purpose']").fill("To hear both sides.")
    page.locator("[name='other-1']").select_option(f"{other.agency} {other.post}")
    somebody.presses("Call the meeting")
    then_a_mistake_is_said(somebody, "The meeting must end after it begins", scripts=scripts)
    page.locator("[name='ends_at']").fill("3:30pm")
    somebody.presses("Call the meeting")
    somebody.sees("Sent at", "called a meeting for 2pm on")
    page.get_by_role("link", name="Go to this meeting").click()
    somebody.looks()
    somebody.sees(
        "Room 4, the old library", "Still to answer, before it begins", "No answer yet", "Put it in your calendar"
    )
    return page.url.removeprefix(somebody.address)


def then_whoever_is_asked_answers(somebody: Somebody, reference: str, meeting: str) -> None:
    somebody.goes_to(f"/d/{reference}")
    somebody.page.get_by_role("link", name="1 meeting").click()
    somebody.looks()
    somebody.page.locator("main a", has_text="The panel decides").first.click()
    somebody.looks()
    somebody.page.get_by_role("button", name="Say whether you can come").click()
    somebody.looks()
    somebody.page.locator("[name='coming'][value='yes']").check()
    somebody.presses("Send the answer")
    somebody.sees("Sent at")
    somebody.goes_to(meeting)
    somebody.sees("Comes")
    with somebody.page.expect_download() as file:
        somebody.page.get_by_role("link", name="Put it in your calendar").click()
    assert file.value.suggested_filename == f"{reference}.ics"


def when_it_is_moved(somebody: Somebody, meeting: str) -> None:
    somebody.goes_to(f"{meeting}/change")
    assert somebody.page.locator("[name='meets_at']").input_value() == "2:00pm"
    somebody.page.locator("[name='meets_at']").fill("10am")
    somebody.page.locator("[name='ends_at']").fill("11:30am")
    somebody.page.locator("[name='reasons']").fill("The room is free in the morning.")
    somebody.presses("Change the meeting")
    somebody.sees("Sent at", "changed a meeting: it is now for 10am")


def when_it_is_held_with_too_few(somebody: Somebody, meeting: str, present: PostRef) -> None:
    somebody.goes_to(f"{meeting}/held")
    somebody.sees("The procedure asks for the chair and two members")
    somebody.page.locator(f"[name='posts'][value='{present.agency} {present.post}']").check()
    somebody.page.locator("[name='quorate'][value='no']").check()
    somebody.page.locator("[name='said']").fill("Both sides were heard.")
    somebody.presses("Send")
    somebody.sees("Sent at", "Too few met")
    somebody.goes_to(f"{meeting}/minutes")
    somebody.page.locator("[name='minutes']").fill("Item one: a visit this week.")
    somebody.presses("Send")
    somebody.sees("Sent at")


def then_a_side_keeps_its_own_view(somebody: Somebody, meeting: str) -> None:
    somebody.goes_to(f"{meeting}/differed")
    somebody.page.locator("[name='differing']").fill("It was not agreed.")
    somebody.presses("Send")
    somebody.sees("Sent at")


def when_it_is_decided(somebody: Somebody, reference: str, meeting: str) -> None:
    somebody.goes_to(meeting)
    somebody.sees("The decision is not recorded yet.")
    somebody.page.get_by_role("button", name="Record a decision").click()
    somebody.looks()
    somebody.page.locator("[name='result'][value='change']").check()
    somebody.page.locator("[name='reasons']").fill("A visit answers both worries.")
    somebody.page.locator("[name='differing']").fill("The school saw it differently.")
    for name in somebody.page.locator("textarea[name^='why-not-']").all():
        name.fill("It was sent on paper.")
    somebody.presses("Record the decision")
    somebody.sees("Sent at")
    somebody.goes_to(meeting)
    somebody.sees("What was decided", "A visit answers both worries.")


def when_all_is_sent_round(somebody: Somebody, meeting: str, *, scripts: bool) -> None:
    somebody.goes_to(f"{meeting}/send-round")
    somebody.presses("Send it round")
    then_a_mistake_is_said(somebody, "Choose what you send round", scripts=scripts)
    for what in ("minutes", "decision"):
        somebody.page.locator(f"[name='what'][value='{what}']").check()
    somebody.presses("Send it round")
    somebody.sees("Sent at")
    somebody.goes_to(meeting)
    somebody.sees("Who was told, and when", "Minutes are written, and were sent round.")


def then_a_mistake_is_said(somebody: Somebody, text: str, *, scripts: bool) -> None:
    """The house way; without scripts nothing can move the focus, and all else is the same."""
    if scripts:
        expect_error_summary(somebody.page, text)
    else:
        somebody.sees("There is a problem", text)
        assert somebody.page.title().startswith("Error: ")
