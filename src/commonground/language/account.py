"""The clause account: for every clause of a published text, what in the procedure carries it, and how.

A clause is carried in one of four ways, the strongest first:

- *rule*: something that runs (a limit, clock, step, decision, duty, sides, ...) cites it;
- *prompt*: a question in a form asks for it, or a request is offered for it;
- *guidance*: it is shown at a place, or a shown reading rests on it;
- *outside*: it is declared outside software, with the reason.

The register says what software does about each clause (`Use`), so the account can say what is wrong: a clause to be
enforced or computed needs a rule, one to be prompted needs at least a prompt, and an ambiguity needs a `Reading`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from commonground.core import procedure as core
from commonground.core.procedure import Procedure, nodes
from commonground.language.register import Clause, Use, under


class How(StrEnum):
    """How a clause is carried."""

    RULE = "rule"
    PROMPT = "prompt"
    GUIDANCE = "guidance"
    OUTSIDE = "outside"


_STRONGEST_FIRST: Final = tuple(How)

_CARRIES: Final[dict[type, How]] = {
    core.Ask: How.PROMPT,
    core.UrgentRequest: How.PROMPT,
    core.Guidance: How.GUIDANCE,
    core.Reading: How.GUIDANCE,
    core.Outside: How.OUTSIDE,
}
"""How each kind of element carries a clause; every other kind is a rule."""

_ENOUGH: Final[dict[Use, frozenset[How]]] = {
    Use.ENFORCE: frozenset({How.RULE}),
    Use.COMPUTE: frozenset({How.RULE}),
    Use.PROMPT: frozenset({How.RULE, How.PROMPT}),
    Use.SHOW: frozenset({How.RULE, How.PROMPT, How.GUIDANCE}),
    Use.PRODUCE: frozenset({How.RULE, How.PROMPT, How.GUIDANCE}),
    Use.OUTSIDE: frozenset(How),
}
"""The ways of carrying a clause that do what the register says of it."""


@dataclass(frozen=True)
class Row:
    """One clause in the account."""

    clause: Clause
    how: How | None
    """None: nothing cites it."""
    elements: tuple[str, ...]
    """Where it is cited, as paths through the procedures."""
    wrong: tuple[str, ...]
    """What is wrong with how it is carried, in words; empty where it is accounted for."""


def account(procedures: Iterable[Procedure], clauses: Iterable[Clause]) -> tuple[Row, ...]:
    """This will account for every clause of the procedures' own prefixes, in the register's order.

    A procedure that cites a clause under another's prefix carries it too.
    """
    given = tuple(procedures)
    cited: dict[str, list[tuple[How, str, bool]]] = {}
    for procedure in given:
        for clause, how, path, reads in _citations(procedure):
            cited.setdefault(clause, []).append((how, path, reads))
    register = tuple(clauses)
    prefixes = [procedure.clause_prefix for procedure in given]
    owed = {clause.id: clause for prefix in dict.fromkeys(prefixes) for clause in under(register, prefix)}
    return tuple(_row(clause, cited.get(clause.id, [])) for clause in register if clause.id in owed)


def account_table(rows: Iterable[Row]) -> str:
    """This will print an account: a line for each clause, with how it is carried, by what, and what is wrong."""
    lines = []
    for row in rows:
        shown = ", ".join(row.elements[:3]) + (f" and {len(row.elements) - 3} more" if len(row.elements) > 3 else "")
        wrong = f"  WRONG: {'; '.join(row.wrong)}" if row.wrong else ""
        lines.append(f"{row.clause.id:34} {row.clause.use:8} {row.how or 'nothing':9} {shown}{wrong}".rstrip())
    return "\n".join(lines)


def summary(rows: Iterable[Row]) -> str:
    """This will say in one line how far the account has got, and then each clause that something is wrong with."""
    given = tuple(rows)
    wrong = [row for row in given if row.wrong]
    missing = sum(row.how is None for row in given)
    first = f"{len(given) - missing} of {len(given)} clauses cited, {len(given) - len(wrong)} accounted for"
    return "\n".join([first, *(f"  {row.clause.id}: {'; '.join(row.wrong)}" for row in wrong)])


def _citations(procedure: Procedure) -> Iterator[tuple[str, How, str, bool]]:
    """Every clause cited, how its element carries it, the element's path, and whether it is a reading."""
    for path, node in nodes(procedure):
        how = _CARRIES.get(type(node), How.RULE)
        named = "/".join((procedure.key, *path))
        for clause in _cited_by(node):
            yield clause, how, named, isinstance(node, core.Reading)


def _cited_by(node: Any) -> Iterator[str]:
    yield from getattr(node, "clauses", ())
    if isinstance(node, core.Decision):
        yield from node.hears_own


def _row(clause: Clause, cited: list[tuple[How, str, bool]]) -> Row:
    hows = {how for how, _, _ in cited}
    how = next((how for how in _STRONGEST_FIRST if how in hows), None)
    wrong: list[str] = []
    if how is None:
        wrong.append("missing: nothing cites it")
    elif how not in _ENOUGH[clause.use]:
        needed = " or ".join(how for how in _STRONGEST_FIRST if how in _ENOUGH[clause.use])
        wrong.append(f"carried as {how} only; to {clause.use} it takes {needed}")
    if clause.ambiguity and not any(reads for _, _, reads in cited):
        wrong.append("it can be read more than one way, and no reading cites it")
    return Row(clause, how, tuple(dict.fromkeys(path for _, path, _ in cited)), tuple(wrong))
