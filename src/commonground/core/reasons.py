"""What stands against a command.

The rules, in plain English:

1. Nobody is barred. To raise, go up, act urgently, write, talk, reply, take advice, note, meet, dissent or flag is
   never refused, before, at or after its time, whoever's turn it is. What is unusual becomes a mark.
2. Two things are guarded. A *decision* is recorded by a post the procedure names for it (its deputy acts in that post;
   the office, or another post of the decider's agency, may record for one who is absent, with a reason), with what the
   text says it must carry. A stage is closed as *settled* only with the records, confirmations and answers that the
   text makes a duty.
3. Nobody ends another's concern: only the raiser withdraws, in their own words; each side confirms for itself.
4. Time is lengthened only where the text allows it. The child's date only shortens. Who was asked sends nothing back to
   an earlier stage, to have its time again, unless the text says so.
5. Silence is recorded only when the time is up.

`reasons_against` is the one function that answers; buttons, the API and `decide` all ask it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from commonground.core.acts import (
    Advise,
    Command,
    Confirm,
    Decide,
    Dissent,
    Flag,
    GoUp,
    Meet,
    Note,
    PassTime,
    Propose,
    Raise,
    Redate,
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
from commonground.core.limits import moment_of, redated
from commonground.core.procedure import Clauses, DutyKind, Guards, Key, Need, Needed, StageRef, split_ref
from commonground.core.setting import Setting, deciders, known_stage, side_of, stage_now
from commonground.core.standing import CONFIRM, Phase, Standing


@dataclass(frozen=True)
class Refusal:
    """One reason why a command can't be accepted now. `clauses` say where the procedure has it from."""

    clauses: Clauses = ()


@dataclass(frozen=True)
class NotRaised(Refusal):
    pass


@dataclass(frozen=True)
class AlreadyEnded(Refusal):
    pass


@dataclass(frozen=True)
class NotEnded(Refusal):
    pass


@dataclass(frozen=True)
class NothingToDecide(Refusal):
    pass


@dataclass(frozen=True)
class NotTheDecider(Refusal):
    posts: tuple[tuple[Key, Key], ...] = ()
    """Agency and post of each that may."""


@dataclass(frozen=True)
class NoSuchResult(Refusal):
    results: tuple[Key, ...] = ()


@dataclass(frozen=True)
class ReasonsMissing(Refusal):
    pass


@dataclass(frozen=True)
class DifferingViewsMissing(Refusal):
    pass


@dataclass(frozen=True)
class StepMissing(Refusal):
    step: Key = ""


@dataclass(frozen=True)
class EndingNotHere(Refusal):
    endings: tuple[Key, ...] = ()


@dataclass(frozen=True)
class NothingToConfirm(Refusal):
    pass


@dataclass(frozen=True)
class TheirsToConfirm(Refusal):
    pass


@dataclass(frozen=True)
class NoteMissing(Refusal):
    agency: Key = ""


@dataclass(frozen=True)
class NoteNotApproved(Refusal):
    agency: Key = ""


@dataclass(frozen=True)
class OpenIssuesNotSaid(Refusal):
    pass


@dataclass(frozen=True)
class ActionIncomplete(Refusal):
    action: Key = ""


@dataclass(frozen=True)
class AnswerMissing(Refusal):
    field: Key = ""


@dataclass(frozen=True)
class NotTheRaiser(Refusal):
    pass


@dataclass(frozen=True)
class OwnWordsMissing(Refusal):
    pass


@dataclass(frozen=True)
class OnlyShortens(Refusal):
    pass


@dataclass(frozen=True)
class NotLengthened(Refusal):
    """The text does not allow this limit to be lengthened."""


@dataclass(frozen=True)
class NoTimeGiven(Refusal):
    pass


@dataclass(frozen=True)
class NotYetDue(Refusal):
    event: Key = ""


@dataclass(frozen=True)
class UnknownAction(Refusal):
    action: Key = ""


@dataclass(frozen=True)
class UnknownStage(Refusal):
    stage: Key = ""


@dataclass(frozen=True)
class NotTheirsToSendBack(Refusal):
    """Who was asked can't begin a stage again, and its time with it, unless the text sends it there."""


@dataclass(frozen=True)
class SameCalendar(Refusal):
    pass


def reasons_against(setting: Setting, standing: Standing, command: Command) -> Iterator[Refusal]:
    """Yield every reason this command can't be accepted now; nothing means it can."""
    ask = command.ask
    if standing.phase is Phase.NOT_RAISED and not isinstance(ask, Raise):
        yield NotRaised()
        return
    match ask:
        case Raise() | GoUp():
            return  # Promise 1: nobody is barred.
        case Write() | Talk() | Reply() | Advise() | Note() | StateView() | Meet() | Dissent() | Flag():
            return  # What people did or say is recorded, whenever and by whomever.
        case SetDate():
            yield from _against_date(setting, standing, ask)
        case Decide():
            yield from _against_decision(setting, standing, command, ask)
        case Refer():
            if ask.target is Target.STAGE:
                yield from _against_sending_back(setting, standing, command, ask.to)
        case Propose():
            yield from _against_proposal(setting, standing, ask)
        case Confirm():
            yield from _against_confirming(setting, standing, command, ask)
        case Report():
            if ask.action not in standing.actions and not _proposed_action(standing, ask.action):
                yield UnknownAction(action=ask.action)
        case Withdraw():
            yield from _against_withdrawing(standing, command)
        case Reopen():
            if standing.phase is not Phase.ENDED:
                yield NotEnded()
        case PassTime():
            due = standing.limits.get(ask.event)
            if due is None or due.at > command.at:
                yield NotYetDue(event=ask.event)
        case Redate():
            if not any(redated(setting, standing)):
                yield SameCalendar()
        case _:
            assert_never(ask)


def _proposed_action(standing: Standing, action: Key) -> bool:
    return standing.proposal is not None and any(a.key == action for a in standing.proposal.actions)


def _against_date(setting: Setting, standing: Standing, ask: SetDate) -> Iterator[Refusal]:
    match ask.sets:
        case Sets.RATING:
            if ask.rating is None:
                yield NoTimeGiven()
        case Sets.CHILDS_DATE:
            if ask.on is None and ask.by is None:
                yield NoTimeGiven()
            elif standing.childs_date is not None and moment_of(ask, setting) > standing.childs_date:
                yield OnlyShortens()
        case Sets.STATED | Sets.AGREED:
            if ask.by is None:
                yield NoTimeGiven()
        case Sets.LENGTHEN:
            clock = stage_now(setting, standing).clock
            if ask.by is None:
                yield NoTimeGiven()
            if clock.extension is None:
                yield NotLengthened(clauses=clock.clauses)
        case _:
            assert_never(ask.sets)


def _against_decision(setting: Setting, standing: Standing, command: Command, ask: Decide) -> Iterator[Refusal]:
    stage = stage_now(setting, standing)
    if standing.phase is Phase.ENDED:
        yield AlreadyEnded()
        return
    if stage.decision is None:
        yield NothingToDecide(clauses=stage.clauses)
        return
    able = deciders(setting, stage, standing)
    if command.by.seat not in able:
        # The office, or a deputy from another post, records for an absent decision-maker with a reason.
        if not (
            ask.for_absent
            and (command.by.seat == setting.office_post or command.by.seat.agency in {p.agency for p in able})
        ):
            may = able or (setting.office_post,)
            yield NotTheDecider(stage.decision.clauses, tuple((post.agency, post.post) for post in may))
        elif not command.says("reasons"):
            yield ReasonsMissing(stage.decision.clauses)
    results = {result.key: result for result in stage.decision.results}
    if ask.result not in results:
        yield NoSuchResult(stage.decision.clauses, tuple(results))
        return
    for need in (*stage.decision.needs, *results[ask.result].needs):
        yield from _unmet(standing, command, ask, need)


def _unmet(standing: Standing, command: Command, ask: Decide, need: Need) -> Iterator[Refusal]:
    match need.needed:
        case Needed.REASONS:
            if not command.says("reasons"):
                yield ReasonsMissing(need.clauses)
        case Needed.DIFFERING_VIEWS:
            if not (command.says("differing views") or ask.no_differing_views):
                yield DifferingViewsMissing(need.clauses)
        case Needed.STEP:
            step = need.step or ""
            if step not in standing.steps and not command.says(f"why not {step}"):
                yield StepMissing(need.clauses, step=step)
        case _:
            assert_never(need.needed)


def _against_sending_back(setting: Setting, standing: Standing, command: Command, to: StageRef) -> Iterator[Refusal]:
    target = known_stage(setting, standing, to)
    if target is None:
        yield UnknownStage(stage=to)
        return
    stage = stage_now(setting, standing)
    named = {split_ref(ref, standing.route) for ref in (stage.next, *(move.to for move in stage.moves)) if ref}
    body = standing.entered.body if standing.entered else None
    theirs = side_of(standing, command.by) is Side.CHALLENGING or command.by.seat == setting.office_post
    if not theirs and target not in named and (body is None or command.by.seat != body.post):
        yield NotTheirsToSendBack(stage.clauses)


def _against_proposal(setting: Setting, standing: Standing, ask: Propose) -> Iterator[Refusal]:
    if standing.phase is Phase.ENDED:
        yield AlreadyEnded()
        return
    stage = stage_now(setting, standing)
    if ask.ending not in stage.endings:
        yield EndingNotHere(stage.clauses, stage.endings)


def _against_confirming(setting: Setting, standing: Standing, command: Command, ask: Confirm) -> Iterator[Refusal]:
    if standing.phase is Phase.ENDED or standing.proposal is None:
        yield NothingToConfirm()
        return
    side = side_of(standing, command.by)
    if not ask.agrees:
        # Either side says that it does not stand, and the office may say so for one; nobody else undoes an outcome.
        if side is None and command.by.seat != setting.office_post:
            yield TheirsToConfirm()
        return
    if ask.for_side is not None and ask.for_side is not side:
        # Only for a side that let its time go by, only by the office, and only with a reason.
        if command.by.seat != setting.office_post or CONFIRM not in standing.missed:
            yield TheirsToConfirm()
        elif not command.says("reasons"):
            yield ReasonsMissing()
        return
    if side is None:
        yield TheirsToConfirm()
        return
    yield from reasons_not_settled(setting, standing, command, side)


def reasons_not_settled(setting: Setting, standing: Standing, command: Command, side: Side) -> Iterator[Refusal]:
    """Yield what a side still owes before the stage may be closed as settled: its records, and a complete outcome.

    Each reason cites the clause that makes it a duty. None of them bears on going up.
    """
    stage = stage_now(setting, standing)
    proposal = standing.proposal
    agencies = standing.challenging if side is Side.CHALLENGING else standing.responding
    seen: set[Refusal] = set()
    for duty in setting.procedure.duties_at(standing.route, stage.key):
        if duty.guards is not Guards.SETTLED:
            continue
        for reason in _owed(standing, agencies, duty.do, duty.approved, duty.fields, duty.clauses):
            bare = replace(reason, clauses=())
            if bare not in seen:
                seen.add(bare)
                yield reason
    if proposal is not None and not proposal.decided:
        for step in stage.steps:
            if step.guards_settled and step.key not in standing.steps and not command.says(f"why not {step.key}"):
                yield StepMissing(step.clauses, step=step.key)


def _owed(
    standing: Standing,
    agencies: tuple[Key, ...],
    do: DutyKind,
    approved: bool,
    fields: tuple[Key, ...],
    clauses: Clauses,
) -> Iterator[Refusal]:
    proposal = standing.proposal
    decided = proposal is None or proposal.decided
    match do:
        case DutyKind.RECORD:
            for agency in agencies:
                if agency not in standing.noted:
                    yield NoteMissing(clauses, agency=agency)
                elif approved and not standing.noted[agency]:
                    yield NoteNotApproved(clauses, agency=agency)
        case DutyKind.OPEN_ISSUES:
            if not decided and proposal is not None and proposal.open_issues is None:
                yield OpenIssuesNotSaid(clauses)
        case DutyKind.ACTIONS:
            if not decided and proposal is not None:
                for action in proposal.actions:
                    if action.owner is None or action.due_on is None:
                        yield ActionIncomplete(clauses, action=action.key)
        case DutyKind.FIELDS:
            if not decided and proposal is not None:
                for name in fields:
                    if name not in proposal.answers:
                        yield AnswerMissing(clauses, field=name)
        case _:
            return  # every other duty is asked for and shown; it closes nothing


def _against_withdrawing(standing: Standing, command: Command) -> Iterator[Refusal]:
    if standing.phase is Phase.ENDED:
        yield AlreadyEnded()
    if standing.raiser is None or command.by.person != standing.raiser.person:
        yield NotTheRaiser()
    if not command.says("reasons"):
        yield OwnWordsMissing()
