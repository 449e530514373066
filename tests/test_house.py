"""The rules of the house hold, and each of them notices when it is broken: a copy of the code gets one bad line."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.house import names_kept_out_of_code

ROOT = Path(__file__).parents[1]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
LOCK_FILES = ("requirements.txt", "requirements-dev.txt", "tools/uv.txt")

# What stands in for a shipped procedure: rule 3 must notice its names whatever the shipped ones are called just now.
PROCEDURE = """
procedure: somewhere-2026
title: Settling Differences in Somewhere
area: [Somewhere-on-Sea]
routes:
- route: usual
  stages:
  - stage: first-talk
    heading: Managers talk
  - stage: chair
    heading: The chair decides
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code that a test may spoil."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "static", "*.yaml"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A package with nothing in it yet: what is found there is what the test planted, and found at once."""
    (tmp_path / "src" / "commonground").mkdir(parents=True)
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
    command = [sys.executable, str(ROOT / "tools" / "house.py"), str(root / "src" / "commonground")]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize("linter", [lint_imports, house])
def test_the_import_contracts_and_the_house_rules_hold(
    linter: Callable[[Path], subprocess.CompletedProcess[str]],
) -> None:
    found = linter(ROOT)

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
def test_a_clock_chance_or_file_where_it_may_not_be_is_noticed(empty: Path, path: str, line: str, said: str) -> None:
    plant(empty, path, line)

    found = house(empty)

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
def test_what_only_looks_like_a_breach_is_left_alone(empty: Path, path: str, line: str) -> None:
    plant(empty, path, line)

    found = house(empty)

    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param('if procedure == "somewhere-2026": ...', 'procedure "somewhere-2026"', id="a procedure's key"),
        pytest.param("x = 1  # as Somewhere-2026 has it", 'procedure "somewhere-2026"', id="in a comment"),
        pytest.param('"""Settling differences in Somewhere."""', 'procedure "Settling', id="its title in a docstring"),
        pytest.param('x = f"in {2026} Somewhere-on-Sea says"', 'partnership "Somewhere-on-Sea"', id="a partnership"),
        pytest.param('if standing.stage == "chair": ...', 'stage "chair"', id="a plain key, compared"),
        pytest.param('if stage.key in {"chair", "panel"}: ...', 'stage "chair"', id="a plain key, among others"),
        pytest.param('x = procedure.stage("usual", "chair")', 'stage "chair"', id="a plain key, looked up"),
        pytest.param('x = stages["chair"]', 'stage "chair"', id="a plain key, by index"),
        pytest.param('match stage:\n    case "chair": ...', 'stage "chair"', id="a plain key, as a case"),
        pytest.param('if stage.heading == "Managers talk": ...', 'stage "Managers talk"', id="a heading"),
    ],
)
def test_a_line_that_names_a_procedure_a_partnership_or_a_stage_is_noticed(empty: Path, line: str, said: str) -> None:
    plant(empty, "procedures/somewhere.yaml", PROCEDURE)
    # Plain words stay free where they name no stage.
    plant(empty, "usecases/fine.py", 'chair = "chair"  # the chair decides; managers talk')
    assert house(empty).returncode == 0, house(empty).stdout
    plant(empty, "usecases/breach.py", line)

    found = house(empty)

    assert found.returncode == 1, found.stderr
    assert said in found.stdout


@pytest.mark.parametrize(
    ("path", "line", "said"),
    [
        pytest.param("web/breach.py", "from commonground import fence; fence.everywhere('x')", "goes across", id="web"),
        pytest.param("usecases/breach.py", "from commonground.fence import everywhere; everywhere('x')", "goes across",
                     id="a use case, by name"),
        pytest.param("usecases/breach.py", "import django_scopes", "past fence.py", id="django-scopes"),
        pytest.param("people/breach.py", "from django_scopes.state import state", "past fence.py", id="its state"),
        pytest.param("web/breach.py", "connection.cursor()", "past the fence", id="a cursor"),
        pytest.param("people/breach.py", "from django.db.models.expressions import RawSQL; RawSQL('x', [])",
                     "past the fence", id="SQL in a query"),
    ],
)  # fmt: skip
def test_a_way_round_the_fence_is_noticed(empty: Path, path: str, line: str, said: str) -> None:
    plant(empty, "usecases/sweep.py", "from commonground import fence; fence.everywhere('what is due')")
    plant(empty, "sql.py", "connection.cursor()")
    plant(empty, "usecases/fine.py", "from commonground import fence; fence.inside(scope.partnership)")
    assert house(empty).returncode == 0, house(empty).stdout
    plant(empty, path, line)

    found = house(empty)

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
