"""Every route of every published procedure, from raising to a proper ending, through the pages.

Nobody is told what to do here: whoever has the move opens the disagreement, presses the first thing that the page
offers them, answers what it asks, and sends. So the pages alone have to lead people through, whatever the procedure
asks. Once at a desk with scripts, settled where it begins; once on a phone without scripts, escalated to the top first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from commonground.core.acts import PostRef, Side, What
from commonground.core.procedure import Key, Matter, Procedure
from commonground.core.standing import Phase, Standing
from commonground.language.library import shipped
from tests.browser import DESKTOP, PHONE, fresh_page
from tests.journeys.steps import Somebody
from tests.pages.filling import Filled, filled
from tests.partnership import NAMES, Small, small

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

ROUTES = [
    pytest.param(key, route.key, id=f"{key} {route.key}")
    for key, (procedure, _) in sorted(shipped().items())
    for route in procedure.routes
]
MOST_TURNS = 25


@dataclass
class Journey:
    """One browser that everybody of a small partnership uses in turn, and the disagreement they are in."""

    somebody: Somebody
    partnership: Small
    disagreement: UUID
    reference: str

    @property
    def now(self) -> Standing:
        return self.partnership.standing(self.disagreement)

    def escalated_to_the_top(self) -> None:
        """Whoever raised it goes up, stage after stage, as long as there is one above."""
        be(self.somebody, self.partnership.post("school"))
        while self.partnership.procedure.stage(self.now.route, self.now.stage).next is not None:
            self.sends("go-up")

    def goes_on_until_it_ends(self) -> None:
        """Whoever has the move does what the page offers them first."""
        for _ in range(MOST_TURNS):
            if self.now.phase is Phase.ENDED:
                return
            waits = self.now.waits
            assert waits is not None
            assert waits.owner is not None
            if waits.what in (What.SETTLE, What.CONFIRM):
                self.both_write_their_notes()
            be(self.somebody, waits.owner.post)
            self.somebody.goes_to(f"/d/{self.reference}")
            self.somebody.sees("Yours:")
            self.answers_first_offer()
        raise AssertionError(f"{MOST_TURNS} turns, and no ending: {self.now.waits}")

    def answers_first_offer(self) -> None:
        path = self.first_offer()
        if path.rpartition("/")[2].isdecimal():  # a meeting, with what can be done about it on its own page
            self.somebody.goes_to(path)
            path = str(self.somebody.page.get_by_text("Record what happened").first.get_attribute("href"))
        assert not path.endswith("/go-up"), f"the page offers nothing that answers {self.now.waits}"
        self.sends(path.removeprefix(f"/d/{self.reference}/"))

    def first_offer(self) -> str:
        return str(self.somebody.page.locator(".cg-acts a.govuk-button").first.get_attribute("href"))

    def both_write_their_notes(self) -> None:
        for post in (self.partnership.post("school"), self.now.owner_of(Side.RESPONDING).post):
            if post.agency not in self.now.noted:
                be(self.somebody, post)
                self.sends("note", approved="on", filed="on")

    def sends(self, slug: str, **ticked: str) -> None:
        """Answer everything that a form asks, and send it."""
        page = self.somebody.page
        self.somebody.goes_to(f"/d/{self.reference}/{slug}")
        answer(self.somebody, {**filled(page.content().encode()), **ticked})
        page.locator("form:has([name=command]) .govuk-button").click()
        expect(page.locator("h1")).to_contain_text("Sent at")
        self.somebody.looks()


def answer(somebody: Somebody, answers: Filled) -> None:
    for name, value in answers.items():
        boxes = somebody.page.locator(f"main [name='{name}']")
        kind = boxes.first.get_attribute("type") or ""
        if kind == "hidden" or not value:
            continue
        if kind in ("radio", "checkbox"):
            somebody.page.locator(f"main [name='{name}'][value='{value}']").check()
        elif boxes.first.locator("option").count():
            boxes.select_option(value)
        else:
            boxes.fill(str(value))


def be(somebody: Somebody, post: PostRef) -> None:
    """Let somebody else sit down at the browser."""
    if somebody.post != post:
        somebody.post = post
        choose(somebody)


def choose(somebody: Somebody) -> None:
    partnership, post = somebody.partnership, somebody.post
    somebody.page.goto(f"{somebody.address}/choose/{partnership.key}")
    somebody.page.locator(f"button[value='{partnership.person(post)} {post.agency} {post.post}']").click()
    expect(somebody.page.locator("h1")).to_have_text("My list")


def matter_of(procedure: Procedure, route: Key) -> Matter:
    """A matter that the published text sends along a route: straight to it, or to one of its stages."""
    first = procedure.routes[0].key
    return next(one for one in procedure.matters if (one.to or first).partition("/")[0] == route)


@pytest.fixture(params=["at a desk", "on a phone without scripts"])
def journey(
    request: pytest.FixtureRequest, chromium: Browser, live_server: LiveServer, demonstration: None
) -> Iterator[tuple[Journey, bool]]:
    procedure, route = request.getfixturevalue("procedure"), request.getfixturevalue("route")
    at_a_desk = request.param == "at a desk"
    partnership = small("riverside", procedure)
    with fresh_page(chromium, scripts=at_a_desk, width=DESKTOP if at_a_desk else PHONE) as page:
        teacher = Somebody(page, live_server.url, partnership, partnership.post("school"))
        choose(teacher)
        matter = matter_of(partnership.procedure, route)
        reference = teacher.raises(matter.name, against=NAMES["social-care"])
        yield Journey(teacher, partnership, partnership.find(reference), reference), at_a_desk


@pytest.mark.parametrize(("procedure", "route"), ROUTES)
def test_the_pages_lead_people_to_an_ending(journey: tuple[Journey, bool], procedure: Key, route: Key) -> None:
    one, at_a_desk = journey
    assert one.now.route == route

    if not at_a_desk:
        one.escalated_to_the_top()
    one.goes_on_until_it_ends()

    ended = one.now.ended
    assert ended is not None
    assert ended.ending in {ending.key for ending in one.partnership.procedure.endings}
    one.somebody.goes_to(f"/d/{one.reference}")
    one.somebody.sees("Ended: ", "What is agreed, and what is not", "It ended:")


@pytest.mark.parametrize("key", [key for key, (procedure, _) in sorted(shipped().items()) if procedure.checks])
def test_a_check_before_a_referral_says_what_is_accepted_and_leads_to_raising(
    chromium: Browser, live_server: LiveServer, demonstration: None, key: Key
) -> None:
    partnership = small("riverside", key)
    with fresh_page(chromium) as page:
        teacher = Somebody(page, live_server.url, partnership, partnership.post("school"))
        choose(teacher)
        teacher.goes_to(f"/procedures/{key}")
        for check in partnership.procedure.checks:
            teacher.sees(check.question, *(one.text for one in check.answers))
            refused = next(one for one in check.answers if not one.accepted)
            expect(page.locator("main")).to_contain_text(re.compile(re.escape(refused.text)))
        teacher.sees("you can raise that as a disagreement")
        page.get_by_role("link", name="Raise a disagreement").first.click()
        teacher.looks()
        teacher.sees("danger")
