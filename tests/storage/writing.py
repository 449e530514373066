"""Writes acts as a use case would, in this process or in another that a test can kill."""

import os
import subprocess
import sys
from urllib.parse import urlsplit
from uuid import UUID

from django.db import connection, transaction

from commonground import fence
from commonground.core.acts import Act
from commonground.core.standing import NOTHING
from commonground.record import store
from commonground.record.codec import text_of_shown
from commonground.record.store import StandingColumns
from commonground.record.words import Words
from tests import databases
from tests.storage.examples import AT, DISAGREEMENT, act, words


def write(disagreement: UUID, after: int, written: Act, said: tuple[Words, ...] = ()) -> bytes:
    """Write one act, its words and the standing in one transaction; give its digest."""
    with transaction.atomic():
        digest = store.append(disagreement, after, written, said)
        store.put_standing(standing_columns(disagreement, after + 1, digest))
    return digest


def write_many(count: int, disagreement: UUID = DISAGREEMENT) -> list[bytes]:
    """Write a record of so many acts, each with words; give their digests."""
    digests = []
    for number in range(1, count + 1):
        piece = words(f"Words of act {number}.")
        digests.append(write(disagreement, number - 1, act(number, words=(piece,)), (piece,)))
    return digests


def standing_columns(disagreement: UUID, position: int, digest: bytes) -> StandingColumns:
    """Give a standing row for a record of invented acts."""
    return StandingColumns(
        disagreement=disagreement,
        partnership="eastmere",
        reference=f"EM-{disagreement.int % 1000}",
        procedure="invented",
        procedure_digest="d" * 64,
        position=position,
        position_digest=digest,
        phase="open",
        route="main",
        stage="first",
        owner_agency="health",
        owner_post="manager",
        what="settle or go up",
        next_event="stage",
        next_due_at=AT,
        shown=text_of_shown(NOTHING),
    )


# --- In another process -----------------------------------------------------------------------------------------------


# Models can be imported only once Django is set up.
IN_ANOTHER_PROCESS = "import django; django.setup(); from tests.storage.writing import main; main()"


def start(*command: str) -> subprocess.Popen[str]:
    """Start another process that writes to this test's database. It says "ready", and then what its command says."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        address = f"sqlite:///{name}"
    else:
        address = urlsplit(databases.address())._replace(path=f"/{name}").geturl()
    process = subprocess.Popen(
        [sys.executable, "-c", IN_ANOTHER_PROCESS, *command],
        env={
            **os.environ,
            databases.ADDRESS: address,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONPATH": "src:.",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def say(line: str) -> None:
    """Tell the test that started this process."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def write_without_end() -> None:
    """Add to the record for ever, saying its length each time that was acknowledged."""
    after = len(store.read(DISAGREEMENT))
    while True:
        after += 1
        piece = words(f"Words of act {after}.")
        write(DISAGREEMENT, after - 1, act(after, words=(piece,)), (piece,))
        say(str(after))


def write_half(how_far: str) -> None:
    """Begin to add to the record, and wait inside the transaction to be killed."""
    after = len(store.read(DISAGREEMENT))
    piece = words(f"Words of act {after + 1}.")
    with transaction.atomic():
        digest = store.append(DISAGREEMENT, after, act(after + 1, words=(piece,)), (piece,))
        if how_far == "standing":
            store.put_standing(standing_columns(DISAGREEMENT, after + 1, digest))
        say("half")
        sys.stdin.readline()


def main() -> None:
    """Do as the command line says."""
    say("ready")
    with fence.everywhere("a test writes to the tables"):
        match sys.argv[1:]:
            case ["without end"]:
                write_without_end()
            case ["half", how_far]:
                write_half(how_far)
