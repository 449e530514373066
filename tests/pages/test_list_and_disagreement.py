"""My list and the page of a disagreement, over the real record."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from commonground.core.acts import Answer, Audience, Medium, Note, Reply, Talk
from commonground.people.access import scopes_of
from commonground.people.models import Holding, Look, Person, Post
from commonground.record.words import typed
from commonground.usecases import clock
from commonground.usecases.handle import Asking, handle
from tests.pages.reading import be, text_of
from tests.partnership import SINCE, Small

pytestmark = pytest.mark.django_db(transaction=True)


def test_nobody_in_particular_sees_the_first_page_and_nothing_else(client: Client, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now())
    for page in ("/list", f"/d/{reference}", "/raise"):
        answer = client.get(page)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/"), page
    assert "Riverside Partnership" in text_of(client.get("/").content)


def test_outside_a_demonstration_nobody_can_be_chosen(client: Client, riverside: Small, settings: Settings) -> None:
    be(client, riverside, riverside.post("school"))
    settings.DEMONSTRATION = False
    assert client.get("/list").status_code == 302
    assert client.get("/choose/riverside").status_code == 404
    assert "Riverside" not in text_of(client.get("/").content)


def test_a_disagreement_is_on_the_list_of_whoever_has_the_move(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now())
    owner = riverside.owner(disagreement)
    needs_me, waiting = (
        be(client, riverside, owner).get(page).content.decode() for page in ("/list", "/list?show=waiting")
    )
    assert reference in needs_me
    assert "You, the " in needs_me
    assert reference not in waiting

    be(client, riverside, riverside.post("school"))
    assert reference not in client.get("/list").content.decode()
    assert reference in client.get("/list?show=waiting").content.decode()


def test_the_page_begins_with_whose_move_it_is(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now())
    owner = riverside.owner(disagreement)
    be(client, riverside, owner)
    page = client.get(f"/d/{reference}").content.decode()
    main = page[page.index("<main") :]
    assert main.index("Whose move") < main.index("ring 999") < main.index("<h1")
    assert "Yours:" in main
    assert "Two visits were missed." in main
    assert "Escalate it" in main
    assert f"/d/{reference}/go-up" in main
    assert "What is not open now, and why" in main


def test_someone_elses_disagreement_and_none_at_all_look_the_same(client: Client, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now())
    be(client, riverside, riverside.post("police"))
    theirs = client.get(f"/d/{reference}")
    nobodys = client.get("/d/RI-ZZZZZZ")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content
    assert not Look.objects.exists()


def test_every_reader_is_seen_to_have_looked(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now())
    be(client, riverside, riverside.owner(disagreement)).get(f"/d/{reference}")
    be(client, riverside, riverside.post("school"))
    page = text_of(client.get(f"/d/{reference}").content)
    assert "Who has looked" in page
    assert "Responding side" in page
    assert "Raised it" in page


def test_an_agencys_own_words_stay_in_the_agency(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now() - timedelta(hours=1))
    school = riverside.post("school")
    note = typed("note", "for our eyes only", Audience.OWN_AGENCY, school.agency)
    handle(riverside.scope(school), disagreement, Asking(Note(approved=True), (note,)))
    be(client, riverside, school)
    assert "for our eyes only" in text_of(client.get(f"/d/{reference}").content)
    be(client, riverside, riverside.owner(disagreement))
    assert "for our eyes only" not in text_of(client.get(f"/d/{reference}").content)


def test_hostile_words_are_shown_exactly_as_typed(client: Client, riverside: Small) -> None:
    words = "<script>alert('1')</script> & \u202eevil\u202c  two  spaces\n\ttabbed 🧒🏽 𒐫 \x00 end"
    _, reference = riverside.raised(clock.now(), words=words)
    be(client, riverside, riverside.post("school"))
    page = client.get(f"/d/{reference}").content.decode()
    assert "<script>alert" not in page
    assert words in unescape(page)


def test_every_date_on_the_page_opens_its_working(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now())
    be(client, riverside, riverside.post("school"))
    page = client.get(f"/d/{reference}").content.decode()
    limits = riverside.standing(disagreement).limits
    assert limits
    dates = page[page.index('id="dates"') : page.index('id="owed"')]
    assert dates.count("How we worked this out") == len(limits)
    assert "calendar version" in dates


def test_what_the_timeline_says_is_what_was_done(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now() - timedelta(hours=2))
    owner = riverside.owner(disagreement)
    riverside.does(disagreement, owner, Reply(Answer.DISAGREE), clock.now(), reasons="We saw it otherwise.")
    be(client, riverside, riverside.post("school"))
    page = text_of(client.get(f"/d/{reference}").content)
    assert "did not agree" in page
    assert "We saw it otherwise." in page
    assert page.index("did not agree") < page.rindex("raised this"), "newest first"


def test_both_sides_are_beside_each_other_each_reader_on_the_left(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now() - timedelta(hours=2), words="We are worried.")
    owner, school = riverside.owner(disagreement), riverside.post("school")
    riverside.does(disagreement, owner, Reply(Answer.IN_PART), clock.now(), reasons="We saw it otherwise.")
    riverside.does(disagreement, school, Talk(Medium.TELEPHONE), clock.now(), said="We rang them.")
    note = typed("note", "for our eyes only", Audience.OWN_AGENCY, school.agency)
    handle(riverside.scope(school), disagreement, Asking(Note(approved=True), (note,)))

    for post, first, second in (
        (school, "We are worried.", "We saw it otherwise."),
        (owner, "We saw it otherwise.", "We are worried."),
    ):
        be(client, riverside, post)
        page = text_of(client.get(f"/d/{reference}").content)
        sides = page[page.index("What each side said") : page.index("What is agreed, and what is not")]
        assert sides.index("You said") < sides.index(first) < sides.index("They said") < sides.index(second)
        assert "We rang them." in sides
        assert "for our eyes only" not in sides
        agreed = page[page.index("What is agreed, and what is not") : page.index("About this disagreement")]
        assert "The side that was asked agreed in part." in agreed


def test_inside_one_agency_what_each_said_stands_on_their_own_side(client: Client, riverside: Small) -> None:
    school = riverside.post("school")
    colleague = Person.objects.create(key="a-colleague", full_name="Pat Colleague")
    post = Post.objects.get(agency_id=school.agency, post=school.post)
    Holding.objects.create(post=post, person=colleague, from_on=SINCE)
    disagreement, reference = riverside.raised(clock.now() - timedelta(hours=2), against="school", words="We worry.")
    scope = next(one for one in scopes_of("a-colleague", clock.today()) if one.seat == school)
    said = (typed("reasons", "We saw it otherwise.", Audience.PARTIES, school.agency),)
    handle(scope, disagreement, Asking(Reply(Answer.DISAGREE), said))

    be(client, riverside, school)
    page = text_of(client.get(f"/d/{reference}").content)
    sides = page[page.index("What each side said") : page.index("What is agreed, and what is not")]
    assert sides.index("You said") < sides.index("We worry.") < sides.index("They said")
    assert sides.index("They said") < sides.index("We saw it otherwise.")
    assert sides.count("We worry.") == sides.count("We saw it otherwise.") == 1
    assert "Who is it for?" not in client.get(f"/d/{reference}/write").content.decode(), "there is nobody to choose"


def test_the_newest_fifty_acts_are_shown_and_the_rest_are_a_click_away(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now() - timedelta(hours=2))
    school = riverside.post("school")
    for number in range(2, 104):
        riverside.does(disagreement, school, Talk(Medium.TELEPHONE), clock.now(), said=f"Said in act {number}.")
    be(client, riverside, school)

    def acts(address: str) -> list[int]:
        return [int(one) for one in re.findall(r'id="act-(\d+)"', client.get(address).content.decode())]

    def ways(address: str) -> list[str]:
        return re.findall(rf'href="(/d/{reference}\?until=\d+)#timeline"', client.get(address).content.decode())

    page = f"/d/{reference}"
    assert acts(page) == list(range(103, 53, -1))
    (earlier,) = ways(page)
    assert acts(earlier) == list(range(53, 3, -1))
    before, after = ways(earlier)
    assert acts(before) == [3, 2, 1]
    assert acts(after) == acts(page)
    assert acts(f"{page}/print") == list(range(103, 0, -1)), "on paper all are there"
    for nothing in ("0", "999", "-1", "x", "9" * 40, "٣"):
        assert acts(f"{page}?until={nothing}") == acts(page)


def test_the_chart_is_folded_on_the_page_and_says_where_this_is(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now())
    be(client, riverside, riverside.post("school"))
    page = client.get(f"/d/{reference}").content.decode()
    chart = page[page.index("See where this is in the procedure") :]
    assert "<svg" in chart
    stage = riverside.procedure.stage(*riverside.standing(disagreement).visited[-1].split("/"))
    assert f"You are here: {stage.label} ({stage.heading})" in text_of(chart.encode())
