"""Somebody who looks after a school's directory: a joiner, a deputy, an absence, and the page says who answers now."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from commonground.core.acts import PostRef
from commonground.people.models import Administrator, Holding, Person, Post
from tests.browser import PHONE, expect_error_summary, expect_sound, fresh_page
from tests.partnership import Small, small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_joiner_becomes_deputy_and_answers_while_the_holder_is_away(
    chromium: Browser, live_server: LiveServer, demonstration: None, scripts: bool
) -> None:
    partnership = small()
    given_somebody_looks_after(partnership, "riverside-school")
    with fresh_page(chromium, scripts=scripts, width=PHONE) as page:
        keeper = Keeper(page, live_server.url)
        keeper.is_chosen(partnership)
        if scripts:
            page.get_by_role("button", name="Menu").click()  # on a telephone the menu is folded
        keeper.follows("Administration")
        keeper.follows("Elm Road School")
        keeper.follows("Somebody joins")
        keeper.presses("Add them")
        if scripts:
            expect_error_summary(page, "Enter their full name", "Choose their post")
        keeper.writes("Full name", "Robin Invented")
        title = page.locator("option[value=practitioner]").inner_text().capitalize()
        page.get_by_label("Which post?").select_option("practitioner")
        page.get_by_label("They are a deputy", exact=False).check()
        keeper.presses("Add them")
        keeper.sees("Robin Invented", f"{title}, deputy")

        keeper.follows("People and posts")
        keeper.follows("Pat School Practitioner")
        keeper.follows("They are away")
        keeper.presses("See what this changes")
        keeper.sees("What this changes", "Robin Invented, who is the post’s deputy.", "0 open disagreements")
        keeper.presses("Make this change")
        keeper.sees("nobody knows until when")

        keeper.follows("People and posts")
        keeper.follows(title)
        expect(page.locator("h2").first).to_have_text("Who answers today, and why")
        keeper.sees("Robin Invented, who is the post’s deputy.")

        keeper.goes_to("/administration/agency/riverside-school/review")
        keeper.presses("I have gone through this list")
        keeper.sees("Kim Keeper went through it last")
        keeper.goes_to("/administration/agency/riverside-school/file")
        page.get_by_label("The file (CSV or Excel)").set_input_files(
            {"name": "directory.csv", "mimeType": "text/csv", "buffer": A_FILE.encode()}
        )
        keeper.presses("Check the file")
        keeper.sees("Joiners: 1", "Leavers: 0")
        keeper.presses("Take it in: 1 join, 0 leave, 0 changes")
        keeper.sees("Kim Keeper took in a file at")


A_FILE = "agency key,post,full name,deputy order\nriverside-school,senior,Sam Invented,1\n"


def given_somebody_looks_after(partnership: Small, agency: str) -> None:
    post = Post.objects.create(agency_id=agency, post="records")
    keeper = Person.objects.create(key="keeper", full_name="Kim Keeper")
    Holding.objects.create(post=post, person=keeper, from_on=date(2020, 1, 1))
    Administrator.objects.create(person=keeper, agency_id=agency, from_on=date(2020, 1, 1))
    assert partnership.person(PostRef(agency, "records")) == "keeper"


class Keeper:
    """Somebody at a telephone, who looks after a directory. Every page they see is checked."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def is_chosen(self, partnership: Small) -> None:
        self.page.goto(f"{self.address}/choose/{partnership.key}")
        self.page.locator("button[value='keeper riverside-school records']").click()

    def goes_to(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")
        self.looks()

    def follows(self, link: str) -> None:
        self.page.get_by_role("link", name=link, exact=True).first.click()
        self.looks()

    def presses(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()
        self.looks()

    def writes(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)

    def looks(self) -> None:
        self.page.wait_for_load_state()  # its style sheets too: the checks are of what is seen
        expect_sound(self.page)
        for name in ("Pat ", "Robin", "Kim"):
            assert name not in self.page.title()
