"""What people type stands on paper as they typed it, or is shown safely: markup, formulas, other scripts, controls."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import docx
import pytest
from django.test import Client
from weasyprint.urls import FatalURLFetchingError  # type: ignore[import-untyped]

from commonground.usecases import clock
from commonground.web.papers import pdf as pdf_file
from commonground.web.papers.paper import Heading, Line, Paper, Question, Quote, Section, Table, safe, safe_text
from commonground.web.papers.pdf import LONGEST, PIECE, TooLong, html, pdf, pieces
from commonground.web.papers.word import word
from tests.pages.reading import be, text_of
from tests.papers.opening import lines_of, opened_pdf, opened_word
from tests.partnership import Small


def paper(*texts: str) -> Paper:
    quotes = tuple(Quote("Words", text, "Both sides can see this.") for text in texts)
    return safe(Paper("A paper: TEST-123456", "TEST-123456", ("About it.",), (Section("Words", quotes),), "foot"))


HOSTILE = [
    pytest.param("A & B <script>alert('1')</script> =1+1 \"x\"", id="markup and a formula"),
    pytest.param("{{ 7*7 }} {% include 'base.html' %} &amp; &lt;", id="a template and escapes"),
    pytest.param('=HYPERLINK("http://elsewhere.example") @import url(x) </style><img src=x>', id="things to fetch"),
    pytest.param("Die Größe, naïve, café, “quoted” – dash", id="accents"),
    pytest.param("שתי ביקורים הוחמצו", id="Hebrew"),
    pytest.param("فاتت زيارتان", id="Arabic"),
    pytest.param("seen today 😀 and tomorrow", id="emoji"),
    pytest.param("one\n\ntwo\n   three", id="lines and blanks"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_words_stand_in_both_files_as_they_were_typed(text: str) -> None:
    assert text in lines_of(docx.Document(BytesIO(word(paper(text)))))
    made = opened_pdf(pdf(paper(text)))
    assert made.has(text) or made.has(text[::-1])
    assert b"/URI" not in made.everything
    assert b"/JavaScript" not in made.everything


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\x00b", "a[U+0000]b"),
        ("a\x0bb\x1f", "a[U+000B]b[U+001F]"),
        ("\x7f\x9b", "[U+007F][U+009B]"),
        ("invoice\u202egpj.exe", "invoice[U+202E]gpj.exe"),
        ("\ufffe\uffff", "[U+FFFE][U+FFFF]"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("\u200fשלום\u200f", "\u200fשלום\u200f"),
        ("😀", "😀"),
    ],
)
def test_what_no_file_can_hold_or_would_mislead_is_shown_by_its_number(typed: str, shown: str) -> None:
    assert safe_text(typed) == shown
    assert shown in lines_of(docx.Document(BytesIO(word(paper(typed)))))
    made = opened_pdf(pdf(paper(typed)))
    visible = shown.replace("\u200f", "")
    assert made.has(visible) or made.has(visible[::-1])


def test_no_part_of_a_paper_is_left_unsafe() -> None:
    bad = "\x00"
    whole = Paper(
        bad,
        bad,
        (bad,),
        (
            Section(
                bad,
                (
                    Heading(bad),
                    Line(bad, bad),
                    Table(bad, (bad,), ((bad,),)),
                    Quote(bad, bad, bad),
                    Question(bad, bad, (bad,), 1, (bad,)),
                ),
            ),
        ),
        bad,
    )
    made = safe(whole)
    assert bad not in repr(made)
    assert repr(made).count("[U+0000]") == repr(whole).count(repr(bad))
    assert "[U+0000]" in "\n".join(lines_of(docx.Document(BytesIO(word(made)))))
    assert pdf(made)


def test_every_kind_of_part_is_drawn() -> None:
    whole = Paper(
        "Title",
        "TEST-123456",
        ("about-it",),
        (
            Section(
                "section-heading",
                (
                    Heading("a-heading"),
                    Line("a-sentence", "a-lead"),
                    Table("a-caption", ("a-head", "b-head"), (("a-cell", "b-cell"),)),
                    Quote("a-label", "some-words", "an-audience"),
                    Quote("b-label", None, "b-audience"),
                    Question("a-question", "a-hint", ("a-choice",), 2, ("a-blank",)),
                ),
                on_new_page=True,
            ),
        ),
        "the-foot",
    )
    texts = [text for text in whole.texts() if text != "TEST-123456"]
    assert len(texts) > 17
    for made in (opened_pdf(pdf(whole)), opened_word(word(whole))):
        for text in texts:
            assert made.has(text), text
        assert made.has("These words were lawfully erased.")


# --- Long words -------------------------------------------------------------------------------------------------------

UNBROKEN = "abcdefghij" * 2_000


def test_a_long_word_without_a_blank_is_whole_in_a_pdf() -> None:
    assert opened_pdf(pdf(paper(f"Before {UNBROKEN} after"))).text.replace("foot", "").count("abcdefghij") > 1_980
    assert html(paper(UNBROKEN)).count("<wbr>") > len(UNBROKEN) // 70


@pytest.mark.parametrize(
    "text", [UNBROKEN, "one two " * 3_000, "line\n" * 3_000, "short", "", " " * 9_000, "x" * PIECE + "\nend"]
)
def test_pieces_of_a_long_text_are_the_text(text: str) -> None:
    cut = pieces(text)
    assert "".join(cut) == text
    assert all(len(piece) <= PIECE for piece in cut)
    assert len(cut) <= 1 + len(text) // (PIECE // 2)
    if " " in text.strip() or "\n" in text.strip():
        assert all(piece[-1].isspace() for piece in cut[:-1] if not piece.startswith("x"))


def test_a_long_text_is_whole_in_a_pdf() -> None:
    text = "".join(f"word{number} " for number in range(3_000))
    made = opened_pdf(pdf(paper(text))).text
    assert [number for number in range(3_000) if f"word{number}" not in made] == []


def test_a_million_characters_are_whole_in_word_and_no_pdf_is_begun() -> None:
    text = "x" * 1_000_000
    assert text in lines_of(docx.Document(BytesIO(word(paper(text)))))
    with pytest.raises(TooLong):
        pdf(paper(text))
    assert paper("x" * (LONGEST - 500)).length < LONGEST


@pytest.mark.django_db(transaction=True)
def test_who_asks_for_a_pdf_of_too_much_is_led_to_word(client: Client, riverside: Small) -> None:
    text = "y" * 1_000_000
    _, reference = riverside.raised(clock.now() - timedelta(hours=1), words=f"Seen \x00 <b>twice</b> {text}")
    be(client, riverside, riverside.post("school"))
    answer = client.get(f"/d/{reference}/papers/account.pdf")
    assert answer.status_code == 422
    assert "too long for a PDF" in text_of(answer.content)
    address = f"/d/{reference}/papers/account.docx"
    assert f'href="{address}"' in answer.content.decode()
    assert f"Seen [U+0000] <b>twice</b> {text}" in lines_of(docx.Document(BytesIO(client.get(address).content)))


# --- Nothing is fetched -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part",
    [
        '<link rel="stylesheet" href="http://127.0.0.1:9/a.css">',
        '<img src="file:///etc/hostname" alt="x">',
        '<img src="data:image/png;base64,AAAA" alt="x">',
        '<p style="background: url(file:///etc/hostname)">x</p>',
    ],
)
def test_drawing_fetches_nothing(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    page = '<html lang="en"><head><title>x</title></head><body><p>plain</p>{}</body></html>'
    monkeypatch.setattr(pdf_file, "html", lambda paper: page.format(""))
    assert opened_pdf(pdf(paper("x"))).has("plain")
    monkeypatch.setattr(pdf_file, "html", lambda paper: page.format(part))
    with pytest.raises(FatalURLFetchingError):
        pdf(paper("x"))
