"""What the page of a long disagreement costs: 200 acts, fetched through the whole of Django.

`python bench/page_bench.py` prints the figures on SQLite and PostgreSQL, one process each. Beside the page, in turn, so
that a slower minute of the machine slows both: the raw fetch of the disagreement's 200 rows, one statement and no more.
Compared are medians; and the number of queries. `--profile` prints where the time of the page goes instead.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import UUID

from service import in_turn, on_both, queries, set_up

ACTS = 200
ROUNDS = 200
MOST_QUERIES = 12
MOST_FETCHES = 40
"""At most: the page, as raw fetches of its rows."""


def _figures() -> dict[str, float]:
    from django.test import Client

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
    times = in_turn({"page": page, "fetch": fetch}, ROUNDS)
    return {
        "raw fetch of its rows, ms": median(times["fetch"]) * 1000,
        "page, ms": median(times["page"]) * 1000,
        "page, as raw fetches": median(times["page"]) / median(times["fetch"]),
        "page, queries": queries(page),
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


def measured(database: str) -> int:
    """This will print the figures on `sqlite` or `postgresql`, and give 1 where a limit is not kept."""
    with set_up(database):
        figures = _figures()
    for name, figure in figures.items():
        print(f"{database:11} {name:40} {figure:9.3f}")
    if not figures:
        return 0
    kept = figures["page, queries"] <= MOST_QUERIES and figures["page, as raw fetches"] <= MOST_FETCHES
    limits = f"at most {MOST_QUERIES} queries and {MOST_FETCHES} raw fetches"
    print(f"{database:11} {limits}: {'kept' if kept else 'NOT KEPT'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(on_both(__file__, measured))
