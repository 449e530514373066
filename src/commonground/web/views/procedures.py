"""The published procedures: which a partnership runs, what each says, and its routes with "you are here"."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from commonground.usecases.directory import Directory, directory_of
from commonground.usecases.published import clauses_of, published
from commonground.usecases.situation import adopted
from commonground.web.identity import Visitor, signed_in
from commonground.web.opening import any_names, opened
from commonground.web.pages.page import acting_for, show
from commonground.web.pages.procedures import ProceduresPage, procedure_page, procedure_shown, route_page
from commonground.wording import Names


@require_GET
@signed_in
def procedures(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """List the procedures that the visitor's partnership runs."""
    directory = directory_of(visitor.seat.partnership)
    shown = tuple(procedure_shown(one) for _, one in adopted(visitor.seat.partnership))
    return show(request, "procedures.html", ProceduresPage(procedures=shown, **_frame(visitor, directory)))


@require_GET
@signed_in
def procedure(request: HttpRequest, visitor: Visitor, key: str) -> HttpResponse:
    """Show what a procedure says."""
    found = published(visitor.seat.partnership, key)
    if found is None:
        raise Http404
    digest, one = found
    directory = directory_of(visitor.seat.partnership)
    page = procedure_page(directory.names(one), clauses_of(digest, one), **_frame(visitor, directory))
    return show(request, "procedure.html", page)


@require_GET
@signed_in
def route(request: HttpRequest, visitor: Visitor, key: str, route: str) -> HttpResponse:
    """Show a route as chart and list; coming from a disagreement, as pinned there and with where it is."""
    reference = request.GET.get("from", "")[:40]
    here = opened(visitor, reference) if reference else None
    directory = directory_of(visitor.seat.partnership)
    found = None if here else published(visitor.seat.partnership, key)
    names: Names | None = here.names if here else directory.names(found[1]) if found else None
    known = next((one for one in names.procedure.routes if one.key == route), None) if names else None
    if names is None or known is None or names.procedure.key != key:
        raise Http404
    page = route_page(
        names,
        known,
        here.reading.standing if here else None,
        here.reading.reference if here else "",
        **_frame(visitor, directory),
    )
    return show(request, "route.html", page)


def _frame(visitor: Visitor, directory: Directory) -> dict[str, Any]:
    names = any_names(directory, visitor.seat.seat)
    return {"signed_in_as": acting_for(names, visitor.seat.seat), "current": "procedures"}
