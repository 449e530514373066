"""Looks into files in a process of its own, with limits of time and memory: nobody's file can hold up the service.

The process is given the bytes on its standard input and nothing else: no name, no settings, no secrets, no network
address. It answers in one line of JSON, or with the bytes of a copy. What runs out of time or memory is CANNOT_LOOK.

`python -m commonground.files.apart look`, `... kind` or `... clean KIND` is that process.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from commonground.files.hidden import CANNOT_LOOK, CLEANED, Hidden, hidden_in, without
from commonground.files.kinds import Kind, Refused, Wrong, what_is

SECONDS: Final = 20
"""Of processor time, and twice that by the clock."""
MEMORY: Final = 1024 * 1024 * 1024
"""Bytes of address space."""
NO_COPY: Final = 3
"""How the process ends where no copy can be made."""

_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Look:
    """What a look into a file came to: its kind and what is hidden in it."""

    kind: Kind
    hidden: tuple[Hidden, ...]

    @property
    def can_be_cleaned(self) -> bool:
        """Whether a copy can be made that lacks what is hidden."""
        return bool(self.hidden) and self.kind in CLEANED


def look_into(file: BinaryIO) -> Look | Refused:
    """This will say what a file is and what is hidden in it. `file` is one of the system's, read from its beginning."""
    done = _run(file, "look")
    if done is None or done.returncode != 0:
        done = _run(file, "kind")  # too much to look through: it can be sent all the same, once it is known what it is
    if done is None or done.returncode != 0:
        return Refused(Wrong.DAMAGED)
    said = json.loads(done.stdout)
    if "wrong" in said:
        return Refused(Wrong(said["wrong"]), said["is"])
    return Look(Kind(said["kind"]), tuple(Hidden(*one) for one in said["hidden"]))


def clean_copy(kind: Kind, file: BinaryIO) -> bytes | None:
    """This will give the bytes of a copy of a file that lacks what is hidden in it; None where none can be made."""
    done = _run(file, "clean", kind.value)
    return done.stdout if done is not None and done.returncode == 0 and done.stdout else None


def _run(file: BinaryIO, *asked: str) -> subprocess.CompletedProcess[bytes] | None:
    file.seek(0)
    try:
        return subprocess.run(  # noqa: S603 - our own program, and nothing of the file's in how it is called
            [sys.executable, "-m", "commonground.files.apart", *asked],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a library's complaint may quote what is in the file
            env={"PYTHONPATH": str(_ROOT)},
            timeout=2 * SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None


def _look(data: bytes, *, hidden: bool) -> dict[str, Any]:
    kind = what_is(data)
    if isinstance(kind, Refused):
        return {"wrong": kind.wrong, "is": kind.is_}
    found = hidden_in(kind, data) if hidden else (CANNOT_LOOK,)
    return {"kind": kind, "hidden": [(one.what, one.says) for one in found]}


def main(asked: list[str]) -> int:
    """Do what was asked with what comes in."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    data = sys.stdin.buffer.read()
    match asked:
        case ["look" | "kind" as how]:
            sys.stdout.write(json.dumps(_look(data, hidden=how == "look")))
        case ["clean", kind]:
            try:
                sys.stdout.buffer.write(without(Kind(kind), data))
            except (ValueError, MemoryError):
                return NO_COPY
        case _:
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
