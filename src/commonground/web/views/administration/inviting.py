"""Inviting somebody to sign in: by mail where mail is set up, else by a link to hand over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commonground.accounts import invitations, mail
from commonground.core.procedure import Key
from commonground.people.administering import Charge, NotInCharge
from commonground.people.models import Person
from commonground.usecases import clock
from commonground.usecases.staff.administrators import Ward
from commonground.usecases.staff.checks import Mistake
from commonground.usecases.staff.people import invite_person
from commonground.usecases.staff.review import name_of
from commonground.web.components import Link
from commonground.web.formfields import ErrorLine
from commonground.web.identity import administers
from commonground.web.pages.page import Page, show
from commonground.web.views.administration.here import administrator_here, frame, here
from commonground.wording import moment


@dataclass(frozen=True, kw_only=True)
class InvitePage(Page):
    """Before: whom it goes to. After: whether it was mailed, or the link to hand over, shown this once."""

    name: str
    email: str
    back: Link
    until: str = ""
    mailed: bool = False
    link: str = ""


METHODS = ("GET", "HEAD", "POST")


@require_http_methods(METHODS)
@administers
def invite(request: HttpRequest, person: Key, agency: Key, whom: Key) -> HttpResponse:
    """Say whom an invitation goes to; sent back, make it."""
    found = here(person, agency=agency, whom=whom)
    back = Link("Back", reverse("administration-person", args=[agency, whom]))
    return _invite(request, found.charge, Person.objects.get(key=whom), found.of.agency.name, back)


@require_http_methods(METHODS)
@administers
def invite_administrator(request: HttpRequest, person: Key, administrator: int) -> HttpResponse:
    """Do the same for somebody who looks after a directory, and may have no post anywhere."""
    row, charge = administrator_here(person, administrator)
    ward = Ward(row.agency_id, row.partnership_id)
    by = name_of(ward) if row.agency_id or row.partnership_id else "This service"
    return _invite(request, charge, row.person, by, Link("Back", reverse("administration")))


def _invite(request: HttpRequest, charge: Charge, whom: Person, by: str, back: Link) -> HttpResponse:
    def page(**more: Any) -> HttpResponse:
        shown = InvitePage(name=whom.full_name, email=whom.email, back=back, **more, **frame(request))
        return show(request, "administration/invite.html", shown)

    if request.method != "POST":
        return page()
    now = clock.now()
    try:
        made = invite_person(charge, whom.key, now)
    except NotInCharge:
        raise Http404 from None
    if isinstance(made, Mistake):
        return page(errors=(ErrorLine(made.text, "#main-content"),))
    link = request.build_absolute_uri(reverse("invited", args=[made]))
    until = now + invitations.LASTS
    mailed = mail.send_invitation(whom.email, link, by, until)
    return page(until=moment(until), mailed=mailed, link="" if mailed else link)
