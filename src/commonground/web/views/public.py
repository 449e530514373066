"""Pages for anybody, without signing in: what to do now, how records are kept, accessibility."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from commonground.usecases.directory import directory_of
from commonground.usecases.published import advisers_in, publisher, publishers
from commonground.usecases.situation import adopted
from commonground.web.identity import visitor_of
from commonground.web.opening import any_names
from commonground.web.pages.page import acting_for, show
from commonground.web.pages.public import accessibility_page, now_page, now_page_in, records_page

MINUTES_KEPT: Final = 5
"""How long anybody's copy of a public page may be shown again: a new telephone number is there soon after."""

P = ParamSpec("P")


def for_anybody(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """This will open a page to anybody: kept for a few minutes, but never a copy of somebody's own.

    Whoever brings a cookie may be somebody, so theirs is kept by nobody. No page sets one.
    """

    @require_safe
    @wraps(view)
    def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        kept = "private, no-store" if request.COOKIES else f"public, max-age={MINUTES_KEPT * 60}"
        answer.headers.setdefault("Cache-Control", kept)
        patch_vary_headers(answer, ["Cookie"])
        return answer

    return opened


def frame_of(request: HttpRequest, current: str = "") -> dict[str, Any]:
    """This will give what the frame around a public page shows: for whom the visitor acts, if for anybody."""
    visitor = visitor_of(request)
    if visitor is None:
        return {"current": current}
    names = any_names(directory_of(visitor.seat.partnership), visitor.seat.seat)
    return {"signed_in_as": acting_for(names, visitor.seat.seat), "current": current}


@for_anybody
def now(request: HttpRequest, partnership: str = "") -> HttpResponse:
    """Say what to do now; with a partnership, by its own procedures and with its own telephone numbers."""
    if not partnership:
        return show(request, "public/now.html", now_page(publishers(), **frame_of(request, "now")))
    here = publisher(partnership)
    if here is None:
        raise Http404
    procedures = tuple(procedure for _, procedure in adopted(partnership))
    page = now_page_in(
        here, directory_of(partnership), procedures, advisers_in(partnership), **frame_of(request, "now")
    )
    return show(request, "public/now.html", page)


@for_anybody
def records(request: HttpRequest) -> HttpResponse:
    """Say how records are kept, and who can see them."""
    return show(request, "public/records.html", records_page(**frame_of(request)))


@for_anybody
def accessibility(request: HttpRequest) -> HttpResponse:
    """Give the accessibility statement."""
    directories = (directory_of(one.key) for one in publishers())
    return show(request, "public/accessibility.html", accessibility_page(directories, **frame_of(request)))
