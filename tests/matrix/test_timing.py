""" "There is no such disagreement" and "it is not yours" take the same work and ask the database the same.

What is measured is the work that an answer takes: this process's own time, with the database in it, because it is
SQLite. That is stricter than a clock on the wall, and what else the machine does is not in it. Each pair asks for both,
in an order drawn by chance. The Wilcoxon signed-rank test gives p: how likely differences this uneven are if there is
none. Two answers are told apart if p is at most 0.01 three times running: once happens to one in a hundred honest ones.
"""

from __future__ import annotations

import gc
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import erfc, sqrt
from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonground import sql
from commonground.usecases.handle import ALPHABET
from tests.matrix.asking import Door
from tests.matrix.oracle import Actor, Sight, sight
from tests.matrix.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.serial]

P = 0.01
RUNS = 3
MEDIANS_DIFFER_BY = 0.02
"""Of the median."""

PLACES = {
    "its page": ("/d/{}", 2000),
    "its file": ("/d/{}/export", 1000),
    "a form in it": ("/d/{}/go-up", 500),
    "finding it by its reference": ("/list?reference={}", 300),
}
"""Where it is asked for, and how many pairs."""


@dataclass(frozen=True)
class Measured:
    p: float
    median: float
    """Seconds of work, of the answers for what never existed."""
    differ_by: float
    """The median of the pairs' differences, as a share of that."""


def wilcoxon(differences: list[float]) -> float:
    """This will give the two-sided p of the signed-rank test, by its normal approximation; ties share their rank."""
    sizes = sorted((abs(one), one > 0) for one in differences if one)
    n, up, ties, start = len(sizes), 0.0, 0.0, 0
    while start < n:
        end = start
        while end < n and sizes[end][0] == sizes[start][0]:
            end += 1
        rank, same = (start + 1 + end) / 2, end - start
        up += rank * sum(positive for _, positive in sizes[start:end])
        ties += same**3 - same
        start = end
    if not n:
        return 1.0
    mean, variance = n * (n + 1) / 4, n * (n + 1) * (2 * n + 1) / 24 - ties / 48
    return erfc(abs(up - mean) / sqrt(variance) / sqrt(2))


def test_the_test_tells_what_differs_from_what_does_not() -> None:
    chance = random.Random(3)
    noise = [chance.gauss(0, 1) for _ in range(2000)]
    assert wilcoxon(noise) > P
    assert wilcoxon([one + 0.1 for one in noise]) < P
    # A known value: the differences 1..10, of which 1, 2 and 4 are negative.
    assert wilcoxon([-1, -2, 3, -4, 5, 6, 7, 8, 9, 10]) == pytest.approx(0.0367, abs=0.001)


def timed(ask: Callable[[str], object], ours: list[str], never: list[str], pairs: int) -> Measured:
    """This will ask for both kinds in pairs, and compare."""
    chance = random.Random(11)
    differences, nevers = [], []
    gc.collect()
    gc.disable()
    try:
        for _ in range(pairs):
            took = {}
            both = [(True, chance.choice(ours)), (False, chance.choice(never))]
            chance.shuffle(both)
            for exists, reference in both:
                began = time.process_time()
                ask(reference)
                took[exists] = time.process_time() - began
            differences.append(took[True] - took[False])
            nevers.append(took[False])
    finally:
        gc.enable()
    return Measured(wilcoxon(differences), median(nevers), median(differences) / median(nevers))


def not_theirs(world: World) -> dict[str, tuple[Actor, list[str]]]:
    """Give whoever sees nothing of some disagreements: in their own agency's, in others', in another partnership's."""
    colleague = world.actors["cedar-school-colleague"]
    police = world.actors["alder-police-practitioner in alder"]
    found = {
        "in their own agency": (colleague, "cedar"),
        "in other agencies": (police, "alder"),
        "in another partnership": (colleague, "alder"),
    }
    return {
        name: (actor, [d.reference for d in world.disagreements.values() if d.partnership == area and hidden(actor, d)])
        for name, (actor, area) in found.items()
    }


def hidden(actor: Actor, disagreement: object) -> bool:
    return sight(actor, disagreement) is Sight.NOTHING  # type: ignore[arg-type]


def never_there(like: list[str]) -> list[str]:
    """Make references that nobody has, each a near miss: one letter below one that there is."""
    made = [f"{one[:-1]}{ALPHABET[ALPHABET.index(one[-1]) - 1] if one[-1] != ALPHABET[0] else '0'}" for one in like]
    return [one for one in made if one not in like]


@pytest.mark.long
@pytest.mark.parametrize("place", PLACES)
def test_not_yours_takes_as_long_as_not_there(
    world: World, place: str, record_property: Callable[[str, object], None]
) -> None:
    address, pairs = PLACES[place]
    door = Door(world)
    lines = []
    for whose, (actor, references) in not_theirs(world).items():
        client = door.client(actor)
        never = never_there(references)

        def ask(reference: str) -> object:
            return client.get(address.format(reference))  # noqa: B023 - asked before the next turn

        for reference in (*references, *never):
            ask(reference)  # warm
        for _ in range(RUNS):
            here = timed(ask, references, never, pairs)
            if here.p > P and abs(here.differ_by) < MEDIANS_DIFFER_BY:
                break
        lines.append(
            f"{place}, {whose}: {pairs:,} pairs, p = {here.p:.3f}, median {here.median * 1000:.2f} ms,"
            f" differs by {here.differ_by:+.2%}"
        )
        record_property("report", lines[-1])
        assert here.p > P, lines[-1]
        assert abs(here.differ_by) < MEDIANS_DIFFER_BY, lines[-1]


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect every statement: those of the ORM, and those that go straight to the driver."""
    statements: list[str] = []
    run = sql.run

    def counting(statement: str, values: object = ()) -> object:
        statements.append(statement)
        return run(statement, values)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as captured:
        for module in _using_run():
            patch.setattr(module, "run", counting)
        yield statements
    statements += [one["sql"] for one in captured.captured_queries]


def _using_run() -> list[object]:
    return [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("commonground.") and getattr(module, "run", None) is sql.run
    ]


@pytest.mark.parametrize("place", PLACES)
def test_not_yours_asks_the_database_the_same_as_not_there(world: World, place: str) -> None:
    address, _ = PLACES[place]
    door = Door(world)
    for whose, (actor, references) in not_theirs(world).items():
        client = door.client(actor)
        asked = {}
        for reference in (references[0], never_there(references)[0]):
            client.get(address.format(reference))  # warm
            with counted() as statements:
                client.get(address.format(reference))
            asked[reference] = [_shape(one, reference) for one in statements]
        ours, never = asked.values()
        assert ours == never, whose
        assert len(ours) > 3


def _shape(statement: str, reference: str) -> str:
    """Leave out of a statement what was asked for, and every id and moment in it."""
    plain = statement.replace(reference, "REFERENCE")
    return re.sub(r"'[0-9a-f]{32}'|[0-9a-f]{8}-[0-9a-f-]{27}|'\d{4}-\d\d-\d\d [\d:.]+'", "VALUE", plain)
