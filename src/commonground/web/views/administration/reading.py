"""The administration pages to read: what there is to look after, a partnership, an agency, a post, a person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from commonground.accounts.models import Account
from commonground.core.procedure import Key
from commonground.people.administering import may_mend
from commonground.people.models import Agency, Partnership
from commonground.usecases import clock
from commonground.usecases.staff.administrators import Ward, administrators_of
from commonground.web.components import Link
from commonground.web.identity import administers
from commonground.web.pages import administration as pages
from commonground.web.pages.administration import LookedAfter, SheetPage
from commonground.web.pages.page import capital, show
from commonground.web.views.administration.here import frame, here, looked_after

SHEET = "administration/sheet.html"


@require_safe
@administers
def home(request: HttpRequest, person: Key) -> HttpResponse:
    """Show what there is to look after."""
    charges = looked_after(person)
    agencies = Agency.objects.filter(key__in=[one.agency for one in charges if one.agency])
    areas = Partnership.objects.filter(key__in=[one.partnership for one in charges if one.partnership])
    service = any(one.service for one in charges)
    found = LookedAfter(tuple(agencies.values_list("key", "name")), tuple(areas.values_list("key", "name")), service)
    named = administrators_of(Ward(), clock.today()) if service else ()
    page = SheetPage(title="Administration", name="Administration", sections=pages.home(found, named), **frame(request))
    return show(request, SHEET, page)


@require_safe
@administers
def partnership(request: HttpRequest, person: Key, partnership: Key) -> HttpResponse:
    """Show a partnership's agencies, and the posts that nobody is in."""
    found = here(person, partnership=partnership)
    page = SheetPage(
        title="Agencies and posts",
        name=found.within.partnership.name,
        back=Link("Administration", reverse("administration")),
        sections=pages.partnership(found.within, administrators_of(found.ward, found.today)),
        **frame(request),
    )
    return show(request, SHEET, page)


@require_safe
@administers
def agency(request: HttpRequest, person: Key, agency: Key) -> HttpResponse:
    """Show an agency's posts and people."""
    found = here(person, agency=agency)
    area = found.charge.partnership
    back = (
        Link("The partnership", reverse("administration-partnership", args=[area]))
        if area
        else Link("Administration", reverse("administration"))
    )
    named = administrators_of(Ward(agency=agency), found.today)
    page = SheetPage(
        title="People and posts",
        name=f"People and posts: {found.of.agency.name}",
        back=back,
        sections=pages.agency(found.of, named, found.today),
        **frame(request),
    )
    return show(request, SHEET, page)


@require_safe
@administers
def post(request: HttpRequest, person: Key, agency: Key, post: Key) -> HttpResponse:
    """Show who answers for a post today, and why."""
    found = here(person, agency=agency, post=post)
    page = SheetPage(
        title="A post",
        name=capital(found.of.titles.at(found.the_post.post)),
        back=Link("People and posts", reverse("administration-agency", args=[agency])),
        sections=pages.post(found.of, found.the_post, found.today),
        **frame(request),
    )
    return show(request, SHEET, page)


@require_safe
@administers
def somebody(request: HttpRequest, person: Key, agency: Key, whom: Key) -> HttpResponse:
    """Show what somebody has in an agency."""
    found = here(person, agency=agency, whom=whom)
    account = Account.objects.filter(person_id=whom, is_active=True).exists()
    page = SheetPage(
        title="A person",
        name=found.the_person.full_name,
        back=Link("People and posts", reverse("administration-agency", args=[agency])),
        sections=pages.person(
            found.of,
            found.the_person,
            found.today,
            mend=may_mend(found.charge, whom, found.today),
            account="They can sign in."
            if account
            else "They have no account yet. Invite them, so that they can sign in.",
        ),
        **frame(request),
    )
    return show(request, SHEET, page)
