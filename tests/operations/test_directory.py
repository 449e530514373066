"""The directory at the console: out, previewed, in, and every mistake at its row."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from commonground.people.models import DirectoryChange, Person
from tests.partnership import small

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("directory", *arguments, stdout=out, stderr=err)
    except CommandError as said:
        return out.getvalue(), err.getvalue() + str(said)
    return out.getvalue(), err.getvalue()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_out_and_in_again(tmp_path: Path, kind: str) -> None:
    small()
    file = str(tmp_path / f"directory.{kind}")
    run("export", file, "--partnership", "riverside")
    said, wrong = run("import", file, "--partnership", "riverside", "--whole")
    assert wrong == ""
    assert f"0 joins, 0 leaves, 0 changes, {Person.objects.count()} untouched" in said


def test_in_only_with_yes_and_without_a_name_on_the_screen(tmp_path: Path) -> None:
    small()
    file = tmp_path / "joiner.csv"
    file.write_text("agency key,post,full name\nriverside-school,senior,Robin Invented\n", encoding="utf-8")
    said, _ = run("import", str(file), "--agency", "riverside-school")
    assert "1 joins" in said
    assert "Nothing was changed" in said
    assert not Person.objects.filter(full_name="Robin Invented").exists()
    said, _ = run("import", str(file), "--agency", "riverside-school", "--yes")
    assert "1 of 1 rows read" in said
    assert "2 of 2 changes written" in said
    assert "Robin" not in said
    assert Person.objects.filter(full_name="Robin Invented").exists()
    assert set(DirectoryChange.objects.values_list("by", flat=True)) == {"console"}


def test_what_is_wrong_is_said_and_nothing_done(tmp_path: Path) -> None:
    small()
    file = tmp_path / "wrong.csv"
    file.write_text("agency key,post,full name\nriverside-school,senior,=1\n", encoding="utf-8")
    _, wrong = run("import", str(file), "--partnership", "riverside", "--yes")
    assert "Row 2, full name: found “=1”." in wrong
    assert "1 mistakes. Nothing was changed." in wrong
    assert "no partnership with this key" in run("export", str(tmp_path / "x.csv"), "--partnership", "nowhere")[1]
    assert "must end in .csv or .xlsx" in run("export", str(tmp_path / "x.txt"), "--partnership", "riverside")[1]
    assert "No such file" in run("import", str(tmp_path / "none.csv"), "--partnership", "riverside")[1]
