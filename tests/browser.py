"""A real browser for page tests and journeys: Debian's Chromium through Playwright, against Django's own live server.

The fixtures are there for every test (tests/conftest.py); mark the test `browser`:

    def test_the_list(browser_page, live_server):
        browser_page.goto(f"{live_server.url}/")
        expect_sound(browser_page)
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

CHROMIUM = os.environ.get("COMMONGROUND_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
# No sandbox, because tests run as root too; and nothing that would talk to anybody.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MOST_PATIENCE = 20_000  # milliseconds: a machine that is busy is not a page that is wrong
PHONE = 360  # pixels across
NARROWEST = 320  # WCAG 2.2 1.4.10: no scrolling sideways down to here
DESKTOP = 1280
# Every rule of WCAG 2.2 at A and AA, and axe's own good practice.
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start one browser for the whole run."""
    # Playwright's own loop runs in this thread, and Django then takes every query of a test for one made inside async
    # code. It isn't: the tests are plain functions.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            expect.set_options(timeout=MOST_PATIENCE)
            yield browser
            browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def browser_page(chromium: Browser) -> Iterator[Page]:
    """Give a fresh page at desktop width, with scripts; the test fails when the page asks for anything elsewhere."""
    with fresh_page(chromium) as page:
        yield page


@pytest.fixture
def page_without_scripts(chromium: Browser) -> Iterator[Page]:
    """Give a fresh page that gets no script."""
    with fresh_page(chromium, scripts=False) as page:
        yield page


@contextmanager
def fresh_page(
    browser: Browser, *, scripts: bool = True, width: int = DESKTOP, signed_in_as: Page | None = None
) -> Iterator[Page]:
    """Open a page of its own; fail at the end if it asked others than us, or complained.

    It shares nothing with other pages, unless it copies the cookies of the one it is `signed_in_as`.

    Without `scripts` every script file is refused, as by a locked-down network. For our pages that is the same as a
    browser that runs none, because they have no inline scripts, and axe still works; in a browser with scripts really
    turned off it never answers.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        storage_state=signed_in_as.context.storage_state() if signed_in_as else None,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    asked: set[str] = set()
    complaints: list[str] = []
    try:
        page = context.new_page()
        if not scripts:
            page.route("**/*", _refuse_scripts)
        page.on("request", lambda request: asked.add(_origin(request.url)))
        page.on("console", lambda line: complaints.append(line.text) if _is_complaint(line.type, line.text) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
    finally:
        context.close()
    assert len(asked) <= 1, f"asked others than us: {sorted(asked)}"
    assert not complaints, "\n".join(complaints)


def screens(page: Page, url: str, name: str, folder: Path) -> list[Path]:
    """Take `url` at phone and desktop width, with scripts and without; returns the four files, below `folder`.

    `page` lends its browser and its cookies, so it may be signed in; it is itself left where it was.
    """
    browser = page.context.browser
    assert browser is not None
    files = []
    for width in (PHONE, DESKTOP):
        for scripts in (True, False):
            with fresh_page(browser, scripts=scripts, width=width, signed_in_as=page) as one:
                one.goto(url)
                file = folder / f"{name}-{width}{'' if scripts else '-without-scripts'}.png"
                one.screenshot(path=file, full_page=True)
                files.append(file)
    return files


def axe(page: Page) -> list[str]:
    """Return what axe finds wrong on the page as it is now, one line per rule with the elements; empty when sound."""
    found = Axe().run(page, options={"runOnly": AXE_RULES})
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {[node['html'] for node in rule['nodes']]}"
        for rule in found.response["violations"]
    ]


def expect_no_sideways_scroll(page: Page, width: int = NARROWEST) -> None:
    """Fail when a screen of `width` pixels is too narrow: the page scrolls sideways, or a box cuts its words off.

    Leaves the page at its old width.
    """
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 800})
    needed = page.evaluate("document.documentElement.scrollWidth")
    too_wide, cut_off = page.evaluate(
        """(width) => {
            const all = [...document.querySelectorAll('body *')]
            const start = one => one.outerHTML.slice(0, 120)
            const cuts = one => ['hidden', 'clip'].includes(getComputedStyle(one).overflowX) && one.clientWidth > 1
            return [
                all.filter(one => one.getBoundingClientRect().right > width + 1).slice(0, 5).map(start),
                all.filter(one => cuts(one) && one.scrollWidth > one.clientWidth + 1).map(start),
            ]
        }""",
        width,
    )
    if before:
        page.set_viewport_size(before)
    assert needed <= width, f"needs {needed} pixels; too far right: {too_wide}"
    assert not cut_off, f"words cut off in: {cut_off}"


def expect_sound(page: Page) -> None:
    """Fail unless the page passes axe, has one h1, our title pattern, and no sideways scroll at 320 pixels."""
    assert axe(page) == []
    assert page.locator("h1").count() == 1, "a page has one h1"
    assert page.title().endswith(" – Commonground"), page.title()
    expect_no_sideways_scroll(page)


def expect_error_summary(page: Page, *texts: str) -> None:
    """Fail unless the page says these errors the house way.

    Summary first with exactly these lines, focus on it, "Error: " before the title, and each line leads to a field.
    """
    summary = page.locator(".govuk-error-summary")
    expect(summary.locator("li")).to_have_text(list(texts))
    expect(summary).to_be_focused()
    assert page.title().startswith("Error: "), page.title()
    assert page.locator("main > *").first.evaluate("one => one.className").startswith("govuk-error-summary")
    for line in summary.locator("a").all():
        line.click()
        focused = page.evaluate("document.activeElement.id")
        assert f"#{focused}" == line.get_attribute("href"), f"{line.inner_text()!r} leads to {focused!r}"


def expect_first_line(page: Page, *texts: str) -> None:
    """Fail unless whose move, what and by when come before anything else in the page's main part, saying `texts`."""
    first = page.locator("main > *").first
    assert first.get_attribute("aria-label") == "Whose move it is"
    for text in texts:
        expect(first).to_contain_text(text)


def expect_nobody_named(page: Page, names: Sequence[str]) -> None:
    """Fail when one of `names` is in the page's title or address (promise 10)."""
    for name in names:
        assert name.lower() not in f"{page.title()} {page.url}".lower()


def _origin(url: str) -> str:
    return "/".join(url.split("/")[:3])


def _refuse_scripts(route: Route) -> None:
    if route.request.resource_type == "script":
        route.abort()
    else:
        route.continue_()


def _is_complaint(kind: str, text: str) -> bool:
    # A page that answers 404 or 500 on purpose is no complaint of the page's.
    return kind == "error" and "Failed to load resource" not in text
