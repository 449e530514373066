"""The world of the matrix: built once for a file of tests, in one transaction that is never committed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from commonground.usecases import clock
from tests.matrix.world import NOW, World, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Three partnerships and all that goes on in them, at one moment."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(clock, "now", lambda: NOW)
        everything = transaction.atomic()
        everything._from_testcase = True  # type: ignore[attr-defined]  # the one door opens durable transactions of its own
        with everything:
            with all_logged() as lines:
                built = build()
            built.logged = lines
            yield built
            transaction.set_rollback(True)


@contextmanager
def all_logged() -> Iterator[list[str]]:
    """Collect what every logger says, at DEBUG, as it would be written."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(logging.Formatter().format(record))

    keep, root = Keep(logging.DEBUG), logging.getLogger()
    loggers = [root, *(one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger))]
    levels = [(one, one.level, one.disabled) for one in loggers]
    root.addHandler(keep)
    for one in loggers:
        one.setLevel(logging.DEBUG)
        one.disabled = False
    try:
        yield lines
    finally:
        root.removeHandler(keep)
        for one, level, disabled in levels:
            one.setLevel(level)
            one.disabled = disabled
