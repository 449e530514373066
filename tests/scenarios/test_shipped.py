"""Every shipped scenario plays as it says; and they show every route, and what each special rule is there for."""

from __future__ import annotations

import pytest

from commonground.language.playing import play
from commonground.language.scenarios import read_scenario, shipped_scenarios

SHIPPED = shipped_scenarios()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_goes_as_it_says(name: str) -> None:
    played = play(read_scenario(SHIPPED[name]))

    assert not played.differences, "\n".join(map(str, played.differences))
