"""Procedures from YAML: read whole, or refused with every mistake at its place.

    read_procedure(Path("north.yaml"))        # a core `Procedure`, or `Mistakes`

What happens to a file, in order; no step stops at the first mistake, and only YAML that cannot be parsed stops alone:

1. YAML to plain values with a position for each (`mistakes.py`);
2. shorthand written out: a thing's own word is its `key`, `clause` is `clauses`, a single value is a list of one, spans
   and starts become the core's values, "not stated" becomes absence. What a type may hold, and how it is spelled, comes
   from the core's own types (`schema.py`);
3. where the file `extends` another, laid over it;
4. pydantic puts the values into the core's frozen dataclasses and says what is missing or of the wrong kind;
5. what one part says of another: every name, clause and reading (`references.py`).

Only what makes the file unreadable as a procedure is a mistake here. Whether it is sound (no dead end, no undated
stage, no clock the late side starts) is the checker's question.

One file laid over another
--------------------------
`extends: parent` means "as `parent.yaml`, but". The parent stands in the same folder, or is a shipped procedure.

- What the file writes replaces what the parent has; groups (a clock, sides, a body) are merged key by key.
- Things with a key (routes, stages, steps, posts, duties, endings, ...) meet by it: a stage `two` changes the parent's
  stage `two`, and one the parent does not have is added at the end.
- Other lists (clauses, tells, moves, endings of a stage) are replaced whole.
- `remove-steps: [talk]` leaves out the parent's. "not stated" takes away a single value.
- The parent's reading of a field falls away when the file writes that field.

For authors: `python -m commonground.language.reader FILE...` prints the mistakes of each file, or how many of its
clauses it cites so far.
"""

from __future__ import annotations

import difflib
import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from commonground.core.procedure import ITSELF, Key, Procedure, Reading, Start, StartEvent
from commonground.language import register
from commonground.language.account import account, summary
from commonground.language.mistakes import Mistake, Mistakes, Plain, Positions, Where, load_yaml
from commonground.language.references import mistakes_in_references
from commonground.language.register import Clause
from commonground.language.schema import NOT_STATED, OWN_WORD, REMOVE, WITH_NAME, Field, Holds, Shape, adapter, shape_of
from commonground.language.spans import parse_span
from commonground.language.spots import Part, Spot, plain_of

Find = Callable[[Key], Path | str | None]
"""The file of an extended procedure, or its text as it was kept; None where there is none."""


@dataclass(frozen=True)
class Read:
    """A procedure as read, and the digest that pins a disagreement to exactly this text."""

    procedure: Procedure
    digest: str


def read_procedure(
    source: Path | str, name: str | None = None, *, clauses: Iterable[Clause] | None = None, find: Find | None = None
) -> Procedure:
    """This will read a procedure from a file's path, or from its text.

    `name` is what messages call the file. `clauses` are those it may cite (by default the shipped register, and
    `NAME.clauses.yaml` beside the file). `find` says where an extended procedure is (by default the same folder, then
    the shipped ones). Raises `Mistakes` with all of them, and OSError when the file can't be opened.
    """
    return read_with_digest(source, name, clauses=clauses, find=find).procedure


def read_with_digest(
    source: Path | str, name: str | None = None, *, clauses: Iterable[Clause] | None = None, find: Find | None = None
) -> Read:
    """This will read a procedure and say its digest. Arguments and errors are those of `read_procedure`."""
    path = source if isinstance(source, Path) else None
    layers = _layers(source, name, find or _beside(path))
    known = clauses if clauses is not None else _citable(layers)
    reading = _Reading()
    part = reading.whole(layers)
    if part is None:
        raise Mistakes(reading.mistakes)
    data, spots = plain_of(part)
    procedure: Procedure | None = None
    try:
        procedure = adapter().validate_python(data)
    except ValidationError as error:
        for wrong in _in_plain_english(error, spots):
            reading.add(*wrong)
    for wrong in mistakes_in_references(data, spots, {clause.id for clause in known}):
        reading.add(*wrong)
    if reading.mistakes or procedure is None:
        raise Mistakes(reading.mistakes)
    return Read(_with_typed_words(procedure), _digest(layers))


def digest_of(source: Path | str, *, find: Find | None = None) -> str:
    """This will give the SHA-256, in hex, of a procedure's text and of every text it extends.

    Line endings don't count; every other character does. Raises as `read_procedure`, but looks no further than the
    YAML.
    """
    return _digest(_layers(source, None, find or _beside(source if isinstance(source, Path) else None)))


# --- 1. The file, and the files it extends ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Layer:
    """One file of a procedure: the first is the file itself, each next one what the one before it extends."""

    path: Path | None
    text: str
    data: Plain
    positions: Positions


def _layers(source: Path | str, name: str | None, find: Find) -> tuple[_Layer, ...]:
    layers: list[_Layer] = []
    followed: set[str] = set()
    while True:
        data, positions = load_yaml(source, name)  # first: what is no text at all is reported there
        text = source.read_text(encoding="utf-8-sig") if isinstance(source, Path) else source
        layers.append(_Layer(source if isinstance(source, Path) else None, text, data, positions))
        parent = data.get("extends") if isinstance(data, dict) else None
        if not isinstance(parent, str) or parent == NOT_STATED:
            return tuple(layers)
        if isinstance(data, dict):
            followed.add(str(data.get("procedure", data.get("key"))))
        if parent in followed:
            raise Mistakes([positions.mistake(("extends",), write="a procedure that does not extend this one again")])
        found = find(parent)
        if found is None:
            write = f"the key of a procedure whose file, {parent}.yaml, is in the same folder or is shipped"
            raise Mistakes([positions.mistake(("extends",), write=write)])
        source, name = found, f"{parent}.yaml"


def _beside(path: Path | None) -> Find:
    def find(key: Key) -> Path | None:
        folders = ([path.parent] if path else []) + [register.PROCEDURES]
        places = (folder / f"{key}.yaml" for folder in folders)
        return next((place for place in places if place.is_file()), None)

    return find


def _citable(layers: tuple[_Layer, ...]) -> tuple[Clause, ...]:
    found = dict.fromkeys(register.shipped_clauses())
    for layer in layers:
        if layer.path:
            found |= dict.fromkeys(register.clauses_for(layer.path))
    return tuple(found)


def _digest(layers: tuple[_Layer, ...]) -> str:
    digest = ""
    for layer in reversed(layers):
        text = layer.text.replace("\r\n", "\n")
        digest = hashlib.sha256(f"{digest}\n{text}".encode() if digest else text.encode()).hexdigest()
    return digest


# --- 2. Shorthand written out ----------------------------------------------------------------------------------------


class _Reading:
    """One reading of one procedure: its mistakes, at most one for each place."""

    def __init__(self) -> None:
        self._mistakes: dict[tuple[str, Where], Mistake] = {}
        self._overlay = False

    @property
    def mistakes(self) -> list[Mistake]:
        return list(self._mistakes.values())

    def add(self, spot: Spot, mistake: Mistake) -> None:
        """Keep a mistake, unless one was found at the same place before: the first is the nearest to the cause."""
        self._mistakes.setdefault((mistake.file, spot.where), mistake)

    def whole(self, layers: tuple[_Layer, ...]) -> Part | None:
        """The whole file as a part, with what it extends laid under it; None where nothing can be made of it."""
        shape = shape_of(Procedure)
        whole: Part | None = None
        for layer in reversed(layers):
            self._overlay = layer is not layers[-1]
            part = self._group(layer.data, Spot(layer.positions, (), ""), shape)
            if part is not None:
                whole, not_there = _laid_over(whole, part, shape) if whole else _on_its_own(part, shape)
                for name in not_there:
                    self._wrong(name.spot, write="the key of something that the extended procedure has here")
        return whole

    def _wrong(self, spot: Spot, *, write: str, found: str | None = None, of_key: bool = False) -> None:
        self.add(spot, spot.mistake(write=write, found=found, of_key=of_key))

    def _group(self, raw: Plain, spot: Spot, shape: Shape) -> Part | None:
        if not isinstance(raw, dict):
            self._wrong(spot, write='a group of keys, one "key: value" on each line')
            return None
        found: dict[str, Part] = {}
        written: dict[str, str] = {}
        for key, value in raw.items():
            at = spot.of(key)
            name = shape.keys.get(key)
            if name is None:
                if not (self._overlay and self._removal(key, value, at, shape, found)):
                    self._unknown(key, at, shape, raw)
                continue
            if name in written:
                write = f'one of the two: "{written[name]}" says the same thing'
                self._wrong(at, found=f'the key "{key}" as well', write=write, of_key=True)
                continue
            written[name] = key
            part = self._pair(value, at) if key == "pair" else self._field(value, at, shape.fields[name])
            if part is not None:
                found[name] = part
        self._check_readings(found, shape)
        return Part(found, spot)

    def _unknown(self, key: str, spot: Spot, shape: Shape, group: Mapping[str, Plain]) -> None:
        near = difflib.get_close_matches(key, shape.keys, n=1)
        others = ", ".join(
            dict.fromkeys(key for key in sorted(shape.keys) if key not in {"key", "clauses", "readings"})
        )
        write = f'"{near[0]}", if that is what was meant, or leave it out' if near else f"one of {others}"
        if group[key] is None and " " in key:  # {name: Agreed, with a plan}: YAML ends a text at the comma
            write = f'the text with "{key}" in quotes, if it belongs to the text before the comma; or {write}'
        mistake = spot.mistake(found=f'the unknown key "{key}"', write=write, of_key=True)
        self.add(spot, mistake)
        if near and not any(shape.keys.get(other) == shape.keys[near[0]] for other in group):
            # It stands for the right key as well, or that would be reported as missing: one slip, one mistake.
            self.add(Spot(spot.positions, (*spot.where[:-1], near[0]), ""), mistake)

    def _removal(self, key: str, value: Plain, spot: Spot, shape: Shape, found: dict[str, Part]) -> bool:
        field = next((field for field in shape.fields.values() if key == f"{REMOVE}{field.spelt}"), None)
        if field is None or field.type not in OWN_WORD:
            return False
        keys = value if isinstance(value, list) else [value]
        items = [self._value(name, spot.item(number, value)) for number, name in enumerate(keys)]
        found[key] = Part([item for item in items if item is not None], spot)
        return True

    def _pair(self, raw: Plain, spot: Spot) -> Part | None:
        """`pair: first-line`: sides with the same post on both."""
        if not isinstance(raw, str):
            self._wrong(spot, write="the key of one post; where the two sides differ, write sides: instead")
            return None
        posts = Part([Part(raw, spot)], spot)
        return Part({"challenging": posts, "responding": posts}, spot)

    def _field(self, raw: Plain, spot: Spot, field: Field) -> Part | None:
        if raw == NOT_STATED or (raw is None and field.may_be_none):
            if field.may_be_none:
                return Part(None, spot)
            if field.many:
                return Part([], spot)
            if field.has_default:
                return None
            if not (isinstance(field.type, type) and issubclass(field.type, StrEnum)):
                self._wrong(spot, write="what it is: this is needed even where the text is silent")
                return None
        if not field.many and not (field.name == "words" and isinstance(raw, list)):
            return self._item(raw, spot, field)
        items: list[Part] = []
        for number, item in enumerate(raw if isinstance(raw, list) else [raw]):
            part = self._item(
                item, spot.item(number, raw, shape_of(field.type) if field.holds is Holds.NODE else None), field
            )
            if part is not None:
                items.append(part)
        return Part(items, spot)

    def _item(self, raw: Plain, spot: Spot, field: Field) -> Part | None:
        match field.holds:
            case Holds.VALUE:
                return self._value(raw, spot)
            case Holds.NODE:
                return self._group(raw, spot, shape_of(field.type))
            case Holds.SPAN:
                return self._parsed(raw, spot, _span)
            case Holds.START:
                return self._parsed(raw, spot, _start)

    def _value(self, raw: Plain, spot: Spot) -> Part | None:
        if isinstance(raw, dict | list):
            self._wrong(spot, write="one value")
            return None
        return Part(raw, spot)

    def _parsed(self, raw: Plain, spot: Spot, parse: Callable[[Plain], Any]) -> Part | None:
        try:
            return Part(parse(raw), spot)
        except ValueError as error:
            self._wrong(spot, write=str(error))
            return None

    def _check_readings(self, found: Mapping[str, Part], shape: Shape) -> None:
        """What a reading says that the words alone give has to be something its field can hold."""
        readings = found.get("readings")
        for reading in readings.value if readings and isinstance(readings.value, list) else ():
            of, words = (reading.value.get(name) for name in ("of", "words"))
            if of is None:
                continue
            if isinstance(of.value, str):
                of.value = shape.keys.get(of.value, of.value)
            field = shape.fields.get(of.value) if isinstance(of.value, str) else None
            if field is None or words is None or words.value is None:
                continue
            try:
                _words_of_field(plain_of(words)[0], field)
            except ValueError as error:
                self._wrong(words.spot, write=f"what the words give for {field.spelt}: {error}")


def _span(raw: Plain) -> Any:
    return parse_span(str(raw))


def _start(raw: Plain) -> Start:
    text = str(raw)
    for event in WITH_NAME:
        if text == event or text.startswith(f"{event} "):
            name = text.removeprefix(event).strip()
            if not name:
                raise ValueError(f'what it names as well, for example "{event} {_EXAMPLES[event]}"')
            return Start(event=event, of=name)
    try:
        return Start(event=StartEvent(text))
    except ValueError:
        plain = ", ".join(f'"{event}"' for event in StartEvent if event not in WITH_NAME)
        raise ValueError(f'one of {plain}, "step NAME", "due STAGE"') from None


_EXAMPLES: Final = {StartEvent.STEP: "talk", StartEvent.DUE: "one"}


def _words_of_field(words: Any, field: Field) -> Any:
    """What the words alone give, as the field holds it. Raises ValueError, worded as what to write."""
    items = words if isinstance(words, list | tuple) else [words]
    match field.holds:
        case Holds.SPAN:
            made = [_span(item) for item in items]
        case Holds.START:
            made = [_start(item) for item in items]
        case Holds.NODE:
            raise ValueError("nothing: leave it out, and say in `takes` what the words hold")
        case Holds.VALUE:
            made = [_plain_words(item, field) for item in items]
    if field.many:
        return tuple(made)
    if len(made) != 1:
        raise ValueError("one value")
    return made[0]


def _plain_words(item: Any, field: Field) -> Any:
    if isinstance(field.type, type) and issubclass(field.type, StrEnum):
        if item not in tuple(field.type):
            raise ValueError(f"one of {', '.join(field.type)}")
        return field.type(item)
    return item


def _with_typed_words(node: Any) -> Any:
    """The same with every `Reading.words` in the type of the field it is of, as `words_alone` puts it there."""
    if isinstance(node, tuple):
        return tuple(_with_typed_words(item) for item in node)
    if not is_dataclass(node) or isinstance(node, type):
        return node
    changes: dict[str, Any] = {}
    for field in fields(node):
        before = getattr(node, field.name)
        after = tuple(_typed(node, r) for r in before) if field.name == "readings" else _with_typed_words(before)
        if after != before:
            changes[field.name] = after
    return replace(node, **changes) if changes else node


def _typed(node: Any, reading: Reading) -> Reading:
    if reading.words is None or reading.of == ITSELF:
        return reading
    type_: Any = type(node)
    words: Any = _words_of_field(reading.words, shape_of(type_).fields[reading.of])
    return replace(reading, words=words)


# --- 3. Laid over another --------------------------------------------------------------------------------------------


def _laid_over(under: Part, over: Part, shape: Shape) -> tuple[Part, list[Part]]:
    """One group laid over another of the same shape (the rules are at the top of this file), and the names of things
    to leave out that were not there."""
    merged: dict[str, Part] = dict(under.value)
    not_there: list[Part] = []
    if "readings" in merged and "readings" not in over.value:
        kept = [reading for reading in merged["readings"].value if _value(reading, "of") not in over.value]
        merged["readings"] = Part(kept, merged["readings"].spot)
    for name, removed in _removals(over, shape):
        before = merged.get(name, Part([], over.spot))
        merged[name], missing = _without(before, removed)
        not_there += missing
    for name, part in over.value.items():
        if name not in shape.fields:
            continue
        merged[name], missing = _field_over(merged.get(name), part, shape.fields[name])
        not_there += missing
    return Part(merged, over.spot), not_there


def _field_over(under: Part | None, over: Part, field: Field) -> tuple[Part, list[Part]]:
    if under is None or under.value is None or over.value is None or field.holds is not Holds.NODE:
        return over, []
    if not field.many:
        return _laid_over(under, over, shape_of(field.type))
    if field.type not in OWN_WORD or not over.value:
        return over, []
    return _lists_by_key(under, over, shape_of(field.type))


def _lists_by_key(under: Part, over: Part, shape: Shape) -> tuple[Part, list[Part]]:
    items, not_there = list(under.value), []
    for item in over.value:
        key = _value(item, "key")
        number = next((n for n, other in enumerate(items) if key is not None and _value(other, "key") == key), None)
        if number is None:
            item, missing = _on_its_own(item, shape)
            items.append(item)
        else:
            items[number], missing = _laid_over(items[number], item, shape)
        not_there += missing
    return Part(items, over.spot), not_there


def _on_its_own(part: Part, shape: Shape) -> tuple[Part, list[Part]]:
    """A group that is laid over nothing: whatever it would leave out is not there."""
    return _laid_over(Part({}, part.spot), part, shape)


def _removals(part: Part, shape: Shape) -> list[tuple[str, Part]]:
    """What a group leaves out, with the field it is left out of."""
    by_key = {f"{REMOVE}{field.spelt}": name for name, field in shape.fields.items()}
    return [(by_key[key], removed) for key, removed in part.value.items() if key in by_key]


def _without(listed: Part, removed: Part) -> tuple[Part, list[Part]]:
    there = [_value(item, "key") for item in listed.value or ()]
    keys = [part.value for part in removed.value]
    kept = [item for item in listed.value or () if _value(item, "key") not in keys]
    return Part(kept, listed.spot), [part for part in removed.value if part.value not in there]


def _value(part: Part, name: str) -> Any:
    """What stands under a name in a group; None where nothing does, or it is no group."""
    inner = part.value.get(name) if isinstance(part.value, dict) else None
    return inner.value if inner else None


# --- 4. Pydantic's mistakes in plain English -------------------------------------------------------------------------

_WRITE: Final[Mapping[str, str]] = {
    "string_type": "text; put it in quotes where it looks like a number, a date or true",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "tuple_type": 'a list: one line for each, starting with "- "',
    "dataclass_type": 'a group of keys, one "key: value" on each line',
}


def _in_plain_english(error: ValidationError, spots: Mapping[Where, Spot]) -> Iterator[tuple[Spot, Mistake]]:
    for detail in error.errors(include_url=False, include_input=False):
        kind, where = detail["type"], detail["loc"]
        if kind == "missing":
            spot = spots[where[:-1]]
            yield _missing(spot, str(where[-1]), shape_at(where[:-1]))
            continue
        while where not in spots:  # pydantic's own additions: which member of a union it tried
            where = where[:-1]
        if kind == "enum":
            quoted = str(detail["ctx"]["expected"]).replace("'", '"')
            write = f"one of {quoted.replace(' or ', ', ')}"
        else:
            write = _WRITE.get(kind) or detail["msg"][:1].lower() + detail["msg"][1:]
        yield spots[where], spots[where].mistake(write=write)


def shape_at(where: Where) -> Shape:
    """This will give the shape of the group at a path through a procedure, by the core's field names."""
    shape = shape_of(Procedure)
    for step in where:
        if isinstance(step, str):
            shape = shape_of(shape.fields[step].type)
    return shape


def _missing(spot: Spot, name: str, shape: Shape) -> tuple[Spot, Mistake]:
    field = shape.fields[name]
    spelt = shape.own_word if name == "key" and shape.own_word else field.spelt
    silent = f', or "{NOT_STATED}" where the text is silent' if field.may_be_none else ""
    at = spot.of(spelt)
    return at, at.mistake(found="nothing", write=f'the key "{spelt}" and its value{silent}')


# --- For authors -----------------------------------------------------------------------------------------------------


def main(paths: list[str]) -> int:
    """This will say of each file what is wrong with it, or how far it accounts for its clauses; 1 if any is wrong."""
    wrong = 0
    for path in map(Path, paths):
        try:
            said = _said_of(path)
        except (Mistakes, OSError) as error:
            wrong, said = 1, str(error)
        sys.stdout.write(f"{said}\n")
    return wrong


def _said_of(path: Path) -> str:
    if path.name.endswith("clauses.yaml"):
        return f"{path.name}: read; {len(register.read_clauses(path))} clauses"
    procedure = read_procedure(path)
    return f"{path.name}: read; {summary(account([procedure], register.clauses_for(path)))}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
