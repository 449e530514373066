"""The rules of the core, told as stories: what is refused, what is marked, what moves, who owns it, by when."""

from __future__ import annotations

from datetime import date

import pytest

from commonground.core.acts import (
    Action,
    Actor,
    Answer,
    Because,
    Confirm,
    Decide,
    Dissent,
    Flag,
    Flags,
    GoUp,
    How,
    Mark,
    Medium,
    Meet,
    Note,
    PassTime,
    PostRef,
    Propose,
    Refer,
    Reopen,
    Reply,
    Report,
    SetDate,
    Sets,
    Side,
    StateView,
    Talk,
    Target,
    What,
    Withdraw,
)
from commonground.core.decide import Accepted, Refused
from commonground.core.procedure import OFFICE
from commonground.core.reasons import (
    ActionIncomplete,
    DifferingViewsMissing,
    EndingNotHere,
    NoteMissing,
    NoteNotApproved,
    NothingToDecide,
    NotLengthened,
    NotTheDecider,
    NotTheirsToSendBack,
    NotTheRaiser,
    NotYetDue,
    OnlyShortens,
    OpenIssuesNotSaid,
    OwnWordsMissing,
    ReasonsMissing,
    StepMissing,
    TheirsToConfirm,
)
from commonground.core.standing import Phase
from commonground.core.time import Rule
from tests.core.small import TEXT, small
from tests.story import Story, at, setting_for

PROCEDURE = small()
OFFICE_SEAT = Actor("officer", PostRef("partnership", OFFICE))


def story(**facts: object) -> Story:
    return Story(setting_for(PROCEDURE)).raised("referral", **facts)  # type: ignore[arg-type]


def waits(told: Story) -> tuple[str, str, What | None, str | None]:
    now = told.standing.waits
    assert now is not None
    assert now.owner is not None
    return now.owner.post.agency, now.owner.post.post, now.what, now.step


class TestRaising:
    def test_it_begins_on_the_route_of_its_matter_with_an_owner_and_a_date(self) -> None:
        told = story()

        assert told.place == "ladder/workers"
        assert waits(told) == ("social-care", "worker", What.STEP, "talk")
        assert told.next_due == at("2026-03-03 10:00")

    def test_raising_is_itself_the_writing_that_the_first_stage_asks_for(self) -> None:
        assert "notice" in story().standing.steps

    def test_an_unknown_matter_is_raised_all_the_same(self) -> None:
        told = Story(setting_for(PROCEDURE)).raised("weather")

        assert told.place == "ladder/workers"
        assert Mark.UNKNOWN_MATTER in told.acts[-1].marks

    def test_a_matter_for_another_procedure_is_accepted_and_marked(self) -> None:
        assert Mark.ELSEWHERE in Story(setting_for(PROCEDURE)).raised("staff").acts[-1].marks

    def test_where_nobody_is_known_across_the_office_owns_reaching_them(self) -> None:
        told = story(against=None)

        assert waits(told) == ("partnership", "office", What.REACH, None)
        assert Mark.OTHER_SIDE_UNKNOWN in told.acts[-1].marks
        told.does(Flag(Flags.OTHER_SIDE, agency="social-care"), by=OFFICE_SEAT)
        assert waits(told)[:2] == ("social-care", "worker")

    def test_inside_one_agency_is_accepted_and_marked(self) -> None:
        assert Mark.INSIDE_ONE_AGENCY in story(by="school", against="school").acts[-1].marks

    def test_late_after_the_window_is_accepted_and_marked_even_where_the_text_says_lapsed(self) -> None:
        late = story(decision_at=at("2026-01-05 10:00"))
        assert Mark.OUT_OF_WINDOW in late.acts[-1].marks
        assert Mark.OUT_OF_WINDOW not in story(decision_at=at("2026-02-27 10:00")).acts[-1].marks

    def test_a_concern_of_three_weeks_ago_leaves_the_other_side_its_time(self) -> None:
        told = story(concern_at=at("2026-02-09 10:00"))

        assert told.next_due == at("2026-03-03 10:00")
        assert Mark.COUNTED_FROM_ENTRY in told.acts[-1].marks
        assert Mark.COUNTED_FROM_ENTRY not in story().acts[-1].marks

    def test_somebody_else_raising_the_same_stands_beside_the_first(self) -> None:
        told = story()
        told.raised("referral", by="partnership")
        assert told.standing.challenging == ("school", "partnership")

    @pytest.mark.parametrize(
        ("facts", "place"),
        [
            pytest.param({}, "ladder/workers", id="where the matter leads"),
            pytest.param({"urgent": True}, "ladder/managers", id="one fact is so"),
            pytest.param({"urgent": True, "against": None}, "ladder/panel", id="more facts that are so rule"),
        ],
    )
    def test_facts_choose_where_it_begins(self, facts: dict[str, object], place: str) -> None:
        forks = """, clause: s.1, forks: [
  {when: {fact: urgent, is: "yes"}, to: ladder/managers, clause: s.1},
  {when: [{fact: urgent, is: "yes"}, {fact: other side known, is: "no"}], to: ladder/panel, clause: s.1}]}"""
        procedure = small(
            TEXT.replace("name: A referral, to: ladder, clause: s.1}", f"name: A referral, to: ladder{forks}")
        )
        assert Story(setting_for(procedure)).raised("referral", **facts).place == place  # type: ignore[arg-type]


class TestGoingUp:
    def test_early_is_accepted_and_marked(self) -> None:
        assert {Mark.EARLY, Mark.NOTE_MISSING, Mark.STEP_NOT_DONE} <= story().does(GoUp(), by="school")

    def test_after_no_agreement_it_is_not_early(self) -> None:
        told = story()
        told.does(Reply(Answer.DISAGREE), by="social-care")
        assert Mark.EARLY not in told.does(GoUp(), by="school")
        assert told.place == "ladder/managers"

    def test_skipping_is_marked_and_a_reason_asked_for(self) -> None:
        assert {Mark.SKIPPED, Mark.NO_REASON} <= story().does(GoUp("panel"), by="school")
        assert Mark.NO_REASON not in story().does(GoUp("panel"), by="school", saying=("reasons",))

    def test_urgent_needs_no_reason(self) -> None:
        told = story()
        marks = told.does(GoUp("panel", urgent=True), by="school")
        assert Mark.URGENT in marks
        assert Mark.NO_REASON not in marks
        assert told.standing.entered is not None
        assert told.standing.entered.how is How.URGENT

    def test_a_stage_nobody_knows_is_taken_as_the_next(self) -> None:
        told = story()
        assert Mark.NO_SUCH_STAGE in told.does(GoUp("heaven"), by="school")
        assert told.place == "ladder/managers"

    def test_above_the_last_stage_the_office_owns_it_with_a_date(self) -> None:
        told = story()
        told.does(GoUp("panel"), by="school")
        assert Mark.CHAIN_EXHAUSTED in told.does(GoUp(), by="school")
        assert waits(told) == ("partnership", "office", What.LOOK_AGAIN, None)
        assert told.next_due > told.now

    def test_the_other_side_may_go_up_too_out_of_turn(self) -> None:
        assert Mark.OUT_OF_TURN in story().does(GoUp(), by="social-care")

    def test_after_an_ending_it_opens_again(self) -> None:
        told = settled()
        assert Mark.REOPENED in told.does(GoUp(), by="school")
        assert told.standing.phase is Phase.OPEN

    def test_by_another_line(self) -> None:
        told = story()
        told.does(GoUp(line="senior"), by="school")
        assert told.standing.owner_of(Side.CHALLENGING).post == PostRef("school", "senior")


class TestSilence:
    def test_the_next_tier_owns_it_on_both_sides(self) -> None:
        told = story()

        assert told.silence() == ["stage"]

        assert told.place == "ladder/managers"
        assert told.standing.owner_of(Side.CHALLENGING).post == PostRef("school", "manager")
        assert told.standing.owner_of(Side.RESPONDING).post == PostRef("social-care", "manager")
        assert Mark.BY_SILENCE in told.acts[-1].marks

    def test_nothing_is_silent_before_its_time(self) -> None:
        assert story().tries(PassTime("stage"), by=OFFICE_SEAT) == Refused((NotYetDue(event="stage"),))

    def test_a_step_that_runs_out_is_recorded_and_moves_nothing(self) -> None:
        told = story()
        told.does(GoUp(), by="school")
        assert told.silence() == ["step meet"]
        assert told.place == "ladder/managers"
        assert "step meet" in told.standing.missed

    def test_where_the_text_says_may_a_dated_question_goes_to_the_post_then_to_the_office(self) -> None:
        told = story()
        told.does(GoUp("director"), by="school")
        assert told.silence() == ["stage"]
        assert waits(told) == ("school", "senior", What.ANSWER, None)
        assert told.silence() == ["question"]
        assert waits(told) == ("partnership", "office", What.LOOK_AGAIN, None)
        assert told.silence() == ["question"]
        assert waits(told) == ("partnership", "office", What.LOOK_AGAIN, None)

    def test_three_weeks_away_records_each_silence_once_in_order(self) -> None:
        told = story()
        events = told.silence(until="2026-03-27 12:00")
        assert events[:4] == ["stage", "step meet", "cap whole", "stage"]
        assert told.place == "ladder/director"

    def test_a_reply_stops_nothing(self) -> None:
        told = story()
        told.does(Reply(Answer.NEED_MORE), by="social-care")
        assert told.silence() == ["stage"]
        assert told.place == "ladder/managers"

    def test_not_the_right_person_leaves_the_clock_and_the_owner(self) -> None:
        told = story()
        told.does(Reply(Answer.NOT_ME), by="social-care")
        assert waits(told)[:2] == ("social-care", "worker")
        assert told.next_due == at("2026-03-03 10:00")


class TestLimits:
    def test_the_childs_date_shortens_and_never_lengthens(self) -> None:
        told = story()
        told.does(SetDate(Sets.CHILDS_DATE, on=date(2026, 3, 2)), by="social-care")
        assert told.next_due == at("2026-03-02 23:59:59.999999")
        assert told.standing.limits["stage"].working.rule is Rule.CHILDS_DATE
        later = SetDate(Sets.CHILDS_DATE, on=date(2026, 3, 9))
        assert told.tries(later, by="school") == Refused((OnlyShortens(),))

    def test_a_date_past_stays_past_and_later_stages_have_their_time(self) -> None:
        told = story(wanted_on=date(2026, 3, 2))
        told.silence()
        assert told.place == "ladder/managers"
        told.does(Meet(held=True), by="school")
        assert told.next_due > told.now

    def test_a_limit_shared_by_two_stages_rules_where_it_is_sooner(self) -> None:
        told = story()
        told.now = at("2026-03-03 09:00")
        told.does(GoUp(), by="school")
        told.does(Meet(held=True), by="school")
        assert told.next_due == at("2026-03-05 09:00")  # two days of the stage
        late = story(concern_at=at("2026-03-01 12:00"))
        late.now = at("2026-03-03 09:00")
        late.does(GoUp(), by="school")
        late.does(Meet(held=True), by="school")
        assert late.standing.limits["cap whole"].at == at("2026-03-04 17:00")
        assert late.next_due == at("2026-03-04 17:00")
        late.does(GoUp(), by="school")
        assert "cap whole" not in late.standing.limits

    def test_lengthening_takes_both_and_stays_under_its_ceiling(self) -> None:
        told = story()
        longer = SetDate(Sets.LENGTHEN, by=at("2026-03-20 10:00"))
        told.does(longer, by="social-care")
        assert told.next_due == at("2026-03-03 10:00")
        told.does(longer, by="school")
        assert told.standing.limits["stage"].at == at("2026-03-05 10:00")
        told.does(GoUp(), by="school")
        assert told.tries(longer, by="school") == Refused((NotLengthened(("s.3",)),))

    def test_the_time_the_escalator_states_rules_and_is_capped(self) -> None:
        told = story()
        told.does(GoUp("director"), by="school")
        assert told.next_due == at("2026-03-04 10:00")
        told.does(SetDate(Sets.STATED, by=at("2026-03-02 16:00")), by="school")
        assert told.next_due == at("2026-03-02 16:00")
        told.does(SetDate(Sets.STATED, by=at("2026-03-30 16:00")), by="school")
        assert told.next_due == at("2026-03-05 10:00")

    def test_only_the_side_the_text_names_states_it(self) -> None:
        told = story()
        told.does(GoUp("director"), by="school")
        told.does(SetDate(Sets.STATED, by=at("2026-03-02 16:00")), by="social-care")
        assert told.next_due == at("2026-03-04 10:00")


class TestDeciding:
    def director(self) -> Story:
        told = story()
        told.does(GoUp("director"), by="school")
        return told

    def test_only_the_post_named_records_it(self) -> None:
        told = self.director()
        answer = told.tries(Decide("hold", no_differing_views=True), by="school", saying=("why not contact",))
        assert answer == Refused((NotTheDecider(("s.4",), (("social-care", "director"),)),))

    def test_it_carries_what_the_text_says_or_why_it_could_not_wait(self) -> None:
        told = self.director()
        seat = Actor("d", PostRef("social-care", "director"))
        missing = told.tries(Decide("refuse"), by=seat)
        assert isinstance(missing, Refused)
        assert {type(reason) for reason in missing.reasons} == {StepMissing, DifferingViewsMissing, ReasonsMissing}
        told.does(Talk(Medium.TELEPHONE), by=seat)
        told.does(Decide("refuse"), by=seat, saying=("reasons", "differing views"))
        assert told.place == "ladder/panel"

    def test_the_office_may_record_it_for_somebody_absent_with_a_reason(self) -> None:
        told = self.director()
        ask = Decide("hold", no_differing_views=True, for_absent=True)
        assert told.tries(ask, by=OFFICE_SEAT, saying=("why not contact",)) == Refused((ReasonsMissing(("s.4",)),))
        assert Mark.FOR_ABSENT in told.does(ask, by=OFFICE_SEAT, saying=("why not contact", "reasons"))

    def test_it_takes_effect_at_once_and_is_put_to_both_to_confirm(self) -> None:
        told = self.director()
        seat = Actor("d", PostRef("social-care", "director"))
        told.does(Decide("hold", no_differing_views=True), by=seat, saying=("why not contact",))
        assert told.standing.proposal is not None
        assert told.standing.proposal.decided
        told.does(Confirm(), by="social-care")
        told.does(Confirm(), by="school")
        assert told.standing.ended is not None
        assert told.standing.ended.ending == "held"

    def test_a_decided_matter_can_still_go_up(self) -> None:
        told = self.director()
        seat = Actor("d", PostRef("social-care", "director"))
        told.does(Decide("hold", no_differing_views=True), by=seat, saying=("why not contact",))
        assert Mark.EARLY not in told.does(GoUp(), by="school")
        assert told.place == "ladder/panel"

    def test_where_there_is_nothing_to_decide_nothing_is_decided(self) -> None:
        assert isinstance(story().tries(Decide("hold"), by="social-care"), Refused)
        refused = story().tries(Decide("hold"), by="social-care")
        assert refused == Refused((NothingToDecide(("s.1",)),))


def proposed(open_issues: bool | None = False, action: Action | None = None) -> Story:
    told = story()
    actions = (action or Action("visit", PostRef("social-care", "worker"), date(2026, 3, 6)),)
    told.does(Propose("agreed", actions, open_issues), by="school")
    return told


def settled() -> Story:
    told = proposed()
    for agency in ("school", "social-care"):
        told.does(Note(approved=True), by=agency)
        told.does(Confirm(), by=agency)
    assert told.standing.phase is Phase.ENDED
    return told


class TestSettling:
    def test_each_side_owes_its_own_note_first(self) -> None:
        told = proposed()
        assert told.tries(Confirm(), by="social-care") == Refused((NoteMissing(("s.2",), "social-care"),))
        told.does(Note(approved=False), by="social-care")
        assert told.tries(Confirm(), by="social-care") == Refused((NoteNotApproved(("s.2",), "social-care"),))
        told.does(Note(approved=True), by="social-care")
        told.does(Confirm(), by="social-care")
        assert told.standing.phase is Phase.OPEN

    def test_open_issues_are_said_and_actions_are_whole(self) -> None:
        told = proposed(open_issues=None, action=Action("visit"))
        told.does(Note(approved=True), by="school")
        refused = told.tries(Confirm(), by="school")
        assert refused == Refused((OpenIssuesNotSaid(("s.2",)), ActionIncomplete(("s.2",), "visit")))

    def test_who_proposes_with_records_in_place_has_confirmed(self) -> None:
        told = story()
        told.does(Note(approved=True), by="school")
        told.does(Propose("agreed", (), open_issues=False), by="school")
        assert told.standing.confirmed == {Side.CHALLENGING}

    def test_an_ending_of_another_stage_is_refused(self) -> None:
        assert story().tries(Propose("answered"), by="school") == Refused((EndingNotHere(("s.1",), ("agreed",)),))

    def test_saying_that_it_does_not_stand_starts_the_clock_again(self) -> None:
        told = proposed()
        assert "stage" not in told.standing.limits
        told.does(Confirm(agrees=False), by="social-care")
        assert told.standing.proposal is None
        assert told.next_due == at("2026-03-03 10:00")

    def test_the_late_side_cannot_stop_the_clock_by_proposing(self) -> None:
        told = story()
        told.does(Propose("agreed", (), open_issues=False), by="social-care")
        assert told.standing.limits["stage"].at == at("2026-03-03 10:00")

    def test_a_side_that_never_confirms_is_recorded_by_the_office_with_a_reason(self) -> None:
        told = proposed()
        told.does(Note(approved=True), by="school")
        told.does(Confirm(), by="school")
        for_them = Confirm(for_side=Side.RESPONDING)
        assert told.tries(for_them, by=OFFICE_SEAT, saying=("reasons",)) == Refused((TheirsToConfirm(),))
        assert told.silence() == ["confirm"]
        assert told.tries(for_them, by="school", saying=("reasons",)) == Refused((TheirsToConfirm(),))
        assert told.tries(for_them, by=OFFICE_SEAT) == Refused((ReasonsMissing(),))
        assert Mark.NOT_CONFIRMED in told.does(for_them, by=OFFICE_SEAT, saying=("reasons",))
        assert told.standing.phase is Phase.ENDED

    def test_an_action_is_followed_after_the_ending(self) -> None:
        told = settled()
        assert waits(told) == ("social-care", "worker", What.ACTION, "visit")
        told.silence()
        assert "action visit" in told.standing.limits
        told.does(Report("visit", done=True), by="social-care")
        assert told.standing.waits is not None
        assert told.standing.waits.owner is None


class TestWithdrawing:
    def test_only_the_raiser_in_their_own_words(self) -> None:
        told = story()
        assert told.tries(Withdraw(), by="social-care", saying=("reasons",)) == Refused((NotTheRaiser(),))
        assert told.tries(Withdraw(), by="school") == Refused((OwnWordsMissing(),))
        told.does(Withdraw(), by="school", saying=("reasons",))
        assert told.standing.phase is Phase.ENDED

    def test_actions_that_were_only_proposed_are_nobodys(self) -> None:
        told = proposed()
        told.does(Withdraw(), by="school", saying=("reasons",))
        assert not told.standing.actions

    def test_reopening(self) -> None:
        told = story()
        told.does(Withdraw(), by="school", saying=("reasons",))
        told.does(Reopen(), by="school")
        assert told.standing.phase is Phase.OPEN
        assert told.next_due > told.now


class TestOthers:
    def test_a_manager_who_differs_ends_nothing(self) -> None:
        told = story()
        told.does(GoUp(), by="school")
        told.does(StateView(agrees=False), by="school")
        assert told.standing.differs == {Side.CHALLENGING}
        assert told.standing.phase is Phase.OPEN

    def test_dissent_is_kept(self) -> None:
        told = story()
        told.does(Dissent(challenges=None), by="school", saying=("dissent",))
        assert told.standing.dissents

    def test_sending_back_down(self) -> None:
        told = story()
        told.does(GoUp("panel"), by="school")
        told.does(Refer(Target.STAGE, "managers"), by="school")
        assert told.place == "ladder/managers"
        assert told.standing.entered is not None
        assert told.standing.entered.how is How.BACK

    def test_who_was_asked_does_not_begin_a_stage_again(self) -> None:
        told = story()
        told.does(GoUp("panel"), by="school")
        back = Refer(Target.STAGE, "workers")
        assert told.tries(back, by="social-care") == Refused((NotTheirsToSendBack(),))
        told.does(back, by=OFFICE_SEAT)
        assert told.place == "ladder/workers"

    def test_a_policy_issue_never_pauses_it(self) -> None:
        told = story()
        before = told.standing.limits
        told.does(Flag(Flags.POLICY), by="social-care")
        assert told.standing.limits == before

    def test_somebody_who_is_no_party_is_recorded_and_marked(self) -> None:
        told = Story(setting_for(PROCEDURE, sides=("school", "police"))).raised("referral", against="police")
        assert Mark.NOT_A_PARTY in told.does(Talk(Medium.TELEPHONE), by="social-care")
        assert "social-care" in told.standing.others


@pytest.mark.parametrize(
    ("without", "post", "because"),
    [
        pytest.param(("worker",), "manager", Because.NEXT_TIER, id="no such tier: the next up"),
        pytest.param(("worker", "manager", "senior"), "office", Because.OFFICE, id="nobody at all: the office"),
        pytest.param((), "worker", Because.NAMED, id="the post named"),
    ],
)
def test_who_owns_a_move_where_posts_are_missing(without: tuple[str, ...], post: str, because: Because) -> None:
    missing = frozenset(("school", key) for key in without)
    told = Story(setting_for(PROCEDURE, without=missing)).raised("referral")
    owner = told.standing.owner_of(Side.CHALLENGING)
    assert (owner.post.post, owner.because) == (post, because)


def test_the_most_senior_of_a_short_chain_meets_the_next_tier() -> None:
    missing = frozenset({("school", "senior")})
    told = Story(setting_for(PROCEDURE, without=missing)).raised("referral")
    marks = told.does(GoUp("director"), by="school")
    owner = told.standing.owner_of(Side.CHALLENGING)
    assert (owner.post.post, owner.because) == ("manager", Because.MOST_SENIOR)
    assert Mark.NOBODY_HIGHER in marks


def test_any_accepted_story_says_at_its_end_whose_move_it_is() -> None:
    told = settled()
    for act in told.acts:
        assert type(act.effects[-1]).__name__ == "Waits"
    assert isinstance(told.tries(GoUp(), by="school"), Accepted)
