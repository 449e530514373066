"""Guests: links made for people from outside, and the way in that such a link is."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonground.people.guests import State, look
from commonground.people.models import GuestLink
from commonground.usecases import clock
from commonground.usecases.directory import directory_of
from commonground.usecases.guests import (
    MadeBefore,
    MadeLink,
    NotForThem,
    agencies_outside,
    links_of,
    make_link,
    may_let_in,
    revoke,
    scope_of,
    spend,
)
from commonground.usecases.handle import NotThere
from commonground.usecases.reaching import add_agency
from commonground.usecases.reading import reference_of
from commonground.web import guests, unsent
from commonground.web.formfields import ErrorLine, error_lines
from commonground.web.forms.guests import ANOTHER, CodeForm, LinkForm
from commonground.web.identity import Visitor, signed_in
from commonground.web.opening import Opened, opened
from commonground.web.pages.guests import CodePage, links_page, no_way_in, office_phones
from commonground.web.pages.page import phones, show

# --- links, for those who make them ----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def links(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Show who was let in; sent back, make a link for somebody else."""
    here = _may_let_in(visitor, reference)
    scope, disagreement = here.reading.scope, here.reading.disagreement
    outside = agencies_outside(scope)
    form = LinkForm(here.reading, here.directory, outside, request.POST if request.method == "POST" else None)
    made: MadeLink | None = None
    errors: tuple[ErrorLine, ...] = ()
    command = _command(request)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        agency = said.get("agency", scope.seat.agency)
        if agency == ANOTHER:
            told = (said["agency_name"], said["telephone"], said["address"])
            agency = add_agency(scope, disagreement, *told, command=command)
        title = said.get("title", "")
        try:
            made = make_link(scope, disagreement, said["name"], form.post(agency), title=title, command=command)
        except MadeBefore:
            errors = (ErrorLine(MADE_BEFORE, "#made-before"),)
        except (NotForThem, NotThere):
            raise Http404 from None
        here = _may_let_in(visitor, reference)  # with the agency that was just added
        form = LinkForm(here.reading, here.directory, agencies_outside(scope))
    elif request.method == "POST":
        errors = error_lines(form)
    address = request.build_absolute_uri(reverse("guest", args=[made.token])) if made else ""
    page = links_page(here, form, links_of(scope, disagreement), made, address, command=str(uuid4()), errors=errors)
    return show(request, "guests/links.html", page)


MADE_BEFORE: Final = (
    "This link was made already, and its code was shown then. If nobody has the code, end the link and make another"
)


def _command(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("command", ""))
    except ValueError:
        return uuid4()


@require_POST
@signed_in
def end_link(request: HttpRequest, visitor: Visitor, reference: str, link: int) -> HttpResponse:
    """End a link: what its guest asks next is answered with nothing."""
    here = _may_let_in(visitor, reference)
    try:
        revoke(here.reading.scope, here.reading.disagreement, link)
    except NotThere:
        raise Http404 from None
    return HttpResponseRedirect(reverse("guest-links", args=[here.reading.reference]))


def _may_let_in(visitor: Visitor, reference: str) -> Opened:
    here = opened(visitor, reference)
    if not may_let_in(here.reading.scope, here.reading.relation):
        raise Http404  # a guest lets nobody else in, nor does who has no part in it now
    return here


# --- the way in ------------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guest(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the code. Opening this page changes nothing, however often: only the right code, sent, lets one in."""
    now = clock.now()
    browser = guests.browser_of(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        browser = browser or guests.new_browser()
        state, row = spend(token, form.cleaned_data["code"], browser, now)
        if state is State.OPEN and row is not None:
            place = reverse("disagreement", args=[reference_of(scope_of(row), row.disagreement)])
            entered = HttpResponseRedirect(place)
            guests.begin(request, entered, row, browser, now)
            return entered
    else:
        state, row = look(token, browser, now)
    errors: tuple[ErrorLine, ...] = error_lines(form) if request.method == "POST" else ()
    if state is State.WRONG_CODE:
        errors = (ErrorLine("This is not the code for this link. Check it, and type it again", "#id_code"),)
        form.errors.setdefault("code", form.error_class([errors[0].text]))
    if state not in (State.OPEN, State.WRONG_CODE):
        status = 404 if state is State.UNKNOWN else 403
        answer = show(request, "guests/no_way_in.html", no_way_in(state, **_numbers(row)))
        answer.status_code = status
        return answer
    return show(request, "guests/code.html", CodePage(form=form, errors=errors, **_numbers(row)))


def _numbers(row: GuestLink | None) -> dict[str, Any]:
    """Give whom to ring: for a link that is unknown, only 999 is known."""
    if row is None:
        return {}
    directory = directory_of(row.partnership_id)
    office = next((agency for agency in directory.agencies if agency.kind == "partnership"), None)
    return {
        "numbers": phones(directory),
        "office": office_phones(directory.name, office.telephone if office else ""),
    }


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign a guest out."""
    guests.end(request)
    return HttpResponseRedirect(reverse("guest-over"))


@require_GET
def over(request: HttpRequest) -> HttpResponse:
    """Say to somebody who came by a link that they are not in now, and how to come back."""
    page = CodePage(form=CodeForm(), title="You are signed out", unsent=unsent.is_led_back(request))
    return show(request, "guests/over.html", page)
