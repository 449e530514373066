"""From the bytes of a file to its rows, or to every mistake in how it is written: size, encoding, headings, cells."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from commonground.usecases.directory_files.columns import (
    COLUMNS,
    DAYS,
    LIMITS,
    LONGEST,
    MOST_BYTES,
    MOST_ROWS,
    NEEDED,
    NUMBERS,
    FileMistake,
    Row,
    shown,
)

MOST_UNPACKED: Final = 40 * 1024 * 1024
"""How much an Excel file may hold once it is unpacked, in bytes: a small file can unpack to any size."""

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
PLAIN_NUMBER: Final = re.compile(r"\+[0-9][0-9 ()/-]{4,30}")
_FORMULA_CELL: Final = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<(?:\w+:)?f[\s>/]')
_PLACE: Final = re.compile(rb'<(?:\w+:)?(?:c|row)\s[^>]*?\br="([A-Z]{0,3})([0-9]{1,9})"')
MOST_COLUMNS: Final = 100

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Read:
    """A file's rows; or mistakes, and no rows then."""

    rows: tuple[Row, ...]
    mistakes: tuple[FileMistake, ...] = ()


class _Unreadable(ValueError):
    """The file as a whole can't be read. Its text says what to do."""


def read_file(content: bytes, progress: Progress = lambda done, of: None) -> Read:
    """This will read a CSV or Excel file. Which of them it is, its content says, whatever its name."""
    try:
        grid, mistakes = _grid(content)
        return _rows(grid, mistakes, progress)
    except _Unreadable as why:
        return Read((), (FileMistake(0, "", "", str(why)),))


def _grid(content: bytes) -> tuple[list[list[object]], list[FileMistake]]:
    if len(content) > MOST_BYTES:
        size = len(content) / 1024 / 1024
        raise _Unreadable(f"The file has {size:.1f} MB. {LIMITS} Send it in parts.")
    if not content.strip():
        raise _Unreadable("The file is empty.")
    if content.startswith(b"PK\x03\x04"):
        return _excel(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _Unreadable("This is an old Excel file, or one with a password. Save it as .xlsx without a password.")
    return [list(line) for line in _csv(content)], []


def _csv(content: bytes) -> list[list[str]]:
    utf_8 = "Save it as “CSV UTF-8” and send it again."
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:2000]:
        raise _Unreadable(f"The file is in UTF-16, which some programs call “Unicode text”. {utf_8}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        row = content[: wrong.start].count(b"\n") + 1
        raise _Unreadable(f"The file is not in UTF-8: row {row} has a character that can’t be read. {utf_8}") from wrong
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as wrong:
        raise _Unreadable(
            f"The file is no sound CSV ({wrong}). Look for a quotation mark without its partner."
        ) from wrong
    return lines


def _excel(content: bytes) -> tuple[list[list[object]], list[FileMistake]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise _Unreadable(f"The file holds more than can be read. {LIMITS} Send it in parts.")
            sheets = [name for name in packed.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
            formulas = [one for name in sheets for one in _formulas(packed.read(name))]
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            if len(book.sheet_names) != 1:
                raise _Unreadable(
                    f"The file has {len(book.sheet_names)} sheets. Leave only the one with the directory."
                )
            sheet = book.get_sheet_by_index(0)
            merged = sheet.merged_cell_ranges or []
            grid: list[list[object]] = [
                list(line) for line in sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS + 2)
            ]
    except PasswordError as wrong:
        raise _Unreadable("The file has a password. Save it without one and send it again.") from wrong
    except (CalamineError, zipfile.BadZipFile, zipfile.LargeZipFile, OSError, RuntimeError, ValueError) as wrong:
        if isinstance(wrong, _Unreadable):
            raise
        raise _Unreadable("The file could not be read as Excel. Save it as .xlsx again, or as “CSV UTF-8”.") from wrong
    says = "Undo the merging: each cell stands alone"
    mistakes = [FileMistake(top + 1, _letters(left), "merged cells", says) for (top, left), _ in merged]
    return grid, [*mistakes, *formulas]


def _formulas(sheet: bytes) -> Iterator[FileMistake]:
    """Yield the cells with a real formula: the reader gives only what it came to when it was last saved.

    A cell far out stops it before: the reader makes room for every cell up to there, however empty.
    """
    places = {found.groups() for found in _PLACE.finditer(sheet)}
    if any(int(row) > MOST_ROWS + 1000 or _number(column) > MOST_COLUMNS for column, row in places):
        raise _Unreadable(f"There are cells far down or far right in the file. Delete what is there. {LIMITS}")
    for column, row in _FORMULA_CELL.findall(sheet):
        yield FileMistake(int(row), column.decode(), "a formula", "Write what it comes to")


def _number(letters: bytes) -> int:
    """Give a column's number from its letters, the first being 1."""
    number = 0
    for one in letters:
        number = number * 26 + one - 64
    return number


def _letters(column: int) -> str:
    """Give a column as a spreadsheet names it."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _rows(grid: Sequence[Sequence[object]], found: list[FileMistake], progress: Progress) -> Read:
    filled = [(number, line) for number, line in enumerate(grid, start=1) if any(_text(cell).strip() for cell in line)]
    if not filled:
        raise _Unreadable("The file is empty.")
    headings, mistakes = _headings(filled[0])
    found = [*found, *mistakes]
    body = filled[1:]
    if len(body) > MOST_ROWS:
        raise _Unreadable(f"The file has more than {MOST_ROWS:,} rows. {LIMITS} Send it in parts.")
    if found:
        return Read((), tuple(sorted(found)))  # under other headings every cell would be a mistake
    rows = []
    for done, (number, line) in enumerate(body, start=1):
        cells: dict[str, str] = {}
        for column, cell in zip(headings, line, strict=False):
            said = _cell(number, column, cell)
            if isinstance(said, FileMistake):
                found.append(said)
            elif said:
                cells[column] = said
        found += [
            FileMistake(number, "", _text(cell), "Nothing can stand behind the last column")
            for cell in line[len(headings) :]
            if _text(cell).strip()
        ]
        rows.append(Row(number, cells))
        if done % 1000 == 0 or done == len(body):
            progress(done, len(body))
    return Read((), tuple(found)) if found else Read(tuple(rows))


def _headings(line: tuple[int, Sequence[object]]) -> tuple[list[str], list[FileMistake]]:
    number, cells = line
    names = [" ".join(_text(cell).split()).lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    known = ", ".join(COLUMNS)
    mistakes = [
        FileMistake(number, _letters(place), shown(name), f"The headings are: {known}")
        for place, name in enumerate(names)
        if name not in COLUMNS
    ]
    repeated = {name for name in names if names.count(name) > 1 and name in COLUMNS}
    mistakes += [FileMistake(number, name, "this heading twice", "Leave one of them") for name in sorted(repeated)]
    missing = [name for name in NEEDED if name not in names]
    mistakes += [FileMistake(number, name, "no such column", "Add it, with this heading") for name in missing]
    return names, mistakes


def _text(cell: object) -> str:
    match cell:
        case str():
            return cell
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.date().isoformat() if cell.time() == time.min else cell.isoformat()
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _cell(number: int, column: str, cell: object) -> str | FileMistake:
    """Give a cell's text with its spaces put right; or its mistake."""
    text = _text(cell)
    if not text:
        return ""
    if column in NUMBERS and isinstance(cell, int | float):
        return FileMistake(number, column, shown(text), "Write it as text, so that its first 0 is kept")
    plain = text.strip(" ")
    # Files written here guard a plus sign with a quotation mark, so that no program takes it for a formula.
    unguarded = plain.removeprefix("'")
    if unguarded.startswith(FORMULA):
        if PLAIN_NUMBER.fullmatch(unguarded):
            return unguarded
        says = "Begin with a letter or a number: this would be taken for a formula"
        return FileMistake(number, column, shown(plain), says)
    if not plain.isprintable() and _CONTROL.search(plain):
        return FileMistake(number, column, shown(plain), "There is a character here that can’t be shown. Type it again")
    told = " ".join(plain.split())
    if len(told) > LONGEST:
        return FileMistake(number, column, shown(told), f"Use {LONGEST} characters or fewer")
    return told if column not in DAYS or not told else _day(number, column, told)


_DAY: Final = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})[/. ](?P<m2>\d{1,2})[/. ](?P<y2>\d{4})"
)


def _day(number: int, column: str, text: str) -> str | FileMistake:
    found = _DAY.fullmatch(text)
    parts = [found[name] or found[f"{name}2"] for name in "ymd"] if found else []
    try:
        return date(*(int(part) for part in parts)).isoformat()
    except (TypeError, ValueError):
        return FileMistake(number, column, shown(text), "Write a real date, for example 2026-03-27 or 27/3/2026")


def as_table(rows: Iterable[Row]) -> list[list[str]]:
    """This will give rows back as a list of lists with their numbers first, to be kept until somebody confirms them."""
    return [[str(row.number), *(row[column] for column in COLUMNS)] for row in rows]


def from_table(table: Iterable[Sequence[str]]) -> tuple[Row, ...]:
    """This will give such a list's rows."""
    return tuple(
        Row(int(number), {column: cell for column, cell in zip(COLUMNS, cells, strict=True) if cell})
        for number, *cells in table
    )
