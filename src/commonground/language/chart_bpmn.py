"""The chart of a route as a BPMN 2.0 process, for people who work with modelling tools.

It shows the procedure; it does not run it. Each stage is a user task with a timer on its border for its limit, a
gateway for what came of it, and one for what was decided. Ways to other routes or procedures are ends that say where it
goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from commonground.core.procedure import Key, MoveKind, Procedure, Then
from commonground.language.bpmn_file import Flow, Kind, Node, written
from commonground.language.chart_words import Closing, Ladder, Rung, Way, ladder


def bpmn(procedure: Procedure, route: Key) -> str:
    """This will write a route as BPMN 2.0 XML with its drawing; KeyError where there is no such route."""
    drawn = ladder(procedure, route)
    process = _Process(drawn)
    return written(
        _id("process", drawn.procedure, drawn.route), drawn.title, tuple(process.nodes), tuple(process.flows)
    )


class _Process:
    """The nodes and arrows of one ladder. Ids are the parts' keys, with a number where keys would look alike."""

    def __init__(self, drawn: Ladder) -> None:
        self.nodes: list[Node] = []
        self.flows: list[Flow] = []
        self.tasks = {rung.key: _id("stage", str(at), rung.key) for at, rung in enumerate(drawn.rungs, start=1)}
        start = self._node("raised", Kind.START, "A disagreement is raised", drawn.covers)
        first = next(iter(self.tasks.values()), None)
        self.flows.append(Flow(start, first or self._node("no-stage", Kind.END, "The text names no stage", None)))
        for rung in drawn.rungs:
            self._stage(rung)

    def _stage(self, rung: Rung) -> None:
        task = self._node(self.tasks[rung.key], Kind.TASK, rung.name, "\n".join(_words(rung)))
        decided = [
            (result.name, self._end(task, result.closing) if result.closing else self._target(task, result.way))
            for result in rung.results
        ]
        came = [(closing.name, self._end(task, closing)) for closing in rung.closings]
        if rung.onward:
            came.append(("Not settled", self._target(task, rung.onward)))
        came += [(_label(way), self._target(task, way)) for way in rung.others]
        if decided:
            came.insert(0, ("Decided", self._choice(f"{task}-decision", f"Decides: {rung.decides}", decided)))
        if not came:
            came.append(("", self._node(f"{task}-open", Kind.END, "The text names no way on", None)))
        self.flows.append(Flow(task, self._choice(f"{task}-outcome", f"{rung.short}: what came of it?", came)))
        self._time(rung, task)

    def _time(self, rung: Rung, task: str) -> None:
        """The stage's clock. Where silence goes up, the stage ends with it; elsewhere it stays open and is seen to."""
        if rung.span is None:
            return
        up = rung.then is Then.UP and rung.onward is not None
        timer = f"{task}-time"
        self.nodes.append(Node(id=timer, kind=Kind.TIMER, name=rung.limit, words=rung.span, on=task, stops=up))
        if up and rung.onward:
            self.flows.append(Flow(timer, self._target(task, rung.onward)))
            return
        seen = self._node(f"{task}-silence", Kind.TASK, f"In silence: {rung.silence}", None)
        end = self._node(f"{task}-silence-end", Kind.END, f"{rung.short} stays open", None)
        self.flows += [Flow(timer, seen), Flow(seen, end)]

    def _choice(self, id: str, name: str, ways: list[tuple[str, str]]) -> str:
        """A gateway with its ways on, those to one place as one; or the one way there is."""
        labels: dict[str, list[str]] = {}
        for label, target in ways:
            labels.setdefault(target, []).append(label)
        if len(labels) == 1:
            return ways[0][1]
        self._node(id, Kind.CHOICE, name, None)
        self.flows += [Flow(id, target, "; or ".join(dict.fromkeys(named))) for target, named in labels.items()]
        return id

    def _target(self, task: str, way: Way | None) -> str:
        """Where a way leads: the stage itself where it leads nowhere, or an end that names where it goes on."""
        if way is None:
            return task
        if way.to is not None:
            return self.tasks[way.to]
        return self._node(self._fresh(f"{task}-elsewhere"), Kind.END, f"Goes on: {way.where}", None)

    def _end(self, task: str, closing: Closing) -> str:
        return self._node(self._fresh(_id(task, "end", closing.key)), Kind.END, closing.name, None)

    def _fresh(self, id: str) -> str:
        taken = {node.id for node in self.nodes}
        return next(name for name in (id, *(f"{id}-{at}" for at in range(2, len(taken) + 3))) if name not in taken)

    def _node(self, id: str, kind: Kind, name: str, words: str | None) -> str:
        self.nodes.append(Node(id=id, kind=kind, name=name, words=words))
        return id


def _words(rung: Rung) -> Iterable[str]:
    if rung.faces:
        yield f"Challenging side: {rung.faces.challenging}. Responding side: {rung.faces.responding}."
    if rung.before:
        yield f"Before: {rung.before}."
    yield f"Time: {rung.limit}. In silence: {rung.silence}."
    yield from (f"{shared}." for shared in rung.shared)
    yield from (f"{step}." for step in rung.steps)
    if rung.decides:
        # Here too, because a decision with one way on is drawn without a gateway that would name it.
        yield f"Decides: {rung.decides}. Results: {'; '.join(result.name for result in rung.results)}."


def _label(way: Way) -> str:
    if way.kind is MoveKind.BESIDE:
        # Not a second event on the task's border: the layout we have draws them over one another.
        return f"beside, and this stage goes on{f': {way.when}' if way.when else ''}"
    return ": ".join(part for part in (way.kind, way.when) if part)


def _id(*parts: str) -> str:
    """A name XML takes: begins with a letter, and holds letters, figures, `-` and `_` only."""
    return "-".join(re.sub("[^A-Za-z0-9_-]", "_", part) for part in parts)
