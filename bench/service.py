"""The service that a bench measures, set up on a database of its own; and the same once more on the other one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from about import machine

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

DATABASES = ("sqlite", "postgresql")
WARMING = 20
"""Rounds that nobody counts: the first ones fill the caches."""


@contextmanager
def set_up(database: str, *, collected: bool = False) -> Iterator[None]:
    """This will set the service up on `sqlite` or `postgresql`, empty, with one address that has nothing behind it.

    `collected`: with its static files, for a bench that starts it as a process of its own with the same environment.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMONGROUND_TEST_DATABASE"] = database
        from tests import databases

        in_a_file = f"sqlite:///{folder}/bench.sqlite3"
        os.environ.update(
            COMMONGROUND_DATABASE=in_a_file if database == "sqlite" else databases.postgresql(),
            COMMONGROUND_DEMONSTRATION="1",
            COMMONGROUND_VAR=folder,
            COMMONGROUND_LOG_LEVEL="ERROR",
            DJANGO_SETTINGS_MODULE="bench_settings",
            PYTHONPATH=os.pathsep.join([str(ROOT / "bench"), str(ROOT / "src")]),
        )
        import django
        from django.conf import settings
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        if collected:
            call_command("collectstatic", interactive=False, verbosity=0)
        else:
            settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        yield


def on_both(bench: str, measured: Callable[[str], int]) -> int:
    """This will measure on each database, each in a process of its own, and give the worst of how they left.

    `bench` is the file of the bench, which is run again with the name of a database: then it is `measured` there.
    """
    asked = [one for one in DATABASES if one in sys.argv[1:]]
    if asked:
        return measured(asked[0])
    print(machine(), flush=True)
    return max(
        subprocess.call([sys.executable, bench, one, *sys.argv[1:]])  # noqa: S603  # ourselves
        for one in DATABASES
    )


def in_turn(jobs: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """This will time each job (seconds), one after the other in every round: a slower minute slows all of them."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(rounds + WARMING):
        for name, job in jobs.items():
            start = perf_counter()
            job()
            if number >= WARMING:
                times[name].append(perf_counter() - start)
    return times


def queries(job: Callable[[], Any]) -> int:
    """This will count the queries of a job."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as counted:
        job()
    return len(counted)
