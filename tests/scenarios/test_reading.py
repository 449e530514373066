"""A broken scenario file: every mistake at its place, all at once, and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from commonground.language.mistakes import Mistakes
from commonground.language.scenarios import read_scenario
from tests.core.small import small

SMALL = {"small": (small(), "digest")}

BROKEN = """\
scenario: Many slips
procedure: small
route: lader
shows: Nothing good.
clauses: [s.1, s.99]
nation: england
agencies: {school: school, nursery: {kind: early-years, without: [chief]}}
langauge: english
story:
- at: Tue 2 Mar 2026 10:00
  by: school wroker
  raises: referal
  with: social-care
- at: Mon 2 Mar 2026 09:30
  by: school worker
  tlaks: telephone
- at: Mon 30 Feb 2026 10:00
  by: school worker
  talks: shouting
  replies: agree
- at: Sun 29 Mar 2026 01:30
  by: school worker
  goes-up: ladder/heaven
  urgent: maybe
  saying: {reason: Soon.}
  expect: {owner: the school, due: tomorrow, marks: [lat], refused: no way, stge: ladder/panel}
- at: Mon 30 Mar 2026 10:00
  silence-of: [stage, step dance]
- at: Mon 30 Mar 2026 11:00
  talks: telephone
- at: Mon 30 Mar 2026 12:00
  by: school worker
  proposes: agreed
  actions: {action: visit, owner: school worker, due: Fri 3 Apr 2026}
- {}
"""

SAID = """\
broken.yaml:3:8: route: found "lader"; write "ladder", if that is what was meant
broken.yaml:5:16: clauses[1]: found "s.99"; write "s.9", if that is what was meant
broken.yaml:6:9: nation: found "england"; write one of england-and-wales, northern-ireland, scotland
broken.yaml:7:67: agencies.nursery.without[0]: found "chief"; write "chair", if that is what was meant
broken.yaml:8:1: langauge: found the unknown key "langauge"; write one of agencies, clauses, nation, procedure, route, \
scenario, shows, story, or leave it out
broken.yaml:10:7: story[0].at: found "Tue 2 Mar 2026 10:00"; write the right weekday: "Mon 2 Mar 2026"
broken.yaml:11:7: story[0].by: found "school wroker"; write "school worker", if that is what was meant
broken.yaml:12:11: story[0].raises: found "referal"; write "referral", if that is what was meant
broken.yaml:13:9: story[0].with: found "social-care"; write one of nursery, partnership, school
broken.yaml:16:3: story[1].tlaks: found the unknown key "tlaks"; write "talks", if that is what was meant
broken.yaml:17:7: story[2].at: found "Mon 30 Feb 2026 10:00"; write a date that exists
broken.yaml:20:12: story[2].replies: found "replies" beside "talks"; write a line for each
broken.yaml:19:10: story[2].talks: found "shouting"; write one of in person, in writing, meeting, telephone, video call
broken.yaml:21:7: story[3].at: found "Sun 29 Mar 2026 01:30"; write a time that London's clocks showed: they went \
forward over this one
broken.yaml:23:12: story[3].goes-up: found "ladder/heaven"; write "ladder/panel", if that is what was meant
broken.yaml:24:11: story[3].urgent: found "maybe"; write yes or no
broken.yaml:28:23: story[4].silence-of[1]: found "step dance"; write "step notice", if that is what was meant
"""


def mistakes(text: str) -> list[str]:
    with pytest.raises(Mistakes) as found:
        read_scenario(text, "broken.yaml", procedures=SMALL)
    return [str(mistake) for mistake in found.value.mistakes]


def test_every_mistake_is_said_at_once_each_at_its_place() -> None:
    found = mistakes(BROKEN)

    missing = [line for line in SAID.splitlines() if line not in found]
    assert not missing, "\n".join([*missing, "", "found:", *found])
    assert found == sorted(found, key=lambda line: tuple(map(int, line.split(":")[1:3])))


@pytest.mark.parametrize(
    ("where", "write"),
    [
        ("story[3].saying.reason", '"reasons", if that is what was meant'),
        ("story[3].expect.owner", 'an agency of this scenario and a post, for example "school manager"'),
        ("story[3].expect.due", 'a weekday, a date and a time in London, for example "Thu 2 Apr 2026 15:42"'),
        ("story[3].expect.marks[0]", '"late", if that is what was meant'),
        ("story[3].expect.refused", "one of "),
        ("story[3].expect.stge", '"stage", if that is what was meant, or leave it out'),
        ("story[5].by", 'the key "by" and its value'),
        ("story[6].actions.due", "one of action, by, owner, or leave it out"),
        ("story[7].at", 'the key "at" and its value'),
        ("story[7]", "one of "),
    ],
)
def test_each_of_the_many_mistakes_says_what_to_write(where: str, write: str) -> None:
    assert any(f" {where}: found " in line and f"; write {write}" in line for line in mistakes(BROKEN)), where


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("- a list", "the file: found a list or a group of keys; write a group of keys", id="a list"),
        pytest.param("scenario: x", 'procedure: found nothing; write the key "procedure"', id="no procedure"),
        pytest.param("scenario: x\nprocedure: smal", 'found "smal"; write "small"', id="unknown procedure"),
        pytest.param("scenario: x\nprocedure: small\nroute: ladder", "story: found nothing; write the key", id="empty"),
        pytest.param("scenario: [", "plain YAML", id="not YAML"),
        pytest.param("scenario: 12\nprocedure: small", 'scenario: found "12"; write text', id="a number for text"),
    ],
)
def test_a_file_that_is_no_scenario(text: str, said: str) -> None:
    assert any(said in line for line in mistakes(text)), mistakes(text)


def test_lines_stand_in_the_order_of_their_moments() -> None:
    text = BROKEN[: BROKEN.index("route:")] + (
        "route: ladder\nshows: x\nagencies: {school: school}\nstory:\n"
        "- {at: Mon 2 Mar 2026 10:00, by: school worker, raises: referral}\n"
        "- {at: Mon 2 Mar 2026 09:00, by: school worker, talks: telephone}\n"
    )

    assert mistakes(text) == [
        'broken.yaml:8:8: story[1].at: found "Mon 2 Mar 2026 09:00"; '
        "write a moment not before Mon 2 Mar 2026 10:00, the line above"
    ]


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("Mon 2 Mar 2026 10:00 BST", 'the time without "BST": London was on GMT'),
        ("Mon 2 Mar 2026 24:00", "a weekday, a date and a time in London"),
        ("2026-03-02 10:00", "a weekday, a date and a time in London"),
        ("Mon 2 Foo 2026 10:00", "a date that exists"),
    ],
)
def test_moments_are_written_one_way(moment: str, said: str) -> None:
    top = "scenario: x\nprocedure: small\nroute: ladder\nshows: x\nagencies: {school: school}\n"
    line = f"story:\n- at: {moment}\n  by: school worker\n  talks: telephone\n"

    assert len(found := mistakes(top + line)) == 1
    assert said in found[0]


def test_a_file_is_named_after_itself(tmp_path: Path) -> None:
    path = tmp_path / "over-easter.yaml"
    path.write_text(
        "scenario: x\nprocedure: small\nroute: ladder\nshows: x\nagencies: {school: school}\n"
        "story: {at: Mon 2 Mar 2026 10:00, by: school worker, raises: referral}\n"
    )

    assert read_scenario(path, procedures=SMALL).name == "over-easter"
