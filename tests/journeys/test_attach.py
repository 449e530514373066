"""A file goes with a reply: what is hidden in it is seen first, the other side gets it, a wrong one stops nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from commonground.usecases import clock
from tests.browser import PHONE, expect_error_summary, expect_sound
from tests.files.examples import AUTHOR, PROGRAM, jpeg, pdf
from tests.journeys.steps import Somebody, at_a_browser
from tests.partnership import Small, small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REFUSED = (
    "“plan.pdf” is a file that cannot be sent. It is: program for Windows. Save it as PDF or as a picture, and choose "
    "that. You can always send without it. What you wrote is kept."
)
WHY = "Why? What will you do for the child?"


@pytest.fixture
def riverside(demonstration: None, settings: Settings, tmp_path: Path) -> Small:
    settings.FILES = tmp_path / "files"
    return small()


def chooses_a_file(somebody: Somebody, folder: Path, name: str, data: bytes, button: str) -> None:
    (folder / name).write_bytes(data)
    somebody.page.get_by_label("Choose a file").set_input_files(folder / name)
    somebody.presses(button)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_photograph_goes_with_a_reply_without_where_it_was_taken(
    chromium: Browser, live_server: LiveServer, riverside: Small, tmp_path: Path, scripts: bool
) -> None:
    disagreement, reference = riverside.raised(clock.now())
    owner = riverside.owner(disagreement)
    with at_a_browser(chromium, live_server, riverside, owner) as social_worker:
        page = social_worker.page
        if not scripts:
            page.route("**/*.js", lambda route: route.abort())
        page.set_viewport_size({"width": PHONE, "height": 740})
        social_worker.goes_to(f"/d/{reference}/reply")
        social_worker.writes(WHY, "The photograph shows it.")
        social_worker.presses("Add a file")
        social_worker.sees("What you wrote is kept. Nothing is sent yet.", "The other agency will see this.")

        chooses_a_file(social_worker, tmp_path, "plan.pdf", PROGRAM, "Add this file")
        if scripts:  # the summary takes the focus by script
            expect_error_summary(page, REFUSED)
        social_worker.sees("There is a problem", REFUSED)
        expect_sound(page)

        chooses_a_file(social_worker, tmp_path, "photo.jpg", jpeg(), "Add this file")
        social_worker.sees("Where it was taken", "51.25000, -0.50000", AUTHOR)
        expect_sound(page)
        social_worker.presses("Use a copy without this")
        social_worker.sees("Nothing else that is hidden was found in it.")
        chooses_a_file(social_worker, tmp_path, "the plan.pdf", pdf(author=""), "Add another file")
        page.get_by_role("link", name="Go on with what you wrote").click()
        expect(page.get_by_label(WHY)).to_have_value("The photograph shows it.")
        social_worker.sees("photo.jpg (JPEG picture", "the plan.pdf (PDF")
        expect_sound(page)
        social_worker.chooses("We agree")
        social_worker.presses("Send")
        social_worker.sees("Sent at")
        expect(page.locator("body")).not_to_contain_text("not sent yet")

    with at_a_browser(chromium, live_server, riverside, riverside.post("school")) as teacher:
        teacher.goes_to(f"/d/{reference}")
        teacher.sees("photo.jpg", "the plan.pdf")
        expect_sound(teacher.page)
        with teacher.page.expect_download() as taken:
            teacher.page.locator("a[download]", has_text="photo.jpg").click()
        assert taken.value.suggested_filename == "photo.jpg"
        got = Path(taken.value.path()).read_bytes()
        assert AUTHOR.encode() not in got
        assert got.startswith(b"\xff\xd8\xff")


def test_to_escalate_is_held_up_by_no_file(
    chromium: Browser, live_server: LiveServer, riverside: Small, tmp_path: Path
) -> None:
    _, reference = riverside.raised(clock.now())
    with at_a_browser(chromium, live_server, riverside, riverside.post("school")) as teacher:
        teacher.goes_to(f"/d/{reference}/go-up")
        teacher.presses("Add a file")
        chooses_a_file(teacher, tmp_path, "photo.jpg", jpeg(), "Add this file")
        teacher.page.get_by_role("link", name="Go on with what you wrote").click()
        teacher.looks()
        teacher.presses("Escalate it")
        teacher.sees("Sent at", "1 file of yours is not sent yet.")
        teacher.page.get_by_role("link", name="Send what is left").click()
        teacher.sees("Look at this first photo.jpg")
