"""What a published procedure is: routes of stages, with posts, limits, duties and the clause behind each.

A procedure is data. These types say what can be written in one; `language/` reads YAML into them and this module
imports nothing but the spans of `time.py`. Three rules hold everywhere:

1. *Absence is information.* `None` means that the text is silent ("no limit given", "nobody named"). It never turns
   into a default. What we take instead is written as the field's value, with a `Reading` beside it.
2. *A reading can be taken away.* `Reading.of` names the field it fills and `Reading.words` what the words alone say
   there (usually nothing). `words_alone()` strips them all, so the checker can show what the text leaves open.
3. *The way up is not data.* Any party may go up, skip or act urgently from any open state; a procedure only says what
   is in turn, what is asked, who is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from commonground.core.time import Span

Key = str
Clauses = tuple[str, ...]
StageRef = str
"""`stage` in the same route, or `route/stage`."""

OFFICE: Key = "office"
"""The partnership's office: the one post every partnership has, and the last owner of anything nobody else owns."""


ITSELF: Key = "itself"
"""`Reading.of` for something that is there only by a reading: a stage, a duty, a step the words do not hold."""


class Strength(StrEnum):
    """How strongly the text asks for something."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"
    GUIDE = "guide"


class Who(StrEnum):
    """Which position does a step or bears a duty."""

    CHALLENGING = "challenging side"
    RESPONDING = "responding side"
    EITHER = "either side"
    """Done once, by whichever side; or together, as a talk is."""
    EACH = "each side"
    """Done twice, once by each side."""
    BODY = "the body"
    """The chair of the stage's body, or its decider."""
    OFFICE = "the office"


class Deed(StrEnum):
    """What a step asks somebody to do; each is done by one kind of command."""

    WRITE = "write"
    TALK = "talk"
    REPLY = "reply"
    ADVISE = "take advice"
    VIEW = "state view"
    MEET = "meet"
    DISSENT = "say whether to challenge"
    ANSWER = "answer"
    """A body or post answers what was put to it: in writing, with reasons, without deciding the disagreement."""


class Then(StrEnum):
    """What happens when a limit runs out in silence."""

    UP = "up"
    """Silence is recorded and the next stage begins, on both sides."""
    ASK = "ask"
    """Silence is recorded and a dated question goes to a post (where the text says *may*, or needs a finding)."""
    LOOK_AGAIN = "look again"
    """Silence is recorded and the office owns it, with a look-again date, until an answer is recorded."""
    RECORD = "record"
    """Silence is recorded and shown; nothing moves. For steps only: a stage clock with this is a failed proof."""
    LAPSE = "lapse"
    """The text says it lapses. Read as a question to the raiser: nobody loses a concern by waiting."""


class StartEvent(StrEnum):
    """From what a limit is counted."""

    CONCERN = "concern"
    """When the concern was identified, as the raiser says."""
    RAISED = "raised"
    DECISION = "decision"
    """The decision, action or conference that is challenged."""
    RECEIPT = "receipt"
    """When what was raised became visible to the opposite number's post."""
    AWARE = "aware"
    ENTRY = "entry"
    """When the stage began."""
    STEP = "step"
    """When another step of the stage was done (`of` names it)."""
    DUE = "due"
    """When another stage was due to be over (`of` names the stage)."""
    READ_BY_RESPONDING = "read by the responding side"
    """A clock that the late side itself starts. It can be said, because texts say it; it may not go live unread."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How an ambiguous or silent clause is read, what it was chosen instead of, and why it is the safer one."""

    of: Key
    """The field it fills; `itself` where the whole thing is there only by this reading."""
    takes: str
    because: str
    clauses: Clauses
    instead_of: tuple[str, ...] = ()
    words: str | int | bool | Span | tuple[str, ...] | tuple[Start, ...] | None = None
    """What the words alone give for the field `of`; None where they are silent."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """One event a limit may be counted from."""

    event: StartEvent
    of: Key | None = None


@dataclass(frozen=True, kw_only=True)
class Rated:
    """The span that holds for one urgency rating."""

    rating: Key
    within: Span


@dataclass(frozen=True, kw_only=True)
class Extension:
    """A limit may be lengthened, by consent of both sides only, and no further than `at_most` in all."""

    at_most: Span | None
    clauses: Clauses


@dataclass(frozen=True, kw_only=True)
class Limit:
    """By when. The earliest of every start that has happened counts; the child's date can only shorten."""

    within: Span | None = None
    """None: the text gives no limit. Where people set the time (`set_by`), what holds until they do."""
    says: str | None = None
    """The text's own words where they give no number ("without delay", "acceptable to both")."""
    starts: tuple[Start, ...] = ()
    strength: Strength = Strength.SHOULD
    set_by: Who | None = None
    """Who may state the time: one side alone, or each side (the earlier of both rules)."""
    no_later_than: Span | None = None
    by_rating: tuple[Rated, ...] = ()
    extension: Extension | None = None
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Clock(Limit):
    """A stage's one clock. It runs from the stage's beginning until the stage is settled or left."""

    then: Then | None = None
    asks: Key | None = None
    """For `ask`: the post that the dated question goes to."""
    question: str | None = None
    look_again: Span | None = None
    """How soon the question is asked again, or the office looks again. Ours; never shown as the text's."""


class Needed(StrEnum):
    """What a decision or a result has to carry before it can be recorded."""

    REASONS = "reasons"
    DIFFERING_VIEWS = "differing views"
    """Named differing views, or a statement that there were none."""
    STEP = "step"
    """A step of the stage, or why it could not wait."""


@dataclass(frozen=True, kw_only=True)
class Need:
    needed: Needed
    step: Key | None = None
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class Result:
    """One thing that can be decided. With neither `ends` nor `goes` the disagreement stays where it is."""

    key: Key
    name: str
    ends: Key | None = None
    goes: StageRef | None = None
    needs: tuple[Need, ...] = ()
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Who decides at a stage, between which results, and what has to be there first."""

    by: tuple[Key, ...] | None
    """Posts that may record it. None: the text names no decider."""
    results: tuple[Result, ...]
    needs: tuple[Need, ...] = ()
    reviews: Key | None = None
    """The post whose decision is looked at again here."""
    hears_own: Clauses = ()
    """Clauses under which the first decider hears the challenge to its own decision."""
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something a position does within a stage. Doing it late, early or not at all never bars the way up."""

    key: Key
    name: str
    who: Who | None
    do: Deed
    after: tuple[Key, ...] = ()
    """Steps that come first in the text's order."""
    limit: Limit | None = None
    missed: Then = Then.RECORD
    """What the step's own limit does when it runs out: RECORD or UP."""
    with_: tuple[Key, ...] = ()
    """Posts that take part: whom advice is asked of, who is met, whom a writing is addressed to."""
    form: str | None = None
    strength: Strength = Strength.SHOULD
    guards_settled: bool = False
    """The stage is not closed as settled before this is done, or it is said why it was not."""
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sides:
    """The posts that face each other. The first of each owns its side's move. Sides may be uneven."""

    challenging: tuple[Key, ...] | None
    responding: tuple[Key, ...] | None
    carried_by: Key | None = None
    """A post that carries it up for the raiser, and so owns the challenging side's move."""
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Body:
    """A chair, panel, scrutineer or outside body before whom a stage takes place."""

    chair: Key
    members: str | None = None
    quorum: str | None = None
    may_not_sit: str | None = None
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Other:
    """A post with a part in a stage that is neither side nor body: facilitator, mediator, observer."""

    role: str
    post: Key
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class Line:
    """Another line than line management by which it may be taken up, such as a designated professional directly."""

    post: Key
    agencies: tuple[Key, ...] = ()
    """The kinds of agency the text names for it. Others may go this way too, with a reason."""
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


class DutyKind(StrEnum):
    RECORD = "record"
    """Each agency's own note of what was said: one approved note an agency, in each stage."""
    CONFIRMATION = "written confirmation"
    OPEN_ISSUES = "open issues"
    """The confirmation lists what stays open and how it is taken forward, or says there is nothing."""
    ACTIONS = "actions"
    """Every action in the confirmation has somebody and a date."""
    FIELDS = "fields"
    """Named answers in the outcome (`fields`), such as what changed for the child."""
    FILE_COPY = "copy on the child's file"
    NOTICE = "written notice"
    REASONS = "reasons in writing"
    ADVICE = "advice"
    LETTER = "letter"
    FILE_REVIEW = "file review"
    FEEDBACK = "feedback"
    MARKING = "marking"
    STATEMENT = "statement"
    BUNDLE = "papers"
    STATISTICS = "statistics"
    REFLECTION = "reflection"


class Guards(StrEnum):
    """The two things a rule may guard (promise 1). Nothing guards the way up."""

    SETTLED = "settled"
    DECISION = "decision"


@dataclass(frozen=True, kw_only=True)
class Duty:
    """Something owed on a stage, on a route, or always. It is asked for and shown; some guard a settled closing."""

    key: Key
    name: str
    do: DutyKind
    who: Who | None = None
    by: Key | None = None
    """The post that bears it, where the text names one."""
    strength: Strength = Strength.SHOULD
    guards: Guards | None = None
    approved: bool = False
    fields: tuple[Key, ...] = ()
    limit: Limit | None = None
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


class TellOn(StrEnum):
    RAISED = "raised"
    ENTRY = "entry"
    SILENCE = "silence"
    OUTCOME = "outcome"
    DIFFERS = "a manager differs"
    DECISION = "decision"
    MEETING = "meeting called"
    FLAG = "policy issue"


@dataclass(frozen=True, kw_only=True)
class Tell:
    """Who is told of something, and whether telling asks them to act."""

    on: TellOn
    whom: tuple[Key, ...]
    """Posts, or `challenging side`, `responding side`, `all parties`, `office`."""
    to_act: bool = False
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


class MoveKind(StrEnum):
    SKIP = "skip"
    BACK = "back"
    """Down again, or back to a conference chair."""
    SIDEWAYS = "sideways"
    BESIDE = "beside"
    """A branch that does not stop the ladder."""
    OUT = "out"
    """To another procedure or an outside body, named in `out_to`."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """A way on that the text names beside the next stage. Skipping upward is always open, named or not."""

    kind: MoveKind
    to: StageRef | None = None
    out_to: str | None = None
    when: str | None = None
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stage:
    key: Key
    heading: str
    clock: Clock
    label: str | None = None
    """The text's own label ("Stage one", "4b"); None where the text numbers nothing and ours is shown as ours."""
    sides: Sides | None = None
    body: Body | None = None
    others: tuple[Other, ...] = ()
    steps: tuple[Step, ...] = ()
    decision: Decision | None = None
    endings: tuple[Key, ...] = ()
    """Endings that may be proposed here (a decision's results may lead to others)."""
    next: StageRef | None = None
    moves: tuple[Move, ...] = ()
    lines: tuple[Line, ...] = ()
    duties: tuple[Duty, ...] = ()
    tells: tuple[Tell, ...] = ()
    counts: bool = True
    """False for a step before the stages: recorded, not counted."""
    informs_only: bool = False
    """The stage tells somebody and asks nothing of them."""
    hold: str | None = None
    """What stays as it is while this is open (a placement, a plan), in the text's words."""
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Cap:
    """One limit shared by several stages, beside their own clocks. The earliest rules."""

    key: Key
    stages: tuple[Key, ...]
    limit: Limit


class Late(StrEnum):
    ACCEPTED = "accepted with a reason"
    LAPSED = "lapsed"
    """What some texts say. Read as accepted and marked: a concern for a child is never out of time."""
    NOT_STATED = "not stated"


@dataclass(frozen=True, kw_only=True)
class Window:
    """A time in which the text expects a challenge to be raised. Late is accepted, and marked as late."""

    limit: Limit
    late: Late
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Route:
    key: Key
    title: str
    stages: tuple[Stage, ...]
    confirm: Limit
    """By when each side confirms a proposed outcome; after it the office is asked."""
    covers: str | None = None
    window: Window | None = None
    caps: tuple[Cap, ...] = ()
    duties: tuple[Duty, ...] = ()
    tells: tuple[Tell, ...] = ()
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


class HeldIn(StrEnum):
    """Where a post sits."""

    PARTY = "party"
    PARTNERSHIP = "partnership"
    OUTSIDE = "outside"
    """A body no partnership owns (a government minister, another area). The office reaches it."""


@dataclass(frozen=True, kw_only=True)
class Title:
    """What a post is called in one kind of agency."""

    agency: Key
    title: str
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post by rank or by function. A person holds it; the record only ever names the post."""

    key: Key
    name: str
    rank: int | None = None
    """1 is the front line. None: a function that is not a tier."""
    held_in: HeldIn = HeldIn.PARTY
    agency: Key | None = None
    """The kind of agency that alone has it, where the text says so."""
    stand_in: tuple[Key, ...] = ()
    """Posts that serve where an agency has no such post, in order."""
    titles: tuple[Title, ...] = ()
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


class EndingKind(StrEnum):
    AGREED = "agreed"
    DECIDED = "decided"
    UPHELD = "decision upheld"
    DISSENT_NOTED = "dissent noted"
    RECONVENE = "conference to be reconvened"
    STANDS = "no agreement, the decision stands"
    ANSWERED = "answered"
    """A body gave its answer without deciding."""
    REFERRED = "referred on"
    OUT_OF_SCOPE = "out of scope"


@dataclass(frozen=True, kw_only=True)
class Ending:
    key: Key
    name: str
    kind: EndingKind
    binds: bool = False
    """The decision is acted on until changed, challenge or no."""
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A fact that chooses a route, such as `inside one agency: yes`."""

    fact: Key
    is_: str


@dataclass(frozen=True, kw_only=True)
class Fork:
    """Where a matter leads instead, when every one of these facts is so.

    The service itself knows `about` (child, children, adult, theme), `urgent`, `inside one agency` and `other side
    known` (yes or no); any other fact is what the raiser says.
    """

    when: tuple[Fact, ...]
    to: StageRef
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What a disagreement may be about, in words the raiser chooses from, and the route it begins on."""

    key: Key
    name: str
    to: StageRef | None = None
    """A route, or `route/stage`."""
    forks: tuple[Fork, ...] = ()
    """Other beginnings, by fact. The one with the most facts that are all so is taken."""
    elsewhere: str | None = None
    """Another procedure that the text points to. Shown first; raising here is still accepted, and marked."""
    note: str | None = None
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


class Place(StrEnum):
    """Where a question is asked or guidance shown."""

    RAISE = "raise"
    TALK = "talk"
    REPLY = "reply"
    NOTE = "note"
    GO_UP = "go up"
    VIEW = "view"
    MEET = "meet"
    DECIDE = "decide"
    DISSENT = "dissent"
    OUTCOME = "outcome"
    WRITE = "write"
    ADVICE = "advice"
    DISAGREEMENT = "disagreement"
    """On the disagreement's own page, at every stage."""
    PROCEDURE = "procedure"
    """On the procedure's page."""
    CONTACTS = "contacts"
    OFFICE = "office"


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A question put in a form. An empty answer is accepted and shown as empty."""

    key: Key
    at: Place
    text: str
    strength: Strength = Strength.SHOULD
    choices: tuple[str, ...] = ()
    routes: tuple[Key, ...] = ()
    """Routes it is asked on; all where empty."""
    stages: tuple[Key, ...] = ()
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Guidance:
    """What is shown at a named place, in our own words."""

    at: Place
    text: str
    routes: tuple[Key, ...] = ()
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outside:
    """A clause that software can't carry, and why."""

    because: str
    clauses: Clauses


@dataclass(frozen=True, kw_only=True)
class CheckAnswer:
    key: Key
    text: str
    accepted: bool
    asks: tuple[str, ...] = ()
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Check:
    """A question settled before something else begins (such as consent before a referral). Guidance, never a gate:
    `accepted` says what the text would have the receiver do, and a refusal is itself a matter for disagreement."""

    key: Key
    heading: str
    question: str
    answers: tuple[CheckAnswer, ...]
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class UrgentRequest:
    """A protective request that is open at every moment, whatever the stage."""

    key: Key
    name: str
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A step that starts by itself: so many like concerns in so many months suggest a stage. A suggestion only."""

    key: Key
    count: int
    months: int
    suggests: StageRef
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Procedure:
    key: Key
    title: str
    edition: str
    """Which text this is, as the source describes itself."""
    area: tuple[str, ...]
    nation: str
    body_name: str
    """What this text calls the partnership."""
    posts: tuple[Post, ...]
    routes: tuple[Route, ...]
    matters: tuple[Matter, ...]
    endings: tuple[Ending, ...]
    clause_prefix: str | None = None
    """Clauses whose id begins so must all be accounted for."""
    extends: Key | None = None
    replaces: str | None = None
    ratings: tuple[Key, ...] = ()
    """Urgency ratings, calmest first, where the text knows any."""
    duties: tuple[Duty, ...] = ()
    tells: tuple[Tell, ...] = ()
    asks: tuple[Ask, ...] = ()
    guidance: tuple[Guidance, ...] = ()
    checks: tuple[Check, ...] = ()
    urgent_requests: tuple[UrgentRequest, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    outside: tuple[Outside, ...] = ()
    clauses: Clauses = ()
    readings: tuple[Reading, ...] = ()

    def route(self, key: Key) -> Route:
        """The route with this key; KeyError where there is none."""
        return _by_key(self.routes, key)

    def stage(self, route: Key, key: Key) -> Stage:
        """The stage with this key on a route; KeyError where there is none."""
        return _by_key(self.route(route).stages, key)

    def post(self, key: Key) -> Post:
        """The post with this key; KeyError where there is none."""
        return _by_key(self.posts, key)

    def ending(self, key: Key) -> Ending:
        """The ending with this key; KeyError where there is none."""
        return _by_key(self.endings, key)

    def duties_at(self, route: Key, stage: Key) -> Iterator[Duty]:
        """Every duty in force at a stage: the procedure's, the route's, the stage's."""
        yield from self.duties
        yield from self.route(route).duties
        yield from self.stage(route, stage).duties


Keyed = TypeVar("Keyed", Route, Stage, Post, Ending, Matter, Result, Step)


def _by_key(items: tuple[Keyed, ...], key: Key) -> Keyed:
    for item in items:
        if item.key == key:
            return item
    raise KeyError(key)


def split_ref(ref: StageRef, route: Key) -> tuple[Key, Key]:
    """Split a stage reference into (route, stage), taking `route` where the reference names none."""
    first, slash, second = ref.partition("/")
    return (first, second) if slash else (route, first)


def nodes(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every dataclass inside a procedure with its path (field names, and keys or positions of list members)."""
    if is_dataclass(node) and not isinstance(node, type):
        yield path, node
        for field in fields(node):
            value = getattr(node, field.name)
            if isinstance(value, tuple):
                for position, item in enumerate(value):
                    yield from nodes(item, (*path, field.name, str(getattr(item, "key", position))))
            else:
                yield from nodes(value, (*path, field.name))


Node = TypeVar("Node")


def words_alone(node: Node) -> Node:
    """The same procedure with every reading taken away: each field a reading fills goes back to what the words say."""
    if isinstance(node, tuple):
        kept = (item for item in node if not any(r.of == ITSELF for r in getattr(item, "readings", ())))
        return tuple(words_alone(item) for item in kept)  # type: ignore[return-value]  # same shape, item by item
    if not is_dataclass(node) or isinstance(node, type):
        return node
    changes: dict[str, Any] = {
        field.name: words_alone(getattr(node, field.name)) for field in fields(node) if field.name != "readings"
    }
    for reading in getattr(node, "readings", ()):
        if reading.of != ITSELF:
            changes[reading.of] = _as_field(node, reading)
    if "readings" in {field.name for field in fields(node)}:
        changes["readings"] = ()
    return replace(node, **changes)


def _as_field(node: Any, reading: Reading) -> Any:
    """What the words alone give, in the type of the field the reading fills."""
    words = reading.words
    taken = getattr(node, reading.of)
    if words is None:
        return () if isinstance(taken, tuple) and reading.of not in _NOBODY else None
    if isinstance(taken, StrEnum):
        return type(taken)(str(words))
    return words


_NOBODY = {"by", "challenging", "responding"}
"""Fields where silence (None) differs from an empty list: the text names nobody."""
