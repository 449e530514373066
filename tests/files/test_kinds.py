"""What a file is goes by its content; what can't be sent is named for what it is."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.files import kinds
from commonground.files.kinds import BY_TYPE, KINDS, Kind, Refused, Wrong, as_called, ending_of, what_is
from tests.files.examples import CSV, EACH, MAIL, PROGRAM, TEXT, jpeg, office, old_office, open_document, pdf, zipped

ANY_NAME = "whatever the list of signatures calls it"


def refused(data: bytes) -> tuple[Wrong, str]:
    found = what_is(data)
    assert isinstance(found, Refused), found
    return found.wrong, found.is_


def test_there_is_an_example_of_each_kind() -> None:
    assert {ending_of(name) for name in EACH} == {kind.value for kind in Kind}
    assert len(BY_TYPE) == len(KINDS)


@pytest.mark.parametrize("name", EACH)
def test_each_kind_is_known_by_its_content(name: str) -> None:
    found = what_is(EACH[name])
    assert isinstance(found, Kind), found
    assert as_called(found, name) == Kind(ending_of(name))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("photo.pdf", jpeg()),
        ("plan.jpg", pdf()),
        ("letter.xlsx", office("docx")),
        ("letter.docx", open_document()),
        ("letter.doc", office("docx")),
        ("visits.doc", old_office("Workbook")),
        ("note.pdf", TEXT),
        ("note.eml", TEXT),
        ("plan.txt", pdf()),
    ],
)
def test_a_name_that_says_something_else_is_found_out(name: str, data: bytes) -> None:
    found = what_is(data)
    assert isinstance(found, Kind)
    assert as_called(found, name) is None


def test_a_table_and_a_mail_are_text_too_and_a_name_without_an_ending_says_nothing() -> None:
    assert as_called(Kind.TXT, "visits.csv") is Kind.CSV
    assert as_called(Kind.EML, "mail.txt") is Kind.TXT
    assert as_called(Kind.PDF, "plan") is Kind.PDF
    assert as_called(Kind.JPEG, "PHOTO.JPEG") is Kind.JPEG


@pytest.mark.parametrize(
    ("data", "wrong", "is_"),
    [
        (PROGRAM, Wrong.OTHER, "program for Windows"),
        (PROGRAM[:100] + b"%PDF-1.7" + PROGRAM, Wrong.OTHER, "program for Windows"),
        (b"<!DOCTYPE html><p>Hello", Wrong.OTHER, "web page"),
        (b"\xef\xbb\xbf <svg xmlns='x'><script>alert(1)</script>", Wrong.OTHER, "SVG drawing"),
        (b"Hello <script>alert(1)</script>", Wrong.OTHER, "web page"),
        (b"#!/bin/sh\nrm", Wrong.OTHER, "program"),
        (rb"{\rtf1 hi}", Wrong.OTHER, "RTF document"),
        (b"GIF89a" + b"\0" * 20, Wrong.OTHER, "GIF picture"),
        (zipped({"a.txt": b"a"}), Wrong.OTHER, "archive (zip)"),
        (zipped({"mimetype": b"application/epub+zip"}), Wrong.OTHER, "archive (zip)"),
        (office("docx", {"word/vbaProject.bin": b"x"}), Wrong.MACROS, "Office file with a macro"),
        (b"ID3\3" + b"\0" * 40, Wrong.OTHER, ANY_NAME),
        (
            zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "Basic/Standard/x.xml": b"x"}),
            Wrong.MACROS,
            "OpenDocument file with a macro",
        ),
        (old_office("WordDocument", "Macros"), Wrong.MACROS, "Office file with a macro"),
        (old_office("EncryptedPackage"), Wrong.LOCKED, "Office file locked with a password"),
        (old_office("Something"), Wrong.OTHER, "installer, or another file of Windows"),
        (office("docx")[:300], Wrong.DAMAGED, ""),
        (old_office("WordDocument")[:700], Wrong.DAMAGED, ""),
        (bytes(range(256)), Wrong.OTHER, ""),
    ],
)
def test_what_cannot_be_sent_is_named(data: bytes, wrong: Wrong, is_: str) -> None:
    found = refused(data)
    assert found[0] is wrong
    assert found[1] == is_ or (is_ == ANY_NAME and found[1])


def test_a_workbook_inside_a_document_does_not_make_it_one() -> None:
    # Every compound file made here embeds another whose stream is called "Workbook".
    assert what_is(old_office("WordDocument")) is Kind.DOC
    assert refused(old_office("Contents"))[0] is Wrong.OTHER


def test_an_archive_that_would_unpack_to_more_than_any_document_is_refused_before_it_is_unpacked() -> None:
    bomb = office("docx", {"word/media/zeros": b"\0" * 1024})
    # It says of itself that the part has 600 MB: nothing of that size is made, here or there.
    said, lies = (1024).to_bytes(4, "little"), (600 * 1024 * 1024).to_bytes(4, "little")
    at = bomb.rindex(b"PK\x01\x02", 0, bomb.rindex(b"word/media/zeros"))
    assert bomb[at + 24 : at + 28] == said
    assert refused(bomb[: at + 24] + lies + bomb[at + 28 :])[0] is Wrong.UNPACKS


def test_an_archive_that_says_less_than_it_unpacks_to_is_read_up_to_a_limit_only() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big", b"\0" * 5_000_000)
    with zipfile.ZipFile(BytesIO(made.getvalue())) as archive:
        assert len(kinds.part_of(archive, "big", most=1000)) == 1000


@pytest.mark.parametrize("text", [TEXT, CSV, MAIL, "naïve café".encode("cp1252"), "\ufeffHello".encode("utf-16")])
def test_text_is_read_as_people_s_programs_write_it(text: bytes) -> None:
    assert what_is(text) in (Kind.TXT, Kind.EML)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(EACH)), st.integers(0, 2000), st.binary(max_size=8), st.integers(0, 3000))
def test_broken_bytes_never_end_in_anything_but_an_answer(name: str, at: int, put: bytes, cut: int) -> None:
    data = EACH[name]
    broken = (data[:at] + put + data[at + len(put) :])[: max(len(data) - cut, 1)]
    assert isinstance(what_is(broken), Kind | Refused)
