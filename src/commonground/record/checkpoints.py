"""Checkpoints: how long each record is and its last digest, with one root for all of them.

A chain can't show that its newest acts were cut or that all of it was written anew. What shows it is that somebody else
was told, before, how far it had come. So a checkpoint is made on a schedule and leaves the building: each agency gets
the root, and for each of its own disagreements the length, the last digest and the way from there to the root.

Not signed yet: a copy that an agency kept proves to that agency that the record was changed since, and to nobody else
who had sent it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from commonground import fence
from commonground.core.chain import Length, Plain, canonical, root, way_to_root
from commonground.record import store
from commonground.record.codec import Altered, CannotBeRead, moment_text
from commonground.record.models import ActRow, CheckpointRow
from commonground.sql import run


@dataclass(frozen=True)
class Checkpoint:
    """How far every record had come at a moment, and the one digest that stands for that."""

    made_at: datetime
    root: bytes
    lengths: tuple[Length, ...]


def make(made_at: datetime) -> Checkpoint:
    """This will make a checkpoint of all records as they are now, and keep it."""
    checkpoint = _of(made_at, lengths())
    rows: list[Plain] = [[str(one.disagreement), one.acts, one.digest.hex()] for one in checkpoint.lengths]
    CheckpointRow.objects.create(made_at=made_at, root=checkpoint.root, lengths=canonical(rows).decode("utf-8"))
    return checkpoint


def last() -> Checkpoint | None:
    """This will give the checkpoint made last; None before the first. ValueError where the row was tampered with."""
    row = CheckpointRow.objects.order_by("made_at").last()
    if row is None:
        return None
    rows = json.loads(row.lengths)
    checkpoint = _of(row.made_at, [Length(UUID(whose), acts, bytes.fromhex(digest)) for whose, acts, digest in rows])
    if checkpoint.root != bytes(row.root):
        raise ValueError(f"the checkpoint of {moment_text(row.made_at)} does not have the root that was kept with it")
    return checkpoint


def lengths() -> tuple[Length, ...]:
    """This will give how far every record has come."""
    with fence.everywhere(_WHY):
        rows = run(_SELECT_ENDS).fetchall()
    return tuple(Length(UUID(str(whose)), acts, bytes(digest)) for whose, acts, digest in rows)


_WHY: Final = "one root stands for every record there is"
_SELECT_ENDS: Final = """SELECT acts.disagreement, acts.sequence, acts.digest FROM acts JOIN (
    SELECT disagreement, max(sequence) AS sequence FROM acts GROUP BY disagreement
    ) AS ends ON ends.disagreement = acts.disagreement AND ends.sequence = acts.sequence"""


def shown(checkpoint: Checkpoint, disagreement: UUID) -> dict[str, Any]:
    """This will give what a checkpoint says of one record, with the way to its root: as plain JSON, for a stranger.

    KeyError where the record was not there yet.
    """
    way = way_to_root(checkpoint.lengths, disagreement)
    length = next(one for one in checkpoint.lengths if one.disagreement == disagreement)
    return {
        "acts": length.acts,
        "digest": length.digest.hex(),
        "made_at": moment_text(checkpoint.made_at),
        "root": checkpoint.root.hex(),
        "way": [{"digest": step.digest.hex(), "on": "left" if step.on_left else "right"} for step in way],
    }


def statement(checkpoint: Checkpoint, disagreements: Iterable[UUID]) -> bytes:
    """This will give what is sent to an agency: the root, and its own records under it. Ids and digests alone."""
    known = {one.disagreement for one in checkpoint.lengths}
    own = {str(one): shown(checkpoint, one) for one in sorted(disagreements, key=str) if one in known}
    return canonical(
        {
            "disagreements": own,
            "format": "commonground checkpoint",
            "made_at": moment_text(checkpoint.made_at),
            "root": checkpoint.root.hex(),
            "version": 1,
        }
    )


def audit() -> Iterator[CannotBeRead]:
    """This will check every record with its words, and against the last checkpoint, and yield what does not hold.

    One thing for each disagreement, the first. Looking is what makes a chain worth having: run it on a schedule.
    """
    checkpoint = last()
    before = {one.disagreement: one for one in checkpoint.lengths} if checkpoint else {}
    with fence.everywhere(_WHY):
        written = set(ActRow.objects.values_list("disagreement", flat=True).distinct())
    for disagreement in sorted(written | before.keys(), key=str):
        if (found := _found_wrong(disagreement, before.get(disagreement))) is not None:
            yield found


def _found_wrong(disagreement: UUID, length: Length | None) -> CannotBeRead | None:
    try:
        with fence.everywhere(_WHY):
            acts = store.check(disagreement)
            store.words_of(disagreement, store.read(disagreement))
        if length is not None:
            _still_holds(length, acts)
    except CannotBeRead as found:
        return found
    return None


def _still_holds(length: Length, acts: list[store.Stored]) -> None:
    if length.acts > len(acts):
        raise Altered(
            length.disagreement,
            len(acts) + 1,
            f"the last checkpoint knows {length.acts} acts, and {len(acts)} are there",
        )
    if acts[length.acts - 1][2] != length.digest:
        raise Altered(length.disagreement, length.acts, "it is not the act that the last checkpoint knows")


def _of(made_at: datetime, lengths: Iterable[Length]) -> Checkpoint:
    in_order = tuple(sorted(lengths, key=lambda one: one.disagreement.bytes))
    return Checkpoint(made_at, root(in_order), in_order)
