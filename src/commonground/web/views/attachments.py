"""Files: added beside a form before it is sent, and given to whoever may read the act they came with.

A form and its files have pages of their own, so that a line that is cut while a file goes up takes no words with it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from commonground.core.acts import Audience
from commonground.usecases import attaching
from commonground.usecases.attaching import MOST_FILES, Because, Turned
from commonground.usecases.directory import directory_of
from commonground.usecases.handle import NotThere
from commonground.usecases.meetings import meeting_in
from commonground.web import components as c
from commonground.web.formfields import ErrorLine
from commonground.web.forms.act_form import Here
from commonground.web.forms.acts import FORMS
from commonground.web.forms.attaching import AttachForm, audiences_of
from commonground.web.identity import Visitor, signed_in
from commonground.web.offers import Offer, Slug, offers
from commonground.web.opening import any_names, opened
from commonground.web.pages.attaching import files_page, turned_line
from commonground.web.pages.page import acting_for, show
from commonground.web.uploads import turned_away
from commonground.web.views.meetings import ACTS as MEETING_ACTS

logger = logging.getLogger(__name__)

METHODS = ("GET", "HEAD", "POST")
RAISE = "raise"


@require_http_methods(METHODS)
@signed_in
def of_act(request: HttpRequest, visitor: Visitor, reference: str, act: Slug) -> HttpResponse:
    """Show the files beside the form of an act; sent back, add one, decide on one, or take one out."""
    if act not in FORMS:
        raise Http404
    here = opened(visitor, reference)
    offer = offers(here.reading, here.names).get(act) or Offer(act, "", (), ())
    form = FORMS[act](Here(here.reading, here.directory, here.names, offer)) if offer.asks else None
    back = c.Link("Back to what you wrote", reverse("act", args=[here.reading.reference, act]))
    return _files(
        request, visitor, f"{here.reading.disagreement}/{act}", audiences_of(form), here.reading.reference, back
    )


@require_http_methods(METHODS)
@signed_in
def of_meeting_act(request: HttpRequest, visitor: Visitor, reference: str, number: int, act: Slug) -> HttpResponse:
    """Do the same for what is done about a meeting."""
    if act not in MEETING_ACTS:
        raise Http404
    here = opened(visitor, reference)
    try:
        meeting_in(here.reading, number)
    except NotThere:
        raise Http404 from None
    place, called = f"{here.reading.disagreement}/meetings/{number}/{act}", here.reading.reference
    back = c.Link("Back to what you wrote", reverse("meeting-act", args=[called, number, act]))
    return _files(request, visitor, place, (Audience.PARTIES,), called, back)


@require_http_methods(METHODS)
@signed_in
def of_raise(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Do the same for what is about to be raised."""
    if visitor.seat.only is not None:
        raise Http404  # a guest raises nothing
    return _files(
        request, visitor, RAISE, (Audience.PARTIES,), "", c.Link("Back to your answers", reverse("raise-check"))
    )


def _files(
    request: HttpRequest, visitor: Visitor, place: str, audiences: Sequence[Audience], reference: str, back: c.Link
) -> HttpResponse:
    form = AttachForm(audiences, settings.FILE_LIMIT, MOST_FILES, *([request.POST] if request.method == "POST" else []))
    errors: tuple[ErrorLine, ...] = ()
    if request.method == "POST":
        wrong = _do(request, visitor, place, form)
        if wrong is None:
            return HttpResponseRedirect(request.path)
        errors = (wrong,)
        form.errors["file"] = form.error_class([wrong.text])
    names = any_names(directory_of(visitor.seat.partnership), visitor.seat.seat)
    page = files_page(
        attaching.waiting(visitor.person, place),
        form,
        "Add a file",
        reference,
        back,
        errors=errors,
        current="my-list" if reference else "raise",
        signed_in_as=acting_for(names, visitor.seat.seat),
    )
    return show(request, "files.html", page)


def _do(request: HttpRequest, visitor: Visitor, place: str, form: AttachForm) -> ErrorLine | None:
    """Do what was asked; give what is wrong, if anything."""
    what, _, which = request.POST.get("do", "").partition(" ")
    number = int(which) if which.isascii() and which.isdecimal() and len(which) < 19 else 0
    match what:
        case "out":
            attaching.remove(visitor.person, place, number)
        case "as-it-is":
            attaching.as_it_is(visitor.person, place, number)
        case "clean":
            if not attaching.clean(visitor.person, place, number):
                return ErrorLine(
                    "No copy could be made. You can send the file as it is, or take it out.", f"#file-{number}"
                )
        case "scan":
            attaching.scan_again(visitor.person, place)
        case _:
            return _add(request, visitor, place, form)
    return None


def _add(request: HttpRequest, visitor: Visitor, place: str, form: AttachForm) -> ErrorLine | None:
    turned = turned_away(request)
    given = request.FILES.get("file")
    if turned is None and given is None:
        turned = Turned("", Because.NOTHING_CHOSEN)
    if turned is None and given is not None:
        added = attaching.attach(visitor.person, place, str(given.name), given, form.audience)
        turned = added if isinstance(added, Turned) else None
    return turned_line(turned) if turned else None


@require_GET
@signed_in
def file(request: HttpRequest, visitor: Visitor, reference: str, sequence: int, number: int) -> HttpResponse:
    """Give a file of an act to somebody who may read its words. Opening the disagreement is what logs the look."""
    here = opened(visitor, reference)
    try:
        found = attaching.find_file(here.reading, sequence, number)
    except NotThere:
        raise Http404 from None
    answer = FileResponse(
        found.file, as_attachment=True, filename=found.attached.name, content_type=found.attached.type
    )
    # Whatever it is, it is saved and not shown: nothing in it runs as part of this service.
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer  # type: ignore[return-value]  # it comes in pieces, and is an answer all the same
