"""The forms of a meeting: it is called, changed or cancelled; who comes; it was held; what it left behind.

Which meeting a form is of, its offer says (`Meet.meeting`). What the procedure says of a body that sits (its members,
who may not sit, how many are needed) stands beside the questions. None of it stops anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, Final

from django import forms

from commonground.core.acts import Ask, Meet, Meets, PostRef, Rounds
from commonground.core.meetings import Meeting, MeetingState
from commonground.core.procedure import Body, Deed, Place, Stage
from commonground.core.setting import stage_now
from commonground.core.time import LONDON
from commonground.usecases.meetings import decisions_at, meeting_asked, meetings_in, newest_words, words_of
from commonground.web.formfields import ClockField, DayField
from commonground.web.forms.act_form import ActForm, Here
from commonground.web.forms.fields import (
    Choice,
    Pick,
    Several,
    Typed,
    TypedLine,
    moment_of,
    post_choices,
    post_of,
    posts_of,
    when_fields,
)
from commonground.wording import Names, bare, day_or_moment, words_of_round
from commonground.wording.names import capital

MORE: Final = 4
"""How many people from other agencies one form has room for. A meeting can be changed to ask more."""


def meeting_of(here: Here) -> Meeting | None:
    """This will give the meeting that a form is of; None where it is of none yet."""
    return meeting_asked(here.reading, here.offer.asks)


class OfMeeting(ActForm):
    """A form of one meeting, which is there."""

    @property
    def meeting(self) -> Meeting:
        """Which. LookupError for a form that was made without one."""
        meeting = meeting_of(self.here)
        if meeting is None:
            raise LookupError("this form is of a meeting")
        return meeting

    def finish(self) -> None:
        self.hint = _says_which(self.here, self.meeting, self.hint)


def _says_which(here: Here, meeting: Meeting, hint: str) -> str:
    """Begin the sentences above the questions with the meeting that they are about."""
    return f"{meeting_name(meeting, here.names)}. {hint}".strip()


# --- It is called, changed or cancelled -------------------------------------------------------------------------------


class CallMeetingForm(ActForm):
    hint = "Everybody who is asked gets a message with a calendar file, and can read what both sides can read."
    button = "Call the meeting"

    def build(self) -> None:
        here, stage = self.here, stage_now(self.here.reading.setting, self.here.standing)
        self.fields["meets_on"] = DayField(label="Which day is the meeting?", required=False)
        self.fields["meets_at"] = ClockField(label="What time?", help_text="For example, 9:30am or 3pm", required=False)
        self.fields["ends_at"] = ClockField(
            label="What time does it end?", help_text="Leave it empty if you do not know.", required=False
        )
        self.fields["where"] = TypedLine("where", "Where is it, or how do people join?")
        self.fields |= _body_field(here, stage)
        self.fields["chair"] = Pick("Who is in the chair?", _everybody(here), initial=_value(_chair_of(here)))
        self.fields["posts"] = Several(
            "Who is asked to come?",
            post_choices(here.names, _parties(here)),
            initial=[_value(post) for post in _usual(here, stage)],
        )
        self.fields |= _others_fields(here, "Is anybody asked from another agency?")
        self.fields["purpose"] = Typed("purpose", "What is it for?", rows=3)
        self.say_when()

    def say_when(self) -> None:
        """Add the boxes for a call that is written down later than it was made."""
        self.fields |= when_fields("If it was called earlier, on paper or by telephone: when?")

    def clean_ends_at(self) -> time | None:
        """An end is after the beginning: an hour typed wrong would stand in everybody's calendar."""
        begins, ends = self.cleaned_data.get("meets_at"), self.cleaned_data.get("ends_at")
        if isinstance(begins, time) and isinstance(ends, time) and ends <= begins:
            raise forms.ValidationError("The meeting must end after it begins", code="order")
        return ends if isinstance(ends, time) else None

    def ask(self) -> Ask:
        return Meet(held=False, meets=Meets.CALLED, **self.as_set())

    def as_set(self) -> dict[str, Any]:
        """This will give what is set of the meeting: when, who, what kind."""
        data = self.cleaned_data
        chair = post_of(self.chosen("chair"))
        asked = (*([chair] if chair else []), *posts_of(data["posts"]), *_others(data))
        on, begins, ends = data.get("meets_on"), data.get("meets_at"), data.get("ends_at")
        return {
            "meets_at": moment_of(on, begins),
            "ends_at": moment_of(on, ends) if begins and ends else None,
            "chair": chair,
            "body": self.chosen("body") == "yes",
            "invited": tuple(dict.fromkeys(asked)),
        }


class ChangeMeetingForm(CallMeetingForm, OfMeeting):
    hint = "Everybody who is asked is told. At another time, they are asked anew whether they can come."
    button = "Change the meeting"

    def build(self) -> None:
        super().build()
        here, meeting = self.here, self.meeting
        own = {value for value, _ in self.fields["posts"].choices}  # type: ignore[attr-defined]  # a Several
        asked = [_value(post) for post in meeting.invited]
        here_too = [(value, text) for value, text in post_choices(here.names, meeting.invited) if value not in own]
        self.fields["posts"].choices += here_too  # type: ignore[attr-defined]
        self.initial = {
            "meets_on": _day(meeting.meets_at),
            "meets_at": _clock(meeting.meets_at),
            "ends_at": _clock(meeting.ends_at),
            "where": newest_words(here.reading, meeting, "where"),
            "body": "yes" if meeting.body else "no",
            "chair": _value(meeting.chair),
            "posts": asked,
            "purpose": "",
        }
        self.fields["purpose"].label = "Is it for something else now?"
        self.fields["reasons"] = Typed("reasons", "Why is it changed?", rows=3)

    def say_when(self) -> None:
        """Nothing: what is changed is changed now."""

    def ask(self) -> Ask:
        kept = self.as_set()
        gone = tuple(post for post in self.meeting.invited if post not in kept["invited"])
        return Meet(held=False, meets=Meets.CHANGED, meeting=self.meeting.id, told=gone, **kept)


class CancelMeetingForm(OfMeeting):
    hint = "Everybody who was asked is told. The disagreement goes on, and the time runs on."
    button = "Cancel the meeting"

    def build(self) -> None:
        self.fields["reasons"] = Typed("reasons", "Why is it cancelled?", rows=3)

    def ask(self) -> Ask:
        here = self.meeting
        return Meet(held=False, meets=Meets.CANCELLED, meeting=here.id, meets_at=here.meets_at, invited=here.invited)


class AnswerMeetingForm(OfMeeting):
    button = "Send the answer"

    def build(self) -> None:
        seat, asked = self.here.reading.scope.seat, self.meeting.invited
        others = post_choices(self.here.names, (post for post in asked if post != seat))
        answer = Choice("Can you come?", [("yes", "Yes"), ("no", "No, I send apologies")], needed="Choose yes or no")
        if seat in asked:
            self.fields["coming"] = answer
            if others:
                told = "Only if they told you."
                self.fields["who"] = Pick("Do you answer for somebody else?", others, "No, for myself", help_text=told)
        else:
            who = Pick("Whose answer is it?", others, error_messages={"required": "Choose whose answer it is"})
            who.required = bool(others)
            self.fields["who"] = who
            answer.label = "Can they come?"
            answer.choices = [("yes", "Yes"), ("no", "No, they send apologies")]
            self.fields["coming"] = answer
        self.fields["words"] = Typed("words", "Do you want to add anything?", rows=3)

    def ask(self) -> Ask:
        here, seat = self.meeting, self.here.reading.scope.seat
        who = (post_of(self.chosen("who")) or seat,)
        coming = self.chosen("coming") == "yes"
        told = tuple(dict.fromkeys(post for post in (here.called_by, here.chair) if post and post != seat))
        return Meet(
            held=False,
            meets=Meets.ANSWERED,
            meeting=here.id,
            present=who if coming else (),
            apologies=() if coming else who,
            told=told,
        )


# --- It was held, and what it left behind -----------------------------------------------------------------------------


class MeetingHeldForm(ActForm):
    place = Place.MEET
    hint = "You can record a meeting that was called here, or one that was called in another way. Late counts too."

    def build(self) -> None:
        here, meeting = self.here, meeting_of(self.here)
        stage = _stage_of(here, meeting)
        called = [one for one in meetings_in(here.reading) if one.state is MeetingState.CALLED]
        if meeting is None and called:
            self.fields["which"] = Pick(
                "Which meeting was it?",
                [(str(one.id), meeting_name(one, here.names)) for one in called],
                nothing="One that was not called here",
                initial=str(called[0].id) if len(called) == 1 else "",
            )
        self.fields |= when_fields("When was the meeting?")
        asked = meeting.invited if meeting else ()
        everybody = post_choices(here.names, (*asked, *_parties(here)))
        self.fields["posts"] = Several("Who was there?", everybody)
        self.fields |= _others_fields(here, "Was anybody there from another agency?", asked)
        self.fields["apologies"] = Several(
            "Who sent apologies?", post_choices(here.names, asked) if asked else everybody
        )
        if meeting is None:
            self.fields |= _body_field(here, stage)
        if stage.body is not None and stage.body.quorum:
            self.fields["quorate"] = Choice(
                f"Were enough there? The procedure asks for {stage.body.quorum}",
                [("yes", "Yes"), ("no", "No"), ("", "Not said")],
                hints={"no": "It is marked. What was said counts all the same."},
                initial="",
            )
        self.fields["said"] = Typed("said", "What was said and settled?")
        self.fields["differing"] = Typed("differing views", "Who saw it differently, and how?", rows=3)
        if meeting is not None:
            self.hint = _says_which(here, meeting, "Record what happened there. Late counts too.")
            self.initial = self._as_planned(meeting)

    def _as_planned(self, meeting: Meeting) -> dict[str, Any]:
        """Fill in what is known: when it was to be, and who said that they come."""
        known: dict[str, Any] = {
            "posts": [_value(post) for post in meeting.coming],
            "apologies": [_value(post) for post in meeting.apologies],
        }
        if meeting.meets_at is not None and meeting.meets_at <= self.here.reading.at:
            known |= {"happened_on": _day(meeting.meets_at), "happened_at": _clock(meeting.meets_at)}
        return known

    def ask(self) -> Ask:
        data, meeting = self.cleaned_data, meeting_of(self.here)
        which = str(meeting.id) if meeting else self.chosen("which")
        of = next((one for one in meetings_in(self.here.reading) if str(one.id) == which), None)
        present = tuple(dict.fromkeys((*posts_of(data["posts"]), *_others(data))))
        return Meet(
            held=True,
            meets=Meets.HELD,
            meeting=of.id if of else None,
            meets_at=self.happened_at(),
            present=present,
            apologies=tuple(post for post in posts_of(data["apologies"]) if post not in present),
            body=of.body if of else self.chosen("body") == "yes",
            quorate={"yes": True, "no": False}.get(self.chosen("quorate")),
        )


class MinutesForm(OfMeeting):
    hint = "Minutes are added to, never written over. Both sides and everybody who is asked can read them."

    def build(self) -> None:
        self.fields["minutes"] = Typed("minutes", "What are the minutes?", rows=12)
        self.fields["differing"] = Typed("differing views", "Who saw it differently, and how?", rows=3)
        self.fields |= when_fields("When were they written, if that was earlier?")

    def ask(self) -> Ask:
        return Meet(held=False, meets=Meets.MINUTES, meeting=self.meeting.id)


class SawItDifferentlyForm(OfMeeting):
    hint = "Your view stands beside the minutes, in your own words, for good."

    def build(self) -> None:
        self.fields["differing"] = Typed("differing views", "What did you see differently, and why?", rows=8)
        self.fields |= when_fields("When did you say so, if that was earlier?")

    def ask(self) -> Ask:
        return Meet(held=False, meets=Meets.DIFFERED, meeting=self.meeting.id)


class SendRoundForm(OfMeeting):
    hint = "They get a message with a link, and can read it there. The record keeps who was told, and when."
    button = "Send it round"

    def build(self) -> None:
        here, meeting = self.here, self.meeting
        self.fields["what"] = Several("What do you send round?", [(one, _round(one)) for one in _there(here, meeting)])
        known = dict.fromkeys((*meeting.invited, *meeting.present, *here.owners()))
        self.fields["told"] = Several(
            "Who is told?",
            post_choices(here.names, (post for post in known if post != here.reading.scope.seat)),
            initial=[_value(post) for post in known],
        )
        for name, missing in (("what", "Choose what you send round"), ("told", "Choose who is told")):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = missing
        self.fields["words"] = Typed("words", "Do you want to add anything?", rows=3)

    def ask(self) -> Ask:
        data = self.cleaned_data
        return Meet(
            held=False,
            meets=Meets.SENT_ROUND,
            meeting=self.meeting.id,
            told=posts_of(data["told"]),
            rounds=tuple(Rounds(one) for one in data["what"]),
        )


MEETING_FORMS: Final[Mapping[str, type[ActForm]]] = {
    "meeting-answer": AnswerMeetingForm,
    "meeting-change": ChangeMeetingForm,
    "meeting-cancel": CancelMeetingForm,
    "meeting-minutes": MinutesForm,
    "meeting-differed": SawItDifferentlyForm,
    "meeting-round": SendRoundForm,
}
"""The forms of one meeting, by name. Their addresses are below the meeting's own."""


def meeting_name(meeting: Meeting, names: Names) -> str:
    """This will name a meeting by what it is and when: "The meeting at 3pm on Monday 20 April 2026"."""
    when = f" {'on' if bare(meeting.meets_at) else 'at'} {day_or_moment(meeting.meets_at)}" if meeting.meets_at else ""
    if meeting.body:
        return f"{names.stage(meeting.route, meeting.stage)}: meeting{when}"
    return f"Meeting{when or ', no day set yet'}"


# --- What they share --------------------------------------------------------------------------------------------------


def body_rules(body: Body) -> tuple[tuple[str, str], ...]:
    """This will give what the procedure says of a body that sits, each with what it is about."""
    said = (
        ("Who sits", body.members),
        ("Who may not sit", body.may_not_sit),
        ("How many are needed", body.quorum),
    )
    return tuple((about, text) for about, text in said if text)


def _body_field(here: Here, stage: Stage) -> dict[str, forms.Field]:
    """Ask whether the stage's own body sits, where it has one, and show what the procedure says of that."""
    body = stage.body
    if body is None:
        return {}
    rules = " ".join(f"{about}: {text.rstrip('.')}." for about, text in body_rules(body))
    cited = f" ({names})" if (names := here.names.clauses(body.clauses)) else ""
    return {
        "body": Choice(
            f"Is this where “{stage.heading}” takes place?",
            [("yes", "Yes"), ("no", "No, it is another meeting")],
            hints={"yes": f"{rules}{cited}".strip()} if rules or cited else {},
            initial="yes",
        )
    }


def _stage_of(here: Here, meeting: Meeting | None) -> Stage:
    """The stage that a meeting was called in; the one now open where it was not."""
    if meeting is not None and meeting.stage:
        return here.names.procedure.stage(meeting.route, meeting.stage)
    return stage_now(here.reading.setting, here.standing)


def _chair_of(here: Here) -> PostRef | None:
    entered = here.standing.entered
    return entered.body.post if entered is not None and entered.body is not None else None


def _parties(here: Here) -> tuple[PostRef, ...]:
    """Every post of both sides and the partnership, the reader's own among them."""
    return tuple(dict.fromkeys((here.reading.scope.seat, *here.parties())))


def _everybody(here: Here) -> list[tuple[str, str]]:
    """Every post there is, those with a part in this first."""
    agencies = tuple(agency.key for agency in here.directory.agencies)
    return post_choices(here.names, (*_parties(here), *here.posts(agencies)))


def _usual(here: Here, stage: Stage) -> tuple[PostRef, ...]:
    """Whom the procedure has meet at this stage: those it names for the step, else those who speak for each side."""
    named = {key for step in stage.steps if step.do is Deed.MEET for key in step.with_}
    sides = (*here.standing.challenging, *here.standing.responding)
    meet = [post for post in _parties(here) if post.agency in sides and post.post in named]
    return (*meet, *here.owners())


def _others_fields(here: Here, question: str, asked: Iterable[PostRef] = ()) -> dict[str, forms.Field]:
    """Boxes to pick people of agencies that have no part in this so far."""
    agencies = tuple(agency.key for agency in here.directory.agencies)
    known = {*_parties(here), *asked}
    posts = post_choices(here.names, (post for post in here.posts(agencies) if post not in known))
    if not posts:
        return {}
    fields: dict[str, forms.Field] = {}
    for number in range(1, MORE + 1):
        label = question if number == 1 else f"Somebody else from another agency ({number})"
        fields[f"other-{number}"] = Pick(label, posts, nothing="Nobody")
    return fields


def _others(data: Mapping[str, Any]) -> tuple[PostRef, ...]:
    names = (name for name in data if re.fullmatch("other-[0-9]+", name))
    return tuple(post for name in names if (post := post_of(data[name])) is not None)


def _there(here: Here, meeting: Meeting) -> tuple[Rounds, ...]:
    """What of a meeting there is to send round."""
    said = {piece.said.field for _, piece in words_of(here.reading, meeting)}
    decided = any(decisions_at(here.reading, meeting))
    there = {Rounds.PAPERS: True, Rounds.MINUTES: bool(said & {"minutes", "said"}), Rounds.DECISION: decided}
    return tuple(one for one in Rounds if there[one])


def _round(sent: Rounds) -> str:
    return capital(words_of_round(sent))


def _value(post: PostRef | None) -> str:
    return f"{post.agency} {post.post}" if post else ""


def _day(at: datetime | None) -> date | None:
    return at.astimezone(LONDON).date() if at else None


def _clock(at: datetime | None) -> str:
    """A time of day as somebody would type it; empty where none was given."""
    if at is None or bare(at):
        return ""
    local = at.astimezone(LONDON)
    return f"{local.hour % 12 or 12}:{local.minute:02}{'am' if local.hour < 12 else 'pm'}"
