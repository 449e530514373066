"""The access review: to read, to tick off, and as a file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commonground.core.procedure import Key
from commonground.people.administering import Charge, NotInCharge, charges_of, the_charge
from commonground.usecases import clock
from commonground.usecases.staff import review as reviews
from commonground.usecases.staff.administrators import Ward
from commonground.usecases.staff.review import Review
from commonground.web.components import Link
from commonground.web.identity import administers
from commonground.web.pages.administration_review import ReviewPage, table
from commonground.web.pages.page import show
from commonground.web.views.administration.here import frame

METHODS = ("GET", "HEAD", "POST")


@require_http_methods(METHODS)
@administers
def of_partnership(request: HttpRequest, person: Key, partnership: Key) -> HttpResponse:
    """Show who has access through a partnership's directory; sent back, say that it was gone through."""
    return _page(request, person, Ward(partnership=partnership))


@require_http_methods(METHODS)
@administers
def of_agency(request: HttpRequest, person: Key, agency: Key) -> HttpResponse:
    """Show who has access through an agency's directory; sent back, say that it was gone through."""
    return _page(request, person, Ward(agency=agency))


@require_safe
@administers
def partnership_csv(request: HttpRequest, person: Key, partnership: Key) -> HttpResponse:
    """Give a partnership's list as a file."""
    return _file(person, Ward(partnership=partnership))


@require_safe
@administers
def agency_csv(request: HttpRequest, person: Key, agency: Key) -> HttpResponse:
    """Give an agency's list as a file."""
    return _file(person, Ward(agency=agency))


def _read(person: Key, ward: Ward) -> tuple[Charge, Review]:
    today = clock.today()
    try:
        charge = the_charge(charges_of(person, today), agency=ward.agency, partnership=ward.partnership)
        return charge, reviews.review(charge, ward, today)
    except NotInCharge:
        raise Http404 from None


def _page(request: HttpRequest, person: Key, ward: Ward) -> HttpResponse:
    charge, found = _read(person, ward)
    kind, key = ("agency", ward.agency) if ward.agency else ("partnership", ward.partnership)
    here = reverse(f"administration-{kind}-review", args=[key])
    if request.method == "POST":
        reviews.say_reviewed(charge, ward, clock.now(), clock.today())
        return HttpResponseRedirect(here)
    page = ReviewPage(
        name=f"Who has access: {reviews.name_of(ward)}",
        back=Link("Back", reverse(f"administration-{kind}", args=[key])),
        table=table(found, clock.today()),
        last=(found.names.get(found.last[0], found.last[0]), found.last[1]) if found.last else None,
        people=len(found.people),
        csv_href=reverse(f"administration-{kind}-review-csv", args=[key]),
        **frame(request),
    )
    return show(request, "administration/review.html", page)


def _file(person: Key, ward: Ward) -> HttpResponse:
    _, found = _read(person, ward)
    answer = HttpResponse(reviews.as_csv(found), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="access-review.csv"'
    return answer
