"""A published procedure as people read it: its routes, each as a chart and a list, and every clause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from markupsafe import Markup

from commonground.core.procedure import Check, Place, Procedure, Reading, Route, Stage, nodes
from commonground.core.standing import Phase, Standing
from commonground.language.charts import outline, svg
from commonground.language.register import Clause
from commonground.web import components as c
from commonground.web.pages.dates import clause_links
from commonground.web.pages.disagreement import GuidanceShown
from commonground.web.pages.page import Page
from commonground.wording import Names


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


@dataclass(frozen=True, kw_only=True)
class ProceduresPage(Page):
    procedures: tuple[ProcedureShown, ...]


@dataclass(frozen=True)
class ClauseShown:
    """A clause in our own words, and what the service does about it."""

    id: str
    number: str
    who: str
    text: str
    service: str
    ambiguity: str


@dataclass(frozen=True)
class ReadingShown:
    """How something that the text leaves open is read here, what it was chosen instead of, and why."""

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
    guidance: tuple[GuidanceShown, ...]
    contacts: tuple[GuidanceShown, ...]
    clauses: tuple[ClauseShown, ...]
    back: c.Link


@dataclass(frozen=True)
class StageShown:
    id: str
    name: str
    here: bool
    been: bool
    outline: str
    clauses: tuple[c.Link, ...]
    readings: tuple[ReadingShown, ...]


@dataclass(frozen=True, kw_only=True)
class RoutePage(Page):
    title: str
    procedure: str
    covers: str
    chart: c.Chart
    stages: tuple[StageShown, ...]
    readings: tuple[ReadingShown, ...]
    back: c.Link
    here: str


def procedure_shown(procedure: Procedure) -> ProcedureShown:
    """This will give a procedure as one entry of a list."""
    return ProcedureShown(
        procedure.title, procedure.edition, reverse("procedure", args=[procedure.key]), routes_shown(procedure)
    )


def routes_shown(procedure: Procedure) -> tuple[RouteShown, ...]:
    """This will give the routes of a procedure, each with the page that draws it."""
    return tuple(
        RouteShown(route.title, route.covers or "", reverse("route", args=[procedure.key, route.key]))
        for route in procedure.routes
    )


def procedure_page(names: Names, register: Mapping[str, Clause], **frame: object) -> ProcedurePage:
    """This will put together a procedure's page: where it leads, what it says beside, and every clause."""
    procedure = names.procedure
    return ProcedurePage(
        title=procedure.title,
        edition=procedure.edition,
        area=", ".join(procedure.area),
        replaces=procedure.replaces or "",
        routes=routes_shown(procedure),
        checks=tuple(_check(names, check) for check in procedure.checks),
        guidance=_guidance(names, Place.PROCEDURE),
        contacts=_guidance(names, Place.CONTACTS),
        clauses=tuple(_clause(names, clause) for clause in register.values()),
        back=c.Link("All procedures", reverse("procedures")),
        **frame,  # type: ignore[arg-type]  # the frame's own fields
    )


def _check(names: Names, check: Check) -> CheckShown:
    answers = (
        CheckAnswerShown(
            answer.text,
            "It is accepted" if answer.accepted else "It is not accepted, and you can raise that as a disagreement",
            answer.asks,
            clause_links(names, answer.clauses),
        )
        for answer in check.answers
    )
    return CheckShown(check.heading, check.question, tuple(answers), clause_links(names, check.clauses))


def _guidance(names: Names, place: Place) -> tuple[GuidanceShown, ...]:
    found = (one for one in names.procedure.guidance if one.at is place)
    return tuple(GuidanceShown(one.text, clause_links(names, one.clauses)) for one in found)


def _clause(names: Names, clause: Clause) -> ClauseShown:
    _, _, service = clause.software.partition(":")
    return ClauseShown(
        id=clause.id,
        number=names.clause(clause.id),
        who=clause.who,
        text=clause.duty,
        service=service.strip(),
        ambiguity=clause.ambiguity or "",
    )


def route_page(names: Names, route: Route, here: Standing | None, reference: str, **frame: object) -> RoutePage:
    """This will put together a route’s page: chart, list, readings; with `here`, marked with "you are here"."""
    procedure = names.procedure
    at = f"{here.route}/{here.stage}" if here is not None and here.phase is Phase.OPEN else None
    been = here.visited if here is not None else ()
    lines = outline(procedure, route.key)
    stages = tuple(_stage(names, route, stage, line, at, been) for stage, line in zip(route.stages, lines, strict=True))
    chart = c.Chart(
        id=f"chart-{route.key}",
        caption=route.title,
        svg=Markup(svg(procedure, route.key, at, been)),  # noqa: S704 - drawn by our own code, every text escaped there
        steps=tuple(c.ChartStep(stage.name, stage.here) for stage in stages),
    )
    own = (reading for reading in (*route.readings, *route.confirm.readings))
    if reference:
        back = c.Link(f"Back to {reference}", reverse("disagreement", args=[reference]))
    else:
        back = c.Link(procedure.title, reverse("procedure", args=[procedure.key]))
    return RoutePage(
        title=route.title,
        procedure=procedure.title,
        covers=route.covers or "",
        chart=chart,
        stages=stages,
        readings=tuple(_reading(names, reading) for reading in own),
        back=back,
        here=reference,
        **frame,  # type: ignore[arg-type]  # the frame's own fields
    )


def _stage(names: Names, route: Route, stage: Stage, line: str, at: str | None, been: tuple[str, ...]) -> StageShown:
    ref = f"{route.key}/{stage.key}"
    readings = dict.fromkeys(
        reading for _, node in nodes(stage) for reading in getattr(node, "readings", ()) if isinstance(reading, Reading)
    )
    return StageShown(
        id=f"stage-{stage.key}",
        name=names.stage(route.key, stage.key),
        here=ref == at,
        been=ref in been and ref != at,
        outline=line,
        clauses=clause_links(names, stage.clauses),
        readings=tuple(_reading(names, reading) for reading in readings),
    )


def _reading(names: Names, reading: Reading) -> ReadingShown:
    return ReadingShown(
        takes=reading.takes,
        instead_of="; or ".join(reading.instead_of),
        because=reading.because,
        clauses=clause_links(names, reading.clauses),
    )
