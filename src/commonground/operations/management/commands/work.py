"""Does what is due, again and again: silences, reminders, messages waiting to go."""

import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

logger = logging.getLogger(__name__)


def sweep() -> Callable[[], object]:
    """Give what does everything that is due now, once: `commonground.usecases.sweep.sweep`."""
    if find_spec("commonground.usecases.sweep") is None:
        return lambda: None  # this part of the house is not built yet
    function: Callable[[], object] = import_module("commonground.usecases.sweep").sweep
    return function


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

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say how often to look, or to look once."""
        parser.add_argument("--every", type=float, default=5.0, help="seconds between two looks")
        parser.add_argument("--once", action="store_true", help="look once, and fail when that fails")

    def handle(self, **options: Any) -> None:
        """Look until told to stop."""
        if options["once"]:
            sweep()()
            return
        stop = threading.Event()
        for told in (signal.SIGTERM, signal.SIGINT):
            signal.signal(told, lambda *_: stop.set())
        work(sweep(), stop, options["every"])
