"""How an act is written as bytes and read back.

An act's bytes are one JSON object in canonical form (core/chain.py):

    {"act": {...}, "effects": [...], "facts": {...}, "marks": [...], "said": [...], "used": {...}}

`act` is the head: who, when, which kind, and its place. It comes first, and its parts are also columns of the table, so
that reading can check the columns without taking the bytes apart. `facts` is what was asked.

The rest follows from the dataclasses of `core/` alone, so a field added there needs nothing here:
a dataclass is an object of its fields; where one of several kinds may stand, `is` names the kind (the class's
name in words: "limit set"); moments are UTC with six decimals, so that they sort as text; a mapping is a list of
pairs. A field that is not in the bytes takes its default, which is how acts of before it was added stay readable; so a
default never changes. A field that nobody knows stops the reading. Any other change to a kind needs a new VERSION and
its own way of reading.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import cache, lru_cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Final, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

from commonground.core.acts import KINDS, Act, Actor, Ask, Effect, Mark, PostRef, Said, Used
from commonground.core.chain import canonical
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
    """This will give the bytes of an act, to be hashed and stored: always the same for the same act and place."""
    return canonical(
        {
            "act": to_plain(head(act, disagreement, sequence)),
            "facts": to_plain(act.ask),
            **to_plain(_Body(act.effects, act.marks, act.said, act.used)),
        }
    )


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
        f'{{"act":{{"agency":{_quoted(agency)},"author":{_quoted(author)},"disagreement":"{disagreement}",'
        f'"happened_at":"{happened_at}","id":"{command}","kind":{_quoted(kind)},"post":{_quoted(post)},'
        f'"recorded_at":"{recorded_at}","sequence":{sequence},"version":{version}}},"effects":'
    ).encode()


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    return canonical(text).decode("utf-8")


def decode(data: bytes, disagreement: UUID, sequence: int) -> Act:
    """This will read an act back from its bytes, which must say that they belong at this place.

    UnknownKind for a kind, version, effect, mark or field that this program does not know; Altered for anything else
    that it did not write.
    """
    try:
        return _act(json.loads(data), disagreement, sequence)
    except _Unknown as unknown:
        raise UnknownKind(disagreement, sequence, str(unknown)) from None
    except (ValueError, TypeError, KeyError, RecursionError) as mistake:
        raise Altered(disagreement, sequence, f"not an act as it is written: {mistake}") from None


def _act(plain: dict[str, Any], disagreement: UUID, sequence: int) -> Act:
    # The kind and version first: how everything else is read depends on them.
    if (version := plain["act"]["version"]) != VERSION:
        raise _Unknown(f"found version {version!r}; this program reads version {VERSION}")
    if (kind := plain["act"]["kind"]) not in ASKS:
        raise _Unknown(f"found an act of the kind {kind!r}, which this program does not know")
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


# --- Any dataclass of the core ----------------------------------------------------------------------------------------


def to_plain(value: Any) -> dict[str, Any]:
    """This will give a dataclass as plain JSON. ValueError for a moment without a time zone."""
    return cast(dict[str, Any], _coder(cast(Hashable, type(value))).write(value))


def from_plain(kind: type[T], plain: object) -> T:
    """This will make a dataclass of this kind from plain JSON. ValueError for what `to_plain` does not write."""
    return cast(T, _coder(cast(Hashable, kind)).read(plain))


def text_of_standing(standing: Standing) -> str:
    """This will write a standing as canonical JSON text: the same standing always as the same text."""
    return canonical(to_plain(standing)).decode("utf-8")


def standing_of_text(text: str) -> Standing:
    """This will read a standing back from `text_of_standing`. ValueError for anything else."""
    return from_plain(Standing, json.loads(text))


def moment_text(moment: datetime) -> str:
    """This will write a moment in the one way that sorts as text: UTC, six decimals, a Z."""
    if moment.tzinfo is not UTC:
        if moment.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")[:26] + "Z"


class _Unknown(Exception):
    """Found something that a later program may have written."""


class _Coder(NamedTuple):
    """How one type is written and read."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


@cache
def _coder(hint: Any) -> _Coder:
    """Give the coder for a type as it is annotated; made once for each, because `get_type_hints` is slow."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _one_of(tuple(arg for arg in args if arg is not NoneType), optional=NoneType in args)
    if origin is tuple:
        return _list_of(args[0]) if args[-1] is Ellipsis else _row_of(args)
    if origin is frozenset:
        return _set_of(args[0])
    if origin is Mapping:
        return _pairs_of(*args)
    if is_dataclass(hint):
        return _object_of(cast(type, hint))
    if issubclass(hint, StrEnum):
        return _word_of(hint)
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    raise TypeError(f"no way is known to store a {hint!r}")


def _exactly(kind: type) -> _Coder:
    def read(plain: Any) -> Any:
        if type(plain) is not kind:
            raise ValueError(f"found {plain!r} where a {kind.__name__} belongs")
        return plain

    return _Coder(lambda value: value, read)


def _as_text(kind: type, write: Callable[[Any], str], read: Callable[[str], Any]) -> _Coder:
    def read_back(plain: Any) -> Any:
        with suppress(ValueError):
            # Another way to write the same is refused too: what was stored has one form.
            if type(plain) is str and write(value := read(plain)) == plain:
                return value
        raise ValueError(f"found {plain!r} where a {kind.__name__} belongs")

    return _Coder(write, read_back)


def _moment(plain: Any) -> datetime:
    # There are many in an act. Of what `fromisoformat` takes, only this one form has these letters at these places.
    if type(plain) is not str or len(plain) != 27 or plain[10] != "T" or plain[19] != "." or plain[26] != "Z":
        raise ValueError(f"found {plain!r} where a moment belongs")
    return datetime.fromisoformat(plain)


_SIMPLE: Final[Mapping[type, _Coder]] = {
    str: _Coder(str.__str__, _exactly(str).read),  # a StrEnum member is written as its bare text
    int: _exactly(int),
    bool: _exactly(bool),
    date: _as_text(date, date.isoformat, date.fromisoformat),
    datetime: _Coder(moment_text, _moment),
    time: _as_text(time, time.isoformat, time.fromisoformat),
    UUID: _as_text(UUID, str, UUID),
}


def _word_of(enum: type[StrEnum]) -> _Coder:
    members = {member.value: member for member in enum}

    def read(plain: Any) -> StrEnum:
        if type(plain) is not str:
            raise ValueError(f"found {plain!r} where a word belongs")
        if plain not in members:
            raise _Unknown(f"found {_in_words(enum)} {plain!r}, which this program does not know")
        return members[plain]

    return _Coder(lambda value: value.value, read)


def _object_of(kind: type) -> _Coder:
    hints = get_type_hints(kind)
    # A trailing underscore only keeps Python's own words free: `with_` is stored as "with".
    parts = [(field.name, field.name.rstrip("_"), _coder(hints[field.name])) for field in fields(kind) if field.init]
    needed = {
        field.name
        for field in fields(kind)
        if field.init and field.default is MISSING and field.default_factory is MISSING
    }

    def write(value: Any) -> dict[str, Any]:
        return {stored: coder.write(getattr(value, name)) for name, stored, coder in parts}

    def read(plain: Any) -> Any:
        if type(plain) is not dict:
            raise ValueError(f"found {plain!r} where {_in_words(kind)} belongs")
        values = {name: coder.read(plain[stored]) for name, stored, coder in parts if stored in plain}
        if len(values) < len(plain):
            strange = sorted(plain.keys() - {stored for _, stored, _ in parts})
            raise _Unknown(f"found {strange} in {_in_words(kind)}, which this program does not know")
        if missing := needed - values.keys():
            raise ValueError(f"{_in_words(kind)} lacks {sorted(missing)}")
        return kind(**values)

    return _Coder(write, read)


def _one_of(kinds: tuple[Any, ...], *, optional: bool) -> _Coder:
    coder = _coder(kinds[0]) if len(kinds) == 1 else _tagged(kinds)
    if not optional:
        return coder
    return _Coder(
        lambda value: None if value is None else coder.write(value),
        lambda plain: None if plain is None else coder.read(plain),
    )


def _tagged(kinds: tuple[Any, ...]) -> _Coder:
    # "is" can't be the name of a field: it is one of Python's own words.
    coders = {kind: (_in_words(kind), _object_of(kind)) for kind in kinds}
    by_words = dict(coders.values())

    def write(value: Any) -> dict[str, Any]:
        words, coder = coders[type(value)]
        return {"is": words, **coder.write(value)}

    def read(plain: Any) -> Any:
        if type(plain) is not dict or type(words := plain.get("is")) is not str:
            raise ValueError(f"found {plain!r}, which does not say what it is")
        if words not in by_words:
            raise _Unknown(f"found {words!r}, which this program does not know")
        return by_words[words].read({name: part for name, part in plain.items() if name != "is"})

    return _Coder(write, read)


def _list_of(item: Any) -> _Coder:
    write, read = _coder(item)
    return _Coder(
        lambda values: [write(value) for value in values], lambda plain: tuple(read(part) for part in _list(plain))
    )


def _row_of(items: tuple[Any, ...]) -> _Coder:
    coders = [_coder(item) for item in items]
    return _Coder(
        lambda values: [coder.write(value) for coder, value in zip(coders, values, strict=True)],
        lambda plain: tuple(coder.read(part) for coder, part in zip(coders, _list(plain), strict=True)),
    )


def _set_of(item: Any) -> _Coder:
    write, read = _coder(item)
    return _Coder(
        lambda values: sorted((write(value) for value in values), key=repr),  # any order, as long as it is one
        lambda plain: frozenset(read(part) for part in _list(plain)),
    )


def _pairs_of(key: Any, item: Any) -> _Coder:
    pair = _row_of((key, item))
    return _Coder(
        lambda values: sorted((pair.write(entry) for entry in values.items()), key=repr),
        lambda plain: MappingProxyType(dict(pair.read(part) for part in _list(plain))),
    )


def _list(plain: Any) -> list[Any]:
    if type(plain) is not list:
        raise ValueError(f"found {plain!r} where a list belongs")
    return plain


def _in_words(kind: type) -> str:
    """Give a class's name in words: `LimitSet` is "limit set"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__.strip("_")).lower()
