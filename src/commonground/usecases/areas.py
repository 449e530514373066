"""Which area a child belongs to, and so which partnership's procedure governs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from commonground.core.procedure import Key
from commonground.people import access
from commonground.people.access import Scope
from commonground.people.models import Partnership
from commonground.usecases import clock
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


def other_areas(scope: Scope) -> tuple[Area, ...]:
    """This will list the other partnerships there are, by name."""
    own = {one.partnership for one in _same_seat(scope)}
    rows = Partnership.objects.exclude(key=scope.partnership).values_list("key", "name")
    return tuple(Area(key, name, key in own and bool(adopted(key))) for key, name in rows)


def seat_in(scope: Scope, area: Key) -> Scope:
    """This will give the seat to raise from where a child lives in another area.

    The same post there, where its agency belongs to that partnership too and a procedure runs there; else the seat as
    it is: what can't be raised there is raised here.
    """
    there = next((one for one in _same_seat(scope) if one.partnership == area), None)
    return there if there is not None and adopted(area) else scope


def _same_seat(scope: Scope) -> tuple[Scope, ...]:
    held = access.scopes_of(scope.person, clock.today())
    return tuple(one for one in held if (one.seat, one.seated) == (scope.seat, scope.seated))
