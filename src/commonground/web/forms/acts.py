"""One form for each kind of act on a disagreement's page: what it asks, and the ask it comes to.

A form knows no rule. It is handed what is open (`Offer.asks`) and offers choices from that; whatever is left empty is
left out of the ask, and the answer comes from `decide`. The procedure's own questions for the place follow our own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, Final

from django import forms

from commonground.core.acts import (
    Action,
    Advise,
    Answer,
    Ask,
    Audience,
    Confirm,
    Decide,
    Dissent,
    Flag,
    Flags,
    GoUp,
    Medium,
    Note,
    Propose,
    Refer,
    Reopen,
    Reply,
    Report,
    SetDate,
    Sets,
    Side,
    StateView,
    Talk,
    Target,
    Withdraw,
    Write,
)
from commonground.core.procedure import Deed, DutyKind, HeldIn, Key, Needed, Place, Procedure, Stage, split_ref
from commonground.core.setting import stage_now, step_now
from commonground.core.standing import Standing
from commonground.core.time import END_OF_WORKING_DAY
from commonground.record.words import Words
from commonground.usecases.reading import Reading
from commonground.usecases.situation import adopted
from commonground.web.formfields import ClockField, DayField
from commonground.web.forms.act_form import ActForm, Here
from commonground.web.forms.fields import (
    Choice,
    Pick,
    Several,
    Tick,
    Typed,
    TypedLine,
    moment_of,
    post_choices,
    post_of,
    posts_of,
    when_fields,
)
from commonground.web.forms.meetings import CallMeetingForm, MeetingHeldForm
from commonground.web.offers import Slug
from commonground.wording import words_of_side
from commonground.wording.names import result_name


def _reasons(label: str = "What are your reasons?", **options: Any) -> Typed:
    return Typed("reasons", label, **options)


# --- what people say to one another -----------------------------------------------------------------------------------


class ReplyForm(ActForm):
    place = Place.REPLY
    hint = "The other side sees your answer at once. They can still escalate it."

    def build(self) -> None:
        self.fields["answer"] = Choice(
            "What is your answer?",
            [
                (Answer.AGREE, "We agree"),
                (Answer.IN_PART, "We agree in part"),
                (Answer.DISAGREE, "We do not agree"),
                (Answer.NOT_ME, "Somebody else is the right person to answer"),
                (Answer.NEED_MORE, "We need to know more"),
            ],
            hints={
                Answer.NOT_ME: "The time runs on, and it stays yours until somebody else takes it.",
                Answer.NEED_MORE: "The time runs on.",
            },
            needed="Choose an answer",
        )
        self.fields["reasons"] = _reasons("Why? What will you do for the child?")
        everyone = self.here.posts(tuple(agency.key for agency in self.here.directory.agencies))
        self.fields["right_post"] = Pick(
            "If somebody else should answer: who?", post_choices(self.here.names, everyone)
        )
        self.fields["more_by"] = DayField(label="If you need to know more: by when?", required=False)

    def ask(self) -> Ask:
        answer = Answer(self.chosen("answer"))
        post = post_of(self.chosen("right_post")) if answer is Answer.NOT_ME else None
        more_by = self.cleaned_data.get("more_by") if answer is Answer.NEED_MORE else None
        return Reply(answer, right_post=post, more_by=more_by)


class TalkForm(ActForm):
    place = Place.TALK
    hint = "Record a talk that was held. Either side can."

    def build(self) -> None:
        self.fields["medium"] = Choice(
            "How did you talk?",
            [
                (Medium.TELEPHONE, "By telephone"),
                (Medium.IN_PERSON, "In person"),
                (Medium.VIDEO, "By video call"),
                (Medium.MEETING, "At a meeting"),
                (Medium.WRITING, "In writing"),
            ],
            needed="Choose how you talked",
        )
        self.fields |= when_fields("When did you talk?")
        self.fields["with"] = Several("Who took part?", post_choices(self.here.names, self.here.parties()))
        self.fields["said"] = Typed("said", "What was said?")

    def ask(self) -> Ask:
        return Talk(Medium(self.chosen("medium")), with_=posts_of(self.cleaned_data["with"]))


class WriteForm(ActForm):
    place = Place.WRITE
    hint = "What you write is sent to the other side and kept here."

    def build(self) -> None:
        urgent = self.here.names.procedure.urgent_requests
        if urgent:
            self.fields["form"] = Choice(
                "What do you send?",
                [("", "A message"), *((one.key, f"Urgent: {one.name}") for one in urgent)],
                initial="",
            )
        self.fields["words"] = Typed("words", "What do you want to say?", rows=8)
        others = post_choices(self.here.names, self.here.owners())
        if others:
            self.fields["to"] = Several("Who is it for?", others)

    def ask(self) -> Ask:
        return Write(self.chosen("form") or self._form(), to=posts_of(self.cleaned_data.get("to", ())))

    def _form(self) -> Key:
        """What the procedure calls what is written now, where it waits for something in writing."""
        step = step_now(self.here.reading.setting, self.here.standing)
        return step.form or "" if step is not None and step.do in (Deed.WRITE, Deed.ANSWER) else ""


class NoteForm(ActForm):
    place = Place.NOTE
    hint = "Your agency’s own record of what was said. The other side does not see it, only what you choose to share."

    def build(self) -> None:
        self.fields["note"] = Typed("note", "What is your agency’s note?", Audience.OWN_AGENCY, rows=8)
        self.fields["shared"] = Typed("shared note", "What of it do you share?", rows=3)
        self.fields |= when_fields("When was the talk that it is about?")
        self.fields["approved"] = Tick("Do you approve it?", "This is our record of the talk. I approve it")
        self.fields["filed"] = Tick("Is it on the child’s file?", "A copy is on the child’s file")

    def ask(self) -> Ask:
        return Note(
            approved=bool(self.cleaned_data["approved"]),
            talked_at=self.happened_at(),
            filed=bool(self.cleaned_data["filed"]),
        )


class AdviceForm(ActForm):
    place = Place.ADVICE
    hint = "Advice is open at every stage. It never holds anything up."

    def build(self) -> None:
        here = self.here
        self.fields["given"] = Choice(
            "What do you want to record?",
            [("yes", "Advice that I was given"), ("no", "That I ask for advice")],
            needed="Choose one",
        )
        own = here.posts((here.own_agency,))
        functions = {post.key for post in here.names.procedure.posts if post.rank is None}
        others = (
            post
            for post in here.posts(tuple(agency.key for agency in here.directory.agencies))
            if post.post in functions and post not in own
        )
        self.fields["adviser"] = Pick("Who gives the advice?", post_choices(here.names, (*own, *others)))
        self.fields["advice"] = Typed("advice", "What was the advice?", Audience.OWN_AGENCY)
        self.fields["question"] = Typed(
            "question",
            "What do you ask?",
            rows=3,
            help_text="For somebody in another agency, who would not see the rest.",
        )
        self.fields |= when_fields("When was it?")

    def ask(self) -> Ask:
        adviser = post_of(self.chosen("adviser")) or self.here.reading.scope.seat
        return Advise(adviser, given=self.chosen("given") == "yes")


class ViewForm(ActForm):
    place = Place.VIEW
    hint = "For managers. If you see it differently, the other side and your worker are told. It ends nothing."

    def build(self) -> None:
        self.fields["agrees"] = Choice(
            "Do you agree with your own worker?",
            [("yes", "Yes"), ("no", "No, I see it differently")],
            needed="Choose yes or no",
        )
        self.fields["reasons"] = _reasons()

    def ask(self) -> Ask:
        return StateView(agrees=self.chosen("agrees") == "yes")


class DissentForm(ActForm):
    place = Place.DISSENT
    hint = "Your dissent is kept in your own words, for good."

    def build(self) -> None:
        self.fields["dissent"] = Typed("dissent", "What do you dissent from, and why?", rows=8)
        self.fields["challenges"] = Choice(
            "Will you challenge the decision?",
            [("yes", "Yes"), ("no", "No"), ("", "Not decided yet")],
            initial="",
        )
        self.fields["voiced"] = Choice(
            "Did you say so at the conference?",
            [("yes", "Yes"), ("no", "No"), ("", "It was not at a conference")],
            initial="",
        )

    def ask(self) -> Ask:
        return Dissent(_yes_no(self.chosen("challenges")), _yes_no(self.chosen("voiced")))


def _yes_no(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


# --- dates -----------------------------------------------------------------------------------------------------------


class ChildsDateForm(ActForm):
    hint = "This can make every time limit shorter, and none longer."

    def build(self) -> None:
        self.fields["on"] = DayField(
            label="By which date does the child need this settled?",
            error_messages={"required": "Enter the date the child needs this settled by"},
        )
        self.fields["on_at"] = ClockField(
            label="Is there a time on that day?", help_text="Leave it empty for the whole day.", required=False
        )
        self.fields["reasons"] = _reasons("Why then?")

    def ask(self) -> Ask:
        data = self.cleaned_data
        if data["on_at"] is not None:
            return SetDate(Sets.CHILDS_DATE, by=moment_of(data["on"], data["on_at"]))
        return SetDate(Sets.CHILDS_DATE, on=data["on"])


class TimeForm(ActForm):
    hint = "The earliest time that either side sets is the one that counts."

    def build(self) -> None:
        _time_fields(self, "By when?")

    def ask(self) -> Ask:
        sets = Sets.AGREED if self.here.reading.side is Side.RESPONDING else Sets.STATED
        return SetDate(sets, by=_time(self))


class LongerTimeForm(ActForm):
    hint = "More time counts once both sides have agreed to it. It stays in the record."

    def build(self) -> None:
        _time_fields(self, "Until when would you agree?")

    def ask(self) -> Ask:
        return SetDate(Sets.LENGTHEN, by=_time(self))


def _time_fields(form: ActForm, question: str) -> None:
    form.fields["by_on"] = DayField(label=question, error_messages={"required": "Enter a date"})
    form.fields["by_at"] = ClockField(
        label="What time on that day?", help_text="Leave it empty for 5pm, the end of the working day.", required=False
    )
    form.fields["reasons"] = _reasons("Why then?")


def _time(form: ActForm) -> datetime | None:
    data = form.cleaned_data
    return moment_of(data["by_on"], data["by_at"], otherwise=time(END_OF_WORKING_DAY.hour))


class UrgencyForm(ActForm):
    def build(self) -> None:
        ratings = [ask.rating for ask in self.here.offer.asks if isinstance(ask, SetDate) and ask.rating]
        choices = [(rating, rating.replace("-", " ").capitalize()) for rating in ratings]
        self.fields["rating"] = Choice("How urgent is it?", choices, needed="Choose how urgent it is")
        self.fields["reasons"] = _reasons()

    def ask(self) -> Ask:
        return SetDate(Sets.RATING, rating=self.chosen("rating"))


# --- moves -----------------------------------------------------------------------------------------------------------


class GoUpForm(ActForm):
    place = Place.GO_UP
    button = "Escalate it"
    goes_through = True
    hint = "This is always open to you: early, late, or out of turn. Nothing here has to be filled in."

    def build(self) -> None:
        choices = _stages_above(self.here)
        if choices:
            self.fields["to"] = Choice("To which stage?", choices, initial=choices[0][0])
        self.fields["urgent"] = Tick("Is it urgent?", "Yes, the child cannot wait")
        lines = _lines(self.here)
        if lines:
            self.fields["line"] = Choice(
                "Who escalates it?",
                [("", "The usual line managers"), *lines],
                initial="",
                help_text="The procedure knows this other way as well.",
            )
        self.fields["reasons"] = _reasons(
            "Why do you escalate it?", help_text="If you pass over a stage, say why. You can write it later."
        )

    def ask(self) -> Ask:
        return GoUp(
            self.chosen("to") or None, urgent=bool(self.cleaned_data["urgent"]), line=self.chosen("line") or None
        )

    def full_clean(self) -> None:
        """Leave out what can't be read: promise 1, nobody is kept from going up by a box."""
        super().full_clean()
        if self.is_bound:
            self.errors.clear()


def _stages_above(here: Here) -> list[tuple[str, str]]:
    """The stages to go to: the next in turn and all that follow it, whichever route they are on; then the rest."""
    now, procedure = here.standing, here.names.procedure
    stage = stage_now(here.reading.setting, now)
    order = [one.key for one in procedure.route(now.route).stages]
    later = order[order.index(stage.key) + 1 :]
    refs = [*later, *(move.to for move in stage.moves if move.to)]
    seen = dict.fromkeys([*_in_turn(procedure, now.route, stage), *(split_ref(ref, now.route) for ref in refs)])
    following = split_ref(stage.next, now.route) if stage.next else None
    return [
        (f"{route}/{key}", f"{here.names.stage(route, key)}{' (next in turn)' if (route, key) == following else ''}")
        for route, key in seen
        if (route, key) != (now.route, now.stage)
    ]


def _in_turn(procedure: Procedure, route: str, stage: Stage) -> list[tuple[str, str]]:
    """Every stage from here to the top, as each names the next."""
    found: list[tuple[str, str]] = []
    while stage.next is not None and (following := split_ref(stage.next, route)) not in found:
        found.append(following)
        route, stage = following[0], procedure.stage(*following)
    return found


def _lines(here: Here) -> list[tuple[str, str]]:
    """Other ways up than line management, as the stages of this route know them."""
    route = here.names.procedure.route(here.standing.route)
    posts = dict.fromkeys(line.post for stage in route.stages for line in stage.lines)
    return [(post, here.names.procedure.post(post).name.capitalize()) for post in posts]


class ReferForm(ActForm):
    hint = "This does not take anybody’s way up away."

    def build(self) -> None:
        self.fields["where"] = Pick(
            "Where to?", _places_to_refer(self.here), error_messages={"required": "Choose where to"}
        )
        self.fields["where"].required = True
        self.fields["body"] = TypedLine("where to", "If it is another body or procedure: which?")
        self.fields["reasons"] = _reasons()

    def ask(self) -> Ask:
        target, _, to = self.chosen("where").partition(" ")
        return Refer(
            {"stage": Target.STAGE, "procedure": Target.PROCEDURE, "own": Target.IN_HOUSE}.get(target, Target.OUTSIDE),
            to,
        )


def _places_to_refer(here: Here) -> list[tuple[str, str]]:
    now, procedure = here.standing, here.names.procedure
    stages = [
        (f"stage {now.route}/{one.key}", f"Back to {here.names.stage(now.route, one.key)}")
        for one in procedure.route(now.route).stages
        if one.key != now.stage
    ]
    running = {one.key: one.title for _, one in adopted(here.reading.scope.partnership) if one.key != procedure.key}
    moves = stage_now(here.reading.setting, now).moves
    named = {
        move.out_to: running.get(move.out_to, move.out_to.replace("-", " ").capitalize())
        for move in moves
        if move.out_to
    }
    procedures = [(f"procedure {key}", f"Another procedure: {title}") for key, title in {**running, **named}.items()]
    outside = [
        (f"outside {post.key}", f"Outside: {post.name}") for post in procedure.posts if post.held_in is HeldIn.OUTSIDE
    ]
    return [
        *stages,
        *procedures,
        *outside,
        ("outside another-body", "Outside: another body"),
        ("procedure another-procedure", "Another procedure that is not listed"),
        ("own agencys-own", "My agency’s own procedure"),
    ]


class ReachedForm(ActForm):
    hint = "The stage begins for them from now on, and they see everything that both sides see."

    def build(self) -> None:
        agencies = [(one.key, one.name) for one in self.here.directory.agencies if one.kind != "partnership"]
        self.fields["agency"] = Choice("Which agency was reached?", agencies, needed="Choose the agency")
        self.fields["words"] = Typed("words", "Who was reached, and how?", rows=3)

    def ask(self) -> Ask:
        return Flag(Flags.OTHER_SIDE, agency=self.chosen("agency"))


class PolicyForm(ActForm):
    hint = "This goes to the partnership beside the disagreement, which goes on meanwhile."

    def build(self) -> None:
        self.fields["flag"] = Choice(
            "What do you want to raise?",
            [(Flags.POLICY, "A question about policy or procedure"), (Flags.PATTERN, "This has come up before")],
            initial=Flags.POLICY,
        )
        self.fields["issue"] = Typed(
            "policy issue",
            "What is unclear or wrong?",
            Audience.PARTNERSHIP,
            help_text="Say which paragraph, if you know.",
        )

    def ask(self) -> Ask:
        return Flag(Flags(self.chosen("flag") or Flags.POLICY))


# --- decisions and endings -------------------------------------------------------------------------------------------


class DecideForm(ActForm):
    place = Place.DECIDE
    button = "Record the decision"

    def build(self) -> None:
        decides = [ask for ask in self.here.offer.asks if isinstance(ask, Decide)]
        results = dict.fromkeys(ask.result for ask in decides)
        self.absent = bool(decides) and all(ask.for_absent for ask in decides)
        self.fields["result"] = Choice(
            "What was decided?",
            [(key, result_name(self.here.names, self.here.standing, key)) for key in results],
            needed="Choose what was decided",
        )
        self.fields["reasons"] = _reasons(
            "Why, and why is somebody else recording it?" if self.absent else "What are the reasons?"
        )
        self.fields["differing"] = Typed("differing views", "Who saw it differently, and how?", rows=3)
        self.fields["no_differing"] = Tick("Did anybody see it differently?", "Nobody saw it differently")
        self.fields["majority"] = Choice(
            "What did those present think?",
            [
                ("", "It was not asked"),
                ("with", "Most agreed"),
                ("against", "Most did not agree"),
                ("none", "They were split"),
            ],
            initial="",
        )
        self.fields |= when_fields("When was it decided?")
        self.fields |= _why_not_fields(self.here, decision=True)

    def ask(self) -> Ask:
        majority = self.chosen("majority")
        return Decide(
            result=self.chosen("result"),
            against_majority=majority == "against",
            no_majority=majority == "none",
            no_differing_views=bool(self.cleaned_data["no_differing"]),
            decided_at=self.happened_at(),
            for_absent=self.absent,
        )


def _why_not_fields(here: Here, *, decision: bool) -> dict[str, forms.Field]:
    """A box for each step that is asked for first and not done: why it could not wait."""
    stage = stage_now(here.reading.setting, here.standing)
    if decision:
        results = stage.decision.results if stage.decision else ()
        needs = (*(stage.decision.needs if stage.decision else ()), *(need for one in results for need in one.needs))
        wanted = {need.step for need in needs if need.needed is Needed.STEP}
    else:
        wanted = {step.key for step in stage.steps if step.guards_settled}
    return {
        f"why-not-{step.key}": Typed(
            f"why not {step.key}", f"“{step.name}” is not recorded. Why could it not be done first?", rows=3
        )
        for step in stage.steps
        if step.key in wanted and step.key not in here.standing.steps
    }


ROWS: Final = 3
"""How many actions a form has room for at first; more can be asked for."""
MOST_ROWS: Final = 30


class ProposeForm(ActForm):
    place = Place.OUTCOME
    button = "Put it forward"
    hint = "Both sides confirm an outcome before it counts. Until then anybody can still escalate it."

    def build(self) -> None:
        here = self.here
        endings = dict.fromkeys(ask.ending for ask in here.offer.asks if isinstance(ask, Propose))
        self.fields["ending"] = Choice(
            "How does it end?", [(key, here.names.ending(key)) for key in endings], needed="Choose how it ends"
        )
        self.fields["outcome"] = Typed("outcome", "What was settled, and what does it mean for the child?")
        asked = {ask.key for ask in self.asked()}
        for name in _wanted_answers(here):
            if name not in asked:
                self.fields[f"ask-{name}"] = Typed(name, name.replace("-", " ").capitalize(), rows=3)
        self.fields["open_issues"] = Choice(
            "Is anything still open?", [("no", "No"), ("yes", "Yes"), ("", "Not said")], initial=""
        )
        self.fields["still_open"] = Typed(
            "open issues", "If something is still open: what, and how is it taken forward?", rows=3
        )

    def finish(self) -> None:
        self.rows = rows_of(self.data.get("rows")) if self.is_bound else ROWS
        self.add_actions(1, self.rows)

    def add_actions(self, first: int, last: int) -> None:
        """This will give the form room for more actions."""
        self.rows = last
        posts = post_choices(self.here.names, self.here.parties())
        for number in range(first, last + 1):
            self.fields[f"action-{number}"] = TypedLine(self._key(number), f"Action {number}: what is to be done?")
            self.fields[f"owner-{number}"] = Pick(f"Action {number}: who does it?", posts)
            self.fields[f"due-{number}"] = DayField(label=f"Action {number}: by when?", required=False)

    def _key(self, number: int) -> Key:
        return f"action {action_key(number, self.here.standing)}"

    def ask(self) -> Ask:
        data = self.cleaned_data
        actions = tuple(
            Action(action_key(number, self.here.standing), post_of(data[f"owner-{number}"]), data[f"due-{number}"])
            for number in range(1, self.rows + 1)
            if data[f"action-{number}"].strip() or data[f"owner-{number}"] or data[f"due-{number}"]
        )
        answers = tuple(
            field.key
            for name, field in self.fields.items()
            if name.startswith("ask-") and isinstance(field, Typed) and data[name].strip()
        )
        return Propose(self.chosen("ending"), actions, _yes_no(self.chosen("open_issues")), answers)


def action_key(number: int, now: Standing) -> Key:
    """This will name an action so that no later proposal's is called the same."""
    return f"{number}-of-act-{now.position + 1}"


def rows_of(asked: Any) -> int:
    """This will read how many actions a form had room for; a sensible number, whatever was sent."""
    return (
        min(max(int(asked), ROWS), MOST_ROWS) if isinstance(asked, str) and re.fullmatch("[0-9]{1,3}", asked) else ROWS
    )


def _wanted_answers(here: Here) -> tuple[Key, ...]:
    now = here.standing
    duties = here.names.procedure.duties_at(now.route, now.stage)
    return tuple(dict.fromkeys(name for duty in duties if duty.do is DutyKind.FIELDS for name in duty.fields))


class ConfirmForm(ActForm):
    button = "Confirm the outcome"

    def build(self) -> None:
        self.fields["words"] = Typed("words", "Do you want to add anything?", rows=3)
        self.fields |= _why_not_fields(self.here, decision=False)

    def ask(self) -> Ask:
        return Confirm()


class DoesNotStandForm(ActForm):
    button = "Say that it does not stand"
    hint = "The outcome is dropped, it stays open, and the time runs on."

    def build(self) -> None:
        self.fields["reasons"] = _reasons("What is not right about it?")

    def ask(self) -> Ask:
        return Confirm(agrees=False)


class ConfirmForForm(ActForm):
    hint = "Only for a side whose time to confirm has passed. Say how you know."

    def build(self) -> None:
        sides = [ask.for_side for ask in self.here.offer.asks if isinstance(ask, Confirm) and ask.for_side]
        choices = [(side, words_of_side(side).capitalize()) for side in sides]
        self.fields["side"] = Choice("For which side?", choices, needed="Choose the side")
        self.fields["reasons"] = _reasons()
        self.fields |= _why_not_fields(self.here, decision=False)

    def ask(self) -> Ask:
        return Confirm(for_side=Side(self.chosen("side")))


class ReportForm(ActForm):
    def build(self) -> None:
        keys = [ask.action for ask in self.here.offer.asks if isinstance(ask, Report)]
        texts = action_texts(self.here.reading)
        self.fields["action"] = Choice(
            "Which action?",
            [(key, texts.get(key) or f"Action {key.replace('-', ' ')}") for key in keys],
            needed="Choose the action",
        )
        self.fields["done"] = Choice("Is it done?", [("yes", "Yes"), ("no", "Not yet")], needed="Choose yes or not yet")
        self.fields["words"] = Typed("words", "How does it stand?", rows=3)

    def ask(self) -> Ask:
        return Report(self.chosen("action"), done=self.chosen("done") == "yes")


def action_texts(reading: Reading) -> dict[Key, str]:
    """This will give what each action says, as far as the reader may see it."""
    return {
        piece.field.removeprefix("action "): piece.text
        for pieces in reading.words.values()
        for piece in pieces
        if isinstance(piece, Words) and piece.field.startswith("action ")
    }


class WithdrawForm(ActForm):
    hint = "Only you can withdraw what you raised, in your own words."

    def build(self) -> None:
        self.fields["reasons"] = _reasons("Why do you withdraw it?")

    def ask(self) -> Ask:
        return Withdraw()


class ReopenForm(ActForm):
    goes_through = True

    def build(self) -> None:
        self.fields["reasons"] = _reasons("Why do you open it again?", help_text="You can write this later.")

    def ask(self) -> Ask:
        return Reopen()


FORMS: Final[Mapping[Slug, type[ActForm]]] = {
    "reply": ReplyForm,
    "talk": TalkForm,
    "write": WriteForm,
    "note": NoteForm,
    "advice": AdviceForm,
    "view": ViewForm,
    "call-meeting": CallMeetingForm,
    "meeting-held": MeetingHeldForm,
    "dissent": DissentForm,
    "childs-date": ChildsDateForm,
    "time": TimeForm,
    "longer-time": LongerTimeForm,
    "urgency": UrgencyForm,
    "go-up": GoUpForm,
    "refer": ReferForm,
    "reached": ReachedForm,
    "policy": PolicyForm,
    "decide": DecideForm,
    "propose": ProposeForm,
    "confirm": ConfirmForm,
    "does-not-stand": DoesNotStandForm,
    "confirm-for": ConfirmForForm,
    "report": ReportForm,
    "withdraw": WithdrawForm,
    "reopen": ReopenForm,
}
"""The form of every act, by the last part of its address."""
