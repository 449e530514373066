"""Whom to talk to: one's opposite number in a disagreement, and at an agency without one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from commonground.core.acts import PostRef
from commonground.core.standing import Phase
from commonground.people.staffing import How
from commonground.usecases.directory import Directory
from commonground.usecases.opposite import Counterpart, Counterparts, Facing, Found, Opposite, Rung
from commonground.usecases.reading import Reading
from commonground.web import components as c
from commonground.web.pages.disagreement import InDisagreement, frame
from commonground.web.pages.page import Page, acting_for, capital, phones
from commonground.wording import Names, words_of_because


@dataclass(frozen=True)
class Across:
    """A post to talk to: its name, why it is that one, who answers for it today and why they, and its numbers."""

    post: str
    why: tuple[str, ...]
    who: tuple[str, ...]
    numbers: tuple[c.Phone, ...]


@dataclass(frozen=True)
class RungShown:
    """One stage: which post speaks for the reader's side ("" for a reader on neither), and who is across."""

    stage: str
    now: bool
    own: str
    across: tuple[Across, ...]


@dataclass(frozen=True, kw_only=True)
class OppositePage(InDisagreement):
    title: str
    neither: bool
    """The reader is on neither side: both are shown."""
    ended: bool
    now: tuple[Across, ...]
    ladder: tuple[RungShown, ...]
    office: Across


@dataclass(frozen=True, kw_only=True)
class WhoPage(Page):
    """The partnership's agencies, each one press away from the answer."""

    title: str
    partnership: str
    agencies: tuple[c.Link, ...]


@dataclass(frozen=True, kw_only=True)
class WhoAtPage(Page):
    """Whom to talk to at one agency."""

    title: str
    mine: str
    found: tuple[Across, ...]
    nobody_signs_in: bool
    agency_numbers: tuple[c.Phone, ...]
    address: str
    office: Across


def opposite_page(reading: Reading, facing: Facing, directory: Directory, names: Names) -> OppositePage:
    """This will say whom a reader faces in a disagreement, at the stage now open and at each of the others."""
    return OppositePage(
        **frame(reading, directory, names),
        title="Who is my opposite number?",
        neither=facing.side is None,
        ended=reading.standing.phase is Phase.ENDED,
        now=tuple(_across(one, names) for one in facing.now),
        ladder=tuple(_rung(rung, reading, names) for rung in facing.ladder),
        office=_across(facing.office, names),
    )


def who_page(directory: Directory, names: Names, seat: PostRef) -> WhoPage:
    """This will list a partnership's agencies."""
    return WhoPage(
        title="Who to talk to",
        partnership=directory.name,
        agencies=tuple(c.Link(one.name, reverse("who-at", args=[one.key])) for one in directory.agencies),
        **_frame(directory, names, seat),
    )


def who_at_page(found: Counterparts, directory: Directory, names: Names, seat: PostRef) -> WhoAtPage:
    """This will say whom to talk to at an agency, from somebody's post."""
    agency = found.agency
    return WhoAtPage(
        title=f"Who to talk to at {agency.name}",
        mine=names.post(seat),
        found=tuple(_counterpart(one, names, directory) for one in found.found),
        nobody_signs_in=not agency.on_service,
        agency_numbers=tuple(_numbers(agency.name, agency.telephone, agency.out_of_hours)),
        address=agency.address,
        office=_across(found.office, names),
        **_frame(directory, names, seat),
    )


def _frame(directory: Directory, names: Names, seat: PostRef) -> dict[str, Any]:
    return {"current": "who", "signed_in_as": acting_for(names, seat), "numbers": phones(directory)}


def _rung(rung: Rung, reading: Reading, names: Names) -> RungShown:
    return RungShown(
        stage=names.stage(reading.standing.route, rung.stage.key),
        now=rung.now,
        own=capital(names.post(rung.own)) if rung.own is not None else "",
        across=tuple(_across(one, names) for one in rung.across),
    )


def _counterpart(one: Counterpart, names: Names, directory: Directory) -> Across:
    match one.found:
        case Found.STAGE:
            named = [
                f"{directory.names(procedure).stage(route, stage)} of {procedure.title}"
                for procedure, route, stage in one.at
            ]
            why = f"This post faces yours at {named[0]}."
            more = len(named) - 1
            if more:
                why += f" So it does at {more} other {'stage' if more == 1 else 'stages'}."
        case Found.TIER:
            why = "No stage has a post there face yours. This one is of your tier."
        case Found.LEAD:
            why = "Nobody there is of your tier. This is its safeguarding lead."
        case Found.SENIOR:
            why = "Nobody there is of your tier, and it has no safeguarding lead. This is its most senior post."
    return _across(one.opposite, names, why=why)


def _across(one: Opposite, names: Names, why: str = "") -> Across:
    reasons = [why] if why else []
    if one.because is not None:
        reasons.append(words_of_because(one.because))
    return Across(
        post=capital(names.post(one.post)),
        why=tuple(reasons),
        who=tuple(_who(one, names)),
        numbers=tuple(_all_numbers(one, names)),
    )


def _who(one: Opposite, names: Names) -> Iterator[str]:
    if one.how is How.NOBODY:
        yield "Nobody is here for it today. Ring, and tell the partnership’s office."
        return
    elsewhere = f" They are {names.post(one.serving)}." if one.serving != one.post else ""
    for person in one.people:
        yield f"{person.name} {one.how}.{elsewhere}"
    if not one.people:
        yield f"Somebody {one.how}.{elsewhere}"


def _all_numbers(one: Opposite, names: Names) -> Iterator[c.Phone]:
    for person in one.people:
        if person.telephone:
            yield c.Phone(person.name, person.telephone)
    yield from _numbers(capital(names.post(one.serving)), one.telephone, one.out_of_hours)


def _numbers(who: str, telephone: str, out_of_hours: str) -> Iterator[c.Phone]:
    if telephone:
        yield c.Phone(who, telephone, "in working hours" if out_of_hours else "")
    if out_of_hours:
        yield c.Phone(who, out_of_hours, "at all other times")
