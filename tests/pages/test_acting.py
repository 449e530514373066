"""Acting through the pages: every form of every procedure opens, nothing typed is lost, the way up is always open."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from django.test import Client

from commonground.core.acts import KINDS, Answer, Medium, PassTime, Propose, Raise, Redate, Reply, Talk, Withdraw
from commonground.language.library import shipped
from commonground.record import store
from commonground.usecases import clock
from commonground.web.forms.acts import FORMS
from commonground.web.forms.fields import LIMIT
from commonground.web.models import DraftRow
from commonground.web.offers import slug_of
from tests.pages.reading import be, hidden, text_of
from tests.partnership import Small, small

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_one(riverside: Small) -> tuple[UUID, str]:
    return riverside.raised(clock.now() - timedelta(minutes=10))


def fill(client: Client, reference: str, act: str, **typed: str | list[str]) -> dict[str, str | list[str]]:
    """Open a form and fill it in; gives what a browser would send."""
    page = client.get(f"/d/{reference}/{act}")
    assert page.status_code == 200
    return {**hidden(page.content), **typed}


def acts(disagreement: UUID) -> int:
    return len(store.read(disagreement))


def test_every_act_that_people_can_ask_for_has_its_form() -> None:
    asked = {kind for form in FORMS.values() for kind in KINDS if kind.__name__ in form.ask.__code__.co_names}
    assert asked == set(KINDS) - {Raise, PassTime, Redate}


@pytest.mark.parametrize("procedure", sorted(shipped()))
def test_every_form_that_is_offered_opens_and_says_who_will_see_the_words(
    client: Client, transactional_db: None, demonstration: None, procedure: str
) -> None:
    partnership = small("riverside", procedure)
    for matter in partnership.procedure.matters[:3]:
        disagreement, reference = partnership.raised(clock.now(), matter=matter.key)
        for post in {
            partnership.owner(disagreement),
            partnership.post("school"),
            partnership.post("partnership", "office"),
        }:
            be(client, partnership, post)
            page = client.get(f"/d/{reference}").content.decode()
            links = set(re.findall(rf'href="/d/{reference}/([a-z-]+)"', page)) & set(FORMS)
            assert "go-up" in links
            for slug in links:
                form = client.get(f"/d/{reference}/{slug}")
                assert form.status_code == 200
                text = form.content.decode()
                for box in re.findall(r"<textarea[^>]*aria-describedby=\"([^\"]+)\"", text):
                    said = [re.search(rf'id="{one}"[^>]*>(.*?)</div>', text, re.DOTALL) for one in box.split()]
                    assert any(found and "will see this" in found[1] for found in said), (slug, box)
                assert text.count("<textarea") == len(re.findall(r"<textarea[^>]*aria-describedby", text)), slug


def test_a_reply_is_sent_and_what_happens_next_is_said(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    disagreement, reference = open_one
    be(client, riverside, riverside.owner(disagreement))
    answer = client.post(
        f"/d/{reference}/reply", fill(client, reference, "reply", answer="do not agree", reasons="Why\r\nnot")
    )
    assert answer.status_code == 302
    page = text_of(client.get(answer.headers["Location"]).content)
    assert "Sent at" in page
    assert "did not agree" in page
    assert "Now waiting for:" in page
    assert riverside.standing(disagreement).answer is Answer.DISAGREE
    words = store.words_of(disagreement, store.read(disagreement))[2]
    assert [piece.text for piece in words] == ["Why\nnot"]  # type: ignore[union-attr]


def test_what_is_missing_is_named_and_what_was_typed_stays(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    disagreement, reference = open_one
    be(client, riverside, riverside.owner(disagreement))
    page = client.post(f"/d/{reference}/reply", fill(client, reference, "reply", reasons="Half a thought"))
    assert "Choose an answer" in text_of(page.content)
    assert "Half a thought" in page.content.decode()
    assert page.content.decode().split("<title>")[1].startswith("Error:")
    assert acts(disagreement) == 1
    again = client.get(f"/d/{reference}/reply")
    assert "This is your draft" in text_of(again.content)
    assert "Half a thought" in again.content.decode()


def test_the_same_form_sent_twice_is_one_act(client: Client, riverside: Small, open_one: tuple[UUID, str]) -> None:
    disagreement, reference = open_one
    be(client, riverside, riverside.owner(disagreement))
    sent = fill(client, reference, "reply", answer="agree", reasons="Yes")
    first = client.post(f"/d/{reference}/reply", sent)
    again = client.post(f"/d/{reference}/reply", sent)
    assert first.status_code == again.status_code == 302
    assert first.headers["Location"] == again.headers["Location"]
    assert acts(disagreement) == 2


def test_a_page_gone_stale_shows_what_happened_and_keeps_the_words(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    disagreement, reference = open_one
    owner, school = riverside.owner(disagreement), riverside.post("school")
    be(client, riverside, owner)
    sent = fill(client, reference, "reply", answer="do not agree", reasons="Typed before I knew")
    riverside.does(disagreement, school, Talk(Medium.TELEPHONE), clock.now(), said="We rang them.")

    page = client.post(f"/d/{reference}/reply", sent)

    text = text_of(page.content)
    assert page.status_code == 200
    assert "This happened while you were writing" in text
    assert "We rang them." in text
    assert "Typed before I knew" in page.content.decode()
    assert "Send it all the same" in text
    assert acts(disagreement) == 2
    anyway = client.post(
        f"/d/{reference}/reply", hidden(page.content) | {"answer": "do not agree", "reasons": "Typed before I knew"}
    )
    assert anyway.status_code == 302
    assert acts(disagreement) == 3
    assert not DraftRow.objects.exists()


def test_a_form_that_is_not_open_any_more_still_shows_what_was_typed(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    disagreement, reference = open_one
    owner, school = riverside.owner(disagreement), riverside.post("school")
    be(client, riverside, owner)
    sent = fill(client, reference, "reply", answer="agree", reasons="Too late for this form")
    riverside.does(disagreement, school, Withdraw(), clock.now(), reasons="It is settled.")
    page = client.post(f"/d/{reference}/reply", sent)
    text = text_of(page.content)
    assert "Too late for this form" in text
    assert "It is settled." in text
    assert f"/d/{reference}/go-up" in page.content.decode()
    assert "Too late for this form" in text_of(client.get(f"/d/{reference}/reply").content), "and is there later"


def test_words_too_long_are_kept_with_the_limit_named(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    disagreement, reference = open_one
    be(client, riverside, riverside.owner(disagreement))
    long = "é" * (LIMIT + 1)
    page = client.post(f"/d/{reference}/reply", fill(client, reference, "reply", answer="agree", reasons=long))
    assert "You wrote 20,001 characters here. The most that can be sent is 20,000." in text_of(page.content)
    assert acts(disagreement) == 1
    assert long in client.get(f"/d/{reference}/reply").content.decode()
    exact = client.post(f"/d/{reference}/reply", fill(client, reference, "reply", answer="agree", reasons=long[1:]))
    assert exact.status_code == 302


def test_going_up_goes_through_whatever_is_in_the_boxes(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    disagreement, reference = open_one
    be(client, riverside, riverside.post("school"))
    long = "x" * (LIMIT + 1)
    sent = fill(client, reference, "go-up", reasons=long, to="no/such-stage", line="nobody", urgent="on")
    answer = client.post(f"/d/{reference}/go-up", sent)
    assert answer.status_code == 302, text_of(answer.content)
    assert riverside.standing(disagreement).visited[-1] != riverside.standing(disagreement).visited[0]
    assert "too long to send" in text_of(client.get(answer.headers["Location"]).content)
    assert long in client.get(f"/d/{reference}/go-up").content.decode()


@pytest.mark.parametrize("procedure", sorted(shipped()))
def test_anybody_who_reaches_it_can_go_up_from_every_stage(
    client: Client, transactional_db: None, demonstration: None, procedure: str
) -> None:
    partnership = small("riverside", procedure)
    disagreement, reference = partnership.raised(clock.now())
    posts = [partnership.post("school"), partnership.owner(disagreement), partnership.post("partnership", "office")]
    for turn in range(6):
        be(client, partnership, posts[turn % 3])
        answer = client.post(f"/d/{reference}/go-up", fill(client, reference, "go-up"))
        assert answer.status_code == 302, text_of(answer.content)
    assert acts(disagreement) == 7


def test_what_is_refused_says_why_and_keeps_the_words(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    disagreement, reference = open_one
    school = riverside.post("school")
    be(client, riverside, school)
    page = client.post(f"/d/{reference}/withdraw", fill(client, reference, "withdraw", reasons="   "))
    text = text_of(page.content)
    assert "Withdrawing needs your own words." in text
    assert acts(disagreement) == 1
    assert (
        client.post(
            f"/d/{reference}/withdraw", fill(client, reference, "withdraw", reasons="We agree now.")
        ).status_code
        == 302
    )


def test_a_form_that_is_closed_says_why(client: Client, riverside: Small, open_one: tuple[UUID, str]) -> None:
    disagreement, reference = open_one
    be(client, riverside, riverside.owner(disagreement))
    page = text_of(client.get(f"/d/{reference}/withdraw").content)
    assert "Only the person who raised a concern can withdraw it." in page
    assert "No outcome is waiting to be confirmed." in text_of(client.get(f"/d/{reference}/confirm").content)
    assert client.get(f"/d/{reference}/no-such-act").status_code == 404


def test_somebody_elses_sent_page_is_not_there(client: Client, riverside: Small, open_one: tuple[UUID, str]) -> None:
    disagreement, reference = open_one
    command = store.read(disagreement)[0].id
    be(client, riverside, riverside.post("school"))
    assert client.get(f"/d/{reference}/sent/{command}").status_code == 200
    be(client, riverside, riverside.owner(disagreement))
    assert client.get(f"/d/{reference}/sent/{command}").status_code == 404


def test_a_form_cannot_be_sent_from_a_seat_that_is_not_the_senders(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    disagreement, reference = open_one
    school, owner = riverside.post("school"), riverside.owner(disagreement)
    be(client, riverside, school)
    sent = fill(client, reference, "talk", medium="telephone", said="x")
    sent["seat"] = f"{owner.agency} {owner.post}"
    assert client.post(f"/d/{reference}/talk", sent).status_code == 302
    assert store.read(disagreement)[-1].by.seat == school


def test_an_outcome_with_actions_is_put_forward_and_confirmed(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now() - timedelta(minutes=5))
    owner, school = riverside.owner(disagreement), riverside.post("school")
    for post in (owner, school):
        be(client, riverside, post)
        sent = fill(client, reference, "note", note="What was said", approved="on", filed="on")
        assert client.post(f"/d/{reference}/note", sent).status_code == 302
    ending = riverside.procedure.stage(*riverside.standing(disagreement).visited[-1].split("/")).endings[0]
    sent = fill(
        client, reference, "propose", ending=ending, outcome="A visit", open_issues="no",
        **{"action-1": "Visit the child", "owner-1": f"{owner.agency} {owner.post}",
           "due-1-day": "1", "due-1-month": "6", "due-1-year": "2099"},
    )  # fmt: skip
    more = client.post(f"/d/{reference}/propose", sent | {"more": "yes"})
    assert more.content.decode().count("what is to be done?") == 6
    assert "Visit the child" in more.content.decode()
    assert acts(disagreement) == 3
    answer = client.post(f"/d/{reference}/propose", sent)
    assert answer.status_code == 302, text_of(answer.content)
    be(client, riverside, owner)
    page = client.get(f"/d/{reference}/confirm")
    assert "Visit the child" in text_of(page.content)
    sent = fill(
        client,
        reference,
        "confirm",
        **dict.fromkeys(re.findall(r'name="(why-not-[a-z-]+)"', page.content.decode()), "It was settled at once."),
    )
    answer = client.post(f"/d/{reference}/confirm", sent)
    assert answer.status_code == 302, text_of(answer.content)
    ended = riverside.standing(disagreement).ended
    assert ended is not None
    assert ended.ending == ending
    report = client.get(f"/d/{reference}/report")
    assert "Visit the child" in text_of(report.content)
    key = unescape(report.content.decode().split('name="action" type="radio" value="')[1].split('"')[0])
    assert (
        client.post(f"/d/{reference}/report", fill(client, reference, "report", action=key, done="yes")).status_code
        == 302
    )
    assert key in riverside.standing(disagreement).actions_done
    assert key.endswith("of-act-4"), "no later outcome has an action of the same name"


def test_every_kind_of_ask_leads_to_a_form() -> None:
    assert slug_of(Propose("x")) == "propose"
    assert slug_of(Reply(Answer.AGREE)) == "reply"
    assert slug_of(PassTime("x")) is None


def test_a_day_without_a_time_shows_no_time(client: Client, riverside: Small, open_one: tuple[UUID, str]) -> None:
    _, reference = open_one
    be(client, riverside, riverside.post("school"))
    when = {"happened_on-day": "2", "happened_on-month": "3", "happened_on-year": "2026"}
    sent = fill(client, reference, "talk", medium="telephone", said="We spoke.", **when)
    assert client.post(f"/d/{reference}/talk", sent).status_code == 302
    page = text_of(client.get(f"/d/{reference}").content)
    assert "Happened Monday 2 March 2026" in page
    assert "midnight" not in page


def test_the_file_is_for_parties_only_and_holds_what_they_may_read(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    _, reference = open_one
    be(client, riverside, riverside.post("school"))
    answer = client.get(f"/d/{reference}/export")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{reference}.jsonl"'
    assert "Two visits were missed." in answer.content.decode()
    be(client, riverside, riverside.post("police"))
    for page in ("export", "print", "looked", "reply", "go-up"):
        assert client.get(f"/d/{reference}/{page}").status_code == 404, page
