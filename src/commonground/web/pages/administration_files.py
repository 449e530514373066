"""The pages of directory files: out, in, and what taking one in would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from commonground.people.models import DirectoryChange
from commonground.usecases.directory_files.columns import COLUMNS, LIMITS, FileMistake
from commonground.usecases.directory_files.planning import Plan, Planned, What
from commonground.web.components import Link
from commonground.web.forms.administration import FileForm
from commonground.web.pages.administration import Line, Table
from commonground.web.pages.page import Page, capital
from commonground.wording import moment

MOST_SHOWN: Final = 300
"""How many lines of a long list a page shows; the rest is counted."""


@dataclass(frozen=True, kw_only=True)
class FilePage(Page):
    """A directory as a file: the two to download, and the one to send."""

    name: str
    back: Link
    downloads: tuple[Link, ...]
    form: FileForm
    mistakes: Table | None = None
    mistaken: str = ""
    """How many mistakes there are, in words; empty where there are none."""
    last: str = ""
    columns: str = ", ".join(COLUMNS)
    limits: str = LIMITS


@dataclass(frozen=True, kw_only=True)
class PreviewPage(Page):
    """What a file would do, and the button that does it."""

    name: str
    back: Link
    moved: bool
    counts: tuple[str, ...]
    table: Table | None
    left_out: int
    button: str
    directory: str


def mistakes_table(mistakes: tuple[FileMistake, ...]) -> Table:
    """This will list mistakes by row."""
    rows = tuple(
        (
            (Line(f"Row {one.row}" if one.row else "The file"),),
            (Line(one.column or "All of it"),),
            (Line(one.found or "Nothing"),),
            (Line(one.write),),
        )
        for one in mistakes[:MOST_SHOWN]
    )
    return Table("Mistakes", ("Row", "Column", "What was found", "What to write"), rows)


def said_mistaken(mistakes: tuple[FileMistake, ...]) -> str:
    """This will say how many mistakes there are, and that nothing was taken in."""
    number = len(mistakes)
    more = f" The first {MOST_SHOWN} are shown." if number > MOST_SHOWN else ""
    return f"The file has {number:,} mistake{'' if number == 1 else 's'}. Nothing was changed.{more}"


def counts(plan: Plan) -> tuple[str, ...]:
    """This will say how many people join and leave, and how much changes."""
    return (
        f"Joiners: {plan.count(What.JOINS):,}",
        f"Leavers: {plan.count(What.LEAVES):,}",
        f"Changes: {plan.count(What.CHANGES):,}",
        f"Rows that change nothing: {plan.untouched:,}",
    )


def button_of(plan: Plan) -> str:
    """This will name what the button does."""
    joins, leaves, changes = (plan.count(what) for what in (What.JOINS, What.LEAVES, What.CHANGES))
    return f"Take it in: {joins:,} join, {leaves:,} leave, {changes:,} change{'s' if changes != 1 else ''}"


_ORDER: Final = (What.LEAVES, What.JOINS, What.CHANGES)
"""Leavers first: they are what nobody may overlook."""


def plan_table(plan: Plan) -> Table | None:
    """This will list what a plan does."""
    lines = sorted(plan.lines, key=lambda one: _ORDER.index(one.what))[:MOST_SHOWN]
    rows = tuple(_planned(one) for one in lines)
    return Table("What would change", ("Who or what", "What changes", "From"), rows) if rows else None


def _planned(one: Planned) -> tuple[tuple[Line, ...], ...]:
    kind = {What.JOINS: "Joins", What.LEAVES: "Leaves"}.get(one.what)
    says = f"{kind}: {one.says}" if kind else capital(one.says)
    return ((Line(one.about),), (Line(says),), (Line(f"Row {one.row}" if one.row else "Not in the file"),))


def last_taken_in(row: DirectoryChange | None, name: str) -> str:
    """This will say what was taken in last."""
    if row is None:
        return "No file has been taken in yet."
    about = row.about
    did = f"{about.get('joins', 0):,} joined, {about.get('leaves', 0):,} left, {about.get('changes', 0):,} changed"
    return f"{name} took in a file at {moment(row.at)}: {did}."
