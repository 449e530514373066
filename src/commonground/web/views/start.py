"""Choosing whom to be, in a demonstration."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from commonground.core.acts import PostRef
from commonground.usecases import clock, directory
from commonground.usecases.situation import adopted
from commonground.web.components import Link
from commonground.web.identity import choose as choose_for_session
from commonground.web.pages.page import show
from commonground.web.pages.start import ChoosePage, PartnershipShown, StartPage, agencies


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Show the partnerships of a demonstration."""
    found = directory.partnerships() if settings.DEMONSTRATION else ()
    shown = tuple(
        PartnershipShown(name, reverse("choose", args=[key]), tuple(one.title for _, one in adopted(key)))
        for key, name in found
    )
    return show(request, "start.html", StartPage(partnerships=shown, signed_in=bool(getattr(request, "visitor", None))))


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, partnership: str) -> HttpResponse:
    """Show the people of a partnership; sent back, be one of them."""
    known = dict(directory.partnerships()) if settings.DEMONSTRATION else {}
    if partnership not in known:
        raise Http404
    if request.method == "POST":
        person, agency, post = ([*request.POST.get("seat", "").split(" "), "", "", ""])[:3]
        if choose_for_session(request, person, PostRef(agency, post), partnership):
            return HttpResponseRedirect(reverse("my-list"))
    who = directory.directory_of(partnership)
    shown = agencies(who, directory.seats_of(partnership, clock.today()))
    back = Link("All partnerships", reverse("start"))
    return show(request, "choose.html", ChoosePage(name=who.name, agencies=shown, back=back))
