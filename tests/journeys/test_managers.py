"""Managers: one side of paper before a call, who is stuck, handing over before leave, what was agreed afterwards."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from commonground.core.acts import Answer as Answered
from commonground.core.acts import GoUp, Reply
from commonground.usecases import clock
from tests.browser import screens
from tests.journeys.steps import at_a_browser
from tests.partnership import Small, small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Two visits were missed and nobody has seen the child at home since the first of the month. " * 30


@pytest.fixture
def partnership(transactional_db: None, demonstration: None) -> Small:
    return small("riverside", "sussex-six-step")


def test_a_brief_fits_on_one_side_of_paper(
    chromium: Browser, live_server: LiveServer, partnership: Small, shots: Path
) -> None:
    now = clock.now()
    disagreement, reference = partnership.raised(now - timedelta(days=3), words=LONG)
    asked = partnership.owner(disagreement)
    partnership.does(disagreement, asked, Reply(Answered.DISAGREE), now - timedelta(days=2), reasons=LONG)
    partnership.does(disagreement, partnership.post("school"), GoUp(), now - timedelta(days=1), reasons=LONG)

    with at_a_browser(chromium, live_server, partnership, partnership.post("school")) as teacher:
        teacher.goes_to(f"/d/{reference}")
        teacher.page.get_by_role("link", name="Read it on one page, to print or to ring by").click()
        teacher.looks()
        teacher.sees("Whose move", "Two visits were missed", "Who has it, and how to ring them", "01632 960100")
        paper = PdfReader(io.BytesIO(teacher.page.pdf(format="A4", prefer_css_page_size=True)))
        assert len(paper.pages) == 1
        screens(teacher.page, f"{live_server.url}/d/{reference}/brief", "managers-brief", shots)
