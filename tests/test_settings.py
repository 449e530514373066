"""The settings a deployment writes: what is understood, what is refused, and that a mistake never shows a password."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from commonground.config.environment import database, demonstration_key, flag, listed


def test_sqlite_waits_its_turn_and_is_on_the_disk_before_it_answers() -> None:
    settings = database("sqlite:////srv/commonground.sqlite3")

    assert settings["NAME"] == "/srv/commonground.sqlite3"
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in settings["OPTIONS"]["init_command"]


def test_several_postgresql_hosts_are_asked_for_the_one_that_writes() -> None:
    settings = database("postgresql://someone:secret@first:6001,second:6002/commonground?sslmode=verify-full")

    assert (settings["HOST"], settings["PORT"]) == ("first,second", "6001,6002")
    assert (settings["USER"], settings["PASSWORD"], settings["NAME"]) == ("someone", "secret", "commonground")
    assert settings["OPTIONS"] == {"sslmode": "verify-full", "target_session_attrs": "read-write"}


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("mysql://someone:secret@host/name", id="another database"),
        pytest.param("postgresql://someone:secret@host", id="no name"),
        pytest.param("postgresql://someone:secret@[host/name", id="not an address"),
        pytest.param("sqlite://secret", id="too few strokes"),
    ],
)
def test_a_mistaken_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="COMMONGROUND_DATABASE") as refused:
        database(url)

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [({}, False), ({"X": ""}, False), ({"X": "0"}, False), ({"X": "1"}, True), ({"X": " Yes "}, True)],
)
def test_a_switch_is_on_only_when_it_says_so(environ: Mapping[str, str], expected: bool) -> None:
    assert flag("X", environ) is expected


def test_a_switch_that_says_something_else_is_a_mistake() -> None:
    with pytest.raises(ImproperlyConfigured, match="Write 1 or 0"):
        flag("X", {"X": "perhaps"})


def test_a_list_has_no_blanks() -> None:
    assert listed("X", {"X": "one, two,,"}) == ["one", "two"]
    assert listed("X", {}) == []


def test_the_demonstration_makes_its_key_once_and_keeps_it_to_itself(tmp_path: Path) -> None:
    key = demonstration_key(tmp_path / "var")

    assert len(key) >= 50
    assert demonstration_key(tmp_path / "var") == key
    assert (tmp_path / "var" / "demonstration-key").stat().st_mode & 0o077 == 0


def commonground(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command as on a machine where nothing is set but `environ`."""
    command = [sys.executable, "-m", "commonground.operations", *arguments]
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return subprocess.run(command, cwd=folder, env=kept | environ, capture_output=True, text=True)


def test_the_first_migrate_needs_nothing_but_an_empty_folder(tmp_path: Path) -> None:
    done = commonground(tmp_path, "migrate", COMMONGROUND_SECRET_KEY="a")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "var" / "commonground.sqlite3").exists()


def test_serving_without_a_key_is_refused_in_one_line(tmp_path: Path) -> None:
    done = commonground(tmp_path, "serve")

    assert done.returncode == 1
    assert done.stderr == ("CommandError: COMMONGROUND_SECRET_KEY is not set; docs/running.md says how to make one.\n")


def test_the_demonstration_never_starts_beside_real_disagreements(tmp_path: Path) -> None:
    done = commonground(tmp_path, "demo", COMMONGROUND_SECRET_KEY="a")

    assert done.returncode == 1
    assert "This is for demonstrations only" in done.stderr


def test_the_settings_pass_the_checks_for_going_live(tmp_path: Path) -> None:
    key = "made-up-but-long-enough-for-the-check-with-5-characters-or-more"
    done = commonground(
        tmp_path,
        "systemcheck",
        "--deploy",
        "--fail-level",
        "WARNING",
        COMMONGROUND_SECRET_KEY=key,
        COMMONGROUND_HOSTS="a",
    )

    assert done.returncode == 0, done.stderr
