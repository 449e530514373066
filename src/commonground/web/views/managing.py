"""For managers: a brief, who is stuck and with whom, contacts, actions after an ending."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from commonground.web.identity import Visitor, signed_in
from commonground.web.opening import opened
from commonground.web.pages.brief import brief_page
from commonground.web.pages.page import show


@require_GET
@signed_in
def brief(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Show a disagreement on one side of paper."""
    here = opened(visitor, reference)
    return show(request, "managing/brief.html", brief_page(here.reading, here.directory, here.names))
