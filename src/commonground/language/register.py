"""The clause register: one entry for each thing a published text says, and what software does about it.

`clauses.yaml` beside the shipped procedures holds theirs; a procedure of somebody's own, `north.yaml`, has
`north.clauses.yaml` beside it. What the entries mean is at the top of `clauses.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from commonground.language.mistakes import Mistake, Mistakes, from_pydantic, load_yaml

PROCEDURES: Final = Path(str(files("commonground") / "procedures"))
"""The folder of the shipped procedures."""

SHIPPED_REGISTER: Final = PROCEDURES / "clauses.yaml"


class Use(StrEnum):
    """What software does about a clause: the first word of its `software`."""

    ENFORCE = "enforce"
    PROMPT = "prompt"
    COMPUTE = "compute"
    PRODUCE = "produce"
    SHOW = "show"
    OUTSIDE = "outside"


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One thing a published text says, in our own words."""

    id: str
    modality: Literal["must", "should", "may", "right", "fact", "definition"]
    duty: str
    software: str
    """What software does about it, in words; the first is its `use`."""
    who: str = ""
    when: str = ""
    kind: str = ""
    ambiguity: str | None = None
    """How it can be read, where it can be read more than one way, and which reading is the default."""

    @property
    def use(self) -> Use:
        """What software does about it, as one word."""
        return Use(self.software.partition(":")[0])


_ADAPTER: Final = TypeAdapter(tuple[Clause, ...], config=ConfigDict(extra="forbid"))


def read_clauses(source: Path | str, name: str | None = None) -> tuple[Clause, ...]:
    """This will read a clause register from a file or its text, in the file's order.

    Raises `Mistakes` with everything wrong in it, and OSError when the file can't be opened.
    """
    data, positions = load_yaml(source, name)
    try:
        clauses = _ADAPTER.validate_python(data)
    except ValidationError as error:
        raise Mistakes(from_pydantic(error, positions, keys=Clause.__dataclass_fields__)) from None
    wrong: list[Mistake] = []
    seen: set[str] = set()
    for number, clause in enumerate(clauses):
        if clause.id in seen:
            wrong.append(positions.mistake((number, "id"), write="an id that no other clause has"))
        seen.add(clause.id)
        if clause.software.partition(":")[0] not in set(Use):
            uses = ", ".join(Use)
            wrong.append(positions.mistake((number, "software"), write=f'one of {uses}, and after a ":" what it does'))
    if wrong:
        raise Mistakes(wrong)
    return clauses


@cache
def shipped_clauses() -> tuple[Clause, ...]:
    """This will give the register of the shipped procedures, read once."""
    return read_clauses(SHIPPED_REGISTER)


def clauses_for(path: Path) -> tuple[Clause, ...]:
    """This will give the clauses a procedure file may cite: the shipped ones, and those of the register beside it."""
    beside = path.with_name(f"{path.stem}.clauses.yaml")
    return (*shipped_clauses(), *(read_clauses(beside) if beside.exists() else ()))


def under(clauses: Iterable[Clause], prefix: str | None) -> tuple[Clause, ...]:
    """This will keep the clauses whose ids begin with a procedure's prefix; none where it has no prefix."""
    return tuple(clause for clause in clauses if prefix and clause.id.startswith(f"{prefix}."))
