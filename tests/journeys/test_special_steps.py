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
from tests.journeys.steps import Somebody
from tests.partnership import Small
from tests.telling import AREA, Answers, Teller

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STEPS: dict[str, tuple[str, str]] = {
    "reply": ("hips-protocol/at-conference-challenge-settled", "reply"),
    "talk": ("sussex-six-step/written-record-of-step-two", "talk"),
    "approve one's own record": ("krscp/written-up-late", "note"),
    "filed on the child's file": ("krscp/written-up-late", "note"),
    "advice": ("sussex-7-2/advice-at-any-stage", "advice"),
    "child's date": ("hips-protocol/siblings", "childs-date"),
    "timescale acceptable to both": ("hips-protocol/mash-time-acceptable-to-both", "time"),
    "escalate": ("krscp/formal-escalation", "go-up"),
    "manager's view": ("hips-protocol/manager-differs", "view"),
    "meeting": ("hips-protocol/resolution-panel", "meeting-held"),
    "request for a conference, and its refusal": ("hips-cpc/need-backed-request-refused", "decide"),
    "refusal of a conference in writing": ("sussex-7-2/need-refused-in-writing", "decide"),
    "chair's decision": ("hips-cpc/plan-chair-refuses-a-review", "decide"),
    "dissent": ("hips-protocol/at-conference-dissent-noted", "dissent"),
    "dissent voiced late": ("krscp/dissent-voiced-late", "dissent"),
    "challenge within its window": ("hips-protocol/at-conference-challenge-settled", "dissent"),
    "senior child protection manager's review": ("sussex-7-2/at-conference-upheld", "decide"),
    "review sends it back to sit again": ("sussex-7-2/at-conference-to-sit-again", "decide"),
    "refer back to the chair": ("hips-protocol/plan-chair-refuses-a-review", "refer"),
    "another procedure, in house and outside": ("sussex-six-step/conference-matter-points-elsewhere", "refer"),
    "health alternative": ("krscp/health-direct-line", "go-up"),
    "police and social-care ladder": ("hips-protocol/joint-approach-agreed", "reply"),
    "police and social-care ladder, final level": ("hips-protocol/joint-approach-final-level", "decide"),
    "consent refused, and taken up": ("hips-protocol/consent-refusal", "go-up"),
    "multi-agency hub": ("hips-protocol/mash-agreed", "reply"),
    "written account": ("hips-cpc/plan-chair-refuses-a-review", "write"),
    "panel": ("hips-protocol/resolution-panel", "decide"),
    "scrutineer": ("sussex-six-step/scrutineer-sets-the-process", "decide"),
    "Secretary of State": ("sussex-six-step/secretary-of-state", "write"),
    "outcome confirmed by both": ("hips-cpc/plan-chair-refuses-a-review", "confirm"),
    "outcome that does not stand": ("sussex-six-step/written-record-of-step-two", "does-not-stand"),
    "confirmed for a side that did not answer": ("hips-protocol/other-side-never-confirms", "confirm-for"),
    "decided for somebody absent": ("hips-protocol/need-decided-for-somebody-absent", "decide"),
    "actions to done": ("hips-protocol/action-overdue", "report"),
    "withdraw": ("hips-protocol/only-the-raiser-withdraws", "withdraw"),
    "reopen": ("hips-protocol/opened-again", "reopen"),
    "redirect to the right person": ("hips-protocol/not-the-right-person", "reply"),
    "question about policy": ("hips-protocol/policy-issue-beside", "policy"),
    "other side reached": ("hips-protocol/other-agency-unknown", "reached"),
}
"""What the issue calls each step, the scenario in which people do it, and the form that they do it with."""

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
