"""What need to know costs: the decision on each request, and the list of somebody who may see few of very many.

`python bench/access_bench.py` prints the figures on SQLite and PostgreSQL, one process each. The list page of somebody
who reaches 30 disagreements is fetched through the whole of Django, first where there are 100 in all, then where there
are 100,000; beside it, in turn, an empty view, so that a slower minute of the machine slows both. Compared are the 95th
percentiles, each as a multiple of the empty view's median, and the number of queries.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

FEW, MANY, REACHED = 100, 100_000, 30
ROUNDS = 300
LIMIT = 1.3
"""At most: the list page's 95th percentile among MANY, against that among FEW."""


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
        settings.ROOT_URLCONF = "bench_urls"
        call_command("migrate", verbosity=0)
        sys.modules["bench_urls"] = _urls()
        return _run()


def _urls() -> Any:
    """Give the service's addresses, and one with nothing behind it."""
    from types import ModuleType

    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    from commonground.web import urls

    def empty(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    module = ModuleType("bench_urls")
    vars(module).update({**vars(urls), "urlpatterns": [*urls.urlpatterns, path("empty", empty)]})
    return module


def _run() -> dict[str, float]:
    from django.test import Client

    from commonground import fence
    from commonground.operations.warming import warm
    from commonground.people import access
    from commonground.usecases import clock
    from commonground.usecases.reading import find_for
    from tests.pages.reading import be
    from tests.partnership import small

    warm()
    partnership = small("bench")
    school, health = partnership.post("school"), partnership.post("health")
    references = []
    for number in range(FEW):
        by, against = (school, "social-care") if number < REACHED else (health, "police")
        references.append(partnership.raised(clock.now() - timedelta(hours=1), by=by, against=against))
    client = be(Client(HTTP_HOST="localhost"), partnership, school)
    nobody = Client(HTTP_HOST="localhost")
    person, others, reference = partnership.person(school), references[-1][0], references[0][1]

    def decision() -> None:
        scopes = access.scopes_of(person, clock.today())
        find_for(scopes, reference)

    found = {}
    for name in (f"of {FEW:,}", f"of {MANY:,}"):
        if name.endswith(f"{MANY:,}"):
            with fence.everywhere("a bench fills its tables"):
                _fill(others, MANY - FEW)
        times = _times({"empty": lambda: nobody.get("/empty"), "list": lambda: client.get("/list"), "d": decision})
        empty = median(times["empty"])
        p95 = quantiles(times["list"], n=20)[-1]
        found[f"{name}: empty view ms"] = empty * 1000
        found[f"{name}: access decision, share of an empty view"] = median(times["d"]) / empty
        found[f"{name}: list, median ms"] = median(times["list"]) * 1000
        found[f"{name}: list, p95 as empty views"] = p95 / empty
        found[f"{name}: list, queries"] = _queries(lambda: client.get("/list"))
    found["list, p95: many against few"] = (
        found[f"of {MANY:,}: list, p95 as empty views"] / found[f"of {FEW:,}: list, p95 as empty views"]
    )
    return found


def _times(jobs: dict[str, Callable[[], Any]]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(ROUNDS + 20):
        for name, job in jobs.items():
            start = perf_counter()
            job()
            if number >= 20:  # the first rounds warm the caches
                times[name].append(perf_counter() - start)
    return times


def _queries(job: Callable[[], Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        job()
    return len(queries)


def _fill(like: UUID, count: int) -> None:
    """Copy the rows that lists go by, of one disagreement, so many times; nothing else is read by a list."""
    from django.db import connection

    from commonground.people.models import Part, Party
    from commonground.record.models import StandingRow

    rows = {model: list(model.objects.filter(disagreement=like)) for model in (StandingRow, Party, Part)}
    for start in range(0, count, 5_000):
        ids = [uuid4() for _ in range(min(5_000, count - start))]
        for model, several in rows.items():
            copies = [_copy(model, row, id_) for id_ in ids for row in several]
            model.objects.bulk_create(copies, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(model: Any, row: Any, id_: UUID) -> Any:
    values = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
    values |= {"disagreement": id_}
    if "reference" in values:
        values["reference"] = f"BENC-{id_.hex[:12]}"
    else:
        del values["id"]
    return model(**values)


def main() -> int:
    """Measure each database in a process of its own, print the figures, and fail where a limit is not kept."""
    if len(sys.argv) > 1:
        figures = measure(sys.argv[1])
        for name, figure in figures.items():
            print(f"{sys.argv[1]:11} {name:50} {figure:9.3f}")
        same = figures[f"of {FEW:,}: list, queries"] == figures[f"of {MANY:,}: list, queries"]
        ratio = figures["list, p95: many against few"]
        kept = same and ratio <= LIMIT
        print(f"{sys.argv[1]:11} limit {LIMIT}, same number of queries: {'kept' if kept else 'NOT KEPT'}")
        return 0 if kept else 1
    from about import machine

    print(machine())
    return max(
        subprocess.call([sys.executable, __file__, vendor])  # noqa: S603  # ourselves
        for vendor in ("sqlite", "postgresql")
    )


if __name__ == "__main__":
    sys.exit(main())
