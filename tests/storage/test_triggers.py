"""The database itself refuses to change history, whoever asks and by whatever statement."""

# ruff: noqa: S608 - a test of statements is made of statements

import pytest
from django.db import IntegrityError, connection, transaction

from commonground.record.models import ActRow, CheckpointRow, WordsRow
from tests.storage.examples import AT, DISAGREEMENT, OTHER
from tests.storage.writing import write_many

pytestmark = pytest.mark.django_db

ROW = (
    "INSERT INTO acts (disagreement, sequence, command, kind, version, recorded_at, happened_at, agency, post, author,"
    " bytes, previous, digest) SELECT disagreement, {sequence}, {command}, kind, version, recorded_at, happened_at,"
    " agency, post, author, bytes, {previous}, digest FROM acts WHERE sequence = 3"
)
NEW_COMMAND = "'00000000000000000000000000000099'"


def inserted(sequence: int = 4, command: str = NEW_COMMAND, previous: str = "digest") -> str:
    if connection.vendor == "postgresql" and command == NEW_COMMAND:
        command += "::uuid"
    return ROW.format(sequence=sequence, command=command, previous=previous)


def refused(statement: str) -> str:
    """Give the reason for which the database refuses a statement."""
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(error.value)


@pytest.fixture(autouse=True)
def _three_acts(db: None) -> None:
    write_many(3)


@pytest.mark.parametrize(
    "change",
    [
        "disagreement = disagreement", "sequence = 9", "command = command", "kind = 'decided'", "version = 2",
        "recorded_at = happened_at", "happened_at = recorded_at", "agency = 'health'", "post = 'manager'",
        "author = 'p-2'", "bytes = digest", "previous = digest", "digest = previous", "id = id + 100",
    ],
)  # fmt: skip
def test_no_column_of_an_act_can_be_changed(change: str) -> None:
    assert "acts are never changed" in refused(f"UPDATE acts SET {change} WHERE sequence = 2")


@pytest.mark.parametrize("statement", ["DELETE FROM acts", "DELETE FROM acts WHERE sequence = 3"])
def test_no_act_can_be_removed(statement: str) -> None:
    assert "acts are never changed or removed" in refused(statement)


@pytest.mark.parametrize("sequence", [0, 1, 3, 5])
def test_an_act_is_added_at_the_end_and_nowhere_else(sequence: int) -> None:
    assert "follows the last one" in refused(inserted(sequence=sequence))


@pytest.mark.parametrize("previous", ["previous", "bytes", "NULL"])
def test_an_act_names_the_digest_of_the_one_before_it(previous: str) -> None:
    refused(inserted(previous=previous))


def test_what_follows_is_let_through() -> None:
    """The refusals above are for the reasons they give."""
    with connection.cursor() as cursor:
        cursor.execute(inserted())
    assert ActRow.objects.count() == 4


def test_a_command_is_one_act() -> None:
    refused(inserted(command="command"))


def test_the_first_act_of_a_disagreement_is_number_one() -> None:
    assert "follows the last one" in refused(
        inserted(sequence=4).replace("SELECT disagreement", f"SELECT {literal(OTHER.hex)}")
    )


def literal(uuid: str) -> str:
    return f"'{uuid}'::uuid" if connection.vendor == "postgresql" else f"'{uuid}'"


# --- Words ------------------------------------------------------------------------------------------------------------

ERASED = f"text = NULL, key = NULL, erased_at = '{AT:%Y-%m-%d %H:%M:%S}'"


@pytest.mark.parametrize(
    "change",
    [
        "text = key", "key = digest", "text = NULL", "key = NULL", f"erased_at = '{AT:%Y-%m-%d %H:%M:%S}'",
        "field = 'other'", "audience = 'own agency'", "controller = 'health'", "digest = key", "sequence = 1",
        "disagreement = disagreement", "text = NULL, key = NULL",
        f"{ERASED}, audience = 'own agency'", f"{ERASED}, digest = key", f"{ERASED}, field = 'other'",
        f"{ERASED}, controller = 'health'", f"{ERASED}, sequence = 3", f"{ERASED}, id = id + 100",
    ],
)  # fmt: skip
def test_words_cannot_be_changed(change: str) -> None:
    assert "words are never changed" in refused(f"UPDATE words SET {change} WHERE sequence = 2")


def test_words_cannot_be_removed() -> None:
    assert "words are never changed or removed" in refused("DELETE FROM words WHERE sequence = 2")


def test_text_and_key_can_be_erased_together_and_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE words SET {ERASED} WHERE sequence = 2")

    row = WordsRow.objects.get(disagreement=DISAGREEMENT, sequence=2)
    assert (row.text, row.key, row.erased_at) == (None, None, AT)
    assert "words are never changed" in refused(f"UPDATE words SET {ERASED} WHERE sequence = 2")


# --- Checkpoints ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", ["UPDATE checkpoints SET lengths = '[]'", "DELETE FROM checkpoints"])
def test_a_checkpoint_cannot_be_changed_or_removed(statement: str) -> None:
    CheckpointRow.objects.create(made_at=AT, root=bytes(32), lengths="[]")
    assert "checkpoints are never changed or removed" in refused(statement)


# --- Statements that only one of the databases knows ------------------------------------------------------------------

ROUND_ABOUT = {
    "sqlite": [
        # REPLACE removes what is in its way, and asks no DELETE trigger.
        "INSERT OR REPLACE INTO acts SELECT * FROM acts WHERE sequence = 2",
        ROW.format(sequence=4, command=NEW_COMMAND, previous="digest")
        .replace("INSERT", "INSERT OR REPLACE")
        .replace("(disagreement", "(id, disagreement")
        .replace("SELECT disagreement", "SELECT (SELECT min(id) FROM acts), disagreement"),
        ROW.format(sequence=4, command="command", previous="digest").replace("INSERT", "REPLACE"),
        "UPDATE OR REPLACE acts SET sequence = 3 WHERE sequence = 2",
        "INSERT OR REPLACE INTO words SELECT * FROM words WHERE sequence = 2",
        "REPLACE INTO words (id, disagreement, sequence, field, text, key, digest, audience, controller)"
        " SELECT id, disagreement, 9, field, text, key, digest, audience, controller FROM words WHERE sequence = 2",
        "INSERT OR REPLACE INTO checkpoints SELECT * FROM checkpoints",
    ],
    "postgresql": [
        "TRUNCATE acts",
        "TRUNCATE words CASCADE",
        "TRUNCATE checkpoints",
        "INSERT INTO acts SELECT * FROM acts WHERE sequence = 3 ON CONFLICT (id) DO UPDATE SET kind = 'decided'",
        "WITH gone AS (DELETE FROM acts RETURNING *) SELECT count(*) FROM gone",
        "MERGE INTO acts USING words ON acts.sequence = words.sequence WHEN MATCHED THEN DELETE",
    ],
}


def test_no_statement_of_this_databases_own_gets_round_it() -> None:
    CheckpointRow.objects.create(made_at=AT, root=bytes(32), lengths="[]")
    before = list(ActRow.objects.order_by("id").values()), list(WordsRow.objects.order_by("id").values())

    for statement in ROUND_ABOUT[connection.vendor]:
        refused(statement)

    assert (list(ActRow.objects.order_by("id").values()), list(WordsRow.objects.order_by("id").values())) == before
