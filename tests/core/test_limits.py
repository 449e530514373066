"""By when, as tables: from which start a limit counts, which of several rules, who may set one, what lengthens it.

All moments are London's. The disagreement is raised on Monday 2 March 2026 at 10:00 unless a row says otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from commonground.core.acts import Flag, Flags, GoUp, Medium, Meet, PassTime, Propose, Redate, SetDate, Sets, Talk
from commonground.core.decide import Accepted
from commonground.core.time import LONDON, Rule
from tests.core.small import TEXT, small
from tests.story import SYSTEM, Story, at, setting_for

CLOCK = """clock: {within: 1 working day, starts: concern, then: up, clause: s.1,
            extension: {at-most: 3 working days, clause: s.7}}"""
CAP = "  - {cap: whole, stages: [workers, managers], limit: {within: 3 working days, starts: concern, clause: s.3}}"


def with_clock(clock: str, cap: str | None = None, more: str = "") -> Story:
    """The small procedure with another clock on its first stage, and another limit shared by its first two."""
    assert CLOCK in TEXT
    assert CAP in TEXT
    text = TEXT.replace(CLOCK, f"clock: {{{clock}, then: up}}")
    text = text.replace(CAP, f"  - {{cap: whole, stages: [workers, managers], limit: {{{cap}}}}}" if cap else "")
    text = text.replace("  caps:\n\n", "") + more
    return Story(setting_for(small(text)))


def stage_due(told: Story) -> str:
    return f"{told.standing.limits['stage'].at.astimezone(LONDON):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("starts", "facts", "due"),
    [
        ("concern", {"concern_at": "2026-02-27 15:00"}, "2026-03-03 15:00"),
        ("raised", {"concern_at": "2026-02-27 15:00"}, "2026-03-04 10:00"),
        ("receipt", {"concern_at": "2026-02-27 15:00"}, "2026-03-04 10:00"),
        ("aware", {"concern_at": "2026-02-27 15:00"}, "2026-03-03 15:00"),
        ("entry", {"concern_at": "2026-02-27 15:00"}, "2026-03-04 10:00"),
        ("decision", {"decision_at": "2026-02-27 16:00"}, "2026-03-03 16:00"),
        pytest.param("decision", {}, "2026-03-04 10:00", id="no decision known: from the beginning"),
        pytest.param("decision", {"decision_at": "2026-06-01 10:00"}, "2026-03-04 10:00", id="a decision yet to come"),
        pytest.param("concern", {"concern_at": "2026-06-01 10:00"}, "2026-03-04 10:00", id="a concern yet to come"),
        pytest.param("[raised, concern]", {"concern_at": "2026-02-27 15:00"}, "2026-03-03 15:00", id="the earliest"),
        pytest.param("concern", {"concern_at": "2026-02-02 10:00"}, "2026-03-04 10:00", id="run out: from entry"),
        pytest.param("due managers", {}, "2026-03-04 10:00", id="a stage that never began: from entry"),
    ],
)
def test_a_limit_counts_from_the_earliest_start_that_has_happened(starts: str, facts: dict[str, str], due: str) -> None:
    told = with_clock(f"within: 2 working days, starts: {starts}")
    moments: dict[str, Any] = {name: at(moment) for name, moment in facts.items()}
    told.raised("referral", **moments)
    assert stage_due(told) == due


def test_a_step_done_is_a_start_and_only_ever_brings_the_end_nearer() -> None:
    told = with_clock("within: 2 working days, starts: [step talk, raised]").raised("referral")
    told.now = at("2026-03-03 09:00")
    told.does(Talk(Medium.TELEPHONE), by="school", happened_at=at("2026-02-27 15:00"))
    assert stage_due(told) == "2026-03-03 15:00"
    told.does(Talk(Medium.TELEPHONE), by="social-care")
    assert stage_due(told) == "2026-03-03 15:00"


@pytest.mark.parametrize(
    ("left", "due"),
    [
        pytest.param("2026-03-02 11:00", "2026-03-04 11:00", id="left early: from its beginning"),
        pytest.param("2026-03-03 09:00", "2026-03-04 15:00", id="left late: from when it was due to be left"),
    ],
)
def test_a_stage_may_count_from_when_the_one_before_was_due(left: str, due: str) -> None:
    managers = "clock: {within: 2 working days, then: up"
    text = TEXT.replace(managers, managers.replace(", then", ", starts: [due workers, entry], then"))
    told = Story(setting_for(small(text))).raised("referral", concern_at=at("2026-02-27 15:00"))
    assert stage_due(told) == "2026-03-02 15:00"
    told.now = at(left)
    told.does(GoUp(), by="school")
    assert stage_due(told) == due


SETTERS = [
    ("challenging side", (("school", 12),), 12),
    ("challenging side", (("school", 28),), 28),
    ("challenging side", (("social-care", 11),), 10),
    ("each side", (("social-care", 28),), 10),
    ("each side", (("school", 28),), 28),
    ("each side", (("school", 28), ("social-care", 14)), 14),
    ("each side", (("social-care", 14), ("school", 28)), 14),
    ("each side", (("social-care", 9),), 9),
    ("either side", (("social-care", 28),), 10),
    ("each side", (("partnership", 28),), 10),
    ("challenging side", (("partnership", 28),), 10),
]


@pytest.mark.parametrize(("set_by", "said", "day"), SETTERS)
def test_who_sets_the_time_and_how_much_longer_it_may_be(
    set_by: str, said: tuple[tuple[str, int], ...], day: int
) -> None:
    """Until those who may have set it, one week; who has no part in setting it changes nothing by saying so."""
    told = with_clock(f"within: 1 working week, set-by: {set_by}, says: acceptable to both, starts: raised")
    told.now = at("2026-03-03 10:00")
    told.raised("referral")
    for agency, on in said:
        told.does(SetDate(Sets.AGREED, by=at(f"2026-03-{on:02} 10:00")), by=agency)
    assert stage_due(told) == f"2026-03-{day:02} 10:00"


def test_the_time_set_never_passes_the_latest_the_text_allows() -> None:
    told = with_clock("within: 1 working day, set-by: challenging side, no-later-than: 3 working days").raised(
        "referral"
    )
    told.does(SetDate(Sets.STATED, by=at("2026-03-30 10:00")), by="school")
    assert stage_due(told) == "2026-03-05 10:00"


class TestRatings:
    TABLE = (
        "within: 5 working days, by-rating: [{rating: soon, within: 2 working days}, {rating: today, within: 4 hours}]"
    )

    @pytest.mark.parametrize(
        ("rating", "due"),
        [
            ("routine", "2026-03-09 10:00"),
            ("soon", "2026-03-04 10:00"),
            ("today", "2026-03-02 14:00"),
            ("???", "2026-03-09 10:00"),
        ],
    )
    def test_each_rating_has_its_span(self, rating: str, due: str) -> None:
        told = self.rated()
        told.raised("referral", facts=(("rating", rating),))
        assert stage_due(told) == due

    def rated(self) -> Story:
        return with_clock(self.TABLE, more="ratings: [routine, soon, today]\n")

    def test_a_more_urgent_one_shortens_what_runs_and_a_calmer_one_lengthens_nothing(self) -> None:
        told = self.rated().raised("referral")
        told.does(SetDate(Sets.RATING, rating="today"), by="school")
        assert stage_due(told) == "2026-03-02 14:00"
        told.does(SetDate(Sets.RATING, rating="routine"), by="social-care")
        assert stage_due(told) == "2026-03-02 14:00"


class TestLonger:
    """Two sides may lengthen what the text lets them, no further than its ceiling."""

    CLOCK = "within: 1 working day, starts: raised, extension: {at-most: 5 working days, clause: s.7}"

    @pytest.mark.parametrize(
        ("said", "due"),
        [
            pytest.param((("school", 5),), "2026-03-03 10:00", id="one side alone"),
            pytest.param((("social-care", 5),), "2026-03-03 10:00", id="the side asked alone"),
            pytest.param(
                (("social-care", 5), ("partnership", 5)), "2026-03-03 10:00", id="with the office for the other"
            ),
            pytest.param((("social-care", 5), ("school", 4)), "2026-03-04 10:00", id="both: the earlier"),
            pytest.param((("school", 4), ("social-care", 5)), "2026-03-04 10:00", id="both, the other way round"),
            pytest.param(
                (("school", 30), ("social-care", 30)), "2026-03-09 10:00", id="both: no further than the ceiling"
            ),
        ],
    )
    def test_it_takes_both(self, said: tuple[tuple[str, int], ...], due: str) -> None:
        told = with_clock(self.CLOCK).raised("referral")
        for agency, day in said:
            told.does(SetDate(Sets.LENGTHEN, by=at(f"2026-03-{day:02} 10:00")), by=agency)
        assert stage_due(told) == due

    def test_a_limit_that_stages_share_still_rules(self) -> None:
        told = with_clock(self.CLOCK, cap="within: 2 working days, starts: raised").raised("referral")
        for agency in ("school", "social-care"):
            told.does(SetDate(Sets.LENGTHEN, by=at("2026-03-06 10:00")), by=agency)
        assert told.next_due == at("2026-03-04 10:00")


def test_whichever_is_least_rules_in_every_order_of_setting() -> None:
    """T8: six changes of a limit, in all 720 orders. The earliest rules, whoever was first."""
    changes = (
        (Sets.CHILDS_DATE, date(2026, 3, 12), "school"),
        (Sets.STATED, at("2026-03-11 10:00"), "school"),
        (Sets.AGREED, at("2026-03-10 12:00"), "social-care"),
        (Sets.RATING, None, "school"),
        (Sets.LENGTHEN, at("2026-03-20 10:00"), "social-care"),
        (Sets.LENGTHEN, at("2026-03-19 10:00"), "school"),
    )
    first = with_clock(
        "within: 2 working weeks, set-by: each side, says: acceptable, starts: raised, no-later-than: 3 working weeks",
        cap="within: 8 working days, starts: raised",
    ).raised("referral")
    tried = 0
    for order in permutations(changes):
        told = Story(first.setting, first.now, first.standing, list(first.acts))
        dates = [told.next_due]
        for sets, when, by in order:
            ask = SetDate(sets, on=when) if type(when) is date else SetDate(sets, by=when, rating="soon")  # type: ignore[arg-type]
            if isinstance(told.tries(ask, by=by), Accepted):
                dates.append(told.next_due)
            tried += 1
        assert dates == sorted(dates, reverse=True), order
        assert told.next_due == at("2026-03-10 12:00"), order
    assert tried == 720 * 6


class TestTheChildsDate:
    @pytest.mark.parametrize("event", ["stage", "cap whole", "step meet", "confirm", "question"])
    def test_it_shortens_every_limit_that_runs(self, event: str) -> None:
        told = self.running(event)
        assert event in told.standing.limits
        told.does(SetDate(Sets.CHILDS_DATE, by=told.now.replace(minute=30)), by="school")
        assert told.standing.limits[event].at == told.now.replace(minute=30)
        assert told.standing.limits[event].working.rule is Rule.CHILDS_MOMENT

    def running(self, event: str) -> Story:
        told = Story(setting_for(small())).raised("referral")
        if event == "step meet":
            told.does(GoUp(), by="school")
        if event == "confirm":
            told.does(Propose("agreed"), by="school")
        if event == "question":
            told.does(GoUp("panel"), by="school")
            told.does(GoUp(), by="school")
        return told

    def test_it_shortens_what_is_asked_later(self) -> None:
        told = Story(setting_for(small())).raised("referral", wanted_on=date(2026, 3, 3))
        told.does(GoUp("panel"), by="school")
        told.does(GoUp(), by="school")
        assert told.standing.limits["question"].working.rule is Rule.CHILDS_DATE

    def test_once_passed_it_is_passed_and_what_comes_after_has_its_own_time(self) -> None:
        told = Story(setting_for(small())).raised("referral", wanted_on=date(2026, 3, 2))
        assert told.silence() == ["cap whole"]
        assert told.place == "ladder/managers"
        assert stage_due(told) == "2026-03-04 17:00"


@pytest.mark.parametrize(
    ("unit", "raised", "due"),
    [
        ("48 hours", "2026-03-05 10:00", "2026-03-07 10:00"),
        ("2 working days", "2026-03-05 10:00", "2026-03-09 10:00"),
        ("48 hours", "2026-03-06 16:00", "2026-03-08 16:00"),
        ("2 working days", "2026-03-06 16:00", "2026-03-10 16:00"),
        ("48 hours", "2026-04-02 10:00", "2026-04-04 10:00"),
        ("2 working days", "2026-04-02 10:00", "2026-04-08 10:00"),
        ("48 hours", "2026-03-28 12:00", "2026-03-30 13:00"),
        ("2 calendar days", "2026-03-28 12:00", "2026-03-30 12:00"),
        ("2 working days", "2026-12-24 16:00", "2026-12-29 16:00"),
    ],
)
def test_a_shared_limit_beside_the_clock_is_never_passed_over_weekends_and_holidays(
    unit: str, raised: str, due: str
) -> None:
    """T9: the cap counts in its own unit, rules where it is sooner, and is what the page names as next."""
    told = with_clock("within: 4 working weeks, starts: raised", cap=f"within: {unit}, starts: raised")
    told.now = at(raised)
    told.raised("referral")
    told.now = at(raised)
    assert told.standing.waits is not None
    assert told.standing.waits.event == "cap whole"
    assert told.next_due == at(due)


class TestCountedAnew:
    def test_saying_of_more_agencies_that_they_are_across_starts_no_clock_anew(self) -> None:
        told = Story(setting_for(small())).raised("referral")
        entered = told.standing.entered
        told.now = at("2026-03-03 09:00")
        for agency in ("social-care", "nowhere", "partnership"):
            told.does(Flag(Flags.OTHER_SIDE, agency=agency), by="social-care")
        assert told.standing.entered is entered
        assert stage_due(told) == "2026-03-03 10:00"

    def test_an_agency_unheard_of_is_still_to_be_reached_and_one_that_is_known_then_gets_its_time(self) -> None:
        told = Story(setting_for(small())).raised("referral", against=None)
        told.now = at("2026-03-02 15:00")
        told.does(Flag(Flags.OTHER_SIDE, agency="nowhere"), by="school")
        assert len(told.standing.visited) == 1
        told.does(Flag(Flags.OTHER_SIDE, agency="social-care"), by="school")
        assert len(told.standing.visited) == 2

    def test_an_outcome_of_the_late_side_in_place_of_the_first_lets_the_clock_run_again(self) -> None:
        told = Story(setting_for(small())).raised("referral")
        told.does(Propose("agreed"), by="school")
        assert "stage" not in told.standing.limits
        told.does(Propose("agreed"), by="social-care")
        assert stage_due(told) == "2026-03-03 10:00"

    def test_a_question_asked_again_before_its_time_keeps_its_date(self) -> None:
        told = Story(setting_for(small())).raised("referral", start_at="ladder/panel")
        told.does(GoUp(), by="school")
        first = told.standing.limits["question"].at
        told.now = at("2026-03-04 10:00")
        told.does(GoUp(), by="social-care")
        assert told.standing.limits["question"].at == first


class TestDatedAnew:
    def test_a_new_holiday_dates_what_runs_by_working_days_and_nothing_else(self) -> None:
        told = Story(setting_for(small())).raised("referral")
        told.does(GoUp(), by="school")
        hours = told.standing.limits["step meet"]
        calendar = told.setting.calendar.with_holiday(date(2026, 3, 3), "A day of its own", "next")
        told.setting = replace(told.setting, calendar=calendar)
        told.does(Redate("next"), by=SYSTEM)
        assert stage_due(told) == "2026-03-05 10:00"
        assert told.standing.limits["step meet"].at == hours.at

    def test_the_child_is_not_kept_waiting_by_a_new_holiday(self) -> None:
        told = Story(setting_for(small())).raised("referral", wanted_on=date(2026, 3, 3))
        told.does(GoUp("panel"), by="school")
        before = told.standing.limits["stage"]
        calendar = told.setting.calendar.with_holiday(date(2026, 3, 3), "A day of its own", "next")
        told.setting = replace(told.setting, calendar=calendar)
        told.tries(Redate("next"), by=SYSTEM)
        assert told.standing.limits["stage"].at == before.at

    def test_what_ran_out_is_not_dated_anew(self) -> None:
        told = Story(setting_for(small())).raised("referral")
        told.does(GoUp("director"), by="school")
        told.now = told.next_due
        told.does(PassTime("stage"), by=SYSTEM)
        told.does(Meet(held=True), by="school")
        calendar = told.setting.calendar.with_holiday(date(2026, 3, 5), "A day of its own", "next")
        told.setting = replace(told.setting, calendar=calendar)
        told.does(Redate("next"), by=SYSTEM)
        assert set(told.standing.limits) == {"question"}
