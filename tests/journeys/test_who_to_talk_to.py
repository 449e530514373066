"""Somebody asks who their opposite number is: in a disagreement, then at an agency, while somebody there is away."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from commonground.people.models import Absence
from commonground.usecases import clock
from tests.journeys.steps import at_a_browser
from tests.partnership import NAMES, small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_one_press_says_who_it_is_today_and_why(
    chromium: Browser, live_server: LiveServer, demonstration: None
) -> None:
    partnership = small("riverside")
    disagreement, reference = partnership.raised(clock.now())
    owner = partnership.owner(disagreement)
    Absence.objects.create(person_id=partnership.person(owner), from_on=date(2020, 1, 1))

    with at_a_browser(chromium, live_server, partnership, partnership.post("school")) as teacher:
        teacher.goes_to(f"/d/{reference}")
        teacher.page.get_by_role("link", name="Who is my opposite number?").click()
        teacher.looks()
        teacher.sees("At every stage", "nobody in the post is here today", "If nobody answers")
        expect(teacher.page.locator("[aria-current=step]")).to_have_count(1)

        teacher.page.get_by_role("link", name="Who to talk to").click()
        teacher.looks()
        teacher.page.get_by_role("link", name=NAMES["social-care"]).click()
        teacher.looks()
        teacher.sees("Your opposite number", "faces yours at", "01632 960199")
