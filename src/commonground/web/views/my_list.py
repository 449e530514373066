"""My list, and finding a disagreement by its reference."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from commonground.usecases import clock
from commonground.usecases.directory import directory_of
from commonground.usecases.handle import NotThere
from commonground.usecases.listing import lists_of
from commonground.usecases.reading import find_for
from commonground.web.identity import Visitor, signed_in
from commonground.web.opening import any_names
from commonground.web.pages.listing import ListPage, tabs
from commonground.web.pages.page import acting_for, show


@require_GET
@signed_in
def my_list(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show what needs the visitor, what waits on others, what has ended; or go to the reference they asked for."""
    reference = request.GET.get("reference", "").strip()[:40]
    if reference:
        try:
            find_for(visitor.scopes, reference)
        except NotThere:
            pass  # said on the list itself
        else:
            return HttpResponseRedirect(reverse("disagreement", args=[reference.upper()]))
    lists = lists_of(visitor.scopes)
    directory = directory_of(visitor.seat.partnership)
    page = ListPage(
        tabs=tabs(lists, directory),
        now=clock.now(),
        left_out=lists.left_out,
        not_found=reference,
        current="my-list",
        signed_in_as=acting_for(any_names(directory, visitor.seat.seat), visitor.seat.seat),
    )
    return show(request, "my_list.html", page)
