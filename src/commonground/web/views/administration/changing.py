"""Making a change: one form for each kind, one call for each that is sent."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commonground.core.procedure import Key
from commonground.people.administering import NotInCharge
from commonground.people.models import Person
from commonground.people.staffing import Answering
from commonground.usecases import clock
from commonground.usecases.staff.administrators import end_administrator
from commonground.usecases.staff.checks import Mistake
from commonground.usecases.staff.reading import Titles
from commonground.usecases.staff.then import Foreseen
from commonground.web.formfields import error_lines
from commonground.web.forms import administration as forms
from commonground.web.forms.administration import ChangeForm, Forms, Here, HereForm, hidden_values
from commonground.web.identity import administers
from commonground.web.pages.administration import ChangePage, foreseen_words
from commonground.web.pages.page import show, show_form
from commonground.web.views.administration.here import administrator_here, frame, here

TEMPLATE = "administration/change.html"
METHODS = ("GET", "HEAD", "POST")


@require_http_methods(METHODS)
@administers
def of_service(request: HttpRequest, person: Key, change: str) -> HttpResponse:
    """Found a partnership, or name who looks after one or after the service."""
    return _change(request, here(person), forms.OF_SERVICE, change)


@require_http_methods(METHODS)
@administers
def of_partnership(request: HttpRequest, person: Key, partnership: Key, change: str) -> HttpResponse:
    """Change a partnership."""
    return _change(request, here(person, partnership=partnership), forms.OF_PARTNERSHIP, change)


@require_http_methods(METHODS)
@administers
def of_agency(request: HttpRequest, person: Key, agency: Key, change: str) -> HttpResponse:
    """Change an agency."""
    return _change(request, here(person, agency=agency), forms.OF_AGENCY, change)


@require_http_methods(METHODS)
@administers
def of_post(request: HttpRequest, person: Key, agency: Key, post: Key, change: str) -> HttpResponse:
    """Change a post, or who is in it."""
    return _change(request, here(person, agency=agency, post=post), forms.OF_POST, change)


@require_http_methods(METHODS)
@administers
def of_person(request: HttpRequest, person: Key, agency: Key, whom: Key, change: str) -> HttpResponse:
    """Change something of a person."""
    return _change(request, here(person, agency=agency, whom=whom), forms.OF_PERSON, change)


@require_http_methods(METHODS)
@administers
def of_seat(request: HttpRequest, person: Key, agency: Key, holding: int, change: str) -> HttpResponse:
    """Change somebody's time in a post."""
    return _change(request, here(person, agency=agency, holding=holding), forms.OF_SEAT, change)


@require_http_methods(METHODS)
@administers
def of_absence(request: HttpRequest, person: Key, agency: Key, whom: Key, absence: int, change: str) -> HttpResponse:
    """Change somebody's time away."""
    return _change(request, here(person, agency=agency, whom=whom, absence=absence), forms.OF_ABSENCE, change)


def _change(request: HttpRequest, found: Here, known: Forms, change: str) -> HttpResponse:
    if change not in known:
        raise Http404
    form = known[change](found, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return show_form(request, TEMPLATE, _page(request, found, form))
    try:
        return _sent(request, found, form)
    except NotInCharge:
        raise Http404 from None


def _sent(request: HttpRequest, found: Here, form: ChangeForm) -> HttpResponse:
    if form.is_valid():
        foreseen = form.foresees() if "sure" not in request.POST else None
        if foreseen is not None:
            return show(request, TEMPLATE, _check(request, found, form, foreseen))
        made = form.make(clock.now())
        if not isinstance(made, Mistake):
            return HttpResponseRedirect(form.next(made))
        form.add_error(made.field if made.field in form.fields else None, made.text)
    return show_form(request, TEMPLATE, _page(request, found, form))


def _page(request: HttpRequest, found: Here, form: ChangeForm) -> ChangePage:
    return ChangePage(
        title=form.title,
        name=form.title,
        caption=_about(found),
        lead=form.lead,
        form=form,
        button=form.button,
        back_href=found.page,
        errors=error_lines(form),
        **frame(request),
    )


def _check(request: HttpRequest, found: Here, form: ChangeForm, foreseen: Foreseen) -> ChangePage:
    titles = {one.partnership: Titles(one.partnership) for one in foreseen.posts}
    answering = [each for one in foreseen.posts for each in (one.now, one.then)]
    says, table = foreseen_words(foreseen, _names(answering), titles)
    return ChangePage(
        title=f"Check: {form.title.lower()}",
        name=form.title,
        caption=_about(found),
        lead=(),
        form=form,
        button="Make this change",
        back_href=found.page,
        foreseen=says,
        table=table,
        hidden=hidden_values(request.POST, tuple(form.fields)),
        **frame(request),
    )


def _names(answering: list[Answering]) -> Mapping[Key, str]:
    people = {person for one in answering for person in one.people}
    return dict(Person.objects.filter(key__in=people).values_list("key", "full_name"))


def _about(found: Here) -> str:
    """Say what a change is about, above its heading."""
    if found.person is not None:
        return found.person.full_name
    if found.seat is not None and found.staff is not None:
        return f"{found.staff.names[found.seat.person]}, {found.staff.titles.at(found.seat.post)}"
    if found.post is not None and found.staff is not None:
        return found.staff.titles.at(found.post.post)
    if found.staff is not None:
        return found.staff.agency.name
    return found.area.partnership.name if found.area is not None else "This service"


class EndForm(HereForm):
    """Ending somebody's looking after something: the one change that is found by its own number."""

    title = "End somebody’s administration"
    button = "End it"
    lead = ("From that day they can’t open these pages. Their posts stay as they are.",)

    gone_on = forms.first_day("From which day?")


@require_http_methods(METHODS)
@administers
def end(request: HttpRequest, person: Key, administrator: int) -> HttpResponse:
    """End somebody's looking after a directory."""
    row, charge = administrator_here(person, administrator)
    found = Here(charge, (charge,), clock.today())
    form = EndForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        end_administrator(charge, administrator, form.day("gone_on"), clock.now())
        return HttpResponseRedirect(reverse("administration"))
    page = ChangePage(
        title=form.title,
        name=form.title,
        caption=row.person.full_name,
        lead=form.lead,
        form=form,
        button=form.button,
        back_href=reverse("administration"),
        errors=error_lines(form),
        **frame(request),
    )
    return show_form(request, TEMPLATE, page)
