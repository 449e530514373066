"""The area's signs of need: an administrator loads them, a teacher ticks two while raising, the other side reads."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from commonground.core.procedure import OFFICE
from commonground.people.models import Administrator
from tests.browser import expect_error_summary
from tests.journeys.steps import Somebody, at_a_browser
from tests.partnership import NAMES, Small, small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUESTION = "Which signs of need in it does the child show now? Give your evidence for each."
LISTS = "/administration/partnership/riverside/lists"


@pytest.mark.parametrize(
    "scripts",
    [pytest.param(True, id="with scripts"), pytest.param(False, id="without scripts", marks=pytest.mark.long)],
)
def test_two_signs_are_ticked_and_the_other_side_reads_them(
    chromium: Browser, live_server: LiveServer, demonstration: None, scripts: bool
) -> None:
    partnership = small("riverside", "hips-protocol")
    office = partnership.post("partnership", OFFICE)
    given_somebody_looks_after(partnership, partnership.person(office))

    with at_a_browser(chromium, live_server, partnership, office, scripts=scripts) as keeper:
        when_they_load_a_list(keeper, with_mistakes_first=scripts)

    with at_a_browser(chromium, live_server, partnership, partnership.post("school"), scripts=scripts) as teacher:
        when_they_tick_two(teacher)
        reference = teacher.raises(partnership.procedure.matters[0].name, against=NAMES["social-care"])

    with at_a_browser(chromium, live_server, partnership, partnership.owner(partnership.find(reference))) as other:
        other.goes_to(f"/d/{reference}")
        expect(other.page.locator(".cg-words__text", has_text="Often hungry").first).to_have_text(
            "✓ Often hungry\n✓ Left alone at night\n\nHer lunch box was empty on Monday and on Tuesday."
        )
        expect(other.page.locator("main")).not_to_contain_text("Away from school")


def given_somebody_looks_after(partnership: Small, person: str) -> None:
    Administrator.objects.create(person_id=person, partnership_id=partnership.key, from_on=date(2020, 1, 1))


def when_they_load_a_list(keeper: Somebody, *, with_mistakes_first: bool) -> None:
    page = keeper.page
    keeper.goes_to("/administration/partnership/riverside")
    page.get_by_role("link", name="Lists to tick: signs of need, toolkits").click()
    keeper.looks()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=QUESTION))
    row.get_by_role("link", name="Load a list").click()
    keeper.looks()
    if with_mistakes_first:
        keeper.writes("The lines", "Often hungry\n=1+1\nOften hungry")
        keeper.presses("See how it looks")
        expect_error_summary(
            page,
            "Enter what the list is called",
            "Enter the date of the document",
            "The list has 2 mistakes. Nothing was changed",
        )
    keeper.writes("What is the list called?", "Signs of need in Riverside")
    for part, value in (("Day", "5"), ("Month", "January"), ("Year", "2026")):
        keeper.writes(part, value)
    keeper.writes("Where can people read the document?", "https://riverside.example/signs")
    keeper.writes("The lines", "• Often hungry\n• Left alone at night\n• Away from school\n")
    keeper.presses("See how it looks")
    keeper.sees("Nothing is changed yet.", "Signs of need in Riverside, as of Monday 5 January 2026.")
    keeper.presses("Load the list: 3 lines")
    keeper.sees("Signs of need in Riverside, as of Monday 5 January 2026, 3 lines")


def when_they_tick_two(teacher: Somebody) -> None:
    teacher.goes_to("/raise/more")
    teacher.chooses("Often hungry")
    teacher.chooses("Left alone at night")
    teacher.writes("In your own words: Signs of need in Riverside", "Her lunch box was empty on Monday and on Tuesday.")
    document = teacher.page.get_by_role("link", name="Read the document: Signs of need in Riverside")
    assert document.get_attribute("href") == "https://riverside.example/signs"
    teacher.presses("Continue")
    teacher.sees("✓ Often hungry")
