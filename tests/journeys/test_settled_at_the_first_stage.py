"""Each of the shipped procedures, from the first worry to an outcome that both sides have confirmed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from commonground.core.procedure import EndingKind, Procedure
from commonground.language.library import shipped
from tests.journeys.steps import at_a_browser, how_it_ended
from tests.partnership import NAMES, small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_matter_two_sides_can_settle(procedure: Procedure) -> tuple[str, str]:
    """A matter whose first stage both sides can settle between them, and the ending that says so."""
    for matter in procedure.matters:
        route, _, stage = (matter.to or procedure.routes[0].key).partition("/")
        first = procedure.stage(route, stage) if stage else procedure.route(route).stages[0]
        agreed = [key for key in first.endings if procedure.ending(key).kind is EndingKind.AGREED]
        if agreed and first.decision is None and first.body is None and matter.elsewhere is None:
            return matter.name, agreed[0]
    raise LookupError(procedure.key)


@pytest.mark.parametrize(
    "procedure",
    # One of them with every change; all scenarios of all of them are told without a browser (tests/pages).
    [pytest.param(one, marks=() if at == 0 else pytest.mark.long) for at, one in enumerate(sorted(shipped()))],
)
def test_two_people_settle_it(chromium: Browser, live_server: LiveServer, demonstration: None, procedure: str) -> None:
    partnership = small("riverside", procedure)
    matter, ending = a_matter_two_sides_can_settle(partnership.procedure)

    with at_a_browser(chromium, live_server, partnership, partnership.post("school")) as teacher:
        reference = teacher.raises(matter, against=NAMES["social-care"])
        owner = partnership.owner(partnership.find(reference))
        assert not teacher.has_the_move(reference)

        with at_a_browser(chromium, live_server, partnership, owner) as social_worker:
            assert social_worker.has_the_move(reference)
            social_worker.does(reference, "Record a talk", medium="telephone", said="We rang each other.")
            social_worker.does(reference, "Reply", answer="agree", reasons="You are right about the visits.")
            social_worker.writes_note(reference)
            teacher.writes_note(reference)
            teacher.puts_forward(reference, ending)
            social_worker.confirms(reference)

        teacher.goes_to(f"/d/{reference}")
        teacher.sees("Ended: ", "Visit the child")
    assert how_it_ended(partnership, reference) == ending
