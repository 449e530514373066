"""No request crosses from one partnership into another: a million of them, chosen by chance.

Four partnerships under four procedures, with everything raised through the one door. Some agencies belong to two of
them and some people have seats in two, as in a police force: the same person, agency and post, another partnership.

The oracle is a plain dictionary of which partnership each disagreement was raised in, written down as it was raised.
Most requests are at the core level: the decision of access.py, given all that there is to know of a disagreement, as if
no query had been fenced. The others ask the database, through every function that takes a scope and a disagreement.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from time import perf_counter
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from commonground import fence
from commonground.core.acts import Advise, GoUp, Medium, Talk
from commonground.core.procedure import OFFICE, Key
from commonground.language.library import shipped
from commonground.people import access
from commonground.people.access import Scope
from commonground.people.models import Holding, Membership, Opening, Part, Party, Person, Post
from commonground.record import store
from commonground.usecases.export import export_for
from commonground.usecases.guests import links_of, make_link
from commonground.usecases.handle import Asking, NotThere, handle
from commonground.usecases.listing import list_of, lists_for
from commonground.usecases.looking import look_outside, looks_at, openings_of
from commonground.usecases.reading import find_for, read, read_for, reference_of
from tests.partnership import SINCE, Small, small

AT = datetime(2026, 4, 1, 10, tzinfo=UTC)
KEYS = ("ashmere", "birchden", "cedarford", "dunmoor")
AT_THE_CORE = 0.75
"""The share of the requests that ask the decision alone; the others ask the database."""


class Target(NamedTuple):
    """A disagreement as somebody elsewhere may know it: its id and its reference, both right."""

    disagreement: UUID
    reference: str


@dataclass
class World:
    """Everything there is. `home` is the oracle: where each disagreement was raised, by id and by reference."""

    home: dict[UUID | str, Key] = field(default_factory=dict)
    targets: dict[Key, list[Target]] = field(default_factory=dict)
    scopes: dict[Key, list[Scope]] = field(default_factory=dict)
    at_home: dict[Key, tuple[Scope, Scope]] = field(default_factory=dict)
    """Who raised them, and the office."""
    found: dict[UUID, access._Found] = field(default_factory=dict)
    """All that the tables say of who has a part in it, of whatever partnership."""


def build() -> World:
    """Raise the disagreements, and find every seat that anybody has."""
    world = World()
    procedures = sorted(shipped())
    places = [small(key, procedures[number % len(procedures)]) for number, key in enumerate(KEYS)]
    for number, place in enumerate(places):
        _is_shared(place, places[number - 1])
    for place in places:
        world.at_home[place.key] = place.scope(place.post("school")), place.scope(place.post("partnership", OFFICE))
        world.targets[place.key] = [_raised(world, place, number) for number in range(8)]
    for person in Person.objects.values_list("key", flat=True):
        for scope in access.scopes_of(person, AT.date()):
            world.scopes.setdefault(scope.partnership, []).append(scope)
    for key, scopes in world.scopes.items():
        scopes.append(access.clock_scope(key))
        # Nobody is given such a scope: a guest's link is for a disagreement of its own partnership.
        others = [target for other in KEYS if other != key for target in world.targets[other]]
        scopes += [access.guest_scope("guest", one.seat, key, it.disagreement) for one, it in zip(scopes, others)]  # noqa: B905
    for targets in world.targets.values():
        world.found |= {it.disagreement: access._Found(_all_rows(it.disagreement)) for it in targets}
    return world


def _is_shared(place: Small, other: Small) -> None:
    """Make the police of one partnership belong to another too, and somebody there hold a post in a school here."""
    Membership.objects.create(partnership_id=place.key, agency_id=other.agency("police"))
    post = Post.objects.filter(agency_id=place.agency("school"))[0]
    somebody = Person.objects.filter(key__startswith=other.agency("health"))[0]
    Holding.objects.create(post=post, person=somebody, deputy=1, from_on=SINCE)


def _raised(world: World, place: Small, number: int) -> Target:
    own = ("social-care", "health", "police")[number % 3]
    disagreement, reference = place.raised(AT, against=own)
    world.home |= {disagreement: place.key, reference: place.key}
    school, office = place.post("school"), place.post("partnership", OFFICE)
    health = place.post("health")
    for step in range(number + 1):
        match step:
            case 0:
                place.does(disagreement, school, Talk(Medium.TELEPHONE), AT)
            case 1:
                place.does(disagreement, school, GoUp(), AT)
            case 2:
                place.does(disagreement, school, Advise(health, given=False), AT)
            case 3:
                look_outside([place.scope(office)], reference, "A parent rang.", AT)
            case 4:
                read(place.scope(school), disagreement, AT)
            case 5:
                make_link(place.scope(school), disagreement, "Sam Visitor", school, at=AT)
            case _:
                place.does(disagreement, school, Talk(Medium.VIDEO), AT)
    return Target(disagreement, reference)


def _all_rows(disagreement: UUID) -> list[Any]:
    """Give the rows that access.py decides by, in its own shape, and of every partnership."""
    of = {"disagreement": disagreement}
    part = Part.objects.filter(**of).values_list("partnership_id", "agency", "post", "person", "why", "to_at")
    party = Party.objects.filter(**of).values_list("partnership_id", "agency_id", "side", "to_at")
    opening = Opening.objects.filter(**of).values_list("partnership_id", "agency", "post", "person", "to_at")
    return [
        *[("part", *row, 0) for row in part],
        *[("party", partnership, agency, "", "", side, to_at, 0) for partnership, agency, side, to_at in party],
        *[("opening", *row[:4], "", row[4], 0) for row in opening],
    ]


# --- What is asked of the database ------------------------------------------------------------------------------------

Asked = Callable[[World, Scope, Target], object]
"""Anything true in the answer is of the target, or of its partnership."""


def _inside(ask: Callable[[Scope, UUID], object]) -> Asked:
    """Ask in the scope's own fence, as a use case would that forgot to ask access first."""

    def asked(world: World, scope: Scope, target: Target) -> object:
        with fence.inside(scope.partnership):
            return ask(scope, target.disagreement)

    return asked


def _strayed(ask: Callable[[Scope, UUID], object]) -> Asked:
    """Ask in the target's fence with a scope of another partnership."""

    def asked(world: World, scope: Scope, target: Target) -> object:
        with fence.inside(world.home[target.disagreement]):
            return ask(scope, target.disagreement)

    return asked


def _listed(world: World, scope: Scope, target: Target) -> object:
    return [
        row.reference
        for which in lists_for([scope])
        for row in list_of([scope], which).rows
        if world.home[row.reference] == world.home[target.reference]
    ]


CHEAP: dict[str, Asked] = {
    "access.reaches": _inside(lambda scope, it: access.reaches([scope], it, AT)[0].relation),
    "access.relation": _inside(lambda scope, it: access.relation(scope, it, AT)),
    "access.reaches, strayed": _strayed(lambda scope, it: access.reaches([scope], it, AT)[0].relation),
    "access.may_look_for_a_reason": _inside(access.may_look_for_a_reason),
    "access.readers": _inside(lambda scope, it: access.readers(scope, it, AT)),
    "access.who_looked": _inside(lambda scope, it: access.who_looked(scope, it, AT)),
    "store.place_of": _inside(lambda scope, it: store.place_of(it)),
    "store.standing_row": _inside(lambda scope, it: store.standing_row(it)),
    "store.check": _inside(lambda scope, it: store.check(it)),
    "store.read": _inside(lambda scope, it: store.read(it)),
    "store.latest": _inside(lambda scope, it: store.latest(it)),
    "store.find": _inside(lambda scope, it: store.find(it, it)),
    "reading.read_for": lambda world, scope, target: read_for([scope], target.reference, at=AT),
    "reading.find_for": lambda world, scope, target: find_for([scope], target.reference, at=AT),
    "reading.read": lambda world, scope, target: read(scope, target.disagreement, AT),
    "reading.reference_of": lambda world, scope, target: reference_of(scope, target.disagreement),
    "export.export_for": lambda world, scope, target: list(export_for(scope, target.disagreement, AT)),
    "looking.looks_at": lambda world, scope, target: looks_at(scope, target.disagreement, AT),
    "looking.openings_of": lambda world, scope, target: openings_of(scope, target.disagreement, AT),
    "guests.links_of": lambda world, scope, target: links_of(scope, target.disagreement, AT),
    "handle.handle": lambda world, scope, target: handle(scope, target.disagreement, Asking(Talk(Medium.VIDEO)), AT),
}
DEAR: dict[str, Asked] = {
    "access.within_reach": _inside(lambda scope, it: it in access.within_reach(scope, AT)),
    "looking.look_outside": lambda world, scope, target: look_outside([scope], target.reference, "To see.", AT),
    "listing.list_of": _listed,
}
ASKED = CHEAP | DEAR
_NAMES = [*list(CHEAP) * 10, *DEAR]


def crosses(world: World, name: str, scope: Scope, target: Target) -> bool:
    """Say whether a request was given anything of the target."""
    with suppress(NotThere, fence.ScopeError):
        return bool(ASKED[name](world, scope, target))
    return False


@pytest.mark.django_db
@pytest.mark.parametrize("requests", [50_000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_no_request_crosses_from_one_partnership_into_another(
    requests: int, capsys: pytest.CaptureFixture[str]
) -> None:
    world = build()
    chance = Random(requests)
    core = int(requests * AT_THE_CORE)
    started = perf_counter()
    crossed: list[tuple[str, Scope, Target]] = []
    asked: Counter[str] = Counter()

    with fence.outside():
        for number in range(requests):
            here, there = chance.sample(KEYS, 2)
            scope, target = chance.choice(world.scopes[here]), chance.choice(world.targets[there])
            assert scope.partnership != world.home[target.disagreement]
            if number < core:
                name = "access, the decision alone"
                crossing = world.found[target.disagreement].reach(scope, target.disagreement, AT).relation is not None
            else:
                name = chance.choice(_NAMES)
                crossing = crosses(world, name, scope, target)
            asked[name] += 1
            if crossing:
                crossed.append((name, scope, target))

    took = perf_counter() - started
    with capsys.disabled():
        sys.stdout.write(
            f"\n{sum(asked.values()):,} requests across {len(KEYS)} partnerships in {took:.0f} s, "
            f"{len(crossed)} crossings\n{', '.join(f'{name} {times:,}' for name, times in sorted(asked.items()))}\n"
        )
    assert sum(asked.values()) == requests
    assert asked.keys() == {"access, the decision alone", *ASKED}
    assert not crossed, crossed[:5]


@pytest.mark.django_db
def test_the_same_requests_are_answered_at_home() -> None:
    # Without this the test above would hold for questions that never find anything.
    world = build()
    answered: Counter[str] = Counter()

    with fence.outside():
        for key in KEYS:
            for scope in world.scopes[key]:
                for target in world.targets[key]:
                    decided = world.found[target.disagreement].reach(scope, target.disagreement, AT).relation
                    with fence.inside(key):
                        assert access.relation(scope, target.disagreement, AT) == decided
                    answered["decided"] += decided is not None
        for name in ASKED:
            for key in KEYS:
                for scope in world.at_home[key]:
                    answered[name] += any(crosses(world, name, scope, target) for target in world.targets[key])

    assert not {name for name in ("decided", *ASKED) if not answered[name]}
    strangers = {scope.person for scope in world.scopes[KEYS[0]]} & {scope.person for scope in world.scopes[KEYS[1]]}
    assert strangers - {"clock", "guest"}, "nobody has a seat in two partnerships"
