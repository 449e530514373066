"""The database under the tests is the one that is promised: what it acknowledges is on the disk (promise 8)."""

import pytest
from django.db import connection

from tests import databases


def setting(name: str) -> str:
    """Give the value of a PRAGMA of SQLite, or of a setting of PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}" if connection.vendor == "sqlite" else f"SHOW {name}")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_the_run_uses_the_database_it_was_asked_to_use() -> None:
    assert connection.vendor == databases.kind()


@pytest.mark.django_db
def test_what_is_acknowledged_is_on_the_disk() -> None:
    if connection.vendor == "sqlite":
        in_full = "2"
        assert (setting("journal_mode"), setting("synchronous"), setting("foreign_keys")) == ("wal", in_full, "1")
    else:
        assert setting("synchronous_commit") == "on"
