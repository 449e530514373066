"""Runs the demonstration: a database with invented people, the web and the worker, on this machine."""

import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

HOST = "127.0.0.1"
PORTS = range(8000, 8100)  # the first free one, when none was asked for
SECONDS_TO_START = 60
SECONDS_TO_STOP = 25  # a little more than `serve` gives the requests under way


class Stopped(Exception):
    """Somebody asked the demonstration to stop."""


class Command(BaseCommand):
    """Run the demonstration until stopped."""

    help = "Run the demonstration until stopped: invented people, the web and the worker."
    requires_system_checks = ()  # `serve` makes them, and they load every page

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say where to listen."""
        parser.add_argument("--port", type=int, help=f"the first free one from {PORTS.start} when not given")

    def handle(self, **options: Any) -> None:
        """Prepare the database, start web and worker, and stop both when told to or when one of them ends."""
        if not settings.DEMONSTRATION:
            raise CommandError("This is for demonstrations only: set COMMONGROUND_DEMONSTRATION=1, or use `make demo`.")
        port = options["port"] or first_free_port()
        if not is_free(port):
            raise CommandError(f"Port {port} is taken. Choose another: make demo PORT=8123")
        signal.signal(signal.SIGTERM, stop)
        children: list[subprocess.Popen[bytes]] = []
        try:
            settings.VAR.mkdir(parents=True, exist_ok=True)
            # In processes of their own: what they need of memory goes with them.
            run("migrate", "--no-input", "--verbosity", "0")
            run("seed")
            children.append(start("serve", "--port", str(port)))
            children.append(start("work"))
            wait_until_answering(port, children)
            self.stdout.write(f"\nCommonground is at http://{HOST}:{port}/  (Ctrl-C stops it)\n")
            self.stdout.flush()
            wait_until_one_ends(children)
            raise CommandError("Part of the demonstration ended by itself; its last words are above.")
        except (Stopped, KeyboardInterrupt):
            self.stdout.write("Stopping.")
        finally:
            end(children)


def stop(_signal: int, _frame: FrameType | None) -> None:
    """Turn a signal into the way out that also stops the children."""
    raise Stopped


def start(*command: str) -> subprocess.Popen[bytes]:
    """Start one of our own commands beside this one, in a session of its own: Ctrl-C is ours to pass on, once."""
    return subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-m", "commonground.operations", *command], start_new_session=True
    )


def run(*command: str) -> None:
    """Run one of our own commands to its end; when it fails, so does this, as its last words are above."""
    child = start(*command)
    try:
        if child.wait() != 0:
            raise CommandError(f"`{command[0]}` failed; its last words are above.")
    finally:
        end([child])


def end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask each child to finish, and insist when it does not."""
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def is_free(port: int) -> bool:
    """Say whether nobody listens on a port of this machine."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the last demonstration's may still be closing
        with suppress(OSError):
            attempt.bind((HOST, port))
            return True
    return False


def first_free_port() -> int:
    """Give a port nobody listens on."""
    for port in PORTS:
        if is_free(port):
            return port
    raise CommandError(f"No port from {PORTS.start} to {PORTS.stop - 1} is free. Choose one: make demo PORT=9000")


def wait_until_answering(port: int, children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Return when the port takes connections; the address is printed only once it works."""
    give_up_at = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up_at and all(child.poll() is None for child in children):
        with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.1)
    raise CommandError("The demonstration did not start; its last words are above.")


def wait_until_one_ends(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Return when any child has ended."""
    while all(child.poll() is None for child in children):
        time.sleep(0.5)
