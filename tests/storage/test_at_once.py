"""Two writers at once, and writers that are killed: each act lands once, in order, whole; what was acknowledged
stays.

Real processes and threads on a real database. The long tests are the same ones, more often.
"""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from commonground import fence
from commonground.core.acts import Act
from commonground.record import store
from commonground.record.models import ActRow, StandingRow, WordsRow
from commonground.record.store import Moved, Repeated
from tests.storage import writing
from tests.storage.examples import DISAGREEMENT, OTHER, act, words
from tests.storage.writing import standing_columns, write, write_many

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.serial]

Outcome = int | Moved | Repeated


def at_once(*writers: Callable[[], Outcome]) -> list[Outcome]:
    """Let all writers go at the same moment, each on a connection of its own; give what each got."""
    barrier = threading.Barrier(len(writers))
    outcomes: list[Outcome] = []

    def run(writer: Callable[[], Outcome]) -> None:
        try:
            barrier.wait(timeout=10)
            with fence.everywhere("a test writes to the tables"):
                outcomes.append(writer())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(outcomes) == len(writers)
    return outcomes


def once(after: int, number: int) -> Callable[[], Outcome]:
    """Give a writer that tries once and says what came of it."""
    piece = words(f"Words of act {number}.")

    def writer() -> Outcome:
        try:
            write(DISAGREEMENT, after, act(number, words=(piece,)), (piece,))
        except (Moved, Repeated) as turned_away:
            return turned_away
        return after + 1

    return writer


def until_it_lands(number: int) -> Callable[[], Outcome]:
    """Give a writer that, when somebody was first, reads again and tries again, as a use case does."""

    def writer() -> Outcome:
        while True:
            outcome = once(len(store.read(DISAGREEMENT)), number)()
            if not isinstance(outcome, Moved):
                return outcome

    return writer


@pytest.mark.parametrize("rounds", [20, pytest.param(500, marks=pytest.mark.long)])
def test_of_several_at_one_place_one_is_first_and_the_others_are_told(rounds: int) -> None:
    for after in range(rounds):
        outcomes = at_once(*(once(after, after * 4 + n + 1) for n in range(4)))

        assert outcomes.count(after + 1) == 1
        assert [outcome.position for outcome in outcomes if isinstance(outcome, Moved)] == [after + 1] * 3
    assert_whole(rounds)


@pytest.mark.parametrize("rounds", [5, pytest.param(100, marks=pytest.mark.long)])
def test_everybodys_act_lands_once_when_those_who_were_second_try_again(rounds: int) -> None:
    write_many(1)
    for round_ in range(rounds):
        at_once(*(until_it_lands(2 + round_ * 4 + n) for n in range(4)))

    assert {one.id.int for one in store.read(DISAGREEMENT)} == set(range(1, 2 + rounds * 4))
    assert_whole(1 + rounds * 4)


@pytest.mark.parametrize("rounds", [5, pytest.param(100, marks=pytest.mark.long)])
def test_a_command_sent_four_times_at_once_is_one_act(rounds: int) -> None:
    for after in range(rounds):
        outcomes = at_once(*(until_it_lands(after + 1) for _ in range(4)))

        assert outcomes.count(after + 1) == 1
        assert [one.sequence for one in outcomes if isinstance(one, Repeated)] == [after + 1] * 3
    assert_whole(rounds)


def test_without_the_lock_the_table_itself_keeps_the_second_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise 8 does not rest on the lock, nor on the isolation level."""
    monkeypatch.setattr(store, "hold", lambda disagreement: None)
    for after in range(20):
        outcomes = at_once(*(once(after, after * 4 + n + 1) for n in range(4)))

        assert outcomes.count(after + 1) == 1
        assert sum(isinstance(outcome, Moved) for outcome in outcomes) == 3
    assert_whole(20)


def test_writers_of_two_disagreements_do_not_meet() -> None:
    write_many(1)
    write_many(1, OTHER)

    def other() -> Outcome:
        write(OTHER, 1, act(2))
        return 2

    assert at_once(once(1, 2), other) == [2, 2]


# --- Killed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how_far", ["words", "standing"])
def test_a_writer_killed_inside_its_transaction_leaves_nothing(how_far: str) -> None:
    write_many(2)
    writer = writing.start("half", how_far)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "half\n"
    writer.kill()
    writer.wait()

    assert_whole(2)
    assert once(2, 3)() == 3  # and the next is not kept waiting
    assert_whole(3)


@pytest.mark.parametrize("kills", [4, pytest.param(100, marks=pytest.mark.long)])
def test_what_was_acknowledged_outlives_kill_9_and_nothing_is_half_done(kills: int) -> None:
    for kill in range(kills):
        writer = writing.start("without end")
        assert writer.stdout is not None
        acknowledged = int(writer.stdout.readline())
        time.sleep(0.01 + 0.1 * (kill * 7 % 10) / 10)  # anywhere in a transaction
        writer.kill()
        acknowledged = max([acknowledged, *(int(line) for line in writer.stdout if line.endswith("\n"))])
        writer.wait()

        there = len(store.read(DISAGREEMENT))
        assert acknowledged <= there <= acknowledged + 1  # the one that was committed and not yet said
        assert_whole(there)


def assert_whole(count: int) -> None:
    """So many acts, each with its words, and the standing that goes with the last."""
    acts: tuple[Act, ...] = store.read(DISAGREEMENT)
    assert len(acts) == count
    store.words_of(DISAGREEMENT, acts)
    assert WordsRow.objects.filter(disagreement=DISAGREEMENT).count() == sum(len(one.said) for one in acts)
    assert ActRow.objects.filter(disagreement=DISAGREEMENT).count() == count
    row = StandingRow.objects.get(disagreement=DISAGREEMENT)
    assert (row.position, bytes(row.position_digest)) == (count, store.check(DISAGREEMENT)[-1][2])


def test_the_act_is_not_there_when_what_belongs_to_it_fails() -> None:
    def act_and_standing_and_then_nothing_works() -> None:
        with transaction.atomic():
            store.put_standing(standing_columns(DISAGREEMENT, 1, store.append(DISAGREEMENT, 0, act(1))))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_and_standing_and_then_nothing_works()

    assert connection.in_atomic_block is False
    assert store.read(DISAGREEMENT) == ()
    assert store.standing_row(DISAGREEMENT) is None
