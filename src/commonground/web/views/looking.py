"""Looking at a disagreement that somebody has no part in: a reference, a reason in words, and both sides are told."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commonground.usecases.directory import directory_of
from commonground.usecases.handle import NotThere
from commonground.usecases.looking import look_outside
from commonground.web.formfields import error_lines
from commonground.web.forms.looking import LookForm
from commonground.web.identity import Visitor, signed_in
from commonground.web.opening import any_names
from commonground.web.pages.looking import LookPage
from commonground.web.pages.page import acting_for, phones, show_form

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def look(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Ask for the reference and the reason; sent back, open it for a while."""
    form = LookForm(request.POST if request.method == "POST" else None, initial=_asked(request))
    if request.method == "POST" and form.is_valid():
        reference = form.cleaned_data["reference"]
        try:
            look_outside(visitor.scopes, reference, form.cleaned_data["reason"])
        except NotThere:
            # Word for word the same for one that does not exist and for one that is not theirs to ask about.
            logger.info("%s asked to look and may not", visitor.person)
            form.add_error("reference", "There is no disagreement with this reference that you can look at")
        else:
            return HttpResponseRedirect(reverse("disagreement", args=[reference.upper()]))
    directory = directory_of(visitor.seat.partnership)
    page = LookPage(
        form=form,
        button="Look at it, and tell both sides’ leads",
        back_href=reverse("my-list"),
        errors=tuple(error_lines(form)) if form.is_bound else (),
        signed_in_as=acting_for(any_names(directory, visitor.seat.seat), visitor.seat.seat),
        current="my-list",
        numbers=phones(directory),
    )
    return show_form(request, "look.html", page)


def _asked(request: HttpRequest) -> dict[str, str]:
    return {"reference": request.GET.get("reference", "")[:40]}
