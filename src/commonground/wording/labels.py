"""Short words for single facts: how it stands, how a stage was come to, why a post has a move, who will see this."""

from __future__ import annotations

from typing import assert_never

from commonground.core.acts import Answer, Audience, Because, How, Medium, Side
from commonground.core.procedure import EndingKind, Key, Start, StartEvent
from commonground.core.standing import Phase
from commonground.wording.names import Names, plain, stage_at

DANGER = "If a child is in danger now, ring 999. Do not wait for an answer here."
"""The first thing said wherever somebody raises, escalates or is told of something urgent."""


def words_of_phase(phase: Phase) -> str:
    """This will say whether it is open."""
    match phase:
        case Phase.NOT_RAISED:
            return "Not raised yet"
        case Phase.OPEN:
            return "Open"
        case Phase.ENDED:
            return "Ended"
        case _:
            assert_never(phase)


def words_of_ending_kind(kind: EndingKind) -> str:
    """This will say what kind of ending it is, for lists and figures; the procedure names each of its own."""
    match kind:
        case EndingKind.AGREED:
            return "Agreed"
        case EndingKind.DECIDED:
            return "Decided"
        case EndingKind.UPHELD:
            return "Decision upheld"
        case EndingKind.DISSENT_NOTED:
            return "Dissent noted"
        case EndingKind.RECONVENE:
            return "Conference to be reconvened"
        case EndingKind.STANDS:
            return "No agreement, so the decision stands"
        case EndingKind.ANSWERED:
            return "Answered"
        case EndingKind.REFERRED:
            return "Referred on"
        case EndingKind.OUT_OF_SCOPE:
            return "Not for this procedure"
        case _:
            assert_never(kind)


def words_of_side(side: Side) -> str:
    """This will name a side within a sentence."""
    match side:
        case Side.CHALLENGING:
            return "the side that raised it"
        case Side.RESPONDING:
            return "the side that was asked"
        case _:
            assert_never(side)


def words_of_answer(answer: Answer) -> str:
    """This will say what a side answered, after its name."""
    match answer:
        case Answer.AGREE:
            return "agreed"
        case Answer.IN_PART:
            return "agreed in part"
        case Answer.DISAGREE:
            return "did not agree"
        case Answer.NOT_ME:
            return "said that somebody else is the right one to answer"
        case Answer.NEED_MORE:
            return "asked to know more before answering"
        case _:
            assert_never(answer)


def words_of_medium(medium: Medium) -> str:
    """This will say how people talked."""
    match medium:
        case Medium.IN_PERSON:
            return "in person"
        case Medium.TELEPHONE:
            return "by telephone"
        case Medium.VIDEO:
            return "by video call"
        case Medium.MEETING:
            return "at a meeting"
        case Medium.WRITING:
            return "in writing"
        case _:
            assert_never(medium)


def words_of_how(how: How) -> str:
    """This will say how a stage was come to."""
    match how:
        case How.RAISED:
            return "as it was raised"
        case How.IN_TURN:
            return "in turn"
        case How.SILENCE:
            return "by silence"
        case How.DECISION:
            return "by a decision"
        case How.URGENT:
            return "at once, because it is urgent"
        case How.SKIPPED:
            return "past the stages between"
        case How.BACK:
            return "sent back"
        case How.REOPENED:
            return "opened again"
        case How.REFERRED:
            return "referred from elsewhere"
        case _:
            assert_never(how)


def words_of_because(because: Because) -> str:
    """This will say, in a whole sentence, why a post has the move."""
    match because:
        case Because.NAMED:
            return "The procedure names this post."
        case Because.STAND_IN:
            return "The agency has no such post, so this one stands in."
        case Because.NEXT_TIER:
            return "The agency has nobody at that tier, so it goes to the next tier up."
        case Because.MOST_SENIOR:
            return "The agency has nobody more senior, so its most senior post has it."
        case Because.OFFICE:
            return "Nobody else could be named, so the partnership's office has it."
        case Because.REACHING:
            return "The other agency has to be reached first, so the partnership's office has it."
        case _:
            assert_never(because)


def words_of_start(start: Start, names: Names, route: Key, stage: Key) -> str:
    """This will say from what a limit is counted."""
    match start.event:
        case StartEvent.CONCERN:
            return "when the concern was first seen"
        case StartEvent.RAISED:
            return "when it was raised"
        case StartEvent.DECISION:
            return "the decision, action or conference that is challenged"
        case StartEvent.RECEIPT:
            return "when the other side could see it"
        case StartEvent.AWARE:
            return "when somebody became aware of it"
        case StartEvent.ENTRY:
            return "when the stage began"
        case StartEvent.STEP:
            here = stage_at(names.procedure, route, stage)
            step = next((step.name for step in here.steps if step.key == start.of), None) if here else None
            return f"when “{step or plain(start.of or '')}” was done"
        case StartEvent.DUE:
            return f"when {names.stage(route, start.of or '')} was due to be over"
        case StartEvent.READ_BY_RESPONDING:
            return "when the other side read it"
        case _:
            assert_never(start.event)


def audience_before_box(audience: Audience) -> str:
    """This will say, before a box is filled in, who will see what is typed there."""
    match audience:
        case Audience.OWN_AGENCY:
            return "Only your agency will see this."
        case Audience.PARTIES:
            return "The other agency will see this. So will anyone asked to help, and the partnership's office."
        case Audience.PARTNERSHIP:
            return "The partnership will see this. So will the other agency, and anyone asked to help."
        case _:
            assert_never(audience)


def words_of_audience(audience: Audience) -> str:
    """This will say, beside words that stand on a page, who can see them."""
    match audience:
        case Audience.OWN_AGENCY:
            return "Only the agency that wrote this can see it."
        case Audience.PARTIES:
            return "Both sides, anyone asked to help, and the partnership's office can see this."
        case Audience.PARTNERSHIP:
            return "The partnership, both sides and anyone asked to help can see this."
        case _:
            assert_never(audience)
