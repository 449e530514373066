"""Files people write: what YAML means here, and every mistake at its place, all at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from commonground.language.mistakes import LONGEST, Mistake, Mistakes, load_yaml, read_model


def _even(number: int) -> int:
    if number % 2:
        raise ValueError("an even number, for example 4")
    return number


class Talk(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    kind: Literal["talk"]
    people: Annotated[int, AfterValidator(_even)]


class Paper(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    kind: Literal["paper"]
    on: date


class Plan(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    heading: str
    stages: list[Annotated[Talk | Paper, Field(discriminator="kind")]]


def lines(text: str) -> list[str]:
    with pytest.raises(Mistakes) as caught:
        read_model(Plan, text, "plan.yaml")
    return str(caught.value).splitlines()


def test_a_good_file_is_read_and_each_path_has_its_place() -> None:
    text = "heading: A\nstages:\n- kind: talk\n  people: 4\n- {kind: paper, on: 2026-04-02}\n"
    plan, positions = read_model(Plan, text, "plan.yaml")
    assert plan.stages == [Talk(kind="talk", people=4), Paper(kind="paper", on=date(2026, 4, 2))]
    assert positions.line_and_column(("stages", 1, "on")) == (5, 21)
    assert positions.line_and_column(("stages", 1, "on"), of_key=True) == (5, 17)
    assert positions.line_and_column(("stages", 1, "not there")) == (5, 3)
    made = positions.mistake(("stages", 0, "people"), write="two")
    assert str(made) == 'plan.yaml:4:11: stages[0].people: found "4"; write two'


def test_all_mistakes_come_at_once_each_at_its_place() -> None:
    text = (
        "headin: A\nstages:\n- kind: talk\n  people: 3\n- kind: paper\n  on: tomorrow\n- kind: letter\n- kind: talk\n"
    )
    assert lines(text) == [
        'plan.yaml:1:1: headin: found the unknown key "headin"; write "heading", if that is what was meant, or leave it'
        + " out",
        'plan.yaml:1:1: heading: found nothing; write the key "heading" and its value',
        'plan.yaml:4:11: stages[0].people: found "3"; write an even number, for example 4',
        'plan.yaml:6:7: stages[1].on: found "tomorrow"; write a date, year first, for example 2026-04-02',
        "plan.yaml:7:9: stages[2].kind: found \"letter\"; write one of 'talk', 'paper'",
        'plan.yaml:8:3: stages[3].people: found nothing; write the key "people" and its value',
    ]


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("yes", "yes"),
        ("No", "No"),
        ("12:30:00", "12:30:00"),
        ("007", "007"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("2026-04-02 10:00:00", "2026-04-02 10:00:00"),
        ("2026-04-02", date(2026, 4, 2)),
        ('"2026-04-02"', "2026-04-02"),
        ("true", True),
        ("", None),
        ("-4", -4),
        ("4.2", 4.2),
        (".inf", ".inf"),
        ("1e5", "1e5"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_what_an_unquoted_value_means(typed: str, means: object) -> None:
    data, _ = load_yaml(f"on: {typed}\n")
    assert isinstance(data, dict)
    assert data == {"on": means}
    assert type(data["on"]) is type(means)  # True is not 1


@pytest.mark.parametrize(
    ("text", "line", "column", "found"),
    [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", 4, 3, 'the key "c" again (first on line 3)'),
        ("a: [1\nb: 2\n", 2, 2, "expected ',' or ']'"),
        ("a:\n\tb: 1\n", 2, 1, "that cannot start any token"),
        ("a: &x 1\nb: *x\n", 1, 4, "an anchor or an alias"),
        ("a: !!python/name:os.system x\n", 1, 4, "a tag"),
        ("a: !own {b: 1}\n", 1, 4, "a tag"),
        ("a: 1\n---\nb: 2\n", 2, 1, "another document"),
        ("a: 2026-02-30\n", 1, 4, '"2026-02-30"'),
        ("? [a, b]\n: 1\n", 1, 3, "used as a key"),
        ("a: 1\nb: \x07\n", 2, 4, "U+0007"),
        ("[" * 5000, 1, 1, "too many levels"),
        ("a" * (LONGEST + 1), 1, 1, "2,000,001 characters"),
    ],
)
def test_what_yaml_cannot_do_here_is_a_mistake_at_its_place(text: str, line: int, column: int, found: str) -> None:
    with pytest.raises(Mistakes) as caught:
        load_yaml(text, "odd.yaml")
    first = caught.value.mistakes[0]
    assert (first.file, first.line, first.column) == ("odd.yaml", line, column)
    assert found in first.found


def test_repeated_keys_are_all_reported() -> None:
    with pytest.raises(Mistakes) as caught:
        load_yaml("a: 1\na: 2\na: 3\nb: {c: 1, c: 2}\n")
    assert [mistake.line for mistake in caught.value.mistakes] == [2, 3, 4]


def test_a_file_that_is_not_utf_8_says_where(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(Mistakes) as caught:
        load_yaml(path)
    assert caught.value.mistakes == (
        Mistake("latin.yaml", 2, 7, "the file", "a byte that is not UTF-8 (0xe9)", "the file again, saved as UTF-8"),
    )


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "marked.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert load_yaml(path)[0] == {"a": 1}


@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>'\"#%@,? \n\t0\x00é\u2028"), max_size=60))
def test_whatever_is_typed_is_read_or_is_mistakes(text: str) -> None:
    found: tuple[Mistake, ...] = ()
    try:
        load_yaml(text)
    except Mistakes as mistakes:
        found = mistakes.mistakes
    assert all(1 <= mistake.line <= text.count("\n") + text.count("\u2028") + 2 for mistake in found)
