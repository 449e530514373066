"""Going on leave: handing a list over, saying that one is back, and what happened meanwhile."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonground.people.administering import NotInCharge
from commonground.usecases import clock
from commonground.usecases import leave as use
from commonground.usecases.directory import directory_of
from commonground.web import drafts, sheets
from commonground.web.drafts import Draft
from commonground.web.formfields import error_lines
from commonground.web.forms.leave import LeaveForm, NotesForm
from commonground.web.identity import Visitor, signed_in
from commonground.web.pages.leave import handover_page, leave_page, while_away_page
from commonground.web.pages.page import show, show_form
from commonground.web.views.managing import not_a_guest
from commonground.wording import moment

PLACE: Final = "leave"
"""Where notes that are being typed are kept as a draft."""

HANDED_ON = ("person", "from_on-day", "from_on-month", "from_on-year", "to_on-day", "to_on-month", "to_on-year")
"""What the second page sends again of the first."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def leave(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Ask when; sent back, show who answers meanwhile; sent again from there, note it."""
    not_a_guest(visitor)
    below = use.people_below(visitor.seat, visitor.scopes)
    form = LeaveForm(visitor.person, below, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _hand_over(request, visitor, form.leave)
        except NotInCharge:
            raise Http404 from None
    begun = drafts.kept(visitor.person, PLACE)
    page = leave_page(
        form,
        use.said_of(visitor.seat),
        directory_of(visitor.seat.partnership),
        visitor.seat.seat,
        news=use.was_away(visitor.person),
        done="noted" in request.GET,
        kept=moment(begun.kept_at) if begun is not None and _notes_in(begun) else "",
        errors=error_lines(form),
    )
    return show_form(request, "managing/leave.html", page)


def _hand_over(request: HttpRequest, visitor: Visitor, leave: use.Leave) -> HttpResponse:
    found = use.handover(visitor.seat, visitor.scopes, leave)
    ids = {row.listed.reference: row.disagreement for row in found.rows}
    sure = "sure" in request.POST
    notes = NotesForm(ids, request.POST if sure else None)
    sheet, command = sheets.at(request, visitor.person, PLACE), _command(request)
    if sure and notes.is_valid():
        # First that somebody is away: whatever becomes of the notes, others answer.
        use.say_away(visitor.seat, visitor.scopes, leave)
        for reference, text in notes.notes().items():
            use.leave_note(visitor.seat, visitor.scopes, ids[reference], text, command)
        if sheet is not None:
            drafts.sent(sheet, sheets.typed(request.POST))
        return HttpResponseRedirect(f"{reverse('leave')}?noted=yes")
    if sure and sheet is not None:
        drafts.save(sheet, sheets.typed(request.POST), sheets.count(request.POST), clock.now())
    draft = drafts.kept(visitor.person, PLACE)
    if not sure and draft is not None:
        notes.fill(draft.values)
    hidden = {name: request.POST.get(name, "") for name in HANDED_ON if name in request.POST}
    hidden |= {"command": str(command), "sure": "yes"}
    page = handover_page(
        found,
        notes,
        directory_of(visitor.seat.partnership),
        visitor.seat,
        hidden=hidden,
        sheet=sheets.new(visitor.person, PLACE, command, draft.page if draft else None),
        errors=error_lines(notes) if sure else (),
    )
    return show_form(request, "managing/handover.html", page)


@require_POST
@signed_in
def back(request: HttpRequest, visitor: Visitor, absence: int) -> HttpResponse:
    """Note that the visitor is here again."""
    not_a_guest(visitor)
    try:
        use.say_back(visitor.seat, absence)
    except NotInCharge:
        raise Http404 from None
    return HttpResponseRedirect(reverse("while-away"))


@require_GET
@signed_in
def while_away(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show what others did while the visitor was away."""
    not_a_guest(visitor)
    found = use.while_away(visitor.seat, visitor.scopes)
    page = while_away_page(found, directory_of(visitor.seat.partnership), visitor.seat.seat)
    return show(request, "managing/while_away.html", page)


def _notes_in(draft: Draft) -> bool:
    """Say whether a draft holds notes, and not only the days."""
    return any(text.strip() for name, texts in draft.values.items() if name.startswith("note-") for text in texts)


def _command(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("command", ""))
    except ValueError:
        return uuid4()
