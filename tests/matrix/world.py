"""Three partnerships, their people, and disagreements in every kind of state, all through the one door.

Beside each step of a story stands, written by hand, what it gives to whom: that is what the oracle knows. Every piece
of text carries a marker of its own, so that a page, a message or a line in a log gives away where it came from.

The moment is always the same: a Wednesday, 22 April 2026, 11:00.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from commonground.core.acts import (
    About,
    Action,
    Advise,
    Ask,
    Audience,
    Confirm,
    Flag,
    Flags,
    GoUp,
    Meet,
    Note,
    PassTime,
    PostRef,
    Propose,
    Raise,
    Refer,
    Reopen,
    Talk,
    Target,
    Withdraw,
)
from commonground.core.acts import Medium as By
from commonground.core.decide import Accepted
from commonground.core.procedure import Key
from commonground.people.access import Scope, clock_scope, scopes_of
from commonground.people.models import (
    Absence,
    Administrator,
    Agency,
    Holding,
    Membership,
    NoSuchPost,
    Person,
    Post,
)
from commonground.record.words import Words, typed
from commonground.usecases import clock, guests
from commonground.usecases.handle import Asking, handle, raise_disagreement
from commonground.usecases.looking import LASTS, look_outside
from tests.matrix.oracle import Actor, Disagreement, For, Part, Role, Seat, Secret
from tests.partnership import SINCE, Small, small
from tests.story import at

NOW = at("2026-04-22 11:00")
YESTERDAY = at("2026-04-21 10:00")
LAST_YEAR = date(2025, 6, 30)


def ref(post: str) -> PostRef:
    """Read a post as the oracle writes it."""
    agency, _, key = post.partition("/")
    return PostRef(agency, key)


@dataclass
class World:
    """Everything there is, and what the oracle has to know of it."""

    areas: dict[str, Small] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    disagreements: dict[str, Disagreement] = field(default_factory=dict)
    secrets: list[Secret] = field(default_factory=list)
    ids: dict[str, UUID] = field(default_factory=dict)
    browsers: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Of guests: by which link they came, and what their browser is known by."""
    seats: dict[str, int] = field(default_factory=dict)
    absences: dict[str, int] = field(default_factory=dict)
    """Of holdings and absences: their numbers in addresses, by person."""
    logged: list[str] = field(default_factory=list)
    """Every line that was logged while it was built, by all loggers."""
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def marker(self) -> str:
        """Make a text that stands nowhere else."""
        return "zq" + "".join(self.chance.choice("abcdefghjkmnprstuvwxyz") for _ in range(10))

    def plants(self, what: str, audience: For, agency: str, **more: object) -> str:
        """Make a marker, and note whom it is for."""
        text = self.marker()
        self.secrets.append(Secret(text, what, audience, agency, **more))  # type: ignore[arg-type]
        return text


# --- people ----------------------------------------------------------------------------------------------------------


def _joins(
    person: Key,
    post: str,
    *,
    deputy: int = 0,
    from_on: date = SINCE,
    to_on: date | None = None,
    function: str = "",
    title: str = "",
) -> None:
    """Put somebody in a post, making both where they are not there."""
    where = ref(post)
    desk, _ = Post.objects.get_or_create(
        agency_id=where.agency, post=where.post, defaults={"function": function, "title": title}
    )
    who, _ = Person.objects.get_or_create(key=person, defaults={"full_name": person})
    Holding.objects.create(post=desk, person=who, deputy=deputy, from_on=from_on, to_on=to_on)


def _is_away(person: Key) -> None:
    Absence.objects.create(person_id=person, from_on=date(2026, 4, 1), to_on=None)


def _alder() -> Small:
    """Six steps, a scrutineer at the fifth; people away, people who left, somebody who has not begun."""
    alder = small("alder", "sussex-six-step", without=frozenset({"health/first-line"}))
    _joins("alder-school-colleague", "alder-school/practitioner")
    _joins("alder-school-leaver", "alder-school/practitioner", to_on=LAST_YEAR)
    _joins("alder-school-starter", "alder-school/practitioner", from_on=date(2026, 9, 1))
    _joins("alder-school-deputy", "alder-school/first-line", deputy=1)
    _joins("alder-social-care-colleague", "alder-social-care/practitioner")
    _joins("alder-social-care-deputy-1", "alder-social-care/senior", deputy=1)
    _joins("alder-social-care-deputy-2", "alder-social-care/senior", deputy=2)
    for agency in ("alder-school", "alder-social-care", "alder-police"):
        _joins(f"{agency}-safeguarding", f"{agency}/safeguarding", function="safeguarding lead", title="named person")
    _joins("alder-social-care-chair", "alder-social-care/chair", title="conference chair")
    _joins("alder-partnership-panel", "alder-partnership/board-member", title="panel member")
    _joins("alder-partnership-office-deputy", "alder-partnership/office", deputy=1)
    _joins("alder-partnership-newcomer", "alder-partnership/office", deputy=2)
    _is_away("alder-school-senior")  # nobody deputises: the next tier serves
    _is_away("alder-social-care-senior")
    _is_away("alder-social-care-deputy-1")  # as is the first deputy; the second serves
    NoSuchPost.objects.create(
        agency_id="alder-health",
        post="first-line",
        stand_in=Post.objects.get(agency_id="alder-health", post="senior"),
    )
    charity = Agency.objects.create(key="alder-charity", name="Alder Hedge Charity", kind="charity", on_service=False)
    Membership.objects.create(partnership_id="alder", agency=charity)
    # A small nursery: one person, away. The partnership's office serves for it.
    nursery = Agency.objects.create(key="alder-nursery", name="Alder Nursery", kind="nursery")
    Membership.objects.create(partnership_id="alder", agency=nursery)
    _joins("alder-nursery-practitioner", "alder-nursery/practitioner")
    return alder


def _birch() -> Small:
    """Conferences and a panel. The police of Alder belong to Birch as well."""
    birch = small("birch", "hips-cpc")
    Agency.objects.filter(key="birch-police").delete()
    Person.objects.filter(key__startswith="birch-police").delete()
    Membership.objects.create(partnership_id="birch", agency_id="alder-police")
    _joins("birch-social-care-colleague", "birch-social-care/practitioner")
    _joins("birch-partnership-scrutineer", "birch-partnership/scrutineer", title="independent scrutineer")
    return birch


def _cedar() -> Small:
    """Part 7.2, with a child protection adviser."""
    cedar = small("cedar", "sussex-7-2")
    _joins("cedar-school-colleague", "cedar-school/practitioner")
    return cedar


def _who_look_after() -> None:
    """Name administrators, and give an account to somebody who looks in from outside. None of them holds a post."""
    wards = {"alder-school-admin": {"agency_id": "alder-school"}, "alder-admin": {"partnership_id": "alder"}}
    for person, ward in (wards | {"service-admin": {}}).items():
        Person.objects.create(key=person, full_name=person)
        Administrator.objects.create(person_id=person, from_on=SINCE, **ward)
    Person.objects.create(key="alder-auditor", full_name="alder-auditor")


def _actors() -> Iterator[Actor]:
    """Give everybody who asks for pages. What a seat is, and for whom it serves, is written by hand."""
    yield Actor("nobody", Role.ANONYMOUS)
    none, app = "/account/no-post", "/account/second-factor/needed"
    yield Actor("alder-auditor", Role.AUDITOR, "alder-auditor", shut_out=none)
    for role, person, ward in (
        (Role.AGENCY_ADMINISTRATOR, "alder-school-admin", "alder-school"),
        (Role.PARTNERSHIP_ADMINISTRATOR, "alder-admin", "alder"),
        (Role.SYSTEM_ADMINISTRATOR, "service-admin", "*"),
    ):
        yield Actor(person, role, person, administers=ward, second_factor=True, shut_out=none)
    # In the office, with a password alone: shut out until the second factor is there.
    yield Actor("alder-partnership-newcomer", Role.PARTNERSHIP_MANAGER, "alder-partnership-newcomer", shut_out=app)

    def one(key: str, role: Role, post: str = "", *more: Seat, **kwargs: object) -> Actor:
        area, agency = key.partition("-")[0], key.rpartition("/")[0]
        person = str(kwargs.pop("person", key.replace("/", "-")))
        seats = (Seat(post or key, deputy=bool(kwargs.pop("deputy", False))), *more)
        area = str(kwargs.pop("area", area))
        name = f"{person} in {area}" if agency == "alder-police" else person
        kwargs.setdefault("second_factor", agency.endswith("-partnership"))
        return Actor(name, role, person, area, seats, **kwargs)  # type: ignore[arg-type]

    manager, senior = Role.LINE_MANAGER, Role.SENIOR_MANAGER
    practitioner, lead = Role.PRACTITIONER, Role.SAFEGUARDING_LEAD

    # Alder's school. Its line manager serves for what is a leaver's alone, its lead for the senior manager.
    school = "alder-school/practitioner"
    yield one(school, practitioner)
    yield one(school, practitioner, person="alder-school-colleague")
    yield Actor("alder-school-leaver", practitioner, "alder-school-leaver", shut_out=none)
    yield Actor("alder-school-starter", practitioner, "alder-school-starter", shut_out=none)
    leavers = Seat(school, serves_for="alder-school-leaver")
    yield one("alder-school/first-line", manager, "", leavers)
    yield one("alder-school/first-line", manager, deputy=True, person="alder-school-deputy")
    yield one("alder-school/senior", senior)
    yield one("alder-school/lead", senior, "", Seat("alder-school/senior", serves_for="*"))
    yield one("alder-school/safeguarding", lead, leads="alder-school")

    # Alder's social care. The second deputy serves: the senior manager and the first deputy are away.
    care = "alder-social-care/practitioner"
    yield one(care, practitioner)
    yield one(care, practitioner, person="alder-social-care-colleague")
    yield one("alder-social-care/first-line", manager)
    yield one("alder-social-care/senior", senior)
    yield one("alder-social-care/senior", senior, deputy=True, person="alder-social-care-deputy-1")
    yield one("alder-social-care/senior", senior, deputy=True, person="alder-social-care-deputy-2")
    yield one("alder-social-care/lead", senior)
    yield one("alder-social-care/protection-manager", senior)
    yield one("alder-social-care/chair", Role.CONFERENCE_CHAIR)
    yield one("alder-social-care/safeguarding", lead, leads="alder-social-care")

    # Alder's health: its senior manager stands in for the line manager it has not.
    yield one("alder-health/practitioner", practitioner)
    yield one("alder-health/senior", senior, "", Seat("alder-health/first-line", serves_for="*"))
    yield one("alder-health/lead", senior)
    yield one("alder-health/health-professional", lead, leads="alder-health")

    yield one("alder-nursery/practitioner", practitioner)

    # The police of two areas: the same people, in one area at a time.
    for area in ("alder", "birch"):
        yield one("alder-police/practitioner", practitioner, area=area)
        yield one("alder-police/first-line", manager, area=area)
        yield one("alder-police/safeguarding", lead, leads="alder-police", area=area)

    serves = Seat("alder-nursery/practitioner", serves_for="*")
    yield one("alder-partnership/office", Role.PARTNERSHIP_MANAGER, "", serves, office=True)
    yield one(
        "alder-partnership/office",
        Role.PARTNERSHIP_MANAGER,
        person="alder-partnership-office-deputy",
        deputy=True,
        office=True,
    )
    yield one("alder-partnership/scrutineer", Role.SCRUTINEER, scrutineer=True)
    yield one("alder-partnership/partner", senior)
    yield one("alder-partnership/board-member", Role.PANEL_MEMBER, person="alder-partnership-panel")

    yield one("birch-school/practitioner", practitioner)
    yield one("birch-school/first-line", manager)
    yield one("birch-social-care/practitioner", practitioner)
    yield one("birch-social-care/senior", senior)
    yield one("birch-social-care/chair", Role.CONFERENCE_CHAIR)
    yield one("birch-health/practitioner", practitioner)
    yield one("birch-health/designated", lead, leads="birch-health")
    yield one("birch-partnership/office", Role.PARTNERSHIP_MANAGER, office=True)
    yield one("birch-partnership/panel-chair", Role.PANEL_MEMBER)
    yield one("birch-partnership/scrutineer", Role.SCRUTINEER, scrutineer=True)

    yield one("cedar-school/practitioner", practitioner)
    yield one("cedar-school/practitioner", practitioner, person="cedar-school-colleague")
    yield one("cedar-social-care/first-line", manager)
    yield one("cedar-social-care/adviser", lead)
    yield one("cedar-social-care/protection-manager", senior)
    yield one("cedar-partnership/office", Role.PARTNERSHIP_MANAGER, office=True)
    yield one("cedar-partnership/board-chair", Role.SCRUTINEER, scrutineer=True)


# --- stories ---------------------------------------------------------------------------------------------------------


@dataclass
class Story:
    """One disagreement as it goes, and beside each step what it gives to whom."""

    world: World
    area: Small
    disagreement: Disagreement
    id: UUID = field(default_factory=uuid4)
    when: datetime = YESTERDAY
    acts: Iterator[int] = field(default_factory=lambda: count(1))
    last: int = 0

    def raised(
        self, by: str, against: str | None, matter: str | None = None, person: str = "", area: str = ""
    ) -> Story:
        """Somebody raises it, in words for the parties and in some for their own agency."""
        scope = self._scope(by, person, area)
        sides = (f"{self.area.key}-{against}" if against and "-" not in against[:6] else against) if against else None
        ask = Raise(
            matter or self.area.procedure.matters[0].key, About.CHILD, (scope.seat.agency,), (sides,) if sides else ()
        )
        self.disagreement.sides = frozenset({scope.seat.agency, *((sides,) if sides else ())})
        command = uuid4()
        words = (*self._words(scope, "worry", "child", "wanted"), *self._words(scope, "note", own=True))
        raised = raise_disagreement(scope, self.area.digest, Asking(ask, words, id=command), at=self.when)
        self.id, self.disagreement.reference = raised.disagreement, raised.reference
        self.world.ids[self.disagreement.name] = raised.disagreement
        self.disagreement.authors[str(command)] = scope.person
        self.part(by, only=scope.person)
        return self

    def does(self, by: str, ask: Ask, person: str = "", area: str = "") -> Story:
        """Somebody acts, in words for the parties, for their own agency and for the partnership."""
        self.when += timedelta(minutes=20)
        scope = self._scope(by, person, area)
        command = uuid4()
        self.last = next(self.acts)
        words = (
            *self._words(scope, "reasons", "words", "outcome"),
            *self._words(scope, "note", "advice", own=True),
            *self._words(scope, "policy issue", audience=Audience.PARTNERSHIP),
        )
        answer = handle(scope, self.id, Asking(ask, words, id=command), at=self.when)
        assert isinstance(answer, Accepted), answer
        self.disagreement.authors[str(command)] = scope.person
        return self

    def goes_silent(self, event: str = "stage", days: int = 5) -> Story:
        """Nobody answers, and the service records that."""
        self.when += timedelta(days=days)
        self.last = next(self.acts)
        answer = handle(clock_scope(self.area.key), self.id, Asking(PassTime(event)), at=self.when)
        assert isinstance(answer, Accepted), answer
        return self

    def part(self, *posts: str, only: str = "") -> Story:
        """By hand: these posts were brought in with the last act."""
        self.disagreement.parts += [Part(post, only) for post in posts]
        return self

    def ends(self, *posts: str) -> Story:
        """By hand: what these posts had a part for ended with the last act."""
        for part in self.disagreement.parts:
            if part.post in posts and part.ended_with is None:
                part.ended_with = self.last
        return self

    def looks(self, person: str, post: str, reason_holds: bool = True) -> Story:
        """Somebody looks for a reason that they type; where it does not hold any more, it was a while ago."""
        when = self.when if reason_holds else NOW - LASTS - timedelta(hours=1)
        when = max(when, NOW - timedelta(hours=2)) if reason_holds else when
        reason = self.world.plants(
            "reason for looking", For.PARTIES, post.partition("/")[0], disagreement=self.disagreement.name
        )
        look_outside([self._scope(post, person)], self.disagreement.reference, f"Because of {reason}", when)
        if reason_holds:
            self.disagreement.looking.add(person)
        return self

    def _words(
        self, scope: Scope, *fields: str, own: bool = False, audience: Audience = Audience.PARTIES
    ) -> Iterator[Words]:
        audience = Audience.OWN_AGENCY if own else audience
        for name in fields:
            text = self.world.plants(
                f"words ({name}) for {audience.value}",
                For(audience.value),
                scope.seat.agency,
                disagreement=self.disagreement.name,
                act=self.last,
            )
            yield typed(name, f"Here stands {text}.", audience, scope.seat.agency)

    def _scope(self, post: str, person: str = "", area: str = "") -> Scope:
        where = ref(post)
        held = Holding.objects.filter(post__agency_id=where.agency, post__post=where.post, deputy=0).order_by("id")
        who = person or str(held[0].person_id)
        scopes = scopes_of(who, self.when.date())
        return next(one for one in scopes if one.seat == where and one.partnership == (area or self.area.key))


class Teller:
    """Tells all the stories of a world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def of(self, area: str, name: str, state: str, when: datetime = YESTERDAY) -> Story:
        one = Disagreement(f"{area}: {name}", state, area)
        self.world.disagreements[one.name] = one
        return Story(self.world, self.world.areas[area], one, when=when)

    def tell(self) -> None:
        self._alder()
        self._birch()
        self._cedar()

    def _alder(self) -> None:
        pupil, care = "alder-school/practitioner", "alder-social-care/practitioner"
        teacher = "alder-school-practitioner"
        one = ("alder-school/first-line", "alder-social-care/first-line")
        two = ("alder-school/senior", "alder-social-care/senior")
        three = ("alder-school/lead", "alder-social-care/lead")
        told = ("alder-social-care/protection-manager", "alder-health/health-professional")

        def raised(name: str, state: str, when: datetime = YESTERDAY, against: str = "social-care") -> Story:
            story = self.of("alder", name, state, when)
            story.last = next(story.acts)
            return story.raised(pupil, against, person=teacher).part(care)

        raised("raised", "just raised")
        raised("one up", "stage above").does(pupil, GoUp(), teacher).part(*one)
        up = raised("two up", "stage above").does(pupil, GoUp(), teacher).part(*one)
        up.does(one[0], GoUp()).part(*two)
        story = raised("before the scrutineer", "with a body").does(pupil, GoUp(), teacher).part(*one)
        story.does(one[0], GoUp()).part(*two).does(pupil, GoUp(), teacher).part(*three, *told)
        story.does(three[0], GoUp()).part("alder-partnership/scrutineer", "alder-partnership/partner")
        raised("by silence", "overdue by silence", at("2026-03-02 10:00")).goes_silent().part(*one)
        raised("put forward", "outcome put forward").does(
            care, Propose("agreed", (Action("visit", ref("alder-health/practitioner"), date(2026, 5, 8)),), False)
        ).part("alder-health/practitioner")
        ended = raised("settled", "ended, actions open").does(care, Note(approved=True, filed=True))
        ended.does(pupil, Note(approved=True, filed=True), teacher).does(care, Talk(By.TELEPHONE))
        ended.does(pupil, Propose("agreed", (Action("visit", ref(one[0]), date(2026, 5, 8)),), False), teacher)
        ended.part(one[0]).does(care, Confirm())
        raised("withdrawn", "withdrawn").does(pupil, Withdraw(), teacher)
        again = raised("reopened", "reopened").does(pupil, Withdraw(), teacher)
        again.does(pupil, Reopen(), teacher)
        raised("advised", "adviser asked").does(
            pupil, Advise(ref("alder-health/health-professional"), given=False), teacher
        ).part("alder-health/health-professional")
        advised = raised("advised until then", "adviser was asked, ended").does(
            pupil, Advise(ref("alder-police/safeguarding"), given=False), teacher
        )
        advised.part("alder-police/safeguarding").does(pupil, Withdraw(), teacher).ends("alder-police/safeguarding")
        meets_at = at("2026-04-20 10:00")
        raised("meeting", "meeting called").does(
            care, Meet(held=False, meets_at=meets_at, invited=(ref("alder-police/first-line"),))
        ).part("alder-police/first-line")
        met = raised("met until then", "meeting left behind").does(
            care, Meet(held=False, meets_at=meets_at, invited=(ref("alder-police/first-line"),))
        )
        met.part("alder-police/first-line").does(pupil, GoUp(), teacher).part(*one).ends("alder-police/first-line")
        flagged = raised("flagged", "flagged as policy").does(pupil, Flag(Flags.POLICY), teacher)
        flagged.part(*three, "alder-partnership/scrutineer", "alder-partnership/office")
        unknown = self.of("alder", "unknown", "other side unknown")
        unknown.last = next(unknown.acts)
        unknown.disagreement.to_be_reached = True
        unknown.raised(pupil, None, person=teacher).part("alder-partnership/office")
        charity = self.of("alder", "charity", "other side not on the service")
        charity.last = next(charity.acts)
        charity.raised(pupil, "alder-charity", person=teacher).part("alder-partnership/office")
        inside = self.of("alder", "inside", "inside one agency")
        inside.last = next(inside.acts)
        inside.raised("alder-school/first-line", "alder-school").part(pupil)
        looked = raised("looked at", "looked at for a reason")
        looked.looks("alder-school-colleague", pupil).looks("alder-social-care-lead", three[1], reason_holds=False)
        looked.looks("alder-partnership-office-deputy", "alder-partnership/office")
        left = self.of("alder", "left", "its raiser has left", at("2025-06-02 10:00"))
        left.last = next(left.acts)
        left.raised(pupil, "social-care", person="alder-school-leaver").part(care)
        nursery = self.of("alder", "nursery", "its raiser is away")
        nursery.last = next(nursery.acts)
        nursery.raised("alder-nursery/practitioner", "social-care").part(care)
        _is_away("alder-nursery-practitioner")

    def _birch(self) -> None:
        nurse, chair = "birch-health/practitioner", "birch-social-care/chair"

        def raised(name: str, state: str, matter: str) -> Story:
            story = self.of("birch", name, state)
            story.last = next(story.acts)
            return story.raised(nurse, "social-care", matter)

        raised("conference", "conference route", "conference-decision").part(chair)
        raised("dissent", "conference route, before the chair", "conference-decision").part(chair).does(nurse, GoUp())
        plan = raised("panel", "with a panel", "plan-not-carried-out")
        plan.part("birch-health/first-line", "birch-social-care/first-line").does("birch-health/first-line", GoUp())
        plan.part("birch-health/senior", "birch-social-care/senior").does("birch-health/senior", GoUp())
        plan.part(chair).does("birch-health/senior", GoUp()).ends(chair).part("birch-partnership/panel-chair")
        back = raised("back from the panel", "sent back by a panel", "plan-not-carried-out")
        back.part("birch-health/first-line", "birch-social-care/first-line").does("birch-health/first-line", GoUp())
        back.part("birch-health/senior", "birch-social-care/senior").does("birch-health/senior", GoUp())
        back.part(chair).does("birch-health/senior", GoUp()).ends(chair).part("birch-partnership/panel-chair")
        back.does("birch-partnership/panel-chair", Refer(Target.STAGE, "management"))
        back.ends("birch-partnership/panel-chair")
        police = self.of("birch", "police", "raised by an agency of two areas")
        police.last = next(police.acts)
        police.raised("alder-police/practitioner", "social-care", "need-for-conference", area="birch")
        police.part("birch-social-care/conference-decider")

    def _cedar(self) -> None:
        teacher, care = "cedar-school/practitioner", "cedar-social-care/practitioner"

        def raised(name: str, state: str, matter: str | None = None) -> Story:
            story = self.of("cedar", name, state)
            story.last = next(story.acts)
            return story.raised(teacher, "social-care", matter, person="cedar-school-practitioner")

        raised("raised", "just raised").part(care)
        raised("advised", "adviser asked").part(care).does(
            teacher, Advise(ref("cedar-social-care/adviser"), given=False), "cedar-school-practitioner"
        ).part("cedar-social-care/adviser")
        raised("flagged", "flagged as policy").part(care).does(
            teacher, Flag(Flags.POLICY), "cedar-school-practitioner"
        ).part("cedar-school/lead", "cedar-social-care/lead", "cedar-social-care/protection-manager")


def build() -> World:
    """This will build it all. `commonground.usecases.clock.now` has to say NOW meanwhile, and afterwards."""
    assert clock.now() == NOW
    world = World()
    world.areas = {one.key: one for one in (_alder(), _birch(), _cedar())}
    _who_look_after()
    _names(world)
    Teller(world).tell()
    world.actors = {actor.name: actor for actor in (*_actors(), *_guests(world))}
    _drafts(world)
    world.seats = dict(Holding.objects.values_list("person_id", "pk"))
    world.absences = dict(Absence.objects.values_list("person_id", "pk"))
    return world


def _names(world: World) -> None:
    """Give every person a name, a telephone and an address that stand nowhere else."""
    for number, person in enumerate(Person.objects.order_by("key"), start=200):
        held = person.holdings.order_by("id").first()
        agency = str(held.post.agency_id) if held else f"{person.key.partition('-')[0]}-partnership"
        person.full_name = f"Pat {world.plants('name', For.THEIR_AREA, agency)}"
        mail = world.plants("mail address", For.ADMINISTRATORS, agency, writer=person.key)
        person.email = f"{mail}@{agency}.example"
        person.telephone = f"01632 960{number}"
        world.secrets.append(Secret(person.telephone, "telephone", For.THEIR_AREA, agency, writer=person.key))
        person.save()


def _guests(world: World) -> Iterator[Actor]:
    """Let somebody in from outside: by a link that works, and by one that was revoked."""
    for name, by, post, person, works in (
        ("alder: charity", "alder-partnership/office", "alder-charity/manager", "", True),
        ("alder: one up", "alder-social-care/first-line", "alder-social-care/first-line", "", True),
        ("alder: two up", "alder-social-care/senior", "alder-social-care/senior", "", False),
    ):
        one = world.disagreements[name]
        scope = Story(world, world.areas["alder"], one, when=NOW)._scope(by, person)
        called = world.plants("name of a guest", For.PARTIES, post.partition("/")[0], disagreement=name)
        link = guests.make_link(scope, world.ids[name], f"Pat {called}", ref(post), title="manager", at=NOW)
        browser = f"the browser of {name}"
        state, row = guests.spend(link.token, link.code, browser, NOW)
        assert row is not None, state
        if not works:
            guests.revoke(scope, world.ids[name], link.id, NOW)
        actor = Actor(
            f"guest of {name}" if works else "guest whose link was revoked",
            Role.GUEST,
            row.person,
            one.partnership if works else "",
            guest_of=name if works else "",
            shut_out="/guest/over",
        )
        world.browsers[actor.name] = (row.pk, browser)
        yield actor


def _drafts(world: World) -> None:
    """Leave something half typed in every partnership."""
    from commonground.web import drafts

    for name, person in (
        ("alder: raised", "alder-school-practitioner"),
        ("alder: one up", "alder-social-care-first-line"),
        ("birch: conference", "birch-health-practitioner"),
        ("cedar: raised", "cedar-school-practitioner"),
    ):
        agency = person.rpartition("-")[0]
        text = world.plants("draft", For.WRITER, agency, writer=person, disagreement=name)
        drafts.keep(person, f"{world.ids[name]}/write", {"words": [text]})
        text = world.plants("draft of a raising", For.WRITER, agency, writer=person)
        drafts.keep(person, "raise", {"worry": [text]})
