"""`commonground check`: what it prints, and with what it leaves."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

TESTS = Path(__file__).parents[1]
SOUND = TESTS / "procedures" / "invented" / "sedge-fen.yaml"
BROKEN = TESTS / "language" / "broken" / "unknown_post.yaml"


def checked(*arguments: object, **options: object) -> str:
    out = StringIO()
    call_command("check", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def test_a_sound_procedure_passes_with_its_gaps_and_reads_no_database() -> None:
    said = checked(SOUND)
    assert "both checkers agree; 15 of 15 proofs hold" in said
    assert "longest silence 4 working weeks, at worst 34 days" in said
    assert "What the words alone leave open" in said
    assert "FAILS" not in said
    assert "1 procedure, 1 route checked: all may go live" in said


def test_with_more_words_every_reading_is_listed() -> None:
    assert "Readings taken:" in checked(SOUND, verbosity=2)
    assert "Readings taken:" not in checked(SOUND)


def test_the_same_for_programs() -> None:
    (found,) = json.loads(checked(SOUND, json=True))
    assert found["may_go_live"]
    assert found["checkers_agree"]
    assert all(proof["holds"] for proof in found["proofs"])
    (route,) = found["routes"]
    assert route["longest_silence"]["sum"] == ["4 working weeks"]
    assert route["longest_silence"]["worst"]["days"] == 34
    assert all(gap["question"] and gap["clauses"] for gap in found["gaps"])


def test_a_mistake_is_shown_at_its_place_and_does_not_go_live() -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("check", str(BROKEN), str(SOUND), stdout=out)
    assert left.value.code == 1
    assert f"{BROKEN.name}: 2 mistakes; nothing was checked" in out.getvalue()
    assert f"  {BROKEN.name}:5:16: clause-prefix: found" in out.getvalue()
    assert f"NOT to go live: {BROKEN.name}." in out.getvalue()


def test_a_failed_proof_does_not_go_live(tmp_path: Path) -> None:
    text = SOUND.read_text(encoding="utf-8")
    broken = tmp_path / SOUND.name
    broken.write_text(text.replace("then: look again", "then: record"), encoding="utf-8")
    clauses = SOUND.with_name("sedge-fen.clauses.yaml")
    (tmp_path / clauses.name).write_text(clauses.read_text(encoding="utf-8"), encoding="utf-8")
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("check", str(broken), stdout=out)
    assert left.value.code == 1
    assert "FAILS  when time runs out, something happens" in out.getvalue()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be opened"):
        checked(tmp_path / "nothing.yaml")
