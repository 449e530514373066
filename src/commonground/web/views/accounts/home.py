"""One's own account: whom to act for, where one is signed in, and what to do without a post."""

from __future__ import annotations

from typing import Any

from allauth.usersessions import views as sessions
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from commonground.core.acts import PostRef
from commonground.web.identity import act_for, seats_to_choose, signed_in_as, visitor_of
from commonground.web.pages.accounts import (
    HomePage,
    NoPostPage,
    SeatShown,
    SeatsPage,
    SessionShown,
    SessionsPage,
    browser_in_words,
    seats_in_words,
)
from commonground.web.pages.page import Page, show
from commonground.web.views.accounts.ours import Ours


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show somebody their own account."""
    signed = signed_in_as(request)
    if signed is None:
        return HttpResponseRedirect(reverse("start"))
    user: Any = request.user
    page = HomePage(
        name=user.person.full_name,
        email=user.email,
        seats=seats_in_words(seats_to_choose(signed.scopes)),
        administers=signed.administers,
        done=request.GET.get("done", ""),
        needed=signed.missing,
    )
    return _private(show(request, "accounts/home.html", page))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def seats(request: HttpRequest) -> HttpResponse:
    """Show the posts that somebody holds; sent back, act for one of them."""
    signed, visitor = signed_in_as(request), visitor_of(request)
    if signed is None or visitor is None:
        return HttpResponseRedirect(reverse("no-post"))
    if request.method == "POST":
        agency, post, partnership = [*request.POST.get("seat", "").split(" "), "", "", ""][:3]
        if act_for(request, PostRef(agency, post), partnership):
            return HttpResponseRedirect(reverse("my-list"))
    own = seats_to_choose(signed.scopes)
    shown = tuple(
        SeatShown(f"{one.seat.agency} {one.seat.post} {one.partnership}", text, one == visitor.seat)
        for one, text in zip(own, seats_in_words(own), strict=True)
    )
    return _private(show(request, "accounts/seats.html", SeatsPage(seats=shown)))


@require_GET
@login_required
def no_post(request: HttpRequest) -> HttpResponse:
    """Say that somebody holds no post here today, and whom to ask."""
    signed = signed_in_as(request)
    if signed is None or visitor_of(request) is not None:
        return HttpResponseRedirect(reverse("start"))
    if signed.missing:
        return HttpResponseRedirect(reverse("second-factor-needed"))
    return _private(show(request, "accounts/no_post.html", NoPostPage(administers=signed.administers)))


class Sessions(Ours, sessions.ListUserSessionsView):
    """Show where somebody is signed in; sent back, sign out everywhere else, or everywhere."""

    template_name = "usersessions/usersession_list.html"

    def page(self, context: dict[str, Any]) -> Page:
        return SessionsPage(
            sessions=tuple(
                SessionShown(browser_in_words(one.user_agent), one.created_at, one.ip, one.is_current())
                for one in context["sessions"]
            )
        )

    def form_valid(self, form: Any) -> HttpResponse:
        if self.request.POST.get("where") != "everywhere":
            answer: HttpResponse = super().form_valid(form)
            return answer
        end_sessions(self.request, list(UserSession.objects.filter(user=self.request.user)))
        return HttpResponseRedirect(reverse("start"))


def _private(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
