"""Reading procedures: the shorthand, one file laid over another, and every mistake at its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.core.procedure import HeldIn, Procedure, Reading, Sides, Stage, Start, StartEvent, Then, words_alone
from commonground.core.time import CalendarDays, WorkingDays
from commonground.language import reader
from commonground.language.library import shipped, shipped_files
from commonground.language.mistakes import Mistake, Mistakes, Where, load_yaml
from commonground.language.reader import digest_of, read_procedure
from commonground.language.references import REFERENCES
from commonground.language.register import read_clauses
from commonground.language.schema import core_types

HERE = Path(__file__).parent
SHORT = HERE / "short.yaml"
CLAUSES = read_clauses(HERE / "short.clauses.yaml")
BROKEN = sorted((HERE / "broken").glob("*.yaml"))
INVENTED = [
    path
    for path in sorted((HERE.parent / "procedures" / "invented").glob("*.yaml"))
    if not path.name.endswith("clauses.yaml")
]


def short(*changes: tuple[str, str]) -> str:
    """The short procedure with pieces of its text replaced."""
    text = SHORT.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def stage_of(*changes: tuple[str, str]) -> Stage:
    return read_procedure(short(*changes), "short.yaml", clauses=CLAUSES).stage("main", "one")


# --- Mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_says_what_is_wrong_and_where(path: Path) -> None:
    expected = [line.removeprefix("# ") for line in path.read_text(encoding="utf-8").splitlines() if line[0] == "#"]
    with pytest.raises(Mistakes) as caught:
        read_procedure(path, clauses=CLAUSES)
    assert [str(mistake) for mistake in caught.value.mistakes] == [f"{path.name}:{line}" for line in expected]
    assert len(expected) == (10 if path.stem == "ten_mistakes" else 1)


def test_the_file_that_the_broken_ones_were_made_from_is_whole() -> None:
    assert len(BROKEN) >= 50
    assert read_procedure(SHORT).key == "short"


@pytest.mark.parametrize("path", [*shipped_files(), *INVENTED], ids=lambda path: path.stem)
def test_every_procedure_we_have_can_be_read(path: Path) -> None:
    procedure = read_procedure(path)
    assert procedure.key == path.stem
    assert words_alone(procedure).readings == ()


def test_the_shipped_procedures_are_read_once_each_with_its_digest() -> None:
    assert set(shipped()) == {path.stem for path in shipped_files()}
    assert all(digest == digest_of(path) for path in shipped_files() for digest in [shipped()[path.stem][1]])
    assert shipped() is shipped()


def test_a_file_that_is_no_text_is_a_mistake_too(tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"
    path.write_bytes(short().encode() + b"# \xff\n")
    with pytest.raises(Mistakes, match="not UTF-8"):
        read_procedure(path)


# --- Shorthand -------------------------------------------------------------------------------------------------------


def test_shorthand_is_written_out() -> None:
    stage = stage_of()
    assert stage.sides == Sides(challenging=("worker",), responding=("worker",))
    assert stage.clock.within == WorkingDays(1)
    assert stage.clock.starts == (Start(event=StartEvent.RAISED),)
    assert stage.clock.then is Then.UP
    assert stage.clock.clauses == ("short.1",)
    assert stage.endings == ("agreed",)
    assert read_procedure(SHORT).post("office").held_in is HeldIn.PARTNERSHIP


def test_a_start_may_name_a_step_or_a_stage() -> None:
    stage = stage_of(("starts: raised", "starts: [step talk, due one]"))
    assert stage.clock.starts == (Start(event=StartEvent.STEP, of="talk"), Start(event=StartEvent.DUE, of="one"))


@pytest.mark.parametrize("silence", ["not stated", "", "null"])
def test_silence_is_absence_and_never_a_default(silence: str) -> None:
    sides = f"sides: {{challenging: worker, responding: {silence}}}"
    assert stage_of(("pair: worker", sides)).sides == Sides(challenging=("worker",), responding=None)
    assert stage_of(("within: 1 working day, starts", f"within: {silence}, starts")).clock.within is None


def test_key_may_be_written_for_a_things_own_word() -> None:
    assert read_procedure(short(("procedure: short", "key: short")), clauses=CLAUSES).key == "short"
    assert stage_of(("stage: one", "key: one")).key == "one"


def test_what_the_words_alone_give_has_the_type_of_its_field() -> None:
    fills = "reading: {of: %s, takes: ours, words: %s, because: it is sooner, clause: short.1}"
    spans = stage_of(("then: up,", f"then: up, {fills % ('within', '5 calendar days')},"))
    assert words_alone(spans).clock.within == CalendarDays(5)
    starts = stage_of(("then: up,", f"then: up, {fills % ('starts', 'receipt')},"))
    assert words_alone(starts).clock.starts == (Start(event=StartEvent.RECEIPT),)
    then = stage_of(("then: up,", f"then: up, {fills % ('then', 'lapse')},"))
    assert words_alone(then).clock.then is Then.LAPSE


def test_a_reading_of_something_the_words_do_not_hold_is_of_itself() -> None:
    talk = "do: talk, reading: {of: itself, takes: a talk, because: it is implied, clause: short.1}}"
    stage = stage_of(("do: talk}", talk))
    assert stage.steps[0].readings == (
        Reading(of="itself", takes="a talk", because="it is implied", clauses=("short.1",)),
    )
    assert words_alone(stage).steps == ()


NO_REFERENCES = {
    "key",  # a thing's own name
    "agency",  # a kind of agency: the partnership's directory knows them, the procedure doesn't list them
    "agencies",
    "fact",
    "fields",  # the names of answers
    "ratings",
    "extends",  # another file: found or reported before anything else
}


@pytest.mark.parametrize("type_", sorted(core_types(), key=str), ids=str)
def test_every_field_that_names_something_is_checked(type_: Any) -> None:
    """A new field of a core type that holds a key has to be entered in `REFERENCES`, or here with why not."""
    naming = {field.name for field in fields(type_) if re.search(r"\b(Key|StageRef)\b", str(field.type))}
    if type_ in {Reading, Start}:
        naming.discard("of")  # checked by rules of their own
    assert naming - NO_REFERENCES == {name for holder, name in REFERENCES if holder is type_}


# --- One file laid over another --------------------------------------------------------------------------------------

OVER = """procedure: local
title: Ours
edition: second
extends: short
posts:
- {post: worker, name: practitioner}
- {post: manager, name: manager, rank: 2}
routes:
- route: main
  stages:
  - stage: one
    clock: {within: 2 working days, no-later-than: 1 month}
    next: two
    remove-steps: talk
  - stage: two
    heading: Managers talk
    pair: manager
    clock: {within: 1 working day, starts: entry, then: look again}
"""


def over(text: str = OVER) -> Procedure:
    return read_procedure(text, "local.yaml", clauses=CLAUSES, find=lambda key: SHORT if key == "short" else None)


def test_a_file_that_extends_another_changes_only_what_it_writes() -> None:
    local, parent = over(), read_procedure(SHORT)
    one, two = local.route("main").stages
    assert (local.key, local.title, local.body_name, local.extends) == ("local", "Ours", "Board", "short")
    assert [post.key for post in local.posts] == ["worker", "office", "manager"]
    assert local.post("worker") == replace(parent.post("worker"), name="practitioner")
    assert (one.clock.within, one.clock.starts) == (WorkingDays(2), parent.stage("main", "one").clock.starts)
    assert (one.heading, one.steps, one.next) == ("Talk", (), "two")
    assert two.heading == "Managers talk"
    assert local.matters == parent.matters


def test_the_other_files_reading_falls_away_when_its_field_is_written(tmp_path: Path) -> None:
    fills = "reading: {of: within, takes: a day, because: it is silent, clause: short.1}"
    parent = tmp_path / "short.yaml"
    parent.write_text(short(("then: up,", f"then: up, {fills},")), encoding="utf-8")

    def read(text: str) -> Stage:
        return read_procedure(text, "local.yaml", clauses=CLAUSES, find=lambda _: parent).stage("main", "one")

    assert read(OVER).clock.readings == ()
    assert len(read(OVER.replace("within: 2 working days, ", "")).clock.readings) == 1


def test_not_stated_takes_away_what_the_other_file_has() -> None:
    local = over(
        OVER.replace("within: 2 working days", "within: not stated").replace(
            "    next: two", "    endings: not stated\n    next: two"
        )
    )
    assert local.stage("main", "one").clock.within is None
    assert local.stage("main", "one").endings == ()


def test_a_mistake_is_placed_in_the_file_that_holds_it(tmp_path: Path) -> None:
    parent = tmp_path / "short.yaml"
    parent.write_text(short(("heading: Talk", "heading: 1")), encoding="utf-8")
    with pytest.raises(Mistakes) as caught:
        read_procedure(OVER.replace("next: two", "next: tow"), "local.yaml", clauses=CLAUSES, find=lambda _: parent)
    assert [(m.file, m.line, m.where) for m in caught.value.mistakes] == [
        ("local.yaml", 13, "routes[main].stages[one].next"),
        ("short.yaml", 22, "routes[main].stages[one].heading"),
    ]


def test_removing_what_others_name_is_a_mistake_where_it_is_named() -> None:
    with pytest.raises(Mistakes, match=r"short.yaml:23:11: .*found \"worker\""):
        over(
            OVER.replace("- {post: worker, name: practitioner}\n", "").replace("posts:", "remove-posts: worker\nposts:")
        )


def test_a_kept_text_stands_for_the_file_it_was_read_from(tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_text(short(), encoding="utf-8")
    (tmp_path / "local.yaml").write_text(OVER, encoding="utf-8")
    kept = {"short": short()}
    assert over() == read_procedure(OVER, clauses=CLAUSES, find=kept.get)
    assert digest_of(OVER, find=kept.get) == digest_of(tmp_path / "local.yaml")
    with pytest.raises(Mistakes, match=r"^short.yaml:22:14: "):
        read_procedure(OVER, clauses=CLAUSES, find={"short": short(("heading: Talk", "heading: 1"))}.get)


def test_leaving_out_what_is_not_there_is_a_mistake() -> None:
    with pytest.raises(Mistakes, match=r"local.yaml:14:19: .*remove-steps: found \"walk\""):
        over(OVER.replace("remove-steps: talk", "remove-steps: walk"))


def test_only_things_with_keys_can_be_removed() -> None:
    with pytest.raises(Mistakes, match='unknown key "remove-tells"'):
        over(f"{OVER}remove-tells: entry\n")


# --- Digest ----------------------------------------------------------------------------------------------------------


def test_the_digest_holds_every_character_of_every_file_and_no_line_ending(tmp_path: Path) -> None:
    parent, child = tmp_path / "short.yaml", tmp_path / "local.yaml"
    parent.write_text(short(), encoding="utf-8")
    child.write_text(OVER, encoding="utf-8")
    before = digest_of(child)
    assert len(before) == 64
    assert digest_of(child) != digest_of(parent)

    child.write_bytes(OVER.replace("\n", "\r\n").encode())
    assert digest_of(child) == before
    assert digest_of(short().replace("\n", "\r\n")) == digest_of(short()) == digest_of(parent)

    child.write_text(OVER.replace("Ours", "ours"), encoding="utf-8")
    assert digest_of(child) != before

    child.write_text(OVER, encoding="utf-8")
    parent.write_text(short(("heading: Talk", "heading: Talks")), encoding="utf-8")
    assert digest_of(child) != before


# --- Anything at all -------------------------------------------------------------------------------------------------


def _paths(value: Any, where: Where = ()) -> Iterator[Where]:
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in inner:
        yield (*where, step)
        yield from _paths(item, (*where, step))


_WHOLE: dict[str, Any] = {path.stem: load_yaml(path)[0] for path in [SHORT, *INVENTED]}

_ANYTHING: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, 1.5, "", "not stated", "one", "one/two", "2 days", "step", "due x", "ask", "up", [], {}, [[]], [{}]]
) | st.recursive(
    st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
)


@settings(max_examples=100, deadline=None)
@given(
    stem=st.sampled_from(sorted(_WHOLE)),
    changes=st.lists(st.tuples(st.integers(0, 5_000), _ANYTHING, st.booleans()), min_size=1, max_size=5),
)
def test_whatever_is_written_it_is_read_or_every_mistake_has_its_own_place(stem: str, changes: list[Any]) -> None:
    data = json.loads(json.dumps(_WHOLE[stem], default=str))
    for number, value, as_key in changes:
        paths = list(_paths(data))
        if paths:
            _change(data, paths[number % len(paths)], value, as_key=as_key)
    mistakes = _mistakes_in(json.dumps(data, indent=1))
    places = [(mistake.line, mistake.column, mistake.where) for mistake in mistakes]
    assert len(places) == len(set(places))
    assert all(mistake.found and mistake.write and "Input should" not in mistake.write for mistake in mistakes)


def _mistakes_in(text: str) -> tuple[Mistake, ...]:
    try:
        read_procedure(text, "any.yaml", clauses=CLAUSES, find=lambda _: SHORT)
    except Mistakes as mistakes:
        return mistakes.mistakes
    return ()


def _change(data: Any, path: Where, value: Any, *, as_key: bool) -> None:
    for step in path[:-1]:
        data = data[step]
    if as_key and isinstance(data, dict):
        data[str(value)[:20]] = data.pop(path[-1])
    else:
        data[path[-1]] = value


# --- For authors -----------------------------------------------------------------------------------------------------


def test_authors_are_told_how_far_a_file_accounts_for_its_clauses(capsys: pytest.CaptureFixture[str]) -> None:
    assert reader.main([str(SHORT)]) == 0
    assert capsys.readouterr().out == (
        "short.yaml: read; 1 of 2 clauses cited, 1 accounted for\n"
        "  short.2: missing: nothing cites it; it can be read more than one way, and no reading cites it\n"
    )
    assert reader.main([str(HERE / "broken" / "bad_span.yaml"), str(HERE / "short.clauses.yaml")]) == 1
    *wrong, last = capsys.readouterr().out.splitlines()
    assert any(line.startswith("bad_span.yaml:24:21: routes[main].stages[one].clock.within: found") for line in wrong)
    assert last == "short.clauses.yaml: read; 2 clauses"
