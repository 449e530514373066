"""The chart of one route of a procedure, in every form: drawing, flowchart, BPMN, and a list for those who read it.

    svg(procedure, "general", here="two", visited=("one",))     # to put into a page
    outline(procedure, "general")                               # the same as a list, one line a stage
    mermaid(procedure, "general")                               # flowchart text, for a wiki
    bpmn(procedure, "general")                                  # BPMN 2.0, for a modelling tool

All are made from `chart_words.py`, so they cannot say different things, and the same procedure always gives the same
bytes. All raise KeyError for a route the procedure does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from commonground.core.procedure import Key, Procedure
from commonground.language.chart_bpmn import bpmn
from commonground.language.chart_svg import svg
from commonground.language.chart_words import ALWAYS_OPEN, Decided, Ladder, Rung, Way, ladder

__all__ = ["bpmn", "mermaid", "outline", "svg"]


def outline(procedure: Procedure, route: Key) -> tuple[str, ...]:
    """This will say the chart as a list: one line for each stage, in the order of `route.stages`, with all it draws."""
    drawn = ladder(procedure, route)
    return tuple(" ".join(_sentences(drawn, rung)) for rung in drawn.rungs)


def mermaid(procedure: Procedure, route: Key) -> str:
    """This will write the chart as a Mermaid flowchart. Every text is escaped; node names carry the stages' keys."""
    drawn = ladder(procedure, route)
    return "\n".join(["flowchart TD", *_flowchart(drawn)]) + "\n"


# --- The list --------------------------------------------------------------------------------------------------------


def _sentences(drawn: Ladder, rung: Rung) -> Iterator[str]:
    yield f"{rung.name}{f' ({rung.note})' if rung.note else ''}."
    if rung is drawn.rungs[0] and drawn.window:
        yield drawn.window
    if rung.faces:
        yield f"Challenging side: {rung.faces.challenging}. Responding side: {rung.faces.responding}."
    if rung.before:
        yield f"Before: {rung.before}."
    yield f"Time: {rung.limit}."
    for shared in rung.shared:
        yield f"{shared}."
    if rung.steps:
        yield f"What is done: {'; '.join(rung.steps)}."
    if rung.decides:
        yield f"Decides: {rung.decides}. Results: {'; '.join(_result(result) for result in rung.results)}."
    if rung.closings:
        yield f"Can end: {'; '.join(closing.name for closing in rung.closings)}."
    if rung.onward:
        yield f"Not settled: {rung.onward.where}."
    yield f"In silence: {rung.silence}."
    for way in rung.others:
        yield f"Also {_other(way)}."


def _result(result: Decided) -> str:
    if result.closing:
        ends = "ends" if result.closing.name == result.name else f"ends: {result.closing.name}"
        return f"{result.name} ({ends})"
    return f"{result.name} (goes on: {result.way.where})" if result.way else f"{result.name} (stays here)"


def _other(way: Way) -> str:
    words = f"{way.kind.value} to {way.where}" if way.kind else way.where
    return f"{words}: {way.when}" if way.when else words


# --- The flowchart ---------------------------------------------------------------------------------------------------


def _flowchart(drawn: Ladder) -> Iterator[str]:
    """Solid lines: in turn and decided. Dotted: other ways the text names."""
    names = {rung.key: _node("s", at, rung.key) for at, rung in enumerate(drawn.rungs)}
    ends = {closing.key: _node("e", at, closing.key) for at, closing in enumerate(drawn.closings)}
    raised = f"A disagreement is raised<br/>{_text(drawn.title)}"
    if drawn.window:
        raised += f"<br/>{_text(drawn.window)}"
    yield f'  raised(["{raised}"])'
    for rung in drawn.rungs:
        yield f'  {names[rung.key]}["{"<br/>".join(_text(line) for line in _box(rung))}"]'
    for closing in drawn.closings:
        yield f'  {ends[closing.key]}(["{_text(closing.name)}"])'
    yield from (f"  raised --> {names[rung.key]}" for rung in drawn.rungs[:1])
    elsewhere = 0
    for rung in drawn.rungs:
        here = names[rung.key]
        lines: list[str] = []
        outward: list[tuple[str, str, str, Way]] = []
        for closing in rung.closings:
            lines.append(f"  {here} --> {ends[closing.key]}")
        asked = here
        if rung.decides:
            asked = f"{here}_d"
            lines.append(f'  {asked}{{"{_text(f"Decides: {rung.decides}")}"}}')
            lines.append(f"  {here} --> {asked}")
        for result in rung.results:
            if result.closing:
                lines.append(f'  {asked} -->|"{_text(result.name)}"| {ends[result.closing.key]}')
            elif result.way:
                outward.append((asked, "-->", result.name, result.way))
            else:
                lines.append(f'  {asked} -->|"{_text(f"{result.name} (stays here)")}"| {here}')
        if rung.onward:
            outward.append((here, "-->", f"not settled; in silence: {rung.silence}", rung.onward))
        else:
            lines.append(f'  {here}_top["{_text(f"In silence: {rung.silence}")}"]')
            lines.append(f"  {here} --> {here}_top")
        outward += [
            (here, "-.->", f"{way.kind}: {way.when}" if way.when else f"{way.kind}", way) for way in rung.others
        ]
        for start, arrow, label, way in outward:
            target = names.get(way.to) if way.to else None
            if target is None:
                target, elsewhere = f"x{elsewhere}", elsewhere + 1
                lines.append(f'  {target}[["{_text(way.where)}"]]')
            lines.append(f'  {start} {arrow}|"{_text(label)}"| {target}')
        yield from lines
    yield f'  always["{_text(ALWAYS_OPEN)}"]'


def _other_label(way: Way) -> str:
    return ": ".join(part for part in (way.kind, way.when) if part)


def _box(rung: Rung) -> Iterator[str]:
    yield f"{rung.name} ({rung.note})" if rung.note else rung.name
    if rung.faces:
        yield f"{rung.faces.challenging} / {rung.faces.responding}"
    if rung.before:
        yield f"before: {rung.before}"
    yield rung.limit
    yield from rung.shared


def _node(kind: str, at: int, key: Key) -> str:
    """A name Mermaid takes as it is: its own words (`end`) and arrows in it (`o--`) are made harmless."""
    return f"{kind}{at + 1}_{re.sub('[^A-Za-z0-9]', '_', key)}"


def _text(text: str) -> str:
    """A text inside quotes: all but letters, figures and plain marks as a character's number."""
    return "".join(char if char.isalnum() or char in " .,:!?()/-'" else f"#{ord(char)};" for char in text)
