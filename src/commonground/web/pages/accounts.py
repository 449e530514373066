"""The pages of signing in, second factors and one's own account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import BaseForm
from django.urls import reverse
from markupsafe import Markup

from commonground.accounts.second_factor import Needed
from commonground.people.access import Scope, Seated
from commonground.usecases import directory
from commonground.usecases.directory import directory_of
from commonground.usecases.situation import adopted
from commonground.web.components import Link, Phone
from commonground.web.formfields import ErrorLine
from commonground.web.opening import any_names
from commonground.web.pages.page import Page, acting_for, phones

FEW_PARTNERSHIPS = 3
"""Up to so many, whoever is not signed in yet is shown all their numbers to ring."""


@dataclass(frozen=True, kw_only=True)
class AccountPage(Page):
    """A page of an account that has nothing of its own to show."""


@dataclass(frozen=True, kw_only=True)
class FormPage(Page):
    """A page with one form on it."""

    form: BaseForm
    hidden: tuple[tuple[str, str], ...] = ()
    """Hidden fields to send along: where to go afterwards."""
    others: tuple[Link, ...] = ()
    """Other ways of doing the same."""


@dataclass(frozen=True, kw_only=True)
class SignInPage(FormPage):
    locked_until: datetime | None = None
    """Too many wrong tries: when to try again at the latest."""
    joined: bool = False
    """Just came from choosing a first password, or a new one."""
    unsent: bool = False
    """Sent something after a time-out: it was kept."""
    mail: bool = True
    """Whether a link for a new password can be mailed."""


@dataclass(frozen=True, kw_only=True)
class CodePage(FormPage):
    """A code or a passkey is asked for. `options` is what the browser needs to ask for a passkey; empty for none."""

    options: str = ""
    has_code: bool = True
    locked_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AddAppPage(FormPage):
    picture: Markup
    secret: str
    locked_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AddPasskeyPage(FormPage):
    options: str


@dataclass(frozen=True, kw_only=True)
class CodesPage(Page):
    codes: tuple[str, ...]


@dataclass(frozen=True)
class PasskeyShown:
    name: str
    since: datetime
    remove_href: str
    name_href: str


@dataclass(frozen=True, kw_only=True)
class PasskeyPage(FormPage):
    name: str


@dataclass(frozen=True, kw_only=True)
class SecondFactorPage(Page):
    has_app: bool
    passkeys: tuple[PasskeyShown, ...]
    codes_left: int
    needed: tuple[Needed, ...] = ()
    """Why they are asked to set one up; empty where none is needed, or it is there."""
    seats_open: bool = True


@dataclass(frozen=True)
class SessionShown:
    browser: str
    since: datetime
    address: str
    is_this: bool


@dataclass(frozen=True, kw_only=True)
class SessionsPage(Page):
    sessions: tuple[SessionShown, ...]


@dataclass(frozen=True)
class SeatShown:
    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class SeatsPage(Page):
    seats: tuple[SeatShown, ...]


@dataclass(frozen=True, kw_only=True)
class HomePage(Page):
    """Somebody's own account: who they are here, and what they can change of it."""

    name: str
    email: str
    seats: tuple[str, ...]
    administers: bool
    done: str = ""
    needed: tuple[Needed, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NoPostPage(Page):
    administers: bool


def numbers_for_anybody() -> tuple[Phone, ...]:
    """This will give whom to ring when a child is in danger, for somebody we don't know yet."""
    known = directory.partnerships()
    if len(known) > FEW_PARTNERSHIPS:
        return ()
    return tuple(dict.fromkeys(phone for key, _ in known for phone in phones(directory_of(key))))


def seat_in_words(scope: Scope) -> str:
    """This will name a seat as somebody chooses it: the post, and for a deputy that they are one."""
    if not adopted(scope.partnership):
        return scope.seat.post  # a partnership that is still being set up has no procedure to name its posts
    names = any_names(directory_of(scope.partnership), scope.seat)
    return acting_for(names, scope.seat) + (", as deputy" if scope.seated is Seated.DEPUTY else "")


def seats_in_words(scopes: Sequence[Scope]) -> tuple[str, ...]:
    """This will name seats, with the partnership wherever there are several."""
    several = len({scope.partnership for scope in scopes}) > 1
    known = dict(directory.partnerships()) if several else {}
    return tuple(seat_in_words(one) + (f", in {known[one.partnership]}" if several else "") for one in scopes)


def passkey_shown(passkey: Any) -> PasskeyShown:
    """This will show a passkey as the library keeps it."""
    pk = passkey.instance.pk
    since = passkey.instance.created_at
    return PasskeyShown(
        passkey.name, since, reverse("mfa_remove_webauthn", args=[pk]), reverse("mfa_edit_webauthn", args=[pk])
    )


BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "a Mac"),
    ("Linux", "Linux"),
)


def browser_in_words(agent: str) -> str:
    """This will say which browser a session is in, from what the browser says of itself."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser} on {system}" if system else browser


def whole_errors(text: str) -> tuple[ErrorLine, ...]:
    """This will make one line of the error summary that leads to the page as a whole."""
    return (ErrorLine(text, "#main-content"),)
