"""Words are found by whoever may read them, and by nobody else: the same as opening everything and reading it."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction

from commonground.core.acts import (
    Advise,
    Answer,
    Ask,
    Audience,
    GoUp,
    Medium,
    Meet,
    Note,
    PostRef,
    Reply,
    Talk,
    Withdraw,
)
from commonground.core.procedure import OFFICE
from commonground.people.access import Scope, scopes_of
from commonground.people.models import Holding, Post
from commonground.record import search, store
from commonground.record.models import SearchRow, WordsRow
from commonground.record.words import Words, typed
from commonground.usecases.handle import Asking, NotThere, handle
from commonground.usecases.listing import Filters
from commonground.usecases.reading import find_for, read
from commonground.usecases.rebuild import rebuild
from commonground.usecases.search import search_for
from tests.partnership import Small, small

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
VOCABULARY = tuple("visits visited résumé resumed child’s childs school missed MISSED Straße o'clock".split())


def ask_as(partnership: Small, disagreement: UUID, by: PostRef, ask: Ask, at: datetime, words: Words) -> None:
    handle(partnership.scope(by), disagreement, Asking(ask, (words,)), at=at)


def references(scopes: list[Scope], query: str, at: datetime, seat: PostRef | None = None) -> set[str]:
    return {one.listed.reference for one in search_for(scopes, query, at=at, seat=seat).found}


# --- Folding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "text"),
    [
        pytest.param("resume", "Her résumé.", id="accents"),
        pytest.param("résumé", "her resume", id="accents typed"),
        pytest.param("resume", "re\u0301sume\u0301", id="letter and accent apart"),
        pytest.param("childrens", "the children’s home", id="apostrophe"),
        pytest.param("children's", "the childrens home", id="apostrophe typed"),
        pytest.param("escal", "We ESCALATED it", id="the beginning of a word"),
        pytest.param("strasse", "Hauptstr. – Straße 4", id="one letter that is two"),
        pytest.param("ŵyn", "Bryn y wyn", id="Welsh"),
        pytest.param("visits two", "Two missed visits", id="any order"),
        pytest.param("safe guarding", "safe\u00ad guarding", id="a soft hyphen"),
    ],
)
def test_how_words_are_compared(query: str, text: str) -> None:
    assert search.holds(text, search.asked(query))
    assert any(cut.found for cut in search.excerpt(text, search.asked(query)))


@pytest.mark.parametrize(("query", "text"), [("sume", "resume"), ("two visits", "two calls"), ("visited", "visit")])
def test_what_is_not_found(query: str, text: str) -> None:
    assert not search.holds(text, search.asked(query))


def test_an_excerpt_is_the_text_as_typed_around_what_was_found() -> None:
    text = "before " * 40 + "<i>résumé</i>" + " after" * 40
    cuts = search.excerpt(text, search.asked("resum"))
    assert [cut.text for cut in cuts if cut.found] == ["résumé"]
    assert "".join(cut.text for cut in cuts).strip("… ") in text


@pytest.mark.parametrize("query", ["", " ", "\x00", "\ud800", "%_*", "'\"", "x" * 10_000, "a " * 10_000, "'" * 10_000])
def test_any_query_is_a_few_words(query: str) -> None:
    assert len(search.asked(query)) <= search.MOST_ASKED


# --- Who finds what ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_agencys_own_words_are_found_in_the_agency() -> None:
    six = small("riverside", "sussex-six-step")
    disagreement, reference = six.raised(AT)
    school, care = six.post("school"), six.post("social-care")
    note = typed("note", "A telling word.", Audience.OWN_AGENCY, school.agency)
    ask_as(six, disagreement, school, Note(approved=True), AT + timedelta(hours=1), note)

    later = AT + timedelta(hours=2)
    assert references([six.scope(school)], "telling", later) == {reference}
    assert references([six.scope(care)], "telling", later) == set()
    assert references([six.scope(care)], "missed", later) == {reference}
    for nobody in (six.post("police"), six.post("partnership", OFFICE), six.post("partnership", "scrutineer")):
        assert references([six.scope(nobody)], "missed", later) == set()


@pytest.mark.django_db(transaction=True)
def test_who_had_a_part_finds_what_was_there_until_then() -> None:
    six = small("riverside", "sussex-six-step")
    disagreement, reference = six.raised(AT)
    school, nurse = six.post("school"), six.post("health", "health-professional")
    six.does(disagreement, school, Advise(nurse, given=False), AT + timedelta(hours=1), advice="An early word.")
    six.does(disagreement, school, Withdraw(), AT + timedelta(hours=2), reasons="A last word.")
    six.does(disagreement, school, GoUp(), AT + timedelta(hours=3), reasons="A newer word.")

    later = AT + timedelta(hours=4)
    assert references([six.scope(nurse)], "early", later) == {reference}
    assert references([six.scope(nurse)], "newer", later) == set()
    (found,) = search_for([six.scope(nurse)], "early", at=later).found
    assert found.listed.until == AT + timedelta(hours=2)
    assert found.listed.standing.entered is None
    assert not search_for([six.scope(nurse)], "early", Filters(agency=school.agency), at=later).found


@pytest.mark.django_db(transaction=True)
def test_erased_words_are_found_no_more_and_nothing_of_them_is_kept() -> None:
    six = small("riverside", "sussex-six-step")
    disagreement, reference = six.raised(AT, words="Zanzibar and Ouagadougou.")
    school = six.scope(six.post("school"))
    assert references([school], "zanzibar", AT) == {reference}

    digest = bytes(WordsRow.objects.get(disagreement=disagreement, sequence=1).digest).hex()
    with transaction.atomic():
        assert store.erase(disagreement, 1, digest, AT)

    assert references([school], "zanzibar", AT) == set()
    assert not SearchRow.objects.filter(disagreement=disagreement).exists()
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        files = [name, name.with_name(f"{name.name}-wal")]
        assert not any(b"ouagadougou" in file.read_bytes() for file in files if file.exists())


@pytest.mark.django_db(transaction=True)
def test_what_words_are_found_by_is_made_anew_from_the_record() -> None:
    six = small("riverside", "sussex-six-step")
    disagreement, _ = six.raised(AT)
    six.does(disagreement, six.post("school"), GoUp(), AT + timedelta(hours=1), reasons="Nobody answered.")
    columns = [field.name for field in SearchRow._meta.fields if field.name != "id"]

    def kept() -> list[tuple[object, ...]]:
        return list(SearchRow.objects.order_by("sequence").values_list(*columns))

    before = kept()
    assert len(before) == 2
    SearchRow.objects.all().delete()
    assert all(one.same for one in rebuild())
    assert kept() == before
    assert all(one.same for one in rebuild())
    assert kept() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(4))
def test_a_search_finds_what_reading_everything_would(seed: int) -> None:
    """Random acts, words and audiences; then everybody searches, and everybody opens all they can and reads it."""
    chance = random.Random(seed)
    six = small("riverside", "sussex-six-step")
    every = {}
    for number in range(4):
        by, against = chance.choice([("school", "social-care"), ("health", "police"), ("school", "health")])
        disagreement, reference = six.raised(AT + timedelta(minutes=number), by=six.post(by), against=against,
                                             words=_sentence(chance))  # fmt: skip
        every[reference] = disagreement
        for hour in range(1, 8):
            _something(six, chance, disagreement, six.post(by), AT + timedelta(hours=hour, minutes=number))
    now = AT + timedelta(hours=20)
    people = set(Holding.objects.values_list("person_id", flat=True))
    queries = [*VOCABULARY, "res", "child", "visit missed", "school o", "strass"]
    found_any = 0
    for person in sorted(people):
        scopes = [scope for scope in scopes_of(person, AT.date()) if scope.partnership == six.key]
        for query in queries:
            expected = {one for one in every if _by_reading(scopes, one, query, now)}
            assert references(scopes, query, now) == expected, (person, query)
            found_any += len(expected)
    assert found_any > 50  # it did compare something


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(VOCABULARY, k=2))


def _something(six: Small, chance: random.Random, disagreement: UUID, raiser: PostRef, at: datetime) -> None:
    posts = [PostRef(*one) for one in Post.objects.order_by("id").values_list("agency_id", "post")]
    somebody = chance.choice(posts)
    standing = six.standing(disagreement)
    waited = standing.waits.owner.post if standing.waits and standing.waits.owner else raiser
    by = chance.choice([raiser, waited])
    asks: list[Ask] = [
        Advise(somebody, given=False),
        GoUp(),
        Meet(held=False, invited=(somebody,)),
        Note(approved=True),
        Reply(Answer.DISAGREE),
        Talk(Medium.TELEPHONE),
        Withdraw(),
    ]
    ask = chance.choice(asks)
    audience = chance.choice(list(Audience))
    with suppress(NotThere):  # the office may have the move and no part in it
        ask_as(six, disagreement, by, ask, at, typed("reasons", _sentence(chance), audience, by.agency))


def _by_reading(scopes: list[Scope], reference: str, query: str, at: datetime) -> bool:
    try:
        scope, disagreement = find_for(scopes, reference, at=at)
    except NotThere:
        return False
    pieces = [piece for several in read(scope, disagreement, at).words.values() for piece in several]
    return any(isinstance(piece, Words) and search.holds(piece.text, search.asked(query)) for piece in pieces)
