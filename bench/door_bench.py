"""What a durable raise and a durable reply cost through the one door, beside the bare database.

`python bench/door_bench.py` prints the figures on SQLite (a file, WAL, synchronous FULL) and PostgreSQL (synchronous
commit), one process each. In every round, in turn: a raise and a reply through `usecases/handle.py`; the rows they
left, written again for another disagreement by the bare driver, into the same tables with the same triggers and
indexes; a bare single-row durable commit. Each figure is the median round, and each ratio is taken within one run.

The door keeps what it has added up of a record (`store.latest`). "Cold" empties that before every reply, as if the
program had just been started; that is what the limits are about. At the end: a reply on a record that is long already.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from service import on_both, set_up

LIMITS = {"share_of_a_bare_commit": 1 / 15, "share_of_the_same_rows": 1 / 2}
"""At least: ours against a bare single-row commit on the same disk, and against the same rows by the bare driver."""

Statement = tuple[str, tuple[Any, ...]]


LENGTHS = 10, 200
"""How many acts are there already, in the replies that show how the cost grows."""


def _figures(rounds: int = 200) -> dict[str, float]:
    from commonground.record import store

    scope, others, digest = _partnership()
    other = _responding(others, _raise(scope, digest).disagreement)
    bare = Bare()
    times: dict[str, list[float]] = {}
    for number in range(rounds + 20):
        took: dict[str, float] = {}
        took["raise"], raised = _timed(partial(_raise, scope, digest))
        raised_rows = bare.rows_of(raised.disagreement, 1)
        store.forget_folded()
        took["reply"], _ = _timed(partial(_reply, other, raised.disagreement))
        reply_rows = bare.rows_of(raised.disagreement, 2)
        took["second reply, warm"], _ = _timed(partial(_reply, other, raised.disagreement))
        copy = uuid4()
        took["raise rows"], _ = _timed(partial(bare.write, _copied(raised_rows, raised.disagreement, copy)))
        took["reply rows"], _ = _timed(partial(bare.write, _copied(reply_rows, raised.disagreement, copy)))
        took["commit"], _ = _timed(partial(bare.write, [bare.one_row(number)]))
        if number >= 20:  # the first rounds warm the caches of both
            for name, seconds in took.items():
                times.setdefault(name, []).append(seconds * 1000)
    found = {f"{name} ms": median(values) for name, values in times.items()}
    for name in ("raise", "reply"):
        found[f"{name}: share_of_a_bare_commit"] = found["commit ms"] / found[f"{name} ms"]
        found[f"{name}: share_of_the_same_rows"] = found[f"{name} rows ms"] / found[f"{name} ms"]
    found["second reply, warm: of its rows"] = found["reply rows ms"] / found["second reply, warm ms"]
    return found | _grown(scope, other, digest)


def _grown(scope: Any, other: Any, digest: str, rounds: int = 20) -> dict[str, float]:
    """Milliseconds of a reply on records that are long already, with and without what the door has added up."""
    from commonground.record import store

    found = {}
    for length in LENGTHS:
        times: dict[str, list[float]] = {"cold": [], "warm": []}
        one = _raise(scope, digest).disagreement
        for _ in range(length - 1):
            _reply(other, one)
        for number in range(rounds):
            warm = "warm" if number % 2 else "cold"
            if warm == "cold":
                store.forget_folded()
            times[warm].append(_timed(partial(_reply, other, one))[0] * 1000)
        found |= {f"reply on {length} acts, {name} ms": median(values) for name, values in times.items()}
    return found


def _timed(run: Callable[[], Any]) -> tuple[float, Any]:
    start = perf_counter()
    answer = run()
    return perf_counter() - start, answer


def _responding(others: list[Any], disagreement: UUID) -> Any:
    """The seat, of all those in the other agency, that the procedure put across from whoever raised it."""
    from commonground import fence
    from commonground.people.models import Part

    with fence.inside("bench"):
        parts = Part.objects.filter(disagreement=disagreement, agency=others[0].seat.agency)
        responding = set(parts.values_list("post", flat=True))
    return next(scope for scope in others if scope.seat.post in responding)


def _partnership() -> tuple[Any, list[Any], str]:
    """A small partnership with every post of a shipped procedure: who raises, and every seat across from them."""
    from commonground.core.procedure import HeldIn
    from commonground.language.library import shipped
    from commonground.people.access import scopes_of
    from commonground.people.models import (
        Adoption,
        Agency,
        Holding,
        Membership,
        Partnership,
        Person,
        Post,
        ProcedureText,
    )

    procedure, digest = next(iter(shipped().values()))
    ProcedureText.objects.create(digest=digest, key=procedure.key, text="")
    partnership = Partnership.objects.create(
        key="bench", name="Bench", nation="england-and-wales", reference_prefix="BE"
    )
    Adoption.objects.create(partnership=partnership, procedure_id=digest, adopted_on=date(2020, 1, 1))
    for kind in ("partnership", "school", "social-care", "police", "health", "voluntary", "early-years"):
        agency = Agency.objects.create(key=kind, name=kind, kind=kind)
        Membership.objects.create(partnership=partnership, agency=agency)
        held = HeldIn.PARTNERSHIP if kind == "partnership" else HeldIn.PARTY
        posts = [post.key for post in procedure.posts if post.held_in is held and post.agency in (None, kind)]
        Post.objects.bulk_create(Post(agency=agency, post=key) for key in posts)
        somebody = Person.objects.create(key=f"{kind}-others", full_name=f"Others of {kind}")
        for post in Post.objects.filter(agency=agency):
            Holding.objects.create(post=post, person=somebody, from_on=date(2020, 1, 1))
    seats = []
    for kind in ("school", "social-care"):
        person = Person.objects.create(key=f"{kind}-person", full_name=f"Somebody of {kind}")
        for post in Post.objects.filter(agency_id=kind).order_by("id"):
            Holding.objects.create(post=post, person=person, from_on=date(2020, 1, 1))
        seats.append(list(scopes_of(person.key, date(2026, 1, 1))))
    return seats[0][0], seats[1], digest


TEXT = "The referral of 2 March was closed without a visit. " * 8


def _raise(scope: Any, digest: str) -> Any:
    from commonground.core.acts import About, Audience, Raise
    from commonground.record.words import typed
    from commonground.usecases.handle import Asking, raise_disagreement

    words = [typed(field, TEXT, Audience.PARTIES, "school") for field in ("child", "disagree", "worry", "wanted")]
    ask = Raise("need-for-conference", About.CHILD, ("school",), ("social-care",))
    return raise_disagreement(scope, digest, Asking(ask, words))


def _reply(scope: Any, disagreement: UUID) -> Any:
    from commonground.core.acts import Answer, Audience, Reply
    from commonground.record.words import typed
    from commonground.usecases.handle import Asking, handle

    words = [typed("reasons", TEXT, Audience.PARTIES, "social-care")]
    return handle(scope, disagreement, Asking(Reply(Answer.DISAGREE), words))


def _copied(statements: list[Statement], ours: UUID, copy: UUID) -> list[Statement]:
    """The same rows for another disagreement: ids and references differ, nothing else."""
    swapped = {ours: copy, ours.hex: copy.hex, str(ours): str(copy)}

    def value(one: Any) -> Any:
        if isinstance(one, str) and one.startswith(("BE-", "be-")):
            return f"{one[:3]}{copy.hex[:12]}"
        return swapped.get(one, one) if isinstance(one, UUID | str) else one

    return [(sql, tuple(value(one) for one in params)) for sql, params in statements]


class Bare:
    """The bare driver, with a connection of its own and the same durability."""

    def __init__(self) -> None:
        from django.db import connection

        self.sqlite = connection.vendor == "sqlite"
        if self.sqlite:
            import sqlite3

            self.driver: Any = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, timeout=20)
            self.driver.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")
        else:
            import psycopg

            settings = connection.get_connection_params()
            self.driver = psycopg.connect(
                **{
                    name: settings[name]
                    for name in ("host", "port", "dbname", "user", "password")
                    if settings.get(name)
                },
                autocommit=True,
                cursor_factory=psycopg.ClientCursor,
            )

    def write(self, statements: list[Statement]) -> None:
        """Write rows in one durable transaction."""
        if self.sqlite:
            self.driver.execute("BEGIN IMMEDIATE")
            for sql, params in statements:
                self.driver.execute(sql, params)
            self.driver.execute("COMMIT")
        else:
            with self.driver.transaction(), self.driver.cursor() as cursor:
                for sql, params in statements:
                    cursor.execute(sql, params)

    def rows_of(self, disagreement: UUID, sequence: int) -> list[Statement]:
        """Give statements that write what is there of one act: one for each row, with its values as stored."""
        mark, whose = ("?", disagreement.hex) if self.sqlite else ("%s", disagreement)
        found: list[Statement] = []
        for table in ("acts", "words", "standings", "parties", "parts", "messages"):
            # A reply brings nobody in, and a standing is of the last act there is.
            at_first = f" AND {sequence} = 1"
            which = {"standings": "", "parties": at_first, "parts": at_first}.get(table, f" AND sequence = {sequence}")
            cursor = self.driver.execute(f"SELECT * FROM {table} WHERE disagreement = {mark}{which}", (whose,))  # noqa: S608
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                values = {name: value for name, value in zip(names, row, strict=True) if name != "id"}
                marks = ", ".join([mark] * len(values))
                statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"  # noqa: S608
                if table == "standings":
                    changes = ", ".join(f"{name} = excluded.{name}" for name in values)
                    statement += f" ON CONFLICT (disagreement) DO UPDATE SET {changes}"
                found.append((statement, tuple(values.values())))
        return found

    def one_row(self, number: int) -> Statement:
        """Give a statement that writes one small row."""
        mark = "?" if self.sqlite else "%s"
        statement = f"""INSERT INTO people (key, full_name, known_as, telephone, email)
            VALUES ({", ".join([mark] * 5)})"""  # noqa: S608
        return (statement, (f"row-{number}", "A row", "", "", ""))


def measured(database: str) -> int:
    """This will print milliseconds (medians) and ratios of a raise and a reply; gives 1 where a limit is not kept."""
    with set_up(database):
        from commonground.operations.warming import warm

        warm()  # as every process of the service does when it starts
        figures = _figures()
    worst = 0
    for name, figure in figures.items():
        limit = LIMITS.get(name.rpartition(": ")[2])
        kept = "" if limit is None else f"  (at least {limit:.3f}{'' if figure >= limit else ': NOT KEPT'})"
        worst |= bool(limit is not None and figure < limit)
        print(f"{database:11} {name:38} {figure:9.3f}{kept}")
    return worst


if __name__ == "__main__":
    sys.exit(on_both(__file__, measured))
