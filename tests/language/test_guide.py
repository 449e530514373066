"""Every example in docs/procedure-language.md is run: what the page shows is what the reader does.

Fenced blocks are told apart by the word after `yaml`:

- `clauses`, `neighbour-clauses`: the registers that the examples cite;
- `procedure`: a whole file; each later one takes the place of the one before;
- `part`: lines to put into the last whole file, laid over it;
- `neighbour`: a whole file that extends it;
- `broken`: lines with a mistake, laid over the last whole file before them; the `text` block after shows the message.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pytest

from commonground.core import procedure as core
from commonground.core.acts import Because
from commonground.core.explore import explore, synthetic
from commonground.core.procedure import Procedure
from commonground.core.states import BUILT_IN, State
from commonground.language.account import account
from commonground.language.mistakes import Mistakes
from commonground.language.reader import read_procedure
from commonground.language.register import read_clauses
from commonground.language.schema import REMOVE, shape_of

GUIDE = Path(__file__).parents[2] / "docs" / "procedure-language.md"
TEXT = GUIDE.read_text(encoding="utf-8")

_FENCE = re.compile(r"^```(?P<words>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block: its kind, what is in it, and the line of the page on which it begins."""

    kind: str
    body: str
    line: int


def blocks(text: str) -> list[Block]:
    """Every fenced block of a page, in order. `kind` is what stands after the backticks, without `yaml`."""
    return [
        Block(found["words"].removeprefix("yaml").strip(), found["body"], text.count("\n", 0, found.start()) + 1)
        for found in _FENCE.finditer(text)
    ]


BLOCKS = blocks(TEXT)
CODE = " ".join([*(block.body for block in BLOCKS), *re.findall(r"`([^`\n]+)`", _FENCE.sub("", TEXT))])
"""What the page shows as something to write, without its prose."""


def of_kind(kind: str) -> list[Block]:
    return [block for block in BLOCKS if block.kind == kind]


def at(block: Block) -> str:
    return f"line {block.line}"


def whole_before(block: Block) -> Block:
    """The last whole file that a reader of the page has seen when they come to a block."""
    return [whole for whole in of_kind("procedure") if whole.line < block.line][-1]


def folder_with(tmp_path: Path, whole: Block) -> Path:
    (tmp_path / "sallowmere.yaml").write_text(whole.body, encoding="utf-8")
    (tmp_path / "sallowmere.clauses.yaml").write_text(of_kind("clauses")[0].body, encoding="utf-8")
    return tmp_path


def laid_over(tmp_path: Path, block: Block) -> Procedure:
    """The last whole file with a block's lines laid over it. What makes the block a file is added below its lines, so
    that a message names the line a reader sees."""
    folder = folder_with(tmp_path, whole_before(block))
    text = f"{block.body}procedure: part\nextends: sallowmere\n"
    return read_procedure(text, "sallowmere.yaml", find=lambda key: folder / f"{key}.yaml")


def test_every_block_is_of_a_kind_that_is_run() -> None:
    known = {"clauses", "neighbour-clauses", "procedure", "part", "neighbour", "broken", "text"}
    assert {block.kind for block in BLOCKS} == known
    assert len(of_kind("text")) == len(of_kind("broken"))


@pytest.mark.parametrize("block", of_kind("procedure"), ids=at)
def test_a_whole_file_is_read(block: Block, tmp_path: Path) -> None:
    procedure = read_procedure(folder_with(tmp_path, block) / "sallowmere.yaml")
    assert procedure.key == "sallowmere"


@pytest.mark.parametrize("block", of_kind("part"), ids=at)
def test_a_part_is_read_and_makes_a_difference(block: Block, tmp_path: Path) -> None:
    with_part = laid_over(tmp_path, block)
    without = laid_over(tmp_path, Block("part", "", block.line))
    assert with_part != without


@pytest.mark.parametrize("block", of_kind("broken"), ids=at)
def test_a_mistake_gets_the_message_shown(block: Block, tmp_path: Path) -> None:
    shown = BLOCKS[BLOCKS.index(block) + 1]
    assert shown.kind == "text"
    with pytest.raises(Mistakes) as found:
        laid_over(tmp_path, block)
    assert str(found.value) == shown.body.rstrip("\n")


def test_the_neighbour_changes_what_it_says_and_keeps_the_rest(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, of_kind("procedure")[-1])
    (folder / "sallow-bay.yaml").write_text(of_kind("neighbour")[0].body, encoding="utf-8")
    (folder / "sallow-bay.clauses.yaml").write_text(of_kind("neighbour-clauses")[0].body, encoding="utf-8")
    parent, neighbour = (read_procedure(folder / f"{key}.yaml") for key in ("sallowmere", "sallow-bay"))
    theirs, ours = (procedure.stage("general", "two") for procedure in (parent, neighbour))

    assert ours.clock.within != theirs.clock.within
    assert [reading.of for reading in ours.clock.readings] == ["then"], "the reading of what is now written falls away"
    assert ours.steps == theirs.steps
    assert parent.route("general").duties
    assert neighbour.route("general").duties == ()


def test_the_whole_file_carries_every_piece_of_its_text(tmp_path: Path) -> None:
    procedure = read_procedure(folder_with(tmp_path, of_kind("procedure")[-1]) / "sallowmere.yaml")
    rows = account([procedure], read_clauses(of_kind("clauses")[0].body))
    assert len(rows) == 9
    assert {row.clause.id: row.wrong for row in rows if row.wrong} == {}


def test_the_whole_file_never_strands_anybody(tmp_path: Path) -> None:
    procedure = read_procedure(folder_with(tmp_path, of_kind("procedure")[-1]) / "sallowmere.yaml")
    reached = explore(synthetic(procedure))
    assert reached.refused == ()
    assert {state.stage for state in reached.onward} == {"one", "two", "three"}
    before: dict[State, list[State]] = defaultdict(list)
    for state, way, after in reached.ways():
        if way.kind not in BUILT_IN:
            before[after].append(state)
    can_end = {state for state in reached.onward if state.ended}
    waiting = list(can_end)
    while waiting:
        found = [state for state in before[waiting.pop()] if state not in can_end]
        can_end.update(found)
        waiting += found
    assert set(reached.onward) - can_end == set()
    assert {owned.because for owned in reached.owners.values()} == {Because.NAMED}


SAID_TOO = {core.Then.RECORD, core.Then.LAPSE, core.StartEvent.READ_BY_RESPONDING, core.Place.OFFICE}
"""Values a partnership need not write: the default for steps, two that are always read as something else, ours."""

ENUMS = [found for found in vars(core).values() if isinstance(found, type) and issubclass(found, StrEnum)]


@pytest.mark.parametrize("words", [e for e in ENUMS if e is not StrEnum], ids=lambda e: e.__name__)
def test_the_guide_names_every_value_there_is(words: type[StrEnum]) -> None:
    missing = [str(value) for value in words if value not in SAID_TOO and not _named(str(value))]
    assert missing == []


def test_the_guide_names_every_word_of_the_language() -> None:
    keys = {(type_.__name__, key) for type_ in _types(Procedure) for key in _keys(type_)}
    assert {(type_, key) for type_, key in keys if not _named(key, CODE)} == set()


def test_the_guide_names_no_removal_that_cannot_be_written() -> None:
    written = set(re.findall(rf"`{REMOVE}([a-z-]+)", TEXT))
    assert written
    assert written <= {field.spelt for type_ in _types(Procedure) for field in shape_of(type_).fields.values()}


def _types(type_: type) -> set[type]:
    found: set[type] = set()
    waiting = [type_]
    while waiting:
        now = waiting.pop()
        if now not in found:
            found.add(now)
            waiting += [f.type for f in shape_of(now).fields.values() if isinstance(f.type, type) and _ours(f.type)]
    return found


def _ours(type_: type) -> bool:
    return type_.__module__ == core.__name__ and not issubclass(type_, StrEnum | core.Start)


def _keys(type_: type) -> set[str]:
    """The words written for a type, without the long forms that have a short one."""
    return set(shape_of(type_).keys) - {"key", "clauses", "readings"}


def _named(word: str, text: str = " ".join(TEXT.split())) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None
