"""Where each part of a procedure stands in its file, kept while the parts are rewritten and merged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from commonground.language.mistakes import Mistake, Plain, Positions, Where
from commonground.language.schema import Shape


@dataclass(frozen=True, slots=True)
class Spot:
    """One place in one file, as the file has it and as a message names it (`routes[general].stages[two].clock`)."""

    positions: Positions
    where: Where
    named: str

    def of(self, key: str) -> Spot:
        """This will give the spot of a key in a group."""
        return Spot(self.positions, (*self.where, key), f"{self.named}.{key}" if self.named else key)

    def item(self, number: int, listed: Plain, shape: Shape | None = None) -> Spot:
        """This will give the spot of an item in a list; a single value that stands for a list of one has no number."""
        if not isinstance(listed, list):
            return self
        return Spot(self.positions, (*self.where, number), f"{self.named}[{_called(listed[number], shape) or number}]")

    def mistake(self, *, write: str, found: str | None = None, of_key: bool = False) -> Mistake:
        """This will make a mistake here. Without `found`, what stands here is shown as it was typed."""
        line, column = self.positions.line_and_column(self.where, of_key=of_key)
        found = found or self.positions.as_typed(self.where)
        return Mistake(self.positions.file, line, column, self.named or "the file", found, write)


@dataclass(slots=True)
class Part:
    """A value with its spot: a group (names to parts), a list of parts, or anything else as it stands."""

    value: Any
    spot: Spot


def plain_of(part: Part) -> tuple[Any, dict[Where, Spot]]:
    """This will give the bare value of a part, and the spot of every path inside it."""
    spots: dict[Where, Spot] = {}

    def bare(part: Part, where: Where) -> Any:
        spots[where] = part.spot
        if isinstance(part.value, dict):
            return {name: bare(inner, (*where, name)) for name, inner in part.value.items()}
        if isinstance(part.value, list):
            return [bare(inner, (*where, number)) for number, inner in enumerate(part.value)]
        return part.value

    return bare(part, ()), spots


def spot_of(spots: dict[Where, Spot], where: Where) -> Spot:
    """This will give the spot of a path, or of the nearest thing that holds it."""
    while where not in spots:
        where = where[:-1]
    return spots[where]


def _called(item: Plain, shape: Shape | None) -> str | None:
    if shape is None or not isinstance(item, dict):
        return None
    names: Iterator[Any] = (item.get(word) for word in (shape.own_word, "key") if word)
    return next((name for name in names if isinstance(name, str)), None)
