"""The rules of the house hold, and each of them notices when it is broken: a copy of the code gets one bad line."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.house import names_kept_out_of_code

ROOT = Path(__file__).parents[1]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
LOCK_FILES = ("requirements.txt", "requirements-dev.txt", "tools/uv.txt")

# What stands in for a shipped procedure: rule 3 must notice its names whatever the shipped ones are called just now.
PROCEDURE = """
key: somewhere-2026
title: Settling Differences in Somewhere
edition: a made-up one
area: [Somewhere]
body_name: Somewhere Partnership
routes:
  - key: usual
    stages:
      - key: first-talk
        heading: Managers of Somewhere talk
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code that a test may spoil."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "static"))
    for name in (".importlinter", "tools"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    return tmp_path


def plant(copy: Path, path: str, line: str) -> None:
    """Add one line to a file of the copy's package, making the file when there is none."""
    file = copy / "src" / "commonground" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_text() if file.exists() else ""
    file.write_text(f"{before}\n{line}\n")


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Check the import contracts of the tree under `root`."""
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"], cwd=root, env={"PYTHONPATH": str(root / "src")}, capture_output=True, text=True
    )


def house(root: Path) -> subprocess.CompletedProcess[str]:
    """Check the house rules of the tree under `root`."""
    command = [sys.executable, "tools/house.py"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True)


def test_the_import_contracts_and_the_house_rules_hold(copy: Path) -> None:
    for linter in (lint_imports, house):
        found = linter(copy)
        assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(
    ("path", "line", "said"),
    [
        pytest.param("core/act_of_breach.py", "import commonground.people", "layers of the house", id="core, upwards"),
        pytest.param("record/breach.py", "import commonground.usecases", "layers of the house", id="record, upwards"),
        pytest.param("record/breach.py", "import commonground.outbox", "layers of the house", id="record, sideways"),
        pytest.param("usecases/breach.py", "import commonground.web", "layers of the house", id="use cases, upwards"),
        pytest.param("web/breach.py", "import commonground.config", "layers of the house", id="web, settings"),
        pytest.param("elsewhere/__init__.py", "", "layers of the house", id="a package nobody placed"),
        pytest.param("core/breach.py", "import django.db", "standard library alone", id="core, Django"),
        pytest.param("core/breach.py", "import pydantic", "standard library alone", id="core, pydantic"),
        pytest.param("core/breach.py", "import ruamel.yaml", "standard library alone", id="core, YAML"),
    ],
)
def test_an_import_against_the_layers_is_noticed(copy: Path, path: str, line: str, said: str) -> None:
    plant(copy, path, line)

    found = lint_imports(copy)

    assert found.returncode != 0
    assert re.search(rf"{said}.*BROKEN", found.stdout), found.stdout + found.stderr


@pytest.mark.parametrize(
    ("path", "line", "said"),
    [
        pytest.param("core/breach.py", "import random", "core imports random", id="chance"),
        pytest.param("core/breach.py", "from os import environ", "core imports os", id="the environment"),
        pytest.param("core/breach.py", "import pathlib", "core imports pathlib", id="files"),
        pytest.param("core/breach.py", "import secrets", "core imports secrets", id="secrets"),
        pytest.param("core/breach.py", "import requests", "core imports requests", id="somebody else's package"),
        pytest.param("core/breach.py", "import uuid; uuid.uuid4()", r"core calls uuid4\(\)", id="new ids"),
        pytest.param("core/breach.py", "open('x')", r"core calls open\(\)", id="opening a file"),
        pytest.param("usecases/breach.py", "import datetime as d; d.datetime.now()", "host's clock", id="now, renamed"),
        pytest.param("web/breach.py", "from datetime import datetime as d; d.now()", "host's clock", id="now, alone"),
        pytest.param("web/breach.py", "from datetime import date; date.today()", "host's clock", id="today"),
        pytest.param("people/breach.py", "from time import time; time()", "host's clock", id="time"),
        pytest.param(
            "record/breach.py", "from django.utils import timezone; x = timezone.now", "clock", id="handed on"
        ),
        pytest.param("record/breach.py", "from django.utils.timezone import now; now()", "clock", id="Django's, bare"),
        pytest.param("record/breach.py", "from django.utils.timezone import localdate; localdate()", "clock", id="day"),
        pytest.param("record/breach.py", "DateTimeField(auto_now_add=True)", "host's clock", id="a column's own"),
    ],
)
def test_a_clock_chance_or_file_where_it_may_not_be_is_noticed(copy: Path, path: str, line: str, said: str) -> None:
    plant(copy, path, line)

    found = house(copy)

    assert found.returncode == 1, found.stderr
    assert re.search(said, found.stdout), found.stdout


@pytest.mark.parametrize(
    ("path", "line"),
    [
        pytest.param("usecases/clock.py", "from datetime import datetime, UTC; datetime.now(UTC)", id="the one clock"),
        pytest.param("web/fine.py", "from django.utils import timezone; timezone.localtime(moment)", id="a conversion"),
        pytest.param("web/fine.py", "import datetime; datetime.time(9, 30)", id="a time of day"),
        pytest.param("operations/fine.py", "import time; time.monotonic(); time.sleep(1)", id="waiting"),
        pytest.param("core/fine.py", "from uuid import UUID; from zoneinfo import ZoneInfo", id="plain computing"),
    ],
)
def test_what_only_looks_like_a_breach_is_left_alone(copy: Path, path: str, line: str) -> None:
    plant(copy, path, line)

    found = house(copy)

    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param('if procedure == "somewhere-2026": ...', 'procedure "somewhere-2026"', id="a procedure's key"),
        pytest.param('if stage.key == "first-talk": ...', 'stage "first-talk"', id="a stage's key"),
        pytest.param(
            'x = f"in {2026} the Somewhere Partnership says"', 'partnership "Somewhere Pa', id="a partnership"
        ),
        pytest.param("x = 1  # as managers of somewhere talk", 'stage "Managers of Somewhere talk"', id="in a comment"),
        pytest.param('"""Settling differences in Somewhere."""', 'procedure "Settling', id="in a docstring"),
    ],
)
def test_a_line_that_names_a_procedure_a_partnership_or_a_stage_is_noticed(copy: Path, line: str, said: str) -> None:
    plant(copy, "procedures/somewhere.yaml", PROCEDURE)
    assert house(copy).returncode == 0
    plant(copy, "usecases/breach.py", line)

    found = house(copy)

    assert found.returncode == 1, found.stderr
    assert said in found.stdout


def test_the_shipped_procedures_give_names_to_look_for() -> None:
    shipped = ROOT / "src" / "commonground" / "procedures"
    kinds = {name.kind for name in names_kept_out_of_code(shipped)}

    # Without this the rule above would pass in silence on the day a field is renamed.
    only_clauses = {path.name for path in shipped.rglob("*.yaml")} <= {"clauses.yaml"}
    assert only_clauses or kinds == {"procedure", "partnership", "stage"}


@pytest.mark.parametrize("name", LOCK_FILES)
def test_lock_files_hold_hashes_and_no_hosts_or_places(name: str) -> None:
    text = (ROOT / name).read_text()

    assert "--hash=sha256:" in text
    assert not re.findall(r"https?://|file://|^\s*-[if]\b|--index|--find-links|@ ", text, re.MULTILINE)


def test_what_the_service_needs_is_the_same_for_those_who_develop_it() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9.-]+==\S+", (ROOT / name).read_text(), re.MULTILINE))

    assert len(pins("requirements.txt")) > 10
    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_no_committed_file_names_a_machine_or_a_registry() -> None:
    # Put together here, so that this file does not hold what it looks for.
    places = [f"/{top}/{rest}" for top, rest in (("work", "main"), ("work", "shared"), ("tmp", "cg"), ("root", r"\."))]
    hosts = [rf"{host}\.{top}" for host, top in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "(?:org|com)"))]
    forbidden = re.compile("|".join([*places, *hosts, r"/home/[a-z]", "/Users/[A-Za-z]", r"uv\.lock$"]))

    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in committed_files()
        for number, line in enumerate(path.read_text(errors="ignore").splitlines(), start=1)
        if path.suffix not in {".png", ".ico", ".woff2"} and forbidden.search(line)
    ]

    assert not found, "\n".join(found)


def committed_files() -> list[Path]:
    """Give every file git knows of in this tree."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in names.split("\0") if name]
    assert len(files) > 20
    return [path for path in files if path.is_file()]
