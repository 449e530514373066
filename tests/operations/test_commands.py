"""The commands of the console: what they do, what they say, and one clear line where they can't."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError, OutputWrapper

from commonground.language.calendars import load_calendar
from commonground.operations.progress import Progress
from commonground.people.models import Adoption
from commonground.record.models import ActRow, StandingRow
from commonground.usecases import situation
from tests.storage import doors
from tests.storage.doors import raised, talk
from tests.storage.emptying import without_triggers

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[2]


def said(command: str, *arguments: str, **options: object) -> str:
    """Run a command and give what it said."""
    out = StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def digest() -> str:
    """The procedure that a small partnership runs."""
    return doors.found()


# --- rebuild ----------------------------------------------------------------------------------------------------------


def test_rebuild_counts_what_came_out_identical(digest: str) -> None:
    raised(digest)
    talk(raised(digest).disagreement)

    assert "2 identical, 0 different" in said("rebuild")


def test_rebuild_fails_where_something_else_stood_and_puts_it_right(digest: str) -> None:
    new = raised(digest)
    raised(digest)
    StandingRow.objects.filter(disagreement=new.disagreement).update(owner_post="head")

    with pytest.raises(CommandError, match=new.reference):
        said("rebuild")

    assert "2 identical" in said("rebuild")


def test_rebuild_says_in_one_line_which_record_is_not_as_it_was_written(digest: str) -> None:
    new = raised(digest)
    with without_triggers():
        ActRow.objects.update(digest=b"0" * 32)

    with pytest.raises(CommandError) as failed:
        said("rebuild")

    assert str(new.disagreement) in str(failed.value)
    assert "\n" not in str(failed.value)


# --- export and verify ------------------------------------------------------------------------------------------------


def test_an_exported_file_is_verified_and_an_altered_one_is_not(digest: str, tmp_path: Path) -> None:
    new = raised(digest)
    talk(new.disagreement, "The words of a talk.")
    file = tmp_path / "record.jsonl"

    assert str(file) in said("export", new.reference, out=file)
    assert "Everything holds" in said("verify", str(file))
    assert "The words of a talk." not in file.read_text()

    file.write_bytes(file.read_bytes().replace(b"telephone", b"in person"))
    with pytest.raises(CommandError, match=r"DOES NOT HOLD\. Line 3, act 2") as failed:
        said("verify", str(file))
    assert failed.value.returncode == 1


def test_an_export_for_somebody_has_their_words(digest: str, tmp_path: Path) -> None:
    new = raised(digest)
    talk(new.disagreement, "The words of a talk.")
    file = tmp_path / "record.jsonl"

    said("export", new.reference, out=file, person="care-practitioner")

    assert "The words of a talk." in file.read_text()


def test_what_is_not_there_or_not_theirs_is_said_in_one_line(digest: str, tmp_path: Path) -> None:
    new = raised(digest)

    with pytest.raises(CommandError, match="There is no disagreement FE-222222"):
        said("export", "FE-222222")
    with pytest.raises(CommandError, match=f"There is no disagreement {new.reference} for them"):
        said("export", new.reference, person="clinic-practitioner")
    with pytest.raises(CommandError, match="can't be written"):
        said("export", new.reference, out=tmp_path / "no such folder" / "record.jsonl")
    with pytest.raises(CommandError, match="can't be read") as failed:
        said("verify", str(tmp_path / "nothing"))
    assert failed.value.returncode == 2


@pytest.mark.serial
def test_the_exit_codes_of_verify_are_those_of_the_process(digest: str, tmp_path: Path) -> None:
    file, altered = tmp_path / "record.jsonl", tmp_path / "altered.jsonl"
    said("export", raised(digest).reference, out=file)
    altered.write_bytes(file.read_bytes() + b"{}\n")

    environ = {key: value for key, value in os.environ.items() if not key.startswith(("COMMONGROUND_", "DJANGO_"))}
    environ["COMMONGROUND_VAR"] = str(tmp_path)

    def code(path: Path) -> int:
        command = [sys.executable, "-m", "commonground.operations", "verify", str(path)]
        return subprocess.run(command, cwd=ROOT / "src", env=environ, capture_output=True, check=False).returncode

    assert [code(file), code(altered), code(tmp_path / "nothing")] == [0, 1, 2]


# --- redate, adopt, seed, work ----------------------------------------------------------------------------------------


def test_redate_says_how_many_were_dated_anew(digest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raised(digest)
    assert "0 dated anew, 1 unchanged, 0 stuck" in said("redate")
    changed = load_calendar("england-and-wales").with_holiday(date(2026, 3, 5), "A day of its own", "2026-03-03")
    monkeypatch.setattr(situation, "calendar_of", lambda nation: changed)

    assert "1 dated anew, 0 unchanged, 0 stuck" in said("redate")

    with without_triggers():
        ActRow.objects.filter(sequence=1).update(digest=b"0" * 32)
    StandingRow.objects.update(position_digest=b"0" * 32)
    with pytest.raises(CommandError, match="could not be dated"):
        said("redate")


def test_adopt_runs_another_procedure_beside_the_first(digest: str) -> None:
    assert "from 2026-04-02" in said("adopt", doors.PARTNERSHIP, "sussex-six-step", "--from", "2026-04-02")

    assert Adoption.objects.filter(partnership_id=doors.PARTNERSHIP, ended_on__isnull=True).count() == 2


def test_adopt_says_why_not(digest: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match='there is no partnership "nowhere"'):
        said("adopt", "nowhere", "krscp")
    with pytest.raises(CommandError, match='"nothing" is not shipped'):
        said("adopt", doors.PARTNERSHIP, "nothing")
    with pytest.raises(CommandError, match="can't be read"):
        said("adopt", doors.PARTNERSHIP, str(tmp_path / "nothing.yaml"))
    file = tmp_path / "broken.yaml"
    file.write_text("procedure: broken\n")
    with pytest.raises(CommandError, match=r"broken\.yaml:1:1"):
        said("adopt", doors.PARTNERSHIP, str(file))


def test_seed_is_for_demonstrations_only() -> None:
    with pytest.raises(CommandError, match="for demonstrations only"):
        said("seed")
    assert not StandingRow.objects.exists()


def test_work_once_does_what_is_due_and_fails_when_something_could_not_be_done(digest: str) -> None:
    new = raised(digest)  # of a Monday long gone

    said("work", once=True)

    assert doors.silences(new.disagreement) == ["one: stage"]
    broken = raised(digest)
    with without_triggers():
        ActRow.objects.filter(disagreement=broken.disagreement).update(digest=b"0" * 32)
    StandingRow.objects.filter(disagreement=broken.disagreement).update(position_digest=b"0" * 32)
    with pytest.raises(CommandError, match="Not everything"):
        said("work", once=True)


# --- progress ---------------------------------------------------------------------------------------------------------


def test_progress_is_ten_lines_in_a_file_and_one_on_a_terminal() -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    file, terminal = StringIO(), Terminal()
    for stream in (file, terminal):
        progress = Progress(OutputWrapper(stream), "records")
        for done in range(1, 201):
            progress(done, 200)

    assert len(file.getvalue().splitlines()) == 10
    assert file.getvalue().endswith("200 of 200 records\n")
    assert re.fullmatch(r"(\r\d+ of 200 records){200}\n", terminal.getvalue())
