"""Who answers for a post today, as a table; and whoever answers reaches what the post has a part in, and acts in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.people import access
from commonground.people.models import Absence, Agency, Holding, Membership, Post
from commonground.people.staffing import Answering, How, answering_in, staffing_of
from tests.people.directories import NOON, PARTNERSHIP, TODAY, Written, give_part, hold, office, ref, write

pytestmark = pytest.mark.django_db

CARE = {
    "office/office": "olu",
    "care/practitioner": "ann",
    "care/first-line": "flo",
    "care/senior": "sam",
    "care/head": "hal",
}


@dataclass(frozen=True)
class Row:
    """One case: a directory, a post asked about (for one person's part alone, or not), and who answers in which."""

    posts: dict[str, str]
    asked: str
    people: str
    post: str
    how: How
    of: Key = ""
    away: str = ""
    deleted: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


def case(name: str, posts: dict[str, str], asked: str, people: str, post: str, how: How, **more: Any) -> Any:
    known = {key: more.pop(key) for key in ("of", "away", "deleted", "left") if key in more}
    return pytest.param(Row(CARE | posts, asked, people, post, how, more=more, **known), id=name)


WORKER, FIRST, HEAD, OFFICE = "care/practitioner", "care/first-line", "care/head", "office/office"
EVERYBODY_ABOVE = "flo sam hal"

CASES = [
    case("the holder", {}, WORKER, "ann", WORKER, How.HOLDER),
    case("every holder", {WORKER: "ann bob"}, WORKER, "ann bob", WORKER, How.HOLDER),
    case("the holder who is here", {WORKER: "ann bob"}, WORKER, "bob", WORKER, How.HOLDER, away="ann"),
    case("not a deputy while the holder is here", {WORKER: "ann dee/1"}, WORKER, "ann", WORKER, How.HOLDER),
    case("the deputy", {WORKER: "ann dee/1"}, WORKER, "dee", WORKER, How.DEPUTY, away="ann"),
    case("deputies in order", {WORKER: "ann eve/2 dee/1"}, WORKER, "dee eve", WORKER, How.DEPUTY, away="ann"),
    case("a deputy who is also away", {WORKER: "ann dee/1 eve/2"}, WORKER, "eve", WORKER, How.DEPUTY, away="ann dee"),
    case("a post with deputies only", {WORKER: "dee/1"}, WORKER, "dee", WORKER, How.DEPUTY),
    case("all of them away", {WORKER: "ann dee/1"}, WORKER, "flo", FIRST, How.NEXT_TIER, away="ann dee"),
    case("nobody ever in it", {WORKER: ""}, WORKER, "flo", FIRST, How.NEXT_TIER),
    case("the next tier that is here", {}, WORKER, "sam", "care/senior", How.NEXT_TIER, away="ann flo"),
    case("the next tier's deputy", {FIRST: "flo dee/1"}, WORKER, "dee", FIRST, How.NEXT_TIER, away="ann flo"),
    case("not another of its tier", {"care/mash-team": "mat"}, WORKER, "flo", FIRST, How.NEXT_TIER, away="ann"),
    case("no tier above: the most senior", {}, HEAD, "sam", "care/senior", How.MOST_SENIOR, away="hal"),
    case("no tier at all: the most senior", {"care/named": ""}, "care/named", "hal", HEAD, How.MOST_SENIOR),
    case(
        "nobody in a tier: the same agency",
        {"care/named": "nan"},
        WORKER,
        "nan",
        "care/named",
        How.SAME_AGENCY,
        away=f"ann {EVERYBODY_ABOVE}",
    ),
    case("nobody in the agency: the office", {}, WORKER, "olu", OFFICE, How.OFFICE, away=f"ann {EVERYBODY_ABOVE}"),
    case("an agency with nobody at all", {"clinic/named": ""}, "clinic/named", "olu", OFFICE, How.OFFICE),
    case(
        "the office is away: others in its agency",
        {"office/scrutineer": "sid"},
        "office/office",
        "sid",
        "office/scrutineer",
        How.SAME_AGENCY,
        away="olu",
    ),
    case(
        "nobody in the agency nor the office: others of the office's agency",
        {"clinic/named": "", "office/scrutineer": "sid"},
        "clinic/named",
        "sid",
        "office/scrutineer",
        How.OFFICE,
        away="olu",
    ),
    case("the office's deputy", {OFFICE: "olu dee/1"}, OFFICE, "dee", OFFICE, How.DEPUTY, away="olu"),
    case(
        "the office's post was deleted, and another is there",
        {"office/scrutineer": "sid"},
        OFFICE,
        "sid",
        "office/scrutineer",
        How.SAME_AGENCY,
        deleted=(OFFICE,),
    ),
    case("a stand-in in the agency", {}, "care/named", "hal", HEAD, How.STAND_IN, no_post={"care/named": HEAD}),
    case(
        "a stand-in in another agency",
        {"clinic/named": "nan"},
        "care/named",
        "nan",
        "clinic/named",
        How.STAND_IN,
        no_post={"care/named": "clinic/named"},
    ),
    case(
        "a stand-in's deputy",
        {"clinic/named": "nan dee/1"},
        "care/named",
        "dee",
        "clinic/named",
        How.STAND_IN,
        no_post={"care/named": "clinic/named"},
        away="nan",
    ),
    case(
        "a stand-in who is away",
        {"clinic/named": "nan"},
        "care/named",
        "hal",
        HEAD,
        How.MOST_SENIOR,
        no_post={"care/named": "clinic/named"},
        away="nan",
    ),
    case(
        "a stand-in in an agency of another partnership serves nobody here",
        {"clinic/named": "nan"},
        "care/named",
        "hal",
        HEAD,
        How.MOST_SENIOR,
        no_post={"care/named": "clinic/named"},
        elsewhere=("clinic",),
    ),
    case(
        "a post that is not to be there, and has somebody",
        {"care/named": "nan"},
        "care/named",
        "nan",
        "care/named",
        How.HOLDER,
        no_post={"care/named": HEAD},
    ),
    case("a deleted post", {}, WORKER, "flo", FIRST, How.NEXT_TIER, deleted=(WORKER,)),
    case(
        "an agency without any post left",
        {"clinic/named": "nan"},
        "clinic/named",
        "olu",
        OFFICE,
        How.OFFICE,
        deleted=("clinic/named",),
    ),
    case("an agency that has left the partnership", {}, WORKER, "olu", OFFICE, How.OFFICE, left=("care",)),
    case(
        "deputies of each other, both away",
        {WORKER: "ann flo/1", FIRST: "flo ann/1"},
        WORKER,
        "sam",
        "care/senior",
        How.NEXT_TIER,
        away="ann flo",
    ),
    case("deputies of each other, one away", {WORKER: "ann flo/1"}, WORKER, "flo", WORKER, How.DEPUTY, away="ann"),
    case("a holder to come", {WORKER: "ann@future"}, WORKER, "flo", FIRST, How.NEXT_TIER),
    case("a holder of the past", {WORKER: "ann@past"}, WORKER, "flo", FIRST, How.NEXT_TIER),
    case("a holder of the past and one of today", {WORKER: "ann@past bob"}, WORKER, "bob", WORKER, How.HOLDER),
    case("back tomorrow", {WORKER: "ann dee/1"}, WORKER, "dee", WORKER, How.DEPUTY, away="ann@until-today"),
    case("away from tomorrow", {WORKER: "ann dee/1"}, WORKER, "ann", WORKER, How.HOLDER, away="ann@from-tomorrow"),
    case("an agency of two partnerships", {}, WORKER, "ann", WORKER, How.HOLDER, both=("care",)),
    case("what is one person's alone", {WORKER: "ann bob"}, WORKER, "ann", WORKER, How.HOLDER, of="ann"),
    case(
        "what is one person's, who is away: not a colleague",
        {WORKER: "ann bob"},
        WORKER,
        "flo",
        FIRST,
        How.NEXT_TIER,
        of="ann",
        away="ann",
    ),
    case(
        "what is one person's, who is away, by the deputy",
        {WORKER: "ann bob dee/1"},
        WORKER,
        "dee",
        WORKER,
        How.DEPUTY,
        of="ann",
        away="ann",
    ),
    case(
        "what was one person's, who has left",
        {WORKER: "ann@past bob"},
        WORKER,
        "flo",
        FIRST,
        How.NEXT_TIER,
        of="ann",
    ),
    case(
        "what is one person's, and nobody is here but colleagues",
        {WORKER: "ann bob cy"},
        WORKER,
        "bob cy",
        WORKER,
        How.COLLEAGUE,
        of="ann",
        away=f"ann olu {EVERYBODY_ABOVE}",
    ),
]


def given(row: Row) -> Answering:
    """Write the row's directory, with a part for the post asked about, and ask who answers for it."""
    write(Written(row.posts, away=row.away, **row.more))
    asked = ref(row.asked)
    disagreement = give_part(asked, row.of)
    for post in row.deleted:
        Post.objects.get(agency=ref(post).agency, post=ref(post).post).delete()
    for agency in row.left:
        Membership.objects.filter(agency=agency).delete()
    staffing = staffing_of(PARTNERSHIP, TODAY)
    answering = staffing.answering(asked, row.of)
    assert answering_in(staffing, disagreement, asked) == answering
    # Whoever answers has a seat in the post that was asked about, and from it reaches the disagreement.
    for person in answering.people:
        seats = [scope for scope in access.scopes_of(person, TODAY) if scope.seat == asked]
        relations = [one.relation for one in access.reaches(seats, disagreement, NOON)]
        assert any(one is not None and one not in access.SHALLOW for one in relations), (person, seats, relations)
        assert disagreement in access.within_reach_query(seats, NOON)
    return answering


@pytest.mark.parametrize("row", CASES)
def test_somebody_answers_for_a_post_and_reaches_what_it_has_a_part_in(row: Row) -> None:
    assert given(row) == Answering(tuple(row.people.split()), ref(row.post), row.how)


def test_every_reason_for_answering_is_in_the_table() -> None:
    assert {row.values[0].how for row in CASES} == set(How) - {How.NOBODY}


def test_where_there_is_nobody_at_all_it_says_so() -> None:
    row = Row(CARE, WORKER, "", WORKER, How.NOBODY, away=f"ann olu {EVERYBODY_ABOVE}")
    assert given(row) == Answering((), ref(WORKER), How.NOBODY)


def reaching(person: Key, post: PostRef, of: Key = "") -> bool:
    disagreement = give_part(post, of)
    scopes = access.scopes_of(person, TODAY)
    return any(one.relation not in (None, *access.SHALLOW) for one in access.reaches(scopes, disagreement, NOON))


@pytest.mark.parametrize(
    ("person", "of", "away", "reaches"),
    [
        pytest.param("flo", "", "", False, id="the next tier, while somebody is in the post"),
        pytest.param("flo", "", "ann bob", True, id="the next tier, while nobody is"),
        pytest.param("sam", "", "ann bob", False, id="not the tier above that as well"),
        pytest.param("bob", "ann", "ann", False, id="a colleague of whose part it is alone"),
        pytest.param("flo", "ann", "ann", True, id="the next tier, for what is theirs alone who is away"),
        pytest.param("flo", "bob", "ann", False, id="the next tier, for what is theirs alone who is here"),
        pytest.param("olu", "", "ann bob", False, id="the office, while the agency has anybody"),
    ],
)
def test_only_who_serves_today_reaches_it(person: Key, of: Key, away: str, reaches: bool) -> None:
    write(Written(CARE | {WORKER: "ann bob"}, away=away))
    assert reaching(person, ref(WORKER), of) is reaches


def test_a_day_later_it_is_another_day() -> None:
    write(Written(CARE | {WORKER: "ann dee/1"}, away="ann@until-today"))
    assert staffing_of(PARTNERSHIP, TODAY).answering(ref(WORKER)).people == ("dee",)
    assert staffing_of(PARTNERSHIP, TODAY + timedelta(days=1)).answering(ref(WORKER)).people == ("ann",)


def test_every_change_of_the_directory_is_seen_at_once() -> None:
    write(Written(CARE | {WORKER: "ann dee/1"}))
    asked = ref(WORKER)

    def now() -> tuple[tuple[Key, ...], How]:
        answering = staffing_of(PARTNERSHIP, TODAY).answering(asked)
        return answering.people, answering.how

    assert now() == (("ann",), How.HOLDER)
    away = Absence.objects.create(person_id="ann", from_on=TODAY)
    assert now() == (("dee",), How.DEPUTY)
    away.to_on = TODAY - timedelta(days=1)
    away.from_on = date(2026, 1, 1)
    away.save()
    assert now() == (("ann",), How.HOLDER)
    post = Post.objects.get(agency="care", post="practitioner")
    hold(post, "bob")
    assert now() == (("ann", "bob"), How.HOLDER)
    Holding.objects.filter(post=post).delete()
    assert now() == (("flo",), How.NEXT_TIER)
    Post.objects.get(agency="care", post="first-line").delete()
    assert now() == (("sam",), How.NEXT_TIER)
    Membership.objects.filter(agency="care").delete()
    assert now() == (("olu",), How.OFFICE)


def test_the_office_is_covered_where_its_directory_has_no_such_post() -> None:
    write(Written({"office/scrutineer": "sid", WORKER: "ann"}))
    (scope,) = (one for one in access.scopes_of("sid", TODAY) if one.seat == office())
    assert scope.office
    assert reaching("sid", office())


def test_an_agency_in_two_partnerships_serves_in_both_and_no_further() -> None:
    write(Written(CARE, away="ann", both=("care",)))
    Agency.objects.create(key="their-office", name="their office", kind="partnership")
    Membership.objects.create(partnership_id="elsewhere", agency_id="their-office")
    hold(Post.objects.create(agency_id="their-office", post="office"), "una")

    assert staffing_of("elsewhere", TODAY).answering(ref(WORKER)).people == ("flo",)
    assert {one.partnership for one in access.scopes_of("flo", TODAY) if one.seat == ref(WORKER)} == {
        PARTNERSHIP,
        "elsewhere",
    }
    assert not reaching("una", ref(WORKER))
