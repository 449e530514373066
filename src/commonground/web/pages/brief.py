"""A disagreement on one side of paper, for somebody with two minutes: a manager before a call, a deputy.

It says nothing that the disagreement's own page does not say to the same reader. What a side wrote is cut after two
lines, and says so: the page has all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from commonground.core.acts import Entered, How, LimitMissed, Side
from commonground.core.standing import Phase, action_limit
from commonground.core.time import LONDON
from commonground.usecases.contacts import confirmed_on
from commonground.usecases.directory import Directory
from commonground.usecases.opposite import whom_to_ring
from commonground.usecases.reading import Reading
from commonground.web import components as c
from commonground.web.forms.acts import action_texts
from commonground.web.pages.both_sides import two_sides
from commonground.web.pages.disagreement import InDisagreement, frame
from commonground.web.pages.page import capital
from commonground.web.pages.ringing import numbers_of, said_confirmed, who_answers
from commonground.wording import Names, day, limit_name, moment, words_of_side
from commonground.wording.names import listed

TWO_LINES: Final = 180
"""Characters of what a side wrote: two lines on a page of A4."""
MOST_LINES: Final = 5
"""Of what was promised, and of what is late: the page has the others."""


@dataclass(frozen=True)
class SaidInShort:
    """What a side wrote last that both sides see: its first two lines. Empty where it wrote nothing."""

    who: str
    text: str


@dataclass(frozen=True)
class HasIt:
    """Who has it on one side: the post, who answers for it today, its number, and when that was last confirmed."""

    side: str
    post: str
    who: str
    numbers: tuple[c.Phone, ...]
    confirmed: str


@dataclass(frozen=True, kw_only=True)
class BriefPage(InDisagreement):
    title: str
    about: tuple[tuple[str, str], ...]
    """What it is about, as pairs of a name and what it is."""
    said: tuple[SaidInShort, ...]
    """Nothing for who sees no words."""
    promised: tuple[str, ...]
    late: tuple[str, ...]
    has_it: tuple[HasIt, ...]
    """Nobody once it has ended, and nobody for a reader whose part has: who has it now is not theirs to see."""
    printed: str


def brief_page(reading: Reading, directory: Directory, names: Names) -> BriefPage:
    """This will put a disagreement on one side of paper, as its reader may see it."""
    promised, late = tuple(_promised(reading, names)), tuple(_late(reading, names))
    return BriefPage(
        **frame(reading, directory, names),
        title="Brief",
        about=tuple(_about(reading, names)),
        said=tuple(_said(reading, names)),
        promised=_cut(promised),
        late=_cut(late),
        has_it=tuple(_has_it(reading, names)),
        printed=f"As {names.post(reading.scope.seat)} could see it at {moment(reading.at)}.",
    )


def _cut(lines: tuple[str, ...]) -> tuple[str, ...]:
    more = len(lines) - MOST_LINES
    return (*lines[:MOST_LINES], f"And {more} more, on the page of the disagreement.") if more > 0 else lines


def _about(reading: Reading, names: Names) -> Iterator[tuple[str, str]]:
    here, opened = reading.standing, reading.standing.opened
    if opened is not None:
        yield "About", names.matter(opened.matter)
        yield "Raised", capital(moment(opened.raised_at))
    where = names.stage(here.route, here.stage)
    if here.ended is not None and here.phase is Phase.ENDED:
        where = f"Ended: {names.ending(here.ended.ending)}"
    yield "Stage", f"{where}, since {day(here.entered.at)}" if here.entered and here.phase is Phase.OPEN else where
    if here.childs_date is not None:
        yield "The child needs it settled by", capital(moment(here.childs_date))


def _said(reading: Reading, names: Names) -> Iterator[SaidInShort]:
    sides = two_sides(reading)
    if sides is None:
        return
    left = reading.side or Side.CHALLENGING
    first, *last = sides.rows
    for side in (left, left.other):
        texts = [row.left if side is left else row.right for row in (*last, first)]
        yield SaidInShort(_side(side, reading, names), shortened(next((text for text in texts if text), "")))


def shortened(text: str, longest: int = TWO_LINES) -> str:
    """This will give the beginning of a text on one line, cut after a whole word; three dots say that it goes on."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    head, space, _ = line[:longest].rpartition(" ")
    return f"{head if space else line[:longest]}…"


def _side(side: Side, reading: Reading, names: Names) -> str:
    here = reading.standing
    agencies = here.challenging if side is Side.CHALLENGING else here.responding
    called = listed(names.agency(key) for key in agencies)
    return f"{capital(words_of_side(side))}: {called}" if called else capital(words_of_side(side))


def _promised(reading: Reading, names: Names) -> Iterator[str]:
    """Yield what was promised and is still to come: times that a side gave, and actions."""
    here = reading.standing
    for side, by in here.stated.items():
        if by >= reading.at and here.phase is Phase.OPEN:
            yield f"{capital(words_of_side(side))} gave a time: {moment(by)}."
    yield from _actions(reading, names, overdue=False)


def _late(reading: Reading, names: Names) -> Iterator[str]:
    """Yield what is late: actions, what ran out at the stage now open, and stages that silence has passed."""
    here = reading.standing
    yield from _actions(reading, names, overdue=True)
    if here.phase is Phase.OPEN:
        ran_out = {
            effect.key: act.recorded_at
            for act in reading.acts
            for effect in act.effects
            if isinstance(effect, LimitMissed) and effect.key in here.missed
        }
        for key, at in ran_out.items():
            if not key.startswith("action "):
                yield f"{capital(limit_name(key, names, here))} ran out at {moment(at)}, with nothing recorded."
    silent = sum(
        isinstance(effect, Entered) and effect.how is How.SILENCE for act in reading.acts for effect in act.effects
    )
    if silent:
        yield f"It went up by silence {'once' if silent == 1 else f'{silent} times'}: nobody answered in time."


def _actions(reading: Reading, names: Names, *, overdue: bool) -> Iterator[str]:
    here, today = reading.standing, reading.at.astimezone(LONDON).date()
    texts = {} if reading.shallow else action_texts(reading)
    for key, action in here.actions.items():
        late = (action.due_on is not None and action.due_on < today) or action_limit(key) in here.missed
        if key in here.actions_done or late is not overdue:
            continue
        what = shortened(texts.get(key) or "An action", TWO_LINES // 2)
        who = names.post(action.owner) if action.owner else "nobody named yet"
        yield f"{what}: {who}, {f'by {day(action.due_on)}' if action.due_on else 'no date yet'}."


# --- Who has it -------------------------------------------------------------------------------------------------------


def _has_it(reading: Reading, names: Names) -> Iterator[HasIt]:
    here = reading.standing
    if reading.until is not None or here.entered is None or here.phase is not Phase.OPEN:
        return
    speaks = {_side(side, reading, names): here.owner_of(side).post for side in Side}
    if here.entered.body is not None:
        speaks["Decides or hears it here"] = here.entered.body.post
    ring = whom_to_ring(reading.scope, speaks.values(), people=not reading.shallow, reading=reading)
    confirmed = confirmed_on(one.serving for one in ring.values())
    for side, post in speaks.items():
        one = ring[post]
        on = confirmed.get(one.serving)
        yield HasIt(
            side=side,
            post=capital(names.post(post)),
            who=who_answers(one, names),
            numbers=numbers_of(one, names),
            confirmed=said_confirmed(on),
        )
