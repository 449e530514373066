"""What a file is called, made safe to show and to save: a name and never a path, and nothing in it that misleads."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category, normalize

LONGEST: Final = 120
"""Characters. Longer names are cut before their ending, so that they still say what they are."""

_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


def safe_name(given: str) -> str:
    """This will give a name that any system can save. What turns text round, hides or ends a line is left out."""
    whole = normalize("NFC", given.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    last = re.split(r"[/\\]", whole)[-1]
    kept = "".join(" " if char.isspace() else char for char in last if char.isspace() or category(char)[0] != "C")
    plain = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*]', "_", kept)).strip(" .")
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > LONGEST and dot and len(ending) < 10:
        return f"{stem[: LONGEST - len(ending) - 1].rstrip(' .')}.{ending}"
    return plain[:LONGEST].rstrip(" .") or "file"
