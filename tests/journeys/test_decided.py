"""A post the procedure names decides, with reasons; both sides say that they received it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from commonground.core.procedure import Matter, Procedure, Result
from commonground.language.library import shipped
from tests.journeys.steps import at_a_browser, how_it_ended
from tests.partnership import NAMES, small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_matter_that_is_decided_at_once() -> tuple[str, Procedure, Matter, Result]:
    for key, (procedure, _) in sorted(shipped().items()):
        for matter in procedure.matters:
            route, _, stage = (matter.to or procedure.routes[0].key).partition("/")
            first = procedure.stage(route, stage) if stage else procedure.route(route).stages[0]
            for result in first.decision.results if first.decision else ():
                if result.ends:
                    return key, procedure, matter, result
    raise LookupError


def test_the_decider_decides_and_both_sides_confirm(
    chromium: Browser, live_server: LiveServer, demonstration: None
) -> None:
    key, _, matter, result = a_matter_that_is_decided_at_once()
    partnership = small("riverside", key)

    with at_a_browser(chromium, live_server, partnership, partnership.post("school")) as teacher:
        reference = teacher.raises(matter.name, against=NAMES["social-care"])
        disagreement = partnership.find(reference)
        decider = partnership.owner(disagreement)

        with at_a_browser(chromium, live_server, partnership, decider) as deciding:
            assert deciding.has_the_move(reference)
            deciding.does(
                reference,
                "Record a decision",
                button="Record the decision",
                result=result.key,
                reasons="A conference is needed, because nobody has seen the child.",
                no_differing="on",
            )
            deciding.writes_note(reference)
            deciding.goes_to(f"/d/{reference}/confirm")
            deciding.presses("Confirm the outcome")
        teacher.writes_note(reference)
        teacher.goes_to(f"/d/{reference}/confirm")
        teacher.presses("Confirm the outcome")
        teacher.sees("Sent at")
    assert how_it_ended(partnership, reference) == result.ends
