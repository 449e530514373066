"""Every act as an entry of the timeline: a title, what it did, its marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from commonground.core.acts import (
    HANDOVER,
    Act,
    ActionReported,
    Advise,
    Advised,
    Answer,
    Ask,
    Asked,
    Because,
    Confirm,
    Confirmed,
    Dated,
    Decide,
    Decided,
    Differed,
    Dissent,
    Dissented,
    Effect,
    Ended,
    Entered,
    Flag,
    Flagged,
    Flags,
    GoUp,
    How,
    Joined,
    LimitMissed,
    LimitSet,
    LimitStopped,
    Mark,
    Meet,
    Note,
    Noted,
    Opened,
    Owner,
    PassTime,
    ProposalDropped,
    Propose,
    Proposed,
    Raise,
    RatedAs,
    Redate,
    Refer,
    Reopen,
    Reopened,
    Replied,
    Reply,
    Report,
    SetDate,
    Sets,
    Side,
    StateView,
    StepDone,
    Talk,
    Target,
    Waits,
    Withdraw,
    Write,
)
from commonground.core.procedure import Key
from commonground.core.standing import CONFIRM, NOTHING, QUESTION, Standing, after, standing
from commonground.wording.dates import day, moment
from commonground.wording.labels import words_of_answer, words_of_because, words_of_how, words_of_medium, words_of_side
from commonground.wording.limits import by_when, limit_name
from commonground.wording.marks import MarkWords, words_of_mark
from commonground.wording.meetings import meeting_in_words
from commonground.wording.moves import whose_move_in_words
from commonground.wording.names import Names, capital, plain, result_name, stage_ref, step_name


@dataclass(frozen=True)
class ActWords:
    """One entry of the timeline."""

    title: str
    """A past-tense line without a full stop."""
    sentences: tuple[str, ...]
    """What it did, beyond what the title says."""
    marks: tuple[MarkWords, ...]


def timeline(acts: Iterable[Act], names: Names) -> tuple[ActWords, ...]:
    """This will word every act of a disagreement, in the order they happened. They must be all of its acts."""
    worded: list[ActWords] = []
    here = NOTHING
    for act in acts:
        worded.append(words_of_act(act, names, here))
        here = standing([act], here)
    return tuple(worded)


def words_of_act(act: Act, names: Names, before: Standing = NOTHING) -> ActWords:
    """This will word one act on the standing it met."""
    marks = tuple(words_of_mark(mark) for mark in act.marks)
    return ActWords(title_of_act(act, names, before), sentences_of_act(act, names, before), marks)


def sentences_of_act(act: Act, names: Names, before: Standing = NOTHING) -> tuple[str, ...]:
    """This will say what an act did, where its title has not said so already; the next move is not among them."""
    said: list[str] = []
    here = before
    for effect in act.effects:
        if not isinstance(effect, (Waits, LimitStopped, *_IN_TITLE.get(type(act.ask), ()))):
            said.append(words_of_effect(effect, names, here))
        here = after(here, (effect,))
    return tuple(dict.fromkeys(said))


_IN_TITLE: Mapping[type[Ask], tuple[type[Effect], ...]] = {
    Reply: (Replied,),
    Advise: (Advised,),
    Note: (Noted,),
    SetDate: (Dated, RatedAs),
    StateView: (Differed,),
    Decide: (Decided,),
    Dissent: (Dissented,),
    Flag: (Flagged,),
    Propose: (Proposed,),
    Confirm: (Confirmed, ProposalDropped),
    Report: (ActionReported,),
    Withdraw: (Ended,),
    Reopen: (Reopened,),
    PassTime: (LimitMissed,),
}
"""Effects that the title of each kind of act has already said."""


def title_of_act(act: Act, names: Names, before: Standing = NOTHING) -> str:
    """This will give an act's line for the timeline, in the past tense. `before` is the standing it met, which knows
    the time that ran out and the names of steps."""
    ask = act.ask
    who = capital(_who(act, names, before))
    match ask:
        case Raise():
            again = " again" if Mark.RAISED_AGAIN in act.marks else ""
            return f"{who} raised this{again}"
        case Write():
            return _wrote(who, ask, names)
        case Talk():
            with_ = f" with {names.posts(ask.with_)}" if ask.with_ else ""
            return f"{who} recorded a talk {words_of_medium(ask.medium)}{with_}"
        case Reply():
            return f"{who} {words_of_answer(ask.answer)}{_answer_more(ask, names)}"
        case Advise():
            adviser = names.post(ask.adviser)
            return f"{who} took advice from {adviser}" if ask.given else f"{who} asked {adviser} for advice"
        case Note():
            filed = ", and put a copy on the child's file" if ask.filed else ""
            return f"{who} {'approved' if ask.approved else 'wrote'} its note of what was said{filed}"
        case SetDate():
            return _set_date(who, ask)
        case StateView():
            view = "agreed with" if ask.agrees else "saw it differently from"
            return f"A manager at {names.agency(act.by.seat.agency)} {view} their own worker"
        case GoUp():
            return _went_up(who, act, ask, names)
        case Meet():
            return f"{who} {meeting_in_words(ask, names)}"
        case Decide():
            return f"{capital(names.post(act.by.seat))} recorded a decision: {result_name(names, before, ask.result)}"
        case Dissent():
            return f"{who} {_dissented(ask.challenges)}"
        case Refer():
            return f"{who} {_referred(ask, names, before)}"
        case Flag():
            return _flagged(ask.flag, who, names.agency(ask.agency) if ask.agency else "the other agency")
        case Propose():
            return f"{who} put forward an outcome: {names.ending(ask.ending)}"
        case Confirm():
            if not ask.agrees:
                return f"{who} said that the outcome does not stand"
            return f"{who} confirmed the outcome{f' for {words_of_side(ask.for_side)}' if ask.for_side else ''}"
        case Report():
            return f"{who} reported that an action is {'done' if ask.done else 'not done yet'}"
        case Withdraw():
            return f"{who} withdrew this"
        case Reopen():
            return f"{who} opened this again"
        case PassTime():
            return f"Silence was recorded: {_silence(ask.event, names, before)}"
        case Redate():
            return "The dates were worked out again with a new calendar"
        case _:
            assert_never(ask)


def _who(act: Act, names: Names, before: Standing) -> str:
    """The agency; the post where both sides are one agency, or where it acts for the partnership."""
    sides = act.ask if isinstance(act.ask, Raise) else before
    if set(sides.challenging) & set(sides.responding) or names.kinds.get(act.by.seat.agency) == "partnership":
        return names.post(act.by.seat)
    return names.agency(act.by.seat.agency)


def _wrote(who: str, ask: Write, names: Names) -> str:
    urgent = next((request.name for request in names.procedure.urgent_requests if request.key == ask.form), None)
    if urgent is not None:
        return f"{who} made an urgent request: {urgent}"
    if ask.form == HANDOVER:
        return f"{who} left a note for whoever answers while its writer is away"
    to = f" to {names.posts(ask.to)}" if ask.to else ""
    return f"{who} wrote{to}{f': {plain(ask.form)}' if ask.form else ''}"


def _answer_more(ask: Reply, names: Names) -> str:
    if ask.answer is Answer.NOT_ME and ask.right_post is not None:
        return f": {names.post(ask.right_post)}"
    if ask.answer is Answer.NEED_MORE and ask.more_by is not None:
        return f", by {day(ask.more_by)}"
    return ""


def _set_date(who: str, ask: SetDate) -> str:
    when = moment(ask.by) if ask.by is not None else day(ask.on) if ask.on is not None else "no date"
    match ask.sets:
        case Sets.CHILDS_DATE:
            return f"{who} set the child's date: {when}"
        case Sets.STATED:
            return f"{who} set a time for this stage: {when}"
        case Sets.AGREED:
            return f"{who} set a time it can accept: {when}"
        case Sets.LENGTHEN:
            return f"{who} would accept a longer time: {when}"
        case Sets.RATING:
            return f"{who} set how urgent this is: {plain(ask.rating or '')}"
        case _:
            assert_never(ask.sets)


def _went_up(who: str, act: Act, ask: GoUp, names: Names) -> str:
    entered = next((effect for effect in act.effects if isinstance(effect, Entered)), None)
    if entered is None or (Mark.CHAIN_EXHAUSTED in act.marks and entered.how is How.REOPENED):
        return f"{who} took it up: no stage is left, so the partnership's office has it"
    by = f", by way of {names.post(entered.challenging.post)}" if ask.line else ""
    urgent = ", as urgent" if ask.urgent else ""
    return f"{who} took it up to {names.stage(entered.route, entered.stage)}{by}{urgent}"


def _dissented(challenges: bool | None) -> str:
    if challenges is None:
        return "recorded dissent"
    return f"recorded dissent, and will {'' if challenges else 'not '}challenge the decision"


def _referred(ask: Refer, names: Names, here: Standing) -> str:
    match ask.target:
        case Target.STAGE:
            return f"sent it back to {stage_ref(names, here, ask.to)}"
        case Target.PROCEDURE:
            return f"referred it to another procedure: {plain(ask.to)}"
        case Target.OUTSIDE:
            return f"referred it to an outside body: {plain(ask.to)}"
        case Target.IN_HOUSE:
            return f"referred it to the agency's own procedure: {plain(ask.to)}"
        case _:
            assert_never(ask.target)


def _flagged(flag: Flags, who: str, agency: str) -> str:
    match flag:
        case Flags.POLICY:
            return f"{who} raised a question about policy beside this"
        case Flags.PATTERN:
            return f"{who} noted that concerns like this have come up before"
        case Flags.OTHER_SIDE:
            return f"{who} reached {agency}"
        case Flags.LINKED:
            return f"{who} linked this to another disagreement"
        case _:
            assert_never(flag)


def _silence(event: Key, names: Names, here: Standing) -> str:
    """What did not come, and by when where the standing knows it."""
    limit = here.limits.get(event)
    by = f"by {moment(limit.at)}" if limit else "in time"
    kind, _, name = event.partition(" ")
    if event == CONFIRM:
        return f"the outcome was not confirmed {by}"
    if kind == "step":
        return f"{step_name(names, here, name)} was not done {by}"
    if kind == "action":
        return f"nobody said {by} how an action stands"
    if event == QUESTION or here.answer is None:
        return f"no answer came {by}"
    return f"it was not settled {by}"


def words_of_effect(effect: Effect, names: Names, here: Standing = NOTHING) -> str:
    """This will say what an act did, one effect at a time. `here` is the standing that the effect met."""
    match effect:
        case Opened():
            return f"It runs under “{names.procedure.title}”. It is about: {names.matter(effect.matter)}."
        case Entered():
            began = f"{capital(names.stage(effect.route, effect.stage))} began: {words_of_how(effect.how)}."
            if effect.how is How.SILENCE:
                began = f"It went up to {names.stage(effect.route, effect.stage)}: by silence."
            return " ".join((began, *_unusual_owners(effect, names)))
        case LimitSet(key=key, due=due):
            name = capital(limit_name(key, names, here))
            return f"{name}. {by_when(key, due, names, here)}"
        case LimitStopped(key=key):
            return f"{capital(limit_name(key, names, here))} no longer runs."
        case LimitMissed(key=key):
            return f"{capital(limit_name(key, names, here))} ran out in silence."
        case StepDone(step=step):
            return f"Done: {step_name(names, here, step)}."
        case Replied(answer=answer):
            return f"{capital(words_of_side(Side.RESPONDING))} {words_of_answer(answer)}."
        case Asked(post=post, office=office):
            return f"{capital(names.post(post))} is asked {'to look at it again' if office else 'what happens next'}."
        case Advised(agency=agency):
            return f"{capital(names.agency(agency))} took advice."
        case Noted(agency=agency, approved=approved):
            note = "its note, approved and dated" if approved else "its note, not approved yet"
            return f"{capital(names.agency(agency))} has {note}."
        case Decided():
            result = result_name(names, here, effect.result)
            return f"{capital(names.post(effect.by))} decided: {result}. That was at {moment(effect.at)}."
        case Proposed():
            return _proposed(effect, names)
        case ProposalDropped():
            return "The outcome that was put forward no longer stands."
        case Confirmed(side=side):
            return f"{capital(words_of_side(side))} has confirmed the outcome."
        case Joined(agency=agency, side=side):
            on = f", on {words_of_side(side)}" if side else ""
            return f"{capital(names.agency(agency))} has a part in this from now on{on}."
        case Dated():
            return _dated(effect)
        case RatedAs(rating=rating):
            return f"How urgent it is: {plain(rating)}."
        case Differed(side=side):
            return f"A manager on {words_of_side(side)} sees it differently from their own worker."
        case Dissented():
            return f"{capital(names.post(effect.by))} {_dissented(effect.challenges)}."
        case Flagged(flag=flag):
            return f"{_flagged(flag, 'Somebody', 'the other agency')}. It goes on meanwhile."
        case ActionReported(done=done):
            return f"An action is {'done' if done else 'not done yet'}."
        case Ended(ending=ending):
            return f"It ended: {names.ending(ending)}."
        case Reopened():
            return "It is open again."
        case Waits():
            return whose_move_in_words(effect, names, here).line
        case _:
            assert_never(effect)


def _unusual_owners(effect: Entered, names: Names) -> Iterator[str]:
    """Who has a side's move where it is not simply the post that the procedure names, and why."""
    owners: tuple[Owner | None, ...] = (effect.challenging, effect.responding, effect.body)
    for owner in dict.fromkeys(owners):
        if owner is not None and owner.because is not Because.NAMED:
            yield f"{capital(names.post(owner.post))} has a part here. {words_of_because(owner.because)}"


def _proposed(effect: Proposed, names: Names) -> str:
    said = [f"The outcome put forward is: {names.ending(effect.ending)}."]
    if effect.decided:
        said.append("It follows from a decision, so confirming says only that it was received.")
    if effect.actions:
        said.append(f"It has {len(effect.actions)} action{'s' if len(effect.actions) > 1 else ''}.")
    if effect.open_issues is not None:
        said.append("It lists what is still open." if effect.open_issues else "It says that nothing is still open.")
    return " ".join(said)


def _dated(effect: Dated) -> str:
    at = moment(effect.by)
    side = words_of_side(effect.side) if effect.side else "somebody"
    match effect.sets:
        case Sets.CHILDS_DATE:
            return f"The child needs it settled by {at}."
        case Sets.STATED:
            return f"The time set by {side} is {at}."
        case Sets.AGREED:
            return f"The time that {side} can accept is {at}."
        case Sets.LENGTHEN:
            return f"The longer time that {side} would accept is {at}. It counts once both sides say the same."
        case Sets.RATING:
            return "How urgent it is has been set."
        case _:
            assert_never(effect.sets)
