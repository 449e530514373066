"""Who gets a message, and that each gets it once: over a real mail server that takes some and refuses others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.test import override_settings
from pytest_django.fixtures import Settings

from commonground.core.acts import PostRef
from commonground.core.procedure import Key, TellOn
from commonground.core.telling import Beside, Notice
from commonground.core.time import Calendar
from commonground.outbox import mail, messages
from commonground.outbox.addressees import addressees
from commonground.outbox.models import Delivery, MessageRow, State
from commonground.people.models import GuestLink, Person, Post
from commonground.usecases import posting
from commonground.usecases.sweep import sweep
from commonground.wording import DANGER
from tests.people.directories import NOON, PARTNERSHIP, Written, give_part, ref, write
from tests.storage import doors
from tests.storage.mailserver import MailServer, free_port, mail_server

pytestmark = pytest.mark.django_db

CALENDAR = Calendar("a nation", "1", (), date(2026, 1, 1), date(2026, 12, 31))
WORKER, FIRST = "care/practitioner", "care/first-line"
CARE = {"office/office": "olu", WORKER: "ann bob", FIRST: "flo", "clinic/named": ""}


@pytest.fixture(scope="module")
def running() -> Iterator[MailServer]:
    """One server for all tests here."""
    with mail_server() as server:
        yield server


@pytest.fixture
def server(running: MailServer, settings: Settings) -> Iterator[MailServer]:
    """The server, empty, and the service told to use it."""
    running.got.clear()
    running.replies.clear()
    with override_settings(**running.settings, ALLOWED_HOSTS=["cg.example"]):
        yield running


def named(people: tuple[Person, ...]) -> list[str]:
    return [person.key for person in people]


@pytest.mark.parametrize(
    ("post", "of", "away", "told"),
    [
        pytest.param(WORKER, "", "", "ann bob", id="every holder"),
        pytest.param(WORKER, "", "ann", "bob", id="the one who is here"),
        pytest.param(WORKER, "", "ann bob", "flo", id="the next tier, while nobody is"),
        pytest.param(WORKER, "bob", "", "bob", id="the raiser alone"),
        pytest.param(WORKER, "bob", "bob", "flo", id="whoever serves for the raiser, and no colleague"),
        pytest.param("clinic/named", "", "", "olu", id="the office, for an agency with nobody"),
        pytest.param(WORKER, "", "ann bob flo olu", "", id="nobody at all"),
    ],
)
def test_a_message_for_a_post_is_for_whoever_answers_for_it_and_reaches_it(
    post: str, of: Key, away: str, told: str
) -> None:
    write(Written(CARE, away=away))
    assert named(addressees(give_part(ref(post), of), ref(post), PARTNERSHIP, NOON)) == told.split()


def test_who_has_no_address_is_not_among_them() -> None:
    write(Written(CARE))
    Person.objects.filter(key="ann").update(email="")
    assert named(addressees(give_part(ref(WORKER)), ref(WORKER), PARTNERSHIP, NOON)) == ["bob"]


def test_nobody_is_sent_a_link_to_a_page_that_is_not_there_for_them() -> None:
    write(Written(CARE))
    without = UUID(int=5)
    assert addressees(without, ref(WORKER), PARTNERSHIP, NOON) == ()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, ["olu", "guest"]),
        ({"revoked_at": NOON}, ["olu"]),
        ({"expires_at": NOON}, ["olu"]),
        ({"post": "manager"}, ["olu"]),
        ({"disagreement": UUID(int=6)}, ["olu"]),
    ],
)
def test_a_guest_is_told_while_their_link_is_good(changed: dict[str, object], told: list[str]) -> None:
    write(Written(CARE))
    Person.objects.create(key="guest", full_name="Guest", email="guest@minder.example")
    disagreement = give_part(ref("clinic/named"))
    values: dict[str, object] = {"disagreement": disagreement, "post": "named", "expires_at": NOON + timedelta(days=1)}
    GuestLink.objects.create(
        partnership_id=PARTNERSHIP,
        agency="clinic",
        person="guest",
        link_digest=b"1",
        code_digest=b"2",
        made_by="olu",
        made_at=NOON,
        **(values | changed),
    )
    assert named(addressees(disagreement, ref("clinic/named"), PARTNERSHIP, NOON)) == told


# --- Sending ----------------------------------------------------------------------------------------------------------


def queued(post: str = WORKER, of: Key = "", about: TellOn | Beside = TellOn.ENTRY, *, to_act: bool = True) -> None:
    """Queue one message for a post that has a part."""
    notice = Notice(ref(post), about, to_act)
    messages.queue(give_part(ref(post), of), "FE-234567", 3, (notice,), CALENDAR, NOON)


def send(at: datetime = NOON) -> int:
    """Send what may go."""
    return messages.send_due(at, lambda message: mail.deliver(message, PARTNERSHIP, at))


def state() -> tuple[str, int, str, bool]:
    row = MessageRow.objects.get()
    return row.state, row.attempts, row.trouble, row.office_instead


def test_each_gets_a_message_of_their_own(server: MailServer) -> None:
    write(Written(CARE))
    queued()
    assert send() == 1
    assert server.to == ["ann@fen.example", "bob@fen.example"]
    assert [one["To"] for _, one in server.got] == server.to
    assert state() == (State.SENT, 1, "", False)
    assert set(Delivery.objects.values_list("person", "delivered_at")) == {("ann", NOON), ("bob", NOON)}


def test_one_that_is_put_off_neither_stops_nor_repeats_the_others(server: MailServer) -> None:
    write(Written(CARE))
    queued()
    server.replies["ann@fen.example"] = "451 try again later"

    assert send() == 0
    assert server.to == ["bob@fen.example"]
    assert state() == (State.WAITING, 1, "SMTPRecipientsRefused", False)

    assert send(NOON + timedelta(minutes=1)) == 0
    assert server.to == ["bob@fen.example"]

    server.replies.clear()
    assert send(NOON + timedelta(minutes=3)) == 1
    assert server.to == ["bob@fen.example", "ann@fen.example"]
    assert state() == (State.SENT, 3, "", False)


def test_what_is_tried_again_is_the_same_message(server: MailServer) -> None:
    write(Written(CARE | {WORKER: "ann"}))
    queued()
    send()
    Delivery.objects.all().delete()  # as where the worker died before it wrote that down
    MessageRow.objects.update(state=State.WAITING)
    send(NOON + messages.LEASE)
    first, second = (one["Message-ID"] for _, one in server.got)
    assert first == second
    assert "ann" not in first


@pytest.mark.parametrize("reply", ["rcpt", "data"])
def test_one_that_is_refused_for_good_leaves_it_with_those_who_have_it(server: MailServer, reply: str) -> None:
    write(Written(CARE))
    queued()
    server.replies["ann@fen.example" if reply == "rcpt" else "data ann@fen.example"] = "550 no such mailbox"
    assert send() == 1
    assert server.to == ["bob@fen.example"]
    assert state() == (State.SENT, 1, "", False)


@pytest.mark.parametrize("why", ["no address", "refused"])
def test_where_nobody_can_be_written_to_the_office_is_told_instead(server: MailServer, why: str) -> None:
    write(Written(CARE))
    queued()
    if why == "refused":
        server.replies |= {f"{one}@fen.example": "550 no such mailbox" for one in ("ann", "bob")}
    else:
        Person.objects.filter(key__in=("ann", "bob")).update(email="")

    assert send() == 1
    ((address, told),) = server.got
    assert address == "olu@fen.example"
    assert told["Subject"] == "FE-234567: somebody has to be told"
    assert "Please ring them" in told.get_content()  # type: ignore[attr-defined]
    assert state() == (State.SENT, 1, "", True)


def test_where_the_office_has_no_address_either_it_is_tried_again_and_shown(server: MailServer) -> None:
    write(Written(CARE))
    queued()
    Person.objects.update(email="")
    assert send() == 0
    assert state() == (State.WAITING, 1, "NobodyToTell", False)
    assert send(NOON + timedelta(days=8)) == 0
    assert state()[0] == State.FAILED


def test_a_server_that_is_away_is_asked_once_and_nothing_is_lost(server: MailServer) -> None:
    write(Written(CARE))
    for _ in range(3):
        queued()
    with override_settings(EMAIL_PORT=free_port()):
        assert send() == 0
    assert sorted(MessageRow.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert set(MessageRow.objects.values_list("state", flat=True)) == {State.WAITING}
    assert send(NOON + timedelta(minutes=1)) == 3
    assert len(server.got) == 6


def test_troubles_say_nothing_of_anybody(server: MailServer, caplog: pytest.LogCaptureFixture) -> None:
    write(Written(CARE))
    queued()
    server.replies["ann@fen.example"] = "451 ann@fen.example has been naughty"
    send()
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("commonground")]
    assert any("SMTPRecipientsRefused" in line for line in ours)
    assert not any("fen.example" in line for line in ours)


def test_mail_leaves_only_where_a_sender_is_set_and_never_from_a_demonstration(settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = ""
    assert not mail.is_set_up()
    settings.DEFAULT_FROM_EMAIL = "no-reply@commonground.example"
    assert mail.is_set_up()
    settings.DEMONSTRATION = True
    assert not mail.is_set_up()


def test_a_link_leads_to_where_people_sign_in(settings: Settings) -> None:
    settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS = ["*", ".fen.example", "cg.example"], []
    assert mail.link_to("FE-234567") == "https://cg.example/d/FE-234567"
    settings.CSRF_TRUSTED_ORIGINS = ["https://safe.example"]
    assert mail.link_to("FE-234567") == "https://safe.example/d/FE-234567"


# --- Through the worker -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_worker_mails_what_a_disagreement_tells_with_a_date_and_no_name(server: MailServer) -> None:
    digest = doors.found()
    for person in Person.objects.all():
        Person.objects.filter(key=person.key).update(email=f"{person.key}@fen.example")
    raised = doors.raised(digest)
    told = list(MessageRow.objects.filter(to_act=True).values_list("agency", "post"))
    assert told

    assert sweep(doors.BEGINS + timedelta(minutes=5), deliver=posting.by_mail).sent == MessageRow.objects.count()

    held = Post.objects.filter(agency=told[0][0], post=told[0][1]).values_list("holdings__person", flat=True)
    (mine,) = (one for address, one in server.got if address == f"{held[0]}@fen.example")
    body = mine.get_content()  # type: ignore[attr-defined]
    assert mine["Subject"] == f"{raised.reference}: your move"
    assert re.search(r"By .*2026", body)
    assert f"https://cg.example/d/{raised.reference}" in body
    assert DANGER in body
    for _, one in server.got:
        everything = one["Subject"] + one.get_content()  # type: ignore[attr-defined]
        for name in ("care", "clinic", "school", *Person.objects.values_list("full_name", flat=True)):
            assert name not in everything.replace("cg.example", ""), name


@pytest.mark.django_db(transaction=True)
def test_a_move_that_has_gone_to_another_post_meanwhile_is_told_without_a_date(server: MailServer) -> None:
    digest = doors.found()
    raised = doors.raised(digest)
    Person.objects.filter(key="school-practitioner").update(email="raiser@fen.example")
    MessageRow.objects.all().delete()
    notice = Notice(PostRef("school", "practitioner"), TellOn.RAISED, to_act=True)
    messages.queue(raised.disagreement, raised.reference, 1, (notice,), CALENDAR, doors.BEGINS)
    assert sweep(doors.BEGINS + timedelta(minutes=5), deliver=posting.by_mail).sent == 1
    ((_, told),) = server.got
    assert "By " not in told.get_content()  # type: ignore[attr-defined]
