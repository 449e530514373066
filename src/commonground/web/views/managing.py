"""For managers: a brief, who is stuck and with whom, contacts, actions after an ending."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from commonground.people.administering import Charge, NotInCharge, charges_of
from commonground.usecases import clock
from commonground.usecases.actions import agreed_actions
from commonground.usecases.contacts import confirm, contacts_of
from commonground.usecases.directory import directory_of
from commonground.usecases.stuck import who_is_stuck
from commonground.web.forms.fields import post_of
from commonground.web.identity import Visitor, administrator_of, signed_in
from commonground.web.opening import opened
from commonground.web.pages.brief import brief_page
from commonground.web.pages.managing import actions_page, contacts_page, stuck_page
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


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def contacts(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show how people ring the visitor's posts, and those they look after; sent back, note that one is still right."""
    not_a_guest(visitor)
    charges = _charges(request)
    if request.method == "POST" and (post := post_of(request.POST.get("post", "").replace("\x00", ""))) is not None:
        try:
            confirm(visitor.person, visitor.scopes, charges, post)
        except NotInCharge:
            raise Http404 from None
        return HttpResponseRedirect(f"{reverse('contacts')}?confirmed={post.agency}+{post.post}")
    found = contacts_of(visitor.seat, visitor.scopes, charges)
    known = {one.post for one in (*found.mine, *found.looked_after)}
    done = post_of(request.GET.get("confirmed", ""))
    page = contacts_page(
        found, directory_of(visitor.seat.partnership), visitor.seat.seat, done if done in known else None
    )
    return show(request, "managing/contacts.html", page)


@require_GET
@signed_in
def actions(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show what was agreed in what has ended: still to do, overdue and who chases, done."""
    not_a_guest(visitor)
    found = agreed_actions(visitor.scopes)
    page = actions_page(found, directory_of(visitor.seat.partnership), visitor.seat.seat)
    return show(request, "managing/actions.html", page)


def _charges(request: HttpRequest) -> tuple[Charge, ...]:
    """Give what the visitor looks after, where administration is open to them at all (a second factor, for example)."""
    person = administrator_of(request)
    return charges_of(person, clock.today()) if person is not None else ()


def not_a_guest(visitor: Visitor) -> None:
    """This will keep a page from guests, who have one disagreement and no list: for them it is not there."""
    if visitor.seat.only is not None:
        raise Http404
