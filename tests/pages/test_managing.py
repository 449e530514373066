"""Pages for managers: a brief, who is stuck, handing over before leave, contacts, and actions after an ending."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonground.core.acts import (
    Action,
    Answer,
    Ask,
    Confirm,
    GoUp,
    Medium,
    Note,
    PostRef,
    Propose,
    Reply,
    Report,
    Side,
    Talk,
)
from commonground.core.procedure import OFFICE
from commonground.core.standing import Phase
from commonground.people.access import Why, scopes_of
from commonground.people.administering import Charge
from commonground.people.changes import Change, note
from commonground.people.models import Absence, Administrator, Agency, DirectoryChange, Holding, Part, Person, Post
from commonground.people.staffing import How
from commonground.record.several import acts_of
from commonground.usecases import clock
from commonground.usecases.actions import State, Whose, agreed_actions
from commonground.usecases.contacts import confirm, confirmed_on, is_old
from commonground.usecases.situation import calendar_of
from commonground.usecases.staff.posts import PostDetails, change_post
from commonground.usecases.stuck import since_when, who_is_stuck
from commonground.usecases.sweep import sweep
from commonground.web.pages.leave import words_of_how
from commonground.wording import day, moment
from tests.pages.reading import be, text_of
from tests.partnership import Small

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(client: Client, partnership: Small, post: PostRef, address: str) -> str:
    answer = be(client, partnership, post).get(address)
    assert answer.status_code == 200, answer
    return text_of(answer.content)


# --- The brief --------------------------------------------------------------------------------------------------------


def test_the_brief_says_whose_move_what_each_side_says_and_whom_to_ring(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now() - timedelta(hours=1), words="Two visits were missed. " * 40)
    page = page_of(client, riverside, riverside.post("school"), f"/d/{reference}/brief")
    assert page.count("Two visits were missed.") == 7
    assert "Two visits…" in page
    assert "Nothing written that both sides see." in page
    owner = riverside.owner(disagreement)
    assert f"Pat {'Social-Care'} {owner.post.title()}" in page
    assert "01632 960100" in page
    assert "Nobody has confirmed this number yet." in page
    assert "Whose move" in page
    assert "If it is not" in page  # what happens if nobody acts


def test_the_brief_says_what_silence_did(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now() - timedelta(days=30))
    waits = riverside.standing(disagreement).waits
    assert waits is not None
    assert waits.due is not None
    sweep(at=waits.due.at + timedelta(seconds=1))
    page = page_of(client, riverside, riverside.post("school"), f"/d/{reference}/brief")
    assert "with nothing recorded" in page or "It went up by silence once" in page


def test_the_brief_has_no_words_for_the_office_and_is_not_there_for_strangers(client: Client, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now())
    page = page_of(client, riverside, riverside.post("partnership", OFFICE), f"/d/{reference}/brief")
    assert "Two visits" not in page
    assert "Pat School" not in page
    assert "01632 960100" in page
    be(client, riverside, riverside.post("police"))
    assert client.get(f"/d/{reference}/brief").status_code == 404


def test_the_disagreement_leads_to_its_brief(client: Client, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now())
    be(client, riverside, riverside.post("school"))
    assert f'href="/d/{reference}/brief"' in client.get(f"/d/{reference}").content.decode()


def test_after_going_up_the_brief_has_the_next_stage(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now() - timedelta(hours=2))
    riverside.does(disagreement, riverside.post("school"), GoUp(), clock.now() - timedelta(hours=1))
    page = page_of(client, riverside, riverside.post("school"), f"/d/{reference}/brief")
    assert riverside.procedure.route(riverside.standing(disagreement).route).stages[1].heading in page


# --- Who is stuck -----------------------------------------------------------------------------------------------------


def test_who_is_stuck_names_the_post_that_has_the_move_overdue_first(client: Client, riverside: Small) -> None:
    now = clock.now()
    old, late = riverside.raised(now - timedelta(days=30))
    _, fresh = riverside.raised(now - timedelta(hours=1), against="health")
    found = who_is_stuck([riverside.scope(riverside.post("school"))])
    assert [one.post for one in found.posts] == [riverside.owner(old), riverside.owner(riverside.find(fresh))]
    assert [(one.open, one.overdue) for one in found.posts] == [(1, 1), (1, 0)]
    assert [row.listed.reference for one in found.posts for row in one.rows] == [late, fresh]
    assert (found.open, found.overdue, found.everywhere) == (2, 1, False)
    page = page_of(client, riverside, riverside.post("school"), "/stuck")
    assert "2 are open, and 1 is overdue." in page
    assert "1 overdue" in page
    assert "Pat Social-Care" in page
    assert "01632 960100" in page
    assert "Two visits" not in page


def test_a_wait_counts_from_when_the_post_got_the_move_whatever_is_added_meanwhile(riverside: Small) -> None:
    raised_at = datetime(2026, 4, 13, 9, 0, tzinfo=UTC)  # a Monday
    disagreement, _ = riverside.raised(raised_at)
    riverside.does(disagreement, riverside.post("school"), Note(approved=True), datetime(2026, 4, 15, 9, tzinfo=UTC))
    acts = acts_of([disagreement])[disagreement]
    assert len(acts) == 2
    assert since_when(acts, riverside.owner(disagreement)) == raised_at
    assert since_when(acts[1:], riverside.owner(disagreement)) is None
    ((row,),) = [one.rows for one in who_is_stuck([riverside.scope(riverside.post("school"))]).posts]
    assert row.since == raised_at
    england = calendar_of("england-and-wales")
    assert row.working_days == england.working_days_between(raised_at.date(), clock.today())
    assert row.working_days > 5


def test_a_wait_begins_again_with_each_move(riverside: Small) -> None:
    disagreement, _ = riverside.raised(datetime(2026, 4, 13, 9, 0, tzinfo=UTC))
    replied_at = datetime(2026, 4, 14, 9, 0, tzinfo=UTC)
    asked = riverside.owner(disagreement)
    acts: tuple[Ask, ...] = (Talk(Medium.TELEPHONE), Reply(Answer.DISAGREE))
    for step, act in enumerate(acts):
        riverside.does(disagreement, asked, act, replied_at + timedelta(minutes=step), reasons="We see no need.")
    owner = riverside.owner(disagreement)
    assert owner != asked
    since = since_when(acts_of([disagreement])[disagreement], owner)
    assert since is not None
    assert since >= replied_at


def test_somebody_with_no_part_finds_nobody_stuck(client: Client, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now())
    manager = riverside.post("school", "senior")  # its stage is not reached, so it need not know yet
    for post in (manager, riverside.post("police")):
        page = page_of(client, riverside, post, "/stuck")
        assert "Nothing is open that you can see." in page
        assert reference not in page


def test_the_office_sees_all_of_it_by_dates_and_posts_alone(client: Client, riverside: Small) -> None:
    references = [riverside.raised(clock.now(), against=kind)[1] for kind in ("social-care", "health")]
    page = page_of(client, riverside, riverside.post("partnership", OFFICE), "/stuck")
    assert all(reference in page for reference in references)
    assert "Pat " not in page
    assert "nobody named" not in page
    assert "01632 960100" in page


def test_who_is_stuck_asks_the_same_of_the_database_however_many_wait(client: Client, riverside: Small) -> None:
    kinds = ("social-care", "health", "police")
    for kind in kinds:
        riverside.raised(clock.now(), against=kind)
    school = riverside.post("school")
    few = queries(client, riverside, school, "/stuck")
    for kind in kinds * 4:
        riverside.raised(clock.now(), against=kind)
    assert queries(client, riverside, school, "/stuck") == few


def queries(client: Client, partnership: Small, post: PostRef, address: str) -> int:
    """Count the questions that a page puts to the database, once everything that is kept has been read."""
    be(client, partnership, post).get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_my_list_leads_there(client: Client, riverside: Small) -> None:
    be(client, riverside, riverside.post("school"))
    assert 'href="/stuck"' in client.get("/list").content.decode()


# --- Contacts ---------------------------------------------------------------------------------------------------------


def value(post: PostRef) -> str:
    return f"{post.agency} {post.post}"


def test_whoever_is_in_a_post_confirms_its_number_once_a_day(client: Client, riverside: Small) -> None:
    school = riverside.post("school")
    page = page_of(client, riverside, school, "/contacts")
    assert "01632 960100" in page
    assert "Nobody has confirmed this number yet. Please check it." in page
    for _ in range(2):
        answer = client.post("/contacts", {"post": value(school)}, follow=True)
        assert f"Last confirmed on {day(clock.today())}." in text_of(answer.content)
        assert "Confirmed today: The professional at Elm Road School" in text_of(answer.content)
    (row,) = DirectoryChange.objects.filter(what=Change.CONTACT_CONFIRMED)
    assert (row.by, row.agency, row.about) == (riverside.person(school), school.agency, {"post": school.post})


def test_the_brief_says_when_the_number_was_last_confirmed(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now())
    asked = riverside.owner(disagreement)
    confirm(riverside.person(asked), [riverside.scope(asked)], (), asked)
    page = page_of(client, riverside, riverside.post("school"), f"/d/{reference}/brief")
    assert page.count(f"Last confirmed on {day(clock.today())}.") == 1
    assert page.count("Nobody has confirmed this number yet.") == 1


def test_nobody_confirms_for_a_post_that_is_not_theirs(client: Client, riverside: Small) -> None:
    be(client, riverside, riverside.post("school"))
    for post in (riverside.post("health"), riverside.post("school", "senior"), PostRef("nowhere", "nobody")):
        assert client.post("/contacts", {"post": value(post)}).status_code == 404
    assert not DirectoryChange.objects.exists()
    assert client.post("/contacts", {}).status_code == 200


def test_whoever_serves_for_an_empty_post_does_not_confirm_it(client: Client, riverside: Small) -> None:
    asked, manager = riverside.post("school"), riverside.post("school", "first-line")
    Absence.objects.create(person_id=riverside.person(asked), from_on=clock.today())
    be(client, riverside, manager)
    assert any(scope.seat == asked for scope in scopes_of(riverside.person(manager), clock.today()))
    assert client.post("/contacts", {"post": value(asked)}).status_code == 404


def test_whoever_looks_after_an_agency_confirms_its_posts(client: Client, riverside: Small) -> None:
    manager, other = riverside.post("school", "senior"), riverside.post("school")
    Administrator.objects.create(
        person_id=riverside.person(manager), agency_id=manager.agency, from_on=date(2020, 1, 1)
    )
    page = page_of(client, riverside, manager, "/contacts")
    assert "Posts you look after" in page
    assert client.post("/contacts", {"post": value(other)}).status_code == 302
    assert confirmed_on([other]) == {other: clock.today()}


def test_an_administrator_without_a_post_confirms_on_the_page_of_the_post(client: Client, riverside: Small) -> None:
    manager, other = riverside.post("school", "senior"), riverside.post("school")
    Administrator.objects.create(
        person_id=riverside.person(manager), agency_id=manager.agency, from_on=date(2020, 1, 1)
    )
    address = f"/administration/agency/{other.agency}/post/{other.post}"
    assert "Nobody has confirmed this number yet." in page_of(client, riverside, manager, address)
    assert "This is still right" in text_of(client.get(f"{address}/still-right").content)
    answer = client.post(f"{address}/still-right", follow=True)
    assert f"Last confirmed on {day(clock.today())}." in text_of(answer.content)


def test_a_new_number_counts_as_confirmed_and_a_new_title_does_not(riverside: Small) -> None:
    school = riverside.post("school")
    admin = Charge(riverside.person(school), agency=school.agency)
    change_post(admin, school, PostDetails(title="Head of pastoral care"), clock.now())
    assert confirmed_on([school]) == {}
    change_post(admin, school, PostDetails(title="Head of pastoral care", telephone="01632 960107"), clock.now())
    assert confirmed_on([school]) == {school: clock.today()}


def test_the_office_sees_what_nobody_has_confirmed_for_six_months(client: Client, riverside: Small) -> None:
    school, office = riverside.post("school"), riverside.post("partnership", OFFICE)
    before = page_of(client, riverside, office, "/contacts")
    assert "Not confirmed for 6 months" in before
    assert "The professional at Elm Road School" in before
    note(Change.CONTACT_CONFIRMED, "x", clock.now() - timedelta(days=170), {"post": school.post}, agency=school.agency)
    assert "The professional at Elm Road School" not in page_of(client, riverside, office, "/contacts")
    assert "Not confirmed for" not in page_of(client, riverside, school, "/contacts")


@pytest.mark.parametrize(
    ("confirmed", "today", "old"),
    [
        (None, date(2026, 4, 1), True),
        (date(2025, 10, 2), date(2026, 4, 1), False),
        (date(2025, 10, 1), date(2026, 4, 1), True),
        (date(2025, 8, 31), date(2026, 2, 28), False),
        (date(2025, 8, 31), date(2026, 3, 1), True),
    ],
)
def test_a_number_is_old_after_six_months(confirmed: date | None, today: date, old: bool) -> None:
    assert is_old(confirmed, today) is old


def test_contacts_ask_the_same_of_the_database_however_many_there_are(client: Client, riverside: Small) -> None:
    office = riverside.post("partnership", OFFICE)
    few = queries(client, riverside, office, "/contacts")
    school = Agency.objects.get(key=riverside.agency("school"))
    for number in range(12):
        post = Post.objects.create(agency=school, post=f"post-{number}")
        person = Person.objects.create(key=f"somebody-{number}", full_name="Some Body")
        Holding.objects.create(post=post, person=person, from_on=date(2020, 1, 1))
    assert queries(client, riverside, office, "/contacts") == few


# --- Actions after an ending ------------------------------------------------------------------------------------------


def ended(partnership: Small, *due: date, against: str = "social-care") -> tuple[UUID, str, PostRef]:
    """End one with an action for the side that was asked by each of some dates, and one for who raised it."""
    at = clock.now() - timedelta(days=20)
    disagreement, reference = partnership.raised(at, against=against)
    school, asked = partnership.post("school"), partnership.standing(disagreement).owner_of(Side.RESPONDING).post
    for post in (school, asked):
        partnership.does(disagreement, post, Note(approved=True), at + timedelta(hours=1), note="What was said.")
    route, stage = partnership.standing(disagreement).visited[-1].split("/")
    ending = partnership.procedure.stage(route, stage).endings[0]
    actions = [Action(str(number), asked, on) for number, on in enumerate(due, start=1)]
    outcome = Propose(ending, (*actions, Action("mine", school, date(2099, 1, 5))), open_issues=False)
    at += timedelta(hours=2)
    partnership.does(disagreement, school, outcome, at, outcome="A visit.", action_1="Visit the child at home")
    for post in (school, asked):
        partnership.does(disagreement, post, Confirm(), at + timedelta(hours=1))
    assert partnership.standing(disagreement).phase is Phase.ENDED
    return disagreement, reference, asked


def test_actions_are_listed_by_whose_they_are_overdue_first(client: Client, riverside: Small) -> None:
    today = clock.today()
    disagreement, reference, asked = ended(riverside, today + timedelta(days=9), today - timedelta(days=9), today)
    riverside.does(disagreement, asked, Report("3", done=True), clock.now(), words="Done.")
    found = agreed_actions([riverside.scope(asked)])
    assert [(one.number, one.state, one.whose) for one in found.actions] == [
        (2, State.OVERDUE, Whose.MINE),
        (1, State.TO_DO, Whose.MINE),
        (4, State.TO_DO, Whose.OTHERS),
        (3, State.DONE, Whose.MINE),
    ]
    page = page_of(client, riverside, asked, "/actions")
    assert "3 are still to do, and 1 is overdue." in page
    assert page.index("Yours") < page.index("Others’")
    assert "The partnership’s office chases it. We have not asked again yet." in page
    assert "Reported as done at" in page
    assert "Visit the child" not in page
    assert f'href="/d/{reference}/report"' in client.get("/actions").content.decode()


def test_an_overdue_action_says_when_it_was_last_asked_after(client: Client, riverside: Small) -> None:
    _, reference, asked = ended(riverside, clock.today() - timedelta(days=9))
    now = clock.now()
    sweep(at=now)
    page = page_of(client, riverside, asked, "/actions")
    assert f"We last asked again at {moment(now)}." in page
    brief = page_of(client, riverside, asked, f"/d/{reference}/brief")
    late, promised = brief.index("What is late"), brief.index("What was promised")
    assert brief.rindex("Visit the child at home") > late > promised
    assert "Who has it" not in brief


def test_what_colleagues_have_to_do_is_their_agencys(riverside: Small) -> None:
    disagreement, _, asked = ended(riverside, clock.today())
    lead = riverside.post("social-care", "first-line")
    Part.objects.create(
        partnership_id=riverside.key,
        disagreement=disagreement,
        agency=lead.agency,
        post=lead.post,
        why=Why.TOLD,
        from_at=clock.now(),
    )
    assert asked != lead
    found = agreed_actions([riverside.scope(lead)]).actions
    assert {one.number: one.whose for one in found} == {1: Whose.AGENCY, 2: Whose.OTHERS}
    assert found[0].state is State.TO_DO  # due today is not overdue


def test_the_office_has_all_actions_and_strangers_none(client: Client, riverside: Small) -> None:
    _, reference, _ = ended(riverside, clock.today() - timedelta(days=1))
    page = page_of(client, riverside, riverside.post("partnership", OFFICE), "/actions")
    assert "All of the partnership" in page
    assert reference in page
    assert "Pat " not in page
    assert "Visit the child" not in page
    page = page_of(client, riverside, riverside.post("police"), "/actions")
    assert reference not in page
    assert "Nothing has ended with an action that you can see." in page


def test_actions_ask_the_same_of_the_database_however_many_there_are(client: Client, riverside: Small) -> None:
    ended(riverside, clock.today())
    few = queries(client, riverside, riverside.post("school"), "/actions")
    for kind in ("social-care", "health", "police"):
        ended(riverside, clock.today(), against=kind)
    assert queries(client, riverside, riverside.post("school"), "/actions") == few


# --- Leave ------------------------------------------------------------------------------------------------------------


def boxes(first: date | None, last: date | None = None) -> dict[str, str]:
    """A form's date boxes, as a browser sends them."""
    days = (("from_on", first), ("to_on", last))
    return {
        f"{name}-{part}": str(getattr(on, part)) if on else "" for name, on in days for part in ("day", "month", "year")
    }


def carried(content: bytes) -> dict[str, str]:
    """What the second page of a leave sends again, as a browser would."""
    inputs = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', content.decode())
    return {name: value for name, value in inputs if name != "csrfmiddlewaretoken"}


def test_leave_is_checked_noted_and_leaves_notes_and_sent_twice_is_noted_once(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now())
    asked, begins = riverside.owner(disagreement), clock.today() + timedelta(days=1)
    be(client, riverside, asked)
    answer = client.post("/leave", boxes(begins, begins + timedelta(days=7)))
    page = text_of(answer.content)
    assert "Nothing is noted yet." in page
    assert reference in page
    assert "Pat Social-Care First-Line answers. They are the next tier up" in page
    assert "Nobody is the deputy of" in page
    assert not Absence.objects.exists()

    sent = carried(answer.content) | {f"note-{reference}": "Ring the school first."}
    for _ in range(2):
        done = client.post("/leave", sent, follow=True)
        assert "It is noted." in text_of(done.content)
    assert Absence.objects.count() == 1
    assert riverside.standing(disagreement).position == 2
    assert "Ring the school first." in page_of(client, riverside, asked, f"/d/{reference}")
    assert "left a note for whoever answers while its writer is away" in text_of(client.get(f"/d/{reference}").content)
    theirs = page_of(client, riverside, riverside.post("school"), f"/d/{reference}")
    assert "Ring the school first." not in theirs


def test_a_note_that_is_too_long_is_kept_in_its_box_and_nothing_is_noted(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now())
    be(client, riverside, riverside.owner(disagreement))
    sent = carried(client.post("/leave", boxes(clock.today())).content)
    answer = client.post("/leave", sent | {f"note-{reference}": "Far too long. " * 2000})
    page = text_of(answer.content)
    assert page.startswith("Error: ")
    assert "You wrote 28,000 characters. The most that can be sent is 20,000" in page
    assert "Far too long. Far too long." in page
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Enter the first day away"),
        (boxes(date(2026, 4, 2), date(2026, 4, 1)), "The last day away must not be before the first"),
        (boxes(date(2026, 4, 2)) | {"from_on-month": "13"}, "The date must be a real date"),
        (boxes(date(2026, 4, 2)) | {"person": "riverside-health-senior"}, "Choose one of these"),
    ],
)
def test_what_is_wrong_with_a_leave_is_said(client: Client, riverside: Small, sent: dict[str, str], said: str) -> None:
    be(client, riverside, riverside.post("school", "first-line"))
    page = text_of(client.post("/leave", sent).content)
    assert page.startswith("Error: ")
    assert said in page
    assert not Absence.objects.exists()


def test_a_manager_says_it_for_somebody_below_who_can_mend_it(client: Client, riverside: Small) -> None:
    worker, manager = riverside.post("school"), riverside.post("school", "first-line")
    be(client, riverside, manager)
    answer = client.post("/leave", boxes(clock.today()) | {"person": riverside.person(worker)})
    assert "Pat School Practitioner is away from" in text_of(answer.content)
    client.post("/leave", carried(answer.content))
    page = page_of(client, riverside, worker, "/leave")
    assert "Pat School First-Line said so" in page
    assert "until somebody says otherwise" in page
    (absence,) = Absence.objects.all()
    be(client, riverside, riverside.post("health"))
    assert client.post(f"/leave/{absence.pk}/back").status_code == 404
    be(client, riverside, worker)
    assert client.post(f"/leave/{absence.pk}/back").status_code == 302
    assert not Absence.objects.exists()


def test_on_return_the_page_says_what_happened_and_whose_move_it_is(client: Client, riverside: Small) -> None:
    now, school = clock.now(), riverside.post("school")
    disagreement, reference = riverside.raised(now - timedelta(days=9))
    Absence.objects.create(person_id=riverside.person(school), from_on=clock.today() - timedelta(days=5))
    riverside.does(disagreement, riverside.owner(disagreement), Reply(Answer.DISAGREE), now - timedelta(days=2))
    page = page_of(client, riverside, school, "/while-away")
    assert reference in page
    assert "1 thing was recorded, the last at" in page
    assert "The next move is yours." in page
    assert "What happened while you were away" in page_of(client, riverside, school, "/leave")
    assert reference not in page_of(client, riverside, riverside.post("police"), "/while-away")


def test_handing_over_asks_the_same_of_the_database_however_much_there_is(client: Client, riverside: Small) -> None:
    riverside.raised(clock.now())
    asked = riverside.post("social-care")
    few = asked_in_handover(client, riverside, asked)
    for _ in range(7):
        riverside.raised(clock.now())
    assert asked_in_handover(client, riverside, asked) == few


def asked_in_handover(client: Client, partnership: Small, post: PostRef) -> int:
    sent = boxes(clock.today(), clock.today() + timedelta(days=3))
    be(client, partnership, post).post("/leave", sent)
    with CaptureQueriesContext(connection) as asked:
        assert "Nothing is noted yet." in text_of(client.post("/leave", sent).content)
    return len(asked)


def test_every_way_of_answering_has_words() -> None:
    assert len({words_of_how(how) for how in How}) == len(How)
