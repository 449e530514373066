"""Lists to tick: who may load them, for which questions, what they may hold, and what is said of every mistake."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from commonground import fence
from commonground.people.administering import Charge, NotInCharge
from commonground.people.models import DirectoryChange
from commonground.people.models import TickList as Row
from commonground.usecases.staff.checks import Mistake
from commonground.usecases.tick_lists import (
    LONGEST_LINE,
    MOST_BYTES,
    MOST_LINES,
    TickList,
    lines_of,
    lines_of_file,
    listables,
    load,
    mistake_in_address,
    take_away,
    tick_lists_of,
)
from tests.partnership import small

AT = datetime(2026, 4, 2, 10, tzinfo=UTC)
SIGNS = TickList("Signs of need", date(2026, 1, 5), ("Often hungry", "Often alone at night"), "https://area.example/a")
KEEPER = Charge("keeper", partnership="riverside")


@pytest.fixture
def riverside(db: None) -> None:
    small("riverside", "hips-protocol")


# --- Loading ----------------------------------------------------------------------------------------------------------


def test_a_list_is_loaded_replaced_and_taken_away_and_each_is_noted(riverside: None) -> None:
    assert load(KEEPER, "riverside", "indicators", SIGNS, AT) is None
    assert tick_lists_of("riverside") == {"indicators": SIGNS}
    newer = replace(SIGNS, version_on=date(2026, 3, 1), lines=("Often hungry",))
    assert load(KEEPER, "riverside", "indicators", newer, AT) is None
    assert tick_lists_of("riverside") == {"indicators": newer}
    take_away(KEEPER, "riverside", "indicators", AT)
    assert tick_lists_of("riverside") == {}

    noted = [(one.what, one.by, one.about) for one in DirectoryChange.objects.order_by("id")]
    assert noted == [
        ("list to tick loaded", "keeper", {"ask": "indicators", "version_on": "2026-01-05", "lines": 2}),
        ("list to tick loaded", "keeper", {"ask": "indicators", "version_on": "2026-03-01", "lines": 1}),
        ("list to tick taken away", "keeper", {"ask": "indicators", "version_on": "2026-03-01", "lines": 1}),
    ]


def test_each_partnership_has_its_own(riverside: None) -> None:
    small("hillside", "hips-protocol")
    load(KEEPER, "riverside", "indicators", SIGNS, AT)

    with fence.outside():
        assert tick_lists_of("hillside") == {}
        assert tick_lists_of("riverside") == {"indicators": SIGNS}


@pytest.mark.parametrize(
    "charge",
    [
        Charge("keeper", agency="riverside-school"),
        Charge("keeper", partnership="hillside"),
        Charge("keeper", service=True),
    ],
    ids=lambda one: one.agency or one.partnership or "service",
)
def test_only_who_looks_after_the_partnership_changes_its_lists(riverside: None, charge: Charge) -> None:
    small("hillside", "hips-protocol")
    with pytest.raises(NotInCharge):
        load(charge, "riverside", "indicators", SIGNS, AT)
    load(KEEPER, "riverside", "indicators", SIGNS, AT)
    with pytest.raises(NotInCharge):
        take_away(charge, "riverside", "indicators", AT)
    assert tick_lists_of("riverside") == {"indicators": SIGNS}


@pytest.mark.parametrize("ask", ["no-such-question", "thresholds-read"], ids=["unknown", "with its own answers"])
def test_a_list_is_for_an_open_question_of_the_procedure(riverside: None, ask: str) -> None:
    with pytest.raises(NotInCharge):
        load(KEEPER, "riverside", ask, SIGNS, AT)
    with pytest.raises(NotInCharge):
        take_away(KEEPER, "riverside", ask, AT)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lines": ()}, "lines"),
        ({"lines": ("=1+1",)}, "lines"),
        ({"title": " "}, "title"),
        ({"address": "javascript:alert(1)"}, "address"),
    ],
    ids=["no lines", "a formula", "no title", "no web address"],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_loaded(
    riverside: None, changes: dict[str, object], field: str
) -> None:
    wrong = load(KEEPER, "riverside", "indicators", replace(SIGNS, **changes), AT)  # type: ignore[arg-type]  # by name

    assert isinstance(wrong, Mistake)
    assert wrong.field == field
    assert tick_lists_of("riverside") == {}
    assert not DirectoryChange.objects.exists()


def test_questions_come_with_their_lists_and_a_list_without_a_question_comes_last(riverside: None) -> None:
    load(KEEPER, "riverside", "indicators", SIGNS, AT)
    Row.objects.create(partnership_id="riverside", ask="asked-no-more", title="Old", version_on=AT.date(), lines=["A"])
    found = {one.ask: one for one in listables("riverside")}

    assert found["indicators"].loaded == SIGNS
    assert found["toolkit"].loaded is None
    assert "thresholds-read" not in found
    assert list(found)[-1] == "asked-no-more"
    assert found["asked-no-more"].procedures == ()
    with pytest.raises(NotInCharge):
        load(KEEPER, "riverside", "asked-no-more", SIGNS, AT)
    take_away(KEEPER, "riverside", "asked-no-more", AT)
    assert "asked-no-more" not in {one.ask for one in listables("riverside")}


# --- Lines ------------------------------------------------------------------------------------------------------------


def test_bullets_spaces_and_empty_lines_are_put_right() -> None:
    read = lines_of(["• Often  hungry ", "", "- Alone at night", "– Hurt", "*  Afraid", "Well-known to us - since May"])

    assert read.lines == ("Often hungry", "Alone at night", "Hurt", "Afraid", "Well-known to us - since May")
    assert not read.mistakes


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([], "Write at least one line"),
        (["Fine", "", "=HYPERLINK(1)"], "Row 3: found “=HYPERLINK(1)”. Begin with a letter or a number: files would"),
        (["+44"], "Row 1: found “+44”. Begin with a letter"),
        (["@home"], "Row 1: found “@home”. Begin with a letter"),
        (["-1"], "Row 1: found “-1”. Begin with a letter"),
        (["- =1+1"], "Row 1: found “=1+1”. Begin with a letter"),
        (["Fine", "x" * (LONGEST_LINE + 1)], "Use 300 characters or fewer. This has 301"),
        (["Fine", "Other", "Fine"], "Row 3: found “Fine”. Leave it out: it stands in row 1 already"),
        (["Fine\x07"], "Row 1: found “Fine ”. There is a character here that can’t be shown"),
        ([f"Line {one}" for one in range(MOST_LINES + 1)], "found “201 lines”. A list can have at most 200 lines"),
    ],
)
def test_every_mistake_is_told_at_its_row(texts: list[str], said: str) -> None:
    read = lines_of(texts)

    assert read.lines == ()
    assert said in " ".join(map(str, read.mistakes))


def test_all_mistakes_come_at_once() -> None:
    read = lines_of(["=1", "Fine", "x" * 400, "Fine"])

    assert [one.row for one in read.mistakes] == [1, 3, 4]


def test_as_many_and_as_long_as_can_be() -> None:
    texts = [f"{one:03}" + "x" * (LONGEST_LINE - 3) for one in range(MOST_LINES)]

    assert lines_of(texts).lines == tuple(texts)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("signs.txt", "\ufeffOften hungry, or thirsty\r\nAlone at night\r\n"),
        ("signs.csv", '\ufeff"Often hungry, or thirsty"\r\nAlone at night,\r\n'),
        ("", "Often hungry, or thirsty\nAlone at night"),
    ],
)
def test_a_file_is_read_by_its_kind(name: str, content: str) -> None:
    assert lines_of_file(content.encode(), name).lines == ("Often hungry, or thirsty", "Alone at night")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"Often hungry, or thirsty\n", "Row 1: found “Often hungry,  or thirsty”. Leave one column"),
        ("a.csv", b'"Often hungry\n', "Look for a quotation mark without its partner"),
        ("a.csv", b'"=1+1"\n', "Begin with a letter or a number"),
        ("a.txt", b"Fine\nna\xefve\n", "Row 2 has a character that can\u2019t be read"),
        ("a.txt", b"", "Write at least one line"),
        ("a.txt", b"x" * (MOST_BYTES + 1), "The file is too big"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(name: str, content: bytes, said: str) -> None:
    read = lines_of_file(content, name)

    assert read.lines == ()
    assert said in " ".join(map(str, read.mistakes))


@pytest.mark.parametrize(
    "address", ["", "https://area.example/thresholds.pdf#page=3", "https://area.example:8443/?a=b"]
)
def test_an_address_that_can_be_followed(address: str) -> None:
    assert not mistake_in_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)//https://",
        "http://area.example/",
        "//area.example/",
        "data:text/html,hello",
        "https://",
        "https:area.example",
        "https://user@area.example/",
        "https://area.example/ a",
        "https://area.example\\@other.example/",
        "https://area.example\\other.example/",
        "https://[area/",
        "https://area.example/\nx",
        f"https://area.example/{'x' * 500}",
    ],
)
def test_an_address_that_cannot_be_followed_safely(address: str) -> None:
    assert mistake_in_address(address)
