"""What a durable raise and a durable reply cost through the one door, beside the bare database.

`python bench/door_bench.py` prints the figures on SQLite (a file, WAL, synchronous FULL) and PostgreSQL (synchronous
commit), one process each. In every round, in turn: a raise and a reply through `usecases/handle.py`; the rows they
wrote, written again under another id by the bare driver, into the same tables with the same triggers and indexes; a
bare single-row durable commit. Each figure is the median round, and each ratio is taken within one run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

LIMITS = {"share_of_a_bare_commit": 1 / 15, "share_of_the_same_rows": 1 / 2}
"""At least: ours against a bare single-row commit on the same disk, and against the same rows by the bare driver."""

Statement = tuple[str, tuple[Any, ...]]


def measure(vendor: str, rounds: int = 200) -> dict[str, float]:
    """This will give milliseconds (medians) and ratios for a raise and for a reply, on `sqlite` or `postgresql`."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMONGROUND_TEST_DATABASE"] = vendor
        from tests import databases

        address = f"sqlite:///{folder}/bench.sqlite3" if vendor == "sqlite" else databases.postgresql()
        os.environ.update(
            COMMONGROUND_DATABASE=address,
            COMMONGROUND_DEMONSTRATION="1",
            COMMONGROUND_VAR=folder,
            COMMONGROUND_LOG_LEVEL="WARNING",
            DJANGO_SETTINGS_MODULE="commonground.config.settings",
        )
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        return _run(rounds)


def _run(rounds: int) -> dict[str, float]:
    scope, other, digest = _partnership()
    bare = _bare()
    times: dict[str, list[float]] = {name: [] for name in ("commit", "raise", "reply", "raise rows", "reply rows")}
    for number in range(rounds + 20):
        took: dict[str, float] = {}
        with _kept() as raised_rows:
            took["raise"], raised = _timed(partial(_raise, scope, digest))
        with _kept() as reply_rows:
            took["reply"], _ = _timed(partial(_reply, other, raised.disagreement))
        copy = uuid4()
        took["raise rows"], _ = _timed(partial(bare, _copied(raised_rows, raised.disagreement, copy)))
        took["reply rows"], _ = _timed(partial(bare, _copied(reply_rows, raised.disagreement, copy)))
        took["commit"], _ = _timed(partial(bare, [_one_row(number)]))
        if number >= 20:  # the first rounds warm the caches of both
            for name, seconds in took.items():
                times[name].append(seconds * 1000)
    found = {f"{name} ms": median(values) for name, values in times.items()}
    for name in ("raise", "reply"):
        found[f"{name}: share_of_a_bare_commit"] = found["commit ms"] / found[f"{name} ms"]
        found[f"{name}: share_of_the_same_rows"] = found[f"{name} rows ms"] / found[f"{name} ms"]
    return found


def _timed(run: Callable[[], Any]) -> tuple[float, Any]:
    start = perf_counter()
    answer = run()
    return perf_counter() - start, answer


def _partnership() -> tuple[Any, Any, str]:
    """A small partnership with every post of a shipped procedure, and somebody on each side."""
    from commonground.core.procedure import HeldIn
    from commonground.language.library import shipped
    from commonground.people.access import scopes_of
    from commonground.people.models import Adoption, Agency, Holding, Partnership, Person, Post, ProcedureText

    procedure, digest = next(iter(shipped().values()))
    ProcedureText.objects.create(digest=digest, key=procedure.key, text="")
    partnership = Partnership.objects.create(
        key="bench", name="Bench", nation="england-and-wales", reference_prefix="BE"
    )
    Adoption.objects.create(partnership=partnership, procedure_id=digest, adopted_on=date(2020, 1, 1))
    for kind in ("partnership", "school", "social-care", "police", "health", "voluntary", "early-years"):
        agency = Agency.objects.create(key=kind, partnership=partnership, name=kind, kind=kind)
        held = HeldIn.PARTNERSHIP if kind == "partnership" else HeldIn.PARTY
        posts = [post.key for post in procedure.posts if post.held_in is held and post.agency in (None, kind)]
        Post.objects.bulk_create(Post(agency=agency, post=key) for key in posts)
    scopes = []
    for kind in ("school", "social-care"):
        person = Person.objects.create(key=f"{kind}-person", full_name=f"Somebody of {kind}")
        post = Post.objects.filter(agency_id=kind).order_by("id").first()
        Holding.objects.create(post=post, person=person, from_on=date(2020, 1, 1))
        scopes += scopes_of(person.key, date(2026, 1, 1))
    return scopes[0], scopes[1], digest


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


@contextmanager
def _kept() -> Iterator[list[Statement]]:
    """Keep every statement that writes, with its values, while ours runs."""
    from django.db import connection

    kept: list[Statement] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE")):
            kept.extend((sql, tuple(one or ())) for one in (params if many else [params]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield kept


def _copied(statements: list[Statement], ours: UUID, copy: UUID) -> list[Statement]:
    """The same rows for another disagreement: ids and references differ, nothing else."""
    swapped = {ours: copy, ours.hex: copy.hex, str(ours): str(copy)}

    def value(one: Any) -> Any:
        if isinstance(one, str) and one.startswith(("BE-", "be-")):
            return f"{one[:3]}{copy.hex[:12]}"
        return swapped.get(one, one) if isinstance(one, UUID | str) else one

    return [(sql, tuple(value(one) for one in params)) for sql, params in statements]


def _one_row(number: int) -> Statement:
    return ("INSERT INTO people (key, full_name, known_as) VALUES (%s, %s, %s)", (f"row-{number}", "A row", ""))


def _bare() -> Callable[[list[Statement]], None]:
    """The bare driver, with a connection of its own and the same durability."""
    from django.db import connection

    if connection.vendor == "sqlite":
        import sqlite3

        lite = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, timeout=20)
        lite.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")

        def write_lite(statements: list[Statement]) -> None:
            lite.execute("BEGIN IMMEDIATE")
            for sql, params in statements:
                lite.execute(sql.replace("%s", "?"), params)
            lite.execute("COMMIT")

        return write_lite
    import psycopg

    settings = connection.get_connection_params()
    post = psycopg.connect(
        **{name: settings[name] for name in ("host", "port", "dbname", "user", "password") if settings.get(name)},
        autocommit=True,
        cursor_factory=psycopg.ClientCursor,
    )

    def write_post(statements: list[Statement]) -> None:
        with post.transaction(), post.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)

    return write_post


def main() -> int:
    """Measure each database in a process of its own, print the figures, and fail where a limit is not kept."""
    if len(sys.argv) > 1:
        worst = 0
        for name, figure in measure(sys.argv[1]).items():
            limit = LIMITS.get(name.rpartition(": ")[2])
            kept = "" if limit is None else f"  (at least {limit:.3f}{'' if figure >= limit else ': NOT KEPT'})"
            worst |= bool(limit is not None and figure < limit)
            print(f"{sys.argv[1]:11} {name:38} {figure:9.3f}{kept}")
        return worst
    return max(
        subprocess.run([sys.executable, __file__, vendor], check=False).returncode  # noqa: S603  # ourselves
        for vendor in ("sqlite", "postgresql")
    )


if __name__ == "__main__":
    raise SystemExit(main())
