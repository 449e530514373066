"""Raising a disagreement through its pages: nothing is in the way, nothing typed is lost, sent twice is sent once."""

from __future__ import annotations

import pytest
from django.test import Client

from commonground.record import store
from commonground.record.models import StandingRow
from commonground.web.models import DraftRow
from tests.pages.reading import be, hidden, text_of
from tests.partnership import Small

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def school(client: Client, riverside: Small) -> Client:
    return be(client, riverside, riverside.post("school"))


def matter(client: Client) -> str:
    """The value of the first matter on the page."""
    page = client.get("/raise/matter").content.decode()
    return page.split('name="matter" type="radio" value="')[1].split('"')[0]


def send(client: Client, **over: str) -> str:
    """Press the button on the page that checks the answers; gives where that leads."""
    page = client.get("/raise/check").content
    answer = client.post("/raise/check", hidden(page) | over)
    assert answer.status_code == 302, text_of(answer.content)
    return str(answer.headers["Location"])


def the_one(riverside: Small) -> StandingRow:
    return StandingRow.objects.get(partnership=riverside.key)


def test_nothing_but_what_it_is_about_needs_to_be_answered(school: Client, riverside: Small) -> None:
    school.post("/raise/matter", {"matter": matter(school)})
    where = send(school)

    row = the_one(riverside)
    assert row.reference in where
    page = school.get(where)
    said = text_of(page.content)
    assert "Sent at" in said
    assert row.reference in said
    assert not DraftRow.objects.exists()
    first = store.read(row.disagreement)[0]
    assert not first.said, "nothing that was not typed is made up"


def test_every_answer_arrives_as_it_was_typed(school: Client, riverside: Small) -> None:
    care = riverside.agency("social-care")
    answers = {
        "danger": {"danger": "no"},
        "matter": {"matter": matter(school)},
        "child": {"about": "child", "child": "EL-114, J S, 2019"},
        "decision": {
            "decision": "Closed with\r\nno further action",
            "decided_on-day": "3",
            "decided_on-month": "3",
            "decided_on-year": "2026",
            "decided_at": "3pm",
        },
        "who": {"agency": care, "decided_by": "the assessment team"},
        "worry": {"worry": "  Two <b>visits</b> missed & \x00 🧒🏽 \u202e"},
        "wanted": {
            "wanted": "A strategy meeting",
            "wanted_on-day": "1",
            "wanted_on-month": "june",
            "wanted_on-year": "2099",
        },
        "start": {"why": "", "stage": ""},
    }
    for question, answer in answers.items():
        assert school.post(f"/raise/{question}", answer).status_code == 302, question
    check = text_of(school.get("/raise/check").content)
    assert "EL-114, J S, 2019" in check
    assert "Send to Riverside Children’s Services" in check
    assert "Not given" in check, "what is missing is shown as missing"
    send(school)

    row = the_one(riverside)
    act = store.read(row.disagreement)[0]
    words = {piece.said.field: piece.text for piece in store.words_of(row.disagreement, [act])[1]}  # type: ignore[union-attr]
    assert words["child"] == "EL-114, J S, 2019"
    assert words["decision"] == "Closed with\nno further action"
    assert words["worry"] == "  Two <b>visits</b> missed & \x00 🧒🏽 \u202e"
    assert words["wanted"] == "A strategy meeting"
    assert act.ask.responding == (care,)  # type: ignore[union-attr]
    assert str(act.ask.wanted_on) == "2099-06-01"  # type: ignore[union-attr]
    assert act.ask.decision_at.isoformat() == "2026-03-03T15:00:00+00:00"  # type: ignore[union-attr]


def test_sent_twice_it_is_raised_once(school: Client, riverside: Small) -> None:
    school.post("/raise/matter", {"matter": matter(school)})
    fields = hidden(school.get("/raise/check").content)
    first = school.post("/raise/check", fields)
    again = school.post("/raise/check", fields)
    assert first.headers["Location"] == again.headers["Location"]
    assert StandingRow.objects.count() == 1


def test_too_long_is_kept_as_a_draft_and_the_rest_is_sent(school: Client, riverside: Small) -> None:
    school.post("/raise/matter", {"matter": matter(school)})
    long = "worried " * 2_501
    school.post("/raise/worry", {"worry": long})
    school.post("/raise/wanted", {"wanted": "A visit"})
    check = text_of(school.get("/raise/check").content)
    assert "You wrote 20,008 characters here. The most that can be sent is 20,000." in check

    where = send(school)

    row = the_one(riverside)
    fields = [said.field for said in store.read(row.disagreement)[0].said]
    assert fields == ["wanted"]
    assert "kept as your draft" in text_of(school.get(where).content)
    write = school.get(f"/d/{row.reference}/write").content.decode()
    assert long in write


def test_a_date_nobody_can_read_is_named_and_stops_nothing(school: Client, riverside: Small) -> None:
    school.post("/raise/matter", {"matter": matter(school)})
    wrong = {"wanted": "A visit", "wanted_on-day": "31", "wanted_on-month": "2", "wanted_on-year": "2027"}
    page = school.post("/raise/wanted", wrong)
    assert "The date must be a real date" in text_of(page.content)
    assert school.post("/raise/wanted", wrong | {"leave": "yes"}).status_code == 302
    assert "31 2 2027 (this could not be read, and is not sent)" in text_of(school.get("/raise/check").content)
    send(school)
    assert store.read(the_one(riverside).disagreement)[0].ask.wanted_on is None  # type: ignore[union-attr]


def test_an_agency_that_is_not_listed_is_reached_by_the_office(school: Client, riverside: Small) -> None:
    school.post("/raise/matter", {"matter": matter(school)})
    school.post("/raise/who", {"agency": "not listed", "decided_by": "a hospital in another area"})
    assert "Send to the partnership’s office" in text_of(school.get("/raise/check").content)
    send(school)
    assert the_one(riverside).owner_agency == riverside.agency("partnership")


def test_danger_comes_first_and_makes_it_urgent(school: Client, riverside: Small) -> None:
    answer = school.post("/raise", {"danger": "yes"})
    assert answer.headers["Location"] == "/raise/ring-first"
    page = text_of(school.get("/raise/ring-first").content)
    assert "ring 999 now" in page
    assert "01632 960199" in page
    school.post("/raise/matter", {"matter": matter(school)})
    send(school)
    assert store.read(the_one(riverside).disagreement)[0].ask.urgent  # type: ignore[union-attr]


def test_something_that_no_list_names_is_raised_all_the_same(school: Client, riverside: Small) -> None:
    school.post("/raise/matter", {"matter": "other"})
    send(school)
    assert "Not in the procedure's list" in text_of(school.get(f"/d/{the_one(riverside).reference}").content)


def test_answers_are_there_when_somebody_comes_back(school: Client, riverside: Small) -> None:
    school.post("/raise/worry", {"worry": "Half a sentence"})
    other = be(Client(), riverside, riverside.post("school"))
    assert "Half a sentence" in other.get("/raise/worry").content.decode()
    assert "You began this before" in text_of(other.get("/raise").content)
    other.post("/raise/anew")
    assert "Half a sentence" not in other.get("/raise/worry").content.decode()
    somebody_else = be(Client(), riverside, riverside.post("police"))
    school.post("/raise/worry", {"worry": "Mine alone"})
    assert "Mine alone" not in somebody_else.get("/raise/worry").content.decode()


@pytest.mark.parametrize("sent", [{}, {"command": "no uuid"}, {"command": "\x00", "position": "9" * 50}])
def test_hostile_hidden_fields_break_nothing(school: Client, riverside: Small, sent: dict[str, str]) -> None:
    school.post("/raise/matter", {"matter": matter(school)})
    assert school.post("/raise/check", sent).status_code == 302
    assert StandingRow.objects.count() == 1


def test_even_what_it_is_about_may_be_left_out(school: Client) -> None:
    asked = school.post("/raise/matter", {})
    assert "Go on without this answer" in asked.content.decode()
    assert school.post("/raise/matter", {"leave": "yes"}).status_code == 302

    page = school.get("/raise/check").content
    assert school.post("/raise/check", hidden(page)).status_code == 302

    assert StandingRow.objects.get().phase == "open"
