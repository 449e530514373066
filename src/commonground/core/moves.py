"""Whose move it is, what it is, and by when: the first line of every page, and the owner in every standing row."""

from __future__ import annotations

from typing import assert_never

from commonground.core.acts import Because, Owner, Side, Waits, What
from commonground.core.procedure import Key, Stage, Step, Strength, Who
from commonground.core.setting import Setting, reaching, stage_now
from commonground.core.standing import Phase, Standing, step_limit


def whose_move(setting: Setting, standing: Standing) -> Waits:
    """Say who owns the next move, what it is, and the next dated event. The first line of every page."""
    event = min(standing.limits, key=lambda key: (standing.limits[key].at, key), default=None)
    until = standing.limits[event] if event is not None else None
    if standing.phase is Phase.ENDED:
        action = event.removeprefix("action ") if event else None
        if action is None:
            return Waits(None, None, None, None, None)
        held = standing.actions[action].owner if action in standing.actions else None
        return Waits(Owner(held or setting.office_post, Because.NAMED), What.ACTION, action, event, until)
    owner, what, step = _move(setting, standing)
    return Waits(owner, what, step, event, until)


def _move(setting: Setting, standing: Standing) -> tuple[Owner, What, Key | None]:
    entered = standing.entered
    if entered is None:
        raise LookupError("nothing was raised")
    stage = stage_now(setting, standing)
    if standing.question is not None:
        what = What.LOOK_AGAIN if standing.question.office else What.ANSWER
        return Owner(standing.question.post, Because.NAMED), what, None
    if standing.proposal is not None:
        waiting = Side.RESPONDING if Side.RESPONDING not in standing.confirmed else Side.CHALLENGING
        return standing.owner_of(waiting), What.CONFIRM, None
    if reaching(setting, standing):
        return entered.responding, What.REACH, None
    step = step_to_do(standing, stage)
    if step is not None:
        return _who_does(setting, standing, step), What.STEP, step.key
    if stage.decision is not None and standing.decided is None and entered.body is not None:
        return entered.body, What.DECIDE, None
    return standing.owner_of(Side.CHALLENGING), What.SETTLE, None


def _who_does(setting: Setting, standing: Standing, step: Step) -> Owner:
    entered = standing.entered
    if entered is None:
        raise LookupError("nothing was raised")
    match step.who:
        case Who.CHALLENGING:
            return entered.challenging
        case Who.RESPONDING | Who.EITHER:
            # Once it is raised, the move is with those who were asked.
            return entered.responding
        case Who.EACH:
            done = standing.steps.get(step.key)
            return entered.challenging if done and Side.RESPONDING in done.sides else entered.responding
        case Who.BODY:
            return entered.body or Owner(setting.office_post, Because.OFFICE)
        case Who.OFFICE:
            return Owner(setting.office_post, Because.NAMED)
        case None:
            return Owner(setting.office_post, Because.OFFICE)
        case _:
            assert_never(step.who)


def step_to_do(standing: Standing, stage: Stage) -> Step | None:
    """The step that is waited for: neither done nor past its time, its turn come, and not overtaken by a later one.

    A step is overtaken when a later step of the stage is done (a reply came without the talk): it stays shown as not
    done, and may still guard a settled closing, but nobody is waited for because of it. What the text only allows
    (`may`) is open to be done, and nobody is waited for either.
    """
    overtaken = max((position for position, step in enumerate(stage.steps) if is_done(standing, step)), default=-1)
    for step in stage.steps[overtaken + 1 :]:
        if step_limit(step.key) in standing.missed or step.strength is Strength.MAY:
            continue
        if all(before in standing.steps or step_limit(before) in standing.missed for before in step.after):
            return step
    return None


def is_done(standing: Standing, step: Step) -> bool:
    done = standing.steps.get(step.key)
    if done is None:
        return False
    return step.who is not Who.EACH or set(Side) <= done.sides
