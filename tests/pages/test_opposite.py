"""Who is my opposite number: always an answer, always why it is they, and nothing of anybody else's partnership."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from commonground.core.acts import Because, GoUp, PostRef, Side
from commonground.core.decide import Accepted
from commonground.core.procedure import OFFICE
from commonground.people.access import guest_scope
from commonground.people.models import Absence, Agency, Holding, Membership, NoSuchPost, Part, Person, Post
from commonground.people.staffing import How
from commonground.usecases import clock
from commonground.usecases.opposite import Counterparts, Facing, Found, counterparts, facing
from commonground.usecases.reading import find_for, read
from tests.pages.reading import be, text_of
from tests.partnership import Small, small

pytestmark = pytest.mark.django_db(transaction=True)


def faced(partnership: Small, post: PostRef, reference: str) -> Facing:
    """What somebody is told in a disagreement."""
    scope, disagreement = find_for([partnership.scope(post)], reference)
    return facing(scope, read(scope, disagreement))


def at(partnership: Small, post: PostRef, kind: str) -> Counterparts:
    """What somebody is told of an agency."""
    return counterparts(partnership.scope(post), partnership.agency(kind))


def go_away(*people: str) -> None:
    for person in people:
        Absence.objects.create(person_id=person, from_on=date(2020, 1, 1))


# --- In a disagreement ------------------------------------------------------------------------------------------------


def test_the_raiser_is_told_the_post_across_at_the_stage_now_open(riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now())
    across = riverside.standing(disagreement).owner_of(Side.RESPONDING)
    told = faced(riverside, riverside.post("school"), reference)
    assert told.side is Side.CHALLENGING
    (one,) = told.now
    assert (one.post, one.because, one.how) == (across.post, across.because, How.HOLDER)
    assert [person.name for person in one.people] == [Person.objects.get(key=riverside.person(across.post)).full_name]
    assert (one.telephone, one.out_of_hours) == ("01632 960100", "01632 960199")


def test_the_other_side_is_told_of_the_raiser_and_not_of_a_colleague(riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now())
    school = riverside.post("school")
    colleague = Person.objects.create(key="colleague", full_name="A Colleague")
    Holding.objects.create(
        post=Post.objects.get(agency=school.agency, post=school.post), person=colleague, from_on=date(2020, 1, 1)
    )
    told = faced(riverside, riverside.owner(disagreement), reference)
    assert told.side is Side.RESPONDING
    (one,) = told.now
    assert one.post == riverside.standing(disagreement).owner_of(Side.CHALLENGING).post == school
    assert [person.name for person in one.people] == ["Pat School " + school.post.title()]


def test_every_stage_is_a_rung_of_the_ladder_and_one_is_now(riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now())
    here = riverside.standing(disagreement)
    ladder = faced(riverside, riverside.post("school"), reference).ladder
    assert [rung.stage for rung in ladder] == list(riverside.procedure.route(here.route).stages)
    assert [rung.stage.key for rung in ladder if rung.now] == [here.stage]
    assert all(rung.across and rung.own is not None for rung in ladder)

    riverside.does(disagreement, riverside.post("school"), GoUp(), clock.now())
    after = riverside.standing(disagreement)
    assert after.stage != here.stage
    told = faced(riverside, riverside.post("school"), reference)
    assert [rung.stage.key for rung in told.ladder if rung.now] == [after.stage]
    assert told.now[0].post == after.owner_of(Side.RESPONDING).post


@pytest.mark.parametrize("key", ["hips-cpc", "hips-protocol", "krscp", "sussex-7-2", "sussex-six-step"])
def test_under_every_shipped_procedure_it_answers_for_every_reader(key: str) -> None:
    partnership = small("every", key)
    for matter in partnership.procedure.matters:
        disagreement, reference = partnership.raised(clock.now(), matter=matter.key)
        for post in (
            partnership.post("school"),
            partnership.owner(disagreement),
            partnership.post("partnership", OFFICE),
        ):
            told = faced(partnership, post, reference)
            assert told.now
            assert all(one.people or post.post == OFFICE for rung in told.ladder for one in rung.across)


def test_the_office_is_on_neither_side_and_sees_both_without_people_until_it_has_a_part(riverside: Small) -> None:
    _, reference = riverside.raised(clock.now())
    told = faced(riverside, riverside.post("partnership", OFFICE), reference)
    assert told.side is None
    assert len(told.now) == 2
    assert all(not one.people and one.telephone for one in told.now)


def test_where_the_post_is_away_it_says_who_serves_and_why(riverside: Small, client: Client) -> None:
    disagreement, reference = riverside.raised(clock.now())
    across = riverside.owner(disagreement)
    go_away(riverside.person(across))
    (one,) = faced(riverside, riverside.post("school"), reference).now
    assert one.post == across
    assert one.serving != across
    assert one.how is not How.HOLDER
    assert one.people

    page = text_of(be(client, riverside, riverside.post("school")).get(f"/d/{reference}/opposite").content)
    assert f"{one.people[0].name} {one.how}." in page
    assert "They are the " in page


def test_who_was_given_the_stage_now_open_keeps_it_whatever_the_directory_says_since(riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now())
    across = riverside.owner(disagreement)
    Post.objects.get(agency=across.agency, post=across.post).delete()
    told = faced(riverside, riverside.post("school"), reference)
    assert [one.post for one in told.now] == [across]
    assert told.now[0].people
    assert told.now[0].serving != across


def test_where_nobody_is_here_at_all_it_says_so_and_still_whom_to_ring(riverside: Small, client: Client) -> None:
    disagreement, reference = riverside.raised(clock.now())
    owner = riverside.owner(disagreement)
    school = be(client, riverside, riverside.post("school"))
    everybody = Person.objects.exclude(key=riverside.person(riverside.post("school")))
    go_away(*everybody.values_list("key", flat=True))
    (one,) = faced(riverside, riverside.post("school"), reference).now
    assert (one.post, one.how, one.people) == (owner, How.NOBODY, ())
    page = text_of(school.get(f"/d/{reference}/opposite").content)
    assert "Nobody is here for it today." in page
    assert "01632 960199" in page


def test_an_unknown_other_side_is_the_offices_and_it_is_said_why(riverside: Small, client: Client) -> None:
    _, reference = riverside.raised(clock.now(), against=None)
    (one,) = faced(riverside, riverside.post("school"), reference).now
    assert one.because is Because.REACHING
    assert one.post == riverside.post("partnership", OFFICE)
    page = text_of(be(client, riverside, riverside.post("school")).get(f"/d/{reference}/opposite").content)
    assert "has to be reached first" in page


def test_it_is_one_press_from_the_disagreement(riverside: Small, client: Client) -> None:
    _, reference = riverside.raised(clock.now())
    school = be(client, riverside, riverside.post("school"))
    assert f'href="/d/{reference}/opposite"' in school.get(f"/d/{reference}").content.decode()
    answer = school.get(f"/d/{reference}/opposite")
    assert answer.status_code == 200
    assert "<title>Who is my opposite number? " + reference in answer.content.decode()
    main = answer.content.decode().partition("<main")[2]
    assert main.index("Whose move") < main.index("ring 999") < main.index("<h1")


def test_somebody_elses_and_none_at_all_look_the_same(riverside: Small, client: Client) -> None:
    _, reference = riverside.raised(clock.now())
    police = be(client, riverside, riverside.post("police"))
    theirs, nobodys = police.get(f"/d/{reference}/opposite"), police.get("/d/RI-ZZZZZZ/opposite")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content


def test_a_former_party_is_told_of_the_stage_it_saw_and_none_after(riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now() - timedelta(hours=2))
    before = riverside.standing(disagreement)
    school = riverside.post("school")
    Part.objects.filter(disagreement=disagreement, agency=school.agency).update(to_at=clock.now() - timedelta(hours=1))
    assert isinstance(riverside.does(disagreement, riverside.owner(disagreement), GoUp(), clock.now()), Accepted)
    Part.objects.filter(disagreement=disagreement, agency=school.agency, post=school.post).update(
        to_at=clock.now() - timedelta(hours=1)
    )
    assert riverside.standing(disagreement).stage != before.stage
    told = faced(riverside, school, reference)
    assert [rung.stage.key for rung in told.ladder if rung.now] == [before.stage]


# --- At an agency -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["hips-cpc", "hips-protocol", "krscp", "sussex-7-2", "sussex-six-step"])
def test_without_a_disagreement_it_is_the_post_that_a_stage_has_face_mine(key: str) -> None:
    partnership = small("every", key)
    stages = {(route.key, stage.key): stage for route in partnership.procedure.routes for stage in route.stages}
    by_stage = 0
    for row in Post.objects.filter(agency__in=(partnership.agency("school"), partnership.agency("social-care"))):
        mine = PostRef(row.agency_id, row.post)
        other = "school" if mine.agency == partnership.agency("social-care") else "social-care"
        found = at(partnership, mine, other).found
        assert found
        for one in (one for one in found if one.found is Found.STAGE and one.opposite.because is Because.NAMED):
            by_stage += 1
            assert one.at
            for _, route, stage in one.at:
                sides = stages[route, stage].sides
                assert sides is not None
                challenging, responding = sides.challenging or (), sides.responding or ()
                faces = {*(responding if mine.post in (*challenging, sides.carried_by) else ())}
                faces |= {*(challenging if mine.post in responding else ())}
                assert one.opposite.post.post in faces
    assert by_stage


@pytest.mark.parametrize(
    ("posts", "found", "post"),
    [
        pytest.param({"zoo-first": "first-line manager"}, Found.TIER, "zoo-first", id="the same tier"),
        pytest.param(
            {"zoo-head": "director", "zoo-lead": "safeguarding lead"},
            Found.LEAD,
            "zoo-lead",
            id="the safeguarding lead",
        ),
        pytest.param(
            {"zoo-low": "practitioner", "zoo-head": "director"}, Found.SENIOR, "zoo-head", id="the most senior"
        ),
        pytest.param({"zoo-keeper": "other"}, Found.SENIOR, "zoo-keeper", id="whoever there is"),
    ],
)
def test_where_no_stage_says_so_it_is_the_nearest(
    riverside: Small, client: Client, posts: dict[str, str], found: Found, post: str
) -> None:
    zoo = Agency.objects.create(key="zoo", name="Fen Zoo", kind="zoo", telephone="01632 960111")
    Membership.objects.create(partnership_id=riverside.key, agency=zoo)
    school = Agency.objects.get(key=riverside.agency("school"))
    mine = Post.objects.create(agency=school, post="zoo-visitor", function="first-line manager")
    Holding.objects.create(
        post=mine, person=Person.objects.create(key="visitor", full_name="V Isitor"), from_on=date(2020, 1, 1)
    )
    for key, function in posts.items():
        held = Post.objects.create(agency=zoo, post=key, function=function, telephone="01632 960122")
        person = Person.objects.create(key=key, full_name=f"Z {key}", telephone="01632 960133")
        Holding.objects.create(post=held, person=person, from_on=date(2020, 1, 1))

    seat = PostRef(school.key, "zoo-visitor")
    (one,) = counterparts(riverside.scope(seat), "zoo").found
    assert (one.found, one.opposite.post, one.opposite.because) == (found, PostRef("zoo", post), None)
    page = text_of(be(client, riverside, seat).get("/who/zoo").content)
    assert f"Z {post} holds the post." in page
    for number in ("01632 960111", "01632 960122", "01632 960133"):
        assert number in page


def test_an_agency_where_nobody_is_in_any_post_has_its_telephone_and_the_office(
    riverside: Small, client: Client
) -> None:
    minder = Agency.objects.create(
        key="minder", name="Fen Minder", kind="minder", telephone="01632 960144", address="1 Fen Road", on_service=False
    )
    Membership.objects.create(partnership_id=riverside.key, agency=minder)
    told = counterparts(riverside.scope(riverside.post("school")), "minder")
    assert told.found == ()
    assert told.office.people
    page = text_of(be(client, riverside, riverside.post("school")).get("/who/minder").content)
    for said in ("Nobody at this agency signs in here", "Nobody is in any post there", "01632 960144", "1 Fen Road"):
        assert said in page


def test_a_stand_in_that_the_agency_declared_is_the_answer(riverside: Small) -> None:
    mine = riverside.post("school")
    across = at(riverside, mine, "health").found[0].opposite.post
    stands_in = riverside.post("police")
    Post.objects.get(agency=across.agency, post=across.post).delete()
    NoSuchPost.objects.create(
        agency_id=across.agency,
        post=across.post,
        stand_in=Post.objects.get(agency=stands_in.agency, post=stands_in.post),
    )
    found = at(riverside, mine, "health").found
    assert (stands_in, Because.STAND_IN) in {(one.opposite.post, one.opposite.because) for one in found}


def test_the_agencies_of_my_own_partnership_are_listed_and_no_other_is_there(riverside: Small, client: Client) -> None:
    small("elsewhere")
    be(client, riverside, riverside.post("school"))
    page = client.get("/who")
    for kind in ("school", "social-care", "health", "police", "partnership"):
        assert f'href="/who/riverside-{kind}"' in page.content.decode()
        assert client.get(f"/who/riverside-{kind}").status_code == 200
    assert "elsewhere" not in page.content.decode()
    theirs, nobodys = client.get("/who/elsewhere-school"), client.get("/who/no-such-agency")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content


def test_both_pages_are_one_press_from_every_page(riverside: Small, client: Client) -> None:
    assert 'href="/who"' in be(client, riverside, riverside.post("school")).get("/list").content.decode()


def test_a_guest_is_told_in_their_disagreement_and_of_agencies_without_names(riverside: Small) -> None:
    disagreement, _ = riverside.raised(clock.now())
    guest = guest_scope("guest", riverside.post("health"), riverside.key, disagreement)
    told = facing(guest, read(guest, disagreement))
    assert told.side is None
    assert {one.post for one in told.now} == {riverside.post("school"), riverside.owner(disagreement)}
    found = counterparts(guest, riverside.agency("school"))
    assert found.found
    assert not any(one.opposite.people for one in found.found)
    assert found.found[0].opposite.telephone
    assert not found.office.people
