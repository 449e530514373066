"""Somebody leaves their agency while they are signed in: their next click finds nothing, and going back neither."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from commonground.people.administering import charges_of
from commonground.people.models import Administrator, Person
from commonground.usecases import clock
from commonground.usecases.staff.people import leave_agency
from tests.journeys.steps import signed_in
from tests.partnership import small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False])
def test_the_next_click_of_a_leaver_finds_nothing(chromium: Browser, live_server: LiveServer, scripts: bool) -> None:
    partnership = small("riverside", "sussex-six-step")
    disagreement, reference = partnership.raised(clock.now() - timedelta(minutes=5))
    asked = partnership.owner(disagreement)
    administrator = Person.objects.create(key="an-administrator", full_name="Sam Keeper")
    Administrator.objects.create(person=administrator, agency_id=asked.agency, from_on=clock.today())

    with signed_in(chromium, live_server, partnership, asked, scripts=scripts) as leaver:
        leaver.goes_to(f"/d/{reference}")
        leaver.sees("Two visits were missed.")

        charge = charges_of(administrator.key, clock.today())[0]
        yesterday = clock.today() - timedelta(days=1)
        leave_agency(charge, asked.agency, partnership.person(asked), yesterday, clock.now())

        for path in (f"/d/{reference}", "/list", f"/d/{reference}/print", f"/d/{reference}/reply"):
            leaver.goes_to(path)
            expect(leaver.page.locator("h1")).to_have_text("You hold no post here today")
            expect(leaver.page.locator("body")).not_to_contain_text(reference)
        leaver.page.go_back()
        leaver.page.go_back()
        leaver.page.go_back()
        leaver.page.go_back()
        expect(leaver.page.locator("body")).not_to_contain_text("Two visits were missed.")
