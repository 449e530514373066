"""From rows to a plan: who joins, who leaves, what changes; or every mistake in what the rows say.

Nothing is written here. The plan is worked out from the directory as it is now, and again when somebody confirms it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q, QuerySet

from commonground.core.procedure import Key
from commonground.people.administering import Charge, NotInCharge, agencies_of, may_change
from commonground.people.functions import Function
from commonground.people.models import Administrator, Agency, Holding, Partnership, Person, Post
from commonground.usecases.directory_files.columns import (
    AGENCY,
    AGENCY_NAME,
    AGENCY_TELEPHONE,
    DEPUTY,
    EMAIL,
    FROM,
    FULL_NAME,
    FUNCTION,
    KIND,
    NUMBERS,
    ON_SERVICE,
    OUT_OF_HOURS,
    PERSON,
    POST,
    TELEPHONE,
    TITLE,
    TO,
    FileMistake,
    Row,
    shown,
)
from commonground.usecases.staff.administrators import Ward
from commonground.usecases.staff.agencies import THE_OFFICE
from commonground.usecases.staff.checks import same_name

_KEY: Final = re.compile(r"[-a-zA-Z0-9_]{1,50}")
_NUMBER: Final = re.compile(r"[0-9+() .\-x/#ext]{1,40}")
_OF_AGENCY: Final = {
    AGENCY_NAME: "name",
    KIND: "kind",
    ON_SERVICE: "on_service",
    AGENCY_TELEPHONE: "telephone",
    OUT_OF_HOURS: "out_of_hours",
}
_OF_POST: Final = {FUNCTION: "function", TITLE: "title"}
_OF_PERSON: Final = {FULL_NAME: "full_name", EMAIL: "email", TELEPHONE: "telephone"}
_BEHIND_A_POST: Final = (FUNCTION, TITLE, PERSON, FULL_NAME, EMAIL, TELEPHONE, DEPUTY, FROM, TO)

Values = Mapping[str, object]
PostKey = tuple[Key, Key]


class What(StrEnum):
    """What a line of a plan does."""

    JOINS = "joins"
    LEAVES = "leaves"
    CHANGES = "changes"


@dataclass(frozen=True)
class Planned:
    """One line of a plan, as a page lists it: what it does, to whom or what, and from which row (0: no row)."""

    what: What
    about: str
    says: str
    row: int


@dataclass(frozen=True)
class NewPerson:
    """Somebody who is not here yet. `key` stands for them within the plan alone."""

    key: Key
    values: Values


@dataclass(frozen=True)
class NewSeat:
    post: PostKey
    person: Key
    deputy: int
    from_on: date
    to_on: date | None


@dataclass(frozen=True)
class Plan:
    """What taking a file in would do."""

    lines: tuple[Planned, ...]
    untouched: int
    """How many rows say what is so already."""
    directory: str
    """How new the directory is that this was worked out from."""
    agencies: Mapping[Key, Values] = field(default_factory=dict)
    """Agencies that change, each with what is new of it."""
    new_agencies: Mapping[Key, Values] = field(default_factory=dict)
    posts: Mapping[PostKey, Values] = field(default_factory=dict)
    new_posts: Mapping[PostKey, Values] = field(default_factory=dict)
    people: Mapping[Key, Values] = field(default_factory=dict)
    new_people: tuple[NewPerson, ...] = ()
    seats: Mapping[int, Values] = field(default_factory=dict)
    """Holdings that change, by their id."""
    new_seats: tuple[NewSeat, ...] = ()
    ended: tuple[int, ...] = ()
    """Holdings that end, because their person is not in a file that is the whole directory."""

    def count(self, what: What) -> int:
        """This will count the lines that do one thing."""
        return sum(1 for line in self.lines if line.what is what)


@dataclass(frozen=True)
class Mistaken:
    """Every mistake in what a file says."""

    mistakes: tuple[FileMistake, ...]


def plan_of(
    charge: Charge,
    ward: Ward,
    rows: Sequence[Row],
    today: date,
    *,
    whole: bool = False,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Plan | Mistaken:
    """This will work out what taking a file in does to the directory of an agency or a partnership.

    `whole`: whoever is in no row of an agency in the file has left it. Otherwise a missing row means nothing.
    """
    if ward.agency is None and ward.partnership is None:
        raise NotInCharge
    if not may_change(charge, agency=ward.agency, partnership=None if ward.agency else ward.partnership):
        raise NotInCharge
    return _Planner(charge, ward, today).plan(rows, whole, progress)


def directory_count(ward: Ward) -> str:
    """This will say how new the directory is: a text that differs as soon as anybody changes anything in it."""
    rows = Partnership.objects.filter(
        Q(key=ward.partnership) if ward.partnership else Q(memberships__agency_id=ward.agency)
    )
    said = " ".join(f"{key}:{count}" for key, count in rows.order_by("key").values_list("key", "directory"))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


class _Planner:
    """Works a plan out, row by row, against a directory that was read once."""

    def __init__(self, charge: Charge, ward: Ward, today: date) -> None:
        self.charge, self.ward, self.today = charge, ward, today
        self.mine = frozenset({ward.agency}) if ward.agency else agencies_of(charge)
        running = Q(to_on__isnull=True) | Q(to_on__gte=today)
        self.agencies = {row.key: row for row in Agency.objects.filter(key__in=self.mine)}
        self.posts = {(row.agency_id, row.post): row for row in Post.objects.filter(agency__in=self.mine)}
        held = Holding.objects.filter(running, post__agency__in=self.mine).select_related("post")
        self.held: dict[tuple[PostKey, Key], Holding] = {}
        for seat in held.order_by("-from_on", "-id"):  # of several, the first to begin
            self.held[((seat.post.agency_id, seat.post.post), seat.person_id)] = seat
        ever = Holding.objects.filter(post__agency__in=self.mine).values("person_id")
        self.people = {row.key: row for row in Person.objects.filter(key__in=ever)}
        self.by_name: dict[tuple[Key, str], list[Key]] = {}
        for (post, person), _ in self.held.items():
            name = " ".join(self.people[person].full_name.split()).casefold()
            keys = self.by_name.setdefault((post[0], name), [])
            if person not in keys:
                keys.append(person)
        self.elsewhere = self._elsewhere(running, ever)
        self.mistakes: list[FileMistake] = []
        self.lines: list[Planned] = []
        self.untouched = 0
        # What the rows said, with the first row that said it.
        self.said: dict[tuple[object, str], tuple[str, int]] = {}
        self.emails: dict[str, tuple[Key, str, int]] = {}
        self.sat: dict[tuple[PostKey, Key], int] = {}
        self.new_agencies: dict[Key, dict[str, object]] = {}
        self.new_posts: dict[PostKey, dict[str, object]] = {}
        self.new_people: dict[Key, dict[str, object]] = {}
        self.of_agencies: dict[Key, dict[str, object]] = {}
        self.of_posts: dict[PostKey, dict[str, object]] = {}
        self.of_people: dict[Key, dict[str, object]] = {}
        self.of_seats: dict[int, Values] = {}
        self.new_seats: list[NewSeat] = []
        self.here = {(post[0], person) for post, person in self.held}
        self.seated = {person for _, person in self.held}

    def _elsewhere(self, running: Q, people: QuerySet[Any, Any]) -> frozenset[Key]:
        """Give those who have something outside of what this charge covers: how to reach them is not its to change."""
        seats = Holding.objects.filter(running, person__in=people).exclude(post__agency__in=self.mine)
        roles = Administrator.objects.filter(running, person__in=people).exclude(agency__in=self.mine)
        if self.charge.partnership:
            roles = roles.exclude(partnership_id=self.charge.partnership)
        return frozenset(seats.values_list("person_id", flat=True)) | frozenset(
            roles.values_list("person_id", flat=True)
        )

    # --- the file as a whole ------------------------------------------------------------------------------------------

    def plan(self, rows: Sequence[Row], whole: bool, progress: Callable[[int, int], None]) -> Plan | Mistaken:
        self.known_emails = self._known_emails(rows)
        self.taken = self._taken(rows)
        for done, row in enumerate(rows, start=1):
            self._row(row)
            if done % 1000 == 0 or done == len(rows):
                progress(done, len(rows))
        for key, values in self.new_agencies.items():
            self._new_agency_is_whole(key, values)
        if self.mistakes:
            return Mistaken(tuple(sorted(set(self.mistakes))))
        ended = self._ended({row[AGENCY] for row in rows}) if whole else ()
        return Plan(
            lines=tuple(self.lines),
            untouched=self.untouched,
            directory=directory_count(self.ward),
            agencies=self.of_agencies,
            new_agencies=self.new_agencies,
            posts=self.of_posts,
            new_posts=self.new_posts,
            people=self.of_people,
            new_people=tuple(NewPerson(key, values) for key, values in self.new_people.items()),
            seats=self.of_seats,
            new_seats=tuple(self.new_seats),
            ended=ended,
        )

    def _known_emails(self, rows: Iterable[Row]) -> Mapping[str, Person]:
        wanted = {row[EMAIL].lower() for row in rows if row[EMAIL]}
        found: dict[str, Person] = {}
        for person in Person.objects.exclude(email="").order_by("-key"):
            if person.email.lower() in wanted:
                found[person.email.lower()] = person
        return found

    def _taken(self, rows: Iterable[Row]) -> frozenset[Key]:
        """Give the keys of agencies that are somebody else's: no new agency can have them."""
        wanted = {row[AGENCY] for row in rows} - self.mine
        return frozenset(Agency.objects.filter(key__in=wanted).values_list("key", flat=True))

    def _new_agency_is_whole(self, key: Key, values: Mapping[str, object]) -> None:
        row = self.said[(key, AGENCY)][1]
        for column in (AGENCY_NAME, KIND):
            if _OF_AGENCY[column] not in values:
                self._wrong(row, column, "", f"The agency “{shown(key)}” is new here. Say its {column.split()[-1]}")

    def _ended(self, agencies: Iterable[Key]) -> tuple[int, ...]:
        """End the time of everybody whom a whole directory does not name."""
        found = []
        last_day = self.today - timedelta(days=1)
        staying = {(post[0], person) for post, person in self.sat}
        left: dict[tuple[Key, Key], None] = {}
        wanted = set(agencies)
        for (post, person), seat in self.held.items():
            if post[0] not in wanted or (post, person) in self.sat:
                continue
            found.append(seat.pk)
            if (post[0], person) in staying:
                self._says(What.CHANGES, person, f"leaves the post {post[1]}, with {last_day} as the last day", 0)
            else:
                left[(post[0], person)] = None
        for agency, person in left:
            self._says(What.LEAVES, person, f"leaves {self._agency_name(agency)}, with {last_day} as the last day", 0)
        return tuple(found)

    # --- one row ------------------------------------------------------------------------------------------------------

    def _row(self, row: Row) -> None:
        before = len(self.mistakes), len(self.lines)
        agency = row[AGENCY]
        if not self._agency(row, agency):
            return
        if not row[POST]:
            self._nothing_behind(row, "post", _BEHIND_A_POST, "Say which post this is")
        else:
            post = (agency, row[POST])
            if self._post(row, post):
                self._person_in(row, post)
        if (len(self.mistakes), len(self.lines)) == before:
            self.untouched += 1

    def _agency(self, row: Row, key: Key) -> bool:
        if not _KEY.fullmatch(key):
            says = "Write the agency’s key: letters, numbers and hyphens, 50 at most"
            return self._wrong(row.number, AGENCY, key, says)
        if key not in self.mine and (self.ward.agency is not None or key in self.taken):
            says = (
                "You do not look after an agency with this key" if self.ward.agency else "This key can’t be used here"
            )
            return self._wrong(row.number, AGENCY, key, says)
        self.said.setdefault((key, AGENCY), (key, row.number))
        new = self._said_of(row, key, _OF_AGENCY)
        if KIND in row.cells and not _KEY.fullmatch(row[KIND]):
            return self._wrong(row.number, KIND, row[KIND], "Write one word, for example school or social-care")
        if ON_SERVICE in row.cells:
            if row[ON_SERVICE].lower() not in ("yes", "no"):
                return self._wrong(row.number, ON_SERVICE, row[ON_SERVICE], "Write yes or no")
            new["on_service"] = row[ON_SERVICE].lower() == "yes"
        known = self.agencies.get(key)
        if known is None:
            if row[KIND] == THE_OFFICE:
                return self._wrong(row.number, KIND, row[KIND], "A partnership has one office, and it is there already")
            if key not in self.new_agencies:
                self._line(What.CHANGES, row[AGENCY_NAME] or key, "is a new agency", row.number)
            self.new_agencies.setdefault(key, {}).update(new)
            return True
        changed = {name: value for name, value in new.items() if getattr(known, name) != value}
        if "kind" in changed and (self.ward.agency or THE_OFFICE in (known.kind, changed["kind"])):
            return self._wrong(row.number, KIND, row[KIND], f"The kind can’t be changed here. It is {known.kind}")
        fresh = {name: value for name, value in changed.items() if name not in self.of_agencies.get(key, {})}
        if fresh:
            self.of_agencies.setdefault(key, {}).update(fresh)
            self._line(What.CHANGES, known.name, f"has a new {_listed(fresh)}", row.number)
        return True

    def _post(self, row: Row, post: PostKey) -> bool:
        if not re.fullmatch(r"[-a-zA-Z0-9_]{1,100}", post[1]):
            return self._wrong(row.number, POST, post[1], "Write the post’s key: letters, numbers and hyphens")
        if row[FUNCTION] and row[FUNCTION] not in set(Function):
            functions = ", ".join(Function)
            return self._wrong(row.number, FUNCTION, row[FUNCTION], f"Write one of these: {functions}")
        new = self._said_of(row, post, _OF_POST)
        known = self.posts.get(post)
        if known is None:
            if post not in self.new_posts:
                self._line(What.CHANGES, self._agency_name(post[0]), f"has a new post: {post[1]}", row.number)
            self.new_posts.setdefault(post, {}).update(new)
            return True
        seen = self.of_posts.get(post, {})
        fresh = {name: value for name, value in new.items() if getattr(known, name) != value and name not in seen}
        if fresh:
            self.of_posts.setdefault(post, {}).update(fresh)
            about = f"{post[1]} at {self._agency_name(post[0])}"
            self._line(What.CHANGES, about, f"has a new {_listed(fresh)}", row.number)
        return True

    def _person_in(self, row: Row, post: PostKey) -> None:
        if not (row[FULL_NAME] or row[PERSON]):
            self._nothing_behind(row, "person", (EMAIL, TELEPHONE, DEPUTY, FROM, TO), "Say who this is")
            return
        if row[DEPUTY] and not re.fullmatch(r"[0-9]{1,3}", row[DEPUTY]):
            says = "Write 0 for whoever holds the post, and 1, 2, 3 for its deputies in order"
            self._wrong(row.number, DEPUTY, row[DEPUTY], says)
            return
        person = self._person(row, post[0])
        if person is None:
            return
        if (first := self.sat.setdefault((post, person), row.number)) != row.number:
            self._wrong(row.number, FULL_NAME, row[FULL_NAME], f"Row {first} has the same person in the same post")
            return
        self._seat(row, post, person)

    def _person(self, row: Row, agency: Key) -> Key | None:
        """Find whom a row means, or make somebody new of it; None where it says something that can't be so."""
        if row[EMAIL] and not _is_email(row[EMAIL]):
            self._wrong(row.number, EMAIL, row[EMAIL], "Write an e-mail address, for example name@school.example")
            return None
        person = self._known_person(row, agency)
        if isinstance(person, FileMistake):
            self.mistakes.append(person)
            return None
        if row[EMAIL] and not self._one_person_for(row, person):
            return None
        if person in self.new_people:
            self.new_people[person].update(self._said_of(row, person, _OF_PERSON))
            return person
        if person is not None:
            return person if self._contact(row, person) else None
        if not row[FULL_NAME]:
            self._wrong(row.number, FULL_NAME, "", "Write their full name")
            return None
        key = f"new-{row.number}"
        self.new_people[key] = self._said_of(row, key, _OF_PERSON)
        if row[EMAIL]:
            self.emails[row[EMAIL].lower()] = (key, row[FULL_NAME], row.number)
        else:
            name = " ".join(row[FULL_NAME].split()).casefold()
            self.by_name.setdefault((agency, name), []).append(key)
        return key

    def _known_person(self, row: Row, agency: Key) -> Key | FileMistake | None:
        if row[PERSON]:
            if row[PERSON] in self.people:
                return row[PERSON]
            says = "There is no person with this key here. Leave it empty for somebody new"
            return FileMistake(row.number, PERSON, shown(row[PERSON]), says)
        email = row[EMAIL].lower()
        if email and (in_file := self.emails.get(email)) is not None:
            return in_file[0]
        if email and (known := self.known_emails.get(email)) is not None:
            if same_name(known.full_name, row[FULL_NAME]):
                self.people.setdefault(known.key, known)
                return known.key
            says = "Somebody with another name has this address already. Check it"
            return FileMistake(row.number, EMAIL, shown(row[EMAIL]), says)
        named = self.by_name.get((agency, " ".join(row[FULL_NAME].split()).casefold()), [])
        if len(named) > 1:
            says = "Several people there have this name. Add the person key or the e-mail address"
            return FileMistake(row.number, FULL_NAME, shown(row[FULL_NAME]), says)
        if named and email and (self._email_of(named[0]) or email) != email:
            return None  # the same name and another address: somebody else
        return named[0] if named else None

    def _email_of(self, person: Key) -> str:
        new = self.new_people.get(person)
        return str(new.get("email", "")).lower() if new is not None else self.people[person].email.lower()

    def _one_person_for(self, row: Row, person: Key | None) -> bool:
        """Say whether an address belongs to one person in the file, and to nobody else outside of it."""
        email = row[EMAIL].lower()
        key, name, first = self.emails.setdefault(email, (person or f"new-{row.number}", row[FULL_NAME], row.number))
        if row[FULL_NAME] and name and not same_name(name, row[FULL_NAME]):
            says = f"Row {first} has this address for {shown(name)}. Each person needs an address of their own"
            return self._wrong(row.number, EMAIL, row[EMAIL], says)
        if person is not None and key != person:
            says = f"Row {first} has this address for somebody else"
            return self._wrong(row.number, EMAIL, row[EMAIL], says)
        known = self.known_emails.get(email)
        if known is not None and person is not None and known.key != person:
            return self._wrong(row.number, EMAIL, row[EMAIL], "Somebody else has this address already. Check it")
        return True

    def _contact(self, row: Row, person: Key) -> bool:
        known = self.people[person]
        new = self._said_of(row, person, _OF_PERSON)
        seen = self.of_people.get(person, {})
        fresh = {name: value for name, value in new.items() if getattr(known, name) != value and name not in seen}
        if not fresh:
            return True
        if person in self.elsewhere or person not in self.seated:
            column = next(column for column, name in _OF_PERSON.items() if name in fresh)
            says = "They have posts elsewhere too, so this can’t be changed here. Leave it as it is, or empty"
            return self._wrong(row.number, column, row[column], says)
        self.of_people.setdefault(person, {}).update(fresh)
        self._line(What.CHANGES, known.full_name, f"has a new {_listed(fresh)}", row.number)
        return True

    def _seat(self, row: Row, post: PostKey, person: Key) -> None:
        begins = date.fromisoformat(row[FROM]) if row[FROM] else None
        ends = date.fromisoformat(row[TO]) if row[TO] else None
        seat = self.held.get((post, person))
        from_on = begins or (seat.from_on if seat else self.today)
        to_on = ends or (seat.to_on if seat else None)
        if to_on is not None and to_on < from_on:
            self._wrong(row.number, TO, row[TO] or row[FROM], "The last day must not be before the first")
            return
        title = f"{post[1]} at {self._agency_name(post[0])}"
        if seat is not None:
            now = {"deputy": seat.deputy, "from_on": seat.from_on, "to_on": seat.to_on}
            then = {"deputy": int(row[DEPUTY] or seat.deputy), "from_on": from_on, "to_on": to_on}
            fresh = {name: value for name, value in then.items() if now[name] != value}
            if fresh:
                self.of_seats[seat.pk] = fresh
                self._says(What.CHANGES, person, f"has a new {_listed(fresh)} as {title}", row.number)
            return
        self.new_seats.append(NewSeat(post, person, int(row[DEPUTY] or 0), from_on, to_on))
        joins = (post[0], person) not in self.here
        self.here.add((post[0], person))
        deputy = f", deputy {row[DEPUTY]}" if row[DEPUTY] not in ("", "0") else ""
        self._says(
            What.JOINS if joins else What.CHANGES, person, f"takes the post {title}{deputy}, from {from_on}", row.number
        )

    # --- what several need --------------------------------------------------------------------------------------------

    def _said_of(self, row: Row, of: object, columns: Mapping[str, str]) -> dict[str, object]:
        """Give what a row says of something, once it is sure that no row before said otherwise."""
        found: dict[str, object] = {}
        for column, name in columns.items():
            text = row[column]
            if not text:
                continue
            if column in NUMBERS and not _NUMBER.fullmatch(text):
                self._wrong(row.number, column, text, "Write a telephone number, for example 01632 960100")
                continue
            before, first = self.said.setdefault((of, column), (text, row.number))
            if before != text:
                self._wrong(row.number, column, text, f"Row {first} says “{shown(before)}”. Write the same in both")
                continue
            found[name] = text
        return found

    def _nothing_behind(self, row: Row, what: str, columns: Iterable[str], says: str) -> None:
        for column in columns:
            if row[column]:
                where = POST if what == "post" else FULL_NAME
                self._wrong(row.number, where, "", f"{says}, because the row gives a {column}")
                return

    def _agency_name(self, key: Key) -> str:
        known = self.agencies.get(key)
        return known.name if known else str(self.new_agencies.get(key, {}).get("name", key))

    def _says(self, what: What, person: Key, says: str, row: int) -> None:
        new = self.new_people.get(person)
        self._line(what, str(new["full_name"]) if new else self.people[person].full_name, says, row)

    def _line(self, what: What, about: str, says: str, row: int) -> None:
        self.lines.append(Planned(what, about, says, row))

    def _wrong(self, row: int, column: str, found: str, write: str) -> bool:
        self.mistakes.append(FileMistake(row, column, shown(found), write))
        return False


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


_WORDS: Final = {
    "on_service": "place on the service",
    "out_of_hours": "telephone number out of hours",
    "telephone": "telephone number",
    "full_name": "name",
    "email": "e-mail address",
    "title": "local title",
    "deputy": "place among the deputies",
    "from_on": "first day",
    "to_on": "last day",
}


def _listed(fresh: Mapping[str, object]) -> str:
    return " and ".join(_WORDS.get(name, name) for name in fresh)
