"""What taking a directory file in costs: rows read and checked each second, and rows applied each second.

`python bench/directory_bench.py` prints the figures on SQLite (a file, WAL, synchronous FULL) and PostgreSQL, one
process each. The file is CSV with 5,000 rows of new people in 100 agencies; then the same as Excel, read alone. Each
figure is the median round; each round begins with an empty partnership.
"""

from __future__ import annotations

import sys
from datetime import date
from statistics import median
from time import perf_counter

from service import on_both, set_up

ROWS = 5_000
AGENCIES = 100
ROUNDS = 5


def _figures() -> dict[str, float]:
    from commonground.people.administering import Charge
    from commonground.usecases import clock
    from commonground.usecases.directory_files.planning import Plan, plan_of
    from commonground.usecases.directory_files.reading import read_file
    from commonground.usecases.directory_files.taking_in import take_in
    from commonground.usecases.staff.administrators import Ward

    took: dict[str, list[float]] = {}
    for number in range(ROUNDS):
        key = _partnership(number)
        charge, ward = Charge("bench", partnership=key), Ward(partnership=key)
        csv_file, excel_file = _files(number)
        started = perf_counter()
        read = read_file(csv_file)
        between = perf_counter()
        plan = plan_of(charge, ward, read.rows, date(2026, 4, 20))
        checked = perf_counter()
        assert isinstance(plan, Plan), plan
        assert len(plan.new_seats) == ROWS
        take_in(charge, ward, read.rows, clock.now(), date(2026, 4, 20), directory=plan.directory)
        applied = perf_counter()
        assert len(read_file(excel_file).rows) == ROWS
        excel = perf_counter()
        for name, seconds in (
            ("CSV read", between - started),
            ("CSV read and checked", checked - started),
            ("checked again and applied", applied - checked),
            ("Excel read", excel - applied),
        ):
            took.setdefault(name, []).append(seconds)
    return {name: ROWS / median(seconds) for name, seconds in took.items()}


def _partnership(number: int) -> str:
    """An empty partnership with its office alone."""
    from commonground.people.models import Agency, Membership, Partnership, Post

    key = f"bench-{number}"
    Partnership.objects.create(key=key, name=key, nation="scotland", reference_prefix=f"B{number}")
    office = Agency.objects.create(key=f"{key}-office", name="Office", kind="partnership")
    Membership.objects.create(partnership_id=key, agency=office)
    Post.objects.create(agency=office, post="office")
    return key


def _files(number: int) -> tuple[bytes, bytes]:
    """The same rows as CSV and as Excel: people in 100 agencies, ten posts each, holders and deputies."""
    import csv
    import io

    import xlsxwriter  # type: ignore[import-untyped]  # it has no types of its own

    from commonground.usecases.directory_files.columns import COLUMNS

    lines = [list(COLUMNS)]
    for row in range(ROWS):
        agency, post = row % AGENCIES, row // AGENCIES % 10
        own = [f"b{number}-agency-{agency}", f"Agency {agency}", "school", "yes", "01632 960100", ""]
        who = ["", f"Pat Invented {row}", f"p{row}@b{number}-school.example", "01632 960101"]
        lines.append([*own, f"post-{post}", "other", "", *who, str(row // AGENCIES // 10), "2026-04-20", ""])
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Directory")
        for place, line in enumerate(lines):
            for column, cell in enumerate(line):
                sheet.write_string(place, column, cell)
    return out.getvalue().encode(), packed.getvalue()


def measured(database: str) -> int:
    """This will print rows per second (medians) on `sqlite` or `postgresql`."""
    with set_up(database):
        for name, figure in _figures().items():
            print(f"{database:11} {name:28} {figure:9,.0f} rows per second")
    return 0


if __name__ == "__main__":
    sys.exit(on_both(__file__, measured))
