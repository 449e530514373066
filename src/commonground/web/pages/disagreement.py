"""The page of one disagreement: whose move it is first, then everything that is known and everything that is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, assert_never

from django.urls import reverse

from commonground.core.acts import Act, Because, LimitSet, Owner, PostRef, Side
from commonground.core.meetings import Meeting
from commonground.core.moves import is_done
from commonground.core.procedure import Duty, DutyKind, Guards, Key, Place, Step, Strength, Who, split_ref
from commonground.core.setting import stage_now
from commonground.core.standing import Phase, Standing, action_limit, standing, step_limit
from commonground.core.time import LONDON
from commonground.people.access import Reader
from commonground.people.models import Opening
from commonground.record.words import Erased, Words
from commonground.usecases.directory import Directory, people_called
from commonground.usecases.looking import looks_at, openings_of, readers_of
from commonground.usecases.meetings import is_over, meeting_waited_for
from commonground.usecases.reading import Reading
from commonground.web import components as c
from commonground.web.forms.meetings import meeting_name
from commonground.web.offers import Offer, Slug, answering, offers
from commonground.web.pages.attaching import is_file, words_of_file
from commonground.web.pages.both_sides import agreed, two_sides
from commonground.web.pages.charts import chart_of
from commonground.web.pages.dates import Limit, clause_links, happened, limits, working
from commonground.web.pages.elsewhere import elsewhere, ways
from commonground.web.pages.page import Page, acting_for, capital, phones
from commonground.web.pages.why import why_in_words
from commonground.web.questions import by_the_clock, called
from commonground.wording import (
    Names,
    by_when,
    day,
    day_or_moment,
    is_ours,
    moment,
    sentences_of_act,
    title_of_act,
    whose_move_in_words,
    words_of_audience,
    words_of_because,
    words_of_effect,
    words_of_mark,
    words_of_refusal,
    words_of_side,
    words_of_what,
)


@dataclass(frozen=True, kw_only=True)
class InDisagreement(Page):
    """What the frame of every page inside a disagreement shows."""

    reference: str
    reference_href: str
    stage: str
    whose_move: c.WhoseMove | None
    why: str
    """Why its reader can see it, as one sentence."""
    to_look: str
    """Where to give a reason to see more; empty for who sees it all."""


@dataclass(frozen=True)
class Fact:
    """One line of "about this disagreement"; `links` lead on where there is more to read."""

    name: str
    value: str
    links: tuple[c.Link, ...] = ()


@dataclass(frozen=True)
class StepShown:
    """A step of the stage now open: who does it, whether it is done, by when it is wanted."""

    name: str
    who: str
    done: str
    when: str
    working: c.Working | None
    clauses: tuple[c.Link, ...]
    optional: bool


@dataclass(frozen=True)
class Owed:
    """Something that is owed before this can be closed as settled, or asked for anyway. It never bars the way up."""

    text: str
    state: c.Tag
    clauses: tuple[c.Link, ...]


@dataclass(frozen=True)
class ActionShown:
    """An agreed action: what in words, who, by when, and how it stands."""

    what: str
    who: str
    due_on: date | None
    state: c.Tag
    working: c.Working | None


@dataclass(frozen=True)
class GuidanceShown:
    text: str
    clauses: tuple[c.Link, ...]


@dataclass(frozen=True)
class Looked:
    who: str
    why: str
    at: str


@dataclass(frozen=True, kw_only=True)
class DisagreementPage(InDisagreement):
    open_acts: tuple[c.OpenAct, ...]
    closed_acts: tuple[c.ClosedAct, ...]
    hold: str
    concern: tuple[c.Words, ...]
    facts: tuple[Fact, ...]
    limits: tuple[Limit, ...]
    steps: tuple[StepShown, ...]
    owed: tuple[Owed, ...]
    actions: tuple[ActionShown, ...]
    guidance: tuple[GuidanceShown, ...]
    sides: c.TwoSides | None
    """What each side said; None for who sees no words."""
    agreed: tuple[str, ...]
    chart: c.Chart
    entries: tuple[c.TimelineEntry, ...]
    more: tuple[c.Link, ...]
    """To the acts before and after those that are shown."""
    looked: tuple[Looked, ...]
    looked_total: int
    printed: str
    whole: bool
    """Whether there is a file of it for this reader."""
    ways: tuple[c.Link, ...]
    """What else may be done here: bring in somebody from outside, link it to another."""


@dataclass(frozen=True)
class Reason:
    """Somebody looked outside their relation: who, the reason they typed, from when, until when."""

    who: str
    reason: str
    from_at: str
    to_at: str


@dataclass(frozen=True, kw_only=True)
class LookedPage(InDisagreement):
    looked: tuple[Looked, ...]
    reasons: tuple[Reason, ...]


MOST_READERS = 10
"""How many readers the page shows, each with their last look. All looks have a page of their own."""


SHOWN_ACTS = 50
"""How many acts the page shows at once, the newest first; the others are a click away, and on paper all are there."""


# --- the frame -------------------------------------------------------------------------------------------------------


def frame(reading: Reading, directory: Directory, names: Names) -> dict[str, Any]:
    """This will give what every page inside a disagreement shows around its own content."""
    here = reading.standing
    return {
        "reference": reading.reference,
        "reference_href": reverse("disagreement", args=[reading.reference]),
        "stage": _place(here, names),
        "whose_move": whose_move(reading, names) if reading.until is None else None,
        "why": why_in_words(reading.relation, reading.until),
        "to_look": f"{reverse('look')}?reference={reading.reference}" if reading.shallow else "",
        "numbers": phones(directory),
        "signed_in_as": acting_for(names, reading.scope.seat),
        "current": "my-list",
    }


def _place(here: Standing, names: Names) -> str:
    if here.ended is not None and here.phase is Phase.ENDED:
        return f"Ended: {names.ending(here.ended.ending)}"
    return names.stage(here.route, here.stage)


def whose_move(reading: Reading, names: Names) -> c.WhoseMove | None:
    """This will give the first line of every page: whose move, what, by when."""
    here = reading.standing
    waits = here.waits
    if waits is None:
        return None
    words = whose_move_in_words(waits, names, here, reading.scope.seat)
    if waits.owner is None or waits.what is None:
        return c.WhoseMove(who=words.who, what=words.what, now=reading.at, due_at=None)
    due, key = waits.due, waits.event
    ours = due is None or key is None or is_ours(names.procedure, here.route, here.stage, key, due)
    said = words.by_when if ours or due is None else words.by_when.removeprefix(f"By {moment(due.at)}.").strip()
    return c.WhoseMove(
        who=capital(names.post(waits.owner.post)),
        what=f"{words_of_what(waits.what, names, here, waits.step)}{_called_for(reading)}",
        now=reading.at,
        due_at=due.at if due else None,
        yours=words.yours,
        limit_given=not ours,
        working=working(key, due, names, here, here.limits) if key and due else None,
        by_when=said,
        why="" if waits.owner.because is Because.NAMED else words.why,
        if_silent=words.if_silent,
    )


def _called_for(reading: Reading) -> str:
    """Say when the meeting is that is waited for, where it was called already."""
    meeting = meeting_waited_for(reading)
    if meeting is None:
        return ""
    when = f"for {day_or_moment(meeting.meets_at)}" if meeting.meets_at else "and no day is set yet"
    return f". It {'was' if is_over(meeting, reading.at) else 'is'} called {when}"


# --- the page --------------------------------------------------------------------------------------------------------


def disagreement_page(
    reading: Reading, directory: Directory, names: Names, until: int | None = None, most: int = SHOWN_ACTS
) -> DisagreementPage:
    """This will put together everything that the page of a disagreement shows to this reader.

    Of its acts, the last `most` up to and with the one numbered `until`; the newest where there is no such one.
    """
    here = reading.standing
    last = until if until is not None and 0 < until < len(reading.acts) else len(reading.acts)
    since = max(last - most, 0)
    stage = stage_now(reading.setting, here)
    open_acts, closed_acts = act_lists(reading, names)
    readers = readers_of(reading)
    people = people_in(reading, (one.person for one in readers))
    return DisagreementPage(
        **frame(reading, directory, names),
        open_acts=open_acts,
        closed_acts=closed_acts,
        hold=stage.hold if stage.hold and here.phase is Phase.OPEN else "",
        concern=tuple(shown_words(reading, 1)),
        facts=tuple(_facts(reading, directory, names, readers)),
        limits=limits(names, here),
        steps=tuple(_steps(reading, names)),
        owed=tuple(_owed(reading, names)),
        actions=tuple(_actions(reading, names)) if not reading.shallow else (),
        guidance=guidance_at(reading, names, Place.DISAGREEMENT),
        sides=two_sides(reading),
        agreed=agreed(reading, names),
        chart=chart_of(names, reading.setting.digest, here),
        entries=entries(reading, names, people, since, last),
        more=tuple(_more(reading, since, last, most)),
        looked=tuple(
            looked(one.person, PostRef(one.agency, one.post), one.relation, one.last_at, names, people)
            for one in readers[:MOST_READERS]
        ),
        looked_total=sum(one.times for one in readers),
        whole=not reading.shallow and reading.until is None,
        ways=tuple(ways(reading)),
        printed=f"As {acting_for(names, reading.scope.seat)} could see it at {moment(reading.at)}.",
    )


def _more(reading: Reading, since: int, last: int, most: int) -> Iterator[c.Link]:
    """The ways to the acts that are not shown."""
    page = reverse("disagreement", args=[reading.reference])
    if since:
        yield c.Link(f"See what happened before ({since} earlier)", f"{page}?until={since}#timeline")
    if last < len(reading.acts):
        newer = min(last + most, len(reading.acts))
        yield c.Link(f"See what happened after ({len(reading.acts) - last} later)", f"{page}?until={newer}#timeline")


def looked_page(reading: Reading, directory: Directory, names: Names) -> LookedPage:
    """This will list everybody who has read a disagreement, the last first."""
    looks = looks_at(reading.scope, reading.disagreement, reading.at)
    people = people_in(reading, (look.person for look in looks))
    opened = openings_of(reading.scope, reading.disagreement, reading.at) if not reading.shallow else ()
    return LookedPage(
        **frame(reading, directory, names),
        looked=tuple(
            looked(one.person, PostRef(one.agency, one.post), one.relation, one.looked_at, names, people)
            for one in looks
        ),
        reasons=tuple(_reason(one, names, people) for one in opened),
    )


def people_in(reading: Reading, readers: Iterable[Key]) -> Mapping[Key, str]:
    """This will name everybody who acted or looked, for a reader who may know people's names; nobody for others."""
    if not reading.names_people:
        return {}
    return people_called({*(act.by.person for act in reading.acts), *readers})


def _reason(one: Opening, names: Names, people: Mapping[Key, str]) -> Reason:
    post = names.post(PostRef(one.agency, one.post))
    name = people.get(one.person)
    return Reason(
        f"{name}, {post}" if name else capital(post), one.reason, capital(moment(one.from_at)), moment(one.to_at)
    )


def act_lists(reading: Reading, names: Names) -> tuple[tuple[c.OpenAct, ...], tuple[c.ClosedAct, ...]]:
    """This will give every act open to this reader, what is waited for first; and what is not open, with the reason."""
    known = offers(reading, names)
    waits = reading.standing.waits
    yours = waits is not None and waits.owner is not None and waits.owner.post == reading.scope.seat
    first = [slug for slug in (*(answering(reading) if yours else ()), "go-up", "reopen") if slug in known]
    meeting = meeting_waited_for(reading) if yours else None
    if meeting is not None:
        first = [slug for slug in first if slug not in ("call-meeting", "meeting-held")]
    ordered = sorted(known.values(), key=lambda one: first.index(one.slug) if one.slug in first else len(first))
    opened = tuple(
        c.OpenAct(
            offer.text,
            reverse("act", args=[reading.reference, offer.slug]),
            hint=_hint(offer.slug, reading, names),
            main=offer.slug in first,
        )
        for offer in ordered
        if offer.asks
    )
    if meeting is not None:
        opened = (_to_meeting(meeting, reading, names), *opened)
    return opened, tuple(_closed(offer, reading, names) for offer in known.values() if not offer.asks)


def _to_meeting(meeting: Meeting, reading: Reading, names: Names) -> c.OpenAct:
    """What there is to do about a meeting that was called: before its time, and after."""
    page = [reading.reference, meeting.number]
    name = meeting_name(meeting, names)
    if is_over(meeting, reading.at):
        return c.OpenAct("Record what happened", reverse("meeting-act", args=[*page, "held"]), hint=name, main=True)
    return c.OpenAct("See who comes, or record what happened", reverse("meeting", args=page), hint=name, main=True)


def _closed(offer: Offer, reading: Reading, names: Names) -> c.ClosedAct:
    worded = [words_of_refusal(reason, names, reading.standing) for reason in offer.reasons]
    clauses = tuple(dict.fromkeys(clause for one in worded for clause in one.clauses))
    return c.ClosedAct(offer.text, " ".join(f"{one.so} {one.next}" for one in worded), names.clauses(clauses))


def _hint(slug: Slug, reading: Reading, names: Names) -> str:
    if slug != "go-up":
        return ""
    following = stage_now(reading.setting, reading.standing).next
    if following is None:
        return "Always open. No stage is left above, so the partnership’s office takes it."
    return f"Always open, early or late. Next is {names.stage(*split_ref(following, reading.standing.route))}."


def _facts(reading: Reading, directory: Directory, names: Names, readers: Iterable[Reader]) -> Iterator[Fact]:
    here, opened = reading.standing, reading.standing.opened
    procedure = names.procedure
    route = procedure.route(here.route)
    chart = reverse("route", args=[procedure.key, here.route])
    yield Fact("Stage", _place(here, names), (c.Link("See where this is", f"{chart}?from={reading.reference}"),))
    yield Fact("Procedure", f"{procedure.title}: {route.title}")
    if opened is not None:
        yield Fact("About", names.matter(opened.matter))
        yield Fact("Raised", capital(moment(opened.raised_at)))
        if opened.decision_at is not None:
            yield Fact("What is challenged took place", capital(_when(opened.decision_at)))
    for side, agencies in ((Side.CHALLENGING, here.challenging), (Side.RESPONDING, here.responding)):
        yield Fact(capital(words_of_side(side)), _agencies(agencies, directory, names) or "Not known yet")
    if here.others:
        yield Fact("Also brought in", _agencies(here.others, directory, names))
    if here.entered is not None and here.phase is Phase.OPEN:
        for side in Side:
            yield Fact(f"Speaks for {words_of_side(side)}", _owner(here.owner_of(side), names))
        if here.entered.body is not None:
            yield Fact("Decides or hears it here", _owner(here.entered.body, names))
    faced = reverse("opposite", args=[reading.reference])
    yield Fact("Whom to talk to", "", (c.Link("Who is my opposite number?", faced),))
    if reading.side is Side.CHALLENGING and not reading.shallow:
        first = min((one.first_at for one in readers if one.agency in here.responding), default=None)
        yield Fact("First opened by the other side", capital(moment(first)) if first else "Not opened yet")
    if here.childs_date is not None:
        yield Fact("The child needs it settled by", capital(moment(here.childs_date)))
    if here.rating is not None:
        yield Fact("How urgent it is", capital(here.rating))
    yield from (Fact(*one) for one in elsewhere(reading))


def _agencies(keys: tuple[Key, ...], directory: Directory, names: Names) -> str:
    known = ((names.agency(key), directory.agency(key)) for key in keys)
    return "; ".join(f"{name}, {agency.telephone}" if agency and agency.telephone else name for name, agency in known)


def _owner(owner: Owner, names: Names) -> str:
    post = capital(names.post(owner.post))
    return post if owner.because is Because.NAMED else f"{post}. {words_of_because(owner.because)}"


def _when(at: datetime) -> str:
    on = happened(at)
    return moment(on) if isinstance(on, datetime) else day(on)


def _steps(reading: Reading, names: Names) -> Iterator[StepShown]:
    here = reading.standing
    if here.phase is not Phase.OPEN:
        return
    for step in stage_now(reading.setting, here).steps:
        key = step_limit(step.key)
        due = here.limits.get(key)
        yield StepShown(
            name=step.name,
            who=_does(step, here, names),
            done=_done(step, here),
            when=by_when(key, due, names, here) if due else "",
            working=working(key, due, names, here) if due else None,
            clauses=clause_links(names, step.clauses),
            optional=step.strength in (Strength.MAY, Strength.GUIDE),
        )


def _does(step: Step, here: Standing, names: Names) -> str:
    match step.who:
        case Who.CHALLENGING:
            return capital(words_of_side(Side.CHALLENGING))
        case Who.RESPONDING:
            return capital(words_of_side(Side.RESPONDING))
        case Who.EITHER:
            return "Either side, or both together"
        case Who.EACH:
            return "Each side"
        case Who.BODY:
            body = here.entered.body if here.entered else None
            return capital(names.post(body.post)) if body else "Whoever decides here"
        case Who.OFFICE:
            return "The partnership’s office"
        case None:
            return "The procedure names nobody"
        case _:
            assert_never(step.who)


def _done(step: Step, here: Standing) -> str:
    done = here.steps.get(step.key)
    if done is None:
        return "Not done in time" if step_limit(step.key) in here.missed else ""
    if not is_done(here, step):
        by = next((words_of_side(side) for side in done.sides if side), "one side")
        return f"Done by {by}; the other side is still to do it"
    return f"Done {_when(done.at)}"


DONE, WAITING, ASKED = c.Tag("Done", "green"), c.Tag("Not yet", "yellow"), c.Tag("Asked for", "grey")


def _owed(reading: Reading, names: Names) -> Iterator[Owed]:
    here = reading.standing
    if here.phase is not Phase.OPEN:
        return
    for duty in names.procedure.duties_at(here.route, here.stage):
        guarded = duty.guards is Guards.SETTLED
        suffix = " Needed before this can be closed as settled." if guarded else ""
        links = clause_links(names, duty.clauses)
        per_agency = _by_agency(duty, here)
        if per_agency is None:
            yield Owed(f"{duty.name}.{suffix}", ASKED, links)
            continue
        for agency, done in per_agency.items():
            yield Owed(f"{names.agency(agency)}: {duty.name}.{suffix}", DONE if done else WAITING, links)


def _by_agency(duty: Duty, here: Standing) -> dict[Key, bool] | None:
    """For each agency that owes a duty, whether the record shows it done; None where the record can't tell."""
    agencies = dict.fromkeys((*here.challenging, *here.responding))
    match duty.do:
        case DutyKind.RECORD:
            return {one: one in here.noted and (here.noted[one] or not duty.approved) for one in agencies}
        case DutyKind.ADVICE:
            return {one: one in here.advised for one in agencies}
        case DutyKind.FILE_COPY:
            return {one: one in here.filed for one in agencies}
        case _:
            return None  # what the record can't show as done is asked for, and no more is claimed


def _actions(reading: Reading, names: Names) -> Iterator[ActionShown]:
    here = reading.standing
    proposed = {action.key: action for action in here.proposal.actions} if here.proposal else {}
    texts = {
        piece.said.field: piece.text if isinstance(piece, Words) else None
        for pieces in reading.words.values()
        for piece in pieces
    }
    for key, action in {**here.actions, **proposed}.items():
        limit = here.limits.get(action_limit(key))
        if key in here.actions_done:
            state = DONE
        elif action.due_on is not None and action.due_on < reading.at.astimezone(LONDON).date():
            state = c.Tag("Overdue", "red")
        else:
            state = c.Tag("To do" if key in here.actions else "Proposed", "blue")
        yield ActionShown(
            what=texts.get(f"action {key}") or "Not described in words",
            who=capital(names.post(action.owner)) if action.owner else "Nobody named yet",
            due_on=action.due_on,
            state=state,
            working=working(action_limit(key), limit, names, here) if limit else None,
        )


def guidance_at(reading: Reading, names: Names, place: Place) -> tuple[GuidanceShown, ...]:
    """This will give what the procedure says at a place, for the route this is on."""
    return tuple(
        GuidanceShown(one.text, clause_links(names, one.clauses))
        for one in names.procedure.guidance
        if one.at is place and (not one.routes or reading.standing.route in one.routes)
    )


# --- what has happened -----------------------------------------------------------------------------------------------


def entries(
    reading: Reading, names: Names, people: Mapping[Key, str], since: int = 0, until: int | None = None
) -> tuple[c.TimelineEntry, ...]:
    """This will give the timeline, newest first: what came after `since` acts, up to and with the one `until`."""
    here = standing(reading.acts[:since])
    shown: list[c.TimelineEntry] = []
    for sequence, act in enumerate(reading.acts[since:until], start=since + 1):
        before, here = here, standing([act], here)
        if reading.shows(sequence):
            shown.append(_entry(sequence, act, before, here, reading, names, people))
    return tuple(reversed(shown))


def _entry(
    sequence: int,
    act: Act,
    before: Standing,
    here: Standing,
    reading: Reading,
    names: Names,
    people: Mapping[Key, str],
) -> c.TimelineEntry:
    marks = tuple(words_of_mark(mark) for mark in act.marks)
    dates = tuple(effect for effect in act.effects if isinstance(effect, LimitSet))
    # Dates are folded away with their working, so the entry itself says only what was done.
    undated = replace(act, effects=tuple(effect for effect in act.effects if not isinstance(effect, LimitSet)))
    raised = ("What was written is at the top of this page.",) if sequence == 1 and reading.words.get(1) else ()
    return c.TimelineEntry(
        id=f"act-{sequence}",
        title=title_of_act(act, names, before),
        by=author(act, names, people),
        happened=happened(act.happened_at),
        written_at=act.recorded_at,
        marks=tuple(c.Tag(mark.label, "yellow") for mark in marks),
        sentences=(*sentences_of_act(undated, names, before), *raised) if not reading.shallow else (),
        meant=tuple(f"{mark.label}: {mark.sentence}" for mark in marks),
        dates=tuple(
            (words_of_effect(effect, names, here), working(effect.key, effect.due, names, here)) for effect in dates
        ),
        words=() if sequence == 1 else tuple(shown_words(reading, sequence)),
    )


def author(act: Act, names: Names, people: Mapping[Key, str]) -> str:
    """This will name who did something: the person, and the post they did it in."""
    if by_the_clock(act):
        return "Commonground’s clock"
    post = names.post(act.by.seat)
    name = people.get(act.by.person)
    return f"{name}, {post}" if name else post


def shown_words(reading: Reading, sequence: int) -> Iterator[c.Words]:
    """This will give the words of one act that this reader may see."""
    for piece in reading.words.get(sequence, ()):
        shown = _words(piece, reading)
        if isinstance(piece, Words) and is_file(piece):
            shown = words_of_file(reading, sequence, piece, shown.label, shown.audience)
        yield shown


def _words(piece: Words | Erased, reading: Reading) -> c.Words:
    said = piece.said
    text = piece.text if isinstance(piece, Words) else None
    return c.Words(called(said.field, reading.setting.procedure), text, words_of_audience(said.audience))


def looked(person: Key, post: PostRef, relation: str, at: datetime, names: Names, people: Mapping[Key, str]) -> Looked:
    """This will say who read a disagreement, for which post, why they could, and when."""
    name, called = people.get(person), names.post(post)
    return Looked(f"{name}, {called}" if name else capital(called), capital(relation), moment(at))
