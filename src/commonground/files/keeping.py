"""Where the bytes of files lie: in a folder outside the database, each under a name that nobody can work out.

A file's name there is made of a random key and its digest. The key stands in the database, with the words that the file
is in its act. So two partnerships that keep the same file keep two, somebody who has a file cannot find out whether it
is here, and once the words are erased nothing leads to it. Bytes are on the disk, all of them, before anybody is told.
"""

from __future__ import annotations

import hmac
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final, Protocol, cast

from django.conf import settings

PIECE: Final = 1024 * 1024
INCOMING: Final = "incoming"
"""The folder, within the others' folder, of what is on its way."""


class TooLarge(Exception):
    """There is more of it than can be sent."""


class NotAsKept(Exception):
    """The bytes are gone, or are not those that were kept: it must be looked into, and nobody is given them."""


class Readable(Protocol):
    """What bytes come from."""

    def read(self, size: int = -1, /) -> bytes:
        """Give so many bytes, or fewer at the end."""


@dataclass
class Arrived:
    """Bytes that have arrived: in a file without a name, so that nothing stays of them unless they are kept."""

    file: BinaryIO
    size: int
    sha256: str


def folder() -> Path:
    """This will give the folder, which nobody else on the machine can read; it is made where it is missing."""
    base = Path(settings.FILES)
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    (base / INCOMING).mkdir(mode=0o700, exist_ok=True)
    return base


def path_of(key: bytes, digest: str) -> Path:
    """This will say where a file's bytes lie, by the key of its words and its digest."""
    name = hmac.digest(key, b"commonground file 1\n" + digest.encode(), "sha256").hex()
    return folder() / name[:2] / name


def on_its_way() -> BinaryIO:
    """This will give a file without a name, for what is on its way: nothing stays of it once it is closed."""
    return cast(BinaryIO, tempfile.TemporaryFile(dir=folder() / INCOMING, buffering=0))


def arrive(source: Readable, most: int) -> Arrived:
    """This will take bytes in, and say how many there are and their digest. TooLarge as soon as there are too many.

    OSError where the disk takes no more. Close its file, or hand it to `keep`.
    """
    file = on_its_way()
    try:
        size, digest = 0, sha256()
        while piece := source.read(PIECE):
            size += len(piece)
            if size > most:
                raise TooLarge
            digest.update(piece)
            view = memoryview(piece)
            while view:
                view = view[file.write(view) :]
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return Arrived(file, size, digest.hexdigest())


def keep(arrived: Arrived, key: bytes) -> None:
    """This will put bytes that arrived in their place. Afterwards they are on the disk, also if the power fails."""
    path = path_of(key, arrived.sha256)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder() / INCOMING)
    try:
        with os.fdopen(descriptor, "wb") as copy:
            arrived.file.seek(0)
            while piece := arrived.file.read(PIECE):
                copy.write(piece)
            copy.flush()
            os.fsync(copy.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    for directory in (path.parent, path.parent.parent):
        _to_disk(directory)


def opened(key: bytes, digest: str) -> BinaryIO:
    """This will open a file's bytes, after all of them were compared with their digest. NotAsKept where they differ."""
    try:
        file = path_of(key, digest).open("rb")
    except FileNotFoundError:
        raise NotAsKept("a file's bytes are gone") from None
    found = sha256()
    while piece := file.read(PIECE):
        found.update(piece)
    if found.hexdigest() != digest:
        file.close()
        raise NotAsKept("a file's bytes are not those that were kept")
    file.seek(0)
    return file


def destroy(key: bytes, digest: str) -> None:
    """This will take a file's bytes off the disk, if they are there."""
    path = path_of(key, digest)
    with suppress(FileNotFoundError):
        path.unlink()
        _to_disk(path.parent)


def clear_incoming(before: float) -> int:
    """This will take away what a process that died left on its way before a moment (seconds since 1970)."""
    left = [path for path in (folder() / INCOMING).iterdir() if path.stat().st_mtime < before]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _to_disk(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
