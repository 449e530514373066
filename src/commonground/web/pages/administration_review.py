"""The access review as a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from commonground.usecases.staff.review import Access, Review, Reviewed
from commonground.web.components import Link
from commonground.web.pages.administration import Line, Table, when
from commonground.web.pages.page import Page, capital
from commonground.wording import moment


@dataclass(frozen=True, kw_only=True)
class ReviewPage(Page):
    """Who has access, and who said last that they had gone through it."""

    name: str
    back: Link
    table: Table
    people: int
    last: tuple[str, datetime] | None
    csv_href: str


def table(found: Review, today: date) -> Table:
    """This will give one row for each person: what they have, since when and from whom, and whether they sign in."""
    headings = ("Person", "What they have, and from whom", "Account")
    return Table("Who has access", headings, tuple(_row(found, one, today) for one in found.people))


def _row(found: Review, person: Reviewed, today: date) -> tuple[tuple[Line, ...], ...]:
    signed = f"Last signed in at {moment(person.last_signed_in)}" if person.last_signed_in else "Has not signed in yet"
    account = signed if person.account else "No account"
    has = tuple(
        Line(f"{capital(one.what)}, {when(one.from_on, one.to_on, today)}. {_given(found, person, one)}")
        for one in person.has
    )
    return ((Line(person.full_name), Line(f" {person.email}")), has, (Line(account),))


def _given(found: Review, person: Reviewed, one: Access) -> str:
    if one.given_by is None:
        return "Here since the directory began."
    if one.self_given(person.person):
        return "They named themselves: look at this one."
    return f"Named by {found.names.get(one.given_by, one.given_by)}."
