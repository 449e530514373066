"""A partnership's agencies and their posts, as the core sees them: who can be reached where.

Read once and kept until something in it changes: the database counts the changes (triggers of migration 0002), and the
count is looked up each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection

from commonground.core.procedure import Key
from commonground.core.setting import Agency
from commonground.people.models import Agency as AgencyRow
from commonground.people.models import Partnership
from commonground.people.staffing import staffing_of
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


def directory_of(partnership: Key, today: date, changes: int | None = None) -> Directory:
    """This will give a partnership's directory as it is today. NoSuchPartnership where there is none.

    `changes` is the count of its changes, for a caller that has just read it.
    """
    if changes is None:
        found = run("SELECT directory FROM partnerships WHERE key = %s", [partnership]).fetchone()
        if found is None:
            raise NoSuchPartnership(partnership)
        changes = found[0]
    return _directory(connection.settings_dict["NAME"], partnership, changes, today)


@lru_cache(maxsize=64)
def _directory(_database: str, partnership: Key, changes: int, today: date) -> Directory:
    row = Partnership.objects.get(key=partnership)
    staffing = staffing_of(partnership, today, changes)
    if not staffing.office:
        raise NoSuchPartnership(f"{partnership} has no office")
    rows = AgencyRow.objects.filter(memberships__partnership_id=partnership).values_list("key", "kind", "on_service")
    # A post that nobody is in can't have a move: the core then says who has it instead, and why.
    agencies = {
        key: Agency(
            key,
            kind,
            frozenset(post.post for post in staffing.holders if post.agency == key and staffing.staffed(post)),
            tuple((post.post, serves) for post, serves in staffing.stand_ins.items() if post.agency == key),
            reached=on_service,
        )
        for key, kind, on_service in rows
    }
    return Directory(row.nation, row.reference_prefix, staffing.office, agencies)
