"""Who is looking: in a demonstration, the invented person that the visitor chose.

Signing in for real people takes the place of `DemonstrationIdentity`; nothing else needs to change. A view that is
`signed_in` is handed a `Visitor` and never asks the session itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.people import access
from commonground.people.access import Scope
from commonground.usecases import clock

CHOSEN = "seat"

P = ParamSpec("P")


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in: the seat they chose, and every seat they hold in the same partnership."""

    seat: Scope
    scopes: tuple[Scope, ...]

    @property
    def person(self) -> Key:
        return self.seat.person


class DemonstrationIdentity:
    """Puts `visitor` on every request: the person chosen in this session, or None. Only demonstrations know any."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.visitor = visitor_of(request) if settings.DEMONSTRATION else None  # type: ignore[attr-defined]
        return self.get_response(request)


def visitor_of(request: HttpRequest) -> Visitor | None:
    """This will give who was chosen in a session, while they still hold that post."""
    chosen = request.session.get(CHOSEN)
    if not (isinstance(chosen, list) and len(chosen) == 3):
        return None
    person, agency, post = (str(part) for part in chosen)
    held = access.scopes_of(person, clock.today())
    seat = next((scope for scope in held if scope.seat == PostRef(agency, post)), None)
    if seat is None:
        return None
    return Visitor(seat, tuple(scope for scope in held if scope.partnership == seat.partnership))


def choose(request: HttpRequest, person: Key, post: PostRef) -> bool:
    """This will make somebody this session's person; False where they hold no such post today."""
    if not any(scope.seat == post for scope in access.scopes_of(person, clock.today())):
        return False
    request.session.cycle_key()
    request.session[CHOSEN] = [person, post.agency, post.post]
    return True


def signed_in(view: Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """This will hand a view its visitor, and send everybody else to the first page."""

    @wraps(view)
    def only_signed_in(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        visitor: Any = getattr(request, "visitor", None)
        if visitor is None:
            return HttpResponseRedirect(reverse("start"))
        answer = view(request, visitor, *args, **kwargs)
        # Shared computers: what somebody read must not be there for the next one who presses "Back".
        answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer

    return only_signed_in
