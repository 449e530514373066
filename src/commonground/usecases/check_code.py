"""Check codes: what stands at the foot of a paper, so that anybody can ask whether the record still holds what it held.

A code names how many acts the paper was made from and begins the digest of the last of them, which stands for all of
them (core/chain.py). It also begins the disagreement's own id, so that asking is one look at an index and appending an
act costs nothing for it. Whoever has no paper has no code: 64 bits of a digest are not guessed.
"""

from __future__ import annotations

import hmac
import logging
import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from commonground import fence
from commonground.core.chain import genesis, verify
from commonground.record.models import ActRow
from commonground.usecases.handle import NotThere
from commonground.usecases.reading import Reading

logger = logging.getLogger(__name__)

PLACE: Final = 8
"""How many hex figures of the disagreement's id a code has. They find; they prove nothing."""
SHORT: Final = 16
"""How many hex figures of the digest it has at least."""
WHOLE: Final = 64
GROUP: Final = 4


@dataclass(frozen=True)
class CheckCode:
    """How many acts a paper was made from, of which disagreement, and the digest of the last of them."""

    acts: int
    disagreement: UUID
    digest: bytes

    @property
    def short(self) -> str:
        """What is printed and typed: "12-3f2a-77bc-0123-4567-89ab-cdef". Acts, the id's beginning, the digest's."""
        figures = self.disagreement.hex[:PLACE] + self.digest.hex()[:SHORT]
        return "-".join([str(self.acts), *(figures[at : at + GROUP] for at in range(0, len(figures), GROUP))])

    @property
    def whole(self) -> str:
        """The whole digest, as `commonground export` writes it beside the act."""
        return self.digest.hex()


@dataclass(frozen=True)
class Typed:
    """A code as somebody typed it. `digest` is the beginning of one, in hex."""

    acts: int
    place: str
    digest: str


def code_of(reading: Reading) -> CheckCode:
    """This will give the check code of what somebody reads. NotThere where there is nothing to read."""
    acts = len(reading.acts)
    with fence.inside(reading.scope.partnership):
        row = ActRow.objects.filter(disagreement=reading.disagreement, sequence=acts).only("digest").first()
    if row is None:
        raise NotThere
    return CheckCode(acts, reading.disagreement, bytes(row.digest))


def typed(text: str) -> Typed | None:
    """This will read a code as people type it: capitals, blanks and any dashes; None for what has no code's shape."""
    found = re.fullmatch(r"([0-9]{1,9})[^0-9a-z]+([0-9a-f][^g-z]*)", text.strip().lower())
    if found is None:
        return None
    figures = re.sub(r"[^0-9a-f]", "", found[2])
    digest = figures[PLACE:]
    return Typed(int(found[1]), figures[:PLACE], digest) if SHORT <= len(digest) <= WHOLE else None


def holds(code: Typed) -> bool:
    """This will say whether a code is of a record here that still begins with the acts it stands for.

    A wrong code costs the same wherever it is wrong: one look. Only a right one is followed through its record.
    """
    with fence.everywhere("whoever holds a paper may ask whether its code is right, and is told nothing else"):
        first, last = (UUID(code.place + filling * (32 - PLACE)) for filling in "0f")
        found = ActRow.objects.filter(disagreement__gte=first, disagreement__lte=last, sequence=code.acts)
        known = [
            disagreement
            for disagreement, digest in found.values_list("disagreement", "digest")
            if hmac.compare_digest(bytes(digest).hex()[: len(code.digest)], code.digest)
        ]
        return any(_follows(disagreement, code.acts) for disagreement in known)


def _follows(disagreement: UUID, acts: int) -> bool:
    """Say whether the first acts of a record follow one another, down to the one that the code names."""
    rows = ActRow.objects.filter(disagreement=disagreement, sequence__lte=acts).order_by("sequence")
    links = [(bytes(data), bytes(digest)) for data, digest in rows.values_list("bytes", "digest")]
    broken = verify(genesis(disagreement), links)
    if broken is None and len(links) == acts:
        return True
    logger.error("disagreement %s does not hold at act %s: somebody checked a paper", disagreement, broken)
    return False
