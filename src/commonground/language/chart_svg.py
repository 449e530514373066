"""The chart of a route as a drawing: a ladder of cards, top to bottom, in words that can be read on a phone.

The layout is our own. A ladder needs no more than cards one under another, with lanes at the right for the ways that
jump; a general layout would spread it wide and make small letters on a small screen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from commonground.core.procedure import Key, Procedure, StageRef, Then, split_ref
from commonground.language.chart_pen import LINE_HEIGHT, Pen, number, wrapped
from commonground.language.chart_words import ALWAYS_OPEN, SOONER, Decided, Faces, Ladder, Rung, Way, clean, ladder

# In units. On a phone of 360 pixels a unit is nearly a pixel, so sizes of letters are what people see there.
WIDTH: Final = 360
EDGE: Final = 4  # free at both sides, so that thick borders are not cut
PAD: Final = 12  # inside a card
INDENT: Final = 24  # what stands behind an icon
GAP: Final = 26  # between the two sides, for the arrow
LANE: Final = 12  # from one lane to the next
BIG: Final = 19
BODY: Final = 16
SMALL: Final = 15
LINES_SIDE_BY_SIDE: Final = 3
ARROW: Final = 26  # the least length of an arrow between cards


def svg(procedure: Procedure, route: Key, here: StageRef | None = None, visited: Iterable[StageRef] = ()) -> str:
    """This will draw a route as an inline SVG with title and description, 360 units wide and as long as it must be.

    `here` is the stage a disagreement is at and `visited` those it has been at, as `stage` or `route/stage`. Stages of
    other routes are not on this chart and so not marked: a whole history can be given. KeyError where there is no
    such route.
    """
    drawn = ladder(procedure, route)
    been = {stage for of, stage in (split_ref(ref, route) for ref in visited) if of == route}
    of, stage = split_ref(here, route) if here else (route, None)
    return _Drawing(drawn, stage if of == route else None, been).whole()


@dataclass(frozen=True)
class _Jump:
    """A line that leaves a card at its right edge for another card of this chart."""

    y: float
    to: Key
    other: bool


class _Drawing:
    """One drawing under way: the ladder, what is marked on it, and the lines still to be led to their cards."""

    def __init__(self, drawn: Ladder, here: Key | None, been: set[Key]) -> None:
        self.ladder = drawn
        self.here = here
        self.been = been
        self.pen = Pen(y=EDGE)
        self.jumps: list[_Jump] = []
        self.doors: dict[Key, float] = {}
        """How high lines from elsewhere come in: at each card's heading."""
        keys = [rung.key for rung in drawn.rungs]
        self.after: dict[Key, Key | None] = dict(zip(keys, [*keys[1:], None], strict=False))
        self.lanes = sorted({lane for rung in drawn.rungs for lane in self._lanes_from(rung)})
        self.right = WIDTH - EDGE - (LANE * len(self.lanes) + 8 if self.lanes else 0)
        self.left = EDGE + PAD
        self.width = self.right - self.left - PAD

    def whole(self) -> str:
        """Draw everything, then say how long it came out."""
        self._start()
        for rung in self.ladder.rungs:
            self._card(rung)
            self._onward(rung)
        self._foot()
        self._lead()
        name = "-".join(clean(f"chart {self.ladder.procedure} {self.ladder.route}").split())
        height = number(round(self.pen.y + EDGE))
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" class="cg-ladder" role="img" viewBox="0 0 {WIDTH} {height}"'
                f' width="{WIDTH}" font-family="Arial, Helvetica, sans-serif"'
                f" aria-labelledby={quoteattr(f'{name}-title {name}-description')}>",
                f"<title id={quoteattr(f'{name}-title')}>{escape(self.ladder.title)}</title>",
                f"<desc id={quoteattr(f'{name}-description')}>{escape(self._description())}</desc>",
                *self.pen.shapes,
                "</svg>",
            ]
        )

    def _description(self) -> str:
        names = "; ".join(rung.name for rung in self.ladder.rungs)
        number_of = "1 stage" if len(self.ladder.rungs) == 1 else f"{len(self.ladder.rungs)} stages, from top to bottom"
        here = "".join(f" You are here: {rung.name}." for rung in self.ladder.rungs if rung.key == self.here)
        return f"{number_of}: {names}.{here}"

    # --- From top to bottom ---

    def _start(self) -> None:
        pen, top, under = self.pen, self.pen.y, len(self.pen.shapes)
        pen.y += 8
        pen.text("A disagreement is raised", self.left, self.width, "strong", BODY)
        if self.ladder.covers:
            pen.text(f"About {self.ladder.covers}", self.left, self.width, "text", SMALL)
        if self.ladder.window:
            pen.text(self.ladder.window, self.left, self.width, "text", SMALL)
        pen.y += 8
        pen.box("end", EDGE, top, self.right - EDGE, corner=16, under=under)
        self._down("")

    def _card(self, rung: Rung) -> None:
        pen = self.pen
        pen.raw(f'<g class="cg-ladder__stage" data-stage={quoteattr(clean(rung.key))}>')
        if rung.key == self.here:
            self._flag()
        top, under = pen.y, len(pen.shapes)
        pen.y += PAD - 2
        if rung.key in self.been and rung.key != self.here:
            self._tick()
        if rung.label:
            pen.text(rung.label, self.left, self.width, "quiet", SMALL)
        self.doors[rung.key] = pen.y + 10
        pen.text(rung.heading, self.left, self.width, "heading", BIG)
        if rung.note:
            pen.text(f"({rung.note})", self.left, self.width, "quiet", SMALL)
        if rung.faces:
            self._faces(rung.faces)
        if rung.before:
            pen.y += 4
            pen.text(f"Before: {rung.before}", self.left, self.width, "text", BODY)
        self._time(rung)
        for step in rung.steps:
            pen.circle("dot", self.left + 8, pen.y + 9, 2.5)
            self._indented(step, "text", BODY)
        if rung.decides:
            self._decision(rung.decides, rung.results)
        if rung.closings:
            self._rule()
            pen.text("Can end here", self.left, self.width, "strong", SMALL)
            for closing in rung.closings:
                self._ending(closing.name)
        if rung.others:
            self._rule()
            for way in rung.others:
                self._other(way)
        pen.y += PAD - 4
        look = "card-here" if rung.key == self.here else "card-been" if rung.key in self.been else "card"
        pen.box(look, EDGE, top, self.right - EDGE, corner=3, under=under)
        pen.raw("</g>")

    def _onward(self, rung: Rung) -> None:
        """The way up in turn. Where the text names none, what the last stage leaves."""
        way = rung.onward
        if way is None:
            if self.after[rung.key] is None:
                self.pen.y += 8
            else:
                self._gap()
            return
        words = f"Not settled, or silence: {rung.silence}" if rung.then is Then.UP else "Not settled, and escalated"
        if way.to is not None and way.to == self.after[rung.key]:
            self._down(words)
            return
        self._down(words)
        top, under = self.pen.y, len(self.pen.shapes)
        self.pen.y += 6
        if self._jumps(way):
            self.jumps.append(_Jump(self.pen.y + 9, way.to or "", other=False))
        self.pen.text(f"Goes on: {way.where}", self.left, self.width, "strong", SMALL)
        self.pen.y += 6
        self.pen.box("away", EDGE, top, self.right - EDGE, corner=16, under=under)
        self._gap()

    def _foot(self) -> None:
        self.pen.y += 6
        for text in (ALWAYS_OPEN, SOONER):
            self.pen.text(text, EDGE, WIDTH - 2 * EDGE, "quiet", SMALL)
            self.pen.y += 4

    # --- Inside a card ---

    def _flag(self) -> None:
        pen, top, under = self.pen, self.pen.y, len(self.pen.shapes)
        pen.y += 5
        pen.path("flag-text", (self.left - 4, pen.y + 4), (self.left + 8, pen.y + 4), (self.left + 2, pen.y + 14))
        pen.text("You are here", self.left + 14, 110, "flag-text", BODY)
        pen.y += 4
        pen.box("flag", EDGE - 2.5, top, 130, corner=3, under=under)
        pen.y -= 2  # the card's border closes the gap

    def _tick(self) -> None:
        pen = self.pen
        pen.path("been", (self.left + 1, pen.y + 8), (self.left + 6, pen.y + 13), (self.left + 15, pen.y + 2))
        self._indented("Been here", "strong", SMALL)

    def _faces(self, faces: Faces) -> None:
        """Two boxes and an arrow between: side by side, or one under the other where long names would be crushed."""
        pen, left = self.pen, self.left
        pen.y += 6
        half = (self.width - GAP) / 2
        posts = (faces.challenging, faces.responding)
        if max(len(wrapped(post, half - 12, SMALL)) for post in posts) > LINES_SIDE_BY_SIDE:
            self._side("Challenging side", faces.challenging, left, self.width)
            pen.arrow((left + 20, pen.y + 12), (left + 20, pen.y + 1))
            pen.arrow((left + 20, pen.y + 12), (left + 20, pen.y + 23))
            pen.y += 24
            self._side("Responding side", faces.responding, left, self.width)
            return
        top, lines = pen.y, max(len(wrapped(post, half - 12, SMALL)) for post in posts)
        for side, post, x in (
            ("Challenging side", faces.challenging, left),
            ("Responding side", faces.responding, left + half + GAP),
        ):
            pen.y = top
            self._side(side, post, x, half, lines)
        middle = (top + pen.y) / 2
        pen.arrow((left + half + GAP / 2, middle), (left + half + 2, middle))
        pen.arrow((left + half + GAP / 2, middle), (left + half + GAP - 2, middle))

    def _side(self, side: str, post: str, x: float, width: float, lines: int = 1) -> None:
        """One box with a side and its post, at least so many lines high."""
        pen, top, under = self.pen, self.pen.y, len(self.pen.shapes)
        pen.y += 5
        pen.text(side, x + 6, width - 10, "quiet", SMALL - 1)
        least = pen.y + lines * SMALL * LINE_HEIGHT
        pen.text(post, x + 6, width - 12, "text", SMALL)
        pen.y = max(pen.y, least) + 4
        pen.box("side", x, top, width, corner=2, under=under)

    def _time(self, rung: Rung) -> None:
        pen = self.pen
        pen.y += 7
        x, y = self.left + 8, pen.y + 9
        pen.circle("icon", x, y, 7)
        pen.path("icon", (x, y - 4), (x, y), (x + 3, y + 2))
        self._indented(_capital(rung.limit), "strong" if rung.given else "text", BODY)
        for shared in rung.shared:
            self._indented(shared, "text", SMALL)
        if rung.then is not Then.UP or rung.onward is None:
            self._indented(f"In silence: {rung.silence}", "text", SMALL)
        pen.y += 4

    def _decision(self, decides: str, results: tuple[Decided, ...]) -> None:
        self._rule()
        pen, x, y = self.pen, self.left + 8, self.pen.y + 9
        pen.path("icon", (x - 8, y), (x, y - 8), (x + 8, y), (x, y + 8), (x - 8, y))
        self._indented(f"Decides: {decides}", "strong", BODY)
        for result in results:
            pen.y += 5
            stays = result.closing is None and result.way is None
            if not result.closing or result.closing.name != result.name:
                self._indented(f"{result.name} (stays here)" if stays else result.name, "text", BODY)
            if result.closing:
                self._ending(result.closing.name)
            if result.way:
                self._pointer(result.way, other=False)
                self._indented(f"Goes on: {result.way.where}", "strong", SMALL)

    def _ending(self, name: str) -> None:
        pen = self.pen
        pen.y += 3
        top, under = pen.y, len(pen.shapes)
        pen.y += 5
        pen.arrow((self.left + 3, pen.y + 8), (self.left + INDENT - 3, pen.y + 8))
        pen.text(name, self.left + INDENT + 12, self.width - INDENT - 24, "text", SMALL)
        pen.y += 6
        pen.box("end", self.left + INDENT, top, self.width - INDENT, corner=13, under=under)
        pen.y += 2

    def _other(self, way: Way) -> None:
        self._pointer(way, other=True)
        kind = _capital(way.kind.value) if way.kind else ""
        self._indented(f"{kind} to {way.where}", "strong", SMALL)
        if way.when:
            self._indented(way.when, "text", SMALL)
        self.pen.y += 3

    def _pointer(self, way: Way, *, other: bool) -> None:
        """A short arrow before the name of a stage; and a line to its card, if that is on this chart and far off."""
        middle = self.pen.y + 9
        self.pen.arrow((self.left + 1, middle), (self.left + INDENT - 4, middle), other=other)
        if self._jumps(way):
            self.jumps.append(_Jump(middle, way.to or "", other))

    def _indented(self, text: str, look: str, size: int) -> None:
        self.pen.text(text, self.left + INDENT, self.width - INDENT, look, size)

    def _rule(self) -> None:
        self.pen.y += 6
        self.pen.path("rule", (self.left, self.pen.y), (self.left + self.width, self.pen.y))
        self.pen.y += 6

    def _down(self, words: str) -> None:
        """An arrow from card to card, as long as the words beside it need."""
        pen, top, x = self.pen, self.pen.y, EDGE + 20
        if words:
            pen.y += 8
            pen.text(words, x + 14, self.right - x - 16, "text", SMALL)
            pen.y += 6
        pen.y = max(pen.y, top + ARROW)
        pen.arrow((x, top), (x, pen.y - 1))

    def _gap(self) -> None:
        self.pen.y += ARROW

    # --- Lanes: lines between cards that are not neighbours ---

    def _jumps(self, way: Way) -> bool:
        """Whether a way needs a line of its own: dotted ones always; others where they are not simply the next card."""
        return way.to in self.after

    def _lanes_from(self, rung: Rung) -> Iterable[tuple[int, bool, Key]]:
        ways = [*rung.others, *(result.way for result in rung.results if result.way)]
        if rung.onward and rung.onward.to != self.after[rung.key]:
            ways.append(rung.onward)
        keys = list(self.after)
        for way in ways:
            if way.to is not None and self._jumps(way):
                yield keys.index(way.to), way.kind is not None, way.to

    def _lead(self) -> None:
        """Lead every line to its card: one lane for each card they go to, the topmost card's nearest the cards."""
        for at, (_, other, to) in enumerate(self.lanes):
            x = self.right + 8 + LANE * at
            into = self.doors[to] + (10 if other else 0)
            heights = [jump.y for jump in self.jumps if jump.to == to and jump.other == other]
            for y in heights:
                # The farthest from each side draws the line; the others only join it, so that dots stay dots.
                if y == (min(heights) if y < into else max(heights)):
                    self.pen.arrow((self.right, y), (x, y), (x, into), (self.right + 1, into), other=other)
                else:
                    self.pen.path("line-other" if other else "line", (self.right, y), (x, y))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
