"""What is proved of a procedure, and where a proof fails.

There are two kinds. *Proofs over states* look at every state that can be reached, and are made twice: on the states
`core/explore.py` reaches by asking `decide`, and on those `language/graph.py` works out from the data. *Proofs over the
data* look at the procedure and its clauses; they need no states, so there is one of each.

With the readings every proof must hold. Of the words alone, a failed proof is a gap (`gaps.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any, Final

from commonground.core import procedure as core
from commonground.core.acts import Because, What
from commonground.core.procedure import (
    ITSELF,
    OFFICE,
    Clauses,
    Clock,
    Guards,
    HeldIn,
    Key,
    Limit,
    MoveKind,
    Procedure,
    Route,
    Stage,
    StageRef,
    Start,
    StartEvent,
    Strength,
    TellOn,
    Then,
    Who,
    nodes,
    split_ref,
)
from commonground.core.states import BUILT_IN, Kind, Reached, State
from commonground.core.time import SameWorkingDay, Span, unit_of
from commonground.language.account import account
from commonground.language.mistakes import Positions, Where
from commonground.language.references import ALL_PARTIES, REFERENCES, mistakes_in_references
from commonground.language.register import Clause
from commonground.language.spots import Spot


class Proof(StrEnum):
    """What is proved, in the words of the report."""

    DATED = "something is always due"
    OWNED = "it is always somebody's move, and the procedure names them"
    NO_DEAD_END = "every state leads on"
    ENDS = "an ending can be reached from everywhere"
    WAY_UP = "raising and going up are open in every state, and the stages lead to a top"
    NO_LOOP = "silence never goes round in a circle"
    SILENCE = "when time runs out, something happens"
    IN_USE = "no rule that can never be used"
    LATE_SIDE = "no clock that the late side itself starts"
    SELF_REVIEW = "nobody reviews their own decision"
    POSTS = "every post can be found"
    NAMES = "every name means something"
    CITED = "every rule cites its clause"
    CLAUSES = "every clause is accounted for"
    FIGURES = "every figure is the clause's own"


OVER_STATES: Final = (
    Proof.DATED,
    Proof.OWNED,
    Proof.NO_DEAD_END,
    Proof.ENDS,
    Proof.WAY_UP,
    Proof.NO_LOOP,
    Proof.IN_USE,
)


class Lack(StrEnum):
    """What exactly is missing: one thing a partnership could be asked about."""

    NO_TIME = "no time"
    NO_STEP_TIME = "no time for a step"
    NO_CONFIRM_TIME = "no time to confirm"
    NO_CAP_TIME = "no time for the stages together"
    NOBODY = "nobody named"
    NO_DECIDER = "no decider"
    NO_ENDING = "no ending"
    STUCK = "nothing leads on"
    NOTHING_AFTER = "nothing after silence"
    LAPSES = "it lapses"
    BARRED = "barred"
    NO_TOP = "no top"
    CIRCLE = "a circle"
    UNUSED = "never used"
    LATE_SIDE = "the late side starts it"
    SELF_REVIEW = "own decision"
    NO_POST = "post not found"
    NO_NAME = "name without meaning"
    NOT_CITED = "no clause"
    CLAUSE = "clause not accounted for"
    FIGURE = "another figure than the clause's"


@dataclass(frozen=True, order=True)
class Failure:
    """One place where a proof fails. `said` tells a developer of procedures; `gaps.py` words it for a partnership."""

    proof: Proof
    lack: Lack
    route: Key
    """Empty where it is about the whole procedure; so is `stage` where it is about a whole route."""
    stage: Key
    what: str
    """The step, post, limit or name it is about, if any."""
    said: str
    clauses: Clauses = ()


Verdict = Mapping[Proof, tuple[Failure, ...]]


def proofs_over_states(procedure: Procedure, reached: Reached) -> Verdict:
    """This will make every proof over the states that were reached, either way; one without failures holds."""
    found = sorted({failure for proof in _STATE_PROOFS for failure in proof(procedure, reached)})
    return {proof: tuple(f for f in found if f.proof is proof) for proof in OVER_STATES}


def proofs_over_data(procedure: Procedure, clauses: Iterable[Clause]) -> Verdict:
    """This will make every proof that needs the procedure and its register alone."""
    register = tuple(clauses)
    found = {failure for proof in _DATA_PROOFS for failure in proof(procedure)}
    found |= {*_clauses_accounted_for(procedure, register), *_figures_are_the_clauses(procedure, register)}
    found |= set(_names_mean_something(procedure, register))
    return {p: tuple(sorted(f for f in found if f.proof is p)) for p in Proof if p not in OVER_STATES}


# --- over states -----------------------------------------------------------------------------------------------------


def _always_dated(procedure: Procedure, reached: Reached) -> Iterator[Failure]:
    for state in reached.onward:
        if not state.ended and not state.running:
            stage = _stage(procedure, state)
            said = f"there is a moment at {state.ref} when nothing is due"
            yield _at(Proof.DATED, Lack.NO_TIME, state, said, stage.clock.clauses or stage.clauses)


def _always_owned(procedure: Procedure, reached: Reached) -> Iterator[Failure]:
    for state in reached.onward:
        if state.ended:
            continue
        stage, owned = _stage(procedure, state), reached.owners.get(state)
        if owned is None:
            yield _at(Proof.OWNED, Lack.NOBODY, state, f"nobody owns the move at {state.ref}", stage.clauses)
        elif owned.because is Because.OFFICE:
            what = owned.step or owned.what
            said = f"nobody is named for {what} at {state.ref}: it falls to the office"
            yield _at(Proof.OWNED, Lack.NOBODY, state, said, stage.clauses, what)
        elif owned.what is What.ANSWER and owned.post == OFFICE and stage.clock.asks is None:
            said = f"nobody is named whom time asks at {state.ref}"
            yield _at(Proof.OWNED, Lack.NOBODY, state, said, stage.clock.clauses, owned.what)
    for route, stage in _stages(procedure):
        if stage.decision is not None and not stage.decision.by:
            said = f"nobody is named who decides at {route.key}/{stage.key}"
            clauses = stage.decision.clauses or stage.clauses
            yield Failure(Proof.OWNED, Lack.NO_DECIDER, route.key, stage.key, "", said, clauses)


def _no_dead_end(procedure: Procedure, reached: Reached) -> Iterator[Failure]:
    goals = {s for s in reached.onward if s.ended or s.question}
    leads: set[State] = set()
    for before, way, after in reached.ways():
        if way.kind not in BUILT_IN and way.kind not in _BUILT_IN_UP and after[:2] != before[:2]:
            leads.add(before)
    for state in set(reached.onward) - _can_reach(reached, goals | leads, without_up=True):
        said = f"neither time nor anything the procedure names leads on from {state.ref}"
        yield _at(Proof.NO_DEAD_END, Lack.STUCK, state, said, _stage(procedure, state).clauses)


_BUILT_IN_UP: Final = frozenset({Kind.UP, Kind.UP_UNWRITTEN})


def _ending_from_everywhere(procedure: Procedure, reached: Reached) -> Iterator[Failure]:
    goals = {state for state in reached.onward if state.ended}
    for state in set(reached.onward) - _can_reach(reached, goals):
        said = f"no ending can be reached from {state.ref}"
        yield _at(Proof.ENDS, Lack.NO_ENDING, state, said, _stage(procedure, state).clauses)


def _can_reach(reached: Reached, goals: set[State], *, without_up: bool = False) -> set[State]:
    backward: dict[State, list[State]] = {}
    for before, way, after in reached.ways():
        if way.kind not in BUILT_IN and not (without_up and way.kind in _BUILT_IN_UP):
            backward.setdefault(after, []).append(before)
    seen, waiting = set(goals), list(goals)
    while waiting:
        for before in backward.get(waiting.pop(), ()):
            if before not in seen:
                seen.add(before)
                waiting.append(before)
    return seen


def _way_up(procedure: Procedure, reached: Reached) -> Iterator[Failure]:
    for state, way in reached.refused:
        yield _at(Proof.WAY_UP, Lack.BARRED, state, f"{way.kind} is refused at {state.ref}", ())
    for state, onward in reached.onward.items():
        if not any(way.kind is Kind.UP for way in onward):
            yield _at(Proof.WAY_UP, Lack.BARRED, state, f"going up is not open at {state.ref}", ())
    for route, stage in _stages(procedure):
        top, seen = (route, stage), []
        while top[1].next is not None and top[1] not in seen:
            seen.append(top[1])
            key, stage_key = split_ref(top[1].next, top[0].key)
            top = (procedure.route(key), procedure.stage(key, stage_key))
        if top[1] in seen:
            said = f"the stages after {route.key}/{stage.key} go round in a circle and have no top"
            yield Failure(Proof.WAY_UP, Lack.NO_TOP, route.key, stage.key, "", said, stage.clauses)


def _no_loop_by_silence(procedure: Procedure, reached: Reached) -> Iterator[Failure]:
    by_silence: dict[State, list[State]] = {}
    for before, way, after in reached.ways():
        # The office asks itself again for as long as it takes: that circle is meant.
        if way.kind is Kind.SILENCE and not (before == after and before.question == "office"):
            by_silence.setdefault(before, []).append(after)
    for state in _in_a_circle(by_silence):
        said = f"silence at {state.ref} leads back to {state.ref}"
        yield _at(Proof.NO_LOOP, Lack.CIRCLE, state, said, _stage(procedure, state).clauses)


def _in_a_circle(onward: Mapping[State, list[State]]) -> set[State]:
    """The states in a circle, or leading into one: what is left when every end has been taken away, again and again."""
    left = {state: set(after) for state, after in onward.items()}
    backward: dict[State, list[State]] = {}
    for before, afters in left.items():
        for after in afters:
            backward.setdefault(after, []).append(before)
    ends = [state for state in backward if state not in left]
    while ends:
        end = ends.pop()
        for before in backward.get(end, ()):
            left[before].discard(end)
            if not left[before]:
                ends.append(before)
    return {state for state, after in left.items() if after}


def _in_use(procedure: Procedure, reached: Reached) -> Iterator[Failure]:
    used = _used_states(procedure, reached)
    stages = {state.ref for state in used}
    waited = {(s.ref, reached.owners[s].step) for s in used if s in reached.owners}
    # Raising, and going up in writing, is itself the writing that a stage asks for first.
    written = {(start.ref, step) for start in reached.starts.values() for step in start.steps}
    running = {(state.ref, limit) for state in used for limit in state.running}
    asked = {state.ref for state in used if state.question == "post"}
    done = {(before.ref, way.kind, way.what) for before, way, _ in reached.ways() if before in used}
    for route, stage in _stages(procedure):
        ref = f"{route.key}/{stage.key}"
        say = _Unused(route.key, stage.key)
        if ref not in stages:
            yield say("", f"no matter, stage, move or decision leads to {ref}", stage.clauses)
            continue
        for step in stage.steps:
            if (ref, step.key) not in waited | written and step.strength is not Strength.MAY:
                yield say(step.key, f"nobody is ever waited for to do the step {step.key} at {ref}", step.clauses)
            begins = (ref, f"step {step.key}") in running or (ref, step.key) in written
            if step.limit is not None and _has_time(step.limit) and not begins:
                yield say(step.key, f"the limit of the step {step.key} at {ref} never begins", step.limit.clauses)
        if stage.clock.then is Then.ASK and ref not in asked:
            yield say("asks", f"time never asks anybody at {ref}", stage.clock.clauses)
        for result in stage.decision.results if stage.decision else ():
            if not any((ref, kind, result.key) in done for kind in (Kind.DECIDED, Kind.DECIDED_HERE)):
                yield say(result.key, f"the result {result.key} can never be decided at {ref}", result.clauses)
    for route in procedure.routes:
        for cap in route.caps:
            if not any((f"{route.key}/{key}", f"cap {cap.key}") in running for key in cap.stages):
                said = f"the shared limit {cap.key} of {route.key} never runs"
                yield Failure(Proof.IN_USE, Lack.UNUSED, route.key, "", cap.key, said, cap.limit.clauses)
    for ending in procedure.endings:
        here = {(r, s) for r, s in _stages(procedure) if f"{r.key}/{s.key}" in stages and ending.key in _endings_at(s)}
        if not here:
            said = f"no stage can come to the ending {ending.key}"
            yield Failure(Proof.IN_USE, Lack.UNUSED, "", "", ending.key, said, ending.clauses)


def _used_states(procedure: Procedure, reached: Reached) -> set[State]:
    """What can be reached from where the procedure begins: its first route, its matters, and the moves it names."""
    begin = {_first(procedure.routes[0])}
    begin |= {_place(procedure, matter.to) for matter in procedure.matters if matter.to is not None}
    begin |= {_place(procedure, fork.to) for matter in procedure.matters for fork in matter.forks}
    begin |= {pattern.suggests for pattern in procedure.patterns}
    used: set[State] = set()
    while begin:
        ref = begin.pop()
        found = reached.within(ref) - used
        used |= found
        for place in {state.ref for state in found}:
            route, stage = split_ref(place, "")
            moves = procedure.stage(route, stage).moves
            to = {"/".join(split_ref(move.to, route)) for move in moves if move.to is not None}
            begin |= {ref for ref in to if reached.starts[ref] not in used}
    return used


def _place(procedure: Procedure, to: StageRef) -> StageRef:
    return to if "/" in to else _first(procedure.route(to))


def _first(route: Route) -> StageRef:
    return f"{route.key}/{route.stages[0].key}"


def _endings_at(stage: Stage) -> set[Key]:
    decided = {result.ends for result in stage.decision.results if result.ends} if stage.decision else set()
    return {*stage.endings, *decided}


_STATE_PROOFS: Final[tuple[Callable[[Procedure, Reached], Iterator[Failure]], ...]] = (
    _always_dated,
    _always_owned,
    _no_dead_end,
    _ending_from_everywhere,
    _way_up,
    _no_loop_by_silence,
    _in_use,
)


# --- over the data ---------------------------------------------------------------------------------------------------


def _silence_is_answered(procedure: Procedure) -> Iterator[Failure]:
    for route, stage in _stages(procedure):
        clock, ref = stage.clock, f"{route.key}/{stage.key}"

        def fails(lack: Lack, said: str, clock: Clock = clock, at: tuple[Key, Key] = (route.key, stage.key)) -> Failure:
            return Failure(Proof.SILENCE, lack, *at, "", said, clock.clauses)

        if clock.then is Then.LAPSE:
            yield fails(Lack.LAPSES, f"it lapses when the time of {ref} runs out")
        elif clock.then in (None, Then.RECORD):
            yield fails(Lack.NOTHING_AFTER, f"nothing happens when the time of {ref} runs out")
        elif clock.then is Then.UP and stage.next is None:
            yield fails(Lack.NOTHING_AFTER, f"{ref} goes up when its time runs out, and names no stage above it")
        elif clock.then is Then.ASK and clock.asks is None:
            yield fails(Lack.NOBODY, f"when the time of {ref} runs out a question is asked, and nobody is named")
        elif clock.then is Then.LOOK_AGAIN and stage.next is not None:
            yield fails(Lack.NOTHING_AFTER, f"time stops at {ref} with the office, though a stage stands above it")


def _times_are_given(procedure: Procedure) -> Iterator[Failure]:
    for route in procedure.routes:
        if not _has_time(route.confirm):
            said = f"no time to confirm an outcome on {route.key}"
            yield Failure(Proof.SILENCE, Lack.NO_CONFIRM_TIME, route.key, "", "", said, route.confirm.clauses)
        for cap in route.caps:
            if not _has_time(cap.limit):
                said = f"the shared limit {cap.key} of {route.key} has no time"
                yield Failure(Proof.SILENCE, Lack.NO_CAP_TIME, route.key, "", cap.key, said, cap.limit.clauses)
        for stage in route.stages:
            for step in stage.steps:
                if step.limit is not None and not _has_time(step.limit):
                    said = f"the limit of the step {step.key} at {route.key}/{stage.key} has no time"
                    clauses = step.limit.clauses or step.clauses
                    yield Failure(Proof.SILENCE, Lack.NO_STEP_TIME, route.key, stage.key, step.key, said, clauses)


def _no_clock_of_the_late_side(procedure: Procedure) -> Iterator[Failure]:
    for route, stage in _stages(procedure):
        doers = {step.key: step.who for step in stage.steps}
        limits: list[tuple[str, Limit, Who | None]] = [("", stage.clock, Who.RESPONDING)]
        limits += [(step.key, step.limit, step.who) for step in stage.steps if step.limit is not None]
        for what, limit, late in limits:
            if limit.starts and all(_late_side_starts(start, what, late, doers) for start in limit.starts):
                where = f"{route.key}/{stage.key}" + (f", step {what}" if what else "")
                said = f"only those who are late can start the time of {where}"
                yield Failure(Proof.LATE_SIDE, Lack.LATE_SIDE, route.key, stage.key, what, said, limit.clauses)


def _late_side_starts(start: Start, limited: Key, late: Who | None, doers: Mapping[Key, Who | None]) -> bool:
    match start.event:
        case StartEvent.READ_BY_RESPONDING:
            return late in (Who.RESPONDING, Who.EITHER, Who.EACH)
        case StartEvent.STEP:
            return start.of == limited or (late is Who.RESPONDING and doers.get(start.of or "") is Who.RESPONDING)
        case _:
            return False


def _nobody_reviews_their_own(procedure: Procedure) -> Iterator[Failure]:
    for route, stage in _stages(procedure):
        decision = stage.decision
        if decision is None or decision.reviews is None or decision.hears_own:
            continue
        if decision.reviews in (decision.by or ()):
            said = f"{decision.reviews} reviews their own decision at {route.key}/{stage.key}"
            yield Failure(
                Proof.SELF_REVIEW, Lack.SELF_REVIEW, route.key, stage.key, decision.reviews, said, decision.clauses
            )


def _posts_can_be_found(procedure: Procedure) -> Iterator[Failure]:
    def fails(post: Key, said: str, clauses: Clauses = ()) -> Failure:
        return Failure(Proof.POSTS, Lack.NO_POST, "", "", post, said, clauses)

    held = {post.key: post for post in procedure.posts}
    if OFFICE not in held or held[OFFICE].held_in is not HeldIn.PARTNERSHIP:
        yield fails(OFFICE, "the partnership's office is not among the posts held in the partnership")
    named = set(_posts_named(procedure))
    for key in sorted(named - set(held)):
        yield fails(key, f"the post {key} is not among the posts")
    for post in procedure.posts:
        if post.key in post.stand_in:
            yield fails(post.key, f"the post {post.key} stands in for itself", post.clauses)
        if post.key not in named and post.key != OFFICE:
            yield Failure(
                Proof.POSTS, Lack.UNUSED, "", "", post.key, f"no rule names the post {post.key}", post.clauses
            )


def _posts_named(procedure: Procedure) -> Iterator[Key]:
    """Every post that a rule gives a part to, or that stands in for one."""
    sides = {Who.CHALLENGING.value, Who.RESPONDING.value, ALL_PARTIES}
    for _, node in nodes(procedure):
        for name in _NAMES_POSTS.get(type(node), ()):
            value = getattr(node, name)
            yield from (key for key in (value if isinstance(value, tuple) else (value,)) if key and key not in sides)


_NAMES_POSTS: Final = {
    type_: tuple(name for (other, name), kind in REFERENCES.items() if other is type_ and kind.startswith("post"))
    for type_, _ in REFERENCES
}


def _everything_cites_its_clause(procedure: Procedure) -> Iterator[Failure]:
    for path, node in nodes(procedure):
        only_read = any(reading.of == ITSELF for reading in getattr(node, "readings", ()))
        if isinstance(node, _CITES) and not node.clauses and not only_read:
            route, stage = _where(path)
            what = ".".join(path)
            yield Failure(Proof.CITED, Lack.NOT_CITED, route, stage, what, f"no clause stands behind {what}")


_CITES: Final = (
    core.Stage,
    core.Clock,
    core.Step,
    core.Duty,
    core.Tell,
    core.Decision,
    core.Move,
    core.Ending,
    core.Matter,
    core.Ask,
    core.Guidance,
    core.Outside,
    core.Reading,
)
"""What may not be there without a clause."""


def _rules_that_never_bear(procedure: Procedure) -> Iterator[Failure]:
    """What no state shows: tellings, guards and questions at places where they can't come up; names nothing uses."""
    rated = {r.rating for _, node in nodes(procedure) if isinstance(node, core.Limit) for r in node.by_rating}
    for rating in procedure.ratings[1:]:  # the calmest keeps each limit's own time
        if rating not in rated:
            yield Failure(Proof.NAMES, Lack.UNUSED, "", "", rating, f"no limit depends on the rating {rating}")
    for route, stage in _stages(procedure):
        say = _Unused(route.key, stage.key, Proof.NAMES)
        ref = f"{route.key}/{stage.key}"
        for position, step in enumerate(stage.steps):
            later = {other.key for other in stage.steps[position:]}
            for key in later & set(step.after):
                said = f"the step {step.key} at {ref} waits for {key}, which comes later"
                yield say(step.key, said, step.clauses)
        for tell in stage.tells:
            if tell.on is TellOn.DECISION and stage.decision is None:
                yield say(tell.on, f"nothing is decided at {ref} that anybody could be told of", tell.clauses)
        for duty in stage.duties:
            if duty.guards is Guards.SETTLED and not _endings_at(stage):
                yield say(
                    duty.key, f"nothing is ever settled at {ref}, so the duty {duty.key} guards nothing", duty.clauses
                )
        for move in stage.moves:
            if move.to is not None and split_ref(move.to, route.key) == (route.key, stage.key):
                yield say(move.kind, f"a move leads from {ref} to itself", move.clauses)
            if move.to is None and move.out_to is None and move.kind is not MoveKind.BESIDE:
                yield say(move.kind, f"a move at {ref} leads nowhere", move.clauses)
    for matter in procedure.matters:
        if matter.to is None and matter.elsewhere is None and not matter.readings:
            said = f"the matter {matter.key} leads nowhere"
            yield Failure(Proof.NAMES, Lack.UNUSED, "", "", matter.key, said, matter.clauses)


def _clauses_accounted_for(procedure: Procedure, register: tuple[Clause, ...]) -> Iterator[Failure]:
    for row in account([procedure], register):
        for wrong in row.wrong:
            said = f"{row.clause.id}: {wrong}"
            yield Failure(Proof.CLAUSES, Lack.CLAUSE, "", "", row.clause.id, said, (row.clause.id,))


def _names_mean_something(procedure: Procedure, register: tuple[Clause, ...]) -> Iterator[Failure]:
    """What the reader asks of every file, of a procedure that may have come from none."""
    spots: dict[Where, Spot] = {}
    data = _bare_values(procedure, Spot(Positions("", {}), (), ""), spots)
    for _, mistake in mistakes_in_references(data, spots, {clause.id for clause in register}):
        said = f"{mistake.where}: found {mistake.found}; write {mistake.write}"
        yield Failure(Proof.NAMES, Lack.NO_NAME, "", "", mistake.where, said)


def _bare_values(node: Any, spot: Spot, spots: dict[Where, Spot]) -> Any:
    """A core value as it is before it becomes one: a group as a dict, a tuple as a list; and the spot of each."""
    spots[spot.where] = spot
    if isinstance(node, tuple):
        items = list(node)
        return [_bare_values(item, spot.item(number, items), spots) for number, item in enumerate(items)]
    if is_dataclass(node) and not isinstance(node, Start | Span):
        inside = {field.name: getattr(node, field.name) for field in fields(node)}
        return {name: _bare_values(value, spot.of(name), spots) for name, value in inside.items()}
    return node


# --- figures: the clause's own words, a second time ------------------------------------------------------------------

_NUMBERS: Final = {
    word: n
    for n, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split(), start=1
    )
} | {"a": 1, "an": 1, "the same": 0, "twenty": 20, "thirty": 30}
_FIGURE: Final = re.compile(rf"\b({'|'.join(_NUMBERS)}|[0-9]+)\b", re.IGNORECASE)
_BASE: Final = re.compile(r"\b(day|week|month|hour)s?\b", re.IGNORECASE)


def _figures_are_the_clauses(procedure: Procedure, register: tuple[Clause, ...]) -> Iterator[Failure]:
    """Where the clauses of a limit speak of time in figures, the words' own span is among those figures."""
    texts = {clause.id: f"{clause.duty} {clause.when}" for clause in register}
    for path, node in nodes(procedure):
        if not isinstance(node, Limit) or node.within is None or isinstance(node.within, SameWorkingDay):
            continue
        if any(reading.of in ("within", ITSELF) for reading in node.readings):
            continue
        text = " ".join(texts.get(clause, "") for clause in node.clauses)
        numbers, bases = numbers_in(text), {base.lower() for base in _BASE.findall(text)}
        base = unit_of(node.within).split()[-1].removesuffix("s")
        if bases and numbers and not (node.within.n in numbers and base in bases):
            route, stage = _where(path)
            what = ".".join(path)
            said = f"{what} gives {node.within.n} {unit_of(node.within)}, which is not what its clauses say"
            yield Failure(Proof.FIGURES, Lack.FIGURE, route, stage, what, said, node.clauses)


def numbers_in(text: str) -> frozenset[int]:
    """This will give every number in a text, in figures or words: "within a day, or three" has 1 and 3."""
    found = (number.lower() for number in _FIGURE.findall(text))
    return frozenset(_NUMBERS[number] if number in _NUMBERS else int(number) for number in found)


_DATA_PROOFS: Final[tuple[Callable[[Procedure], Iterator[Failure]], ...]] = (
    _silence_is_answered,
    _times_are_given,
    _no_clock_of_the_late_side,
    _nobody_reviews_their_own,
    _posts_can_be_found,
    _everything_cites_its_clause,
    _rules_that_never_bear,
)


# --- small things ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Unused:
    """Says that something at a stage is never used."""

    route: Key
    stage: Key
    proof: Proof = Proof.IN_USE

    def __call__(self, what: str, said: str, clauses: Clauses) -> Failure:
        return Failure(self.proof, Lack.UNUSED, self.route, self.stage, what, said, clauses)


def _at(proof: Proof, lack: Lack, state: State, said: str, clauses: Clauses, what: str = "") -> Failure:
    return Failure(proof, lack, state.route, state.stage, what, said, clauses)


def _stage(procedure: Procedure, state: State) -> Stage:
    return procedure.stage(state.route, state.stage)


def _stages(procedure: Procedure) -> Iterator[tuple[Route, Stage]]:
    for route in procedure.routes:
        for stage in route.stages:
            yield route, stage


def _has_time(limit: Limit) -> bool:
    return limit.within is not None or limit.no_later_than is not None


def _where(path: tuple[str, ...]) -> tuple[Key, Key]:
    route = path[1] if path[:1] == ("routes",) else ""
    stage = path[3] if path[2:3] == ("stages",) else ""
    return route, stage
