"""One disagreement as one file, which anybody can check with verifier.py and needs nothing of ours to read.

JSON Lines: a header, then each act as the exact text that was hashed with its digest and the words that this reader may
see, then what the last checkpoint says. docs/record.md has the format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from commonground.core.acts import Said
from commonground.core.chain import canonical
from commonground.record import checkpoints, store
from commonground.record.checkpoints import Checkpoint
from commonground.record.codec import moment_text
from commonground.record.words import Erased, Words

HOW_TO_CHECK: Final = (
    "Run verifier.py (Python 3.11 or later, nothing else) on this file. Give it the root of the checkpoint your agency "
    "was sent: it then finds that newer acts were cut or all of it written anew, too. With --files it says whether "
    "files that you downloaded are those that were sent with its acts."
)
NOT_PROVEN: Final = (
    "That what somebody wrote is true, or that it happened when they said it happened.",
    "Who was at the keyboard: an act names the account that was signed in, for an agency and in a post.",
    "Without a checkpoint that you kept: that no newer acts were cut, and that not all of it was written anew.",
    "What is not in this file: words withheld from this reader, and words lawfully erased.",
)


def export(disagreement: UUID, *, made_at: datetime, may_see: Callable[[Said], bool]) -> Iterator[bytes]:
    """This will give the lines of a disagreement's file, with the words that the reader `may_see`.

    LookupError where there is no such disagreement; Altered where its record does not hold, since a file that doubts
    itself is worth nothing.
    """
    stored = store.check(disagreement)
    row = store.standing_row(disagreement)
    if row is None:
        raise LookupError(f"there is no disagreement {disagreement}")
    words = store.words_of(disagreement, store.read(disagreement))
    yield _line(
        {
            "acts": len(stored),
            "disagreement": str(disagreement),
            "format": "commonground record",
            "how_to_check": HOW_TO_CHECK,
            "last": stored[-1][2].hex(),
            "made_at": moment_text(made_at),
            "not_proven": list(NOT_PROVEN),
            "procedure": row.procedure,
            "procedure_digest": row.procedure_digest,
            "reference": row.reference,
            "version": 1,
        }
    )
    for sequence, data, digest in stored:
        pieces = [_piece(one) for one in words.get(sequence, ()) if may_see(one.said)]
        yield _line({"act": data.decode("utf-8"), "digest": digest.hex(), "words": pieces})
    checkpoint = checkpoints.last()
    if checkpoint is not None and _covers(checkpoint, disagreement):
        yield _line({"checkpoint": checkpoints.shown(checkpoint, disagreement)})


def _covers(checkpoint: Checkpoint, disagreement: UUID) -> bool:
    return any(length.disagreement == disagreement for length in checkpoint.lengths)


def _piece(piece: Words | Erased) -> dict[str, Any]:
    said = piece.said
    whose = {"audience": said.audience.value, "controller": said.controller, "field": said.field}
    if isinstance(piece, Erased):
        return {**whose, "digest": said.digest, "erased_at": moment_text(piece.erased_at)}
    return {**whose, "key": piece.key.hex(), "text": piece.text}


def _line(value: dict[str, Any]) -> bytes:
    return canonical(value) + b"\n"
