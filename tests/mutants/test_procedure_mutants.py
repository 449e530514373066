"""Procedures broken in every way a slip of the pen could: a few of each kind here, all of them with `make mutants`."""

from __future__ import annotations

import pytest

from tools import procedure_mutants
from tools.procedure_mutants import OPERATORS, Sound, mutants, noticed, procedures

A_FEW = 2


@pytest.fixture(scope="module")
def sound() -> tuple[Sound, ...]:
    return tuple(procedures(shipped=False))


@pytest.mark.parametrize("operator", OPERATORS)
def test_defects_of_each_kind_are_noticed(
    operator: str, sound: tuple[Sound, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(procedure_mutants, "OPERATORS", {operator: OPERATORS[operator]})
    tried = list(mutants(sound, most=A_FEW))
    assert tried, "it fits nowhere any more"
    assert [mutant.place for mutant in tried if not (mutant.equivalent or noticed(mutant))] == []


def test_a_sound_procedure_is_not_noticed(sound: tuple[Sound, ...]) -> None:
    for one in sound[-2:]:
        unchanged = procedure_mutants.Mutant("nothing", one.procedure.key, one.procedure, one)
        assert noticed(unchanged, compare=True) == ""


def test_a_check_that_looks_away_is_found_out(sound: tuple[Sound, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    undated = next(mutants(sound, most=1))
    assert noticed(undated)
    monkeypatch.setattr(procedure_mutants, "proofs_over_states", lambda *_: {})
    assert noticed(undated) == ""
