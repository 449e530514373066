"""The pages for people from outside: reaching them, the links made for them, and their own way in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.urls import reverse

from commonground.people.guests import State
from commonground.usecases.guests import KnownLink, MadeLink
from commonground.usecases.reaching import ToReach
from commonground.web import components as c
from commonground.web.opening import Opened
from commonground.web.pages.disagreement import InDisagreement, frame
from commonground.web.pages.page import Page, capital
from commonground.wording import Names, day, moment


@dataclass(frozen=True)
class LinkShown:
    """A link that can be ended: for whom, and how it stands."""

    id: int
    who: str
    state: c.Tag
    when: str
    open: bool


@dataclass(frozen=True)
class MadeShown:
    """A link just made: shown once, because neither the link nor the code is kept."""

    address: str
    code: str
    until: str


@dataclass(frozen=True, kw_only=True)
class LinksPage(InDisagreement):
    """Who was let in by a link, and letting in somebody else."""

    title: str
    form: forms.Form
    command: str
    button: str
    office: bool
    links: tuple[LinkShown, ...]
    made: MadeShown | None = None
    reach_href: str = ""


@dataclass(frozen=True)
class Reached:
    """An agency to be reached, as it is shown."""

    name: str
    phones: tuple[c.Phone, ...]
    address: str


@dataclass(frozen=True, kw_only=True)
class ReachPage(InDisagreement):
    """Whom the office reaches, by when, and the ways to."""

    title: str
    whom: tuple[Reached, ...]
    by: str
    letter_href: str
    note_href: str
    reached_href: str
    links_href: str


@dataclass(frozen=True, kw_only=True)
class LetterPage(InDisagreement):
    """A letter to an agency: a reference, and nothing of anybody."""

    title: str
    whom: tuple[Reached, ...]
    sender: str
    sender_phones: tuple[c.Phone, ...]
    written_on: str
    by: str


@dataclass(frozen=True, kw_only=True)
class CodePage(Page):
    """The page that a link opens: it asks for the code, and nothing has happened yet."""

    form: forms.Form
    title: str = "Type your code"
    button: str = "Go to the disagreement"
    back_href: str = ""
    office: tuple[c.Phone, ...] = ()
    unsent: bool = False
    """Sent something when they were not in any more: it was kept."""


@dataclass(frozen=True, kw_only=True)
class NoWayInPage(Page):
    """Why a link opens nothing, and whom to ring."""

    title: str
    lines: tuple[str, ...]
    office: tuple[c.Phone, ...] = ()


def links_page(
    here: Opened, form: forms.Form, links: Sequence[KnownLink], made: MadeLink | None, address: str, **more: Any
) -> LinksPage:
    """This will list who was let in, with the form to let in somebody else; `made` is shown once, with its code."""
    office = here.reading.scope.office
    return LinksPage(
        **frame(here.reading, here.directory, here.names),
        title="Let somebody in by a link",
        form=form,
        button="Make the link",
        office=office,
        links=tuple(_link(one, here.names) for one in links),
        made=MadeShown(address, _spaced(made.code), moment(made.expires_at)) if made else None,
        reach_href=reverse("reach", args=[here.reading.reference]) if office else "",
        **more,
    )


def _link(link: KnownLink, names: Names) -> LinkShown:
    if link.ended:
        state, when = c.Tag("Ended", "grey"), ""
    elif link.spent_at is not None:
        state, when = (
            c.Tag("In use", "green"),
            f"First used {moment(link.spent_at)}. Works until {moment(link.expires_at)}.",
        )
    else:
        state, when = c.Tag("Not used yet", "yellow"), f"It can be used until {moment(link.expires_at)}."
    post = names.post(link.seat)
    return LinkShown(link.id, f"{link.name}, {post}" if link.name else capital(post), state, when, not link.ended)


def _spaced(code: str) -> str:
    return f"{code[:4]} {code[4:]}"


def reach_page(here: Opened, whom: Sequence[ToReach]) -> ReachPage:
    """This will say whom the office has to reach, and offer every way to."""
    reference = here.reading.reference
    return ReachPage(
        **frame(here.reading, here.directory, here.names),
        title="Reach the other agency",
        whom=tuple(_reached(one) for one in whom),
        by=_by(here),
        letter_href=reverse("reach-letter", args=[reference]),
        note_href=reverse("act", args=[reference, "note"]),
        reached_href=reverse("act", args=[reference, "reached"]),
        links_href=reverse("guest-links", args=[reference]),
    )


def letter_page(here: Opened, whom: Sequence[ToReach]) -> LetterPage:
    """This will put together the letter: what it is about stays behind the reference."""
    office = here.directory.agency(here.reading.setting.office)
    return LetterPage(
        **frame(here.reading, here.directory, here.names),
        title=f"Letter about {here.reading.reference}",
        whom=tuple(_reached(one) for one in whom),
        sender=office.name if office else here.directory.name,
        sender_phones=office_phones(here.directory.name, office.telephone if office else ""),
        written_on=day(here.reading.at),
        by=_by(here),
    )


def office_phones(name: str, telephone: str) -> tuple[c.Phone, ...]:
    """This will give the office's own number, where the directory has one."""
    return (c.Phone(f"{name}’s office", telephone),) if telephone else ()


def _reached(one: ToReach) -> Reached:
    phones = [c.Phone(one.name, one.telephone)] if one.telephone else []
    phones += [c.Phone(one.name, one.out_of_hours, "out of hours")] if one.out_of_hours else []
    return Reached(one.name or "An agency that nobody has named yet", tuple(phones), one.address)


def _by(here: Opened) -> str:
    waits = here.reading.standing.waits
    return capital(moment(waits.due.at)) if waits is not None and waits.due is not None else ""


_RING: Final = (
    "Ring the person who gave it to you, or the partnership’s office. They can make you another link at once."
)
_SAID: Final = {
    State.UNKNOWN: ("This link does not work", ("It may be mistyped, or it was ended by those who made it.",)),
    State.EXPIRED: ("This link is too old", ("It could be used for a time, and that time is over.",)),
    State.ELSEWHERE: (
        "This link was used in another browser",
        (
            "A link works only in the browser where its code was first typed.",
            "If that was not you, say so when you ring.",
        ),
    ),
    State.LOCKED: ("Too many wrong codes", ("To keep others out, this link does not take another code.",)),
}


def no_way_in(state: State, **frame: Any) -> NoWayInPage:
    """This will say why a link opens nothing. Unknown and revoked are said in the same words."""
    title, lines = _SAID[state]
    return NoWayInPage(title=title, lines=(*lines, _RING), **frame)
