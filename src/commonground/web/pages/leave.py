"""Pages of going on leave: from when to when, who answers for what meanwhile, and what happened when one is back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Final, assert_never

from django.forms.boundfield import BoundField
from django.urls import reverse

from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.core.time import LONDON
from commonground.people.access import Scope
from commonground.people.staffing import How
from commonground.usecases import clock
from commonground.usecases.directory import Directory
from commonground.usecases.leave import SHOWN, Covered, From, HandedOver, Handover, Leave, Meanwhile, Said, WhileAway
from commonground.usecases.situation import pinned
from commonground.web.formfields import ErrorLine
from commonground.web.forms.leave import LeaveForm, NotesForm
from commonground.web.pages.managing import Called, frame_of
from commonground.web.pages.page import Page, capital
from commonground.wording import Names, day, is_ours, moment, words_of_what
from commonground.wording.names import listed


@dataclass(frozen=True)
class SaidShown:
    """A time away that is noted, and where its button leads."""

    when: str
    button: str
    href: str


@dataclass(frozen=True, kw_only=True)
class LeavePage(Page):
    title: str
    form: LeaveForm
    button: str
    back_href: str
    said: tuple[SaidShown, ...]
    news_href: str
    """To what happened while they were away; empty for who was not."""
    done: str
    """What was just noted; empty when nothing was."""
    kept: str
    """When notes that were not sent were last typed; empty where there are none."""


@dataclass(frozen=True)
class PostCovered:
    """One post, and who answers for it meanwhile."""

    post: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class RowHandedOver:
    """One open disagreement, who answers for it meanwhile, and the box for a note to them."""

    reference: str
    href: str
    why: str
    what: str
    stage: str
    due_at: datetime | None
    limit_given: bool
    answers: tuple[str, ...]
    note: BoundField


@dataclass(frozen=True, kw_only=True)
class HandoverPage(Page):
    title: str
    when: str
    button: str
    back_href: str
    warnings: tuple[str, ...]
    posts: tuple[PostCovered, ...]
    rows: tuple[RowHandedOver, ...]
    cut: str
    """What is said where more is handed over than is shown; empty otherwise."""
    others: bool
    """Whether it is somebody else who goes away."""
    hidden: tuple[tuple[str, str], ...]
    sheet: str
    """Where notes are kept while they are typed (web/sheets.py)."""
    now: datetime


@dataclass(frozen=True)
class RowMeanwhile:
    reference: str
    href: str
    happened: str
    now: str


@dataclass(frozen=True, kw_only=True)
class WhileAwayPage(Page):
    title: str
    lead: str
    rows: tuple[RowMeanwhile, ...]
    cut: bool


def when_away(leave: Leave) -> str:
    """This will say from when to when somebody is away."""
    first = day(leave.from_on)
    if leave.to_on is None:
        return f"from {first}, until somebody says otherwise"
    return f"on {first}" if leave.to_on == leave.from_on else f"from {first} to {day(leave.to_on)}"


# --- Before -----------------------------------------------------------------------------------------------------------


def leave_page(
    form: LeaveForm,
    said: tuple[Said, ...],
    directory: Directory,
    seat: PostRef,
    *,
    news: bool,
    done: bool,
    kept: str = "",
    errors: tuple[ErrorLine, ...] = (),
) -> LeavePage:
    """This will ask who is away and when, and say what is noted already."""
    called = Called(directory)
    return LeavePage(
        title="Hand over before leave",
        form=form,
        button="See who answers meanwhile",
        back_href=reverse("my-list"),
        said=tuple(_said(one) for one in said),
        news_href=reverse("while-away") if news else "",
        done="It is noted. Whoever answers meanwhile has it from the first day." if done else "",
        kept=kept,
        errors=errors,
        **frame_of(directory, called, seat),
    )


def _said(one: Said) -> SaidShown:
    by = f". {one.by} said so" if one.by else ""
    button = "I am back today" if one.began else "I am not going away"
    return SaidShown(f"{capital(when_away(one.leave))}{by}", button, reverse("leave-back", args=[one.id]))


def handover_page(
    found: Handover,
    notes: NotesForm,
    directory: Directory,
    scope: Scope,
    *,
    hidden: Mapping[str, str],
    sheet: str,
    errors: tuple[ErrorLine, ...] = (),
) -> HandoverPage:
    """This will say who answers for what while somebody is away, before anything is done."""
    called = Called(directory)
    names_of = cache(lambda digest: directory.names(pinned(digest)))
    others = found.leave.person != scope.person
    return HandoverPage(
        title="Check who answers meanwhile",
        when=f"{found.names.get(found.leave.person, 'They') if others else 'You'} "
        f"{'is' if others else 'are'} away {when_away(found.leave)}.",
        button="Say that they are away" if others else "Say that I am away",
        back_href=reverse("leave"),
        warnings=tuple(_warnings(found, called)),
        posts=tuple(PostCovered(capital(called.post(one.post)), _answers(one, found, called)) for one in found.posts),
        rows=tuple(_row(one, found, notes, called, names_of(one.listed.procedure_digest)) for one in found.rows),
        cut=f"Only the {SHOWN} that are due first are shown. All of them are handed over." if found.cut else "",
        others=others,
        hidden=tuple(hidden.items()),
        sheet=sheet,
        now=clock.now(),
        errors=errors,
        **frame_of(directory, called, scope.seat),
    )


def _warnings(found: Handover, called: Called) -> Iterator[str]:
    for one in found.posts:
        if one.uncovered:
            yield (
                f"Nobody is the deputy of {called.post(one.post)} for all of this time. Others answer, as said "
                "below. Ask whoever looks after your agency’s directory to name a deputy. You can go on without one."
            )


def _answers(covered: Covered, found: Handover, called: Called) -> tuple[str, ...]:
    first = covered.answers[0]
    return tuple(_answer(one, one is not first, covered.post, found.names, called) for one in covered.answers)


def _answer(one: From, later: bool, post: PostRef, names: Mapping[Key, str], called: Called) -> str:
    answering = one.answering
    people = [names[person] for person in answering.people if person in names]
    begins = f"From {day(one.on)}: " if later else ""
    if not people:
        return f"{begins}Nobody is here then. The partnership’s office is told."
    where = f" They are {called.post(answering.post)}." if answering.post != post else ""
    most = [*people[:MOST_NAMED], f"{len(people) - MOST_NAMED} more"] if len(people) > MOST_NAMED else people
    verb = "answer" if len(people) > 1 else "answers"
    return f"{begins}{listed(most)} {verb}. {words_of_how(answering.how)}{where}"


MOST_NAMED: Final = 3


def words_of_how(how: How) -> str:
    """This will say why it is they who answer while somebody is away."""
    match how:
        case How.HOLDER:
            return "The post is theirs too."
        case How.DEPUTY:
            return "They are the post’s deputy."
        case How.STAND_IN:
            return "They stand in, because the agency has no such post."
        case How.NEXT_TIER:
            return "They are the next tier up, and nobody in the post is here then."
        case How.MOST_SENIOR:
            return "They are the most senior there, and nobody in the tiers above is here then."
        case How.SAME_AGENCY:
            return "They are in the same agency, and nobody in its tiers is here then."
        case How.OFFICE:
            return "They are the partnership’s office, and nobody in the agency is here then."
        case How.COLLEAGUE:
            return "They are in the same post, and nobody else is here then."
        case How.NOBODY:
            return "Nobody is here then."
        case _:
            assert_never(how)


def _row(one: HandedOver, found: Handover, notes: NotesForm, called: Called, names: Names) -> RowHandedOver:
    here = one.listed.standing
    waits = here.waits
    due, key = (waits.due, waits.event) if waits else (None, None)
    ours = due is not None and key is not None and is_ours(names.procedure, here.route, here.stage, key, due)
    return RowHandedOver(
        reference=one.listed.reference,
        href=reverse("disagreement", args=[one.listed.reference]),
        why="The next move is with this post" if one.has_move else "It is due in this time",
        what=words_of_what(waits.what, names, here, waits.step) if waits and waits.what else "",
        stage=names.stage(here.route, here.stage),
        due_at=due.at if due else None,
        limit_given=not ours,
        answers=_answers(one.covered, found, called),
        note=notes[f"note-{one.listed.reference}"],
    )


# --- After ------------------------------------------------------------------------------------------------------------


def while_away_page(found: WhileAway, directory: Directory, seat: PostRef) -> WhileAwayPage:
    """This will say what others did while somebody was away, and whose move it is now."""
    called = Called(directory)
    names_of = cache(lambda digest: directory.names(pinned(digest)))
    lead = f"You were noted as away {when_away(found.leave)}." if found.leave else "You were not noted as away."
    return WhileAwayPage(
        title="What happened while you were away",
        lead=lead,
        rows=tuple(
            _meanwhile(one, found.leave.from_on, names_of(one.listed.procedure_digest))
            for one in found.rows
            if found.leave is not None
        ),
        cut=found.cut,
        **frame_of(directory, called, seat),
    )


def _meanwhile(one: Meanwhile, since: date, names: Names) -> RowMeanwhile:
    here = one.listed.standing
    things = "1 thing was recorded" if one.acts == 1 else f"{one.acts} things were recorded"
    happened = f"{things}, the last at {moment(one.last_at)}."
    if here.ended is not None:
        now = f"It ended: {names.ending(here.ended.ending)}."
    else:
        came = here.entered is not None and here.entered.at.astimezone(LONDON).date() >= since
        now = f"It {'came to' if came else 'is at'} {names.stage(here.route, here.stage)}."
        if here.waits is not None and here.waits.owner is not None:
            whose = (
                "The next move is yours." if one.listed.mine else f"It waits for {names.post(here.waits.owner.post)}."
            )
            now = f"{now} {whose}"
    timeline = f"{reverse('disagreement', args=[one.listed.reference])}#timeline"
    return RowMeanwhile(one.listed.reference, timeline, happened, now)
