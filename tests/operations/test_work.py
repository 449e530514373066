"""The worker's loop: it outlives what goes wrong in a pass, and stops when told."""

import threading
import time
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import CommandError

from commonground.operations.management.commands import work as command
from commonground.operations.management.commands.work import sound_the_alarm, work
from commonground.people.models import Absence, Person
from commonground.record.models import StandingRow
from commonground.usecases import attaching, clock
from commonground.usecases.unanswered import unanswered
from commonground.web import drafts
from commonground.web.models import DraftRow
from tests.storage import doors


@pytest.mark.django_db  # each pass looks after its connections
def test_a_pass_that_fails_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    stop = threading.Event()
    passes: list[int] = []

    def fails_once() -> None:
        passes.append(len(passes))
        if len(passes) == 1:
            raise RuntimeError("the database went away")
        stop.set()

    work(fails_once, stop, every=0)

    assert len(passes) == 2
    assert "the database went away" in caplog.text


def test_a_worker_that_was_stopped_starts_no_pass() -> None:
    stop = threading.Event()
    stop.set()

    work(lambda: pytest.fail("it started one"), stop, every=0)


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_nobody_is_an_alarm_with_ids_alone(caplog: pytest.LogCaptureFixture) -> None:
    found = doors.raised(doors.found())
    with caplog.at_level("ERROR"):
        assert sound_the_alarm() == 0
    said = StringIO()
    call_command("unanswered", stdout=said)
    assert "Somebody is here today" in said.getvalue()

    for person in Person.objects.all():
        Absence.objects.create(person=person, from_on=date(2026, 1, 1))

    with caplog.at_level("ERROR"):
        assert sound_the_alarm() == 1
    (record,) = caplog.records
    assert str(found.disagreement) in record.getMessage()
    assert "nobody is here today for practitioner of care" in record.getMessage()
    assert " at " not in record.getMessage()  # as the people here are called
    with pytest.raises(CommandError, match="1 open"):
        call_command("unanswered", stdout=said)
    assert str(found.disagreement) in said.getvalue()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("missing", [{"next_due_at": None}, {"owner_post": None}])
def test_so_is_one_without_a_date_or_an_owner(missing: dict[str, None]) -> None:
    found = doors.raised(doors.found())
    StandingRow.objects.filter(disagreement=found.disagreement).update(**missing)
    assert [one.disagreement for one in unanswered(doors.BEGINS)] == [found.disagreement]
    StandingRow.objects.update(phase="ended")
    assert unanswered(doors.BEGINS) == ()


@pytest.mark.django_db(transaction=True)
def test_what_nobody_sent_and_sessions_that_are_over_are_cleared_away(monkeypatch: pytest.MonkeyPatch) -> None:
    over, going_on = (SessionStore(session_key=None) for _ in range(2))
    for session in (over, going_on):
        session.create()
    Session.objects.filter(session_key=over.session_key).update(expire_date=datetime(2020, 1, 1, tzinfo=UTC))
    drafts.keep("pat", "raise/worry", {"worry": ["Two visits were missed."]})
    later = clock.now() + drafts.LASTS
    monkeypatch.setattr(clock, "now", lambda: later)
    drafts.keep("pat", "raise/wanted", {"wanted": ["A visit."]})

    def fails() -> None:
        raise OSError("the disk of files is away")

    monkeypatch.setattr(attaching, "clear_away", fails)
    call_command("work", "--once", stdout=StringIO())

    assert [row.place for row in DraftRow.objects.all()] == ["raise/wanted"]
    assert [row.session_key for row in Session.objects.all()] == [going_on.session_key]


@pytest.mark.django_db
def test_a_worker_looks_round_at_its_first_pass_and_then_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[float] = []
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(command, "sound_the_alarm", lambda: looks.append(now[0]))
    watched = command.Watched(lambda: None)
    for at in (0.0, 5.0, 599.0, 600.0, 605.0, 1200.0):
        now[0] = at
        watched()
    assert looks == [0.0, 600.0, 1200.0]
