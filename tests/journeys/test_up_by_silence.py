"""Nobody answers: the silence is recorded, the next tier has it on both sides, and the managers settle it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from commonground.core.procedure import EndingKind, Then
from commonground.language.library import shipped
from tests.journeys.steps import at_a_browser, how_it_ended, time_passes
from tests.journeys.test_settled_at_the_first_stage import a_matter_two_sides_can_settle
from tests.partnership import NAMES, small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_procedure_that_goes_up_by_silence() -> str:
    for key, (procedure, _) in sorted(shipped().items()):
        first = procedure.routes[0].stages[0]
        if first.clock.then is Then.UP and first.next and first.decision is None:
            return key
    raise LookupError


def test_silence_takes_it_to_the_managers(chromium: Browser, live_server: LiveServer, demonstration: None) -> None:
    partnership = small("riverside", a_procedure_that_goes_up_by_silence())
    matter, _ = a_matter_two_sides_can_settle(partnership.procedure)

    with at_a_browser(chromium, live_server, partnership, partnership.post("school")) as teacher:
        reference = teacher.raises(matter, against=NAMES["social-care"])
        disagreement = partnership.find(reference)
        first = partnership.owner(disagreement)

        while len(partnership.standing(disagreement).visited) == 1:
            time_passes(partnership, reference)

        teacher.goes_to(f"/d/{reference}")
        teacher.sees("Silence was recorded", "By silence")
        manager = partnership.owner(disagreement)
        assert manager != first
        with at_a_browser(chromium, live_server, partnership, manager) as answering:
            assert answering.has_the_move(reference)
            assert reference in answering.page.title()
            answering.writes_note(reference)
            ending = next(
                key
                for key in partnership.procedure.stage(
                    *partnership.standing(disagreement).visited[-1].split("/")
                ).endings
                if partnership.procedure.ending(key).kind is EndingKind.AGREED
            )
            answering.puts_forward(reference, ending)
        teacher.writes_note(reference)
        teacher.confirms(reference)
    assert how_it_ended(partnership, reference) == ending
