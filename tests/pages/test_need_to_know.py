"""What pages show to whom: words, people, dates, why somebody can look, and a look for a reason."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from commonground.core.acts import GoUp
from commonground.outbox.models import MessageRow
from commonground.people.models import Holding, Opening, Person, Post
from commonground.usecases import clock
from tests.pages.reading import be, text_of
from tests.partnership import Small

pytestmark = pytest.mark.django_db(transaction=True)

WORRY = "Two visits were missed."


@pytest.fixture
def raised(riverside: Small) -> tuple[UUID, str]:
    return riverside.raised(clock.now() - timedelta(minutes=10), words=WORRY)


def page(client: Client, riverside: Small, kind: str, post: str | None, address: str) -> str:
    answer = be(client, riverside, riverside.post(kind, post)).get(address)
    assert answer.status_code == 200
    return text_of(answer.content)


def test_a_page_says_why_its_reader_can_see_it(client: Client, riverside: Small, raised: tuple[UUID, str]) -> None:
    address = f"/d/{raised[1]}"
    assert "because you raised it" in page(client, riverside, "school", None, address)
    assert "for the side that was asked" in page(client, riverside, "social-care", None, address)


def test_the_office_sees_dates_and_posts_and_no_words_at_an_early_stage(
    client: Client, riverside: Small, raised: tuple[UUID, str]
) -> None:
    disagreement, reference = raised
    riverside.does(disagreement, riverside.post("school"), GoUp(), clock.now(), reasons="It cannot wait.")
    for address in (f"/d/{reference}", f"/d/{reference}/print"):
        text = page(client, riverside, "partnership", "office", address)
        assert WORRY not in text
        assert "It cannot wait." not in text
        assert "Pat School" not in text
    text = page(client, riverside, "partnership", "office", f"/d/{reference}")
    assert "the words are not for you" in text
    assert "Dates" in text
    assert "took it up" in text
    assert client.get(f"/d/{reference}/export").status_code == 404


def test_the_scrutineer_sees_how_it_went_without_words_and_people(
    client: Client, riverside: Small, raised: tuple[UUID, str]
) -> None:
    text = page(client, riverside, "partnership", "scrutineer", f"/d/{raised[1]}")
    assert WORRY not in text
    assert "Pat " not in text
    assert "without names of people" in text
    assert "Pat " not in page(client, riverside, "partnership", "scrutineer", f"/d/{raised[1]}/looked")


def test_a_reason_opens_it_and_everybody_can_read_the_reason(
    client: Client, riverside: Small, raised: tuple[UUID, str]
) -> None:
    _, reference = raised
    be(client, riverside, riverside.post("school", "senior"))
    assert client.get(f"/d/{reference}").status_code == 404

    answer = client.post("/look", {"reference": reference.lower(), "reason": "Her <b>manager</b> rang me."})

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/d/{reference}")
    text = text_of(client.get(f"/d/{reference}").content)
    assert WORRY in text
    assert "for the reason you gave" in text
    assert reference in text_of(client.get("/list", {"show": "waiting"}).content)
    for kind in ("school", "social-care"):
        looked = be(client, riverside, riverside.post(kind)).get(f"/d/{reference}/looked").content.decode()
        assert "Her &lt;b&gt;manager&lt;/b&gt; rang me." in looked
        assert "Pat School Senior" in looked


def test_the_same_reason_sent_twice_is_one_and_tells_once(
    client: Client, riverside: Small, raised: tuple[UUID, str]
) -> None:
    be(client, riverside, riverside.post("school", "senior"))
    sent = {"reference": raised[1], "reason": "Her manager rang me."}
    assert client.post("/look", sent).status_code == 302
    told = MessageRow.objects.count()
    assert client.post("/look", sent).status_code == 302
    assert Opening.objects.count() == 1
    assert MessageRow.objects.count() == told
    assert client.post("/look", {**sent, "reason": "She rang again."}).status_code == 302
    assert Opening.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Give the reference of the disagreement"),
        ({"reference": "{reference}"}, "Give your reason in words"),
        ({"reference": "{reference}", "reason": " \n "}, "Give your reason in words"),
        ({"reference": "{reference}", "reason": "x" * 2001}, "2,000 characters or fewer"),
        ({"reference": "{reference}" + "9" * 60, "reason": "x"}, "at most 40 characters"),
    ],
)
def test_what_is_missing_in_a_look_is_named(
    client: Client, riverside: Small, raised: tuple[UUID, str], sent: dict[str, str], said: str
) -> None:
    be(client, riverside, riverside.post("school", "senior"))
    answer = client.post("/look", {name: value.format(reference=raised[1]) for name, value in sent.items()})
    assert answer.status_code == 200
    assert said in text_of(answer.content)
    assert "<title>Error: " in answer.content.decode()
    assert not Opening.objects.exists()


def test_one_that_is_not_theirs_and_one_that_is_not_there_get_the_same_answer(
    client: Client, riverside: Small, raised: tuple[UUID, str]
) -> None:
    be(client, riverside, riverside.post("police", "senior"))
    pages = []
    for reference in (raised[1], "RIVE-222222"):
        answer = client.post("/look", {"reference": reference, "reason": "I want to know."})
        pages.append(text_of(answer.content).replace(reference, "REFERENCE"))
    assert pages[0] == pages[1]
    assert "There is no disagreement with this reference that you can look at" in pages[0]
    assert not Opening.objects.exists()


def test_the_raiser_sees_when_the_other_side_first_opened_it(
    client: Client, riverside: Small, raised: tuple[UUID, str]
) -> None:
    _, reference = raised
    assert "Not opened yet" in page(client, riverside, "school", None, f"/d/{reference}")
    page(client, riverside, "social-care", None, f"/d/{reference}")
    text = page(client, riverside, "school", None, f"/d/{reference}")
    assert "Not opened yet" not in text
    assert "First opened by the other side" in text


def test_access_ends_with_the_next_request(client: Client, riverside: Small, raised: tuple[UUID, str]) -> None:
    be(client, riverside, riverside.post("social-care"))
    assert client.get(f"/d/{raised[1]}").status_code == 200
    person = riverside.person(riverside.post("social-care"))
    Holding.objects.filter(person_id=person).update(to_on=clock.today() - timedelta(days=1))
    for address in (f"/d/{raised[1]}", "/list", f"/d/{raised[1]}/export"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_colleague_of_the_raiser_finds_nothing(client: Client, riverside: Small, raised: tuple[UUID, str]) -> None:
    school = riverside.post("school")
    somebody = Person.objects.create(key="a-colleague", full_name="Kim Colleague")
    Holding.objects.create(
        post=Post.objects.get(agency_id=school.agency, post=school.post), person=somebody, from_on=clock.today()
    )
    client.post("/choose/riverside", {"seat": f"a-colleague {school.agency} {school.post}"})
    assert client.get(f"/d/{raised[1]}").status_code == 404
    assert raised[1] not in text_of(client.get("/list", {"show": "waiting"}).content)
    found = text_of(client.get("/list", {"reference": raised[1]}).content)
    assert "There is no disagreement with this reference that you can see" in found
