"""Lets tests that commit be cleaned up after: the record's own triggers refuse the emptying, as they should.

`transactional_db` and `live_server` empty every table when a test ends. Around that, and nowhere else, the triggers
are put aside. tests/conftest.py loads this for the whole run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import TransactionTestCase

TABLES = ("acts", "words", "checkpoints")

_teardown = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # Django's own, and not in its stubs


def _teardown_without_triggers(test: Any) -> None:
    with without_triggers():
        _teardown(test)


TransactionTestCase._fixture_teardown = _teardown_without_triggers  # type: ignore[attr-defined]  # as above


@contextmanager
def without_triggers() -> Iterator[None]:
    """Put the record's triggers aside: for emptying tables, and for a test's own tampering."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            back = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in TABLES]
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            back = [sql for _, sql in triggers]
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in back:
                cursor.execute(statement)
