"""Messages: queued with the act or not at all, sent once each, none holding up another, and with no names."""

import threading
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connections, transaction

from commonground import fence
from commonground.core.acts import PostRef
from commonground.core.procedure import TellOn
from commonground.core.telling import Notice
from commonground.core.time import Calendar
from commonground.outbox import messages
from commonground.outbox.messages import Message, queue, send_due
from commonground.outbox.models import MessageRow, State
from tests.storage.examples import AT, DISAGREEMENT

CALENDAR = Calendar("a nation", "1", (), date(2026, 1, 1), date(2026, 12, 31))
HEALTH, SCHOOL = PostRef("health", "manager"), PostRef("school", "head")

pytestmark = pytest.mark.django_db


def notice(to: PostRef, *, urgent: bool = False) -> Notice:
    return Notice(to, TellOn.ENTRY, to_act=True, urgent=urgent)


def queued(*notices: Notice, sequence: int = 1, at: datetime = AT) -> None:
    queue(DISAGREEMENT, "EM-2345", sequence, notices, CALENDAR, at)


def states() -> dict[str, tuple[str, int]]:
    return {row.agency: (row.state, row.attempts) for row in MessageRow.objects.all()}


def test_a_message_is_a_reference_and_what_it_is_about_and_nothing_else() -> None:
    queued(notice(HEALTH))
    delivered: list[Message] = []

    assert send_due(AT, delivered.append) == 1

    (message,) = delivered
    assert (message.reference, message.about, message.to) == ("EM-2345", "entry", HEALTH)
    assert vars(message).keys() == {
        "id", "disagreement", "sequence", "reference", "to", "about", "to_act", "urgent",
    }  # fmt: skip


def test_the_log_stands_in_for_sending(caplog: pytest.LogCaptureFixture) -> None:
    queued(notice(HEALTH))
    with caplog.at_level("INFO", logger=messages.__name__):
        assert send_due(AT) == 1
    assert "EM-2345: entry, to manager of health" in caplog.text


def test_what_was_sent_is_not_sent_again() -> None:
    queued(notice(HEALTH), notice(SCHOOL))
    delivered: list[Message] = []

    assert send_due(AT, delivered.append) == 2
    assert send_due(AT + timedelta(days=1), delivered.append) == 0
    assert len(delivered) == 2
    assert set(MessageRow.objects.values_list("state", "sent_at")) == {(State.SENT, AT)}


def test_nobody_is_told_at_night_unless_it_is_urgent() -> None:
    at_night = AT.replace(hour=23)
    queued(notice(HEALTH), notice(SCHOOL, urgent=True), at=at_night)

    assert send_due(at_night) == 1
    assert states() == {"health": ("waiting", 0), "school": ("sent", 1)}
    assert send_due(at_night + timedelta(hours=7)) == 0  # 7:00 in London is still too early
    assert send_due(at_night + timedelta(hours=8)) == 1


def test_one_that_fails_holds_up_no_other_and_says_nothing_of_anybody() -> None:
    queued(notice(HEALTH), notice(SCHOOL))

    def refuses_health(message: Message) -> None:
        if message.to == HEALTH:
            raise ConnectionError("somebody@example.org: no such mailbox")

    assert send_due(AT, refuses_health) == 1
    assert states() == {"health": ("waiting", 1), "school": ("sent", 1)}
    assert MessageRow.objects.get(agency="health").trouble == "ConnectionError"


def test_one_that_fails_is_tried_again_less_and_less_often_and_given_up_after_a_week() -> None:
    queued(notice(HEALTH))
    tries: list[datetime] = []

    def never(message: Message) -> None:
        tries.append(now)
        raise TimeoutError

    while MessageRow.objects.filter(state=State.WAITING).exists():
        now = MessageRow.objects.get().next_try_at
        assert send_due(now - timedelta(seconds=1), never) == 0
        send_due(now, never)

    waits = [later - sooner for sooner, later in pairwise(tries)]
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=6)
    assert timedelta(days=7) <= tries[-1] - AT < timedelta(days=7, hours=6)
    assert states() == {"health": ("failed", len(tries))}


def test_a_message_whose_worker_died_goes_again_after_the_lease() -> None:
    queued(notice(HEALTH))

    class Killed(BaseException):
        """As kill -9: nothing is written down."""

    def dies(message: Message) -> None:
        raise Killed

    with pytest.raises(Killed):
        send_due(AT, dies)

    assert send_due(AT + timedelta(minutes=9)) == 0
    assert send_due(AT + timedelta(minutes=10)) == 1
    assert states() == {"health": ("sent", 2)}


def test_no_more_than_the_limit_are_sent_and_the_longest_waiting_go_first() -> None:
    queued(notice(SCHOOL), sequence=2, at=AT + timedelta(minutes=1))
    queued(notice(HEALTH))

    assert send_due(AT + timedelta(minutes=1), limit=1) == 1
    assert states() == {"health": ("sent", 1), "school": ("waiting", 0)}


def test_a_post_is_told_of_an_act_once() -> None:
    queued(notice(HEALTH))
    queued(notice(HEALTH))
    assert MessageRow.objects.count() == 1
    queued(notice(HEALTH), sequence=2)
    queued(sequence=3)

    assert MessageRow.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_did_not_happen_is_not_told() -> None:
    def queue_and_fail() -> None:
        with transaction.atomic():
            queued(notice(HEALTH))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        queue_and_fail()
    assert MessageRow.objects.count() == 0


@pytest.mark.serial
@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_message_once() -> None:
    for sequence in range(1, 26):
        queued(notice(HEALTH), notice(SCHOOL), sequence=sequence)
    barrier = threading.Barrier(4)
    delivered: list[int] = []

    def worker() -> None:
        try:
            barrier.wait(timeout=10)
            with fence.everywhere("as the worker does"):
                send_due(AT, lambda message: delivered.append(message.id))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert len(delivered) == len(set(delivered)) == 50
    assert MessageRow.objects.filter(state=State.SENT).count() == 50
