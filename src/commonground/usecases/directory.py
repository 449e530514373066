"""Who is who in a partnership, for people to read: what agencies and posts are called, whom to ring, who holds what.

Records hold keys; names are looked up here when a page is shown, so a new name never changes a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection
from django.db.models import Q

from commonground.core.acts import PostRef
from commonground.core.procedure import Key, Procedure
from commonground.people.models import Agency, Holding, Partnership, Person, Post
from commonground.sql import run
from commonground.wording import Names


@dataclass(frozen=True)
class AgencyEntry:
    """An agency as the directory has it. `telephone` and `out_of_hours` are empty where nobody gave one."""

    key: Key
    name: str
    kind: Key
    on_service: bool
    telephone: str
    out_of_hours: str
    posts: tuple[Key, ...]


@dataclass(frozen=True)
class Directory:
    """A partnership's agencies, in order of name, and the titles that posts have there."""

    partnership: Key
    name: str
    agencies: tuple[AgencyEntry, ...]
    titles: Mapping[PostRef, str]

    def names(self, procedure: Procedure) -> Names:
        """This will give what everything is called in a disagreement under one of the partnership's procedures."""
        return Names(
            procedure,
            {agency.key: agency.name for agency in self.agencies},
            {agency.key: agency.kind for agency in self.agencies},
            self.titles,
        )

    def agency(self, key: Key) -> AgencyEntry | None:
        """This will give one agency; None where the directory has no such one."""
        return next((agency for agency in self.agencies if agency.key == key), None)


@dataclass(frozen=True)
class Seat:
    """A post that somebody holds, and who they are: what a demonstration visitor chooses from."""

    person: Key
    full_name: str
    partnership: Key
    post: PostRef
    deputy: bool


def directory_of(partnership: Key) -> Directory:
    """This will give the directory of a partnership. Raises Partnership.DoesNotExist for one that is not there.

    Read once and kept until something in it changes: the database counts the changes (people/directory.py).
    """
    found = run("SELECT name, directory FROM partnerships WHERE key = %s", [partnership]).fetchone()
    if found is None:
        raise Partnership.DoesNotExist(partnership)
    return _directory(connection.settings_dict["NAME"], partnership, *found)


@lru_cache(maxsize=64)
def _directory(_database: str, partnership: Key, name: str, _changes: int) -> Directory:
    posts: dict[Key, list[Key]] = {}
    titles: dict[PostRef, str] = {}
    for post in Post.objects.filter(agency__memberships__partnership_id=partnership).order_by("id"):
        posts.setdefault(post.agency_id, []).append(post.post)
        if post.title:
            titles[PostRef(post.agency_id, post.post)] = post.title
    agencies = tuple(
        AgencyEntry(
            key=agency.key,
            name=agency.name,
            kind=agency.kind,
            on_service=agency.on_service,
            telephone=agency.telephone,
            out_of_hours=agency.out_of_hours,
            posts=tuple(posts.get(agency.key, ())),
        )
        for agency in Agency.objects.filter(memberships__partnership_id=partnership)
    )
    return Directory(partnership, name, agencies, titles)


def partnerships() -> tuple[tuple[Key, str], ...]:
    """This will list every partnership here: key and name, in order of name."""
    return tuple(run("SELECT key, name FROM partnerships ORDER BY name").fetchall())


def seats_of(partnership: Key, today: date) -> tuple[Seat, ...]:
    """This will list who holds which post in a partnership today, by agency, post and then deputies."""
    now = Q(from_on__lte=today) & (Q(to_on__isnull=True) | Q(to_on__gte=today))
    holdings = Holding.objects.filter(now, post__agency__memberships__partnership_id=partnership).select_related(
        "post", "person"
    )
    return tuple(
        Seat(
            person=holding.person_id,
            full_name=holding.person.full_name,
            partnership=partnership,
            post=PostRef(holding.post.agency_id, holding.post.post),
            deputy=holding.deputy > 0,
        )
        for holding in holdings.order_by("post__agency__name", "post_id", "deputy", "id")
    )


def people_called(people: Iterable[Key]) -> Mapping[Key, str]:
    """This will give people's full names by key, for a page; those who are not known are left out."""
    return dict(Person.objects.filter(key__in=set(people)).values_list("key", "full_name"))
