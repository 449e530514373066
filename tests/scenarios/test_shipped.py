"""Every shipped scenario plays as it says; together they show every route, three ways, and every command."""

from __future__ import annotations

from dataclasses import MISSING, fields
from functools import cache

import pytest

from commonground.core.acts import KINDS, PassTime, Raise, Redate
from commonground.language.library import shipped
from commonground.language.playing import SEES, Played, play
from commonground.language.scenarios import DEEDS, EXPECTATIONS, Scenario, read_scenario, shipped_scenarios
from tests.core.small import TEXT, small

SHIPPED = shipped_scenarios()

NOT_WRITTEN = {
    # The service fills these in when it keeps a record; nobody says them.
    (Raise, "partnership"),
    (Raise, "reference"),
    # Written as what brings them about: `silence-of` and `new-bank-holiday`.
    (PassTime, "event"),
    (Redate, "calendar"),
}

EVERY_FIELD = """
scenario: Every field of every command that the shipped scenarios leave out
procedure: small
route: ladder
shows: Not a story; a list.
agencies: {school: school, social-care: social-care, police: police}
story:
- {at: Mon 2 Mar 2026 10:00, by: school worker, raises: referral, with: social-care, facts: {rating: urgent}}
- {at: Mon 2 Mar 2026 10:01, by: school worker, writes: letter, step: notice}
- {at: Mon 2 Mar 2026 10:02, by: school worker, talks: telephone, step: talk}
- {at: Mon 2 Mar 2026 10:03, by: social-care worker, replies: agree, step: reply}
- {at: Mon 2 Mar 2026 10:04, by: school worker, takes-advice-of: school senior, step: talk}
- {at: Mon 2 Mar 2026 10:05, by: school worker, notes: approved, step: talk}
- {at: Mon 2 Mar 2026 10:06, by: school worker, rates: urgent}
- {at: Mon 2 Mar 2026 10:07, by: school worker, dissents: will challenge, step: talk}
- {at: Mon 2 Mar 2026 10:08, by: school worker, goes-up: next stage, urgent: yes}
- at: Mon 2 Mar 2026 10:09
  by: school manager
  states-view: agrees with own worker
  step: view
  expect: {because: the procedure names it, not-told: police manager, what: step view}
- {at: Mon 2 Mar 2026 10:10, by: school manager, holds-meeting: no time yet, step: meet}
- at: Mon 2 Mar 2026 10:10
  by: school manager
  says-of-meeting: sent round
  of: 6f1f0b8e-0000-4000-8000-000000000002
  meets-at: Mon 2 Mar 2026 10:05
  until: Mon 2 Mar 2026 10:10
  chair: school manager
  the-body-sits: yes
  enough-met: no
  apologies: school worker
  what: [papers, minutes]
  sent-to: social-care manager
  expect: {told: social-care manager}
- {at: Mon 2 Mar 2026 10:11, by: school manager, flags: linked, linked-to: 6f1f0b8e-0000-4000-8000-000000000001}
"""


@cache
def played(name: str) -> Played:
    return play(read_scenario(SHIPPED[name]))


def told() -> list[Scenario]:
    """Every shipped scenario, and the list of every field."""
    return [every_field(), *(played(name).scenario for name in SHIPPED)]


@cache
def every_field() -> Scenario:
    procedure = small(TEXT.replace("\nmatters:", "\nratings: [routine, urgent]\nmatters:"))
    return read_scenario(EVERY_FIELD, procedures={"small": (procedure, "digest")})


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_goes_as_it_says(name: str) -> None:
    differences = played(name).differences

    assert not differences, "\n".join(map(str, differences))


def test_every_route_has_a_settled_one_a_silent_one_and_an_urgent_one() -> None:
    routes = {(key, route.key) for key, (procedure, _) in shipped().items() for route in procedure.routes}
    found: dict[str, set[tuple[str, str]]] = {"settled at once": set(), "silent": set(), "urgent": set()}
    for one in map(played, SHIPPED):
        scenario, last = one.scenario, one.lines[-1][2]
        route = (scenario.setting.procedure.key, scenario.route)
        if last.ended is not None and _counted(scenario, last.visited) == 1:
            found["settled at once"].add(route)
        if any(moment.command.ask == PassTime("stage") for _, moments, _ in one.lines for moment in moments):
            found["silent"].add(route)
        raised = scenario.story[0].does
        if isinstance(raised, Raise) and raised.urgent:
            found["urgent"].add(route)

    assert {what: routes - shown for what, shown in found.items()} == {what: set() for what in found}


def _counted(scenario: Scenario, visited: tuple[str, ...]) -> int:
    """How many of the stages entered the text itself counts as stages."""
    places = (place.split("/") for place in visited)
    return sum(scenario.setting.procedure.stage(route, stage).counts for route, stage in places) or 1


def test_every_command_and_every_field_of_it_can_be_written() -> None:
    scenarios = told()
    asked = [line.does for scenario in scenarios for line in scenario.story]
    written = {
        (type(ask), field.name)
        for ask in asked
        if ask is not None
        for field in fields(ask)
        if field.default is MISSING or getattr(ask, field.name) != field.default
    }

    assert {(kind, field.name) for kind in KINDS for field in fields(kind)} - written == NOT_WRITTEN


def test_every_word_of_the_format_is_used_and_can_be_seen() -> None:
    scenarios = told()
    done = {word for scenario in scenarios for line in scenario.story for word, _ in line.shown}
    expected = {one.word for scenario in scenarios for line in scenario.story for one in line.expected}

    assert set(DEEDS) - done == set()
    assert set(EXPECTATIONS) - expected == set()
    assert set(SEES) == set(EXPECTATIONS)


def test_the_list_of_every_field_plays() -> None:
    differences = play(every_field()).differences

    assert not differences, "\n".join(map(str, differences))
