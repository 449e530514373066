"""Every act is written in one way, read back the same, and stays readable; what nobody knows stops the reading."""

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.core.acts import KINDS, Act, LimitSet, Raise
from commonground.core.chain import canonical
from commonground.core.standing import NOTHING, standing
from commonground.core.time import Due, ElapsedHours, Rule, Working
from commonground.record.codec import (
    Altered,
    CannotBeRead,
    Outline,
    Shown,
    UnknownKind,
    beginning,
    decode,
    encode,
    from_plain,
    head,
    moment_text,
    outline,
    shown_of_text,
    text_of_shown,
)
from tests.storage.examples import AT, DISAGREEMENT, OTHER, act, any_act, one_of_each_kind

VERSION_1 = Path(__file__).parent / "acts_version_1"

EACH = one_of_each_kind()


@pytest.mark.parametrize("kind", EACH)
def test_each_kind_survives_being_written_and_read_back(kind: str) -> None:
    data = encode(EACH[kind], DISAGREEMENT, 3)

    assert decode(data, DISAGREEMENT, 3) == EACH[kind]
    assert encode(decode(data, DISAGREEMENT, 3), DISAGREEMENT, 3) == data


@given(any_act, st.integers(1, 10**6))
@settings(max_examples=300, deadline=None)
def test_any_act_survives_and_gives_the_same_bytes_again(written: Act, sequence: int) -> None:
    data = encode(written, DISAGREEMENT, sequence)

    assert decode(data, DISAGREEMENT, sequence) == written
    assert encode(decode(data, DISAGREEMENT, sequence), DISAGREEMENT, sequence) == data
    assert canonical(json.loads(data)) == data


@given(any_act, st.integers(1, 10**6))
@settings(max_examples=100, deadline=None)
def test_bytes_begin_with_what_stands_in_the_columns(written: Act, sequence: int) -> None:
    top = head(written, DISAGREEMENT, sequence)
    begun = beginning(
        str(DISAGREEMENT),
        sequence,
        str(top.id),
        top.kind,
        top.version,
        moment_text(top.recorded_at),
        moment_text(top.happened_at),
        top.agency,
        top.post,
        top.author,
    )
    assert encode(written, DISAGREEMENT, sequence).startswith(begun)


# --- Old acts stay readable -------------------------------------------------------------------------------------------


def test_there_is_an_old_act_of_every_kind() -> None:
    kinds = {json.loads(path.read_bytes())["act"]["kind"] for path in VERSION_1.iterdir()}
    assert kinds == set(KINDS.values())


@pytest.mark.parametrize("path", sorted(VERSION_1.iterdir()), ids=lambda path: path.stem)
def test_an_act_stored_by_version_1_says_what_it_said(path: Path) -> None:
    """A field added since has its default; nothing that was stored is lost or put otherwise."""
    data = path.read_bytes()
    again = json.loads(encode(decode(data, DISAGREEMENT, 1), DISAGREEMENT, 1))
    assert_holds(again, json.loads(data), path.stem)


def assert_holds(now: Any, then: Any, where: str) -> None:
    if isinstance(then, dict):
        for name, part in then.items():
            assert name in now, f"{where}.{name}"
            assert_holds(now[name], part, f"{where}.{name}")
    elif isinstance(then, list):
        assert len(now) == len(then), where
        for place, part in enumerate(then):
            assert_holds(now[place], part, f"{where}[{place}]")
    else:
        assert now == then, where


# --- What nobody knows stops the reading ------------------------------------------------------------------------------

Change = Callable[[dict[str, Any]], object]


def changed(change: Change) -> bytes:
    plain = json.loads(encode(EACH["every effect"], DISAGREEMENT, 3))
    change(plain)
    return json.dumps(plain).encode()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        pytest.param(lambda p: p["act"].update(version=2), "version 2", id="a later version"),
        pytest.param(lambda p: p["act"].update(kind="dreamt"), "kind 'dreamt'", id="an act"),
        pytest.param(lambda p: p["effects"].append({"is": "dreamt of"}), "'dreamt of'", id="an effect"),
        pytest.param(lambda p: p["marks"].append("dreamt"), "mark 'dreamt'", id="a mark"),
        pytest.param(lambda p: p["facts"].update(about="a dream"), "about 'a dream'", id="a word"),
        pytest.param(lambda p: p["facts"].update(dream=1), "['dream'] in raise", id="a fact"),
        pytest.param(lambda p: p["effects"][0].update(dream=1), "['dream'] in opened", id="a field of an effect"),
        pytest.param(lambda p: p["act"].update(dream=1), "['dream'] in head", id="a field of the head"),
        pytest.param(lambda p: p.update(dream=1), "['dream'] in body", id="a part"),
    ],
)
def test_a_kind_that_nobody_knows_stops_the_reading_and_names_the_place(change: Change, found: str) -> None:
    with pytest.raises(UnknownKind) as stopped:
        decode(changed(change), DISAGREEMENT, 3)

    assert (stopped.value.disagreement, stopped.value.sequence) == (DISAGREEMENT, 3)
    assert found in stopped.value.found
    assert str(DISAGREEMENT) in str(stopped.value)
    assert "act 3" in str(stopped.value)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        pytest.param(encode(act(), OTHER, 3), f"disagreement {OTHER}", id="another disagreement's"),
        pytest.param(encode(act(), DISAGREEMENT, 4), "act 4", id="another place's"),
        pytest.param(b"", "not an act", id="nothing"),
        pytest.param(b"[" * 100_000, "not an act", id="nested without end"),
        pytest.param(b"\xff", "not an act", id="no text"),
        pytest.param(b"[]", "not an act", id="a list"),
        pytest.param(b'{"act":{}}', "not an act", id="no version"),
        pytest.param(changed(lambda p: p.pop("facts")), "facts", id="no facts"),
        pytest.param(changed(lambda p: p.pop("used")), "used", id="a part missing"),
        pytest.param(changed(lambda p: p["facts"].pop("matter")), "matter", id="a fact missing"),
        pytest.param(changed(lambda p: p["facts"].update(urgent=1)), "bool", id="a number for a yes"),
        pytest.param(changed(lambda p: p["facts"].update(matter=None)), "str", id="nothing for a word"),
        pytest.param(changed(lambda p: p["facts"].update(challenging="a")), "list", id="a word for a list"),
        pytest.param(changed(lambda p: p["facts"].update(wanted_on="20260402")), "20260402", id="a day otherwise"),
        pytest.param(changed(lambda p: p["act"].update(happened_at="2026-04-02T09:00")), "2026", id="a naive moment"),
        pytest.param(changed(lambda p: p["act"].update(id="7")), "7", id="no id"),
        pytest.param(changed(lambda p: p["act"].update(kind=["raised"])), "not an act", id="a list for a kind"),
        pytest.param(changed(lambda p: p["facts"].update(facts=[["a"]])), "not an act", id="a pair of one"),
        pytest.param(changed(lambda p: p["effects"].append({})), "does not say what it is", id="an effect of no kind"),
        pytest.param(changed(lambda p: p["effects"].append(None)), "does not say what it is", id="no effect"),
    ],
)
def test_bytes_that_were_never_written_stop_the_reading_and_name_the_place(data: bytes, found: str) -> None:
    with pytest.raises(Altered) as stopped:
        decode(data, DISAGREEMENT, 3)

    assert (stopped.value.disagreement, stopped.value.sequence) == (DISAGREEMENT, 3)
    assert found in stopped.value.found


@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_no_bytes_at_all_break_the_reading_in_another_way(data: bytes) -> None:
    with pytest.raises(CannotBeRead):
        decode(data, DISAGREEMENT, 1)


# --- Details that a stranger's reader depends on ----------------------------------------------------------------------


def test_moments_are_utc_and_sort_as_text() -> None:
    summer = datetime(2026, 6, 1, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    assert moment_text(summer) == "2026-06-01T09:00:00.000000Z"
    assert moment_text(summer) < moment_text(summer + timedelta(microseconds=1))


def test_a_moment_without_a_time_zone_is_never_stored() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moment_text(AT.replace(tzinfo=None))


def test_every_field_of_an_act_is_in_its_bytes() -> None:
    stored = json.loads(encode(EACH["raised"], DISAGREEMENT, 1))
    assert stored["facts"].keys() == {field.name for field in fields(Raise)}


def test_what_a_list_shows_survives_too() -> None:
    full = standing([EACH["every effect"]])
    for now in (full, NOTHING):
        shown = shown_of_text(text_of_shown(now))
        assert shown == Shown(now.entered, now.waits, now.ended)
        assert canonical(json.loads(text_of_shown(now))).decode() == text_of_shown(now)


@pytest.mark.parametrize("kind", EACH)
def test_an_outline_says_of_an_act_what_reading_all_of_it_says(kind: str) -> None:
    data = encode(EACH[kind], DISAGREEMENT, 3)

    assert outlined(data) == (EACH[kind].effects, EACH[kind].recorded_at)


@pytest.mark.parametrize(
    ("change", "stopped", "found"),
    [
        pytest.param(lambda p: p["act"].update(version=2), UnknownKind, "version 2", id="a later version"),
        pytest.param(lambda p: p["act"].update(kind="dreamt"), UnknownKind, "kind 'dreamt'", id="an act"),
        pytest.param(lambda p: p["effects"].append({"is": "dreamt of"}), UnknownKind, "'dreamt of'", id="an effect"),
        pytest.param(lambda p: p.update(effects=7), Altered, "a list", id="no effects"),
        pytest.param(lambda p: p["act"].update(recorded_at="today"), Altered, "'today'", id="no moment"),
    ],
)
def test_an_outline_is_not_made_of_what_nobody_knows(change: Change, stopped: type, found: str) -> None:
    with pytest.raises(stopped, match=found):
        outlined(canonical(json.loads(changed(change))))


def outlined(data: bytes) -> Outline:
    top = json.loads(data)["act"]
    begins = data.index(b'"effects":') + len(b'"effects":')
    return outline(data, begins, top["kind"], top["version"], top["recorded_at"], DISAGREEMENT, 3)


@pytest.mark.parametrize("number", [1.0, True, 2**53, -(2**53)])
def test_a_number_that_has_no_one_form_is_never_stored(number: Any) -> None:
    late = Due(AT, False, Working(Rule.REAL_HOURS, ElapsedHours(1), AT, AT, (), "england-and-wales", "1"))
    object.__setattr__(late.working.span, "n", number)

    with pytest.raises(ValueError, match="number in canonical bytes"):
        encode(act(effects=(LimitSet("stage", late),)), DISAGREEMENT, 1)


def test_a_type_that_cannot_be_stored_is_a_mistake_of_ours_and_says_so() -> None:
    with pytest.raises(TypeError, match="no way is known to store"):
        from_plain(complex, 1)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(ValueError, match=r"raise lacks \['about', 'challenging', 'matter'\]"):
        from_plain(Raise, {})
