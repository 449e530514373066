"""The second checker: the same states as `core/explore.py` reaches, worked out from the procedure's data alone.

It asks neither `decide` nor anything that `decide` is made of. It was written from what the language means
(docs/procedure-language.md), rule by rule, on plain sets; where the two differ, one of them is wrong about a rule.

The rules of a stage, as data gives them:

- entering it starts its clock, the shared limits it falls under and the limits of its steps, but for those limits that
  count from a step only: these start with that step;
- raising, and going up in writing, is itself the writing that a stage asks of the challenging side first;
- time running out does what the clock says, whichever limit of the stage ran out: up, a question to a post, or a
  question to the office. A step's own limit is only recorded, unless the step says `missed: up`;
- what is proposed or decided waits for both sides, within the route's time for it. The stage's clock rests meanwhile
  unless only the responding side said it is settled, and while it rests no shared limit moves it on. Declined, the
  stage waits on where it did;
- an ending forgets everything but shared limits that ran out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from commonground.core.acts import Because, What
from commonground.core.procedure import (
    OFFICE,
    Deed,
    DutyKind,
    Guards,
    HeldIn,
    Key,
    Limit,
    MoveKind,
    Procedure,
    Route,
    Stage,
    StageRef,
    StartEvent,
    Step,
    Strength,
    Then,
    Who,
)
from commonground.core.states import Kind, Owned, Reached, State, Way

CLOCK, CONFIRM, QUESTION = "stage", "confirm", "question"
CHALLENGING, RESPONDING = "challenging", "responding"
BOTH = frozenset({CHALLENGING, RESPONDING})
NOBODY = (OFFICE, Because.OFFICE)


def graph_of(procedure: Procedure) -> Reached:
    """This will give every state of a procedure and the ways between them, from its data."""
    return _Graph(procedure).run()


@dataclass(frozen=True)
class _Place:
    """A stage with what its route lays on it."""

    route: Route
    stage: Stage

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.stage.steps

    @property
    def onward(self) -> StageRef | None:
        return _full(self.stage.next, self.route)

    def caps(self) -> dict[str, bool]:
        """The shared limits it falls under, and whether each has a time."""
        return {f"cap {cap.key}": _timed(cap.limit) for cap in self.route.caps if self.stage.key in cap.stages}

    def follows_time(self) -> str:
        """What comes when time runs out: `up`, `post` or `office`."""
        if self.stage.clock.then is Then.UP and self.stage.next is not None:
            return "up"
        return "post" if self.stage.clock.then in (Then.ASK, Then.LAPSE) else "office"


def _full(ref: StageRef | None, route: Route) -> StageRef | None:
    return ref if ref is None or "/" in ref else f"{route.key}/{ref}"


def _timed(limit: Limit | None) -> bool:
    return limit is not None and (limit.within is not None or limit.no_later_than is not None)


def _of_step(step: Step) -> str:
    return f"step {step.key}"


class _Graph:
    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.places = {f"{r.key}/{s.key}": _Place(r, s) for r in procedure.routes for s in r.stages}
        self.beginnings: dict[tuple[StageRef, frozenset[str], bool], State] = {}
        self.skipped_from: set[State] = set()

    def run(self) -> Reached:
        starts = {ref: self._entered(ref, frozenset(), in_writing=True) for ref in self.places}
        waiting = deque(starts.values())
        onward: dict[State, dict[Way, State]] = {}
        while waiting:
            state = waiting.popleft()
            if state not in onward:
                onward[state] = dict(self._ways(state))
                waiting.extend(onward[state].values())
        owners = {state: self._owner(state, self.places[state.ref]) for state in onward if not state.ended}
        return Reached(starts, onward, owners)

    # --- entering ------------------------------------------------------------------------------------------------

    def _entered(self, ref: StageRef, caps_over: frozenset[str], *, in_writing: bool) -> State:
        key = (ref, caps_over, in_writing)
        if key not in self.beginnings:
            self.beginnings[key] = self._begun(self.places[ref], caps_over, in_writing=in_writing)
        return self.beginnings[key]

    def _begun(self, place: _Place, caps_over: frozenset[str], *, in_writing: bool) -> State:
        caps = place.caps()
        over = caps_over & frozenset(caps)
        running = {CLOCK} if _timed(place.stage.clock) else set()
        running |= {cap for cap, timed in caps.items() if timed and cap not in over}
        running |= {_of_step(step) for step in place.steps if _timed(step.limit) and not _after_steps(step)}
        state = State(place.route.key, place.stage.key, missed=over, running=frozenset(running))
        first = next(iter(place.steps), None)
        if in_writing and first is not None and first.do is Deed.WRITE and first.who is Who.CHALLENGING:
            return _with_step(state, place, first, CHALLENGING)
        return state

    def _left_for(self, ref: StageRef, state: State, *, in_writing: bool) -> State:
        """Entering another stage: a shared limit that ran out stays so only while its stages are not left."""
        same_route = self.places[ref].route.key == state.route
        over = frozenset(key for key in state.missed if key.startswith("cap ")) if same_route else frozenset()
        return self._entered(ref, over, in_writing=in_writing)

    # --- ways on -------------------------------------------------------------------------------------------------

    def _ways(self, state: State) -> Iterator[tuple[Way, State]]:
        place = self.places[state.ref]
        yield Way(Kind.UP), self._up(state, place, in_writing=True)
        yield Way(Kind.UP_UNWRITTEN), self._up(state, place, in_writing=False)
        yield from self._elsewhere(state, place)
        if state.ended:
            yield Way(Kind.REOPENED), self._left_for(state.ref, state, in_writing=False)
            yield Way(Kind.RAISED_AGAIN), self._left_for(state.ref, state, in_writing=True)
            return
        yield Way(Kind.WITHDRAWN), _ended(state)
        for limit in state.running:
            yield Way(Kind.SILENCE, limit), self._silence(state, place, limit)
        yield from self._decisions(state, place)
        yield from self._proposals(state, place)
        if state.proposed:
            yield from _confirmations(state)
        else:
            yield from self._steps(state, place)

    def _elsewhere(self, state: State, place: _Place) -> Iterator[tuple[Way, State]]:
        """To every stage there is: the same from every state of a stage, but for shared limits that ran out."""
        like = _ended(state)
        if like in self.skipped_from:
            return
        self.skipped_from.add(like)
        for ref in self.places:
            yield Way(Kind.SKIPPED, ref), self._left_for(ref, state, in_writing=True)
        for move in place.stage.moves:
            back_to = _full(move.to, place.route)
            if back_to is not None and move.kind is MoveKind.BACK:
                yield Way(Kind.BACK, back_to), self._left_for(back_to, state, in_writing=False)

    def _up(self, state: State, place: _Place, *, in_writing: bool) -> State:
        if place.onward is not None:
            return self._left_for(place.onward, state, in_writing=in_writing)
        stuck = CLOCK not in state.running | state.missed
        if state.ended or stuck:
            state = self._left_for(state.ref, state, in_writing=False)
        return _asked(state, "office")

    def _silence(self, state: State, place: _Place, limit: str) -> State:
        if limit == QUESTION:
            return _asked(state, "office")
        over = state._replace(running=state.running - {limit}, missed=state.missed | {limit})
        if limit == CONFIRM:
            return _asked(over, "office")
        step = next((step for step in place.steps if _of_step(step) == limit), None)
        if step is not None and step.missed is not Then.UP:
            return over
        if step is None and state.proposed == "resting":
            return over
        if step is not None and state.proposed:
            over = over._replace(missed=over.missed - {limit})
        return self._time_is_up(over, place)

    def _time_is_up(self, state: State, place: _Place) -> State:
        follows = place.follows_time()
        if follows == "up" and place.onward is not None:
            return self._left_for(place.onward, state, in_writing=False)
        return _asked(state, follows)

    def _decisions(self, state: State, place: _Place) -> Iterator[tuple[Way, State]]:
        for result in place.stage.decision.results if place.stage.decision else ():
            goes = _full(result.goes, place.route)
            if goes is not None:
                yield Way(Kind.DECIDED, result.key), self._left_for(goes, state, in_writing=False)
            elif result.ends is not None:
                yield Way(Kind.DECIDED, result.key), _put(state, place, rests=True, decided=True)
                if not state.proposed:
                    declined = self._waits_on(state._replace(decided=True), place)
                    yield Way(Kind.DECISION_DECLINED), declined
            else:
                yield Way(Kind.DECIDED_HERE, result.key), self._decided_here(state, place)

    def _decided_here(self, state: State, place: _Place) -> State:
        if not state.proposed:
            return self._waits_on(state._replace(decided=True), place)
        waiting = state._replace(question="", running=state.running - {QUESTION})
        if CONFIRM in state.missed:
            return _asked(waiting, "office")
        return self._time_is_up(waiting, place) if CLOCK in state.missed else waiting

    def _waits_on(self, state: State, place: _Place) -> State:
        """It was answered and stays open here: what time had asked is asked anew."""
        waiting = state._replace(question="", running=state.running - {QUESTION})
        return self._time_is_up(waiting, place) if CLOCK in state.missed else waiting

    def _proposals(self, state: State, place: _Place) -> Iterator[tuple[Way, State]]:
        needs_note = any(
            duty.guards is Guards.SETTLED and duty.do is DutyKind.RECORD
            for duty in (*self.procedure.duties, *place.route.duties, *place.stage.duties)
        )
        for ending in place.stage.endings:
            yield Way(Kind.PROPOSED_UNREADY, ending, "office"), _put(state, place, rests=False)
            for side in BOTH:
                put = _put(state, place, rests=side == CHALLENGING)
                yield Way(Kind.PROPOSED, ending, side), put._replace(confirmed=frozenset({side}))
                if needs_note:
                    yield Way(Kind.PROPOSED_UNREADY, ending, side), put
        if place.stage.endings and not state.proposed:
            for side in BOTH:
                yield Way(Kind.DECLINED, "", side), self._waits_on(state, place)

    def _steps(self, state: State, place: _Place) -> Iterator[tuple[Way, State]]:
        for step in place.steps:
            if step.key in state.steps:
                continue
            for by in _doers(state, step):
                done = _with_step(state, place, step, by)
                yield Way(Kind.STEP, step.key, by), done
                if step.do is Deed.DISSENT:
                    onward = place.onward
                    challenged = done if onward is None else self._left_for(onward, state, in_writing=True)
                    yield Way(Kind.CHALLENGED, step.key, by), challenged

    # --- whose move ----------------------------------------------------------------------------------------------

    def _owner(self, state: State, place: _Place) -> Owned:
        if state.question == "office":
            return Owned(OFFICE, Because.NAMED, What.LOOK_AGAIN, None)
        if state.question:
            return Owned(self._asked_post(place)[0], Because.NAMED, What.ANSWER, None)
        if state.proposed:
            side = RESPONDING if RESPONDING not in state.confirmed else CHALLENGING
            return Owned(*self._side(place, side), What.CONFIRM, None)
        step = _waited_for(state, place)
        if step is not None:
            return Owned(*self._doer(state, place, step), What.STEP, step.key)
        body = self._body(place)
        if place.stage.decision is not None and not state.decided and body is not None:
            return Owned(*body, What.DECIDE, None)
        return Owned(*self._side(place, CHALLENGING), What.SETTLE, None)

    def _asked_post(self, place: _Place) -> tuple[Key, Because]:
        if place.stage.clock.then is Then.LAPSE:
            return self._side(place, CHALLENGING)
        return self._post(place.stage.clock.asks)

    def _post(self, key: Key | None) -> tuple[Key, Because]:
        """Who owns a post's move where every agency has every post it may have."""
        if key is None:
            return NOBODY
        held_in = self.procedure.post(key).held_in if key != OFFICE else HeldIn.PARTNERSHIP
        return (OFFICE, Because.REACHING) if held_in is HeldIn.OUTSIDE else (key, Because.NAMED)

    def _side(self, place: _Place, side: str) -> tuple[Key, Because]:
        sides, body = place.stage.sides, place.stage.body
        if side == CHALLENGING:
            carried_by = sides.carried_by if sides else None
            return self._post(carried_by or _first(sides.challenging if sides else None))
        post = _first(sides.responding if sides else None)
        return self._post(post if post is not None or body is None else body.chair)

    def _body(self, place: _Place) -> tuple[Key, Because] | None:
        if place.stage.body is not None:
            return self._post(place.stage.body.chair)
        decider = _first(place.stage.decision.by) if place.stage.decision is not None else None
        return self._post(decider) if decider is not None else None

    def _doer(self, state: State, place: _Place, step: Step) -> tuple[Key, Because]:
        match step.who:
            case Who.CHALLENGING:
                return self._side(place, CHALLENGING)
            case Who.EACH if f"{step.key} {RESPONDING}" in state.steps:
                return self._side(place, CHALLENGING)
            case Who.RESPONDING | Who.EITHER | Who.EACH:
                return self._side(place, RESPONDING)
            case Who.BODY:
                return self._body(place) or NOBODY
            case Who.OFFICE:
                return OFFICE, Because.NAMED
            case None:
                return NOBODY


def _first(posts: tuple[Key, ...] | None) -> Key | None:
    return posts[0] if posts else None


def _ended(state: State) -> State:
    return State(state.route, state.stage, ended=True, missed=frozenset(k for k in state.missed if k[:4] == "cap "))


def _asked(state: State, whom: str) -> State:
    return state._replace(question=whom, running=state.running | {QUESTION})


def _put(state: State, place: _Place, *, rests: bool, decided: bool = False) -> State:
    """An outcome is put to both sides: steps are forgotten, and the clock rests unless only the late side says so. Once
    it is decided no step is waited for, so none can take it up by its own limit."""
    kept = {CLOCK} | {key for key in state.running | state.missed if key.startswith("cap ")}
    ups = {_of_step(step) for step in place.steps if step.missed is Then.UP and not decided}
    runs_on = {CLOCK} if _timed(place.stage.clock) and CLOCK not in state.missed else set()
    running = state.running & (kept | ups) | {CONFIRM}
    return State(
        state.route,
        state.stage,
        missed=state.missed & kept,
        running=running - {CLOCK} if rests else running | runs_on,
        proposed="resting" if rests else "running",
    )


def _confirmations(state: State) -> Iterator[tuple[Way, State]]:
    for side in BOTH - state.confirmed:
        confirmed = state.confirmed | {side}
        if confirmed == BOTH:
            after = _ended(state)
        else:
            after = state._replace(confirmed=confirmed)
            if CHALLENGING in confirmed:
                after = after._replace(proposed="resting", running=state.running - {CLOCK})
        yield Way(Kind.CONFIRMED, "", side), after
        if CONFIRM in state.missed:
            yield Way(Kind.CONFIRMED_BY_OFFICE, "", side), after


# --- steps -----------------------------------------------------------------------------------------------------------


def _after_steps(step: Step) -> frozenset[Key]:
    """The steps that a step's own limit counts from, where it counts from nothing else."""
    starts = step.limit.starts if step.limit is not None else ()
    if not all(start.event is StartEvent.STEP for start in starts):
        return frozenset()
    return frozenset(start.of for start in starts if start.of is not None)


def _doers(state: State, step: Step) -> tuple[str, ...]:
    match step.who:
        case Who.EACH:
            return tuple(side for side in BOTH if f"{step.key} {side}" not in state.steps)
        case Who.RESPONDING:
            return (RESPONDING,)
        case Who.BODY:
            return ("body",)
        case Who.OFFICE:
            return ("office",)
        case Who.CHALLENGING | Who.EITHER | None:
            return (CHALLENGING,)


def _with_step(state: State, place: _Place, step: Step, by: str) -> State:
    """A step is done by a side: its own limit ends, and those that count from it begin."""
    halves = frozenset(f"{step.key} {side}" for side in BOTH)
    half_done = step.who is Who.EACH and not (halves - {f"{step.key} {by}"}) & state.steps
    steps = (state.steps - halves) | {f"{step.key} {by}" if half_done else step.key}
    over = frozenset() if half_done else frozenset({_of_step(step)})
    begin = {
        _of_step(other)
        for other in place.steps
        if _timed(other.limit)
        and other.key not in steps
        and _of_step(other) not in state.missed
        and step.key in _after_steps(other)
    }
    return state._replace(steps=steps, missed=state.missed - over, running=(state.running - over) | begin)


def _waited_for(state: State, place: _Place) -> Step | None:
    """The first step, after the last one done, whose turn has come and whose time is not over; never one that the text
    only allows."""
    touched = {name.partition(" ")[0] for name in state.steps}
    positions = [position for position, step in enumerate(place.steps) if step.key in state.steps]
    for step in place.steps[max(positions, default=-1) + 1 :]:
        over = _of_step(step) in state.missed or step.strength is Strength.MAY
        if not over and all(key in touched or f"step {key}" in state.missed for key in step.after):
            return step
    return None
