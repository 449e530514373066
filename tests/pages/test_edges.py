"""Edges: forms that can't be traced to us, seats and absent people, several procedures, strange places."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from commonground.core.acts import GoUp
from commonground.language.library import shipped
from commonground.people.models import Adoption, Holding, Post, ProcedureText
from commonground.record import store
from commonground.record.models import StandingRow
from commonground.usecases import clock
from commonground.usecases.situation import adopted
from commonground.usecases.sweep import sweep
from tests.pages.reading import be, hidden, text_of
from tests.partnership import SINCE, Small, small

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_one(riverside: Small) -> tuple[UUID, str]:
    return riverside.raised(clock.now() - timedelta(minutes=10))


def test_a_form_that_cannot_be_traced_to_us_is_answered_plainly(riverside: Small) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/choose/riverside", {"seat": "x"})
    assert answer.status_code == 403
    assert "This was not sent" in text_of(answer.content)


def test_ten_megabytes_are_refused_with_a_page_and_two_are_read(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    _, reference = open_one
    be(client, riverside, riverside.post("school"))
    form = hidden(client.get(f"/d/{reference}/talk").content)
    two = client.post(f"/d/{reference}/talk", form | {"medium": "telephone", "said": "é" * 400_000})
    assert "You wrote 400,000 characters here." in text_of(two.content)
    eleven = client.post(f"/d/{reference}/talk", form | {"medium": "telephone", "said": "x" * 11_000_000})
    assert eleven.status_code == 400
    assert "could not read" in text_of(eleven.content)


def test_a_reference_in_small_letters_is_the_same(client: Client, riverside: Small, open_one: tuple[UUID, str]) -> None:
    _, reference = open_one
    be(client, riverside, riverside.post("school"))
    assert client.get(f"/d/{reference.lower()}").status_code == 200
    found = client.get("/list", {"reference": f" {reference.lower()} "})
    assert found.headers["Location"] == f"/d/{reference}"
    assert "There is no disagreement with this reference" in text_of(client.get("/list?reference=RIVE-22").content)


def test_somebody_with_two_posts_acts_for_the_one_that_is_asked(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    disagreement, reference = open_one
    owner = riverside.owner(disagreement)
    police = riverside.post("police")
    both = riverside.person(police)
    Holding.objects.create(
        post=Post.objects.get(agency_id=owner.agency, post=owner.post), person_id=both, deputy=1, from_on=SINCE
    )
    be(client, riverside, police)
    assert reference in text_of(client.get("/list?show=needs-me").content)
    assert "Yours:" in client.get(f"/d/{reference}").content.decode()
    sent = hidden(client.get(f"/d/{reference}/reply").content)
    assert sent["seat"] == f"{owner.agency} {owner.post}"
    assert client.post(f"/d/{reference}/reply", sent | {"answer": "agree"}).status_code == 302
    assert store.read(disagreement)[-1].by.seat == owner


def test_somebody_whose_post_has_ended_is_nobody(client: Client, riverside: Small) -> None:
    school = riverside.post("school")
    be(client, riverside, school)
    Holding.objects.filter(person_id=riverside.person(school)).update(to_on=clock.today() - timedelta(days=1))
    assert client.get("/list").headers["Location"] == "/"


def test_a_partnership_with_two_procedures_says_which(client: Client, riverside: Small) -> None:
    second, digest = shipped()[sorted(shipped())[0]]
    text, _ = ProcedureText.objects.get_or_create(digest=digest, defaults={"key": second.key, "text": ""})
    Adoption.objects.create(partnership_id="riverside", procedure=text, adopted_on=SINCE + timedelta(days=1))
    be(client, riverside, riverside.post("school"))
    page = client.get("/raise/matter").content.decode()
    assert riverside.procedure.title in text_of(page.encode())
    assert second.title in text_of(page.encode())
    last = page.split(f'value="{digest[:12]}-0"')
    assert len(last) == 2
    client.post("/raise/matter", {"matter": f"{digest[:12]}-0"})
    assert client.post("/raise/check", hidden(client.get("/raise/check").content)).status_code == 302
    assert StandingRow.objects.get().procedure == second.key
    titles = text_of(client.get("/procedures").content)
    assert second.title in titles
    assert riverside.procedure.title in titles


def test_the_office_records_a_decision_for_somebody_absent(
    client: Client, transactional_db: None, demonstration: None
) -> None:
    key, matter = next(
        (key, matter.key)
        for key, (procedure, _) in sorted(shipped().items())
        for matter in procedure.matters
        if (first := procedure.route((matter.to or procedure.routes[0].key).partition("/")[0]).stages[0]).decision
        and first.decision.by
    )
    partnership = small("riverside", key)
    disagreement, reference = partnership.raised(clock.now(), matter=matter)
    be(client, partnership, partnership.post("partnership", "office"))
    page = client.get(f"/d/{reference}/decide")
    result = page.content.decode().split('name="result" type="radio" value="')[1].split('"')[0]
    sent = hidden(page.content) | {"result": result, "no_differing": "on"}
    refused = client.post(f"/d/{reference}/decide", sent)
    assert "This needs reasons in writing." in text_of(refused.content)
    sent = hidden(refused.content) | {"result": result, "no_differing": "on", "reasons": "She is ill; she told us why."}
    assert client.post(f"/d/{reference}/decide", sent).status_code == 302
    act = store.read(disagreement)[-1]
    assert act.ask.for_absent  # type: ignore[union-attr]


def test_the_office_reaches_an_agency_that_was_not_known(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now(), against=None)
    office = riverside.post("partnership", "office")
    assert riverside.owner(disagreement) == office
    be(client, riverside, office)
    page = client.get(f"/d/{reference}")
    assert page.content.decode().index("Record that the other agency was reached") < page.content.decode().index(
        "Write to"
    )
    health = riverside.agency("health")
    sent = hidden(client.get(f"/d/{reference}/reached").content) | {"agency": health, "words": "Rang them."}
    assert client.post(f"/d/{reference}/reached", sent).status_code == 302
    assert riverside.standing(disagreement).responding == (health,)


def test_an_ended_one_can_be_opened_again_by_a_party(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    disagreement, reference = open_one
    school = riverside.post("school")
    be(client, riverside, school)
    form = hidden(client.get(f"/d/{reference}/withdraw").content)
    client.post(f"/d/{reference}/withdraw", form | {"reasons": "We were wrong."})
    page = client.get(f"/d/{reference}")
    assert "It has ended" in text_of(page.content)
    assert "Open it again" in text_of(page.content)
    assert reference in text_of(client.get("/list?show=ended").content)
    again = client.post(f"/d/{reference}/reopen", hidden(client.get(f"/d/{reference}/reopen").content))
    assert again.status_code == 302
    assert riverside.standing(disagreement).ended is None


def test_going_up_again_and_again_is_never_refused(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    disagreement, reference = open_one
    be(client, riverside, riverside.post("school"))
    last = [f"{route.key}/{stage.key}" for route in riverside.procedure.routes for stage in route.stages][-1]
    riverside.does(disagreement, riverside.post("school"), GoUp(to=last), clock.now())
    for _ in range(3):
        answer = client.post(f"/d/{reference}/go-up", hidden(client.get(f"/d/{reference}/go-up").content))
        assert answer.status_code == 302


def test_a_stale_raise_of_the_clock_is_told_as_what_happened(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    disagreement, reference = open_one
    owner = riverside.owner(disagreement)
    be(client, riverside, owner)
    sent = hidden(client.get(f"/d/{reference}/reply").content) | {"answer": "agree", "reasons": "On the last minute"}
    waits = riverside.standing(disagreement).waits
    assert waits is not None
    assert waits.due is not None
    sweep(at=waits.due.at + timedelta(seconds=1))
    page = client.post(f"/d/{reference}/reply", sent)
    assert "Silence was recorded" in text_of(page.content)
    assert "On the last minute" in page.content.decode()


def test_what_a_page_shows_is_not_kept_by_browsers_and_proxies(
    client: Client, riverside: Small, open_one: tuple[UUID, str]
) -> None:
    _, reference = open_one
    be(client, riverside, riverside.post("school"))
    pages = ("/list", f"/d/{reference}", f"/d/{reference}/print", f"/d/{reference}/export", "/raise/check")
    forms = (f"/d/{reference}/reply", "/raise/worry", "/look")
    for path in (*pages, *forms):
        assert client.get(path).headers["Cache-Control"] == "private, no-store", path
    # Whoever looks at one thing that was found has to come back to the others.
    assert client.post("/search", {"query": "missed"}).headers["Cache-Control"] == "private, no-cache"


def test_no_address_or_title_names_anybody(client: Client, riverside: Small, open_one: tuple[UUID, str]) -> None:
    _, reference = open_one
    be(client, riverside, riverside.post("school"))
    for path in (f"/d/{reference}", f"/d/{reference}/reply", f"/d/{reference}/print", f"/d/{reference}/looked"):
        title = client.get(path).content.decode().split("<title>")[1].split("</title>")[0]
        assert reference in title
        for name in ("Pat", "Elm Road", "Riverside"):
            assert name not in title


def test_a_procedure_from_tomorrow_is_not_run_today(client: Client, riverside: Small) -> None:
    Adoption.objects.update(adopted_on=clock.today() + timedelta(days=1))

    assert not adopted("riverside")

    Adoption.objects.update(adopted_on=clock.today())
    assert adopted("riverside")


def test_a_check_before_a_referral_is_shown_and_keeps_nobody_from_raising(
    client: Client, transactional_db: None, demonstration: None
) -> None:
    checked = next(key for key, (procedure, _) in shipped().items() if procedure.checks)
    lakeside = small("lakeside", checked)
    be(client, lakeside, lakeside.post("school"))
    page = text_of(client.get(f"/procedures/{checked}").content)

    for answer in shipped()[checked][0].checks[0].answers:
        assert answer.text in page
    assert "nothing here keeps you from raising" in page


def test_every_stage_up_to_the_top_can_be_escalated_to_also_on_the_route_it_leads_to(
    client: Client, transactional_db: None, demonstration: None
) -> None:
    key, matter, route, top = next(
        (key, matter.key, matter.to, stage.next)
        for key, (procedure, _) in sorted(shipped().items())
        for matter in procedure.matters
        if matter.to and "/" not in matter.to
        for stage in procedure.route(matter.to).stages
        if stage.next and "/" in stage.next and procedure.stage(*stage.next.split("/")).next
    )
    area = small("uplands", key)
    _, reference = area.raised(clock.now() - timedelta(minutes=10), matter)
    be(client, area, area.post("school"))
    page = client.get(f"/d/{reference}/go-up").content.decode()

    beyond = shipped()[key][0].stage(*top.split("/")).next
    assert route is not None
    assert f'value="{top}"' in page
    assert f'value="{top.split("/")[0]}/{beyond}"' in page
