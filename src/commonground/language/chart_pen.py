"""Draws shapes and wrapped text one under another: what the drawing of a chart is made with.

No style attribute and no script, so the strictest content policy lets it through. Each shape has a class, for the
page's own CSS (`chart.css`), and plain attributes, so that a drawing saved to a file looks right alone. Widths of
letters come from a table instead of a font, so the same text always breaks at the same place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape

LINE_HEIGHT: Final = 1.28  # of the letters' size

_SLACK: Final = 1.04  # for fonts a little wider than Arial
_NARROW = frozenset(" !'(),-./:;I[]fijlrt|‘’“”·")
_SLIM = frozenset("Jckszvxy")
_WIDE = frozenset("MW@%mw—…")

_LOOKS: Final = {
    "card": 'fill="#ffffff" stroke="#484949" stroke-width="2"',
    "card-been": 'fill="#f3f3f3" stroke="#484949" stroke-width="2"',
    "card-here": 'fill="#ffffff" stroke="#1d70b8" stroke-width="5"',
    "flag": 'fill="#1d70b8"',
    "flag-text": 'fill="#ffffff" font-weight="700"',
    "been": 'fill="none" stroke="#005a30" stroke-width="3"',
    "heading": 'fill="#0b0c0c" font-weight="700"',
    "strong": 'fill="#0b0c0c" font-weight="700"',
    "text": 'fill="#0b0c0c"',
    "quiet": 'fill="#484949"',
    "side": 'fill="none" stroke="#8a8d8f" stroke-width="1"',
    "rule": 'fill="none" stroke="#cecece" stroke-width="1"',
    "icon": 'fill="none" stroke="#0b0c0c" stroke-width="1.5"',
    "dot": 'fill="#0b0c0c"',
    "end": 'fill="#e9f3ee" stroke="#005a30" stroke-width="1.5"',
    "away": 'fill="none" stroke="#484949" stroke-width="1.5" stroke-dasharray="5 3"',
    "line": 'fill="none" stroke="#0b0c0c" stroke-width="2"',
    "line-other": 'fill="none" stroke="#484949" stroke-width="2" stroke-dasharray="2 4"',
    "head": 'fill="#0b0c0c"',
    "head-other": 'fill="#484949"',
}
"""Every look of a shape: its class is `cg-ladder__` and the look."""


@dataclass
class Pen:
    """What has been drawn, and how far down. `y` is the top of what comes next."""

    y: float = 0
    shapes: list[str] = field(default_factory=list)

    def text(self, text: str, x: float, width: float, look: str, size: int) -> None:
        """Write a text, wrapped to a width, and go down below it."""
        for line in wrapped(text, width, size, bold="700" in _LOOKS[look]):
            baseline = self.y + size
            self.shapes.append(
                f'<text class="cg-ladder__{look}" x="{number(x)}" y="{number(baseline)}" font-size="{size}"'
                f" {_LOOKS[look]}>{escape(line)}</text>"
            )
            self.y += size * LINE_HEIGHT

    def box(self, look: str, x: float, top: float, width: float, *, corner: int, under: int | None = None) -> None:
        """Draw a box from `top` down to here; under everything drawn since `under` shapes were there."""
        shape = (
            f'<rect class="cg-ladder__{look}" x="{number(x)}" y="{number(top)}" width="{number(width)}"'
            f' height="{number(self.y - top)}" rx="{corner}" {_LOOKS[look]}/>'
        )
        self.shapes.insert(len(self.shapes) if under is None else under, shape)

    def circle(self, look: str, x: float, y: float, radius: float) -> None:
        """Draw a circle around a point."""
        self.shapes.append(
            f'<circle class="cg-ladder__{look}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" {_LOOKS[look]}/>'
        )

    def path(self, look: str, *points: tuple[float, float]) -> None:
        """Draw straight lines from point to point; a look that fills closes them."""
        path = "L".join(f"{number(x)} {number(y)}" for x, y in points)
        closed = "" if 'fill="none"' in _LOOKS[look] else "z"
        self.shapes.append(f'<path class="cg-ladder__{look}" d="M{path}{closed}" {_LOOKS[look]}/>')

    def arrow(self, *points: tuple[float, float], other: bool = False) -> None:
        """Draw a line from point to point that ends in an arrowhead; dotted where it is another way."""
        (x0, y0), (x, y) = points[-2:]
        across, down = (x > x0) - (x < x0), (y > y0) - (y < y0)
        self.path("line-other" if other else "line", *points[:-1], (x - 6 * across, y - 6 * down))
        back = (x - 8 * across, y - 8 * down)
        sides = ((back[0] + 5 * down, back[1] + 5 * across), (back[0] - 5 * down, back[1] - 5 * across))
        self.path("head-other" if other else "head", (x, y), *sides)

    def raw(self, shape: str) -> None:
        """Add a shape as it is."""
        self.shapes.append(shape)


def wrapped(text: str, width: float, size: int, *, bold: bool = False) -> list[str]:
    """This will break a text into lines no wider than `width` units; a word too long for a line is broken too."""
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, width, size, bold):
            longer = f"{lines[-1]} {piece}" if lines[-1] else piece
            if lines[-1] and width_of(longer, size, bold=bold) > width:
                lines.append(piece)
            else:
                lines[-1] = longer
    return lines


def width_of(text: str, size: int, *, bold: bool = False) -> float:
    """This will say about how wide a line comes out, in units."""
    return sum(_letter(char) for char in text) * size * _SLACK * (1.06 if bold else 1)


def number(value: float) -> str:
    """This will write a number as shortly as a drawing needs it."""
    return f"{value:.1f}".removesuffix(".0")


def _pieces(word: str, width: float, size: int, bold: bool) -> Iterator[str]:
    piece = ""
    for char in word:
        if piece and width_of(piece + char, size, bold=bold) > width:
            yield piece
            piece = ""
        piece += char
    yield piece


def _letter(char: str) -> float:
    if char in _NARROW:
        return 0.28
    if char in _WIDE or ord(char) > 0x2E80:  # from there on scripts are as wide as high
        return 1.0
    if char in _SLIM:
        return 0.5
    return 0.74 if char.isupper() else 0.56
