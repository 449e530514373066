"""Looking at a disagreement that somebody has no part in: a reference, a reason in words, and both sides are told."""

from __future__ import annotations

import logging
from typing import Final
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commonground.usecases import clock
from commonground.usecases.directory import directory_of
from commonground.usecases.handle import NotThere
from commonground.usecases.looking import look_outside
from commonground.web import drafts, sheets, unsent
from commonground.web.drafts import Draft
from commonground.web.formfields import error_lines
from commonground.web.forms.looking import LookForm
from commonground.web.identity import Visitor, signed_in
from commonground.web.opening import any_names
from commonground.web.pages.looking import LookPage
from commonground.web.pages.page import acting_for, phones, show_form

PLACE: Final = "look"
"""Where what somebody types here is kept as a draft."""

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def look(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Ask for the reference and the reason; sent back, open it for a while."""
    sheet, draft = sheets.at(request, visitor.person, PLACE), drafts.kept(visitor.person, PLACE)
    form = LookForm(request.POST if request.method == "POST" else None, initial=_filled_in(request, draft))
    if request.method == "POST" and form.is_valid():
        reference = form.cleaned_data["reference"]
        try:
            look_outside(visitor.scopes, reference, form.cleaned_data["reason"])
        except NotThere:
            # Word for word the same for one that does not exist and for one that is not theirs to ask about.
            logger.info("%s asked to look and may not", visitor.person)
            form.add_error("reference", "There is no disagreement with this reference that you can look at")
        else:
            if sheet is not None:
                drafts.sent(sheet, sheets.typed(request.POST))
            return HttpResponseRedirect(reverse("disagreement", args=[reference.upper()]))
    if sheet is not None:
        drafts.save(sheet, sheets.typed(request.POST), sheets.count(request.POST), clock.now())
    directory = directory_of(visitor.seat.partnership)
    guest = visitor.seat.only is not None
    page = LookPage(
        form=form,
        button="Look at it, and tell both sides’ leads",
        back_href=reverse("my-list"),
        sheet=sheets.new(visitor.person, PLACE, uuid4(), draft.page if draft else None, guest=guest),
        unsent=unsent.is_led_back(request) and draft is not None,
        errors=tuple(error_lines(form)) if form.is_bound else (),
        signed_in_as=acting_for(any_names(directory, visitor.seat.seat), visitor.seat.seat),
        current="my-list",
        numbers=phones(directory),
    )
    return show_form(request, "look.html", page)


def _filled_in(request: HttpRequest, draft: Draft | None) -> dict[str, str]:
    """Give what the boxes hold at first: the reference that was asked for, and the reason that was begun for it."""
    asked = request.GET.get("reference", "")[:40]
    begun = {name: texts[0] for name, texts in draft.values.items() if texts} if draft is not None else {}
    return begun if asked in ("", begun.get("reference", "")) else {"reference": asked}
