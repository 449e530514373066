"""The acts of several disagreements in one look: for pages that say a little of many.

Nothing is checked here as `store.read` checks it: such a page says when, whose and of what kind, and each of its lines
leads to the page of a disagreement, which reads the record itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from commonground import fence
from commonground.core.acts import Act
from commonground.core.procedure import Key
from commonground.record.codec import decode
from commonground.sql import run


def acts_of(disagreements: Sequence[UUID], newest: int | None = None) -> dict[UUID, tuple[Act, ...]]:
    """This will give the acts of several disagreements of the partnership in scope, in order.

    With `newest`, only so many of the last of each. What is not there, or is another partnership's, has none.
    """
    if not disagreements:
        return {}
    found: dict[UUID, list[Act]] = {}
    for whose, sequence, data in run(_select(len(disagreements), newest), [*disagreements, fence.here()]).fetchall():
        disagreement = as_uuid(whose)
        found.setdefault(disagreement, []).append(_taken_apart(bytes(data), disagreement, sequence))
    return {disagreement: tuple(acts) for disagreement, acts in found.items()}


@lru_cache(maxsize=256)
def _select(disagreements: int, newest: int | None) -> str:
    last = f"AND acts.sequence > standings.position - {newest:d}" if newest is not None else ""
    return f"""SELECT acts.disagreement, acts.sequence, acts.bytes
        FROM standings JOIN acts ON acts.disagreement = standings.disagreement
        WHERE standings.disagreement IN ({", ".join(["%s"] * disagreements)})
        AND {fence.HERE.format("standings.partnership")} {last}
        ORDER BY acts.disagreement, acts.sequence"""  # noqa: S608


def counted_since(disagreements: Sequence[UUID], since: datetime, but: Key) -> dict[UUID, tuple[int, datetime]]:
    """This will count what was recorded from a moment on by others than one person, and say when it last was.

    Disagreements in which nothing was are left out.
    """
    if not disagreements:
        return {}
    rows = run(
        f"""SELECT acts.disagreement, count(*), max(acts.recorded_at)
        FROM standings JOIN acts ON acts.disagreement = standings.disagreement
        WHERE standings.disagreement IN ({", ".join(["%s"] * len(disagreements))})
        AND {fence.HERE.format("standings.partnership")} AND acts.recorded_at >= %s AND acts.author <> %s
        GROUP BY acts.disagreement""",  # noqa: S608
        [*disagreements, fence.here(), since, but],
    ).fetchall()
    return {as_uuid(whose): (int(number), as_moment(last)) for whose, number, last in rows}


def as_uuid(value: UUID | str) -> UUID:
    """This will give an id as the driver gave it: SQLite keeps text."""
    return value if isinstance(value, UUID) else UUID(value)


def as_moment(value: datetime | str) -> datetime:
    """This will give a moment as the driver gave it: SQLite keeps text, in UTC."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_taken_apart = lru_cache(maxsize=4096)(decode)
