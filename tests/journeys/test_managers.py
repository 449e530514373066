"""Managers: one side of paper before a call, who is stuck, handing over before leave, what was agreed afterwards."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from commonground.core.acts import Action, Confirm, GoUp, Note, Propose, Reply
from commonground.core.acts import Answer as Answered
from commonground.core.procedure import OFFICE
from commonground.usecases import clock
from tests.browser import DESKTOP, PHONE, expect_error_summary, screens
from tests.journeys.steps import Somebody, at_a_browser
from tests.partnership import Small, small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Two visits were missed and nobody has seen the child at home since the first of the month. " * 30


@pytest.fixture
def partnership(transactional_db: None, demonstration: None) -> Small:
    return small("riverside", "sussex-six-step")


def test_a_brief_fits_on_one_side_of_paper(
    chromium: Browser, live_server: LiveServer, partnership: Small, shots: Path
) -> None:
    now = clock.now()
    disagreement, reference = partnership.raised(now - timedelta(days=3), words=LONG)
    asked = partnership.owner(disagreement)
    partnership.does(disagreement, asked, Reply(Answered.DISAGREE), now - timedelta(days=2), reasons=LONG)
    partnership.does(disagreement, partnership.post("school"), GoUp(), now - timedelta(days=1), reasons=LONG)

    with at_a_browser(chromium, live_server, partnership, partnership.post("school")) as teacher:
        teacher.goes_to(f"/d/{reference}")
        teacher.page.get_by_role("link", name="Read it on one page, to print or to ring by").click()
        teacher.looks()
        teacher.sees("Whose move", "Two visits were missed", "Who has it, and how to ring them", "01632 960100")
        paper = PdfReader(io.BytesIO(teacher.page.pdf(format="A4", prefer_css_page_size=True)))
        assert len(paper.pages) == 1
        screens(teacher.page, f"{live_server.url}/d/{reference}/brief", "managers-brief", shots)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_list_is_handed_over_before_leave_and_read_on_return(
    chromium: Browser, live_server: LiveServer, partnership: Small, shots: Path, scripts: bool
) -> None:
    disagreement, reference = partnership.raised(clock.now() - timedelta(hours=1))
    asked = partnership.owner(disagreement)

    with at_a_browser(chromium, live_server, partnership, asked, scripts=scripts) as worker:
        worker.page.get_by_role("link", name="Hand over before leave").click()
        worker.looks()
        worker.presses("See who answers meanwhile")
        if scripts:
            expect_error_summary(worker.page, "Enter the first day away")
        worker.sees("Enter the first day away")
        first = clock.today() + timedelta(days=1)
        for part in ("day", "month", "year"):
            worker.page.locator(f"[name='from_on-{part}']").fill(str(getattr(first, part)))
        worker.presses("See who answers meanwhile")
        worker.sees("Nothing is noted yet.", "Nobody is the deputy of", reference, "They are the next tier up")
        worker.writes(f"What should they know about {reference}?", "Ring the school first.")
        if scripts:
            shoot(worker, "managers-handover", shots)
        worker.presses("Say that I am away")
        worker.sees("It is noted.", "When you are noted as away")
        worker.page.get_by_role("button", name="I am not going away").click()
        worker.looks()
        worker.sees("What happened while you were away")

    acts = partnership.standing(disagreement)
    assert acts.position == 2


def test_who_is_stuck_contacts_and_actions_are_a_press_from_my_list(
    chromium: Browser, live_server: LiveServer, partnership: Small, shots: Path
) -> None:
    now = clock.now()
    for against in ("social-care", "health", "police"):
        partnership.raised(now - timedelta(days=9), against=against)
    partnership.raised(now, against="health")
    school = partnership.post("school")
    for post, name in ((school, "worker"), (partnership.post("partnership", OFFICE), "office")):
        with at_a_browser(chromium, live_server, partnership, post) as somebody:
            for link, kind in (
                ("Who is stuck, and with whom", "stuck"),
                ("How people ring you", "contacts"),
                ("What was agreed: actions after an ending", "actions"),
            ):
                somebody.goes_to("/list")
                somebody.page.get_by_role("link", name=link).click()
                somebody.looks()
                if kind != "actions" and name == "worker":
                    screens(somebody.page, somebody.page.url, f"managers-{kind}", shots)
            somebody.goes_to("/stuck")
            somebody.sees("4 are open", "01632 960100", "working days")
    with at_a_browser(chromium, live_server, partnership, school) as teacher:
        teacher.goes_to("/contacts")
        teacher.page.get_by_role("button", name="This is still right").first.click()
        teacher.looks()
        teacher.sees("Confirmed today", "Last confirmed on")


def test_what_was_agreed_is_reported_from_the_list_of_actions(
    chromium: Browser, live_server: LiveServer, partnership: Small, shots: Path
) -> None:
    reference = settled_with_actions(partnership)
    with at_a_browser(chromium, live_server, partnership, partnership.post("school")) as teacher:
        teacher.goes_to("/actions")
        teacher.sees("2 are still to do, and 1 is overdue.", "The partnership’s office chases it.")
        screens(teacher.page, f"{live_server.url}/actions", "managers-actions", shots)
        teacher.goes_to(f"/d/{reference}/brief")
        teacher.sees("What is late", "Visit the child at home")
        paper = PdfReader(io.BytesIO(teacher.page.pdf(format="A4", prefer_css_page_size=True)))
        assert len(paper.pages) == 1
        teacher.goes_to("/actions")
        teacher.page.get_by_role("link", name="Say how it stands").first.click()
        teacher.looks()
        teacher.sees("Which action?")


def settled_with_actions(partnership: Small) -> str:
    at = clock.now() - timedelta(days=20)
    disagreement, reference = partnership.raised(at, words=LONG)
    school, asked = partnership.post("school"), partnership.owner(disagreement)
    for post in (school, asked):
        partnership.does(disagreement, post, Note(approved=True), at, note="What was said.")
    route, stage = partnership.standing(disagreement).visited[-1].split("/")
    actions = tuple(Action(key, school, clock.today() + timedelta(days=days)) for key, days in (("1", -9), ("2", 9)))
    ending = partnership.procedure.stage(route, stage).endings[0]
    words = {"outcome": "A visit.", "action_1": "Visit the child at home", "action_2": LONG}
    partnership.does(disagreement, school, Propose(ending, actions, open_issues=False), at, **words)
    for post in (school, asked):
        partnership.does(disagreement, post, Confirm(), at)
    return reference


def shoot(somebody: Somebody, name: str, folder: Path) -> None:
    """Take a page that came of a form, as it is, at both widths."""
    for width in (PHONE, DESKTOP):
        somebody.page.set_viewport_size({"width": width, "height": 900})
        somebody.page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
