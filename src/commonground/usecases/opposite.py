"""Who is my opposite number? It always answers, and says why it is they.

In a disagreement: the post across at the stage now open, and across at every other stage, so that one sees the ladder
that faces one's own. Without one: the posts that face mine in the procedures that the partnership runs; else those of
my own tier; else the agency's safeguarding lead; else its most senior post. Whatever is found, the agency's telephone
and the partnership's office stand below it.

Directory data of the reader's own partnership, and nothing else. Who sees no people sees posts and telephones alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from commonground import fence
from commonground.core.acts import Because, Owner, PostRef, Side
from commonground.core.procedure import OFFICE, Key, Procedure, Stage
from commonground.core.setting import Setting, owner_for, route_now, side_owner
from commonground.people.access import Scope
from commonground.people.directory import directory_of
from commonground.people.functions import TIERS, Function
from commonground.people.models import Agency, Person, Post
from commonground.people.staffing import How, Staffing, answering_in, staffing_of
from commonground.usecases import clock
from commonground.usecases.handle import NotThere
from commonground.usecases.reading import Reading
from commonground.usecases.situation import adopted, setting_in


@dataclass(frozen=True)
class Contact:
    """A person to talk to, and their own number (empty where nobody gave one)."""

    name: str
    telephone: str


@dataclass(frozen=True)
class Opposite:
    """A post to talk to: who answers for it today, why it is they, and how to ring it."""

    post: PostRef
    because: Because | None
    """Why the move is this post's; None where no stage gives it one."""
    people: tuple[Contact, ...]
    """Nobody, for a reader who sees no people; and where nobody is here (`how` says so)."""
    serving: PostRef
    """The post that those people are in themselves."""
    how: How
    telephone: str
    out_of_hours: str


@dataclass(frozen=True)
class Rung:
    """One stage of the route: which post speaks for the reader's side, and who is across from it."""

    stage: Stage
    now: bool
    own: PostRef | None
    """None for a reader who is on neither side."""
    across: tuple[Opposite, ...]


@dataclass(frozen=True)
class Facing:
    """Whom somebody faces in a disagreement. For a reader on neither side, both sides are across."""

    side: Side | None
    now: tuple[Opposite, ...]
    ladder: tuple[Rung, ...]
    office: Opposite


class Found(StrEnum):
    """Why a post is across from mine where there is no disagreement."""

    STAGE = "a stage has the two posts face each other"
    TIER = "it is of the same tier"
    LEAD = "it is the agency's safeguarding lead"
    SENIOR = "it is the agency's most senior post"


@dataclass(frozen=True)
class Counterpart:
    """A post across from mine, why, and at which stages of which procedures (none unless `found` is STAGE)."""

    opposite: Opposite
    found: Found
    at: tuple[tuple[Procedure, Key, Key], ...] = ()
    """Procedure, route and stage."""


@dataclass(frozen=True)
class Counterparts:
    """Whom to talk to at an agency; nobody in `found` where nobody is in any of its posts."""

    agency: Agency
    found: tuple[Counterpart, ...]
    office: Opposite


# --- In a disagreement ------------------------------------------------------------------------------------------------


@fence.entered
def facing(scope: Scope, reading: Reading) -> Facing:
    """This will say whom somebody faces in a disagreement that they have opened, now and at every stage."""
    here, book = reading.standing, _Book(scope, people=not reading.shallow)
    sides = tuple(Side) if reading.side is None else (reading.side.other,)
    agencies = {Side.CHALLENGING: here.challenging, Side.RESPONDING: here.responding}

    def owner(stage: Stage, side: Side) -> Owner:
        # Whoever was given the stage now open keeps it: what the text would give today is for stages to come.
        entered = stage.key == here.stage and here.entered is not None
        return here.owner_of(side) if entered else side_owner(reading.setting, stage, side, agencies[side])

    def across(stage: Stage) -> tuple[Opposite, ...]:
        return tuple(
            book.opposite(one.post, one.because, reading) for one in dict.fromkeys(owner(stage, side) for side in sides)
        )

    ladder = tuple(
        Rung(
            stage,
            now=stage.key == here.stage,
            own=owner(stage, reading.side).post if reading.side is not None else None,
            across=across(stage),
        )
        for stage in route_now(reading.setting, here).stages
    )
    now = next(rung.across for rung in ladder if rung.now)
    return Facing(reading.side, now, ladder, book.office())


# --- Without one ------------------------------------------------------------------------------------------------------


@fence.entered
def counterparts(scope: Scope, agency: Key) -> Counterparts:
    """This will say whom to talk to at an agency from the scope's post.

    NotThere for an agency that the partnership has not. A guest sees posts and telephones, and no names.
    """
    row = Agency.objects.filter(key=agency, memberships__partnership_id=scope.partnership).first()
    if row is None:
        raise NotThere
    book = _Book(scope, people=scope.only is None)
    found = _by_stages(scope, agency, book) or tuple(_by_function(scope.seat, agency, book))
    return Counterparts(row, found, book.office())


def _by_stages(scope: Scope, agency: Key, book: _Book) -> tuple[Counterpart, ...]:
    directory = directory_of(scope.partnership, book.today)
    owners: dict[PostRef, Owner] = {}
    places: dict[PostRef, list[tuple[Procedure, Key, Key]]] = {}
    for digest, procedure in adopted(scope.partnership):
        setting = setting_in(directory, digest)
        for route in procedure.routes:
            for stage in route.stages:
                for owner in _across(setting, stage, scope.seat.post, agency):
                    owners.setdefault(owner.post, owner)
                    places.setdefault(owner.post, []).append((procedure, route.key, stage.key))
    return tuple(
        Counterpart(book.opposite(owner.post, owner.because), Found.STAGE, tuple(dict.fromkeys(places[post])))
        for post, owner in owners.items()
    )


def _across(setting: Setting, stage: Stage, mine: Key, agency: Key) -> Iterator[Owner]:
    if stage.sides is None:
        return
    challenging, responding = stage.sides.challenging or (), stage.sides.responding or ()
    across = (*(responding if mine in (*challenging, stage.sides.carried_by) else ()),)
    across += (*(challenging if mine in responding else ()),)
    for key in dict.fromkeys(across):
        owner = owner_for(setting, (agency,), key)
        if owner.post.agency == agency or owner.because is Because.STAND_IN:
            yield owner


def _by_function(mine: PostRef, agency: Key, book: _Book) -> Iterator[Counterpart]:
    staffing = book.staffing
    tier = TIERS.get(staffing.function(mine))
    there = sorted((one for one in staffing.holders if one.agency == agency and staffing.staffed(one)), key=str)
    tiers = {post: TIERS[staffing.function(post)] for post in there if staffing.function(post) in TIERS}
    same = [post for post, height in tiers.items() if height == tier]
    leads = [post for post in there if staffing.function(post) is Function.SAFEGUARDING_LEAD]
    senior = sorted(tiers, key=lambda post: -tiers[post]) or there
    for posts, found in ((same, Found.TIER), (leads, Found.LEAD), (senior[:1], Found.SENIOR)):
        if posts:
            yield from (Counterpart(book.opposite(post), found) for post in posts)
            return


# --- Who, and which number --------------------------------------------------------------------------------------------


@fence.entered
def whom_to_ring(
    scope: Scope, posts: Iterable[PostRef], *, people: bool, reading: Reading | None = None
) -> dict[PostRef, Opposite]:
    """This will say for each of several posts who answers for it today and how to ring it: one look for all of them.

    Without `people` it names none: posts and telephones alone. With a `reading`, for what each post has in it.
    """
    book = _Book(scope, people=people)
    wanted = tuple(dict.fromkeys(posts))
    book.look_up(person for post in wanted for person in book.staffing.answering(post).people)
    return {post: book.opposite(post, reading=reading) for post in wanted}


class _Book:
    """A partnership's directory today, as one reader may see it. Every number is looked up once."""

    def __init__(self, scope: Scope, *, people: bool) -> None:
        self.today = clock.today()
        self.people = people
        self.staffing: Staffing = staffing_of(scope.partnership, self.today)
        rows = Post.objects.filter(agency__memberships__partnership_id=scope.partnership).select_related("agency")
        self.posts = {PostRef(row.agency_id, row.post): row for row in rows}
        agencies = Agency.objects.filter(memberships__partnership_id=scope.partnership)
        self.agencies = {row.key: row for row in agencies}
        self.known: dict[Key, Person] = {}

    def opposite(self, post: PostRef, because: Because | None = None, reading: Reading | None = None) -> Opposite:
        """Who answers for a post today; in a disagreement, for what the post has there."""
        answering = self.staffing.answering(post)
        if reading is not None:
            answering = answering_in(self.staffing, reading.disagreement, post)
        return Opposite(
            post=post,
            because=because,
            people=tuple(self._contacts(answering.people)) if self.people else (),
            serving=answering.post,
            how=answering.how,
            telephone=self._number(answering.post, "telephone"),
            out_of_hours=self._number(answering.post, "out_of_hours"),
        )

    def office(self) -> Opposite:
        """The partnership's office."""
        return self.opposite(PostRef(self.staffing.office, OFFICE))

    def _contacts(self, people: Iterable[Key]) -> Iterator[Contact]:
        self.look_up(people)
        for person in people:
            if person in self.known:
                yield Contact(self.known[person].full_name, self.known[person].telephone)

    def look_up(self, people: Iterable[Key]) -> None:
        """Read some people, all at once; those that were read before are not asked for again."""
        missing = {*people} - self.known.keys() if self.people else set()
        self.known |= Person.objects.in_bulk(list(missing)) if missing else {}

    def _number(self, post: PostRef, which: str) -> str:
        """The post's own number, else its agency's."""
        rows = (self.posts.get(post), self.agencies.get(post.agency))
        return next((number for row in rows if row is not None and (number := str(getattr(row, which)))), "")
