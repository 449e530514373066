"""Leave: who may say it, what is handed over to whom and why, and that nobody's words go where they should not."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from commonground.core.acts import HANDOVER, Audience, GoUp, PostRef, Side, Write
from commonground.core.procedure import OFFICE, Deed
from commonground.core.standing import Standing
from commonground.people.access import Scope, scopes_of
from commonground.people.administering import NotInCharge
from commonground.people.changes import Change
from commonground.people.models import Absence, DirectoryChange, Holding, Person, Post
from commonground.people.staffing import How
from commonground.record import store
from commonground.usecases import clock
from commonground.usecases.leave import (
    Handover,
    Leave,
    handover,
    leave_note,
    people_below,
    said_of,
    say_away,
    say_back,
    while_away,
)
from commonground.usecases.reading import read
from commonground.usecases.staff.checks import Mistake
from tests.partnership import Small, small

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = clock.today()
NEXT_WEEK = (TODAY + timedelta(days=1), TODAY + timedelta(days=8))


@pytest.fixture
def riverside(transactional_db: None) -> Small:
    return small()


def seats(partnership: Small, post: PostRef) -> tuple[Scope, tuple[Scope, ...]]:
    """The seat that somebody acts in, and all of theirs."""
    scopes = scopes_of(partnership.person(post), TODAY)
    return next(one for one in scopes if one.seat == post), scopes


def handed_over(partnership: Small, by: PostRef, whose: PostRef | None = None) -> Handover:
    return handover(*seats(partnership, by), Leave(partnership.person(whose or by), *NEXT_WEEK))


def deputise(partnership: Small, post: PostRef, name: str = "a-deputy") -> str:
    row = Post.objects.get(agency_id=post.agency, post=post.post)
    deputy = Person.objects.create(key=name, full_name="Kim Deputising")
    Holding.objects.create(post=row, person=deputy, deputy=1, from_on=date(2020, 1, 1))
    return name


# --- Who may say it ---------------------------------------------------------------------------------------------------


def test_one_says_it_of_oneself_and_a_manager_of_those_below(riverside: Small) -> None:
    worker, manager, other = (
        riverside.post("school"),
        riverside.post("school", "first-line"),
        riverside.post("health"),
    )
    below = {person.key for person in people_below(*seats(riverside, manager))}
    assert riverside.person(worker) in below
    assert not below & {riverside.person(manager), riverside.person(other)}
    assert not below & {riverside.person(riverside.post("school", "senior"))}
    assert people_below(*seats(riverside, worker)) == ()

    for by, whose in ((worker, worker), (manager, worker)):
        assert say_away(*seats(riverside, by), Leave(riverside.person(whose), *NEXT_WEEK)) is None
    (absence,) = Absence.objects.all()  # said twice, noted once
    assert (absence.person_id, absence.from_on, absence.to_on) == (riverside.person(worker), *NEXT_WEEK)
    (change,) = DirectoryChange.objects.filter(what=Change.AWAY)
    assert change.by == riverside.person(worker)

    for by, whose in ((worker, manager), (manager, other), (riverside.post("partnership", OFFICE), worker)):
        with pytest.raises(NotInCharge):
            say_away(*seats(riverside, by), Leave(riverside.person(whose), *NEXT_WEEK))
        with pytest.raises(NotInCharge):
            handed_over(riverside, by, whose)


def test_somebody_with_a_post_above_is_not_below_whatever_else_they_hold(riverside: Small) -> None:
    worker, manager = riverside.post("school"), riverside.post("school", "first-line")
    senior = Post.objects.get(agency_id=worker.agency, post="senior")
    Holding.objects.create(post=senior, person_id=riverside.person(worker), from_on=date(2020, 1, 1))
    assert riverside.person(worker) not in {person.key for person in people_below(*seats(riverside, manager))}


def test_the_last_day_is_not_before_the_first(riverside: Small) -> None:
    worker = riverside.post("school")
    wrong = Leave(riverside.person(worker), NEXT_WEEK[1], NEXT_WEEK[0])
    assert isinstance(say_away(*seats(riverside, worker), wrong), Mistake)
    assert not Absence.objects.exists()


# --- What is handed over, and to whom ---------------------------------------------------------------------------------


def test_the_deputy_has_what_needs_the_post(riverside: Small) -> None:
    disagreement, _ = riverside.raised(clock.now())
    asked = riverside.owner(disagreement)
    deputy = deputise(riverside, asked)
    found = handed_over(riverside, asked)
    ((row,), (post,)) = found.rows, found.posts
    assert (row.disagreement, row.has_move) == (disagreement, True)
    for covered in (row.covered, post):
        ((answers),) = covered.answers
        assert (answers.on, answers.answering.people, answers.answering.how) == (NEXT_WEEK[0], (deputy,), How.DEPUTY)
        assert not covered.uncovered
    assert found.names[deputy] == "Kim Deputising"


def test_without_a_deputy_the_next_tier_answers_and_it_is_said_that_nobody_covers(riverside: Small) -> None:
    disagreement, _ = riverside.raised(clock.now())
    asked = riverside.owner(disagreement)
    (post,) = handed_over(riverside, asked).posts
    assert post.answers[0].answering.how is How.NEXT_TIER
    assert post.uncovered


def test_a_deputy_who_goes_away_in_between_is_seen_from_that_day(riverside: Small) -> None:
    asked = riverside.owner(riverside.raised(clock.now())[0])
    deputy = deputise(riverside, asked)
    gone, back = TODAY + timedelta(days=3), TODAY + timedelta(days=5)
    Absence.objects.create(person_id=deputy, from_on=gone, to_on=back)
    (post,) = handed_over(riverside, asked).posts
    assert [(one.on, one.answering.how) for one in post.answers] == [
        (NEXT_WEEK[0], How.DEPUTY),
        (gone, How.NEXT_TIER),
        (back + timedelta(days=1), How.DEPUTY),
    ]
    assert post.uncovered


def test_what_is_due_while_they_are_away_is_in_the_list_and_what_is_due_later_is_not(riverside: Small) -> None:
    disagreement, _ = riverside.raised(clock.now())
    school = riverside.post("school")
    waits = riverside.standing(disagreement).waits
    assert waits is not None
    assert waits.due is not None
    due_on = waits.due.on
    me = riverside.person(school)

    def listed(from_on: date, to_on: date) -> list[bool]:
        found = handover(*seats(riverside, school), Leave(me, from_on, to_on))
        return [row.has_move for row in found.rows]

    assert listed(due_on, due_on) == [False]
    assert listed(due_on + timedelta(days=1), due_on + timedelta(days=9)) == []
    assert listed(TODAY - timedelta(days=9), due_on - timedelta(days=1)) == []


def test_what_somebody_raised_alone_goes_to_who_serves_and_not_to_a_colleague(riverside: Small) -> None:
    disagreement, _ = riverside.raised(clock.now())
    school = riverside.post("school")
    colleague = Person.objects.create(key="colleague", full_name="A Colleague")
    row = Post.objects.get(agency_id=school.agency, post=school.post)
    Holding.objects.create(post=row, person=colleague, from_on=date(2020, 1, 1))
    found = handover(*seats(riverside, school), Leave(riverside.person(school), TODAY, None))
    assert [one.answers[0].answering.people for one in found.posts] == [("colleague",)]
    assert [one.disagreement for one in found.rows] == [disagreement]
    assert found.rows[0].covered.answers[0].answering.how is How.NEXT_TIER


def test_a_manager_sees_of_it_what_the_manager_reaches(riverside: Small) -> None:
    riverside.raised(clock.now())
    manager, worker = riverside.post("school", "first-line"), riverside.post("school")
    found = handover(*seats(riverside, manager), Leave(riverside.person(worker), TODAY, None))
    assert found.rows == ()
    assert [one.post for one in found.posts] == [worker]


def test_what_a_colleague_raised_alone_is_not_handed_over_with_it(riverside: Small) -> None:
    disagreement, _ = riverside.raised(clock.now() - timedelta(minutes=5))
    school, manager = riverside.post("school"), riverside.post("school", "first-line")
    row = Post.objects.get(agency_id=school.agency, post=school.post)
    colleague = Person.objects.create(key="colleague", full_name="A Colleague")
    Holding.objects.create(post=row, person=colleague, from_on=date(2020, 1, 1))
    riverside.does(disagreement, school, GoUp(), clock.now())  # now the manager has a part in it

    def rows(person: str) -> list[UUID]:
        found = handover(*seats(riverside, manager), Leave(person, TODAY, None))
        return [one.disagreement for one in found.rows]

    assert rows(riverside.person(school)) == [disagreement]
    assert rows("colleague") == []


def test_somebody_alone_in_their_agency_is_answered_for_by_the_office(riverside: Small) -> None:
    asked = riverside.owner(riverside.raised(clock.now())[0])
    others = Holding.objects.filter(post__agency_id=asked.agency).exclude(post__post=asked.post)
    others.delete()
    (post,) = handed_over(riverside, asked).posts
    assert post.answers[0].answering.how is How.OFFICE
    assert say_away(*seats(riverside, asked), Leave(riverside.person(asked), *NEXT_WEEK)) is None  # never barred


# --- The note ---------------------------------------------------------------------------------------------------------


def test_a_note_is_for_ones_own_agency_and_does_nothing_else(riverside: Small) -> None:
    disagreement, _ = riverside.raised(clock.now() - timedelta(minutes=5))
    school, asked = riverside.post("school"), riverside.owner(disagreement)
    before, command = riverside.standing(disagreement), uuid4()
    for _ in range(2):
        assert leave_note(*seats(riverside, school), disagreement, "Ring the school nurse first.", command)
    acts = store.read(disagreement)
    assert [act.ask for act in acts[1:]] == [Write(HANDOVER)]
    (said,) = acts[1].said
    assert (said.audience, said.controller) == (Audience.OWN_AGENCY, school.agency)
    after = riverside.standing(disagreement)
    assert _but_position(after) == _but_position(before)
    assert acts[1].marks == ()
    assert [len(read(riverside.scope(post), disagreement).words.get(2, ())) for post in (school, asked)] == [1, 0]


def test_a_note_is_not_taken_for_what_the_stage_asks_to_be_written(riverside: Small) -> None:
    disagreement, _ = riverside.raised(clock.now() - timedelta(minutes=5))
    for _ in range(2):
        riverside.does(disagreement, riverside.post("school"), GoUp(), clock.now() - timedelta(minutes=4))
    here = riverside.standing(disagreement)
    asked = [step.key for step in riverside.procedure.stage(here.route, here.stage).steps if step.do is Deed.WRITE]
    speaks = here.owner_of(Side.CHALLENGING).post
    assert asked
    assert not here.steps
    leave_note(*seats(riverside, speaks), disagreement, "Ring the school first.", uuid4())
    assert not riverside.standing(disagreement).steps
    riverside.does(disagreement, speaks, Write(""), clock.now(), words="This is what we ask for.")
    assert set(riverside.standing(disagreement).steps) == set(asked)


def _but_position(here: Standing) -> tuple[object, ...]:
    return here.steps, here.noted, here.limits, here.waits, here.entered, here.answer


def test_nobody_leaves_a_note_in_what_they_do_not_reach(riverside: Small) -> None:
    disagreement, _ = riverside.raised(clock.now())
    assert not leave_note(*seats(riverside, riverside.post("police")), disagreement, "x", uuid4())
    assert len(store.read(disagreement)) == 1


# --- Back -------------------------------------------------------------------------------------------------------------


def test_one_is_back_today_and_what_is_to_come_is_taken_back(riverside: Small) -> None:
    worker, manager = riverside.post("school"), riverside.post("school", "first-line")
    me = riverside.person(worker)
    ago = Absence.objects.create(person_id=me, from_on=TODAY - timedelta(days=3), to_on=TODAY + timedelta(days=3))
    to_come = Absence.objects.create(person_id=me, from_on=TODAY + timedelta(days=9))
    for absence in (ago, to_come):
        with pytest.raises(NotInCharge):
            say_back(seats(riverside, manager)[0], absence.pk)
        say_back(seats(riverside, worker)[0], absence.pk)
    (left,) = Absence.objects.all()
    assert left.to_on == TODAY - timedelta(days=1)
    assert said_of(seats(riverside, worker)[0]) == ()


def test_somebody_sees_who_said_that_they_are_away(riverside: Small) -> None:
    worker, manager = riverside.post("school"), riverside.post("school", "first-line")
    say_away(*seats(riverside, manager), Leave(riverside.person(worker), *NEXT_WEEK))
    (said,) = said_of(seats(riverside, worker)[0])
    assert (said.began, said.by) == (False, "Pat School First-Line")


def test_on_return_one_sees_what_others_did_meanwhile(riverside: Small) -> None:
    now = clock.now()
    school = riverside.post("school")
    quiet, _ = riverside.raised(now - timedelta(days=20), against="health")
    disagreement, _ = riverside.raised(now - timedelta(days=10))
    scope, scopes = seats(riverside, school)
    assert while_away(scope, scopes).leave is None
    Absence.objects.create(person_id=scope.person, from_on=TODAY - timedelta(days=5), to_on=TODAY - timedelta(days=1))
    assert while_away(scope, scopes).rows == ()
    asked = riverside.owner(disagreement)
    riverside.does(disagreement, asked, Write(""), now - timedelta(days=2), words="We will visit.")
    leave_note(scope, scopes, quiet, "My own doing is no news to me.", uuid4())
    found = while_away(scope, scopes)
    assert [(row.listed.reference, row.acts) for row in found.rows] == [
        (store.standing_row(disagreement).reference, 1)  # type: ignore[union-attr]
    ]
    assert while_away(*seats(riverside, riverside.post("police"))).rows == ()
