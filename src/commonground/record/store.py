"""The one way into the record: append an act, read a disagreement, its words and its standing.

Called by the use cases only, with a disagreement that `people/access.py` has already let them reach: nothing here knows
who is asking. Every writer runs inside the caller's transaction, so that the act, the words, the standing and the
messages are there together or not at all (promise 8).

SQL rather than the ORM where every act passes: a durable act is to cost at most twice its bare rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cache, partial
from operator import attrgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from commonground import fence
from commonground.core.acts import Act, Audience, Said
from commonground.core.chain import genesis, link
from commonground.core.standing import NOTHING, Standing, standing
from commonground.record import search
from commonground.record.codec import Altered, beginning, decode, encode, head, outline
from commonground.record.models import StandingRow, WordsRow
from commonground.record.words import Erased, Words
from commonground.sql import run


class Moved(Exception):
    """Somebody acted first: the record is now `position` acts long. Leave the transaction, read again, decide again."""

    def __init__(self, position: int) -> None:
        """`position` counts the acts that are there."""
        super().__init__(f"the record is {position} acts long now")
        self.position = position


class Repeated(Exception):
    """This command is already in the record, as act `sequence`: the answer it got then is the answer."""

    def __init__(self, sequence: int) -> None:
        """`sequence` counts from 1."""
        super().__init__(f"this command is act {sequence}")
        self.sequence = sequence


Stored = tuple[int, bytes, bytes]
"""An act as it lies in the database: its place, the bytes that were hashed, their digest. The driver's own row."""


@dataclass(frozen=True)
class Latest:
    """What the door answers on: where a disagreement belongs, where it stands, and what its next act follows."""

    partnership: str
    reference: str
    procedure_digest: str
    standing: Standing
    digest: bytes
    """Of its last act."""
    commands: frozenset[str]
    """The ids of the commands that its acts answered."""


# --- Writing ----------------------------------------------------------------------------------------------------------


def hold(disagreement: UUID) -> None:
    """This will let nobody else write to a disagreement until the transaction ends. Call it before reading, to decide.

    It spares a second try, no more: what makes two acts at one place impossible is the table itself. SQLite needs
    nothing, as its transactions have the one write lock from the start (transaction_mode IMMEDIATE).
    """
    if connection.vendor == "postgresql":
        run("SELECT pg_advisory_xact_lock(%s)", [_lock_number(disagreement)])


def append(
    disagreement: UUID, after: int, act: Act, words: Sequence[Words] = (), follows: bytes | None = None
) -> bytes:
    """This will put an act and its words at the end of a record and give its digest.

    `after` is how many acts the caller had read. Moved where there are more now, Repeated where the act's command is
    one of them; either way nothing was written. ValueError where `words` are not those that the act says.

    With `follows`, the digest of the last act read (or `genesis`), nothing is looked up once more: for a caller that
    read under `hold` and knows the command to be new. Were either not so, the table refuses the act, and it's Moved.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("an act is written inside a transaction, with all that belongs to it")
    if sorted(act.said, key=_by_digest) != sorted((piece.said for piece in words), key=_by_digest):
        raise ValueError("the words given are not the words the act says")
    if follows is None:
        hold(disagreement)
        follows = _place_after(disagreement, after, act.id)
    sequence = after + 1
    data = encode(act, disagreement, sequence)
    digest = link(follows, data)
    top = head(act, disagreement, sequence)
    columns = (top.disagreement, top.sequence, top.id, top.kind, top.version, top.recorded_at, top.happened_at)
    try:
        values = [*columns, top.agency, top.post, top.author, data, follows, digest]
        run(_INSERT_ACT, [disagreement, fence.here(), *values])
    except IntegrityError as clash:
        # Only where `hold` did not hold: the table itself turned the act away, and the transaction is past saving.
        raise Moved(sequence) from clash
    if words:
        run(_insert_words(len(words)), list(_values_of(disagreement, sequence, words)))
    return digest


def _values_of(disagreement: UUID, sequence: int, words: Sequence[Words]) -> Iterator[Any]:
    for piece in words:
        digest = bytes.fromhex(piece.said.digest)
        yield from (disagreement, sequence, piece.field, piece.text.encode("utf-8"), piece.key, digest)
        yield from (piece.audience, piece.controller)


def _place_after(disagreement: UUID, after: int, command: UUID) -> bytes:
    """Give the digest that the next act follows, if the record is as long as the caller thinks."""
    values = [disagreement, command, disagreement, disagreement, fence.here()]
    last = run(_SELECT_LAST, values).fetchone()
    position, digest, repeated = last or (0, genesis(disagreement), None)
    if repeated is not None:
        raise Repeated(repeated)
    if position != after:
        raise Moved(position)
    return bytes(digest)


@dataclass(frozen=True)
class StandingColumns:
    """What stands in a standing row, for lists and the worker. The rest of a standing is in the acts alone."""

    disagreement: UUID
    partnership: str
    reference: str
    procedure: str
    procedure_digest: str
    position: int
    position_digest: bytes
    phase: str
    route: str
    stage: str
    owner_agency: str | None
    owner_post: str | None
    what: str | None
    next_event: str | None
    next_due_at: datetime | None
    shown: str
    changed_at: datetime | None = None
    ended_at: datetime | None = None
    urgent: bool = False


def put_standing(row: StandingColumns) -> None:
    """This will write what a disagreement's acts add up to now over what they added up to before.

    Moved where its reference already means another disagreement: leave the transaction, try again with another.
    """
    fence.only(row.partnership)
    try:
        run(_PUT_STANDING, [*_values_of_standing(row), fence.here()])
    except IntegrityError as taken:
        raise Moved(row.position) from taken


def erase(disagreement: UUID, sequence: int, digest: str, erased_at: datetime) -> bool:
    """This will destroy one piece of words for good, with its key: the lawful erasure. False where it is not there.

    On SQLite nothing of it is left in the file either. What PostgreSQL keeps until its next VACUUM and what backups
    keep until they expire is for docs/running.md.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
        transaction.on_commit(_empty_sqlite_log)
    rows = WordsRow.objects.filter(
        disagreement=disagreement, sequence=sequence, digest=bytes.fromhex(digest), erased_at__isnull=True
    )
    search.forget(disagreement, sequence, bytes.fromhex(digest))
    return rows.update(text=None, key=None, erased_at=erased_at) == 1


def _empty_sqlite_log() -> None:
    """Write the log's pages home and cut it: old pages in it still hold the text."""
    with suppress(Exception), connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# --- Reading ----------------------------------------------------------------------------------------------------------


def read(disagreement: UUID, *, beside_standing: bool = True) -> tuple[Act, ...]:
    """This will give every act of a disagreement, in order; none where there is no such disagreement.

    Altered or UnknownKind, which name the act, where `check` finds something or an act's columns say anything else
    than its bytes. `rebuild`, which makes the standing row anew, reads without comparing it.
    """
    rows = _rows(_sql().select_acts, disagreement)
    chain = _follow(disagreement, rows, beside_standing=beside_standing)
    _columns_begin(disagreement, chain)
    return tuple([_decoded(bytes(digest), data, disagreement, sequence) for sequence, data, digest, *_ in chain])


def latest(disagreement: UUID) -> Latest | None:
    """This will say where a disagreement stands, from its acts; None where there is no such disagreement.

    Checks every act as `read` does, and takes apart of each what a standing is made of. Call it under `hold`.
    """
    rows = _rows(_sql().select_acts, disagreement)
    chain = _follow(disagreement, rows)
    if not chain:
        return None
    begins = _columns_begin(disagreement, chain)
    partnership, reference, _, procedure_digest = rows[0][4:8]
    digests = [row[2] for row in chain]
    known = next((place for place in range(len(chain), 0, -1) if digests[place - 1] in _folded), 0)
    now = _folded[digests[known - 1]] if known else NOTHING
    now = standing(
        (
            outline(data, begin, kind, version, recorded_at, disagreement, sequence)
            for (sequence, data, _, _, _, kind, version, recorded_at, *_), begin in zip(
                chain[known:], begins[known:], strict=True
            )
        ),
        now,
    )
    if known < len(chain):
        _keep_folded(digests[-1], now)
    commands = frozenset([row[4] for row in chain])
    return Latest(partnership, reference, procedure_digest, now, digests[-1], commands)


_folded: Final[dict[bytes, Standing]] = {}
"""What acts add up to, by the digest of the last. A digest is of all the acts before it too, so it never grows old."""
MOST_FOLDED: Final = 1000


def _keep_folded(digest: bytes, now: Standing) -> None:
    while len(_folded) >= MOST_FOLDED:
        _folded.pop(next(iter(_folded)), None)  # the first in; another thread may have been quicker
    _folded[digest] = now


def forget_folded() -> None:
    """This will make the next `latest` add up every record from its first act: for measuring, and for tests."""
    _folded.clear()


_taken_apart: Final[dict[bytes, Act]] = {}
"""Acts by their digest, which was just checked against their bytes and all before them: what they say never changes."""
MOST_TAKEN_APART: Final = 10_000


def _decoded(digest: bytes, data: bytes, disagreement: UUID, sequence: int) -> Act:
    act = _taken_apart.get(digest)
    if act is None:
        act = decode(data, disagreement, sequence)
        while len(_taken_apart) >= MOST_TAKEN_APART:
            _taken_apart.pop(next(iter(_taken_apart)), None)  # the first in; another thread may have been quicker
        _taken_apart[digest] = act
    return act


def _columns_begin(disagreement: UUID, chain: Sequence[Any]) -> list[int]:
    """Check the columns of each act against its bytes; give how long the bytes go on with what stands in columns."""
    whose = str(disagreement)
    before = genesis(disagreement)
    begins = []
    for sequence, data, digest, previous, *columns in chain:
        begun = beginning(whose, sequence, *columns)
        if previous != before or not data.startswith(begun):
            raise Altered(disagreement, sequence, "its columns say something else than its bytes")
        before = digest
        begins.append(len(begun))
    return begins


def check(disagreement: UUID) -> list[Stored]:
    """This will give the stored acts of a disagreement, none of them taken apart.

    Altered, which names the act, where one is missing or does not follow from the one before it, and where the standing
    row counted acts that are gone.
    """
    return _follow(disagreement, _rows(_SELECT_CHAIN, disagreement))


def _rows(query: str, disagreement: UUID) -> list[Any]:
    here = fence.here()
    return list(run(query, [disagreement, here, disagreement, disagreement, here]).fetchall())


def _follow(disagreement: UUID, rows: list[Any], *, beside_standing: bool = True) -> list[Any]:
    """Check that acts follow one another and that the standing, which is the first row, adds up all of them; give them.

    The standing was written with the last act and is read in the same statement, so it knows of acts that were cut
    from the end.
    """
    position, counted = 0, genesis(disagreement)
    if rows and rows[0][0] <= 0:
        position, counted = -rows[0][0], rows[0][1]
        rows = rows[1:]
    digest = genesis(disagreement)
    for expected, row in enumerate(rows, start=1):
        sequence, data, stored = row[:3]
        if sequence != expected:
            raise Altered(disagreement, expected, f"it is missing; act {sequence} comes next")
        digest = link(digest, data)
        if stored != digest:
            raise Altered(disagreement, sequence, "it does not follow from the act before it")
    if beside_standing and position != len(rows):
        found = f"the standing adds up {position} acts, and {len(rows)} are there"
        raise Altered(disagreement, min(position, len(rows)) + 1, found)
    if beside_standing and counted != digest:
        raise Altered(disagreement, position, "the standing was made from another act")
    return rows


def find(disagreement: UUID, command: UUID) -> int | None:
    """This will say which act a command became; None where it did not."""
    found = run(_SELECT_COMMAND, [disagreement, command, disagreement, fence.here()]).fetchone()
    return int(found[0]) if found else None


def words_of(disagreement: UUID, acts: Sequence[Act]) -> dict[int, tuple[Words | Erased, ...]]:
    """This will give all words that acts say, by the act's sequence. Who may see which is for the caller.

    `acts` is the whole record, as `read` gave it. Altered where words are gone, are not those that were typed, or
    where there are words that no act says.
    """
    found = run(_SELECT_WORDS, [disagreement, fence.here()]).fetchall()
    rows = {(row.sequence, row.digest): row for row in map(_words_row, found)}
    words = {
        sequence: tuple(
            _words(disagreement, sequence, said, rows.pop((sequence, said.digest), None)) for said in act.said
        )
        for sequence, act in enumerate(acts, start=1)
        if act.said
    }
    for sequence, _ in rows:
        raise Altered(disagreement, sequence, "there are words that it does not say")
    return words


class _WordsRow(NamedTuple):
    """Words as they lie in the database."""

    sequence: int
    digest: str
    field: str
    text: bytes | None
    key: bytes | None
    audience: str
    controller: str
    erased_at: datetime | None


def _words_row(found: Any) -> _WordsRow:
    sequence, digest, field, text, key, audience, controller, erased_at = found
    return _WordsRow(sequence, bytes(digest).hex(), field, text, key, audience, controller, _moment(erased_at))


def _moment(value: Any) -> datetime | None:
    """Give a moment as the driver gave it: SQLite keeps text, in UTC."""
    moment: datetime | None = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def _words(disagreement: UUID, sequence: int, said: Said, row: _WordsRow | None) -> Words | Erased:
    if row is None:
        raise Altered(disagreement, sequence, f"its words in {said.field!r} are gone, and were not erased")
    if row.text is None or row.key is None or row.erased_at is not None:
        columns, erased = (row.field, row.audience, row.controller), row.text is None and row.key is None
        if not erased or row.erased_at is None or columns != (said.field, said.audience.value, said.controller):
            raise Altered(disagreement, sequence, f"its words in {said.field!r} were not erased as they should be")
        return Erased(said, row.erased_at)
    try:
        words = Words(
            row.field, bytes(row.text).decode("utf-8"), Audience(row.audience), row.controller, bytes(row.key)
        )
        same = words.said == said
    except ValueError:
        same = False
    if not same:
        raise Altered(disagreement, sequence, f"its words in {said.field!r} are not those that were typed")
    return words


def standing_row(disagreement: UUID) -> StandingRow | None:
    """This will give the standing row of a disagreement; None where there is no such disagreement."""
    return StandingRow.objects.filter(disagreement=disagreement).first()


@dataclass(frozen=True)
class Place:
    """Where a disagreement belongs: what the door needs to know before it reads the record."""

    partnership: str
    reference: str
    procedure_digest: str


def place_of(disagreement: UUID) -> Place | None:
    """This will say where a disagreement belongs; None where there is no such disagreement."""
    found = run(_SELECT_PLACE, [disagreement, fence.here()]).fetchone()
    return Place(*found) if found else None


def due(now: datetime, limit: int = 100) -> list[tuple[UUID, str]]:
    """This will find what is due by now, longest due first: disagreement and next event. Never from memory."""
    rows = StandingRow.objects.filter(next_due_at__lte=now).order_by("next_due_at", "disagreement")
    return [(row.disagreement, row.next_event or "") for row in rows.only("disagreement", "next_event")[:limit]]


# --- SQL --------------------------------------------------------------------------------------------------------------

_ACT: Final = (
    "disagreement", "sequence", "command", "kind", "version", "recorded_at", "happened_at", "agency", "post", "author",
    "bytes", "previous", "digest",
)  # fmt: skip
_WORDS: Final = ("disagreement", "sequence", "field", "text", "key", "digest", "audience", "controller")
_STANDING: Final = tuple(field.name for field in fields(StandingColumns))
_values_of_standing: Final = attrgetter(*_STANDING)


_HERE: Final = fence.HERE.format("partnership")


def _insert(table: str, columns: Sequence[str], rows: int = 1) -> str:
    row = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"  # noqa: S608


_INSERT_ACT: Final = _insert("acts", _ACT).replace("%s", fence.OURS, 1)
_insert_words: Final = cache(partial(_insert, "words", _WORDS))
_PUT_STANDING: Final = (
    _insert("standings", _STANDING)
    + " ON CONFLICT (disagreement) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in _STANDING[1:] if column != "partnership")
    # A standing stays in its partnership, and this column takes no NULL either.
    + f", partnership = CASE WHEN {fence.HERE.format('standings.partnership')} THEN excluded.partnership END"
)
_SELECT_LAST: Final = f"""SELECT sequence, digest,
    (SELECT sequence FROM acts WHERE disagreement = %s AND command = %s) AS repeated
    FROM acts WHERE disagreement = %s AND {fence.NOT_ELSEWHERE} ORDER BY acts.sequence DESC LIMIT 1"""  # noqa: S608
# The standing comes first, its position turned negative: one statement, so that both are of the same moment.
_SELECT_CHAIN: Final = f"""SELECT -position AS sequence, position_digest, NULL
    FROM standings WHERE disagreement = %s AND {_HERE}
    UNION ALL SELECT sequence, bytes, digest FROM acts WHERE disagreement = %s AND {fence.NOT_ELSEWHERE} ORDER BY 1"""  # noqa: S608
# Ids and moments come out of the database as `codec.encode` writes them.
_SELECT_PLACE: Final = f"""SELECT partnership, reference, procedure_digest
    FROM standings WHERE disagreement = %s AND {_HERE}"""  # noqa: S608
_SELECT_WORDS: Final = f"""SELECT sequence, digest, field, text, key, audience, controller, erased_at
    FROM words WHERE disagreement = %s
    AND EXISTS (SELECT 1 FROM standings WHERE standings.disagreement = words.disagreement AND {_HERE})"""  # noqa: S608
_SELECT_COMMAND: Final = f"""SELECT sequence FROM acts
    WHERE disagreement = %s AND command = %s AND {fence.NOT_ELSEWHERE}"""  # noqa: S608

_SELECT_ACTS: Final = """SELECT -position AS sequence, position_digest, NULL,
    NULL, partnership, reference, NULL, procedure_digest, NULL, NULL, NULL, NULL
    FROM standings WHERE disagreement = %s AND {here}
    UNION ALL SELECT sequence, bytes, digest, previous, {command}, kind, version,
    {recorded_at}, {happened_at}, agency, post, author FROM acts WHERE disagreement = %s AND {not_elsewhere}
    ORDER BY 1"""


@dataclass(frozen=True)
class _Sql:
    """What the two databases say differently."""

    select_acts: str


@cache
def _sql_for(vendor: str) -> _Sql:
    if vendor == "postgresql":
        moment = """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
        command = "command::text"
    else:
        # Django keeps a moment as "2026-04-02 10:00:00", with six decimals unless they are all zero.
        moment = "replace(substr({0} || '.000000', 1, 26), ' ', 'T') || 'Z'"
        command = "||'-'||".join(f"substr(command, {start}, {size})" for start, size in _UUID_PARTS)
    moments = {name: moment.format(name) for name in ("recorded_at", "happened_at")}
    return _Sql(_SELECT_ACTS.format(command=command, here=_HERE, not_elsewhere=fence.NOT_ELSEWHERE, **moments))


_UUID_PARTS: Final = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))


def _sql() -> _Sql:
    return _sql_for(connection.vendor)


def _by_digest(said: Said) -> str:
    return said.digest


def _lock_number(disagreement: UUID) -> int:
    """Give a number of 64 bits for a disagreement. That two might share one costs a wait and nothing else."""
    return int.from_bytes(disagreement.bytes[:8], "big", signed=True)
