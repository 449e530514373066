"""Whose move it is, what it is, by when, and what happens in silence: the first line of every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from commonground.core.acts import PostRef, Waits, What
from commonground.core.procedure import Key, Stage, Then
from commonground.core.standing import CONFIRM, QUESTION, Standing
from commonground.wording.labels import words_of_because
from commonground.wording.limits import by_when, limit_name
from commonground.wording.names import Names, plain, stage_at, stage_ref, step_at, stopped, with_article


@dataclass(frozen=True)
class MoveWords:
    """The first line of every page, in its parts; `line` joins the first three."""

    who: str
    what: str
    by_when: str
    if_silent: str
    """What happens if nothing is recorded by then. Empty where nothing can."""
    why: str
    """Why this post has the move."""
    yours: bool

    @property
    def line(self) -> str:
        return " ".join(part for part in (self.who, self.what, self.by_when) if part)


def whose_move_in_words(waits: Waits, names: Names, here: Standing, viewer: PostRef | None = None) -> MoveWords:
    """This will say whose move it is, what it is, and by when. `viewer` is the reader's own post, if they hold one."""
    if waits.owner is None or waits.what is None:
        ended = f"It has ended: {names.ending(here.ended.ending)}." if here.ended else "Nobody is waited for."
        return MoveWords(ended, "Nothing is left to do.", "", "", "", False)
    yours = waits.owner.post == viewer
    post = names.post(waits.owner.post)
    to_do = words_of_what(waits.what, names, here, waits.step)
    return MoveWords(
        who=f"Waiting for you, {post}." if yours else f"Waiting for {post}.",
        what=f"To {'answer' if waits.what is What.ANSWER else 'do'}: {stopped(to_do)}",
        by_when=_next_date(waits, names, here),
        if_silent=if_silent(waits.event, names, here),
        why=words_of_because(waits.owner.because),
        yours=yours,
    )


def _next_date(waits: Waits, names: Names, here: Standing) -> str:
    """By when. Where the limit that runs out first is for something else than what is to do, it says for what."""
    said = by_when(waits.event, waits.due, names, here)
    kind, _, name = (waits.event or "").partition(" ")
    if (kind == "step" and name != waits.step) or (kind == "action" and waits.what is not What.ACTION):
        return f"First comes {limit_name(waits.event or '', names, here)}. {said}"
    return said


def words_of_what(what: What, names: Names, here: Standing, step: Key | None = None) -> str:
    """This will say what is waited for, as something to do. A step is called what the procedure calls it."""
    stage = stage_at(names.procedure, here.route, here.stage)
    match what:
        case What.STEP:
            found = step_at(names, here, step)
            return found.name if found else f"Do the next step, {plain(step or '')}"
        case What.SETTLE:
            return "Settle it with the other side, or escalate it"
        case What.DECIDE:
            return "Decide, and give your reasons"
        case What.CONFIRM:
            return "Say whether the outcome is right"
        case What.ANSWER:
            return (stage.clock.question if stage else None) or "Say what should happen next"
        case What.REACH:
            return "Reach the other agency, and bring it in"
        case What.LOOK_AGAIN:
            return "Look at it again, and say what should happen next"
        case What.ACTION:
            return "Say how the action stands"
        case _:
            assert_never(what)


def if_silent(event: Key | None, names: Names, here: Standing) -> str:
    """This will say what happens when a limit runs out and nothing was recorded. Empty where no limit runs."""
    stage = stage_at(names.procedure, here.route, here.stage)
    if event is None or stage is None:
        return ""
    if event == CONFIRM:
        return "If nobody confirms by then, the partnership's office is asked."
    if event == QUESTION:
        return "If there is no answer by then, the partnership's office is asked."
    kind, _, name = event.partition(" ")
    if kind == "action":
        return "If nothing is reported by then, we ask again."
    step = step_at(names, here, name) if kind == "step" else None
    if step is not None and step.missed is not Then.UP:
        return "If it is not done by then, the record shows that. Nothing else changes."
    return f"If it is not {'done' if step else 'settled'} by then, {_then(stage, names, here)}."


def _then(stage: Stage, names: Names, here: Standing) -> str:
    match stage.clock.then:
        case Then.UP if stage.next is not None:
            return f"it goes up to {stage_ref(names, here, stage.next)}"
        case Then.ASK:
            posts = (post.name for post in names.procedure.posts if post.key == stage.clock.asks)
            return f"we ask {with_article(next(posts, 'office of the partnership'))} what happens next"
        case Then.LAPSE:
            return "we ask the side that raised it what happens next"
        case Then.UP | Then.LOOK_AGAIN | Then.RECORD | None:
            return "the partnership's office looks at it again"
        case _:
            assert_never(stage.clock.then)
