"""How an act is written as bytes and read back.

An act's bytes are one JSON object in canonical form (core/chain.py):

    {"act": {...}, "effects": [...], "facts": {...}, "marks": [...], "said": [...], "used": {...}}

`act` is the head: who, when, which kind, and its place. It comes first, and its parts are also columns of the table, so
that reading can check the columns without taking the bytes apart. `facts` is what was asked.

The rest follows from the dataclasses of `core/` alone, so a field added there needs nothing here:
a dataclass is an object of its fields; where one of several kinds may stand, `is` names the kind (the class's
name in words: "limit set"); moments are UTC with six decimals, so that they sort as text. A field that is not in the
bytes takes its default, which is how acts of before it was added stay readable; so a default never changes. A field
that nobody knows stops the reading. Any other change to a kind needs a new VERSION and its own way of reading.

Each type's coder is put together once, of C functions where there is one, because every act passes through here. It
writes the canonical text itself; that this is what core/chain.py calls canonical is a test over every kind of act.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import cache, lru_cache, partial
from json.encoder import encode_basestring as quoted
from types import NoneType, UnionType
from typing import Any, Final, NamedTuple, NoReturn, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

from commonground.core.acts import KINDS, Act, Actor, Ask, Effect, Ended, Entered, Mark, PostRef, Said, Used, Waits
from commonground.core.chain import LARGEST_NUMBER
from commonground.core.standing import Standing

VERSION: Final = 1
ASKS: Final[Mapping[str, type[Ask]]] = {kind: ask for ask, kind in KINDS.items()}

T = TypeVar("T")


class CannotBeRead(Exception):
    """A record that must not be used until somebody has looked at it: says which act of which disagreement, and why.

    Never caught to carry on: a page that showed half a record would be believed.
    """

    def __init__(self, disagreement: UUID, sequence: int, found: str) -> None:
        """`sequence` counts from 1; `found` is a clause of plain English."""
        super().__init__(f"disagreement {disagreement}, act {sequence}: {found}")
        self.disagreement, self.sequence, self.found = disagreement, sequence, found


class Altered(CannotBeRead):
    """What is stored is not what was written."""


class UnknownKind(CannotBeRead):
    """An act of a kind or version that this program does not know: it was written by a later one."""


# --- Acts -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Head:
    """The parts of an act that stand in columns too."""

    agency: str
    author: str
    disagreement: UUID
    happened_at: datetime
    id: UUID
    kind: str
    post: str
    recorded_at: datetime
    sequence: int
    version: int


@dataclass(frozen=True)
class _Body:
    """An act's bytes, but for the head and the facts."""

    effects: tuple[Effect, ...]
    marks: tuple[Mark, ...]
    said: tuple[Said, ...]
    used: Used


class Outline(NamedTuple):
    """What of an act a standing is made of."""

    effects: tuple[Effect, ...]
    recorded_at: datetime


def head(act: Act, disagreement: UUID, sequence: int) -> Head:
    """This will give the head of an act at its place in its record."""
    return Head(
        agency=act.by.seat.agency,
        author=act.by.person,
        disagreement=disagreement,
        happened_at=act.happened_at,
        id=act.id,
        kind=KINDS[type(act.ask)],
        post=act.by.seat.post,
        recorded_at=act.recorded_at,
        sequence=sequence,
        version=VERSION,
    )


def encode(act: Act, disagreement: UUID, sequence: int) -> bytes:
    """This will give the bytes of an act, to be hashed and stored: always the same for the same act and place.

    ValueError for what has no one form (core/chain.py), and for a moment without a time zone.
    """
    return (
        f'{{"act":{_coder(Head).write(head(act, disagreement, sequence))},'
        f'"effects":{_EFFECTS.write(act.effects)},'
        f'"facts":{_coder(cast(Hashable, type(act.ask))).write(act.ask)},'
        f'"marks":{_MARKS.write(act.marks)},'
        f'"said":{_SAID.write(act.said)},'
        f'"used":{_coder(Used).write(act.used)}}}'
    ).encode()


def beginning(
    disagreement: str,
    sequence: int,
    command: str,
    kind: str,
    version: int,
    recorded_at: str,
    happened_at: str,
    agency: str,
    post: str,
    author: str,
) -> bytes:
    """This will give how an act's bytes begin, from the columns it stands in: the same as `encode` makes them.

    Every act read is checked against this, so it is put together by hand; ids and moments come as `encode` writes them.
    """
    return (
        f'{{"act":{{"agency":{quoted(agency)},"author":{quoted(author)},"disagreement":"{disagreement}",'
        f'"happened_at":"{happened_at}","id":"{command}","kind":{quoted(kind)},"post":{quoted(post)},'
        f'"recorded_at":"{recorded_at}","sequence":{sequence},"version":{version}}},"effects":'
    ).encode()


def decode(data: bytes, disagreement: UUID, sequence: int) -> Act:
    """This will read an act back from its bytes, which must say that they belong at this place.

    UnknownKind for a kind, version, effect, mark or field that this program does not know; Altered for anything else
    that it did not write.
    """
    try:
        return _act(json.loads(data), disagreement, sequence)
    except _MISTAKES as mistake:
        _say_where(mistake, disagreement, sequence)


def outline(
    data: bytes, begins: int, kind: str, version: int, recorded_at: str, disagreement: UUID, sequence: int
) -> Outline:
    """This will read of an act what a standing is made of, and leave the rest: a third of the work of `decode`.

    For bytes that begin as `beginning` says of the act's columns, `begins` long. Raises as `decode` does.
    """
    try:
        _know(kind, version)
        effects, _ = _read_first(data[begins:].decode())
        return Outline(_EFFECTS.read(effects), _moment(recorded_at))
    except _MISTAKES as mistake:
        _say_where(mistake, disagreement, sequence)


_read_first: Final = json.JSONDecoder().raw_decode


def _say_where(mistake: Exception, disagreement: UUID, sequence: int) -> NoReturn:
    if isinstance(mistake, _Unknown):
        raise UnknownKind(disagreement, sequence, str(mistake)) from None
    raise Altered(disagreement, sequence, f"not an act as it is written: {mistake}") from None


def _know(kind: str, version: int) -> None:
    # Before all else: how everything else is read depends on them.
    if version != VERSION:
        raise _Unknown(f"found version {version!r}; this program reads version {VERSION}")
    if kind not in ASKS:
        raise _Unknown(f"found an act of the kind {kind!r}, which this program does not know")


def _act(plain: dict[str, Any], disagreement: UUID, sequence: int) -> Act:
    kind = plain["act"]["kind"]
    _know(kind, plain["act"]["version"])
    top = from_plain(Head, plain.pop("act"))
    if (top.disagreement, top.sequence) != (disagreement, sequence):
        raise ValueError(f"it is act {top.sequence} of disagreement {top.disagreement}")
    ask: Ask = from_plain(ASKS[kind], plain.pop("facts"))
    body = from_plain(_Body, plain)
    return Act(
        id=top.id,
        by=Actor(top.author, PostRef(top.agency, top.post)),
        ask=ask,
        happened_at=top.happened_at,
        recorded_at=top.recorded_at,
        said=body.said,
        effects=body.effects,
        marks=body.marks,
        used=body.used,
    )


@dataclass(frozen=True)
class Shown:
    """What a list shows of a standing: where it is, whose move it is and by when, how it ended."""

    entered: Entered | None
    waits: Waits | None
    ended: Ended | None


# --- Any dataclass of the core ----------------------------------------------------------------------------------------


def from_plain(kind: type[T], plain: object) -> T:
    """This will make a dataclass of this kind from plain JSON. ValueError for what is never written."""
    return cast(T, _coder(cast(Hashable, kind)).read(plain))


def text_of_shown(now: Standing) -> str:
    """This will write what a list shows of a standing: the same always as the same text."""
    return _SHOWN.write(Shown(now.entered, now.waits, now.ended))


def shown_of_text(text: str) -> Shown:
    """This will read the same back. ValueError for anything else."""
    return cast(Shown, _SHOWN.read(json.loads(text)))


@lru_cache(maxsize=4096)  # an act says the same moment ten times over
def moment_text(moment: datetime) -> str:
    """This will write a moment in the one way that sorts as text: UTC, six decimals, a Z."""
    if moment.tzinfo is not UTC:
        if moment.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")[:26] + "Z"


class _Unknown(Exception):
    """Found something that a later program may have written."""


_MISTAKES: Final = (_Unknown, ValueError, TypeError, KeyError, RecursionError)


class _Coder(NamedTuple):
    """How one type is written, as canonical text, and read, from what JSON makes of that text."""

    write: Callable[[Any], str]
    read: Callable[[Any], Any]


@cache
def _coder(hint: Any) -> _Coder:
    """Give the coder for a type as it is annotated; made once for each, because `get_type_hints` is slow."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _one_of(tuple(arg for arg in args if arg is not NoneType), optional=NoneType in args)
    if origin is tuple:
        return _list_of(args[0]) if args[-1] is Ellipsis else _row_of(args)
    if is_dataclass(hint):
        return _object_of(cast(type, hint))
    if issubclass(hint, StrEnum):
        return _word_of(hint)
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    raise TypeError(f"no way is known to store a {hint!r}")


def _number(value: int) -> str:
    if type(value) is not int or not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        raise ValueError("a number in canonical bytes is whole, and within 2**53 - 1")
    return str(value)


def _exactly(kind: type) -> Callable[[Any], Any]:
    def read(plain: Any) -> Any:
        if type(plain) is not kind:
            raise ValueError(f"found {plain!r} where a {kind.__name__} belongs")
        return plain

    return read


def _as_text(kind: type, write: Callable[[Any], str], read: Callable[[str], Any]) -> _Coder:
    def read_back(plain: Any) -> Any:
        with suppress(ValueError):
            # Another way to write the same is refused too: what was stored has one form.
            if type(plain) is str and write(value := read(plain)) == plain:
                return value
        raise ValueError(f"found {plain!r} where a {kind.__name__} belongs")

    return _Coder(lambda value: f'"{write(value)}"', read_back)


@lru_cache(maxsize=4096)
def _moment(plain: Any) -> datetime:
    # There are many in an act. Of what `fromisoformat` takes, only this one form has these letters at these places.
    if type(plain) is not str or len(plain) != 27 or plain[10] != "T" or plain[19] != "." or plain[26] != "Z":
        raise ValueError(f"found {plain!r} where a moment belongs")
    return datetime.fromisoformat(plain)


_SIMPLE: Final[Mapping[type, _Coder]] = {
    str: _Coder(quoted, _exactly(str)),
    int: _Coder(_number, _exactly(int)),
    bool: _Coder({True: "true", False: "false"}.__getitem__, _exactly(bool)),
    date: _as_text(date, date.isoformat, lru_cache(maxsize=4096)(date.fromisoformat)),
    datetime: _Coder(lambda value: f'"{moment_text(value)}"', _moment),
    time: _as_text(time, time.isoformat, time.fromisoformat),
    UUID: _as_text(UUID, str, UUID),
}


def _word_of(enum: type[StrEnum]) -> _Coder:
    return _Coder({member: quoted(member.value) for member in enum}.__getitem__, _Members(enum).__getitem__)


class _Members(dict[str, StrEnum]):
    """The words of a list of words, by how they are stored."""

    def __init__(self, enum: type[StrEnum]) -> None:
        super().__init__({member.value: member for member in enum})
        self.enum = enum

    def __missing__(self, plain: object) -> NoReturn:
        if type(plain) is not str:
            raise ValueError(f"found {plain!r} where a word belongs")
        raise _Unknown(f"found {_in_words(self.enum)} {plain!r}, which this program does not know")


def _object_of(kind: type, tag: str | None = None) -> _Coder:
    """Give the coder for a dataclass. With `tag`, its text says what it is, and reading expects that it was looked at.

    Both are written out as source, as `dataclasses` does it: three times as fast as loops over the fields.
    """
    hints = get_type_hints(kind)
    # A trailing underscore only keeps Python's own words free: `with_` is stored as "with".
    parts = [
        _Part(field.name, field.name.rstrip("_"), hints[field.name], needed=_has_no_default(field))
        for field in fields(kind)
        if field.init
    ]
    known: dict[str, Any] = {"kind": kind, "read_part": partial(_read_part, kind, parts, tag)}
    for number, part in enumerate(parts):
        known[f"write_{number}"], known[f"read_{number}"] = _coder(part.hint)
    exec(_source(parts, tag), known)  # noqa: S102  # made of the names of fields, which are identifiers
    return _Coder(known["write"], known["read"])


class _Part(NamedTuple):
    """One field of a dataclass."""

    name: str
    stored: str
    hint: Any
    needed: bool


def _has_no_default(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _source(parts: list[_Part], tag: str | None) -> str:
    # "is" can't be the name of a field: it is one of Python's own words.
    texts = {part.stored: f"{{write_{number}(value.{part.name})}}" for number, part in enumerate(parts)}
    texts |= {} if tag is None else {"is": quoted(tag)}
    text = ",".join(f'"{stored}":{texts[stored]}' for stored in sorted(texts))
    lines = [
        "def write(value):",
        f"    return f'''{{{{{text}}}}}'''",
        "def read(plain):",
        f"    if type(plain) is not dict or len(plain) != {len(texts)}:",
        "        return read_part(plain)",
        "    try:",
        *(f'        part_{number} = plain["{part.stored}"]' for number, part in enumerate(parts)),
        "        pass",
        "    except KeyError:",
        "        return read_part(plain)",
        f"    return kind({', '.join(_reading(number, part) for number, part in enumerate(parts))})",
    ]
    return "\n".join(lines)


def _reading(number: int, part: _Part) -> str:
    read = f"read_{number}(part_{number})"
    # Most of an act is text, which has nothing to be read.
    return f"part_{number} if type(part_{number}) is str else {read}" if part.hint is str else read


def _read_part(kind: type, parts: list[_Part], tag: str | None, plain: Any) -> Any:
    """Read what lacks fields that were added since; say what is wrong with anything else."""
    if type(plain) is not dict:
        raise ValueError(f"found {plain!r} where {_in_words(kind)} belongs")
    if strange := sorted(plain.keys() - {part.stored for part in parts} - ({"is"} if tag else set())):
        raise _Unknown(f"found {strange} in {_in_words(kind)}, which this program does not know")
    if missing := sorted(part.name for part in parts if part.needed and part.stored not in plain):
        raise ValueError(f"{_in_words(kind)} lacks {missing}")
    there = [part for part in parts if part.stored in plain]
    return kind(**{part.name: _coder(part.hint).read(plain[part.stored]) for part in there})


def _one_of(kinds: tuple[Any, ...], *, optional: bool) -> _Coder:
    coder = _coder(kinds[0]) if len(kinds) == 1 else _tagged(kinds)
    if not optional:
        return coder
    write, read = coder
    return _Coder(
        lambda value: "null" if value is None else write(value),
        lambda plain: None if plain is None else read(plain),
    )


def _tagged(kinds: tuple[Any, ...]) -> _Coder:
    coders = {kind: _object_of(kind, tag=_in_words(kind)) for kind in kinds}
    writers = {kind: coder.write for kind, coder in coders.items()}
    readers = {_in_words(kind): coder.read for kind, coder in coders.items()}

    def read(plain: Any) -> Any:
        if type(plain) is not dict or type(words := plain.get("is")) is not str:
            raise ValueError(f"found {plain!r}, which does not say what it is")
        if words not in readers:
            raise _Unknown(f"found {words!r}, which this program does not know")
        return readers[words](plain)

    return _Coder(lambda value: writers[type(value)](value), read)


def _list_of(item: Any) -> _Coder:
    write, read = _coder(item)
    return _Coder(
        lambda values: f"[{','.join(map(write, values))}]", lambda plain: tuple([read(part) for part in _list(plain)])
    )


def _row_of(items: tuple[Any, ...]) -> _Coder:
    coders = [_coder(item) for item in items]
    return _Coder(
        lambda values: f"[{','.join([coder.write(value) for coder, value in zip(coders, values, strict=True)])}]",
        lambda plain: tuple([coder.read(part) for coder, part in zip(coders, _list(plain), strict=True)]),
    )


def _list(plain: Any) -> list[Any]:
    if type(plain) is not list:
        raise ValueError(f"found {plain!r} where a list belongs")
    return plain


def _in_words(kind: type) -> str:
    """Give a class's name in words: `LimitSet` is "limit set"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__.strip("_")).lower()


_EFFECTS: Final = _coder(tuple[Effect, ...])
_MARKS: Final = _coder(tuple[Mark, ...])
_SHOWN: Final = _coder(Shown)
_SAID: Final = _coder(tuple[Said, ...])
