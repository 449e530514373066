"""For managers: a brief, who is stuck and with whom, contacts, actions after an ending."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from commonground.usecases.directory import directory_of
from commonground.usecases.stuck import who_is_stuck
from commonground.web.identity import Visitor, signed_in
from commonground.web.opening import opened
from commonground.web.pages.brief import brief_page
from commonground.web.pages.managing import stuck_page
from commonground.web.pages.page import show


@require_GET
@signed_in
def brief(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Show a disagreement on one side of paper."""
    here = opened(visitor, reference)
    return show(request, "managing/brief.html", brief_page(here.reading, here.directory, here.names))


@require_GET
@signed_in
def stuck(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show who has the moves in what the visitor reaches of their agency, or of the whole partnership."""
    not_a_guest(visitor)
    found = who_is_stuck(visitor.scopes)
    return show(
        request, "managing/stuck.html", stuck_page(found, directory_of(visitor.seat.partnership), visitor.seat.seat)
    )


def not_a_guest(visitor: Visitor) -> None:
    """This will keep a page from guests, who have one disagreement and no list: for them it is not there."""
    if visitor.seat.only is not None:
        raise Http404
