"""The front door: every target is one line, set-up is not done twice, and what is missing is said in one line."""

import re
import subprocess
from pathlib import Path

import pytest

from tools import dev

ROOT = Path(__file__).parents[2]


def test_each_make_target_is_one_line_that_calls_the_script() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = dict(re.findall(r"^(\w+): ; @(.*)$", makefile, re.MULTILINE))

    assert set(targets) == {"help", *dev.TARGETS}
    for name, command in targets.items():
        assert name == "help" or command.endswith(f"python3 tools/dev.py {name}")


def test_ci_calls_check_and_test_and_stops_at_the_first_failure() -> None:
    script = ROOT / ".ci" / "run"

    assert script.stat().st_mode & 0o111
    assert "set -euo pipefail" in script.read_text()
    assert re.findall(r"^make (\w+)", script.read_text(), re.MULTILINE) == ["check", "test"]
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


def test_a_missing_chromium_is_one_line_for_who_may_not_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(dev.CHROMIUM, raising=False)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(dev, "set_up", lambda _requirements: None)

    code = dev.main(["test"])

    said = capsys.readouterr().err
    assert code == 1
    assert said == "Missing: Chromium, for the browser tests. Install it as root: apt-get install chromium\n"


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A folder to set up where installing only writes down what was asked for."""
    for name in (dev.RUN, dev.DEV, "pyproject.toml", "tools/uv.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("as it was")
    (tmp_path / ".venv").mkdir()
    installed: list[str] = []
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "make_venv", lambda: None)
    monkeypatch.setattr(dev, "install", installed.append)
    return installed


def test_set_up_is_done_once(machine: list[str]) -> None:
    dev.set_up(dev.RUN)
    dev.set_up(dev.RUN)

    assert machine == [dev.RUN]


def test_what_development_needs_holds_what_the_service_needs(machine: list[str]) -> None:
    dev.set_up(dev.DEV)
    dev.set_up(dev.RUN)

    assert machine == [dev.DEV]


@pytest.mark.parametrize("changed", [dev.RUN, "pyproject.toml", "tools/uv.txt"])
def test_set_up_is_done_again_when_what_it_depends_on_changed(machine: list[str], changed: str) -> None:
    dev.set_up(dev.RUN)
    (dev.ROOT / changed).write_text("as it is now")
    dev.set_up(dev.RUN)

    assert machine == [dev.RUN, dev.RUN]


def test_a_target_nobody_knows_lists_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["tset"]) == 2
    assert "make test" in capsys.readouterr().out
