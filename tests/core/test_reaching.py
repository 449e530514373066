"""An agency that is known and not on the service: the office has its moves until somebody there was reached."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from commonground.core.acts import Answer as Said
from commonground.core.acts import Because, Flag, Flags, GoUp, Mark, Reply, Side, What
from commonground.core.procedure import HeldIn, Key, Procedure
from commonground.core.setting import Agency, Setting, owner_for, reaching, with_reached
from commonground.core.standing import Phase
from commonground.language.library import shipped
from tests.core.small import small
from tests.story import Story, setting_for

SMALL = small()
BY_KEY = {key: procedure for key, (procedure, _) in shipped().items()}


def away(procedure: Procedure, posts: frozenset[Key] | None = None) -> Setting:
    """A setting in which nobody of social care signs in; `posts` are those that its directory has all the same."""
    whole = setting_for(procedure)
    known = whole.agencies["social-care"]
    absent = replace(known, reached=False, posts=known.posts if posts is None else posts)
    return replace(whole, agencies={**whole.agencies, "social-care": absent})


def test_the_office_reaches_it_and_then_the_stage_begins_for_them() -> None:
    told = Story(away(SMALL)).raised("referral")
    assert Mark.OTHER_SIDE_UNKNOWN in told.acts[0].marks
    waits = told.standing.waits
    assert waits is not None
    assert waits.owner is not None
    assert (waits.owner.post, waits.owner.because, waits.what) == (
        told.setting.office_post,
        Because.REACHING,
        What.REACH,
    )
    assert not told.standing.steps, "raising is not yet writing to them"

    told.does(Flag(Flags.OTHER_SIDE, agency="social-care"), by="partnership")
    told.setting = with_reached(told.setting, "social-care")

    assert told.standing.owner_of(Side.RESPONDING).post.agency == "social-care"
    assert told.standing.steps, "now it is"
    entered = told.standing.entered
    told.does(Reply(Said.DISAGREE), by="social-care")
    told.does(Flag(Flags.OTHER_SIDE, agency="social-care"), by="partnership")
    assert told.standing.entered == entered, "said twice, no clock starts anew"


def test_reached_and_with_no_post_of_its_own_the_office_keeps_the_move_and_the_clock_runs() -> None:
    told = Story(away(SMALL, frozenset())).raised("referral")
    told.does(Flag(Flags.OTHER_SIDE, agency="social-care"), by="partnership")
    assert told.standing.owner_of(Side.RESPONDING).because is Because.OFFICE
    assert told.standing.limits


def test_somebody_else_across_who_can_be_reached_has_the_move() -> None:
    setting = away(SMALL)
    police = Agency("police", "police", setting.agencies["social-care"].posts)
    setting = replace(setting, agencies={**setting.agencies, "police": police})
    told = Story(setting).raised("referral")
    told.does(Flag(Flags.OTHER_SIDE, agency="police"), by="partnership")
    assert told.standing.owner_of(Side.RESPONDING).post.agency == "police"
    assert not reaching(setting, told.standing)


def test_an_agency_of_another_area_is_reached_too() -> None:
    told = Story(setting_for(SMALL))
    told.raised("referral", against="somewhere-else")
    assert told.standing.waits is not None
    assert told.standing.waits.what is What.REACH
    assert Mark.OTHER_SIDE_UNKNOWN in told.acts[0].marks


@pytest.mark.parametrize(("key", "matter"), [(k, m.key) for k, p in BY_KEY.items() for m in p.matters])
def test_in_every_shipped_procedure_it_has_an_owner_and_a_date_up_to_the_top(key: Key, matter: Key) -> None:
    procedure = BY_KEY[key]
    told = Story(away(procedure)).raised(matter)
    for _ in range(12):
        waits = told.standing.waits
        assert waits is not None
        assert waits.owner is not None
        assert waits.owner.post.agency != "social-care", "nobody signs in there"
        assert waits.due is not None
        _across_is_the_office(told)
        told.silence()
    while told.standing.phase is Phase.OPEN and (before := len(told.standing.visited)) < 30:
        told.does(GoUp(), by="school")
        _across_is_the_office(told)
        if len(told.standing.visited) == before:
            break


def _across_is_the_office(told: Story) -> None:
    procedure, across = told.setting.procedure, told.standing.owner_of(Side.RESPONDING)
    stage = procedure.stage(told.standing.route, told.standing.stage)
    named = (stage.sides.responding if stage.sides else None) or ()
    if named and procedure.post(named[0]).held_in is HeldIn.PARTY and procedure.post(named[0]).agency is None:
        assert across.because is Because.REACHING
        assert owner_for(told.setting, told.standing.responding, named[0]) == across


def test_a_link_to_another_changes_nothing_but_the_record() -> None:
    told = Story(setting_for(SMALL)).raised("referral")
    before = told.standing
    marks = told.does(Flag(Flags.LINKED, linked=UUID(int=9)), by="school")
    assert marks == frozenset()
    assert told.standing == replace(before, position=2, flags=frozenset({Flags.LINKED}))
    assert told.acts[-1].ask == Flag(Flags.LINKED, linked=UUID(int=9))
