"""What a file is, by its content: never by what it is called, nor by what the browser says of it.

1. Its first bytes say what family it is of. Office and OpenDocument files are archives, and older Office files and
   Outlook messages are little file systems: both are looked into, because any of them could be something else.
2. A name must end as what is in the file does. A picture called report.pdf is refused, by name, with what it is.
3. What carries a program (a macro), is locked so that nobody can tell what it is, or would unpack to more than any
   document holds, is refused too.

Run on bytes that anybody could have made, so only in a process with limits (apart.py).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from struct import iter_unpack, unpack_from
from typing import Final

MOST_UNPACKED: Final = 500 * 1024 * 1024
"""Bytes an archive may say that it unpacks to. A document of 20 MB comes nowhere near."""
MOST_ENTRIES: Final = 20_000
FIRST: Final = 1024
"""Bytes at the beginning of which a PDF may start, as readers of PDF allow."""


class Kind(StrEnum):
    """A kind of file that can be sent, by how its name ends."""

    PDF = "pdf"
    DOC = "doc"
    DOCX = "docx"
    XLS = "xls"
    XLSX = "xlsx"
    PPT = "ppt"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"
    TXT = "txt"
    CSV = "csv"
    JPEG = "jpg"
    PNG = "png"
    HEIC = "heic"
    EML = "eml"
    MSG = "msg"


@dataclass(frozen=True)
class Known:
    """What a kind is called on the page, its media type, and every way its names end."""

    called: str
    type: str
    endings: tuple[str, ...]


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"

KINDS: Final[Mapping[Kind, Known]] = {
    Kind.PDF: Known("PDF", "application/pdf", ("pdf",)),
    Kind.DOC: Known("Word document", "application/msword", ("doc",)),
    Kind.DOCX: Known("Word document", f"{_OFFICE}.wordprocessingml.document", ("docx",)),
    Kind.XLS: Known("Excel workbook", "application/vnd.ms-excel", ("xls",)),
    Kind.XLSX: Known("Excel workbook", f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",)),
    Kind.PPT: Known("PowerPoint presentation", "application/vnd.ms-powerpoint", ("ppt",)),
    Kind.PPTX: Known("PowerPoint presentation", f"{_OFFICE}.presentationml.presentation", ("pptx",)),
    Kind.ODT: Known("OpenDocument text", f"{_OPEN}.text", ("odt",)),
    Kind.ODS: Known("OpenDocument spreadsheet", f"{_OPEN}.spreadsheet", ("ods",)),
    Kind.ODP: Known("OpenDocument presentation", f"{_OPEN}.presentation", ("odp",)),
    Kind.TXT: Known("plain text", "text/plain", ("txt",)),
    Kind.CSV: Known("CSV table", "text/csv", ("csv",)),
    Kind.JPEG: Known("JPEG picture", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif")),
    Kind.PNG: Known("PNG picture", "image/png", ("png",)),
    Kind.HEIC: Known("HEIC picture", "image/heic", ("heic", "heif", "hif")),
    Kind.EML: Known("e-mail", "message/rfc822", ("eml",)),
    Kind.MSG: Known("Outlook e-mail", "application/vnd.ms-outlook", ("msg",)),
}

BY_TYPE: Final[Mapping[str, Known]] = {known.type: known for known in KINDS.values()}


class Wrong(StrEnum):
    """Why a file cannot be sent whatever it is called."""

    OTHER = "it is of no kind that can be sent"
    MACROS = "it carries a program"
    LOCKED = "it is locked, so nobody can tell what it is"
    UNPACKS = "it would unpack to more than any document holds"
    DAMAGED = "it is damaged, or cut off"


@dataclass(frozen=True)
class Refused:
    """A file that cannot be sent; `is_` says what it is, where that can be told."""

    wrong: Wrong
    is_: str = ""


def what_is(data: bytes) -> Kind | Refused:
    """This will say what a file is, from all its bytes. Text is TXT, or EML where it reads like a mail."""
    try:
        return _by_first_bytes(data) or _pdf_or_text(data) or Refused(Wrong.OTHER, name_of_other(data))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - broken bytes break libraries in more ways than can be listed
        return Refused(Wrong.DAMAGED)


def ending_of(name: str) -> str:
    """This will give what a file's name ends with after its last dot, in small letters; "" where it has none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem and re.fullmatch(r"[A-Za-z0-9]{1,8}", ending) else ""


def as_called(kind: Kind, name: str) -> Kind | None:
    """This will say which kind a file goes by: what it is, where its name says the same; None where it says another.

    Plain text may be a table, and a mail is plain text too; nothing else is two things.
    """
    ending = ending_of(name)
    kinds = {Kind.TXT: (Kind.TXT, Kind.CSV), Kind.EML: (Kind.EML, Kind.TXT, Kind.CSV)}.get(kind, (kind,))
    return next((one for one in kinds if ending in KINDS[one].endings), kind if not ending else None)


def name_of_other(data: bytes) -> str:
    """This will say what a file is that cannot be sent: those people meet by our own names, others by a list; or ""."""
    if known := next((is_ for begins, is_ in _OFTEN_SEEN.items() if data.startswith(begins)), ""):
        return known
    import puremagic  # only here: its list of signatures is for whoever needs it

    try:
        found = puremagic.magic_string(data[:4096])
    except (puremagic.PureError, ValueError):
        return ""
    return str(found[0].name) if found and found[0].confidence >= 0.3 else ""


_OFTEN_SEEN: Final = {
    b"MZ": "program for Windows",
    b"\x7fELF": "program",
    b"Rar!": "archive (rar)",
    b"7z\xbc\xaf": "archive (7z)",
    b"\x1f\x8b": "archive (gzip)",
    b"GIF8": "GIF picture",
    b"BM": "BMP picture",
    b"II*\0": "TIFF picture",
    b"MM\0*": "TIFF picture",
}


# --- By the first bytes -----------------------------------------------------------------------------------------------


def _by_first_bytes(data: bytes) -> Kind | Refused | None:
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if data[4:8] == b"ftyp":
        brands = {data[8:12], *(data[at : at + 4] for at in range(16, min(int.from_bytes(data[:4], "big"), 128), 4))}
        return Kind.HEIC if brands & _HEIC and not brands & _MOVING else None
    if data.startswith(b"PK\x03\x04"):
        return _in_archive(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _in_old_office(data)
    return None


_HEIC: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_MOVING: Final = frozenset({b"avif", b"avis", b"isom", b"mp41", b"mp42", b"qt  ", b"M4V ", b"M4A "})


def _pdf_or_text(data: bytes) -> Kind | Refused | None:
    text = text_of(data)
    if data.lstrip()[:5] == b"%PDF-" or (text is None and not name_of_other(data) and b"%PDF-" in data[:FIRST]):
        return Kind.PDF
    if text is None:
        return None
    begins = text.lstrip("\ufeff \t\r\n")[:FIRST].lower()
    if (told := next((is_ for mark, is_ in _NO_TEXT.items() if begins.startswith(mark)), "")) or "<script" in begins:
        return Refused(Wrong.OTHER, told or "web page")
    return Kind.EML if _reads_like_mail(text) else Kind.TXT


_NO_TEXT: Final = {
    "<!doctype": "web page",
    "<html": "web page",
    "<head": "web page",
    "<body": "web page",
    "<svg": "SVG drawing",
    "<?xml": "XML file",
    "{\\rtf": "RTF document",
    "%!ps": "PostScript file",
    "#!": "program",
    "mz": "program",
}


def text_of(data: bytes) -> str | None:
    """This will read bytes as text, as people's programs write it; None where they are none."""
    names = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for name in names:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        return None if _NOT_IN_TEXT.search(text) else text
    return None


_NOT_IN_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def _reads_like_mail(text: str) -> bool:
    head = re.split(r"\r?\n\r?\n", text[:65536].lstrip("\ufeff"), maxsplit=1)[0]
    lines = head.splitlines()
    named = {line.partition(":")[0].lower() for line in lines if re.match(r"[A-Za-z][A-Za-z0-9-]*:", line)}
    plain = all(re.match(r"[A-Za-z][A-Za-z0-9-]*:|[ \t]|From ", line) for line in lines)
    return plain and "from" in named and len(named & {"date", "subject", "to", "received", "message-id"}) > 1


# --- Archives ---------------------------------------------------------------------------------------------------------


def _in_archive(data: bytes) -> Kind | Refused:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNPACKED:
            return Refused(Wrong.UNPACKS)
        names = {one.filename for one in entries}
        if "[Content_Types].xml" in names:
            types = part_of(archive, "[Content_Types].xml")
            kind = next((kind for mark, kind in _MAIN_PARTS.items() if mark in types), None)
            if b"macroenabled" in types.lower() or any(name.lower().endswith("vbaproject.bin") for name in names):
                return Refused(Wrong.MACROS, "Office file with a macro")
            return kind or Refused(Wrong.OTHER, "archive (zip)")
        if "mimetype" in names:
            kind = _OPEN_TYPES.get(part_of(archive, "mimetype").strip())
            if kind and any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
                return Refused(Wrong.MACROS, "OpenDocument file with a macro")
            return kind or Refused(Wrong.OTHER, "archive (zip)")
    return Refused(Wrong.OTHER, "archive (zip)")


_MAIN_PARTS: Final = {
    b"wordprocessingml.document.main+xml": Kind.DOCX,
    b"spreadsheetml.sheet.main+xml": Kind.XLSX,
    b"presentationml.presentation.main+xml": Kind.PPTX,
}
_OPEN_TYPES: Final = {KINDS[kind].type.encode(): kind for kind in (Kind.ODT, Kind.ODS, Kind.ODP)}

MOST_OF_A_PART: Final = 50 * 1024 * 1024


def part_of(archive: zipfile.ZipFile, name: str, most: int = MOST_OF_A_PART) -> bytes:
    """This will unpack one part of an archive, and no more than `most` bytes of it, whatever it says it has."""
    with archive.open(name) as part:
        return part.read(most)


# --- Office before 2007, and Outlook ----------------------------------------------------------------------------------


def _in_old_office(data: bytes) -> Kind | Refused:
    names = _root_names(data)
    if "EncryptedPackage" in names:
        return Refused(Wrong.LOCKED, "Office file locked with a password")
    if names & {"Macros", "_VBA_PROJECT_CUR", "VBA"}:
        return Refused(Wrong.MACROS, "Office file with a macro")
    kinds = (kind for name, kind in _STREAMS.items() if name in names)
    return next(kinds, None) or Refused(Wrong.OTHER, "installer, or another file of Windows")


_STREAMS: Final = {
    "WordDocument": Kind.DOC,
    "Workbook": Kind.XLS,
    "Book": Kind.XLS,
    "PowerPoint Document": Kind.PPT,
    "__properties_version1.0": Kind.MSG,
}

_NONE: Final = 0xFFFFFFFA
"""Numbers of sectors from here up mean something else: the end, or none."""
_NO_ENTRY: Final = 0xFFFFFFFF


def _root_names(data: bytes) -> frozenset[str]:
    """Give the names at the top of a compound file: what is inside embedded objects says nothing of the file itself."""
    shift, first_directory = unpack_from("<H", data, 0x1E)[0], unpack_from("<I", data, 0x30)[0]
    if shift not in (9, 12):
        raise IndexError("no such sectors")
    sectors = len(data) >> shift

    def sector(number: int) -> bytes:
        return data[(number + 1) << shift : (number + 2) << shift]

    def numbers(piece: bytes) -> list[int]:
        return [one for (one,) in iter_unpack("<I", piece[: len(piece) // 4 * 4])]

    of_table = list(unpack_from("<109I", data, 0x4C))
    more = unpack_from("<I", data, 0x44)[0]
    for _ in range(sectors):
        if more >= _NONE:
            break
        *listed, more = numbers(sector(more))
        of_table += listed
    table = [number for piece in of_table[:sectors] if piece < _NONE for number in numbers(sector(piece))]
    directory, at = b"", first_directory
    for _ in range(sectors):
        if at >= _NONE:
            break
        directory += sector(at)
        at = table[at]
    entries = [directory[start : start + 128] for start in range(0, len(directory) - 127, 128)]
    found, left = set[str](), [unpack_from("<I", entries[0], 76)[0]]
    for _ in range(len(entries)):
        if not left:
            break
        number = left.pop()
        if number == _NO_ENTRY:
            continue
        size, before, after = *unpack_from("<H", entries[number], 64), *unpack_from("<II", entries[number], 68)
        found.add(entries[number][: max(min(size, 64) - 2, 0)].decode("utf-16-le", "replace"))
        left += [before, after]
    return frozenset(found)
