"""What each side said, beside one another, and what they agree and do not agree on. Neither looks like the right one.

Only words that both sides see are here: an agency's own notes stay on the timeline of that agency.
"""

from __future__ import annotations

from collections.abc import Iterator

from commonground.core.acts import Act, Answer, Audience, PostRef, Side
from commonground.core.attached import FILE
from commonground.core.setting import side_of
from commonground.core.standing import Phase, Standing
from commonground.record.words import Erased, Words
from commonground.usecases.reading import Reading
from commonground.web import components as c
from commonground.web.pages.page import capital
from commonground.web.questions import called
from commonground.wording import Names, words_of_answer, words_of_side

AT_FIRST = ("worry", "decision", "wanted")
"""The words of raising that say what it is about, in this order."""

ERASED = "These words were lawfully erased."


def two_sides(reading: Reading) -> c.TwoSides | None:
    """This will put what each side said side by side: the reader's own on the left. None for who sees no words."""
    if reading.shallow:
        return None
    left = reading.side or Side.CHALLENGING
    right = Side.RESPONDING if left is Side.CHALLENGING else Side.CHALLENGING
    first = {side: _at_first(reading, side) for side in Side}
    last = {side: _last(reading, side) for side in Side}
    rows = [c.SideRow("At first", first[left], first[right])]
    if any(last.values()):
        rows.append(c.SideRow("Last", last[left], last[right]))
    if reading.side is None:
        titles = (f"{capital(words_of_side(left))} said", f"{capital(words_of_side(right))} said")
    else:
        titles = ("You said", "They said")
    return c.TwoSides(*titles, tuple(rows))


def agreed(reading: Reading, names: Names) -> tuple[str, ...]:
    """This will say in whole sentences what the two sides agree and do not agree on, as it stands."""
    return tuple(_agreed(reading.standing, names)) if not reading.shallow else ()


def _agreed(here: Standing, names: Names) -> Iterator[str]:
    if here.answer is not None:
        yield f"{capital(words_of_side(Side.RESPONDING))} {words_of_answer(here.answer)}."
    elif here.phase is Phase.OPEN:
        yield f"{capital(words_of_side(Side.RESPONDING))} has not answered at this stage."
    for side in Side:
        if side in here.differs:
            yield f"A manager of {words_of_side(side)} sees it differently from their own worker."
    proposed = here.proposal
    if proposed is not None:
        yield f"This outcome was put forward: {names.ending(proposed.ending)}."
        for side in Side:
            if side in here.confirmed:
                yield f"{capital(words_of_side(side))} has confirmed it."
            elif here.phase is Phase.OPEN:
                yield f"{capital(words_of_side(side))} has not confirmed it yet."
        if proposed.open_issues:
            yield "Something stays open. The outcome says what, and how it is taken forward."
    for by in dict.fromkeys(one.by for one in here.dissents):
        yield f"{_named(by, names)} dissents. The dissent is kept in their own words."
    if here.ended is not None and here.phase is Phase.ENDED:
        yield f"It ended: {names.ending(here.ended.ending)}."


def _named(post: PostRef, names: Names) -> str:
    return capital(names.post(post))


def _at_first(reading: Reading, side: Side) -> str:
    """What a side said when it was raised; for the other side, the first thing it wrote."""
    acts = _of(reading, side)
    if side is Side.CHALLENGING:
        pieces = _shared(reading, 1)
        return "\n".join(pieces[key] for key in AT_FIRST if key in pieces)
    return next((said for sequence in acts if (said := _said(reading, sequence))), "")


def _last(reading: Reading, side: Side) -> str:
    """The last thing a side wrote, where that is not the first."""
    written = [sequence for sequence in _of(reading, side) if sequence > 1 and _shared(reading, sequence)]
    if side is Side.RESPONDING:
        written = written[1:]
    return _said(reading, written[-1]) if written else ""


def _of(reading: Reading, side: Side) -> list[int]:
    """The acts in which a side said something to the other, by their sequence, oldest first."""
    by = ((one, reading.acts[one - 1].by) for one in sorted(reading.words))
    return [one for one, actor in by if side_of(reading.standing, actor) is side]


def _said(reading: Reading, sequence: int) -> str:
    act: Act = reading.acts[sequence - 1]
    answer = getattr(act.ask, "answer", None)
    pieces = _shared(reading, sequence)
    procedure = reading.setting.procedure
    texts = [f"{called(key, procedure)}: {text}" if len(pieces) > 1 else text for key, text in pieces.items()]
    if isinstance(answer, Answer):
        texts.insert(0, f"Answer: {words_of_answer(answer)}.")
    return "\n".join(texts)


def _shared(reading: Reading, sequence: int) -> dict[str, str]:
    """The words of an act that both sides see, by field."""
    return {
        piece.said.field: _text(piece)
        for piece in reading.words.get(sequence, ())
        if piece.said.audience is Audience.PARTIES and piece.said.field != FILE
    }


def _text(piece: Words | Erased) -> str:
    return piece.text if isinstance(piece, Words) else ERASED
