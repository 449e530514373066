"""The administration pages: who sees them, every change through its form, and what they say before they do it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client

from commonground.core.acts import PostRef
from commonground.people.access import scopes_of
from commonground.people.models import (
    Absence,
    Administrator,
    Agency,
    DirectoryChange,
    Holding,
    Membership,
    NoSuchPost,
    Partnership,
    Person,
    Post,
)
from commonground.people.staffing import How, staffing_of
from commonground.usecases import clock
from tests.pages.reading import be, hidden, text_of
from tests.partnership import Small, small

pytestmark = pytest.mark.django_db(transaction=True)

KEEPER = "keeper"
SCHOOL = "/administration/agency/riverside-school"
HOSTILE = "<script>alert(1)</script> “O’Neill” & Söns 🧒🏽 =1+1"


@pytest.fixture
def school(client: Client, riverside: Small) -> Client:
    """Somebody in the school's records office, who looks after the school's directory."""
    records = Post.objects.create(agency_id="riverside-school", post="records")
    keeper = Person.objects.create(key=KEEPER, full_name="Kim Keeper")
    Holding.objects.create(post=records, person=keeper, from_on=date(2020, 1, 1))
    looks_after(KEEPER, agency_id="riverside-school")
    return be(client, riverside, PostRef("riverside-school", "records"))


@pytest.fixture
def area(client: Client, riverside: Small) -> Client:
    """Whoever holds the office, who looks after the partnership's directory as well."""
    post = riverside.post("partnership", "office")
    looks_after(riverside.person(post), partnership_id=riverside.key)
    return be(client, riverside, post)


def looks_after(person: str, **ward: str) -> None:
    Administrator.objects.create(person_id=person, from_on=date(2020, 1, 1), **ward)


def sends(client: Client, path: str, **values: str) -> str:
    """Send a form, and give the page that then shows; a page that says what it would do is sent on from there."""
    answer = client.post(path, values, follow=True)
    if 'name="sure"' in answer.content.decode():
        answer = client.post(path, hidden(answer.content), follow=True)
    assert answer.status_code == 200, answer.status_code
    return text_of(answer.content)


def day(name: str, on: date) -> dict[str, str]:
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def holder(agency: str, post: str) -> Holding:
    return Holding.objects.filter(post__agency_id=agency, post__post=post, deputy=0).latest("id")


# --- Who sees them ----------------------------------------------------------------------------------------------------


def test_whoever_looks_after_nothing_finds_nothing(client: Client, riverside: Small) -> None:
    be(client, riverside, riverside.post("school"))
    nowhere = client.get("/administration/agency/nowhere")
    for path in ("/administration", SCHOOL, f"{SCHOOL}/joiner", f"{SCHOOL}/review", f"{SCHOOL}/file.csv"):
        answer = client.get(path)
        assert (answer.status_code, answer.content) == (404, nowhere.content), path
    assert "Administration" not in text_of(client.get("/list").content)


def test_an_agencys_administrator_sees_their_agency_and_no_other(school: Client, riverside: Small) -> None:
    assert "Administration" in text_of(school.get("/list").content)
    assert "Elm Road School" in text_of(school.get("/administration").content)
    page = text_of(school.get(SCHOOL).content)
    assert "People and posts: Elm Road School" in page
    assert "who holds the post" in page
    others = [
        "/administration/agency/riverside-health",
        "/administration/partnership/riverside",
        "/administration/service/partnership",
        "/administration/agency/riverside-health/person/riverside-health-practitioner",
        "/administration/partnership/riverside/file.csv",
    ]
    for path in others:
        assert school.get(path).status_code == 404, path
        assert school.post(path, {}).status_code in (404, 405), path
    seat = holder("riverside-health", riverside.post("health").post)
    for path in (f"{SCHOOL}/seat/{seat.pk}/ends", f"{SCHOOL}/person/{KEEPER}/away/1/back"):
        assert school.get(path).status_code == 404
        assert school.post(path, {"sure": "yes"}).status_code == 404
    seat.refresh_from_db()
    assert seat.to_on is None


def test_a_partnerships_administrator_sees_each_of_its_agencies(area: Client, riverside: Small) -> None:
    hilltop = small("hilltop")
    page = text_of(area.get("/administration/partnership/riverside").content)
    assert "Riverside Health" in page
    assert area.get("/administration/agency/riverside-health").status_code == 200
    assert area.get(f"/administration/agency/{hilltop.agency('health')}").status_code == 404
    assert area.get("/administration/partnership/hilltop").status_code == 404


def test_who_answers_today_and_why_is_one_click_away(school: Client, riverside: Small) -> None:
    post = riverside.post("school")
    assert f"{SCHOOL}/post/{post.post}" in school.get(SCHOOL).content.decode()
    page = text_of(school.get(f"{SCHOOL}/post/{post.post}").content)
    assert "Who answers today, and why Pat School" in page
    assert "If everybody in this post were away" in page
    assert "part in 0 open disagreements" in page


# --- People -----------------------------------------------------------------------------------------------------------


def test_a_joiner_has_a_seat_with_the_next_request(school: Client, riverside: Small) -> None:
    post = riverside.post("school").post
    values = {"full_name": "Robin Invented", "email": "robin@school.example", "post": post, "deputy": "no"}
    page = sends(school, f"{SCHOOL}/joiner", **values)
    assert "Robin Invented" in page
    made = Person.objects.get(full_name="Robin Invented")
    assert "robin" not in made.key
    assert [one.seat for one in scopes_of(made.key, clock.today())] == [PostRef("riverside-school", post)]
    change = DirectoryChange.objects.get(what="took a post")
    assert change.about["person"] == made.key
    assert "Robin" not in str(change.about)
    assert change.by == KEEPER

    twice = sends(school, f"{SCHOOL}/joiner", **values)
    assert "They are in this post at that time already" in twice
    assert Person.objects.filter(full_name="Robin Invented").count() == 1
    other = sends(school, f"{SCHOOL}/joiner", **{**values, "full_name": "Somebody Else"})
    assert "another name has this e-mail address" in other


def test_the_same_form_sent_twice_adds_nobody_twice(school: Client, riverside: Small) -> None:
    values = {"full_name": "Robin Invented", "post": riverside.post("school").post, "deputy": "no"}
    sends(school, f"{SCHOOL}/joiner", **values)
    assert "Somebody of this name is in this post already" in sends(school, f"{SCHOOL}/joiner", **values)
    assert Person.objects.filter(full_name="Robin Invented").count() == 1


def test_a_leaver_is_shut_out_at_once_and_the_page_says_before_who_answers(school: Client, riverside: Small) -> None:
    posts = [
        one.post for one in Post.objects.filter(agency_id="riverside-school").order_by("id") if one.post != "records"
    ]
    leaver = holder("riverside-school", posts[-1])
    path = f"{SCHOOL}/person/{leaver.person_id}/leaves"
    check = school.post(path, {})
    said = text_of(check.content)
    assert "Who answers then, and why" in said
    assert "0 open disagreements" in said
    leaver.refresh_from_db()
    assert leaver.to_on is None  # nothing was done yet
    assert scopes_of(leaver.person_id, clock.today())

    school.post(path, hidden(check.content))
    assert not [one for one in scopes_of(leaver.person_id, clock.today()) if one.seat.post == posts[-1]]
    assert DirectoryChange.objects.get(what="left the agency").about["posts"] == [posts[-1]]
    answering = staffing_of("riverside", clock.today()).answering(PostRef("riverside-school", posts[-1]))
    assert answering.how is not How.NOBODY


def test_how_many_open_disagreements_a_leaver_concerns_is_said_as_a_count(school: Client, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now())
    raiser = riverside.person(riverside.post("school"))
    said = text_of(school.post(f"{SCHOOL}/person/{raiser}/leaves", {}).content)
    assert "1 open disagreement" in said
    assert reference not in said


def test_the_last_of_an_agency_may_leave_and_the_office_then_answers(area: Client, riverside: Small) -> None:
    people = list(Holding.objects.filter(post__agency_id="riverside-school").values_list("person_id", flat=True))
    for number, person in enumerate(people):
        path = f"{SCHOOL}/person/{person}/leaves"
        check = area.post(path, {})
        alone = "Then nobody at Elm Road School is left to answer" in text_of(check.content)
        assert alone == (number == len(people) - 1)
        area.post(path, hidden(check.content))
    post = riverside.post("school")
    assert staffing_of("riverside", clock.today()).answering(post).how is How.OFFICE
    assert "The partnership’s office answers for all of it" in text_of(area.get(SCHOOL).content)


def test_an_absence_has_the_deputy_serve_and_its_end_gives_it_back(school: Client, riverside: Small) -> None:
    post = riverside.post("school")
    sends(school, f"{SCHOOL}/joiner", full_name="Robin Invented", post=post.post, deputy="yes")
    away = riverside.person(post)
    said = sends(school, f"{SCHOOL}/person/{away}/away", **day("to_on", clock.today() + timedelta(days=7)))
    assert "Since" in said
    assert "Robin Invented, who is the post’s deputy." in text_of(school.get(f"{SCHOOL}/post/{post.post}").content)
    absence = Absence.objects.get()
    sends(school, f"{SCHOOL}/person/{away}/away/{absence.pk}/back")
    assert not Absence.objects.exists()
    assert "who holds the post." in text_of(school.get(f"{SCHOOL}/post/{post.post}").content)


def test_a_deputy_who_is_away_as_well_is_taken_with_a_warning(school: Client, riverside: Small) -> None:
    post = riverside.post("school")
    sends(school, f"{SCHOOL}/joiner", full_name="Robin Invented", post=post.post, deputy="yes")
    robin = Person.objects.get(full_name="Robin Invented").key
    sends(school, f"{SCHOOL}/person/{robin}/away")
    assert "Robin Invented is a deputy here, and is away today." in text_of(
        school.get(f"{SCHOOL}/post/{post.post}").content
    )
    sends(school, f"{SCHOOL}/person/{riverside.person(post)}/away")
    page = text_of(school.get(f"{SCHOOL}/post/{post.post}").content)
    assert "Everybody in this post is away today, deputies too. This person answers: Pat School" in page


def test_two_who_are_each_others_deputies_are_taken_with_a_warning(school: Client, riverside: Small) -> None:
    one, other, *_ = Post.objects.filter(agency_id="riverside-school").order_by("id")
    seats = {post: holder("riverside-school", post.post).person_id for post in (one, other)}
    sends(school, f"{SCHOOL}/post/{one.post}/seat", person=seats[other], deputy="yes")
    page = sends(school, f"{SCHOOL}/post/{other.post}/seat", person=seats[one], deputy="yes")
    assert "have each other as deputies. While both are away:" in page
    assert Holding.objects.filter(deputy=1).count() == 2


def test_deputies_serve_in_the_order_they_are_put_in(school: Client, riverside: Small) -> None:
    post = riverside.post("school").post
    for name in ("Robin Invented", "Sam Invented"):
        sends(school, f"{SCHOOL}/joiner", full_name=name, post=post, deputy="yes")
    second = Holding.objects.get(deputy=2)
    sends(school, f"{SCHOOL}/seat/{second.pk}/up")
    assert list(Holding.objects.filter(deputy__gt=0).values_list("person__full_name", "deputy")) == [
        ("Sam Invented", 1),
        ("Robin Invented", 2),
    ]
    sends(school, f"{SCHOOL}/seat/{second.pk}/ends")
    assert not Holding.objects.filter(pk=second.pk).exists()  # begun today, ended today


def test_who_has_posts_elsewhere_keeps_their_address(school: Client, riverside: Small) -> None:
    teacher = riverside.person(riverside.post("school"))
    values = {"full_name": "Pat Renamed", "email": "new@school.example"}
    sends(school, f"{SCHOOL}/person/{teacher}/details", **values)
    assert Person.objects.get(key=teacher).email == "new@school.example"
    seat = Post.objects.filter(agency_id="riverside-health").first()
    assert seat is not None
    Holding.objects.create(post=seat, person_id=teacher, from_on=date(2020, 1, 1))
    answer = school.post(f"{SCHOOL}/person/{teacher}/details", {**values, "email": "mine@evil.example"})
    assert answer.status_code == 404
    assert school.post(f"{SCHOOL}/person/{teacher}/invite").status_code == 404
    assert Person.objects.get(key=teacher).email == "new@school.example"
    assert "Only somebody who looks after all of them" in text_of(school.get(f"{SCHOOL}/person/{teacher}").content)


def test_an_invitation_gives_a_link_where_no_mail_is_set_up(school: Client, riverside: Small) -> None:
    sends(school, f"{SCHOOL}/joiner", full_name="Robin Invented", post=riverside.post("school").post, deputy="no")
    robin = Person.objects.get(full_name="Robin Invented")
    path = f"{SCHOOL}/person/{robin.key}"
    assert "Add one first" in text_of(school.post(f"{path}/invite").content)
    sends(school, f"{path}/details", full_name=robin.full_name, email="robin@school.example")
    page = unescape(school.post(f"{path}/invite").content.decode())
    link = re.search(r"http://testserver(/invited/\S+?)<", page)
    assert link
    assert Client().get(link[1]).status_code == 200
    assert DirectoryChange.objects.get(what="invited").about == {"person": robin.key}


# --- Posts and agencies -----------------------------------------------------------------------------------------------


def test_no_such_post_needs_a_stand_in_that_is_there(school: Client, riverside: Small) -> None:
    one, other, *_ = Post.objects.filter(agency_id="riverside-school").order_by("id")
    path = f"{SCHOOL}/post/{one.post}/none"
    itself = school.post(path, {"stand_in": f"riverside-school {one.post}", "sure": "yes"})
    assert "Choose the post that stands in" in text_of(itself.content)
    page = sends(school, path, stand_in=f"riverside-school {other.post}")
    assert "The agency says that it has no such post" in page
    assert "stands in: the agency has no such post" in page
    assert NoSuchPost.objects.get().stand_in == other
    missing = school.post(
        f"{SCHOOL}/post/{other.post}/none", {"stand_in": f"riverside-school {one.post}", "sure": "yes"}
    )
    assert "Choose the post that stands in" in text_of(missing.content)
    sends(school, f"{SCHOOL}/post/{one.post}/again")
    assert not NoSuchPost.objects.exists()


def test_what_relied_on_a_post_relies_on_its_stand_in(school: Client, riverside: Small) -> None:
    one, two, three, *_ = Post.objects.filter(agency_id="riverside-school").order_by("id")
    sends(school, f"{SCHOOL}/post/{one.post}/none", stand_in=f"riverside-school {two.post}")
    sends(school, f"{SCHOOL}/post/{two.post}/none", stand_in=f"riverside-school {three.post}")
    assert set(NoSuchPost.objects.values_list("post", "stand_in")) == {(one.post, three.pk), (two.post, three.pk)}


def test_a_post_of_the_agencys_own(school: Client) -> None:
    page = sends(school, f"{SCHOOL}/post", other="Head of pastoral care", function="first-line manager")
    assert "Nobody is in this post today. This person answers:" in page
    post = Post.objects.get(post="head-of-pastoral-care")
    assert (post.title, post.function) == ("Head of pastoral care", "first-line manager")
    page = sends(school, f"{SCHOOL}/post/{post.post}/details", own_title="Pastoral lead", telephone="01632 960123")
    assert "Pastoral lead" in page
    assert DirectoryChange.objects.filter(what="post details changed").exists()


def test_an_agency_changes_how_it_is_reached_and_not_what_kind_it_is(school: Client) -> None:
    values = {"name": "Elm Road School", "telephone": "01632 960555", "kind": "social-care", "on_service": "on"}
    sends(school, f"{SCHOOL}/details", **values)
    agency = Agency.objects.get(key="riverside-school")
    assert (agency.telephone, agency.kind) == ("01632 960555", "school")
    assert DirectoryChange.objects.get(what="agency details changed").about["fields"] == ["telephone"]
    assert "01632" not in str(DirectoryChange.objects.get(what="agency details changed").about)


def test_a_partnership_gets_and_loses_agencies(area: Client, riverside: Small) -> None:
    home = "/administration/partnership/riverside"
    sends(area, f"{home}/agency", name="Oak Lane Nursery", kind="early-years", on_service="on")
    assert Membership.objects.filter(partnership_id="riverside", agency_id="oak-lane-nursery").exists()
    said = sends(area, f"{home}/leaves", agency="oak-lane-nursery")
    assert "It belongs to no other partnership" in said
    small("hilltop")
    Membership.objects.create(partnership_id="hilltop", agency_id="riverside-police")
    said = text_of(area.post(f"{home}/leaves", {"agency": "riverside-police"}).content)
    assert "Then nobody at Riverside Police is left to answer" in said
    sends(area, f"{home}/leaves", agency="riverside-police")
    assert area.get("/administration/agency/riverside-police").status_code == 404
    # The office of Riverside looks after no other partnership's agencies, and can't say that one is its own.
    assert "hilltop-school" not in area.get(f"{home}/belongs").content.decode()
    area.post(f"{home}/belongs", {"agency": "hilltop-school"})
    assert not Membership.objects.filter(partnership_id="riverside", agency_id="hilltop-school").exists()


def test_gaps_name_who_serves_instead(area: Client, riverside: Small) -> None:
    post = riverside.post("school")
    Holding.objects.filter(post__agency_id=post.agency, post__post=post.post).delete()
    page = text_of(area.get("/administration/partnership/riverside").content)
    assert "Posts that nobody is in" in page
    assert "nobody in the post is here today" in page


def test_the_service_founds_partnerships_and_names_administrators_and_sees_nobody(
    client: Client, riverside: Small
) -> None:
    post = riverside.post("police")
    looks_after(riverside.person(post))
    be(client, riverside, post)
    service = "/administration/service"
    assert client.get(SCHOOL).status_code == client.get("/administration/partnership/riverside").status_code == 404
    values = {"name": "Fernhill", "nation": "scotland", "letters": "fe", "office_name": "Fernhill Office"}
    sends(client, f"{service}/partnership", **values)
    fernhill = Partnership.objects.get(key="fernhill")
    assert (fernhill.nation, fernhill.reference_prefix) == ("scotland", "FE")
    assert Agency.objects.get(memberships__partnership=fernhill).kind == "partnership"
    assert "Choose other letters" in sends(client, f"{service}/partnership", **{**values, "name": "Other"})
    named = {"ward": "partnership fernhill", "full_name": "Robin Invented", "email": "robin@fernhill.example"}
    sends(client, f"{service}/administrator", **named)
    row = Administrator.objects.get(partnership=fernhill)
    assert row.person.full_name == "Robin Invented"
    assert client.get(f"/administration/administrator/{row.pk}/invite").status_code == 200
    sends(client, f"/administration/administrator/{row.pk}/end")
    assert not Administrator.objects.filter(partnership=fernhill).exists()


def test_nobody_ends_or_invites_an_administrator_who_is_not_theirs(school: Client, riverside: Small) -> None:
    looks_after("riverside-health-practitioner", agency_id="riverside-health")
    row = Administrator.objects.get(agency_id="riverside-health")
    for path in (f"/administration/administrator/{row.pk}/end", f"/administration/administrator/{row.pk}/invite"):
        assert school.get(path).status_code == school.post(path, {}).status_code == 404
    assert Administrator.objects.filter(pk=row.pk, to_on=None).exists()


# --- The review -------------------------------------------------------------------------------------------------------


def test_the_review_says_who_has_what_and_who_gave_it(school: Client, riverside: Small) -> None:
    post = riverside.post("school").post
    sends(school, f"{SCHOOL}/joiner", full_name="Robin Invented", post=post, deputy="yes")
    sends(school, f"{SCHOOL}/post/{post}/seat", person=KEEPER, deputy="yes")
    page = text_of(school.get(f"{SCHOOL}/review").content)
    assert "Named by Kim Keeper" in page
    assert "They named themselves: look at this one." in page
    assert "Administrator of Elm Road School" in page
    assert "Here since the directory began." in page
    assert "No account" in page
    assert "Nobody has gone through it yet." in page
    said = text_of(school.post(f"{SCHOOL}/review", follow=True).content)
    assert "went through it last" in said
    assert DirectoryChange.objects.get(what="access reviewed").agency == "riverside-school"
    file = school.get(f"{SCHOOL}/review.csv")
    assert file.headers["Content-Disposition"] == 'attachment; filename="access-review.csv"'
    assert "Robin Invented" in file.content.decode("utf-8-sig")


def test_the_review_of_a_partnership_has_every_agency_in_it(area: Client, riverside: Small) -> None:
    small("hilltop")
    Person.objects.filter(key__startswith="riverside-health").update(full_name="=HYPERLINK(1)")
    file = area.get("/administration/partnership/riverside/review.csv").content.decode("utf-8-sig")
    assert "hilltop" not in file
    assert "'=HYPERLINK(1)" in file
    assert ",=HYPERLINK" not in file


# --- What is typed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "Enter their full name"),
        ({"full_name": HOSTILE}, "Choose their post"),
        ({"full_name": "R" * 201}, "Use 200 characters or fewer"),
        ({"full_name": "Robin\x00"}, "Null characters are not allowed."),
        ({"full_name": "=Robin"}, "Begin with a letter or a number"),
        ({"full_name": "Robin", "email": "nobody"}, "Write an e-mail address"),
        ({"full_name": "Robin", "telephone": "call me"}, "Write a telephone number"),
        ({"full_name": "Robin", "from_on-day": "31", "from_on-month": "2", "from_on-year": "2026"}, "a real date"),
        (
            {"full_name": "Robin", "post": "practitioner", "deputy": "no", **day("to_on", date(2020, 1, 1))},
            "The last day must not be before the first",
        ),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field_and_kept(school: Client, values: dict[str, str], says: str) -> None:
    answer = school.post(f"{SCHOOL}/joiner", values)
    page = answer.content.decode()
    assert "<title>Error: " in page
    assert says in text_of(answer.content)
    assert "<script>alert" not in page
    if values.get("full_name") == HOSTILE:
        assert HOSTILE in unescape(page)
    assert not Person.objects.filter(full_name__startswith="Robin").exists()


def test_titles_of_pages_name_nobody(school: Client, riverside: Small) -> None:
    me = riverside.person(riverside.post("school"))
    for path in (SCHOOL, f"{SCHOOL}/person/{me}", f"{SCHOOL}/person/{me}/away", f"{SCHOOL}/person/{me}/invite"):
        title = re.search(r"<title>(.*?)</title>", school.get(path).content.decode())
        assert title
        assert "Pat" not in title[1]
