"""The JSON Schema says of a file what the reader says of it, as far as an editor can see."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from commonground.core.procedure import Procedure, Stage
from commonground.language.library import shipped_files
from commonground.language.mistakes import load_yaml
from commonground.language.schema import OWN_WORD, json_schema, shape_of

HERE = Path(__file__).parent
INVENTED = [
    path
    for path in sorted((HERE.parent / "procedures" / "invented").glob("*.yaml"))
    if not path.name.endswith("clauses.yaml")
]

SEEN_BY_AN_EDITOR = [
    "bad_span",
    "bad_start",
    "group_for_text",
    "list_for_one",
    "missing_key",
    "missing_own_word",
    "missing_though_silent",
    "number_for_text",
    "pair_of_two",
    "remove_without_extending",
    "span_without_its_kind_of_day",
    "start_without_its_name",
    "text_cut_at_a_comma",
    "text_for_a_group",
    "text_for_a_number",
    "text_for_true",
    "underscore_in_a_key",
    "unknown_key",
    "unknown_kind",
]


def errors_in(path: Path) -> list[str]:
    data: Any = load_yaml(path)[0]
    schema = json_schema(overlay="extends" in data)
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(data)]


@pytest.mark.parametrize("overlay", [False, True])
def test_it_is_a_schema(overlay: bool) -> None:
    Draft202012Validator.check_schema(json_schema(overlay=overlay))


@pytest.mark.parametrize("path", [HERE / "short.yaml", *shipped_files(), *INVENTED], ids=lambda path: path.stem)
def test_every_procedure_we_have_is_valid(path: Path) -> None:
    assert errors_in(path) == []


@pytest.mark.parametrize("name", SEEN_BY_AN_EDITOR)
def test_an_editor_sees_a_mistake_that_stands_alone(name: str) -> None:
    assert errors_in(HERE / "broken" / f"{name}.yaml") != []


def test_every_field_of_every_type_can_be_written_and_its_own_word_is_no_field() -> None:
    for type_, word in OWN_WORD.items():
        shape = shape_of(type_)
        assert set(shape.keys.values()) == {field.name for field in fields(type_)}
        assert word.replace("-", "_") not in shape.fields
    assert shape_of(Stage).keys["pair"] == "sides"
    assert shape_of(Procedure).own_word == "procedure"
