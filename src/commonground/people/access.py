"""The one place that says what a signed-in person may reach. Deny by default; relation decides, not rank.

Every query that reads a disagreement asks here for a `Scope` first. What somebody may not reach and what does not exist
look the same to them: both are simply not there, and take the same queries to find out.

You reach a disagreement
- that you raised, or in which your post has a part: it owned a side's move at a stage that was reached, it decides, was
  asked for advice, invited, told, or has an action (`parts`);
- as a deputy of such a post, or while you serve for one that nobody is in (staffing.py);
- of your own agency's sides, as its designated, named or lead safeguarding professional;
- as the partnership's office: all of its partnership, but the dates and posts alone until the procedure gives the
  office a part;
- as its scrutineer: all of its partnership, without words and without people;
- by a link for this one alone, as somebody from outside the service;
- for a reason you typed, for a while, flagged to both sides' leads (`openings`).
A part that has ended shows what was there until then, and nothing after. An agency's own words stay in that agency.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from commonground import fence
from commonground.core.acts import Actor, Audience, PostRef
from commonground.core.procedure import OFFICE, Key
from commonground.people.functions import Function
from commonground.people.models import Agency, Look, Opening, Part, Party
from commonground.people.staffing import Staffing, staffing_of
from commonground.sql import run


class Relation(StrEnum):
    """Why somebody could look."""

    RAISER = "raised it"
    CHALLENGING = "challenging side"
    RESPONDING = "responding side"
    BROUGHT_IN = "brought in"
    """Decides, advises, is invited, is told, or has an action."""
    LEAD = "safeguarding lead of an agency on a side"
    OFFICE = "partnership office"
    GUEST = "by a link for this one alone"
    REASON = "for a reason given"
    OFFICE_DATES = "partnership office, dates and posts alone"
    SCRUTINEER = "independent scrutineer, without words and people"
    FORMER = "had a part until then"
    CLOCK = "the service's own clock"


SHALLOW: Final = frozenset({Relation.OFFICE_DATES, Relation.SCRUTINEER, Relation.CLOCK})
"""Relations that open no words at all."""

BEST: Final = {relation: place for place, relation in enumerate(Relation)}
"""Who has several relations looks by the first of them, in the order they stand in above."""


class Why(StrEnum):
    """What brought a post in."""

    RAISER = "raised it"
    CHALLENGING = "owned the challenging side's move"
    RESPONDING = "owned the responding side's move"
    BODY = "decides or hears it"
    WAITED_FOR = "was waited for"
    ADVISER = "was asked for advice"
    INVITED = "was invited"
    TOLD = "was told"
    ACTION = "has an action"
    REACHED = "was written to or talked with"


class Seated(StrEnum):
    """How somebody came to act in a post."""

    HOLDER = "holder"
    DEPUTY = "deputy"
    COVER = "serves for it"
    GUEST = "guest"
    CLOCK = "clock"


@dataclass(frozen=True)
class Scope:
    """Who asks, for which agency and post, in which partnership. Made by this module only."""

    person: Key
    seat: PostRef
    partnership: Key
    office: bool = False
    clock: bool = False
    seated: Seated = Seated.HOLDER
    function: Function = Function.OTHER
    here: frozenset[Key] = frozenset()
    """For who serves for a post: who is in it today, and needs nobody to."""
    only: UUID | None = None
    """For a guest: the one disagreement there is."""
    from_outside: bool = False
    """Serves for a post of an agency that they are not in themselves: its own words are not for them."""

    @property
    def actor(self) -> Actor:
        """The same, as acts name it."""
        return Actor(self.person, self.seat)


def scopes_of(person: Key, today: date) -> tuple[Scope, ...]:
    """This will give every seat of a person today: posts they hold, then those they are a deputy of or serve for."""
    found: list[Scope] = []
    for partnership, directory in run(_PARTNERSHIPS, [person]).fetchall():
        found += _seats(person, partnership, staffing_of(partnership, today, directory))
    order = list(Seated)
    return tuple(sorted(found, key=lambda scope: order.index(scope.seated)))


_PARTNERSHIPS: Final = """SELECT key, directory FROM partnerships WHERE key IN (
    SELECT memberships.partnership_id FROM memberships JOIN posts ON posts.agency_id = memberships.agency_id
    JOIN holdings ON holdings.post_id = posts.id WHERE holdings.person_id = %s) ORDER BY key"""


def _seats(person: Key, partnership: Key, staffing: Staffing) -> Iterable[Scope]:
    for post, deputy in staffing.seats.get(person, ()):
        seated = Seated.DEPUTY if deputy else Seated.HOLDER
        office = post == PostRef(staffing.office, OFFICE)
        yield Scope(person, post, partnership, office, seated=seated, function=staffing.function(post))
    own = {post.agency for post, _ in staffing.seats.get(person, ())}
    for covered in staffing.covers.get(person, ()):
        office = not covered.here and covered.post == PostRef(staffing.office, OFFICE)
        outside = covered.post.agency not in own
        yield Scope(
            person, covered.post, partnership, office, seated=Seated.COVER, here=covered.here, from_outside=outside
        )


def clock_scope(partnership: Key) -> Scope:
    """This will give the scope of the service's own clock in a partnership: it records silence and dates only."""
    office = Agency.objects.get(memberships__partnership_id=partnership, kind="partnership")
    seat = PostRef(office.key, OFFICE)
    return Scope("clock", seat, partnership, office=True, clock=True, seated=Seated.CLOCK)


def guest_scope(person: Key, seat: PostRef, partnership: Key, disagreement: UUID) -> Scope:
    """This will give the scope of a guest: one disagreement, in the post that the link is for, and nothing else."""
    return Scope(person, seat, partnership, seated=Seated.GUEST, only=disagreement)


# --- Which disagreements ----------------------------------------------------------------------------------------------


class Reach(NamedTuple):
    """What the door and every page ask first, in one look at the database."""

    relation: Relation | None
    """Why the scope reaches the disagreement; None where it doesn't, or where there is no such thing."""
    directory: int
    """How often the scope's partnership has changed its directory (directory.py)."""
    until: datetime | None = None
    """For a part that has ended: when. What came after is not there."""


def relation(scope: Scope, disagreement: UUID, at: datetime | None = None) -> Relation | None:
    """This will say why a scope reaches a disagreement; None where it doesn't, or where there is no such thing."""
    return reach(scope, disagreement, at).relation


def reach(scope: Scope, disagreement: UUID, at: datetime | None = None) -> Reach:
    """This will say the same, and how new the directory is that a command is to be answered by.

    `at` is when it is asked: a look for a reason given ends by itself. Without it no such reason counts.
    """
    return reaches([scope], disagreement, at)[0]


def reaches(scopes: Sequence[Scope], disagreement: UUID, at: datetime | None = None) -> list[Reach]:
    """This will say the same for several seats of one person, in one look: the same look whatever it finds.

    All of them in the partnership that is in scope, so in one (`by_partnership`).
    """
    if not scopes:
        return []
    for scope in scopes:
        _in_fence(scope)
    if {scope.partnership for scope in scopes} != {scopes[0].partnership}:
        # Only where what is done goes across. Each partnership has a directory of its own.
        return [reach(scope, disagreement, at) for scope in scopes]
    here, people = scopes[0].partnership, sorted({scope.person for scope in scopes})
    values = [disagreement, here, disagreement, here, disagreement, here, *people, here, here]
    found = _Found(run(_reaches(len(people)), values).fetchall())
    return [found.reach(scope, disagreement, at) for scope in scopes]


def reaches_of(
    scopes: Sequence[Scope], disagreements: Sequence[UUID], at: datetime | None = None
) -> dict[UUID, list[Reach]]:
    """This will say the same of several disagreements at once, for seats in one partnership: one look for all.

    It does not say how new the directory is: nothing is commanded by it.
    """
    for scope in scopes:
        _in_fence(scope)
    if not scopes or not disagreements:
        return {}
    here, people = scopes[0].partnership, sorted({scope.person for scope in scopes})
    which = [*disagreements, here]
    found: dict[UUID, list[Any]] = {disagreement: [] for disagreement in disagreements}
    for whose, *row in run(_reaches_of(len(disagreements), len(people)), [*which, *which, *which, *people]).fetchall():
        found[whose if isinstance(whose, UUID) else UUID(whose)].append(row)
    return {
        disagreement: [_Found(rows).reach(scope, disagreement, at) for scope in scopes]
        for disagreement, rows in found.items()
    }


def by_partnership(scopes: Iterable[Scope]) -> tuple[tuple[Scope, ...], ...]:
    """This will sort the seats of one person by partnership: one fence for each, one after the other."""
    found: dict[Key, list[Scope]] = {}
    for scope in scopes:
        found.setdefault(scope.partnership, []).append(scope)
    return tuple(tuple(seats) for seats in found.values())


def _in_fence(scope: Scope) -> None:
    """Hold a scope to its own partnership: what is asked and written for it is asked and written there."""
    fence.only(scope.partnership)


_HERE: Final = fence.HERE.format("partnership_id")


@cache
def _reaches(people: int) -> str:
    return f"""SELECT 'part', partnership_id, agency, post, person, why, to_at, 0 FROM parts
        WHERE disagreement = %s AND {_HERE}
        UNION ALL SELECT 'party', partnership_id, agency_id, '', '', side, to_at, 0 FROM parties
        WHERE disagreement = %s AND {_HERE}
        UNION ALL SELECT 'opening', partnership_id, agency, post, person, '', to_at, 0 FROM openings
        WHERE disagreement = %s AND {_HERE} AND person IN ({", ".join(["%s"] * people)})
        UNION ALL SELECT 'directory', %s, '', '', '', '', NULL, directory FROM partnerships WHERE key = %s"""  # noqa: S608


@cache
def _reaches_of(disagreements: int, people: int) -> str:
    those = f"disagreement IN ({', '.join(['%s'] * disagreements)}) AND partnership_id = %s"
    return f"""SELECT disagreement, 'part', partnership_id, agency, post, person, why, to_at, 0 FROM parts WHERE {those}
        UNION ALL SELECT disagreement, 'party', partnership_id, agency_id, '', '', side, to_at, 0 FROM parties
        WHERE {those}
        UNION ALL SELECT disagreement, 'opening', partnership_id, agency, post, person, '', to_at, 0 FROM openings
        WHERE {those} AND person IN ({", ".join(["%s"] * people)})"""  # noqa: S608


class _Found:
    """What there is to know of one disagreement's parts, as one look at the database found it."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.rows = list(rows)
        self.directory = next((row[7] for row in self.rows if row[0] == "directory"), 0)

    def reach(self, scope: Scope, disagreement: UUID, at: datetime | None) -> Reach:
        known = any(row[0] == "party" and row[1] == scope.partnership for row in self.rows)
        if not known or (scope.only is not None and scope.only != disagreement):
            return Reach(None, self.directory)
        if scope.clock or scope.only is not None:
            return Reach(Relation.CLOCK if scope.clock else Relation.GUEST, self.directory)
        now = [(relation, None) for relation in self._now(scope, at)]
        ended = [(Relation.FORMER, until) for until in self._ended(scope)]
        best = min(now, key=lambda one: BEST[one[0]], default=None) or max(
            ended, key=lambda one: one[1], default=(None, None)
        )
        return Reach(best[0], self.directory, best[1])

    def _now(self, scope: Scope, at: datetime | None) -> Iterable[Relation]:
        side = next((row[5] for row in self.rows if row[0] == "party" and row[2] == scope.seat.agency), None)
        for kind, partnership, agency, post, person, why, to_at, _ in self.rows:
            if partnership != scope.partnership:
                continue
            if kind == "opening":
                if at is not None and person == scope.person and _moment(to_at) > at:
                    yield Relation.REASON
            elif kind != "part" or agency != scope.seat.agency or to_at is not None:
                continue
            elif post == scope.seat.post and _is_for(scope, person):
                yield _relation(scope, Why(why), side)
            elif scope.office and not person:
                yield Relation.OFFICE
        if side and scope.function is Function.SAFEGUARDING_LEAD and scope.seated is not Seated.COVER:
            yield Relation.LEAD
        if scope.office:
            yield Relation.OFFICE_DATES
        if scope.function is Function.SCRUTINEER and scope.seated is not Seated.COVER:
            yield Relation.SCRUTINEER

    def _ended(self, scope: Scope) -> Iterable[datetime]:
        for kind, partnership, agency, post, person, _, to_at, _ in self.rows:
            mine = kind == "part" and (partnership, agency, post) == (
                scope.partnership,
                scope.seat.agency,
                scope.seat.post,
            )
            if mine and to_at is not None and _is_for(scope, person):
                yield _moment(to_at)


def _is_for(scope: Scope, person: Key) -> bool:
    """Say whether a part of a scope's post is for this scope: the post's, or one person's in it."""
    match scope.seated:
        case Seated.HOLDER:
            return not person or person == scope.person
        case Seated.DEPUTY:
            return True
        case _:
            return not scope.here if not person else person not in scope.here


def _relation(scope: Scope, why: Why, side: str | None) -> Relation:
    if why is Why.RAISER:
        return Relation.RAISER if scope.seated is Seated.HOLDER else Relation.CHALLENGING
    if scope.office:
        return Relation.OFFICE
    match why:
        case Why.CHALLENGING:
            return Relation.CHALLENGING
        case Why.RESPONDING:
            return Relation.RESPONDING
        case _:
            of_side = {"challenging": Relation.CHALLENGING, "responding": Relation.RESPONDING}
            return of_side.get(side or "", Relation.BROUGHT_IN)


def _moment(value: Any) -> datetime:
    """Give a moment as the driver gave it: SQLite keeps text, in UTC."""
    moment: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def may_look_for_a_reason(scope: Scope, disagreement: UUID) -> bool:
    """This will say whether a scope may look outside its relation: only who may know that the disagreement is there.

    That is the office and the scrutineer of its partnership, and whoever has a seat in an agency on one of its sides.
    """
    _in_fence(scope)
    if scope.clock or scope.only is not None:
        return False
    parties = Party.objects.filter(disagreement=disagreement, partnership_id=scope.partnership)
    sides = dict(parties.values_list("agency_id", "side"))
    return bool(sides) and (scope.office or _scrutinises(scope) or bool(sides.get(scope.seat.agency)))


def within_reach(scope: Scope, at: datetime | None = None) -> tuple[UUID, ...]:
    """This will list every disagreement that a scope reaches."""
    return tuple(within_reach_query([scope], at))


def reaches_all(scopes: Sequence[Scope]) -> bool:
    """This will say whether somebody reaches all there is in the partnership: its office, its scrutineer, its clock.

    A list then needs no query of what they reach. It opens no words: `within_reach_query` says where there may be any.
    """
    return any(scope.office or scope.clock or _scrutinises(scope) for scope in scopes if scope.only is None)


def within_reach_query(
    scopes: Sequence[Scope], at: datetime | None = None, *, with_words: bool = False, former: bool = True
) -> QuerySet[Any, UUID]:
    """This will give what several seats of one person reach, as a query for use inside another.

    A list must not fetch what it does not show, and must not take longer for what others have. `with_words` leaves out
    where a seat opens none; which words the others open is for `reaches_of` and `may_read`. Without `former` a part
    that has ended counts for nothing: how it stands now is not for whoever had one.
    """
    for scope in scopes:
        _in_fence(scope)
    parts = [_within_reach(scope, at, with_words=with_words, former=former) for scope in scopes]
    flat = [one for several in parts for one in several]
    if not flat:
        return Part.objects.none().values_list("disagreement", flat=True)
    return flat[0].union(*flat[1:]) if len(flat) > 1 else flat[0]


def _within_reach(
    scope: Scope, at: datetime | None, *, with_words: bool, former: bool
) -> Iterable[QuerySet[Any, UUID]]:
    here = Q(partnership_id=scope.partnership)
    if scope.only is not None:
        yield Party.objects.filter(here, disagreement=scope.only).values_list("disagreement", flat=True)
        return
    if reaches_all([scope]) and not with_words:
        yield Party.objects.filter(here).values_list("disagreement", flat=True)
        return
    if scope.office:
        yield Part.objects.filter(here, agency=scope.seat.agency, person="", to_at=None).values_list(
            "disagreement", flat=True
        )
    post = here & Q(agency=scope.seat.agency, post=scope.seat.post)
    if not former:
        post &= Q(to_at=None)
    match scope.seated:
        case Seated.HOLDER:
            post &= Q(person="") | Q(person=scope.person)
        case Seated.COVER:
            post &= ~Q(person__in=[*scope.here, *([""] if scope.here else [])])
        case _:
            pass
    yield Part.objects.filter(post).values_list("disagreement", flat=True)
    if scope.function is Function.SAFEGUARDING_LEAD and scope.seated is not Seated.COVER:
        yield Party.objects.filter(here, ~Q(side=""), agency_id=scope.seat.agency).values_list(
            "disagreement", flat=True
        )
    if at is not None:
        yield Opening.objects.filter(here, person=scope.person, to_at__gt=at).values_list("disagreement", flat=True)


def _scrutinises(scope: Scope) -> bool:
    return scope.function is Function.SCRUTINEER and scope.seated is not Seated.COVER


# --- Which words ------------------------------------------------------------------------------------------------------


def may_read(scope: Scope, why: Relation, audience: Audience, controller: Key) -> bool:
    """This will say whether somebody who reaches a disagreement, for this reason, may read a piece of words in it."""
    if why in SHALLOW:
        return False
    match audience:
        case Audience.OWN_AGENCY:
            return controller == scope.seat.agency and why is not Relation.GUEST and not scope.from_outside
        case Audience.PARTIES | Audience.PARTNERSHIP:
            return True


# --- Who has a part ---------------------------------------------------------------------------------------------------


class PartOf(NamedTuple):
    """A post's part in a disagreement, as an act gives it."""

    post: PostRef
    why: Why
    person: Key = ""


def join(scope: Scope, disagreement: UUID, parties: Iterable[tuple[Key, str]], at: datetime) -> None:
    """This will make agencies parties, from `at` on; or put those that were brought in on a side, for good."""
    _in_fence(scope)
    best: dict[Key, str] = {}
    for agency, side in parties:
        best[agency] = side or best.get(agency, "")
    if not best:
        return
    rows = [(disagreement, scope.partnership, agency, side, at) for agency, side in best.items()]
    run(_join(len(rows)), [disagreement, fence.here(), *(value for row in rows for value in row)])


@cache
def _join(rows: int) -> str:
    others = ["(%s, %s, %s, %s, %s)"] * (rows - 1)
    return f"""INSERT INTO parties (disagreement, partnership_id, agency_id, side, from_at)
        VALUES {", ".join([f"({fence.OURS}, %s, %s, %s, %s)", *others])}
        ON CONFLICT (disagreement, agency_id)
        DO UPDATE SET side = CASE WHEN excluded.side = '' THEN parties.side ELSE excluded.side END"""  # noqa: S608


def take_part(scope: Scope, disagreement: UUID, parts: Iterable[PartOf], at: datetime) -> None:
    """This will give posts a part, from `at` on. A part that had ended goes on."""
    _in_fence(scope)
    rows = list(dict.fromkeys(parts))
    values: list[Any] = []
    for part in rows:
        values += (disagreement, scope.partnership, part.post.agency, part.post.post, part.person, part.why, at)
    if rows:
        run(_take_part(len(rows)), [disagreement, fence.here(), *values])


@cache
def _take_part(rows: int) -> str:
    others = ["(%s, %s, %s, %s, %s, %s, %s)"] * (rows - 1)
    return f"""INSERT INTO parts (disagreement, partnership_id, agency, post, person, why, from_at)
        VALUES {", ".join([f"({fence.OURS}, %s, %s, %s, %s, %s, %s)", *others])}
        ON CONFLICT (disagreement, agency, post, person, why) DO UPDATE SET to_at = NULL"""  # noqa: S608


def end_parts(scope: Scope, disagreement: UUID, why: Sequence[Why], at: datetime) -> None:
    """This will end every part that rests on one of these reasons: what comes after `at` is not for those posts."""
    _in_fence(scope)
    if why:
        run(_end_parts(len(why)), [at, disagreement, scope.partnership, *why])


@cache
def _end_parts(reasons: int) -> str:
    return f"""UPDATE parts SET to_at = %s WHERE disagreement = %s AND partnership_id = %s AND to_at IS NULL
        AND why IN ({", ".join(["%s"] * reasons)})"""  # noqa: S608


# --- Who looked -------------------------------------------------------------------------------------------------------


def looked(scope: Scope, disagreement: UUID, why: Relation, at: datetime) -> None:
    """This will log that somebody read a disagreement."""
    _in_fence(scope)
    if not scope.clock:
        Look.objects.create(
            disagreement=disagreement,
            person=scope.person,
            agency=scope.seat.agency,
            post=scope.seat.post,
            relation=why,
            looked_at=at,
        )


class Reader(NamedTuple):
    """Somebody who read a disagreement for one post: why they could the last time, when first and last, how often."""

    person: Key
    agency: Key
    post: Key
    relation: str
    first_at: datetime
    last_at: datetime
    times: int


def readers(scope: Scope, disagreement: UUID, until: datetime | None = None) -> tuple[Reader, ...]:
    """This will add up who read a disagreement, the last reader first; up to `until`, where a part has ended.

    For a caller whose scope was just found to reach it. However often it is read, they are no more than its readers.
    """
    _in_fence(scope)
    upto = "" if until is None else "AND looked_at <= %s"
    values = [disagreement, scope.partnership, *([] if until is None else [until])]
    found: dict[tuple[Key, Key, Key], Reader] = {}
    for person, agency, post, relation, first, last, times in run(_READERS.format(upto=upto), values).fetchall():
        one = Reader(person, agency, post, relation, _moment(first), _moment(last), times)
        before = found.get((person, agency, post))  # the same reader, who could for another reason then
        if before is not None:
            newest = max(one, before, key=lambda each: each.last_at)
            one = newest._replace(first_at=min(one.first_at, before.first_at), times=one.times + before.times)
        found[person, agency, post] = one
    return tuple(sorted(found.values(), key=lambda one: one.last_at, reverse=True))


_READERS: Final = f"""SELECT person, agency, post, relation, min(looked_at), max(looked_at), count(*) FROM looks
    WHERE disagreement = %s
    AND EXISTS (
        SELECT 1 FROM standings WHERE standings.disagreement = looks.disagreement AND {fence.HERE.format("partnership")}
    ) {{upto}} GROUP BY person, agency, post, relation"""  # noqa: S608


def who_looked(scope: Scope, disagreement: UUID, at: datetime | None = None) -> tuple[Look, ...]:
    """This will list who read a disagreement, newest first; nothing for a scope that does not reach it.

    A former party sees who looked while it had a part.
    """
    here = reach(scope, disagreement, at)
    if here.relation is None:
        return ()
    looks = Look.objects.filter(disagreement=disagreement)
    if here.until is not None:
        looks = looks.filter(looked_at__lte=here.until)
    return tuple(looks.order_by("-looked_at", "-id"))
