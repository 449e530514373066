"""Small files of every kind that can be sent, made here, with marks in them to look for. Nobody in them is real."""

from __future__ import annotations

import zipfile
from io import BytesIO
from struct import pack

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject

AUTHOR = "Robin Invented"
"""Who wrote what is hidden in them."""
PLACE = (51.25, -0.5)

_RDF = "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_MAIN = {
    "docx": ("word/document.xml", f"{_OFFICE}.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{_OFFICE}.spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{_OFFICE}.presentationml.presentation.main+xml"),
}


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip archive of these parts, by name."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return made.getvalue()


def office(ending: str, more: dict[str, bytes] | None = None, body: bytes = b"", author: str = AUTHOR) -> bytes:
    """An Office file of today: docx, xlsx or pptx."""
    part, type_ = _MAIN[ending]
    core = f"""<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:creator>{author}</dc:creator>
        <cp:lastModifiedBy>{author}</cp:lastModifiedBy></cp:coreProperties>"""
    return zipped(
        {
            "[Content_Types].xml": f'<Types><Override PartName="/{part}" ContentType="{type_}"/></Types>'.encode(),
            part: b'<w:document xmlns:w="w" xmlns:r="r">' + body + b"</w:document>",
            **({"docProps/core.xml": core.encode()} if author else {}),
            **(more or {}),
        }
    )


def open_document(what: str = "text", content: bytes = b"") -> bytes:
    """An OpenDocument file: text, spreadsheet or presentation."""
    meta = f'<o:meta xmlns:o="o" xmlns:dc="d"><dc:creator>{AUTHOR}</dc:creator></o:meta>'
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{what}".encode(),
            "content.xml": b'<o:body xmlns:o="o">' + content + b"</o:body>",
            "meta.xml": meta.encode(),
        }
    )


def jpeg(*, told: bool = True, orientation: int = 1) -> bytes:
    """A photograph, with where it was taken and by whom, unless it is told nothing."""
    picture = Image.new("RGB", (32, 16), (200, 30, 30))
    exif = Image.Exif()
    if told:
        exif[0x013B] = AUTHOR
        exif[0x0110] = "Telephone 5"
        exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 15.0, 0.0), 3: "W", 4: (0.0, 30.0, 0.0)})
    if orientation != 1:
        exif[0x0112] = orientation
    made = BytesIO()
    picture.save(made, "JPEG", exif=exif, comment=AUTHOR if told else None)
    return made.getvalue()


def png(*, told: bool = True) -> bytes:
    """A picture of a screen."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    if told:
        info.add_text("Author", AUTHOR)
    made = BytesIO()
    Image.new("RGBA", (16, 16), (0, 100, 0, 128)).save(made, "PNG", pnginfo=info)
    return made.getvalue()


def pdf(*, author: str = AUTHOR, inside: bytes = b"", password: str = "") -> bytes:
    """A PDF of one page. Its author stands in its information and in its XMP; `inside` is a file in it."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.metadata = None
    if author:
        writer.add_metadata({"/Author": author, "/Title": "A plan"})
        stream = StreamObject()
        stream.set_data(f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{_RDF}<!-- {author} --></x:xmpmeta>".encode())
        writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    if inside:
        writer.add_attachment("inside.txt", inside)
    if password:
        writer.encrypt(password)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def heic() -> bytes:
    """How a HEIC picture begins; nothing here unpacks one."""
    return pack(">I4s4sI", 24, b"ftyp", b"heic", 0) + b"mif1heic" + b"\0" * 200


def old_office(*names: str) -> bytes:
    """A compound file whose top has streams with these names, and that embeds another with a stream "Workbook"."""
    names = (*names, "ObjectPool")
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[0x1A:0x20] = pack("<HHH", 3, 0xFFFE, 9)
    header[0x2C:0x34] = pack("<II", 1, 1)  # one sector of the table, and where the directory begins
    header[0x44:0x48] = pack("<I", 0xFFFFFFFE)
    header[0x4C:] = pack("<109I", 0, *[0xFFFFFFFF] * 108)
    entries = [_entry("Root Entry", child=1)]
    for number, name in enumerate(names, start=1):
        last = number == len(names)
        entries.append(_entry(name, after=None if last else number + 1, child=len(names) + 1 if last else None))
    entries.append(_entry("Workbook"))
    directory = b"".join(entries)
    sectors = -(-len(directory) // 512)
    chain = [*range(2, sectors + 1), 0xFFFFFFFE]
    table = pack("<128I", 0xFFFFFFFD, *chain, *[0xFFFFFFFF] * (127 - len(chain)))
    return bytes(header) + table + directory.ljust(sectors * 512, b"\0")


def _entry(name: str, after: int | None = None, child: int | None = None) -> bytes:
    encoded = name.encode("utf-16-le")
    none = 0xFFFFFFFF
    numbers = pack("<III", none, none if after is None else after, none if child is None else child)
    return encoded.ljust(64, b"\0") + pack("<HBB", len(encoded) + 2, 2, 1) + numbers + b"\0" * 48


MAIL = (
    b"From: a@school.example\r\nTo: b@council.example\r\nSubject: The visit\r\nDate: Thu, 2 Apr 2026\r\n\r\nHello.\r\n"
)
CSV = b"date,what\n2026-04-02,a visit\n"
TEXT = "What was said: “two visits were missed”.\n".encode()
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\0" * 200

EACH = {
    "plan.pdf": pdf(),
    "letter.doc": old_office("WordDocument"),
    "letter.docx": office("docx"),
    "visits.xls": old_office("Workbook"),
    "visits.xlsx": office("xlsx"),
    "slides.ppt": old_office("PowerPoint Document"),
    "slides.pptx": office("pptx"),
    "letter.odt": open_document(),
    "visits.ods": open_document("spreadsheet"),
    "slides.odp": open_document("presentation"),
    "note.txt": TEXT,
    "visits.csv": CSV,
    "photo.jpg": jpeg(),
    "screen.png": png(),
    "photo.heic": heic(),
    "mail.eml": MAIL,
    "mail.msg": old_office("__properties_version1.0"),
}
"""One file of each kind, by its name."""
