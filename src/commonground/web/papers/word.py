"""A paper as a Word document: built piece by piece, so that whatever was typed stands in it as it was typed.

No template language is between: one of those turned "A & B <script>" into "A  B" without a word.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final, assert_never
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from commonground.web.papers.paper import ERASED, Block, Heading, Line, Paper, Question, Quote, Table

MIME: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUAGE: Final = "en-GB"
NO_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""What a blank form says of when it was made: the format wants a date, and the form has none."""
RULE: Final = "_" * 70
BOX: Final = "☐"


def word(paper: Paper) -> bytes:
    """This will give a paper as a Word document, in the same bytes for the same paper."""
    document = Document()
    _plain(document, paper)
    document.add_heading(paper.title, level=1)
    for text in paper.about:
        document.add_paragraph(text)
    for section in paper.sections:
        heading = document.add_heading(section.heading, level=2)
        heading.paragraph_format.page_break_before = section.on_new_page
        for block in section.blocks:
            _put(document, block)
    return _settled(document)


def _plain(document: Any, paper: Paper) -> None:
    """Set what holds for the whole: properties that name nobody, the language, a plain font, the foot."""
    made = (paper.made_at or NO_DATE).astimezone(UTC).replace(tzinfo=None, microsecond=0)
    about = document.core_properties
    about.title, about.language = paper.title, LANGUAGE
    about.author, about.last_modified_by, about.comments = "Commonground", "", ""
    about.created = about.modified = made
    about.revision = 1
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(9 if paper.compact else 11)
    normal.paragraph_format.space_after = Pt(2 if paper.compact else 6)
    language = OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia", "w:bidi"):
        language.set(qn(name), LANGUAGE)
    normal.element.get_or_add_rPr().append(language)
    foot = document.sections[0].footer.paragraphs[0]
    foot.add_run(f"{paper.foot} · page ")
    _field(foot, "PAGE")


def _field(paragraph: Any, what: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), what)
    paragraph._p.append(field)


def _put(document: Any, block: Block) -> None:
    match block:
        case Heading(text=text):
            document.add_heading(text, level=3)
        case Line(text=text, lead=lead):
            _led(document, lead, text)
        case Table():
            _table(document, block)
        case Quote(label=label, text=text, audience=audience):
            _led(document, label, audience).paragraph_format.keep_with_next = True
            document.add_paragraph(ERASED if text is None else text, style="Quote")
        case Question():
            _question(document, block)
        case _:
            assert_never(block)


def _led(document: Any, lead: str, text: str) -> Any:
    paragraph = document.add_paragraph()
    if lead:
        paragraph.add_run(f"{lead}: ").bold = True
    paragraph.add_run(text)
    return paragraph


def _table(document: Any, block: Table) -> None:
    _led(document, "", block.caption).paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=len(block.heads), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, block.heads, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    # What makes it a header row for a screen reader, and repeats it on the next page.
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in block.rows:
        for place, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
            cell.paragraphs[0].add_run(text).bold = place == 0
    document.add_paragraph()


def _question(document: Any, block: Question) -> None:
    asked = document.add_paragraph()
    asked.add_run(block.text).bold = True
    asked.paragraph_format.keep_with_next = True
    if block.hint:
        document.add_paragraph(block.hint).paragraph_format.keep_with_next = True
    for choice in block.choices:
        document.add_paragraph(f"{BOX} {choice}")
    for blank in block.blanks:
        document.add_paragraph(f"{blank}: {RULE[: len(RULE) // 2]}")
    for _ in range(block.lines):
        document.add_paragraph(RULE)


def _settled(document: Any) -> bytes:
    """Write it, and its parts anew without the moment they were zipped at."""
    written, settled = BytesIO(), BytesIO()
    document.save(written)
    with ZipFile(written) as parts, ZipFile(settled, "w") as anew:
        for part in sorted(parts.infolist(), key=lambda one: one.filename != "[Content_Types].xml"):
            entry = ZipInfo(part.filename)
            entry.compress_type = ZIP_DEFLATED
            anew.writestr(entry, parts.read(part))
    return settled.getvalue()
