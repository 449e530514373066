"""What a page weighs at first view: itself and all it asks for, packed, as a browser that has none of it fetches it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parents[2] / "src" / "commonground" / "web" / "static"
MOST = 60 * 1024
"""Bytes."""


def weight(html: bytes) -> int:
    """Give the bytes of a page with its styles, scripts and icon."""
    return len(gzip.compress(html)) + sum(packed(file) for file in dict.fromkeys(files_of(html.decode())))


@cache
def packed(file: str) -> int:
    """Give the bytes of a static file, packed."""
    return len(gzip.compress((STATIC / file).read_bytes()))


def files_of(html: str) -> Iterator[str]:
    """Yield every static file that a page asks for, and what its scripts ask for."""
    for file in re.findall(r'(?:href|src)="/static/([^"]+)"', html):
        yield file
        if file.endswith(".js"):
            yield from re.findall(r"from '\./([^']+)'", (STATIC / file).read_text("utf-8"))
