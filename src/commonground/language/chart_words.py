"""What the chart of a route says, in words: the one source of the drawing, the flowchart, the BPMN and the list.

Nothing here decides anything. What the text gives and what is only our reading are never mixed: where a time is there
only by a reading, the words say that the text gives none and show ours as ours (promise 3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from commonground.core.procedure import (
    ITSELF,
    Cap,
    Clock,
    EndingKind,
    Key,
    Limit,
    Move,
    MoveKind,
    Procedure,
    Reading,
    Result,
    Route,
    Stage,
    StageRef,
    Then,
    Who,
    split_ref,
)
from commonground.core.time import Span
from commonground.language.spans import span_in_words

NOBODY: Final = "nobody named"
OURS: Final = "(our reading)"

ALWAYS_OPEN: Final = "Anyone can escalate, or act at once for the child, at every stage and at any time."
SOONER: Final = "A date the child needs can only make a time shorter."

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way on from a stage: where it leads, in words, and to which stage of this chart, if to one."""

    where: str
    to: Key | None = None
    kind: MoveKind | None = None
    """None: in turn, or by a decision."""
    when: str | None = None


@dataclass(frozen=True, kw_only=True)
class Closing:
    """An ending, where it may be reached."""

    key: Key
    name: str
    kind: EndingKind


@dataclass(frozen=True, kw_only=True)
class Decided:
    """One result of a decision: an ending, a way on, or neither (the disagreement stays where it is)."""

    key: Key
    name: str
    closing: Closing | None = None
    way: Way | None = None


@dataclass(frozen=True, kw_only=True)
class Faces:
    """Who faces whom."""

    challenging: str
    responding: str


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One stage of a ladder, in words."""

    key: Key
    label: str | None
    heading: str
    note: str | None
    """What is unlike other stages: not counted, only informs, there only by our reading."""
    faces: Faces | None
    before: str | None
    """The chair of the body it takes place before."""
    span: str | None
    """The time that runs, the text's or ours; None where the text gives none and there is no reading."""
    given: bool
    """Whether the text itself gives that time."""
    limit: str
    """The limit in full words."""
    shared: tuple[str, ...]
    """Limits it shares with other stages."""
    then: Then | None
    silence: str
    steps: tuple[str, ...]
    decides: str | None
    results: tuple[Decided, ...]
    closings: tuple[Closing, ...]
    """Endings that either side may propose here."""
    onward: Way | None
    """The next stage in turn."""
    others: tuple[Way, ...]

    @property
    def name(self) -> str:
        """Label and heading, as "Stage one: Managers talk"."""
        return f"{self.label}: {self.heading}" if self.label else self.heading

    @property
    def short(self) -> str:
        """The label, or the heading where the text gives no label."""
        return self.label or self.heading


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """One route of a procedure, in words, from the first stage up."""

    procedure: Key
    route: Key
    title: str
    covers: str | None
    window: str | None
    rungs: tuple[Rung, ...]

    @property
    def closings(self) -> tuple[Closing, ...]:
        """Every ending that can be reached on this route, once each: as the text's, where it is so anywhere."""
        found: dict[Key, Closing] = {}
        for rung in self.rungs:
            decided = (result.closing for result in rung.results if result.closing)
            for closing in (*rung.closings, *decided):
                before = found.get(closing.key)
                if before is None or before.name.endswith(OURS):
                    found[closing.key] = closing
        return tuple(found.values())


def ladder(procedure: Procedure, route: Key) -> Ladder:
    """This will put a route of a procedure into the words of its chart; KeyError where there is no such route."""
    of = procedure.route(route)
    window = None
    if of.window is not None:
        window = f"To be raised in time: {limit_in_words(of.window.limit)}. Later is accepted too, and marked as late."
    return Ladder(
        procedure=procedure.key,
        route=of.key,
        title=clean(f"{procedure.title}: {of.title}"),
        covers=clean(of.covers) if of.covers else None,
        window=clean(window) if window else None,
        rungs=tuple(_rung(procedure, of, stage) for stage in of.stages),
    )


def limit_in_words(limit: Limit) -> str:
    """This will say a limit as the text has it, and our review date beside it where the text has none."""
    reading = _reading_of("within", limit.readings)
    given = reading.words if reading else limit.within
    words = span_in_words(given) if isinstance(given, Span) else None
    parts = []
    if words and (reading is None or given == limit.within):
        parts.append(words)
    elif words:
        parts.append(f"{words} in the text")
    elif limit.says:
        parts.append(f"the text says “{limit.says}”")
    else:
        parts.append("no limit given")
    if limit.set_by is not None:
        setters = "each side may set a time" if limit.set_by is Who.EACH else f"the {limit.set_by.value} may set a time"
        parts.append(f"{setters} {OURS}" if _reading_of("set_by", limit.readings) else setters)
    if limit.within is not None and given != limit.within:
        ours = "our reading" if words else "our review date"
        until = " until a time is set" if limit.set_by and not words else ""
        parts.append(f"{ours}{until}: {span_in_words(limit.within)}")
    parts += [f"rated {rated.rating}: {span_in_words(rated.within)}" for rated in limit.by_rating]
    if limit.no_later_than is not None and limit.no_later_than != limit.within:
        latest = f"at the latest {span_in_words(limit.no_later_than)}"
        parts.append(f"{latest} {OURS}" if _reading_of("no_later_than", limit.readings) else latest)
    return "; ".join(parts)


def clean(text: str) -> str:
    """This will put a text on one line, without the characters that XML can't hold."""
    return " ".join(_NO_XML.sub("", text).split())


def _rung(procedure: Procedure, route: Route, stage: Stage) -> Rung:
    return Rung(
        key=stage.key,
        label=clean(stage.label) if stage.label else None,
        heading=clean(stage.heading),
        note=_note(stage),
        faces=_faces(procedure, stage),
        before=_before(procedure, stage),
        span=span_in_words(stage.clock.within) if stage.clock.within else None,
        given=stage.clock.within is not None and not _reading_of("within", stage.clock.readings),
        limit=clean(limit_in_words(stage.clock)),
        shared=tuple(clean(_shared(route, cap)) for cap in route.caps if stage.key in cap.stages),
        then=stage.clock.then,
        silence=clean(_silence(procedure, stage.clock)),
        steps=tuple(clean(_ours(step.name, step.readings, ITSELF)) for step in stage.steps),
        decides=_decides(procedure, stage),
        results=tuple(
            _decided(procedure, route, result) for result in (stage.decision.results if stage.decision else ())
        ),
        closings=tuple(_proposed(procedure, stage, key) for key in stage.endings),
        onward=_way(procedure, route, stage.next, stage.readings, "next") if stage.next else None,
        others=tuple(_other(procedure, route, move) for move in stage.moves),
    )


def _note(stage: Stage) -> str | None:
    notes = []
    if any(reading.of == ITSELF for reading in stage.readings):
        notes.append("there by our reading")
    if not stage.counts:
        notes.append("before the stages")
    if stage.informs_only:
        notes.append("only informs")
    return ", ".join(notes) or None


def _faces(procedure: Procedure, stage: Stage) -> Faces | None:
    if stage.sides is None:
        return None
    sides = stage.sides
    return Faces(
        challenging=clean(_ours(_posts(procedure, sides.challenging), sides.readings, "challenging")),
        responding=clean(_ours(_posts(procedure, sides.responding), sides.readings, "responding")),
    )


def _before(procedure: Procedure, stage: Stage) -> str | None:
    if stage.body is None:
        return None
    return clean(_ours(_post(procedure, stage.body.chair), (*stage.readings, *stage.body.readings), "body", "chair"))


def _decides(procedure: Procedure, stage: Stage) -> str | None:
    if stage.decision is None:
        return None
    readings = (*stage.readings, *stage.decision.readings)
    return clean(_ours(_posts(procedure, stage.decision.by), readings, "decision", "by"))


def _shared(route: Route, cap: Cap) -> str:
    names = [stage.label or stage.heading for stage in route.stages if stage.key in cap.stages]
    return f"{_listed(names)} together: {limit_in_words(cap.limit)}"


def _silence(procedure: Procedure, clock: Clock) -> str:
    ours = f" {OURS}" if _reading_of("then", clock.readings) else ""
    again = f" after {span_in_words(clock.look_again)}" if clock.look_again else ""
    asked = _the(_post(procedure, clock.asks)) if clock.asks else NOBODY
    match clock.then:
        case Then.UP:
            return f"it goes up{ours}"
        case Then.ASK:
            question = f" “{clock.question}”" if clock.question else ""
            return f"{asked} is asked{question}{ours}"
        case Then.LOOK_AGAIN:
            return f"the office looks again{again}, until there is an answer{ours}"
        case Then.LAPSE:
            return f"the text lets it lapse; we ask the raiser instead{ours}"
        case Then.RECORD:
            return f"it is recorded{ours}"
        case None:
            return "the text does not say"


def _decided(procedure: Procedure, route: Route, result: Result) -> Decided:
    return Decided(
        key=result.key,
        name=clean(_ours(result.name, result.readings, ITSELF)),
        closing=_closing(procedure, result.ends, result.readings, "ends") if result.ends else None,
        way=_way(procedure, route, result.goes, result.readings, "goes") if result.goes else None,
    )


def _proposed(procedure: Procedure, stage: Stage, key: Key) -> Closing:
    """An ending that may be proposed at a stage: ours where the words alone do not list it there."""
    reading = _reading_of("endings", stage.readings)
    in_the_words = isinstance(reading.words, tuple) and key in reading.words if reading else True
    return _closing(procedure, key, () if in_the_words else stage.readings, "endings")


def _closing(procedure: Procedure, key: Key, readings: tuple[Reading, ...], *fields: str) -> Closing:
    ending = procedure.ending(key)
    there = tuple(reading for reading in readings if reading.of in fields)
    own = tuple(reading for reading in ending.readings if reading.of == ITSELF)
    return Closing(key=key, name=clean(f"{ending.name} {OURS}" if there or own else ending.name), kind=ending.kind)


def _way(procedure: Procedure, route: Route, ref: StageRef, readings: tuple[Reading, ...], *fields: str) -> Way:
    to_route, to_stage = split_ref(ref, route.key)
    stage = procedure.stage(to_route, to_stage)
    here = to_route == route.key
    name = (stage.label or stage.heading) if here else _in_full(procedure.route(to_route), stage)
    return Way(where=clean(_ours(name, readings, *fields)), to=to_stage if here else None)


def _in_full(route: Route, stage: Stage) -> str:
    name = f"{stage.label}: {stage.heading}" if stage.label else stage.heading
    return f"{route.title}, {name}"


def _other(procedure: Procedure, route: Route, move: Move) -> Way:
    when = clean(_ours(move.when.rstrip(". "), move.readings, "when")) if move.when else None
    if move.to is None:
        where = _ours(move.out_to or NOBODY, move.readings, "out_to", ITSELF)
        return Way(where=clean(where), kind=move.kind, when=when)
    way = _way(procedure, route, move.to, move.readings, "to", ITSELF)
    return Way(where=way.where, to=way.to, kind=move.kind, when=when)


def _posts(procedure: Procedure, keys: tuple[Key, ...] | None) -> str:
    return _listed([_post(procedure, key) for key in keys], "or") if keys else NOBODY


def _post(procedure: Procedure, key: Key) -> str:
    return next((post.name for post in procedure.posts if post.key == key), key)


def _the(name: str) -> str:
    return name if name.lower().startswith(("the ", "a ", "an ", "your ")) else f"the {name}"


def _listed(items: list[str], last: str = "and") -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}"


def _ours(text: str, readings: tuple[Reading, ...], *fields: str) -> str:
    """The text, marked as our reading where a reading fills any of these fields."""
    return f"{text} {OURS}" if any(reading.of in fields for reading in readings) else text


def _reading_of(field: str, readings: tuple[Reading, ...]) -> Reading | None:
    return next((reading for reading in readings if reading.of == field), None)
