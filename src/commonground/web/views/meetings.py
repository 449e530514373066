"""Meetings and panels: a page for each, a form for everything that is done about it, and its calendar file."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from commonground.core.acts import Meet, Meets
from commonground.core.meetings import Meeting
from commonground.usecases.handle import NotThere
from commonground.usecases.meetings import file_of, meeting_in
from commonground.web.identity import Visitor, signed_in
from commonground.web.offers import Offer, Slug
from commonground.web.opening import Opened, opened
from commonground.web.pages.meetings import meeting_page, meetings_page
from commonground.web.pages.page import show
from commonground.web.views.acting import ask, seat_of
from commonground.wording import words_of_meets

ACTS: Final = {
    "answer": ("meeting-answer", Meets.ANSWERED),
    "change": ("meeting-change", Meets.CHANGED),
    "cancel": ("meeting-cancel", Meets.CANCELLED),
    "held": ("meeting-held", Meets.HELD),
    "minutes": ("meeting-minutes", Meets.MINUTES),
    "differed": ("meeting-differed", Meets.DIFFERED),
    "send-round": ("meeting-round", Meets.SENT_ROUND),
}
"""What can be done about a meeting, by the last part of its address: the form, and what it says of the meeting."""


@require_GET
@signed_in
def meetings(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """List the meetings of a disagreement."""
    return show(request, "meetings.html", meetings_page(opened(visitor, reference)))


@require_GET
@signed_in
def meeting(request: HttpRequest, visitor: Visitor, reference: str, number: int) -> HttpResponse:
    """Show one meeting: when, where, who is asked, who comes, what was recorded, what can be done."""
    here = opened(visitor, reference)
    return show(request, "meeting.html", meeting_page(here, _meeting(here, number)))


@require_GET
@signed_in
def calendar(request: HttpRequest, visitor: Visitor, reference: str, number: int) -> HttpResponse:
    """Give a meeting as a calendar file. Its name carries the reference and nothing else."""
    here = opened(visitor, reference)
    try:
        file = file_of(here.reading, _meeting(here, number))
    except NotThere:
        raise Http404 from None
    answer = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{here.reading.reference}.ics"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def act(request: HttpRequest, visitor: Visitor, reference: str, number: int, act: Slug) -> HttpResponse:
    """Show the form of something that is done about a meeting; sent back, do it. None of it is ever refused."""
    if act not in ACTS:
        raise Http404
    here = opened(visitor, reference, seat_of(request))
    found, (slug, meets) = _meeting(here, number), ACTS[act]
    asks = (Meet(held=meets is Meets.HELD, meets=meets, meeting=found.id),)
    offer = Offer(slug, words_of_meets(meets), asks, ())
    return ask(request, visitor, here, offer, f"{here.reading.disagreement}/meetings/{number}/{act}")


def _meeting(here: Opened, number: int) -> Meeting:
    try:
        return meeting_in(here.reading, number)
    except NotThere:
        raise Http404 from None
