"""Finds disagreements for somebody: by the beginning of a reference, or by words that they may read.

The result is what they would get by opening everything they reach and reading it, and no more: the seat that would open
it, its relation, a part that has ended, the audience of each piece. It logs no looks, as it opens nothing: what it
shows of a text are the words around those that were typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Final, NamedTuple
from uuid import UUID

from commonground import fence
from commonground.core.acts import PostRef
from commonground.people import access
from commonground.people.access import Scope
from commonground.record import search as kept
from commonground.record.search import Cut, Piece
from commonground.sql import run
from commonground.usecases import clock
from commonground.usecases.listing import (
    A_PAGE,
    Filters,
    Listed,
    Where,
    as_uuid,
    listed,
    narrowed,
    reached,
    rows_where,
)

MOST_SEARCHED: Final = 2000
"""Disagreements whose words are looked through, those changed last first. A search must not grow with the service."""
MOST_FOUND: Final = 200
AT_ONCE: Final = 200


@dataclass(frozen=True)
class Found:
    """A disagreement that was found, and an excerpt of one piece of words; none where its reference was asked for."""

    listed: Listed
    excerpt: tuple[Cut, ...] = ()


@dataclass(frozen=True)
class Results:
    """One page of what was found, those changed last first."""

    found: tuple[Found, ...]
    count: int
    page: int
    more: bool
    """Whether another page comes after this one."""
    cut: bool
    """Whether it stopped at MOST_FOUND or MOST_SEARCHED, so that there may be more than it counts."""


def search_for(
    scopes: Sequence[Scope],
    query: str,
    filters: Filters | None = None,
    page: int = 1,
    seat: PostRef | None = None,
    at: datetime | None = None,
) -> Results:
    """This will search what somebody reaches from their seats in one partnership; `seat` is the one they chose.

    Any text is answered: what is no word and no reference finds nothing.
    """
    return _search_for(scopes[0], scopes, query, filters or Filters(), page, seat, at or clock.now())


@fence.entered
def _search_for(
    scope: Scope,
    scopes: Sequence[Scope],
    query: str,
    filters: Filters,
    page: int,
    seat: PostRef | None,
    now: datetime,
) -> Results:
    asked = kept.asked(query)
    candidates = _candidates(scope, scopes, filters, now) if asked else []
    hits = {one: _Hit() for one in _by_reference(scope, scopes, query, filters, now)}
    cut = len(candidates) > MOST_SEARCHED
    for some in _batches(candidates[:MOST_SEARCHED]):
        for piece, until in _readable(scopes, some, asked, seat, now):
            hits.setdefault(piece.disagreement, _Hit(piece, until))
        if len(hits) > MOST_FOUND:
            cut = True
            break
    # What their reader has no part in any more comes last: where it would stand says what has happened since.
    ids = sorted(hits, key=lambda one: hits[one].since)[:MOST_FOUND]
    page = min(max(page, 1), max(1, -(-len(ids) // A_PAGE)))
    here = ids[(page - 1) * A_PAGE : page * A_PAGE]
    marks = ", ".join(["%s"] * len(here))
    rows = (
        {row.disagreement: row for row in rows_where(Where(f"disagreement IN ({marks})", tuple(here)))} if here else {}
    )
    shown = [hits[one].piece for one in here]
    excerpts = kept.excerpts([one for one in shown if one is not None], asked)
    found = tuple(
        Found(listed(rows[one], scopes, hits[one].until), _excerpt(excerpts, hits[one])) for one in here if one in rows
    )
    return Results(found, len(ids), page, len(ids) > page * A_PAGE, cut)


class _Hit(NamedTuple):
    """Why a disagreement was found: a piece of words, or none for its reference."""

    piece: Piece | None = None
    until: datetime | None = None

    @property
    def since(self) -> float:
        return -self.until.timestamp() if self.until else -inf


def _excerpt(excerpts: Mapping[Piece, tuple[Cut, ...]], hit: _Hit) -> tuple[Cut, ...]:
    return excerpts.get(hit.piece, ()) if hit.piece is not None else ()


@dataclass(frozen=True)
class _Candidate:
    disagreement: UUID
    owner: PostRef


def _batches(candidates: Sequence[_Candidate]) -> Iterator[Sequence[_Candidate]]:
    for start in range(0, len(candidates), AT_ONCE):
        yield candidates[start : start + AT_ONCE]


def _by_reference(scope: Scope, scopes: Sequence[Scope], query: str, filters: Filters, now: datetime) -> list[UUID]:
    """Give what is reached and has a reference that begins so. Fewer than four characters begin too many."""
    begins = query.strip().upper()[:40]
    if len(begins) < 4 or not begins.replace("-", "").isalnum() or not begins.isascii():
        return []
    where = Where("partnership = %s AND reference >= %s AND reference < %s", (scope.partnership, begins, f"{begins}~"))
    where = where.also(reached(scopes)).also(narrowed(scope.partnership, filters))
    return [row.disagreement for row in rows_where(where, f"ORDER BY reference LIMIT {A_PAGE}")]


def _candidates(scope: Scope, scopes: Sequence[Scope], filters: Filters, now: datetime) -> list[_Candidate]:
    """Give where some seat opens words at all, one more than is searched."""
    # A filter asks how something stands now, which is not for whoever had a part in it.
    where = reached(scopes, with_words=True, former=not filters).also(narrowed(scope.partnership, filters))
    found = run(
        f"SELECT disagreement, owner_agency, owner_post FROM standings WHERE {where.sql}"  # noqa: S608
        f" ORDER BY changed_at DESC, reference DESC LIMIT {MOST_SEARCHED + 1}",
        where.values,
    ).fetchall()
    return [_Candidate(as_uuid(whose), PostRef(agency or "", post or "")) for whose, agency, post in found]


def _readable(
    scopes: Sequence[Scope], among: Sequence[_Candidate], asked: Sequence[str], seat: PostRef | None, now: datetime
) -> list[tuple[Piece, datetime | None]]:
    """Find pieces that their reader would be shown, each with when the reader's part ended, if it has.

    In the order of the candidates and, in each, of its acts.
    """
    pieces = kept.pieces([one.disagreement for one in among], asked, {scope.seat.agency for scope in scopes})
    found: dict[UUID, list[Piece]] = {}
    for piece in sorted(pieces, key=lambda one: (one.sequence, one.digest)):
        found.setdefault(piece.disagreement, []).append(piece)
    reaches = access.reaches_of(scopes, list(found), now)
    return [
        piece
        for one in among
        if one.disagreement in found
        for piece in _shown(scopes, reaches[one.disagreement], found[one.disagreement], one.owner, seat)
    ]


def _shown(
    scopes: Sequence[Scope],
    reaches: Sequence[access.Reach],
    pieces: Sequence[Piece],
    owner: PostRef,
    seat: PostRef | None,
) -> Iterator[tuple[Piece, datetime | None]]:
    """Yield what would be shown on the page of a disagreement, to the seat that opens it (reading.py: `find_for`)."""
    reaching = [(scope, one) for scope, one in zip(scopes, reaches, strict=True) if one.relation is not None]
    if not reaching:
        return
    scope, reach = min(
        reaching,
        key=lambda one: (
            one[0].seat != seat,
            one[0].seat != owner,
            access.BEST[one[1].relation or access.Relation.CLOCK],
        ),
    )
    for piece in pieces:
        late = reach.until is not None and piece.recorded_at > reach.until
        if reach.relation and not late and access.may_read(scope, reach.relation, piece.audience, piece.controller):
            yield piece, reach.until
