"""The steps that journeys are told in: people at their browsers, and time passing. Every page they see is checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.core.standing import Phase
from commonground.usecases.reading import find_for
from commonground.usecases.sweep import sweep
from tests.browser import expect_nobody_named, expect_sound, fresh_page
from tests.partnership import Small
from tests.signing_in import PASSWORD, account_of


@dataclass
class Somebody:
    """A person in a post, at a browser of their own."""

    page: Page
    address: str
    partnership: Small
    post: PostRef

    CHECKED: ClassVar[set[str]] = set()
    """Headings of pages that were found sound: each kind of page is checked once in a run, wherever it turns up."""

    def goes_to(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")
        self.looks()

    def looks(self) -> None:
        """Check the page as it is now."""
        heading = re.sub(r"[A-Z]{2,4}-[0-9A-Z]{6}", "REF", self.page.locator("h1").inner_text())
        state = "error" if self.page.title().startswith("Error") else "plain"
        expect_nobody_named(self.page, ("Pat ", "EL-114"))
        if (kind := f"{heading} {state}") not in self.CHECKED:
            self.CHECKED.add(kind)
            expect_sound(self.page)

    def presses(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()
        self.looks()

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    def chooses(self, label: str) -> None:
        self.page.get_by_label(label, exact=True).check()

    def writes(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    # --- whole steps -------------------------------------------------------------------------------------------------

    def raises(self, matter: str, *, against: str, worry: str = "Two visits were missed.") -> str:
        """Raise a disagreement through its questions; gives its reference."""
        self.goes_to("/raise")
        self.chooses("No")
        self.presses("Continue")
        self.chooses(matter)
        self.presses("Continue")
        self.writes("Which child or children?", "EL-114, J S, 2019")
        self.presses("Continue")
        self.sees("Does this touch another area or another disagreement?")
        self.presses("Continue")
        self.writes("What decision or lack of action do you disagree with?", "The referral was closed.")
        self.presses("Continue")
        self.chooses(against)
        self.presses("Continue")
        self.writes("What worries you for the child, and what shows it?", worry)
        self.presses("Continue")
        self.writes("What do you want to happen for the child?", "A visit this week.")
        self.presses("Continue")
        self.presses("Continue")
        if "Check your answers" not in self.page.title():
            self.presses("Continue")
        self.sees("EL-114, J S, 2019", worry, "Nothing is sent yet.")
        self.page.get_by_role("button", name=re.compile("^Send to ")).click()
        self.looks()
        self.sees("Sent at", "What happens next")
        found = re.search(r"[A-Z]{2,4}-[0-9A-Z]{6}", self.page.locator(".govuk-panel").inner_text())
        assert found
        return found[0]

    def does(self, reference: str, link: str, *, button: str = "Send", **answers: str) -> None:
        """Press an act on a disagreement’s page, answer its form by the names of its boxes, and send it."""
        self.goes_to(f"/d/{reference}")
        self.page.locator(".cg-acts a", has_text=re.compile(f"^\\s*{re.escape(link)}\\s*$")).first.click()
        self.looks()
        for label, answer in answers.items():
            self._answers(label, answer)
        self.presses(button)
        self.sees("Sent at")

    def _answers(self, name: str, answer: str) -> None:
        box = self.page.locator(f"[name='{name}']")
        kind = box.first.evaluate("one => one.type")
        if kind == "radio":
            self.page.locator(f"[name='{name}'][value='{answer}']").check()
        elif kind == "checkbox":
            box.first.check()
        elif kind == "select-one":
            box.select_option(index=int(answer))
        else:
            box.fill(answer)

    def writes_note(self, reference: str) -> None:
        self.does(
            reference, "Write your agency's note", note="What was said, as we heard it.", approved="on", filed="on"
        )

    def puts_forward(self, reference: str, ending: Key) -> None:
        """Put an outcome forward, with one action, and an answer to everything the procedure asks."""
        self.goes_to(f"/d/{reference}/propose")
        self._answers("ending", ending)
        self._answers("outcome", "The child is seen this week.")
        self._answers("open_issues", "no")
        for name in self._boxes("ask-"):
            self._answers(name, "The child is seen this week.")
        self._answers("action-1", "Visit the child")
        self._answers("owner-1", "1")
        for part, value in (("day", "1"), ("month", "6"), ("year", "2099")):
            self._answers(f"due-1-{part}", value)
        self.presses("Put it forward")
        self.sees("Sent at")

    def confirms(self, reference: str) -> None:
        self.goes_to(f"/d/{reference}/confirm")
        self.sees("The child is seen this week.")
        for name in self._boxes("why-not-"):
            self._answers(name, "It was settled before that.")
        self.presses("Confirm the outcome")
        self.sees("Sent at")

    def _boxes(self, beginning: str) -> list[str]:
        found = self.page.locator(f"textarea[name^='{beginning}']").all()
        return [str(one.get_attribute("name")) for one in found]

    def has_the_move(self, reference: str) -> bool:
        self.goes_to(f"/d/{reference}")
        return "Yours:" in self.page.locator(".cg-move").inner_text()


@contextmanager
def at_a_browser(
    browser: Browser, server: LiveServer, partnership: Small, post: PostRef, *, scripts: bool = True
) -> Iterator[Somebody]:
    """Give somebody a browser, and make them who they are."""
    with fresh_page(browser, scripts=scripts) as page:
        page.goto(f"{server.url}/choose/{partnership.key}")
        page.locator(f"button[value='{partnership.person(post)} {post.agency} {post.post}']").click()
        expect(page.locator("h1")).to_have_text("My list")
        somebody = Somebody(page, server.url, partnership, post)
        somebody.looks()
        yield somebody


@contextmanager
def signed_in(
    browser: Browser, server: LiveServer, partnership: Small, post: PostRef, person: Key = "", *, scripts: bool = True
) -> Iterator[Somebody]:
    """Give somebody a browser, and have them sign in there with their address and password."""
    account = account_of(person or partnership.person(post))
    with fresh_page(browser, scripts=scripts) as page:
        page.goto(f"{server.url}/list")
        somebody = Somebody(page, server.url, partnership, post)
        somebody.looks()
        page.get_by_label("E-mail address", exact=True).fill(account.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        yield somebody


def time_passes(partnership: Small, reference: str) -> datetime:
    """Let time pass to just after what is due next, and let the worker find it there. Gives the moment."""
    due = _due(partnership, reference) + timedelta(seconds=1)
    sweep(at=due)
    return due


def _due(partnership: Small, reference: str) -> datetime:
    scope = partnership.scope(partnership.post("partnership", "office"))
    _, disagreement = find_for((scope,), reference)
    waits = partnership.standing(disagreement).waits
    assert waits is not None
    assert waits.due is not None
    return waits.due.at


def how_it_ended(partnership: Small, reference: str) -> Key:
    """Give the ending of a disagreement that has ended."""
    scope = partnership.scope(partnership.post("partnership", "office"))
    _, disagreement = find_for((scope,), reference)
    now = partnership.standing(disagreement)
    assert now.phase is Phase.ENDED
    assert now.ended is not None
    return now.ended.ending
