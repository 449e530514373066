"""A file that was sent with an act: its name, type, size and digest. The bytes themselves lie elsewhere (files/).

What is known of a file is words of the act, under the field `FILE`: they have an audience and a controller, the act
holds their keyed digest, so the chain proves the file too, and erasing them leaves nothing that could be guessed. A
plain digest in the act would let anybody who has a document find out for ever that it was sent (ADR 0012).

The words are three lines that people can read, with one form only:

    referral.pdf
    application/pdf, 48213 bytes
    sha-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from commonground.core.procedure import Key

FILE: Final[Key] = "attached file"
"""The field of such words. No procedure can ask under it: its keys have no blanks."""

_WRITTEN: Final = re.compile(r"([^\n]+)\n([a-z0-9.+-]+/[a-z0-9.+-]+), ([0-9]+) bytes\nsha-256 ([0-9a-f]{64})")


@dataclass(frozen=True)
class Attached:
    """A file as its act knows it. `size` in bytes; `sha256` of all its bytes, in hex; `type` a media type."""

    name: str
    """As it was called where it came from: it may hold anybody's name, so it is words like any other."""
    type: str
    size: int
    sha256: str

    @property
    def text(self) -> str:
        """The same as words of an act."""
        return f"{self.name}\n{self.type}, {self.size} bytes\nsha-256 {self.sha256}"


def attached_in(text: str) -> Attached:
    """This will read a file's name, type, size and digest back from its words. ValueError for anything else."""
    found = _WRITTEN.fullmatch(text)
    if found is None or str(int(found[3])) != found[3]:
        raise ValueError("these words are of no file")
    return Attached(found[1], found[2], int(found[3]), found[4])
