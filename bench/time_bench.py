"""How fast working time is, against a plain table look-up.

`python bench/time_bench.py` prints the figures. The yardstick is one dictionary look-up in a plain function, which is
what adding one working day could cost at the least. All four are run in turn, many rounds, so that a busy machine slows
them alike; each figure is the median round.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from commonground.core.time import WorkingDays, after_working_days, due
from commonground.language.calendars import load_calendar

LIMITS = {"dates_times_look_up": 6.0, "moments_times_look_up": 25.0}
"""The most that adding working days may cost, in plain look-ups."""


def measure(rounds: int = 60, each: int = 2_000) -> dict[str, float]:
    """This will give microseconds per call (medians) and the two ratios that have limits."""
    random = Random(7)
    calendar = load_calendar("england-and-wales")
    first = date(2013, 1, 1)
    days = [first + timedelta(days=random.randrange(5_000)) for _ in range(each)]
    moments = [
        datetime(2013, 1, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(5_000 * 24 * 60)) for _ in range(each)
    ]
    table = {on: calendar.working_day_after(on, 2) for on in days}
    span = WorkingDays(2)

    def look_up(on: date) -> date:
        return table[on]

    add = calendar.working_day_after

    def run_look_up() -> None:
        for on in days:
            look_up(on)

    def run_dates() -> None:
        for on in days:
            add(on, 2)

    def run_moments() -> None:
        for at in moments:
            after_working_days(at, 2, calendar)

    def run_due() -> None:
        for at in moments:
            due(span, at, calendar)

    runs: dict[str, Callable[[], None]] = {
        "look_up": run_look_up,
        "dates": run_dates,
        "moments": run_moments,
        "due_with_working": run_due,
    }
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            started = perf_counter()
            run()
            taken[name].append((perf_counter() - started) / each * 1e6)
    figures = {f"{name}_microseconds": median(times) for name, times in taken.items()}
    for name in ("dates", "moments"):
        ratios = [a / b for a, b in zip(taken[name], taken["look_up"], strict=True)]
        figures[f"{name}_times_look_up"] = median(ratios)
    return figures


if __name__ == "__main__":
    for name, figure in measure().items():
        limit = f"  (at most {LIMITS[name]:g})" if name in LIMITS else ""
        print(f"{name:32} {figure:8.2f}{limit}")
