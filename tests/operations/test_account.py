"""What `commonground account` prints, and with what it leaves."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from commonground.language.library import clauses, shipped_files


def test_every_clause_of_the_shipped_texts_has_its_line_and_is_accounted_for() -> None:
    out = StringIO()
    call_command("account", stdout=out)
    lines = out.getvalue().splitlines()

    assert {line.split()[0] for line in lines} >= {clause.id for clause in clauses()}
    assert sum(int(part.rpartition(" ")[2]) for part in lines[-2].split(", ")) == len(clauses()) == 315
    assert lines[-1] == "315 of 315 clauses cited, 315 accounted for"


def test_a_clause_that_nothing_carries_is_named_and_the_command_leaves_with_one(tmp_path: Path) -> None:
    shortest = min(shipped_files(), key=lambda path: path.stat().st_size)
    text = shortest.read_text(encoding="utf-8")
    cited = next(clause.id for clause in clauses() if text.count(f"{clause.id}}}") == 1 and text.count(clause.id) == 1)
    without = tmp_path / shortest.name
    line = next(line for line in text.splitlines() if f"{cited}}}" in line)
    without.write_text(text.replace(f"{line}\n", ""), encoding="utf-8")
    out = StringIO()

    with pytest.raises(SystemExit) as left:
        call_command("account", str(without), stdout=out)

    assert left.value.code == 1
    assert f"  {cited}: " in out.getvalue()


def test_a_file_that_is_not_there_is_said_in_one_line() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.yaml can't be opened"):
        call_command("account", "nowhere.yaml")
