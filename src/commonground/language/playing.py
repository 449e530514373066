"""Plays a scenario through the core's own `decide`, and says where what happens differs from what it expects.

No database, no clock: the setting and every moment are the scenario's. Time that passes is played as the service's
worker would: each limit that has run out is recorded at the moment it ran out, in order. A silence that the scenario
does not tell of is a difference too, so that nothing happens behind the reader's back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from commonground.core.acts import Actor, Ask, Command, Mark, Owner, PassTime, Redate, Side, Waits, What
from commonground.core.decide import Accepted, Refused, decide
from commonground.core.procedure import Key
from commonground.core.setting import Setting
from commonground.core.standing import NOTHING, Phase, Standing
from commonground.core.telling import Notice, tell
from commonground.core.time import Due
from commonground.language.mistakes import Where, in_words
from commonground.language.scenarios import (
    Expected,
    Line,
    NewHoliday,
    Scenario,
    Silence,
    moment_in_words,
    refusal_in_words,
    seat_in_words,
)

MOST_SILENCES: Final = 200
"""Silences in one line of a story; more than these are a slip in a date, and would fill the page."""


@dataclass(frozen=True)
class Difference:
    """One thing that is not as the scenario expects, at its place in the file."""

    file: str
    line: int
    column: int
    where: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.where}: expected {self.expected}; found {self.found}"


@dataclass(frozen=True)
class Moment:
    """One command of the story and its answer; `standing` is what stands after it, refused or not."""

    command: Command
    answer: Accepted | Refused
    standing: Standing
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class Played:
    """A scenario as it went: for each line of it, its moments (several where several silences fell)."""

    scenario: Scenario
    lines: tuple[tuple[Line, tuple[Moment, ...], Standing], ...]
    """Each line with its moments, and what stands after them."""
    differences: tuple[Difference, ...]


def play(scenario: Scenario) -> Played:
    """This will play a scenario from beginning to end, and gather every difference on the way."""
    player = _Player(scenario)
    lines = tuple(player.line(line) for line in scenario.story)
    return Played(scenario, lines, tuple(player.differences))


class _Player:
    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.setting: Setting = scenario.setting
        self.standing: Standing = NOTHING
        self.acts = 0
        self.differences: list[Difference] = []

    def line(self, line: Line) -> tuple[Line, tuple[Moment, ...], Standing]:
        where: Where = ("story", line.number - 1)
        match line.does:
            case Silence(events=events):
                moments = self._silence(line, events, where)
            case NewHoliday() as holiday:
                moments = (*self._untold(line, where), self._new_holiday(line, holiday))
            case None:
                moments = tuple(self._untold(line, where))
            case _:
                moments = (*self._untold(line, where), self._asks(line, line.does))
        self._compare(line, moments)
        return line, moments, self.standing

    # --- what happens ------------------------------------------------------------------------------------------

    def _asks(self, line: Line, ask: Ask) -> Moment:
        if line.by is None:
            raise TypeError("somebody does this; the reader asks who")
        return self._command(line.by, ask, line.at, line)

    def _clock(self) -> Actor:
        return Actor("clock", self.setting.office_post)

    def _command(self, by: Actor, ask: Ask, at: datetime, line: Line | None = None) -> Moment:
        self.acts += 1
        happened_at, said = (line.happened_at, line.said) if line else (None, ())
        command = Command(UUID(int=self.acts), by, ask, at, happened_at, said)
        before, answer = self.standing, decide(self.setting, self.standing, command)
        if isinstance(answer, Refused):
            return Moment(command, answer, before, ())
        self.standing = answer.standing
        return Moment(command, answer, self.standing, tell(self.setting, before, self.standing, answer.act))

    def _due(self, at: datetime, *, before: bool = False) -> Iterator[Moment]:
        """Record, one by one, what has run out by a moment (with `before`: earlier than it)."""
        for _ in range(MOST_SILENCES):
            waits = self.standing.waits
            if waits is None or waits.due is None or waits.event is None:
                return
            if waits.due.at > at or (before and waits.due.at == at):
                return
            yield self._command(self._clock(), PassTime(waits.event), waits.due.at)

    def _silence(self, line: Line, events: tuple[Key, ...], where: Where) -> tuple[Moment, ...]:
        if any(expected.word == "refused" for expected in line.expected):
            return tuple(self._command(self._clock(), PassTime(event), line.at) for event in events)
        moments = tuple(self._due(line.at))
        self._differs((*where, "silence-of"), ", ".join(events) or "none", _events(moments) or "none")
        return moments

    def _untold(self, line: Line, where: Where) -> Iterator[Moment]:
        moments = tuple(self._due(line.at, before=True))
        if moments:
            found = f"silence of {_events(moments)}"
            self._differs((*where, "at"), "no silence before it that is not told of", found)
        yield from moments

    def _new_holiday(self, line: Line, holiday: NewHoliday) -> Moment:
        old = self.setting.calendar
        calendar = old.with_holiday(holiday.on, holiday.name, f"{old.version} and {holiday.name}")
        self.setting = replace(self.setting, calendar=calendar)
        return self._command(self._clock(), Redate(calendar.version), line.at)

    # --- what was expected -------------------------------------------------------------------------------------

    def _differs(self, where: Where, expected: str, found: str) -> None:
        if expected != found:
            positions = self.scenario.positions
            line, column = positions.line_and_column(where)
            self.differences.append(Difference(positions.file, line, column, in_words(where), expected, found))

    def _compare(self, line: Line, moments: tuple[Moment, ...]) -> None:
        refused = [refusal_in_words(r) for m in moments if isinstance(m.answer, Refused) for r in m.answer.reasons]
        if refused and not any(expected.word == "refused" for expected in line.expected):
            self._differs(("story", line.number - 1), "it to be accepted", f"refused: {', '.join(refused)}")
        seen = Seen(self.setting, self.standing, moments)
        for expected in line.expected:
            sees = SEES[expected.word]
            if not sees.agree(expected.values, found := sees.see(seen)):
                self._differs(expected.where, _listed(expected), ", ".join(found) or "none")


def _events(moments: tuple[Moment, ...]) -> str:
    return ", ".join(m.command.ask.event for m in moments if isinstance(m.command.ask, PassTime))


def _listed(expected: Expected) -> str:
    return ", ".join(expected.values) or "none"


# --- What is seen: one word for each that may be expected ------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """What can be looked at after a line: what stands, and the line's own moments."""

    setting: Setting
    standing: Standing
    moments: tuple[Moment, ...]

    @property
    def waits(self) -> Waits:
        return self.standing.waits or Waits(None, None, None, None, None)

    @property
    def due(self) -> Due | None:
        return self.waits.due

    def seat(self, owner: Owner | None) -> str:
        return seat_in_words(owner.post, self.setting) if owner else "nobody"

    def marks(self) -> frozenset[Mark]:
        return frozenset(mark for m in self.moments if isinstance(m.answer, Accepted) for mark in m.answer.marks)

    def told(self, *, to_act: bool | None = None) -> tuple[str, ...]:
        notices = (notice for moment in self.moments for notice in moment.notices)
        return _unique(seat_in_words(n.to, self.setting) for n in notices if to_act in (None, n.to_act))


def _unique(texts: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


Agree = Callable[[tuple[str, ...], tuple[str, ...]], bool]


def _same(expected: tuple[str, ...], found: tuple[str, ...]) -> bool:
    return Counter(expected) == Counter(found)


def _among(expected: tuple[str, ...], found: tuple[str, ...]) -> bool:
    return set(expected) <= set(found)


def _absent(expected: tuple[str, ...], found: tuple[str, ...]) -> bool:
    return not set(expected) & set(found)


def _same_refusals(expected: tuple[str, ...], found: tuple[str, ...]) -> bool:
    """As the same; but a refusal may be expected without saying what it is of."""
    bare = tuple(text if text in expected else text.partition(" (")[0] for text in found)
    return _same(expected, bare)


@dataclass(frozen=True)
class Sees:
    see: Callable[[Seen], tuple[str, ...]]
    agree: Agree = _same


def what_in_words(waits: Waits) -> str:
    """This will write what is waited for as scenarios do: "step talk", "confirm", "nothing"."""
    if waits.what is None:
        return "nothing"
    return f"{waits.what} {waits.step}" if waits.what in (What.STEP, What.ACTION) else waits.what.value


def _refusals(seen: Seen) -> tuple[str, ...]:
    answers = (moment.answer for moment in seen.moments)
    return tuple(refusal_in_words(r) for answer in answers if isinstance(answer, Refused) for r in answer.reasons)


def _cited(seen: Seen) -> tuple[str, ...]:
    answers = (moment.answer for moment in seen.moments)
    return tuple(c for answer in answers if isinstance(answer, Refused) for r in answer.reasons for c in r.clauses)


def _ended(seen: Seen) -> tuple[str, ...]:
    ended = seen.standing.ended
    return (ended.ending if seen.standing.phase is Phase.ENDED and ended else "no",)


def _owner(side: Side) -> Callable[[Seen], tuple[str, ...]]:
    return lambda seen: (seen.seat(seen.standing.owner_of(side)),) if seen.standing.entered else ()


def _one(see: Callable[[Seen], str | None]) -> Callable[[Seen], tuple[str, ...]]:
    return lambda seen: (text,) if (text := see(seen)) is not None else ()


SEES: Final[Mapping[str, Sees]] = MappingProxyType(
    {
        "stage": Sees(_one(lambda seen: f"{seen.standing.route}/{seen.standing.stage}")),
        "come-to": Sees(_one(lambda seen: seen.standing.entered.how.value if seen.standing.entered else None)),
        "owner": Sees(_one(lambda seen: seen.seat(seen.waits.owner))),
        "because": Sees(_one(lambda seen: seen.waits.owner.because.value if seen.waits.owner else None)),
        "what": Sees(_one(lambda seen: what_in_words(seen.waits))),
        "due": Sees(_one(lambda seen: moment_in_words(seen.due.at) if seen.due else "no date")),
        "limit": Sees(_one(lambda seen: seen.waits.event or "none")),
        "rule": Sees(_one(lambda seen: seen.due.working.rule.value if seen.due else None)),
        "counted-from": Sees(_one(lambda seen: moment_in_words(seen.due.working.counted_from) if seen.due else None)),
        "skipped": Sees(lambda seen: _unique(why for _, why in seen.due.working.skipped) if seen.due else ()),
        "runs": Sees(
            lambda seen: tuple(f"{key}: {moment_in_words(due.at)}" for key, due in seen.standing.limits.items()), _among
        ),
        "not-running": Sees(lambda seen: tuple(seen.standing.limits), _absent),
        "marks": Sees(lambda seen: tuple(sorted(mark.value for mark in seen.marks()))),
        "refused": Sees(_refusals, _same_refusals),
        "citing": Sees(_cited, _among),
        "told": Sees(lambda seen: seen.told(), _among),
        "told-to-act": Sees(lambda seen: seen.told(to_act=True), _among),
        "not-told": Sees(lambda seen: seen.told(), _absent),
        "challenging-side": Sees(_owner(Side.CHALLENGING)),
        "responding-side": Sees(_owner(Side.RESPONDING)),
        "body": Sees(_one(lambda seen: seen.seat(seen.standing.entered.body) if seen.standing.entered else None)),
        "answer": Sees(_one(lambda seen: seen.standing.answer.value if seen.standing.answer else None)),
        "decided": Sees(_one(lambda seen: seen.standing.decided.result if seen.standing.decided else None)),
        "confirmed": Sees(lambda seen: tuple(sorted(f"{side} side" for side in seen.standing.confirmed))),
        "ended": Sees(_ended),
    }
)
"""How each word of `scenarios.EXPECTATIONS` is seen, in the same texts, and when the two agree."""
