"""The demonstration: invented partnerships with their people, and what they disagree about, in YAML (`demonstration/`).

One file is one partnership: who works there, which procedure it runs, and its disagreements as stories. A story is
written as a scenario is (docs/scenarios.md) with two differences: its moments count back from now, and nobody writes
the silences. They are found by the sweep, as they would be in service. Everything goes in through the one door.

Moments count in working time, of eight hours to the day: "-2d 3h" is two working days and three hours ago, so that
nothing happens at night or on a Sunday and a limit of one working day is always eight hours away, whenever the
demonstration is started. "on +5d" is a date: that of the fifth working day after now.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from commonground import fence
from commonground.core.acts import Audience, Note, PostRef, Raise
from commonground.core.decide import Accepted
from commonground.core.procedure import HeldIn, Key, Procedure
from commonground.core.time import LONDON, Calendar
from commonground.language.library import shipped
from commonground.language.mistakes import read_model
from commonground.language.scenarios import PARTNERSHIP, Line, date_in_words, moment_in_words, read_scenario
from commonground.people.access import Scope, relation, scopes_of
from commonground.people.administering import Charge
from commonground.people.models import Administrator, Agency, Holding, Membership, Partnership, Person, Post
from commonground.record import store
from commonground.record.models import StandingRow
from commonground.record.words import Words, typed
from commonground.usecases.adopt import adopt
from commonground.usecases.handle import Asking, handle, raise_disagreement
from commonground.usecases.looking import look_outside
from commonground.usecases.situation import calendar_of
from commonground.usecases.sweep import sweep
from commonground.usecases.tick_lists import TickList, load

FOLDER: Final = Path(__file__).parent / "demonstration"

OPENS, CLOSES = time(9), time(17)
"""The working day that stories count in."""
A_DAY: Final = 8 * 60
"""Its minutes."""
LONG_AGO: Final = timedelta(days=400)
"""When the partnerships adopted their procedures, and everybody began in their posts."""
AFTER_DUE: Final = timedelta(seconds=4)
"""How long after something is due a worker that looks every few seconds comes by."""


class NotTold(RuntimeError):
    """A story does not go as it is written. It is a mistake in `demonstration/`, or a rule that changed."""


# --- What the files hold ---------------------------------------------------------------------------------------------


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class PersonRow(_Row):
    """Somebody invented, in one post; perhaps they look after the directory of their agency or of the partnership."""

    name: str
    post: str
    deputy: int = 0
    administers: Literal["", "agency", "partnership"] = ""


class AgencyRow(_Row):
    """An agency, under the short name that the stories call it by. It has the posts that somebody is in."""

    agency: str
    name: str
    kind: str
    telephone: str = ""
    out_of_hours: str = Field("", alias="out-of-hours")
    on_service: bool = Field(True, alias="on-service")
    people: tuple[PersonRow, ...]
    titles: dict[str, str] = {}


class StoryRow(_Row):
    """One disagreement. `child` is what the parties know the child by: initials and year of birth."""

    disagreement: str
    child: str = ""
    story: list[Any]


class TickListRow(_Row):
    """A list that the partnership loaded for some questions of its procedure, and the date of its document."""

    asks: tuple[str, ...]
    title: str
    version_on: date = Field(alias="version-on")
    lines: tuple[str, ...]


class PartnershipRow(_Row):
    """A file: a partnership, the shipped procedure it runs, its agencies, its lists to tick and its disagreements."""

    partnership: str
    name: str
    prefix: str
    nation: str
    adopts: str
    agencies: tuple[AgencyRow, ...]
    tick_lists: tuple[TickListRow, ...] = Field((), alias="tick-lists")
    disagreements: tuple[StoryRow, ...]


def files() -> tuple[Path, ...]:
    """This will give the files of the demonstration, by name."""
    return tuple(sorted(FOLDER.glob("*.yaml")))


# --- Telling ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seeded:
    """What was put in. Nothing, where all of it was there already."""

    partnerships: int
    disagreements: int
    acts: int


def seed(now: datetime, progress: Callable[[int, int], None] = lambda done, of: None) -> Seeded:
    """This will put everything into the database that is not there yet, as of `now`.

    Raises `Mistakes` for a file that can't be read and NotTold for a story that does not go as it is written.
    """
    rows = tuple(read_model(PartnershipRow, path)[0] for path in files())
    new = sum(_set_up(row, now) for row in rows)
    wanted = [(row, story) for row in rows for story in row.disagreements]
    missing = [one for one in wanted if _standing(*one) is None]
    acts = 0
    for done, (row, story) in enumerate(missing, start=1):
        acts += _Teller(row, story, now).tell()
        progress(done, len(missing))
    if missing:
        sweep(at=now)
    return Seeded(new, len(missing), acts)


def id_of(row: PartnershipRow, story: StoryRow) -> UUID:
    """This will give the id of a story's disagreement: always the same, so that it is told once."""
    return uuid5(NAMESPACE_URL, f"demonstration:{row.partnership}:{story.disagreement}")


def _standing(row: PartnershipRow, story: StoryRow) -> StandingRow | None:
    with fence.inside(row.partnership):
        return store.standing_row(id_of(row, story))


@transaction.atomic
def _set_up(row: PartnershipRow, now: datetime) -> bool:
    """Create a partnership with its agencies and people. False where it is there."""
    if Partnership.objects.filter(key=row.partnership).exists():
        return False
    since = (now - LONG_AGO).date()
    Partnership.objects.create(key=row.partnership, name=row.name, nation=row.nation, reference_prefix=row.prefix)
    for agency in row.agencies:
        made = Agency.objects.create(
            key=key_of(row, agency.agency),
            name=agency.name,
            kind=agency.kind,
            on_service=agency.on_service,
            telephone=agency.telephone,
            out_of_hours=agency.out_of_hours,
        )
        Membership.objects.create(partnership_id=row.partnership, agency=made)
        posts = {
            post: Post.objects.create(agency=made, post=post, title=agency.titles.get(post, ""))
            for post in dict.fromkeys(person.post for person in agency.people)
        }
        for person in agency.people:
            known_as = person.name.split()[0]
            somebody, _ = Person.objects.get_or_create(
                key=f"{row.partnership}-{'-'.join(person.name.lower().split())}",
                defaults={"full_name": person.name, "known_as": known_as},
            )
            Holding.objects.create(post=posts[person.post], person=somebody, deputy=person.deputy, from_on=since)
            if person.administers:
                ward = {"agency": made} if person.administers == "agency" else {"partnership_id": row.partnership}
                Administrator.objects.create(person=somebody, from_on=since, **ward)
    adopt(row.partnership, row.adopts, since)
    _load_lists(row, now)
    return True


def _load_lists(row: PartnershipRow, now: datetime) -> None:
    """Have whoever looks after a partnership load its lists to tick."""
    for one in row.tick_lists:
        keeper = Administrator.objects.filter(partnership_id=row.partnership).values_list("person_id", flat=True)[0]
        for ask in one.asks:
            given = TickList(one.title, one.version_on, one.lines)
            wrong = load(Charge(keeper, partnership=row.partnership), row.partnership, ask, given, now)
            if wrong is not None:
                raise NotTold(f"{row.partnership}, {one.title}: {wrong.text}")


def key_of(row: PartnershipRow, agency: str) -> Key:
    """This will give the key of an agency that the stories call by a short name."""
    return f"{row.partnership}-{agency}"


class _Teller:
    """Tells one story: its lines through the one door in turn, and the silences between them by sweeping."""

    def __init__(self, row: PartnershipRow, story: StoryRow, now: datetime) -> None:
        self.row, self.story, self.now = row, story, now
        self.id = id_of(row, story)
        # Not everybody acts on the stroke of the hour.
        self.minutes = self.id.int % 25
        self.procedure, self.digest = shipped()[row.adopts]

    def tell(self) -> int:
        """Tell it, and give how many acts it has now."""
        scenario = read_scenario(
            json.dumps(self._scenario(), ensure_ascii=False),
            f"{self.row.partnership}: {self.story.disagreement}",
            procedures={self.row.adopts: (self.procedure, self.digest)},
        )
        for line in scenario.story:
            self._say(line)
        self._let_time_pass(self.now)
        row = _standing(self.row, self.story)
        return row.position if row else 0

    def _scenario(self) -> dict[str, Any]:
        calendar = calendar_of(self.row.nation)
        return {
            "scenario": self.story.disagreement,
            "procedure": self.row.adopts,
            "route": self.procedure.routes[0].key,
            "shows": "what happened",
            "nation": self.row.nation,
            "agencies": {
                agency.agency: {"kind": agency.kind, "without": sorted(posts_without(self.procedure, agency))}
                for agency in self.row.agencies
                if agency.agency != PARTNERSHIP
            },
            "story": [dated(line, self.now, calendar, self.minutes) for line in self.story.story],
        }

    def _say(self, line: Line) -> None:
        if line.by is None or line.does is None:
            raise NotTold(f"{self.story.disagreement}, line {line.number}: nobody does anything")
        self._let_time_pass(line.at)
        scope = self._scope(line.by.person, line.by.seat)
        ask = self._as_here(line.does)
        asking = Asking(ask, self._words(line, scope), line.happened_at, self._id(line))
        if isinstance(ask, Raise):
            raise_disagreement(scope, self.digest, asking, at=line.at)
            return
        if not self._reaches(scope, line.at):
            row = _standing(self.row, self.story)
            look_outside([scope], row.reference if row else "", "A colleague asked me to take this on.", line.at)
        answer = handle(scope, self.id, asking, at=line.at)
        if not isinstance(answer, Accepted):
            raise NotTold(f"{self.story.disagreement}, line {line.number}: refused, {answer.reasons}")

    def _reaches(self, scope: Scope, at: datetime) -> bool:
        with fence.inside(scope.partnership):
            return relation(scope, self.id, at) is not None

    def _id(self, line: Line) -> UUID:
        return self.id if isinstance(line.does, Raise) else uuid5(self.id, str(line.number))

    def _words(self, line: Line, scope: Scope) -> tuple[Words, ...]:
        # A note is an agency's own; everything else is said to the other side.
        audience = Audience.OWN_AGENCY if isinstance(line.does, Note) else Audience.PARTIES
        raising = isinstance(line.does, Raise)
        # What somebody raises is their worry, as the form for raising calls it.
        fields = {"words": "worry"} if raising else {}
        said = [typed(fields.get(field, field), text, audience, scope.seat.agency) for field, text in line.words]
        if raising and self.story.child:
            said.append(typed("child", self.story.child, Audience.PARTIES, scope.seat.agency))
        return tuple(said)

    def _scope(self, person: Key, seat: PostRef) -> Scope:
        """Who that is: the holder of the post; of several, "another" is the next."""
        here = self._as_here(seat)
        holders = Holding.objects.filter(post__agency_id=here.agency, post__post=here.post)
        people = list(holders.values_list("person_id", flat=True))
        if not people:
            raise NotTold(f"{self.story.disagreement}: nobody is {here.post} of {here.agency}")
        who = people[1 % len(people)] if person.startswith("another-") else people[0]
        return next(scope for scope in scopes_of(who, self.now.date()) if scope.seat == here)

    def _as_here(self, node: Any) -> Any:
        """The same, with the agencies' keys in place of the short names that stories call them by."""
        keys = {agency.agency: key_of(self.row, agency.agency) for agency in self.row.agencies}
        return _renamed(node, keys)

    def _let_time_pass(self, until: datetime) -> None:
        while (row := _standing(self.row, self.story)) and row.next_due_at and row.next_due_at <= until:
            if self.id in sweep(at=min(row.next_due_at + AFTER_DUE, until)).stuck:
                raise NotTold(f"{self.story.disagreement}: its silence could not be recorded")


def posts_without(procedure: Procedure, agency: AgencyRow) -> frozenset[Key]:
    """This will give the posts of a procedure that an agency of this kind could have, and nobody is in."""
    could = {
        post.key for post in procedure.posts if post.held_in is HeldIn.PARTY and post.agency in (None, agency.kind)
    }
    return frozenset(could - {person.post for person in agency.people})


_OF_AGENCIES: Final = ("agency", "challenging", "responding")
"""The fields of a command that hold keys of agencies."""


def _renamed(node: Any, keys: Mapping[str, Key]) -> Any:
    if isinstance(node, tuple):
        return tuple(_renamed(item, keys) for item in node)
    if not is_dataclass(node) or isinstance(node, type):
        return node
    changes = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if field.name not in _OF_AGENCIES or value is None:
            changes[field.name] = _renamed(value, keys)
        elif isinstance(value, tuple):
            changes[field.name] = tuple(keys.get(key, key) for key in value)
        else:
            changes[field.name] = keys.get(value, value)
    return replace(node, **changes)


# --- Moments that count from now -------------------------------------------------------------------------------------

_MOMENT: Final = re.compile(r"(?P<date>on )?(?P<sign>[+-])(?=\d)(?:(?P<d>\d+)d)? ?(?:(?P<h>\d+)h)?")
_SAID: Final = ("saying", "withdraws", "reopens")
"""What people say in a line. No moment is looked for in it."""


def dated(node: Any, now: datetime, calendar: Calendar, minutes: int = 0) -> Any:
    """This will write a line of a story as scenarios do: every moment in it that counts from now as the moment it is.

    "-2d 3h" is a moment in working time, and so many `minutes` before that; "on -2d" and "on +5d" are dates; "+5d" is
    noon of that day.
    """
    if isinstance(node, dict):
        return {key: value if key in _SAID else dated(value, now, calendar, minutes) for key, value in node.items()}
    if isinstance(node, list):
        return [dated(item, now, calendar, minutes) for item in node]
    found = _MOMENT.fullmatch(node) if isinstance(node, str) else None
    if found is None:
        return node
    days, hours = int(found["d"] or 0), int(found["h"] or 0)
    if found["sign"] == "-":
        at = working_time_before(now, days * A_DAY + hours * 60 + minutes, calendar)
    else:
        at = datetime.combine(calendar.working_day_after(now.astimezone(LONDON).date(), max(days, 1)), time(12), LONDON)
    return date_in_words(at.astimezone(LONDON).date()) if found["date"] else moment_in_words(at)


def working_time_before(now: datetime, minutes: int, calendar: Calendar) -> datetime:
    """This will give the moment, in a working day, that is so many working minutes before now, to the full minute."""
    local = now.astimezone(LONDON).replace(second=0, microsecond=0)
    on, until = local.date(), local.time()
    for day, end in _working_days_before(on, until, calendar):
        closes = datetime.combine(day, end, LONDON)
        available = int((closes - datetime.combine(day, OPENS, LONDON)).total_seconds()) // 60
        if minutes <= available:
            return closes - timedelta(minutes=minutes)
        minutes -= available
    raise AssertionError("time began")  # the days before now do not end


def _working_days_before(on: date, until: time, calendar: Calendar) -> Iterator[tuple[date, time]]:
    """Yield each working day with when it ended for us: today, as far as it has come, and back from there."""
    if calendar.is_working_day(on) and until > OPENS:
        yield on, min(until, CLOSES)
    while True:
        on -= timedelta(days=1)
        if calendar.is_working_day(on):
            yield on, CLOSES
