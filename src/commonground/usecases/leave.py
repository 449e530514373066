"""Going on leave: handing a list over before it, saying that one is away, and what happened meanwhile.

Somebody says it of themselves; a manager says it of people in tiers below theirs in the same agency, who may be too
ill to. Nothing here is refused because nobody covers: people/staffing.py always finds somebody, and the page says who
and why. A note for whoever answers is an act with words of the agency alone; it does no step, and ends no time.

A manager sees of somebody's list what the manager reaches, and no more. All of it is handed over just the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q

from commonground import fence
from commonground.core.acts import HANDOVER, Audience, PostRef, Write
from commonground.core.procedure import Key
from commonground.core.standing import Phase
from commonground.core.time import LONDON
from commonground.people.access import Scope, Seated
from commonground.people.administering import NotInCharge
from commonground.people.changes import Change, note
from commonground.people.functions import TIERS
from commonground.people.models import Absence, DirectoryChange, Holding, Part, Person
from commonground.people.staffing import Answering, How, Staffing, staffing_of
from commonground.record.several import counted_since
from commonground.record.words import typed
from commonground.usecases import clock
from commonground.usecases.handle import Asking, NotThere, handle
from commonground.usecases.listing import Listed, Row, Where, listed, reached, rows_where
from commonground.usecases.staff.checks import Mistake, in_order
from commonground.usecases.staff.then import away

SHOWN: Final = 100
"""How many disagreements are shown one by one: those due soonest."""
LOOKED_AHEAD: Final = timedelta(days=28)
"""How far ahead it is looked for who answers, where nobody knows until when somebody is away. After that, they ask."""
STILL_NEWS: Final = timedelta(days=30)
"""How long after an absence what happened meanwhile is shown."""


@dataclass(frozen=True)
class Leave:
    """Somebody's time away. `to_on` None: nobody knows until when."""

    person: Key
    from_on: date
    to_on: date | None

    @property
    def until(self) -> date:
        """The last day that is looked at."""
        return self.to_on or self.from_on + LOOKED_AHEAD


@dataclass(frozen=True)
class From:
    """Who answers for a post from a day on."""

    on: date
    answering: Answering


@dataclass(frozen=True)
class Covered:
    """One post of somebody who goes away, and who answers for it while they are: one line for each change of that."""

    post: PostRef
    answers: tuple[From, ...]

    @property
    def uncovered(self) -> bool:
        """Whether on some day nobody in the post, no deputy and no declared stand-in answers."""
        return any(one.answering.how not in (How.HOLDER, How.DEPUTY, How.STAND_IN) for one in self.answers)


@dataclass(frozen=True)
class HandedOver:
    """One open disagreement: why it is in the list, and who answers for it meanwhile."""

    disagreement: UUID
    listed: Listed
    covered: Covered
    has_move: bool
    """The move is theirs now. Otherwise: it is due while they are away."""


@dataclass(frozen=True)
class Handover:
    """What somebody hands over: their posts, and the open disagreements that need somebody meanwhile."""

    leave: Leave
    posts: tuple[Covered, ...]
    rows: tuple[HandedOver, ...]
    cut: bool
    names: Mapping[Key, str]
    """What everybody is called who answers, and whoever goes away."""


# --- Whose leave ------------------------------------------------------------------------------------------------------


def people_below(scope: Scope, scopes: Sequence[Scope]) -> tuple[Person, ...]:
    """This will list for whom somebody may say that they are away, beside themselves.

    Who holds posts in the same agency, each in a tier below one that this somebody holds, or is a deputy of.
    """
    staffing = staffing_of(scope.partnership, clock.today())
    height: dict[Key, int] = {}
    for one in scopes:
        if one.seated in (Seated.HOLDER, Seated.DEPUTY) and (tier := TIERS.get(one.function)) is not None:
            height[one.seat.agency] = max(tier, height.get(one.seat.agency, 0))
    found = [
        person
        for person, seats in staffing.seats.items()
        if person != scope.person and all(_below(staffing, post, height) for post, deputy in seats if not deputy)
        if any(not deputy for _, deputy in seats)
    ]
    return tuple(Person.objects.filter(key__in=found))


def _below(staffing: Staffing, post: PostRef, height: Mapping[Key, int]) -> bool:
    tier = TIERS.get(staffing.function(post))
    return tier is not None and tier < height.get(post.agency, 0)


def _may_say(scope: Scope, scopes: Sequence[Scope], person: Key) -> None:
    if person != scope.person and all(one.key != person for one in people_below(scope, scopes)):
        raise NotInCharge


# --- Before it --------------------------------------------------------------------------------------------------------


@fence.entered
def handover(scope: Scope, scopes: Sequence[Scope], leave: Leave) -> Handover:
    """This will say what somebody's leave leaves to others, of what whoever asks reaches. Nothing is done yet.

    `scopes` are all seats of who asks, in the partnership of `scope`. NotInCharge for a leave that is not
    theirs to say.
    """
    _may_say(scope, scopes, leave.person)
    days = tuple(_days_of_change(leave))
    staffings = {on: staffing_of(scope.partnership, on) for on in days}
    posts = _posts_of(leave.person, staffings[days[0]])
    rows = _rows(scope.partnership, scopes, leave, posts)
    owners = {row.disagreement: PostRef(row.owner_agency or "", row.owner_post or "") for row in rows}
    parts = _parts(posts, list(owners))
    found: list[HandedOver] = []
    for row in rows[:SHOWN]:
        owner = owners[row.disagreement]
        mine = parts.get(row.disagreement, {})
        post = owner if owner in posts else next((one for one in posts if one in mine), owner)
        # What is one person's alone is handed over by who serves for them, and by no colleague in the post.
        answers = _answers(leave.person, staffings, post, mine.get(post, ""))
        found.append(HandedOver(row.disagreement, listed(row, scopes), Covered(post, answers), has_move=owner in posts))
    covered = tuple(Covered(post, _answers(leave.person, staffings, post)) for post in posts)
    answering = [each.answering for one in (*covered, *(row.covered for row in found)) for each in one.answers]
    people = {person for one in answering for person in one.people}
    names = Person.objects.filter(key__in={*people, leave.person}).values_list("key", "full_name")
    return Handover(leave, covered, tuple(found), len(rows) > SHOWN, dict(names))


def _posts_of(person: Key, staffing: Staffing) -> tuple[PostRef, ...]:
    """Give the posts that somebody holds, and those that they answer for as a deputy."""
    seats = staffing.seats.get(person, ())
    return tuple(post for post, deputy in seats if not deputy or person in staffing.answering(post).people)


def _days_of_change(leave: Leave) -> Iterator[date]:
    """Yield the first day, and each later one on which somebody of the same agencies comes, goes or is away."""
    agencies = Holding.objects.filter(person_id=leave.person).values("post__agency_id")
    absences = Absence.objects.filter(person__holdings__post__agency_id__in=agencies)
    holdings = Holding.objects.filter(post__agency_id__in=agencies)
    days = {leave.from_on}
    for rows in (absences.values_list("from_on", "to_on"), holdings.values_list("from_on", "to_on")):
        for from_on, to_on in rows:
            days |= {from_on, *([to_on + timedelta(days=1)] if to_on else [])}
    yield from sorted(on for on in days if leave.from_on <= on <= leave.until)


def _rows(partnership: Key, scopes: Sequence[Scope], leave: Leave, posts: Sequence[PostRef]) -> list[Row]:
    if not posts:
        return []
    theirs = " OR ".join(["(owner_agency = %s AND owner_post = %s)"] * len(posts))
    parts = " OR ".join(["(agency = %s AND post = %s)"] * len(posts))
    values = [value for post in posts for value in (post.agency, post.post)]
    begins, ends = (datetime.combine(on, time.min, LONDON) for on in (leave.from_on, leave.until + timedelta(days=1)))
    asked = Where(
        f"""phase = %s AND (({theirs}) OR (next_due_at >= %s AND next_due_at < %s AND disagreement IN (
        SELECT disagreement FROM parts
        WHERE partnership_id = %s AND to_at IS NULL AND person IN ('', %s) AND ({parts}))))""",  # noqa: S608
        (Phase.OPEN, *values, begins, ends, partnership, leave.person, *values),
    )
    return rows_where(reached(scopes).also(asked), f"ORDER BY next_due_at, reference LIMIT {SHOWN + 1}")


def _parts(posts: Iterable[PostRef], disagreements: Sequence[UUID]) -> dict[UUID, dict[PostRef, Key]]:
    """Give, for each disagreement, whose part each post's is: one person's alone, or ("") the post's."""
    wanted, found = set(posts), dict[UUID, dict[PostRef, Key]]()
    rows = Part.objects.filter(disagreement__in=disagreements, agency__in={post.agency for post in wanted})
    for disagreement, agency, post, person in rows.values_list("disagreement", "agency", "post", "person"):
        if (ref := PostRef(agency, post)) in wanted:
            known = found.setdefault(disagreement, {})
            known[ref] = min(known.get(ref, person), person)
    return found


def _answers(person: Key, staffings: Mapping[date, Staffing], post: PostRef, alone: Key = "") -> tuple[From, ...]:
    found: list[From] = []
    for on, staffing in staffings.items():
        answering = away(person)(staffing).answering(post, alone)
        if not found or found[-1].answering != answering:
            found.append(From(on, answering))
    return tuple(found)


# --- Saying it --------------------------------------------------------------------------------------------------------


@fence.entered
def say_away(scope: Scope, scopes: Sequence[Scope], leave: Leave, at: datetime | None = None) -> Mistake | None:
    """This will note that somebody is away: from then on others answer for them. Said twice, it is noted once."""
    _may_say(scope, scopes, leave.person)
    if mistake := in_order(leave.from_on, leave.to_on):
        return mistake
    with transaction.atomic():
        same = Absence.objects.filter(person_id=leave.person, from_on=leave.from_on, to_on=leave.to_on)
        if not same.exists():
            Absence.objects.create(person_id=leave.person, from_on=leave.from_on, to_on=leave.to_on)
            about = {"person": leave.person, "from_on": leave.from_on, "to_on": leave.to_on}
            note(Change.AWAY, scope.person, at or clock.now(), about, agency=scope.seat.agency)
    return None


@fence.entered
def leave_note(scope: Scope, scopes: Sequence[Scope], disagreement: UUID, text: str, command: UUID) -> bool:
    """This will leave a note in a disagreement for whoever answers meanwhile: words of one's own agency alone.

    With the same `command` sent twice it is there once. False where none of the seats reaches it any more.
    """
    for one in scopes:
        if one.from_outside:
            continue  # what is said within an agency is not for who serves for it from outside
        said = (typed(HANDOVER, text, Audience.OWN_AGENCY, one.seat.agency),)
        try:
            handle(one, disagreement, Asking(Write(HANDOVER), said, id=uuid5(command, str(disagreement))))
        except NotThere:
            continue
        return True
    return False


@dataclass(frozen=True)
class Said:
    """A time away that is noted, now or to come. `by` is who said it, where that was somebody else."""

    id: int
    leave: Leave
    began: bool
    by: str


@fence.entered
def said_of(scope: Scope) -> tuple[Said, ...]:
    """This will list when somebody is noted as away, now and to come, so that they can mend it."""
    today = clock.today()
    running = Q(to_on__isnull=True) | Q(to_on__gte=today)
    rows = list(Absence.objects.filter(running, person_id=scope.person))
    changes = DirectoryChange.objects.filter(what=Change.AWAY, agency=scope.seat.agency).exclude(by=scope.person)
    mine = [one for one in changes.values_list("about", "by") if one[0].get("person") == scope.person] if rows else []
    names = dict(Person.objects.filter(key__in={by for _, by in mine}).values_list("key", "full_name")) if mine else {}
    who = {about.get("from_on"): names.get(by, "") for about, by in mine}
    return tuple(
        Said(
            row.pk,
            Leave(scope.person, row.from_on, row.to_on),
            row.from_on <= today,
            who.get(row.from_on.isoformat(), ""),
        )
        for row in rows
    )


@fence.entered
def say_back(scope: Scope, absence: int, at: datetime | None = None) -> None:
    """This will note that somebody is here again from today; a time away that is to come is taken back.

    NotInCharge for a time away that is not theirs.
    """
    today = clock.today()
    with transaction.atomic():
        row = Absence.objects.filter(pk=absence, person_id=scope.person).first()
        if row is None:
            raise NotInCharge
        was = {"was_from_on": row.from_on, "was_to_on": row.to_on}
        last_day = today - timedelta(days=1)
        if row.from_on >= today:
            row.delete()
        elif row.to_on is None or row.to_on >= today:
            Absence.objects.filter(pk=absence).update(to_on=last_day)
        about = {"person": scope.person, "from_on": row.from_on, "to_on": last_day, **was}
        note(Change.AWAY_CHANGED, scope.person, at or clock.now(), about, agency=scope.seat.agency)


# --- After it ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Meanwhile:
    """One disagreement in which others did something: how often, and when last. How it stands now is in `listed`."""

    listed: Listed
    acts: int
    last_at: datetime


@dataclass(frozen=True)
class WhileAway:
    """What happened in somebody's disagreements while they were away, the latest first. `leave` None: they were not."""

    leave: Leave | None
    rows: tuple[Meanwhile, ...] = ()
    cut: bool = False


def was_away(person: Key) -> bool:
    """This will say whether somebody is away, or was so lately that what happened meanwhile is news to them."""
    return _last(person) is not None


def _last(person: Key) -> Absence | None:
    today = clock.today()
    still_news = Q(to_on__isnull=True) | Q(to_on__gte=today - STILL_NEWS)
    return Absence.objects.filter(still_news, person_id=person, from_on__lte=today).order_by("-from_on").first()


@fence.entered
def while_away(scope: Scope, scopes: Sequence[Scope]) -> WhileAway:
    """This will say what others did in what somebody reaches since they last went away. It opens no record."""
    row = _last(scope.person)
    if row is None:
        return WhileAway(None)
    leave = Leave(scope.person, row.from_on, row.to_on)
    since = datetime.combine(row.from_on, time.min, LONDON)
    own = [one for one in scopes if one.seated in (Seated.HOLDER, Seated.DEPUTY)]
    asked = reached(own).also(Where("changed_at >= %s", (since,)))
    found = rows_where(asked, f"ORDER BY changed_at DESC, reference LIMIT {SHOWN + 1}")
    counted = counted_since([one.disagreement for one in found], since, but=scope.person)
    rows = tuple(
        Meanwhile(listed(one, own), *counted[one.disagreement]) for one in found[:SHOWN] if one.disagreement in counted
    )
    return WhileAway(leave, rows, len(found) > SHOWN)
