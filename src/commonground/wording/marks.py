"""A label and one sentence for every mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from commonground.core.acts import Mark


@dataclass(frozen=True)
class MarkWords:
    label: str
    """Short, for a tag."""
    sentence: str


def words_of_mark(mark: Mark) -> MarkWords:
    """This will give a mark its label, and one sentence saying what it means. A mark stops nothing."""
    label, sentence = _mark(mark)
    return MarkWords(label, sentence)


def _mark(mark: Mark) -> tuple[str, str]:
    match mark:
        case Mark.EARLY:
            return "Early", "It was escalated before the time ran out, which anyone may do."
        case Mark.LATE:
            return "Late", "It came after its time, and it counts all the same."
        case Mark.WRITTEN_LATE:
            return "Written up late", "It was written up more than a day after it happened."
        case Mark.OUT_OF_TURN:
            return "Out of turn", "It was escalated by somebody whose turn it was not, which anyone may do."
        case Mark.URGENT:
            return "Urgent", "Somebody said that a child cannot wait for this."
        case Mark.SKIPPED:
            return "Stages skipped", "It went straight to a higher stage, or began at one."
        case Mark.BY_SILENCE:
            return "By silence", "Nothing was recorded in time, so the service recorded that."
        case Mark.CHAIN_EXHAUSTED:
            return "No stage above", "The procedure has no stage above this one, so the partnership's office owns it."
        case Mark.NOBODY_HIGHER:
            return "Nobody higher", "The agency has nobody more senior, so its most senior person meets the next tier."
        case Mark.OTHER_SIDE_UNKNOWN:
            return (
                "Other agency to be reached",
                "The other agency is not known, or not here yet, so the office reaches it.",
            )
        case Mark.INSIDE_ONE_AGENCY:
            return "Inside one agency", "Both sides are in the same agency."
        case Mark.OUT_OF_WINDOW:
            return "After the usual time", "It was raised later than the procedure expects, and it counts all the same."
        case Mark.ELSEWHERE:
            return (
                "Another procedure",
                "The procedure points to another one for this, and it is kept here all the same.",
            )
        case Mark.STOOD_IN:
            return "Stand-in", "An agency has no such post, so another post stands in for it."
        case Mark.NOTE_MISSING:
            return "Note missing", "The agency's own note of this stage is not here yet."
        case Mark.NO_REASON:
            return "No reason yet", "A reason is asked for here, and it can follow later."
        case Mark.ADVICE_NOT_TAKEN:
            return "Advice not taken", "The procedure suggests taking advice first, and none is recorded."
        case Mark.STEP_NOT_DONE:
            return "Step not done", "It went on before a step of the stage was recorded."
        case Mark.REOPENED:
            return "Opened again", "It had ended, and it is open again."
        case Mark.NOT_CONFIRMED:
            return "Not confirmed by them", "One side never answered, so the office confirmed for it, with a reason."
        case Mark.FOR_ABSENT:
            return "For somebody absent", "It was recorded for a decision-maker who was away."
        case Mark.PROVISIONAL:
            return "Provisional date", "The true date may be later, never sooner, and it will be worked out again."
        case Mark.AGAINST_MAJORITY:
            return "Against the majority", "The decision is not what most of those present thought."
        case Mark.NO_MAJORITY:
            return "No majority", "Those present were split, and the decision was made all the same."
        case Mark.UNKNOWN_MATTER:
            return "Not in the procedure's list", "The procedure does not list this, so it began on its first route."
        case Mark.NOT_A_PARTY:
            return "From outside", "It came from an agency that had no part in this until now."
        case Mark.NO_SUCH_STAGE:
            return "No such stage", "The procedure has no such stage, so the next one in turn was taken."
        case Mark.RAISED_AGAIN:
            return "Raised again", "Another agency, or the same one, raised the same concern."
        case Mark.COUNTED_FROM_ENTRY:
            return "Counted from now", "The time would have been over already, so it counts from when the stage began."
        case Mark.STEP_UNKNOWN:
            return "Not a step here", "It is kept, though this stage has no such step."
        case Mark.NOT_QUORATE:
            return (
                "Too few met",
                "Fewer met than the procedure asks for, and what was said counts all the same.",
            )
        case _:
            assert_never(mark)
