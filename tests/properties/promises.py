"""What holds of every accepted act, whatever was asked, by whom and when. Each promise is one function that asserts."""

from __future__ import annotations

from datetime import datetime

from commonground.core.acts import (
    WITHDRAWN,
    Actor,
    Because,
    Confirm,
    Confirmed,
    Decide,
    Decided,
    Ended,
    Entered,
    Flag,
    PassTime,
    ProposalDropped,
    Raise,
    Redate,
    SetDate,
    Sets,
    Side,
    Waits,
)
from commonground.core.decide import Accepted
from commonground.core.procedure import DutyKind, Guards, HeldIn, Key, Limit, StartEvent, Who
from commonground.core.setting import Setting, side_of
from commonground.core.standing import CONFIRM, QUESTION, STAGE, Phase, Standing
from commonground.core.time import due
from tests.properties.runs import Happened, stage_of


def is_owned_and_dated(setting: Setting, now: Standing) -> None:
    """Nobody waits unseen: an open disagreement has an owner that exists, and a next dated event."""
    if now.phase is not Phase.OPEN:
        return
    waits = now.waits
    assert waits is not None
    assert waits.owner is not None, "nobody owns it"
    assert exists(setting, waits.owner.post.agency, waits.owner.post.post), f"{waits.owner} does not exist"
    assert waits.due is not None, "nothing is due"
    assert waits.event is not None
    assert now.limits[waits.event] == waits.due
    assert waits.due.at == min(limit.at for limit in now.limits.values())


def exists(setting: Setting, agency: Key, post: Key) -> bool:
    known = setting.agencies.get(agency)
    return (agency, post) == (setting.office, "office") or (known is not None and post in known.posts)


def never_rests_by_the_late_side(setting: Setting, now: Standing) -> None:
    """The stage's clock rests only once it is decided, or the challenging side holds it settled."""
    if now.phase is not Phase.OPEN or STAGE in now.limits or STAGE in now.missed:
        return
    proposal = now.proposal
    assert proposal is not None, "the stage's clock stands still and nothing is proposed"
    for_good = proposal.decided or proposal.side is Side.CHALLENGING or Side.CHALLENGING in now.confirmed
    assert for_good, "the stage's clock rests because of the responding side alone"


def counts_no_longer_than_written(setting: Setting, happened: Happened) -> None:
    """On entry, a stage's time ends no later than its own limit, counted from the latest start that it names."""
    now = happened.now
    if now.entered is None or now.entered == happened.before.entered or STAGE not in now.limits:
        return
    clock = stage_of(setting, now).clock
    assert now.limits[STAGE].at <= latest(setting, now, clock), "the stage's clock runs past its own limit"


def latest(setting: Setting, now: Standing, limit: Limit) -> datetime:
    """The latest a limit could be read to end with nobody lengthening it: the longest span from the latest start."""
    opened, entered = now.opened, now.entered
    assert opened is not None
    assert entered is not None
    spans = [span for span in (limit.within, *(rated.within for rated in limit.by_rating)) if span is not None]
    starts = {entered.at}
    for start in limit.starts:
        if start.event is StartEvent.DUE and (at := now.dues.get(f"{now.route}/{start.of}")) is not None:
            starts.add(at)
        if start.event is StartEvent.STEP and (done := now.steps.get(start.of or "")) is not None:
            starts.add(done.at)
    return max(due(span, start, setting.calendar, setting.service).at for span in spans for start in starts)


def begins_anew_only_when_somebody_is_reached(happened: Happened) -> None:
    """Saying who is on the other side starts the stage's clock anew once only: when nobody was across, and now is."""
    before, now = happened.before.entered, happened.now.entered
    if isinstance(happened.command.ask, Flag) and before is not None and now is not None and now != before:
        assert before.responding.because is Because.REACHING, "a clock started anew though somebody was across"
        assert now.responding.because is not Because.REACHING, "a clock started anew though nobody is across"


def never_moves_later(setting: Setting, happened: Happened, answer: Accepted) -> None:
    """Within a stage a running limit only ever comes sooner, but for what both sides, or the text's own setter, set."""
    before, now = happened.before, happened.now
    if before.phase is not Phase.OPEN or any(isinstance(effect, Entered) for effect in answer.act.effects):
        return
    for key in before.limits.keys() & now.limits.keys():
        if now.limits[key].at > before.limits[key].at:
            assert may_move_later(setting, happened, key), f"{key} was lengthened by {happened.command.ask}"


def may_move_later(setting: Setting, happened: Happened, key: Key) -> bool:
    before, now, ask = happened.before, happened.now, happened.command.ask
    clock = stage_of(setting, now).clock
    match ask:
        case Redate():
            return True
        case PassTime(event=event):
            return key == event  # silence is recorded, and it is asked again
        case SetDate(sets=Sets.LENGTHEN):
            return len(now.longer) == len(Side) and key == STAGE and clock.extension is not None
        case SetDate(sets=Sets.STATED | Sets.AGREED):
            by = side_of(before, happened.command.by)
            return (
                key == STAGE
                and clock.set_by in (Who.CHALLENGING, Who.EACH, Who.EITHER)
                and (by is Side.CHALLENGING or (by is Side.RESPONDING and Side.CHALLENGING in before.stated))
            )
        case Decide() | Confirm(agrees=False) if key == QUESTION:
            return True  # it was answered, and stays: what was asked is asked anew
        case _:
            # A new outcome is put to both sides: they have its own time to answer.
            return key == CONFIRM and now.proposal is not before.proposal


def is_shortened_by_the_childs_date(setting: Setting, now: Standing) -> None:
    """Where the child needs it by a date still to come, something is due by then."""
    if now.phase is not Phase.OPEN or now.childs_date is None or now.recorded_at is None or now.waits is None:
        return
    if now.childs_date > now.recorded_at:
        assert now.waits.due is not None
        assert now.waits.due.at <= now.childs_date, "nothing is due by the child's date"


def ends_rightly(setting: Setting, happened: Happened, answer: Accepted) -> None:
    """Only the raiser withdraws; any other ending takes both sides, each for itself with what it owes, or the office
    with a reason once the time to confirm is over."""
    before, command = happened.before, happened.command
    for effect in answer.act.effects:
        match effect:
            case ProposalDropped():
                somebody = side_of(before, command.by) is not None or command.by.seat == setting.office_post
                assert somebody, "an outcome undone by somebody who has no part in it"
            case Ended(ending=ending) if ending == WITHDRAWN:
                assert before.raiser is not None
                assert command.by.person == before.raiser.person, "withdrawn by somebody else"
                assert command.says("reasons")
            case Ended():
                assert before.phase is Phase.OPEN
                assert Side.CHALLENGING in happened.now.confirmed, "ended without the side that raised it"
                across = Side.RESPONDING in happened.now.confirmed or not happened.now.responding
                assert across, "ended without the side that was asked"
            case Confirmed(side=side):
                _confirms_rightly(setting, happened, side)


def _confirms_rightly(setting: Setting, happened: Happened, side: Side) -> None:
    before, command = happened.before, happened.command
    if (
        isinstance(command.ask, Confirm)
        and command.by.seat == setting.office_post
        and not _is_on(before, command.by, side)
    ):
        assert CONFIRM in before.missed
        assert command.says("reasons")
        return
    assert _is_on(before, command.by, side), "confirmed for the other side"
    for agency in before.challenging if side is Side.CHALLENGING else before.responding:
        for duty in setting.procedure.duties_at(before.route, before.stage):
            if duty.do is DutyKind.RECORD and duty.guards is Guards.SETTLED:
                assert agency in before.noted, "confirmed without its own note"
                assert before.noted[agency] or not duty.approved, "confirmed with a note nobody approved"


def _is_on(before: Standing, actor: Actor, side: Side) -> bool:
    ours, theirs = (
        (before.challenging, before.responding) if side is Side.CHALLENGING else (before.responding, before.challenging)
    )
    if actor.seat.agency in theirs and actor.seat.agency not in ours:
        return False
    if actor.seat.agency in ours and actor.seat.agency not in theirs:
        return True
    return side_of(before, actor) is side


def decides_rightly(setting: Setting, happened: Happened, answer: Accepted) -> None:
    """A decision is recorded by a post the procedure names, who stands in for it, or for one absent with a reason."""
    command, before = happened.command, happened.before
    if not any(isinstance(effect, Decided) for effect in answer.act.effects):
        return
    assert isinstance(command.ask, Decide)
    decision = stage_of(setting, before).decision
    assert decision is not None
    assert command.ask.result in {result.key for result in decision.results}
    if command.ask.for_absent and command.says("reasons"):
        agencies = {setting.office}
        for key in decision.by or ():
            agencies |= set(_held_by(setting, before, key))
        assert command.by.seat.agency in agencies, "recorded for somebody absent by somebody from elsewhere"
        return
    named = {key for by in decision.by or () for key in (by, *setting.procedure.post(by).stand_in)}
    chain = _is_short_of(setting, command.by.seat.agency, decision.by or ())
    assert command.by.seat.post in named or chain, f"{command.by.seat} decided; named are {named}"


def _held_by(setting: Setting, before: Standing, post: Key) -> tuple[Key, ...]:
    named = setting.procedure.post(post)
    if named.held_in is not HeldIn.PARTY:
        return (setting.office,)
    if named.agency is not None:
        return tuple(agency.key for agency in setting.agencies.values() if agency.kind == named.agency)
    return (*before.challenging, *before.responding)


def _is_short_of(setting: Setting, agency: Key, posts: tuple[Key, ...]) -> bool:
    """Whether an agency has none of these posts nor their stand-ins, so that its chain answers instead."""
    if agency == setting.office or agency not in setting.agencies:
        return False
    return any(
        not {post, *setting.procedure.post(post).stand_in} & setting.agencies[agency].posts
        for post in posts
        if setting.procedure.post(post).held_in is HeldIn.PARTY
    )


def only_adds_parties(happened: Happened) -> None:
    """Nobody who has a part in it ever loses it."""
    before, now = happened.before, happened.now
    for had, has in (
        (before.challenging, now.challenging),
        (before.responding, now.responding),
        (before.others, now.others),
    ):
        assert has[: len(had)] == had


def ends_with_whose_move(answer: Accepted) -> None:
    """Every act says at its end whose move it is."""
    assert isinstance(answer.act.effects[-1], Waits)
    assert answer.standing.waits == answer.act.effects[-1]


def hold(happened: Happened) -> None:
    """This will assert every promise of one move."""
    setting, answer = happened.setting, happened.answer
    if not isinstance(answer, Accepted):
        assert answer.reasons
        assert not isinstance(happened.command.ask, Raise), "somebody was barred from raising"
        assert happened.now == happened.before, "a refused command left something"
        return
    is_owned_and_dated(setting, happened.now)
    ends_with_whose_move(answer)
    never_rests_by_the_late_side(setting, happened.now)
    counts_no_longer_than_written(setting, happened)
    never_moves_later(setting, happened, answer)
    begins_anew_only_when_somebody_is_reached(happened)
    is_shortened_by_the_childs_date(setting, happened.now)
    ends_rightly(setting, happened, answer)
    decides_rightly(setting, happened, answer)
    only_adds_parties(happened)
