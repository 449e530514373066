"""What a paper is: headings, sentences, tables, words and questions in order. Both PDF and Word are written from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Final, TypeVar


@dataclass(frozen=True)
class Heading:
    """A heading within a section."""

    text: str
    kind: ClassVar = "heading"


@dataclass(frozen=True)
class Line:
    """A sentence or two. `lead` stands before it in bold: "Happened"."""

    text: str
    lead: str = ""
    kind: ClassVar = "line"


@dataclass(frozen=True)
class Table:
    """A plain table: every column has its head, and the first cell of a row is the row's."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: ClassVar = "table"


@dataclass(frozen=True)
class Quote:
    """What a person typed; `text` is None where it was lawfully erased. `audience` says who may see it."""

    label: str
    text: str | None
    audience: str
    kind: ClassVar = "quote"


@dataclass(frozen=True)
class Question:
    """A question to answer by hand: boxes to tick, or `lines` to write on, or `blanks` with a word before each."""

    text: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    lines: int = 0
    blanks: tuple[str, ...] = ()
    kind: ClassVar = "question"


Block = Heading | Line | Table | Quote | Question

ERASED: Final = "These words were lawfully erased. What was done, by whom and when still stands."


@dataclass(frozen=True)
class Section:
    heading: str
    blocks: tuple[Block, ...]
    on_new_page: bool = False


@dataclass(frozen=True)
class Paper:
    """One paper. `about` says what it is, as whom and when it was made; `foot` stands on every page.

    `title` and `file_name` carry a reference and never a name. `made_at` is missing on a blank form.
    """

    title: str
    file_name: str
    about: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: str
    made_at: datetime | None = None
    compact: bool = False
    """Small and close, so that what it begins with is one page."""

    def texts(self) -> Iterator[str]:
        """This will yield every text on it, in order."""
        return _texts((self.title, self.about, self.sections))

    @property
    def length(self) -> int:
        """How many characters are on it."""
        return sum(len(text) for text in self.texts())


def _texts(one: Any) -> Iterator[str]:
    if isinstance(one, str):
        yield one
    elif isinstance(one, tuple):
        for each in one:
            yield from _texts(each)
    elif is_dataclass(one):
        for field in fields(one):
            yield from _texts(getattr(one, field.name))


# --- What people type, safely -----------------------------------------------------------------------------------------

P = TypeVar("P")


def safe(one: P) -> P:
    """This will give a paper whose texts can stand in any file, and show what would hide or turn round others.

    Null bytes and other controls, what is no character, and the two marks that turn letters round are shown by their
    number: [U+0000]. Everything else stays as it was typed, right-to-left writing with its own marks too.
    """
    if isinstance(one, str):
        return safe_text(one)  # type: ignore[return-value]  # a str for a str
    if isinstance(one, tuple):
        return tuple(safe(each) for each in one)  # type: ignore[return-value]  # a tuple for a tuple
    if is_dataclass(one) and not isinstance(one, type):
        return replace(one, **{field.name: safe(getattr(one, field.name)) for field in fields(one)})
    return one


def safe_text(text: str) -> str:
    """This will do the same for one text. Line ends become one kind."""
    return _SUSPECT.sub(_shown, text.replace("\r\n", "\n").replace("\r", "\n"))


_SUSPECT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")
"""What no XML file can hold, the other controls, and the marks that turn letters round."""


def _shown(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"
