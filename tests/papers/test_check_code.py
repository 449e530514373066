"""The page that checks a code: yes for a record that still begins so, the same no for everything else."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonground.core.acts import Answer, GoUp, Reply
from commonground.record import store
from commonground.record.models import ActRow
from commonground.usecases import clock
from commonground.usecases.check_code import CheckCode, Typed, holds, typed
from tests.pages.reading import text_of
from tests.partnership import Small
from tests.storage.emptying import without_triggers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def disagreement(riverside: Small) -> UUID:
    at = clock.now() - timedelta(hours=3)
    found, _ = riverside.raised(at)
    riverside.does(found, riverside.post("social-care"), Reply(Answer.DISAGREE), at + timedelta(hours=1), reasons="No.")
    return found


def code_at(disagreement: UUID, acts: int) -> CheckCode:
    return CheckCode(acts, disagreement, store.check(disagreement)[acts - 1][2])


def asked(client: Client, code: str) -> str:
    answer = client.post("/check", {"code": code})
    assert answer.status_code == 200
    return text_of(answer.content)


YES, NO = "Yes. This is the code of a record here", "No. No record here begins with what this code stands for."


def test_a_right_code_holds_and_goes_on_holding_when_more_happens(
    client: Client, riverside: Small, disagreement: UUID
) -> None:
    code = code_at(disagreement, 2).short
    assert YES in asked(client, code)
    riverside.does(disagreement, riverside.post("school"), GoUp(), clock.now(), reasons="Now.")
    assert len(store.check(disagreement)) == 3
    assert YES in asked(client, code)
    assert YES in asked(client, code_at(disagreement, 1).short)


def test_nobody_learns_more_than_yes_or_no(client: Client, riverside: Small, disagreement: UUID) -> None:
    (reference,) = [row.reference for row in [store.standing_row(disagreement)] if row]
    right = client.post("/check", {"code": code_at(disagreement, 2).short}).content.decode()
    for text in (reference, "Elm Road", "Riverside", "visits", str(disagreement), "Pat "):
        assert text not in right.replace(code_at(disagreement, 2).short, "")


def test_a_code_is_read_as_people_type_it(disagreement: UUID) -> None:
    code = code_at(disagreement, 2)
    for text in (
        code.short,
        code.short.upper(),
        f"  {code.short.replace('-', ' ')} ",
        code.short.replace("-", " – "),
        code.short.replace("-", "", 6).replace("2", "2 ", 1) if code.short.startswith("2") else code.short,
        f"2 {disagreement.hex[:8]} {code.whole}",
    ):
        read = typed(text)
        assert read is not None, text
        assert holds(read), text


@pytest.mark.parametrize(
    "text", ["", "12", "x" * 200, "2-zzzz-zzzz", "12-3f2a", "2" * 40, "-1-" + "a" * 24, "2-" + "a" * 80]
)
def test_what_has_no_codes_shape_is_none(text: str) -> None:
    assert typed(text) is None


def test_every_wrong_code_gets_the_same_answer_and_costs_the_same(client: Client, disagreement: UUID) -> None:
    code = code_at(disagreement, 2)
    place, digest = disagreement.hex[:8], code.whole[:16]
    wrong = [
        Typed(3, place, digest),
        Typed(1, place, digest),
        Typed(999_999_999, place, digest),
        Typed(2, place, digest[:-1] + ("0" if digest[-1] != "0" else "1")),
        Typed(2, "00000000" if place != "00000000" else "11111111", digest),
        Typed(0, place, digest),
    ]
    answers, costs = set(), set()
    for one in wrong:
        assert not holds(one)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            holds(one)
        costs.add(len(queries))
        answers.add(
            asked(client, f"{one.acts}-{one.place}-{one.digest}").replace(f"{one.acts}-{one.place}-{one.digest}", "")
        )
    assert len(answers) == 1
    assert NO in answers.pop()
    assert costs == {1}
    assert holds(Typed(2, place, digest))


def test_a_record_that_was_changed_before_that_does_not_hold_any_more(
    client: Client, disagreement: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    code = code_at(disagreement, 2).short
    first = ActRow.objects.get(disagreement=disagreement, sequence=1)
    with without_triggers():
        ActRow.objects.filter(pk=first.pk).update(bytes=bytes(first.bytes).replace(b"child", b"adult", 1))
    with caplog.at_level(logging.ERROR, logger="commonground.usecases.check_code"):
        assert NO in asked(client, code)
    assert str(disagreement) in caplog.text


def test_a_code_left_out_or_misshapen_is_asked_for_again(client: Client) -> None:
    for code, said in (("", "Enter the check code"), ("no code", "A check code looks like this: 12-3f2a")):
        answer = client.post("/check", {"code": code})
        assert said in text_of(answer.content)
        assert "<title>Error: " in answer.content.decode()


def test_one_place_can_ask_only_so_often(client: Client, disagreement: UUID) -> None:
    assert client.get("/check").status_code == 200
    statuses = [client.post("/check", {"code": "2-" + "ab" * 12}).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    assert client.get("/check").status_code == 200


def test_the_page_needs_no_signing_in_and_takes_no_code_without_its_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.get("/check").status_code == 200
    assert strict.post("/check", {"code": "2-" + "ab" * 12}).status_code == 403
