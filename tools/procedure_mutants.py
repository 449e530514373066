"""Breaks procedures in every way a slip of the pen could, and sees that the check notices.

`make mutants MODULE=procedures` runs it alone; some minutes.

Each operator below makes one kind of defect wherever it fits, in every shipped and invented procedure. A defect is
noticed when a proof fails that held before. What the check can't notice because nothing is wrong is counted apart, by
the rules written at `equivalent`; what it misses is printed, each one. No chance is in it: where an operator fits more
often than MOST times, every so many of its places are taken.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from commonground.core import procedure as core
from commonground.core.explore import explore, synthetic
from commonground.core.procedure import ITSELF, OFFICE, HeldIn, Procedure, Start, StartEvent, Then, Who, words_alone
from commonground.language.checking import clauses_known_to, differences
from commonground.language.graph import graph_of
from commonground.language.library import shipped_files
from commonground.language.proofs import Proof, numbers_in, proofs_over_data, proofs_over_states
from commonground.language.reader import read_procedure
from commonground.language.references import ALL_PARTIES, REFERENCES
from commonground.language.register import Clause

ROOT = Path(__file__).resolve().parents[1]
INVENTED = ROOT / "tests" / "procedures" / "invented"
MOST = 120
"""Defects of one kind that are tried; spread evenly over all the places that there are."""

SHARE_NOTICED = 0.99
COMPARED = 25
"""Of every so many defects, one is also explored, and both checkers must still agree on it."""

NOWHERE = "nowhere-at-all"


@dataclass(frozen=True)
class Sound:
    """A procedure as it is, and the clauses it must account for."""

    procedure: Procedure
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Mutant:
    operator: str
    place: str
    procedure: Procedure
    sound: Sound
    equivalent: str = ""
    """The rule by which nothing is wrong with it, if one applies."""


# --- walking and changing --------------------------------------------------------------------------------------------

Path_ = tuple[str | int, ...]
GONE = object()


def walk(node: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Yield every core dataclass inside a procedure, with its path by field names and positions."""
    if isinstance(node, tuple):
        for position, item in enumerate(node):
            yield from walk(item, (*path, position))
    elif is_dataclass(node) and not isinstance(node, type) and type(node).__module__ == core.__name__:
        yield path, node
        for field in fields(node):
            yield from walk(getattr(node, field.name), (*path, field.name))


def at(node: Any, path: Path_) -> Any:
    for step in path:
        node = getattr(node, step) if isinstance(step, str) else node[step]
    return node


def with_changed(node: Any, path: Path_, new: Any) -> Any:
    """The same with something else at a path; with GONE, an item of a list is taken out."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        if not rest and new is GONE:
            return (*node[:step], *node[step + 1 :])
        return (*node[:step], with_changed(node[step], rest, new), *node[step + 1 :])
    value = None if not rest and new is GONE else with_changed(getattr(node, step), rest, new)
    return replace(node, **{step: value})


def named(procedure: Procedure, path: Path_) -> str:
    """A path with keys for positions: `routes.general.stages.two.clock`."""
    words: list[str] = []
    node: Any = procedure
    for step in path:
        node = getattr(node, step) if isinstance(step, str) else node[step]
        words.append(str(getattr(node, "key", step)) if isinstance(step, int) else step)
    return ".".join((procedure.key, *words))


# --- operators -------------------------------------------------------------------------------------------------------

Made = Iterator[tuple[Path_, Any, str]]
"""Where, what is put there, and the rule by which nothing is wrong with it (else empty)."""

OPERATORS: dict[str, Callable[[Sound], Made]] = {}


def operator(make: Callable[[Sound], Made]) -> Callable[[Sound], Made]:
    OPERATORS[make.__name__.replace("_", " ")] = make
    return make


def every(sound: Sound, type_: type) -> Iterator[tuple[Path_, Any]]:
    return ((path, node) for path, node in walk(sound.procedure) if isinstance(node, type_))


@operator
def a_stage_without_a_time(sound: Sound) -> Made:
    for path, clock in every(sound, core.Clock):
        yield path, replace(clock, within=None, no_later_than=None, readings=_but(clock, "within")), ""


@operator
def a_step_limit_without_a_time(sound: Sound) -> Made:
    for path, step in every(sound, core.Step):
        if step.limit is not None:
            yield (*path, "limit"), replace(step.limit, within=None, no_later_than=None, readings=()), ""


@operator
def no_time_to_confirm(sound: Sound) -> Made:
    for path, route in every(sound, core.Route):
        yield (*path, "confirm"), replace(route.confirm, within=None, readings=()), ""


@operator
def a_shared_limit_without_a_time(sound: Sound) -> Made:
    for path, cap in every(sound, core.Cap):
        yield (*path, "limit"), replace(cap.limit, within=None, readings=()), ""


@operator
def silence_without_consequence(sound: Sound) -> Made:
    for path, clock in every(sound, core.Clock):
        for then in (None, Then.RECORD, Then.LAPSE):
            yield path, replace(clock, then=then, asks=None, readings=_but(clock, "then", "asks")), ""


@operator
def silence_stops_halfway(sound: Sound) -> Made:
    for path, stage in every(sound, core.Stage):
        if stage.next is not None:
            yield (*path, "clock"), replace(stage.clock, then=Then.LOOK_AGAIN, asks=None), ""


@operator
def up_to_nothing(sound: Sound) -> Made:
    for path, stage in every(sound, core.Stage):
        if stage.clock.then is Then.UP:
            yield (*path, "next"), None, ""
        elif stage.next is None:
            yield (*path, "clock"), replace(stage.clock, then=Then.UP, asks=None), ""


@operator
def a_question_to_nobody(sound: Sound) -> Made:
    for path, clock in every(sound, core.Clock):
        if clock.then is Then.ASK:
            yield (*path, "asks"), None, ""


@operator
def nobody_on_a_side(sound: Sound) -> Made:
    for path, stage in every(sound, core.Stage):
        sides = stage.sides
        if sides is None:
            continue
        results = stage.decision.results if stage.decision else ()
        passes = results and all(result.goes for result in results) and not stage.steps and not stage.endings
        rule = "nothing is asked of that side: it is decided, and goes on" if passes else ""
        yield (*path, "sides"), replace(sides, challenging=None, carried_by=None, readings=()), rule
        answers = stage.body is not None
        asked = any(step.who in (Who.RESPONDING, Who.EITHER, Who.EACH) for step in stage.steps) or stage.endings
        rule = "" if not answers and asked else "the body stands in place of that side, or nothing is asked of it"
        yield (*path, "sides"), replace(sides, responding=None, readings=()), rule


@operator
def nobody_to_do_a_step(sound: Sound) -> Made:
    for path, step in every(sound, core.Step):
        if step.strength is not core.Strength.MAY:
            yield (*path, "who"), None, ""


@operator
def nobody_decides(sound: Sound) -> Made:
    for path, _ in every(sound, core.Decision):
        yield (*path, "by"), None, ""


@operator
def a_post_that_is_not_there(sound: Sound) -> Made:
    for path, post in every(sound, core.Post):
        used = any(named_there == post.key for _, named_there in _references(sound.procedure, "post"))
        yield path, GONE, "" if used or post.key == OFFICE else "nothing names the post"


@operator
def a_post_by_another_name(sound: Sound) -> Made:
    for path, _ in _references(sound.procedure, "post"):
        yield path, NOWHERE, ""


@operator
def a_stage_by_another_name(sound: Sound) -> Made:
    for kind in ("stage", "route"):
        for path, _ in _references(sound.procedure, kind):
            yield path, NOWHERE, ""


@operator
def a_step_by_another_name(sound: Sound) -> Made:
    for path, _ in _references(sound.procedure, "step"):
        yield path, NOWHERE, ""


@operator
def an_ending_by_another_name(sound: Sound) -> Made:
    for path, _ in _references(sound.procedure, "ending"):
        yield path, NOWHERE, ""


@operator
def a_start_by_another_name(sound: Sound) -> Made:
    for path, start in every(sound, core.Start):
        if start.of is not None:
            yield (*path, "of"), NOWHERE, ""


@operator
def an_office_in_a_party(sound: Sound) -> Made:
    for path, post in every(sound, core.Post):
        if post.key == OFFICE:
            yield (*path, "held_in"), HeldIn.PARTY, ""


@operator
def standing_in_for_oneself(sound: Sound) -> Made:
    for path, post in every(sound, core.Post):
        yield (*path, "stand_in"), (post.key, *post.stand_in), ""


@operator
def an_ending_that_cannot_be_reached(sound: Sound) -> Made:
    for ending in sound.procedure.endings:
        changed = sound.procedure
        for path, node in walk(sound.procedure):
            if isinstance(node, core.Stage) and ending.key in node.endings:
                kept = tuple(key for key in node.endings if key != ending.key)
                changed = with_changed(changed, (*path, "endings"), kept)
            elif isinstance(node, core.Result) and node.ends == ending.key:
                changed = with_changed(changed, (*path, "ends"), None)
        yield (), changed, ""


@operator
def no_ending_anywhere_on_a_route(sound: Sound) -> Made:
    for number, route in enumerate(sound.procedure.routes):
        changed = sound.procedure
        for path, node in walk(route, ("routes", number)):
            if isinstance(node, core.Stage):
                changed = with_changed(changed, (*path, "endings"), ())
            elif isinstance(node, core.Result):
                changed = with_changed(changed, (*path, "ends"), None)
        endings = {e.key for e in sound.procedure.endings}
        left = {key for _, stage in every(Sound(changed, ()), core.Stage) for key in stage.endings}
        left |= {result.ends for _, result in every(Sound(changed, ()), core.Result) if result.ends}
        leads_out = any("/" in (stage.next or "") for stage in route.stages)
        rule = "it leads on to a route that ends, and every ending is used elsewhere"
        yield (), changed, rule if leads_out and left == endings else ""


@operator
def round_in_a_circle(sound: Sound) -> Made:
    for path, stage in every(sound, core.Stage):
        if stage.clock.then is not Then.UP:
            continue
        stages = at(sound.procedure, path[:-1])
        for earlier in stages[: int(path[-1]) + 1]:
            if all(s.clock.then is Then.UP for s in stages[stages.index(earlier) : int(path[-1])]):
                yield (*path, "next"), earlier.key, ""


@operator
def a_stage_passed_over(sound: Sound) -> Made:
    """The stage before leads past it, and nothing else leads to it."""
    for path, stage in every(sound, core.Stage):
        route = at(sound.procedure, path[:-2])
        ref = f"{route.key}/{stage.key}"
        leads = [
            p
            for p, to in _references(sound.procedure, "stage")
            if p[-1] in ("next", "goes", "to", "suggests") and _full(sound.procedure, p, to) == ref
        ]
        leads += [p for p, to in _references(sound.procedure, "route or stage") if to == ref]
        only_next = len(leads) == 1 and leads[0][-1] == "next"
        if only_next and stage.next is not None and route.stages[0] is not stage:
            beyond = stage.next if "/" in stage.next else f"{route.key}/{stage.next}"
            yield leads[0], beyond, ""


@operator
def the_same_stage_twice(sound: Sound) -> Made:
    for path, route in every(sound, core.Route):
        yield (*path, "stages"), (*route.stages, route.stages[0]), ""


@operator
def started_by_the_late_side(sound: Sound) -> Made:
    for path, _ in every(sound, core.Clock):
        yield (*path, "starts"), (Start(event=StartEvent.READ_BY_RESPONDING),), ""
        stage = at(sound.procedure, path[:-1])
        for step in stage.steps:
            if step.who is Who.RESPONDING:
                yield (*path, "starts"), (Start(event=StartEvent.STEP, of=step.key),), ""


@operator
def a_step_that_starts_its_own_time(sound: Sound) -> Made:
    for path, step in every(sound, core.Step):
        if step.limit is not None:
            yield (*path, "limit", "starts"), (Start(event=StartEvent.STEP, of=step.key),), ""


@operator
def reviewing_oneself(sound: Sound) -> Made:
    for path, decision in every(sound, core.Decision):
        if decision.by:
            yield path, replace(decision, reviews=decision.by[0], hears_own=()), ""
        if decision.reviews is not None and decision.reviews not in (decision.by or ()):
            yield path, replace(decision, by=(*(decision.by or ()), decision.reviews), hears_own=()), ""
        if decision.reviews in (decision.by or ()) and decision.hears_own:
            yield (*path, "hears_own"), (), ""


@operator
def a_step_that_waits_for_a_later_one(sound: Sound) -> Made:
    for path, _ in every(sound, core.Step):
        steps = at(sound.procedure, path[:-1])
        for later in steps[int(path[-1]) + 1 :]:
            yield (*path, "after"), (later.key,), ""


@operator
def a_decision_without_results(sound: Sound) -> Made:
    for path, _ in every(sound, core.Decision):
        yield (*path, "results"), (), ""


@operator
def a_matter_that_leads_nowhere(sound: Sound) -> Made:
    for path, matter in every(sound, core.Matter):
        if matter.to is not None and matter.elsewhere is None and not matter.forks:
            yield path, replace(matter, to=None, readings=()), ""


@operator
def a_move_to_where_it_is(sound: Sound) -> Made:
    for path, move in every(sound, core.Move):
        if move.to is not None:
            yield (*path, "to"), at(sound.procedure, path[:-2]).key, ""


@operator
def a_figure_the_clause_does_not_give(sound: Sound) -> Made:
    texts = {clause.id: f"{clause.duty} {clause.when}" for clause in sound.clauses}
    for path, limit in every(sound, core.Limit):
        span = limit.within
        read = any(reading.of in ("within", ITSELF) for reading in limit.readings)
        text = " ".join(texts.get(clause, "") for clause in limit.clauses)
        speaks_of_time = any(unit in text for unit in ("day", "week", "month", "hour"))
        if span is None or read or not hasattr(span, "n") or not speaks_of_time or span.n not in numbers_in(text):
            continue
        for n in (span.n + 1, span.n * 2 + 1):
            rule = "the clause gives this figure too" if n in numbers_in(text) else ""
            yield (*path, "within"), type(span)(n), rule


@operator
def a_clause_by_another_name(sound: Sound) -> Made:
    for path, node in walk(sound.procedure):
        if getattr(node, "clauses", ()):
            yield (*path, "clauses"), (NOWHERE, *node.clauses[1:]), ""


@operator
def a_rule_without_its_clause(sound: Sound) -> Made:
    cites = (core.Stage, core.Clock, core.Step, core.Duty, core.Tell, core.Ask, core.Guidance, core.Reading)
    for path, node in walk(sound.procedure):
        if isinstance(node, cites) and node.clauses:
            only_read = any(reading.of == ITSELF for reading in getattr(node, "readings", ()))
            carried = only_read and _still_carried(sound, path, (node.clauses,))
            yield (*path, "clauses"), (), "it is there only by its reading, which cites the clause" if carried else ""


@operator
def dropped(sound: Sound) -> Made:
    kinds = (core.Duty, core.Tell, core.Ask, core.Guidance, core.Outside, core.UrgentRequest, core.Check, core.Title)
    for path, node in walk(sound.procedure):
        if isinstance(node, kinds) and isinstance(path[-1], int):
            inside = tuple(inner.clauses for _, inner in walk(node) if hasattr(inner, "clauses"))
            carried = _still_carried(sound, path, inside)
            yield path, GONE, "everything it cites is carried as strongly by something else" if carried else ""


@operator
def a_reading_taken_back(sound: Sound) -> Made:
    """One reading, with the value it gives: what the words alone say there."""
    for path, node in walk(sound.procedure):
        for number, reading in enumerate(getattr(node, "readings", ())):
            others = tuple(other for at_, other in enumerate(node.readings) if at_ != number)
            if reading.of == ITSELF:
                continue
            bare = words_alone(replace(node, readings=(reading,)))
            value = getattr(bare, reading.of)
            if reading.of in ("within", "then", "challenging", "asks", "by") and value is None:
                latest = reading.of == "within" and node.no_later_than is not None
                kept = latest and _still_carried(sound, (*path, "readings", number), (reading.clauses,))
                rule = "the text gives a latest time beside it, and another reading cites the clause" if kept else ""
                yield path, replace(node, **{reading.of: value, "readings": others}), rule


def _but(node: Any, *fields_: str) -> tuple[core.Reading, ...]:
    return tuple(reading for reading in node.readings if reading.of not in fields_)


def _references(procedure: Procedure, kind: str) -> Iterator[tuple[Path_, str]]:
    sides = {Who.CHALLENGING.value, Who.RESPONDING.value, ALL_PARTIES}
    for path, node in walk(procedure):
        for (type_, name), of_kind in REFERENCES.items():
            if type(node) is not type_ or not of_kind.startswith(kind):
                continue
            value = getattr(node, name)
            for position, key in enumerate(value if isinstance(value, tuple) else ()):
                if key not in sides:
                    yield (*path, name, position), key
            if isinstance(value, str):
                yield (*path, name), value


def _full(procedure: Procedure, path: Path_, to: str) -> str:
    return to if "/" in to or path[0] != "routes" else f"{procedure.routes[int(path[1])].key}/{to}"


_PROMPTS = (core.Ask, core.UrgentRequest)
_SHOWS = (core.Guidance, core.Reading)


def _still_carried(sound: Sound, path: Path_, cited: tuple[tuple[str, ...], ...]) -> bool:
    """Whether each clause is cited, outside of what is changed, by something that does what the register asks of it."""
    ours = {clause for clauses in cited for clause in clauses}
    known = {clause.id: clause for clause in sound.clauses}
    owed = {clause for clause in ours if clause.startswith(f"{sound.procedure.clause_prefix}.")}
    left: dict[str, set[type]] = defaultdict(set)
    for other, node in walk(sound.procedure):
        if other[: len(path)] != path:
            for clause in (*getattr(node, "clauses", ()), *getattr(node, "hears_own", ())):
                left[clause].add(type(node))
    return all(_does(known[clause].use, left[clause]) for clause in owed) and not any(
        known[clause].ambiguity and core.Reading not in left[clause] for clause in owed
    )


def _does(use: str, by: set[type]) -> bool:
    rules = by - {*_PROMPTS, *_SHOWS, core.Outside}
    match use:
        case "enforce" | "compute":
            return bool(rules)
        case "prompt":
            return bool(rules | by & set(_PROMPTS))
        case "show" | "produce":
            return bool(by - {core.Outside})
        case _:
            return bool(by)


# --- trying ----------------------------------------------------------------------------------------------------------


def procedures(*, shipped: bool = True) -> Iterator[Sound]:
    """Every invented procedure, after the shipped ones."""
    invented = (path for path in sorted(INVENTED.glob("*.yaml")) if not path.name.endswith(".clauses.yaml"))
    for path in (*(shipped_files() if shipped else ()), *invented):
        procedure = read_procedure(path)
        yield Sound(procedure, clauses_known_to(path, procedure))


def mutants(sound: tuple[Sound, ...], most: int = MOST) -> Iterator[Mutant]:
    """Every defect that is tried, operator by operator."""
    for name, make in OPERATORS.items():
        made = [(one, *rest) for one in sound for rest in make(one)]
        every_so_many = max(1, -(-len(made) // most))
        for one, path, new, rule in islice(made, 0, None, every_so_many):
            changed = with_changed(one.procedure, path, new)
            yield Mutant(name, named(one.procedure, path), changed, one, rule)


def noticed(mutant: Mutant, *, compare: bool = False) -> str:
    """The proof that fails, or empty where none does. `compare` also explores it and holds both checkers together."""
    over_data = proofs_over_data(mutant.procedure, mutant.sound.clauses)
    failing = next((str(proof) for proof, failures in over_data.items() if failures), "")
    # With names that mean nothing it can't be explored: the reader refuses it before.
    can_be_explored = not over_data[Proof.NAMES] and not over_data[Proof.POSTS]
    if can_be_explored and (compare or not failing):
        graph = graph_of(mutant.procedure)
        apart = list(differences(explore(synthetic(mutant.procedure)), graph)) if compare else []
        if apart:
            raise AssertionError(f"{mutant.operator} at {mutant.place}: the checkers do not agree: {apart[:3]}")
        over_states = proofs_over_states(mutant.procedure, graph)
        failing = failing or next((str(proof) for proof, failures in over_states.items() if failures), "")
    return failing


def main() -> int:
    """Try them all; print how many of each kind were noticed, and each that was not; 1 when too few were."""
    tried: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    same: Counter[str] = Counter()
    by_proof: dict[str, Counter[str]] = defaultdict(Counter)
    missed: list[Mutant] = []
    for number, mutant in enumerate(mutants(tuple(procedures()))):
        proof = noticed(mutant, compare=number % COMPARED == 0)
        if not proof and mutant.equivalent:
            same[mutant.operator] += 1
            continue
        tried[mutant.operator] += 1
        if proof:
            caught[mutant.operator] += 1
            by_proof[mutant.operator][proof] += 1
        else:
            missed.append(mutant)
    for name in OPERATORS:
        proofs = "; ".join(f"{proof} {n}" for proof, n in by_proof[name].most_common(2))
        print(f"{name:40} {caught[name]:4} of {tried[name]:4}   nothing wrong {same[name]:3}   {proofs}")
    share = sum(caught.values()) / sum(tried.values())
    print(f"{sum(caught.values()):,} of {sum(tried.values()):,} defects noticed ({share:.1%})")
    print(f"{sum(same.values())} more changes leave nothing wrong, by the rules beside each operator")
    for mutant in missed:
        print(f"  missed: {mutant.operator}: {mutant.place}")
    return 0 if share >= SHARE_NOTICED else 1


if __name__ == "__main__":
    sys.exit(main())
