"""Who is looking: a guest by a link, in a demonstration the invented person chosen, else whoever is signed in.

A view that is `signed_in` is handed a `Visitor`; one that is `administers` is handed a person. No view asks the session
itself. Everything is worked out anew for each request, so that leaving a post ends access on the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, Concatenate, Final, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from commonground.accounts.second_factor import Admitted, admitted
from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.people import access
from commonground.people.access import Scope, Seated
from commonground.usecases import clock
from commonground.web import guests, sheets, unsent
from commonground.web.sheets import Sheet

CHOSEN: Final = "seat"
"""In a demonstration's session: person, agency, post and partnership."""

ACTING_FOR: Final = "acting-for"
"""In the session of somebody signed in: agency, post and partnership."""

P = ParamSpec("P")


@dataclass(frozen=True)
class Visitor:
    """Somebody who acts here: the seat they chose, and every seat they hold anywhere."""

    seat: Scope
    held: tuple[Scope, ...]

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        """The seats they hold in the same partnership."""
        return tuple(scope for scope in self.held if scope.partnership == self.seat.partnership)

    @property
    def person(self) -> Key:
        return self.seat.person


class Identity:
    """Puts on every request: `signed_in` (what an account opens, or None) and `visitor` (who acts, or None)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.signed_in = account_of(request)  # type: ignore[attr-defined]
        request.visitor = next(filter(None, (known(request) for known in KNOWN_BY)), None)  # type: ignore[attr-defined]
        return self.get_response(request)


def account_of(request: HttpRequest) -> Admitted | None:
    """This will say what the account that is signed in opens today; None where none is."""
    user: Any = request.user
    if settings.DEMONSTRATION or not user.is_authenticated:
        return None
    return admitted(user.person_id, user.pk, clock.today())


# --- Who acts ---------------------------------------------------------------------------------------------------------


def by_choice(request: HttpRequest) -> Visitor | None:
    """This will give who was chosen in a demonstration, while they still hold that post."""
    chosen = request.session.get(CHOSEN) if settings.DEMONSTRATION else None
    if not (isinstance(chosen, list) and len(chosen) == 4):
        return None
    person, *wanted = (str(part) for part in chosen)
    held = access.scopes_of(person, clock.today())
    seat = next((scope for scope in held if _key(scope) == wanted), None)
    return None if seat is None else Visitor(seat, held)


def by_account(request: HttpRequest) -> Visitor | None:
    """This will give who is signed in, in the seat they chose, else in their first; None where they have none today."""
    signed = signed_in_as(request)
    own = seats_to_choose(signed.scopes) if signed else ()
    if signed is None or not own:
        return None
    chosen = request.session.get(ACTING_FOR)
    return Visitor(next((scope for scope in own if _key(scope) == chosen), own[0]), signed.scopes)


def by_link(request: HttpRequest) -> Visitor | None:
    """This will give a guest who came by a link, while it works in their browser: one seat, one disagreement."""
    scope = guests.scope_by_link(request)
    return None if scope is None else Visitor(scope, (scope,))


KNOWN_BY: Final[tuple[Callable[[HttpRequest], Visitor | None], ...]] = (by_link, by_choice, by_account)
"""Who may know the visitor, in the order they are asked."""


def _key(scope: Scope) -> list[str]:
    return [scope.seat.agency, scope.seat.post, scope.partnership]


def seats_to_choose(scopes: tuple[Scope, ...]) -> tuple[Scope, ...]:
    """This will leave the seats that somebody can act from: their own. What they serve for comes with those."""
    return tuple(scope for scope in scopes if scope.seated in (Seated.HOLDER, Seated.DEPUTY))


def visitor_of(request: HttpRequest) -> Visitor | None:
    """This will give who acts, where somebody does."""
    found: Visitor | None = getattr(request, "visitor", None)
    return found


def signed_in_as(request: HttpRequest) -> Admitted | None:
    """This will give what the account signed in opens; None where nobody is, and for guests and demonstrations."""
    found: Admitted | None = getattr(request, "signed_in", None)
    return found


def choose(request: HttpRequest, person: Key, post: PostRef, partnership: Key) -> bool:
    """This will make somebody a demonstration's person for this session; False where they hold no such post today."""
    wanted = [post.agency, post.post, partnership]
    if not any(_key(scope) == wanted for scope in access.scopes_of(person, clock.today())):
        return False
    request.session.cycle_key()
    request.session[CHOSEN] = [person, *wanted]
    return True


def act_for(request: HttpRequest, post: PostRef, partnership: Key) -> bool:
    """This will have whoever is signed in act for one of their seats; False where it is not theirs today."""
    signed = signed_in_as(request)
    asked = [post.agency, post.post, partnership]
    if signed is None or not any(_key(scope) == asked for scope in seats_to_choose(signed.scopes)):
        return False
    request.session[ACTING_FOR] = asked
    return True


def act_in(request: HttpRequest, seat: Scope) -> bool:
    """This will have a visitor act in the same post in another partnership; False where they have no such seat."""
    if settings.DEMONSTRATION and (visitor := by_choice(request)) is not None:
        return choose(request, visitor.person, seat.seat, seat.partnership)
    return act_for(request, seat.seat, seat.partnership)


# --- What a view asks for ---------------------------------------------------------------------------------------------


def signed_in(view: Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """This will hand a view its visitor, and send everybody else to where they can become one."""

    @wraps(view)
    def only_signed_in(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        visitor = visitor_of(request)
        if visitor is None:
            return HttpResponseRedirect(the_way_in(request, unsent.keep(request)))
        if request.method == "POST" and (sheet := sheets.of(request)) and sheet.person != visitor.person:
            unsent.keep(request)  # typed by whoever had the page open: never an act of who signed in after them
            return unsent.of_another(request)
        return _kept_private(view(request, visitor, *args, **kwargs))

    return only_signed_in


def administers(view: Callable[Concatenate[HttpRequest, Key, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """This will hand an administration page the person who asks for it.

    What they look after is people/administering.py's to say. Somebody whose second factor is missing is sent to set it
    up; for everybody else who looks after nothing the page is not there.
    """

    @wraps(view)
    def only_administrators(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        signed = signed_in_as(request)
        if signed is not None and signed.missing:
            return HttpResponseRedirect(reverse("second-factor-needed"))
        if (person := administrator_of(request)) is None:
            if signed is None and not settings.DEMONSTRATION:
                return HttpResponseRedirect(the_way_in(request))
            raise Http404
        return _kept_private(view(request, person, *args, **kwargs))

    return only_administrators


def administrator_of(request: HttpRequest) -> Key | None:
    """This will give who asks, where administration pages are open to them; None for everybody else."""
    if settings.DEMONSTRATION:
        visitor: Visitor | None = getattr(request, "visitor", None)
        return visitor.person if visitor is not None else None
    signed = signed_in_as(request)
    return signed.person if signed is not None and signed.administers else None


def _kept_private(answer: HttpResponse) -> HttpResponse:
    # Shared computers: what somebody read must not be there for the next one who presses "Back".
    answer.headers.setdefault("Cache-Control", "private, no-store")
    return answer


def the_way_in(request: HttpRequest, kept: Sheet | None = None) -> str:
    """This will give the address where somebody can become a visitor. `kept`: a form they sent, which waits there."""
    if guests.was_a_guest(request) or (kept is not None and kept.guest):
        return reverse("guest-over") + (f"?{unsent.MARK}=yes" if kept else "")
    signed = signed_in_as(request)
    if signed is not None:
        return reverse("second-factor-needed" if signed.missing else "no-post")
    if settings.DEMONSTRATION:
        return reverse("start")
    if kept is not None:
        return unsent.by_signing_in(request)
    here = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
    return reverse("account_login") + here
