"""Commands (what somebody asks) and acts (what happened, as stored).

An act is an accepted command together with its effects. The command says what was asked, in ids, dates and keys only;
the effects say what it did to the standing, worked out once, in `decide`, and never again. Every word a person typed is
held apart in `Words` (see `record/`); here it is a `Said`: a field, a keyed digest, an audience and a controller.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from commonground.core.procedure import Key, StageRef
from commonground.core.time import Due


class Side(StrEnum):
    CHALLENGING = "challenging"
    RESPONDING = "responding"

    @property
    def other(self) -> Side:
        return Side.RESPONDING if self is Side.CHALLENGING else Side.CHALLENGING


@dataclass(frozen=True)
class PostRef:
    """A post in an agency. The record names posts; who holds one is resolved when it is read or sent."""

    agency: Key
    post: Key


@dataclass(frozen=True)
class Actor:
    """Who acts, for which agency and in which post. `person` is an id, never a name."""

    person: Key
    seat: PostRef


class Audience(StrEnum):
    OWN_AGENCY = "own agency"
    PARTIES = "parties"
    PARTNERSHIP = "partnership"


@dataclass(frozen=True)
class Said:
    """A piece of words, by digest. Its key stands with the words: destroying both leaves only this."""

    field: Key
    digest: str
    audience: Audience
    controller: Key
    """The agency that answers for these words."""


# --- what can be asked -------------------------------------------------------------------------------------------


class About(StrEnum):
    CHILD = "child"
    CHILDREN = "children"
    """Siblings together."""
    ADULT = "adult"
    THEME = "theme"
    """Practice or policy, with no single child."""


@dataclass(frozen=True)
class Raise:
    """Raise a disagreement. Only who raises it and what it is about are needed; everything else may follow."""

    matter: Key
    about: About
    challenging: tuple[Key, ...]
    responding: tuple[Key, ...] = ()
    """Empty where the other agency is unknown or not on the service: the office then owns reaching it."""
    concern_at: datetime | None = None
    decision_at: datetime | None = None
    """When the decision, action or conference that is challenged took place."""
    wanted_on: date | None = None
    """The date the child needs it settled by."""
    start_at: StageRef | None = None
    urgent: bool = False
    facts: tuple[tuple[Key, str], ...] = ()
    linked: tuple[UUID, ...] = ()
    partnership: Key = ""
    """Whose procedure it is under; and `reference` what people call it. Given by the service, which keeps nothing of a
    disagreement that its acts do not say."""
    reference: str = ""


class Medium(StrEnum):
    IN_PERSON = "in person"
    TELEPHONE = "telephone"
    VIDEO = "video call"
    MEETING = "meeting"
    WRITING = "in writing"


@dataclass(frozen=True)
class Write:
    """Something written to the other side or a post: a notice, request, account, statement or urgent request."""

    form: Key
    step: Key | None = None
    to: tuple[PostRef, ...] = ()


@dataclass(frozen=True)
class Talk:
    """A talk that was held, by whatever medium; recorded by either side."""

    medium: Medium
    step: Key | None = None
    with_: tuple[PostRef, ...] = ()


class Answer(StrEnum):
    AGREE = "agree"
    IN_PART = "agree in part"
    DISAGREE = "do not agree"
    NOT_ME = "not the right person"
    """The clock runs on; the owner stays until somebody else takes it."""
    NEED_MORE = "need more"


@dataclass(frozen=True)
class Reply:
    answer: Answer
    step: Key | None = None
    right_post: PostRef | None = None
    more_by: date | None = None


@dataclass(frozen=True)
class Advise:
    """Advice asked of a post, or given by it. Never a bar to anything."""

    adviser: PostRef
    given: bool
    step: Key | None = None


@dataclass(frozen=True)
class Note:
    """An agency's own note of a talk: written, and approved and dated by that agency."""

    approved: bool
    talked_at: datetime | None = None
    filed: bool = False
    """A copy is on the child's file."""
    step: Key | None = None


class Sets(StrEnum):
    CHILDS_DATE = "the child's date"
    """Can only shorten."""
    STATED = "the time stated by one side"
    AGREED = "the time acceptable to this side"
    LENGTHEN = "a longer time"
    """Where the text allows it: proposed by one side, effective when the other sets the same."""
    RATING = "urgency rating"


@dataclass(frozen=True)
class SetDate:
    sets: Sets
    by: datetime | None = None
    on: date | None = None
    rating: Key | None = None


@dataclass(frozen=True)
class StateView:
    """A manager says whether they agree with their own worker. Differing is told across, and ends nothing."""

    agrees: bool
    step: Key | None = None


@dataclass(frozen=True)
class GoUp:
    """Take it up. Never refused. With no `to`: the next stage in turn, or the office where the chain is exhausted."""

    to: StageRef | None = None
    urgent: bool = False
    line: Key | None = None
    """Another line than line management, such as a designated professional directly."""


class Meets(StrEnum):
    """What is said of a meeting."""

    CALLED = "called"
    CHANGED = "changed"
    """Says again all that holds from here on: when, who is asked, who is in the chair."""
    CANCELLED = "cancelled"
    ANSWERED = "answered"
    """Somebody who was asked comes (`present`) or sends apologies."""
    HELD = "held"
    MINUTES = "minutes"
    DIFFERED = "differed"
    """Somebody who was there saw it differently, in their own words."""
    SENT_ROUND = "sent round"


class Rounds(StrEnum):
    """What of a meeting was sent round."""

    PAPERS = "papers"
    MINUTES = "minutes"
    DECISION = "decision"


@dataclass(frozen=True)
class Meet:
    """Something of a meeting: it is called, changed or cancelled; who comes; it was held; what it left behind.

    A day without a time is its beginning in London, as everywhere.
    """

    held: bool
    """True for HELD alone."""
    meets_at: datetime | None = None
    invited: tuple[PostRef, ...] = ()
    """Everybody who is asked, once it is called, changed or cancelled."""
    present: tuple[PostRef, ...] = ()
    step: Key | None = None
    meets: Meets | None = None
    """None: held or called, as `held` says."""
    meeting: UUID | None = None
    """Which meeting: the act that first told of it. None: this one does."""
    ends_at: datetime | None = None
    chair: PostRef | None = None
    body: bool = False
    """The stage's own body sits: what the procedure says of who sits, who may not and how many are needed is for it."""
    apologies: tuple[PostRef, ...] = ()
    quorate: bool | None = None
    """Whether as many were there as the procedure asks. None: not said."""
    told: tuple[PostRef, ...] = ()
    """Who is told of this beside those who are asked: whom it was sent round to, who is not asked any more."""
    rounds: tuple[Rounds, ...] = ()

    @property
    def does(self) -> Meets:
        """What this says of the meeting."""
        return self.meets or (Meets.HELD if self.held else Meets.CALLED)


@dataclass(frozen=True)
class Decide:
    """Record a decision. The one thing that only some posts may do."""

    result: Key
    against_majority: bool = False
    no_majority: bool = False
    no_differing_views: bool = False
    decided_at: datetime | None = None
    for_absent: bool = False
    """Recorded by a deputy or the office, with a reason, for a decision-maker who is away."""


@dataclass(frozen=True)
class Dissent:
    """A dissenter's own words, kept for good; and whether they will challenge (None: not decided yet)."""

    challenges: bool | None
    voiced_at_conference: bool | None = None
    step: Key | None = None


class Target(StrEnum):
    STAGE = "stage"
    PROCEDURE = "another procedure"
    OUTSIDE = "outside body"
    IN_HOUSE = "the agency's own procedure"


@dataclass(frozen=True)
class Refer:
    """Refer back to a chair or earlier stage, to another procedure, or to an outside body."""

    target: Target
    to: Key
    linked: UUID | None = None


class Flags(StrEnum):
    POLICY = "policy issue"
    PATTERN = "similar concerns"
    OTHER_SIDE = "other side reached"
    """The office reached an agency that was unknown or not on the service."""
    LINKED = "linked"
    """It belongs with another disagreement: a brother or sister, or the other side's own."""


@dataclass(frozen=True)
class Flag:
    """Something raised beside the disagreement that never pauses it."""

    flag: Flags
    clause: str | None = None
    agency: Key | None = None
    linked: UUID | None = None
    """Which other disagreement. Shown only to those who reach both."""


@dataclass(frozen=True)
class Action:
    key: Key
    owner: PostRef | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Propose:
    """An outcome put to both sides: an ending, its actions, and what stays open."""

    ending: Key
    actions: tuple[Action, ...] = ()
    open_issues: bool | None = None
    """True: listed in words. False: there are none. None: not said."""
    answers: tuple[Key, ...] = ()
    """Fields answered in words, such as what changes for the child."""


@dataclass(frozen=True)
class Confirm:
    """Confirm the proposed outcome for a side, or say that it does not stand (`agrees` False)."""

    agrees: bool = True
    for_side: Side | None = None
    """Set by the office, with a reason, for a side that never answered."""


@dataclass(frozen=True)
class Report:
    """How an agreed action stands, before or after the ending."""

    action: Key
    done: bool


@dataclass(frozen=True)
class Withdraw:
    """The raiser withdraws their own concern, in their own words. Nobody withdraws another's."""


@dataclass(frozen=True)
class Reopen:
    """Open it again after an ending; anyone who was a party may."""


@dataclass(frozen=True)
class PassTime:
    """What the worker asks: record the silence of everything that is due. Says only which event it found due."""

    event: Key


@dataclass(frozen=True)
class Redate:
    """A calendar changed: date the open limits anew, in the open."""

    calendar: str


Ask = (
    Raise
    | Write
    | Talk
    | Reply
    | Advise
    | Note
    | SetDate
    | StateView
    | GoUp
    | Meet
    | Decide
    | Dissent
    | Refer
    | Flag
    | Propose
    | Confirm
    | Report
    | Withdraw
    | Reopen
    | PassTime
    | Redate
)


@dataclass(frozen=True)
class Command:
    """What somebody asks, when, and with which words. `id` makes sending it twice one act."""

    id: UUID
    by: Actor
    ask: Ask
    at: datetime
    """When it was asked (host time, in UTC). No rule reads any other clock."""
    happened_at: datetime | None = None
    """When what it tells of happened; None: just now."""
    said: tuple[Said, ...] = ()

    def says(self, field: Key) -> bool:
        return any(said.field == field for said in self.said)


# --- what an accepted command did ---------------------------------------------------------------------------------


class How(StrEnum):
    """How a stage was come to."""

    RAISED = "raised"
    IN_TURN = "in turn"
    SILENCE = "by silence"
    DECISION = "by decision"
    URGENT = "urgent"
    SKIPPED = "skipped to"
    BACK = "sent back"
    REOPENED = "reopened"
    REFERRED = "referred"


class Because(StrEnum):
    """Why this post owns a move."""

    NAMED = "the procedure names it"
    STAND_IN = "stands in: the agency has no such post"
    NEXT_TIER = "next tier up: the agency has no such tier"
    MOST_SENIOR = "the agency's most senior post: its chain is exhausted"
    OFFICE = "nobody else could be named"
    REACHING = "the other agency has to be reached"


@dataclass(frozen=True)
class Owner:
    post: PostRef
    because: Because


@dataclass(frozen=True)
class Opened:
    procedure: Key
    digest: str
    """Of the procedure this disagreement is pinned to."""
    raiser: Actor
    challenging: tuple[Key, ...]
    responding: tuple[Key, ...]
    about: About
    matter: Key
    raised_at: datetime
    concern_at: datetime
    decision_at: datetime | None
    facts: tuple[tuple[Key, str], ...]


@dataclass(frozen=True)
class Entered:
    """A stage began. Steps, limits, questions and proposals of the stage before are over."""

    route: Key
    stage: Key
    how: How
    at: datetime
    challenging: Owner
    responding: Owner
    body: Owner | None


@dataclass(frozen=True)
class LimitSet:
    """A limit runs. `key` is `stage`, `step NAME`, `cap NAME`, `confirm`, `question`, `action NAME`."""

    key: Key
    due: Due


@dataclass(frozen=True)
class LimitStopped:
    key: Key


@dataclass(frozen=True)
class LimitMissed:
    """Nothing came by the due time: silence, recorded as silence."""

    key: Key


@dataclass(frozen=True)
class StepDone:
    step: Key
    side: Side | None
    at: datetime


@dataclass(frozen=True)
class Replied:
    answer: Answer


@dataclass(frozen=True)
class Asked:
    """A dated question is with a post: what to do where silence may not move it on by itself."""

    post: PostRef
    office: bool


@dataclass(frozen=True)
class Advised:
    """An agency took advice in this stage."""

    agency: Key


@dataclass(frozen=True)
class Noted:
    agency: Key
    approved: bool
    filed: bool


@dataclass(frozen=True)
class Decided:
    result: Key
    by: PostRef
    at: datetime


@dataclass(frozen=True)
class Proposed:
    ending: Key
    actions: tuple[Action, ...]
    open_issues: bool | None
    answers: tuple[Key, ...]
    side: Side | None
    """None: by a body, a decider or the office."""
    decided: bool
    """True where a decision led here: it takes effect when made, and confirming says only that it was received."""


@dataclass(frozen=True)
class ProposalDropped:
    pass


@dataclass(frozen=True)
class Confirmed:
    side: Side


@dataclass(frozen=True)
class Joined:
    """An agency or post has a part in it from here on."""

    agency: Key
    side: Side | None


@dataclass(frozen=True)
class Dated:
    """Somebody set a time; `side` None means the child's date."""

    sets: Sets
    side: Side | None
    by: datetime


@dataclass(frozen=True)
class RatedAs:
    rating: Key


@dataclass(frozen=True)
class Differed:
    """A manager differs from their own worker."""

    side: Side


@dataclass(frozen=True)
class Dissented:
    by: PostRef
    challenges: bool | None


@dataclass(frozen=True)
class Flagged:
    flag: Flags


@dataclass(frozen=True)
class ActionReported:
    action: Key
    done: bool


@dataclass(frozen=True)
class Ended:
    ending: Key
    """A key of the procedure's endings, or WITHDRAWN."""
    at: datetime


@dataclass(frozen=True)
class Reopened:
    pass


class What(StrEnum):
    """What the owner is waited for: the second thing the first line of a page says."""

    STEP = "step"
    SETTLE = "settle or go up"
    DECIDE = "decide"
    CONFIRM = "confirm"
    ANSWER = "answer"
    REACH = "reach the other agency"
    LOOK_AGAIN = "look again"
    ACTION = "action"


@dataclass(frozen=True)
class Waits:
    """Whose move, what, by when. The last effect of every act on an open disagreement, and of one with open actions."""

    owner: Owner | None
    what: What | None
    step: Key | None
    event: Key | None
    """The limit that runs out next."""
    due: Due | None


Effect = (
    Opened
    | Entered
    | LimitSet
    | LimitStopped
    | LimitMissed
    | StepDone
    | Replied
    | Asked
    | Advised
    | Noted
    | Decided
    | Proposed
    | ProposalDropped
    | Confirmed
    | Joined
    | Dated
    | RatedAs
    | Differed
    | Dissented
    | Flagged
    | ActionReported
    | Ended
    | Reopened
    | Waits
)

WITHDRAWN: Key = "withdrawn"
"""The one ending no procedure needs to list: the raiser's own."""

HANDOVER: Key = "handover"
"""The form of a note to whoever answers while its writer is away: words of their own agency. It does no step."""


class Mark(StrEnum):
    """Something true of an accepted act. A mark is shown; it stops nothing."""

    EARLY = "before the limit ran out"
    LATE = "late"
    WRITTEN_LATE = "written up late"
    OUT_OF_TURN = "out of turn"
    URGENT = "urgent"
    SKIPPED = "stages skipped"
    BY_SILENCE = "by silence"
    CHAIN_EXHAUSTED = "no stage above: with the office"
    NOBODY_HIGHER = "nobody higher in the agency: its most senior post owns the move"
    OTHER_SIDE_UNKNOWN = "the other agency has to be reached"
    INSIDE_ONE_AGENCY = "inside one agency"
    OUT_OF_WINDOW = "after the time the text expects"
    ELSEWHERE = "the text points to another procedure"
    STOOD_IN = "a stand-in owns the move"
    NOTE_MISSING = "a note is missing"
    NO_REASON = "no reason given"
    ADVICE_NOT_TAKEN = "advice not taken"
    STEP_NOT_DONE = "a step before it was not done"
    REOPENED = "reopened after an ending"
    NOT_CONFIRMED = "not confirmed by the other side"
    FOR_ABSENT = "recorded for somebody absent"
    PROVISIONAL = "date is provisional: past the last day the calendar knows"
    AGAINST_MAJORITY = "against the majority"
    NO_MAJORITY = "no majority"
    UNKNOWN_MATTER = "matter not in the procedure"
    NOT_A_PARTY = "by somebody who is not a party"
    NO_SUCH_STAGE = "stage not in the procedure: taken up in turn"
    RAISED_AGAIN = "raised again by another agency"
    COUNTED_FROM_ENTRY = "the earlier start had already run out: counted from now"
    STEP_UNKNOWN = "not a step of this stage"
    NOT_QUORATE = "fewer met than the procedure asks for"


@dataclass(frozen=True)
class Used:
    """What the answer depended on beside the standing, as it was then."""

    procedure: str
    """Digest of the pinned procedure."""
    calendar: str
    """Nation and version."""


@dataclass(frozen=True)
class Act:
    """One thing that happened. Past tense, small, and never reinterpreted."""

    id: UUID
    """The command's."""
    by: Actor
    ask: Ask
    happened_at: datetime
    recorded_at: datetime
    said: tuple[Said, ...]
    effects: tuple[Effect, ...]
    marks: tuple[Mark, ...]
    used: Used


KINDS: dict[type[Ask], str] = {
    Raise: "raised",
    Write: "wrote",
    Talk: "talked",
    Reply: "replied",
    Advise: "advised",
    Note: "noted",
    SetDate: "date set",
    StateView: "view stated",
    GoUp: "went up",
    Meet: "met",
    Decide: "decided",
    Dissent: "dissented",
    Refer: "referred",
    Flag: "flagged",
    Propose: "outcome proposed",
    Confirm: "outcome answered",
    Report: "action reported",
    Withdraw: "withdrew",
    Reopen: "reopened",
    PassTime: "silence recorded",
    Redate: "dated anew",
}
"""The past tense under which each accepted command is stored."""
