"""Another area, brothers and sisters, both sides at once: asked, shown, linked; no hint for who reaches one alone."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from commonground.core.acts import About, Flag, Flags, Raise
from commonground.core.procedure import OFFICE
from commonground.core.telling import Beside
from commonground.language.library import shipped
from commonground.outbox.models import MessageRow
from commonground.people.models import Adoption, Agency, Holding, Membership, Partnership, Person, Post, ProcedureText
from commonground.record import store
from commonground.record.models import StandingRow
from commonground.usecases import clock
from commonground.usecases.handle import Asking, raise_disagreement
from tests.pages.reading import be, hidden, text_of
from tests.partnership import SINCE, Small

pytestmark = pytest.mark.django_db(transaction=True)

NOT_SEEN = "There is no disagreement with this reference that you can see"


@pytest.fixture
def school(client: Client, riverside: Small) -> Client:
    return be(client, riverside, riverside.post("school"))


def lakeside(riverside: Small, *agencies: str, runs: bool = True) -> None:
    """Another area, to which some of the agencies belong too. Its reference begins with LAKE."""
    Partnership.objects.create(
        key="lakeside", name="Lakeside Partnership", nation="england-and-wales", reference_prefix="LAKE"
    )
    office = Agency.objects.create(key="lakeside-partnership", name="Lakeside Office", kind="partnership")
    person = Person.objects.create(key="lakeside-office", full_name="Lou Office")
    Holding.objects.create(post=Post.objects.create(agency=office, post=OFFICE), person=person, from_on=SINCE)
    for key in ("lakeside-partnership", *(riverside.agency(agency) for agency in agencies)):
        Membership.objects.create(partnership_id="lakeside", agency_id=key)
    if runs:
        text = ProcedureText.objects.get(digest=riverside.digest)
        Adoption.objects.create(partnership_id="lakeside", procedure=text, adopted_on=SINCE)


def sends(client: Client, **area: object) -> tuple[StandingRow, str]:
    """Answer the question about others, and send; gives what was raised, and what the page after it says."""
    page = client.get("/raise/matter").content.decode()
    client.post("/raise/matter", {"matter": page.split('name="matter" type="radio" value="')[1].split('"')[0]})
    client.post("/raise/area", area)
    answer = client.post("/raise/check", hidden(client.get("/raise/check").content))
    assert answer.status_code == 302, text_of(answer.content)
    where = str(answer.headers["Location"])
    sent = client.get(where)
    assert sent.status_code == 200, where
    return StandingRow.objects.get(reference=where.split("/")[2]), text_of(sent.content)


def opened(row: StandingRow) -> Raise:
    ask = store.read(row.disagreement)[0].ask
    assert isinstance(ask, Raise)
    return ask


def linked_in(disagreement: UUID) -> list[UUID | None]:
    asks = [act.ask for act in store.read(disagreement)]
    return [ask.linked for ask in asks if isinstance(ask, Flag) and ask.flag is Flags.LINKED]


# --- another area ----------------------------------------------------------------------------------------------------


def test_left_out_nothing_is_said_of_others(school: Client) -> None:
    row, _ = sends(school)
    assert opened(row).facts == ()
    assert opened(row).linked == ()


def test_where_the_agency_belongs_there_too_the_childs_own_area_governs(school: Client, riverside: Small) -> None:
    lakeside(riverside, "school", "social-care")
    page = text_of(school.get("/raise/area").content)
    assert "If the child lives in the area of Lakeside Partnership, it is raised there" in page
    row, said = sends(school, elsewhere=["lives"], area="lakeside")
    assert row.partnership == "lakeside"
    assert row.reference.startswith("LAKE-")
    assert row.reference in said, "its raiser is in their seat there, and sees it"
    assert opened(row).facts == ()
    assert row.reference in text_of(school.get("/list", {"show": "waiting"}).content)


def test_a_procedure_that_lists_other_matters_asks_again_what_it_is_about(school: Client, riverside: Small) -> None:
    lakeside(riverside, "school", runs=False)
    other = next(key for key in sorted(_shipped()) if key != riverside.procedure.key)
    text = ProcedureText.objects.create(digest=_shipped()[other], key=other, text="")
    Adoption.objects.create(partnership_id="lakeside", procedure=text, adopted_on=SINCE)
    page = school.get("/raise/matter").content.decode()
    school.post("/raise/matter", {"matter": page.split('name="matter" type="radio" value="')[1].split('"')[0]})
    answer = school.post("/raise/area", {"elsewhere": ["lives"], "area": "lakeside"})
    assert answer.headers["Location"] == "/raise/matter"


def _shipped() -> dict[str, str]:
    return {key: digest for key, (_, digest) in shipped().items()}


@pytest.mark.parametrize(("members", "runs"), [((), True), (("school",), False)], ids=["not a member", "no procedure"])
def test_elsewhere_it_is_raised_here_and_the_office_tells_the_other_area(
    school: Client, riverside: Small, members: tuple[str, ...], runs: bool
) -> None:
    lakeside(riverside, *members, runs=runs)
    row, _ = sends(school, elsewhere=["lives"], area="lakeside")
    assert row.partnership == riverside.key
    assert ("child lives in", "lakeside") in opened(row).facts
    said = text_of(school.get(f"/d/{row.reference}").content)
    assert "The child lives in Lakeside Partnership. The partnership’s office tells the office there." in said


def test_an_area_that_is_not_listed_is_kept_as_typed(school: Client, riverside: Small) -> None:
    row, _ = sends(school, elsewhere=["moves", "sibling", "raised by both"], other_area="Over the hills <b>")
    assert dict(opened(row).facts) == {"child moves to": "not listed", "sibling": "yes", "raised by both": "yes"}
    page = school.get(f"/d/{row.reference}").content
    said = text_of(page)
    assert "The child is moving to another area." in said
    assert "Over the hills &lt;b&gt;" in page.decode()
    assert "A brother or sister has another worker." in said
    assert "The other side has raised this too." in said


def test_the_office_is_told_once_of_the_other_area_where_the_move_is_anothers(riverside: Small) -> None:
    by = riverside.post("school")
    ask = Raise(
        riverside.procedure.matters[0].key,
        About.CHILD,
        (by.agency,),
        (riverside.agency("social-care"),),
        facts=(("child moves to", "lakeside"),),
    )
    raised = raise_disagreement(riverside.scope(by), riverside.digest, Asking(ask), at=clock.now())
    told = MessageRow.objects.get(disagreement=raised.disagreement, agency=riverside.agency("partnership"))
    assert (told.post, told.about, told.to_act) == (OFFICE, Beside.OTHER_AREA, True)


# --- linking ---------------------------------------------------------------------------------------------------------


def test_linked_when_it_is_raised_both_say_so(school: Client, riverside: Small) -> None:
    before, reference = riverside.raised(clock.now())
    row, _ = sends(school, elsewhere=["sibling"], linked=f" {reference.lower()} ")
    assert opened(row).linked == (before,)
    assert linked_in(before) == [row.disagreement]
    assert reference in text_of(school.get(f"/d/{row.reference}").content)
    assert row.reference in text_of(school.get(f"/d/{reference}").content)


def test_a_reference_out_of_reach_is_as_one_that_does_not_exist(riverside: Small) -> None:
    _, reference = riverside.raised(clock.now())
    _, own = riverside.raised(clock.now(), by=riverside.post("health"), against="school")
    health = be(Client(), riverside, riverside.post("health"))
    for path, sent in (("/raise/area", {"other_area": "Over the hills"}), (f"/d/{own}/link", {})):
        field = "linked" if path == "/raise/area" else "reference"
        pages = []
        for typed in (reference, "RIVE-ZZZZZZ"):
            answer = health.post(path, sent | {field: typed})
            assert answer.status_code == 200
            said = text_of(answer.content)
            assert NOT_SEEN in said
            assert typed in answer.content.decode(), "what was typed is kept"
            assert all(text in answer.content.decode() for text in sent.values())
            pages.append(text_of(answer.content.replace(typed.encode(), b"")))
        assert _without_noise(pages[0]) == _without_noise(pages[1])
    assert linked_in(riverside.find(own)) == []


def _without_noise(text: str) -> str:
    return " ".join(word for word in text.split() if not word.isdigit())


def test_a_reference_that_can_not_be_linked_never_stops_anybody(school: Client, riverside: Small) -> None:
    row, _ = sends(school, linked="RIVE-ZZZZZZ")
    assert opened(row).linked == ()


def test_linked_later_from_the_page_and_sent_twice_is_one_link(school: Client, riverside: Small) -> None:
    one, first = riverside.raised(clock.now())
    two, second = riverside.raised(clock.now())
    page = school.get(f"/d/{first}/link").content
    for _ in range(2):
        answer = school.post(f"/d/{first}/link", hidden(page) | {"reference": second})
        assert answer.status_code == 302, text_of(answer.content)
    assert (linked_in(one), linked_in(two)) == ([two], [one])
    school.post(f"/d/{second}/link", {"reference": first})
    assert (linked_in(one), linked_in(two)) == ([two], [one])
    itself = school.post(f"/d/{first}/link", {"reference": first})
    assert "That is the disagreement you are in" in text_of(itself.content)


def test_who_reaches_one_alone_has_no_hint_of_the_other(school: Client, riverside: Small) -> None:
    _, first = riverside.raised(clock.now(), against="health")
    _, second = riverside.raised(clock.now(), against="police")
    health = be(Client(), riverside, riverside.owner(riverside.find(first)))
    before = text_of(health.get(f"/d/{first}/print").content)
    assert school.post(f"/d/{first}/link", {"reference": second}).status_code == 302

    for page in (f"/d/{first}", f"/d/{first}/print"):
        said = text_of(health.get(page).content)
        assert second not in said
        assert "Linked to" not in said
        assert "linked this" not in said
        assert second in text_of(school.get(page).content)
    assert "linked this to another disagreement" in text_of(school.get(f"/d/{first}").content)
    assert text_of(health.get(f"/d/{first}/print").content).count(" recorded ") == before.count(" recorded ")
    office = be(Client(), riverside, riverside.post("partnership", OFFICE))
    assert second in text_of(office.get(f"/d/{first}").content)


def test_after_raising_another_of_the_same_two_agencies_is_offered(school: Client, riverside: Small) -> None:
    theirs = riverside.owner(riverside.raised(clock.now())[0])
    _, back = riverside.raised(clock.now(), by=theirs, against="school")
    _, elsewhere = riverside.raised(clock.now(), against="health")
    page = school.get("/raise/matter").content.decode()
    school.post("/raise/matter", {"matter": page.split('name="matter" type="radio" value="')[1].split('"')[0]})
    school.post("/raise/who", {"agency": riverside.agency("social-care")})
    answer = school.post("/raise/check", hidden(school.get("/raise/check").content))
    where = str(answer.headers["Location"])
    said = text_of(school.get(where).content)
    assert "Does it belong with another?" in said
    assert f"Link it to {back}" in said
    assert elsewhere not in said
    linked = school.post(where.split("/sent/")[0] + "/link", {"reference": back})
    assert linked.status_code == 302
    assert back not in text_of(school.get(where).content)


def test_what_is_out_of_reach_is_not_offered(riverside: Small) -> None:
    by = riverside.post("school")
    colleague = Person.objects.create(key="colleague", full_name="Casey Colleague")
    held = Post.objects.get(agency_id=by.agency, post=by.post)
    Holding.objects.create(post=held, person=colleague, from_on=SINCE)
    _, theirs = riverside.raised(clock.now())
    client = Client()
    client.post(f"/choose/{riverside.key}", {"seat": f"colleague {by.agency} {by.post}"})
    page = client.get("/raise/matter").content.decode()
    client.post("/raise/matter", {"matter": page.split('name="matter" type="radio" value="')[1].split('"')[0]})
    client.post("/raise/who", {"agency": riverside.agency("social-care")})
    answer = client.post("/raise/check", hidden(client.get("/raise/check").content))
    assert client.get(f"/d/{theirs}").status_code == 404
    assert theirs not in text_of(client.get(str(answer.headers["Location"])).content)
