"""A partnership's directory in a few words, as tables and properties write one, and as the database keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from commonground.core.acts import PostRef
from commonground.core.procedure import OFFICE, Key
from commonground.people.models import (
    Absence,
    Agency,
    Holding,
    Membership,
    NoSuchPost,
    Part,
    Partnership,
    Party,
    Person,
    Post,
)

PARTNERSHIP = "fenwater"
TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SINCE = date(2020, 1, 1)


@dataclass(frozen=True)
class Written:
    """A directory. Posts are written AGENCY/POST, with who is in each: "ann bob/1 cat/2" has deputies bob, then cat.

    "dan@past" and "eve@future" held or will hold it. `no_post` says which post serves for one that is not there.
    """

    posts: Mapping[str, str]
    away: str = ""
    no_post: Mapping[str, str] = field(default_factory=dict)
    elsewhere: tuple[Key, ...] = ()
    """Agencies that belong to another partnership only."""
    both: tuple[Key, ...] = ()
    """Agencies that belong to another partnership too."""


def ref(post: str) -> PostRef:
    """This will read AGENCY/POST."""
    return PostRef(*post.split("/"))


def write(written: Written, partnership: Key = PARTNERSHIP) -> None:
    """This will put a directory into the database. The agency "office" is the partnership's own."""
    for key in (partnership, "elsewhere"):
        Partnership.objects.create(key=key, name=key, nation="england-and-wales", reference_prefix=key[:2].upper())
    agencies = {"office", *(ref(post).agency for post in (*written.posts, *written.no_post))}
    for key in sorted(agencies):
        agency = Agency.objects.create(key=key, name=key, kind="partnership" if key == "office" else key)
        if key not in written.elsewhere:
            Membership.objects.create(partnership_id=partnership, agency=agency)
        if key in (*written.elsewhere, *written.both):
            Membership.objects.create(partnership_id="elsewhere", agency=agency)
    for post, people in written.posts.items():
        held = Post.objects.create(agency_id=ref(post).agency, post=ref(post).post)
        for one in people.split():
            hold(held, one)
    for post, serves in written.no_post.items():
        stand_in = Post.objects.get(agency=ref(serves).agency, post=ref(serves).post)
        NoSuchPost.objects.create(agency_id=ref(post).agency, post=ref(post).post, stand_in=stand_in)
    leave(written.away.split())


def hold(post: Post, one: str) -> None:
    """This will let somebody hold a post: "ann", "bob/1" as its first deputy, "dan@past", "eve@future"."""
    who, _, when = one.partition("@")
    name, _, deputy = who.partition("/")
    person, _ = Person.objects.get_or_create(key=name, defaults={"full_name": name, "email": f"{name}@fen.example"})
    from_on = TODAY + timedelta(days=1) if when == "future" else SINCE
    to_on = TODAY - timedelta(days=1) if when == "past" else None
    Holding.objects.create(post=post, person=person, deputy=int(deputy or 0), from_on=from_on, to_on=to_on)


def leave(people: Iterable[str]) -> None:
    """This will make people absent today: "ann", or "bob@until-today", "cat@from-tomorrow"."""
    for one in people:
        who, _, when = one.partition("@")
        from_on = TODAY + timedelta(days=1) if when == "from-tomorrow" else SINCE
        Absence.objects.create(person_id=who, from_on=from_on, to_on=TODAY if when == "until-today" else None)


def give_part(post: PostRef, person: Key = "") -> UUID:
    """This will give a post a part in a new disagreement, or one person in it; gives the disagreement."""
    disagreement = uuid4()
    here = {"partnership_id": PARTNERSHIP, "disagreement": disagreement, "from_at": NOON}
    Party.objects.create(agency_id="office", **here)
    Part.objects.create(agency=post.agency, post=post.post, person=person, why="was waited for", **here)
    return disagreement


def office() -> PostRef:
    """This will give the partnership's office."""
    return PostRef("office", OFFICE)
