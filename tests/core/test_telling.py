"""Whom an act is told to, as tables: each post once, never the author, and what a procedure adds of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from commonground.core.acts import (
    Actor,
    Answer,
    Ask,
    Decide,
    Flag,
    Flags,
    GoUp,
    Medium,
    Meet,
    Note,
    PassTime,
    PostRef,
    Propose,
    Redate,
    Reply,
    StateView,
    Talk,
    Withdraw,
)
from commonground.core.procedure import OFFICE, Tell, TellOn
from commonground.core.standing import NOTHING, Standing
from commonground.core.telling import Notice, tell
from tests.core.small import small
from tests.story import SYSTEM, Story, setting_for

SMALL = small()
DIRECTOR = Actor("director", PostRef("social-care", "director"))
OFFICER = Actor("officer", PostRef("partnership", OFFICE))


def told(story: Story, before: Standing) -> list[str]:
    """The notices of the last act, each as `agency post: about`, with `!` where it asks them to act."""
    return [shown(notice) for notice in tell(story.setting, before, story.standing, story.acts[-1])]


def shown(notice: Notice) -> str:
    return f"{notice.to.agency} {notice.to.post}: {notice.about}{'!' if notice.to_act else ''}"


def at_stage(stage: str, *tells: Tell) -> Story:
    return Story(setting_for(replace(SMALL, tells=tells))).raised("referral", start_at=f"ladder/{stage}")


def after(story: Story, ask: Ask, by: Actor | str, *saying: str) -> list[str]:
    before = story.standing
    story.does(ask, by=by, saying=saying)
    return told(story, before)


WORDS = ("reasons", "differing views", "why not contact")


@pytest.mark.parametrize(
    ("stage", "ask", "by", "notices"),
    [
        pytest.param(
            "workers",
            GoUp(),
            "school",
            [
                "school manager: entry",
                "social-care manager: entry!",
                "social-care worker: entry",
            ],
            id="a new stage: those who face each other in it, and those below",
        ),
        pytest.param(
            "workers",
            PassTime("stage"),
            SYSTEM,
            [
                "school manager: silence",
                "school worker: entry",
                "social-care manager: silence!",
                "social-care worker: entry",
            ],
            id="silence: both sides, and those whose time ran out",
        ),
        pytest.param(
            "director",
            PassTime("stage"),
            SYSTEM,
            ["school senior: silence!", "social-care director: silence", "social-care senior: silence"],
            id="a question: who is asked, and whoever faces them",
        ),
        pytest.param(
            "panel",
            PassTime("stage"),
            SYSTEM,
            [
                "partnership chair: silence",
                "partnership office: silence!",
                "school senior: silence",
                "social-care senior: silence",
            ],
            id="what the clock leaves with the office, the office hears",
        ),
        pytest.param(
            "director",
            Decide("refuse"),
            DIRECTOR,
            [
                "partnership chair: decision",
                "school senior: decision!",
                "social-care senior: decision",
            ],
            id="a decision: both sides and where it goes, not who made it",
        ),
        pytest.param(
            "workers",
            Propose("agreed"),
            "school",
            ["social-care worker: outcome!"],
            id="an outcome: who has to confirm it",
        ),
        pytest.param(
            "workers",
            Withdraw(),
            "raiser",
            ["school worker: outcome", "social-care worker: outcome"],
            id="an ending: both sides, here raised by another post",
        ),
        pytest.param(
            "managers",
            StateView(agrees=False),
            "school",
            ["social-care manager: a manager differs!"],
            id="a manager who differs: the other side",
        ),
        pytest.param(
            "workers",
            Meet(held=False),
            "school",
            ["social-care worker: meeting called!"],
            id="a meeting called: the other side",
        ),
        pytest.param(
            "workers",
            Reply(Answer.DISAGREE),
            "social-care",
            ["school worker: entry!"],
            id="whose move it has become, whatever was done",
        ),
        pytest.param("workers", Talk(Medium.TELEPHONE), "school", [], id="nothing new for anybody: nobody is told"),
        pytest.param("workers", Note(approved=True), "school", [], id="an agency's own note is nobody else's news"),
    ],
)
def test_whom_an_act_is_told_to(stage: str, ask: Ask, by: Actor | str, notices: list[str]) -> None:
    story = at_stage(stage)
    if isinstance(ask, PassTime):
        story.now = story.standing.limits[ask.event].at
    assert story.standing.raiser is not None
    assert after(story, ask, story.standing.raiser if by == "raiser" else by, *WORDS) == notices


def test_raising_is_told_to_the_other_side_and_not_to_who_raised_it() -> None:
    story = at_stage("workers")
    assert told(story, NOTHING) == ["school worker: raised", "social-care worker: raised!"]
    seat = PostRef("school", "worker")
    by_the_worker = replace(story.acts[-1], by=Actor("raiser", seat))
    assert [n.to for n in tell(story.setting, NOTHING, story.standing, by_the_worker)] == [
        PostRef("social-care", "worker")
    ]


def test_where_nobody_is_known_across_the_office_is_asked_to_reach_them() -> None:
    story = Story(setting_for(SMALL)).raised("referral", against=None)
    assert "partnership office: raised!" in told(story, NOTHING)


def test_urgent_is_said_to_everybody_who_is_told() -> None:
    story = at_stage("workers")
    before = story.standing
    story.does(GoUp(urgent=True), by="school")
    notices = tell(story.setting, before, story.standing, story.acts[-1])
    assert len(notices) == 3
    assert all(notice.urgent for notice in notices)


OWN_TELLS = [
    (TellOn.RAISED, "office", "workers", None, "partnership office: raised"),
    (TellOn.ENTRY, "chair", "workers", GoUp(), "partnership chair: entry"),
    (TellOn.SILENCE, "office", "workers", PassTime("stage"), "partnership office: silence"),
    (TellOn.OUTCOME, "director", "workers", Propose("agreed"), "social-care director: outcome"),
    (TellOn.DIFFERS, "senior", "managers", StateView(agrees=False), "school senior: a manager differs"),
    (TellOn.DIFFERS, "senior", "managers", StateView(agrees=False), "social-care senior: a manager differs"),
    (TellOn.DECISION, "chair", "director", Decide("hold", no_differing_views=True), "partnership chair: decision"),
    (TellOn.MEETING, "office", "workers", Meet(held=False), "partnership office: meeting called"),
    (TellOn.FLAG, "office", "workers", Flag(Flags.POLICY), "partnership office: policy issue"),
]


@pytest.mark.parametrize(("on", "whom", "stage", "ask", "notice"), OWN_TELLS)
@pytest.mark.parametrize("to_act", [False, True])
def test_a_procedure_adds_whom_it_names(
    on: TellOn, whom: str, stage: str, ask: Ask | None, notice: str, to_act: bool
) -> None:
    story = at_stage(stage, Tell(on=on, whom=(whom,), to_act=to_act))
    if ask is None:
        notices = told(story, NOTHING)
    else:
        if isinstance(ask, PassTime):
            story.now = story.next_due
        by = {PassTime: SYSTEM, Decide: DIRECTOR}.get(type(ask), "school")
        notices = after(story, ask, by, *WORDS)
    assert f"{notice}{'!' if to_act else ''}" in notices


def test_every_occasion_a_procedure_can_name_is_in_the_table() -> None:
    assert {row[0] for row in OWN_TELLS} == set(TellOn)


@pytest.mark.parametrize(
    ("whom", "posts"),
    [
        ("challenging side", {"school manager"}),
        ("responding side", {"social-care manager"}),
        ("all parties", {"school manager", "social-care manager"}),
        ("office", {"partnership office"}),
        ("senior", {"school senior", "social-care senior"}),
        ("director", {"social-care director"}),
    ],
)
def test_who_is_meant(whom: str, posts: set[str]) -> None:
    """Told on a policy issue at the managers' stage, by somebody with no part in it."""
    plain = {"school manager", "social-care manager"}
    story = at_stage("managers", Tell(on=TellOn.FLAG, whom=(whom,), to_act=True))
    notices = after(story, Flag(Flags.POLICY), Actor("police", PostRef("police", "worker")))
    told_to_act = {line.partition(":")[0] for line in notices if line.endswith("!")}
    assert posts <= told_to_act <= posts | plain


def test_a_post_that_an_agency_lacks_is_not_told_through_whoever_owns_its_moves() -> None:
    procedure = replace(SMALL, tells=(Tell(on=TellOn.FLAG, whom=("senior",)),))
    missing = frozenset({("school", "senior")})
    story = Story(setting_for(procedure, without=missing)).raised("referral")
    assert "social-care senior: policy issue" in after(story, Flag(Flags.POLICY), "school")
    assert not any(line.startswith("school manager") for line in told(story, NOTHING))


def test_a_tell_of_a_stage_or_route_holds_there_alone() -> None:
    route = SMALL.route("ladder")
    tells = (Tell(on=TellOn.FLAG, whom=("chair",)),)
    workers = replace(route.stages[0], tells=tells)
    procedure = replace(SMALL, routes=(replace(route, stages=(workers, *route.stages[1:])),))
    for stage, heard in (("workers", True), ("managers", False)):
        story = Story(setting_for(procedure)).raised("referral", start_at=f"ladder/{stage}")
        assert ("partnership chair: policy issue" in after(story, Flag(Flags.POLICY), "school")) is heard


EVERYTHING: tuple[Callable[[Story], tuple[Ask, Actor | str]], ...] = (
    lambda story: (Meet(held=False), "school"),
    lambda story: (Reply(Answer.DISAGREE), "social-care"),
    lambda story: (GoUp(), "school"),
    lambda story: (StateView(agrees=False), "social-care"),
    lambda story: (PassTime(story.standing.waits.event or ""), SYSTEM) if story.standing.waits else (GoUp(), SYSTEM),
    lambda story: (GoUp(), OFFICER),
    lambda story: (Flag(Flags.POLICY), OFFICER),
    lambda story: (Decide("refuse"), DIRECTOR),
    lambda story: (Propose("agreed"), "social-care"),
    lambda story: (Withdraw(), story.standing.raiser or "school"),
    lambda story: (GoUp("workers"), Actor("police", PostRef("police", "worker"))),
)


def test_each_post_is_told_once_and_never_the_author_however_many_reasons_there_are() -> None:
    everyone = tuple(
        Tell(on=on, whom=("all parties", "office", "chair", "senior", "director"), to_act=bool(number % 2))
        for number, on in enumerate(TellOn)
    )
    story = at_stage("workers", *everyone)
    for number, doing in enumerate(EVERYTHING):
        ask, by = doing(story)
        story.now = max(story.now, story.next_due) if isinstance(ask, PassTime) else story.now
        before = story.standing
        story.does(ask, by=by, saying=WORDS)
        act = story.acts[-1]
        notices = tell(story.setting, before, story.standing, act)
        posts = [notice.to for notice in notices]
        assert len(posts) == len(set(posts)), number
        assert posts == sorted(posts, key=lambda post: (post.agency, post.post))
        if not isinstance(ask, PassTime | Redate):
            assert act.by.seat not in posts, number


def test_a_new_holiday_tells_nobody_whose_move_it_is_not() -> None:
    story = at_stage("workers")
    calendar = story.setting.calendar.with_holiday(date(2026, 3, 3), "A day of its own", "next")
    story.setting = replace(story.setting, calendar=calendar)
    assert after(story, Redate("next"), SYSTEM) == []
