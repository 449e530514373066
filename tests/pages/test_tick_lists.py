"""Lists to tick through the pages: loaded, ticked, sent as words, and nothing lost when a list goes meanwhile."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from typing import Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commonground.core.procedure import OFFICE
from commonground.people.administering import Charge
from commonground.people.models import Administrator
from commonground.people.models import TickList as Row
from commonground.usecases.tick_lists import TickList, load, take_away, tick_lists_of
from commonground.web import drafts
from commonground.web.forms.fields import LIMIT, TICKED
from tests.pages.reading import be, hidden, text_of
from tests.partnership import Small, small

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 4, 2, 10, tzinfo=UTC)
KEEPER = Charge("keeper", partnership="riverside")
LISTS = "/administration/partnership/riverside/lists"
INDICATORS = f"{LISTS}/indicators"
MORE = "/raise/more"
SIGNS = TickList("Our signs of need", date(2026, 1, 5), ("Often hungry", "Alone at <night>"), "https://area.example/a")
QUESTION = "Which signs of need in it does the child show now? Give your evidence for each."
BOX: Final = "ask-indicators"
FORM: Mapping[str, str] = {
    "title": SIGNS.title,
    "version_on-day": "5",
    "version_on-month": "1",
    "version_on-year": "2026",
    "address": SIGNS.address,
    "lines": "• Often hungry\r\n\r\n• Alone at <night>\r\n",
}


@pytest.fixture
def riverside(transactional_db: None, demonstration: None) -> Small:
    """A partnership whose procedure asks for signs of need."""
    return small("riverside", "hips-protocol")


@pytest.fixture
def keeper(client: Client, riverside: Small) -> Client:
    """Somebody in the office who looks after the partnership."""
    office = riverside.post("partnership", OFFICE)
    Administrator.objects.create(
        person_id=riverside.person(office), partnership_id="riverside", from_on=date(2020, 1, 1)
    )
    return be(client, riverside, office)


@pytest.fixture
def teacher(client: Client, riverside: Small) -> Client:
    return be(client, riverside, riverside.post("school"))


def is_loaded(source: TickList = SIGNS, ask: str = "indicators") -> None:
    assert load(KEEPER, "riverside", ask, source, AT) is None


def unescaped(content: bytes) -> str:
    return unescape(content.decode())


# --- Loading ----------------------------------------------------------------------------------------------------------


def test_a_list_is_looked_at_first_then_loaded_then_taken_away(keeper: Client) -> None:
    assert LISTS in keeper.get("/administration/partnership/riverside").content.decode()
    assert "You have loaded no list yet." in text_of(keeper.get(LISTS).content)
    assert f"{QUESTION} Procedure:" in text_of(keeper.get(LISTS).content)

    page = keeper.post(INDICATORS, FORM)
    assert "Nothing is changed yet" in text_of(page.content)
    assert "Our signs of need, as of Monday 5 January 2026." in text_of(page.content)
    for line in ("Often hungry", "Alone at &lt;night&gt;"):
        assert f'value="{line}"' in page.content.decode()
    assert tick_lists_of("riverside") == {}

    found = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page.content.decode()))
    sent = {name: unescape(value) for name, value in found.items()}
    once_more = keeper.post(INDICATORS, {**sent, "again": "yes"}).content.decode()
    assert "Often hungry\nAlone at &lt;night&gt;</textarea>" in once_more
    assert 'value="Our signs of need"' in once_more
    assert tick_lists_of("riverside") == {}
    answer = keeper.post(INDICATORS, sent)
    assert answer.status_code == 302, text_of(answer.content)
    assert answer.headers["Location"] == LISTS
    assert tick_lists_of("riverside") == {"indicators": SIGNS}
    assert "Our signs of need, as of Monday 5 January 2026, 2 lines" in text_of(keeper.get(LISTS).content)

    again = keeper.get(INDICATORS).content.decode()
    assert "Often hungry\nAlone at &lt;night&gt;</textarea>" in again
    assert "It replaces Our signs of need" in text_of(keeper.post(INDICATORS, FORM).content)
    assert "Nothing that was ticked is lost" in text_of(keeper.get(f"{INDICATORS}/take-away").content)
    assert tick_lists_of("riverside") == {"indicators": SIGNS}
    assert keeper.post(f"{INDICATORS}/take-away").status_code == 302
    assert tick_lists_of("riverside") == {}
    assert keeper.get(f"{INDICATORS}/take-away").status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Enter what the list is called"),
        ({"version_on-day": "", "version_on-month": "", "version_on-year": ""}, "Enter the date of the document"),
        ({"address": "javascript:alert(1)"}, "Write an address that begins with https://, or leave it empty"),
        ({"address": "http://area.example/"}, "Write an address that begins with https://, or leave it empty"),
        ({"lines": " \n "}, "Write at least one line"),
        ({"lines": "Fine\n=HYPERLINK(1)"}, "Row 2: found “=HYPERLINK(1)”. Begin with a letter or a number"),
        ({"lines": "x" * 301}, "Use 300 characters or fewer"),
        ({"lines": "\n".join(f"Line {one}" for one in range(201))}, "A list can have at most 200 lines"),
        ({"lines": "=1\n@2"}, "The list has 2 mistakes. Nothing was changed"),
    ],
)
def test_every_mistake_is_said_and_nothing_is_loaded(keeper: Client, changes: dict[str, str], said: str) -> None:
    assert said in text_of(keeper.post(INDICATORS, {**FORM, **changes}).content)
    page = keeper.post(INDICATORS, {**FORM, **changes, "sure": "yes"})

    assert page.status_code == 200
    assert "<title>Error: Load a list to tick" in page.content.decode()
    assert said in text_of(page.content)
    assert tick_lists_of("riverside") == {}


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", '"Hungry, often"\nHurt\n'), ("a.txt", "Hungry, often\nHurt\n")]
)
def test_a_file_takes_the_place_of_what_is_typed(keeper: Client, name: str, content: str) -> None:
    page = keeper.post(INDICATORS, {**FORM, "lines": "", "file": SimpleUploadedFile(name, content.encode())})

    assert "Load the list: 2 lines" in text_of(page.content)
    assert 'name="lines" value="Hungry, often\nHurt"' in page.content.decode()


def test_a_file_and_lines_at_once_is_asked_about_and_a_list_can_be_replaced_by_a_file(keeper: Client) -> None:
    both = {**FORM, "file": SimpleUploadedFile("a.txt", b"Hurt\n")}
    assert "choose a file, not both" in text_of(keeper.post(INDICATORS, both).content)

    is_loaded()  # its lines stand in the box then
    both = {**FORM, "lines": "Often hungry\r\nAlone at <night>", "file": SimpleUploadedFile("a.txt", b"Hurt\n")}
    assert "Load the list: 1 line " in text_of(keeper.post(INDICATORS, both).content)


def test_a_question_that_is_not_asked_or_not_open_has_no_page(keeper: Client) -> None:
    for ask in ("no-such-question", "thresholds-read"):
        assert keeper.get(f"{LISTS}/{ask}").status_code == 404
        assert keeper.post(f"{LISTS}/{ask}", {**FORM, "sure": "yes"}).status_code == 404
        assert keeper.post(f"{LISTS}/{ask}/take-away").status_code == 404


def test_a_list_whose_question_is_asked_no_more_can_only_be_taken_away(keeper: Client) -> None:
    Row.objects.create(partnership_id="riverside", ask="asked-no-more", title="Old", version_on=AT.date(), lines=["A"])

    assert "No procedure that you run asks for this any more." in text_of(keeper.get(LISTS).content)
    assert keeper.get(f"{LISTS}/asked-no-more").status_code == 404
    assert keeper.post(f"{LISTS}/asked-no-more/take-away").status_code == 302
    assert tick_lists_of("riverside") == {}


def test_whoever_does_not_look_after_the_partnership_finds_no_lists(teacher: Client) -> None:
    is_loaded()
    for path in (LISTS, INDICATORS, f"{INDICATORS}/take-away"):
        assert teacher.get(path).status_code == 404
    assert teacher.post(f"{INDICATORS}/take-away").status_code == 404
    assert tick_lists_of("riverside") == {"indicators": SIGNS}


# --- Ticking while raising --------------------------------------------------------------------------------------------


def ticks(client: Client, lines: Sequence[str], text: str = "", page: str = MORE) -> None:
    shown = client.get(page)
    values = {**hidden(shown.content), f"{BOX}{TICKED}": list(lines), BOX: text}
    answer = client.post(page, values)
    assert answer.status_code == 302, text_of(answer.content)


def raises(client: Client) -> str:
    page = client.get("/raise/check")
    answer = client.post("/raise/check", hidden(page.content), follow=True)
    found = re.search(r"RIVE-[0-9A-Z]{6}", text_of(answer.content))
    assert found, text_of(answer.content)
    return found[0]


def test_without_a_list_the_question_is_as_it_was(teacher: Client) -> None:
    page = teacher.get(MORE).content.decode()

    assert TICKED not in page
    assert QUESTION in unescape(page)


def test_ticked_lines_become_words_of_what_is_raised(teacher: Client, riverside: Small) -> None:
    is_loaded()
    page = teacher.get(MORE).content
    said = text_of(page)
    assert f"{QUESTION} Our signs of need, as of Monday 5 January 2026." in said
    assert "Tick what fits, and give your evidence below. You can leave all of it empty." in said
    assert "In your own words: Our signs of need" in said
    assert re.search(
        r'<a class="govuk-link" href="https://area.example/a" target="_blank" rel="[^"]*noopener', str(page)
    )

    ticks(teacher, SIGNS.lines, "Seen on Monday.")
    check = text_of(teacher.get("/raise/check").content)
    assert f"{QUESTION} ✓ Often hungry ✓ Alone at <night> Seen on Monday." in check
    assert check.count("Often hungry") == 1

    reference = raises(teacher)
    other = be(Client(), riverside, riverside.post("partnership", OFFICE))
    for reader in (teacher, other):
        page = reader.get(f"/d/{reference}").content
        assert "✓ Often hungry\n✓ Alone at &lt;night&gt;\n\nSeen on Monday." in page.decode(), text_of(page)


@pytest.mark.parametrize(("lines", "text"), [((), ""), ((), "Only words."), (("Often hungry",), "")])
def test_nothing_of_it_has_to_be_given(teacher: Client, lines: tuple[str, ...], text: str) -> None:
    is_loaded()
    ticks(teacher, lines, text)
    page = text_of(teacher.get(f"/d/{raises(teacher)}").content)

    for one in SIGNS.lines:
        assert (f"✓ {one}" in page) is (one in lines)
    assert ("Only words." in page) is bool(text)


def test_a_draft_keeps_its_ticks(teacher: Client) -> None:
    is_loaded()
    ticks(teacher, ["Alone at <night>"], "Seen on Monday.")
    page = unescaped(teacher.get(MORE).content)

    assert re.search(r'value="Alone at <night>" checked', page)
    assert not re.search(r'value="Often hungry" checked', page)
    assert ">Seen on Monday.</textarea>" in page


@pytest.mark.parametrize("replaced", [False, True], ids=["taken away", "replaced"])
def test_a_list_that_goes_meanwhile_takes_nothing_with_it(teacher: Client, replaced: bool) -> None:
    is_loaded()
    ticks(teacher, SIGNS.lines, "Seen on Monday.")
    if replaced:
        is_loaded(replace(SIGNS, lines=("Often hungry", "Hurt")))
    else:
        take_away(KEEPER, "riverside", "indicators", AT)

    check = text_of(teacher.get("/raise/check").content)
    assert "✓ Often hungry ✓ Alone at <night> Seen on Monday." in check
    page = unescaped(teacher.get(MORE).content)
    gone = "✓ Alone at <night>" if replaced else "✓ Often hungry\n✓ Alone at <night>"
    assert f">{gone}\n\nSeen on Monday.</textarea>" in page
    assert bool(re.search(r'value="Often hungry" checked', page)) is replaced

    assert "✓ Often hungry ✓ Alone at <night> Seen on Monday." in text_of(teacher.get(f"/d/{raises(teacher)}").content)


@pytest.mark.parametrize("replaced", [False, True], ids=["taken away", "replaced"])
def test_a_form_that_was_open_when_its_list_went_is_sent_as_it_was_ticked(teacher: Client, replaced: bool) -> None:
    is_loaded()
    values = {**hidden(teacher.get(MORE).content), f"{BOX}{TICKED}": list(SIGNS.lines), BOX: ""}
    if replaced:
        is_loaded(replace(SIGNS, lines=("Often hungry", "Hurt")))
    else:
        take_away(KEEPER, "riverside", "indicators", AT)
    assert teacher.post(MORE, values).status_code == 302

    assert "✓ Often hungry ✓ Alone at <night>" in text_of(teacher.get(f"/d/{raises(teacher)}").content)


# --- Ticking in an act ------------------------------------------------------------------------------------------------

UP = "ask-safe-meanwhile-higher"


def test_ticks_go_with_an_act_too_and_too_many_are_kept_while_it_goes_through(
    teacher: Client, riverside: Small
) -> None:
    long = tuple(f"{one:03} {'x' * 290}" for one in range(100))
    is_loaded(replace(SIGNS, lines=long), "safe-meanwhile-higher")
    _, reference = riverside.raised(AT)
    address = f"/d/{reference}/go-up"
    page = teacher.get(address)
    assert page.status_code == 200
    assert f'name="{UP}{TICKED}"' in page.content.decode()

    sent = {**hidden(page.content), f"{UP}{TICKED}": list(long), UP: "Seen."}
    assert len("".join(long)) > LIMIT
    assert teacher.post(address, sent).status_code == 302
    kept = drafts.kept(riverside.person(riverside.post("school")), f"{riverside.find(reference)}/go-up")
    assert kept is not None
    assert kept.values == {f"{UP}{TICKED}": list(long), UP: ["Seen."]}

    page = teacher.get(address)
    sent = {**hidden(page.content), f"{UP}{TICKED}": list(long[:2]), UP: "Seen."}
    assert teacher.post(address, sent).status_code == 302
    assert f"✓ {long[0]} ✓ {long[1]} Seen." in text_of(teacher.get(f"/d/{reference}").content)


def test_what_was_ticked_is_shown_where_its_form_is_gone(teacher: Client, riverside: Small) -> None:
    is_loaded(SIGNS, "safe-meanwhile-higher")
    disagreement, reference = riverside.raised(AT)
    person = riverside.person(riverside.post("school"))
    drafts.keep(person, f"{disagreement}/reopen", {f"reasons{TICKED}": ["Often hungry"]})

    page = text_of(teacher.get(f"/d/{reference}/reopen").content)
    assert "What you typed" in page
    assert "✓ Often hungry" in page
