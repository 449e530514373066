"""`commonground play`: prints, fails on a difference, and plays nothing where a file has a mistake."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from commonground.language.scenarios import shipped_scenarios

ONE = next(iter(shipped_scenarios()))


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("play", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return out.getvalue(), f"{err.getvalue()}{error}"
    return out.getvalue(), ""


def test_it_prints_the_timeline_of_a_shipped_scenario() -> None:
    out, err = run(ONE)

    assert not err
    assert "the move is with" in out
    assert "1 scenario played" in out
    assert "0 went otherwise than expected." in out


def test_all_prints_a_summary_only() -> None:
    out, err = run("--all")

    assert not err
    assert out.startswith(f"{len(shipped_scenarios())} scenarios played, ")
    assert out.count("\n") == 1


def test_a_difference_is_printed_and_fails(tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_text(shipped_scenarios()[ONE].read_text().replace("  expect: {", "  expect: {ended: withdrawn, ", 1))

    out, err = run(str(path))

    assert "other.yaml:" in err
    assert "expected withdrawn; found no" in err
    assert "1 of 1 went otherwise than expected." in err
    assert "the move is with" in out


def test_mistakes_of_all_files_are_said_and_nothing_is_played(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text("scenario: x\n")

    out, err = run(str(tmp_path / "one.yaml"), ONE, str(tmp_path / "two.yaml"))

    assert "one.yaml:1:1: procedure: found nothing" in err
    assert "two.yaml:1:1: procedure: found nothing" in err
    assert "Nothing was played." in err
    assert not out


@pytest.mark.parametrize(("arguments", "said"), [((), "Name a scenario"), (("nowhere.yaml",), "No such file")])
def test_it_says_what_it_needs(arguments: tuple[str, ...], said: str) -> None:
    assert said in run(*arguments)[1]
