"""How much memory the demonstration takes: web and worker, once pages have been read.

`python bench/memory_bench.py` starts the demonstration in a folder of its own, reads pages as somebody of each
partnership would, and prints megabytes. Two figures each: `resident` counts what processes share once for each of them
and so is too much; `proportional` counts it once.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent

LIMITS = {"web_and_worker_proportional": 300.0}
"""Megabytes, at most."""
SECONDS_TO_START = 120
SECONDS_TO_SETTLE = 12
"""Two looks of the worker, so that it has done all that it does."""


def measure(pages: int = 200) -> dict[str, float]:
    """This will give megabytes for the web, the worker and what started them, and how many pages were read first."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {key: value for key, value in os.environ.items() if not key.startswith(("COMMONGROUND_", "DJANGO_"))}
        environ |= {"COMMONGROUND_DEMONSTRATION": "1", "COMMONGROUND_VAR": f"{folder}/var"}
        output = Path(folder) / "output.txt"
        command = [sys.executable, "-m", "commonground.operations", "demo"]
        with output.open("wb") as into:
            demonstration = subprocess.Popen(  # noqa: S603 - our own command
                command, env=environ, cwd=ROOT / "src", stdout=into, stderr=into
            )
        try:
            address = _address(demonstration, output)
            read = _read(address, pages)
            time.sleep(SECONDS_TO_SETTLE)
            return _figures(psutil.Process(demonstration.pid)) | {"pages_read": read}
        finally:
            demonstration.send_signal(signal.SIGTERM)
            demonstration.wait(60)


def _address(demonstration: subprocess.Popen[bytes], output: Path) -> str:
    give_up_at = time.monotonic() + SECONDS_TO_START
    while not (found := re.search(r"Commonground is at (\S+)", output.read_text())):
        if demonstration.poll() is not None or time.monotonic() > give_up_at:
            raise RuntimeError(output.read_text())
        time.sleep(0.1)
    return found[1]


def _read(address: str, most: int) -> int:
    """Be somebody of each partnership in turn and follow every link from their list on, `most` pages in all."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    choices = [link for link in _links(browser, address, address) if "/choose/" in link]
    return sum(_read_as_somebody(browser, address, choice, most // len(choices)) for choice in choices)


def _read_as_somebody(browser: urllib.request.OpenerDirector, address: str, choice: str, most: int) -> int:
    page = _page(browser, choice)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    seats = re.findall(r'name="seat" value="([^"]+)"', page)
    if token is None or not seats:
        raise RuntimeError(f"nobody can be chosen on {choice}")
    seat = next((seat for seat in seats if seat.endswith(" office")), seats[0])  # the office reaches everything
    browser.open(choice, urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], "seat": seat}).encode()).close()
    waiting = [urllib.parse.urljoin(address, "/list")]
    known, read = set(waiting), 0
    while waiting and read < most:
        new = [link for link in _links(browser, address, waiting.pop(0)) if link not in known and link != address]
        known |= set(new)
        waiting += [link for link in new if "/choose/" not in link]
        read += 1
    return read


def _links(browser: urllib.request.OpenerDirector, address: str, here: str) -> list[str]:
    found = re.findall(r'href="([^"#]+)"', _page(browser, here))
    links = dict.fromkeys(urllib.parse.urljoin(here, unescape(link)) for link in found)
    return [link for link in links if link.startswith(address) and "/static/" not in link]


def _page(browser: urllib.request.OpenerDirector, address: str) -> str:
    try:
        with browser.open(address) as page:
            return str(page.read().decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            raise
        return ""  # a page that only takes what is sent to it


def _figures(demonstration: psutil.Process) -> dict[str, float]:
    figures = {"supervisor_resident": demonstration.memory_info().rss / 2**20}
    for child in demonstration.children():
        name = "worker" if "work" in child.cmdline() else "web"
        whole = (child, *child.children(recursive=True))
        figures[f"{name}_resident"] = sum(one.memory_info().rss for one in whole) / 2**20
        figures[f"{name}_proportional"] = sum(one.memory_full_info().pss for one in whole) / 2**20
    for kind in ("resident", "proportional"):
        figures[f"web_and_worker_{kind}"] = figures[f"web_{kind}"] + figures[f"worker_{kind}"]
    return figures


if __name__ == "__main__":
    measured = measure()
    for name, figure in measured.items():
        limit = f"  (at most {LIMITS[name]:g})" if name in LIMITS else ""
        print(f"{name:32} {figure:8.1f}{limit}")
    sys.exit(any(measured[name] > limit for name, limit in LIMITS.items()))
