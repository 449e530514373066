"""The procedures that come with the package, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from commonground.core.procedure import Key, Procedure
from commonground.language.mistakes import Mistake, Mistakes
from commonground.language.reader import read_with_digest
from commonground.language.register import PROCEDURES, SHIPPED_REGISTER, Clause, shipped_clauses


def shipped_files() -> tuple[Path, ...]:
    """This will give the files of the shipped procedures, by name."""
    return tuple(path for path in sorted(PROCEDURES.glob("*.yaml")) if path != SHIPPED_REGISTER)


@cache
def shipped() -> Mapping[Key, tuple[Procedure, str]]:
    """This will give every shipped procedure with the digest that pins it, by key.

    Raises `Mistakes` with those of all files together.
    """
    read: dict[Key, tuple[Procedure, str]] = {}
    wrong: list[Mistake] = []
    for path in shipped_files():
        try:
            one = read_with_digest(path)
        except Mistakes as mistakes:
            wrong += mistakes.mistakes
        else:
            read[one.procedure.key] = (one.procedure, one.digest)
    if wrong:
        raise Mistakes(wrong)
    return MappingProxyType(read)


def clauses() -> tuple[Clause, ...]:
    """This will give the register of every clause of the shipped procedures."""
    return shipped_clauses()
