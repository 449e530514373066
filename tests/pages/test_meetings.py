"""Meetings and panels through the pages: called, answered, changed, held, minuted, sent round, and who sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from commonground.core.acts import GoUp, Mark, Meet, Meets, PostRef, Rounds
from commonground.core.meetings import Meeting, MeetingState, meetings_of
from commonground.core.time import LONDON
from commonground.record import store
from commonground.usecases import clock
from tests.calendar_files import read_back
from tests.pages.reading import be, hidden, text_of
from tests.partnership import Small, small

pytestmark = pytest.mark.django_db(transaction=True)

PANEL = Path(__file__).parents[1] / "procedures" / "invented" / "harrowby-vale.yaml"
"""A procedure with a panel, a quorum, and people who may not sit."""

Sent = dict[str, str | list[str]]


@dataclass
class Vale:
    """A disagreement at the panel's stage, and a browser."""

    client: Client
    partnership: Small
    disagreement: UUID
    reference: str

    def post(self, kind: str, post: str | None = None) -> PostRef:
        return self.partnership.post(kind, post)

    def meeting(self) -> Meeting:
        return meetings_of(enumerate(store.read(self.disagreement), 1))[-1]

    def sees(self, by: PostRef, path: str = "") -> str:
        be(self.client, self.partnership, by)
        answer = self.client.get(f"/d/{self.reference}{path}")
        assert answer.status_code == 200, path
        return text_of(answer.content)

    def sends(self, by: PostRef, path: str, **typed: str | list[str]) -> str:
        """Fill in a form, send it, and give what the next page says."""
        be(self.client, self.partnership, by)
        page = self.client.get(f"/d/{self.reference}{path}")
        assert page.status_code == 200, path
        answer = self.client.post(f"/d/{self.reference}{path}", hidden(page.content) | as_shown(page.content) | typed)
        if answer.status_code == 302:
            answer = self.client.get(answer.headers["Location"])
        return text_of(answer.content)


def as_shown(content: bytes) -> Sent:
    """What a browser would send of a form that nobody touched: what is typed, ticked and chosen in it already."""
    page = content.decode()
    sent: Sent = {}
    for box in re.findall(r"<input[^>]*>", page):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', box))
        if given.get("type") == "text":
            sent[given["name"]] = given.get("value", "")
        elif given.get("type") in ("radio", "checkbox") and re.search(r"\bchecked\b", box):
            sent[given["name"]] = [*sent.get(given["name"], []), given["value"]]
    for name, options in re.findall(r'<select[^>]*name="([\w-]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]*\bselected\b', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


@pytest.fixture
def vale(client: Client, transactional_db: None, demonstration: None) -> Vale:
    partnership = small("riverside", PANEL)
    disagreement, reference = partnership.raised(clock.now() - timedelta(minutes=10))
    partnership.does(
        disagreement, partnership.post("school"), GoUp(to="ladder/panel"), clock.now(), reasons="It cannot wait."
    )
    assert partnership.standing(disagreement).stage == "panel"
    return Vale(client, partnership, disagreement, reference)


DAY = (clock.today() + timedelta(days=30)).timetuple()
SOON: Sent = {"meets_on-day": str(DAY[2]), "meets_on-month": str(DAY[1]), "meets_on-year": str(DAY[0])}


def value(post: PostRef) -> str:
    return f"{post.agency} {post.post}"


@pytest.fixture
def called(vale: Vale) -> Vale:
    """The panel is called by its chair: both service managers are asked, and somebody from the police."""
    text = vale.sends(
        vale.post("partnership", "panel-chair"),
        "/call-meeting",
        **SOON,
        meets_at="2pm",
        ends_at="3:30pm",
        where="Room 4, the old library",
        purpose="To hear both sides.",
        **{"other-1": value(vale.post("police", "service-manager"))},
    )
    assert "Sent at" in text
    return vale


def test_the_form_shows_what_the_procedure_says_of_its_panel_and_who_usually_meets(vale: Vale) -> None:
    text = vale.sees(vale.post("partnership", "panel-chair"), "/call-meeting")
    assert "Is this where “The panel decides” takes place?" in text
    assert "How many are needed: the chair and two members." in text
    assert "Who may not sit: anyone who took part at level A or B" in text
    assert "clause 7" in text or "clause hv.7" in text


def test_a_panel_that_is_called_shows_when_where_who_and_whose_answer_is_awaited(called: Vale) -> None:
    meeting = called.meeting()
    chair, police = called.post("partnership", "panel-chair"), called.post("police", "service-manager")
    assert meeting.body
    assert meeting.chair == chair
    assert {police, called.post("school", "service-manager")} <= set(meeting.invited)
    assert meeting.meets_at is not None
    assert meeting.meets_at.astimezone(LONDON).hour == 14
    assert meeting.coming == (chair,)

    text = called.sees(called.post("school", "service-manager"), f"/meetings/{meeting.number}")

    assert "Room 4, the old library" in text
    assert "To hear both sides." in text
    assert "2pm on" in text
    assert "to 3:30pm" in text
    assert "Still to answer, before it begins:" in text
    assert "the chair and two members" in text.lower()
    assert "Say whether you can come" in text
    assert "On neither side" in text
    assert "1 meeting" in called.sees(chair)
    assert "Put it in your calendar" in text


def test_whoever_has_the_move_is_led_to_the_meeting_that_was_called(
    client: Client, transactional_db: None, demonstration: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    partnership = small("riverside", PANEL)
    vale = Vale(client, partnership, *partnership.raised(clock.now() - timedelta(minutes=10)))
    owner = partnership.owner(vale.disagreement)

    def first_offer() -> str:
        be(client, partnership, owner)
        page = client.get(f"/d/{vale.reference}").content.decode()
        return str(re.findall(r'<a href="([^"]*)"[^>]*class="govuk-button', page)[0])

    assert first_offer() == f"/d/{vale.reference}/call-meeting"
    assert "Sent at" in vale.sends(owner, "/call-meeting", **SOON, meets_at="2pm", ends_at="3pm")
    number, ends = vale.meeting().number, vale.meeting().ends_at
    assert "It is called for 2pm on" in vale.sees(owner)
    assert first_offer() == f"/d/{vale.reference}/meetings/{number}"
    monkeypatch.setattr(clock, "now", lambda: ends)
    assert first_offer() == f"/d/{vale.reference}/meetings/{number}/held"
    assert "It was called for 2pm on" in vale.sees(owner)
    assert "Sent at" in vale.sends(owner, f"/meetings/{number}/held", said="Both were heard.")
    assert "It is called for" not in vale.sees(owner)
    assert "/meetings/" not in first_offer()


def test_somebody_who_is_asked_from_elsewhere_can_open_it_and_nobody_else_there(called: Vale) -> None:
    number = called.meeting().number
    assert "Room 4" in called.sees(called.post("police", "service-manager"), f"/meetings/{number}")
    be(called.client, called.partnership, called.post("health", "service-manager"))
    not_theirs = called.client.get(f"/d/{called.reference}/meetings/{number}")
    never = called.client.get("/d/RIVE-222222/meetings/3")
    assert (not_theirs.status_code, never.status_code) == (404, 404)
    for path in ("/meetings", f"/meetings/{number}.ics", f"/meetings/{number}/answer"):
        assert called.client.get(f"/d/{called.reference}{path}").status_code == 404


def test_what_is_no_meeting_is_not_there(called: Vale) -> None:
    be(called.client, called.partnership, called.post("partnership", "panel-chair"))
    for path in ("/meetings/1", "/meetings/999", "/meetings/1.ics", f"/meetings/{called.meeting().number}/no-such-act"):
        assert called.client.get(f"/d/{called.reference}{path}").status_code == 404, path


def test_answers_are_by_post_and_one_can_answer_for_another(called: Vale) -> None:
    number, police = called.meeting().number, called.post("police", "service-manager")
    care = called.post("social-care", "service-manager")
    called.sends(police, f"/meetings/{number}/answer", coming="yes")
    called.sends(called.post("partnership", "panel-chair"), f"/meetings/{number}/answer", coming="no", who=value(care))

    meeting = called.meeting()
    assert police in meeting.coming
    assert meeting.apologies == (care,)
    text = called.sees(police, f"/meetings/{number}")
    assert "Comes" in text
    assert "Cannot come" in text
    assert Mark.NOT_A_PARTY not in store.read(called.disagreement)[-2].marks


def test_whoever_is_not_asked_answers_for_somebody_who_is(called: Vale) -> None:
    number, police = called.meeting().number, called.post("police", "service-manager")
    office = called.post("partnership", "office")
    assert "Can they come?" in called.sees(office, f"/meetings/{number}/answer")
    assert "Choose whose answer it is" in called.sends(office, f"/meetings/{number}/answer", coming="yes")
    called.sends(office, f"/meetings/{number}/answer", coming="yes", who=value(police))
    assert police in called.meeting().coming


def test_an_answer_without_yes_or_no_is_asked_for_again(called: Vale) -> None:
    number = called.meeting().number
    text = called.sends(called.post("police", "service-manager"), f"/meetings/{number}/answer", words="Perhaps")
    assert "Choose yes or no" in text
    assert called.meeting().coming == (called.post("partnership", "panel-chair"),)


def test_another_time_asks_everybody_anew_and_whoever_is_dropped_is_told(called: Vale) -> None:
    number, chair = called.meeting().number, called.post("partnership", "panel-chair")
    police = called.post("police", "service-manager")
    called.sends(police, f"/meetings/{number}/answer", coming="yes")
    kept = [value(post) for post in called.meeting().invited if post != police]

    text = called.sends(chair, f"/meetings/{number}/change", meets_at="4:30pm", ends_at="", posts=kept, reasons="Room.")

    assert "Sent at" in text
    meeting = called.meeting()
    assert meeting.number == number
    assert meeting.changes == 1
    assert meeting.meets_at is not None
    assert meeting.meets_at.astimezone(LONDON).strftime("%H:%M") == "16:30"
    assert meeting.coming == (chair,)
    assert police not in meeting.invited
    ask = store.read(called.disagreement)[-1].ask
    assert isinstance(ask, Meet)
    assert ask.told == (police,)
    assert "Room 4, the old library" in called.sees(chair, f"/meetings/{number}")


def test_a_change_of_nothing_but_the_place_keeps_the_answers(called: Vale) -> None:
    number, police = called.meeting().number, called.post("police", "service-manager")
    called.sends(police, f"/meetings/{number}/answer", coming="yes")
    before = called.meeting()
    called.sends(called.post("partnership", "panel-chair"), f"/meetings/{number}/change", where="Room 5")
    now = called.meeting()
    assert (now.meets_at, now.ends_at, now.invited, now.coming) == (
        before.meets_at,
        before.ends_at,
        before.invited,
        before.coming,
    )
    assert "Room 5" in called.sees(police, f"/meetings/{number}")


def test_an_end_before_the_beginning_is_said_and_nothing_is_lost(vale: Vale) -> None:
    text = vale.sends(
        vale.post("partnership", "panel-chair"), "/call-meeting", **SOON, meets_at="2pm", ends_at="1pm", where="Room 4"
    )
    assert "The meeting must end after it begins" in text
    assert not [act for act in store.read(vale.disagreement) if isinstance(act.ask, Meet)]
    assert "This is your draft" in vale.sees(vale.post("partnership", "panel-chair"), "/call-meeting")


def test_a_cancelled_meeting_says_so_and_can_be_set_again(called: Vale) -> None:
    number, chair = called.meeting().number, called.post("partnership", "panel-chair")
    called.sends(chair, f"/meetings/{number}/cancel", reasons="The room is flooded.")
    assert called.meeting().state is MeetingState.CANCELLED
    text = called.sees(chair, f"/meetings/{number}")
    assert "It does not take place." in text
    assert "The room is flooded." in text
    called.sends(chair, f"/meetings/{number}/change", **SOON, meets_at="10am", ends_at="")
    assert called.meeting().state is MeetingState.CALLED


def test_held_with_too_few_is_marked_and_goes_on_to_the_decision(called: Vale) -> None:
    number, chair = called.meeting().number, called.post("partnership", "panel-chair")
    care = called.post("social-care", "service-manager")
    text = called.sends(
        chair,
        f"/meetings/{number}/held",
        posts=[value(chair), value(called.post("school", "service-manager"))],
        apologies=[value(care)],
        quorate="no",
        said="Both sides were heard.",
        differing="The school would have met sooner.",
    )
    assert "Too few met" in text
    meeting = called.meeting()
    assert meeting.state is MeetingState.HELD
    assert meeting.quorate is False
    assert meeting.apologies == (care,)
    assert "sit" in called.partnership.standing(called.disagreement).steps

    text = called.sends(
        chair,
        "/decide",
        result="change",
        reasons="A visit answers both worries.",
        no_differing="on",
        **{"why-not-papers": "Both had sent them."},
    )
    assert "Sent at" in text
    page = called.sees(chair, f"/meetings/{number}")
    assert "No. What was said counts all the same (asked for: the chair and two members)" in page
    assert "Both sides were heard." in page
    assert "A visit answers both worries." in page
    assert "What was decided" in page


def test_minutes_a_differing_view_and_what_is_sent_round_stay_with_who_was_told(called: Vale) -> None:
    number, chair = called.meeting().number, called.post("partnership", "panel-chair")
    school, police = called.post("school", "service-manager"), called.post("police", "service-manager")
    called.sends(chair, f"/meetings/{number}/held", posts=[value(chair), value(school)], said="We met.")
    called.sends(chair, f"/meetings/{number}/minutes", minutes="Item one. Item two.")
    called.sends(school, f"/meetings/{number}/differed", differing="Item two was never agreed.")
    text = called.sends(
        chair, f"/meetings/{number}/send-round", what=["papers", "minutes"], told=[value(school), value(police)]
    )
    assert "sent the papers and the minutes of a meeting round" in text

    ask = store.read(called.disagreement)[-1].ask
    assert isinstance(ask, Meet)
    assert ask.rounds == (Rounds.PAPERS, Rounds.MINUTES)
    page = called.sees(police, f"/meetings/{number}")
    assert "Item one. Item two." in page
    assert "Item two was never agreed." in page
    assert "Who was told, and when" in page
    assert "the message goes at" in page
    assert "Minutes are written, and were sent round." in page


def test_sending_round_asks_what_and_to_whom(called: Vale) -> None:
    number = called.meeting().number
    text = called.sends(called.post("partnership", "panel-chair"), f"/meetings/{number}/send-round", what=[], told=[])
    assert "Choose what you send round" in text
    assert "Choose who is told" in text
    assert "The minutes" not in text


def test_what_happened_on_paper_comes_in_afterwards_with_its_times_and_is_marked(vale: Vale) -> None:
    then = clock.now().astimezone(LONDON) - timedelta(days=3)
    when = {"happened_on-day": str(then.day), "happened_on-month": str(then.month), "happened_on-year": str(then.year)}
    chair, school = vale.post("partnership", "panel-chair"), vale.post("school", "service-manager")
    text = vale.sends(
        chair, "/meeting-held", **when, happened_at="11am", posts=[value(school)], said="We met in the hall."
    )
    assert "Written up late" in text
    act = store.read(vale.disagreement)[-1]
    assert act.happened_at.astimezone(LONDON).strftime("%Y-%m-%d %H") == then.strftime("%Y-%m-%d 11")
    meeting = vale.meeting()
    assert (meeting.state, meeting.meets_at) == (MeetingState.HELD, act.happened_at)
    assert "11am on" in vale.sees(chair, f"/meetings/{meeting.number}")


def test_a_meeting_that_was_called_is_chosen_where_one_is_recorded(called: Vale) -> None:
    number = called.meeting().number
    assert "Which meeting was it?" in called.sees(called.post("partnership", "panel-chair"), "/meeting-held")
    called.sends(called.post("partnership", "panel-chair"), "/meeting-held", said="It was held.")
    assert called.meeting().number == number
    assert called.meeting().state is MeetingState.HELD


def test_the_way_up_stands_on_every_page_of_a_meeting(called: Vale) -> None:
    number = called.meeting().number
    be(called.client, called.partnership, called.post("school", "service-manager"))
    for path in ("", "/answer", "/change", "/cancel", "/held", "/minutes", "/differed", "/send-round"):
        page = called.client.get(f"/d/{called.reference}/meetings/{number}{path}").content.decode()
        assert f'href="/d/{called.reference}/go-up"' in page, path
        assert "Level C (The panel decides): meeting at 2pm on" in text_of(page.split("<main")[1].encode()), path


def test_the_same_form_sent_twice_is_one_act(called: Vale) -> None:
    number, police = called.meeting().number, called.post("police", "service-manager")
    be(called.client, called.partnership, police)
    path = f"/d/{called.reference}/meetings/{number}/answer"
    sent = hidden(called.client.get(path).content) | {"coming": "yes"}
    first, again = called.client.post(path, sent), called.client.post(path, sent)
    assert first.headers["Location"] == again.headers["Location"]
    answers = [act for act in store.read(called.disagreement) if isinstance(act.ask, Meet)]
    assert [act.ask.does for act in answers if isinstance(act.ask, Meet)] == [Meets.CALLED, Meets.ANSWERED]


def test_the_calendar_file_read_back_is_the_meeting_and_names_nobody(called: Vale) -> None:
    meeting = called.meeting()
    be(called.client, called.partnership, called.post("school", "service-manager"))
    answer = called.client.get(f"/d/{called.reference}/meetings/{meeting.number}.ics")
    assert answer["Content-Disposition"] == f'attachment; filename="{called.reference}.ics"'
    read = read_back(answer.content)
    assert (read.method, read.uid, read.sequence, read.status) == ("PUBLISH", str(meeting.id), 0, "CONFIRMED")
    assert (read.begins, read.ends) == (meeting.meets_at, meeting.ends_at)
    assert read.summary == f"{called.reference}: meeting"
    assert read.link.endswith(f"/d/{called.reference}/meetings/{meeting.number}")
    assert read.people == ()
    plain = answer.content.decode().replace("\r\n ", "")
    for secret in ("Room 4", "hear both", "Pat ", "Elm Road", "chair", "ATTENDEE", "ORGANIZER"):
        assert secret not in plain, secret


def test_a_meeting_without_a_day_has_no_calendar_file_and_one_without_a_time_is_a_whole_day(vale: Vale) -> None:
    chair = vale.post("partnership", "panel-chair")
    vale.sends(chair, "/call-meeting", where="To be settled")
    number = vale.meeting().number
    assert "No day is set yet." in vale.sees(chair, f"/meetings/{number}")
    assert vale.client.get(f"/d/{vale.reference}/meetings/{number}.ics").status_code == 404

    vale.sends(chair, f"/meetings/{number}/change", **SOON)
    read = read_back(vale.client.get(f"/d/{vale.reference}/meetings/{number}.ics").content)
    meets_at = vale.meeting().meets_at
    assert meets_at is not None
    assert read.begins == meets_at.astimezone(LONDON).date()
    assert not isinstance(read.begins, datetime)
    assert read.sequence == 1
