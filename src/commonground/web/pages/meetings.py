"""The page of one meeting, and the list of them: when, where, who comes, what was recorded, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse

from commonground.core.acts import Act, Meet, Meets, PostRef, Side
from commonground.core.meetings import Meeting, MeetingState
from commonground.core.procedure import Key
from commonground.core.standing import standing
from commonground.core.time import LONDON
from commonground.outbox.models import State
from commonground.usecases.meetings import Told, decisions_at, is_over, meetings_in, newest_words, told_of
from commonground.web import components as c
from commonground.web.forms.meetings import body_rules, meeting_name
from commonground.web.offers import offers
from commonground.web.opening import Opened
from commonground.web.pages.dates import clause_links
from commonground.web.pages.disagreement import (
    Fact,
    InDisagreement,
    author,
    entries,
    frame,
    people_in,
    shown_words,
)
from commonground.web.pages.page import capital
from commonground.web.papers.documents import PANEL, has_papers
from commonground.web.questions import CALLED as CALLED_BY_FIELD
from commonground.wording import (
    Names,
    clock_time,
    day_or_moment,
    moment,
    on_or_at,
    title_of_act,
    words_of_meets,
    words_of_side,
)
from commonground.wording.names import listed, stage_at

CALLED, CANCELLED, HELD = c.Tag("Called", "blue"), c.Tag("Cancelled", "grey"), c.Tag("Held", "green")
STATES = {MeetingState.CALLED: CALLED, MeetingState.CANCELLED: CANCELLED, MeetingState.HELD: HELD}


@dataclass(frozen=True)
class MeetingShown:
    """One line of the list."""

    name: str
    href: str
    state: c.Tag
    now: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MeetingsPage(InDisagreement):
    meetings: tuple[MeetingShown, ...]
    call_href: str


@dataclass(frozen=True)
class AskedShown:
    """A post that is asked to a meeting or was there: for which side, and whether it comes or came."""

    who: str
    side: str
    state: c.Tag


@dataclass(frozen=True)
class BodyShown:
    """What the procedure says of the body that sits: each rule, its clauses, and how we read it."""

    rules: tuple[Fact, ...]
    clauses: tuple[c.Link, ...]
    readings: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """What one act said of a meeting in words: who wrote it, and when."""

    by: str
    words: tuple[c.Words, ...]


@dataclass(frozen=True)
class SentRound:
    """Something that was told of a meeting: what, when, and to whom, each with what became of it."""

    what: str
    told: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MeetingPage(InDisagreement):
    name: str
    state: c.Tag
    now: tuple[str, ...]
    open_acts: tuple[c.OpenAct, ...]
    calendar_href: str
    facts: tuple[Fact, ...]
    asked: tuple[AskedShown, ...]
    body: BodyShown | None
    papers: tuple[c.Link, ...]
    recorded: tuple[Written, ...]
    """What was said there and written of it since: minutes, and what somebody saw differently."""
    said_before: tuple[Written, ...]
    """What it is for, why it was changed, what was added to an answer."""
    decisions: tuple[Written, ...]
    sent: tuple[SentRound, ...]
    entries: tuple[c.TimelineEntry, ...]
    go_up_href: str


def meetings_page(here: Opened) -> MeetingsPage:
    """This will list the meetings of a disagreement, the newest first."""
    reading, names = here.reading, here.names
    return MeetingsPage(
        **frame(reading, here.directory, names),
        meetings=tuple(
            MeetingShown(meeting_name(one, names), _page(here, one), STATES[one.state], tuple(_now(here, one)))
            for one in reversed(meetings_in(reading))
        ),
        call_href=reverse("act", args=[reading.reference, "call-meeting"]),
    )


def meeting_page(here: Opened, meeting: Meeting) -> MeetingPage:
    """This will put together everything that a reader is shown of one meeting."""
    reading, names = here.reading, here.names
    shown = {f"act-{number}" for number in meeting.acts}
    people = people_in(reading, ())
    timeline = entries(reading, names, people, since=meeting.number - 1)
    told = told_of(reading.scope, reading.disagreement, _told_widely(here, meeting))
    return MeetingPage(
        **frame(reading, here.directory, names),
        name=meeting_name(meeting, names),
        state=STATES[meeting.state],
        now=tuple(_now(here, meeting)),
        open_acts=tuple(_open_acts(here, meeting)),
        calendar_href=reverse("meeting-calendar", args=[reading.reference, meeting.number]) if meeting.meets_at else "",
        facts=tuple(_facts(here, meeting)),
        asked=tuple(_asked(here, meeting)),
        body=_body(names, meeting) if meeting.body else None,
        papers=tuple(_papers(here)),
        recorded=tuple(_written(here, meeting, people, _AFTER)),
        said_before=tuple(_written(here, meeting, people, _BEFORE)),
        decisions=tuple(_decided(here, number, act) for number, act in decisions_at(reading, meeting)),
        sent=tuple(_sent(here, number, told.get(number, ())) for number in reversed(meeting.acts) if number in told),
        # What was written stands above, so the history says only what was done, and when.
        entries=tuple(replace(one, words=()) for one in timeline if one.id in shown),
        go_up_href=reverse("act", args=[reading.reference, "go-up"]),
    )


def _page(here: Opened, meeting: Meeting) -> str:
    return reverse("meeting", args=[here.reading.reference, meeting.number])


# --- Whose turn it is -------------------------------------------------------------------------------------------------


def _now(here: Opened, meeting: Meeting) -> Iterator[str]:
    """What the meeting waits for: of whom, and by when. The disagreement itself waits for none of it."""
    reading, names = here.reading, here.names
    in_charge = capital(names.post(meeting.chair or meeting.called_by))
    match meeting.state:
        case MeetingState.CANCELLED:
            yield "It does not take place."
        case MeetingState.CALLED:
            yield from _before_it(here, meeting, in_charge)
        case MeetingState.HELD:
            yield from _after_it(here, meeting, in_charge)
    if meeting.stage and (meeting.route, meeting.stage) != (reading.standing.route, reading.standing.stage):
        yield f"It was called at {names.stage(meeting.route, meeting.stage)}. This has moved on since."


def _before_it(here: Opened, meeting: Meeting, in_charge: str) -> Iterator[str]:
    names, begins = here.names, meeting.meets_at
    if begins is not None and is_over(meeting, here.reading.at):
        yield f"Its time has come. {in_charge} records what happened. Anybody else who was there can do so too."
        return
    if begins is None:
        yield f"No day is set yet. {capital(names.post(meeting.called_by))} sets one."
    else:
        yield f"It is {on_or_at(begins)}."
    if meeting.unanswered:
        yield f"Still to answer, before it begins: {listed(names.post(post) for post in meeting.unanswered)}."
    elif meeting.invited:
        yield "Everybody who is asked has answered."


def _after_it(here: Opened, meeting: Meeting, in_charge: str) -> Iterator[str]:
    asks = _asks(here, meeting)
    stage = stage_at(here.names.procedure, meeting.route, meeting.stage)
    decides = meeting.body and stage is not None and stage.decision is not None
    if decides and not any(decisions_at(here.reading, meeting)):
        yield "The decision is not recorded yet. The line at the top says by whom, and by when."
    if not any(ask.does is Meets.MINUTES for ask in asks):
        yield f"Minutes are not written yet. {in_charge} writes them. The procedure gives no time for it."
    elif not any(ask.does is Meets.SENT_ROUND for ask in asks):
        yield f"Nothing is sent round yet. {in_charge} sends it. The procedure gives no time for it."
    else:
        yield "Minutes are written, and were sent round."


def _asks(here: Opened, meeting: Meeting) -> tuple[Meet, ...]:
    acts = (here.reading.acts[number - 1].ask for number in meeting.acts)
    return tuple(ask for ask in acts if isinstance(ask, Meet))


def _open_acts(here: Opened, meeting: Meeting) -> Iterator[c.OpenAct]:
    """What can be done about it, what is wanted of this reader first."""
    over, seat = is_over(meeting, here.reading.at), here.reading.scope.seat

    def to(act: str, meets: Meets, *, main: bool = False, text: str = "") -> c.OpenAct:
        href = reverse("meeting-act", args=[here.reading.reference, meeting.number, act])
        return c.OpenAct(text or words_of_meets(meets), href, main=main)

    if meeting.state is MeetingState.CALLED:
        mine = seat in meeting.unanswered and not over
        answer = to("answer", Meets.ANSWERED, main=mine, text="Say whether you can come" if mine else "")
        held = to("held", Meets.HELD, main=over, text="Record what happened")
        yield from (held, answer) if over else (answer, held)
        yield to("change", Meets.CHANGED)
        yield to("cancel", Meets.CANCELLED)
    if meeting.state is MeetingState.CANCELLED:
        yield to("change", Meets.CHANGED, text="Set another day for it")
        yield to("held", Meets.HELD, text="Record that it was held all the same")
    if meeting.state is MeetingState.HELD:
        known = offers(here.reading, here.names).get("decide")
        if known is not None and known.asks:
            yield c.OpenAct(known.text, reverse("act", args=[here.reading.reference, "decide"]), main=meeting.body)
        written = any(ask.does is Meets.MINUTES for ask in _asks(here, meeting))
        yield to("minutes", Meets.MINUTES, main=not written, text="Add to the minutes" if written else "")
        yield to("differed", Meets.DIFFERED)
    is_held = meeting.state is MeetingState.HELD
    is_sent = any(ask.does is Meets.SENT_ROUND for ask in _asks(here, meeting))
    text = "" if is_held else "Send the papers round"
    yield to("send-round", Meets.SENT_ROUND, main=is_held and not is_sent, text=text)


# --- What is known of it ----------------------------------------------------------------------------------------------


def _facts(here: Opened, meeting: Meeting) -> Iterator[Fact]:
    reading, names = here.reading, here.names
    when = capital(day_or_moment(meeting.meets_at)) if meeting.meets_at else "Not set yet"
    ends = f", to {clock_time(meeting.ends_at.astimezone(LONDON).time())}" if meeting.ends_at else ""
    yield Fact("When", f"{when}{ends}")
    if where := newest_words(reading, meeting, "where"):
        yield Fact("Where, or how to join", where)
    yield Fact("What it is", names.stage(meeting.route, meeting.stage) if meeting.body else "A meeting")
    if meeting.chair is not None:
        yield Fact("In the chair", capital(names.post(meeting.chair)))
    first = "Called by" if meeting.invited else "Recorded by"
    yield Fact(first, f"{capital(names.post(meeting.called_by))}, {day_or_moment(meeting.called_at)}")
    if meeting.state is MeetingState.HELD and (meeting.quorate is not None or _quorum(names, meeting)):
        asked = _quorum(names, meeting)
        said = {True: "Yes", False: "No. What was said counts all the same", None: "Not said"}[meeting.quorate]
        yield Fact("Were enough there?", f"{said}{f' (asked for: {asked})' if asked else ''}")


def _quorum(names: Names, meeting: Meeting) -> str:
    stage = stage_at(names.procedure, meeting.route, meeting.stage)
    return (stage.body.quorum or "") if stage is not None and stage.body is not None else ""


COMES, AWAY, NO_ANSWER = c.Tag("Comes", "green"), c.Tag("Cannot come", "grey"), c.Tag("No answer yet", "yellow")
THERE, APOLOGIES, NOT_THERE = c.Tag("Was there", "green"), c.Tag("Apologies", "grey"), c.Tag("Not there", "grey")


def _asked(here: Opened, meeting: Meeting) -> Iterator[AskedShown]:
    for post in dict.fromkeys((*meeting.invited, *meeting.present, *meeting.apologies)):
        if meeting.state is MeetingState.HELD:
            state = THERE if post in meeting.present else APOLOGIES if post in meeting.apologies else NOT_THERE
        else:
            state = COMES if post in meeting.coming else AWAY if post in meeting.apologies else NO_ANSWER
        chair = "In the chair" if post == meeting.chair else ""
        yield AskedShown(capital(here.names.post(post)), chair or _side(here, post), state)


def _side(here: Opened, post: PostRef) -> str:
    """For whom a post's agency is in this: a side, the partnership, or neither."""
    now = here.reading.standing
    agencies = {Side.CHALLENGING: now.challenging, Side.RESPONDING: now.responding}
    sides = [words_of_side(side) for side, own in agencies.items() if post.agency in own]
    if sides:
        return capital(listed(sides))
    return "The partnership" if post.agency == here.reading.setting.office else "On neither side"


def _body(names: Names, meeting: Meeting) -> BodyShown | None:
    stage = stage_at(names.procedure, meeting.route, meeting.stage)
    body = stage.body if stage is not None else None
    if body is None:
        return None
    return BodyShown(
        rules=tuple(Fact(about, capital(text)) for about, text in body_rules(body)),
        clauses=clause_links(names, body.clauses),
        readings=tuple(f"{capital(one.takes)}, because {one.because}." for one in body.readings),
    )


def _papers(here: Opened) -> Iterator[c.Link]:
    if has_papers(here.reading):
        page = [here.reading.reference, PANEL.slug]
        yield c.Link(f"{PANEL.name} (PDF)", reverse("paper", args=[*page, "pdf"]))
        yield c.Link(f"{PANEL.name} (Word)", reverse("paper", args=[*page, "docx"]))
        yield c.Link("All papers", reverse("papers", args=[here.reading.reference]))


# --- What was written and sent ----------------------------------------------------------------------------------------

_AFTER = frozenset({Meets.HELD, Meets.MINUTES, Meets.DIFFERED})
CALLED_WHERE = CALLED_BY_FIELD["where"]
"""Stands among the facts already."""
_BEFORE = frozenset({Meets.CALLED, Meets.CHANGED, Meets.CANCELLED, Meets.ANSWERED, Meets.SENT_ROUND})


def _written(here: Opened, meeting: Meeting, people: Mapping[Key, str], which: frozenset[Meets]) -> Iterator[Written]:
    for number in meeting.acts:
        act = here.reading.acts[number - 1]
        if isinstance(act.ask, Meet) and act.ask.does in which:
            words = tuple(piece for piece in shown_words(here.reading, number) if piece.label != CALLED_WHERE)
            if words:
                who = capital(author(act, here.names, people))
                yield Written(f"{who}, {day_or_moment(act.happened_at)}", words)


def _decided(here: Opened, number: int, act: Act) -> Written:
    title = title_of_act(act, here.names, standing(here.reading.acts[: number - 1]))
    return Written(f"{title}. {capital(day_or_moment(act.happened_at))}", tuple(shown_words(here.reading, number)))


def _sent(here: Opened, number: int, told: tuple[Told, ...]) -> SentRound:
    act = here.reading.acts[number - 1]
    title = title_of_act(act, here.names)
    return SentRound(
        f"{title}. {capital(moment(act.recorded_at))}",
        tuple(f"{capital(here.names.post(one.post))}: {_message(one)}" for one in told),
    )


def _told_widely(here: Opened, meeting: Meeting) -> Iterator[int]:
    """The acts that everybody is told of: an answer is between whoever gives it and who called the meeting."""
    for number, ask in zip(meeting.acts, _asks(here, meeting), strict=True):
        if ask.does in (Meets.CALLED, Meets.CHANGED, Meets.CANCELLED, Meets.SENT_ROUND):
            yield number


def _message(told: Told) -> str:
    if told.office_instead:
        return f"nobody there could be written to, so the office was told, {moment(told.at)}"
    match told.state:
        case State.SENT:
            return f"told, {moment(told.at)}"
        case State.WAITING:
            return f"the message goes at {moment(told.at)}"
        case _:
            return "the message could not be sent. Please ring them"
