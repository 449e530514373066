"""Finds words: which pieces, among disagreements that a reader was already let reach, hold what is asked for.

Need to know comes first, so that a word somebody may not read never matches, counts or takes longer: the caller names
the few disagreements, newest first, and only their rows are looked at. So there is no inverted index of everybody's
words to walk; what is kept for each piece is the words in it, folded (no capitals, no accents, no apostrophes), as one
line that both databases compare in the same way (ADR 0011). It is written with the act, and goes when words are erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Final, NamedTuple
from unicodedata import category, combining, normalize
from uuid import UUID

from django.db.models import Q

from commonground import fence
from commonground.core.acts import Audience
from commonground.core.procedure import Key
from commonground.record.models import SearchRow, WordsRow
from commonground.record.words import Words
from commonground.sql import run

LONGEST: Final = 40
"""Characters of a word that are compared; what comes after makes no difference."""
MOST_ASKED: Final = 12
"""Words of a query that are looked for; more than anybody types."""
ABOUT: Final = 70
"""Characters shown before and after what was found."""


class Piece(NamedTuple):
    """A piece of words that holds all that was asked for: where it is, and what says who may read it."""

    disagreement: UUID
    sequence: int
    digest: bytes
    audience: Audience
    controller: Key
    recorded_at: datetime


class Cut(NamedTuple):
    """A part of an excerpt: plain text, never markup, and whether it is what was asked for."""

    text: str
    found: bool


# --- Folding ----------------------------------------------------------------------------------------------------------


class _Folds(dict[int, str]):
    """What each character is in a folded text: letters and figures, nothing, or the space between two words."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char in _WITHIN or combining(char) or category(char) == "Cf":
            folded = ""  # within a word: children's, and a letter typed as letter and accent
        else:
            plain = (part for part in normalize("NFKD", char.casefold()) if not combining(part))
            folded = "".join(part if part.isalnum() else " " for part in plain)
        self[code] = folded
        return folded


_WITHIN: Final = frozenset("'’‘ʼʹ`´\u00ad")
_folds: Final = _Folds()


def terms_of(text: str) -> tuple[str, ...]:
    """This will give the words of a text as they are compared, each once, in order of the alphabet."""
    return tuple(sorted({term[:LONGEST] for term in text.translate(_folds).split()}))


def asked(query: str) -> tuple[str, ...]:
    """This will give the words to look for, in the order typed; none where nothing in it is a word. Never an error."""
    words = (term[:LONGEST] for term in query[: LONGEST * MOST_ASKED].translate(_folds).split())
    return tuple(dict.fromkeys(words))[:MOST_ASKED]


def holds(text: str, asked_for: Sequence[str]) -> bool:
    """This will say whether a text has, for each word asked for, a word that begins so."""
    return all(any(term.startswith(word) for term in terms_of(text)) for word in asked_for)


# --- Keeping ----------------------------------------------------------------------------------------------------------


def keep(partnership: Key, disagreement: UUID, sequence: int, words: Sequence[Words], at: datetime) -> None:
    """This will make the words of an act findable, in the transaction that writes the act."""
    if not words:
        return
    fence.only(partnership)
    values: list[object] = []
    for piece in words:
        digest = bytes.fromhex(piece.said.digest)
        values += (partnership, disagreement, sequence, digest, piece.audience, piece.controller, at)
        values.append(_line(piece.text))
    row = "(%s, %s, %s, %s, %s, %s, %s, %s)"
    run(
        "INSERT INTO search (partnership, disagreement, sequence, digest, audience, controller, recorded_at, terms)"  # noqa: S608
        f" VALUES {', '.join([row] * len(words))}",
        values,
    )


def keep_anew(partnership: Key, disagreement: UUID, words: Iterable[tuple[int, datetime, Sequence[Words]]]) -> None:
    """This will make all words of a disagreement findable as if nothing had been kept of them: for `rebuild`."""
    SearchRow.objects.filter(disagreement=disagreement).delete()
    for sequence, at, pieces in words:
        keep(partnership, disagreement, sequence, pieces, at)


def forget(disagreement: UUID, sequence: int, digest: bytes) -> None:
    """This will take a piece of words out: for its erasure."""
    SearchRow.objects.filter(disagreement=disagreement, sequence=sequence, digest=digest).delete()


def _line(text: str) -> str:
    return " " + " ".join(terms_of(text))


# --- Finding ----------------------------------------------------------------------------------------------------------


def pieces(among: Sequence[UUID], asked_for: Sequence[str], agencies: Iterable[Key]) -> list[Piece]:
    """This will find the pieces of words, in these disagreements, that hold every word asked for (`asked`).

    Only those for the parties, or that one of these agencies answers for: whether a reader may read each of them is
    for people/access.py.
    """
    if not among or not asked_for:
        return []
    mine = ~Q(audience=Audience.OWN_AGENCY) | Q(controller__in=sorted(agencies))
    # Letters and figures only, so nothing in it means anything to the database; a word begins after a space.
    wanted = reduce(and_, (Q(terms__contains=f" {word}") for word in asked_for))
    rows = SearchRow.objects.filter(mine, wanted, disagreement__in=among).values_list(*Piece._fields)
    return [
        Piece(whose, sequence, bytes(digest), Audience(audience), controller, at)
        for whose, sequence, digest, audience, controller, at in rows
    ]


def excerpts(found: Sequence[Piece], asked_for: Sequence[str]) -> dict[Piece, tuple[Cut, ...]]:
    """This will cut out of each piece what is around the first word found, with what was found marked."""
    rows = WordsRow.objects.filter(disagreement__in={piece.disagreement for piece in found}, text__isnull=False)
    texts = {(row.disagreement, row.sequence, bytes(row.digest)): bytes(row.text or b"") for row in rows}
    return {
        piece: excerpt(texts[piece.disagreement, piece.sequence, piece.digest].decode("utf-8"), asked_for)
        for piece in found
        if (piece.disagreement, piece.sequence, piece.digest) in texts
    }


def excerpt(text: str, asked_for: Sequence[str]) -> tuple[Cut, ...]:
    """This will cut an excerpt out of a text: what is around the first word found."""
    spans = [(start, end) for term, start, end in _words_in(text) if term.startswith(tuple(asked_for))]
    if not spans:
        return (Cut(text[: 2 * ABOUT], found=False),)
    begin = max(0, spans[0][0] - ABOUT)
    stop = min(len(text), spans[0][1] + ABOUT)
    cuts = [Cut("… ", found=False)] if begin else []
    at = begin
    for start, end in spans:
        if start >= stop:
            break
        cuts += [Cut(text[at:start], found=False), Cut(text[start : min(end, stop)], found=True)]
        at = min(end, stop)
    cuts.append(Cut(text[at:stop] + (" …" if stop < len(text) else ""), found=False))
    return tuple(cut for cut in cuts if cut.text)


def _words_in(text: str) -> Iterable[tuple[str, int, int]]:
    """Yield each word as it is compared, with where it begins and ends in the text as typed."""
    term, start, end = "", 0, 0
    for place, char in enumerate(text):
        for part in _folds[ord(char)]:
            if part != " ":
                start = start if term else place
                term, end = term + part, place + 1
            elif term:
                yield term, start, end
                term = ""
    if term:
        yield term, start, end
