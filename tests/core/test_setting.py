"""Which post owns a move and why, who may decide, and which side somebody is on; as tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commonground.core.acts import (
    About,
    Actor,
    Because,
    Confirm,
    Decide,
    GoUp,
    Note,
    Opened,
    Owner,
    PostRef,
    Propose,
    Raise,
    Side,
)
from commonground.core.decide import Accepted, Refused
from commonground.core.procedure import OFFICE, Body, HeldIn, Post, Sides
from commonground.core.reasons import NotTheDecider, ReasonsMissing, TheirsToConfirm
from commonground.core.setting import Agency, Setting, body_owner, deciders, owner_for, side_of, side_owner
from commonground.core.standing import NOTHING, Phase, Standing, after
from tests.core.small import TEXT, small
from tests.story import CALENDAR, Story, at, setting_for

POSTS = (
    Post(key="worker", name="worker", rank=1),
    Post(key="manager", name="manager", rank=2, stand_in=("lead",)),
    Post(key="senior", name="senior", rank=3),
    Post(key="director", name="director", rank=4, agency="social-care"),
    Post(key="lead", name="lead"),
    Post(key="adviser", name="adviser", stand_in=("chair",)),
    Post(key="chair", name="chair", held_in=HeldIn.PARTNERSHIP, stand_in=("deputy-chair",)),
    Post(key="deputy-chair", name="deputy chair", held_in=HeldIn.PARTNERSHIP),
    Post(key="minister", name="minister", held_in=HeldIn.OUTSIDE),
    Post(key=OFFICE, name="office", held_in=HeldIn.PARTNERSHIP),
)
SMALL = small()


def having(**agencies: str) -> Setting:
    """A setting in which each agency has these posts; `partnership` those beside the office."""
    known = {"partnership": f"{agencies.pop('partnership', '')} office"} | agencies
    kinds = {key.replace("_", "-"): frozenset(posts.split()) for key, posts in known.items()}
    found = {key: Agency(key, key.removesuffix("-two"), posts) for key, posts in kinds.items()}
    return Setting(replace(SMALL, posts=POSTS), "digest", CALENDAR, "partnership", found)


OFFICE_OF = ("partnership", OFFICE)


@pytest.mark.parametrize(
    ("post", "setting", "owner", "because"),
    [
        ("worker", having(school="worker"), ("school", "worker"), Because.NAMED),
        (OFFICE, having(), OFFICE_OF, Because.NAMED),
        ("chair", having(partnership="chair"), ("partnership", "chair"), Because.NAMED),
        ("manager", having(school="worker lead senior"), ("school", "lead"), Because.STAND_IN),
        ("chair", having(partnership="deputy-chair"), ("partnership", "deputy-chair"), Because.STAND_IN),
        pytest.param(
            "adviser",
            having(school="worker", partnership="chair"),
            ("partnership", "chair"),
            Because.STAND_IN,
            id="a stand-in in the partnership",
        ),
        pytest.param(
            "lead", having(school="head zoo"), ("school", "head"), Because.STAND_IN, id="an agency without any tier"
        ),
        ("worker", having(school="senior manager"), ("school", "manager"), Because.NEXT_TIER),
        ("senior", having(school="worker manager"), ("school", "manager"), Because.MOST_SENIOR),
        ("lead", having(school="worker manager"), ("school", "manager"), Because.MOST_SENIOR),
        ("worker", having(school=""), OFFICE_OF, Because.OFFICE),
        ("chair", having(), OFFICE_OF, Because.OFFICE),
        (None, having(school="worker"), OFFICE_OF, Because.OFFICE),
        ("worker", having(), OFFICE_OF, Because.REACHING),
        ("minister", having(school="worker"), OFFICE_OF, Because.REACHING),
        pytest.param("director", having(school="worker"), OFFICE_OF, Because.REACHING, id="no agency of that kind"),
        pytest.param(
            "director",
            having(school="worker", social_care="director"),
            ("social-care", "director"),
            Because.NAMED,
            id="a post of one kind of agency, found anywhere",
        ),
        pytest.param(
            "director",
            having(school="director", social_care="senior"),
            ("social-care", "senior"),
            Because.MOST_SENIOR,
            id="a post of one kind of agency is looked for in that kind alone",
        ),
    ],
)
def test_a_post_owns_the_move_and_it_is_said_why(
    post: str | None, setting: Setting, owner: tuple[str, str], because: Because
) -> None:
    assert owner_for(setting, ("school",), post) == Owner(PostRef(*owner), because)


def test_every_reason_for_owning_a_move_is_in_the_table() -> None:
    rows = test_a_post_owns_the_move_and_it_is_said_why.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {(row.values if hasattr(row, "values") else row)[3] for row in rows} == set(Because)


def saying(setting: Setting, agency: str, post: str, *serves: str) -> Setting:
    """The same, with an agency that says it has no such post, and which one serves instead."""
    said = replace(setting.agencies[agency], stand_ins=((post, PostRef(*serves)),))
    return replace(setting, agencies={**setting.agencies, agency: said})


@pytest.mark.parametrize(
    ("post", "setting", "said", "owner", "because"),
    [
        pytest.param(
            "manager",
            having(school="worker lead senior head"),
            ("school", "manager", "school", "head"),
            ("school", "head"),
            Because.STAND_IN,
            id="the agency's own word comes before the text's stand-in",
        ),
        pytest.param(
            "worker",
            having(school="manager senior"),
            ("school", "worker", "school", "senior"),
            ("school", "senior"),
            Because.STAND_IN,
            id="and before the next tier",
        ),
        pytest.param(
            "manager",
            having(school="worker lead", health="manager"),
            ("school", "manager", "health", "manager"),
            ("health", "manager"),
            Because.STAND_IN,
            id="a stand-in in another agency",
        ),
        pytest.param(
            "worker",
            having(school="", health="manager"),
            ("school", "worker", "health", "manager"),
            ("health", "manager"),
            Because.STAND_IN,
            id="an agency with nobody, whose posts another has",
        ),
        pytest.param(
            "manager",
            having(school="manager lead head"),
            ("school", "manager", "school", "head"),
            ("school", "manager"),
            Because.NAMED,
            id="somebody is in the post after all",
        ),
        pytest.param(
            "manager",
            having(school="worker lead", health="worker"),
            ("school", "manager", "health", "manager"),
            ("school", "lead"),
            Because.STAND_IN,
            id="nobody is in the stand-in: the text's",
        ),
        pytest.param(
            "worker",
            having(school="manager"),
            ("school", "worker", "nowhere", "manager"),
            ("school", "manager"),
            Because.NEXT_TIER,
            id="a stand-in in no agency that is known",
        ),
        pytest.param(
            "manager",
            having(school="worker lead head"),
            ("school", "senior", "school", "head"),
            ("school", "lead"),
            Because.STAND_IN,
            id="said of another post",
        ),
        pytest.param(
            "chair",
            having(partnership="deputy-chair", health="lead"),
            ("partnership", "chair", "health", "lead"),
            ("health", "lead"),
            Because.STAND_IN,
            id="the partnership's own word on a post of its own",
        ),
        pytest.param(
            "director",
            having(school="worker", social_care="senior"),
            ("social-care", "director", "school", "worker"),
            ("school", "worker"),
            Because.STAND_IN,
            id="a post of one kind of agency, by that agency's word",
        ),
    ],
)
def test_an_agency_says_who_serves_for_a_post_it_has_not(
    post: str, setting: Setting, said: tuple[str, ...], owner: tuple[str, str], because: Because
) -> None:
    agency, *rest = said
    assert owner_for(saying(setting, agency, *rest), ("school",), post) == Owner(PostRef(*owner), because)


def test_a_decision_is_for_whoever_the_agency_says_serves_for_the_decider() -> None:
    setting = having(school="worker", partnership="deputy-chair", health="lead")
    setting = saying(setting, "partnership", "chair", "health", "lead")
    stage = next(one for route in SMALL.routes for one in route.stages if one.decision)
    assert stage.decision is not None
    stage = replace(stage, decision=replace(stage.decision, by=("chair",)))
    assert deciders(setting, stage, NOTHING) == (PostRef("health", "lead"),)


@pytest.mark.parametrize(
    ("agencies", "owner"),
    [
        pytest.param(("school", "school-two"), "school", id="the first of a side"),
        pytest.param(("nowhere", "school-two"), "school-two", id="the first that is known"),
        pytest.param(("nowhere",), "partnership", id="none that is known: the office"),
    ],
)
def test_of_several_agencies_the_first_known_one_owns(agencies: tuple[str, ...], owner: str) -> None:
    assert owner_for(having(school="worker", school_two="worker"), agencies, "worker").post.agency == owner


class TestSidesOfAStage:
    STAGE = SMALL.stage("ladder", "workers")
    SETTING = having(school="worker senior lead", social_care="worker director", partnership="chair")

    def owner(self, side: Side, sides: Sides | None, body: Body | None = None) -> tuple[str, str]:
        agencies = ("school",) if side is Side.CHALLENGING else ("social-care",)
        post = side_owner(self.SETTING, replace(self.STAGE, sides=sides, body=body), side, agencies).post
        return post.agency, post.post

    def test_the_first_post_of_each_side_owns_its_move(self) -> None:
        sides = Sides(challenging=("lead", "senior"), responding=("director", "worker"))
        assert self.owner(Side.CHALLENGING, sides) == ("school", "lead")
        assert self.owner(Side.RESPONDING, sides) == ("social-care", "director")

    def test_a_post_that_carries_it_up_owns_the_move_of_who_raised_it_and_of_nobody_else(self) -> None:
        sides = Sides(challenging=("lead",), responding=("worker",), carried_by="chair")
        assert self.owner(Side.CHALLENGING, sides) == ("partnership", "chair")
        assert self.owner(Side.RESPONDING, sides) == ("social-care", "worker")

    def test_a_body_stands_where_nobody_is_named_across_and_nowhere_else(self) -> None:
        sides = Sides(challenging=None, responding=None)
        assert self.owner(Side.RESPONDING, sides, Body(chair="chair")) == ("partnership", "chair")
        assert self.owner(Side.RESPONDING, None, Body(chair="chair")) == ("partnership", "chair")
        assert self.owner(Side.CHALLENGING, sides, Body(chair="chair")) == OFFICE_OF
        assert self.owner(Side.RESPONDING, sides) == OFFICE_OF


def standing_between(challenging: tuple[str, ...], responding: tuple[str, ...]) -> Standing:
    """A disagreement between these agencies, raised by the first, in no stage."""
    raiser = Actor("raiser", PostRef(challenging[0], "worker"))
    moment = at("2026-03-02 10:00")
    opened = Opened("small", "", raiser, challenging, responding, About.CHILD, "", moment, moment, None, ())
    return after(NOTHING, (opened,))


class TestWhoAnswersForAStage:
    STANDING = standing_between(("school",), ("social-care",))
    SETTING = having(school="worker senior", social_care="senior director", partnership="chair")

    def test_its_body_else_who_decides_else_nobody(self) -> None:
        director = SMALL.stage("ladder", "director")
        named = Owner(PostRef("social-care", "director"), Because.NAMED)
        chair = Owner(PostRef("partnership", "chair"), Because.NAMED)
        assert body_owner(self.SETTING, director, self.STANDING) == named
        assert body_owner(self.SETTING, replace(director, body=Body(chair="chair")), self.STANDING) == chair
        assert body_owner(self.SETTING, SMALL.stage("ladder", "workers"), self.STANDING) is None

    @pytest.mark.parametrize(
        ("by", "sides", "able"),
        [
            (("director",), (None, None), {("social-care", "director")}),
            (("chair",), (None, None), {("partnership", "chair")}),
            (("director", "chair"), (None, None), {("social-care", "director"), ("partnership", "chair")}),
            pytest.param(
                ("senior",), (None, None), {("school", "senior"), ("social-care", "senior")}, id="each side has it"
            ),
            pytest.param(
                ("senior",), (("worker",), ("senior",)), {("social-care", "senior")}, id="only of the side asked"
            ),
            pytest.param(
                ("senior",), (("senior",), ("worker",)), {("school", "senior")}, id="only of the raiser's side"
            ),
            pytest.param(
                ("senior",),
                (("senior",), ("senior",)),
                {("school", "senior"), ("social-care", "senior")},
                id="of both sides: together",
            ),
            pytest.param((), (None, None), set(), id="nobody is named"),
            pytest.param(("minister",), (None, None), set(), id="outside: the office records it, with a reason"),
        ],
    )
    def test_who_may_decide(
        self,
        by: tuple[str, ...],
        sides: tuple[tuple[str, ...] | None, tuple[str, ...] | None],
        able: set[tuple[str, str]],
    ) -> None:
        stage = SMALL.stage("ladder", "director")
        assert stage.decision is not None
        stage = replace(
            stage,
            decision=replace(stage.decision, by=by),
            sides=Sides(challenging=sides[0], responding=sides[1]),
        )
        assert {(post.agency, post.post) for post in deciders(self.SETTING, stage, self.STANDING)} == able

    def test_where_its_post_is_found_nowhere_the_office_records_it_only_with_a_reason(self) -> None:
        missing = frozenset(("social-care", post) for post in ("worker", "manager", "senior", "director"))
        told = Story(setting_for(SMALL, without=missing)).raised("referral", start_at="ladder/director")
        ask = Decide("hold", no_differing_views=True)
        office = Actor("officer", told.setting.office_post)
        refused = Refused((NotTheDecider(("s.4",), (OFFICE_OF,)),))
        assert told.tries(ask, by=office, saying=("reasons", "why not contact")) == refused
        absent = replace(ask, for_absent=True)
        assert told.tries(absent, by=office, saying=("why not contact",)) == Refused((ReasonsMissing(("s.4",)),))
        assert isinstance(told.tries(absent, by=office, saying=("reasons", "why not contact")), Accepted)


class TestSides:
    """Raised by the school's worker against social care, unless both are the school."""

    @pytest.mark.parametrize(
        ("against", "person", "seat", "side"),
        [
            ("social-care", "raiser", "school worker", Side.CHALLENGING),
            ("social-care", "colleague", "school senior", Side.CHALLENGING),
            ("social-care", "somebody", "social-care senior", Side.RESPONDING),
            ("social-care", "officer", "partnership office", None),
            ("social-care", "stranger", "nowhere worker", None),
            pytest.param("school", "raiser", "school manager", Side.CHALLENGING, id="inside one agency: the raiser"),
            pytest.param("school", "other", "school worker", Side.RESPONDING, id="inside one agency: the owner across"),
            pytest.param("school", "other", "school senior", Side.RESPONDING, id="inside one agency: anybody else"),
            pytest.param(None, "officer", "partnership office", None, id="the office reaching somebody is on no side"),
        ],
    )
    def test_which_side_somebody_is_on(self, against: str | None, person: str, seat: str, side: Side | None) -> None:
        told = raised(against)
        agency, post = seat.split()
        assert side_of(told.standing, Actor(person, PostRef(agency, post))) is side

    def test_inside_one_agency_another_post_for_each_side_tells_them_apart(self) -> None:
        told = Story(
            setting_for(
                small(TEXT.replace("pair: worker", "sides: {challenging: worker, responding: senior, clause: s.1}"))
            )
        )
        raise_it(told, "school")
        owners = {"worker": Side.CHALLENGING, "senior": Side.RESPONDING, "manager": Side.RESPONDING}
        for post, side in owners.items():
            assert side_of(told.standing, Actor("other", PostRef("school", post))) is side

    def test_a_post_in_the_partnership_that_owns_a_side_acts_for_it_at_that_stage_alone(self) -> None:
        text = TEXT.replace("pair: worker", "sides: {challenging: worker, responding: chair, clause: s.1}")
        told = Story(setting_for(small(text)))
        raise_it(told, "social-care")
        chair = Actor("chair", PostRef("partnership", "chair"))
        assert side_of(told.standing, chair) is Side.RESPONDING
        told.does(GoUp(), by="school")
        assert side_of(told.standing, chair) is None

    def test_the_side_that_was_asked_never_ends_it_alone_even_where_no_agency_is_known(self) -> None:
        text = TEXT.replace("pair: worker", "sides: {challenging: worker, responding: chair, clause: s.1}")
        told = Story(setting_for(small(text)))
        raise_it(told, None)
        chair = Actor("chair", PostRef("partnership", "chair"))
        told.does(Propose("agreed", open_issues=False), by=chair)
        assert told.standing.confirmed == {Side.RESPONDING}
        assert told.standing.phase is Phase.OPEN

    def test_nobody_else_says_that_an_outcome_does_not_stand(self) -> None:
        told = raised("social-care")
        told.does(Propose("agreed", open_issues=False), by="school")
        no = Confirm(agrees=False)
        stranger = Actor("stranger", PostRef("nowhere", "worker"))
        assert told.tries(no, by=stranger) == Refused((TheirsToConfirm(),))
        assert isinstance(told.tries(no, by="social-care"), Accepted)

    def test_a_note_of_another_agency_is_not_ones_own(self) -> None:
        told = raised("social-care")
        told.does(Propose("agreed", open_issues=False), by="social-care")
        told.does(Note(approved=True), by="school")
        assert isinstance(told.tries(Confirm(), by="social-care"), Refused)
        assert isinstance(told.tries(Confirm(), by="school"), Accepted)


def raised(against: str | None) -> Story:
    return raise_it(Story(setting_for(SMALL)), against)


def raise_it(told: Story, against: str | None) -> Story:
    ask = Raise("referral", About.CHILD, ("school",), (against,) if against else ())
    told.does(ask, by=Actor("raiser", PostRef("school", "worker")))
    return told
