"""A paper as PDF: tagged (PDF/UA-1), in the same bytes for the same paper, drawn from a template by WeasyPrint.

The drawing asks nobody for anything: no network, no file. It needs system libraries that pip cannot bring; where one is
missing the service runs without PDF, and says so (`missing`, checks.py).
"""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.template import engines
from markupsafe import Markup, escape

from commonground.web.papers.paper import Paper

STATIC: Final = Path(__file__).resolve().parents[1] / "static"
STYLES: Final = ("paper.css", "paper-form.css")

LONGEST: Final = 200_000
"""How many characters one PDF holds: about fifty pages. Drawing more would hold up everybody else. Word has no end,
and neither has the file."""

NEEDED: Final = "Pango (libpango-1.0-0, libpangoft2-1.0-0), HarfBuzz (libharfbuzz-subset0) and a font such as DejaVu"


class TooLong(Exception):
    """The paper is longer than a PDF is drawn here. It is whole in Word, and in the file."""


@cache
def missing() -> str:
    """This will say what keeps PDF from being made here, as one sentence; nothing where it can be."""
    # In a process of its own: what WeasyPrint takes of memory is for whoever asks for a PDF, not for every process.
    tried = subprocess.run([sys.executable, "-c", "import weasyprint"], capture_output=True, text=True, check=False)
    if tried.returncode == 0:
        return ""
    return f"PDF cannot be made: {_last_line(tried.stderr)}. It needs WeasyPrint, with {NEEDED}."


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it ends without a word"


def pdf(paper: Paper) -> bytes:
    """This will give a paper as PDF. TooLong for one that is past LONGEST; OSError where a library is `missing`.

    Should anything on it ever lead elsewhere, it is not drawn at all: what was to be fetched could be anything.
    """
    if paper.length > LONGEST:
        raise TooLong
    weasyprint = _weasyprint()
    nowhere = weasyprint.urls.URLFetcher(allowed_protocols=(), fail_on_errors=True)
    drawn = weasyprint.HTML(string=html(paper), url_fetcher=nowhere, base_url=None)
    texts = ((STATIC / name).read_text(encoding="utf-8") for name in STYLES)
    styles = [weasyprint.CSS(string=text, url_fetcher=nowhere) for text in texts]
    made: bytes = drawn.write_pdf(stylesheets=styles, pdf_variant="pdf/ua-1")
    return made


def _weasyprint() -> Any:
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)  # it tells of every page it draws
    # Only here: importing it fails where a system library is not there, and takes 45 MB.
    import weasyprint  # type: ignore[import-untyped]

    return weasyprint


def html(paper: Paper) -> str:
    """This will give the page that the PDF is drawn from."""
    text: str = (
        engines["jinja2"].get_template("papers/pdf.html").render({"paper": paper, "soft": soft, "pieces": pieces})
    )
    return text


PIECE: Final = 4_000


def pieces(text: str) -> tuple[str, ...]:
    """This will cut a long text into paragraphs, at blanks where it has any: one without end takes an hour to lay out.

    Put together again they are the text.
    """
    cut: list[str] = []
    while len(text) > PIECE:
        at = max(text.rfind(blank, PIECE // 2, PIECE) for blank in " \n") + 1 or PIECE
        cut.append(text[:at])
        text = text[at:]
    return (*cut, text)


UNBROKEN: Final = re.compile(r"\S{60}(?=\S)")


def soft(text: str) -> Markup:
    """This will let what has no blanks go on in the next line: finding each break letter by letter takes minutes."""
    parts: list[str] = []
    at = 0
    for found in UNBROKEN.finditer(text):
        parts.append(text[at : found.end()])
        at = found.end()
    return Markup("<wbr>").join(escape(part) for part in (*parts, text[at:]))
