"""Cut while typing: no answer that a page said was saved is ever missing, and after a reconnection all of it is there.

Every cut is a real one, of the line between the browser and the service, at a moment and a byte that chance chooses.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Request, Response
from playwright.sync_api import Error as NotReached
from pytest_django.live_server_helper import LiveServer

from commonground.usecases import clock
from tests.browser import fresh_page
from tests.journeys.line import Cut, Line, a_line_to
from tests.partnership import Small, small
from tests.signing_in import PASSWORD, account_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAUSE = 2_200
"""Milliseconds after which a page saves what was typed."""
QUIET = 0.15
"""Seconds without a byte after which nothing is under way."""
WORDS = (
    "he was not seen at home on tuesday and nobody answered when i rang the team said it was closed with no further "
    "action I do not agree: two visits were missed, his mother is worried & so am I “since march”"
).split()
QUESTIONS = {"decision": "decision", "worry": "worry", "wanted": "wanted", "child": "child"}
"""Questions of raising, with the box that is typed into."""
ACTS = {"reply": "reasons", "talk": "said", "write": "words", "note": "note", "go-up": "reasons"}
"""Forms in a disagreement, with theirs."""


@dataclass
class Figures:
    """What was tried, and what came of it."""

    cuts: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    characters: int = 0
    said_saved: int = 0
    beyond: int = 0
    """Characters that were there although no page had said so yet."""

    def lines(self) -> str:
        """Give them to be printed."""
        return "\n".join(
            [
                f"cuts: {sum(self.cuts.values())}",
                *(f"  {number:4} {how}" for how, number in sorted(self.cuts.items())),
                *(f"  {number:4} then {how}" for how, number in sorted(self.ends.items())),
                f"characters typed: {self.characters}; said to be saved before the cut took effect: {self.said_saved}",
                f"missing of those: 0; there beyond those: {self.beyond}",
            ]
        )


class Typist:
    """Somebody who types into one box after another, over a line that is cut, and notes what the pages say is saved."""

    def __init__(self, page: Page, line: Line, chance: Random) -> None:
        self.page = page
        self.line = line
        self.chance = chance
        self.sure: dict[str, str] = {}
        """By form: what its page said is saved."""
        self.all: dict[str, str] = {}
        """By form: what was typed."""
        self.form = ""
        page.on("requestfinished", self._answered)

    def _answered(self, request: Request) -> None:
        answer: Response | None = request.response()
        if request.url.endswith("/draft") and answer is not None and answer.ok:
            said = parse_qs(request.post_data or "", keep_blank_values=True)
            typed = said.get(self.name, [""])[0]
            if len(typed) > len(self.sure.get(self.form, "")):
                self.sure[self.form] = typed

    def opens(self, address: str, name: str) -> None:
        """Go to a form, and see that everything said to be saved is in it."""
        self.form, self.name = address, name
        comes_to(self.page, self.line, address)
        self.finds()

    def finds(self) -> int:
        """See that what was typed stands in the box, and at least what was said to be saved. Gives its length."""
        there = self.box.input_value()
        sure, typed = self.sure.get(self.form, ""), self.all.get(self.form, "")
        assert there.startswith(sure), f"{self.form}: said to be saved {sure!r}, and there is {there!r}"
        assert typed.startswith(there), f"{self.form}: typed {typed!r}, and there is {there!r}"
        self.all[self.form] = self.sure[self.form] = there
        return len(there)

    @property
    def box(self):  # type: ignore[no-untyped-def]  # a Locator
        return self.page.locator(f"[name='{self.name}']")

    def types(self, words: int) -> None:
        """Type on at the end, a few keys at a time."""
        self.box.press("ControlOrMeta+End")
        for _ in range(words):
            text = self.chance.choice(WORDS) + " "
            self.all[self.form] += text
            self.box.press_sequentially(text)
            self.passes(self.chance.choice([0, 100, 700, PAUSE, PAUSE]))

    def passes(self, milliseconds: int) -> None:
        """Let time pass on the page's clock, and a moment on ours."""
        if milliseconds:
            self.page.clock.run_for(milliseconds)
        self.page.wait_for_timeout(self.chance.choice([0, 5, 20]))

    def is_saved(self) -> None:
        """Wait until the page says that all of it is saved."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            self.passes(PAUSE)
            self.page.wait_for_timeout(15)
            if self.sure[self.form] == self.all[self.form]:
                return
        raise AssertionError(f"never saved: {self.all[self.form]!r}; the page says {self.signs()!r}")

    def signs(self) -> str:
        """What the page says of its draft."""
        return str(self.page.locator("[data-draft-signs]").inner_text())


@pytest.fixture
def area(transactional_db: None) -> Small:
    return small()


@pytest.mark.parametrize("cuts", [pytest.param(20, id="sample"), pytest.param(200, id="all", marks=pytest.mark.long)])
def test_no_answer_that_was_said_to_be_saved_is_lost_however_the_line_is_cut(
    chromium: Browser,
    live_server: LiveServer,
    area: Small,
    cuts: int,
    record_property: Callable[[str, object], None],
) -> None:
    chance, figures = Random(f"{cuts} cuts"), Figures()
    _, reference = area.raised(clock.now())
    forms = [(f"/raise/{question}", name) for question, name in QUESTIONS.items()]
    acts = [(f"/d/{reference}/{slug}", name) for slug, name in ACTS.items()]
    with a_line_to(live_server.url, chance) as line, fresh_page(chromium) as page:
        page.clock.install()
        signs_in(page, line, area)
        open_to_them = [one for one in acts if has_form(page, line, one[0])]
        assert len(open_to_them) >= 3
        typist = Typist(page, line, chance)
        for number in range(cuts):
            typist.opens(*chance.choice([*forms, *open_to_them]))
            cut_while_typing(typist, figures, list(Cut)[number % len(Cut)])
        for address, name in [*forms, *open_to_them]:
            typist.opens(address, name)
    assert sum(figures.cuts.values()) == cuts
    assert figures.said_saved > figures.characters / 10, "hardly anything was saved, so hardly anything was tried"
    record_property("report", figures.lines())


def cut_while_typing(typist: Typist, figures: Figures, how: Cut) -> None:
    """Cut the line while somebody types; then the page is left as it is, or the line comes back to it."""
    chance, line, page = typist.chance, typist.line, typist.page
    before = len(typist.all[typist.form])
    typist.types(chance.randrange(1, 5))
    line.cut(how)
    figures.cuts[how.value] += 1
    typist.types(chance.randrange(1, 3))
    figures.said_saved += len(typist.sure[typist.form]) - before
    end = chance.choice(["the page is reloaded", "the button is pressed", "the line comes back", "the line comes back"])
    if end == "the button is pressed" and not typist.form.startswith("/raise/"):
        end = "the page is reloaded"  # a form of raising keeps its answer; another would send it
    figures.ends[end] += 1
    sure = len(typist.sure[typist.form])
    match end:
        case "the line comes back":
            if chance.random() < 0.5:
                typist.passes(PAUSE)  # the page tries meanwhile, and says that it can't
            line.mend()
            typist.is_saved()
            sure = len(typist.all[typist.form])
        case "the button is pressed":
            with_or_without_an_answer(page)
            line.mend()
        case _:
            line.mend()
    comes_to(page, line, "/list")  # a page that is left saves once more: that is not to come later than we look
    comes_to(page, line, typist.form)
    there = typist.finds()
    figures.beyond += there - sure
    figures.characters += there - before
    if end == "the line comes back":
        assert there == sure, "all of it, after a reconnection"


def with_or_without_an_answer(page: Page) -> None:
    """Press the button of a question. The line is cut: what comes of it, and whether anything does, is chance."""
    try:
        page.get_by_role("button", name="Continue", exact=True).click(timeout=2_000, no_wait_after=True)
        page.wait_for_timeout(100)
    except NotReached:
        pass


@pytest.mark.parametrize("cuts", [pytest.param(8, id="sample"), pytest.param(60, id="all", marks=pytest.mark.long)])
def test_without_scripts_every_answer_that_led_to_the_next_question_is_there(
    chromium: Browser,
    live_server: LiveServer,
    area: Small,
    cuts: int,
    record_property: Callable[[str, object], None],
) -> None:
    chance = Random(f"{cuts} cuts without scripts")
    kept: dict[str, str] = {}
    went_on = 0
    with a_line_to(live_server.url, chance) as line, fresh_page(chromium, scripts=False) as page:
        signs_in(page, line, area)
        for number in range(cuts):
            question, name = chance.choice(list(QUESTIONS.items()))
            comes_to(page, line, f"/raise/{question}")
            box = page.locator(f"[name='{name}']")
            assert box.input_value() == kept.get(question, "")
            text = " ".join(chance.choices(WORDS, k=chance.randrange(2, 40)))
            box.fill(text)
            how = list(Cut)[number % len(Cut)]
            line.cut(how)
            with_or_without_an_answer(page)
            line.mend()
            comes_to(page, line, f"/raise/{question}")
            there = page.locator(f"[name='{name}']").input_value()
            assert there in (text, kept.get(question, "")), "either answer, and never a part of one"
            if there != text:  # the page never said that it went on; pressed again on a whole line it does
                page.locator(f"[name='{name}']").fill(text)
                page.get_by_role("button", name="Continue", exact=True).click()
                page.wait_for_url(re.compile(f"/raise/(?!{question}$)"))
                went_on += 1
            kept[question] = text
        for question, name in QUESTIONS.items():
            comes_to(page, line, f"/raise/{question}")
            assert page.locator(f"[name='{name}']").input_value() == kept.get(question, "")
    record_property("report", f"{cuts} cuts, no answer missing; {went_on} had to be given again, the page said so")


def comes_to(page: Page, line: Line, address: str) -> None:
    """Go to a page over a whole line, once everything has come to rest that was under way when it was cut."""
    for _ in range(20):
        try:
            page.goto(f"{line.url}{address}")
        except NotReached:  # the browser was still making a page of the cut that came before
            page.wait_for_timeout(50)
        while line.quiet_for() < QUIET:
            page.wait_for_timeout(20)
        if page.url.endswith(address):
            return
    raise AssertionError(f"{page.url} instead of {address}")


def signs_in(page: Page, line: Line, area: Small) -> None:
    account = account_of(area.person(area.post("school")))
    page.goto(f"{line.url}/list")
    page.get_by_label("E-mail address", exact=True).fill(account.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile("/list"))


def has_form(page: Page, line: Line, address: str) -> bool:
    page.goto(f"{line.url}{address}")
    return page.locator("form[data-draft]").count() == 1
