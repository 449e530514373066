"""My list and the page of a disagreement, over the real record."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from commonground.core.acts import Answer, Audience, Note, Reply
from commonground.people.models import Look
from commonground.record.words import typed
from commonground.usecases import clock
from commonground.usecases.handle import Asking, handle
from tests.pages.reading import be, text_of
from tests.partnership import Small

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
