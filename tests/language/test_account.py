"""The clause account: every clause of the published texts is carried, and one that goes missing is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from commonground.core.procedure import Ask, Decision, Guidance, Outside, Place, Procedure, Result, UrgentRequest
from commonground.language.account import How, Row, account, account_table, summary
from commonground.language.library import clauses, shipped, shipped_files
from commonground.language.mistakes import Mistakes
from commonground.language.reader import read_procedure
from commonground.language.register import Use, read_clauses

HERE = Path(__file__).parent
SHORT = read_procedure(HERE / "short.yaml")
CLOCK, AREA = read_clauses(HERE / "short.clauses.yaml")


def without(node: Any, clause: str) -> Any:
    """The same procedure with one clause cited nowhere."""
    if isinstance(node, tuple):
        return tuple(without(item, clause) for item in node if item != clause)
    if not is_dataclass(node) or isinstance(node, type):
        return node
    return replace(node, **{field.name: without(getattr(node, field.name), clause) for field in fields(node)})


def rows(procedure: Procedure) -> dict[str, Row]:
    return {row.clause.id: row for row in account([procedure], [CLOCK, AREA])}


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_every_clause_of_a_shipped_procedure_is_accounted_for_and_a_lost_one_is_noticed(path: Path) -> None:
    procedure = read_procedure(path)
    made = account([procedure], clauses())
    assert [f"{row.clause.id}: {row.wrong}" for row in made if row.wrong] == []

    for row in made[:: max(1, len(made) // 5)]:
        after = account([without(procedure, row.clause.id)], clauses())
        assert [(lost.clause.id, lost.how) for lost in after if lost.wrong] == [(row.clause.id, None)]


def test_all_315_clauses_are_accounted_for_over_the_five_procedures() -> None:
    made = account([procedure for procedure, _ in shipped().values()], clauses())
    assert len(made) == 315
    assert [f"{row.clause.id}: {row.wrong}" for row in made if row.wrong] == []


def test_a_clause_says_how_it_is_carried_and_where() -> None:
    row = rows(SHORT)["short.1"]
    assert (row.how, row.elements, row.wrong) == (How.RULE, ("short/routes/main/stages/one/clock",), ())
    assert rows(SHORT)["short.2"].how is None


def test_the_clause_that_lets_a_decider_hear_its_own_challenge_is_carried_by_the_decision() -> None:
    (route,) = without(SHORT, "short.1").routes
    (stage,) = route.stages
    decision = Decision(by=None, results=(Result(key="hold", name="Hold"),), hears_own=("short.1",))
    procedure = replace(SHORT, routes=(replace(route, stages=(replace(stage, decision=decision),)),))
    assert rows(procedure)["short.1"].elements == ("short/routes/main/stages/one/decision",)


CARRIERS = [
    ("asks", Ask(key="a", at=Place.RAISE, text="?", clauses=("short.1",)), How.PROMPT),
    ("urgent_requests", UrgentRequest(key="u", name="n", clauses=("short.1",)), How.PROMPT),
    ("guidance", Guidance(at=Place.RAISE, text="t", clauses=("short.1",)), How.GUIDANCE),
    ("outside", Outside(because="b", clauses=("short.1",)), How.OUTSIDE),
]

ENOUGH = {
    Use.ENFORCE: set(),
    Use.COMPUTE: set(),
    Use.PROMPT: {How.PROMPT},
    Use.SHOW: {How.PROMPT, How.GUIDANCE},
    Use.PRODUCE: {How.PROMPT, How.GUIDANCE},
    Use.OUTSIDE: {How.PROMPT, How.GUIDANCE, How.OUTSIDE},
}


@pytest.mark.parametrize("use", Use)
@pytest.mark.parametrize(("field", "element", "how"), CARRIERS, ids=lambda value: getattr(value, "name", None))
def test_a_clause_to_be_run_needs_a_rule_and_one_to_be_asked_a_prompt(
    use: Use, field: str, element: Any, how: How
) -> None:
    procedure = replace(without(SHORT, "short.1"), **{field: (element,)})
    (row,) = account([procedure], [replace(CLOCK, software=f"{use}: something")])
    assert row.how is how
    assert (row.wrong == ()) is (how in ENOUGH[use])
    if row.wrong:
        assert row.wrong[0].startswith(f"carried as {how} only; to {use} it takes rule")


def test_an_ambiguity_needs_a_reading_that_cites_it() -> None:
    shown = replace(SHORT, guidance=(Guidance(at=Place.PROCEDURE, text="t", clauses=("short.2",)),))
    assert rows(shown)["short.2"].wrong == ("it can be read more than one way, and no reading cites it",)


def test_the_table_has_a_line_for_each_clause_and_the_summary_one_for_each_that_is_wrong() -> None:
    made = account([SHORT], [CLOCK, AREA])
    assert account_table(made).splitlines() == [
        "short.1                            compute  rule      short/routes/main/stages/one/clock",
        "short.2                            show     nothing   "
        "  WRONG: missing: nothing cites it; it can be read more than one way, and no reading cites it",
    ]
    assert summary(made).splitlines()[0] == "1 of 2 clauses cited, 1 accounted for"


# --- The register ----------------------------------------------------------------------------------------------------


def mistakes_of(text: str) -> Iterator[str]:
    with pytest.raises(Mistakes) as caught:
        read_clauses(text, "some.clauses.yaml")
    return map(str, caught.value.mistakes)


def test_the_register_has_every_clause_of_the_five_published_procedures() -> None:
    assert len(clauses()) == 315
    assert sum(clause.ambiguity is not None for clause in clauses()) == 114


def test_a_register_reports_every_mistake_in_it() -> None:
    assert list(
        mistakes_of("- {id: a.1, modality: must, duty: x, software: 'hope: y'}\n- {id: a.1, modality: must}\n")
    ) == [
        'some.clauses.yaml:2:3: [1].duty: found nothing; write the key "duty" and its value',
        'some.clauses.yaml:2:3: [1].software: found nothing; write the key "software" and its value',
    ]
    first, second = (f"- {{id: a.1, modality: must, duty: x, software: {use}}}\n" for use in ("'hope: y'", "show"))
    assert list(mistakes_of(first + second)) == [
        'some.clauses.yaml:1:48: [0].software: found "hope: y"; write one of enforce, prompt, compute, produce, show, '
        'outside, and after a ":" what it does',
        'some.clauses.yaml:2:8: [1].id: found "a.1"; write an id that no other clause has',
    ]
