"""The demonstration as somebody runs it: a real process, its address, a page, and nothing left behind."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from commonground.operations.management.commands.demo import first_free_port, is_free

MEGABYTES_ALLOWED = 300
SECONDS_TO_START = 180  # it makes a database and tells weeks of stories first, here on a machine that does other things


@pytest.fixture
def demonstration(tmp_path: Path) -> Iterator[tuple[psutil.Process, str]]:
    """A running demonstration with an empty folder of its own, and its address."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("COMMONGROUND_", "DJANGO_"))}
    environ |= {"COMMONGROUND_DEMONSTRATION": "1", "COMMONGROUND_VAR": str(tmp_path / "var")}
    output = tmp_path / "output.txt"
    command = [sys.executable, "-m", "commonground.operations", "demo", "--port", str(first_free_port())]
    with output.open("wb") as into, subprocess.Popen(command, env=environ, stdout=into, stderr=into) as process:
        try:
            give_up_at = time.monotonic() + SECONDS_TO_START
            while not (found := re.search(r"Commonground is at (\S+)", output.read_text())):
                assert process.poll() is None, output.read_text()
                assert time.monotonic() < give_up_at, output.read_text()
                time.sleep(0.1)
            yield psutil.Process(process.pid), found[1]
        finally:
            if process.poll() is None:
                process.terminate()  # not killed: its children have sessions of their own, and would stay


@pytest.mark.serial
def test_it_answers_where_it_says_and_leaves_nothing_behind(demonstration: tuple[psutil.Process, str]) -> None:
    process, address = demonstration
    children = process.children(recursive=True)

    assert status(address) == 200
    # Each one's share of what several of them use: the web's processes begin as copies of one another.
    assert sum(one.memory_full_info().pss for one in (process, *children)) / 2**20 < MEGABYTES_ALLOWED

    process.send_signal(signal.SIGTERM)
    process.wait(30)

    assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children)
    assert is_free(int(address.rstrip("/").rsplit(":", 1)[1]))


@pytest.mark.serial
def test_it_ends_when_its_worker_does(demonstration: tuple[psutil.Process, str]) -> None:
    process, _ = demonstration
    children = process.children(recursive=True)
    worker = next(child for child in children if "work" in child.cmdline())

    worker.kill()

    assert process.wait(30) == 1
    assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children)


def status(address: str) -> int:
    """Give the status a page answers with."""
    try:
        with urllib.request.urlopen(address, timeout=30) as page:  # noqa: S310  # our own address
            return int(page.status)
    except urllib.error.HTTPError as error:
        return error.code
