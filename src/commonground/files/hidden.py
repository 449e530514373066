"""What a file says that its sender may not see: where a photograph was taken, who wrote it, what was struck out.

`hidden_in` lists it, `without` makes a copy that lacks it. Pictures are not drawn anew: the parts that hold such things
are left out and every other byte stays, so nothing looks worse. What can't be looked into is said, never passed over.

Run on bytes that anybody could have made, so only in a process with limits (apart.py). It has no Django.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from struct import pack
from typing import Any, Final
from xml.etree import ElementTree
from zlib import crc32

from commonground.files.kinds import Kind, part_of

MOST: Final = 20
"""Lines shown of one file."""
LONGEST: Final = 200
"""Characters shown of one value."""


@dataclass(frozen=True)
class Hidden:
    """One thing that a file holds: what it is, and what it says."""

    what: str
    says: str


CANNOT_LOOK: Final = Hidden("It could not be looked into", "It may name people or places.")


def hidden_in(kind: Kind, data: bytes) -> tuple[Hidden, ...]:
    """This will list what a file holds beside what it shows; nothing where there is nothing. Never an error."""
    look = _LOOKS.get(kind)
    if look is None:
        return ()
    found: list[Hidden] = []
    try:
        found.extend(islice(look(data), MOST))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever a library makes of broken bytes, the file can still be sent as it is
        found.append(CANNOT_LOOK)
    return tuple(Hidden(one.what, _short(one.says)) for one in found)


def without(kind: Kind, data: bytes) -> bytes:
    """This will give a copy of a file that lacks what is hidden in it. ValueError where none can be made."""
    clean = _CLEANS.get(kind)
    if clean is None:
        raise ValueError("of such a file no copy can be made")
    try:
        return clean(data)
    except MemoryError:
        raise
    except Exception as error:
        raise ValueError("no copy could be made of it") from error


def _short(text: str) -> str:
    shown = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def _said(what: str, value: Any) -> Iterator[Hidden]:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if text := _short(str(value or "")):
        yield Hidden(what, text)


# --- Pictures ---------------------------------------------------------------------------------------------------------

_EXIF: Final = {
    0x010F: "Camera made by",
    0x0110: "Camera",
    0x013B: "Author",
    0x8298: "Copyright",
    0x010E: "Description",
}
_EXIF_MORE: Final = {0x9003: "Taken at", 0xA430: "Camera belongs to", 0xA431: "Number of the camera", 0x9286: "Comment"}
_EXIF_WINDOWS: Final = {0x9C9B: "Title", 0x9C9C: "Comment", 0x9C9D: "Author", 0x9C9E: "Keywords", 0x9C9F: "Subject"}
_ORIENTATION: Final = 0x0112


def _in_picture(data: bytes) -> Iterator[Hidden]:
    from PIL import Image

    with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as picture:  # its pixels are never unpacked
        exif = picture.getexif()
        place = exif.get_ifd(0x8825)
        if 2 in place and 4 in place:
            at = _degrees(place[2], place.get(1)), _degrees(place[4], place.get(3))
            yield Hidden("Where it was taken", f"{at[0]:.5f}, {at[1]:.5f}")
        elif place:
            yield Hidden("Where it was taken", "Something is written about the place.")
        for tag, what in _EXIF.items():
            yield from _said(what, exif.get(tag))
        more = exif.get_ifd(0x8769)
        for tag, what in _EXIF_MORE.items():
            yield from _said(what, more.get(tag))
        for tag, what in _EXIF_WINDOWS.items():
            value = exif.get(tag)
            yield from _said(what, bytes(value).decode("utf-16-le", "replace").rstrip("\0") if value else "")
        if exif.get_ifd(0x0201) or exif.get_ifd(1):
            yield Hidden("A small second picture", "It may show what was cut away from the picture itself.")


def _degrees(parts: Any, side: Any) -> float:
    whole: float = sum(float(part) / 60**place for place, part in enumerate(parts))
    return -whole if str(side).strip("\0 ").upper() in ("S", "W") else whole


def _in_jpeg(data: bytes) -> Iterator[Hidden]:
    yield from _in_picture(data)
    for marker, piece in _segments(data):
        if marker == 0xFE:
            yield from _said("Comment", piece[4:])
        elif marker == 0xED or (marker == 0xE1 and piece[4:].startswith(b"http://ns.adobe.com/")):
            yield Hidden("Notes by a picture program", "They may name people and places.")
        elif marker == _REST and piece.rstrip(b"\0"):
            yield Hidden("Something after its end", f"{len(piece)} bytes that are not part of the picture.")


_REST: Final = -1
"""Stands for what comes after the end of a picture."""
_SCAN, _END = 0xDA, 0xD9


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each part of a JPEG with its marker, all its bytes in order; the picture itself is one part."""
    at = 2
    while at < len(data):
        if data[at] != 0xFF:
            raise ValueError("no JPEG")
        marker = data[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker == _END:
            yield marker, data[at : at + 2]
            if at + 2 < len(data):
                yield _REST, data[at + 2 :]
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SCAN:
            end = _end_of_scan(data, end)
        yield marker, data[at:end]
        at = end
    raise ValueError("a JPEG without an end")


def _end_of_scan(data: bytes, at: int) -> int:
    """Give where the next marker after a scan stands: within one, FF is followed by 00 or by a restart."""
    while (at := data.find(b"\xff", at)) >= 0:
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2
    raise ValueError("a JPEG without an end")


def _jpeg_without(data: bytes) -> bytes:
    from PIL import Image

    with Image.open(BytesIO(data), formats=("JPEG",)) as picture:
        turned = picture.getexif().get(_ORIENTATION, 1)
    kept = [data[:2]]
    if turned in range(2, 9):
        kept.append(_turned(int(turned)))  # else a picture taken upright would lie on its side
    for marker, piece in _segments(data):
        # Of what programs add: colours (ICC in APP2, Adobe's in APP14) and JFIF's own stay, or it would look different.
        added = 0xE0 <= marker <= 0xEF
        stays = marker in (0xE0, 0xEE) or (marker == 0xE2 and piece[4:].startswith(b"ICC_PROFILE\0"))
        if marker not in (0xFE, _REST) and (not added or stays):
            kept.append(_jfif_alone(piece) if marker == 0xE0 else piece)
    return b"".join(kept)


def _jfif_alone(piece: bytes) -> bytes:
    # JFIF's own part can hold a small second picture, and its extension (JFXX) is nothing else.
    if not piece[4:].startswith(b"JFIF\0"):
        return b""
    return b"\xff\xe0\x00\x10" + piece[4:16] + b"\0\0"


def _turned(orientation: int) -> bytes:
    """Give the one part of EXIF that says which way up a picture is, and nothing else."""
    tiff = b"MM\0*" + pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff


_PNG_STAYS: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs hIST acTL fcTL fdAT cICP".split()
)
_PNG_TEXT: Final = {b"tEXt": "Text", b"zTXt": "Text", b"iTXt": "Text", b"tIME": "Last changed"}


def _in_png(data: bytes) -> Iterator[Hidden]:
    yield from _in_picture(data)
    for name, piece in _chunks(data):
        if name in (b"tEXt", b"iTXt", b"zTXt"):
            key, _, text = piece.partition(b"\0")
            shown = text.lstrip(b"\0").decode("utf-8", "replace") if name != b"zTXt" else ""
            yield Hidden(_short(key.decode("latin-1")) or "Text", shown or "Something is written in it.")
        elif name == b"":
            yield Hidden("Something after its end", f"{len(piece)} bytes that are not part of the picture.")
        elif name not in _PNG_STAYS and name not in (b"eXIf", b"tIME"):
            yield Hidden("Notes by a picture program", "They may name people and places.")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield each part of a PNG by its name, without its frame; what comes after the end has the name b""."""
    at = 8
    while at < len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if at + 12 + size > len(data):
            raise ValueError("a PNG without an end")
        yield name, data[at + 8 : at + 8 + size]
        at += 12 + size
        if name == b"IEND":
            if data[at:].rstrip(b"\0"):
                yield b"", data[at:]
            return
    raise ValueError("a PNG without an end")


def _png_without(data: bytes) -> bytes:
    kept = [data[:8]]
    for name, piece in _chunks(data):
        if name in _PNG_STAYS:
            kept += (pack(">I", len(piece)), name, piece, pack(">I", crc32(name + piece)))
    return b"".join(kept)


def _in_heic(data: bytes) -> Iterator[Hidden]:
    yield Hidden(
        "What the telephone wrote into it",
        "A picture of this kind often says where and when it was taken. Of a JPEG this can be shown, and taken out.",
    )


# --- PDF --------------------------------------------------------------------------------------------------------------

_PDF: Final = {"/Author": "Author", "/Title": "Title", "/Subject": "Subject", "/Keywords": "Keywords"}
MOST_PAGES: Final = 500
"""Pages looked at for comments."""


def _in_pdf(data: bytes) -> Iterator[Hidden]:
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        yield Hidden("It is locked with a password", "It could not be looked into, and who gets it needs the password.")
        return
    told: Mapping[str, Any] = reader.metadata or {}
    for key, what in _PDF.items():
        yield from _said(what, told.get(key))
    xmp = reader.xmp_metadata
    if xmp is not None:
        authors = ", ".join(name for name in (xmp.dc_creator or []) if name)
        if authors and authors != str(told.get("/Author") or ""):
            yield Hidden("Author", authors)
        elif not any(told.get(key) for key in _PDF):
            yield Hidden("Notes by the program that made it", "They may name people and places.")
    names = [one.name for one in reader.attachment_list]
    if names:
        yield Hidden("Files inside it", ", ".join(names))
    comments = sum(_comments_on(page) for page in islice(reader.pages, MOST_PAGES))
    if comments:
        yield Hidden("Comments", f"{comments}. They stay in a copy, too.")


_COMMENTS: Final = frozenset({"/Text", "/FreeText", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Stamp"})


def _comments_on(page: Any) -> int:
    return sum(note.get_object().get("/Subtype") in _COMMENTS for note in page.get("/Annots") or ())


def _pdf_without(data: bytes) -> bytes:
    from pypdf import PdfReader, PdfWriter

    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted:
        raise ValueError("it is locked")
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    root = writer.root_object
    for key in ("/Metadata", "/PieceInfo", "/AF", "/OpenAction", "/AA"):
        root.pop(key, None)
    names: Any = root.get("/Names", {})
    for key in ("/EmbeddedFiles", "/JavaScript"):
        names.pop(key, None)
    for page in writer.pages:
        for key in ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AF", "/AA"):
            page.pop(key, None)
    # Written twice: what nothing leads to any more is still in the first copy, and is not taken over into the second.
    made = _written(PdfWriter(clone_from=_written(writer)))
    return made.getvalue()


def _written(writer: Any) -> BytesIO:
    made = BytesIO()
    writer.write(made)
    made.seek(0)
    return made


# --- Office and OpenDocument ------------------------------------------------------------------------------------------


class _NotPlain(ValueError):
    """An XML part that could make its reader fetch or unfold something: no office program writes that."""


def _elements(archive: zipfile.ZipFile, name: str) -> Iterator[ElementTree.Element]:
    """Yield each element of one part of an archive, its name without its namespace; none where it has no such part."""
    if name not in archive.namelist():
        return
    data = part_of(archive, name)
    if b"<!" in data.replace(b"<!--", b"").replace(b"<![CDATA[", b"") or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _NotPlain(name)  # no definitions, so no entities: what makes reading XML dangerous
    for _, element in ElementTree.iterparse(BytesIO(data)):  # noqa: S314 - see the line above
        yield element
        element.clear()


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _attribute(element: ElementTree.Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


_CORE: Final = {
    "creator": "Author",
    "lastModifiedBy": "Last changed by",
    "title": "Title",
    "subject": "Subject",
    "keywords": "Keywords",
    "description": "Description",
    "initial-creator": "First written by",
    "Company": "Organisation",
    "Manager": "Manager",
}


def _told(archive: zipfile.ZipFile, *names: str) -> Iterator[Hidden]:
    for name in names:
        for element in _elements(archive, name):
            if _name(element) in _CORE:
                yield from _said(_CORE[_name(element)], element.text)


def _in_office(data: bytes) -> Iterator[Hidden]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        yield from _told(archive, "docProps/core.xml", "docProps/app.xml")
        yield from _changes(archive)
        names = archive.namelist()
        comments = sum(
            _name(element) in ("comment", "threadedComment", "cm")
            for name in names
            if "comment" in name.lower() and name.endswith(".xml") and "authors" not in name.lower()
            for element in _elements(archive, name)
        )
        if comments:
            yield Hidden("Comments", str(comments))
        sheets = [_attribute(one, "name") for one in _elements(archive, "xl/workbook.xml") if _is_hidden_sheet(one)]
        if sheets:
            yield Hidden("Hidden sheets", ", ".join(sheets))
        notes = sum(name.startswith("ppt/notesSlides/") and name.endswith(".xml") for name in names)
        if notes:
            yield Hidden("Speaker’s notes", f"On {notes} slides")


def _is_hidden_sheet(element: ElementTree.Element) -> bool:
    return _name(element) == "sheet" and _attribute(element, "state") in ("hidden", "veryHidden")


def _changes(archive: zipfile.ZipFile) -> Iterator[Hidden]:
    count, by = 0, dict[str, None]()
    for element in _elements(archive, "word/document.xml"):
        if _name(element) in ("ins", "del", "moveFrom", "moveTo") and _attribute(element, "author"):
            count += 1
            by[_attribute(element, "author")] = None
    if count:
        yield Hidden("Tracked changes", f"{count}, by {', '.join(by)}")


def _in_open_document(data: bytes) -> Iterator[Hidden]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        yield from _told(archive, "meta.xml")
        changes = comments = 0
        for element in _elements(archive, "content.xml"):
            changes += _name(element) == "changed-region"
            comments += _name(element) == "annotation"
        if changes:
            yield Hidden("Tracked changes", str(changes))
        if comments:
            yield Hidden("Comments", str(comments))


def _in_old_file(data: bytes) -> Iterator[Hidden]:
    yield Hidden(
        "A file of an older kind",
        "It often names who wrote it, and can keep what was taken out. "
        "To see that, save it in the newer kind (docx, xlsx, pptx) or as PDF.",
    )


_LOOKS: Final[Mapping[Kind, Callable[[bytes], Iterator[Hidden]]]] = {
    Kind.JPEG: _in_jpeg,
    Kind.PNG: _in_png,
    Kind.HEIC: _in_heic,
    Kind.PDF: _in_pdf,
    **dict.fromkeys((Kind.DOCX, Kind.XLSX, Kind.PPTX), _in_office),
    **dict.fromkeys((Kind.ODT, Kind.ODS, Kind.ODP), _in_open_document),
    **dict.fromkeys((Kind.DOC, Kind.XLS, Kind.PPT), _in_old_file),
}
_CLEANS: Final[Mapping[Kind, Callable[[bytes], bytes]]] = {
    Kind.JPEG: _jpeg_without,
    Kind.PNG: _png_without,
    Kind.PDF: _pdf_without,
}
CLEANED: Final = frozenset(_CLEANS)
"""Kinds of which a copy without can be made."""
