"""Checkpoints: what an agency kept shows that the newest acts were cut or that all of it was written anew."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from commonground.core.chain import Length, Neighbour, root_from
from commonground.record import checkpoints
from commonground.record.codec import Altered, UnknownKind
from commonground.record.models import ActRow, CheckpointRow, StandingRow, WordsRow
from tests.storage.emptying import without_triggers
from tests.storage.examples import AT, DISAGREEMENT, OTHER, act
from tests.storage.writing import write, write_many

pytestmark = pytest.mark.django_db


def test_a_checkpoint_knows_how_far_every_record_has_come() -> None:
    one, other = write_many(3), write_many(2, OTHER)

    made = checkpoints.make(AT)

    assert made.lengths == (Length(DISAGREEMENT, 3, one[-1]), Length(OTHER, 2, other[-1]))
    assert checkpoints.last() == made


def test_there_is_none_before_the_first_and_the_last_is_the_one_made_last() -> None:
    assert checkpoints.last() is None
    checkpoints.make(AT + timedelta(days=1))
    write_many(1)
    checkpoints.make(AT)

    last = checkpoints.last()
    assert last is not None
    assert (last.made_at, last.lengths) == (AT + timedelta(days=1), ())


def test_an_agency_is_told_of_its_own_records_and_can_reckon_them_up_to_the_root() -> None:
    digests = write_many(3)
    write_many(2, OTHER)
    made = checkpoints.make(AT)

    sent = checkpoints.statement(made, [DISAGREEMENT])

    told = json.loads(sent)["disagreements"]
    assert told.keys() == {str(DISAGREEMENT)}
    assert str(OTHER).encode() not in sent
    way = [Neighbour(bytes.fromhex(step["digest"]), step["on"] == "left") for step in told[str(DISAGREEMENT)]["way"]]
    assert root_from(Length(DISAGREEMENT, 3, digests[-1]), way) == made.root == bytes.fromhex(json.loads(sent)["root"])


def test_a_record_of_after_the_checkpoint_is_not_in_it() -> None:
    write_many(1)
    made = checkpoints.make(AT)
    write_many(1, OTHER)

    assert json.loads(checkpoints.statement(made, [DISAGREEMENT, OTHER]))["disagreements"].keys() == {str(DISAGREEMENT)}


def test_an_audit_of_records_that_hold_finds_nothing() -> None:
    write_many(3)
    checkpoints.make(AT)
    write(DISAGREEMENT, 3, act(4))
    write_many(2, OTHER)

    assert list(checkpoints.audit()) == []


def cut_the_newest() -> None:
    """By somebody who knows of the standing too."""
    last = ActRow.objects.get(disagreement=DISAGREEMENT, sequence=2)
    ActRow.objects.filter(disagreement=DISAGREEMENT, sequence=3).delete()
    WordsRow.objects.filter(disagreement=DISAGREEMENT, sequence=3).delete()
    StandingRow.objects.filter(disagreement=DISAGREEMENT).update(position=2, position_digest=last.digest)


def write_it_anew() -> None:
    remove_it()
    for number in (1, 2, 3, 4):
        write(DISAGREEMENT, number - 1, act(number + 100))


def remove_it() -> None:
    for table in (ActRow, WordsRow, StandingRow):
        table.objects.filter(disagreement=DISAGREEMENT).delete()


def take_words_away() -> None:
    WordsRow.objects.filter(disagreement=DISAGREEMENT, sequence=2).delete()


def change_an_act() -> None:
    ActRow.objects.filter(disagreement=DISAGREEMENT, sequence=2).update(bytes=b"{}")


@pytest.mark.parametrize(
    ("tampering", "act", "found"),
    [
        (cut_the_newest, 3, "the last checkpoint knows 3 acts, and 2 are there"),
        (write_it_anew, 3, "not the act that the last checkpoint knows"),
        (remove_it, 1, "the last checkpoint knows 3 acts, and 0 are there"),
        (take_words_away, 2, "are gone"),
        (change_an_act, 2, "does not follow"),
    ],
)
def test_an_audit_names_the_place_and_goes_on_to_the_other_records(
    tampering: Callable[[], None], act: int, found: str
) -> None:
    write_many(3)
    write_many(3, OTHER)
    checkpoints.make(AT)
    with without_triggers():
        tampering()
        ActRow.objects.filter(disagreement=OTHER, sequence=1).update(kind="dreamt")

    first, second = checkpoints.audit()
    assert isinstance(first, Altered)
    assert (first.disagreement, first.sequence) == (DISAGREEMENT, act)
    assert found in first.found
    assert (second.disagreement, second.sequence) == (OTHER, 1)


def test_an_audit_stops_at_nothing_a_later_program_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commonground.record.codec.VERSION", 2)
    write_many(1)
    monkeypatch.undo()

    (found,) = checkpoints.audit()
    assert isinstance(found, UnknownKind)


def test_a_checkpoint_that_was_tampered_with_is_not_used() -> None:
    write_many(2)
    checkpoints.make(AT)
    with without_triggers():
        CheckpointRow.objects.update(lengths="[]")

    with pytest.raises(ValueError, match="does not have the root"):
        checkpoints.last()
    assert connection.is_usable()
