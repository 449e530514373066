"""What lists and search cost, and that neither grows with the service: among 10,000 disagreements, then 1,000,000.

`python bench/list_bench.py` prints the figures on SQLite and PostgreSQL, one process each. Pages are fetched through
the whole of Django; beside them, in turn, an empty view of the same server, so that a slower minute of the machine
slows both, and every figure is a multiple of the empty view's median. The reader reaches 60 of all, and looks at a
full page of 50; the office reaches all of them. Every piece of words there is holds the words that are searched for.
At what rate a list is served over HTTP is raise_bench.py's to say; the limit stands here too.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from statistics import median, quantiles
from uuid import UUID

from service import in_turn, on_both, queries, set_up

FEW, MANY, REACHED = 10_000, 1_000_000, 60
ROUNDS = 200
LIST_LIMIT, SEARCH_LIMIT = 1.3, 2.0
"""At most: the 95th percentile among MANY, against that among FEW."""
RATE_LIMIT = 15.0
"""At most: the list page, in empty views."""


def _figures() -> dict[str, float]:
    from django.test import Client

    from commonground import fence
    from commonground.core.acts import Withdraw
    from commonground.core.procedure import OFFICE
    from commonground.operations.warming import warm
    from commonground.usecases import clock
    from tests.pages.reading import be
    from tests.partnership import small

    warm()
    partnership = small("bench")
    school, health = partnership.post("school"), partnership.post("health")
    for _ in range(REACHED):
        partnership.raised(clock.now() - timedelta(hours=1), by=school)
    still_open, _ = partnership.raised(clock.now() - timedelta(hours=2), by=health, against="police")
    ended, _ = partnership.raised(clock.now() - timedelta(hours=2), by=health, against="police")
    partnership.does(ended, health, Withdraw(), clock.now() - timedelta(hours=1), reasons="Two visits were missed.")
    reader = be(Client(HTTP_HOST="localhost"), partnership, school)
    office = be(Client(HTTP_HOST="localhost"), partnership, partnership.post("partnership", OFFICE))
    nobody = Client(HTTP_HOST="localhost")
    jobs = {
        "empty view": lambda: nobody.get("/empty"),
        "list": lambda: reader.get("/list?show=waiting"),
        "office's list": lambda: office.get("/list?show=partnership"),
        "office's ended": lambda: office.get("/list?show=ended"),
        "search": lambda: reader.post("/search", {"query": "missed visits"}),
        "search, nothing": lambda: reader.post("/search", {"query": "vis zebra"}),
        "office's search": lambda: office.post("/search", {"query": "missed visits"}),
    }
    figures: dict[str, float] = {}
    there = REACHED + 2
    for of in (FEW, MANY):
        with fence.everywhere("a bench fills its tables"):
            _fill([still_open, ended], there, of)
        there = of
        times = in_turn(jobs, ROUNDS)
        empty = median(times["empty view"])
        figures[f"{of:,}: empty view, ms"] = empty * 1000
        for name in [*jobs][1:]:
            figures[f"{of:,}: {name}, median in empty views"] = median(times[name]) / empty
            figures[f"{of:,}: {name}, p95 in empty views"] = quantiles(times[name], n=20)[-1] / empty
        figures[f"{of:,}: list, queries"] = queries(jobs["list"])
        figures[f"{of:,}: search, queries"] = queries(jobs["search"])
    for name in [*jobs][1:]:
        few, many = (figures[f"{of:,}: {name}, p95 in empty views"] for of in (FEW, MANY))
        figures[f"{name}, p95: many against few"] = many / few
    return figures


OWNERS = {"owner_agency": "'agency-' || (u.n %% 100)", "owner_post": "'post-' || (u.n %% 7)"}


def _fill(like: list[UUID], there: int, until: int) -> None:
    """Copy what lists and search go by, of these disagreements in turn, until there are so many."""
    from django.db import connection

    from commonground.people.models import Part, Party
    from commonground.record.models import SearchRow, StandingRow

    sqlite = connection.vendor == "sqlite"
    numbers = (
        "(WITH RECURSIVE up(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM up WHERE n < %s) SELECT n FROM up)"
        if sqlite
        else "(SELECT n FROM generate_series(%s, %s) AS n)"
    )
    id_ = "printf('%%032x', u.n)" if sqlite else "lpad(to_hex(u.n), 32, '0')::uuid"
    with connection.cursor() as cursor:
        for model in (StandingRow, Party, Part, SearchRow):
            table, fields = model._meta.db_table, [one.column for one in model._meta.concrete_fields]
            columns = [one for one in fields if one != "id"]
            made = {"disagreement": id_, "reference": "'BENC-' || u.n"}
            if model is StandingRow:  # spread over a hundred agencies: a database goes by how many there are of each
                made |= {one: f"CASE WHEN t.{one} IS NULL THEN NULL ELSE {of} END" for one, of in OWNERS.items()}
            values = ", ".join(made.get(one, f"t.{one}") for one in columns)
            for place, one in enumerate(like):
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} t, {numbers} u"  # noqa: S608
                    " WHERE t.disagreement = %s AND u.n %% %s = %s",
                    [there + 1, until, one.hex if sqlite else one, len(like), place],
                )
        cursor.execute("ANALYZE" if sqlite else "VACUUM ANALYZE")  # as PostgreSQL does by itself, in time


def kept(figures: dict[str, float]) -> list[str]:
    """This will give what is over its limit, in words."""
    over = [f"{name}, p95: many against few" for name in ("list", "office's list", "office's ended")]
    limits = dict.fromkeys(over, LIST_LIMIT)
    limits |= {f"{name}, p95: many against few": SEARCH_LIMIT for name in ("search", "search, nothing")}
    limits |= {"office's search, p95: many against few": SEARCH_LIMIT}
    limits |= {f"{of:,}: list, median in empty views": RATE_LIMIT for of in (FEW, MANY)}
    return [
        f"{name}: {figures[name]:.2f}, and the limit is {limit}"
        for name, limit in limits.items()
        if figures[name] > limit
    ]


def measured(database: str) -> int:
    """This will print the figures on `sqlite` or `postgresql`, and give 1 where a limit is not kept."""
    with set_up(database):
        figures = _figures()
    for name, figure in figures.items():
        print(f"{database:11} {name:55} {figure:9.3f}")
    over = kept(figures)
    print("\n".join(f"{database:11} NOT KEPT: {one}" for one in over) or f"{database:11} limits kept")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(on_both(__file__, measured))
