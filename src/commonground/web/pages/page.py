"""What every page has, and how a page object becomes an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commonground.core.acts import PostRef
from commonground.usecases.directory import AgencyEntry, Directory
from commonground.web.components import Phone
from commonground.web.formfields import ErrorLine
from commonground.wording import Names

SOCIAL_CARE = "social-care"
"""The kind of agency that protects a child at once: whom to ring first, after 999."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """What the frame around every page shows."""

    signed_in_as: str = ""
    current: str = ""
    numbers: tuple[Phone, ...] = ()
    errors: tuple[ErrorLine, ...] = ()


def show(request: HttpRequest, template: str, page: Page) -> HttpResponse:
    """This will answer with a template; the fields of the page object are its names, and all it has."""
    # Not `asdict`: that would take the components apart as well.
    return render(request, template, {one.name: getattr(page, one.name) for one in fields(page)})


def show_form(request: HttpRequest, template: str, page: Page) -> HttpResponse:
    """This will do the same for a page to type into, which no browser keeps: others may use the same machine next."""
    # Chromium fills the boxes of a page in again that it has to load anew, and what is typed is saved as a draft.
    answer = show(request, template, page)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def show_found(request: HttpRequest, template: str, page: Page) -> HttpResponse:
    """This will do the same for what was looked for with a form, which a browser keeps until it is left."""
    # Else the back button would lead to a question whether to send the form again, each time that somebody looks at
    # one thing that was found, and wants to go on to the next.
    answer = show(request, template, page)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def acting_for(names: Names, post: PostRef) -> str:
    """This will name the post that somebody acts for."""
    return capital(names.post(post))


def phones(directory: Directory) -> tuple[Phone, ...]:
    """This will give whom to ring when a child is in danger: children's social care, by day and by night.

    Where the directory has no number of theirs: everybody who answers at night.
    """
    care = [agency for agency in directory.agencies if agency.kind == SOCIAL_CARE and agency.telephone]
    at_night = [agency for agency in directory.agencies if agency.out_of_hours]
    return tuple(phone for agency in care or at_night for phone in _phones(agency))


def _phones(agency: AgencyEntry) -> Iterator[Phone]:
    if agency.telephone:
        yield Phone(agency.name, agency.telephone, "in working hours" if agency.out_of_hours else "")
    if agency.out_of_hours:
        yield Phone(agency.name, agency.out_of_hours, "at all other times")


def capital(text: str) -> str:
    """This will begin a text with a capital and leave the rest as it is."""
    return text[:1].upper() + text[1:]
