"""What a button or link says that asks for something."""

from __future__ import annotations

from typing import assert_never

from commonground.core.acts import (
    Advise,
    Ask,
    Confirm,
    Decide,
    Dissent,
    Flag,
    Flags,
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
    StateView,
    Talk,
    Target,
    Withdraw,
    Write,
)
from commonground.core.standing import NOTHING, Standing
from commonground.wording.labels import words_of_side
from commonground.wording.meetings import words_of_meets
from commonground.wording.names import Names, result_name


def label_of_ask(ask: Ask, names: Names, here: Standing = NOTHING) -> str:
    """This will give what a button or link says that asks for this: what it does, in a few words."""
    match ask:
        case Raise():
            return "Raise a disagreement"
        case Write():
            return "Write to the other side"
        case Talk():
            return "Record a talk"
        case Reply():
            return "Reply"
        case Advise(given=given):
            return "Record advice" if given else "Ask for advice"
        case Note():
            return "Write your agency's note"
        case SetDate(sets=sets):
            return _label_of_date(sets)
        case StateView():
            return "Say whether you agree with your own worker"
        case GoUp(urgent=urgent):
            return "Escalate it now, as urgent" if urgent else "Escalate it"
        case Meet() as meet:
            return words_of_meets(meet.does)
        case Decide(result=result):
            return f"Record a decision: {result_name(names, here, result)}"
        case Dissent():
            return "Record that you dissent"
        case Refer(target=target):
            return "Send it back to a stage" if target is Target.STAGE else "Refer it on"
        case Flag(flag=flag):
            return _label_of_flag(flag)
        case Propose(ending=ending):
            return f"Put forward an outcome: {names.ending(ending)}"
        case Confirm(agrees=agrees, for_side=for_side):
            if for_side is not None:
                return f"Confirm the outcome for {words_of_side(for_side)}"
            return "Confirm the outcome" if agrees else "Say that the outcome does not stand"
        case Report():
            return "Say how an action stands"
        case Withdraw():
            return "Withdraw what you raised"
        case Reopen():
            return "Open it again"
        case PassTime():
            return "Record that nothing came"
        case Redate():
            return "Work the dates out again"
        case _:
            assert_never(ask)


def _label_of_date(sets: Sets) -> str:
    match sets:
        case Sets.CHILDS_DATE:
            return "Set the date the child needs it by"
        case Sets.STATED:
            return "Set a time for this stage"
        case Sets.AGREED:
            return "Set a time you can accept"
        case Sets.LENGTHEN:
            return "Agree to a longer time"
        case Sets.RATING:
            return "Say how urgent it is"
        case _:
            assert_never(sets)


def _label_of_flag(flag: Flags) -> str:
    match flag:
        case Flags.POLICY:
            return "Raise a question about policy"
        case Flags.PATTERN:
            return "Note that this has come up before"
        case Flags.OTHER_SIDE:
            return "Record that the other agency was reached"
        case Flags.LINKED:
            return "Link it to another disagreement"
        case _:
            assert_never(flag)
