"""The published procedures, for anybody: which a partnership runs, what each says, and its routes.

Whoever acts for a post reads their own partnership's; anybody else chooses one. Coming from a disagreement, a route is
shown as it is pinned there, with "you are here".
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from commonground.core.procedure import Key, Procedure, Route
from commonground.usecases.directory import directory_of
from commonground.usecases.published import Publisher, clauses_of, published, publisher, publishers, publishers_of
from commonground.usecases.situation import adopted
from commonground.web.components import Link
from commonground.web.identity import Visitor, signed_in, visitor_of
from commonground.web.opening import opened
from commonground.web.pages.page import show
from commonground.web.pages.procedures import (
    ProcedureShown,
    ProceduresPage,
    Shelf,
    ShelfShown,
    procedure_page,
    procedure_shown,
    route_page,
)
from commonground.web.views.public import for_anybody, frame_of


@for_anybody
def procedures(request: HttpRequest) -> HttpResponse:
    """List the procedures of the visitor's partnership; for anybody else, of every partnership."""
    visitor = visitor_of(request)
    if visitor is None:
        return _choose(request, publishers())
    own = ShelfShown("", "", _shown(visitor.seat.partnership, Shelf()))
    page = ProceduresPage(heading="Procedures", shelves=(own,), **frame_of(request, "procedures"))
    return show(request, "procedures.html", page)


@for_anybody
def of_partnership(request: HttpRequest, partnership: str) -> HttpResponse:
    """List the procedures that a partnership runs."""
    here = publisher(partnership)
    if here is None:
        raise Http404
    page = ProceduresPage(
        heading=f"Procedures of {here.name}",
        shelves=(ShelfShown("", ", ".join(here.localities), _shown(here.key, Shelf(here.key))),),
        back=Link("All procedures", reverse("procedures")),
        **frame_of(request, "procedures"),
    )
    return show(request, "procedures.html", page)


@for_anybody
def procedure(request: HttpRequest, key: str) -> HttpResponse:
    """Show what a procedure of the visitor's partnership says; have anybody else choose whose."""
    visitor = visitor_of(request)
    if visitor is None:
        return _whose(request, key)
    return _procedure(request, visitor.seat.partnership, key, Shelf())


@for_anybody
def procedure_in(request: HttpRequest, partnership: str, key: str) -> HttpResponse:
    """Show what a procedure of a partnership says."""
    return _procedure(request, partnership, key, Shelf(partnership))


@for_anybody
def route(request: HttpRequest, key: str, route: str) -> HttpResponse:
    """Show a route as chart and list; coming from a disagreement, as pinned there and with where it is."""
    if reference := request.GET.get("from", "")[:40]:
        answer: HttpResponse = _from_a_disagreement(request, key, route, reference)
        return answer
    visitor = visitor_of(request)
    if visitor is None:
        return _whose(request, key, route)
    return _route(request, visitor.seat.partnership, key, route, Shelf())


@for_anybody
def route_in(request: HttpRequest, partnership: str, key: str, route: str) -> HttpResponse:
    """Show a route of a partnership's procedure as chart and list."""
    return _route(request, partnership, key, route, Shelf(partnership))


@signed_in
def _from_a_disagreement(request: HttpRequest, visitor: Visitor, key: str, route: str, reference: str) -> HttpResponse:
    here = opened(visitor, reference)
    if here.names.procedure.key != key:
        raise Http404
    known = _known(here.names.procedure, route)
    standing, shown = here.reading.standing, here.reading.reference
    return show(
        request,
        "route.html",
        route_page(here.names, known, Shelf(), standing, shown, **frame_of(request, "procedures")),
    )


def _procedure(request: HttpRequest, partnership: Key, key: Key, shelf: Shelf) -> HttpResponse:
    found = published(partnership, key)
    if found is None:
        raise Http404
    digest, one = found
    names = directory_of(partnership).names(one)
    page = procedure_page(names, clauses_of(digest, one), shelf, **frame_of(request, "procedures"))
    return show(request, "procedure.html", page)


def _route(request: HttpRequest, partnership: Key, key: Key, route: Key, shelf: Shelf) -> HttpResponse:
    found = published(partnership, key)
    if found is None:
        raise Http404
    names = directory_of(partnership).names(found[1])
    page = route_page(names, _known(found[1], route), shelf, **frame_of(request, "procedures"))
    return show(request, "route.html", page)


def _known(procedure: Procedure, route: Key) -> Route:
    known = next((one for one in procedure.routes if one.key == route), None)
    if known is None:
        raise Http404
    return known


def _whose(request: HttpRequest, key: Key, route: Key | None = None) -> HttpResponse:
    """Send somebody on to the one partnership that runs a procedure; let them choose where several do."""
    running = publishers_of(key)
    if not running:
        raise Http404
    if len(running) > 1:
        return _choose(request, running, key)
    found = published(running[0].key, key)
    if route is not None and found is not None:
        _known(found[1], route)
        return HttpResponseRedirect(reverse("partnership-route", args=[running[0].key, key, route]))
    return HttpResponseRedirect(reverse("partnership-procedure", args=[running[0].key, key]))


def _choose(request: HttpRequest, whose: Iterable[Publisher], only: Key | None = None) -> HttpResponse:
    shelves = (ShelfShown(one.name, ", ".join(one.localities), _shown(one.key, Shelf(one.key), only)) for one in whose)
    page = ProceduresPage(heading="Procedures", shelves=tuple(shelves), **frame_of(request, "procedures"))
    return show(request, "procedures.html", page)


def _shown(partnership: Key, shelf: Shelf, only: Key | None = None) -> tuple[ProcedureShown, ...]:
    return tuple(procedure_shown(one, shelf) for _, one in adopted(partnership) if only in (None, one.key))
