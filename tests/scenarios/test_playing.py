"""A scenario that expects something else fails, at its place; what is not told of is noticed."""

from __future__ import annotations

import pytest

from commonground.core.acts import Mark
from commonground.core.decide import Accepted
from commonground.language.playing import Difference, Played, play
from commonground.language.scenarios import moment_in_words, read_scenario
from commonground.language.timeline import timeline
from tests.core.small import small
from tests.story import at

STORY = """scenario: A made-up story
procedure: small
route: ladder
shows: What the tests look at.
agencies: {school: school, social-care: social-care}
story:
- at: Mon 2 Mar 2026 10:00
  by: school worker
  raises: referral
  with: social-care
  expect: {owner: social-care worker, what: step talk, due: Tue 3 Mar 2026 10:00}
"""


def played(more: str = "", story: str = STORY) -> Played:
    return play(read_scenario(story + more, "made-up.yaml", procedures={"small": (small(), "digest")}))


def differences(more: str = "", story: str = STORY) -> list[str]:
    return [str(difference) for difference in played(more, story).differences]


def test_what_goes_as_it_says_has_no_differences() -> None:
    assert differences() == []


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        pytest.param("Tue 3 Mar 2026 10:00}", "Wed 4 Mar 2026 10:00}", "due: expected Wed 4 Mar 2026 10:00", id="due"),
        pytest.param("owner: social-care", "owner: school", "owner: expected school worker; found social", id="owner"),
        pytest.param("step talk", "step reply", "what: expected step reply; found step talk", id="what"),
        pytest.param("what: step talk", "marks: late", "marks: expected late; found none", id="marks"),
        pytest.param("what: step talk", "marks: none, ended: agreed", "ended: expected agreed; found no", id="ended"),
        pytest.param(
            "what: step talk", "stage: ladder/panel", "stage: expected ladder/panel; found ladder", id="stage"
        ),
        pytest.param(
            "what: step talk", "refused: not raised", "refused: expected not raised; found none", id="refused"
        ),
        pytest.param("what: step talk", "told: school senior", "told: expected school senior; found social", id="told"),
        pytest.param("what: step talk", "runs: {stage: Mon 2 Mar 2026 10:00}", "runs: expected stage: Mon", id="runs"),
        pytest.param("what: step talk", "not-running: stage", "not-running: expected stage; found", id="not running"),
        pytest.param("what: step talk", "skipped: weekend", "skipped: expected weekend; found none", id="skipped"),
    ],
)
def test_a_wrong_expectation_is_a_difference_at_its_place(right: str, wrong: str, said: str) -> None:
    found = differences(story=STORY.replace(right, wrong))

    assert len(found) == 1
    assert found[0].startswith("made-up.yaml:11:")
    assert said in found[0]


def test_a_silence_nobody_told_of_is_a_difference() -> None:
    found = differences("- {at: Tue 3 Mar 2026 11:00, by: school worker, talks: telephone}\n")

    assert found == [
        "made-up.yaml:12:8: story[1].at: expected no silence before it that is not told of; found silence of stage"
    ]


def test_what_comes_exactly_at_the_due_time_is_in_time() -> None:
    assert differences("- {at: Tue 3 Mar 2026 10:00, by: social-care worker, replies: agree}\n") == []


def test_a_silence_that_does_not_fall_is_a_difference() -> None:
    assert differences("- {at: Mon 2 Mar 2026 12:00, silence-of: stage}\n") == [
        "made-up.yaml:12:42: story[1].silence-of: expected stage; found none"
    ]


def test_silence_too_early_may_be_expected_to_be_refused() -> None:
    assert not differences("- {at: Mon 2 Mar 2026 12:00, silence-of: stage, expect: {refused: not yet due (stage)}}\n")


def test_a_refusal_nobody_expected_is_a_difference() -> None:
    assert differences("- {at: Mon 2 Mar 2026 12:00, by: social-care worker, withdraws: No.}\n") == [
        "made-up.yaml:12:3: story[1]: expected it to be accepted; found refused: not the raiser"
    ]


def test_a_refusal_may_be_expected_with_or_without_what_it_is_of() -> None:
    line = "- {at: Mon 2 Mar 2026 12:00, by: school worker, proposes: answered, expect: {refused: WHAT}}\n"

    assert differences(line.replace("WHAT", "ending not here")) == []
    assert differences(line.replace("WHAT", "ending not here (agreed)")) == []
    assert len(differences(line.replace("WHAT", "ending not here (answered)"))) == 1


def test_a_line_may_only_look() -> None:
    assert differences("- {at: Mon 2 Mar 2026 12:00, expect: {owner: social-care worker}}\n") == []
    assert len(differences("- {at: Mon 2 Mar 2026 12:00, expect: {owner: school worker}}\n")) == 1


def test_each_moment_keeps_its_marks_and_what_stood() -> None:
    lines = played("- {at: Tue 3 Mar 2026 10:00, silence-of: stage}\n").lines

    assert [standing.stage for _, _, standing in lines] == ["workers", "managers"]
    answer = lines[1][1][0].answer
    assert isinstance(answer, Accepted)
    assert Mark.BY_SILENCE in answer.marks


def test_the_timeline_reads_as_a_story() -> None:
    said = "\n".join(timeline(played("- {at: Tue 3 Mar 2026 10:00, silence-of: stage}\n")))

    assert "A made-up story" in said
    assert "Mon 2 Mar 2026 10:00    school worker raises: A referral; with: social-care" in said
    assert "the move is with social-care worker: Talk, by Tue 3 Mar 2026 10:00" in said
    assert "1 working day from Mon 2 Mar 2026 10:00" in said
    assert "nothing came: stage" in said
    assert "now at Managers, by silence" in said


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        ("2026-04-02 15:42", "Thu 2 Apr 2026 15:42"),
        ("2026-04-02 23:59:59.999999", "Thu 2 Apr 2026 23:59"),
        ("2026-10-25 01:30", "Sun 25 Oct 2026 01:30 BST"),
        ("2026-10-25 12:00", "Sun 25 Oct 2026 12:00"),
    ],
)
def test_moments_are_written_as_they_are_read(moment: str, written: str) -> None:
    assert moment_in_words(at(moment)) == written


def test_a_difference_says_where_what_was_expected_and_what_was_found() -> None:
    assert str(Difference("a.yaml", 3, 7, "story[0].expect.due", "today", "tomorrow")) == (
        "a.yaml:3:7: story[0].expect.due: expected today; found tomorrow"
    )
