"""Every kind of page, as everybody who has it, is sound: from 320 to 1,920 pixels, at 400 %, in one's own colours.

People follow every link there is to them, from their list and from the start. Each kind of page (each address, in the
states that they come upon it in) is looked at once: axe, one heading, no sideways scroll, every control reached by Tab.
Every form that sends something is sent empty besides, and says what is wrong the house way.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from commonground.core.acts import (
    Action,
    Answer,
    Confirm,
    GoUp,
    Medium,
    Meet,
    Note,
    Propose,
    Reply,
    Talk,
    Withdraw,
)
from commonground.core.procedure import OFFICE
from commonground.people.models import Administrator
from commonground.usecases import clock
from tests.browser import DESKTOP, NARROWEST, axe, expect_no_sideways_scroll, fresh_page
from tests.journeys.steps import at_a_browser
from tests.partnership import Small, small

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

WIDTHS = (NARROWEST, 768, 1920)
"""Beside DESKTOP. The narrowest is also DESKTOP at 400 %."""
MOST = 400
NOT_FOLLOWED = re.compile(r"^/(static|choose|sign-out)|/export$|\.(pdf|docx|csv|xlsx|ics|svg|bpmn)$|^/guest/")


@dataclass
class Sweep:
    """What was looked at, and what was wrong with it."""

    page: Page
    address: str
    seen: dict[str, str] = field(default_factory=dict)
    """Each kind of page, and where it was looked at."""
    wrong: list[str] = field(default_factory=list)
    forms: int = 0

    def follows(self, *starts: str) -> None:
        todo, known = deque(starts), set(starts)
        for _ in range(MOST):
            if not todo:
                return
            path = todo.popleft()
            answer = self.page.goto(f"{self.address}{path}")
            if answer is None or answer.status != 200:
                continue
            links = [
                str(one.get_attribute("href")).partition("#")[0] for one in self.page.locator("a[href^='/']").all()
            ]
            new = [one for one in dict.fromkeys(links) if one and one not in known and not NOT_FOLLOWED.search(one)]
            known |= set(new)
            todo += new
            self.looks(path)

    def looks(self, path: str) -> None:
        """Look at a page, if it is the first of its kind."""
        kind = self.kind(path)
        if kind in self.seen:
            return
        self.seen[kind] = path
        self.checks(kind)
        form = self.page.locator("form[method=post]:has([name=command])")
        if form.count():
            self.sends_nothing(kind)

    def kind(self, path: str) -> str:
        try:
            match = resolve(path.partition("?")[0])
        except Resolver404:
            return path
        told = [str(value) for name, value in sorted(match.kwargs.items()) if name in ("act", "question", "document")]
        phase = "ended" if self.page.get_by_text("Ended:").count() else ""
        return " ".join((str(match.url_name), *told, phase)).strip()

    def checks(self, kind: str) -> None:
        self.wrong += [f"{kind}: {one}" for one in axe(self.page)]
        if self.page.locator("h1").count() != 1:
            self.wrong.append(f"{kind}: {self.page.locator('h1').count()} h1")
        for width in WIDTHS:
            try:
                expect_no_sideways_scroll(self.page, width)
            except AssertionError as scrolls:
                self.wrong.append(f"{kind} at {width}: {str(scrolls).splitlines()[0]}")
        self.page.set_viewport_size({"width": NARROWEST, "height": 800})
        self.wrong += [f"{kind} at {NARROWEST}: {one}" for one in axe(self.page)]
        self.page.set_viewport_size({"width": DESKTOP, "height": 900})
        self.page.emulate_media(forced_colors="active")
        self.wrong += [f"{kind} in own colours: {one}" for one in axe(self.page) if "color-contrast" not in one]
        self.page.emulate_media(forced_colors="none")
        self.wrong += [f"{kind}: Tab never comes to {one}" for one in self.unreached()]

    def unreached(self) -> list[str]:
        """Say which controls the Tab key never comes to."""
        all_of_them = self.page.evaluate(
            """() => {
                const shown = one => one.checkVisibility() && !one.disabled && one.tabIndex >= 0
                const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
                const groups = new Set()
                return all.filter(shown).filter(one => {
                    if (one.type !== 'radio') return true
                    const known = groups.has(one.name); groups.add(one.name); return !known
                }).map((one, at) => { one.dataset.reach = at; return at })
            }"""
        )
        self.page.evaluate("document.activeElement.blur()")
        come_to = set()
        for _ in range(len(all_of_them) + 8):
            self.page.keyboard.press("Tab")
            here = self.page.evaluate(
                """() => {
                    const one = document.activeElement
                    if (one.type !== 'radio') return one.dataset.reach
                    return [...document.querySelectorAll('input[type=radio]')].find(
                        each => each.name === one.name && each.dataset.reach)?.dataset.reach
                }"""
            )
            if here is not None:
                come_to.add(int(here))
        missed = [one for one in all_of_them if one not in come_to]
        return [
            str(self.page.evaluate(f"document.querySelector('[data-reach=\"{one}\"]').outerHTML.slice(0, 120)"))
            for one in missed
        ]

    def sends_nothing(self, kind: str) -> None:
        """Send a form as it came. Where something is wrong with it the page says so, first and in its title."""
        self.forms += 1
        self.page.locator("form[method=post]:has([name=command]) button.govuk-button:visible").last.click()
        self.page.wait_for_load_state()
        summary = self.page.locator(".govuk-error-summary")
        if not summary.count():
            return
        expect(summary).to_be_focused()
        if not self.page.title().startswith("Error: "):
            self.wrong.append(f"{kind}, sent empty: its title is {self.page.title()!r}")
        for line in summary.locator("a").all():
            to = str(line.get_attribute("href"))
            if to != "#" and not self.page.locator(f"[id='{to[1:]}']").count():
                self.wrong.append(f"{kind}, sent empty: {line.inner_text()!r} leads nowhere")
        self.wrong += [f"{kind}, sent empty: {one}" for one in axe(self.page)]


@pytest.fixture
def riverside(live_server: LiveServer, demonstration: None) -> Small:
    """A partnership with disagreements in many states; somebody looks after its directory."""
    riverside = small()
    school, other = riverside.post("school"), riverside.post("social-care")
    settled = Propose(riverside.procedure.endings[0].key, (Action("1", other, clock.today()),), open_issues=False)
    Administrator.objects.create(
        person_id=riverside.person(riverside.post("partnership", OFFICE)),
        partnership_id=riverside.key,
        from_on=clock.today(),
    )
    at = clock.now() - timedelta(hours=3)
    riverside.raised(at)
    riverside.raised(at, against=None)
    answered, _ = riverside.raised(at)
    riverside.does(answered, other, Reply(Answer.IN_PART), at, reasons="In part.")
    riverside.does(answered, school, Talk(Medium.TELEPHONE), at, said="We rang.")
    riverside.does(answered, school, Meet(held=False, invited=(other,)), at, purpose="To look at the plan.")
    riverside.does(answered, school, settled, at, outcome="So.")
    higher, _ = riverside.raised(at)
    for _ in range(8):
        riverside.does(higher, school, GoUp(), at, reasons="Up.")
    ended, _ = riverside.raised(at)
    for post in (school, other):
        riverside.does(ended, post, Note(approved=True, filed=True), at, note="So.")
    riverside.does(ended, school, settled, at, outcome="So.")
    for post in (school, other):
        riverside.does(ended, post, Confirm(), at)
    dropped, _ = riverside.raised(at)
    riverside.does(dropped, school, Withdraw(), at, reasons="A misunderstanding.")
    return riverside


ROLES = [("school", None), ("social-care", None), ("social-care", "first-line"), ("partnership", OFFICE)]


def test_every_kind_of_page_is_sound_everywhere(
    chromium: Browser, live_server: LiveServer, riverside: Small, record_property: Callable[[str, object], None]
) -> None:
    seen: dict[str, str] = {}
    wrong: list[str] = []
    forms = 0
    with fresh_page(chromium) as anybody:
        sweep = Sweep(anybody, live_server.url)
        sweep.follows("/", "/now", "/procedures", "/sign-in", "/d/nothing")
        seen, wrong, forms = sweep.seen, sweep.wrong, sweep.forms
    for kind, post in ROLES:
        with at_a_browser(chromium, live_server, riverside, riverside.post(kind, post)) as somebody:
            sweep = Sweep(somebody.page, live_server.url, seen)
            starts = [f"/list?show={one}" for one in ("needs-me", "waiting", "agency", "partnership", "ended", "past")]
            sweep.follows("/list", *starts, "/raise", "/look", "/administration")
            wrong += sweep.wrong
            forms += sweep.forms
    record_property("report", f"{len(seen)} kinds of page, {forms} forms sent empty: " + ", ".join(sorted(seen)))
    assert not wrong, f"{len(wrong)} wrong:\n" + "\n".join(dict.fromkeys(wrong))
    assert len(seen) > 60
