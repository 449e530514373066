"""Writes a process as BPMN 2.0: the one place that knows the `bpmn-io` package.

That package is young. It stands behind `written` and `findings`, so that another can take its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from bpmn_io import BpmnModdle, ParseError, check, layout_process
from bpmn_io.lint import Linter
from bpmn_io.lint.resolver import NodeResolver


class Kind(StrEnum):
    """What a node is, by its BPMN name."""

    START = "StartEvent"
    TASK = "UserTask"
    CHOICE = "ExclusiveGateway"
    TIMER = "TimerEventDefinition"
    """On the border of a task: its time has run out."""
    END = "EndEvent"


@dataclass(frozen=True, kw_only=True)
class Node:
    """One thing of a process. `id` is unique in it: letters, figures, `_`, `-` and `.`, and a letter first."""

    id: str
    kind: Kind
    name: str | None = None
    words: str | None = None
    """More about it, or the time of a timer."""
    on: str | None = None
    """A timer's task."""
    stops: bool = False
    """Whether a timer's task ends with it."""


@dataclass(frozen=True)
class Flow:
    """An arrow from node to node, with what it means."""

    start: str
    end: str
    name: str | None = None


def written(id: str, name: str, nodes: tuple[Node, ...], flows: tuple[Flow, ...]) -> str:
    """This will write a process with its drawing as BPMN 2.0 XML. Where arrows meet, a gateway joins them."""
    nodes, flows = _joined(nodes, flows)
    model: Any = BpmnModdle()  # the package types what it gives as plain objects
    elements: dict[str, Any] = {}
    for node in nodes:
        elements[node.id] = _element(model, node, elements)
    arrows = []
    for at, flow in enumerate(flows, start=1):
        start, end = elements[flow.start], elements[flow.end]
        named = {"name": flow.name} if flow.name else {}
        arrow = model.create("bpmn:SequenceFlow", {"id": f"flow-{at}", **named, "sourceRef": start, "targetRef": end})
        start.get("outgoing").append(arrow)
        end.get("incoming").append(arrow)
        arrows.append(arrow)
    process = model.create("bpmn:Process", {"id": id, "name": name, "isExecutable": False})
    process.get("flowElements").extend([*elements.values(), *arrows])
    definitions = model.create("bpmn:Definitions", {"id": f"{id}-definitions", "targetNamespace": "urn:commonground"})
    definitions.get("rootElements").append(process)
    return str(layout_process(model.to_xml(definitions, {"format": True}).xml))


def findings(xml: str) -> tuple[str, ...]:
    """This will say what is wrong with a BPMN file: what can't be read, what points nowhere, what lint advises."""
    model: Any = BpmnModdle()
    try:
        read = model.from_xml(xml)
    except ParseError as error:
        return (str(error),)
    unread = (warning.message for warning in read.warnings)
    rules: Any = _Rules()
    # A linter for each file: its rules remember what they saw.
    lint = Linter(resolver=rules).lint(read.root_element, {"extends": "bpmnlint:recommended"})
    advice = (f"{rule}: {one['id']}: {one['message']}" for rule, found in lint.items() for one in found)
    return (*unread, *check(read.root_element).errors, *advice)


@cache
def _rule(pkg: str, name: str) -> object:
    """How to make one of the package's rules, looked for once: every look goes through all that is installed."""
    return NodeResolver().resolve_rule(pkg, name)


class _Rules(NodeResolver):
    def resolve_rule(self, pkg: str, rule_name: str) -> object:
        return _rule(pkg, rule_name)


def _joined(nodes: tuple[Node, ...], flows: tuple[Flow, ...]) -> tuple[tuple[Node, ...], tuple[Flow, ...]]:
    """BPMN runs a node once for each arrow that comes in; a gateway before it says that any one of them will do."""
    crowded = {node.id for node in nodes if sum(flow.end == node.id for flow in flows) > 1}
    joins = tuple(Node(id=f"{id}-join", kind=Kind.CHOICE) for id in sorted(crowded))
    led = tuple(Flow(flow.start, f"{flow.end}-join", flow.name) if flow.end in crowded else flow for flow in flows)
    return (*nodes, *joins), (*led, *(Flow(join.id, join.id.removesuffix("-join")) for join in joins))


def _element(model: Any, node: Node, elements: dict[str, Any]) -> Any:
    named = {"id": node.id, "name": node.name} if node.name else {"id": node.id}
    if node.on is None:
        element = model.create(f"bpmn:{node.kind}", named)
        if node.words:
            element.get("documentation").append(model.create("bpmn:Documentation", {"text": node.words}))
        return element
    # Words, not an ISO duration: none of those can say a working day, and this process is for reading.
    duration = model.create("bpmn:FormalExpression", {"body": node.words})
    element = model.create(
        "bpmn:BoundaryEvent", {**named, "attachedToRef": elements[node.on], "cancelActivity": node.stops}
    )
    element.get("eventDefinitions").append(
        model.create(f"bpmn:{node.kind}", {"id": f"{node.id}-definition", "timeDuration": duration})
    )
    return element
