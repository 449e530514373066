"""A partnership's agencies and their posts, as the core sees them: who can be reached where.

Read once and kept until something in it changes: the database counts the changes (triggers of migration 0002), and the
count is looked up each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from commonground.core.procedure import Key
from commonground.core.setting import Agency
from commonground.sql import run


class NoSuchPartnership(LookupError):
    """There is no partnership with this key, or it has no office."""


@dataclass(frozen=True)
class Directory:
    nation: str
    prefix: str
    """What its references begin with."""
    office: Key
    """The key of the agency that its own posts belong to."""
    agencies: dict[Key, Agency]


def directory_of(partnership: Key, changes: int | None = None) -> Directory:
    """This will give a partnership's directory as it is now. NoSuchPartnership where there is none.

    `changes` is the count of its changes, for a caller that has just read it.
    """
    if changes is None:
        found = run("SELECT directory FROM partnerships WHERE key = %s", [partnership]).fetchone()
        if found is None:
            raise NoSuchPartnership(partnership)
        changes = found[0]
    return _directory(connection.settings_dict["NAME"], partnership, changes)


@lru_cache(maxsize=32)
def _directory(_database: str, partnership: Key, _changes: int) -> Directory:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nation, reference_prefix FROM partnerships WHERE key = %s", [partnership])
        nation, prefix = cursor.fetchone()
        cursor.execute(
            """SELECT agencies.key, agencies.kind, posts.post FROM agencies
            LEFT JOIN posts ON posts.agency_id = agencies.key WHERE agencies.partnership_id = %s""",
            [partnership],
        )
        rows = cursor.fetchall()
    kinds = {key: kind for key, kind, _ in rows}
    posts: dict[Key, set[Key]] = {key: set() for key in kinds}
    for key, _, post in rows:
        if post is not None:
            posts[key].add(post)
    office = next((key for key, kind in kinds.items() if kind == "partnership"), None)
    if office is None:
        raise NoSuchPartnership(f"{partnership} has no office")
    agencies = {key: Agency(key, kind, frozenset(posts[key])) for key, kind in kinds.items()}
    return Directory(nation, prefix, office, agencies)
