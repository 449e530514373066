"""What one part of a procedure says of another: every name, clause and reading has to be about something that is there.

It works on the bare values before they become core types, so that a misspelt stage is reported together with a misspelt
span. What is of the wrong kind is passed over here: pydantic reports it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from commonground.core import procedure as core
from commonground.core.procedure import ITSELF, OFFICE, HeldIn, MoveKind, Needed, Start, StartEvent, Then, Who
from commonground.language.mistakes import Mistake, Where
from commonground.language.schema import KEY_PATTERN, OWN_WORD, Holds, Shape, shape_of
from commonground.language.spots import Spot, spot_of

Found = tuple[Spot, Mistake]

ALL_PARTIES: Final = "all parties"
_TOLD: Final = {Who.CHALLENGING.value, Who.RESPONDING.value, ALL_PARTIES}

_MANY_TO_LIST: Final = 15  # with more choices than this, a message names the likeliest only


@dataclass(frozen=True)
class _Node:
    """One group in the procedure, with what stands around it."""

    value: dict[str, Any]
    where: Where
    shape: Shape
    listed: bool
    """It is an item of a list, so a reading may be of it `itself`."""
    route: Mapping[str, Any] | None
    stage: Mapping[str, Any] | None


def mistakes_in_references(data: Any, spots: dict[Where, Spot], clauses: Collection[str]) -> Iterator[Found]:
    """This will yield every mistake between the parts of a procedure, with the spot it stands at.

    `data` is the procedure as bare values by the core's field names, `spots` their places, `clauses` the ids that may
    be cited.
    """
    names = _Names(data, clauses)
    for node in _nodes(data, (), shape_of(core.Procedure), listed=False, route=None, stage=None):
        say = _Say(node, spots)
        yield from _keys_once(node, say)
        yield from _names_known(node, say, names)
        yield from _clauses_known(node, say, names)
        yield from _readings_of_something(node, say)
        for type_, rule in _RULES:
            if issubclass(node.shape.type, type_):
                yield from rule(node, say)


@dataclass(frozen=True)
class _Say:
    """Makes the mistakes of one node."""

    node: _Node
    spots: dict[Where, Spot]

    def __call__(self, *path: str | int, write: str, found: str | None = None) -> Found:
        where = (*self.node.where, *path)
        spot = spot_of(self.spots, where)
        if where not in self.spots and found is None:
            found = "nothing"
        if where not in self.spots and path:
            spot = spot.of(str(path[-1]).rstrip("_").replace("_", "-"))
        return spot, spot.mistake(write=write, found=found)


def _nodes(value: Any, where: Where, shape: Shape, *, listed: bool, route: Any, stage: Any) -> Iterator[_Node]:
    if not isinstance(value, dict):
        return
    yield _Node(value, where, shape, listed, route, stage)
    if shape.type is core.Route:
        route = value
    elif shape.type is core.Stage:
        stage = value
    for name, field in shape.fields.items():
        if field.holds is not Holds.NODE:
            continue
        inner = shape_of(field.type)
        if field.many:
            for number, item in enumerate(_list(value, name)):
                yield from _nodes(item, (*where, name, number), inner, listed=True, route=route, stage=stage)
        else:
            yield from _nodes(value.get(name), (*where, name), inner, listed=False, route=route, stage=stage)


def _list(value: Any, name: str) -> list[Any]:
    listed = value.get(name) if isinstance(value, dict) else None
    return listed if isinstance(listed, list) else []


def _keys_of(value: Any, name: str) -> list[str]:
    keys = (item.get("key") for item in _list(value, name) if isinstance(item, dict))
    return [key for key in keys if isinstance(key, str)]


# --- Names -----------------------------------------------------------------------------------------------------------


class _Names:
    """Every name that may be used, and where."""

    def __init__(self, data: Any, clauses: Collection[str]) -> None:
        self.clauses = clauses
        self.prefix = data.get("clause_prefix")
        self.posts = _keys_of(data, "posts")
        self.endings = _keys_of(data, "endings")
        self.ratings = [rating for rating in _list(data, "ratings") if isinstance(rating, str)]
        self.routes = _keys_of(data, "routes")
        self.stages = {key: _keys_of(route, "stages") for route in _list(data, "routes") if (key := _key(route))}
        self.routes_in_full = _list(data, "routes")
        self.no_register = isinstance(self.prefix, str) and not any(c.startswith(f"{self.prefix}.") for c in clauses)

    def of(self, kind: str, node: _Node) -> Iterable[str]:
        """The names of a kind that may be used at a node."""
        match kind:
            case "post":
                return self.posts
            case "post to tell":
                return [*self.posts, *sorted(_TOLD)]
            case "ending":
                return self.endings
            case "urgency rating":
                return self.ratings
            case "route":
                return self.routes
            case "step":
                stages = (
                    [node.stage] if node.stage else _list(node.route, "stages") if node.route else self._all_stages()
                )
                return [key for stage in stages for key in _keys_of(stage, "steps")]
            case "stage of this route":
                return (
                    _keys_of(node.route, "stages") if node.route else [s for own in self.stages.values() for s in own]
                )
            case "stage":
                here = _keys_of(node.route, "stages") if node.route else []
                return [*here, *(f"{route}/{stage}" for route, own in self.stages.items() for stage in own)]
            case "stage of a route it is asked on":
                routes = _list(node.value, "routes") or self.routes
                return [stage for route in routes for stage in self.stages.get(route, ())]
            case "route or stage":
                return [*self.routes, *(f"{route}/{stage}" for route, own in self.stages.items() for stage in own)]
            case _:
                raise ValueError(f"no names of the kind {kind!r}")

    def _all_stages(self) -> list[Any]:
        return [stage for route in self.routes_in_full for stage in _list(route, "stages")]


def _key(value: Any) -> str | None:
    key = value.get("key") if isinstance(value, dict) else None
    return key if isinstance(key, str) else None


REFERENCES: Final[Mapping[tuple[type, str], str]] = {
    (core.Clock, "asks"): "post",
    (core.Decision, "by"): "post",
    (core.Decision, "reviews"): "post",
    (core.Step, "with_"): "post",
    (core.Step, "after"): "step",
    (core.Need, "step"): "step",
    (core.Sides, "challenging"): "post",
    (core.Sides, "responding"): "post",
    (core.Sides, "carried_by"): "post",
    (core.Body, "chair"): "post",
    (core.Other, "post"): "post",
    (core.Line, "post"): "post",
    (core.Duty, "by"): "post",
    (core.Tell, "whom"): "post to tell",
    (core.Post, "stand_in"): "post",
    (core.Stage, "next"): "stage",
    (core.Stage, "endings"): "ending",
    (core.Move, "to"): "stage",
    (core.Result, "ends"): "ending",
    (core.Result, "goes"): "stage",
    (core.Rated, "rating"): "urgency rating",
    (core.Cap, "stages"): "stage of this route",
    (core.Matter, "to"): "route or stage",
    (core.Fork, "to"): "route or stage",
    (core.Ask, "routes"): "route",
    (core.Ask, "stages"): "stage of a route it is asked on",
    (core.Guidance, "routes"): "route",
    (core.Pattern, "suggests"): "stage",
}
"""Every field whose value names something else in the same procedure, and what."""


_STARTS_NAME: Final = {StartEvent.STEP: "step", StartEvent.DUE: "stage of this route"}


def _names_known(node: _Node, say: _Say, names: _Names) -> Iterator[Found]:
    for (type_, name), kind in REFERENCES.items():
        if node.shape.type is not type_:
            continue
        value = node.value.get(name)
        for path, used in _each(name, value):
            known = list(names.of(kind, node))
            if isinstance(used, str) and used not in known:
                yield say(*path, write=_instead(used, known, kind.removesuffix(" to tell")))
    for path, start in _each("starts", node.value.get("starts")):
        if isinstance(start, Start) and start.event in _STARTS_NAME:
            kind = _STARTS_NAME[start.event]
            known = [f"{start.event} {key}" for key in names.of(kind, node)]
            if (used := f"{start.event} {start.of}") not in known:
                yield say(*path, write=_instead(used, known, kind))


def _each(name: str, value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield (name, number), item
    elif value is not None:
        yield (name,), value


def _instead(used: str, known: Iterable[str], kind: str) -> str:
    choices = list(dict.fromkeys(known))
    near = difflib.get_close_matches(used, choices, n=1)
    if near:
        return f'"{near[0]}", if that is the {kind} that was meant'
    if not choices:
        return f"nothing: there is no {kind} to name here"
    article = "an" if kind[0] in "aeiou" else "a"
    if len(choices) <= _MANY_TO_LIST:
        return f"the key of {article} {kind}: one of {', '.join(choices)}"
    return f"the key of {article} {kind} of this procedure"


def _keys_once(node: _Node, say: _Say) -> Iterator[Found]:
    for name, field in node.shape.fields.items():
        if not field.many or field.type not in OWN_WORD:
            continue
        seen: set[str] = set()
        for number, item in enumerate(_list(node.value, name)):
            key = _key(item)
            if key is None:
                continue
            if key in seen:
                yield say(name, number, "key", write="a key that nothing else in this list has")
            elif not re.fullmatch(KEY_PATTERN, key):
                write = "a key of small letters, digits, hyphens and dots, beginning with a letter or digit"
                yield say(name, number, "key", write=write)
            seen.add(key)


def _clauses_known(node: _Node, say: _Say, names: _Names) -> Iterator[Found]:
    if node.shape.type is core.Procedure and names.no_register:
        write = f'a prefix that clauses have, or its clauses beside this file, in "{_key(node.value)}.clauses.yaml"'
        yield say("clause_prefix", write=write)
    for field in ("clauses", "hears_own"):
        for number, clause in enumerate(_list(node.value, field)):
            if not isinstance(clause, str) or clause in names.clauses:
                continue
            if names.no_register and clause.startswith(f"{names.prefix}."):
                continue  # said once, at the prefix
            near = difflib.get_close_matches(clause, names.clauses, n=1, cutoff=0.8)
            yield say(field, number, write=f'"{near[0]}", if that is what was meant' if near else "the id of a clause")


# --- Readings --------------------------------------------------------------------------------------------------------

_NOT_OF: Final = {"key", "clauses", "readings"}


def _readings_of_something(node: _Node, say: _Say) -> Iterator[Found]:
    fields = {name: field for name, field in node.shape.fields.items() if name not in _NOT_OF}
    for number, reading in enumerate(_list(node.value, "readings")):
        of = reading.get("of") if isinstance(reading, dict) else None
        if not isinstance(of, str):
            continue
        if of == ITSELF:
            if not node.listed:
                write = (
                    "the field it fills, and put the reading one level up: only an item of a list is there by itself"
                )
                yield say("readings", number, "of", write=write)
        elif of not in fields:
            spelt = [field.spelt for field in fields.values()]
            near = difflib.get_close_matches(of, spelt, n=1)
            write = f'"{near[0]}", if that is what was meant' if near else f"{ITSELF}, or one of {', '.join(spelt)}"
            yield say("readings", number, "of", found=f'"{of}", which is not a field here', write=write)
        elif _unset(node.value.get(of)) and reading.get("words") is None:
            spelt_of = fields[of].spelt
            found = f'"{spelt_of}", which has no value here'
            yield say("readings", number, "of", found=found, write=f"the value it takes, as {spelt_of}: beside it")


def _unset(value: Any) -> bool:
    return value is None or value in ([], "")


# --- Rules of one kind of thing --------------------------------------------------------------------------------------


def _clock(node: _Node, say: _Say) -> Iterator[Found]:
    then, asks = node.value.get("then"), node.value.get("asks")
    if asks is not None and then != Then.ASK:
        yield say("asks", write=f'"then: {Then.ASK}" beside it, or leave it out: nobody is asked otherwise')
    if then == Then.ASK and asks is None:
        yield say("asks", write='the post that is asked, for example "asks: office"')


def _result(node: _Node, say: _Say) -> Iterator[Found]:
    if node.value.get("ends") is not None and node.value.get("goes") is not None:
        yield say("goes", write='either "ends" or "goes": a result ends it or moves it, not both')


def _need(node: _Node, say: _Say) -> Iterator[Found]:
    needed, step = node.value.get("needed"), node.value.get("step")
    if needed == Needed.STEP and step is None:
        yield say("step", write='which step is needed, for example "step: talk"')
    if step is not None and needed != Needed.STEP:
        yield say("step", write='"needed: step" beside it, or leave it out')


def _step(node: _Node, say: _Say) -> Iterator[Found]:
    if node.value.get("missed") in tuple(set(Then) - {Then.RECORD, Then.UP}):
        yield say("missed", write=f"{Then.RECORD} or {Then.UP}: the rest is for the stage's own clock")
    if node.value.get("key") in _list(node.value, "after"):
        yield say("after", _list(node.value, "after").index(node.value["key"]), write="a step before this one")


def _move(node: _Node, say: _Say) -> Iterator[Found]:
    if node.value.get("kind") == MoveKind.OUT and node.value.get("out_to") is None:
        yield say("out_to", write="in words, which procedure or body it goes to")


def _at_least_one(name: str, what: str) -> Callable[[_Node, _Say], Iterator[Found]]:
    def rule(node: _Node, say: _Say) -> Iterator[Found]:
        if node.value.get(name) == []:
            yield say(name, found="an empty list", write=f"at least one {what}")

    return rule


def _office(node: _Node, say: _Say) -> Iterator[Found]:
    for number, post in enumerate(_list(node.value, "posts")):
        if _key(post) == OFFICE:
            if post.get("held_in") != HeldIn.PARTNERSHIP:
                yield say("posts", number, "held_in", write=f'"{HeldIn.PARTNERSHIP}": the office is the partnership\'s')
            return
    if _list(node.value, "posts"):
        yield say("posts", found=f'no post "{OFFICE}"', write=f"it as well, held-in: {HeldIn.PARTNERSHIP}")


_RULES: Final[tuple[tuple[type, Callable[[_Node, _Say], Iterator[Found]]], ...]] = (
    (core.Procedure, _office),
    (core.Procedure, _at_least_one("posts", "post")),
    (core.Procedure, _at_least_one("routes", "route")),
    (core.Route, _at_least_one("stages", "stage")),
    (core.Decision, _at_least_one("results", "result")),
    (core.Check, _at_least_one("answers", "answer")),
    (core.Clock, _clock),
    (core.Result, _result),
    (core.Need, _need),
    (core.Step, _step),
    (core.Move, _move),
)
