"""Take a picture of every page from the demonstration, and put them on one sheet: docs/pages.png and docs/pages.md.

Run as `python tools/shots.py`, or as part of `make shots`. Starts its own demonstration with a database of its own,
and stops it again. The sheet is drawn by the same browser, so nothing else is needed. A second sheet, docs/steps.png,
is of the special steps: drawn from what tests/journeys/test_special_steps.py left in var/shots.
"""

from __future__ import annotations

import base64
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
STEPS_TAKEN = ROOT / "var" / "shots"
CHROMIUM = os.environ.get("COMMONGROUND_CHROMIUM") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
WIDTHS = (360, 1280)
TALLEST = {360: 1300, 1280: 1500}  # pixels of a page that the sheet shows
THUMBNAIL = {360: 120, 1280: 260}  # pixels across, on the sheet
SHEET = 1640
LARGEST = 2_000_000  # bytes


def main() -> int:
    """Write the sheet and its list; the exit code is 1 when the sheet came out too large to keep."""
    with (
        tempfile.TemporaryDirectory(prefix="commonground-shots-") as folder,
        demonstration(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        pictures = list(take(browser, address))
        sheet = draw(browser, pictures)
        steps = list(steps_taken())
        if steps:
            (ROOT / "docs" / "steps.png").write_bytes(draw(browser, steps))
        browser.close()
    (ROOT / "docs" / "pages.png").write_bytes(sheet)
    (ROOT / "docs" / "pages.md").write_text(
        listed([name for name, _ in pictures], [name for name, _ in steps]), encoding="utf-8"
    )
    print(f"docs/pages.png: {len(pictures)} pages at {len(WIDTHS)} widths, {len(sheet):,} bytes")
    return 0 if len(sheet) < LARGEST else 1


@contextmanager
def demonstration(folder: Path) -> Iterator[str]:
    """Run the demonstration with a database in `folder`, and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = os.environ | {
        "COMMONGROUND_DEMONSTRATION": "1",
        "COMMONGROUND_VAR": str(folder),
        "COMMONGROUND_LOG_LEVEL": "WARNING",
    }
    environ.pop("COMMONGROUND_DATABASE", None)
    command = [sys.executable, "-m", "commonground.operations"]
    for step in (["migrate", "--verbosity", "0"], ["seed"]):
        subprocess.run([*command, *step], check=True, env=environ, stdout=subprocess.DEVNULL)
    served = subprocess.Popen([*command, "serve", "--port", str(port)], env=environ, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        served.terminate()
        served.wait()


def wait_for(port: int) -> None:
    """Return once somebody listens."""
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError("the demonstration did not start")


def take(browser: Browser, address: str) -> Iterator[tuple[str, dict[int, bytes]]]:
    """Yield every page with its pictures, by width."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(address)
    choose = str(page.locator("main a[href^='/choose/']").first.get_attribute("href"))
    yield "The first page", shoot(browser, page, address, "/")
    yield "Whom to be, in the demonstration", shoot(browser, page, address, choose)
    reference = somebody_who_is_asked(page, address, choose)
    for name, path in PAGES:
        yield name, shoot(browser, page, address, path.format(reference=reference))
    page.goto(f"{address}/raise/danger")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.locator("[name=matter]").first.check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Which child or children?").fill("EL-114, J S, 2019")
    page.get_by_role("button", name="Continue").click()
    yield "Check your answers", shoot(browser, page, address, "/raise/check")
    page.goto(f"{address}/raise/check")
    page.get_by_role("button", name=re.compile("^Send to")).click()
    yield "Sent, and what happens next", shoot(browser, page, address, page.url.removeprefix(address))
    page.goto(f"{address}/procedures")
    procedure = str(page.locator("main h2 a").first.get_attribute("href"))
    page.goto(f"{address}/d/{reference}")
    route = str(page.get_by_role("link", name="See where this is").get_attribute("href"))
    yield "The procedures", shoot(browser, page, address, "/procedures")
    yield "A procedure, clause by clause", shoot(browser, page, address, procedure)
    yield "A route, with where it is", shoot(browser, page, address, route)
    yield "What is not there, or not yours", shoot(browser, page, address, "/d/nothing")


PAGES = (
    ("My list", "/list"),
    ("Raise: danger first", "/raise"),
    ("Raise: ring first", "/raise/ring-first"),
    ("Raise: what it is about", "/raise/matter"),
    ("Raise: which child", "/raise/child"),
    ("Raise: which decision", "/raise/decision"),
    ("Raise: who decided", "/raise/who"),
    ("Raise: the worry", "/raise/worry"),
    ("Raise: what should happen", "/raise/wanted"),
    ("Raise: where it starts", "/raise/start"),
    ("A disagreement", "/d/{reference}"),
    ("Reply", "/d/{reference}/reply"),
    ("Record a talk", "/d/{reference}/talk"),
    ("Write an agency's own note", "/d/{reference}/note"),
    ("Escalate it", "/d/{reference}/go-up"),
    ("Put forward an outcome", "/d/{reference}/propose"),
    ("Not open, and why", "/d/{reference}/withdraw"),
    ("Who has looked", "/d/{reference}/looked"),
    ("For the child's file", "/d/{reference}/print"),
)
"""What everybody can reach who is asked something, in the order that the sheet shows it."""


def somebody_who_is_asked(page: Page, address: str, choose: str) -> str:
    """Become somebody in the demonstration who can reply to a disagreement, and give its reference."""
    page.goto(f"{address}{choose}")
    seats = [str(seat.get_attribute("value")) for seat in page.locator("button[name=seat]").all()]
    for seat in seats:
        page.goto(f"{address}{choose}")
        page.locator(f"button[value='{seat}']").click()
        page.wait_for_url("**/list")
        for reference in [link.inner_text() for link in page.locator("main th a").all()]:
            page.goto(f"{address}/d/{reference}")
            if page.get_by_role("link", name="Reply", exact=True).count():
                return reference
    raise LookupError("nobody in the demonstration is asked to reply")


def shoot(browser: Browser, signed_in: Page, address: str, path: str) -> dict[int, bytes]:
    """Take one page at each width."""
    taken = {}
    for width in WIDTHS:
        state = signed_in.context.storage_state()
        context = browser.new_context(viewport={"width": width, "height": 900}, storage_state=state, locale="en-GB")
        page = context.new_page()
        page.goto(f"{address}{path}")
        height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST[width])
        clip = {"x": 0, "y": 0, "width": width, "height": height}
        taken[width] = page.screenshot(full_page=True, clip=clip, type="jpeg", quality=90)  # type: ignore[arg-type]
        context.close()
    return taken


def steps_taken() -> Iterator[tuple[str, dict[int, bytes]]]:
    """Yield every special step that pictures were left of, with those at each width."""
    from tests.journeys.special_steps import STEPS

    for name, (scenario, slug) in STEPS.items():
        stem = f"step {scenario.replace('/', ' ')} {slug}"
        files = {360: STEPS_TAKEN / f"{stem} phone.png", 1280: STEPS_TAKEN / f"{stem} desk.png"}
        if all(file.exists() for file in files.values()):
            yield name[:1].upper() + name[1:], {width: file.read_bytes() for width, file in files.items()}


def draw(browser: Browser, pictures: list[tuple[str, dict[int, bytes]]]) -> bytes:
    """Put all pictures on one sheet, each under its name."""
    figures = "".join(
        f"<figure><figcaption>{escape(name)}</figcaption>"
        + "".join(
            f'<span style="width:{THUMBNAIL[width]}px;max-height:{THUMBNAIL[width] * TALLEST[width] // width}px">'
            f'<img width="{THUMBNAIL[width]}" src="data:image;base64,{base64.b64encode(picture).decode()}"></span>'
            for width, picture in taken.items()
        )
        + "</figure>"
        for name, taken in pictures
    )
    style = (
        "body{margin:16px;font:14px Arial;background:#fff}main{columns:4;column-gap:16px}"
        "figure{margin:0 0 20px;break-inside:avoid}figcaption{font-weight:bold;margin-bottom:4px}"
        "span{display:inline-block;overflow:hidden;vertical-align:top;border:1px solid #b1b4b6;margin-right:6px}"
    )
    page = browser.new_context(viewport={"width": SHEET, "height": 900}).new_page()
    page.set_content(f"<!DOCTYPE html><style>{style}</style><main>{figures}</main>")
    return page.screenshot(full_page=True)


def listed(names: list[str], steps: list[str]) -> str:
    """Write the page that shows the sheets."""
    lines = "\n".join(f"- {name}" for name in names)
    special = "\n".join(f"- {name}" for name in steps)
    return f"""# The pages

Every page of the demonstration, on a phone (360 pixels) and on a desk (1,280). The people are invented.
`make shots` draws the sheet anew.

![Every page, small](pages.png)

{lines}

## The special steps

Each form as somebody filled it in, in a scenario told through the pages: `tests/journeys/test_special_steps.py`.

![Every special step, small](steps.png)

{special}
"""


if __name__ == "__main__":
    sys.exit(main())
