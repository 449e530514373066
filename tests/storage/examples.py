"""Acts to store: one of each kind, and any that Hypothesis can think of. Built from the types, so a new one is covered.

They make no sense as a story; the record stores what `decide` gives it and asks no questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from hypothesis import strategies as st

from commonground.core import time as working_time
from commonground.core.acts import KINDS, Act, Actor, Ask, Audience, Effect, Mark, PostRef, Raise, Used, Write
from commonground.record.words import Words, typed

DISAGREEMENT = UUID("5f0c9c2e-0000-4000-8000-000000000001")
OTHER = UUID("5f0c9c2e-0000-4000-8000-000000000002")
AT = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
SOMEONE = Actor("p-1", PostRef("school", "practitioner"))
USED = Used("d" * 64, "england-and-wales 2026-01-01")


def example(hint: Any) -> Any:
    """Give the same value of a type every time: the fullest one, with one of everything in it."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return example(next(arg for arg in args if arg is not NoneType))
    if origin is tuple:
        kinds = (args[0],) if args[-1] is Ellipsis else args
        return tuple(example(kind) for kind in kinds)
    if origin is frozenset:
        return frozenset({example(args[0])})
    if origin is Mapping:
        return {example(args[0]): example(args[1])}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return list(hint)[-1]
    simple = {
        str: "key",
        int: 2,
        bool: True,
        date: AT.date(),
        datetime: AT,
        time: time(9),
        UUID: UUID(int=7),
    }
    if hint in simple:
        return simple[hint]
    hints = get_type_hints(hint)
    return hint(**{field.name: example(hints[field.name]) for field in fields(hint) if field.init})


def act(
    number: int = 1,
    ask: Ask | None = None,
    effects: tuple[Effect, ...] = (),
    marks: tuple[Mark, ...] = (),
    words: tuple[Words, ...] = (),
) -> Act:
    """Give act `number` of an invented record, a minute after the one before it."""
    return Act(
        id=UUID(int=number),
        by=SOMEONE,
        ask=ask or Write("notice"),
        happened_at=AT,
        recorded_at=AT + timedelta(minutes=number),
        said=tuple(piece.said for piece in words),
        effects=effects,
        marks=marks,
        used=USED,
    )


def words(text: str = "We do not agree.", field: str = "reason", audience: Audience = Audience.PARTIES) -> Words:
    """Give words that the school typed, under a key that is always the same for the same text."""
    return typed(field, text, audience, "school", key=text.encode("utf-8", "replace")[:32].ljust(32, b"."))


def one_of_each_kind() -> dict[str, Act]:
    """Give an act for every kind there is, and one more with every effect and every mark."""
    acts = {kind: replace(act(ask=example(ask)), said=example(Act).said) for ask, kind in KINDS.items()}
    effects = tuple(example(effect) for effect in get_args(Effect))
    return {**acts, "every effect": act(ask=example(Raise), effects=effects, marks=tuple(Mark))}


# Text that a database, JSON or a hash might trip over; half a surrogate pair is no text.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)

for counted in working_time.UNITS.values():
    st.register_type_strategy(counted, st.builds(counted, n=st.integers(0, working_time.LARGEST)))
st.register_type_strategy(str, texts)
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(UUID, st.uuids())

any_act = st.from_type(Act)
