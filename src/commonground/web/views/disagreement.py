"""A disagreement as somebody reads it: on the page, on paper, as a file, and who else has looked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from commonground.web.identity import Visitor, signed_in
from commonground.web.pages.disagreement import disagreement_page
from commonground.web.pages.page import show
from commonground.web.views.shared import opened


@require_GET
@signed_in
def disagreement(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Show the page of a disagreement."""
    here = opened(visitor, reference)
    return show(request, "disagreement.html", disagreement_page(here.reading, here.directory, here.names))
