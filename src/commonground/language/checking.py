"""The whole check of one procedure, put together: both checkers, every proof, the longest silence, the gaps."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from commonground.core.explore import explore, synthetic
from commonground.core.procedure import Key, Procedure, Reading, nodes
from commonground.core.states import Kind, Reached
from commonground.core.time import Calendar
from commonground.language import register
from commonground.language.bare import bare
from commonground.language.calendars import load_calendar
from commonground.language.gaps import Gap, gaps
from commonground.language.graph import graph_of
from commonground.language.mistakes import Mistakes
from commonground.language.proofs import Failure, Verdict, proofs_over_data, proofs_over_states
from commonground.language.reader import read_procedure
from commonground.language.register import Clause
from commonground.language.silence import Silence, longest_silence


@dataclass(frozen=True)
class RouteChecked:
    key: Key
    title: str
    states: int
    """That raising on this route can come to, with the readings."""
    readings: int
    silence: Silence


@dataclass(frozen=True)
class Checked:
    """What came out of checking one procedure."""

    key: Key
    title: str
    states: int
    proofs: Verdict
    """With the readings: each proof, and where it fails. All must hold."""
    apart: tuple[str, ...]
    """Where the two checkers do not agree, with the readings or without. There must be nothing."""
    routes: tuple[RouteChecked, ...]
    readings: tuple[tuple[str, Reading], ...]
    """Every reading taken, with its place in the procedure."""
    words_alone: Verdict
    gaps: tuple[Gap, ...]

    @property
    def failures(self) -> tuple[Failure, ...]:
        return tuple(failure for failures in self.proofs.values() for failure in failures)

    @property
    def may_go_live(self) -> bool:
        """Whether every proof holds and both checkers agree. Gaps alone pass."""
        return not self.failures and not self.apart


def check(procedure: Procedure, clauses: Iterable[Clause], calendar: Calendar | None = None) -> Checked:
    """This will check a procedure, with its readings and as the words alone.

    `clauses` are the register: those of its own prefix must be accounted for. Without a calendar the worst real date
    of the longest silence is left out.
    """
    known = tuple(clauses)
    reached, proofs, apart = _proved(procedure, known)
    alone = bare(procedure)
    _, without, apart_alone = _proved(alone, known)
    return Checked(
        key=procedure.key,
        title=procedure.title,
        states=len(reached.onward),
        proofs=proofs,
        apart=(*apart, *(f"the words alone: {said}" for said in apart_alone)),
        routes=tuple(
            RouteChecked(
                key=route.key,
                title=route.title,
                states=len(reached.within(f"{route.key}/{route.stages[0].key}")),
                readings=sum(len(getattr(node, "readings", ())) for _, node in nodes(route)),
                silence=longest_silence(procedure, route, calendar),
            )
            for route in procedure.routes
        ),
        readings=tuple(_readings(procedure)),
        words_alone=without,
        gaps=gaps(procedure, without),
    )


def clauses_known_to(path: Path, procedure: Procedure) -> tuple[Clause, ...]:
    """This will give the clauses for a procedure's file: the shipped ones, its own, and those of what it extends."""
    found = dict.fromkeys(register.clauses_for(path))
    if procedure.extends is not None:
        found |= dict.fromkeys(register.clauses_for(path.with_name(f"{procedure.extends}.yaml")))
    return tuple(found)


def _proved(procedure: Procedure, clauses: tuple[Clause, ...]) -> tuple[Reached, Verdict, tuple[str, ...]]:
    if not procedure.routes:
        return Reached({}), {}, ()
    first, second = explore(synthetic(procedure)), graph_of(procedure)
    apart = list(differences(first, second))
    over_states = proofs_over_states(procedure, first)
    if not apart and proofs_over_states(procedure, second) != over_states:
        apart.append("the proofs over the states come out differently")
    return first, {**over_states, **proofs_over_data(procedure, clauses)}, tuple(apart)


def differences(first: Reached, second: Reached) -> Iterator[str]:
    """This will say where two checkers do not agree: states, ways between them, or whose move it is."""
    for state in sorted(set(first.onward) - set(second.onward)):
        yield f"only decide reaches {_words(state)}"
    for state in sorted(set(second.onward) - set(first.onward)):
        yield f"only the data reach {_words(state)}"
    ways = [{way for way in reached.ways() if way[1].kind not in _TRIED_ONCE} for reached in (first, second)]
    for before, way, after in sorted(ways[0] ^ ways[1]):
        who = "decide" if (before, way, after) in ways[0] else "the data"
        yield f"only by {who}: from {_words(before)}, {' '.join(filter(None, way))} leads to {_words(after)}"
    for state in sorted(set(first.owners) & set(second.owners)):
        if first.owners[state] != second.owners[state]:
            move, other = first.owners[state], second.owners[state]
            yield f"at {_words(state)} decide has the move with {move.post} ({move.what}), the data with {other.post}"
    if first.starts != second.starts:
        yield "raising leads to different states"


_TRIED_ONCE = frozenset({Kind.SKIPPED, Kind.BACK})
"""Exploring tries these from one state of each stage; what they reach is compared with the states."""


def _words(state: tuple[object, ...]) -> str:
    route, stage, *rest = state
    parts = (str(sorted(part)) if isinstance(part, frozenset) else str(part) for part in rest if part)
    return f"{route}/{stage} ({', '.join(parts)})"


def _readings(procedure: Procedure) -> Iterator[tuple[str, Reading]]:
    for path, node in nodes(procedure):
        if isinstance(node, Reading):
            yield ".".join(path[:-2]), node


# --- files -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FileChecked:
    """What came of one file: a check, or the mistakes that keep it from being read as a procedure."""

    file: str
    checked: Checked | None
    mistakes: tuple[str, ...] = ()

    @property
    def may_go_live(self) -> bool:
        return self.checked is not None and self.checked.may_go_live


def check_file(path: Path) -> FileChecked:
    """This will read and check one procedure file. Raises OSError when it can't be opened."""
    try:
        procedure = read_procedure(path)
        calendar = load_calendar(procedure.nation)
    except Mistakes as mistakes:
        return FileChecked(path.name, None, tuple(map(str, mistakes.mistakes)))
    except ValueError as unknown_nation:
        return FileChecked(path.name, None, (f"{path.name}: nation: {unknown_nation}",))
    return FileChecked(path.name, check(procedure, clauses_known_to(path, procedure), calendar))


def check_files(paths: Sequence[Path]) -> tuple[FileChecked, ...]:
    """This will check several files, side by side on as many processors as there are."""
    workers = min(len(paths), os.cpu_count() or 1)
    if workers < 2:
        return tuple(map(check_file, paths))
    largest_first = sorted(paths, key=lambda path: -path.stat().st_size)
    # Each process lives for this alone: looking for garbage in what it builds would take a fifth of its time.
    with ProcessPoolExecutor(workers, initializer=gc.disable) as pool:
        done = dict(zip(largest_first, pool.map(check_file, largest_first), strict=True))
    return tuple(done[path] for path in paths)
