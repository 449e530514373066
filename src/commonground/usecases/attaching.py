"""Files sent with an act: taken in and looked at while its form is open, part of the act when it is sent, read later.

The rules, in plain English:

1. A file waits beside a form, its owner's alone, until the act is sent with it. What is wrong with a file stops that
   file and nothing else: the act can always go without it (promise 1).
2. A file goes as it is, or as a copy without what is hidden in it; its owner has seen which. Where a virus scanner is
   set up, a file goes once it was scanned. What can't go yet stays behind, and can be sent with a message later.
3. In the record a file is words: its name, type, size and digest (core/attached.py), with an audience and a controller.
   Who may read the words may have the file. Its bytes lie outside the database (files/keeping.py), on the disk before
   the act is written.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from io import BytesIO
from typing import BinaryIO, Final, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from commonground.core.acts import Audience
from commonground.core.attached import FILE, Attached, attached_in
from commonground.core.chain import KEY_SIZE
from commonground.core.procedure import Key
from commonground.files import apart, keeping, scan
from commonground.files.apart import Look
from commonground.files.hidden import Hidden
from commonground.files.keeping import Arrived, Readable, TooLarge
from commonground.files.kinds import KINDS, Kind, Refused, Wrong, as_called, ending_of
from commonground.files.models import WaitingRow
from commonground.files.names import safe_name
from commonground.files.scan import Scanned
from commonground.files.taking import Gone
from commonground.record import store
from commonground.record.models import WordsRow
from commonground.record.words import Words, typed
from commonground.usecases import clock
from commonground.usecases.handle import NotThere
from commonground.usecases.reading import Reading

T = TypeVar("T")

MOST_FILES: Final = 10
"""With one act."""
MOST_WAITING: Final = 30 * MOST_FILES
"""Of one person, beside all their forms."""
WAITS_FOR: Final = timedelta(days=30)
"""After so long a file that was not sent is deleted."""
SETTLES_IN: Final = timedelta(hours=1)
"""After so long a file that came or went in half is cleared away."""


# --- What stands against a file ---------------------------------------------------------------------------------------


class Because(StrEnum):
    """Why a file was not taken."""

    NOTHING_CHOSEN = "no file was chosen"
    EMPTY = "it is empty"
    TOO_LARGE = "it is too large"
    TOO_MANY = "there are too many"
    CALLED_ANOTHER = "it is something else than its name says"
    OTHER = Wrong.OTHER
    MACROS = Wrong.MACROS
    LOCKED = Wrong.LOCKED
    UNPACKS = Wrong.UNPACKS
    DAMAGED = Wrong.DAMAGED
    VIRUS = "the virus scan found something in it"
    NO_ROOM = "it could not be kept"


@dataclass(frozen=True)
class Turned:
    """A file that was not taken: what it is called, why, and what it is where that can be told."""

    name: str
    because: Because
    is_: str = ""
    kind: Kind | None = None
    """For one that is called another: what it is."""


class State(StrEnum):
    """Whether a waiting file can go."""

    READY = "ready"
    UNDECIDED = "its owner has not said how it goes"
    NOT_SCANNED = "it waits for the virus scan"


@dataclass(frozen=True)
class Waiting:
    """A file beside a form, for its owner."""

    id: int
    name: str
    kind: Kind
    size: int
    sha256: str
    key: bytes
    audience: Audience
    hidden: tuple[Hidden, ...]
    can_be_cleaned: bool
    cleaned: bool
    state: State

    @property
    def attached(self) -> Attached:
        """The same, as its act will know it."""
        return Attached(self.name, KINDS[self.kind].type, self.size, self.sha256)


# --- Beside a form ----------------------------------------------------------------------------------------------------


def waiting(person: Key, place: str) -> tuple[Waiting, ...]:
    """This will give the files that wait beside a form of somebody's, in the order they came."""
    rows = WaitingRow.objects.filter(person=person, place=place, whole=True).order_by("id")
    return tuple(_waiting(row) for row in rows[:MOST_FILES])


def attach(
    person: Key,
    place: str,
    given_name: str,
    source: Readable,
    audience: Audience = Audience.PARTIES,
    at: datetime | None = None,
) -> Waiting | Turned:
    """This will take a file in beside a form: whole, known for what it is, scanned, and on the disk.

    The same file once more is the file that is there. `Turned` says why one was not taken; nothing of it is kept.
    """
    name = safe_name(given_name)
    try:
        arrived = keeping.arrive(source, settings.FILE_LIMIT)
    except TooLarge:
        return Turned(name, Because.TOO_LARGE)
    except OSError:
        return Turned(name, Because.NO_ROOM)
    with arrived.file:
        if (same := _same(person, place, arrived.sha256)) is not None:
            return same
        known = _known(name, arrived)
        if isinstance(known, Turned):
            return known
        if _too_many(person, place):
            return Turned(name, Because.TOO_MANY)
        arrived.file.seek(0)
        scanned = scan.scanned(arrived.file)
        if scanned is Scanned.FOUND:
            return Turned(name, Because.VIRUS)
        row = WaitingRow(
            person=person,
            place=place,
            name=name if ending_of(name) else f"{name}.{known.kind}",
            kind=known.kind,
            came_as=arrived.sha256,
            audience=audience,
            scanned=scanned,
            added_at=at or clock.now(),
        )
        return _settle(row, arrived, known) or _same(person, place, arrived.sha256) or Turned(name, Because.NO_ROOM)


def _known(name: str, arrived: Arrived) -> Look | Turned:
    if not arrived.size:
        return Turned(name, Because.EMPTY)
    look = apart.look_into(arrived.file)
    if isinstance(look, Refused):
        return Turned(name, Because(look.wrong), look.is_)
    kind = as_called(look.kind, name)
    if kind is None:
        return Turned(name, Because.CALLED_ANOTHER, KINDS[look.kind].called, look.kind)
    return Look(kind, look.hidden)


def _too_many(person: Key, place: str) -> bool:
    mine = WaitingRow.objects.filter(person=person, whole=True)
    return mine.filter(place=place).count() >= MOST_FILES or mine.count() >= MOST_WAITING


def _same(person: Key, place: str, came_as: str) -> Waiting | None:
    row = WaitingRow.objects.filter(person=person, place=place, came_as=came_as, whole=True).first()
    return _waiting(row) if row else None


def _settle(row: WaitingRow, arrived: Arrived, known: Look) -> Waiting | None:
    """Keep the bytes of a new row; None where they could not be, or the same file came at the same moment.

    The row is there before the bytes and counts only after them: whatever breaks in between is found, and cleared away.
    """
    row.size, row.sha256, row.key = arrived.size, arrived.sha256, secrets.token_bytes(KEY_SIZE)
    row.hidden = json.dumps([(one.what, one.says) for one in known.hidden])
    row.decided = not known.hidden or row.cleaned
    row.save()
    try:
        keeping.keep(arrived, row.key)
        with transaction.atomic():
            row.whole = WaitingRow.objects.filter(id=row.id).update(whole=True) == 1
    except (OSError, IntegrityError):
        row.whole = False
    if row.whole:
        return _waiting(row)
    _clear(row)
    return None


def as_it_is(person: Key, place: str, file: int) -> None:
    """This will have a file go as it is: its owner has seen what is hidden in it."""
    WaitingRow.objects.filter(person=person, place=place, id=file, whole=True).update(decided=True)


def clean(person: Key, place: str, file: int) -> bool:
    """This will put a copy without what is hidden in a file in its place. False where no copy can be made."""
    row = WaitingRow.objects.filter(person=person, place=place, id=file, whole=True).first()
    if row is None:
        return True  # gone, or sent: nothing is left to be cleaned
    with keeping.opened(bytes(row.key), row.sha256) as kept:
        data = apart.clean_copy(Kind(row.kind), kept)
    if data is None:
        return False
    arrived = keeping.arrive(BytesIO(data), 2 * settings.FILE_LIMIT)
    with arrived.file:
        look = apart.look_into(arrived.file)
        return not isinstance(look, Refused) and _swap(row, arrived, look)


def _swap(row: WaitingRow, arrived: Arrived, look: Look) -> bool:
    same = {name: getattr(row, name) for name in ("person", "place", "name", "kind", "came_as", "audience", "scanned")}
    copy = WaitingRow(**same, cleaned=True, added_at=clock.now())
    if not WaitingRow.objects.filter(id=row.id, whole=True).update(whole=False):
        return True  # sent meanwhile, as it was
    if _settle(copy, arrived, look) is None:
        WaitingRow.objects.filter(id=row.id).update(whole=True)
        return False
    _clear(row)
    return True


def remove(person: Key, place: str, file: int | None = None) -> None:
    """This will take a file, or all files, from beside a form, with its bytes."""
    rows = WaitingRow.objects.filter(person=person, place=place, whole=True)
    for row in rows if file is None else rows.filter(id=file):
        # Whoever turns the row has the bytes: an act that is being sent with it finds it whole, or not at all.
        if WaitingRow.objects.filter(id=row.id, whole=True).update(whole=False):
            _clear(row)


def _clear(row: WaitingRow) -> None:
    """Take away a row that is not whole, the bytes first: nothing is left that no row leads to."""
    keeping.destroy(bytes(row.key), row.sha256)
    WaitingRow.objects.filter(id=row.id, whole=False).delete()


def scan_again(person: Key, place: str) -> None:
    """This will have what waits for the virus scan beside a form scanned now, if the scanner answers."""
    for row in WaitingRow.objects.filter(person=person, place=place, whole=True, scanned=Scanned.NOT_YET):
        _scan(row)


def _scan(row: WaitingRow) -> Scanned:
    with keeping.opened(bytes(row.key), row.sha256) as kept:
        found = scan.scanned(kept)
    if found is Scanned.FOUND:
        if WaitingRow.objects.filter(id=row.id, whole=True).update(whole=False):
            _clear(row)
    elif found is not Scanned.NOT_YET:
        WaitingRow.objects.filter(id=row.id).update(scanned=found)
    return found


def _waiting(row: WaitingRow) -> Waiting:
    hidden = tuple(Hidden(*one) for one in json.loads(row.hidden))
    kind = Kind(row.kind)
    state = (
        State.UNDECIDED
        if not row.decided
        else State.NOT_SCANNED
        if row.scanned == Scanned.NOT_YET and scan.is_set_up()
        else State.READY
    )
    return Waiting(
        id=row.id,
        name=row.name,
        kind=kind,
        size=row.size,
        sha256=row.sha256,
        key=bytes(row.key),
        audience=Audience(row.audience),
        hidden=hidden,
        can_be_cleaned=Look(kind, hidden).can_be_cleaned and not row.cleaned,
        cleaned=row.cleaned,
        state=state,
    )


# --- With an act ------------------------------------------------------------------------------------------------------


def with_files(
    person: Key, place: str, files: Iterable[Waiting], controller: Key, send: Callable[[tuple[Words, ...]], T]
) -> T:
    """This will send something with the files beside its form that are ready, as words of its act.

    `files`: as they were just read. The door takes them from there with the act (handle.py). Where one went meanwhile,
    it is sent with what is left: a file never keeps anything from being sent.
    """
    for _ in range(TRIES):
        with suppress(Gone):
            return send(_words_of(files, controller))
        files = waiting(person, place)
    return send(())


TRIES: Final = 3


def _words_of(files: Iterable[Waiting], controller: Key) -> tuple[Words, ...]:
    return tuple(
        typed(FILE, one.attached.text, one.audience, controller, one.key) for one in files if one.state is State.READY
    )


def left_behind(person: Key, place: str, disagreement: UUID) -> None:
    """This will put what could not go with an act beside the form of a message in the same disagreement."""
    there = f"{disagreement}/write"
    for row in WaitingRow.objects.filter(person=person, place=place, whole=True):
        try:
            with transaction.atomic():
                WaitingRow.objects.filter(id=row.id).update(place=there)
        except IntegrityError:
            remove(person, place, row.id)  # the same file waits there already


def clear_away(at: datetime | None = None) -> int:
    """This will scan what still waits for that, and delete what nobody sent; for the worker. Gives how many went."""
    now = at or clock.now()
    for row in WaitingRow.objects.filter(whole=True, scanned=Scanned.NOT_YET).order_by("id"):
        if _scan(row) is Scanned.NOT_YET:
            break  # the scanner is still down: the others wait too
    WaitingRow.objects.filter(whole=True, added_at__lt=now - WAITS_FOR).update(whole=False)
    gone = WaitingRow.objects.filter(Q(added_at__lt=now - SETTLES_IN), whole=False)
    cleared = len(gone)
    for row in gone:
        _clear(row)
    return cleared + keeping.clear_incoming((now - SETTLES_IN).timestamp())


# --- In the record ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """A file of an act, for somebody who may read its words: what it is, and its bytes."""

    attached: Attached
    file: BinaryIO


def files_of(reading: Reading, sequence: int) -> Sequence[Words]:
    """This will give the files of an act that its reader may have, in their order; erased ones are not among them."""
    if not reading.shows(sequence):
        return ()
    return [piece for piece in reading.words.get(sequence, ()) if isinstance(piece, Words) and piece.field == FILE]


def number_of(reading: Reading, sequence: int, piece: Words) -> int:
    """This will give the number of a file in its act, which stays the same for everybody who may have it."""
    said = [one.digest for one in reading.acts[sequence - 1].said]
    return said.index(piece.said.digest) + 1


def find_file(reading: Reading, sequence: int, number: int) -> Found:
    """This will open a file of an act for somebody who reads the disagreement. NotThere where it is not for them.

    keeping.NotAsKept where its bytes are not those that were sent.
    """
    if not 0 < sequence <= len(reading.acts):
        raise NotThere
    for piece in files_of(reading, sequence):
        if number_of(reading, sequence, piece) == number:
            attached = attached_in(piece.text)
            return Found(attached, keeping.opened(piece.key, attached.sha256))
    raise NotThere


def erase_file(disagreement: UUID, sequence: int, digest: str, at: datetime) -> bool:
    """This will destroy a file of an act for good: its bytes, then its words with their key. Inside the fence.

    `digest` is that of its words, as the act says them. False where it is not there. Bytes first: were the words gone
    before them, nothing would lead to the bytes any more.
    """
    row = WordsRow.objects.filter(
        disagreement=disagreement, sequence=sequence, digest=bytes.fromhex(digest), field=FILE, erased_at__isnull=True
    ).first()
    if row is None or row.text is None or row.key is None:
        return False
    keeping.destroy(bytes(row.key), attached_in(bytes(row.text).decode("utf-8")).sha256)
    return store.erase(disagreement, sequence, digest, at)
