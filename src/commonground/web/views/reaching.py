"""Reaching the other agency: the office's page, and the letter."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from commonground.usecases.reaching import ToReach, to_reach
from commonground.web.identity import Visitor, signed_in
from commonground.web.opening import Opened, opened
from commonground.web.pages.guests import letter_page, reach_page
from commonground.web.pages.page import show


@require_GET
@signed_in
def reach(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Show whom to reach, by when, and the ways to."""
    here, whom = _reaching(visitor, reference)
    return show(request, "guests/reach.html", reach_page(here, whom))


@require_GET
@signed_in
def letter(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Show the letter, to be printed."""
    here, whom = _reaching(visitor, reference)
    return show(request, "guests/letter.html", letter_page(here, whom))


def _reaching(visitor: Visitor, reference: str) -> tuple[Opened, tuple[ToReach, ...]]:
    here = opened(visitor, reference)
    whom = to_reach(here.reading) if here.reading.scope.office else ()
    if not whom:
        raise Http404
    return here, whom
