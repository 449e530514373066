"""What the record costs beside the bare database.

`python bench/record_bench.py` prints the figures, on SQLite in a file of its own (WAL, synchronous FULL). Each pair is
run in turn, round by round, so that a busy machine slows both alike; each figure is the median round.

Reading: `store.check` (chain, digests, columns, standing) against fetching the same bytes with the bare driver and
running SHA-256 over them. Writing: one act with words, standing and two messages, committed, against the same rows
committed with the bare driver, into the same tables with the same triggers and indexes.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

sys.path[:0] = [str(Path(__file__).parent.parent / "src"), str(Path(__file__).parent.parent)]

LIMITS = {"check_share_of_raw_sha256": 0.5, "append_times_bare_rows": 2.0}
"""Checking is to run at half the rate of bare hashing or faster; a durable act may cost twice its bare rows."""

ACTS, RECORDS = 30, 20
PARTNERSHIP = "eastmere"


def measure(rounds: int = 15) -> dict[str, float]:
    """This will give microseconds for each act (medians) and the two ratios that have limits."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.sqlite3"
        os.environ.update(
            COMMONGROUND_DATABASE=f"sqlite:///{path}", COMMONGROUND_DEMONSTRATION="1", COMMONGROUND_VAR=folder
        )
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonground.config.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        bare = sqlite3.connect(path, isolation_level=None, timeout=20)
        bare.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")
        from commonground import fence

        with fence.inside(PARTNERSHIP):
            return {**_writing(bare, rounds), **_reading(bare, rounds)}


def _writing(bare: sqlite3.Connection, rounds: int) -> dict[str, float]:
    through: list[float] = []
    plain: list[float] = []
    for number in range(rounds):
        ours, theirs = UUID(int=number * 2 + 1), UUID(int=number * 2 + 2)
        through.append(_timed(partial(_write_through_store, ours, ACTS)) / ACTS)
        rows = _bare_rows(bare, ours, theirs)
        plain.append(_timed(partial(_write_bare, bare, rows)) / ACTS)
    ratio = median(a / b for a, b in zip(through, plain, strict=True))
    return {"append_us": median(through), "bare_rows_us": median(plain), "append_times_bare_rows": ratio}


def _reading(bare: sqlite3.Connection, rounds: int) -> dict[str, float]:
    from commonground.record import store

    for number in range(RECORDS):
        _write_through_store(UUID(int=10_000 + number), ACTS)
    records = [UUID(int=10_000 + number) for number in range(RECORDS)]
    size = bare.execute("SELECT avg(length(bytes)) FROM acts").fetchone()[0]

    def check() -> None:
        for one in records:
            assert len(store.check(one)) == ACTS

    def read() -> None:
        for one in records:
            assert len(store.read(one)) == ACTS

    def raw() -> None:
        for one in records:
            query = "SELECT bytes FROM acts WHERE disagreement = ? ORDER BY sequence"
            digests = [sha256(row[0]).digest() for row in bare.execute(query, [one.hex])]
            assert len(digests) == ACTS

    checked, raw_, read_ = [], [], []
    for _ in range(rounds * 3):
        checked.append(_timed(check) / ACTS / RECORDS)
        raw_.append(_timed(raw) / ACTS / RECORDS)
        read_.append(_timed(read) / ACTS / RECORDS)
    return {
        "bytes_of_an_act": size,
        "check_us": median(checked),
        "raw_sha256_us": median(raw_),
        "read_us": median(read_),
        "check_share_of_raw_sha256": median(a / b for a, b in zip(raw_, checked, strict=True)),
    }


def _timed(run: Callable[[], object]) -> float:
    start = perf_counter()
    run()
    return (perf_counter() - start) * 1e6


# --- Through the store ------------------------------------------------------------------------------------------------


def _write_through_store(whose: UUID, count: int) -> None:
    from django.db import transaction

    from commonground.core.acts import Audience
    from commonground.core.standing import NOTHING, standing
    from commonground.outbox import messages
    from commonground.record import store
    from commonground.record.codec import text_of_shown
    from commonground.record.words import typed

    now = NOTHING
    for number in range(1, count + 1):
        with transaction.atomic(durable=True):
            words = typed(
                "reason", "We do not agree, because the plan leaves her at home. " * 5, Audience.PARTIES, "school"
            )
            act = _act(number, words.said)
            digest = store.append(whose, number - 1, act, [words])
            now = standing([act], now)
            store.put_standing(_columns(whose, number, digest, text_of_shown(now)))
            messages.queue(whose, f"EM-{whose.int}", number, _NOTICES, _CALENDAR, act.recorded_at)


def _act(number: int, said: Any) -> Any:
    """Give an act as large as a real one: raised, or replied with the next limit set."""
    from commonground.core import acts
    from commonground.core.time import WorkingDays, due
    from tests.storage.examples import example

    at = datetime(2026, 4, 2, 9, 0, tzinfo=UTC) + timedelta(minutes=number)
    school, health = acts.PostRef("school", "practitioner"), acts.PostRef("health", "team-manager")
    someone = acts.Actor("p-1", school)
    owners = acts.Owner(school, acts.Because.NAMED), acts.Owner(health, acts.Because.NAMED)
    limit = due(WorkingDays(2), at, _CALENDAR)
    waits = acts.Waits(owners[1], acts.What.STEP, "talk", "stage", limit)
    ask: acts.Ask
    effects: tuple[acts.Effect, ...]
    if number == 1:
        ask = acts.Raise("threshold", acts.About.CHILD, ("school",), ("health",), concern_at=at)
        effects = (
            example(acts.Opened),
            acts.Entered("main", "first", acts.How.RAISED, at, *owners, None),
            acts.LimitSet("stage", limit),
            waits,
        )
    else:
        ask = acts.Reply(acts.Answer.DISAGREE, "talk")
        effects = (
            acts.StepDone("talk", acts.Side.RESPONDING, at),
            acts.Replied(acts.Answer.DISAGREE),
            acts.LimitSet("step reply", limit),
            waits,
        )
    used = acts.Used("d" * 64, "england-and-wales 2026-01-01")
    return acts.Act(UUID(int=number), someone, ask, at, at, (said,), effects, (acts.Mark.LATE,), used)


def _columns(whose: UUID, position: int, digest: bytes, shown: str) -> Any:
    from commonground.record.store import StandingColumns

    at = datetime(2026, 4, 8, 9, 0, tzinfo=UTC)
    return StandingColumns(
        whose, PARTNERSHIP, f"EM-{whose.int}", "invented", "d" * 64, position, digest, "open", "main", "first",
        "health", "team-manager", "step", "stage", at, shown,
    )  # fmt: skip


def _notices() -> Any:
    from commonground.core.acts import PostRef
    from commonground.core.procedure import TellOn
    from commonground.core.telling import Notice

    one = Notice(PostRef("health", "team-manager"), TellOn.ENTRY, to_act=True)
    return one, replace(one, to=PostRef("office", "coordinator"), to_act=False)


def _calendar() -> Any:
    from commonground.core.time import Calendar

    return Calendar(
        "england-and-wales", "2026", ((date(2026, 4, 3), "Good Friday"),), date(2020, 1, 1), date(2030, 1, 1)
    )


_NOTICES, _CALENDAR = _notices(), _calendar()


# --- With the bare driver ---------------------------------------------------------------------------------------------

_TABLES = ("acts", "words", "standings", "messages")


def _bare_rows(bare: sqlite3.Connection, ours: UUID, theirs: UUID) -> list[list[tuple[str, list[Any]]]]:
    """Give, for each act of a record, the statements that write the same rows for another."""
    steps: list[list[tuple[str, list[Any]]]] = [[] for _ in range(ACTS)]
    for table in _TABLES:
        cursor = bare.execute(f"SELECT * FROM {table} WHERE disagreement = ?", [ours.hex])  # noqa: S608
        names = [column[0] for column in cursor.description]
        for row in cursor.fetchall():
            values = {**dict(zip(names, row, strict=True)), "disagreement": theirs.hex}
            values.pop("id", None)
            statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"  # noqa: S608
            if table == "standings":
                values["reference"] += "x"
                changes = ", ".join(f"{name} = excluded.{name}" for name in values)
                statement += f" ON CONFLICT (disagreement) DO UPDATE SET {changes}"
                for step in steps:
                    step.append((statement, list(values.values())))
            else:
                steps[values["sequence"] - 1].append((statement, list(values.values())))
    return steps


def _write_bare(bare: sqlite3.Connection, steps: list[list[tuple[str, list[Any]]]]) -> None:
    for step in steps:
        bare.execute("BEGIN IMMEDIATE")
        for statement, values in step:
            bare.execute(statement, values)
        bare.execute("COMMIT")


if __name__ == "__main__":
    from about import machine

    print(machine())
    for name, figure in measure().items():
        print(f"{name}: {figure:.2f}" + (f" (limit {LIMITS[name]})" if name in LIMITS else ""))
