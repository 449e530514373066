"""Lists that a partnership loads for its procedure's questions: signs of need, toolkits. People tick them in the forms.

The rules, in plain English:

1. A list belongs to one question of a procedure that the partnership runs, and the question has no answers of its own.
2. Whoever looks after the partnership loads it and takes it away. A new one replaces the old.
3. It says which document it comes from, and that document's date: nobody ticks an outdated one without seeing so.
4. What was ticked are words of the act by then. Nothing here changes or reads a record.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlsplit

from django.db import transaction

from commonground import fence
from commonground.core.procedure import Ask, Key
from commonground.people.administering import Charge, NotInCharge, may_change
from commonground.people.changes import Change, note
from commonground.people.models import TickList as TickListRow
from commonground.usecases.directory_files.columns import FileMistake, shown
from commonground.usecases.situation import adopted
from commonground.usecases.staff.checks import Mistake

MOST_LINES: Final = 200
LONGEST_LINE: Final = 300
"""Characters in one line."""
MOST_BYTES: Final = 256 * 1024
"""Of a file: far more than the longest list takes in any writing."""
LONGEST_TITLE: Final = 120
LONGEST_ADDRESS: Final = 500

FORMULA: Final = ("=", "+", "-", "@")
_BULLET: Final = re.compile(r"^(?:[•●▪◦‣–*-]\s+|[•●▪◦‣])")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


# --- What there is ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TickList:
    """A list as people see it. `version_on` is the date of its document; `address`, where it can be read, or empty."""

    title: str
    version_on: date
    lines: tuple[str, ...]
    address: str = ""


@dataclass(frozen=True)
class Listable:
    """A question that can have a list, the titles of the procedures that ask it, and the list it has now.

    `text` is empty, and there is no procedure, for a list whose question is asked no more.
    """

    ask: Key
    text: str
    procedures: tuple[str, ...]
    loaded: TickList | None = None


def tick_lists_of(partnership: Key) -> Mapping[Key, TickList]:
    """This will give a partnership's lists, by the key of their question."""
    with fence.inside(partnership):
        return {
            row.ask: TickList(row.title, row.version_on, tuple(row.lines), row.address)
            for row in TickListRow.objects.all()
        }


def listables(partnership: Key) -> tuple[Listable, ...]:
    """This will list the questions of the procedures that a partnership runs now, in their order, each with its list.

    Lists whose question is asked no more come last.
    """
    lists = dict(tick_lists_of(partnership))
    texts: dict[Key, str] = {}
    askers: dict[Key, list[str]] = {}
    for _, procedure in adopted(partnership):
        for ask in filter(can_have_one, procedure.asks):
            texts.setdefault(ask.key, ask.text)
            titles = askers.setdefault(ask.key, [])
            if procedure.title not in titles:
                titles.append(procedure.title)
    asked = [Listable(key, text, tuple(askers[key]), lists.pop(key, None)) for key, text in texts.items()]
    return (*asked, *(Listable(key, "", (), one) for key, one in sorted(lists.items())))


def can_have_one(ask: Ask) -> bool:
    """This will say whether a question can have a list: not where the procedure gives the answers itself."""
    return not ask.choices


# --- What a list may hold ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lines:
    """The lines of a list; or every mistake in them, each at its row, and no lines then."""

    lines: tuple[str, ...]
    mistakes: tuple[FileMistake, ...] = ()


def lines_of(texts: Iterable[str]) -> Lines:
    """This will read a list that was typed or pasted. Empty lines and the bullets of a document are left out."""
    found: dict[str, int] = {}
    mistakes: list[FileMistake] = []
    for number, text in enumerate(texts, start=1):
        line = " ".join(_BULLET.sub("", text.strip(), count=1).split()) if _sound(text) else text
        if not line:
            continue
        wrong = list(_mistakes(line))
        if not wrong and line in found:
            wrong = [f"Leave it out: it stands in row {found[line]} already"]
        mistakes += [FileMistake(number, "", shown(line), why) for why in wrong]
        found.setdefault(line, number)
    if not found:
        mistakes = [FileMistake(0, "", "", "Write at least one line")]
    elif len(found) > MOST_LINES:
        mistakes.append(FileMistake(0, "", f"{len(found):,} lines", f"A list can have at most {MOST_LINES} lines"))
    return Lines((), tuple(sorted(mistakes))) if mistakes else Lines(tuple(found))


def lines_of_file(content: bytes, name: str = "") -> Lines:
    """This will read a list from a text file, a line each, or from a CSV file of one column (whose `name` says so)."""
    if len(content) > MOST_BYTES:
        return _unreadable(f"The file is too big. A list can have at most {MOST_LINES} lines")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        row = content[: wrong.start].count(b"\n") + 1
        return _unreadable(f"Row {row} has a character that can’t be read. Save the file as UTF-8 and send it again")
    if not name.lower().endswith(".csv"):
        return lines_of(text.splitlines())
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return _unreadable("The file is no sound CSV. Look for a quotation mark without its partner")
    filled = [[cell for cell in row if cell.strip()] for row in rows]
    wide = [
        FileMistake(number, "", shown(", ".join(cells)), "Leave one column, or put the text in quotation marks")
        for number, cells in enumerate(filled, start=1)
        if len(cells) > 1
    ]
    return Lines((), tuple(wide)) if wide else lines_of("".join(cells) for cells in filled)


def _unreadable(why: str) -> Lines:
    return Lines((), (FileMistake(0, "", "", why),))


def _sound(text: str) -> bool:
    return text.isprintable() or not _CONTROL.search(text)


def _mistakes(line: str) -> Iterator[str]:
    if not _sound(line):
        yield "There is a character here that can’t be shown. Type it again"
    elif line.startswith(FORMULA):
        yield "Begin with a letter or a number: files would take this for a formula"
    if len(line) > LONGEST_LINE:
        yield f"Use {LONGEST_LINE} characters or fewer. This has {len(line):,}"


def mistake_in_address(address: str) -> str:
    """This will say what is wrong with the address of a document; nothing where it is empty or can be followed."""
    says = "Write an address that begins with https://, or leave it empty"
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return says
    plain = address.isprintable() and " " not in address and "\\" not in address and len(address) <= LONGEST_ADDRESS
    return "" if plain and parts.scheme == "https" and host and not parts.username else says


# --- Loading and taking away ------------------------------------------------------------------------------------------


@transaction.atomic
def load(charge: Charge, partnership: Key, ask: Key, given: TickList, at: datetime) -> Mistake | None:
    """This will load a list for a question, in place of any that it has; or give what is wrong with it.

    NotInCharge for somebody who does not look after the partnership, and for a question that it can't belong to.
    """
    if not may_change(charge, partnership=partnership):
        raise NotInCharge
    if not any(one.ask == ask and one.procedures for one in listables(partnership)):
        raise NotInCharge
    read = lines_of(given.lines)
    if read.mistakes or not given.title.strip():
        return Mistake("lines" if read.mistakes else "title", str([*read.mistakes, "Enter what the list is called"][0]))
    if wrong := mistake_in_address(given.address):
        return Mistake("address", wrong)
    columns = {
        "title": given.title,
        "version_on": given.version_on,
        "address": given.address,
        "lines": list(read.lines),
    }
    with fence.inside(partnership):
        TickListRow.objects.update_or_create(partnership_id=partnership, ask=ask, defaults=columns)
    about = {"ask": ask, "version_on": given.version_on, "lines": len(read.lines)}
    note(Change.LIST_LOADED, charge.person, at, about, partnership=partnership)
    return None


@transaction.atomic
def take_away(charge: Charge, partnership: Key, ask: Key, at: datetime) -> None:
    """This will take a question's list away. What was ticked stays in the record. NotInCharge where none is theirs."""
    if not may_change(charge, partnership=partnership):
        raise NotInCharge
    with fence.inside(partnership):
        row = TickListRow.objects.filter(ask=ask).first()
        if row is None:
            raise NotInCharge
        about = {"ask": ask, "version_on": row.version_on, "lines": len(row.lines)}
        row.delete()
    note(Change.LIST_TAKEN_AWAY, charge.person, at, about, partnership=partnership)
