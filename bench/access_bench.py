"""What need to know costs: the decision on each request, and the list of somebody who may see few of very many.

`python bench/access_bench.py` prints the figures on SQLite and PostgreSQL, one process each. The list page of somebody
who reaches 30 disagreements is fetched through the whole of Django, first where there are 100 in all, then where there
are 100,000; beside it, in turn, an empty view, so that a slower minute of the machine slows both. Compared are the 95th
percentiles, each as a multiple of the empty view's median, and the number of queries.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from statistics import median, quantiles
from typing import Any
from uuid import UUID, uuid4

from service import in_turn, on_both, queries, set_up

FEW, MANY, REACHED = 100, 100_000, 30
ROUNDS = 300
LIMIT = 1.3
"""At most: the list page's 95th percentile among MANY, against that among FEW."""


def _figures() -> dict[str, float]:
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
        jobs = {"empty": lambda: nobody.get("/empty"), "list": lambda: client.get("/list"), "d": decision}
        times = in_turn(jobs, ROUNDS)
        empty = median(times["empty"])
        found[f"{name}: empty view ms"] = empty * 1000
        found[f"{name}: access decision, share of an empty view"] = median(times["d"]) / empty
        found[f"{name}: list, median ms"] = median(times["list"]) * 1000
        found[f"{name}: list, p95 as empty views"] = quantiles(times["list"], n=20)[-1] / empty
        found[f"{name}: list, queries"] = queries(lambda: client.get("/list"))
    found["list, p95: many against few"] = (
        found[f"of {MANY:,}: list, p95 as empty views"] / found[f"of {FEW:,}: list, p95 as empty views"]
    )
    return found


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


def measured(database: str) -> int:
    """This will print the figures on `sqlite` or `postgresql`, and give 1 where a limit is not kept."""
    with set_up(database):
        figures = _figures()
    for name, figure in figures.items():
        print(f"{database:11} {name:50} {figure:9.3f}")
    same = figures[f"of {FEW:,}: list, queries"] == figures[f"of {MANY:,}: list, queries"]
    kept = same and figures["list, p95: many against few"] <= LIMIT
    print(f"{database:11} limit {LIMIT}, same number of queries: {'kept' if kept else 'NOT KEPT'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(on_both(__file__, measured))
