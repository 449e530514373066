"""Keeps the secrets of links out of the log: an address that could not be answered is logged, and may be a link."""

from __future__ import annotations

import logging
import re
from typing import Final

SECRET: Final = re.compile(r"[A-Za-z0-9_-]{40,}")
"""Longer than any id of ours (36 characters), shorter than the secret of any link (41 and more)."""


class WithoutSecrets(logging.Filter):
    """Puts "…" in the place of whatever looks like the secret of a link."""

    def filter(self, record: logging.LogRecord) -> bool:
        """This will clean a line of the log and let it through."""
        said = record.getMessage()
        cleaned = SECRET.sub("…", said)
        if cleaned != said:
            record.msg, record.args = cleaned, None
        return True
