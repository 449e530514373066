"""Why something can't be accepted now, and what can be done instead. Nobody is blamed."""

from __future__ import annotations

from dataclasses import dataclass

from commonground.core.acts import PostRef
from commonground.core.procedure import Clauses
from commonground.core.reasons import (
    ActionIncomplete,
    AlreadyEnded,
    AnswerMissing,
    DifferingViewsMissing,
    EndingNotHere,
    NoSuchResult,
    NoteMissing,
    NotEnded,
    NoteNotApproved,
    NothingToConfirm,
    NothingToDecide,
    NoTimeGiven,
    NotLengthened,
    NotRaised,
    NotTheDecider,
    NotTheirsToSendBack,
    NotTheRaiser,
    NotYetDue,
    OnlyShortens,
    OpenIssuesNotSaid,
    OwnWordsMissing,
    ReasonsMissing,
    Refusal,
    SameCalendar,
    StepMissing,
    TheirsToConfirm,
    UnknownAction,
    UnknownStage,
)
from commonground.core.standing import NOTHING, Standing
from commonground.wording.names import Names, listed, plain, result_name, step_name, stopped


@dataclass(frozen=True)
class RefusalWords:
    so: str
    """What is so. Nobody is blamed."""
    next: str
    """What you can do now."""
    clauses: Clauses
    """Where the procedure has it from, by id; empty where no clause is behind it."""


def words_of_refusal(refusal: Refusal, names: Names, here: Standing = NOTHING) -> RefusalWords:
    """This will say why something can't be accepted now, and what can be done instead."""
    so, then = _refusal(refusal, names, here)
    return RefusalWords(so, then, refusal.clauses)


def _refusal(refusal: Refusal, names: Names, here: Standing) -> tuple[str, str]:
    match refusal:
        case NotRaised():
            return "Nothing has been raised yet.", "You can raise it now."
        case AlreadyEnded():
            return "This has ended.", "You can open it again."
        case NotEnded():
            return "This is still open.", "You can carry on with it, or escalate it."
        case NothingToDecide():
            return (
                "Nobody decides at this stage. The two sides settle it between them.",
                "You can put forward an outcome, or escalate it.",
            )
        case NotTheDecider(posts=posts):
            if not posts:
                so = "The procedure names nobody to decide at this stage."
                return so, "The partnership's office can record a decision, with a reason. You can escalate it."
            able = listed((names.post(PostRef(agency, post)) for agency, post in posts), "or")
            return (
                f"This decision is for {able}.",
                "They or their deputy can record it. If they are away, the partnership's office can, with a reason.",
            )
        case NoSuchResult(results=results):
            choices = listed((f"“{result_name(names, here, result)}”" for result in results), "or")
            return "That is not one of the decisions open here.", f"You can choose {choices}."
        case ReasonsMissing():
            return "This needs reasons in writing.", "Write the reasons, and send it again."
        case DifferingViewsMissing():
            return (
                "A decision here says who saw it differently, or that nobody did.",
                "Write down the differing views, or say that there were none.",
            )
        case StepMissing(step=step):
            return (
                f"{step_name(names, here, step)} is not recorded yet.",
                "You can record it, or say why it could not be done. You can escalate it without it.",
            )
        case EndingNotHere(endings=endings):
            if not endings:
                return "The procedure gives no way to end it at this stage.", "You can escalate it."
            choices = listed((f"“{names.ending(ending)}”" for ending in endings), "or")
            return "It cannot end that way at this stage.", f"You can choose {choices}, or escalate it."
        case NothingToConfirm():
            return "No outcome is waiting to be confirmed.", "You can put one forward, or escalate it."
        case TheirsToConfirm():
            return (
                "Each side confirms for itself.",
                "The other side can confirm. Once their time has passed, the partnership's office can, with a reason.",
            )
        case NoteMissing(agency=agency):
            return (
                f"The note of {names.agency(agency)} for this stage is not here yet.",
                "Write it and approve it, then confirm. You can escalate it without it.",
            )
        case NoteNotApproved(agency=agency):
            return (
                f"The note of {names.agency(agency)} for this stage is not approved yet.",
                "Approve it, then confirm. You can escalate it without it.",
            )
        case OpenIssuesNotSaid():
            return (
                "The outcome does not say yet what is still open.",
                "Put it forward again with what is still open, or say that nothing is.",
            )
        case ActionIncomplete(action=action):
            return (
                f"The action “{plain(action)}” does not say yet who does it and by when.",
                "Put the outcome forward again with both.",
            )
        case AnswerMissing(field=name):
            asked = next((ask.text for ask in names.procedure.asks if ask.key == name), plain(name))
            return stopped(f"The outcome does not answer this yet: {asked}"), "Put it forward again with an answer."
        case NotTheRaiser():
            return (
                "Only the person who raised a concern can withdraw it.",
                "You can say how you see it now, or put forward an outcome.",
            )
        case OwnWordsMissing():
            return "Withdrawing needs your own words.", "Write why you withdraw it, and send it again."
        case OnlyShortens():
            return "The child's date can only be made sooner.", "You can set a sooner date."
        case NotLengthened():
            return "The procedure gives no way to have more time here.", "You can carry on, or set a sooner date."
        case NoTimeGiven():
            return "No date, time or rating was given.", "Choose one, and send it again."
        case NotYetDue():
            return "The time is not up yet.", "Nothing is recorded until it is. You can escalate it now if you need to."
        case UnknownAction():
            return "There is no such action here.", "Choose one of the actions in the outcome."
        case UnknownStage():
            return "The procedure has no such stage.", "Choose one of its stages. You can escalate it at any time."
        case NotTheirsToSendBack():
            return (
                "The side that raised it, the body of this stage or the partnership's office sends it back.",
                "You can reply, write, talk, or escalate it.",
            )
        case SameCalendar():
            return "The dates are already right.", "You do not need to do anything."
        case _:
            # Not `assert_never`: refusals are an open family. A test walks every one of them.
            raise LookupError(f"no words for {type(refusal).__name__}")
