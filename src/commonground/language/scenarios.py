"""Scenarios: stories of one disagreement under one procedure, in YAML that a safeguarding lead can read and write.

    read_scenario(Path("agreed.yaml"))        # a `Scenario`, or `Mistakes`: all of them, each at its place

A scenario says who takes part, then tells line by line who does what and when, and what is expected then: whose move,
what, by when, which marks, who is told, what is refused and why. `playing.py` plays it through the core's own `decide`.

Every command of the core, and every field of it, has a word here (`DEEDS`); everything that can be seen of a standing
has one too (`EXPECTATIONS`). Names of posts, stages, matters and endings are the procedure's own. How to write one is
in docs/scenarios.md.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from commonground.core import reasons
from commonground.core.acts import (
    WITHDRAWN,
    About,
    Action,
    Actor,
    Advise,
    Answer,
    Ask,
    Audience,
    Because,
    Confirm,
    Decide,
    Dissent,
    Flag,
    Flags,
    GoUp,
    How,
    Mark,
    Medium,
    Meet,
    Meets,
    Note,
    PostRef,
    Propose,
    Raise,
    Refer,
    Reopen,
    Reply,
    Report,
    Rounds,
    Said,
    SetDate,
    Sets,
    Side,
    StateView,
    Talk,
    Target,
    What,
    Withdraw,
    Write,
)
from commonground.core.procedure import OFFICE, HeldIn, Key, Procedure, nodes
from commonground.core.setting import Agency, Setting
from commonground.core.time import LONDON, Rule
from commonground.language.calendars import load_calendar, nations
from commonground.language.library import shipped
from commonground.language.mistakes import Mistake, Mistakes, Plain, Positions, Where, load_yaml
from commonground.language.register import PROCEDURES

SCENARIOS: Final = PROCEDURES / "scenarios"
"""The folder of the shipped scenarios: one folder in it for each procedure."""

PARTNERSHIP: Final = "partnership"
"""The agency under which a scenario's partnership posts stand."""

T = TypeVar("T")
D = TypeVar("D")
Words = TypeVar("Words", bound=StrEnum)

# --- What a scenario is ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Silence:
    """Time passes, and these limits run out, in this order."""

    events: tuple[Key, ...]


@dataclass(frozen=True)
class NewHoliday:
    """A bank holiday is added to the calendar, and the open limits are dated anew."""

    on: date
    name: str


@dataclass(frozen=True)
class Expected:
    """One thing that is expected after a line: the word for it, and its values as `playing.py` will write them."""

    word: str
    values: tuple[str, ...]
    where: Where


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a story: at a moment somebody does something, or nothing comes."""

    number: int
    at: datetime
    does: Ask | Silence | NewHoliday | None
    """None: nothing happens; only what stands is looked at."""
    by: Actor | None = None
    happened_at: datetime | None = None
    said: tuple[Said, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    """What is said, as (field, text)."""
    shown: tuple[tuple[str, str], ...] = ()
    """The line as it was written, as (word, value), for those who read it."""
    expected: tuple[Expected, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A story under a procedure. `setting` is the procedure, the calendar and the agencies with their posts."""

    name: str
    title: str
    shows: str
    route: Key
    clauses: tuple[str, ...]
    setting: Setting
    story: tuple[Line, ...]
    positions: Positions


def shipped_scenarios() -> Mapping[str, Path]:
    """This will give the file of every shipped scenario by its name, which is `procedure/file`."""
    found = {f"{path.parent.name}/{path.stem}": path for path in sorted(SCENARIOS.glob("*/*.yaml"))}
    return MappingProxyType(found)


def read_scenario(
    source: Path | str, name: str | None = None, *, procedures: Mapping[Key, tuple[Procedure, str]] | None = None
) -> Scenario:
    """This will read a scenario from a file's path, or from its text.

    `procedures` are those it may tell of, each with its digest (the shipped ones, unless given). `name` is what
    messages call the file. Raises `Mistakes` with all of them, and OSError when the file can't be opened.
    """
    data, positions = load_yaml(source, name)
    page = _Page(positions, procedures if procedures is not None else shipped())
    scenario = page.scenario(data, source.stem if isinstance(source, Path) else positions.file)
    if page.mistakes or scenario is None:
        raise Mistakes(page.mistakes)
    return scenario


# --- Moments ---------------------------------------------------------------------------------------------------------

_DAYS: Final = "Mon Tue Wed Thu Fri Sat Sun".split()
_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DAY = r"(?P<weekday>[A-Z][a-z]+) (?P<day>[0-9]{1,2}) (?P<month>[A-Z][a-z]+) (?P<year>[0-9]{4})"
_DATE = re.compile(_DAY)
_MOMENT = re.compile(_DAY + r" (?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?: (?P<zone>BST|GMT))?")


def moment_in_words(at: datetime) -> str:
    """This will write a moment as scenarios do: "Thu 2 Apr 2026 15:42", in London, with BST or GMT where the clocks
    show that time twice. The last moment of a day is 23:59."""
    local = at.astimezone(LONDON)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{date_in_words(local)} {local:%H:%M}" + (f" {local.tzname()}" if twice else "")


def date_in_words(on: date) -> str:
    """This will write a date as scenarios do: "Thu 2 Apr 2026"."""
    return f"{_DAYS[on.weekday()]} {on.day} {_MONTHS[on.month - 1]} {on.year}"


def _date(raw: Plain) -> date:
    match = _DATE.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        raise ValueError('a weekday and a date, for example "Thu 2 Apr 2026"')
    return _day_of(match)


def _moment(raw: Plain) -> datetime:
    match = _MOMENT.fullmatch(raw) if isinstance(raw, str) else None
    if match is None or int(match["hour"]) > 23 or int(match["minute"]) > 59:
        raise ValueError('a weekday, a date and a time in London, for example "Thu 2 Apr 2026 15:42"')
    clock = time(int(match["hour"]), int(match["minute"]), fold=1 if match["zone"] == "GMT" else 0)
    local = datetime.combine(_day_of(match), clock, LONDON)
    if match["zone"] not in (None, local.tzname()):
        raise ValueError(f'the time without "{match["zone"]}": London was on {local.tzname()}')
    if local.astimezone(UTC).astimezone(LONDON).time() != clock.replace(fold=0):
        raise ValueError("a time that London's clocks showed: they went forward over this one")
    return local.astimezone(UTC)


def _day_of(match: re.Match[str]) -> date:
    try:
        on = date(int(match["year"]), _MONTHS.index(match["month"][:3]) + 1, int(match["day"]))
    except ValueError:
        raise ValueError("a date that exists") from None
    if _DAYS[on.weekday()] != match["weekday"][:3]:
        raise ValueError(f'the right weekday: "{date_in_words(on)}"')
    return on


def _date_or_moment(raw: Plain) -> tuple[date | None, datetime | None]:
    if isinstance(raw, str) and _DATE.fullmatch(raw):
        return _date(raw), None
    return None, _moment(raw)


# --- Reading: a group of keys, each taken once -----------------------------------------------------------------------

_NEEDED: Final = object()


def _near(found: str, known: Iterable[str]) -> str:
    """What to write instead of a word nobody knows: the nearest known one, or all of them."""
    choices = sorted(set(known))
    near = difflib.get_close_matches(found, choices, n=1)
    return f'"{near[0]}", if that is what was meant' if near else f"one of {', '.join(choices)}"


def _text(raw: Plain) -> str:
    if not isinstance(raw, str):
        raise ValueError("text; put it in quotes where it looks like a number, a date or true")
    return raw


def _yes_or_no(raw: Plain) -> bool:
    known: dict[Plain, bool] = {True: True, False: False, "yes": True, "no": False}
    if isinstance(raw, bool | str) and raw in known:
        return known[raw]
    raise ValueError("yes or no")


def _one_of(known: Iterable[str]) -> Callable[[Plain], str]:
    options = tuple(known)

    def parse(raw: Plain) -> str:
        if raw not in options:
            raise ValueError(_near(str(raw), options))
        return str(raw)

    return parse


def _word_of(kind: type[Words]) -> Callable[[Plain], Words]:
    choose = _one_of(member.value for member in kind)
    return lambda raw: kind(choose(raw))


class _Group:
    """A group of keys being read: each is taken once, and what is left in the end is unknown."""

    def __init__(self, page: _Page, raw: Mapping[str, Plain], where: Where) -> None:
        self.page, self.raw, self.where = page, raw, where
        self.taken: list[str] = []

    def take(self, key: str, parse: Callable[[Plain], T], instead: D) -> T | D:
        """Take a key's value; `instead` where it is not there, or is wrong (which is then a mistake)."""
        self.taken.append(key)
        if key not in self.raw:
            return instead
        return self.page.parsed(self.raw[key], (*self.where, key), parse, instead)

    def need(self, key: str, parse: Callable[[Plain], T], instead: D) -> T | D:
        """Take a key's value; its absence is a mistake."""
        if key not in self.raw:
            self.page.wrong((*self.where, key), found="nothing", write=f'the key "{key}" and its value')
        return self.take(key, parse, instead)

    def many(self, key: str, parse: Callable[[Plain], T]) -> tuple[T, ...]:
        """Take a list; a single value stands for a list of one."""
        self.taken.append(key)
        raw = self.raw.get(key)
        if key not in self.raw:
            return ()
        found: list[T] = []
        for number, item in enumerate(raw if isinstance(raw, list) else [raw]):
            where = (*self.where, key, number) if isinstance(raw, list) else (*self.where, key)
            value = self.page.parsed(item, where, parse, None)
            if value is not None:
                found.append(value)
        return tuple(found)

    def groups(self, key: str) -> tuple[_Group, ...]:
        """Take a list of groups; a single group stands for a list of one."""
        self.taken.append(key)
        raw = self.raw.get(key)
        if key not in self.raw:
            return ()
        found: list[_Group] = []
        for number, item in enumerate(raw if isinstance(raw, list) else [raw]):
            where = (*self.where, key, number) if isinstance(raw, list) else (*self.where, key)
            if group := self.page.group(item, where):
                found.append(group)
        return tuple(found)

    def close(self) -> None:
        """Everything that nobody took is a mistake."""
        for key in self.raw:
            if key not in self.taken:
                write = f"{_near(key, self.taken)}, or leave it out"
                self.page.wrong((*self.where, key), found=f'the unknown key "{key}"', write=write, of_key=True)


class _Page:
    """One scenario file being read: what it may name, and every mistake in it."""

    def __init__(self, positions: Positions, procedures: Mapping[Key, tuple[Procedure, str]]) -> None:
        self.positions, self.procedures = positions, procedures
        self.mistakes: list[Mistake] = []
        self.setting: Setting
        self.actions: set[Key] = set()

    # --- mistakes ----------------------------------------------------------------------------------------------

    def wrong(self, where: Where, *, write: str, found: str | None = None, of_key: bool = False) -> None:
        self.mistakes.append(self.positions.mistake(where, write=write, found=found, of_key=of_key))

    def parsed(self, raw: Plain, where: Where, parse: Callable[[Plain], T], instead: D) -> T | D:
        try:
            return parse(raw)
        except ValueError as error:
            self.wrong(where, write=str(error))
            return instead

    def group(self, raw: Plain, where: Where) -> _Group | None:
        if isinstance(raw, dict):
            return _Group(self, raw, where)
        self.wrong(where, write='a group of keys, one "key: value" on each line')
        return None

    # --- the whole file ----------------------------------------------------------------------------------------

    def scenario(self, data: Plain, name: str) -> Scenario | None:
        top = self.group(data, ())
        if top is None:
            return None
        title = top.need("scenario", _text, "")
        chosen = top.need("procedure", _one_of(self.procedures), None)
        if chosen is None:
            return None  # nothing else can be judged without it
        procedure, digest = self.procedures[chosen]
        route = top.need("route", _one_of(r.key for r in procedure.routes), "")
        shows = top.need("shows", _text, "")
        cited = {clause for _, node in nodes(procedure) for clause in getattr(node, "clauses", ())}
        clauses = top.many("clauses", _one_of(cited))
        nation = top.take("nation", _one_of(nations()), None) or procedure.nation
        self.setting = Setting(procedure, digest, load_calendar(nation), PARTNERSHIP, self._agencies(top, procedure))
        lines = tuple(self._line(number, group) for number, group in enumerate(top.groups("story"), start=1))
        if "story" not in top.raw:
            self.wrong(("story",), found="nothing", write='the key "story" and its lines')
        self._in_order(lines)
        top.close()
        return Scenario(
            name=name,
            title=title,
            shows=" ".join(shows.split()),
            route=route,
            clauses=clauses,
            setting=self.setting,
            story=lines,
            positions=self.positions,
        )

    def _in_order(self, lines: tuple[Line, ...]) -> None:
        for before, line in pairwise(lines):
            if line.at < before.at and line.at != _NEVER:
                write = f"a moment not before {moment_in_words(before.at)}, the line above"
                self.wrong(("story", line.number - 1, "at"), write=write)

    def _agencies(self, top: _Group, procedure: Procedure) -> dict[Key, Agency]:
        """Every agency with all posts that its kind can have, but for those it is said to be without."""
        found: dict[Key, Agency] = {}
        raw = top.need("agencies", _group_of_keys, {})
        for key, value in {PARTNERSHIP: {}, **raw}.items():
            if isinstance(value, dict):
                group = _Group(self, value, ("agencies", key))
                kind = PARTNERSHIP if key == PARTNERSHIP else group.need("kind", _text, key)
                without = group.many("without", _one_of(post.key for post in procedure.posts))
                group.close()
            else:
                kind, without = self.parsed(value, ("agencies", key), _text, key), ()
            found[key] = Agency(key, kind, frozenset(_posts_of(procedure, kind)) - set(without))
        return found

    # --- names -------------------------------------------------------------------------------------------------

    def agency(self, raw: Plain) -> Key:
        return _one_of(self.setting.agencies)(raw)

    def seat(self, raw: Plain) -> PostRef:
        """`AGENCY POST`, or `office`."""
        if raw == OFFICE:
            return self.setting.office_post
        agency, _, post = _text(raw).partition(" ")
        if agency not in self.setting.agencies or not post:
            raise ValueError(
                f'an agency of this scenario and a post, for example "{self._example()}", or "office"; '
                f"the agencies are {', '.join(sorted(self.setting.agencies))}"
            )
        posts = self.setting.agencies[agency].posts
        if post not in posts:
            raise ValueError(_near(f"{agency} {post}", [f"{agency} {key}" for key in posts]))
        return PostRef(agency, post)

    def _example(self) -> str:
        agency = next((key for key in self.setting.agencies if key != PARTNERSHIP), PARTNERSHIP)
        return f"{agency} {min(self.setting.agencies[agency].posts, default=OFFICE)}"

    def actor(self, raw: Plain) -> Actor:
        """A seat; `another SEAT` is somebody else in a post like it."""
        text = _text(raw)
        seat = self.seat(text.removeprefix("another "))
        return Actor(f"{'another-' if text.startswith('another ') else ''}{seat.agency}-{seat.post}", seat)

    def stage(self, raw: Plain) -> str:
        """`stage` of the scenario's own words, or `route/stage`; always both in what is given back."""
        known = [f"{route.key}/{stage.key}" for route in self.setting.procedure.routes for stage in route.stages]
        return _one_of(known)(raw)

    def step(self, raw: Plain) -> Key:
        procedure = self.setting.procedure
        return _one_of({s.key for r in procedure.routes for stage in r.stages for s in stage.steps})(raw)

    def ending(self, raw: Plain) -> Key:
        return _one_of([ending.key for ending in self.setting.procedure.endings])(raw)

    def event(self, raw: Plain) -> Key:
        """A limit, as the standing names it."""
        procedure = self.setting.procedure
        stages = [stage for route in procedure.routes for stage in route.stages]
        return _one_of(
            {"stage", "confirm", "question"}
            | {f"step {step.key}" for stage in stages for step in stage.steps}
            | {f"cap {cap.key}" for route in procedure.routes for cap in route.caps}
            | {f"action {action}" for action in self.actions}
        )(raw)

    # --- lines -------------------------------------------------------------------------------------------------

    def _line(self, number: int, group: _Group) -> Line:
        at = group.need("at", _moment, _NEVER)
        deed = self._deed(group)
        needs_somebody = deed not in (None, *_NOBODYS)
        by = group.need("by", self.actor, None) if needs_somebody else None
        happened_at = group.take("happened-at", _moment, None) if needs_somebody else None
        spoken = self._saying(group) if needs_somebody else ()
        does = DEEDS[deed](self, group, by) if deed else None
        if isinstance(does, Withdraw | Reopen):
            own = group.raw.get(str(deed))
            spoken = (*spoken, ("reasons", own)) if isinstance(own, str) and own else spoken
        expected = self._expected(group)
        if deed is not None:
            group.close()
        shown = tuple((key, _shown(value)) for key, value in group.raw.items() if key not in ("at", "by", "expect"))
        return Line(
            number=number,
            at=at,
            does=does,
            by=by,
            happened_at=happened_at,
            said=tuple(_said(by, field, text) for field, text in spoken if by is not None),
            words=spoken,
            shown=shown,
            expected=expected,
        )

    def _deed(self, group: _Group) -> str | None:
        """The one thing that a line does; None for a line that only looks, and where it can't be told (a mistake)."""
        done = [key for key in group.raw if key in DEEDS]
        others = [key for key in group.raw if key not in (*_EVERY_LINE, *done)]
        if len(done) == 1:
            return done[0]
        if done:
            group.taken += done
            self.wrong((*group.where, done[1]), found=f'"{done[1]}" beside "{done[0]}"', write="a line for each")
            return done[0]
        if others:
            write = _near(others[0], DEEDS)
            self.wrong((*group.where, others[0]), found=f'the unknown key "{others[0]}"', write=write, of_key=True)
        elif "expect" not in group.raw:
            self.wrong(group.where, found="nothing that is done", write=_near("", DEEDS))
        return None

    def _saying(self, group: _Group) -> tuple[tuple[str, str], ...]:
        raw = group.take("saying", _group_of_keys, {})
        where = (*group.where, "saying")
        procedure = self.setting.procedure
        steps = {step.key for route in procedure.routes for stage in route.stages for step in stage.steps}
        known = {"words", "reasons", "differing views", *(f"why not {step}" for step in steps)}
        known |= {ask.key for ask in procedure.asks}
        found: list[tuple[str, str]] = []
        for field, text in raw.items():
            if field not in known:
                self.wrong((*where, field), found=f'the unknown key "{field}"', write=_near(field, known), of_key=True)
                continue
            said = self.parsed(text, (*where, field), _text, None)
            if said is not None:
                found.append((field, said))
        return tuple(found)

    def _expected(self, group: _Group) -> tuple[Expected, ...]:
        raw = group.take("expect", _group_of_keys, {})
        inner = _Group(self, raw, (*group.where, "expect"))
        found: list[Expected] = []
        for word, expectation in EXPECTATIONS.items():
            values = expectation(self, inner, word)
            if word in raw:
                found.append(Expected(word, values, (*inner.where, word)))
        inner.close()
        return tuple(found)


_NEVER: Final = datetime.fromisoformat("1900-01-01T00:00Z")
"""Stands for a moment that was written wrongly, until the mistakes are raised."""

_EVERY_LINE: Final = ("at", "by", "happened-at", "saying", "expect")


def _group_of_keys(raw: Plain) -> dict[str, Plain]:
    if not isinstance(raw, dict):
        raise ValueError('a group of keys, one "key: value" on each line')
    return raw


def _posts_of(procedure: Procedure, kind: Key) -> Iterable[Key]:
    if kind == PARTNERSHIP:
        return [post.key for post in procedure.posts if post.held_in is HeldIn.PARTNERSHIP] + [OFFICE]
    return [post.key for post in procedure.posts if post.held_in is HeldIn.PARTY and post.agency in (None, kind)]


def _said(by: Actor, field: str, text: str) -> Said:
    # Nothing reads a scenario's words back, so a bare digest stands for the keyed one that the record has.
    return Said(field, hashlib.sha256(text.encode()).hexdigest(), Audience.PARTIES, by.seat.agency)


def _shown(value: Plain) -> str:
    match value:
        case list():
            return ", ".join(map(_shown, value))
        case dict():
            return "; ".join(f"{key}: {_shown(inner)}" for key, inner in value.items())
        case True | False:
            return "yes" if value else "no"
        case _:
            return " ".join(str(value).split())


# --- What can be done: one word for each command ---------------------------------------------------------------------

Deed = Callable[[_Page, _Group, "Actor | None"], Ask | Silence | NewHoliday]


def _raises(page: _Page, line: _Group, by: Actor | None) -> Raise:
    procedure = page.setting.procedure
    facts = line.take("facts", _group_of_keys, {})
    return Raise(
        matter=line.need("raises", _one_of([matter.key for matter in procedure.matters]), ""),
        about=line.take("about", _word_of(About), About.CHILD),
        challenging=((by.seat.agency,) if by else ()) + line.many("together-with", page.agency),
        responding=line.many("with", page.agency),
        concern_at=line.take("concern-at", _moment, None),
        decision_at=line.take("decision-at", _moment, None),
        wanted_on=line.take("wanted-on", _date, None),
        start_at=line.take("start-at", page.stage, None),
        urgent=line.take("urgent", _yes_or_no, False),
        facts=tuple((fact, _shown(value)) for fact, value in facts.items()),
        linked=line.many("linked-to", _linked),
    )


def _linked(raw: Plain) -> UUID:
    return uuid5(NAMESPACE_URL, f"scenario:{_text(raw)}")


def _writes(page: _Page, line: _Group, by: Actor | None) -> Write:
    return Write(
        form=line.need("writes", _text, ""), step=line.take("step", page.step, None), to=line.many("to", page.seat)
    )


def _talks(page: _Page, line: _Group, by: Actor | None) -> Talk:
    return Talk(
        medium=line.need("talks", _word_of(Medium), Medium.IN_PERSON),
        step=line.take("step", page.step, None),
        with_=line.many("with", page.seat),
    )


def _replies(page: _Page, line: _Group, by: Actor | None) -> Reply:
    return Reply(
        answer=line.need("replies", _word_of(Answer), Answer.DISAGREE),
        step=line.take("step", page.step, None),
        right_post=line.take("right-post", page.seat, None),
        more_by=line.take("more-by", _date, None),
    )


def _advice(word: str, *, given: bool) -> Deed:
    def deed(page: _Page, line: _Group, by: Actor | None) -> Advise:
        adviser = line.need(word, page.seat, page.setting.office_post)
        return Advise(adviser=adviser, given=given, step=line.take("step", page.step, None))

    return deed


def _notes(page: _Page, line: _Group, by: Actor | None) -> Note:
    return Note(
        approved=line.need("notes", _one_of(("approved", "not approved")), "") == "approved",
        talked_at=line.take("talked-at", _moment, None),
        filed=line.take("filed", _yes_or_no, False),
        step=line.take("step", page.step, None),
    )


def _sets_childs_date(page: _Page, line: _Group, by: Actor | None) -> SetDate:
    on, moment = line.need("sets-childs-date", _date_or_moment, (None, None))
    return SetDate(Sets.CHILDS_DATE, by=moment, on=on)


def _time(word: str, sets: Sets) -> Deed:
    def deed(page: _Page, line: _Group, by: Actor | None) -> SetDate:
        return SetDate(sets, by=line.need(word, _moment, None))

    return deed


def _rates(page: _Page, line: _Group, by: Actor | None) -> SetDate:
    return SetDate(Sets.RATING, rating=line.need("rates", _one_of(page.setting.procedure.ratings), None))


def _states_view(page: _Page, line: _Group, by: Actor | None) -> StateView:
    view = line.need("states-view", _one_of(("agrees with own worker", "differs from own worker")), "")
    return StateView(agrees=view.startswith("agrees"), step=line.take("step", page.step, None))


def _goes_up(page: _Page, line: _Group, by: Actor | None) -> GoUp:
    def to(raw: Plain) -> str | None:
        return None if raw == "next stage" else page.stage(raw)

    posts = [post.key for post in page.setting.procedure.posts]
    return GoUp(
        to=line.need("goes-up", to, None),
        urgent=line.take("urgent", _yes_or_no, False),
        line=line.take("by-line-of", _one_of(posts), None),
    )


def _meeting(word: str, *, held: bool) -> Deed:
    def moment(raw: Plain) -> datetime | None:
        return None if raw == "no time yet" else _moment(raw)

    def deed(page: _Page, line: _Group, by: Actor | None) -> Meet:
        return Meet(held=held, meets_at=line.need(word, moment, None), **_of_a_meeting(page, line))

    return deed


def _says_of_meeting(page: _Page, line: _Group, by: Actor | None) -> Meet:
    said = [one.value for one in Meets if one not in (Meets.CALLED, Meets.HELD)]
    meets = line.need("says-of-meeting", _one_of(said), Meets.CHANGED.value)
    at = line.take("meets-at", _moment, None)
    return Meet(held=False, meets=Meets(meets), meets_at=at, **_of_a_meeting(page, line))


def _of_a_meeting(page: _Page, line: _Group) -> dict[str, Any]:
    """What may be said of a meeting, whatever is done about it."""
    return {
        "invited": line.many("invited", page.seat),
        "present": line.many("present", page.seat),
        "apologies": line.many("apologies", page.seat),
        "told": line.many("sent-to", page.seat),
        "chair": line.take("chair", page.seat, None),
        "ends_at": line.take("until", _moment, None),
        "body": line.take("the-body-sits", _yes_or_no, False),
        "quorate": line.take("enough-met", _yes_or_no, None),
        "rounds": tuple(Rounds(one) for one in line.many("what", _one_of([one.value for one in Rounds]))),
        "meeting": line.take("of", _linked, None),
        "step": line.take("step", page.step, None),
    }


def _decides(page: _Page, line: _Group, by: Actor | None) -> Decide:
    procedure = page.setting.procedure
    results = {
        result.key
        for route in procedure.routes
        for stage in route.stages
        if stage.decision
        for result in stage.decision.results
    }
    return Decide(
        result=line.need("decides", _one_of(results), ""),
        against_majority=line.take("against-majority", _yes_or_no, False),
        no_majority=line.take("no-majority", _yes_or_no, False),
        no_differing_views=line.take("no-differing-views", _yes_or_no, False),
        decided_at=line.take("decided-at", _moment, None),
        for_absent=line.take("for-somebody-absent", _yes_or_no, False),
    )


_CHALLENGES: Final = MappingProxyType({"will challenge": True, "will not challenge": False, "not decided yet": None})


def _dissents(page: _Page, line: _Group, by: Actor | None) -> Dissent:
    return Dissent(
        challenges=_CHALLENGES.get(line.need("dissents", _one_of(_CHALLENGES), "")),
        voiced_at_conference=line.take("voiced-at-conference", _yes_or_no, None),
        step=line.take("step", page.step, None),
    )


def _refers(word: str, target: Target) -> Deed:
    def deed(page: _Page, line: _Group, by: Actor | None) -> Refer:
        to = line.need(word, page.stage if target is Target.STAGE else _text, "")
        return Refer(target=target, to=to, linked=line.take("linked-to", _linked, None))

    return deed


def _flags(page: _Page, line: _Group, by: Actor | None) -> Flag:
    return Flag(
        flag=line.need("flags", _word_of(Flags), Flags.POLICY),
        clause=line.take("clause", _text, None),
        agency=line.take("agency", page.agency, None),
        linked=line.take("linked-to", _linked, None),
    )


_OPEN_ISSUES: Final = MappingProxyType({"listed": True, "none": False, "not said": None})


def _proposes(page: _Page, line: _Group, by: Actor | None) -> Propose:
    actions: list[Action] = []
    for action in line.groups("actions"):
        key = action.need("action", _text, "")
        page.actions.add(key)
        actions.append(Action(key, action.take("owner", page.seat, None), action.take("by", _date, None)))
        action.close()
    return Propose(
        ending=line.need("proposes", page.ending, ""),
        actions=tuple(actions),
        open_issues=_OPEN_ISSUES.get(line.take("open-issues", _one_of(_OPEN_ISSUES), "not said")),
        answers=line.many("answers", _text),
    )


def _side(raw: Plain) -> Side:
    return Side(_one_of([f"{side} side" for side in Side])(raw).removesuffix(" side"))


def _confirms(page: _Page, line: _Group, by: Actor | None) -> Confirm:
    said = line.need("says-of-outcome", _one_of(("it stands", "it does not stand")), "")
    return Confirm(agrees=said != "it does not stand", for_side=line.take("for", _side, None))


def _reports(page: _Page, line: _Group, by: Actor | None) -> Report:
    return Report(action=line.need("reports-on", _text, ""), done=line.need("done", _yes_or_no, False))


def _withdraws(page: _Page, line: _Group, by: Actor | None) -> Withdraw:
    line.need("withdraws", _text, "")
    return Withdraw()


def _reopens(page: _Page, line: _Group, by: Actor | None) -> Reopen:
    line.need("reopens", _text, "")
    return Reopen()


def _silence(page: _Page, line: _Group, by: Actor | None) -> Silence:
    return Silence(line.many("silence-of", page.event))


def _new_holiday(page: _Page, line: _Group, by: Actor | None) -> NewHoliday:
    on = line.need("new-bank-holiday", _date, date.min)
    return NewHoliday(on, line.take("called", _text, "New bank holiday"))


DEEDS: Final[Mapping[str, Deed]] = MappingProxyType(
    {
        "raises": _raises,
        "writes": _writes,
        "talks": _talks,
        "replies": _replies,
        "asks-advice-of": _advice("asks-advice-of", given=False),
        "takes-advice-of": _advice("takes-advice-of", given=True),
        "notes": _notes,
        "sets-childs-date": _sets_childs_date,
        "states-time": _time("states-time", Sets.STATED),
        "accepts-time": _time("accepts-time", Sets.AGREED),
        "asks-for-longer": _time("asks-for-longer", Sets.LENGTHEN),
        "rates": _rates,
        "states-view": _states_view,
        "goes-up": _goes_up,
        "calls-meeting": _meeting("calls-meeting", held=False),
        "holds-meeting": _meeting("holds-meeting", held=True),
        "says-of-meeting": _says_of_meeting,
        "decides": _decides,
        "dissents": _dissents,
        "refers-back-to": _refers("refers-back-to", Target.STAGE),
        "refers-to-procedure": _refers("refers-to-procedure", Target.PROCEDURE),
        "refers-outside-to": _refers("refers-outside-to", Target.OUTSIDE),
        "refers-in-house-to": _refers("refers-in-house-to", Target.IN_HOUSE),
        "flags": _flags,
        "proposes": _proposes,
        "says-of-outcome": _confirms,
        "reports-on": _reports,
        "withdraws": _withdraws,
        "reopens": _reopens,
        "silence-of": _silence,
        "new-bank-holiday": _new_holiday,
    }
)
"""Every word a line may do, with what makes the command of it."""

_NOBODYS: Final = ("silence-of", "new-bank-holiday")
"""What nobody does."""


# --- What can be expected: one word for everything that can be seen --------------------------------------------------

Expectation = Callable[[_Page, _Group, str], tuple[str, ...]]
"""Takes the word's value from the group and gives it as texts, written as `playing.py` writes what it sees."""


def _single(parse: Callable[[_Page], Callable[[Plain], str]]) -> Expectation:
    def expectation(page: _Page, expect: _Group, word: str) -> tuple[str, ...]:
        value = expect.take(word, parse(page), None)
        return () if value is None else (value,)

    return expectation


def _listed(parse: Callable[[_Page], Callable[[Plain], str]]) -> Expectation:
    def expectation(page: _Page, expect: _Group, word: str) -> tuple[str, ...]:
        if expect.raw.get(word) == "none":
            expect.taken.append(word)
            return ()
        return expect.many(word, parse(page))

    return expectation


def _or_else(otherwise: str, parse: Callable[[Plain], str]) -> Callable[[Plain], str]:
    return lambda raw: otherwise if raw == otherwise else parse(raw)


def _seat_text(page: _Page) -> Callable[[Plain], str]:
    return lambda raw: seat_in_words(page.seat(raw), page.setting)


def _moment_text(raw: Plain) -> str:
    return moment_in_words(_moment(raw))


def _what(page: _Page) -> Callable[[Plain], str]:
    whats = [what.value for what in What if what not in (What.STEP, What.ACTION)]
    procedure = page.setting.procedure
    steps = {step.key for route in procedure.routes for stage in route.stages for step in stage.steps}
    return _one_of([*whats, *(f"step {step}" for step in steps), *(f"action {key}" for key in page.actions), "nothing"])


def _runs(page: _Page, expect: _Group, word: str) -> tuple[str, ...]:
    inner = _Group(page, expect.take(word, _group_of_keys, {}), (*expect.where, word))
    found: list[str] = []
    for event in inner.raw:
        if page.parsed(event, (*inner.where, event), page.event, None) is not None:
            found.append(f"{event}: {inner.take(event, _moment_text, '')}")
        inner.taken.append(event)
    return tuple(found)


_REFUSED = re.compile(r"(?P<kind>[a-z ]+?)(?: \((?P<of>[^)]+)\))?")


def refusal_in_words(refusal: reasons.Refusal) -> str:
    """This will write a refusal as scenarios do: "note missing (school)"; what it is of, where it is of anything."""
    of = [getattr(refusal, field.name) for field in fields(refusal) if field.name != "clauses"]
    shown = ", ".join(" ".join(item) if isinstance(item, tuple) else str(item) for value in of for item in _each(value))
    return _kind_in_words(type(refusal)) + (f" ({shown})" if shown else "")


def _each(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _kind_in_words(kind: type[reasons.Refusal]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", kind.__name__).lower()


def _refusal(raw: Plain) -> str:
    text = _text(raw)
    match = _REFUSED.fullmatch(text)
    kinds = [_kind_in_words(kind) for kind in reasons.Refusal.__subclasses__()]
    _one_of(kinds)(match["kind"] if match else text)
    return text


def seat_in_words(seat: PostRef, setting: Setting) -> str:
    """This will write a post as scenarios do: `AGENCY POST`, and the partnership's office as `office`."""
    return OFFICE if seat == setting.office_post else f"{seat.agency} {seat.post}"


EXPECTATIONS: Final[Mapping[str, Expectation]] = MappingProxyType(
    {
        "stage": _single(lambda page: page.stage),
        "come-to": _single(lambda page: _word_of(How)),
        "owner": _single(lambda page: _or_else("nobody", _seat_text(page))),
        "because": _single(lambda page: _word_of(Because)),
        "what": _single(_what),
        "due": _single(lambda page: _or_else("no date", _moment_text)),
        "limit": _single(lambda page: _or_else("none", page.event)),
        "rule": _single(lambda page: _word_of(Rule)),
        "counted-from": _single(lambda page: _moment_text),
        "skipped": _listed(lambda page: _text),
        "runs": _runs,
        "not-running": _listed(lambda page: page.event),
        "marks": _listed(lambda page: _word_of(Mark)),
        "refused": _listed(lambda page: _refusal),
        "citing": _listed(lambda page: _text),
        "told": _listed(_seat_text),
        "told-to-act": _listed(_seat_text),
        "not-told": _listed(_seat_text),
        "challenging-side": _single(_seat_text),
        "responding-side": _single(_seat_text),
        "body": _single(lambda page: _or_else("nobody", _seat_text(page))),
        "answer": _single(lambda page: _word_of(Answer)),
        "decided": _single(lambda page: _text),
        "confirmed": _listed(lambda page: lambda raw: f"{_side(raw)} side"),
        "ended": _single(lambda page: _or_else("no", _or_else(WITHDRAWN, page.ending))),
    }
)
"""Every word that may be expected. What is not written is not looked at; a list that is `none` has to be empty."""
