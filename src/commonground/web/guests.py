"""A guest's session: somebody from outside, in one browser, by a link whose code they typed.

The session says by which link, and a cookie of its own says which browser. Both must fit, on every request: a link that
is revoked, over, or brought from elsewhere opens nothing on the next one.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from commonground.people import guests
from commonground.people.access import Scope
from commonground.people.models import GuestLink
from commonground.usecases import clock
from commonground.usecases.guests import scope_of

SESSION: Final = "guest"
"""In the session: the number of the link."""
COOKIE: Final = "guest-browser"
"""A random value that a browser keeps, so that a link works in it again after signing out."""


def scope_by_link(request: HttpRequest) -> Scope | None:
    """This will give the scope of a guest who came by a link, while it works in this browser; None for all others."""
    link = request.session.get(SESSION)
    row = guests.acting(link, browser_of(request), clock.now()) if isinstance(link, int) else None
    return scope_of(row) if row is not None else None


def was_a_guest(request: HttpRequest) -> bool:
    """This will say whether somebody came by a link, whether or not it still works."""
    return SESSION in request.session


def browser_of(request: HttpRequest) -> str:
    """This will give the value by which a browser is known; empty for one that never spent a link."""
    return request.COOKIES.get(COOKIE, "")


def new_browser() -> str:
    """This will make a value for a browser to be known by."""
    return secrets.token_urlsafe(32)


def begin(request: HttpRequest, answer: HttpResponse, link: GuestLink, browser: str, at: datetime) -> None:
    """This will make whoever pressed the button this session's guest. Whoever was signed in here before is not now."""
    request.session.flush()
    request.session[SESSION] = link.pk
    answer.set_cookie(
        COOKIE,
        browser,
        max_age=link.expires_at - at,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def end(request: HttpRequest) -> None:
    """This will sign a guest out. Their link works in this browser again, with its code."""
    request.session.flush()
