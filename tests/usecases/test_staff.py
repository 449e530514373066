"""Changing a directory: what is foreseen is what happens, and no run of changes leaves a post with nobody to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonground.core.acts import PostRef
from commonground.core.procedure import OFFICE
from commonground.people.administering import Charge, NotInCharge
from commonground.people.models import Absence, Agency, Holding, Membership, Partnership, Person, Post
from commonground.people.staffing import How, Staffing, staffing_of
from commonground.people.staffing import _staffing as forget_staffing
from commonground.usecases.staff import agencies, people, posts
from commonground.usecases.staff.checks import Mistake
from commonground.usecases.staff.reading import stand_ins_to_choose
from commonground.usecases.staff.then import Edit, away, foresee, gone, nobody_in, out_of, without_agency

AT = datetime(2026, 4, 20, 9, tzinfo=UTC)
TODAY = AT.date()
CHARGE = Charge("keeper", partnership="dale")
POSTS = ("practitioner", "first-line", "senior")
AGENCIES = ("dale-one", "dale-two")


@pytest.fixture
def dale(db: None) -> Partnership:
    return a_partnership()


def a_partnership() -> Partnership:
    """Two agencies with three posts each, and an office; one person in each post."""
    made = Partnership.objects.create(key="dale", name="Dale", nation="england-and-wales", reference_prefix="DA")
    for key in (*AGENCIES, "dale-office"):
        office = key == "dale-office"
        agency = Agency.objects.create(key=key, name=key, kind="partnership" if office else "school")
        Membership.objects.create(partnership=made, agency=agency)
        for post in (OFFICE,) if office else POSTS:
            held = Post.objects.create(agency=agency, post=post)
            person = Person.objects.create(key=f"{key}-{post}", full_name=f"Pat {key} {post}")
            Holding.objects.create(post=held, person=person, from_on=date(2020, 1, 1))
    return made


ONE = PostRef("dale-one", "practitioner")


@pytest.mark.parametrize(
    ("edit", "does"),
    [
        pytest.param(
            gone("dale-one-practitioner", "dale-one"),
            lambda: people.leave_agency(CHARGE, "dale-one", "dale-one-practitioner", TODAY, AT),
            id="leaves",
        ),
        pytest.param(
            away("dale-one-practitioner"),
            lambda: people.note_absence(CHARGE, "dale-one-practitioner", TODAY, None, AT),
            id="away",
        ),
        pytest.param(
            nobody_in(ONE, PostRef("dale-two", "senior")),
            lambda: posts.say_no_such_post(CHARGE, ONE, PostRef("dale-two", "senior"), TODAY, AT),
            id="no such post",
        ),
        pytest.param(
            out_of(ONE, "dale-one-practitioner"),
            lambda: posts.end_seat(CHARGE, Holding.objects.get(person="dale-one-practitioner").pk, TODAY, AT),
            id="leaves the post",
        ),
        pytest.param(
            without_agency("dale-one"), lambda: _joined_elsewhere_and_left(), id="agency leaves the partnership"
        ),
    ],
)
def test_what_is_foreseen_is_what_happens(dale: Partnership, edit: Edit, does: Callable[[], object]) -> None:
    foreseen = foresee("dale-one", edit, TODAY)
    assert foreseen.posts
    before = {post: staffing_of("dale", TODAY).answering(post) for post in _all_posts()}
    does()
    after = staffing_of("dale", TODAY)
    changed = {post for post in before if after.answering(post) != before[post]}
    assert {one.post for one in foreseen.posts} == changed
    for one in foreseen.posts:
        assert (one.now, one.then) == (before[one.post], after.answering(one.post)), one.post


def test_what_relies_on_a_stand_in_that_goes_is_foreseen_too(dale: Partnership) -> None:
    first_line = PostRef("dale-one", "first-line")
    posts.say_no_such_post(CHARGE, first_line, ONE, TODAY, AT)
    serves = PostRef("dale-two", "senior")
    foreseen = foresee("dale-one", nobody_in(ONE, serves), TODAY)
    posts.say_no_such_post(CHARGE, ONE, serves, TODAY, AT)
    then = {one.post: one.then for one in foreseen.posts}
    assert set(then) == {ONE, first_line}
    assert then == {post: staffing_of("dale", TODAY).answering(post) for post in then}


def _joined_elsewhere_and_left() -> None:
    other = Partnership.objects.create(key="fell", name="Fell", nation="scotland", reference_prefix="FE")
    Membership.objects.create(partnership=other, agency_id="dale-one")
    assert agencies.have_leave(CHARGE, "dale-one", "dale", AT) is None


def _all_posts() -> list[PostRef]:
    return [PostRef(*one) for one in Post.objects.values_list("agency_id", "post")]


def test_the_office_is_said_to_serve_when_the_last_of_an_agency_goes(dale: Partnership) -> None:
    for post in POSTS[1:]:
        people.leave_agency(CHARGE, "dale-one", f"dale-one-{post}", TODAY, AT)
    foreseen = foresee("dale-one", gone("dale-one-practitioner", "dale-one"), TODAY)
    assert foreseen.office_serves == ("dale-one",)
    assert {one.then.how for one in foreseen.posts} == {How.OFFICE}


def test_a_change_in_the_future_is_foreseen_for_its_day(dale: Partnership) -> None:
    later = TODAY + timedelta(days=30)
    Absence.objects.create(person_id="dale-one-first-line", from_on=later, to_on=later)
    soon = foresee("dale-one", gone("dale-one-practitioner", "dale-one"), TODAY).posts[0].then
    then = foresee("dale-one", gone("dale-one-practitioner", "dale-one"), later).posts[0].then
    assert (soon.post.post, then.post.post) == ("first-line", "senior")


def test_an_agency_that_is_not_in_charge_is_not_there(dale: Partnership) -> None:
    other = Charge("keeper", agency="dale-two")
    tries: list[Callable[[], object]] = [
        lambda: people.join_agency(other, "dale-one", people.Joiner("Robin", "practitioner", TODAY), AT),
        lambda: people.leave_agency(other, "dale-one", "dale-one-practitioner", TODAY, AT),
        lambda: people.leave_agency(CHARGE, "dale-one", "dale-two-practitioner", TODAY, AT),
        lambda: people.note_absence(other, "dale-one-practitioner", TODAY, None, AT),
        lambda: people.change_person(other, "dale-one-practitioner", people.Reaching("Robin"), AT),
        lambda: people.invite_person(other, "dale-one-practitioner", AT),
        lambda: posts.add_post(other, PostRef("dale-one", "new"), posts.PostDetails(), AT),
        lambda: posts.change_post(other, ONE, posts.PostDetails(), AT),
        lambda: posts.say_no_such_post(other, ONE, PostRef("dale-two", "senior"), TODAY, AT),
        lambda: posts.seat(other, ONE, "dale-two-senior", deputy=True, from_on=TODAY, to_on=None, at=AT),
        lambda: posts.seat(
            other, PostRef("dale-two", "senior"), "dale-one-senior", deputy=True, from_on=TODAY, to_on=None, at=AT
        ),
        lambda: posts.end_seat(other, Holding.objects.get(person="dale-one-senior").pk, TODAY, AT),
        lambda: agencies.change_agency(other, "dale-one", agencies.AgencyDetails("New", "school"), AT),
        lambda: agencies.add_agency(other, "dale", agencies.AgencyDetails("New", "school"), AT),
        lambda: agencies.have_leave(other, "dale-two", "dale", AT),
        lambda: agencies.found(CHARGE, agencies.Founding("New", "scotland", "NE", "Office"), AT),
    ]
    for one in tries:
        with pytest.raises(NotInCharge):
            one()


def test_no_stand_in_is_itself_missing_and_none_from_out_of_sight(dale: Partnership) -> None:
    assert isinstance(posts.say_no_such_post(CHARGE, ONE, ONE, TODAY, AT), Mistake)
    assert isinstance(posts.say_no_such_post(CHARGE, ONE, PostRef("dale-one", "no-such"), TODAY, AT), Mistake)
    fell = Agency.objects.create(key="fell-school", name="Fell", kind="school")
    Post.objects.create(agency=fell, post="senior")
    assert isinstance(posts.say_no_such_post(CHARGE, ONE, PostRef("fell-school", "senior"), TODAY, AT), Mistake)
    senior = PostRef("dale-one", "senior")
    assert posts.say_no_such_post(CHARGE, ONE, senior, TODAY, AT) is None
    assert isinstance(posts.say_no_such_post(CHARGE, senior, ONE, TODAY, AT), Mistake)
    assert ONE not in stand_ins_to_choose("dale-one")


# --- No run of changes strands anybody --------------------------------------------------------------------------------

Step = Callable[[], object]


@st.composite
def a_run(draw: st.DrawFn) -> list[Step]:
    """A run of changes, each chosen without a look at those before: some of them make no sense, and are refused."""
    some_agency = st.sampled_from(AGENCIES)
    some_post = st.builds(PostRef, some_agency, st.sampled_from((*POSTS, "pastoral")))
    some_day = st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days))
    some_end = st.none() | some_day
    somebody = st.sampled_from([f"{agency}-{post}" for agency in AGENCIES for post in POSTS])
    yes = st.booleans()
    step = st.one_of(
        st.builds(lambda p, d, f, t: lambda: _joins(p, d, f, t), some_post, yes, some_day, some_end),
        st.builds(lambda a, p, d: lambda: people.leave_agency(CHARGE, a, p, d, AT), some_agency, somebody, some_day),
        st.builds(lambda p, f, t: lambda: people.note_absence(CHARGE, p, f, t, AT), somebody, some_day, some_end),
        st.builds(
            lambda r, p, d, f, t: lambda: posts.seat(CHARGE, r, p, deputy=d, from_on=f, to_on=t, at=AT),
            *(some_post, somebody, yes, some_day, some_end),
        ),
        st.builds(lambda r, s, d: lambda: posts.say_no_such_post(CHARGE, r, s, d, AT), some_post, some_post, some_day),
        st.builds(lambda r: lambda: posts.has_post_again(CHARGE, r, AT), some_post),
        st.builds(lambda r: lambda: posts.add_post(CHARGE, r, posts.PostDetails(), AT), some_post),
        st.builds(lambda n, d: lambda: posts.end_seat(CHARGE, _holding(n), d, AT), st.integers(0, 9), some_day),
        st.builds(
            lambda n, f, t: lambda: posts.date_seat(CHARGE, _holding(n), f, t, AT),
            st.integers(0, 9),
            some_day,
            some_end,
        ),
        st.builds(lambda n: lambda: posts.move_deputy_up(CHARGE, _holding(n), AT), st.integers(0, 9)),
    )
    return draw(st.lists(step, min_size=1, max_size=25))


def _joins(post: PostRef, deputy: bool, from_on: date, to_on: date | None) -> object:
    joiner = people.Joiner(f"Robin {Person.objects.count()}", post.post, from_on, deputy, to_on)
    return people.join_agency(CHARGE, post.agency, joiner, AT)


def _holding(number: int) -> int:
    rows = list(Holding.objects.order_by("id").values_list("pk", flat=True))
    return rows[number % len(rows)] if rows else 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=a_run())
def test_somebody_answers_for_every_post_after_any_run_of_changes(db: None, steps: list[Step]) -> None:
    _begin_again()
    for step in steps:
        try:
            step()
        except NotInCharge:
            continue  # a post, a person or a seat that is not there
        for day in (TODAY, TODAY + timedelta(days=2)):
            _everything_is_answered(staffing_of("dale", day))


def _begin_again() -> None:
    for model in (Absence, Holding):
        model.objects.all().delete()
    for rows in (Agency, Person):
        rows.objects.all().delete()
    Partnership.objects.all().delete()
    a_partnership()
    # The count of its changes begins at nothing again, and what was read under a count before must not come back.
    forget_staffing.cache_clear()


def _everything_is_answered(staffing: Staffing) -> None:
    for post in _posts_of(staffing):
        answering = staffing.answering(post)
        reachable = {post.agency, staffing.office}
        somebody_here = any(
            staffing.here(other) or staffing.deputies(other) for other in staffing.holders if other.agency in reachable
        )
        # Nobody but the agency itself and the office may answer for it: that would be seeing too much.
        assert (answering.how is not How.NOBODY) or not somebody_here, (post, staffing)
        assert answering.people or answering.how is How.NOBODY


def _posts_of(staffing: Staffing) -> Iterator[PostRef]:
    yield from {*staffing.holders, *staffing.stand_ins, *staffing.gone}


def test_the_check_above_can_fail(dale: Partnership) -> None:
    staffing = staffing_of("dale", TODAY)

    class Stranding(Staffing):
        def _chain(self, post: PostRef) -> Iterator[tuple[PostRef, How]]:
            return iter(())

    emptied = {**staffing.holders, ONE: ()}
    stranding = Stranding(**{**replace(staffing).__dict__, "holders": emptied})
    with pytest.raises(AssertionError):
        _everything_is_answered(stranding)
