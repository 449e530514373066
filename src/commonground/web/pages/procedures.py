"""A published procedure as anybody may read it: where it leads, as chart and list, and every clause in our own words.

What the text gives and what is only our reading are never mixed (promise 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from markupsafe import Markup

from commonground.core.procedure import (
    ITSELF,
    Check,
    Clauses,
    Duty,
    Guidance,
    Key,
    Place,
    Procedure,
    Reading,
    Route,
    Stage,
    Step,
    Strength,
    nodes,
)
from commonground.core.standing import Phase, Standing
from commonground.language.chart_words import ALWAYS_OPEN, OURS, SOONER, Decided, Rung, Way, ladder, limit_in_words
from commonground.language.charts import svg
from commonground.language.register import Clause, Use
from commonground.web import components as c
from commonground.web.pages.page import Page, capital
from commonground.wording import Names

# --- Where it is read -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shelf:
    """Where a procedure is read: in a partnership that anybody chose, or (None) in the visitor's own."""

    partnership: Key | None = None

    def procedure(self, key: Key) -> str:
        """The address of a procedure."""
        return reverse("partnership-procedure", args=[self.partnership, key]) if self.partnership else _own(key)

    def route(self, key: Key, route: Key) -> str:
        """The address of one of its routes."""
        return f"{self.procedure(key)}/{route}"

    def back(self) -> c.Link:
        """The way back to the list."""
        if self.partnership:
            return c.Link("All its procedures", reverse("partnership", args=[self.partnership]))
        return c.Link("All procedures", reverse("procedures"))


def _own(key: Key) -> str:
    return reverse("procedure", args=[key])


# --- The lists --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RouteShown:
    title: str
    covers: str
    href: str


@dataclass(frozen=True)
class ProcedureShown:
    title: str
    edition: str
    href: str
    routes: tuple[RouteShown, ...]


@dataclass(frozen=True)
class ShelfShown:
    """A partnership's procedures. `name` is empty where there is only the visitor's own partnership."""

    name: str
    localities: str
    procedures: tuple[ProcedureShown, ...]


@dataclass(frozen=True, kw_only=True)
class ProceduresPage(Page):
    heading: str
    shelves: tuple[ShelfShown, ...]
    back: c.Link | None = None


def procedure_shown(procedure: Procedure, shelf: Shelf) -> ProcedureShown:
    """This will give a procedure as one entry of a list."""
    return ProcedureShown(
        procedure.title, capital(procedure.edition), shelf.procedure(procedure.key), _routes(procedure, shelf)
    )


def _routes(procedure: Procedure, shelf: Shelf) -> tuple[RouteShown, ...]:
    return tuple(
        RouteShown(route.title, capital(route.covers or ""), shelf.route(procedure.key, route.key))
        for route in procedure.routes
    )


# --- A procedure ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sentence:
    """A line of guidance in our own words, and where the text says so."""

    text: str
    clauses: tuple[c.Link, ...]


@dataclass(frozen=True)
class GuidancePart:
    """Guidance of one kind, under its heading."""

    heading: str
    lines: tuple[Sentence, ...]


@dataclass(frozen=True)
class ClauseShown:
    """A clause in our own words, how strongly it asks, and what the service does about it."""

    id: str
    number: str
    text: str
    strength: str
    service: str
    ambiguity: str


@dataclass(frozen=True)
class ReadingShown:
    """How something that the text leaves open is read here, what it was chosen instead of, and why."""

    says: str
    takes: str
    instead_of: str
    because: str
    clauses: tuple[c.Link, ...]


@dataclass(frozen=True)
class CheckAnswerShown:
    """One answer to a check: what the text would have the receiver do, and what it asks you to say."""

    text: str
    then: str
    asks: tuple[str, ...]
    clauses: tuple[c.Link, ...]


@dataclass(frozen=True)
class CheckShown:
    """A question that the text settles before something else begins. Guidance, never a gate."""

    heading: str
    question: str
    answers: tuple[CheckAnswerShown, ...]
    clauses: tuple[c.Link, ...]


@dataclass(frozen=True, kw_only=True)
class ProcedurePage(Page):
    title: str
    edition: str
    area: str
    replaces: str
    routes: tuple[RouteShown, ...]
    checks: tuple[CheckShown, ...]
    guidance: tuple[GuidancePart, ...]
    outside: tuple[Sentence, ...]
    readings: tuple[ReadingShown, ...]
    clauses: tuple[ClauseShown, ...]
    back: c.Link


HEADINGS: Final[Mapping[Place, str]] = {
    Place.PROCEDURE: "Good to know",
    Place.RAISE: "When you are about to raise one",
    Place.TALK: "When you talk",
    Place.WRITE: "When you write",
    Place.REPLY: "When you are asked",
    Place.ADVICE: "Who can advise you",
    Place.GO_UP: "When you escalate it",
    Place.VIEW: "When a manager gives a view",
    Place.MEET: "When people meet",
    Place.DECIDE: "When somebody decides",
    Place.DISSENT: "When you do not agree with a decision",
    Place.NOTE: "When you write your record",
    Place.OUTCOME: "When there is an outcome",
    Place.DISAGREEMENT: "While it is open",
    Place.OFFICE: "For the partnership’s office",
    Place.CONTACTS: "Contacts the procedure names",
}
"""What guidance for each place is headed, in the order of the page."""

STRENGTHS: Final[Mapping[str, str]] = {
    "must": "The text says: must",
    "should": "The text says: should",
    "may": "The text says: may",
    "right": "The text gives a right",
    "fact": "The text says how it is",
    "definition": "The text says what a word means",
}
"""How strongly a clause asks, by its modality (language/register.py)."""

USES: Final[Mapping[Use, str]] = {
    Use.ENFORCE: "A rule here",
    Use.PROMPT: "Asked for here",
    Use.COMPUTE: "Worked out here",
    Use.PRODUCE: "Written out here",
    Use.SHOW: "Shown here",
    Use.OUTSIDE: "Not for software",
}
"""What the service does about a clause, before the words that say how."""


def procedure_page(names: Names, register: Mapping[str, Clause], shelf: Shelf, **frame: object) -> ProcedurePage:
    """This will put together a procedure's page: where it leads, what it says beside, and every clause."""
    procedure = names.procedure
    cited = Cited(names, shelf)
    own = (part for path, part in nodes(procedure) if path[:1] != ("routes",))
    return ProcedurePage(
        title=procedure.title,
        edition=capital(procedure.edition),
        area=", ".join(procedure.area),
        replaces=procedure.replaces or "",
        routes=_routes(procedure, shelf),
        checks=tuple(_check(cited, check) for check in procedure.checks),
        guidance=_guidance(cited, procedure.guidance),
        outside=tuple(Sentence(one.because, cited(one.clauses)) for one in procedure.outside),
        readings=tuple(_readings(cited, own)),
        clauses=tuple(_clause(names, clause) for clause in register.values()),
        back=shelf.back(),
        **frame,  # type: ignore[arg-type]  # the frame's own fields
    )


@dataclass(frozen=True)
class Cited:
    """Makes links to clauses, on the page of the procedure where it is read."""

    names: Names
    shelf: Shelf

    def __call__(self, clauses: Clauses) -> tuple[c.Link, ...]:
        page = self.shelf.procedure(self.names.procedure.key)
        return tuple(c.Link(f"clause {self.names.clause(clause)}", f"{page}#clause-{clause}") for clause in clauses)


def _check(cited: Cited, check: Check) -> CheckShown:
    answers = (
        CheckAnswerShown(
            answer.text,
            "It is accepted" if answer.accepted else "It is not accepted, and you can raise that as a disagreement",
            answer.asks,
            cited(answer.clauses),
        )
        for answer in check.answers
    )
    return CheckShown(check.heading, check.question, tuple(answers), cited(check.clauses))


def _guidance(cited: Cited, guidance: tuple[Guidance, ...]) -> tuple[GuidancePart, ...]:
    parts = ((heading, [one for one in guidance if one.at is place]) for place, heading in HEADINGS.items())
    return tuple(
        GuidancePart(heading, tuple(Sentence(one.text, cited(one.clauses)) for one in found))
        for heading, found in parts
        if found
    )


def _clause(names: Names, clause: Clause) -> ClauseShown:
    _, _, service = clause.software.partition(":")
    return ClauseShown(
        id=clause.id,
        number=names.clause(clause.id),
        text=clause.duty,
        strength=STRENGTHS[clause.modality],
        service=f"{USES[clause.use]}: {service.strip()}" if service.strip() else USES[clause.use],
        ambiguity=clause.ambiguity or "",
    )


def _readings(cited: Cited, parts: Iterable[object]) -> Iterator[ReadingShown]:
    """Yield every reading among the parts of a procedure, each once."""
    found = dict.fromkeys(one for part in parts for one in getattr(part, "readings", ()))
    yield from (_reading(cited, reading) for reading in found)


def _reading(cited: Cited, reading: Reading) -> ReadingShown:
    silent = reading.words is None or reading.of == ITSELF
    return ReadingShown(
        says="The text does not say." if silent else "The text can be read in more than one way.",
        takes=reading.takes,
        instead_of="; or ".join(reading.instead_of),
        because=reading.because,
        clauses=cited(reading.clauses),
    )


# --- A route ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One thing about a stage: a name and one or more texts, each with its clauses."""

    name: str
    texts: tuple[Sentence, ...]


@dataclass(frozen=True)
class StageShown:
    id: str
    name: str
    note: str
    here: bool
    been: bool
    lines: tuple[Line, ...]
    readings: tuple[ReadingShown, ...]


@dataclass(frozen=True, kw_only=True)
class RoutePage(Page):
    title: str
    procedure: str
    covers: str
    always: tuple[str, ...]
    window: str
    confirm: Sentence
    asked: tuple[Sentence, ...]
    """What is asked for at every stage."""
    chart: c.Chart
    stages: tuple[StageShown, ...]
    readings: tuple[ReadingShown, ...]
    back: c.Link
    here: str


def route_page(
    names: Names, route: Route, shelf: Shelf, here: Standing | None = None, reference: str = "", **frame: object
) -> RoutePage:
    """This will put together a route’s page: chart, list, readings; with `here`, marked with "you are here"."""
    procedure = names.procedure
    cited = Cited(names, shelf)
    drawn = ladder(procedure, route.key)
    at = f"{here.route}/{here.stage}" if here is not None and here.phase is Phase.OPEN else None
    been = here.visited if here is not None else ()
    stages = tuple(
        _stage(cited, route, stage, rung, at, been) for stage, rung in zip(route.stages, drawn.rungs, strict=True)
    )
    chart = c.Chart(
        id=f"chart-{route.key}",
        caption=route.title,
        svg=Markup(svg(procedure, route.key, at, been)),  # noqa: S704 - drawn by our own code, every text escaped there
        steps=tuple(c.ChartStep(stage.name, stage.here) for stage in stages),
    )
    if reference:
        back = c.Link(f"Back to {reference}", reverse("disagreement", args=[reference]))
    else:
        back = c.Link(procedure.title, shelf.procedure(procedure.key))
    return RoutePage(
        title=route.title,
        procedure=procedure.title,
        covers=route.covers or "",
        always=(ALWAYS_OPEN, SOONER),
        window=drawn.window or "",
        confirm=Sentence(limit_in_words(route.confirm), cited(route.confirm.clauses)),
        asked=tuple(_duty(cited, duty) for duty in (*procedure.duties, *route.duties)),
        chart=chart,
        stages=stages,
        readings=tuple(_readings(cited, (part for path, part in nodes(route) if path[:1] != ("stages",)))),
        back=back,
        here=reference,
        **frame,  # type: ignore[arg-type]  # the frame's own fields
    )


def _stage(cited: Cited, route: Route, stage: Stage, rung: Rung, at: str | None, been: tuple[str, ...]) -> StageShown:
    ref = f"{route.key}/{stage.key}"
    return StageShown(
        id=f"stage-{stage.key}",
        name=rung.name,
        note=capital(rung.note) if rung.note else "",
        here=ref == at,
        been=ref in been and ref != at,
        lines=tuple(line for line in _lines(cited, stage, rung) if line.texts),
        readings=tuple(_readings(cited, (part for _, part in nodes(stage)))),
    )


def _lines(cited: Cited, stage: Stage, rung: Rung) -> Iterator[Line]:
    if rung.faces:
        yield _line("Who raises it", rung.faces.challenging)
        yield _line("Who is asked", rung.faces.responding)
    if rung.before:
        yield _line("Before whom", rung.before)
    time = Sentence(capital(rung.limit), cited(stage.clock.clauses))
    yield Line("Time", (time, *(Sentence(capital(shared), ()) for shared in rung.shared)))
    steps = zip(stage.steps, rung.steps, strict=True)
    yield Line("What is done", tuple(_step(cited, step, words) for step, words in steps))
    yield Line("What is asked for", tuple(_duty(cited, duty) for duty in stage.duties))
    if rung.decides:
        yield _line("Who decides", rung.decides)
        yield _line("What can be decided", *(_decided(result) for result in rung.results))
    yield _line("How it can end", *(closing.name for closing in rung.closings))
    if rung.onward:
        yield _line("If it is not settled", f"It goes to: {rung.onward.where}")
    yield _line("If nobody answers", rung.silence)
    yield _line("Other ways", *(_other(way) for way in rung.others))
    if stage.clauses:
        yield Line("In the text", (Sentence("", cited(stage.clauses)),))


def _line(name: str, *texts: str) -> Line:
    return Line(name, tuple(Sentence(capital(text), ()) for text in texts))


def _step(cited: Cited, step: Step, words: str) -> Sentence:
    who = f" – {step.who}" if step.who else ""
    by = f". Time: {limit_in_words(step.limit)}" if step.limit else ""
    may = " (may)" if step.strength is Strength.MAY else ""
    return Sentence(f"{words}{who}{may}{by}", cited(step.clauses))


def _duty(cited: Cited, duty: Duty) -> Sentence:
    ours = f" {OURS}" if any(reading.of == ITSELF for reading in duty.readings) else ""
    return Sentence(f"{duty.name}{ours} – {duty.strength}", cited(duty.clauses))


def _decided(result: Decided) -> str:
    if result.closing:
        return result.name if result.closing.name == result.name else f"{result.name}. It ends: {result.closing.name}"
    return f"{result.name}. It goes to: {result.way.where}" if result.way else f"{result.name}. It stays here"


def _other(way: Way) -> str:
    words = f"{way.kind.value} to {way.where}" if way.kind else way.where
    return f"{words}: {way.when}" if way.when else words
