"""Runs the one door's statements on Django's connection, in its transaction, straight through the driver.

Every act passes here several times. Through Django's cursor each statement's placeholders are looked for anew and its
place in layers of wrappers is paid for: together that took longer than all the statements themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from operator import attrgetter
from types import NoneType
from typing import Any, Final
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections

from commonground import fence


def run(statement: str, values: Sequence[Any] = ()) -> Any:
    """This will run a statement and give the driver's cursor, to fetch from.

    Placeholders are `%s`, and there is no other `%`. Ids, moments and words are stored as Django's own columns keep
    them. Raises Django's errors, as its cursor does, and ScopeError for a table behind the fence where no partnership
    is in scope. Whose rows a statement sees is for the statement to say (`fence.HERE`).
    """
    if fence.is_fenced(statement):
        fence.here()
    here = connections[DEFAULT_DB_ALIAS]
    sqlite = here.vendor == "sqlite"
    stored = [value if type(value) in _AS_IT_IS else _stored(value, sqlite=sqlite) for value in values]
    if not here.in_atomic_block:
        cursor = here.cursor()  # which also opens the connection, or finds it lost
        cursor.execute(statement, stored)
        return cursor
    here.validate_no_broken_transaction()
    with here.wrap_database_errors:
        return here.connection.execute(_with_question_marks(statement) if sqlite else statement, stored)


@contextmanager
def together() -> Iterator[None]:
    """This will send the statements within to PostgreSQL in one go, without waiting for each; SQLite has no way to go.

    What they raise may be raised only at the end, or at the next fetch. Inside a transaction only.
    """
    here = connections[DEFAULT_DB_ALIAS]
    if here.vendor == "sqlite" or not here.in_atomic_block:
        yield
    else:
        with here.wrap_database_errors, here.connection.pipeline():
            yield


_AS_IT_IS: Final = frozenset({str, int, bool, bytes, NoneType})


def _stored(value: Any, *, sqlite: bool) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return _AS_SQLITE[type(value)](value) if sqlite else value


@lru_cache(maxsize=1024)  # an act's moment is in every one of its rows
def _moment(value: datetime) -> str:
    return str(value.astimezone(UTC).replace(tzinfo=None))


_AS_SQLITE: Final[Mapping[type, Callable[[Any], Any]]] = {
    UUID: attrgetter("hex"),
    datetime: _moment,
    date: date.isoformat,
}


@cache
def _with_question_marks(statement: str) -> str:
    return statement.replace("%s", "?")
