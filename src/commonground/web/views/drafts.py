"""Where a page saves what is being typed into it (static/drafts.js)."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from commonground.core.time import LONDON
from commonground.usecases import clock
from commonground.web import drafts, sheets
from commonground.web.drafts import Became
from commonground.web.identity import visitor_of
from commonground.wording import clock_time

MOST: Final = 2_000_000
"""Bytes that a page may save at once while somebody types. What is longer is kept when its button is pressed."""


# No token against forged requests: the sheet is one. It is signed, and stands in no page but that of whoever opened it.
# A token changes when somebody signs in anew in another tab, and what is typed here must be kept all the same.
@csrf_exempt
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep what a page holds as a draft of whoever opened it, signed in or not. Answers what the page shows of it."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST:
        return _said({}, status=413)
    try:
        sheet = sheets.of(request)
    except UnreadablePostError:
        return _said({}, status=400)  # cut on the way: the page tries again, and nothing of it is kept
    if sheet is None or sheets.END not in request.POST:
        raise Http404
    sent = request.POST
    saved = drafts.save(sheet, sheets.typed(sent), sheets.count(sent), sheets.typed_at(sent, sheet), typing=True)
    if saved.became is Became.TOO_OFTEN:
        return _said({}, status=429)
    visitor = visitor_of(request)
    return _said(
        {
            "kept": saved.became is not Became.DONE,
            "at": clock_time(clock.now().astimezone(LONDON).time()),
            "count": saved.count,
            "elsewhere": saved.became is Became.ELSEWHERE,
            "signedOut": visitor is None or visitor.person != sheet.person,
        }
    )


def _said(what: dict[str, object], status: int = 200) -> HttpResponse:
    return JsonResponse(what, status=status, headers={"Cache-Control": "private, no-store"})
