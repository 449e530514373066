"""Files through the pages: added beside a form, sent with its act, and for whoever may read the words of that act."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.http.request import UnreadablePostError
from django.test import Client
from pytest_django.fixtures import Settings

from commonground.core.acts import Audience, PostRef
from commonground.core.attached import FILE, attached_in
from commonground.files.models import WaitingRow
from commonground.people.models import Look
from commonground.record import store
from commonground.record.words import Words
from commonground.usecases import attaching, clock
from tests.files.examples import AUTHOR, CSV, EACH, PROGRAM, TEXT, jpeg, office, pdf
from tests.pages.reading import be, hidden, text_of
from tests.partnership import Small

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN = pdf(author="")
"""A file in which nothing is hidden."""


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Where files lie in this test."""
    settings.FILES = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def open_one(riverside: Small, client: Client) -> tuple[UUID, str]:
    """A disagreement, with whoever has the move at the browser."""
    disagreement, reference = riverside.raised(clock.now() - timedelta(minutes=10))
    be(client, riverside, riverside.owner(disagreement))
    return disagreement, reference


def add(client: Client, page: str, name: str, data: bytes, **typed: str) -> HttpResponse:
    """Add a file on a form's page of files."""
    sent: dict[str, object] = {"file": SimpleUploadedFile(name, data), **typed}
    return client.post(f"{page}/files", sent)  # type: ignore[return-value]


def kept(folder: Path) -> list[bytes]:
    """The bytes of every file that lies in the folder."""
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def sends(client: Client, page: str, **typed: str) -> HttpResponse:
    opened = client.get(page)
    return client.post(page, {**hidden(opened.content), **typed})  # type: ignore[return-value]


def files_in(disagreement: UUID) -> list[tuple[str, Audience]]:
    """What files the record has, by name and audience."""
    words = store.words_of(disagreement, store.read(disagreement))
    return [
        (attached_in(piece.text).name, piece.audience)
        for pieces in words.values()
        for piece in pieces
        if isinstance(piece, Words) and piece.field == FILE
    ]


# --- From a form to the record ----------------------------------------------------------------------------------------


def test_a_file_is_sent_with_a_reply_and_its_reader_gets_the_same_bytes(
    client: Client, riverside: Small, open_one: tuple[UUID, str], folder: Path
) -> None:
    disagreement, reference = open_one
    page = f"/d/{reference}/reply"
    led = client.post(page, {**hidden(client.get(page).content), "reasons": "See the plan.", "files": "yes"})
    assert led.headers["Location"] == f"{page}/files"
    assert "The other agency will see this." in text_of(client.get(f"{page}/files").content)
    assert add(client, page, "plan.pdf", PLAIN).status_code == 302

    form = client.get(page)
    assert "See the plan." in form.content.decode()  # what was typed before stays
    assert "Ready plan.pdf (PDF, " in text_of(form.content)
    answer = client.post(page, {**hidden(form.content), "answer": "agree", "reasons": "See the plan."})
    assert answer.status_code == 302
    assert files_in(disagreement) == [("plan.pdf", Audience.PARTIES)]
    assert not WaitingRow.objects.exists()
    assert kept(folder) == [PLAIN]

    be(client, riverside, riverside.post("school"))
    shown = client.get(f"/d/{reference}").content.decode()
    href = re.findall(rf'href="(/d/{reference}/files/2/\d)"', shown)
    assert len(href) == 1
    assert "plan.pdf" in shown
    assert "sha-256 " not in shown  # as it stands in the record: what each side said has no room for it
    looks = Look.objects.count()
    given = client.get(href[0])
    assert b"".join(given) == PLAIN
    assert given.headers["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert given.headers["Content-Type"] == "application/pdf"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in given.headers["Content-Security-Policy"]
    assert Look.objects.count() == looks + 1
    assert client.post(href[0]).status_code == 405


def test_files_go_with_what_is_raised(client: Client, riverside: Small, folder: Path) -> None:
    be(client, riverside, riverside.post("school"))
    matter = riverside.procedure.matters[0].key
    client.post("/raise/danger", {"danger": "no"})
    client.post("/raise/matter", {"matter": f"{riverside.procedure.key}/{matter}"})
    matters = re.findall(r'name="matter"[^>]*value="([^"]+)"', client.get("/raise/matter").content.decode())
    client.post("/raise/matter", {"matter": matters[0]})
    client.post("/raise/who", {"agency": riverside.agency("social-care")})
    client.post("/raise/worry", {"worry": "Two visits were missed."})
    assert 'href="/raise/files"' in client.get("/raise/check").content.decode()
    assert add(client, "/raise", "visits.csv", CSV).status_code == 302
    assert add(client, "/raise", "photo.jpg", jpeg()).status_code == 302  # nobody has said yet how it goes
    check = client.get("/raise/check")
    assert "Ready visits.csv (CSV table, 29 bytes)" in text_of(check.content)
    assert "Look at this first photo.jpg" in text_of(check.content)
    answer = client.post("/raise/check", hidden(check.content))
    reference = answer.headers["Location"].split("/")[2]
    disagreement = riverside.find(reference)
    assert files_in(disagreement) == [("visits.csv", Audience.PARTIES)]  # to raise is never held up
    sent = client.get(answer.headers["Location"])
    assert "1 file of yours is not sent yet. You can send what is left with a message." in text_of(sent.content)
    assert "Look at this first photo.jpg" in text_of(client.get(f"/d/{reference}/write").content)
    again = client.post("/raise/check", hidden(check.content))
    assert again.headers["Location"] == answer.headers["Location"]
    assert len(store.read(disagreement)) == 1


def test_to_begin_anew_takes_the_files_away(client: Client, riverside: Small, folder: Path) -> None:
    be(client, riverside, riverside.post("school"))
    add(client, "/raise", "visits.csv", CSV)
    client.post("/raise/anew")
    assert not WaitingRow.objects.exists()
    assert kept(folder) == []


def test_a_form_sent_twice_is_one_act_with_one_file(client: Client, open_one: tuple[UUID, str]) -> None:
    disagreement, reference = open_one
    page = f"/d/{reference}/write"
    add(client, page, "plan.pdf", PLAIN)
    sent = {**hidden(client.get(page).content), "words": "The plan."}
    first, again = client.post(page, sent), client.post(page, sent)
    assert first.headers["Location"] == again.headers["Location"]
    assert files_in(disagreement) == [("plan.pdf", Audience.PARTIES)]


def test_the_same_file_twice_is_there_once_also_after_its_copy_took_its_place(
    client: Client, open_one: tuple[UUID, str], folder: Path
) -> None:
    _, reference = open_one
    page = f"/d/{reference}/write"
    for _ in range(2):
        assert add(client, page, "photo.jpg", jpeg()).status_code == 302
        assert len(kept(folder)) == 1
    file = WaitingRow.objects.get()
    assert client.post(f"{page}/files", {"do": f"clean {file.pk}"}).status_code == 302
    assert add(client, page, "photo.jpg", jpeg()).status_code == 302
    assert len(kept(folder)) == 1
    assert AUTHOR.encode() not in kept(folder)[0]


def test_a_note_s_file_stays_in_the_agency_unless_its_writer_says_otherwise(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    disagreement, reference = open_one
    page = f"/d/{reference}/note"
    assert "Who will see it?" in text_of(client.get(f"{page}/files").content)
    add(client, page, "own.txt", TEXT)
    add(client, page, "shared.csv", CSV, audience="parties")
    add(client, page, "other.csv", CSV + b"\n", audience="everybody")  # nothing that can be chosen
    sends(client, page, note="Our note.", approved="on")
    assert files_in(disagreement) == [
        ("own.txt", Audience.OWN_AGENCY),
        ("shared.csv", Audience.PARTIES),
        ("other.csv", Audience.OWN_AGENCY),
    ]
    own = re.findall(rf"/d/{reference}/files/2/(\d)", client.get(f"/d/{reference}").content.decode())
    assert len(own) == 3
    be(client, riverside, riverside.post("school"))
    page_of_theirs = client.get(f"/d/{reference}").content.decode()
    theirs = re.findall(rf"/d/{reference}/files/2/(\d)", page_of_theirs)
    assert len(theirs) == 1
    assert "shared.csv" in page_of_theirs
    assert "own.txt" not in page_of_theirs
    answers = {number: client.get(f"/d/{reference}/files/2/{number}").status_code for number in own}
    assert sorted(answers.values()) == [200, 404, 404]
    assert answers[theirs[0]] == 200


# --- What is hidden ---------------------------------------------------------------------------------------------------


def test_what_is_hidden_is_shown_and_a_copy_without_it_is_sent(
    client: Client, open_one: tuple[UUID, str], folder: Path
) -> None:
    disagreement, reference = open_one
    page = f"/d/{reference}/write"
    add(client, page, "photo.jpg", jpeg())
    shown = text_of(client.get(f"{page}/files").content)
    assert f"Author {AUTHOR}" in shown
    assert "Where it was taken 51.25000, -0.50000" in shown
    told = sends(client, page, words="A photograph.")
    assert told.status_code == 200
    assert "Error:" in told.content.decode().split("<title>")[1][:20]
    assert "“photo.jpg” holds something that you may not see." in text_of(told.content)
    assert "A photograph." in told.content.decode()
    assert files_in(disagreement) == []
    client.post(f"{page}/files", {"do": f"clean {WaitingRow.objects.get().pk}"})
    assert "This is a copy. Nothing else that is hidden was found in it." in text_of(
        client.get(f"{page}/files").content
    )
    assert sends(client, page, words="A photograph.").status_code == 302
    assert files_in(disagreement) == [("photo.jpg", Audience.PARTIES)]
    assert [AUTHOR.encode() in data for data in kept(folder)] == [False]


def test_a_file_goes_as_it_is_once_its_sender_has_said_so(
    client: Client, open_one: tuple[UUID, str], folder: Path
) -> None:
    disagreement, reference = open_one
    page = f"/d/{reference}/write"
    add(client, page, "letter.docx", office("docx"))
    shown = client.get(f"{page}/files").content.decode()
    assert "Use a copy without this" not in shown  # none can be made of a Word document
    number = WaitingRow.objects.get().pk
    failed = client.post(f"{page}/files", {"do": f"clean {number}"})
    assert "No copy could be made." in text_of(failed.content)
    client.post(f"{page}/files", {"do": f"as-it-is {number}"})
    assert sends(client, page, words="The letter.").status_code == 302
    assert files_in(disagreement) == [("letter.docx", Audience.PARTIES)]


def test_pressing_send_again_sends_without_what_is_not_ready_and_it_waits_with_a_message(
    client: Client, open_one: tuple[UUID, str]
) -> None:
    disagreement, reference = open_one
    page = f"/d/{reference}/reply"
    add(client, page, "photo.jpg", jpeg())
    told = sends(client, page, answer="agree", reasons="Yes.")
    assert told.status_code == 200
    sent = client.post(page, {**hidden(told.content), "answer": "agree", "reasons": "Yes."})
    assert sent.status_code == 302
    assert files_in(disagreement) == []
    assert "1 file of yours is not sent yet." in text_of(client.get(sent.headers["Location"]).content)
    assert WaitingRow.objects.get().place == f"{disagreement}/write"


def test_escalating_goes_at_once_whatever_a_file_is_like(client: Client, open_one: tuple[UUID, str]) -> None:
    disagreement, reference = open_one
    page = f"/d/{reference}/go-up"
    add(client, page, "photo.jpg", jpeg())
    add(client, page, "plan.pdf", PLAIN)
    assert sends(client, page, reasons="It cannot wait.").status_code == 302
    assert files_in(disagreement) == [("plan.pdf", Audience.PARTIES)]


def test_what_was_left_behind_twice_is_left_behind_once(client: Client, open_one: tuple[UUID, str]) -> None:
    _, reference = open_one
    for page in (f"/d/{reference}/write", f"/d/{reference}/go-up"):
        add(client, page, "photo.jpg", jpeg())
    assert WaitingRow.objects.count() == 2
    assert sends(client, f"/d/{reference}/go-up", reasons="It cannot wait.").status_code == 302
    assert WaitingRow.objects.filter(place__endswith="/write").count() == WaitingRow.objects.count() == 1


# --- What is not taken ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("plan.pdf", jpeg(), "“plan.pdf” is not what its name says. It is: JPEG picture."),
        ("plan.pdf", PROGRAM, "“plan.pdf” is a file that cannot be sent. It is: program for Windows."),
        ("page.txt", b"<html><script>", "“page.txt” is a file that cannot be sent. It is: web page."),
        ("letter.docx", office("docx", {"word/vbaProject.bin": b"x"}), "“letter.docx” has a program in it (a macro)."),
        ("plan.pdf", b"", "“plan.pdf” is empty."),
        ("letter.docx", office("docx")[:200], "“letter.docx” is damaged, or not all of it came."),
        ("../../etc/passwd.exe", PROGRAM, "“passwd.exe” is a file that cannot be sent."),
    ],
)
def test_what_cannot_be_sent_is_refused_by_name_and_the_act_goes_without_it(
    client: Client, open_one: tuple[UUID, str], folder: Path, name: str, data: bytes, said: str
) -> None:
    disagreement, reference = open_one
    page = f"/d/{reference}/write"
    client.post(page, {**hidden(client.get(page).content), "words": "What I wrote.", "files": "yes"})
    told = add(client, page, name, data)
    assert told.status_code == 200
    assert said in text_of(told.content)
    assert "You can always send without it. What you wrote is kept." in text_of(told.content)
    title = told.content.decode().split("<title>")[1].split("</title>")[0]
    assert title.startswith("Error: Add a file")
    assert name.rpartition("/")[2] not in title
    assert 'href="#id_file"' in told.content.decode()
    assert kept(folder) == []
    form = client.get(page)
    assert "What I wrote." in form.content.decode()
    assert client.post(page, {**hidden(form.content), "words": "What I wrote."}).status_code == 302
    assert files_in(disagreement) == []


def test_a_file_past_the_limit_is_refused_while_it_comes_and_the_next_is_taken(
    client: Client, open_one: tuple[UUID, str], folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FILE_LIMIT = 1024 * 1024
    monkeypatch.setattr(attaching, "attach", lambda *_: pytest.fail("it came as far as here"))
    _, reference = open_one
    page = f"/d/{reference}/write"
    told = add(client, page, "film.txt", b"a" * (1024 * 1024 + 1))
    assert "“film.txt” is larger than 1 MB." in text_of(told.content)
    monkeypatch.undo()
    settings.FILE_LIMIT = 1024 * 1024
    assert kept(folder) == []
    assert add(client, page, "note.txt", b"a" * 1024 * 1024).status_code == 302


def test_no_file_chosen_is_said(client: Client, open_one: tuple[UUID, str]) -> None:
    _, reference = open_one
    told = client.post(f"/d/{reference}/write/files", {})
    assert "Choose a file" in text_of(told.content)
    assert "What you wrote is kept" in text_of(told.content)


def test_ten_files_go_with_an_act_and_no_more(client: Client, open_one: tuple[UUID, str]) -> None:
    disagreement, reference = open_one
    page = f"/d/{reference}/write"
    for number in range(attaching.MOST_FILES):
        assert add(client, page, f"{number}.txt", f"Number {number}.".encode()).status_code == 302
    assert "There is no room for more files here." in text_of(client.get(f"{page}/files").content)
    assert add(client, page, "again.txt", b"Number 3.").status_code == 302  # it is there
    assert "You have 10 files here already" in text_of(add(client, page, "11.txt", b"One more.").content)
    assert sends(client, page, words="Ten files.").status_code == 302
    assert len(files_in(disagreement)) == attaching.MOST_FILES


def test_a_cut_upload_leaves_nothing(client: Client, open_one: tuple[UUID, str], folder: Path) -> None:
    _, reference = open_one
    whole = (
        b'--cut\r\nContent-Disposition: form-data; name="file"; filename="plan.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n" + PLAIN + b"\r\n--cut--\r\n"
    )
    # In service the check of the form's token reads it first, and answers that nothing was sent.
    with pytest.raises(UnreadablePostError):
        client.generic(
            "POST",
            f"/d/{reference}/write/files",
            whole,
            content_type="multipart/form-data; boundary=cut",
            **{"wsgi.input": BytesIO(whole[:-200])},  # type: ignore[arg-type]  # the server's own name for it
        )
    assert not WaitingRow.objects.exists()
    assert kept(folder) == []


def test_a_name_is_made_safe_and_stays_recognisable(client: Client, open_one: tuple[UUID, str]) -> None:
    _, reference = open_one
    page = f"/d/{reference}/write"
    for name in ("C:\\Plans\\plan\u202efdp.txt", "x" * 300 + ".txt", "no ending"):
        assert add(client, page, name, f"In {name}".encode()).status_code == 302
    names = list(WaitingRow.objects.order_by("id").values_list("name", flat=True))
    assert names[0] == "planfdp.txt"
    assert names[1] == f"{'x' * 116}.txt"
    assert names[2] == "no ending.txt"


def test_a_file_is_taken_out_again_with_its_bytes(client: Client, open_one: tuple[UUID, str], folder: Path) -> None:
    _, reference = open_one
    page = f"/d/{reference}/write"
    add(client, page, "plan.pdf", PLAIN)
    client.post(f"{page}/files", {"do": f"out {WaitingRow.objects.get().pk}"})
    assert not WaitingRow.objects.exists()
    assert kept(folder) == []
    for nonsense in ("out 999999", "out", "as-it-is x", "clean -1", "scan"):
        assert client.post(f"{page}/files", {"do": nonsense}).status_code == 302


# --- Whose it is ------------------------------------------------------------------------------------------------------


def test_what_waits_beside_a_form_is_its_owner_s_alone(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    _, reference = open_one
    page = f"/d/{reference}/write"
    add(client, page, "plan.pdf", PLAIN)
    number = WaitingRow.objects.get().pk
    be(client, riverside, riverside.post("school"))
    assert "plan.pdf" not in client.get(page).content.decode()
    assert "plan.pdf" not in client.get(f"{page}/files").content.decode()
    for do in (f"out {number}", f"as-it-is {number}", f"clean {number}"):
        client.post(f"{page}/files", {"do": do})
    assert WaitingRow.objects.get().whole


def test_a_file_that_is_not_for_somebody_looks_like_one_that_never_was(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    _, reference = open_one
    page = f"/d/{reference}/note"
    add(client, page, "own.txt", TEXT)
    sends(client, page, note="Our note.")
    number = re.findall(rf"/d/{reference}/files/2/(\d)", client.get(f"/d/{reference}").content.decode())[0]

    def answer(by: PostRef, address: str) -> tuple[int, bytes]:
        be(client, riverside, by)
        found = client.get(address)
        return found.status_code, re.sub(rb"csrf[^>]*>", b"", found.content)

    school, outsider = riverside.post("school"), riverside.post("police")
    never = answer(school, f"/d/{reference}/files/2/9")
    assert never[0] == 404
    assert answer(school, f"/d/{reference}/files/2/{number}") == never
    assert answer(school, f"/d/{reference}/files/999/1") == never
    assert answer(school, f"/d/{reference}/files/0/1") == never
    assert answer(outsider, f"/d/{reference}/files/2/{number}") == answer(outsider, "/d/RIVE-222222/files/2/1")
    assert answer(outsider, f"/d/{reference}/write/files") == answer(outsider, "/d/RIVE-222222/write/files")


def test_an_erased_file_is_said_to_be_erased_and_is_nowhere(
    client: Client, open_one: tuple[UUID, str], folder: Path
) -> None:
    disagreement, reference = open_one
    page = f"/d/{reference}/write"
    add(client, page, "plan.pdf", PLAIN)
    sends(client, page, words="The plan.")
    said = next(one for one in store.read(disagreement)[1].said if one.field == FILE)
    assert attaching.erase_file(disagreement, 2, said.digest, clock.now())
    assert not attaching.erase_file(disagreement, 2, said.digest, clock.now())
    shown = text_of(client.get(f"/d/{reference}").content)
    assert "Attached file" in shown
    assert "lawfully erased" in shown
    assert "plan.pdf" not in shown
    assert kept(folder) == []
    number = [one.field for one in store.read(disagreement)[1].said].index(FILE) + 1
    assert client.get(f"/d/{reference}/files/2/{number}").status_code == 404


def test_every_kind_can_be_sent_and_comes_back_as_it_was(client: Client, open_one: tuple[UUID, str]) -> None:
    disagreement, reference = open_one
    page = f"/d/{reference}/write"
    sent: dict[str, bytes] = {}
    for some in (list(EACH)[:10], list(EACH)[10:]):
        for name in some:
            assert add(client, page, name, EACH[name]).status_code == 302, name
            sent[name] = EACH[name]
        for row in WaitingRow.objects.all():
            client.post(f"{page}/files", {"do": f"as-it-is {row.pk}"})
        answer = sends(client, page, words="Files.")
        assert answer.status_code == 302, text_of(answer.content)
    shown = client.get(f"/d/{reference}").content.decode()
    found = {}
    for href in re.findall(rf'href="(/d/{reference}/files/\d/\d+)"', shown):
        given = client.get(href)
        name = re.findall('filename="([^"]+)"', given.headers["Content-Disposition"])[0]
        found[name] = b"".join(given)
    assert found == sent
    assert sorted(name for name, _ in files_in(disagreement)) == sorted(EACH)
    assert BytesIO(found["plan.pdf"]).read() == EACH["plan.pdf"]
