"""Nobody unowned: any one post may be emptied, absent or deleted while a disagreement is open, in any directory.

First in the core, over every state that every procedure can reach, with every post taken away in turn; then through the
database and the one door, over random directories and random runs. Each prints what it went through.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonground.core import explore as exploring
from commonground.core.acts import About, Actor, Ask, Command, GoUp, PassTime, PostRef, Raise
from commonground.core.decide import Accepted, decide
from commonground.core.explore import RESPONDER, synthetic
from commonground.core.procedure import HeldIn, Key
from commonground.core.setting import Setting
from commonground.core.standing import Phase, Standing, standing
from commonground.core.time import LONDON
from commonground.language.library import shipped
from commonground.people import access, directory, staffing
from commonground.people.access import Scope, scopes_of
from commonground.people.functions import function_of
from commonground.people.models import Absence, Agency, Holding, Membership, NoSuchPost, Partnership, Person, Post
from commonground.people.staffing import Holder, How, Staffing, answering_in, staffing_of
from commonground.record import store
from commonground.usecases.handle import Asking, NotThere, handle, raise_disagreement
from commonground.usecases.situation import setting_in
from commonground.usecases.unanswered import unanswered
from tests.properties.promises import exists, is_owned_and_dated
from tests.properties.runs import asks, procedures
from tests.story import Story

WAYS = ("emptied", "absent", "deleted")


def say(what: str, counted: Counter[str]) -> None:
    """Print what a test went through."""
    sys.stdout.write(f"\n{what}: " + ", ".join(f"{number:,} {name}" for name, number in sorted(counted.items())) + "\n")


# --- Every state, every post ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(procedures()))
def test_in_every_state_with_any_post_taken_away_it_is_owned_and_dated_and_goes_up(key: Key) -> None:
    whole = synthetic(procedures()[key])
    exploration = exploring._Exploration(whole, (RESPONDER,))
    exploration.run()
    counted: Counter[str] = Counter()
    for seat in sorted(seats_of(whole), key=str):
        without, answered = less(whole, seat), Answered(whole, seat)
        for here in exploration.found.values():
            counted["states with a post taken away"] += 1
            counted["standings owned by somebody"] += answered.holds(here)
            for after in onward(without, here):
                counted["standings owned by somebody"] += answered.holds(after)
                if after.entered is not here.entered:
                    is_given_to_posts_that_are_there(without, after)
    say(key, counted)
    assert counted["standings owned by somebody"] > counted["states with a post taken away"]


def seats_of(setting: Setting) -> set[PostRef]:
    """Every post there is."""
    return {PostRef(agency.key, post) for agency in setting.agencies.values() for post in agency.posts}


def less(setting: Setting, seat: PostRef) -> Setting:
    """The setting without a post."""
    agency = setting.agencies[seat.agency]
    return replace(
        setting, agencies={**setting.agencies, seat.agency: replace(agency, posts=agency.posts - {seat.post})}
    )


def onward(setting: Setting, here: Standing) -> Iterator[Standing]:
    """What follows from going up, and from silence, where a post has been taken away."""
    clock = Actor("clock", setting.office_post)
    at = here.recorded_at or exploring.BEGINS_AT
    tries: list[tuple[Ask, datetime, Actor]] = [(GoUp(), at, Actor("somebody", PostRef("challenger", "anything")))]
    if here.waits is not None and here.waits.event is not None and here.waits.due is not None:
        tries.append((PassTime(here.waits.event), max(at, here.waits.due.at), clock))
    for ask, when, by in tries:
        answer = decide(setting, here, Command(UUID(int=1), by, ask, when))
        assert isinstance(answer, Accepted), f"{ask} in {here.route}/{here.stage}: {answer}"
        yield answer.standing


def is_given_to_posts_that_are_there(setting: Setting, here: Standing) -> None:
    """A stage that is entered is given to posts that there are."""
    assert here.entered is not None
    for owner in (here.entered.challenging, here.entered.responding, here.entered.body):
        assert owner is None or exists(setting, owner.post.agency, owner.post.post), f"{owner} is not there"


class Answered:
    """What is promised of standings while one post is emptied, absent or deleted, in a setting otherwise whole."""

    def __init__(self, setting: Setting, seat: PostRef) -> None:
        self.setting = setting
        self.staffings = [staffed(setting, seat, way) for way in WAYS]
        self.known: set[PostRef] = set()

    def holds(self, here: Standing) -> bool:
        """An owner that there is or was, a next date, somebody who answers for the owner; False where it has ended."""
        if here.phase is not Phase.OPEN:
            return False
        is_owned_and_dated(self.setting, here)
        assert here.waits is not None
        assert here.waits.owner is not None
        owner = here.waits.owner.post
        if owner not in self.known:
            for staffing in self.staffings:
                answers_with_a_seat(staffing, owner)
            self.known.add(owner)
        return True


def answers_with_a_seat(staffing: Staffing, owner: PostRef) -> None:
    """Somebody answers for a post, and everybody who does has a seat in it."""
    answering = staffing.answering(owner)
    assert answering.people, f"nobody answers for {owner}"
    for person in answering.people:
        seats = {post for post, _ in staffing.seats[person]} | {one.post for one in staffing.covers.get(person, ())}
        assert owner in seats, f"{person} answers for {owner} and has no seat in it"


def staffed(setting: Setting, seat: PostRef, way: str) -> Staffing:
    """The setting's posts with one person in each, but for one post, which is emptied, absent or deleted."""
    holders: dict[PostRef, tuple[Holder, ...]] = {
        post: (Holder(f"{post.agency}-{post.post}", 0, away=False),) for post in seats_of(setting)
    }
    gone: frozenset[PostRef] = frozenset()
    match way:
        case "emptied":
            holders[seat] = ()
        case "absent":
            holders[seat] = (replace(holders[seat][0], away=True),)
        case _:
            del holders[seat]
            gone = frozenset({seat})
    return Staffing(setting.office, holders, {post: function_of(post.post) for post in holders}, {}, gone)


# --- Random directories, random runs, through the one door ------------------------------------------------------------

DAY = date(2026, 3, 2)
BEGINS = datetime(2026, 3, 2, 10, tzinfo=LONDON)
KINDS = ("school", "social-care", "health", "police")


@dataclass(frozen=True)
class World:
    """A directory by chance, and what is done in it. Small numbers only, so that a failing one can be kept.

    `posts` says of each post in turn how it is staffed (see `write_post`), over and over.
    """

    procedure: Key
    posts: tuple[int, ...]
    stands_in: int
    of_another_area_too: tuple[int, ...]
    raiser: int
    against: tuple[int, ...]
    moves: tuple[tuple[int, int, int, tuple[int, int, int]], ...]
    taken: tuple[int, ...]
    """Posts taken away while it is open, beside its owner."""


_small = st.integers(0, 40)
worlds = st.builds(
    World,
    procedure=st.sampled_from(sorted(shipped())),
    posts=st.lists(st.integers(0, 9), min_size=1, max_size=11).map(tuple),
    stands_in=_small,
    of_another_area_too=st.lists(st.integers(0, 3), max_size=2).map(tuple),
    raiser=_small,
    against=st.lists(st.integers(0, 4), max_size=2).map(tuple),
    moves=st.lists(
        st.tuples(st.integers(0, 23), st.integers(0, 5), st.integers(0, 5), st.tuples(_small, _small, _small)),
        max_size=6,
    ).map(tuple),
    taken=st.lists(_small, min_size=1, max_size=2).map(tuple),
)

NUMBERS = count(1)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards. What was read of a directory meanwhile is forgotten."""
    inside = transaction.atomic()
    inside._from_testcase = True  # type: ignore[attr-defined]  # as a test's own: what is durable may be inside
    with inside:
        yield
        transaction.set_rollback(True)
    staffing._staffing.cache_clear()
    directory._directory.cache_clear()


class Place:
    """A partnership that a world makes, with everything in it, and the disagreement that runs there."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.key = f"place-{next(NUMBERS)}"
        self.procedure, self.digest = shipped()[world.procedure]
        for key, prefix in ((self.key, "PL"), ("another-area", "AA")):
            Partnership.objects.create(key=key, name=key, nation=self.procedure.nation, reference_prefix=prefix)
        self.write()
        self.at = BEGINS

    # The directory.

    def write(self) -> None:
        """Write the agencies, and each post as the world's numbers say."""
        for number, kind in enumerate((*KINDS, "partnership")):
            Agency.objects.create(key=kind, name=kind, kind=kind)
            Membership.objects.create(partnership_id=self.key, agency_id=kind)
            if number in self.world.of_another_area_too:
                Membership.objects.create(partnership_id="another-area", agency_id=kind)
        party = [post for post in self.procedure.posts if post.held_in is HeldIn.PARTY]
        own = [post.key for post in self.procedure.posts if post.held_in is HeldIn.PARTNERSHIP]
        refs = [PostRef(kind, post.key) for kind in KINDS for post in party if post.agency in (None, kind)]
        refs += [PostRef("partnership", key) for key in own]
        missing = [ref for number, ref in enumerate(refs) if self.write_post(number, ref)]
        # An office has more than one post with somebody in it: without any, nobody is left, and it is an alarm.
        for key in ("front-desk", "back-desk"):
            self.hold(self.post(PostRef("partnership", key)), key)
        there = list(Post.objects.order_by("id"))
        for number, ref in enumerate(missing):
            serves = there[(self.world.stands_in + number) % len(there)]
            NoSuchPost.objects.create(agency_id=ref.agency, post=ref.post, stand_in=serves)

    def write_post(self, number: int, ref: PostRef) -> bool:
        """Write a post in one of ten ways; True for one that its agency says it has not."""
        how = self.world.posts[number % len(self.world.posts)]
        if how in (0, 9):
            return how == 9
        post, own, before = self.post(ref), f"p{number}", f"p{max(number - 1, 0)}"
        match how:
            case 1:
                pass  # nobody is in it
            case 2:
                self.hold(post, own)
                self.away(own)
            case 3:
                self.hold(post, own)
                self.hold(post, before, deputy=1)
            case 4:
                self.hold(post, own)
                self.away(own)
                self.hold(post, before, deputy=1)
            case 5:
                self.hold(post, own)
                self.hold(post, f"{own}-two")
            case 6:
                self.hold(post, before)
            case 7:
                self.hold(post, own, from_on=DAY + timedelta(days=1))
            case _:
                self.hold(post, own)
        return False

    def post(self, ref: PostRef) -> Post:
        return Post.objects.get_or_create(agency_id=ref.agency, post=ref.post)[0]

    def hold(self, post: Post, person: Key, deputy: int = 0, from_on: date = date(2020, 1, 1)) -> None:
        known, _ = Person.objects.get_or_create(key=person, defaults={"full_name": person})
        Holding.objects.create(post=post, person=known, deputy=deputy, from_on=from_on)

    def away(self, person: Key) -> None:
        Absence.objects.create(person_id=person, from_on=date(2026, 1, 1))

    # The disagreement.

    @property
    def today(self) -> date:
        return self.at.astimezone(LONDON).date()

    def scopes(self, person: Key) -> list[Scope]:
        return [scope for scope in scopes_of(person, self.today) if scope.partnership == self.key]

    def begin(self) -> None:
        """Somebody raises it: whoever there is."""
        here = sorted({*Holding.objects.filter(from_on__lte=DAY).values_list("person_id", flat=True)})
        seats = [scope for person in here for scope in self.scopes(person)]
        scope = seats[self.world.raiser % len(seats)]
        against = tuple(dict.fromkeys((*KINDS, "nowhere")[number] for number in self.world.against))
        matter = self.procedure.matters[self.world.raiser % len(self.procedure.matters)].key
        ask = Raise(matter, About.CHILD, (scope.seat.agency,), against)
        self.id = raise_disagreement(scope, self.digest, Asking(ask), at=self.at).disagreement
        self.raiser = scope.person

    @property
    def standing(self) -> Standing:
        return standing(store.read(self.id))

    def run(self) -> None:
        """Make the world's moves: silence, or something by who answers for the owner, the raiser or the office."""
        for kind, who, wait, pick in self.world.moves:
            days = (timedelta(0), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=3))
            self.at += days[wait % len(days)]
            setting = setting_in(directory.directory_of(self.key, self.today), self.digest)
            told = Story(setting, now=self.at, standing=self.standing)
            menu = asks(told, pick)
            ask = menu[kind % len(menu)]()
            if isinstance(ask, PassTime):
                self.wait_until_due()
                continue
            people = (*self.answering(), self.raiser, "front-desk")
            with suppress(NotThere):  # has left the post meanwhile, or serves no longer
                self.ask(people[who % len(people)], GoUp() if isinstance(ask, Raise) else ask)

    def wait_until_due(self) -> None:
        """Nothing comes in time, and the clock records it."""
        waits = self.standing.waits
        if waits is not None and waits.due is not None and waits.event is not None:
            self.at = max(self.at, waits.due.at)
            handle(access.clock_scope(self.key), self.id, Asking(PassTime(waits.event)), at=self.at)

    def ask(self, person: Key, ask: Ask, seat: PostRef | None = None) -> object:
        """Ask something as somebody, from a seat that reaches it."""
        scopes = [scope for scope in self.scopes(person) if seat in (None, scope.seat)]
        reaching = [scope for scope in scopes if access.reach(scope, self.id, self.at).relation is not None]
        if not reaching:
            raise NotThere
        return handle(reaching[0], self.id, Asking(ask), at=self.at)

    def owner(self) -> PostRef | None:
        """The post that owns it; None where it has ended. It has a next date."""
        row = store.standing_row(self.id)
        assert row is not None
        if row.phase != Phase.OPEN:
            return None
        assert row.owner_agency
        assert row.owner_post
        assert row.next_due_at is not None, "nothing is due"
        return PostRef(row.owner_agency, row.owner_post)

    def answering(self) -> tuple[Key, ...]:
        """Who answers for its owner today."""
        owner = self.owner()
        return answering_in(staffing_of(self.key, self.today), self.id, owner).people if owner is not None else ()

    def how(self) -> How:
        """Why it is they."""
        owner = self.owner()
        assert owner is not None
        return answering_in(staffing_of(self.key, self.today), self.id, owner).how

    # The promise.

    def is_owned(self) -> bool:
        """Open, with somebody here today for its owner who reaches it, words and all; False where it has ended."""
        owner = self.owner()
        if owner is None:
            return False
        people = self.answering()
        assert people, f"nobody answers for {owner}"
        away = set(Absence.objects.values_list("person_id", flat=True))
        assert not away & {*people}, "somebody who is away answers"
        for person in people:
            seats = [scope for scope in self.scopes(person) if scope.seat == owner]
            reached = {one.relation for one in access.reaches(seats, self.id, self.at)} - {None, *access.SHALLOW}
            assert reached, f"{person} answers for {owner} and does not reach it from {seats}"
        assert not unanswered(self.at)
        return True

    def goes_up(self) -> None:
        """Whoever answers takes it up, and it is owned again."""
        owner, people = self.owner(), self.answering()
        answer = self.ask(people[0], GoUp(), owner)
        assert isinstance(answer, Accepted), answer
        assert self.is_owned()

    def take(self, ref: PostRef, way: str) -> None:
        """Take a post away: nobody in it, everybody in it away, or no such post."""
        post = Post.objects.filter(agency_id=ref.agency, post=ref.post)
        holders = Holding.objects.filter(post__in=post)
        match way:
            case "emptied":
                holders.delete()
            case "absent":
                for person in set(holders.values_list("person_id", flat=True)):
                    self.away(person)
            case "deleted":
                post.delete()
            case _:
                Membership.objects.filter(partnership_id=self.key, agency_id=ref.agency).delete()


COUNTED: Counter[str] = Counter()


def nobody_is_unowned(world: World) -> None:
    """Run a world; then take its owner's post and some others away, each in every way, and see that it goes on."""
    with undone():
        place = Place(world)
        place.begin()
        place.run()
        COUNTED["worlds"] += 1
        COUNTED["acts"] += place.standing.position
        if not place.is_owned():
            return
        owner = place.owner()
        assert owner is not None
        there = [PostRef(*ref) for ref in Post.objects.order_by("id").values_list("agency_id", "post")]
        for ref in dict.fromkeys((owner, *(there[number % len(there)] for number in world.taken))):
            for way in (*WAYS, *(("left",) if ref.agency != "partnership" else ())):
                with undone():
                    place.take(ref, way)
                    assert place.is_owned()
                    COUNTED[f"times whoever {place.how().value.partition(':')[0]}"] += 1
                    place.goes_up()
                    COUNTED[f"posts {way}"] += 1


unhurried = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


def through(examples: int) -> None:
    """Run so many worlds, and print what they came to."""
    COUNTED.clear()
    settings(unhurried, max_examples=examples)(given(worlds)(nobody_is_unowned))()
    say("random directories", COUNTED)
    assert all(COUNTED[f"posts {way}"] > examples / 4 for way in (*WAYS, "left"))


@pytest.mark.django_db
def test_whatever_post_is_taken_away_somebody_here_owns_it_and_can_act() -> None:
    through(50)


@pytest.mark.long
@pytest.mark.django_db
def test_whatever_post_is_taken_away_somebody_here_owns_it_a_thousand_times() -> None:
    through(1_000)
