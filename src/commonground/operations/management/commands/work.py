"""Does what is due, again and again: silences, reminders, messages waiting to go; and clears away what nobody sent."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from commonground.operations.warming import warm
from commonground.outbox import mail, messages
from commonground.usecases import clock
from commonground.usecases.clearing import clear_away
from commonground.usecases.posting import by_mail
from commonground.usecases.sweep import Swept, sweep
from commonground.usecases.unanswered import unanswered

logger = logging.getLogger(__name__)

LOOK_ROUND: Final = 600.0
"""Seconds between two looks for disagreements that wait for nobody. Each look logs all of them."""


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


def pass_once() -> Swept:
    """Do what is due by now. Messages go by e-mail where that is set up, and into the log elsewhere."""
    return sweep(deliver=by_mail if mail.is_set_up() else messages.to_log)


def sound_the_alarm() -> int:
    """Log every open disagreement that waits for nobody or has no date, and give how many there are."""
    found = unanswered(clock.now())
    for one in found:
        logger.error("ALARM: %s", one)
    return len(found)


class Watched:
    """A pass, and now and then a look round for what waits for nobody and what nobody sent. The first pass looks."""

    def __init__(self, pass_once: Callable[[], object]) -> None:
        self.pass_once = pass_once
        self.look_at = time.monotonic()

    def __call__(self) -> None:
        """Pass, and look round where it is time to."""
        self.pass_once()
        if time.monotonic() >= self.look_at:
            self.look_at = time.monotonic() + LOOK_ROUND
            sound_the_alarm()
            clear_away(clock.now())


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
            stuck = pass_once().stuck
            sound_the_alarm()
            clear_away(clock.now())
            if stuck:
                raise CommandError("Not everything that is due could be done; the log says why.")
            return
        warm()
        stop = threading.Event()
        for told in (signal.SIGTERM, signal.SIGINT):
            signal.signal(told, lambda *_: stop.set())
        work(Watched(pass_once), stop, options["every"])
