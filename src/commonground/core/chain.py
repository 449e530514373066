"""How a record proves that nothing in it was changed: canonical bytes, links, digests of words, checkpoints.

Each act is stored as bytes, and its digest covers those bytes and the digest before it. So no act can be altered,
removed, inserted, moved or repeated without every later digest changing. What a chain can't show is that its newest
acts were cut, or that all of it was written anew: for that a checkpoint (how long each record is, its last digest, one
root for all of them) leaves the building, and others keep it. docs/record.md is for whoever writes a verifier.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from types import NoneType
from typing import Final
from uuid import UUID

Plain = None | bool | int | str | Sequence["Plain"] | Mapping[str, "Plain"]
"""What canonical bytes are made of. No floats: two programs may write the same one differently."""

DIGEST_SIZE: Final = 32
KEY_SIZE: Final = 32
LARGEST_NUMBER: Final = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly."""


# --- Bytes ------------------------------------------------------------------------------------------------------------

_write = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


def canonical(value: Plain) -> bytes:
    """This will give the one form in which a value is written: that of RFC 8785, for a little less than all of JSON.

    Names in order, no blanks, UTF-8. Text exactly as given: nothing is normalised, because what was typed is evidence.
    ValueError for what has no one form: a float, a number past 2**53 - 1, a name that is not plain ASCII, and
    text with half a surrogate pair (UnicodeEncodeError, which is a ValueError).
    """
    _refuse_what_has_no_one_form(value)
    return _write(value).encode("utf-8")


def _refuse_what_has_no_one_form(value: object) -> None:
    # Every act written passes through here, so the many plain values in one are waved through in the loops.
    kind = type(value)
    if kind in _ANY_VALUE_OF:
        return
    if kind is dict:
        for name, item in value.items():  # type: ignore[attr-defined]  # a dict, by the line above
            if type(name) is not str or not name.isascii():
                raise ValueError(f"a name in canonical bytes is plain ASCII, not {name!r}")
            if type(item) not in _ANY_VALUE_OF:
                _refuse_what_has_no_one_form(item)
    elif kind is list or kind is tuple:
        for item in value:  # type: ignore[attr-defined]  # a list or tuple, by the line above
            if type(item) not in _ANY_VALUE_OF:
                _refuse_what_has_no_one_form(item)
    elif kind is int:
        if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:  # type: ignore[operator]  # an int, by the line above
            raise ValueError("a number in canonical bytes is within 2**53 - 1")
    else:
        raise ValueError(f"canonical bytes hold no {kind.__name__}")


_ANY_VALUE_OF: Final = frozenset({str, bool, NoneType})


# --- Links ------------------------------------------------------------------------------------------------------------


def genesis(disagreement: UUID) -> bytes:
    """This will give what stands before the first act. Each disagreement has its own: no record passes for another."""
    return sha256(b"commonground record 1\n" + str(disagreement).encode("ascii")).digest()


def link(previous: bytes, data: bytes) -> bytes:
    """This will give an act's digest from the digest before it (32 bytes, or `genesis`) and the act's own bytes."""
    return sha256(previous + data).digest()


def verify(start: bytes, links: Iterable[tuple[bytes, bytes]]) -> int | None:
    """This will give the position (from 1) of the first (bytes, digest) that does not follow; None where all do.

    An act that was changed together with its own digest is found at the act after it: each digest follows from what
    the one before *should* be. So only the last can be changed unseen, and a checkpoint shows that.
    """
    digest = start
    for position, (data, stored) in enumerate(links, start=1):
        digest = sha256(digest + data).digest()
        if digest != stored:
            return position
    return None


# --- Words ------------------------------------------------------------------------------------------------------------


def words_digest(key: bytes, *, field: str, text: str, audience: str, controller: str) -> bytes:
    """This will give what an act keeps of a piece of words: HMAC-SHA-256 under a key of 32 random bytes.

    The key stands with the words. While both are there anyone who may read them can check them, and that nobody changed
    who may see them or who answers for them; once both are destroyed not even a guess can be checked.
    """
    if len(key) != KEY_SIZE:
        # HMAC pads short keys with zeros, so two different keys would give the same digest.
        raise ValueError(f"a key of words has {KEY_SIZE} bytes")
    return hmac.digest(
        key, canonical({"audience": audience, "controller": controller, "field": field, "text": text}), "sha256"
    )


# --- Checkpoints ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Length:
    """How far one record had come: how many acts, and the digest of the last."""

    disagreement: UUID
    acts: int
    digest: bytes

    @property
    def leaf(self) -> bytes:
        """What stands for it in the tree of a checkpoint."""
        plain: Plain = {"acts": self.acts, "digest": self.digest.hex(), "disagreement": str(self.disagreement)}
        return sha256(b"\0" + canonical(plain)).digest()


@dataclass(frozen=True)
class Neighbour:
    """One step of the way from a leaf to the root: the digest beside it, and on which side that stands."""

    digest: bytes
    on_left: bool


def root(lengths: Iterable[Length]) -> bytes:
    """This will give the one digest that stands for all records: a Merkle tree (RFC 6962), in order of disagreement.

    A tree, so that an agency can be shown that its own records are under the root without seeing that others exist.
    ValueError where a disagreement is there twice. The root of nothing is the digest of nothing.
    """
    level = [length.leaf for length in _in_order(lengths)]
    if not level:
        return sha256(b"").digest()
    while len(level) > 1:
        level = _one_level_up(level)
    return level[0]


def way_to_root(lengths: Iterable[Length], disagreement: UUID) -> tuple[Neighbour, ...]:
    """This will give the steps from one record's leaf up to the root. KeyError where the record is not among them."""
    rows = _in_order(lengths)
    where = {row.disagreement: place for place, row in enumerate(rows)}[disagreement]
    level, steps = [row.leaf for row in rows], []
    while len(level) > 1:
        beside = where ^ 1
        if beside < len(level):
            steps.append(Neighbour(level[beside], on_left=beside < where))
        level, where = _one_level_up(level), where // 2
    return tuple(steps)


def root_from(length: Length, way: Iterable[Neighbour]) -> bytes:
    """This will give the root that a record's length leads to, by the steps of `way_to_root`."""
    digest = length.leaf
    for step in way:
        digest = _joined(step.digest, digest) if step.on_left else _joined(digest, step.digest)
    return digest


def _in_order(lengths: Iterable[Length]) -> list[Length]:
    rows = sorted(lengths, key=lambda row: row.disagreement.bytes)
    if any(one.disagreement == next_.disagreement for one, next_ in pairwise(rows)):
        raise ValueError("a checkpoint holds each disagreement once")
    return rows


def _one_level_up(level: list[bytes]) -> list[bytes]:
    # An odd one out goes up as it is. RFC 6962's tree comes out the same when built from below.
    pairs = [_joined(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
    return pairs + level[len(level) - len(level) % 2 :]


def _joined(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()
