"""A directory out to a file, CSV or Excel. No cell of it can be taken for a formula, whatever stands in it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Final, Literal

import xlsxwriter  # type: ignore[import-untyped]  # it has no types of its own
from defusedcsv import csv  # type: ignore[import-untyped]  # it has no types of its own
from django.db.models import Q

from commonground.core.procedure import Key
from commonground.people.administering import Charge, NotInCharge, agencies_of, may_change
from commonground.people.models import Agency, Holding, Post
from commonground.usecases.directory_files.columns import COLUMNS
from commonground.usecases.staff.administrators import Ward

Kind = Literal["csv", "xlsx"]
TYPES: Final[dict[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write_file(charge: Charge, ward: Ward, kind: Kind, today: date) -> bytes:
    """This will write the directory of an agency, or of every agency of a partnership, as it is now and later."""
    lines = [list(COLUMNS), *(list(line) for line in _lines(_agencies(charge, ward), today))]
    return _csv(lines) if kind == "csv" else _xlsx(lines)


def _agencies(charge: Charge, ward: Ward) -> frozenset[Key]:
    if ward.agency is not None:
        if not may_change(charge, agency=ward.agency):
            raise NotInCharge
        return frozenset({ward.agency})
    if ward.partnership is None or not may_change(charge, partnership=ward.partnership):
        raise NotInCharge
    return agencies_of(charge)


def _lines(agencies: frozenset[Key], today: date) -> Iterator[tuple[str, ...]]:
    running = Q(to_on__isnull=True) | Q(to_on__gte=today)
    held: dict[int, list[Holding]] = {}
    rows = Holding.objects.filter(running, post__agency__in=agencies).select_related("person")
    for row in rows.order_by("deputy", "from_on", "id"):
        held.setdefault(row.post_id, []).append(row)
    posts: dict[Key, list[Post]] = {}
    for post in Post.objects.filter(agency__in=agencies).order_by("id"):
        posts.setdefault(post.agency_id, []).append(post)
    for agency in Agency.objects.filter(key__in=agencies):
        own = (
            agency.key,
            agency.name,
            agency.kind,
            "yes" if agency.on_service else "no",
            agency.telephone,
            agency.out_of_hours,
        )
        if agency.key not in posts:
            yield (*own, *[""] * (len(COLUMNS) - len(own)))
        for post in posts.get(agency.key, ()):
            of_post = (*own, post.post, post.function, post.title)
            for seat in held.get(post.pk, ()):
                person = seat.person
                dates = (seat.from_on.isoformat(), seat.to_on.isoformat() if seat.to_on else "")
                who = (person.key, person.full_name, person.email, person.telephone)
                yield (*of_post, *who, str(seat.deputy), *dates)
            if post.pk not in held:
                yield (*of_post, *[""] * (len(COLUMNS) - len(of_post)))


def _csv(lines: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    # With the mark at its start Excel knows that it is UTF-8.
    return out.getvalue().encode("utf-8-sig")


def _xlsx(lines: list[list[str]]) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("Directory")
        text = book.add_format({"num_format": "@"})
        sheet.set_column(0, len(COLUMNS) - 1, 18, text)
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                if cell:
                    sheet.write_string(number, column, cell, text)
    return out.getvalue()
