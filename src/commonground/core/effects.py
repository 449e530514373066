"""What an accepted command does: its effects on the standing, and its marks.

`Draft` carries one command out, effect by effect, keeping the standing up to date as it goes. Nothing here refuses:
that is `reasons.reasons_against`. Every draft of an open disagreement ends by saying whose move it is, what, by when.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from commonground.core.acts import (
    HANDOVER,
    WITHDRAWN,
    ActionReported,
    Advise,
    Advised,
    Answer,
    Asked,
    Because,
    Command,
    Confirm,
    Confirmed,
    Dated,
    Decide,
    Decided,
    Differed,
    Dissent,
    Dissented,
    Effect,
    Ended,
    Entered,
    Flag,
    Flagged,
    Flags,
    GoUp,
    How,
    Joined,
    LimitMissed,
    LimitSet,
    LimitStopped,
    Mark,
    Meet,
    Meets,
    Note,
    Noted,
    Opened,
    Owner,
    PassTime,
    ProposalDropped,
    Propose,
    Proposed,
    Raise,
    RatedAs,
    Redate,
    Refer,
    Reopen,
    Reopened,
    Replied,
    Reply,
    Report,
    SetDate,
    Sets,
    Side,
    StateView,
    StepDone,
    Talk,
    Target,
    Withdraw,
    Write,
)
from commonground.core.limits import LOOK_AGAIN, due_of, look_again, moment_of, redated, running, shortened, start_of
from commonground.core.moves import is_done, step_to_do, whose_move
from commonground.core.procedure import Deed, DutyKind, Key, Limit, Stage, Step, Then, Who, split_ref
from commonground.core.reasons import reasons_not_settled
from commonground.core.setting import (
    Setting,
    body_owner,
    has_reached,
    known_stage,
    owner_for,
    route_now,
    side_of,
    side_owner,
    stage_now,
    with_reached,
)
from commonground.core.standing import (
    CONFIRM,
    QUESTION,
    STAGE,
    Phase,
    Standing,
    action_limit,
    after,
    cap_limit,
    step_limit,
)
from commonground.core.time import Due, Span, by_childs_date, due, earliest


class Draft:
    """One command being carried out: the effects so far, the marks so far, and the standing they add up to."""

    def __init__(self, setting: Setting, standing: Standing, command: Command) -> None:
        self.setting = setting
        self.standing = standing
        self.command = command
        self.at = command.at
        self.effects: list[Effect] = []
        self.marks: set[Mark] = set()

    # --- the vocabulary ----------------------------------------------------------------------------------------

    def do(self, *effects: Effect) -> None:
        for effect in effects:
            self.effects.append(effect)
            self.standing = after(self.standing, (effect,))

    def mark(self, *marks: Mark) -> None:
        self.marks.update(marks)

    @property
    def stage(self) -> Stage:
        return stage_now(self.setting, self.standing)

    @property
    def side(self) -> Side | None:
        return side_of(self.standing, self.command.by)

    # --- carrying out ------------------------------------------------------------------------------------------

    def carry_out(self) -> None:
        ask = self.command.ask
        if (
            self.standing.phase is not Phase.NOT_RAISED
            and self.side is None
            and self.command.by.seat.agency
            not in (
                *self.standing.others,
                self.setting.office,
            )
        ):
            self.mark(Mark.NOT_A_PARTY)
            self.do(Joined(self.command.by.seat.agency, None))
        match ask:
            case Raise():
                self._raise(ask)
            case Write(form=form) if form == HANDOVER:
                pass  # for whoever answers meanwhile: nothing was written to the other side
            case Write():
                self._step(Deed.WRITE, ask.step) or self._step(Deed.ANSWER, ask.step)
            case Talk():
                self._step(Deed.TALK, ask.step)
            case Reply():
                self._reply(ask)
            case Advise():
                self._advise(ask)
            case Note():
                self._note(ask)
            case SetDate():
                self._set_date(ask)
            case StateView():
                self._view(ask)
            case GoUp():
                self._go_up(ask)
            case Meet():
                self._meet(ask)
            case Decide():
                self._decide(ask)
            case Dissent():
                self._dissent(ask)
            case Refer():
                self._refer(ask)
            case Flag():
                self._flag(ask)
            case Propose():
                self._propose(ask)
            case Confirm():
                self._confirm(ask)
            case Report():
                self.do(ActionReported(ask.action, ask.done))
                if ask.done and action_limit(ask.action) in self.standing.limits:
                    self.do(LimitStopped(action_limit(ask.action)))
            case Withdraw():
                self.do(Ended(WITHDRAWN, self.at))
            case Reopen():
                self._reopen()
            case PassTime():
                self._pass_time(ask.event)
            case Redate():
                for key, new in redated(self.setting, self.standing):
                    self.do(LimitSet(key, new))
            case _:
                assert_never(ask)
        self.do(whose_move(self.setting, self.standing))
        waits = self.standing.waits
        if waits is not None and waits.due is not None and waits.due.provisional:
            self.mark(Mark.PROVISIONAL)

    def _raise(self, ask: Raise) -> None:
        if self.standing.phase is not Phase.NOT_RAISED:
            # Somebody else raises the same: they stand on the challenging side from here on, and it opens again.
            self.mark(Mark.RAISED_AGAIN)
            for agency in ask.challenging:
                if agency not in self.standing.responding:
                    self.do(Joined(agency, Side.CHALLENGING))
            if self.standing.phase is Phase.ENDED:
                self._reopen()
            return
        route, stage = self._beginning(ask)
        concern_at = min(ask.concern_at or self.at, self.at)
        self.do(
            Opened(
                procedure=self.setting.procedure.key,
                digest=self.setting.digest,
                raiser=self.command.by,
                challenging=ask.challenging or (self.command.by.seat.agency,),
                responding=ask.responding,
                about=ask.about,
                matter=ask.matter,
                raised_at=self.at,
                concern_at=concern_at,
                decision_at=min(ask.decision_at, self.at) if ask.decision_at else None,
                facts=ask.facts,
            )
        )
        for fact, value in ask.facts:
            if fact == "rating" and value in self.setting.procedure.ratings:
                self.do(RatedAs(value))
        if ask.wanted_on is not None:
            self.do(Dated(Sets.CHILDS_DATE, None, by_childs_date(ask.wanted_on, self.setting.calendar).at))
        if not has_reached(self.setting, ask.responding):
            self.mark(Mark.OTHER_SIDE_UNKNOWN)
        if set(ask.responding) & set(self.standing.challenging):
            self.mark(Mark.INSIDE_ONE_AGENCY)
        if ask.urgent:
            self.mark(Mark.URGENT)
        self._enter(route, stage, How.URGENT if ask.urgent and ask.start_at else How.RAISED)
        self._check_window(route)
        self._put_in_writing()

    def _beginning(self, ask: Raise) -> tuple[Key, Key]:
        """Where it begins: at the stage the raiser names; else where its matter leads; else at the first of all."""
        procedure = self.setting.procedure
        first = procedure.routes[0]
        matter = next((matter for matter in procedure.matters if matter.key == ask.matter), None)
        if matter is None:
            self.mark(Mark.UNKNOWN_MATTER)
        elif matter.elsewhere is not None:
            self.mark(Mark.ELSEWHERE)
        facts = self._facts(ask)
        forks = [f for f in (matter.forks if matter else ()) if all(facts.get(w.fact) == w.is_ for w in f.when)]
        fork = max(forks, key=lambda fork: len(fork.when), default=None)
        to = (fork.to if fork else matter.to if matter else None) or first.key
        route, _, stage = to.partition("/")
        stages = procedure.route(route).stages
        begin = (route, stage or stages[0].key)
        if ask.start_at is not None:
            wanted_route, wanted_stage = split_ref(ask.start_at, route)
            if any(r.key == wanted_route and any(s.key == wanted_stage for s in r.stages) for r in procedure.routes):
                if (wanted_route, wanted_stage) != begin:
                    self.mark(Mark.SKIPPED)
                    if not self.command.says("reasons"):
                        self.mark(Mark.NO_REASON)
                return wanted_route, wanted_stage
            self.mark(Mark.NO_SUCH_STAGE)
        return begin

    def _facts(self, ask: Raise) -> dict[Key, str]:
        """What is known of a disagreement when it is raised: what the raiser says, and what the service sees itself."""
        yes_or_no = {True: "yes", False: "no"}
        return {
            **dict(ask.facts),
            "about": ask.about.value,
            "urgent": yes_or_no[ask.urgent],
            "inside one agency": yes_or_no[bool(set(ask.responding) & set(ask.challenging))],
            "other side known": yes_or_no[bool(ask.responding)],
        }

    def _check_window(self, route: Key) -> None:
        window = self.setting.procedure.route(route).window
        if window is None:
            return
        opened = self.standing.opened
        start = (opened.decision_at or opened.concern_at) if opened else self.at
        if window.limit.within is not None and due(window.limit.within, start, self.setting.calendar).at < self.at:
            self.mark(Mark.OUT_OF_WINDOW)

    def _put_in_writing(self) -> None:
        """Raising, or going up with words, is itself the writing that a stage asks of the challenging side first."""
        across = has_reached(self.setting, self.standing.responding) or self.stage.body is not None
        if not across or self.side is Side.RESPONDING:
            return
        first = next(iter(self.stage.steps), None)
        if first is not None and first.do is Deed.WRITE and first.who is Who.CHALLENGING:
            self._done(first, Side.CHALLENGING)

    def _meet(self, ask: Meet) -> None:
        """Who is asked to a meeting has a part in this. It is a step of the stage once it was held, and not before."""
        here, setting = self.standing, self.setting
        known = {*here.challenging, *here.responding, *here.others, setting.office}
        if ask.does in (Meets.CALLED, Meets.CHANGED, Meets.HELD):
            asked = dict.fromkeys(post.agency for post in (*ask.invited, *ask.present))
            self.do(*(Joined(agency, None) for agency in asked if agency not in known and agency in setting.agencies))
        if ask.does is Meets.HELD:
            self.mark(*((Mark.NOT_QUORATE,) if ask.quorate is False else ()))
            self._step(Deed.MEET, ask.step)

    # --- stages ------------------------------------------------------------------------------------------------

    def _enter(self, route: Key, stage_key: Key, how: How, line: Key | None = None) -> None:
        setting, standing = self.setting, self.standing
        stage = setting.procedure.stage(route, stage_key)
        for cap in self.setting.procedure.route(standing.route).caps if standing.entered else ():
            running_on = route == standing.route and stage_key in cap.stages
            if cap_limit(cap.key) in {*standing.limits, *standing.missed} and not running_on:
                self.do(LimitStopped(cap_limit(cap.key)))
        self.do(
            Entered(
                route=route,
                stage=stage_key,
                how=how,
                at=self.at,
                challenging=owner_for(setting, standing.challenging, line)
                if line is not None
                else side_owner(setting, stage, Side.CHALLENGING, standing.challenging),
                responding=side_owner(setting, stage, Side.RESPONDING, standing.responding),
                body=body_owner(setting, stage, standing),
            )
        )
        entered = self.standing.entered
        owners = (entered.challenging, entered.responding, entered.body) if entered else ()
        if any(owner and owner.because in (Because.STAND_IN, Because.NEXT_TIER) for owner in owners):
            self.mark(Mark.STOOD_IN)
        if any(owner and owner.because is Because.MOST_SENIOR for owner in owners):
            self.mark(Mark.NOBODY_HIGHER)
        self._relimit()

    def _relimit(self, *, again: Callable[[Limit], bool] = lambda limit: False) -> None:
        """Set every limit that ought to run, shorten those that ought to end sooner, date anew those `again` names."""
        if self.standing.phase is not Phase.OPEN:
            return
        route = route_now(self.setting, self.standing)
        written = {step_limit(step.key): step.limit for step in self.stage.steps} | {STAGE: self.stage.clock}
        for key, new in running(self.setting, self.standing, self.stage, route):
            old = self.standing.limits.get(key)
            if old is None:
                if self._rests(key):
                    continue
                self.do(LimitSet(key, new))
                if key == STAGE and self._counted_from_entry(self.stage.clock, new):
                    self.mark(Mark.COUNTED_FROM_ENTRY)
            elif new.at < old.at or ((limit := written.get(key)) is not None and again(limit) and new != old):
                self.do(LimitSet(key, new))

    def _counted_from_entry(self, limit: Limit, running: Due) -> bool:
        """Whether the start that the text names would have run out before anybody here could speak."""
        return not running.working.by_childs_date and start_of(self.standing, limit.starts) < running.working.start

    def _rests(self, key: Key) -> bool:
        """Whether a limit waits for nobody: the stage's when it rests or ran out, a step's once it is decided."""
        if key == STAGE:
            return STAGE in self.standing.missed or self._stage_clock_rests()
        proposal = self.standing.proposal
        return key.startswith("step ") and proposal is not None and proposal.decided

    def _stage_clock_rests(self) -> bool:
        """A clock rests once it is decided, or the challenging side holds it settled; never by the late side."""
        proposal = self.standing.proposal
        if proposal is None:
            return False
        return proposal.decided or proposal.side is Side.CHALLENGING or Side.CHALLENGING in self.standing.confirmed

    def _ask(self, owner: Owner, span: Span, *, office: bool) -> None:
        """Put a dated question to a post. Where one was asked already and still has time, its date stays."""
        had = self.standing.limits.get(QUESTION)
        counted = due(span, self.at, self.setting.calendar, self.setting.service)
        until = shortened(self.setting, self.standing, counted, self.at)
        self.do(Asked(owner.post, office), LimitSet(QUESTION, earliest(had, until) if had else until))

    def _ask_office(self) -> None:
        self._ask(Owner(self.setting.office_post, Because.NAMED), look_again(self.stage.clock), office=True)

    # --- steps -------------------------------------------------------------------------------------------------

    def _step(self, deed: Deed, wanted: Key | None) -> bool:
        """Find the step this does, and do it. Returns whether there was one; there need not be."""
        if self.standing.phase is not Phase.OPEN:
            return False
        for step in self.stage.steps:
            if step.do is deed and wanted in (None, step.key) and self._may(step) and not is_done(self.standing, step):
                self._done(step, self.side)
                return True
        return False

    def _may(self, step: Step) -> bool:
        match step.who:
            case Who.CHALLENGING:
                return self.side is Side.CHALLENGING
            case Who.RESPONDING:
                return self.side is Side.RESPONDING or self._is_body()
            case Who.EITHER | None:
                return True
            case Who.EACH:
                done = self.standing.steps.get(step.key)
                return self.side is not None and not (done and self.side in done.sides)
            case Who.BODY:
                return self._is_body()
            case Who.OFFICE:
                return self.command.by.seat.agency == self.setting.office
            case _:
                assert_never(step.who)

    def _is_body(self) -> bool:
        entered = self.standing.entered
        return bool(
            entered
            and (
                (entered.body and self.command.by.seat == entered.body.post)
                or self.command.by.seat == self.setting.office_post
            )
        )

    def _done(self, step: Step, side: Side | None) -> None:
        happened_at = min(self.command.happened_at or self.at, self.at)
        key = step_limit(step.key)
        running = self.standing.limits.get(key)
        if key in self.standing.missed or (running is not None and running.at < happened_at):
            self.mark(Mark.LATE)
        elif running is not None and step.limit is not None and self._counted_from_entry(step.limit, running):
            # By the text it was due before the stage began; where the stage began anew, nothing was owed meanwhile.
            reopened = self.standing.entered is not None and self.standing.entered.how is How.REOPENED
            self.mark(*(() if reopened else (Mark.LATE,)))
        self.do(StepDone(step.key, side, happened_at))
        if is_done(self.standing, step) and key in self.standing.limits:
            self.do(LimitStopped(key))
        self._relimit()

    def _reply(self, ask: Reply) -> None:
        if self.standing.phase is not Phase.OPEN:
            return
        if ask.answer in (Answer.NOT_ME, Answer.NEED_MORE):
            # The clock runs on: neither is an answer to what is disputed.
            self.do(Replied(ask.answer))
            if ask.right_post is not None and ask.right_post.agency not in self.standing.responding:
                self.do(Joined(ask.right_post.agency, Side.RESPONDING))
            return
        self._step(Deed.REPLY, ask.step)
        self.do(Replied(ask.answer))

    def _advise(self, ask: Advise) -> None:
        if ask.given:
            self.do(Advised(self.command.by.seat.agency))
            if ask.adviser.agency != self.command.by.seat.agency:
                self.do(Joined(ask.adviser.agency, None))
            self._step(Deed.ADVISE, ask.step)
        elif ask.adviser.agency not in (*self.standing.challenging, *self.standing.responding):
            self.do(Joined(ask.adviser.agency, None))

    def _note(self, ask: Note) -> None:
        self.do(Noted(self.command.by.seat.agency, ask.approved, ask.filed))

    def _view(self, ask: StateView) -> None:
        self._step(Deed.VIEW, ask.step)
        if not ask.agrees and self.side is not None:
            self.do(Differed(self.side))

    def _dissent(self, ask: Dissent) -> None:
        self.do(Dissented(self.command.by.seat, ask.challenges))
        if self.standing.phase is not Phase.OPEN or ask.challenges is None:
            return
        asked = self._step(Deed.DISSENT, ask.step)
        if asked and ask.challenges and self.stage.next is not None:
            self._enter(*split_ref(self.stage.next, self.standing.route), How.IN_TURN)
            self._put_in_writing()

    # --- dates -------------------------------------------------------------------------------------------------

    def _set_date(self, ask: SetDate) -> None:
        match ask.sets:
            case Sets.RATING:
                # A more urgent rating shortens what runs; a calmer one holds from the next stage on.
                self.do(RatedAs(ask.rating or ""))
                self._relimit()
            case Sets.CHILDS_DATE:
                self.do(Dated(ask.sets, None, moment_of(ask, self.setting)))
                self._relimit()
                self._shorten_what_is_asked()
            case Sets.STATED | Sets.AGREED:
                side = self._sets_for()
                if side is not None:
                    self.do(Dated(ask.sets, side, moment_of(ask, self.setting)))
                    # What the side that was asked says alone can only shorten.
                    challenger = Side.CHALLENGING in self.standing.stated
                    self._relimit(again=lambda limit: challenger and limit.set_by is not None)
            case Sets.LENGTHEN:
                if self.side is not None:
                    self.do(Dated(ask.sets, self.side, moment_of(ask, self.setting)))
                    both = len(self.standing.longer) == len(Side)
                    self._relimit(again=lambda limit: both and limit.extension is not None)
            case _:
                assert_never(ask.sets)

    def _sets_for(self) -> Side | None:
        """The side that a stated time holds for; None for somebody on neither: what they say is kept, and sets nothing.

        A body or the office that the text has set the time sets it in the challenging side's place.
        """
        theirs = {Who.BODY: self._is_body(), Who.OFFICE: self.command.by.seat.agency == self.setting.office}
        set_by = self.stage.clock.set_by
        return Side.CHALLENGING if set_by is not None and theirs.get(set_by) else self.side

    def _shorten_what_is_asked(self) -> None:
        for key in (QUESTION, CONFIRM):
            old = self.standing.limits.get(key)
            if old is not None and (new := shortened(self.setting, self.standing, old, self.at)).at < old.at:
                self.do(LimitSet(key, new))

    # --- moves -------------------------------------------------------------------------------------------------

    def _go_up(self, ask: GoUp) -> None:
        reopened = self.standing.phase is Phase.ENDED
        if reopened:
            self.do(Reopened())
            self.mark(Mark.REOPENED)
        self._mark_going_up(ask)
        target = known_stage(self.setting, self.standing, ask.to) if ask.to else None
        if ask.to and target is None:
            self.mark(Mark.NO_SUCH_STAGE)
        in_turn = self.stage.next
        if target is None and in_turn is not None:
            target = split_ref(in_turn, self.standing.route)
        if target is None:
            self._chain_exhausted(reopened=reopened)
            return
        if in_turn is None or target != split_ref(in_turn, self.standing.route):
            self.mark(Mark.SKIPPED)
            if not (self.command.says("reasons") or ask.urgent):
                self.mark(Mark.NO_REASON)
            how = How.URGENT if ask.urgent else How.SKIPPED
        else:
            how = How.URGENT if ask.urgent else How.IN_TURN
        known = {post.key for post in self.setting.procedure.posts}
        self._enter(*target, how, ask.line if ask.line in known else None)
        if self.command.said:
            self._put_in_writing()

    def _chain_exhausted(self, *, reopened: bool) -> None:
        self.mark(Mark.CHAIN_EXHAUSTED)
        if reopened or (STAGE not in self.standing.limits and STAGE not in self.standing.missed):
            self._enter(self.standing.route, self.standing.stage, How.REOPENED)
        self._ask_office()

    def _mark_going_up(self, ask: GoUp) -> None:
        standing = self.standing
        if ask.urgent:
            self.mark(Mark.URGENT)
        # Not agreeing, a decision, or silence makes it time to go up; before any of them it is early, and welcome.
        if standing.answer is not Answer.DISAGREE and standing.decided is None and not standing.missed:
            self.mark(Mark.EARLY)
        if step_to_do(standing, self.stage) is not None:
            self.mark(Mark.STEP_NOT_DONE)
        if self.side is not Side.CHALLENGING:
            self.mark(Mark.OUT_OF_TURN)
        agency = self.command.by.seat.agency
        for duty in self.setting.procedure.duties_at(standing.route, self.stage.key):
            if duty.do is DutyKind.RECORD and agency not in standing.noted:
                self.mark(Mark.NOTE_MISSING)
            if duty.do is DutyKind.ADVICE and agency not in standing.advised:
                self.mark(Mark.ADVICE_NOT_TAKEN)

    def _refer(self, ask: Refer) -> None:
        if ask.target is Target.STAGE:
            target = known_stage(self.setting, self.standing, ask.to)
            if target is not None:
                if self.standing.phase is Phase.ENDED:
                    self.do(Reopened())
                    self.mark(Mark.REOPENED)
                self._enter(*target, How.BACK)

    def _flag(self, ask: Flag) -> None:
        self.do(Flagged(ask.flag))
        if ask.flag is Flags.OTHER_SIDE and ask.agency is not None:
            self.setting = with_reached(self.setting, ask.agency)
            self.do(Joined(ask.agency, Side.RESPONDING))
            entered = self.standing.entered
            if entered is not None and self.standing.phase is Phase.OPEN and self._now_reached(entered):
                # The same stage, now with somebody across: its owner is named and its clock starts for them.
                self._enter(entered.route, entered.stage, entered.how)
                self._put_in_writing()

    def _now_reached(self, entered: Entered) -> bool:
        """Whether somebody is across who was not when the stage began. Said of more agencies, no clock starts anew."""
        across = side_owner(self.setting, self.stage, Side.RESPONDING, self.standing.responding)
        return entered.responding.because is Because.REACHING and across.because is not Because.REACHING

    def _reopen(self) -> None:
        self.do(Reopened())
        self.mark(Mark.REOPENED)
        self._enter(self.standing.route, self.standing.stage, How.REOPENED)
        if self.command.said:
            self._put_in_writing()

    # --- decisions and endings -----------------------------------------------------------------------------------

    def _decide(self, ask: Decide) -> None:
        decision = self.stage.decision
        if decision is None:
            return
        result = next(result for result in decision.results if result.key == ask.result)
        if ask.against_majority:
            self.mark(Mark.AGAINST_MAJORITY)
        if ask.no_majority:
            self.mark(Mark.NO_MAJORITY)
        if ask.for_absent:
            self.mark(Mark.FOR_ABSENT)
        self.do(Decided(ask.result, self.command.by.seat, ask.decided_at or self.at))
        if result.goes is not None:
            self._enter(*split_ref(result.goes, self.standing.route), How.DECISION)
        elif result.ends is not None:
            self._put_outcome(Proposed(result.ends, (), None, (), None, decided=True))
        else:
            self._wait_on()

    def _put_outcome(self, proposed: Proposed) -> None:
        if QUESTION in self.standing.limits:
            self.do(LimitStopped(QUESTION))
        self.do(proposed)
        for key in tuple(self.standing.limits):
            if self._rests(key):
                self.do(LimitStopped(key))
        if not self._stage_clock_rests():
            self._restart_clock()  # it may have rested for the outcome that this one takes the place of
        span = route_now(self.setting, self.standing).confirm.within or LOOK_AGAIN
        counted = due(span, self.at, self.setting.calendar, self.setting.service)
        # Confirming is counted from the proposal, whatever the stage's own start; the child's date still shortens it.
        self.do(LimitSet(CONFIRM, shortened(self.setting, self.standing, counted, self.at)))

    def _propose(self, ask: Propose) -> None:
        side = self.side
        self._put_outcome(Proposed(ask.ending, ask.actions, ask.open_issues, ask.answers, side, decided=False))
        if side is not None and not any(reasons_not_settled(self.setting, self.standing, self.command, side)):
            # Who proposes has said yes, as far as their own records are there.
            self._confirmed(side)

    def _confirm(self, ask: Confirm) -> None:
        if not ask.agrees:
            self.do(ProposalDropped())
            if CONFIRM in self.standing.limits:
                self.do(LimitStopped(CONFIRM))
            self._restart_clock()
            self._relimit()
            self._wait_on()
            return
        side = ask.for_side or self.side
        if side is None:
            return
        if ask.for_side is not None and ask.for_side is not self.side:
            self.mark(Mark.NOT_CONFIRMED)
        self._confirmed(side)

    def _restart_clock(self) -> None:
        if STAGE not in self.standing.limits and STAGE not in self.standing.missed:
            again = due_of(self.setting, self.standing, self.stage.clock)
            if again is not None and again.at <= self.at:
                again = due(look_again(self.stage.clock), self.at, self.setting.calendar, self.setting.service)
            if again is not None:
                self.do(LimitSet(STAGE, again))

    def _wait_on(self) -> None:
        """Something was answered and it stays open here: what time had asked is asked anew, or nothing would be due."""
        if QUESTION in self.standing.limits:
            self.do(LimitStopped(QUESTION))
        if self.standing.proposal is not None and CONFIRM in self.standing.missed:
            self._ask_office()
        elif STAGE in self.standing.missed:
            self._silence()

    def _confirmed(self, side: Side) -> None:
        self.do(Confirmed(side))
        if self._stage_clock_rests() and STAGE in self.standing.limits:
            self.do(LimitStopped(STAGE))
        across = Side.RESPONDING in self.standing.confirmed or not self._two_sides()
        if Side.CHALLENGING in self.standing.confirmed and across:
            self._end()

    def _two_sides(self) -> bool:
        return bool(self.standing.responding)

    def _end(self) -> None:
        proposal = self.standing.proposal
        if proposal is None:
            return
        self.do(Ended(proposal.ending, self.at))
        for action in proposal.actions:
            if action.due_on is not None and action.key not in self.standing.actions_done:
                self.do(LimitSet(action_limit(action.key), by_childs_date(action.due_on, self.setting.calendar)))

    # --- time ----------------------------------------------------------------------------------------------------

    def _pass_time(self, event: Key) -> None:
        self.mark(Mark.BY_SILENCE)
        self.do(LimitMissed(event))
        if event in (QUESTION, CONFIRM):
            self._ask_office()
        elif event.startswith("action "):
            self.do(LimitSet(event, due(LOOK_AGAIN, self.at, self.setting.calendar, self.setting.service)))
        elif event.startswith("step "):
            step = next((s for s in self.stage.steps if step_limit(s.key) == event), None)
            if step is not None and step.missed is Then.UP:
                self._silence()
        elif not self._stage_clock_rests():
            # What is decided, or held settled by who raised it, is not moved on by a limit that stages share.
            self._silence()

    def _silence(self) -> None:
        """The stage's time is up: what its clock says happens then."""
        clock = self.stage.clock
        match clock.then:
            case Then.UP if self.stage.next is not None:
                self._enter(*split_ref(self.stage.next, self.standing.route), How.SILENCE)
            case Then.ASK:
                agencies = (*self.standing.challenging, *self.standing.responding)
                self._ask(owner_for(self.setting, agencies, clock.asks), look_again(clock), office=False)
            case Then.LAPSE:
                self._ask(self.standing.owner_of(Side.CHALLENGING), look_again(clock), office=False)
            case Then.UP | Then.LOOK_AGAIN | Then.RECORD | None:
                self._ask_office()
            case _:
                assert_never(clock.then)
