"""Opening a paper again, by libraries that had no part in writing it."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import docx
import pypdf


@dataclass(frozen=True)
class Opened:
    """What a reader library finds: the text without any blanks (lines break where they like), and all that is in it."""

    text: str
    everything: bytes
    """Every byte there is, unpacked: names, properties, hidden parts."""
    title: str

    def has(self, text: str) -> bool:
        return bare(text) in self.text


def bare(text: str) -> str:
    """A text without its blanks."""
    return re.sub(r"\s+", "", text)


def opened(kind: str, made: bytes) -> Opened:
    return opened_pdf(made) if kind == "pdf" else opened_word(made)


def opened_pdf(made: bytes) -> Opened:
    file = pypdf.PdfReader(BytesIO(made))
    text = "\n".join(page.extract_text() for page in file.pages)
    metadata = file.metadata
    streams = b"".join(_unpacked(piece) for piece in re.findall(rb"stream\r?\n(.*?)endstream", made, re.DOTALL))
    said = repr(metadata).encode() + (file.xmp_metadata.stream.get_data() if file.xmp_metadata else b"")
    return Opened(bare(text), made + streams + said + text.encode(), str(metadata.title if metadata else ""))


def _unpacked(piece: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(piece)
    except zlib.error:
        return piece


def opened_word(made: bytes) -> Opened:
    document = docx.Document(BytesIO(made))
    with zipfile.ZipFile(BytesIO(made)) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist())
    return Opened(bare("\n".join(lines_of(document))), everything, document.core_properties.title)


def lines_of(document: Any) -> list[str]:
    """Every paragraph and cell of a Word document, in order."""
    found: list[str] = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            found += [cell.text for row in block.rows for cell in row.cells]
        else:
            found.append(block.text)
    return found
