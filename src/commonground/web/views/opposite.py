"""Who is my opposite number: in a disagreement, and at an agency of the partnership."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from commonground.usecases.directory import directory_of
from commonground.usecases.handle import NotThere
from commonground.usecases.opposite import counterparts, facing
from commonground.web.identity import Visitor, signed_in
from commonground.web.opening import any_names, opened
from commonground.web.pages.opposite import opposite_page, who_at_page, who_page
from commonground.web.pages.page import show


@require_GET
@signed_in
def opposite(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Show whom the visitor faces in a disagreement."""
    here = opened(visitor, reference)
    found = facing(here.reading.scope, here.reading)
    return show(request, "opposite.html", opposite_page(here.reading, found, here.directory, here.names))


@require_GET
@signed_in
def who(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """List the agencies of the visitor's partnership."""
    seat = visitor.seat
    directory = directory_of(seat.partnership)
    return show(request, "who.html", who_page(directory, any_names(directory, seat.seat), seat.seat))


@require_GET
@signed_in
def who_at(request: HttpRequest, visitor: Visitor, agency: str) -> HttpResponse:
    """Show whom to talk to at one of them."""
    seat = visitor.seat
    try:
        found = counterparts(seat, agency)
    except NotThere:
        raise Http404 from None
    directory = directory_of(seat.partnership)
    return show(request, "who_at.html", who_at_page(found, directory, any_names(directory, seat.seat), seat.seat))
