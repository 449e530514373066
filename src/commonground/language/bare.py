"""The words alone: a procedure without its readings, and without whatever mentions what only a reading put there."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from commonground.core import procedure as core
from commonground.core.procedure import (
    OFFICE,
    Key,
    Procedure,
    StageRef,
    Start,
    StartEvent,
    split_ref,
    words_alone,
)

Node = TypeVar("Node")


def bare(procedure: Procedure) -> Procedure:
    """This will give what the published words alone make of a procedure. Routes that are empty without their readings
    are left out; at least the first is kept as it was, without its stages, where none has any."""
    alone: Procedure = words_alone(procedure)
    routes = tuple(route for route in alone.routes if route.stages)
    return _Left(replace(alone, routes=routes)).of(replace(alone, routes=routes), "", None)


class _Left:
    """What is left to be named, and the same procedure without mention of anything else."""

    def __init__(self, procedure: Procedure) -> None:
        self.posts = {post.key for post in procedure.posts} | {OFFICE}
        self.endings = {ending.key for ending in procedure.endings}
        self.routes = {route.key for route in procedure.routes}
        self.stages = {f"{route.key}/{stage.key}" for route in procedure.routes for stage in route.stages}
        self.steps: set[Key] = set()

    def of(self, node: Node, route: Key, stage: core.Stage | None) -> Node:
        """A node and all inside it, mentioning only what is left."""
        if not is_dataclass(node) or isinstance(node, type):
            return node
        if isinstance(node, core.Route):
            route = node.key
        if isinstance(node, core.Stage):
            stage = node
        changes: dict[str, Any] = {}
        for field in fields(node):
            value = getattr(node, field.name)
            changes[field.name] = (
                tuple(self.of(item, route, stage) for item in value)
                if isinstance(value, tuple)
                else self.of(value, route, stage)
            )
        mended: Node = self._mended(replace(node, **changes), route, stage)
        return mended

    def _mended(self, node: Any, route: Key, stage: core.Stage | None) -> Any:
        steps = {step.key for step in stage.steps} if stage else set()
        match node:
            case core.Clock():
                asks = node.asks if node.asks in self.posts else None
                return replace(node, asks=asks, starts=self._starts(node.starts, route, steps))
            case core.Limit():
                return replace(node, starts=self._starts(node.starts, route, steps))
            case core.Sides():
                carried_by = node.carried_by if node.carried_by in self.posts else None
                challenging, responding = self._posts(node.challenging), self._posts(node.responding)
                return replace(node, challenging=challenging, responding=responding, carried_by=carried_by)
            case core.Decision():
                reviews = node.reviews if node.reviews in self.posts else None
                return replace(node, by=self._posts(node.by), reviews=reviews, needs=_needs(node.needs, steps))
            case core.Result():
                ends = node.ends if node.ends in self.endings else None
                return replace(node, ends=ends, goes=self._ref(node.goes, route), needs=_needs(node.needs, steps))
            case core.Step():
                after = tuple(key for key in node.after if key in steps)
                return replace(node, after=after, with_=self._posts(node.with_) or ())
            case core.Duty():
                return replace(node, by=node.by if node.by in self.posts else None)
            case core.Post():
                return replace(node, stand_in=self._posts(node.stand_in) or ())
            case core.Stage():
                decision = node.decision if node.decision is not None and node.decision.results else None
                return replace(
                    node,
                    body=node.body if node.body is not None and node.body.chair in self.posts else None,
                    lines=tuple(line for line in node.lines if line.post in self.posts),
                    others=tuple(other for other in node.others if other.post in self.posts),
                    decision=decision,
                    endings=tuple(key for key in node.endings if key in self.endings),
                    next=self._ref(node.next, route),
                    moves=tuple(move for move in node.moves if move.to is None or self._ref(move.to, route)),
                )
            case core.Route():
                caps = (replace(cap, stages=self._own(cap.stages, route)) for cap in node.caps)
                return replace(node, caps=tuple(cap for cap in caps if cap.stages))
            case core.Matter():
                forks = tuple(fork for fork in node.forks if self._begins(fork.to))
                return replace(node, to=node.to if self._begins(node.to) else None, forks=forks)
            case core.Procedure():
                return replace(node, patterns=tuple(p for p in node.patterns if p.suggests in self.stages))
            case _:
                return node

    def _posts(self, posts: tuple[Key, ...] | None) -> tuple[Key, ...] | None:
        return tuple(post for post in posts or () if post in self.posts) or None

    def _ref(self, ref: StageRef | None, route: Key) -> StageRef | None:
        return ref if ref is not None and "/".join(split_ref(ref, route)) in self.stages else None

    def _begins(self, to: StageRef | None) -> bool:
        return to in self.routes or to in self.stages

    def _own(self, stages: tuple[Key, ...], route: Key) -> tuple[Key, ...]:
        return tuple(key for key in stages if f"{route}/{key}" in self.stages)

    def _starts(self, starts: tuple[Start, ...], route: Key, steps: set[Key]) -> tuple[Start, ...]:
        def is_left(start: Start) -> bool:
            match start.event:
                case StartEvent.STEP:
                    return start.of in steps
                case StartEvent.DUE:
                    return f"{route}/{start.of}" in self.stages
                case _:
                    return True

        return tuple(start for start in starts if is_left(start))


def _needs(needs: tuple[core.Need, ...], steps: set[Key]) -> tuple[core.Need, ...]:
    return tuple(need for need in needs if need.step is None or need.step in steps)
