"""Words: every piece of text that a person typed, held apart from the act that says it was typed.

The act keeps a `Said`: field, audience, controller and a keyed digest. The text and its key stand here. Destroying both
is the lawful erasure: the act and its digest stay as they were, the chain still holds, and nothing can be guessed back.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from commonground.core.acts import Audience, Said
from commonground.core.chain import KEY_SIZE, words_digest
from commonground.core.procedure import Key


@dataclass(frozen=True)
class Words:
    """A piece of words as typed, with the key of its digest and with who may see it and who answers for it."""

    field: Key
    text: str
    audience: Audience
    controller: Key
    key: bytes

    @cached_property  # asked for several times on the way through the door, and a keyed digest is not cheap
    def said(self) -> Said:
        """What the act keeps of it."""
        digest = words_digest(
            self.key, field=self.field, text=self.text, audience=self.audience.value, controller=self.controller
        )
        return Said(self.field, digest.hex(), self.audience, self.controller)


@dataclass(frozen=True)
class Erased:
    """A piece of words whose text and key were destroyed, and when."""

    said: Said
    erased_at: datetime


def typed(field: Key, text: str, audience: Audience, controller: Key, key: bytes | None = None) -> Words:
    """This will make words of what somebody typed, under a new random key unless one is given (for a test's sake).

    Half a surrogate pair, which is no character and has no bytes, becomes the replacement character: nothing anybody
    can paste may stop them.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Words(field, whole, audience, controller, key or secrets.token_bytes(KEY_SIZE))
