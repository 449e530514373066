"""Who answers for a post today: its holders; else its deputies, in order; else the next post that somebody is in.

A post is never without somebody while there is anybody at all. Where nobody in it is here today, its declared stand-in
serves; else the next tier up in the agency; else the agency's most senior post that somebody is in; else any other post
there; else the partnership's office; else colleagues in the post itself, for what is one person's alone. Whoever so
serves acts in that post, and the record names the post. Whoever answers can reach and act: `covers` is worked out from
`answering`, and access.py makes a seat of each.

Read once for a partnership and a day, and kept until something in its directory changes (the database counts).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from uuid import UUID

from django.db import connection
from django.db.models import Q

from commonground import fence
from commonground.core.acts import PostRef
from commonground.core.procedure import OFFICE, Key
from commonground.people.functions import TIERS, Function, function_of
from commonground.people.models import Absence, Agency, Holding, NoSuchPost, Part, Post
from commonground.sql import run


class How(StrEnum):
    """Why somebody answers for a post."""

    HOLDER = "holds the post"
    DEPUTY = "is the post’s deputy"
    STAND_IN = "stands in: the agency has no such post"
    NEXT_TIER = "is the next tier up: nobody in the post is here today"
    MOST_SENIOR = "is the most senior there: nobody in the tiers above is here today"
    SAME_AGENCY = "is in the same agency: nobody in its tiers is here today"
    OFFICE = "is in the partnership’s office: nobody in the agency is here today"
    COLLEAGUE = "is in the same post: nobody else is here today"
    """Only for what is one person's alone. Last, because others in a post need not know what a colleague raised."""
    NOBODY = "nobody is here today"


@dataclass(frozen=True)
class Holder:
    person: Key
    deputy: int
    """0 holds the post; 1, 2 ... are its deputies, in that order."""
    away: bool


@dataclass(frozen=True)
class Answering:
    """Who answers for a post today, in which post they are themselves, and why it is they."""

    people: tuple[Key, ...]
    post: PostRef
    how: How


@dataclass(frozen=True)
class Covering:
    """Somebody serves for a post that is not theirs while those in it are away, or have left."""

    post: PostRef
    how: How
    here: frozenset[Key]
    """Who is in the post today: what is theirs alone needs no cover. Nobody: all of the post's does."""


@dataclass(frozen=True)
class Staffing:
    """A partnership's posts and who is in them on one day."""

    office: Key
    holders: Mapping[PostRef, tuple[Holder, ...]]
    """Every post that the directory has, with everybody in it that day, those away too; holders, then deputies."""
    functions: Mapping[PostRef, Function]
    stand_ins: Mapping[PostRef, PostRef]
    """For posts that an agency says it has not."""
    gone: frozenset[PostRef]
    """Posts with a part in something that the directory does not have any more: deleted, or their agency has left."""

    def here(self, post: PostRef) -> tuple[Key, ...]:
        """This will give the holders of a post who are here that day."""
        return tuple(one.person for one in self.holders.get(post, ()) if not one.deputy and not one.away)

    def deputies(self, post: PostRef) -> tuple[Key, ...]:
        """This will give the deputies of a post who are here that day, in order."""
        return tuple(one.person for one in self.holders.get(post, ()) if one.deputy and not one.away)

    def staffed(self, post: PostRef) -> bool:
        """This will say whether anybody holds a post that day, or is its deputy, away or not."""
        return bool(self.holders.get(post))

    def answering(self, post: PostRef, person: Key = "") -> Answering:
        """This will say who answers for a post that day; with `person`, for what is that person's alone."""
        here = self.here(post)
        own = tuple(one for one in here if not person or one == person)
        if own:
            return Answering(own, post, How.HOLDER)
        if deputies := self.deputies(post):
            return Answering(deputies, post, How.DEPUTY)
        for other, how in self._chain(post):
            if people := self.here(other) or self.deputies(other):
                return Answering(people, other, how)
        return Answering(here, post, How.COLLEAGUE) if here else Answering((), post, How.NOBODY)

    def _chain(self, post: PostRef) -> Iterator[tuple[PostRef, How]]:
        """Yield the posts that serve for a post when nobody in it does, the nearest first."""
        if (stand_in := self.stand_ins.get(post)) is not None:
            yield stand_in, How.STAND_IN
        tier = TIERS.get(self.function(post))
        others = [other for other in self.holders if other.agency == post.agency and other != post]
        tiers = sorted((TIERS[self.function(other)], other.post) for other in others if self.function(other) in TIERS)
        for height, key in tiers:
            if tier is not None and height > tier:
                yield PostRef(post.agency, key), How.NEXT_TIER
        for _, key in reversed(tiers):
            yield PostRef(post.agency, key), How.MOST_SENIOR
        for other in sorted(others, key=lambda one: one.post):
            yield other, How.SAME_AGENCY
        yield PostRef(self.office, OFFICE), How.OFFICE
        for other in sorted(self.holders, key=lambda one: one.post):
            if other.agency == self.office:
                yield other, How.OFFICE

    def function(self, post: PostRef) -> Function:
        """This will give what a post is for."""
        return self.functions.get(post) or function_of(post.post)

    @cached_property
    def seats(self) -> Mapping[Key, tuple[tuple[PostRef, int], ...]]:
        """By person: each post that they hold (0) or are a deputy of (1, 2 ...), away or not."""
        found: dict[Key, list[tuple[PostRef, int]]] = {}
        for post, holders in self.holders.items():
            for one in holders:
                found.setdefault(one.person, []).append((post, one.deputy))
        return {person: tuple(sorted(seats, key=lambda seat: seat[1])) for person, seats in found.items()}

    @cached_property
    def covers(self) -> Mapping[Key, tuple[Covering, ...]]:
        """By person: each post they serve for today, for as long and as far as nobody in it does."""
        found: dict[Key, list[Covering]] = {}
        # The office is always there to be covered: it owns what nobody else does, whatever its directory says.
        posts = dict.fromkeys((*self.holders, *self.stand_ins, *self.gone, PostRef(self.office, OFFICE)))
        for post in posts:
            # "-" is nobody's key: this asks who serves for somebody who is not in the post.
            answering = self.answering(post, "-")
            if answering.how is How.DEPUTY:
                continue  # in the post themselves
            covering = Covering(post, answering.how, frozenset(self.here(post)))
            for person in answering.people:
                found.setdefault(person, []).append(covering)
        return {person: tuple(covered) for person, covered in found.items()}


def staffing_of(partnership: Key, today: date, changes: int | None = None) -> Staffing:
    """This will give who is in which post of a partnership on a day.

    `changes` is the count of its directory's changes, for a caller that has just read it.
    """
    if changes is None:
        found = run("SELECT directory FROM partnerships WHERE key = %s", [partnership]).fetchone()
        changes = found[0] if found else 0
    with fence.inside(partnership):
        return _staffing(connection.settings_dict["NAME"], partnership, changes, today)


def answering_in(staffing: Staffing, disagreement: UUID, post: PostRef) -> Answering:
    """This will say who answers for a post in one disagreement: all of them reach it.

    Where the post's part is one person's alone (the raiser's), it is they, or whoever serves for them.
    """
    parts = Part.objects.filter(disagreement=disagreement, agency=post.agency, post=post.post)
    alone = sorted(parts.values_list("person", flat=True).distinct())
    # The post's own part has no person, and sorts first.
    return staffing.answering(post, alone[0] if alone else "")


@lru_cache(maxsize=64)
def _staffing(_database: str, partnership: Key, _changes: int, today: date) -> Staffing:
    on = Q(from_on__lte=today) & (Q(to_on__isnull=True) | Q(to_on__gte=today))
    agencies = dict(Agency.objects.filter(memberships__partnership_id=partnership).values_list("key", "kind"))
    away = set(Absence.objects.filter(on).values_list("person_id", flat=True))
    holders: dict[PostRef, list[Holder]] = {}
    functions: dict[PostRef, Function] = {}
    for agency, post, function in Post.objects.filter(agency__in=agencies).values_list("agency_id", "post", "function"):
        holders[PostRef(agency, post)] = []
        functions[PostRef(agency, post)] = function_of(post, function)
    held = Holding.objects.filter(on, post__agency__in=agencies).order_by("deputy", "id")
    for agency, post, person, deputy in held.values_list("post__agency_id", "post__post", "person_id", "deputy"):
        holders[PostRef(agency, post)].append(Holder(person, deputy, person in away))
    missing = NoSuchPost.objects.filter(agency__in=agencies).values_list(
        "agency_id", "post", "stand_in__agency_id", "stand_in__post"
    )
    stand_ins = {PostRef(agency, post): PostRef(other, serves) for agency, post, other, serves in missing}
    with_parts = Part.objects.values_list("agency", "post").distinct()
    return Staffing(
        office=next((key for key, kind in agencies.items() if kind == "partnership"), ""),
        holders={post: tuple(here) for post, here in holders.items()},
        functions=functions,
        stand_ins=stand_ins,
        gone=frozenset(PostRef(*one) for one in with_parts) - holders.keys() - stand_ins.keys(),
    )
