"""The one way into the record: what was written is read, in order; what was tampered with is not read at all."""

# ruff: noqa: S608 - tampering is done by statement

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from commonground.core.acts import Audience, What
from commonground.core.chain import genesis, verify
from commonground.core.standing import Phase, standing
from commonground.record import store
from commonground.record.codec import Altered
from commonground.record.models import ActRow, StandingRow, WordsRow
from commonground.record.store import Moved, Repeated
from commonground.record.words import Erased, typed
from tests.storage.emptying import without_triggers
from tests.storage.examples import AT, DISAGREEMENT, OTHER, act, one_of_each_kind, words
from tests.storage.writing import standing_columns, write, write_many

pytestmark = pytest.mark.django_db


def test_what_was_written_is_read_in_order() -> None:
    acts = list(one_of_each_kind().values())
    for number, one in enumerate(acts):
        acts[number] = act(number + 1, ask=one.ask, effects=one.effects, marks=one.marks)
        write(DISAGREEMENT, number, acts[number])

    assert store.read(DISAGREEMENT) == tuple(acts)


@pytest.mark.parametrize("forget", [True, False], ids=["from the first act", "from what was added up before"])
def test_the_latest_of_a_record_is_what_all_its_acts_add_up_to(forget: bool) -> None:
    kinds = one_of_each_kind().values()
    for number, one in enumerate(kinds):
        write(DISAGREEMENT, number, act(number + 1, ask=one.ask, effects=one.effects))
        if forget:
            store.forget_folded()
        latest = store.latest(DISAGREEMENT)

        acts = store.read(DISAGREEMENT)
        assert latest is not None
        assert latest.standing == standing(acts)
        assert latest.digest == store.check(DISAGREEMENT)[-1][2]
        assert latest.commands == {str(one.id) for one in acts}
    row = standing_columns(DISAGREEMENT, 1, b"")
    assert latest is not None
    assert (latest.partnership, latest.reference) == (row.partnership, row.reference)
    assert latest.procedure_digest == row.procedure_digest


def test_no_more_is_kept_of_what_was_added_up_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_FOLDED", 2)
    store.forget_folded()
    digests = []
    for number in range(4):
        digests.append(write(DISAGREEMENT, number, act(number + 1)))
        assert store.latest(DISAGREEMENT) is not None

    assert list(store._folded) == digests[2:]


def test_a_disagreement_that_is_not_there_has_no_acts() -> None:
    assert store.read(OTHER) == ()
    assert store.latest(OTHER) is None
    assert store.standing_row(OTHER) is None


def test_each_disagreement_has_a_record_of_its_own() -> None:
    write_many(2)
    write_many(3, OTHER)

    assert (len(store.read(DISAGREEMENT)), len(store.read(OTHER))) == (2, 3)


def test_the_digests_given_are_the_chain() -> None:
    digests = write_many(3)
    stored = store.check(DISAGREEMENT)

    assert [digest for _, _, digest in stored] == digests
    assert verify(genesis(DISAGREEMENT), ((data, digest) for _, data, digest in stored)) is None


@pytest.mark.parametrize("after", [0, 1, 3])
def test_who_read_another_length_is_told_the_length_and_nothing_is_written(after: int) -> None:
    write_many(2)

    with pytest.raises(Moved) as moved:
        write(DISAGREEMENT, after, act(9))

    assert moved.value.position == 2
    assert len(store.read(DISAGREEMENT)) == 2


@pytest.mark.parametrize(
    ("after", "number", "follows"),
    [
        pytest.param(1, 9, 0, id="somebody acted first"),
        pytest.param(2, 9, 0, id="another act before it"),
        pytest.param(3, 9, 1, id="a gap"),
        pytest.param(2, 1, 1, id="a command that is there"),
    ],
)
def test_who_looks_nothing_up_is_turned_away_by_the_table_itself(after: int, number: int, follows: int) -> None:
    digests = write_many(2)

    with pytest.raises(Moved), transaction.atomic():
        store.append(DISAGREEMENT, after, act(number), follows=digests[follows])

    assert len(store.read(DISAGREEMENT)) == 2
    with transaction.atomic():
        digest = store.append(DISAGREEMENT, 2, act(9), follows=digests[1])
    assert ActRow.objects.get(sequence=3).previous == digests[1]
    assert ActRow.objects.get(sequence=3).digest == digest


@pytest.mark.parametrize("after", [0, 2, 7])
def test_the_same_command_sent_twice_is_one_act_whatever_happened_between(after: int) -> None:
    write_many(2)

    with pytest.raises(Repeated) as repeated:
        write(DISAGREEMENT, after, act(1))

    assert repeated.value.sequence == 1
    assert store.find(DISAGREEMENT, act(1).id) == 1
    assert len(store.read(DISAGREEMENT)) == 2


def test_the_same_command_id_in_two_disagreements_is_two_acts() -> None:
    write_many(1)
    write_many(1, OTHER)

    assert store.find(OTHER, act(1).id) == 1
    assert store.find(OTHER, act(2).id) is None


def test_words_other_than_the_act_says_are_a_mistake_of_ours() -> None:
    said, other = words("Said."), words("Not said.")
    for given in ((), (other,), (said, other), (said, said)):
        with pytest.raises(ValueError, match="not the words the act says"):
            write(DISAGREEMENT, 0, act(1, words=(said,)), given)
    assert ActRow.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_act_is_never_written_outside_a_transaction() -> None:
    with pytest.raises(TransactionManagementError):
        store.append(DISAGREEMENT, 0, act(1))
    assert ActRow.objects.count() == 0


def test_the_standing_is_written_over() -> None:
    digests = write_many(2)

    assert StandingRow.objects.count() == 1
    row = store.standing_row(DISAGREEMENT)
    assert row is not None
    for name, value in vars(standing_columns(DISAGREEMENT, 2, digests[1])).items():
        stored = getattr(row, name)
        assert (bytes(stored) if isinstance(value, bytes) else stored) == value, name


def test_what_is_due_is_found_by_query_the_longest_due_first() -> None:
    write_many(1)
    write_many(1, OTHER)
    StandingRow.objects.filter(disagreement=OTHER).update(next_due_at="2026-04-01T09:00Z", next_event="question")

    assert store.due(AT) == [(OTHER, "question"), (DISAGREEMENT, "stage")]
    assert store.due(AT, limit=1) == [(OTHER, "question")]
    assert store.due(AT.replace(hour=8)) == [(OTHER, "question")]
    StandingRow.objects.update(next_due_at=None)
    assert store.due(AT) == []


# --- Words ------------------------------------------------------------------------------------------------------------

HARD_TO_KEEP = ["", " ", "\x00", "a\r\nb\n", "e\u0301 é", "\u202eright to left", "👩🏽‍🏫", "'; --", "x" * 1_000_000]


def test_words_are_kept_exactly_as_typed() -> None:
    pieces = tuple(typed(f"field-{n}", text, Audience.OWN_AGENCY, "school") for n, text in enumerate(HARD_TO_KEEP))
    write(DISAGREEMENT, 0, act(1, words=pieces), pieces)
    write(DISAGREEMENT, 1, act(2))

    assert store.words_of(DISAGREEMENT, store.read(DISAGREEMENT)) == {1: pieces}


def test_half_a_character_stops_nobody() -> None:
    piece = typed("reason", "a\ud83db", Audience.PARTIES, "school")
    write(DISAGREEMENT, 0, act(1, words=(piece,)), (piece,))

    assert store.words_of(DISAGREEMENT, store.read(DISAGREEMENT)) == {1: (piece,)}
    assert piece.text == "a\ufffdb"


def test_every_piece_of_words_has_a_key_of_its_own() -> None:
    pieces = [typed("reason", "The same.", Audience.PARTIES, "school") for _ in range(3)]
    assert len({piece.key for piece in pieces}) == len({piece.said.digest for piece in pieces}) == 3


@pytest.mark.django_db(transaction=True)
def test_erased_words_are_gone_and_the_chain_still_holds() -> None:
    pieces = (words("A telling sentence. " * 1000), words("Another sentence.", field="wanted"))
    write(DISAGREEMENT, 0, act(1, words=pieces), pieces)
    if connection.vendor == "sqlite":
        assert on_disk(b"A telling sentence.")
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = OFF")  # some builds have it on; no deployment has to
    before = store.check(DISAGREEMENT)

    with transaction.atomic():
        assert store.erase(DISAGREEMENT, 1, pieces[0].said.digest, AT)

    assert store.words_of(DISAGREEMENT, store.read(DISAGREEMENT)) == {1: (Erased(pieces[0].said, AT), pieces[1])}
    assert store.check(DISAGREEMENT) == before
    with transaction.atomic():
        assert not store.erase(DISAGREEMENT, 1, pieces[0].said.digest, AT)
        assert not store.erase(OTHER, 1, pieces[1].said.digest, AT)
        assert not store.erase(DISAGREEMENT, 2, pieces[1].said.digest, AT)
    if connection.vendor == "sqlite":
        assert not on_disk(b"A telling sentence.")
        assert not on_disk(pieces[0].key)
        assert on_disk(b"Another sentence.")


def on_disk(text: bytes) -> bool:
    """Say whether a text is anywhere in SQLite's files."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    files = Path(connection.settings_dict["NAME"])
    return any(text in path.read_bytes() for path in files.parent.glob(files.name + "*"))


# --- Tampering --------------------------------------------------------------------------------------------------------
# By somebody who owns the database and has put the triggers aside.

Tampering = tuple[str, int, str]
"""SQL, the act that has to be named, and what has to be said of it."""

ACTS = "DELETE FROM acts WHERE sequence "
CHANGES: dict[str, Tampering] = {
    "a byte of an act": ("UPDATE acts SET bytes = {patched} WHERE sequence = 2", 2, "does not follow"),
    "the bytes of the act before": ("UPDATE acts SET bytes = {bytes_of_1} WHERE sequence = 2", 2, "does not follow"),
    "its digest": ("UPDATE acts SET digest = previous WHERE sequence = 2", 2, "does not follow"),
    "what it follows": ("UPDATE acts SET previous = digest WHERE sequence = 2", 2, "columns"),
    "when it was recorded": ("UPDATE acts SET recorded_at = happened_at WHERE sequence = 2", 2, "columns"),
    "when it happened": ("UPDATE acts SET happened_at = recorded_at WHERE sequence = 2", 2, "columns"),
    "its kind": ("UPDATE acts SET kind = 'decided' WHERE sequence = 2", 2, "columns"),
    "its version": ("UPDATE acts SET version = 2 WHERE sequence = 2", 2, "columns"),
    "its agency": ("UPDATE acts SET agency = 'health' WHERE sequence = 2", 2, "columns"),
    "its post": ("UPDATE acts SET post = 'manager' WHERE sequence = 2", 2, "columns"),
    "its author": ("UPDATE acts SET author = 'p-2' WHERE sequence = 2", 2, "columns"),
    "its command": ("UPDATE acts SET command = {other} WHERE sequence = 2", 2, "columns"),
    "a column of the last": ("UPDATE acts SET author = 'p-2' WHERE sequence = 5", 5, "columns"),
    "the first removed": (ACTS + "= 1", 1, "missing"),
    "one removed": (ACTS + "= 3", 3, "missing"),
    "the last removed": (ACTS + "= 5", 5, "adds up 5 acts, and 4"),
    "the last two removed": (ACTS + "> 3", 4, "adds up 5 acts, and 3"),
    "all removed": (ACTS + "> 0", 1, "adds up 5 acts, and 0"),
    "one removed and the rest moved up": (ACTS + "= 3;UPDATE acts SET sequence = 3 WHERE sequence = 4", 3, "follow"),
    "two in each other's place": (
        "UPDATE acts SET sequence = 99 WHERE sequence = 2;UPDATE acts SET sequence = 2 WHERE sequence = 3;"
        "UPDATE acts SET sequence = 3 WHERE sequence = 99",
        2,
        "follow",
    ),
    "one from another record": (
        ACTS + "= 3 AND disagreement = {this};"
        "UPDATE acts SET disagreement = {this} WHERE sequence = 3 AND disagreement = {other}",
        3,
        "follow",
    ),
    "another record's whole": (
        ACTS + "> 0 AND disagreement = {this};UPDATE acts SET disagreement = {this} WHERE disagreement = {other}",
        1,
        "follow",
    ),
    "one repeated at the end": (
        "INSERT INTO acts (disagreement, sequence, command, kind, version, recorded_at, happened_at, agency, post,"
        " author, bytes, previous, digest) SELECT disagreement, 6, {other}, kind, version, recorded_at, happened_at,"
        " agency, post, author, bytes, previous, digest FROM acts WHERE sequence = 5 AND disagreement = {this}",
        6,
        "follow",
    ),
    "its standing removed": ("DELETE FROM standings WHERE disagreement = {this}", 1, "adds up 0 acts, and 5"),
    "its standing set back": (
        "UPDATE standings SET position = 4 WHERE disagreement = {this}",
        5,
        "adds up 4 acts, and 5",
    ),
    "its standing set back with its digest": (
        "UPDATE standings SET position = 4, position_digest = (SELECT digest FROM acts WHERE sequence = 4 AND"
        " disagreement = {this}) WHERE disagreement = {this}",
        5,
        "adds up 4 acts, and 5",
    ),
    "its standing made otherwise": (
        "UPDATE standings SET position_digest = {bytes_of_1} WHERE disagreement = {this}",
        5,
        "another act",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_record_that_was_tampered_with_is_not_read_and_the_place_is_named(name: str) -> None:
    write_many(5, OTHER)
    write_many(5)
    statements, place, found = CHANGES[name]
    assert store.latest(DISAGREEMENT) is not None  # what was added up before makes nobody blind
    tamper(statements)

    for reading in (store.read, store.latest) if found == "columns" else (store.read, store.latest, store.check):
        with pytest.raises(Altered) as stopped:
            reading(DISAGREEMENT)
        assert (stopped.value.disagreement, stopped.value.sequence) == (DISAGREEMENT, place)
        assert found in stopped.value.found


def tamper(statements: str) -> None:
    first = bytes(ActRow.objects.get(disagreement=DISAGREEMENT, sequence=1).bytes)
    second = bytes(ActRow.objects.get(disagreement=DISAGREEMENT, sequence=2).bytes)
    values = {
        "this": sql(DISAGREEMENT),
        "other": sql(OTHER),
        "patched": sql(second.replace(b"notice", b"notise")),
        "bytes_of_1": sql(first),
    }
    with without_triggers(), connection.cursor() as cursor:
        for statement in statements.format(**values).split(";"):
            if "disagreement = " not in statement:
                statement += f" AND disagreement = {sql(DISAGREEMENT)}"
            cursor.execute(statement)
            assert cursor.rowcount > 0, statement


def sql(value: UUID | bytes) -> str:
    match connection.vendor, value:
        case "postgresql", bytes():
            return f"'\\x{value.hex()}'::bytea"
        case _, bytes():
            return f"x'{value.hex()}'"
        case "postgresql", _:
            return f"'{value}'::uuid"
        case _:
            return f"'{value.hex}'"


def test_rebuilding_reads_without_the_standing() -> None:
    write_many(3)
    StandingRow.objects.all().delete()

    assert len(store.read(DISAGREEMENT, beside_standing=False)) == 3


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        pytest.param({"text": b"We do agree."}, "not those that were typed", id="the text"),
        pytest.param({"text": b"\xff"}, "not those that were typed", id="no text"),
        pytest.param({"key": bytes(32)}, "not those that were typed", id="the key"),
        pytest.param({"key": b"short"}, "not those that were typed", id="a short key"),
        pytest.param({"audience": "own agency"}, "not those that were typed", id="who may see it"),
        pytest.param({"audience": "everybody"}, "not those that were typed", id="an audience nobody knows"),
        pytest.param({"controller": "health"}, "not those that were typed", id="who answers for it"),
        pytest.param({"field": "wanted"}, "not those that were typed", id="the field"),
        pytest.param({"digest": bytes(32)}, "are gone", id="its digest"),
        pytest.param({"sequence": 1}, "are gone", id="said by another act"),
        pytest.param({"disagreement": OTHER}, "are gone", id="said in another disagreement"),
        pytest.param(
            {"text": None, "key": None, "erased_at": AT, "controller": "health"}, "not erased as", id="half erased"
        ),
    ],
)
def test_words_that_were_tampered_with_are_not_shown(changes: dict[str, object], found: str) -> None:
    write_many(3)
    with without_triggers():
        WordsRow.objects.filter(sequence=2).update(**changes)

    with pytest.raises(Altered, match=found) as stopped:
        store.words_of(DISAGREEMENT, store.read(DISAGREEMENT))
    assert stopped.value.sequence == 2


def test_words_that_were_removed_or_smuggled_in_are_noticed() -> None:
    write_many(3)
    acts = store.read(DISAGREEMENT)
    WordsRow.objects.create(
        disagreement=DISAGREEMENT,
        sequence=1,
        field="x",
        text=b"",
        key=b"",
        digest=b"",
        audience="parties",
        controller="x",
    )
    with pytest.raises(Altered, match="does not say"):
        store.words_of(DISAGREEMENT, acts)

    with without_triggers():
        WordsRow.objects.filter(sequence=3).delete()
    with pytest.raises(Altered, match="are gone"):
        store.words_of(DISAGREEMENT, acts)


def test_a_reference_means_one_disagreement_and_who_was_second_is_told_to_try_again() -> None:
    digests = write_many(1)
    taken = replace(standing_columns(OTHER, 1, digests[0]), reference=standing_columns(DISAGREEMENT, 1, b"").reference)

    with pytest.raises(Moved), transaction.atomic():
        store.put_standing(taken)
    assert store.standing_row(OTHER) is None


def test_a_standing_may_be_given_as_the_core_words_it() -> None:
    row = standing_columns(DISAGREEMENT, 1, write_many(1)[0])
    store.put_standing(replace(row, phase=Phase.ENDED, what=What.CONFIRM))

    stored = StandingRow.objects.get()
    assert (stored.phase, stored.what) == ("ended", "confirm")
