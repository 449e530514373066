"""My list, and finding a disagreement by its reference or by words.

What somebody searches for is sent, and stands in no address: an address is kept by browsers and logs, and words may
say who a child is.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from commonground.usecases import clock
from commonground.usecases.directory import directory_of
from commonground.usecases.handle import NotThere
from commonground.usecases.listing import DueWhen, Filters, Which, list_of
from commonground.usecases.reading import find_for
from commonground.usecases.search import search_for
from commonground.usecases.situation import adopted
from commonground.web.identity import Visitor, signed_in
from commonground.web.opening import any_names
from commonground.web.pages import listing as pages
from commonground.web.pages.page import acting_for, show, show_found


@require_GET
@signed_in
def my_list(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show one of the visitor's lists; or go to the reference they asked for."""
    reference = request.GET.get("reference", "").strip()[:40]
    if reference and (there := _page_of(visitor, reference)):
        return there
    filters = _filters(request.GET)
    found = list_of(visitor.scopes, _which(request.GET.get("show", "")), filters, _number(request.GET.get("page", "")))
    directory = directory_of(visitor.seat.partnership)
    label, when_empty = pages.LABELS[found.which]
    before, after = pages.turned(found, filters)
    runs = dict(adopted(visitor.seat.partnership))
    page = pages.ListPage(
        tabs=pages.tabs(found),
        which=found.which.value,
        label=label,
        rows=pages.rows_of(found, directory),
        when_empty="Nothing here is as you chose." if filters else when_empty,
        now=clock.now(),
        overdue=pages.overdue(found),
        overdue_href=pages.overdue_address(found),
        filters=pages.filter_form(filters, directory, runs, found.which),
        before_href=before,
        after_href=after,
        not_found=reference,
        current="my-list",
        signed_in_as=acting_for(any_names(directory, visitor.seat.seat, [*runs.values()]), visitor.seat.seat),
    )
    return show(request, "my_list.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def search(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show what a search found; or go to the disagreement whose reference was typed."""
    query = request.POST.get("query", "").replace("\x00", "")[:200].strip()
    if query and (there := _page_of(visitor, query[:40])):
        return there
    filters = _filters(request.POST)
    directory = directory_of(visitor.seat.partnership)
    found = search_for(visitor.scopes, query, filters, _number(request.POST.get("page", "")), visitor.seat.seat)
    runs = dict(adopted(visitor.seat.partnership))
    page = pages.SearchPage(
        query=query,
        asked=bool(query),
        said=pages.said_of(found),
        rows=pages.found_rows(found.found, directory),
        filters=pages.filter_form(filters, directory, runs),
        now=clock.now(),
        before=found.page - 1,
        after=found.page + 1 if found.more else 0,
        current="my-list",
        signed_in_as=acting_for(any_names(directory, visitor.seat.seat, [*runs.values()]), visitor.seat.seat),
    )
    return show_found(request, "search.html", page)


def _page_of(visitor: Visitor, reference: str) -> HttpResponse | None:
    try:
        find_for(visitor.scopes, reference)
    except NotThere:
        return None  # said on the page itself
    return HttpResponseRedirect(reverse("disagreement", args=[reference.upper()]))


def _which(text: str) -> Which:
    return Which(text) if text in set(Which) else Which.NEEDS_ME


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _filters(sent: QueryDict) -> Filters:
    """Give what was chosen; what nobody can choose is not chosen."""
    due = sent.get("due", "")
    agency, stage = (sent.get(name, "").replace("\x00", "")[:300] for name in ("agency", "stage"))
    return Filters(agency, stage, DueWhen(due) if due in set(DueWhen) else None, sent.get("urgent") == "yes")
