"""A directory as its administrator reads it: each post, who holds it, who answers for it today and why; the people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from commonground.core.acts import PostRef
from commonground.core.procedure import OFFICE, HeldIn, Key
from commonground.people.administering import Charge, NotInCharge, may_change
from commonground.people.functions import Function
from commonground.people.models import Absence, Agency, Holding, Membership, NoSuchPost, Partnership, Person, Post
from commonground.people.staffing import Answering, Staffing, staffing_of
from commonground.usecases.directory import directory_of
from commonground.usecases.situation import adopted
from commonground.usecases.staff.agencies import THE_OFFICE
from commonground.usecases.staff.then import away, open_parts
from commonground.wording import Names


@dataclass(frozen=True)
class Away:
    """Somebody's time away. `to_on` None: nobody knows until when."""

    id: int
    from_on: date
    to_on: date | None
    today: bool


@dataclass(frozen=True)
class Seated:
    """Somebody in a post: now, from a later day, or (in an access review) until an earlier one."""

    holding: int
    post: PostRef
    person: Key
    deputy: int
    from_on: date
    to_on: date | None
    now: bool


@dataclass(frozen=True)
class PostEntry:
    """A post, who is in it, and who answers for it today in the first partnership that its agency belongs to."""

    post: PostRef
    title: str
    own_title: str
    function: Function
    own_function: Function | None
    """What the directory says it is for; None where its key says it."""
    telephone: str
    out_of_hours: str
    seats: tuple[Seated, ...]
    answering: Answering
    if_all_away: Answering
    """Who would answer if everybody in it were away."""
    stand_in: PostRef | None
    open: int
    """How many open disagreements it has a part in."""

    @property
    def holders(self) -> tuple[Seated, ...]:
        return tuple(one for one in self.seats if not one.deputy)

    @property
    def deputies(self) -> tuple[Seated, ...]:
        return tuple(one for one in self.seats if one.deputy)


@dataclass(frozen=True)
class PersonEntry:
    """Somebody with a post in the agency, now or later."""

    key: Key
    full_name: str
    email: str
    telephone: str
    known_as: str
    seats: tuple[Seated, ...]
    away: tuple[Away, ...]


@dataclass(frozen=True)
class AgencyStaff:
    """All that an administrator sees of one agency."""

    agency: Agency
    partnerships: tuple[Key, ...]
    posts: tuple[PostEntry, ...]
    people: tuple[PersonEntry, ...]
    names: Mapping[Key, str]
    """What everybody is called who is named anywhere here, those of other agencies who answer too."""
    titles: Titles

    def post(self, key: Key) -> PostEntry:
        """This will give one post. NotInCharge where the agency says nothing of it."""
        found = next((one for one in self.posts if one.post.post == key), None)
        if found is None:
            raise NotInCharge
        return found

    def person(self, key: Key) -> PersonEntry:
        """This will give one person. NotInCharge for somebody with nothing in this agency now or later."""
        found = next((one for one in self.people if one.key == key), None)
        if found is None:
            raise NotInCharge
        return found


class Titles:
    """What posts are called in one partnership, by whichever of its procedures knows them."""

    def __init__(self, partnership: Key) -> None:
        directory = directory_of(partnership)
        self.procedures = tuple(procedure for _, procedure in adopted(partnership))
        self.names = tuple(directory.names(procedure) for procedure in self.procedures)
        self.agencies = {agency.key: agency.name for agency in directory.agencies}
        self.titles = directory.titles

    def title(self, post: PostRef) -> str:
        """This will give a post's bare title."""
        names = self._knowing(post)
        if names is not None:
            return names.title(post)
        return self.titles.get(post) or post.post.replace("-", " ")

    def _knowing(self, post: PostRef) -> Names | None:
        knowing = (names for names in self.names if any(one.key == post.post for one in names.procedure.posts))
        return next(knowing, None)

    def at(self, post: PostRef) -> str:
        """This will give a post with its agency: "head teacher at Hilltop School"."""
        return f"{self.title(post)} at {self.agencies.get(post.agency, post.agency)}"


def agency_staff(charge: Charge, agency: Key, today: date) -> AgencyStaff:
    """This will read one agency for whoever looks after it. NotInCharge for everybody else, and for no agency."""
    if not may_change(charge, agency=agency):
        raise NotInCharge
    row = Agency.objects.get(key=agency)
    partnerships = _partnerships_of(agency, charge.partnership)
    staffing = staffing_of(partnerships[0], today)
    titles = Titles(partnerships[0])
    seats = _seats(Q(post__agency_id=agency), today)
    keys = {one.person for one in seats}
    posts = tuple(_posts(row, staffing, titles, seats, open_parts(partnerships[0], _refs(agency, staffing))))
    people = tuple(_people(keys, seats, today))
    answering = {person for one in posts for person in (*one.answering.people, *one.if_all_away.people)}
    names = dict(Person.objects.filter(key__in=keys | answering).values_list("key", "full_name"))
    return AgencyStaff(row, partnerships, posts, people, names, titles)


def _partnerships_of(agency: Key, first: Key | None) -> tuple[Key, ...]:
    """List the partnerships an agency belongs to: the one it is looked at from, then the others."""
    found = Membership.objects.filter(agency_id=agency).values_list("partnership_id", flat=True)
    return tuple(sorted(found, key=lambda one: (one != first, one)))


def _seats(which: Q, today: date) -> tuple[Seated, ...]:
    """List who is in a post now or later."""
    running = Q(to_on__isnull=True) | Q(to_on__gte=today)
    rows = Holding.objects.filter(which, running).select_related("post").order_by("deputy", "from_on", "id")
    return tuple(seated(row, today) for row in rows)


def seated(row: Holding, today: date) -> Seated:
    """This will give a row of a holding as pages read it."""
    now = row.from_on <= today and (row.to_on is None or row.to_on >= today)
    post = PostRef(row.post.agency_id, row.post.post)
    return Seated(row.pk, post, row.person_id, row.deputy, row.from_on, row.to_on, now)


def _refs(agency: Key, staffing: Staffing) -> tuple[PostRef, ...]:
    known = dict.fromkeys((*staffing.holders, *staffing.stand_ins, *staffing.gone))
    return tuple(post for post in known if post.agency == agency)


def _posts(
    agency: Agency, staffing: Staffing, titles: Titles, seats: Iterable[Seated], open_: Mapping[PostRef, int]
) -> Iterable[PostEntry]:
    rows = {row.post: row for row in Post.objects.filter(agency=agency)}
    ranks = {post.key: post.rank for procedure in titles.procedures for post in procedure.posts if post.rank}
    for ref in sorted(_refs(agency.key, staffing), key=lambda one: (ranks.get(one.post, 99), titles.title(one))):
        row = rows.get(ref.post)
        everybody = [one.person for one in staffing.holders.get(ref, ())]
        yield PostEntry(
            post=ref,
            title=titles.title(ref),
            own_title=row.title if row else "",
            function=staffing.function(ref),
            own_function=Function(row.function) if row and row.function in set(Function) else None,
            telephone=row.telephone if row else "",
            out_of_hours=row.out_of_hours if row else "",
            seats=tuple(one for one in seats if one.post == ref),
            answering=staffing.answering(ref),
            if_all_away=away(*everybody)(staffing).answering(ref),
            stand_in=staffing.stand_ins.get(ref),
            open=open_[ref],
        )


def _people(keys: Iterable[Key], seats: tuple[Seated, ...], today: date) -> Iterable[PersonEntry]:
    running = Q(to_on__isnull=True) | Q(to_on__gte=today)
    absences: dict[Key, list[Away]] = {}
    for one in Absence.objects.filter(running, person__in=keys):
        absences.setdefault(one.person_id, []).append(Away(one.pk, one.from_on, one.to_on, one.from_on <= today))
    for row in Person.objects.filter(key__in=keys).order_by("full_name", "key"):
        yield PersonEntry(
            key=row.key,
            full_name=row.full_name,
            email=row.email,
            telephone=row.telephone,
            known_as=row.known_as,
            seats=tuple(one for one in seats if one.person == row.key),
            away=tuple(absences.get(row.key, ())),
        )


def each_others_deputies(staff: AgencyStaff, post: PostEntry) -> bool:
    """This will say whether a post and another have each other's holders as their only deputies.

    It is no mistake, and while both are away somebody else answers for both: the page says who.
    """
    holders = {one.person for one in post.holders if one.now}
    deputies = {one.person for one in post.deputies if one.now}
    for other in staff.posts:
        theirs = {one.person for one in other.holders if one.now}
        for_them = {one.person for one in other.deputies if one.now}
        if other.post != post.post and holders and for_them and for_them <= holders and deputies and deputies <= theirs:
            return True
    return False


# --- Which posts there could be ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Missing:
    """A post that a procedure names and nobody is in, and who serves for it. `there`: the agency has it, empty."""

    post: PostRef
    title: str
    there: bool
    answering: Answering


def posts_to_have(titles: Titles, agency: Agency) -> tuple[PostRef, ...]:
    """This will list the posts that a partnership's procedures name for an agency of this kind."""
    held = HeldIn.PARTNERSHIP if agency.kind == THE_OFFICE else HeldIn.PARTY
    keys = [
        post.key
        for procedure in titles.procedures
        for post in procedure.posts
        if post.held_in is held and post.agency in (None, agency.kind)
    ]
    own = [OFFICE] if agency.kind == THE_OFFICE else []
    return tuple(PostRef(agency.key, key) for key in dict.fromkeys([*own, *keys]))


@dataclass(frozen=True)
class PartnershipStaff:
    """All that an administrator sees of a partnership: its agencies, and the posts that nobody is in."""

    partnership: Partnership
    agencies: tuple[Agency, ...]
    people: Mapping[Key, int]
    """By agency, how many people are in a post there today."""
    missing: Mapping[Key, tuple[Missing, ...]]
    names: Mapping[Key, str]
    titles: Titles


def partnership_staff(charge: Charge, partnership: Key, today: date) -> PartnershipStaff:
    """This will read a partnership for whoever looks after it. NotInCharge for everybody else."""
    if not may_change(charge, partnership=partnership):
        raise NotInCharge
    row = Partnership.objects.get(key=partnership)
    staffing, titles = staffing_of(partnership, today), Titles(partnership)
    agencies = tuple(Agency.objects.filter(memberships__partnership=row))
    missing = {agency.key: tuple(_missing(agency, staffing, titles)) for agency in agencies}
    answering = {person for found in missing.values() for one in found for person in one.answering.people}
    names = dict(Person.objects.filter(key__in=answering).values_list("key", "full_name"))
    people = {
        agency.key: len(
            {one.person for post, here in staffing.holders.items() if post.agency == agency.key for one in here}
        )
        for agency in agencies
    }
    return PartnershipStaff(row, agencies, people, missing, names, titles)


def _missing(agency: Agency, staffing: Staffing, titles: Titles) -> Iterable[Missing]:
    for post in posts_to_have(titles, agency):
        if not staffing.staffed(post):
            yield Missing(post, titles.title(post), post in staffing.holders, staffing.answering(post))


def stand_ins_to_choose(agency: Key) -> tuple[PostRef, ...]:
    """This will list the posts that could stand in for one of an agency's: its own first, then those beside it.

    Posts that are themselves missing are none of them.
    """
    beside = Membership.objects.filter(partnership__memberships__agency_id=agency).values("agency_id")
    absent = {PostRef(*one) for one in NoSuchPost.objects.values_list("agency_id", "post")}
    rows = Post.objects.filter(Q(agency_id=agency) | Q(agency_id__in=beside)).values_list("agency_id", "post")
    found = (PostRef(*one) for one in rows.order_by("agency__name", "id"))
    return tuple(sorted((one for one in found if one not in absent), key=lambda one: one.agency != agency))
