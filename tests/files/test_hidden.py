"""What a file says that its sender may not see is listed; a copy lacks it in every byte, and looks the same."""

from __future__ import annotations

import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from commonground.files import apart, hidden
from commonground.files.apart import Look, clean_copy, look_into
from commonground.files.hidden import CANNOT_LOOK, CLEANED, Hidden, hidden_in, without
from commonground.files.kinds import Kind, Refused, Wrong, ending_of
from tests.files.examples import AUTHOR, EACH, PROGRAM, jpeg, office, open_document, pdf, png


def told(kind: Kind, data: bytes) -> dict[str, str]:
    return {one.what: one.says for one in hidden_in(kind, data)}


# --- Shown ------------------------------------------------------------------------------------------------------------


def test_where_a_photograph_was_taken_and_by_whom_is_shown() -> None:
    assert told(Kind.JPEG, jpeg()) == {
        "Where it was taken": "51.25000, -0.50000",
        "Author": AUTHOR,
        "Camera": "Telephone 5",
        "Comment": AUTHOR,
    }
    assert told(Kind.JPEG, jpeg(told=False)) == {}
    assert told(Kind.PNG, png()) == {"Author": AUTHOR}
    assert told(Kind.PNG, png(told=False)) == {}


def test_what_stands_after_the_end_of_a_picture_is_shown() -> None:
    assert "Something after its end" in told(Kind.JPEG, jpeg(told=False) + b"more")
    assert "Something after its end" in told(Kind.PNG, png(told=False) + b"more")


def test_who_wrote_a_pdf_and_what_lies_inside_it_is_shown() -> None:
    assert told(Kind.PDF, pdf(inside=b"secret")) == {
        "Author": AUTHOR,
        "Title": "A plan",
        "Files inside it": "inside.txt",
    }
    assert told(Kind.PDF, pdf(author="")) == {}
    assert "It is locked with a password" in told(Kind.PDF, pdf(password="invented"))


def test_who_wrote_an_office_file_its_tracked_changes_and_its_comments_are_shown() -> None:
    changes = b'<w:ins w:author="Kim"/><w:del w:author="Lee"/><w:del w:author="Kim"/>'
    comments = {"word/comments.xml": b'<w:comments xmlns:w="w"><w:comment/><w:comment/></w:comments>'}
    assert told(Kind.DOCX, office("docx", comments, changes)) == {
        "Author": AUTHOR,
        "Last changed by": AUTHOR,
        "Tracked changes": "3, by Kim, Lee",
        "Comments": "2",
    }
    sheets = b'<sheet name="Rota" state="hidden"/><sheet name="Shown"/>'
    assert told(Kind.XLSX, office("xlsx", body=sheets, author="")) == {"Hidden sheets": "Rota"}
    notes = {"ppt/notesSlides/notesSlide1.xml": b"<a/>"}
    assert told(Kind.PPTX, office("pptx", notes, author="")) == {"Speaker’s notes": "On 1 slides"}
    changed = b"<o:changed-region/><o:annotation/>"
    assert told(Kind.ODT, open_document(content=changed)) == {
        "Author": AUTHOR,
        "Tracked changes": "1",
        "Comments": "1",
    }


def test_what_cannot_be_looked_into_is_said_and_never_passed_over() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    assert hidden_in(Kind.DOCX, office("docx", {"docProps/app.xml": bomb}, author="")) == (CANNOT_LOOK,)
    assert hidden_in(Kind.DOCX, office("docx", {"docProps/app.xml": bomb.decode().encode("utf-16")}, author="")) == (
        CANNOT_LOOK,
    )
    assert hidden_in(Kind.PDF, b"%PDF-1.7 and nothing else") == (CANNOT_LOOK,)
    assert hidden_in(Kind.JPEG, jpeg()[:-40]) == (CANNOT_LOOK,)
    assert told(Kind.DOC, b"").keys() == {"A file of an older kind"}
    assert told(Kind.HEIC, b"").keys() == {"What the telephone wrote into it"}


def test_long_and_unprintable_values_are_made_fit_to_show() -> None:
    shown = told(Kind.DOCX, office("docx", author="Kim\u202e\n" * 200))["Author"]
    assert len(shown) == hidden.LONGEST
    assert shown.isprintable()
    assert shown.startswith("Kim Kim")


# --- A copy without ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [jpeg(), jpeg() + b"more", jpeg(orientation=6)])
def test_a_copy_of_a_photograph_lacks_it_and_has_the_same_pixels(data: bytes) -> None:
    copy = without(Kind.JPEG, data)
    assert told(Kind.JPEG, copy) == {}
    assert AUTHOR.encode() not in copy
    with Image.open(BytesIO(data)) as before, Image.open(BytesIO(copy)) as after:
        assert before.tobytes() == after.tobytes()
        assert before.getexif().get(0x0112) == after.getexif().get(0x0112)  # which way up it is
    assert without(Kind.JPEG, copy) == copy


def test_a_copy_of_a_picture_of_a_screen_lacks_it_and_has_the_same_pixels() -> None:
    data = png() + b"more"
    copy = without(Kind.PNG, data)
    assert told(Kind.PNG, copy) == {}
    assert AUTHOR.encode() not in copy
    assert b"more" not in copy
    with Image.open(BytesIO(data)) as before, Image.open(BytesIO(copy)) as after:
        assert before.tobytes() == after.tobytes()


def test_a_copy_of_a_pdf_lacks_it_in_every_stream_and_has_the_same_pages() -> None:
    copy = without(Kind.PDF, pdf(inside=b"a secret file"))
    assert told(Kind.PDF, copy) == {}
    reader = PdfReader(BytesIO(copy))
    assert [page.mediabox for page in reader.pages] == [[0, 0, 200, 200]]
    unpacked = copy + b"".join(_inflated(part) for part in copy.split(b"stream"))
    for secret in (AUTHOR.encode(), b"a secret file", b"inside.txt", b"A plan"):
        assert secret not in unpacked


def _inflated(part: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(part.lstrip(b"\r\n"))
    except zlib.error:
        return b""


@pytest.mark.parametrize("name", [name for name in EACH if Kind(ending_of(name)) not in CLEANED])
def test_of_other_kinds_no_copy_is_made(name: str) -> None:
    with pytest.raises(ValueError, match="no copy"):
        without(Kind(ending_of(name)), EACH[name])


def test_of_a_locked_pdf_no_copy_is_made() -> None:
    with pytest.raises(ValueError, match="no copy"):
        without(Kind.PDF, pdf(password="invented"))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(EACH)), st.integers(0, 2000), st.binary(max_size=8), st.integers(0, 3000))
def test_broken_bytes_never_end_in_anything_but_an_answer(name: str, at: int, put: bytes, cut: int) -> None:
    kind, data = Kind(ending_of(name)), EACH[name]
    broken = (data[:at] + put + data[at + len(put) :])[: max(len(data) - cut, 1)]
    assert all(isinstance(one, Hidden) for one in hidden_in(kind, broken))
    try:
        without(kind, broken)
    except ValueError as said:
        assert "no copy" in str(said)  # noqa: PT017 - either is an answer


# --- In a process of its own ------------------------------------------------------------------------------------------


def test_a_look_in_a_process_of_its_own_says_the_same(tmp_path: Path) -> None:
    for name, data in {**EACH, "bad.exe": PROGRAM}.items():
        file = tmp_path / "given"
        file.write_bytes(data)
        with file.open("rb", buffering=0) as given_:
            found = look_into(given_)
            if name == "bad.exe":
                assert found == Refused(Wrong.OTHER, "program for Windows")
                continue
            assert isinstance(found, Look)
            assert found.hidden == hidden_in(found.kind, data)
            copy = clean_copy(found.kind, given_)
        assert copy == (without(found.kind, data) if found.kind in CLEANED else None)


def test_a_look_that_takes_too_much_is_cut_off_and_the_file_can_still_be_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "given"
    file.write_bytes(office("docx", {"word/document.xml": b"<w>" + b"<a/>" * 8_000_000 + b"</w>"}))
    assert file.stat().st_size < 1_000_000
    monkeypatch.setattr(apart, "SECONDS", 1.5)
    with file.open("rb", buffering=0) as given_:
        found = look_into(given_)
    assert found == Look(Kind.DOCX, (CANNOT_LOOK,))
