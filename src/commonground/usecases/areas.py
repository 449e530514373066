"""Which area a child belongs to, and so which partnership's procedure governs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from commonground.core.procedure import Key
from commonground.people.access import Scope
from commonground.usecases.directory import partnerships
from commonground.usecases.situation import adopted

SIBLING: Final = "sibling"
RAISED_BY_BOTH: Final = "raised by both"
"""Facts that whoever raises it may give, beside those about an area (core/telling.py)."""


@dataclass(frozen=True)
class Area:
    """Another partnership, and whether what is raised from here can be raised there."""

    key: Key
    name: str
    governs: bool


def other_areas(scope: Scope, held: Iterable[Scope]) -> tuple[Area, ...]:
    """This will list the other partnerships there are, by name. `held`: every seat of the same person."""
    own = {one.partnership for one in _same_seat(scope, held)}
    others = (one for one in partnerships() if one[0] != scope.partnership)
    return tuple(Area(key, name, key in own and bool(adopted(key))) for key, name in others)


def seat_in(scope: Scope, area: Key, held: Iterable[Scope]) -> Scope:
    """This will give the seat to raise from where a child lives in another area.

    The same post there, where its agency belongs to that partnership too and a procedure runs there; else the seat as
    it is: what can't be raised there is raised here. `held`: every seat of the same person.
    """
    there = next((one for one in _same_seat(scope, held) if one.partnership == area), None)
    return there if there is not None and adopted(area) else scope


def _same_seat(scope: Scope, held: Iterable[Scope]) -> tuple[Scope, ...]:
    return tuple(one for one in held if (one.seat, one.seated) == (scope.seat, scope.seated))
