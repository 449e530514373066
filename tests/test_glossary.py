"""The glossary has a word for every public type of the core, and says of each mark what the pages say."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

from commonground.core import (
    acts,
    attached,
    chain,
    decide,
    effects,
    meetings,
    procedure,
    reasons,
    setting,
    standing,
    telling,
    time,
)
from commonground.core.acts import Mark
from commonground.people import access, functions, models, staffing
from commonground.wording import words_of_mark

GLOSSARY = (Path(__file__).parents[1] / "GLOSSARY.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in GLOSSARY.splitlines() if line.startswith("| ")
]

HOUSE = (acts, attached, chain, decide, effects, meetings, procedure, reasons, setting, standing, telling, time)

PEOPLE = (access, functions, models, staffing)
"""Not all of these have a word of their own, but what the glossary names is there."""


def in_code() -> set[str]:
    """Give every name of code that a row of the glossary explains (not one that is only mentioned in a sentence)."""
    return {name for row in ROWS for cell in row[:-1] for name in re.findall(r"`(\w+)`", cell)}


def types_of(module: ModuleType) -> set[str]:
    """Give the public classes that a module of the core defines."""
    return {
        name
        for name, one in vars(module).items()
        if inspect.isclass(one) and one.__module__ == module.__name__ and not name.startswith("_")
    }


@pytest.mark.parametrize("module", HOUSE, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_type_of_the_core_has_its_word(module: ModuleType) -> None:
    assert types_of(module)
    assert types_of(module) - in_code() == set()


def test_every_name_in_the_glossary_is_still_in_the_code() -> None:
    known = (
        {name for module in (*HOUSE, *PEOPLE) for name in types_of(module)} | {mark.name for mark in Mark} | {"OFFICE"}
    )
    assert in_code() - known == set()


def test_marks_are_explained_as_the_pages_do() -> None:
    marks = {row[1]: (row[0], row[2]) for row in ROWS if row[1].strip("`") in Mark.__members__}

    assert marks == {f"`{mark.name}`": (words_of_mark(mark).label, words_of_mark(mark).sentence) for mark in Mark}


@pytest.mark.parametrize(
    "word",
    "command act record words standing note owner challenging~side responding~side party opposite~number office ending "
    "mark disagreement procedure stage raise reading".split(),
)
def test_the_words_of_the_design_are_here(word: str) -> None:
    assert any(word.replace("~", " ") in re.split(r", ", row[0]) for row in ROWS)


def test_one_word_has_one_row() -> None:
    words = [word for row in ROWS if not row[0].startswith("`") for word in row[0].split(", ")]
    sections = ("On the page", "Word", "Not", "---", "In code")
    twice = {word for word in words if words.count(word) > 1 and word not in sections}
    assert twice == set()
