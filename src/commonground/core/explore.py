"""The first checker: every state that `decide` itself can reach, found by trying what can be done in each.

It starts by raising at every stage there is, and in each state tries every kind of act that can change it, by everybody
who may do it, and lets each limit that runs be the next to run out. What comes out (`states.Reached`) is what the
proofs are about. One standing stands for each state: that this loses nothing is what `states.py` argues, and what
`tests/properties/test_checkers.py` tries with random stories.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from uuid import UUID

from commonground.core.acts import (
    About,
    Actor,
    Advise,
    Answer,
    Ask,
    Audience,
    Command,
    Confirm,
    Decide,
    Dissent,
    GoUp,
    Medium,
    Meet,
    Note,
    PassTime,
    PostRef,
    Propose,
    Raise,
    Refer,
    Reopen,
    Reply,
    Said,
    Side,
    StateView,
    Talk,
    Target,
    Withdraw,
    Write,
)
from commonground.core.decide import Accepted, decide
from commonground.core.moves import is_done
from commonground.core.procedure import (
    OFFICE,
    Deed,
    Duty,
    DutyKind,
    Guards,
    HeldIn,
    Key,
    Move,
    MoveKind,
    Procedure,
    Stage,
    StageRef,
    Step,
    Then,
    Who,
    split_ref,
)
from commonground.core.reasons import reasons_against
from commonground.core.setting import Agency, Setting, deciders, stage_now
from commonground.core.standing import CONFIRM, NOTHING, QUESTION, STAGE, Phase, Standing, step_limit
from commonground.core.states import Kind, Owned, Reached, State, Way
from commonground.core.time import Calendar

CHALLENGER, RESPONDER, PARTNERSHIP = "challenger", "responder", "partnership"
"""The agencies of the synthetic setting; each kind of agency that alone has some post is there besides."""

WEEKENDS_ONLY = Calendar("none", "weekends only", (), date(2026, 1, 1), date(2026, 12, 31))
"""Which days are closed changes when things happen, never what can happen."""

BEGINS_AT = datetime(2026, 3, 2, 10, tzinfo=UTC)

_ID = UUID(int=0)
_NO_NOTES = MappingProxyType[Key, bool]({})

_WITHOUT_WORDS = frozenset({Kind.UP_UNWRITTEN, Kind.REOPENED})

Script = tuple[tuple[Actor, Ask], ...]
"""What is done one after the other along one way, by whom."""


def synthetic(procedure: Procedure, without: frozenset[tuple[Key, Key]] = frozenset()) -> Setting:
    """This will make a setting in which every agency has every post it may have, but for `without` (agency, post)."""
    kinds = {post.agency for post in procedure.posts if post.agency is not None and post.held_in is HeldIn.PARTY}
    agencies = {}
    for key in (CHALLENGER, RESPONDER, *sorted(kinds)):
        has = (post for post in procedure.posts if post.held_in is HeldIn.PARTY and post.agency in (None, key))
        agencies[key] = Agency(key, key, frozenset(post.key for post in has if (key, post.key) not in without))
    own = (post.key for post in procedure.posts if post.held_in is HeldIn.PARTNERSHIP)
    held = frozenset(key for key in own if (PARTNERSHIP, key) not in without) | {OFFICE}
    agencies[PARTNERSHIP] = Agency(PARTNERSHIP, PARTNERSHIP, held)
    return Setting(procedure, "", WEEKENDS_ONLY, PARTNERSHIP, agencies)


def explore(setting: Setting, *, reached_responder: bool = True) -> Reached:
    """This will find every state that can be reached in a synthetic setting.

    With `reached_responder` False the other agency is never reached, as when nobody knows which it is.
    """
    return _Exploration(setting, (RESPONDER,) if reached_responder else ()).run()


def state_of(procedure: Procedure, standing: Standing) -> State:
    """This will give the state that a standing is in; LookupError where nothing was raised."""
    route, stage_key = standing.route, standing.stage
    caps = frozenset(key for key in standing.missed if key.startswith("cap "))
    if standing.phase is Phase.ENDED:
        return State(route, stage_key, ended=True, missed=caps)
    stage = procedure.stage(route, stage_key)
    question = "" if standing.question is None else "office" if standing.question.office else "post"
    if standing.proposal is not None:
        forgotten = {step_limit(step.key) for step in stage.steps if step.missed is not Then.UP}
        for_good = standing.proposal.decided or standing.proposal.side is Side.CHALLENGING
        return State(
            route,
            stage_key,
            missed=caps | (standing.missed & {STAGE, CONFIRM}),
            running=frozenset(standing.limits) - forgotten,
            question=question,
            proposed="resting" if for_good or Side.CHALLENGING in standing.confirmed else "running",
            confirmed=frozenset(standing.confirmed),
        )
    done: list[str] = []
    for step in stage.steps:
        if is_done(standing, step):
            done.append(step.key)
        elif step.key in standing.steps:
            done.extend(f"{step.key} {side}" for side in standing.steps[step.key].sides)
    over = {step_limit(key) for key in done} | {CONFIRM}
    return State(
        route,
        stage_key,
        steps=frozenset(done),
        missed=standing.missed - over,
        running=frozenset(standing.limits),
        decided=standing.decided is not None,
        question=question,
    )


class _Exploration:
    def __init__(self, setting: Setting, responding: tuple[Key, ...]) -> None:
        self.setting = setting
        self.procedure = setting.procedure
        self.responding = responding
        self.sides = {Side.CHALLENGING: self._somebody(CHALLENGER), Side.RESPONDING: self._somebody(RESPONDER)}
        self.office = Actor("office", setting.office_post)
        self.refs = tuple(f"{route.key}/{stage.key}" for route in self.procedure.routes for stage in route.stages)
        self.words = {ref: self._said_at(*split_ref(ref, "")) for ref in self.refs}
        self.found: dict[State, Standing] = {}
        self.waiting: deque[State] = deque()
        self.onward: dict[State, dict[Way, State]] = {}
        self.refused: list[tuple[State, Way]] = []
        self.skipped_from: set[State] = set()
        self.outcome: dict[tuple[Way, State], State] = {}

    def _somebody(self, agency: Key) -> Actor:
        return Actor(agency, PostRef(agency, min(self.setting.agencies[agency].posts, default=OFFICE)))

    def _said_at(self, route: Key, stage: Key) -> tuple[Said, ...]:
        steps = (f"why not {step.key}" for step in self.procedure.stage(route, stage).steps)
        return tuple(Said(name, "", Audience.PARTIES, CHALLENGER) for name in ("reasons", "differing views", *steps))

    def run(self) -> Reached:
        starts = {ref: self._keep(self._raised(ref)) for ref in self.refs}
        while self.waiting:
            state = self.waiting.popleft()
            self.onward[state] = dict(self._ways_from(state))
        return Reached(starts, self.onward, dict(self._owners()), tuple(self.refused))

    def _raised(self, ref: StageRef) -> Standing:
        ask = Raise("", About.CHILD, (CHALLENGER,), self.responding, start_at=ref)
        answer = decide(self.setting, NOTHING, Command(_ID, self.sides[Side.CHALLENGING], ask, BEGINS_AT))
        if not isinstance(answer, Accepted):
            raise TypeError(f"raising was refused: {answer}")
        return answer.standing

    def _keep(self, standing: Standing) -> State:
        state = state_of(self.procedure, standing)
        if state not in self.found:
            self.found[state] = replace(standing, noted=_NO_NOTES) if standing.noted else standing
            self.waiting.append(state)
        return state

    def _owners(self) -> Iterator[tuple[State, Owned]]:
        for state, standing in self.found.items():
            waits = standing.waits
            if not state.ended and waits is not None and waits.owner is not None and waits.what is not None:
                yield state, Owned(waits.owner.post.post, waits.owner.because, waits.what, waits.step)

    # --- trying ------------------------------------------------------------------------------------------------

    def _ways_from(self, state: State) -> Iterator[tuple[Way, State]]:
        standing = self.found[state]
        self._must_accept(state, standing)
        for way, script in self._menu(state, standing):
            # What forgets part of a state has the same outcome whatever that part was: it is worked out once.
            outline = self._outline(way, state)
            key = (way, outline) if outline is not None else None
            outcome = self.outcome.get(key) if key else None
            if outcome is None:
                after = self._after(standing, script, () if way.kind in _WITHOUT_WORDS else self.words[state.ref])
                outcome = self._keep(after) if after is not None else None
            if outcome is None:
                continue
            if key:
                self.outcome[key] = outcome
            yield way, outcome

    def _must_accept(self, state: State, standing: Standing) -> None:
        """Promise 1: whatever the state, nobody is barred from raising it too, from going up, or from saying so."""
        challenger = self.sides[Side.CHALLENGING]
        always = ((Kind.RAISED_AGAIN, Raise("", About.CHILD, (CHALLENGER,))), (Kind.UP, GoUp()))
        for kind, ask in always:
            at = standing.recorded_at or BEGINS_AT
            if any(reasons_against(self.setting, standing, Command(_ID, challenger, ask, at))):
                self.refused.append((state, Way(kind)))

    def _outline(self, way: Way, state: State) -> State | None:
        """A state without what a way forgets; None where the way forgets nothing."""
        match way.kind:
            case Kind.DECIDED_HERE | Kind.DECLINED | Kind.DECISION_DECLINED if not state.proposed:
                return state._replace(question="", running=state.running - {QUESTION})
            case Kind.WITHDRAWN | Kind.DECIDED | Kind.PROPOSED | Kind.PROPOSED_UNREADY:
                return self._bare_outline(state)
            case Kind.UP | Kind.UP_UNWRITTEN if self._goes_up(state):
                return self._bare_outline(state)
            case Kind.SILENCE if self._goes_up(state) and not (state.proposed or way.what.startswith("step ")):
                clock = self.procedure.stage(state.route, state.stage).clock
                timed_out = way.what not in (QUESTION, CONFIRM)
                return self._bare_outline(state) if clock.then is Then.UP and timed_out else None
            case _:
                return None

    def _goes_up(self, state: State) -> bool:
        return self.procedure.stage(state.route, state.stage).next is not None

    def _bare_outline(self, state: State) -> State:
        """What the next stage, or an outcome newly put to both sides, keeps: the clock and the shared limits."""
        stage = self.procedure.stage(state.route, state.stage)
        forgotten = {step_limit(step.key) for step in stage.steps if step.missed is not Then.UP} | {QUESTION, CONFIRM}
        missed = frozenset(key for key in state.missed if key == STAGE or key.startswith("cap "))
        return State(state.route, state.stage, state.ended, missed=missed, running=state.running - forgotten)

    def _after(self, standing: Standing, script: Script, said: tuple[Said, ...]) -> Standing | None:
        for actor, ask in script:
            at = standing.recorded_at or BEGINS_AT
            if isinstance(ask, PassTime):
                due = standing.limits.get(ask.event)
                at = max(at, due.at) if due else at
            answer = decide(self.setting, standing, Command(_ID, actor, ask, at, said=said))
            if not isinstance(answer, Accepted):
                return None
            standing = answer.standing
        return standing

    def _menu(self, state: State, standing: Standing) -> Iterator[tuple[Way, Script]]:
        challenger = self.sides[Side.CHALLENGING]
        yield Way(Kind.UP), ((challenger, GoUp()),)
        yield Way(Kind.UP_UNWRITTEN), ((challenger, GoUp()),)
        yield from self._elsewhere(state)
        if state.ended:
            yield Way(Kind.REOPENED), ((challenger, Reopen()),)
            yield Way(Kind.RAISED_AGAIN), ((challenger, Raise("", About.CHILD, (CHALLENGER,))),)
            return
        yield Way(Kind.WITHDRAWN), ((challenger, Withdraw()),)
        for event in state.running:
            yield Way(Kind.SILENCE, event), ((self.office, PassTime(event)),)
        stage = stage_now(self.setting, standing)
        yield from self._decisions(state, standing, stage)
        yield from self._proposals(state, stage)
        if state.proposed:
            yield from self._confirmations(state, stage)
        else:
            yield from self._steps(standing, stage)

    def _elsewhere(self, state: State) -> Iterator[tuple[Way, Script]]:
        """To every stage there is; tried once for each stage and each shared limit that ran out, for nothing else of
        the stage before is handed on."""
        caps = frozenset(key for key in state.missed if key.startswith("cap "))
        like = State(state.route, state.stage, missed=caps)
        if like in self.skipped_from:
            return
        self.skipped_from.add(like)
        challenger = self.sides[Side.CHALLENGING]
        for ref in self.refs:
            yield Way(Kind.SKIPPED, ref), ((challenger, GoUp(ref)),)
        for move in self.procedure.stage(state.route, state.stage).moves:
            ref_to = _target(move, state.route)
            if ref_to is not None and move.kind is MoveKind.BACK:
                yield Way(Kind.BACK, ref_to), ((challenger, Refer(Target.STAGE, ref_to)),)

    def _decisions(self, state: State, standing: Standing, stage: Stage) -> Iterator[tuple[Way, Script]]:
        if stage.decision is None:
            return
        able = deciders(self.setting, stage, standing)
        decider = Actor("decider", able[0]) if able else self.office
        declined = (self.sides[Side.CHALLENGING], Confirm(agrees=False))
        declining = not state.proposed
        for result in stage.decision.results:
            decided = (decider, Decide(result.key, no_differing_views=True, for_absent=not able))
            stays = result.goes is None and result.ends is None
            yield Way(Kind.DECIDED_HERE if stays else Kind.DECIDED, result.key), (decided,)
            if result.ends is not None and declining:
                declining = False  # whichever result it was, it is declined alike
                yield Way(Kind.DECISION_DECLINED), (decided, declined)

    def _proposals(self, state: State, stage: Stage) -> Iterator[tuple[Way, Script]]:
        answers = tuple(name for duty in self._guarding(state) for name in duty.fields)
        for ending in stage.endings:
            proposes = Propose(ending, open_issues=False, answers=answers)
            # A body or the office, on neither side, may put one forward too: nobody has confirmed it yet.
            yield Way(Kind.PROPOSED_UNREADY, ending, "office"), ((self.office, proposes),)
            for side in self._sides():
                proposed = (self.sides[side], proposes)
                if self._notes(state):
                    yield Way(Kind.PROPOSED_UNREADY, ending, side), (proposed,)
                yield Way(Kind.PROPOSED, ending, side), (*self._noting(state, side), proposed)
        if stage.endings and not state.proposed and self.responding:
            # Declined by the other side at once, or after the time for confirming ran out. Every ending alike.
            proposes = Propose(stage.endings[0], open_issues=False, answers=answers)
            late = (self.office, PassTime(CONFIRM))
            for side in self._sides():
                proposed, declined = (self.sides[side], proposes), (self.sides[side.other], Confirm(agrees=False))
                waits = (late,) if side is Side.CHALLENGING else ()
                yield Way(Kind.DECLINED, "", side), (proposed, *waits, declined)

    def _sides(self) -> tuple[Side, ...]:
        return tuple(Side) if self.responding else (Side.CHALLENGING,)

    def _guarding(self, state: State) -> list[Duty]:
        duties = self.procedure.duties_at(state.route, state.stage)
        return [duty for duty in duties if duty.guards is Guards.SETTLED]

    def _notes(self, state: State) -> bool:
        return any(duty.do is DutyKind.RECORD for duty in self._guarding(state))

    def _noting(self, state: State, side: Side) -> Script:
        return ((self.sides[side], Note(approved=True)),) if self._notes(state) else ()

    def _confirmations(self, state: State, stage: Stage) -> Iterator[tuple[Way, Script]]:
        for side in self._sides():
            if side in state.confirmed:
                continue
            confirms = (*self._noting(state, side), (self.sides[side], Confirm()))
            yield Way(Kind.CONFIRMED, "", side), confirms
            if CONFIRM in state.missed:
                yield Way(Kind.CONFIRMED_BY_OFFICE, "", side), ((self.office, Confirm(for_side=side)),)

    def _steps(self, standing: Standing, stage: Stage) -> Iterator[tuple[Way, Script]]:
        for step in stage.steps:
            if is_done(standing, step):
                continue
            for by, actor in self._doers(standing, step):
                if step.do is Deed.DISSENT:
                    yield Way(Kind.CHALLENGED, step.key, by), ((actor, Dissent(challenges=True, step=step.key)),)
                yield Way(Kind.STEP, step.key, by), ((actor, self._doing(step)),)

    def _doers(self, standing: Standing, step: Step) -> Iterator[tuple[str, Actor]]:
        match step.who:
            case Who.EACH:
                done = standing.steps.get(step.key)
                for side in self._sides():
                    if not (done and side in done.sides):
                        yield side, self.sides[side]
            case Who.RESPONDING:
                if self.responding:
                    yield Side.RESPONDING, self.sides[Side.RESPONDING]
            case Who.BODY:
                body = standing.entered.body if standing.entered else None
                yield "body", Actor("body", body.post) if body else self.office
            case Who.OFFICE:
                yield "office", self.office
            case Who.CHALLENGING | Who.EITHER | None:
                yield Side.CHALLENGING, self.sides[Side.CHALLENGING]

    def _doing(self, step: Step) -> Ask:
        match step.do:
            case Deed.WRITE | Deed.ANSWER:
                return Write(step.form or "letter", step=step.key)
            case Deed.TALK:
                return Talk(Medium.TELEPHONE, step=step.key)
            case Deed.REPLY:
                return Reply(Answer.DISAGREE, step=step.key)
            case Deed.ADVISE:
                return Advise(self.setting.office_post, given=True, step=step.key)
            case Deed.VIEW:
                return StateView(agrees=True, step=step.key)
            case Deed.MEET:
                return Meet(held=True, step=step.key)
            case Deed.DISSENT:
                return Dissent(challenges=False, step=step.key)


def _target(move: Move, route: Key) -> StageRef | None:
    return "/".join(split_ref(move.to, route)) if move.to is not None else None
