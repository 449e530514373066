"""The page of one form in a disagreement, and what it says when the form could not be sent as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid5

from django.urls import reverse

from commonground.core.acts import Act
from commonground.core.reasons import Refusal
from commonground.core.standing import Phase, standing
from commonground.usecases.meetings import meeting_asked, meeting_told
from commonground.usecases.reading import Reading
from commonground.web import components as c
from commonground.web.forms.act_form import ActForm
from commonground.web.forms.acts import action_texts
from commonground.web.forms.attaching import audiences_of
from commonground.web.forms.fields import Typed
from commonground.web.offers import Offer
from commonground.web.opening import Opened
from commonground.web.pages.attaching import FileShown
from commonground.web.pages.dates import clause_links
from commonground.web.pages.disagreement import (
    GuidanceShown,
    InDisagreement,
    entries,
    frame,
    guidance_at,
    people_in,
    whose_move,
)
from commonground.web.pages.raising import OtherTab, shown
from commonground.wording import Names, day, moment, title_of_act, words_of_mark, words_of_refusal


@dataclass(frozen=True)
class Closed:
    """Why something is not open, and what can be done instead."""

    so: str
    next: str
    clauses: tuple[c.Link, ...]


@dataclass(frozen=True, kw_only=True)
class ActPage(InDisagreement):
    title: str
    form: ActForm | None
    hint: str
    button: str
    back: c.Link
    command: str
    position: int
    seat: str
    guidance: tuple[GuidanceShown, ...]
    proposal: tuple[c.Answer, ...] = ()
    closed: tuple[Closed, ...] = ()
    meanwhile: tuple[c.TimelineEntry, ...] = ()
    stale: bool = False
    """Something happened while it was typed: the button sends it all the same."""
    kept: str = ""
    typed: tuple[c.Answer, ...] = ()
    """What was typed into a form that is no longer open, so that nothing is lost."""
    sheet: str = ""
    unsent: bool = False
    """What was typed could not be sent, was kept, and whoever typed it was led back here."""
    others: tuple[OtherTab, ...] = ()
    rows: int = 0
    go_up_href: str = ""
    takes_files: bool = False
    files: tuple[FileShown, ...] = ()
    without: bool = False
    """A file is not ready, and its sender was told: the button sends without it."""


@dataclass(frozen=True)
class AtOnce:
    """Another raised between the same agencies at about the same time: its reference, and the command to link it."""

    reference: str
    command: str


@dataclass(frozen=True, kw_only=True)
class SentPage(InDisagreement):
    confirmation: c.Confirmation
    marks: tuple[str, ...]
    at_once: tuple[AtOnce, ...] = ()
    """To be linked with a press."""
    link_href: str = ""


def act_page(here: Opened, offer: Offer, form: ActForm | None, **more: Any) -> ActPage:
    """This will put together the page of a form; `more` are fields of the page beyond the frame."""
    reading, names = here.reading, here.names
    post = reading.scope.seat
    return ActPage(
        **frame(reading, here.directory, names),
        title=offer.text,
        form=form,
        hint=form.hint if form else "",
        button=form.button if form else "",
        back=_back(reading, offer),
        position=reading.standing.position,
        seat=f"{post.agency} {post.post}",
        guidance=guidance_at(reading, names, form.place) if form and form.place else (),
        proposal=proposal(reading, names) if offer.slug in ("confirm", "does-not-stand", "confirm-for") else (),
        rows=getattr(form, "rows", 0),
        takes_files=bool(audiences_of(form)),
        go_up_href="" if offer.slug == "go-up" else reverse("act", args=[reading.reference, "go-up"]),
        **more,
    )


def _back(reading: Reading, offer: Offer) -> c.Link:
    """To the page that the form was opened from."""
    meeting = meeting_asked(reading, offer.asks)
    if meeting is not None:
        return c.Link("Back to the meeting", reverse("meeting", args=[reading.reference, meeting.number]))
    return c.Link("Back to the disagreement", reverse("disagreement", args=[reading.reference]))


def closed(reasons: tuple[Refusal, ...], here: Opened) -> tuple[Closed, ...]:
    """This will say why something is not open."""
    worded = (words_of_refusal(reason, here.names, here.reading.standing) for reason in reasons)
    return tuple(Closed(one.so, one.next, clause_links(here.names, one.clauses)) for one in worded)


def meanwhile(here: Opened, since: int) -> tuple[c.TimelineEntry, ...]:
    """This will give what happened after somebody opened a form, newest first."""
    return entries(here.reading, here.names, people_in(here.reading, ()), since=since)


def typed_answers(form: ActForm) -> tuple[c.Answer, ...]:
    """This will give what was typed into a form, to be read and copied where the form itself is gone."""
    return tuple(
        c.Answer(field.question, text)
        for name, field in form.fields.items()
        if isinstance(field, Typed) and (text := shown(form, name, field))
    )


def proposal(reading: Reading, names: Names) -> tuple[c.Answer, ...]:
    """This will give the outcome that is put forward, with its actions, for whoever is asked to confirm it."""
    proposed = reading.standing.proposal
    if proposed is None:
        return ()
    texts = action_texts(reading)
    said = {piece.said.field: getattr(piece, "text", None) for pieces in reading.words.values() for piece in pieces}
    answers = [
        c.Answer("How it ends", names.ending(proposed.ending)),
        c.Answer("The outcome", said.get("outcome") or ""),
    ]
    for number, action in enumerate(proposed.actions, start=1):
        who = names.post(action.owner) if action.owner else "nobody named yet"
        by = f"by {day(action.due_on)}" if action.due_on else "no date yet"
        answers.append(c.Answer(f"Action {number}", f"{texts.get(action.key) or 'Not described'}: {who}, {by}"))
    still = {True: said.get("open issues") or "Yes", False: "No", None: "Not said"}
    answers.append(c.Answer("Is anything still open?", still[proposed.open_issues]))
    return tuple(answers)


def sent_page(here: Opened, at: int, kept_href: str, at_once: tuple[str, ...] = (), files: int = 0) -> SentPage:
    """This will say that an act is stored, and what happens next. Only its author sees it."""
    reading, names = here.reading, here.names
    act: Act = reading.acts[at]
    before = standing(reading.acts[:at])
    move = whose_move(reading, names)
    steps = [f"{title_of_act(act, names, before)}."]
    if move is not None and reading.standing.phase is Phase.OPEN:
        by = (
            f" by {moment(move.due_at)}"
            if move.due_at and move.limit_given
            else f". {move.by_when}"
            if move.by_when
            else ""
        )
        steps.append(f"Now waiting for: {move.who}. To do: {move.what.rstrip('.?')}{by.rstrip('.')}.")
        if move.if_silent:
            steps.append(move.if_silent)
        if not move.yours:
            steps.append("You do not need to do anything else now.")
    elif move is not None:
        steps.append(move.who)
    links = [
        c.Link("Go to this disagreement", reverse("disagreement", args=[reading.reference])),
        c.Link("Print one page for the child’s file", reverse("print", args=[reading.reference])),
    ]
    meeting = meeting_told(reading, at + 1)
    if meeting is not None:
        links.insert(0, c.Link("Go to this meeting", reverse("meeting", args=[reading.reference, meeting.number])))
    if files:
        are = "1 file of yours is" if files == 1 else f"{files} files of yours are"
        steps.append(f"{are} not sent yet. You can send what is left with a message.")
        links.insert(0, c.Link("Send what is left", reverse("act", args=[reading.reference, "write"])))
    if kept_href:
        steps.append(
            "Some of what you wrote was not sent: it was too long to send, or you typed it afterwards. "
            "All of it is kept as your draft."
        )
        links.insert(0, c.Link("See what was not sent", kept_href))
    return SentPage(
        **frame(reading, here.directory, names),
        confirmation=c.Confirmation(
            f"Sent at {moment(act.recorded_at)}", reading.reference, tuple(steps), tuple(links)
        ),
        # The same command each time the page is opened, so that pressing it in two tabs is one link.
        at_once=tuple(AtOnce(one, str(uuid5(act.id, one))) for one in at_once),
        link_href=reverse("link", args=[reading.reference]),
        marks=tuple(f"{mark.label}. {mark.sentence}" for mark in (words_of_mark(one) for one in act.marks)),
    )
