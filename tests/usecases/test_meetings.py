"""What people are mailed of a meeting: a calendar file each, compared with the record; and who keeps a part in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from pytest_django.fixtures import Settings

from commonground import fence
from commonground.core.acts import Advise, GoUp, Meet, Meets, PostRef, Rounds
from commonground.core.decide import Accepted
from commonground.core.meetings import Meeting, MeetingState, meetings_of
from commonground.core.time import LONDON
from commonground.outbox import messages
from commonground.outbox.calendar_file import Entry, Method, calendar_file
from commonground.people.models import Person
from commonground.record import store
from commonground.usecases import clock
from commonground.usecases.handle import NotThere
from commonground.usecases.posting import by_mail
from commonground.usecases.reading import read
from tests.calendar_files import ReadBack, read_back
from tests.partnership import Small, small

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Meeters:
    """A disagreement, and people with addresses who can be asked to a meeting about it."""

    partnership: Small
    disagreement: UUID
    reference: str

    def post(self, kind: str) -> PostRef:
        return self.partnership.post(kind)

    def does(self, by: str, at: datetime | None = None, **meet: Any) -> Meeting:
        """Do something about a meeting, and give it as it then stands."""
        said = {"where": "Room 4, the old library", "purpose": "About Sam Example."}
        ask = Meet(held=meet.get("meets") is Meets.HELD, **meet)
        answer = self.partnership.does(self.disagreement, self.post(by), ask, at or clock.now(), **said)
        assert isinstance(answer, Accepted)
        return self.meeting()

    def meeting(self) -> Meeting:
        return meetings_of(enumerate(store.read(self.disagreement), 1))[-1]

    def mails(self) -> dict[str, list[EmailMessage]]:
        """Send all that waits, and give the mails about meetings by the address that they went to."""
        mail.outbox.clear()
        with fence.everywhere("what waits to go"):
            messages.send_due(clock.now() + timedelta(days=4), by_mail)
        found: dict[str, list[EmailMessage]] = {}
        for one in mail.outbox:
            parsed = message_from_bytes(one.message().as_bytes(), policy=default)
            assert isinstance(parsed, EmailMessage)
            if "meeting" in one.body:
                found.setdefault(one.to[0], []).append(parsed)
        return found


@pytest.fixture
def meeters(transactional_db: None, settings: Settings) -> Meeters:
    settings.DEFAULT_FROM_EMAIL = "Commonground <no-reply@commonground.example>"
    partnership = small("riverside")
    for person in Person.objects.all():
        Person.objects.filter(pk=person.pk).update(email=f"{person.key}@riverside.example")
    return Meeters(partnership, *partnership.raised(clock.now() - timedelta(minutes=10)))


def soon(hour: int = 14) -> datetime:
    """A moment some weeks from now, in London."""
    return datetime.combine(clock.today() + timedelta(days=30), datetime.min.time(), LONDON) + timedelta(hours=hour)


def address(meeters: Meeters, post: PostRef) -> str:
    return f"{meeters.partnership.person(post)}@riverside.example"


def calendars(one: EmailMessage) -> list[ReadBack]:
    """What a calendar makes of a mail: the part beside the text, and the file."""
    kinds = ("text/calendar", "application/ics")
    return [read_back(content(part)) for part in one.walk() if part.get_content_type() in kinds]


def content(part: Any) -> bytes:
    return bytes(part.get_payload(decode=True))


def test_who_is_asked_gets_a_file_that_is_the_meeting(meeters: Meeters) -> None:
    care, police = meeters.post("social-care"), meeters.post("police")
    meeting = meeters.does("school", meets_at=soon(), ends_at=soon(15), invited=(care, police))

    mails = meeters.mails()

    for post in (care, police):
        [one] = mails[address(meeters, post)]
        beside, file = calendars(one)
        assert beside == file
        assert (file.method, file.status, file.sequence) == ("REQUEST", "CONFIRMED", 0)
        assert (file.uid, file.begins, file.ends) == (str(meeting.id), meeting.meets_at, meeting.ends_at)
        assert file.summary == f"{meeters.reference}: meeting"
        assert file.people == ("mailto:no-reply@commonground.example", f"mailto:{address(meeters, post)}")
        assert f"/d/{meeters.reference}/meetings/{meeting.number}" in file.link
        method = next(part for part in one.walk() if part.get_content_type() == "text/calendar").get_param("method")
        assert method == "REQUEST"
        assert [part.get_filename() for part in one.iter_attachments()] == [f"{meeters.reference}.ics"]
        body = one.get_body(("plain",))
        assert body is not None
        text = body.get_content()
        assert "You are asked to come to a meeting." in text
        assert "It is at 2pm on" in text
        assert f"/d/{meeters.reference}/meetings/{meeting.number}" in text


@pytest.mark.parametrize("summer", [True, False])
def test_a_file_is_in_utc_whatever_the_clocks_in_london_do(summer: bool) -> None:
    begins = datetime(2026, 7 if summer else 1, 6, 14, 0, tzinfo=LONDON)
    entry = Entry(UUID(int=7), 2, "RIVE-222222", "https://x.test/d", begins, begins + timedelta(hours=2), False, begins)
    file = calendar_file(entry, Method.PUBLISH)
    assert f"DTSTART:20260{7 if summer else 1}06T1{3 if summer else 4}0000Z".encode() in file
    read = read_back(file)
    assert (read.begins, read.ends, read.sequence) == (begins, begins + timedelta(hours=2), 2)


def test_no_place_no_purpose_and_nobody_s_name_leaves_with_it(meeters: Meeters) -> None:
    meeters.does("school", meets_at=soon(), invited=(meeters.post("social-care"),), chair=meeters.post("school"))
    [[one]] = meeters.mails().values()
    parts = [content(part) for part in one.walk() if part.get_content_maintype() != "multipart"]
    everything = (str(one["Subject"]) + b" ".join(parts).decode()).replace("\r\n ", "")
    for secret in ("Room 4", "library", "Sam Example", "Pat ", "Elm Road", "Riverside"):
        assert secret not in everything, secret


def test_changes_raise_the_sequence_and_who_is_dropped_or_called_off_is_sent_a_cancellation(meeters: Meeters) -> None:
    care, police = meeters.post("social-care"), meeters.post("police")
    first = meeters.does("school", meets_at=soon(), invited=(care, police))
    of: dict[str, Any] = {"meeting": first.id}
    changed = meeters.does("school", meets=Meets.CHANGED, meets_at=soon(16), invited=(care,), told=(police,), **of)
    cancelled = meeters.does("school", meets=Meets.CANCELLED, meets_at=soon(16), invited=(care,), **of)
    assert (changed.changes, cancelled.changes, cancelled.state) == (1, 2, MeetingState.CANCELLED)

    mails = meeters.mails()

    cares = [calendars(one)[0] for one in mails[address(meeters, care)]]
    assert [(one.method, one.status, one.sequence) for one in cares] == [
        ("REQUEST", "CONFIRMED", 0),
        ("REQUEST", "CONFIRMED", 1),
        ("CANCEL", "CANCELLED", 2),
    ]
    assert {one.uid for one in cares} == {str(first.id)}
    assert [one.begins for one in cares] == [soon(14), soon(16), soon(16)]
    polices = [calendars(one)[0] for one in mails[address(meeters, police)]]
    assert [(one.method, one.sequence) for one in polices] == [("REQUEST", 0), ("CANCEL", 1)]


def test_what_is_only_to_be_read_brings_no_calendar_file(meeters: Meeters) -> None:
    care = meeters.post("social-care")
    first = meeters.does("school", meets_at=soon(), invited=(care,))
    meeters.mails()
    meeters.does("social-care", meets=Meets.ANSWERED, meeting=first.id, present=(care,), told=(meeters.post("school"),))
    meeters.does("school", meets=Meets.SENT_ROUND, meeting=first.id, rounds=(Rounds.PAPERS,), told=(care,))
    mails = meeters.mails()
    assert set(mails) == {address(meeters, meeters.post("school")), address(meeters, care)}
    assert all(calendars(one) == [] for several in mails.values() for one in several)


def test_a_meeting_written_down_afterwards_is_put_in_nobodys_calendar(meeters: Meeters) -> None:
    care = meeters.post("social-care")
    meeters.does("school", meets_at=clock.now() - timedelta(days=2), invited=(care,))
    [one] = meeters.mails()[address(meeters, care)]
    assert calendars(one) == []


def test_who_was_asked_has_a_part_until_the_stage_is_over_and_is_let_in_again_by_what_is_sent_round(
    meeters: Meeters,
) -> None:
    police = meeters.post("police")
    meeting = meeters.does("school", meets_at=soon(), invited=(police,))
    scope = meeters.partnership.scope(police)
    assert read(scope, meeters.disagreement).until is None
    meeters.partnership.does(meeters.disagreement, meeters.post("school"), GoUp(), clock.now())
    assert read(scope, meeters.disagreement).until is not None
    meeters.does("school", meets=Meets.MINUTES, meeting=meeting.id)
    assert read(scope, meeters.disagreement).until is not None
    meeters.does("school", meets=Meets.SENT_ROUND, meeting=meeting.id, rounds=(Rounds.MINUTES,), told=(police,))
    assert read(scope, meeters.disagreement).until is None
    with pytest.raises(NotThere):
        read(meeters.partnership.scope(meeters.post("health")), meeters.disagreement)


def test_an_answer_or_a_cancellation_lets_nobody_in(meeters: Meeters) -> None:
    police, health = meeters.post("police"), meeters.post("health")
    meeting = meeters.does("school", meets_at=soon(), invited=(police,))
    meeters.does("school", meets=Meets.ANSWERED, meeting=meeting.id, present=(health,), told=(health,))
    meeters.does("school", meets=Meets.CANCELLED, meeting=meeting.id, invited=(health,))
    with pytest.raises(NotThere):
        read(meeters.partnership.scope(health), meeters.disagreement)
    meeters.partnership.does(meeters.disagreement, meeters.post("school"), Advise(health, given=False), clock.now())
    assert read(meeters.partnership.scope(health), meeters.disagreement).until is None
