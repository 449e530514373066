"""What arrives of a form that can't be sent: nobody is signed in any more, or it is the page of somebody else.

A time-out, a guest's link that ended, signing out in another tab, signing in anew while an old page stays open: what
was typed there is kept as a draft of the person whose page it was, and of nobody else. Nothing is done in their name.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.shortcuts import render
from django.urls import reverse

from commonground.usecases import clock
from commonground.web import drafts, sheets
from commonground.web.sheets import Sheet

MARK: Final = "unsent"
"""In the address that leads back to a form: it says there that what was typed was not sent."""


def keep(request: HttpRequest) -> Sheet | None:
    """This will keep what a form was sent with as a draft of whoever opened it; None where it is no form of ours."""
    if request.method != "POST":
        return None
    try:
        sheet = sheets.of(request)
        if sheet is not None:
            drafts.save(sheet, sheets.typed(request.POST), sheets.count(request.POST), clock.now())
    except (BadRequest, DatabaseError, RawPostDataException, UnreadablePostError):
        return None  # what cannot be read or kept is shown the page that says to copy it
    return sheet


def back_to_it(request: HttpRequest) -> str:
    """This will give the address of the form, with word that it was not sent."""
    return f"{request.path}?{urlencode({MARK: 'yes'})}"


def by_signing_in(request: HttpRequest) -> str:
    """This will give the address where whoever typed it signs in again, and is led back to it."""
    return f"{reverse('account_login')}?{urlencode({MARK: 'yes', 'next': back_to_it(request)})}"


def of_another(request: HttpRequest) -> HttpResponse:
    """This will answer a form that somebody else had opened in this browser, with nothing of what they typed."""
    return render(request, "errors/another_s.html", status=403)


def is_led_back(request: HttpRequest) -> bool:
    """This will say whether somebody was led back to a form, because what they sent was kept instead."""
    return MARK in request.GET
