"""Lists and search as pages: what each person's lists have, in which order, narrowed, turned, and never too much."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from commonground.core.acts import Advise, GoUp, PostRef, Withdraw
from commonground.core.procedure import OFFICE
from commonground.record.models import StandingRow
from commonground.usecases import clock, listing
from commonground.usecases.listing import DueWhen, Filters, Listing, Which, list_of
from tests.pages.reading import be, text_of
from tests.partnership import Small

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now() -> datetime:
    return clock.now()


def listed(partnership: Small, post: PostRef, which: Which, **filters: object) -> list[str]:
    found = list_of([partnership.scope(post)], which, Filters(**filters))  # type: ignore[arg-type]
    return [row.reference for row in found.rows]


def counts(found: Listing) -> dict[str, int]:
    return {which.value: count for which, count in found.counts.items()}


def withdrawn(partnership: Small, disagreement: UUID, at: datetime) -> None:
    partnership.does(disagreement, partnership.post("school"), Withdraw(), at, reasons="We agreed after all.")


def test_each_person_has_the_lists_that_are_theirs(riverside: Small, now: datetime) -> None:
    disagreement, first = riverside.raised(now - timedelta(hours=3))
    _, second = riverside.raised(now - timedelta(hours=2), against="health")
    withdrawn(riverside, disagreement, now - timedelta(hours=1))

    school, care = riverside.post("school"), riverside.post("social-care")
    office = riverside.post("partnership", OFFICE)
    assert listed(riverside, school, Which.WAITING) == [second]
    assert listed(riverside, school, Which.AGENCY) == [second]
    assert listed(riverside, school, Which.ENDED) == [first]
    assert listed(riverside, care, Which.NEEDS_ME) == []
    assert listed(riverside, riverside.post("health"), Which.NEEDS_ME) == [second]
    assert listed(riverside, riverside.post("police"), Which.ENDED) == []
    assert counts(list_of([riverside.scope(office)])) == {"needs-me": 0, "partnership": 1, "ended": 1}
    assert listed(riverside, office, Which.PARTNERSHIP) == [second]


def test_a_list_somebody_has_not_is_their_first(riverside: Small, now: datetime) -> None:
    riverside.raised(now)
    assert list_of([riverside.scope(riverside.post("school"))], Which.PARTNERSHIP).which is Which.NEEDS_ME


def test_what_is_overdue_comes_first_and_is_counted(client: Client, riverside: Small, now: datetime) -> None:
    _, later = riverside.raised(now - timedelta(hours=1))
    late, overdue = riverside.raised(now - timedelta(days=30))
    StandingRow.objects.filter(disagreement=late).update(next_due_at=now - timedelta(days=1))
    school = riverside.post("school")
    assert listed(riverside, school, Which.WAITING) == [overdue, later]
    assert listed(riverside, school, Which.WAITING, due=DueWhen.OVERDUE) == [overdue]
    assert listed(riverside, school, Which.WAITING, due=DueWhen.LATER) + listed(
        riverside, school, Which.WAITING, due=DueWhen.SOON
    ) == [later]
    page = text_of(be(client, riverside, riverside.post("partnership", OFFICE)).get("/list?show=partnership").content)
    assert "1 is overdue" in page


def test_lists_are_narrowed_by_agency_stage_and_urgency(riverside: Small, now: datetime) -> None:
    one, first = riverside.raised(now - timedelta(hours=3))
    _, second = riverside.raised(now - timedelta(hours=2), against="health")
    school, office = riverside.post("school"), riverside.post("partnership", OFFICE)
    assert listed(riverside, school, Which.WAITING, agency=riverside.agency("health")) == [second]

    riverside.does(one, school, GoUp(urgent=True), now - timedelta(hours=1))

    row = StandingRow.objects.get(disagreement=one)
    stage = f"{row.procedure}/{row.route}/{row.stage}"
    assert listed(riverside, office, Which.PARTNERSHIP, stage=stage) == [first]
    assert listed(riverside, office, Which.PARTNERSHIP, urgent=True) == [first]
    assert listed(riverside, office, Which.PARTNERSHIP, stage="no/such/stage") == []


def test_the_last_to_end_comes_first(riverside: Small, now: datetime) -> None:
    several = [riverside.raised(now - timedelta(hours=9 - number)) for number in range(3)]
    for place, hours in ((1, 3), (0, 2), (2, 1)):
        withdrawn(riverside, several[place][0], now - timedelta(hours=hours))
    ended = [several[place][1] for place in (2, 0, 1)]
    assert listed(riverside, riverside.post("school"), Which.ENDED) == ended
    assert listed(riverside, riverside.post("partnership", OFFICE), Which.ENDED) == ended


def test_a_list_is_turned_page_by_page(
    client: Client, riverside: Small, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "A_PAGE", 2)
    for number in range(5):
        riverside.raised(now - timedelta(hours=number))
    be(client, riverside, riverside.post("school"))
    seen: list[str] = []
    address = "/list?show=waiting"
    for _ in range(3):
        page = client.get(address).content.decode()
        seen += [part.split("<")[0] for part in page.split('role="rowheader"')[1:]]
        rest = page.split('rel="next"')[0]
        address = rest.rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in page else ""
    assert address == ""
    assert len(seen) == 5


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=99999999999", "page=²", "show=x", "due=x", "stage=%00", "agency=%27%22", "urgent=yes"],
)
def test_an_address_that_nobody_was_given_shows_a_list(client: Client, riverside: Small, query: str) -> None:
    riverside.raised(clock.now())
    assert be(client, riverside, riverside.post("school")).get(f"/list?show=waiting&{query}").status_code == 200


def test_counts_stop_where_nobody_reads_on(riverside: Small, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST", 2)
    for _ in range(4):
        riverside.raised(now)
    found = list_of([riverside.scope(riverside.post("school"))], Which.WAITING)
    assert found.counts[Which.WAITING] == 3


def test_of_what_somebody_had_a_part_in_the_list_says_nothing_new(
    client: Client, riverside: Small, now: datetime
) -> None:
    six = riverside
    nurse, school = six.post("health", "health-professional"), six.post("school")
    disagreement, reference = six.raised(now - timedelta(hours=4))
    six.does(disagreement, school, Advise(nurse, given=False), now - timedelta(hours=3))
    withdrawn(six, disagreement, now - timedelta(hours=2))

    assert listed(six, nurse, Which.ENDED) == []
    assert listed(six, nurse, Which.PAST) == [reference]
    page = text_of(be(client, six, nurse).get("/list?show=past").content)
    assert "Your part in it ended on" in page
    assert "Withdrawn" not in page
    assert listed(six, school, Which.PAST) == []


def test_what_is_found_is_shown_with_the_words_around_it_and_nothing_as_markup(
    client: Client, riverside: Small
) -> None:
    words = "<b>Nobody</b> has seen the child’s résumé & two visits were missed."
    _, reference = riverside.raised(clock.now(), words=words)
    be(client, riverside, riverside.post("school"))
    page = client.post("/search", {"query": "resume visit"}).content.decode()
    assert reference in page
    assert "<mark>résumé</mark>" in page
    assert "<mark>visits</mark>" in page
    assert "&lt;b&gt;Nobody" in page
    assert "1 disagreement was found" in page
    be(client, riverside, riverside.post("police"))
    assert "Nothing that you can see was found" in client.post("/search", {"query": "resume visit"}).content.decode()


def test_a_reference_leads_there_and_its_beginning_finds_it(client: Client, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now())
    be(client, riverside, riverside.post("school"))
    assert client.post("/search", {"query": reference.lower()}).headers["Location"] == f"/d/{reference}"
    assert f"/d/{reference}" in client.post("/search", {"query": reference[:7]}).content.decode()
    be(client, riverside, riverside.post("police"))
    assert f"/d/{reference}" not in client.post("/search", {"query": reference[:7]}).content.decode()


def test_what_is_searched_for_stands_in_no_address_and_no_title(client: Client, riverside: Small) -> None:
    be(client, riverside, riverside.post("school"))
    page = client.post("/search", {"query": "Somebody"}).content.decode()
    assert "Somebody" not in page.partition("</title>")[0]
    assert "Somebody" not in client.get("/search?query=Somebody").content.decode()


@pytest.mark.parametrize(
    "query", ['"', "'; DROP TABLE acts; --", "a OR b NOT", "\x00", "%", "_", "*", "(((", "x" * 10_000, "🧒", "ﬁ", " "]
)
def test_whatever_is_typed_is_answered(client: Client, riverside: Small, query: str) -> None:
    riverside.raised(clock.now())
    assert be(client, riverside, riverside.post("school")).post("/search", {"query": query}).status_code == 200
