"""A meeting in the record: whom it brings in, who is told, what marks it, and when it counts as the step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from commonground.core.acts import Joined, Mark, Meet, Meets, PostRef, Rounds, StepDone
from commonground.core.meetings import Meeting, MeetingState, meetings_of
from commonground.core.setting import Agency
from commonground.core.telling import Beside, tell
from tests.core.small import small
from tests.story import Story, at, setting_for

POLICE, HEAD = PostRef("police", "senior"), PostRef("school", "manager")
CARE = PostRef("social-care", "manager")
MEETING = UUID(int=2)
LATER = at("2026-03-05 14:00")


@pytest.fixture
def managers() -> Story:
    setting = setting_for(small())
    police = Agency("police", "police", frozenset({"senior", "worker"}))
    setting = replace(setting, agencies={**setting.agencies, "police": police})
    return Story(setting).raised("referral", start_at="ladder/managers")


def told(story: Story, ask: Meet, by: str = "school") -> dict[str, tuple[str, bool]]:
    """Let it happen, and give what each post is told, and whether at once."""
    before = story.standing
    story.does(ask, by=by)
    notices = tell(story.setting, before, story.standing, story.acts[-1])
    return {f"{one.to.agency} {one.to.post}": (one.about.value, one.urgent) for one in notices}


def test_only_a_meeting_that_was_held_is_the_step(managers: Story) -> None:
    for meets in Meets:
        if meets is not Meets.HELD:
            managers.does(Meet(held=False, meets=meets, meeting=MEETING, meets_at=LATER), by="school")
    assert "meet" not in managers.standing.steps

    managers.does(Meet(held=True, meets=Meets.HELD, meeting=MEETING), by="school")

    assert any(isinstance(one, StepDone) and one.step == "meet" for one in managers.acts[-1].effects)


def test_an_agency_that_is_asked_has_a_part_from_then_on_and_is_not_from_outside(managers: Story) -> None:
    managers.does(Meet(held=False, invited=(POLICE, HEAD, PostRef("nowhere", "senior"))), by="school")
    assert [one for one in managers.acts[-1].effects if isinstance(one, Joined)] == [Joined("police", None)]
    assert managers.standing.others == ("police",)

    marks = managers.does(Meet(held=False, meets=Meets.ANSWERED, meeting=MEETING, present=(POLICE,)), by="police")

    assert Mark.NOT_A_PARTY not in marks


def test_too_few_is_a_mark_and_stops_nothing(managers: Story) -> None:
    assert Mark.NOT_QUORATE not in managers.does(Meet(held=True), by="school")
    assert Mark.NOT_QUORATE not in managers.does(Meet(held=True, quorate=True), by="school")
    assert Mark.NOT_QUORATE in managers.does(Meet(held=True, quorate=False), by="school")


def test_who_is_asked_is_told_and_so_is_whoever_is_not_asked_any_more(managers: Story) -> None:
    called = Meet(held=False, meets_at=LATER, invited=(POLICE, CARE))
    assert told(managers, called) == {
        "police senior": (Beside.INVITED, False),
        "social-care manager": (Beside.INVITED, False),
    }
    changed = Meet(
        held=False, meets=Meets.CHANGED, meeting=MEETING, meets_at=LATER, invited=(CARE, HEAD), told=(POLICE, CARE)
    )
    assert told(managers, changed) == {
        "police senior": (Beside.CANCELLED, False),
        "social-care manager": (Beside.CHANGED, False),
    }
    cancelled = Meet(held=False, meets=Meets.CANCELLED, meeting=MEETING, invited=(CARE,))
    assert told(managers, cancelled) == {"social-care manager": (Beside.CANCELLED, False)}


def test_an_answer_and_what_is_sent_round_tell_those_that_are_named(managers: Story) -> None:
    answer = Meet(held=False, meets=Meets.ANSWERED, meeting=MEETING, apologies=(CARE,), told=(HEAD,))
    assert told(managers, answer, by="social-care") == {"school manager": (Beside.ANSWERED, False)}
    round_ = Meet(held=False, meets=Meets.SENT_ROUND, meeting=MEETING, rounds=(Rounds.MINUTES,), told=(POLICE, CARE))
    assert told(managers, round_) == {
        "police senior": (Beside.SENT_ROUND, False),
        "social-care manager": (Beside.SENT_ROUND, False),
    }


def test_a_meeting_is_what_its_acts_add_up_to(managers: Story) -> None:
    def meeting() -> Meeting:
        return meetings_of(enumerate(managers.acts, 1))[-1]

    school = managers.actor("school").seat
    first = Meet(held=False, meets_at=LATER, ends_at=at("2026-03-05 15:00"), invited=(school, CARE, POLICE))
    managers.does(first, by="school")
    assert (meeting().number, meeting().coming, meeting().unanswered) == (2, (school,), (CARE, POLICE))

    of: dict[str, Any] = {"meeting": meeting().id}
    managers.does(Meet(held=False, meets=Meets.ANSWERED, apologies=(CARE,), **of), by="social-care")
    managers.does(Meet(held=False, meets=Meets.ANSWERED, present=(CARE,), **of), by="social-care")
    assert (meeting().coming, meeting().apologies, meeting().unanswered) == ((school, CARE), (), (POLICE,))

    managers.does(replace(first, meets=Meets.CHANGED, invited=(school, CARE), **of), by="school")
    assert (meeting().changes, meeting().coming) == (1, (school, CARE))
    managers.does(replace(first, meets=Meets.CHANGED, meets_at=at("2026-03-05 14:30"), **of), by="school")
    assert (meeting().changes, meeting().coming) == (2, (school,))

    managers.does(
        Meet(held=True, meets=Meets.HELD, meets_at=at("2026-03-05 16:00"), present=(CARE,), **of), by="school"
    )
    assert (meeting().state, meeting().ends_at, meeting().present) == (MeetingState.HELD, None, (CARE,))
    managers.does(Meet(held=False, meets=Meets.CANCELLED, **of), by="school")
    assert meeting().state is MeetingState.HELD
    assert len(meeting().acts) == 7


@pytest.mark.parametrize(
    ("now", "meets_at", "at_once"),
    [
        pytest.param("2026-03-02 20:00", "2026-03-03 07:30", True, id="before anybody is told in the morning"),
        pytest.param("2026-03-02 20:00", "2026-03-03 15:00", False, id="later than that"),
        pytest.param("2026-03-02 20:00", "2026-03-02 10:30", False, id="written down afterwards"),
    ],
)
def test_a_meeting_tonight_is_told_tonight(managers: Story, now: str, meets_at: str, at_once: bool) -> None:
    managers.now = at(now)
    notices = told(managers, Meet(held=False, meets_at=at(meets_at), invited=(POLICE,)))
    assert notices["police senior"] == (Beside.INVITED, at_once)


def test_whose_move_it_is_hears_that_they_are_asked_and_that_it_is_their_move(managers: Story) -> None:
    before = managers.standing
    assert before.waits is not None
    assert before.waits.owner is not None
    owner = before.waits.owner.post
    by = "school" if owner.agency != "school" else "social-care"
    managers.does(Meet(held=False, meets_at=LATER, invited=(owner,)), by=by)
    notices = tell(managers.setting, before, managers.standing, managers.acts[-1])
    assert [(one.about, one.to_act) for one in notices if one.to == owner] == [(Beside.INVITED, True)]
