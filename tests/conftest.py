"""Rules for the whole run: which tests a second database repeats, and which never share the machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from commonground import fence
from tests import databases
from tests.browser import browser_page, chromium, page_without_scripts
from tests.storage import emptying

# Importing `emptying` is what lets tests that commit empty the tables that only grow. The browser is here, and nowhere
# else, because a run can start only one.
__all__ = ["browser_page", "chromium", "emptying", "page_without_scripts"]

DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_reset_sequences", "live_server", "client"})


def uses_database(item: pytest.Item) -> bool:
    """Say whether a test reaches the database: the others would only be the same test twice."""
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, keep the tests that reach the database: SQLite's run has already done the others."""
    if databases.kind() == "sqlite":
        return
    kept = [item for item in items if uses_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not uses_database(item)])
    items[:] = kept


@pytest.fixture(autouse=True, scope="session")
def _looks_at_the_tables() -> Iterator[None]:
    """A test looks at the tables of every partnership. What it tests does not: a request begins outside the fence
    (web/fencing.py), and a use case enters its own. `fence.outside()` is for calling what should have entered.
    """
    with fence.outside(), fence.everywhere("a test looks at the tables"):
        yield


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """The folder for a test's pictures: kept when `make shots` asked for them, gone with the run otherwise."""
    kept = os.environ.get("COMMONGROUND_SHOTS")
    return Path(kept) if kept else tmp_path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests counted: each hands it over as the property "report", whichever process it ran in."""
    for outcome in ("passed", "failed"):
        for test in terminalreporter.getreports(outcome):
            for name, text in getattr(test, "user_properties", ()):
                if name == "report" and test.when == "call":
                    terminalreporter.section(test.nodeid.partition("::")[2].replace("_", " "))
                    terminalreporter.write_line(str(text))
