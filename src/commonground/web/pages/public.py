"""The pages for anybody: what to do now, how records are kept, the accessibility statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import assert_never

from django.urls import reverse

from commonground.core.acts import PostRef
from commonground.core.procedure import Place, Procedure
from commonground.language.chart_words import Faces, Rung, ladder
from commonground.people.access import SHALLOW, Relation
from commonground.usecases.directory import Directory
from commonground.usecases.looking import LASTS
from commonground.usecases.published import Publisher
from commonground.web.components import Link, Phone
from commonground.web.drafts import LASTS as DRAFTS_LAST
from commonground.web.pages.page import Page, capital, phones
from commonground.web.pages.procedures import Cited, Sentence, Shelf

OFFICE_OF = "partnership"
"""The kind of agency that a partnership's own office is."""

# --- What to do now ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartnershipShown:
    """A partnership to choose, and the places it covers."""

    name: str
    localities: str
    href: str


@dataclass(frozen=True)
class RingFirst:
    """Whom to ring when a child is not safe, with every number of theirs."""

    who: str
    phones: tuple[Phone, ...]


@dataclass(frozen=True)
class Adviser:
    """Posts of one agency whose work is to advise."""

    agency: str
    posts: str


@dataclass(frozen=True)
class StageLine:
    """One stage on one line: what it is called, who talks, by when."""

    name: str
    who: str
    time: str


@dataclass(frozen=True)
class RouteLines:
    """A route, stage by stage, with the page that says more."""

    title: str
    covers: str
    stages: tuple[StageLine, ...]
    more: Link


@dataclass(frozen=True)
class ProcedureLines:
    """A procedure on one page: what it says to somebody who is about to raise something, and its routes."""

    title: str
    says: tuple[Sentence, ...]
    routes: tuple[RouteLines, ...]


@dataclass(frozen=True, kw_only=True)
class NowPage(Page):
    """`name` is empty until a partnership is chosen; then `partnerships` is."""

    name: str = ""
    partnerships: tuple[PartnershipShown, ...] = ()
    ring_first: tuple[RingFirst, ...] = ()
    office: tuple[Phone, ...] = ()
    advisers: tuple[Adviser, ...] = ()
    procedures: tuple[ProcedureLines, ...] = ()
    procedures_href: str = ""


def now_page(partnerships: Iterable[Publisher], **frame: object) -> NowPage:
    """This will put together what to do now for somebody whose partnership we don't know."""
    shown = (
        PartnershipShown(one.name, ", ".join(one.localities), reverse("now-in", args=[one.key])) for one in partnerships
    )
    return NowPage(partnerships=tuple(shown), **frame)  # type: ignore[arg-type]  # the frame's own fields


def now_page_in(
    here: Publisher,
    directory: Directory,
    procedures: tuple[Procedure, ...],
    advisers: tuple[PostRef, ...],
    **frame: object,
) -> NowPage:
    """This will put together the same for a partnership: its telephone numbers, its advisers, its stages and times."""
    return NowPage(
        name=here.name,
        ring_first=tuple(
            RingFirst(who, tuple(found)) for who, found in groupby(phones(directory), lambda one: one.who)
        ),
        office=office_phones(directory),
        advisers=tuple(_advisers(directory, procedures, advisers)),
        procedures=tuple(_procedure(directory, procedure) for procedure in procedures),
        procedures_href=reverse("partnership", args=[here.key]),
        **frame,  # type: ignore[arg-type]  # the frame's own fields
    )


def office_phones(directory: Directory) -> tuple[Phone, ...]:
    """This will give the telephone of a partnership's office, where the directory has one."""
    offices = (agency for agency in directory.agencies if agency.kind == OFFICE_OF and agency.telephone)
    return tuple(Phone(agency.name, agency.telephone) for agency in offices)


def _advisers(
    directory: Directory, procedures: tuple[Procedure, ...], advisers: tuple[PostRef, ...]
) -> Iterator[Adviser]:
    for agency in directory.agencies:
        titles = dict.fromkeys(_title(directory, procedures, post) for post in advisers if post.agency == agency.key)
        if titles:
            yield Adviser(agency.name, capital(", ".join(titles)))


def _title(directory: Directory, procedures: tuple[Procedure, ...], post: PostRef) -> str:
    # A post may be known to one of several procedures only.
    knowing = [one for one in procedures if any(known.key == post.post for known in one.posts)] or list(procedures)
    return directory.names(knowing[0]).title(post) if knowing else post.post


def _procedure(directory: Directory, procedure: Procedure) -> ProcedureLines:
    shelf = Shelf(directory.partnership)
    cited = Cited(directory.names(procedure), shelf)
    return ProcedureLines(
        title=procedure.title,
        says=tuple(Sentence(one.text, cited(one.clauses)) for one in procedure.guidance if one.at is Place.RAISE),
        routes=tuple(
            RouteLines(
                title=route.title,
                covers=capital(route.covers or ""),
                stages=tuple(_stage(rung) for rung in ladder(procedure, route.key).rungs),
                more=Link("See it as a chart, and read what each stage asks", shelf.route(procedure.key, route.key)),
            )
            for route in procedure.routes
        ),
    )


def _stage(rung: Rung) -> StageLine:
    return StageLine(rung.name, _who(rung.faces, rung.before), capital(rung.limit))


def _who(faces: Faces | None, before: str | None) -> str:
    parts = []
    if faces is not None and faces.challenging == faces.responding:
        parts.append(f"{faces.challenging} on each side")
    elif faces is not None:
        parts.append(f"{faces.challenging}, with {faces.responding}")
    if before and not (faces and before == faces.responding):
        parts.append(f"before the {before}" if parts else before)
    return capital(", ".join(parts))


# --- How records are kept ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sight:
    """Who sees what: people with a relation to a disagreement (people/access.py), whether it opens words, and what."""

    who: tuple[str, ...]
    words: bool
    what: str


@dataclass(frozen=True, kw_only=True)
class RecordsPage(Page):
    sights: tuple[Sight, ...]
    drafts_last: int
    """Days."""


def records_page(**frame: object) -> RecordsPage:
    """This will put together who can see what, for every relation that the service knows."""
    alike: dict[tuple[bool, str], list[str]] = {}
    for relation in Relation:
        who, what = who_and_what(relation)
        alike.setdefault((relation not in SHALLOW, what), []).append(who)
    sights = tuple(Sight(tuple(who), words, what) for (words, what), who in alike.items())
    return RecordsPage(sights=sights, drafts_last=DRAFTS_LAST.days, **frame)  # type: ignore[arg-type]  # the frame's own fields


def who_and_what(relation: Relation) -> tuple[str, str]:
    """This will say who has a relation to a disagreement, and what they see by it."""
    match relation:
        case Relation.RAISER:
            return "The person who raised it", "What both sides wrote for each other, and their own agency’s notes."
        case Relation.CHALLENGING:
            return (
                "Posts that have a part in it, on the side that raised it",
                "What both sides wrote for each other, and their own agency’s notes.",
            )
        case Relation.RESPONDING:
            return (
                "Posts that have a part in it, on the side that was asked",
                "What both sides wrote for each other, and their own agency’s notes.",
            )
        case Relation.BROUGHT_IN:
            return (
                "Posts that were brought in: to decide, to advise, to meet, to be told, or to do an action",
                "What both sides wrote for each other, and their own agency’s notes.",
            )
        case Relation.LEAD:
            return (
                "The safeguarding leads of the agencies on both sides",
                "What both sides wrote for each other, and their own agency’s notes.",
            )
        case Relation.OFFICE:
            return (
                "The partnership’s office, once the procedure gives it a part",
                "What both sides wrote for each other. An agency’s own notes stay in that agency.",
            )
        case Relation.GUEST:
            return (
                "Somebody from outside, by a link and a code made for them",
                "This one disagreement: what both sides wrote for each other. No agency’s own notes.",
            )
        case Relation.REASON:
            return (
                "Who gives a reason in writing: in the office, in an agency on either side, or the scrutineer",
                f"What both sides wrote for each other, for {_hours()} hours. The leads of both sides are told.",
            )
        case Relation.OFFICE_DATES:
            return "The partnership’s office before that", "Posts and dates."
        case Relation.SCRUTINEER:
            return "The independent scrutineer", "How it went. No names of people."
        case Relation.FORMER:
            return "Posts whose part has ended", "What was there until their part ended, and nothing after."
        case Relation.CLOCK:
            return "The service’s own clock", "When something is due. It is a program, and nobody reads by it."
        case _:
            assert_never(relation)


def _hours() -> int:
    return int(LASTS.total_seconds() // 3600)


# --- Accessibility ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AccessibilityPage(Page):
    offices: tuple[Phone, ...]


def accessibility_page(directories: Iterable[Directory], **frame: object) -> AccessibilityPage:
    """This will put together the accessibility statement, with whom to ring about it."""
    offices = tuple(phone for directory in directories for phone in office_phones(directory))
    return AccessibilityPage(offices=offices, **frame)  # type: ignore[arg-type]  # the frame's own fields
