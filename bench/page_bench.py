"""What the page of a long disagreement costs: 200 acts, fetched through the whole of Django.

`python bench/page_bench.py` prints the figures on SQLite and PostgreSQL, one process each. Beside the page, in turn, so
that a slower minute of the machine slows both: the raw fetch of the disagreement's 200 rows, one statement and no more.
Compared are medians; and the number of queries. `--profile` prints where the time of the page goes instead.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

ACTS = 200
ROUNDS = 200
MOST_QUERIES = 12
MOST_FETCHES = 40
"""At most: the page, as raw fetches of its rows."""


def measure(vendor: str) -> dict[str, float]:
    """This will give the figures on `sqlite` or `postgresql`."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMONGROUND_TEST_DATABASE"] = vendor
        from tests import databases

        os.environ.update(
            COMMONGROUND_DATABASE=f"sqlite:///{folder}/bench.sqlite3" if vendor == "sqlite" else databases.postgresql(),
            COMMONGROUND_DEMONSTRATION="1",
            COMMONGROUND_VAR=folder,
            COMMONGROUND_LOG_LEVEL="WARNING",
            DJANGO_SETTINGS_MODULE="commonground.config.settings",
        )
        import django
        from django.conf import settings
        from django.core.management import call_command

        django.setup()
        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        call_command("migrate", verbosity=0)
        return _run()


def _run() -> dict[str, float]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from commonground.operations.warming import warm
    from commonground.usecases import clock
    from tests.pages.reading import be
    from tests.partnership import small

    warm()
    partnership = small("bench")
    school = partnership.post("school")
    disagreement, reference = partnership.raised(clock.now() - timedelta(days=3))
    _lengthen(partnership, disagreement)
    client = be(Client(HTTP_HOST="localhost"), partnership, school)

    def page() -> None:
        answer = client.get(f"/d/{reference}")
        if answer.status_code != 200:
            raise RuntimeError(f"the page answered {answer.status_code}")

    if "--profile" in sys.argv:
        _profile(page)
        return {}
    fetch = _fetch(disagreement)
    times = _times({"page": page, "fetch": fetch})
    with CaptureQueriesContext(connection) as queries:
        page()
    return {
        "raw fetch of its rows, ms": median(times["fetch"]) * 1000,
        "page, ms": median(times["page"]) * 1000,
        "page, as raw fetches": median(times["page"]) / median(times["fetch"]),
        "page, queries": len(queries),
    }


def _lengthen(partnership: Any, disagreement: UUID) -> None:
    """Fill a record up to ACTS through the one door: both sides talk, write and note in turn."""
    from commonground.core.acts import Medium, Note, Talk, Write
    from commonground.usecases import clock

    sides = (partnership.post("school"), partnership.post("social-care"))
    asks = (Talk(Medium.TELEPHONE), Write(form=""), Note(approved=True, filed=True))
    # Raised: one act.
    for number in range(1, ACTS):
        at = clock.now() - timedelta(days=3) + timedelta(minutes=number)
        partnership.does(disagreement, sides[number % 2], asks[number % 3], at, words="What was said, in a few words.")


def _fetch(disagreement: UUID) -> Callable[[], None]:
    from django.db import connection

    from commonground import fence
    from commonground.record.models import ActRow

    with fence.everywhere("a bench fetches rows by itself"):
        rows = ActRow.objects.filter(disagreement=disagreement).order_by("sequence")
        sql, parameters = rows.query.sql_with_params()

    def fetch() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            if len(cursor.fetchall()) != ACTS:
                raise RuntimeError("not every row came")

    return fetch


def _times(jobs: dict[str, Callable[[], Any]]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(ROUNDS + 10):
        for name, job in jobs.items():
            start = perf_counter()
            job()
            if number >= 10:  # the first rounds warm the caches
                times[name].append(perf_counter() - start)
    return times


def _profile(page: Callable[[], None]) -> None:
    from cProfile import Profile
    from pstats import Stats

    page()
    profile = Profile()
    profile.enable()
    for _ in range(10):
        page()
    profile.disable()
    Stats(profile).sort_stats("cumulative").print_stats(60)


def main() -> int:
    """Measure each database in a process of its own, print the figures, and fail where a limit is not kept."""
    if len(sys.argv) > 1 and sys.argv[1] in ("sqlite", "postgresql"):
        figures = measure(sys.argv[1])
        for name, figure in figures.items():
            print(f"{sys.argv[1]:11} {name:40} {figure:9.3f}")
        if not figures:
            return 0
        kept = figures["page, queries"] <= MOST_QUERIES and figures["page, as raw fetches"] <= MOST_FETCHES
        limits = f"at most {MOST_QUERIES} queries and {MOST_FETCHES} raw fetches"
        print(f"{sys.argv[1]:11} {limits}: {'kept' if kept else 'NOT KEPT'}")
        return 0 if kept else 1
    from about import machine

    print(machine())
    return max(
        subprocess.call([sys.executable, __file__, vendor])  # noqa: S603  # ourselves
        for vendor in ("sqlite", "postgresql")
    )


if __name__ == "__main__":
    sys.exit(main())
