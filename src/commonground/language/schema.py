"""How the core's types are spelled in YAML: one table, worked out from the types themselves, and the JSON Schema of it.

There is no second set of models. `shape_of(Stage)` lists the keys a person may write for a `Stage`:

- every field by its name, with "-" for "_" and without a trailing "_" (`stand_in` is `stand-in`, `with_` is `with`);
- the thing's own word for its `key` (`- stage: one`), or `key` itself;
- `clause` for `clauses`, `reading` for `readings`, and on a stage `pair: first-line` for sides with one post on both.

A field that holds a tuple takes a single value for a list of one. A span is text ("2 working days"), a start is text
("concern", "step talk"). The reader reads by this table, and an editor checks by `json_schema()`.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

from commonground.core import procedure as core
from commonground.core.procedure import Procedure, StartEvent
from commonground.core.time import SAME_WORKING_DAY, UNITS, Span

OWN_WORD: Final[Mapping[type, str]] = {
    core.Procedure: "procedure",
    core.Route: "route",
    core.Stage: "stage",
    core.Step: "step",
    core.Post: "post",
    core.Duty: "duty",
    core.Ending: "ending",
    core.Matter: "matter",
    core.Result: "result",
    core.Ask: "ask",
    core.Cap: "cap",
    core.Check: "check",
    core.CheckAnswer: "answer",
    core.UrgentRequest: "urgent-request",
    core.Pattern: "pattern",
}
"""The word that stands for `key` in things that have one."""

NOT_STATED: Final = "not stated"
"""What may be written, for any field that may be absent, where the text is silent."""

REMOVE: Final = "remove-"
"""In a file that extends another: `remove-duties: [record]` leaves out what the other file has under these keys."""

KEY_PATTERN: Final = "[a-z0-9][a-z0-9.-]*"
"""What a key is made of: it stands in references (`route/stage`) and in page addresses."""

SPAN_PATTERN: Final = f"^({SAME_WORKING_DAY}|[0-9]+ ({'|'.join(unit.removesuffix('s') for unit in UNITS)})s?)$"

WITH_NAME: Final = (StartEvent.STEP, StartEvent.DUE)
"""Starts that name something: `step talk`, `due one`."""


class Holds(StrEnum):
    """What a field holds, as far as reading it differs."""

    VALUE = "value"
    SPAN = "span"
    START = "start"
    NODE = "node"


@dataclass(frozen=True)
class Field:
    """One field of a core type, and how it is written."""

    name: str
    spelt: str
    holds: Holds
    type: Any
    """The type of one item: a core type for `NODE`, else what pydantic checks."""
    many: bool
    may_be_none: bool
    has_default: bool


@dataclass(frozen=True)
class Shape:
    """One core type, and the keys that may be written for it."""

    type: type
    fields: Mapping[str, Field]
    """By the field's name in the core."""
    keys: Mapping[str, str]
    """Every key that may be written, with the field it fills. `pair` fills `sides`."""
    own_word: str | None


@cache
def shape_of(type_: type) -> Shape:
    """This will say how a core dataclass is written in YAML."""
    hints = get_type_hints(type_)
    own_word = OWN_WORD.get(type_)
    found: dict[str, Field] = {}
    keys: dict[str, str] = {}
    for field in fields(type_):
        spelt = field.name.rstrip("_").replace("_", "-")
        has_default = field.default is not MISSING or field.default_factory is not MISSING
        found[field.name] = _field(field.name, spelt, hints[field.name], has_default)
        keys[spelt] = field.name
    if own_word:
        keys[own_word] = "key"
    if "clauses" in found:
        keys["clause"] = "clauses"
    if "readings" in found:
        keys["reading"] = "readings"
    if type_ is core.Stage:
        keys["pair"] = "sides"
    return Shape(type_, found, keys, own_word)


@cache
def adapter() -> TypeAdapter[Procedure]:
    """This will give pydantic's reader of the core's own types. The core itself never imports pydantic.

    It passes over keys it doesn't know (pydantic takes no configuration for another's dataclass): the reader has
    already refused them, with the nearest known key.
    """
    return TypeAdapter(Procedure)


def _field(name: str, spelt: str, hint: Any, has_default: bool) -> Field:
    members = set(get_args(hint)) if get_origin(hint) in {Union, types.UnionType} else {hint}
    may_be_none = type(None) in members
    members -= {type(None)}
    many = False
    inner: Any = hint
    if len(members) == 1:
        inner = members.pop()
        if get_origin(inner) is tuple:
            many, inner = True, get_args(inner)[0]
    elif members == set(get_args(Span)):
        inner = Span
    if inner is Span:
        holds = Holds.SPAN
    elif inner is core.Start:
        holds = Holds.START
    elif is_dataclass(inner):
        holds = Holds.NODE
    else:
        holds = Holds.VALUE
    return Field(name, spelt, holds, inner, many, may_be_none, has_default)


def json_schema(*, overlay: bool = False) -> dict[str, Any]:
    """This will give the JSON Schema (2020-12) of a procedure file, for editors to check while somebody types.

    It comes from the same types as the reader, respelled. With `overlay` it is the schema of a file that `extends`
    another: nothing but the own words is required, and `remove-...` is allowed. An editor's check is the lesser one:
    what only the whole file can show (an unknown stage, a clause that does not exist) is for the reader.
    """
    made = adapter().json_schema()
    parts: dict[str, Any] = made.pop("$defs")
    parts[Procedure.__name__] = made
    written: dict[str, Any] = {
        "Span": {"type": "string", "pattern": SPAN_PATTERN, "examples": ["2 working days", "same working day"]},
        "Start": {"type": "string", "pattern": _start_pattern()},
    }
    by_name = {type_.__name__: type_ for type_ in core_types()}
    for name, part in parts.items():
        type_ = by_name.get(name)
        if type_ is None:
            if "enum" in part:
                written[name] = part
        elif type_ is not core.Start:
            written[name] = _respelled(shape_of(type_), part, overlay=overlay)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A procedure" + (" that extends another" if overlay else ""),
        "$ref": f"#/$defs/{Procedure.__name__}",
        "$defs": written,
    }


def core_types() -> set[type]:
    """This will give every core type that can stand in a procedure file as a group of keys, `Start` beside them."""
    found: set[type] = set()
    waiting: list[type] = [Procedure]
    while waiting:
        now = waiting.pop()
        if now not in found:
            found.add(now)
            waiting += [
                field.type for field in shape_of(now).fields.values() if field.holds in {Holds.NODE, Holds.START}
            ]
    return found


def _start_pattern() -> str:
    plain = "|".join(event.value for event in StartEvent if event not in WITH_NAME)
    named = "|".join(event.value for event in WITH_NAME)
    return f"^({plain}|({named}) {KEY_PATTERN})$"


def _respelled(shape: Shape, part: Mapping[str, Any], *, overlay: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for key, name in shape.keys.items():
        if key == "pair":
            properties[key] = {"type": "string", "description": "sides with this one post on both"}
        else:
            properties[key] = _property(shape.fields[name], part["properties"][name])
    if overlay:
        for field in shape.fields.values():
            if field.many and field.holds is Holds.NODE and field.type in OWN_WORD:
                properties[f"{REMOVE}{field.spelt}"] = _one_or_many({"type": "string"})
    required = [_either(shape, name) for name in part.get("required", ()) if not overlay or name == "key"]
    made: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        made["allOf"] = required
    if description := part.get("description"):
        made["description"] = description
    return made


def _either(shape: Shape, name: str) -> dict[str, Any]:
    """A required field may be written under any of its keys."""
    spellings = [key for key, filled in shape.keys.items() if filled == name]
    if len(spellings) == 1:
        return {"required": spellings}
    return {"anyOf": [{"required": [key]} for key in spellings]}


_A_VALUE_OR_NOTHING: Final = 2


def _property(field: Field, made: Mapping[str, Any]) -> dict[str, Any]:
    inner: dict[str, Any]
    match field.holds:
        case Holds.SPAN:
            inner = {"$ref": "#/$defs/Span"}
        case Holds.START:
            inner = {"$ref": "#/$defs/Start"}
        case Holds.NODE:
            inner = {"$ref": f"#/$defs/{field.type.__name__}"}
        case Holds.VALUE if field.many:
            listed = next((option for option in made.get("anyOf", ()) if option.get("type") == "array"), made)
            inner = dict(listed["items"])
        case Holds.VALUE if len(made.get("anyOf", ())) > _A_VALUE_OR_NOTHING:
            # What the words alone say may be anything that a field may be; spans and starts are written as text.
            inner = {"anyOf": [option for option in made["anyOf"] if "$ref" not in str(option)]}
        case Holds.VALUE:
            inner = {key: value for key, value in made.items() if key not in {"default", "title"}}
    property_: dict[str, Any] = _one_or_many(inner) if field.many else inner
    if field.may_be_none or field.has_default:
        property_ = {"anyOf": [property_, {"const": NOT_STATED}, {"type": "null"}]}
    return property_


def _one_or_many(inner: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [dict(inner), {"type": "array", "items": dict(inner)}]}
