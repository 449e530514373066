"""The one door, on both databases: each act lands once, whole, in order, or not at all; and time is kept by query."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections

from commonground.core.acts import (
    Answer,
    Audience,
    Decide,
    GoUp,
    Mark,
    Note,
    PassTime,
    Redate,
    SetDate,
    Sets,
    Withdraw,
)
from commonground.core.decide import Accepted, Refused
from commonground.language.calendars import load_calendar
from commonground.outbox import messages
from commonground.outbox.models import MessageRow
from commonground.people.models import Look, Party
from commonground.record.codec import Altered
from commonground.record.models import ActRow, StandingRow, WordsRow
from commonground.record.verifier import Wrong, verify
from commonground.record.words import typed
from commonground.usecases import situation
from commonground.usecases.export import export_for, export_for_person, export_without_words
from commonground.usecases.handle import Asking, NotThere, handle, raise_disagreement
from commonground.usecases.rebuild import rebuild
from commonground.usecases.redate import Outcome, redate
from commonground.usecases.sweep import sweep
from tests.storage import doors
from tests.storage.doors import BEGINS, acts, asking, at, kinds, looking, raised, replied, silences, stage_of, talk, who
from tests.storage.emptying import without_triggers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def digest() -> str:
    """The procedure that the partnership runs."""
    return doors.found()


def everything() -> dict[str, int]:
    """Count all that an act writes."""
    tables: tuple[Any, ...] = (ActRow, WordsRow, StandingRow, Party, MessageRow)
    return {table.__name__: table.objects.count() for table in tables}


# --- One after the other ----------------------------------------------------------------------------------------------


def test_what_is_raised_is_there_with_its_parties_its_messages_and_its_next_event(digest: str) -> None:
    new = raised(digest)

    assert kinds(new.disagreement) == ["Raise"]
    assert stage_of(new.disagreement) == "one"
    row = StandingRow.objects.get(disagreement=new.disagreement)
    assert (row.reference, row.owner_agency, row.owner_post) == (new.reference, "care", "practitioner")
    assert row.next_due_at == at("2026-03-09 10:00")
    assert dict(Party.objects.values_list("agency_id", "side")) == {"school": "challenging", "care": "responding"}
    assert list(MessageRow.objects.values_list("agency", "post", "to_act")) == [("care", "practitioner", True)]
    assert WordsRow.objects.count() == 1


def test_a_reply_moves_the_move_to_the_other_side(digest: str) -> None:
    new = raised(digest)

    assert isinstance(replied(new.disagreement, at=BEGINS + timedelta(hours=2)), Accepted)

    row = StandingRow.objects.get(disagreement=new.disagreement)
    assert (row.owner_agency, row.what) == ("school", "settle or go up")
    assert MessageRow.objects.filter(agency="school", sequence=2, to_act=True).count() == 1


def test_silence_is_recorded_by_the_sweep_at_its_time_and_not_before(digest: str) -> None:
    new = raised(digest)

    before = sweep(at=at("2026-03-09 09:59"))
    assert (before.silences, stage_of(new.disagreement)) == (0, "one")
    after = sweep(at=at("2026-03-09 10:00"))
    assert (after.silences, stage_of(new.disagreement)) == (1, "two")
    again = sweep(at=at("2026-03-09 10:00"))
    assert (again.silences, silences(new.disagreement)) == (0, ["one: stage"])
    row = StandingRow.objects.get(disagreement=new.disagreement)
    assert (row.owner_agency, row.owner_post) == ("care", "first-line")


def test_the_same_command_twice_is_one_act_answered_twice(digest: str) -> None:
    new, id_ = raised(digest), uuid4()

    first = talk(new.disagreement, id_=id_)
    between = talk(new.disagreement)
    counted = everything()
    second = talk(new.disagreement, id_=id_)

    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert isinstance(between, Accepted)
    assert second.act == first.act
    assert everything() == counted


def test_raising_the_same_twice_is_one_disagreement(digest: str) -> None:
    id_ = uuid4()
    first, counted = raised(digest, id_=id_), everything()

    second = raised(digest, id_=id_)

    assert (second.disagreement, second.reference) == (first.disagreement, first.reference)
    assert everything() == counted


def test_a_refused_command_writes_nothing(digest: str) -> None:
    new = raised(digest)
    counted = everything()
    words = (typed("reasons", "Let us stop.", Audience.PARTIES, "care"),)

    for scope, ask in (
        (who("care"), Withdraw()),
        (who("care"), Decide("anything")),
        (who("care"), SetDate(Sets.CHILDS_DATE)),
    ):
        assert isinstance(handle(scope, new.disagreement, Asking(ask, words)), Refused)

    assert everything() == counted
    assert kinds(new.disagreement) == ["Raise"]


def test_what_somebody_does_not_reach_looks_as_if_it_were_not_there(digest: str) -> None:
    new = raised(digest)
    counted = everything()

    for disagreement in (new.disagreement, uuid4()):
        with pytest.raises(NotThere):
            handle(who("clinic"), disagreement, asking(GoUp(), "Up.", "clinic"))

    assert everything() == counted


def test_when_the_messages_cannot_be_queued_there_is_no_act(digest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    new = raised(digest)
    counted = everything()

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(messages, "queue", full)
    with pytest.raises(OSError, match="disk full"):
        talk(new.disagreement)

    assert everything() == counted
    assert kinds(new.disagreement) == ["Raise"]


def test_a_clock_that_was_set_back_makes_no_act_older_than_the_last(digest: str) -> None:
    new = raised(digest)

    talk(new.disagreement, at=BEGINS - timedelta(days=1))

    assert [act.recorded_at for act in acts(new.disagreement)] == [BEGINS, BEGINS]


# --- Time -------------------------------------------------------------------------------------------------------------


def test_three_weeks_of_downtime_each_overdue_rule_acts_once_in_order(
    digest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = raised(digest, at("2026-03-04 12:00")).disagreement
    first = raised(digest, at("2026-03-02 10:00")).disagreement
    answered = raised(digest, at("2026-03-03 09:00")).disagreement
    early = at("2026-03-03 09:30")
    handle(looking("school", "first-line", answered, early), answered, asking(GoUp(to="referral/three")), at=early)
    order: list[UUID] = []
    whole = messages.queue

    def queue(*about: Any) -> None:
        order.append(about[0])
        whole(*about)

    monkeypatch.setattr(messages, "queue", queue)

    back = at("2026-03-23 10:00")
    swept = sweep(at=back)

    assert (swept.silences, swept.stuck) == (4, ())
    assert order == [answered, first, later, answered]  # whose turn was first; then what was overdue beside it
    assert silences(first) == ["one: stage"]  # the next stage's people have their time from now on
    assert silences(answered) == ["three: step hand-over", "three: stage"]
    assert [stage_of(one) for one in (first, later, answered)] == ["two", "two", "four"]
    counted = everything()
    assert sweep(at=back).silences == 0
    assert everything() == counted
    for one in (first, later, answered):
        row = StandingRow.objects.get(disagreement=one)
        assert row.next_due_at is not None
        assert row.next_due_at > back


def test_silence_goes_all_the_way_to_the_office_and_stays_owned_and_dated(digest: str) -> None:
    new = raised(digest).disagreement
    now, count = BEGINS, 0
    while count < 40:
        row = StandingRow.objects.get(disagreement=new)
        assert row.owner_post is not None
        assert row.next_due_at is not None
        assert row.next_due_at > now
        now = row.next_due_at
        swept = sweep(at=now)
        assert swept.silences in {1, 2}  # the last stage and its step have the same time
        count += swept.silences

    assert stage_of(new) == "five"
    assert row.owner_agency == "office"
    assert Counter(kinds(new)) == {"Raise": 1, "PassTime": count}


def test_a_record_that_cannot_be_read_keeps_no_other_waiting(digest: str, caplog: pytest.LogCaptureFixture) -> None:
    broken, sound = raised(digest).disagreement, raised(digest).disagreement
    with without_triggers():
        ActRow.objects.filter(disagreement=broken).update(digest=b"0" * 32)

    with caplog.at_level(logging.ERROR):
        swept = sweep(at=at("2026-03-10 10:00"))

    assert (swept.silences, swept.stuck) == (1, (broken,))
    assert stage_of(sound) == "two"
    assert str(broken) in caplog.text


def test_a_new_bank_holiday_dates_what_is_open_anew_as_an_act(digest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    new = raised(digest).disagreement
    assert [one.outcome for one in redate(at=BEGINS)] == [Outcome.SAME]
    changed = load_calendar("england-and-wales").with_holiday(date(2026, 3, 5), "A day of its own", "2026-03-03")
    monkeypatch.setattr(situation, "calendar_of", lambda nation: changed)
    monkeypatch.setattr("commonground.usecases.redate.calendar_of", lambda nation: changed)

    assert [one.outcome for one in redate(at=BEGINS + timedelta(days=1))] == [Outcome.ANEW]

    row = StandingRow.objects.get(disagreement=new)
    assert row.next_due_at == at("2026-03-10 10:00")  # a day later than it was
    last = acts(new)[-1]
    assert last.ask == Redate("england-and-wales 2026-03-03")
    assert last.by.person == "clock"
    assert [one.outcome for one in redate(at=BEGINS + timedelta(days=1))] == [Outcome.SAME]
    assert kinds(new) == ["Raise", "Redate"]


def test_one_that_cannot_be_dated_anew_stops_no_other(digest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = raised(digest), raised(digest, BEGINS + timedelta(hours=1))
    with without_triggers():
        ActRow.objects.filter(disagreement=broken.disagreement).update(digest=b"0" * 32)
    changed = load_calendar("england-and-wales").with_holiday(date(2026, 3, 5), "A day of its own", "2026-03-03")
    monkeypatch.setattr(situation, "calendar_of", lambda nation: changed)

    outcomes = {one.reference: one.outcome for one in redate(at=BEGINS + timedelta(days=1))}

    assert outcomes == {broken.reference: Outcome.STUCK, sound.reference: Outcome.ANEW}


# --- At once ----------------------------------------------------------------------------------------------------------


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Let all begin at the same moment, each on a connection of its own; give what each gave, in their order."""
    barrier = threading.Barrier(len(jobs))
    gave: dict[int, Any] = {}

    def run(number: int, job: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=10)
            gave[number] = job()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            gave[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, job)) for number, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return [gave[number] for number in range(len(jobs))]


@pytest.mark.serial
@pytest.mark.parametrize("rounds", [3, pytest.param(60, marks=pytest.mark.long)])
def test_several_at_once_each_land_once_in_order(digest: str, rounds: int) -> None:
    new = raised(digest).disagreement
    ids = [uuid4() for _ in range(rounds * 4)]

    for start in range(0, len(ids), 4):
        answers = at_once(*(lambda id_=id_: talk(new, id_=id_) for id_ in ids[start : start + 4]))
        assert all(isinstance(answer, Accepted) for answer in answers), answers

    assert {act.id for act in acts(new)[1:]} == set(ids)
    assert len(acts(new)) == 1 + len(ids)
    assert WordsRow.objects.count() == 1 + len(ids)
    assert stage_of(new) == "one"


@pytest.mark.serial
@pytest.mark.parametrize("rounds", [3, pytest.param(60, marks=pytest.mark.long)])
def test_a_command_sent_several_times_at_once_is_one_act(digest: str, rounds: int) -> None:
    new = raised(digest).disagreement
    for number in range(rounds):
        id_ = uuid4()
        answers = at_once(*(lambda id_=id_: talk(new, id_=id_) for _ in range(4)))

        assert all(isinstance(answer, Accepted) for answer in answers), answers
        assert len({answer.act.recorded_at for answer in answers}) == 1
        assert len(acts(new)) == 2 + number


@pytest.mark.serial
@pytest.mark.parametrize("rounds", [3, pytest.param(60, marks=pytest.mark.long)])
def test_raised_several_times_at_once_is_one_disagreement(digest: str, rounds: int) -> None:
    for number in range(rounds):
        id_ = uuid4()
        answers = at_once(*(lambda id_=id_: raised(digest, id_=id_) for _ in range(4)))

        assert not [answer for answer in answers if isinstance(answer, Exception)], answers
        assert {answer.disagreement for answer in answers} == {id_}
        assert len({answer.reference for answer in answers}) == 1
        assert StandingRow.objects.count() == number + 1
    assert MessageRow.objects.count() == rounds


@pytest.mark.serial
@pytest.mark.parametrize("rounds", [3, pytest.param(60, marks=pytest.mark.long)])
def test_two_people_and_the_timer_at_once_each_act_on_what_they_find(digest: str, rounds: int) -> None:
    due = at("2026-03-09 10:00")
    for _ in range(rounds):
        new = raised(digest).disagreement

        school, care, swept = at_once(
            partial(handle, who("school"), new, asking(GoUp(), "Up."), at=due),
            partial(replied, new, Answer.DISAGREE, at=due),
            lambda: sweep(at=due),
        )

        assert isinstance(school, Accepted), school  # promise 1
        assert isinstance(care, Accepted), care
        assert swept.stuck == ()
        # The timer came first and recorded the silence, or it came second, and there was none of that stage any more.
        done = kinds(new)
        assert sorted(done) == sorted(["Raise", "GoUp", "Reply"] + ["PassTime"] * swept.silences)
        assert silences(new) == ["one: stage"] * swept.silences
        assert stage_of(new) == ("three" if swept.silences else "two")


@pytest.mark.serial
def test_two_sweeps_at_once_record_each_silence_once(digest: str) -> None:
    new = [raised(digest, BEGINS + timedelta(minutes=n)).disagreement for n in range(12)]

    first, second = at_once(lambda: sweep(at=at("2026-03-10 10:00")), lambda: sweep(at=at("2026-03-10 10:00")))

    assert first.silences + second.silences == 12
    assert (first.stuck, second.stuck) == ((), ())
    assert [silences(one) for one in new] == [["one: stage"]] * 12


# --- Killed -----------------------------------------------------------------------------------------------------------


@pytest.mark.serial
def test_killed_in_the_middle_of_an_act_nothing_of_it_is_there(digest: str) -> None:
    new = raised(digest).disagreement
    counted = everything()
    process = doors.start("talk and wait", str(new))
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    process.kill()
    process.wait()

    assert everything() == counted
    assert isinstance(talk(new, at=BEGINS), Accepted)  # and nobody is kept waiting by it
    assert kinds(new) == ["Raise", "Talk"]


@pytest.mark.serial
def test_killed_in_the_middle_of_a_silence_the_next_sweep_finds_it(digest: str) -> None:
    new = raised(digest).disagreement
    counted = everything()
    process = doors.start("sweep and wait", at("2026-03-10 10:00").isoformat())
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    process.kill()
    process.wait()

    assert everything() == counted
    assert sweep(at=at("2026-03-10 10:00")).silences == 1
    assert silences(new) == ["one: stage"]


@pytest.mark.serial
def test_a_sweep_killed_half_way_is_finished_by_the_next_and_nothing_is_done_twice(digest: str) -> None:
    new = [raised(digest, BEGINS + timedelta(minutes=n)).disagreement for n in range(5)]
    process = doors.start("sweep slowly", at("2026-03-10 10:00").isoformat())
    assert process.stdout is not None
    assert process.stdin is not None
    for one in new[:3]:
        assert process.stdout.readline() == f"{one}\n"
        if one != new[2]:
            process.stdin.write("go on\n")
            process.stdin.flush()
    process.kill()  # inside the third
    process.wait()

    assert [len(silences(one)) for one in new] == [1, 1, 0, 0, 0]
    assert sweep(at=at("2026-03-10 10:00")).silences == 3
    assert [silences(one) for one in new] == [["one: stage"]] * 5
    assert MessageRow.objects.filter(about="silence").values("disagreement").distinct().count() == 5


@pytest.mark.serial
@pytest.mark.parametrize("kills", [3, pytest.param(40, marks=pytest.mark.long)])
def test_what_was_acknowledged_outlives_kill_9(digest: str, kills: int) -> None:
    new = raised(digest).disagreement
    for kill in range(kills):
        process = doors.start("talk without end", str(new))
        assert process.stdout is not None
        acknowledged = int(process.stdout.readline())
        time.sleep(0.01 + 0.01 * (kill * 7 % 10))  # anywhere in an act
        process.kill()
        acknowledged = max([acknowledged, *(int(line) for line in process.stdout if line.endswith("\n"))])
        process.wait()

        there = len(acts(new))
        assert acknowledged <= there <= acknowledged + 1  # the one that was committed and not yet said
        assert WordsRow.objects.filter(disagreement=new).count() == there
        assert stage_of(new) == "one"
        assert all(one.same for one in rebuild())


# --- Afterwards -------------------------------------------------------------------------------------------------------


def after_everything(digest: str) -> UUID:
    """Tell a story with a bit of everything, and give its disagreement."""
    new = raised(digest).disagreement
    own = (typed("words", "Ours alone.", Audience.OWN_AGENCY, "school"),)
    talk(new, at=BEGINS + timedelta(hours=1))
    handle(who("school"), new, Asking(Note(approved=True), own), at=BEGINS + timedelta(hours=2))
    replied(new, at=BEGINS + timedelta(hours=3))
    later = BEGINS + timedelta(days=1)
    handle(looking("school", "first-line", new, later), new, asking(GoUp(), "On."), at=later)
    sweep(at=at("2026-03-20 10:00"))
    return new


def test_rebuild_comes_out_identical_after_everything(digest: str) -> None:
    after_everything(digest)
    raised(digest)

    assert [one.same for one in rebuild()] == [True, True]


def test_rebuild_finds_a_standing_that_was_changed_and_puts_it_right(digest: str) -> None:
    new = after_everything(digest)
    StandingRow.objects.filter(disagreement=new).update(stage="one", owner_agency="clinic")

    assert [one.same for one in rebuild()] == [False]
    assert [one.same for one in rebuild()] == [True]
    assert stage_of(new) == "three"


def test_an_altered_act_is_found_loudly_everywhere(digest: str) -> None:
    new = after_everything(digest)
    with connection.cursor() as cursor:
        cursor.execute("SELECT bytes FROM acts WHERE sequence = 2")
        data = bytes(cursor.fetchone()[0]).replace(b"telephone", b"in person")
    with without_triggers():
        ActRow.objects.filter(disagreement=new, sequence=2).update(bytes=data)

    for reading in (
        lambda: acts(new),
        lambda: talk(new),
        lambda: list(rebuild()),
        lambda: list(export_for(who("school"), new)),
    ):
        with pytest.raises(Altered, match="act 2"):
            reading()


def test_an_export_verifies_and_an_altered_one_does_not(digest: str) -> None:
    new = after_everything(digest)
    reference = StandingRow.objects.get(disagreement=new).reference

    whole = b"".join(export_without_words(reference.lower()))
    report = verify(BytesIO(whole))

    assert (report.acts, report.words) == (len(acts(new)), 0)
    assert b"We talked." not in whole
    for before, after in ((b"telephone", b"in person"), (b"care", b"core"), (b'"sequence\\":2', b'"sequence\\":3')):
        assert before in whole
        with pytest.raises(Wrong):
            verify(BytesIO(whole.replace(before, after, 1)))


def test_an_export_holds_the_words_its_reader_may_read_and_is_logged(digest: str) -> None:
    new = after_everything(digest)
    reference = StandingRow.objects.get(disagreement=new).reference

    school = b"".join(export_for_person("school-practitioner", reference))
    care = b"".join(export_for_person("care-practitioner", reference))

    assert b"Ours alone." in school
    assert b"Ours alone." not in care
    assert b"We talked." in care
    assert verify(BytesIO(care)).withheld == verify(BytesIO(school)).withheld + 1
    assert list(Look.objects.order_by("id").values_list("person", flat=True)) == [
        "school-practitioner",
        "care-practitioner",
    ]
    with pytest.raises(NotThere):
        export_for_person("clinic-practitioner", reference)
    with pytest.raises(NotThere):
        export_for_person("school-practitioner", "FE-222222")
    with pytest.raises(NotThere):
        export_without_words("FE-222222")


def test_who_raises_may_do_so_in_their_own_partnership_only(digest: str) -> None:
    with pytest.raises(TypeError):
        raise_disagreement(who("school"), digest, Asking(GoUp()))
    assert everything()["ActRow"] == 0


def test_the_clock_records_nothing_that_is_not_due(digest: str) -> None:
    new = raised(digest).disagreement
    counted = everything()

    answer = handle(who("office", "office"), new, Asking(PassTime("stage")), at=BEGINS + timedelta(days=1))

    assert isinstance(answer, Refused)
    assert everything() == counted


def test_going_up_is_accepted_whenever_and_by_whom(digest: str) -> None:
    new = raised(digest).disagreement

    answer = handle(looking("care", "head", new, BEGINS), new, asking(GoUp(), by="care"), at=BEGINS)

    assert isinstance(answer, Accepted)
    assert Mark.OUT_OF_TURN in answer.marks
