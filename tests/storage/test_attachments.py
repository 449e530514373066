"""Files are on the disk before their act, go with one act, are proven by its chain, and leave nothing when erased."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from commonground import fence
from commonground.core.acts import Audience, GoUp, Meet, Write
from commonground.core.attached import FILE, Attached, attached_in
from commonground.files import keeping, scan
from commonground.files.kinds import KINDS
from commonground.files.models import WaitingRow
from commonground.files.names import LONGEST, safe_name
from commonground.files.scan import Scanned
from commonground.files.taking import Gone
from commonground.outbox.models import MessageRow
from commonground.record import checkpoints, store, verifier
from commonground.record.words import Erased, Words, typed
from commonground.usecases import attaching
from commonground.usecases.attaching import (
    MOST_FILES,
    MOST_WAITING,
    SETTLES_IN,
    WAITS_FOR,
    Because,
    State,
    Turned,
    Waiting,
    attach,
    clear_away,
    erase_file,
    find_file,
    with_files,
)
from commonground.usecases.export import export_for
from commonground.usecases.handle import Asking, NotThere, handle
from commonground.usecases.reading import read
from commonground.usecases.rebuild import rebuild
from commonground.usecases.search import search_for
from tests.files.examples import TEXT, jpeg, pdf
from tests.files.scanner import MARK, Scanner, scanner
from tests.partnership import Small, small

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
PLAIN = pdf(author="")
ME, PLACE = "riverside-school-practitioner", "somewhere/write"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def six() -> Small:
    return small("riverside", "sussex-six-step")


@pytest.fixture
def clam(settings: Settings) -> Iterator[Scanner]:
    with scanner() as listening:
        settings.CLAMD = listening.address
        yield listening


def bytes_in(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def added(data: bytes = PLAIN, name: str = "plan.pdf", **options: object) -> Waiting:
    found = attach(ME, PLACE, name, BytesIO(data), at=AT, **options)  # type: ignore[arg-type]
    assert isinstance(found, Waiting), found
    return found


def sent(six: Small, disagreement: UUID, hour: int = 1, say: str = "The plan.") -> bytes:
    """Send a message with the files that wait; gives the digest of its act."""
    school = six.post("school")

    def send(files: tuple[Words, ...]) -> object:
        words = (typed("words", say, Audience.PARTIES, school.agency), *files)
        return handle(six.scope(school), disagreement, Asking(Write(""), words), at=AT + timedelta(hours=hour))

    with_files(ME, PLACE, attaching.waiting(ME, PLACE), school.agency, send)
    return store.check(disagreement)[-1][2]


def file_words(disagreement: UUID, sequence: int = 2) -> Words:
    pieces = store.words_of(disagreement, store.read(disagreement))[sequence]
    return next(one for one in pieces if isinstance(one, Words) and one.field == FILE)


# --- What is said of a file -------------------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1), st.integers(0, 2**53), st.binary(max_size=3))
def test_what_is_said_of_a_file_reads_back_as_it_was_written(name: str, size: int, data: bytes) -> None:
    one = Attached(name, KINDS["pdf"].type, size, data.hex().zfill(64))  # type: ignore[index]  # a kind is its ending
    assert attached_in(one.text) == one


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plan.pdf",
        "plan.pdf\napplication/pdf, 007 bytes\nsha-256 " + "0" * 64,
        "a\nb\nc",
        "\nx/y, 1 bytes\nsha-256 ",
    ],
)
def test_other_words_are_of_no_file(text: str) -> None:
    with pytest.raises(ValueError, match="of no file"):
        attached_in(text)


@given(st.text())
def test_any_name_is_made_one_that_can_be_written_and_saved(name: str) -> None:
    made = safe_name(name)
    assert 0 < len(made) <= LONGEST
    assert not set(made) & set('/\\<>:"|?*\n\r\t\0')
    assert made.isprintable()
    assert made == made.strip(" .")
    assert attached_in(Attached(made, "a/b", 1, "0" * 64).text).name == made
    assert safe_name(made) == made


@pytest.mark.parametrize(
    ("given_name", "made"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("CON.txt", "_CON.txt"),
        ("…", "…"),
        ("", "file"),
        ("/", "file"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("two\nlines.txt", "two lines.txt"),
    ],
)
def test_names_that_mislead_or_lead_elsewhere(given_name: str, made: str) -> None:
    assert safe_name(given_name) == made


# --- On the disk ------------------------------------------------------------------------------------------------------


def test_equal_files_lie_apart_under_names_that_say_nothing(folder: Path) -> None:
    one, other = added(), attach("somebody-else", PLACE, "plan.pdf", BytesIO(PLAIN), at=AT)
    assert isinstance(other, Waiting)
    assert one.sha256 == other.sha256
    assert bytes_in(folder) == [PLAIN, PLAIN]
    names = " ".join(path.name for path in folder.rglob("*"))
    assert one.sha256 not in names
    assert "plan" not in names
    assert folder.stat().st_mode & 0o077 == 0


def test_bytes_that_are_gone_or_altered_are_given_to_nobody(six: Small) -> None:
    one = added()
    path = keeping.path_of(one.key, one.sha256)
    with keeping.opened(one.key, one.sha256) as file:
        assert file.read() == PLAIN
    path.write_bytes(PLAIN + b" ")
    with pytest.raises(keeping.NotAsKept, match="not those"):
        keeping.opened(one.key, one.sha256)
    path.unlink()
    with pytest.raises(keeping.NotAsKept, match="gone"):
        keeping.opened(one.key, one.sha256)
    keeping.destroy(one.key, one.sha256)  # gone already


@pytest.mark.parametrize("breaks", ["mkstemp", "fsync", "replace"])
def test_a_disk_that_takes_no_more_is_said_and_nothing_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch, breaks: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    target = {"mkstemp": tempfile, "fsync": os, "replace": Path}[breaks]
    monkeypatch.setattr(target, breaks, full)
    found = attach(ME, PLACE, "plan.pdf", BytesIO(PLAIN))
    monkeypatch.undo()
    assert found == Turned("plan.pdf", Because.NO_ROOM)
    assert not WaitingRow.objects.exists()
    assert bytes_in(folder) == []


def test_what_a_crash_left_half_way_counts_for_nothing_and_is_cleared_away(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crash(BaseException):
        """The process is gone: nothing after it runs."""

    keep = keeping.keep

    def before_the_bytes(*_: object) -> None:
        raise Crash

    def after_the_bytes(*given_: object) -> None:
        keep(*given_)  # type: ignore[arg-type]
        raise Crash

    for crash, lie in ((before_the_bytes, 0), (after_the_bytes, 1)):
        monkeypatch.setattr(keeping, "keep", crash)
        with pytest.raises(Crash):
            added()
        monkeypatch.setattr(keeping, "keep", keep)
        assert attaching.waiting(ME, PLACE) == ()
        assert len(bytes_in(folder)) == lie
        assert clear_away(AT + SETTLES_IN / 2) == 0  # it may be on its way still
        assert clear_away(AT + SETTLES_IN * 2) == 1
        assert bytes_in(folder) == []
        assert not WaitingRow.objects.exists()
    added()  # and the same can be added anew


def test_what_nobody_sends_is_deleted_after_thirty_days(folder: Path) -> None:
    added()
    assert clear_away(AT + WAITS_FOR - timedelta(minutes=1)) == 0
    assert attaching.waiting(ME, PLACE)
    assert clear_away(AT + WAITS_FOR + timedelta(minutes=1)) == 1
    assert bytes_in(folder) == []


def test_nobody_fills_the_disk_with_what_is_never_sent(settings: Settings) -> None:
    rows = (
        WaitingRow(
            person=ME, place=f"{number}/write", name="a", kind="txt", size=1, sha256="0", key=b"", came_as="0",
            audience="parties", hidden="[]", decided=True, scanned="clean", added_at=AT, whole=True,
        )
        for number in range(MOST_WAITING)
    )  # fmt: skip
    WaitingRow.objects.bulk_create(rows)
    assert attach(ME, PLACE, "plan.pdf", BytesIO(PLAIN)) == Turned("plan.pdf", Because.TOO_MANY)


# --- With one act -----------------------------------------------------------------------------------------------------


def test_a_file_goes_with_its_act_or_not_at_all(six: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    disagreement, _ = six.raised(AT)
    added()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the power failed")

    monkeypatch.setattr("commonground.usecases.handle.messages.queue", broken)
    with pytest.raises(RuntimeError):
        sent(six, disagreement)
    monkeypatch.undo()
    assert len(store.read(disagreement)) == 1
    assert [one.name for one in attaching.waiting(ME, PLACE)] == ["plan.pdf"]

    sent(six, disagreement)
    assert attaching.waiting(ME, PLACE) == ()
    assert attached_in(file_words(disagreement).text).name == "plan.pdf"


def test_a_file_that_waits_nowhere_goes_with_no_act(six: Small) -> None:
    disagreement, _ = six.raised(AT)
    school = six.post("school")
    words = typed(FILE, Attached("plan.pdf", "application/pdf", 1, "0" * 64).text, Audience.PARTIES, school.agency)
    messages = MessageRow.objects.count()
    with pytest.raises(Gone):
        handle(six.scope(school), disagreement, Asking(Write(""), (words,)), at=AT + timedelta(hours=1))
    assert len(store.read(disagreement)) == 1
    assert MessageRow.objects.count() == messages


def test_a_file_taken_out_in_another_window_keeps_nothing_from_being_sent(six: Small, folder: Path) -> None:
    disagreement, _ = six.raised(AT)
    added()
    other = added(TEXT, "note.txt")
    school = six.post("school")
    tries: list[int] = []

    def send(files: tuple[Words, ...]) -> object:
        tries.append(len(files))
        if len(tries) == 1:
            attaching.remove(ME, PLACE, other.id)  # in another window, at this moment
        return handle(six.scope(school), disagreement, Asking(Write(""), files), at=AT + timedelta(hours=1))

    with_files(ME, PLACE, attaching.waiting(ME, PLACE), school.agency, send)
    assert tries == [2, 1]
    assert [one.field for one in store.read(disagreement)[1].said] == [FILE]
    assert bytes_in(folder) == [PLAIN]


def test_where_files_keep_vanishing_it_goes_without(six: Small) -> None:
    added()
    tries: list[int] = []

    def send(files: tuple[Words, ...]) -> int:
        tries.append(len(files))
        if files:
            raise Gone
        return 7

    assert with_files(ME, PLACE, attaching.waiting(ME, PLACE), "x", send) == 7
    assert tries == [*[1] * attaching.TRIES, 0]


def test_the_same_command_twice_takes_its_file_once_and_leaves_a_later_one_alone(six: Small) -> None:
    disagreement, _ = six.raised(AT)
    school, command = six.post("school"), uuid4()

    def send(files: tuple[Words, ...]) -> object:
        return handle(six.scope(school), disagreement, Asking(Write(""), files, id=command), at=AT + timedelta(hours=1))

    added()
    first = with_files(ME, PLACE, attaching.waiting(ME, PLACE), school.agency, send)
    added(TEXT, "note.txt")
    again = with_files(ME, PLACE, attaching.waiting(ME, PLACE), school.agency, send)
    assert first == again or first.act == again.act  # type: ignore[attr-defined]
    assert [one.name for one in attaching.waiting(ME, PLACE)] == ["note.txt"]
    assert len(store.read(disagreement)) == 2


def test_a_file_whose_owner_has_not_decided_stays_where_it_is(six: Small) -> None:
    disagreement, _ = six.raised(AT)
    photo = added(jpeg(), "photo.jpg")
    assert photo.state is State.UNDECIDED
    sent(six, disagreement)
    assert [one.field for one in store.read(disagreement)[1].said] == ["words"]
    attaching.left_behind(ME, PLACE, disagreement)
    assert [one.name for one in attaching.waiting(ME, f"{disagreement}/write")] == ["photo.jpg"]


def test_a_copy_takes_the_place_of_a_file_with_a_key_of_its_own(folder: Path) -> None:
    photo = added(jpeg(), "photo.jpg")
    assert attaching.clean(ME, PLACE, photo.id)
    (copy,) = attaching.waiting(ME, PLACE)
    assert (copy.state, copy.cleaned, copy.hidden) == (State.READY, True, ())
    assert copy.sha256 != photo.sha256
    assert copy.key != photo.key
    assert len(bytes_in(folder)) == 1
    assert attaching.clean(ME, PLACE, photo.id)  # pressed in another window: it is done already
    assert len(bytes_in(folder)) == 1


# --- Proven -----------------------------------------------------------------------------------------------------------


def test_the_chain_proves_a_file_and_the_record_adds_up_the_same(six: Small) -> None:
    disagreement, reference = six.raised(AT)
    added()
    sent(six, disagreement)
    with fence.inside("riverside"):
        scope = six.scope(six.post("school"))
    assert [found.same for found in rebuild()] == [True]
    results = search_for([scope], "plan.pdf", at=AT + timedelta(hours=2))
    assert [one.listed.reference for one in results.found] == [reference]
    checkpoints.audit()


def test_an_exported_record_names_files_by_digest_and_a_stranger_can_check_them(
    six: Small, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    disagreement, _ = six.raised(AT)
    added(name="plan “B”.pdf")
    sent(six, disagreement)
    lines = b"".join(export_for(six.scope(six.post("school")), disagreement, AT + timedelta(hours=2)))
    report = verifier.verify(BytesIO(lines))
    digest = file_words(disagreement).text[-64:]
    assert report.files == [(2, "plan “B”.pdf", digest)]

    record, same, other = tmp_path / "record.jsonl", tmp_path / "a.pdf", tmp_path / "b.pdf"
    record.write_bytes(lines)
    same.write_bytes(PLAIN)
    other.write_bytes(PLAIN + b" ")
    alone = [sys.executable, "-I", verifier.__file__, str(record)]
    right = subprocess.run([*alone, "--files", str(same)], capture_output=True, text=True, check=False)
    assert (right.returncode, right.stderr) == (0, "")
    assert digest in right.stdout
    assert "sent with act 2" in right.stdout
    wrong = subprocess.run([*alone, "--files", str(other)], capture_output=True, text=True, check=False)
    assert wrong.returncode == 1
    assert "is none of the 1 files that this record names" in wrong.stdout
    missing = subprocess.run([*alone, "--files", "nowhere"], capture_output=True, text=True, check=False)
    assert (missing.returncode, missing.stderr) == (1, "")
    call_command("verify", str(record), "--files", str(same))
    assert "sent with act 2" in capsys.readouterr().out
    with pytest.raises(CommandError, match="none of the 1 files"):
        call_command("verify", str(record), "--files", str(other))


@pytest.mark.parametrize("was, becomes", [("plan.pdf", "plam.pdf"), ("application/pdf", "application/pdg")])  # noqa: PT006
def test_a_file_s_name_or_type_changed_in_an_exported_record_is_found(six: Small, was: str, becomes: str) -> None:
    disagreement, _ = six.raised(AT)
    added()
    sent(six, disagreement)
    lines = b"".join(export_for(six.scope(six.post("school")), disagreement, AT + timedelta(hours=2)))
    with pytest.raises(verifier.Wrong, match="not those that were typed"):
        verifier.verify(BytesIO(lines.replace(was.encode(), becomes.encode())))


def test_an_erased_file_leaves_neither_bytes_nor_digest_nor_a_guess(six: Small, folder: Path) -> None:
    disagreement, _ = six.raised(AT)
    added()
    before = sent(six, disagreement)
    words = file_words(disagreement)
    digest = attached_in(words.text).sha256
    with fence.inside("riverside"):
        assert erase_file(disagreement, 2, words.said.digest, AT + timedelta(hours=2))
        assert not erase_file(disagreement, 2, words.said.digest, AT + timedelta(hours=2))
        assert not erase_file(disagreement, 1, words.said.digest, AT + timedelta(hours=2))
    assert bytes_in(folder) == []
    assert store.check(disagreement)[-1][2] == before
    pieces = store.words_of(disagreement, store.read(disagreement))[2]
    assert [type(one) for one in pieces if one.said.field == FILE] == [Erased]
    lines = b"".join(export_for(six.scope(six.post("school")), disagreement, AT + timedelta(hours=3)))
    assert digest.encode() not in lines
    assert b"plan.pdf" not in lines
    assert verifier.verify(BytesIO(lines)).erased == 1
    assert json.loads(lines.splitlines()[2])["words"]


def test_the_bytes_go_before_the_words_that_lead_to_them(
    six: Small, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disagreement, _ = six.raised(AT)
    added()
    sent(six, disagreement)
    words = file_words(disagreement)

    def broken(*_: object) -> bool:
        assert bytes_in(folder) == []
        raise RuntimeError("the power failed")

    monkeypatch.setattr(store, "erase", broken)
    with pytest.raises(RuntimeError):
        erase_file(disagreement, 2, words.said.digest, AT)
    monkeypatch.undo()
    assert erase_file(disagreement, 2, words.said.digest, AT)  # and once more finishes it


# --- Whom it is for ---------------------------------------------------------------------------------------------------


def test_a_former_party_gets_what_it_saw_and_nothing_that_came_after(six: Small) -> None:
    disagreement, _ = six.raised(AT)
    police = six.post("police", "senior")
    six.does(disagreement, six.post("school"), Meet(held=False, invited=(police,)), AT + timedelta(hours=1))
    added()
    sent(six, disagreement, 2)
    six.does(disagreement, six.post("school"), GoUp(), AT + timedelta(hours=3))
    added(TEXT, "note.txt")
    sent(six, disagreement, 4)

    reading = read(six.scope(police), disagreement, AT + timedelta(hours=5))
    assert reading.until is not None
    assert given_bytes(find_file(reading, 3, 2).file) == PLAIN
    for sequence in (5, 6):
        with pytest.raises(NotThere):
            find_file(reading, sequence, 2)
    now = read(six.scope(six.post("school")), disagreement, AT + timedelta(hours=5))
    assert given_bytes(find_file(now, 5, 2).file) == TEXT


def given_bytes(file: BinaryIO) -> bytes:
    with file:
        return file.read()


def test_who_sees_dates_alone_gets_no_file(six: Small) -> None:
    disagreement, _ = six.raised(AT)
    added()
    sent(six, disagreement)
    for post in ("office", "scrutineer"):
        reading = read(six.scope(six.post("partnership", post)), disagreement, AT + timedelta(hours=2))
        assert reading.shallow
        with pytest.raises(NotThere):
            find_file(reading, 2, 2)


# --- The virus scan ---------------------------------------------------------------------------------------------------


def test_a_clean_file_is_taken_and_all_of_it_was_scanned(clam: Scanner) -> None:
    assert added().state is State.READY
    assert clam.scanned == [PLAIN]


def test_what_the_scan_finds_is_not_kept(clam: Scanner, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    found = attach(ME, PLACE, "secret name.txt", BytesIO(b"Hello " + MARK))
    assert found == Turned("secret name.txt", Because.VIRUS)
    assert bytes_in(folder) == []
    assert "Invented.Test.Virus" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    "answers",
    [b"stream: Can't open file ERROR\n", b"", b"nonsense\n", b"\xff\xfe\n", b"INSTREAM size limit exceeded. ERROR\n"],
)
def test_a_scanner_that_cannot_answer_lets_the_file_wait_and_the_act_go(
    six: Small, clam: Scanner, answers: bytes
) -> None:
    disagreement, _ = six.raised(AT)
    clam.answers = answers
    assert added().state is State.NOT_SCANNED
    sent(six, disagreement)
    assert [one.field for one in store.read(disagreement)[1].said] == ["words"]

    clam.answers = None
    attaching.scan_again(ME, PLACE)
    assert attaching.waiting(ME, PLACE)[0].state is State.READY


def test_a_scanner_that_is_down_is_asked_again_by_the_worker(
    settings: Settings, clam: Scanner, caplog: pytest.LogCaptureFixture
) -> None:
    up = settings.CLAMD
    settings.CLAMD = "tcp://127.0.0.1:1"
    assert added().state is State.NOT_SCANNED
    bad = added(b"Hello " + MARK, "bad.txt")
    assert clear_away(AT) == 0
    assert [one.state for one in attaching.waiting(ME, PLACE)] == [State.NOT_SCANNED] * 2
    settings.CLAMD = up
    clear_away(AT)
    assert [(one.name, one.state) for one in attaching.waiting(ME, PLACE)] == [("plan.pdf", State.READY)]
    assert not WaitingRow.objects.filter(id=bad.id).exists()
    assert "plan" not in caplog.text


def test_without_a_scanner_files_go_unscanned_and_one_set_up_later_does_not_hold_them_up(settings: Settings) -> None:
    settings.CLAMD = ""
    assert added().state is State.READY
    settings.CLAMD = "tcp://127.0.0.1:1"
    assert [one.state for one in attaching.waiting(ME, PLACE)] == [State.READY]


def test_a_scanner_can_listen_on_a_socket_of_the_machine(settings: Settings) -> None:
    settings.CLAMD = "unix:///nowhere/clamd.ctl"
    assert scan.scanned(BytesIO(PLAIN)) is Scanned.NOT_YET


def test_ten_is_what_goes_with_an_act() -> None:
    for number in range(MOST_FILES + 1):
        found = attach(ME, PLACE, f"{number}.txt", BytesIO(f"Number {number}".encode()), at=AT)
        assert isinstance(found, Waiting) == (number < MOST_FILES)
