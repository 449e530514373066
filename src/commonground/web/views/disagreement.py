"""A disagreement as somebody reads it: on the page, on paper, as a file, and who else has looked."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from commonground.usecases.export import export_for
from commonground.usecases.handle import NotThere
from commonground.usecases.reading import find_for
from commonground.web.identity import Visitor, signed_in
from commonground.web.opening import opened
from commonground.web.pages.disagreement import disagreement_page, looked_page
from commonground.web.pages.page import show


@require_GET
@signed_in
def disagreement(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Show the page of a disagreement: its newest acts, or those up to the one asked for."""
    here = opened(visitor, reference)
    page = disagreement_page(here.reading, here.directory, here.names, until=_number(request.GET.get("until", "")))
    return show(request, "disagreement.html", page)


@require_GET
@signed_in
def on_paper(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Show the record for the child's file: all of it."""
    here = opened(visitor, reference)
    page = disagreement_page(here.reading, here.directory, here.names, most=len(here.reading.acts))
    return show(request, "print.html", page)


@require_GET
@signed_in
def looked(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Show everybody who has read it."""
    here = opened(visitor, reference)
    return show(request, "looked.html", looked_page(here.reading, here.directory, here.names))


@require_GET
@signed_in
def as_file(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Give the record as a file that anybody can check, with the words this visitor may read."""
    try:
        scope, disagreement = find_for(visitor.scopes, reference)
        lines = b"".join(export_for(scope, disagreement))
    except NotThere:
        raise Http404 from None
    answer = HttpResponse(lines, content_type="application/jsonl")
    answer["Content-Disposition"] = f'attachment; filename="{reference.upper()}.jsonl"'
    return answer


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
