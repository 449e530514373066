"""Mistakes in files that people write, each at its place, all at once.

Procedures, scenarios, calendars and directories are YAML written by people who are not programmers. A reader of
such a file never stops at the first mistake: it gathers them all and raises one `Mistakes`, and each line of that
says where (file, line, column and the path inside the file), what was found and what to write instead:

    north.yaml:14:19: stages[1].reply_within: found "2 day"; write a number and a unit, for example "2 working days"

Three ways in, from high to low:

- `read_model(Model, source)`: a whole file into a pydantic model, every mistake placed.
- `load_yaml(source)`: plain dicts, lists and scalars, and the `Positions` that place any path in them.
- `Positions.mistake(path, found=..., write=...)`: place a mistake that only the caller's own rules can see.

What YAML can do is kept narrow on purpose, so that a file means what it looks like it means:

- keys are always text, as written (`on`, `yes` and `1` are the keys "on", "yes" and "1"), and never repeated;
- unquoted values are null, true, false, whole numbers, decimals and dates (2026-04-02); everything else is text.
  `yes`, `12:30`, `007` and moments such as `2026-04-02 10:00` stay text, as typed;
- anchors, aliases, tags and several documents in one file are mistakes.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

Where = tuple[str | int, ...]
"""A path inside a file: ("stages", 1, "reply_within") is `stages[1].reply_within`."""

Plain = None | bool | int | float | str | date | list["Plain"] | dict[str, "Plain"]
"""What a file's values become."""

LONGEST: Final = 2_000_000
"""Characters a file may have. The largest real one is about a twentieth of it; a hostile one stops here."""

_SHOWN: Final = 60  # characters of a wrong value shown in a message: enough to recognise it by

_STANDARD: Final = "tag:yaml.org,2002:"
_WHOLE_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAMED: Final[Mapping[str, bool | None]] = {"": None, "~": None, "null": None, "true": True, "false": False}

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing wrong in one file, and what to write instead. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    where: str
    found: str
    write: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.where}: found {self.found}; write {self.write}"


class Mistakes(Exception):
    """Raised once for a whole file (or several), with every mistake in it, in the order of the file."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes: tuple[Mistake, ...] = tuple(sorted(set(mistakes)))
        super().__init__(self.mistakes)

    def __str__(self) -> str:
        return "\n".join(map(str, self.mistakes))


@dataclass(frozen=True, slots=True)
class _Place:
    key: tuple[int, int]  # where the key stands; for list items and the whole file, the same as `value`
    value: tuple[int, int]
    shown: str  # the value as typed, shortened; "" for lists and mappings


@dataclass(frozen=True, slots=True)
class Positions:
    """Where each path of one loaded file stands in it."""

    file: str
    _places: Mapping[Where, _Place]

    def __contains__(self, where: Where) -> bool:
        return where in self._places

    def line_and_column(self, where: Where, *, of_key: bool = False) -> tuple[int, int]:
        """This will say where a value (or its key) starts, counting from 1; for a path that is not in the file,
        where the nearest thing that holds it starts."""
        while where and where not in self._places:
            where = where[:-1]
            of_key = False
        place = self._places.get(where)
        if place is None:
            return 1, 1
        return place.key if of_key else place.value

    def as_typed(self, where: Where) -> str:
        """This will give the value at a path as the person typed it, in quotes and shortened, for `found`."""
        place = self._places.get(where)
        if place is None:
            return "nothing"
        return place.shown or "a list or a group of keys"

    def mistake(self, where: Where, *, write: str, found: str | None = None, of_key: bool = False) -> Mistake:
        """This will make a mistake at its place. Without `found`, what stands there is shown as it was typed."""
        line, column = self.line_and_column(where, of_key=of_key)
        return Mistake(self.file, line, column, in_words(where), found or self.as_typed(where), write)


def in_words(where: Where) -> str:
    """This will write a path as people read it: `stages[1].reply_within`; the empty path is `the file`."""
    text = ""
    for step in where:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "the file"


def load_yaml(source: Path | str, name: str | None = None) -> tuple[Plain, Positions]:
    """This will read YAML into plain values and say where each of them stands.

    `source` is a file's path, or the text itself. `name` is what messages call the file (by default the path's last
    part, or "text"). Raises `Mistakes` for syntax, repeated keys and whatever else this reader leaves out of YAML,
    and OSError when the file cannot be opened.
    """
    file = name or (source.name if isinstance(source, Path) else "text")
    text = _text_of(source, file)
    try:
        node = YAML(typ="safe", pure=True).compose(StringIO(text))
    except MarkedYAMLError as error:
        raise Mistakes([_of_syntax(error, file)]) from None
    except ReaderError as error:
        line, column = _line_and_column(text, error.position)
        found = f"a character that cannot be used (U+{ord(text[error.position]):04X})"
        raise Mistakes([Mistake(file, line, column, "the file", found, "the text without it")]) from None
    except YAMLError as error:
        found = str(error).splitlines()[0] if str(error) else "something that is not YAML"
        raise Mistakes([Mistake(file, 1, 1, "the file", found, "plain YAML")]) from None
    except RecursionError:
        raise Mistakes([Mistake(file, 1, 1, "the file", "too many levels inside one another", "fewer")]) from None
    walk = _Walk(file)
    data = walk.value(node, (), None) if node is not None else None
    positions = Positions(file, walk.places)
    if walk.mistakes:
        raise Mistakes(walk.mistakes)
    return data, positions


def read_model(model: type[Model], source: Path | str, name: str | None = None) -> tuple[Model, Positions]:
    """This will read a file into a pydantic model and give the positions for the rules that come after.

    Arguments and errors are those of `load_yaml`; every mistake the model finds is in the one `Mistakes` raised.
    Let the model forbid unknown keys (`extra="forbid"`): they are reported with the nearest known key.
    """
    data, positions = load_yaml(source, name)
    try:
        return model.model_validate(data), positions
    except ValidationError as error:
        raise Mistakes(from_pydantic(error, positions, keys=_keys_of(model))) from None


def from_pydantic(error: ValidationError, positions: Positions, keys: Iterable[str] = ()) -> Iterator[Mistake]:
    """This will turn what pydantic found into mistakes at their places. `keys` are the known keys, for suggestions.

    A validator's own ValueError should be worded as what to write: it becomes the `write` part as it stands.
    """
    known = sorted(set(keys))
    for detail in error.errors(include_url=False):
        kind, where = detail["type"], _within_the_file(detail["loc"], positions, detail["type"])
        if kind == "missing":
            yield positions.mistake(where, found="nothing", write=f'the key "{where[-1]}" and its value')
        elif kind == "extra_forbidden":
            near = difflib.get_close_matches(str(where[-1]), known, n=1)
            write = f'"{near[0]}", if that is what was meant, or leave it out' if near else "nothing here: leave it out"
            yield positions.mistake(where, found=f'the unknown key "{where[-1]}"', write=write, of_key=True)
        elif kind in {"value_error", "assertion_error"}:
            yield positions.mistake(where, write=str(detail["ctx"]["error"]))
        elif kind == "union_tag_invalid":
            where = (*where, str(detail["ctx"]["discriminator"]).strip("'"))
            yield positions.mistake(where, write=f"one of {detail['ctx']['expected_tags']}")
        else:
            yield positions.mistake(where, write=_advice(kind, detail.get("ctx", {}), detail["msg"]))


_ADVICE: Final[Mapping[str, str]] = {
    "string_type": "text; put it in quotes where it looks like a number, a date or true",
    "string_too_short": "at least one character",
    "date_type": "a date, year first, for example 2026-04-02",
    "date_from_datetime_parsing": "a date, year first, for example 2026-04-02",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "bool_type": "true or false",
    "list_type": 'a list: one line for each, starting with "- "',
    "tuple_type": 'a list: one line for each, starting with "- "',
    "model_type": 'a group of keys, one "key: value" on each line',
    "dict_type": 'a group of keys, one "key: value" on each line',
    "too_short": "at least one",
    "none_required": "nothing",
}


def _advice(kind: str, context: Mapping[str, Any], message: str) -> str:
    if kind in {"literal_error", "enum"}:
        return f"one of {str(context['expected']).replace(' or ', ', ')}"
    return _ADVICE.get(kind) or message[:1].lower() + message[1:]


def _within_the_file(location: tuple[int | str, ...], positions: Positions, kind: str) -> Where:
    """Pydantic's location without the names it adds itself (which member of a union it tried)."""
    where: Where = ()
    for number, step in enumerate(location):
        last = number == len(location) - 1
        if (*where, step) in positions or (last and kind == "missing"):
            where = (*where, step)
    return where


def _keys_of(model: type[BaseModel]) -> set[str]:
    schema = model.model_json_schema()
    found = set(schema.get("properties", ()))
    for part in schema.get("$defs", {}).values():
        found |= set(part.get("properties", ()))
    return found


class _Walk:
    """One walk over ruamel's nodes, gathering values, places and mistakes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.places: dict[Where, _Place] = {}
        self.mistakes: list[Mistake] = []
        self._seen: set[int] = set()  # a node met twice is an alias; refusing it also refuses "a million laughs"

    def value(self, node: Node, where: Where, key: tuple[int, int] | None) -> Plain:
        start = _start(node)
        self.places[where] = _Place(key or start, start, _shown(node))
        if id(node) in self._seen or node.anchor:
            self._wrong(where, node, "an anchor or an alias (& or *)", "it out in full")
            return None
        self._seen.add(id(node))
        match node:
            case MappingNode():
                return self._mapping(node, where)
            case SequenceNode():
                self._plain_tag(node, where, f"{_STANDARD}seq")
                return [self.value(item, (*where, number), None) for number, item in enumerate(node.value)]
            case ScalarNode():
                return self._scalar(node, where)
            case _:
                raise TypeError(f"ruamel.yaml gave a node of an unknown kind: {node!r}")

    def _mapping(self, node: MappingNode, where: Where) -> dict[str, Plain]:
        self._plain_tag(node, where, f"{_STANDARD}map")
        data: dict[str, Plain] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._wrong(where, key_node, "a list or a group of keys used as a key", "a key that is plain text")
                continue
            key = str(key_node.value)
            if key in data:
                first = self.places[(*where, key)].key[0]
                self._wrong((*where, key), key_node, f'the key "{key}" again (first on line {first})', "each key once")
                continue
            data[key] = self.value(value_node, (*where, key), _start(key_node))
        return data

    def _scalar(self, node: ScalarNode, where: Where) -> Plain:
        text: str = node.value
        tag = str(node.tag)
        if not tag.startswith(_STANDARD) or tag.startswith(f"{_STANDARD}python"):
            self._wrong(where, node, f"a tag ({tag})", "the value without it")
            return None
        if node.style is not None:  # quoted, or a block of text: as it stands
            return text
        if text.lower() in _NAMED:
            return _NAMED[text.lower()]
        if _WHOLE_NUMBER.fullmatch(text):
            # Longer than any number a file can mean; Python itself refuses to convert very long ones.
            return int(text) if len(text) <= 18 else text
        if _DECIMAL.fullmatch(text):
            return float(text)
        if _DATE.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                self._wrong(where, node, f'"{text}"', "a date that exists, year first, for example 2026-04-02")
                return None
        return text

    def _plain_tag(self, node: Node, where: Where, expected: str) -> None:
        if node.tag != expected:
            self._wrong(where, node, f"a tag ({node.tag})", "the value without it")

    def _wrong(self, where: Where, node: Node, found: str, write: str) -> None:
        self.mistakes.append(Mistake(self.file, *_start(node), in_words(where), found, write))


def _text_of(source: Path | str, file: str) -> str:
    if isinstance(source, str):
        text = source
    else:
        content = source.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line, column = _line_and_column(content[: error.start].decode("utf-8"), error.start)
            found = f"a byte that is not UTF-8 (0x{content[error.start]:02x})"
            write = "the file again, saved as UTF-8"
            raise Mistakes([Mistake(file, line, column, "the file", found, write)]) from None
    if len(text) > LONGEST:
        found = f"{len(text):,} characters"
        raise Mistakes([Mistake(file, 1, 1, "the file", found, f"at most {LONGEST:,}")])
    return text


def _line_and_column(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _of_syntax(error: MarkedYAMLError, file: str) -> Mistake:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    found = " ".join(part for part in (error.problem, error.context) if part) or "something that is not YAML"
    write = 'plain YAML: spaces for indenting, "key: value" on each line, and text with a colon or a hash in quotes'
    return Mistake(file, line, column, "the file", found, write)


def _start(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _shown(node: Node) -> str:
    if not isinstance(node, ScalarNode):
        return ""
    text = " ".join(str(node.value).split())
    return f'"{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"}"'
