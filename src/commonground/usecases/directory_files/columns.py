"""What stands in which column of a directory file, the limits of a file, and how a mistake in it is told.

One row is one person in one post. An agency or a post with nobody in it has a row of its own, with the rest left empty.
An empty cell changes nothing. In a row for somebody new it means: no deputy, from today, until nobody knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

AGENCY, AGENCY_NAME, KIND, ON_SERVICE = "agency key", "agency name", "kind", "on service"
AGENCY_TELEPHONE, OUT_OF_HOURS = "agency telephone", "out of hours"
POST, FUNCTION, TITLE = "post", "function", "local title"
PERSON, FULL_NAME, EMAIL, TELEPHONE = "person key", "full name", "e-mail", "telephone"
DEPUTY, FROM, TO = "deputy order", "from", "to"

COLUMNS: Final = (
    *(AGENCY, AGENCY_NAME, KIND, ON_SERVICE, AGENCY_TELEPHONE, OUT_OF_HOURS),
    *(POST, FUNCTION, TITLE, PERSON, FULL_NAME, EMAIL, TELEPHONE, DEPUTY, FROM, TO),
)
NEEDED: Final = (AGENCY, POST, FULL_NAME)
"""The columns that a file can't do without."""

NUMBERS: Final = frozenset({AGENCY_TELEPHONE, OUT_OF_HOURS, TELEPHONE})
"""The columns of telephone numbers, which may begin with a plus sign."""
DAYS: Final = frozenset({FROM, TO})

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_ROWS: Final = 20_000
LIMITS: Final = f"A file can have at most {MOST_BYTES // 1024 // 1024} MB and {MOST_ROWS:,} rows."
LONGEST: Final = 200
"""How many characters a cell can hold."""


@dataclass(frozen=True, order=True)
class FileMistake:
    """One mistake. `row` is the row as a spreadsheet counts, the headings being row 1; 0 for the file as a whole."""

    row: int
    column: str
    found: str
    write: str
    """What to write instead."""

    def __str__(self) -> str:
        """Give it in one line."""
        where = (
            f"Row {self.row}, {self.column}: " if self.row and self.column else f"Row {self.row}: " if self.row else ""
        )
        return f"{where}{f'found “{self.found}”. ' if self.found else ''}{self.write}"


@dataclass(frozen=True)
class Row:
    """One row of a file: its number, and what stands in each column that is not empty."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Give a cell; empty where nothing stands in it."""
        return self.cells.get(column, "")


def shown(text: str) -> str:
    """This will shorten what was found, to be shown beside its mistake."""
    plain = "".join(one if one.isprintable() else " " for one in text)
    return plain if len(plain) <= 60 else f"{plain[:57]}..."
