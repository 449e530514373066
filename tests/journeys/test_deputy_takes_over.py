"""Somebody is away: their deputy signs in, has the move, and answers in that post. Nothing waited for one person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from commonground.people.models import Absence, Holding, Person, Post
from commonground.usecases import clock
from tests.journeys.steps import signed_in
from tests.partnership import small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False])
def test_the_deputy_has_the_move_and_answers(chromium: Browser, live_server: LiveServer, scripts: bool) -> None:
    partnership = small("riverside", "sussex-six-step")
    disagreement, reference = partnership.raised(clock.now() - timedelta(minutes=5))
    asked = partnership.owner(disagreement)
    Absence.objects.create(person_id=partnership.person(asked), from_on=clock.today())
    deputy = Person.objects.create(key="a-deputy", full_name="Kim Deputising")
    held = Post.objects.get(agency_id=asked.agency, post=asked.post)
    Holding.objects.create(post=held, person=deputy, deputy=1, from_on=clock.today())

    with signed_in(chromium, live_server, partnership, asked, deputy.key, scripts=scripts) as answering:
        expect(answering.page.locator("main")).to_contain_text(reference)
        answering.goes_to(f"/d/{reference}")
        answering.sees("Yours:", "Two visits were missed.")
        answering.does(reference, "Reply", answer="agree", reasons="We will go today.")

    act = partnership.standing(disagreement)
    assert act.position == 2
    with signed_in(chromium, live_server, partnership, partnership.post("school"), scripts=scripts) as teacher:
        teacher.page.goto(f"{live_server.url}/d/{reference}")
        expect(teacher.page.locator("#act-2")).to_contain_text("Kim Deputising")


def test_with_the_deputy_away_too_the_next_tier_has_it(chromium: Browser, live_server: LiveServer) -> None:
    partnership = small("riverside", "sussex-six-step")
    disagreement, reference = partnership.raised(clock.now() - timedelta(minutes=5))
    asked = partnership.owner(disagreement)
    Absence.objects.create(person_id=partnership.person(asked), from_on=clock.today())
    manager = partnership.post("social-care", "first-line")

    with signed_in(chromium, live_server, partnership, manager) as serving:
        expect(serving.page.locator("main")).to_contain_text(reference)
        serving.goes_to(f"/d/{reference}")
        serving.sees("Yours:")
