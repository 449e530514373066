"""Does what is due, again and again: silences, reminders, messages waiting to go."""

import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from commonground.operations.warming import warm
from commonground.usecases.sweep import sweep

logger = logging.getLogger(__name__)


def work(pass_once: Callable[[], object], stop: threading.Event, every: float) -> None:
    """Run `pass_once` each `every` seconds until `stop` is set. A pass that fails is logged, and tried again."""
    while not stop.is_set():
        close_old_connections()  # a database that went away since the last pass is asked for anew
        try:
            pass_once()
        except Exception:
            # Whatever it was, the other overdue disagreements must not wait for somebody to restart a process.
            logger.exception("This pass failed; what is due stays due, and the next pass finds it")
        stop.wait(every)


class Command(BaseCommand):
    """Do what is due until stopped; a pass under way is finished first."""

    help = "Do what is due until stopped. A pass under way is finished first."
    requires_system_checks = ()  # `serve` makes them, and they load every page

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say how often to look, or to look once."""
        parser.add_argument("--every", type=float, default=5.0, help="seconds between two looks")
        parser.add_argument("--once", action="store_true", help="look once, and fail when that fails")

    def handle(self, **options: Any) -> None:
        """Look until told to stop."""
        if options["once"]:
            if sweep().stuck:
                raise CommandError("Not everything that is due could be done; the log says why.")
            return
        warm()
        stop = threading.Event()
        for told in (signal.SIGTERM, signal.SIGINT):
            signal.signal(told, lambda *_: stop.set())
        work(sweep, stop, options["every"])
