"""Every special step of the published procedures, done in a browser by the people of a shipped scenario.

Each scenario is told through the pages from its first act to its last, at a desk with scripts and on a phone without;
after every line what stands is what the core alone plays (tests/telling.py). Every kind of page on the way is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.language.playing import play
from commonground.language.scenarios import read_scenario, shipped_scenarios
from tests.browser import DESKTOP, PHONE, fresh_page
from tests.journeys.special_steps import STEPS
from tests.journeys.steps import Somebody
from tests.partnership import Small
from tests.telling import AREA, Answers, Teller

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCENARIOS = sorted({scenario for scenario, _ in STEPS.values()})
EVERY_CHANGE = ("sussex-7-2/at-conference-upheld",)
"""The others take long."""


class BrowserHands:
    """Somebody at a browser, who presses and fills in what is there."""

    def __init__(self, page: Page, address: str, shots: Path, *, scripts: bool) -> None:
        # Who it is changes with every line; what they look at is checked in the same way for all.
        nobody = PostRef("", "")
        self.somebody = Somebody(page, address, Small(AREA, None, ""), nobody)  # type: ignore[arg-type]
        self.page, self.address, self.shots, self.scripts = page, address, shots, scripts
        self.story = ""

    def sits_down(self, person: Key, seat: PostRef) -> None:
        self.page.goto(f"{self.address}/choose/{AREA}")
        self.page.locator(f"button[value='{person} {seat.agency} {seat.post}']").click()
        expect(self.page.locator("h1")).to_have_text("My list")

    def opens(self, path: str) -> str:
        answer = self.page.goto(f"{self.address}{path}")
        assert answer is not None
        if answer.status != 200:
            return ""
        self.somebody.looks()
        return unescape(answer.text())

    def looks_for_a_reason(self, reference: str) -> None:
        self.somebody.goes_to(f"/look?reference={reference}")
        self.page.locator("[name=reason]").fill("A colleague asked me to take it up.")
        self.page.locator("main form .govuk-button").click()
        self.somebody.looks()

    def sends(self, path: str, answers: Answers) -> str:
        for name, value in answers.items():
            self._answers(name, value)
        where = "desk" if self.scripts else "phone"
        picture = f"step {self.story.replace('/', ' ')} {path.rpartition('/')[2]} {where}.png"
        self.page.screenshot(path=self.shots / picture, full_page=True)
        self.page.locator("form:has([name=command]) .govuk-button").last.click()
        self.somebody.looks()
        return "" if "Sent at" in self.page.locator("h1").inner_text() else self._wrong()

    def _wrong(self) -> str:
        summary = self.page.locator(".govuk-error-summary")
        if self.scripts:
            expect(summary).to_be_focused()
        assert self.page.title().startswith("Error: ")
        return summary.inner_text()

    def _answers(self, name: str, value: str | list[str]) -> None:
        boxes = self.page.locator(f"main [name='{name}']")
        kind = boxes.first.evaluate("one => one.type")
        if kind in ("radio", "checkbox"):
            for one in [value] if isinstance(value, str) else value:
                self.page.locator(f"main [name='{name}'][value='{one}']").check()
        elif kind == "select-one":
            boxes.select_option(value)
        else:
            boxes.fill(str(value))


@pytest.fixture(params=["at a desk", "on a phone without scripts"])
def hands(
    request: pytest.FixtureRequest, chromium: Browser, live_server: LiveServer, demonstration: None, shots: Path
) -> Iterator[BrowserHands]:
    at_a_desk = request.param == "at a desk"
    with fresh_page(chromium, scripts=at_a_desk, width=DESKTOP if at_a_desk else PHONE) as page:
        yield BrowserHands(page, live_server.url, shots, scripts=at_a_desk)


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=() if one in EVERY_CHANGE else pytest.mark.long) for one in SCENARIOS]
)
def test_people_do_it_in_the_pages(name: str, hands: BrowserHands, monkeypatch: pytest.MonkeyPatch) -> None:
    teller = Teller(play(read_scenario(shipped_scenarios()[name])), hands, monkeypatch)

    hands.story = name
    teller.tell()

    wanted = {slug for scenario, slug in STEPS.values() if scenario == name}
    assert wanted <= set(teller.sent)
    hands.opens(f"/d/{teller.reference}")
    expect(hands.page.locator("main")).to_contain_text(re.compile("What has happened|Timeline", re.IGNORECASE))
