"""Everything the service can say has words, and the words keep to the rules of the house."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, get_args, get_type_hints

import pytest

from commonground import wording
from commonground.core import acts as core_acts
from commonground.core import procedure as core_procedure
from commonground.core.acts import (
    WITHDRAWN,
    Answer,
    Ask,
    Audience,
    Because,
    Confirm,
    Decide,
    Effect,
    Ended,
    Entered,
    Flag,
    Flags,
    GoUp,
    How,
    LimitMissed,
    LimitSet,
    LimitStopped,
    Mark,
    Medium,
    Meet,
    Meets,
    Owner,
    PostRef,
    Propose,
    Raise,
    Redate,
    Refer,
    Reply,
    Rounds,
    SetDate,
    Sets,
    Side,
    Talk,
    Target,
    What,
    Withdraw,
    Write,
)
from commonground.core.decide import Refused
from commonground.core.procedure import (
    Ask as Question,
)
from commonground.core.procedure import (
    Cap,
    Clock,
    Decision,
    Ending,
    EndingKind,
    HeldIn,
    Limit,
    Matter,
    Post,
    Procedure,
    Reading,
    Result,
    Route,
    Sides,
    Stage,
    Start,
    StartEvent,
    Step,
    TellOn,
    Then,
    Title,
    UrgentRequest,
    Who,
)
from commonground.core.procedure import Deed as Does
from commonground.core.reasons import ActionIncomplete, AnswerMissing, NotTheDecider, Refusal, StepMissing
from commonground.core.standing import NOTHING, Phase, Standing
from commonground.core.telling import Notice
from commonground.core.time import (
    CalendarDays,
    Due,
    Rule,
    SameWorkingDay,
    ServiceHours,
    Span,
    WorkingDays,
    by_childs_date,
    due,
)
from commonground.language.library import shipped
from commonground.wording import MoveWords
from tests.storage.examples import act, example
from tests.story import CALENDAR, Story, at, setting_for


def _read(of: str, words: Any = None) -> Reading:
    return Reading(of=of, takes="a time", because="a child should not wait", clauses=("vd.9",), words=words)


PROCEDURE = Procedure(
    key="valley",
    title="When we do not agree",
    edition="first",
    area=("Valley",),
    nation="england-and-wales",
    body_name="Partnership",
    clause_prefix="vd",
    posts=(
        Post(key="worker", name="support worker", rank=1),
        Post(key="manager", name="manager", rank=2, titles=(Title(agency="school", title="head of year"),)),
        Post(key="panel", name="panel", held_in=HeldIn.PARTNERSHIP),
        Post(key="office", name="the partnership's office", held_in=HeldIn.PARTNERSHIP),
    ),
    endings=(Ending(key="agreed", name="Agreed between them", kind=EndingKind.AGREED),),
    matters=(Matter(key="threshold", name="Whether a child needs help", to="usual"),),
    asks=(Question(key="change", at=core_procedure.Place.OUTCOME, text="What changes for the child?"),),
    urgent_requests=(UrgentRequest(key="strategy", name="Ask for a strategy meeting"),),
    routes=(
        Route(
            key="usual",
            title="Usual",
            confirm=Limit(within=WorkingDays(1), clauses=("vd.7",), readings=(_read("within"),)),
            caps=(Cap(key="both", stages=("one", "two"), limit=Limit(within=WorkingDays(9))),),
            stages=(
                Stage(
                    key="one",
                    label="Stage one",
                    heading="Workers talk",
                    clock=Clock(
                        within=WorkingDays(2),
                        starts=(Start(event=StartEvent.RAISED), Start(event=StartEvent.STEP, of="talk")),
                        then=Then.UP,
                        clauses=("vd.2", "vd.3"),
                    ),
                    sides=Sides(challenging=("worker",), responding=("worker",)),
                    steps=(
                        Step(key="talk", name="Talk it over", who=Who.EITHER, do=Does.TALK),
                        Step(
                            key="reply",
                            name="Say whether you agree",
                            who=Who.RESPONDING,
                            do=Does.REPLY,
                            limit=Limit(within=WorkingDays(1)),
                            readings=(_read("itself"),),
                        ),
                    ),
                    endings=("agreed",),
                    next="two",
                ),
                Stage(
                    key="two",
                    heading="Managers talk",
                    clock=Clock(
                        within=SameWorkingDay(),
                        says="without delay",
                        then=Then.ASK,
                        asks="manager",
                        question="Do you take it to the panel?",
                        clauses=("vd.4",),
                        readings=(_read("within"),),
                    ),
                    sides=Sides(challenging=("manager",), responding=("manager",)),
                    endings=("agreed",),
                    next="three",
                ),
                Stage(
                    key="three",
                    label="Stage three",
                    heading="The panel decides",
                    clock=Clock(
                        within=WorkingDays(3),
                        then=Then.LOOK_AGAIN,
                        clauses=("vd.5",),
                        readings=(_read("within", WorkingDays(5)),),
                    ),
                    sides=Sides(challenging=("manager",), responding=("manager",)),
                    decision=Decision(
                        by=("panel",), results=(Result(key="help", name="The child is helped", ends="agreed"),)
                    ),
                ),
            ),
        ),
    ),
)

SETTING = setting_for(PROCEDURE)
AGENCIES = {
    "school": "Hilltop School",
    "social-care": "Northtown Children's Services",
    "partnership": "Northtown Safeguarding Partnership",
}
NAMES = wording.names_for(SETTING, AGENCIES)
SCHOOL, SOCIAL_CARE = PostRef("school", "manager"), PostRef("social-care", "manager")
OFFICE = SETTING.office_post


@pytest.fixture
def story() -> Story:
    return Story(SETTING).raised("threshold")


def title(story: Story, number: int = -1) -> str:
    return wording.timeline(story.acts, NAMES)[number].title


def move(story: Story, viewer: PostRef | None = None) -> MoveWords:
    assert story.standing.waits is not None
    return wording.whose_move_in_words(story.standing.waits, NAMES, story.standing, viewer)


# --- Everything has words ---------------------------------------------------------------------------------------------


def variants(kind: type) -> Iterator[Any]:
    """Yield one of a dataclass with everything in it, and one for each other value its choices can have."""
    whole = example(kind)
    yield whole
    for field, hint in get_type_hints(kind).items():
        choices: list[Any] = []
        for one in get_args(hint) or (hint,):
            if isinstance(one, type) and issubclass(one, StrEnum):
                choices += list(one)
            elif one is bool:
                choices += [True, False]
            elif one is type(None):
                choices.append(None)
        if get_args(hint)[1:] == (Ellipsis,):
            choices = [*((one,) for one in choices), ()]
        for choice in choices:
            yield replace(whole, **{field: choice})


def all_subclasses(kind: type) -> Iterator[type]:
    below: type
    for below in kind.__subclasses__():
        yield below
        yield from all_subclasses(below)


ASKS: tuple[type, ...] = get_args(Ask)
EFFECTS: tuple[type, ...] = get_args(Effect)
REFUSALS = tuple(all_subclasses(Refusal))
INSIDE = Story(SETTING).raised("threshold").standing
"""A standing with a stage, so that steps, stages and clocks can be looked up."""


def _titles(kind: type) -> list[str]:
    return [wording.title_of_act(act(ask=ask), NAMES, here) for ask in variants(kind) for here in (NOTHING, INSIDE)]


def _labels(kind: type) -> list[str]:
    return [wording.label_of_ask(ask, NAMES, here) for ask in variants(kind) for here in (NOTHING, INSIDE)]


def _effects(kind: type) -> list[str]:
    return [wording.words_of_effect(effect, NAMES, here) for effect in variants(kind) for here in (NOTHING, INSIDE)]


def _refusals(kind: type) -> list[str]:
    said = [wording.words_of_refusal(refusal, NAMES, INSIDE) for refusal in variants(kind)]
    return [words for one in said for words in (one.so, one.next)]


CHOICES: dict[type[StrEnum], Any] = {
    Phase: wording.words_of_phase,
    EndingKind: wording.words_of_ending_kind,
    Side: wording.words_of_side,
    Answer: wording.words_of_answer,
    Medium: wording.words_of_medium,
    How: wording.words_of_how,
    Because: wording.words_of_because,
    Audience: wording.words_of_audience,
    Rule: wording.words_of_rule,
    TellOn: wording.words_of_tell,
    Mark: lambda mark: wording.words_of_mark(mark).label,
    Meets: wording.words_of_meets,
    Rounds: wording.words_of_round,
    What: lambda what: wording.words_of_what(what, NAMES, INSIDE, "reply"),
    StartEvent: lambda event: wording.words_of_start(Start(event=event, of="two"), NAMES, "usual", "one"),
}
WHOLE_SENTENCES = (Because, Audience, Rule, TellOn)


def everything_said() -> list[str]:
    """All fixed wording there is, each with invented names in it."""
    said: list[str] = []
    for kind in ASKS:
        said += [*_titles(kind), *_labels(kind)]
    for kind in EFFECTS:
        said += _effects(kind)
    for kind in REFUSALS:
        said += _refusals(kind)
    for choice, words in CHOICES.items():
        said += [words(one) for one in choice]
    said += [wording.words_of_mark(mark).sentence for mark in Mark]
    said += [wording.audience_before_box(audience) for audience in Audience]
    said += [f"{message.subject}. {message.body}" for message in messages()]
    return [*said, wording.DANGER]


def messages() -> list[wording.Message]:
    notices = [
        Notice(SCHOOL, about, to_act, urgent)
        for about in TellOn
        for to_act in (True, False)
        for urgent in (True, False)
    ]
    return [wording.message_of(notice, "VD-7Q3", "https://example.org/d/VD-7Q3", DUE) for notice in notices]


DUE = due(WorkingDays(2), at("2026-04-02 15:42"), CALENDAR)


@pytest.mark.parametrize("kind", ASKS, ids=lambda kind: kind.__name__)
def test_every_act_has_a_line_in_the_timeline_and_a_button(kind: type) -> None:
    assert all(line and not line.endswith(".") for line in _titles(kind))
    assert all(label and len(label) < 70 for label in _labels(kind))


@pytest.mark.parametrize("kind", EFFECTS, ids=lambda kind: kind.__name__)
def test_every_effect_has_whole_sentences(kind: type) -> None:
    assert all(sentence.endswith((".", "?")) and sentence[0].isupper() for sentence in _effects(kind))


def test_every_refusal_says_what_is_so_and_what_you_can_do_next() -> None:
    assert len(REFUSALS) > 20
    for kind in REFUSALS:
        for words in _refusals(kind):
            assert words.endswith((".", "?")), (kind, words)
            assert words[0].isupper() or words[0] == "“", (kind, words)


def test_a_refusal_keeps_the_clauses_behind_it() -> None:
    assert wording.words_of_refusal(StepMissing(("vd.2",), step="talk"), NAMES, INSIDE).clauses == ("vd.2",)


@pytest.mark.parametrize("choice", CHOICES, ids=lambda kind: kind.__name__)
def test_every_choice_has_words_of_its_own(choice: type[StrEnum]) -> None:
    said = [CHOICES[choice](one) for one in choice]

    assert all(said)
    assert len(set(said)) == len(said), "two that mean different things say the same"
    if choice in WHOLE_SENTENCES:
        assert all(words.endswith(".") for words in said)


def test_every_mark_has_a_short_label_and_one_sentence() -> None:
    for mark in Mark:
        words = wording.words_of_mark(mark)
        assert len(words.label) <= 28, words.label
        assert words.sentence.count(".") == 1
        assert words.sentence.endswith(".")


def test_no_choice_of_the_core_was_forgotten_here() -> None:
    # The others are said as part of an act, an effect or a date, and `variants` walks them there; or they are words of
    # the procedure language, which its own pages show.
    elsewhere = {
        *(core_acts.About, Sets, Target, Flags),
        *(core_procedure.Strength, Who, core_procedure.Deed, Then, core_procedure.Needed, core_procedure.DutyKind),
        *(core_procedure.Guards, core_procedure.MoveKind, core_procedure.Late, HeldIn, core_procedure.Place),
    }
    known = {
        one
        for module in (core_acts, core_procedure)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, StrEnum) and one is not StrEnum
    }
    assert known - elsewhere - set(CHOICES) == set()


def test_a_refusal_nobody_gave_words_to_is_found_at_once() -> None:
    class NewRefusal(Refusal):
        pass

    with pytest.raises(LookupError, match="NewRefusal"):
        wording.words_of_refusal(NewRefusal(), NAMES)


# --- The rules of the house -------------------------------------------------------------------------------------------

BANNED = re.compile(
    r"\b(tickets?|SLAs?|ETAs?|cases?|complaints?|complain|grievances?|disputes?|incidents?|breach(es|ed)?|fail(s|ed|ures?)?"
    r"|violat(e|ed|ions?)|submit(s|ted)?|submissions?|allegations?|respondents?|defendants?|assignees?|level up|won"
    r"|rejected|log entry|must|invalid|error|(?-i:None))\b|!",
    re.IGNORECASE,
)


def test_none_of_the_words_we_avoid_is_ever_said() -> None:
    said = everything_said()

    assert len(said) > 400
    assert [words for words in said if BANNED.search(words)] == []


def test_a_sentence_has_one_idea() -> None:
    for words in everything_said():
        for sentence in re.split(r"[.?:] |\n", words):
            assert len(sentence.split()) <= 24, sentence
        assert "  " not in words
        assert ".." not in words


# --- Dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        pytest.param(at("2026-04-20 15:42"), "3:42pm on Monday 20 April 2026", id="the GOV.UK way"),
        pytest.param(at("2026-04-20 15:00"), "3pm on Monday 20 April 2026", id="a full hour"),
        pytest.param(at("2026-04-20 12:00"), "midday on Monday 20 April 2026", id="midday"),
        pytest.param(at("2026-04-20 12:30"), "12:30pm on Monday 20 April 2026", id="after midday"),
        pytest.param(at("2026-04-20 00:05"), "12:05am on Monday 20 April 2026", id="after midnight"),
        pytest.param(
            at("2026-04-20 00:00"), "midnight at the start of Monday 20 April 2026", id="midnight, of which day"
        ),
        pytest.param(
            by_childs_date(date(2026, 6, 5)).at, "the end of Friday 5 June 2026", id="the last moment of a day"
        ),
        pytest.param(at("2026-06-05 23:59"), "11:59pm on Friday 5 June 2026", id="a minute before"),
        pytest.param(at("2026-04-20 15:42:59"), "3:42pm on Monday 20 April 2026", id="never longer than there is"),
        pytest.param(
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "1:30am (BST) on Sunday 25 October 2026", id="twice: the first"
        ),
        pytest.param(
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "1:30am (GMT) on Sunday 25 October 2026", id="twice: the second"
        ),
        pytest.param(datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "12:30am on Thursday 2 July 2026", id="London's date"),
    ],
)
def test_moments_are_said_in_london(moment: datetime, said: str) -> None:
    assert wording.moment(moment) == said


def test_a_moment_without_a_time_zone_is_never_guessed() -> None:
    with pytest.raises(ValueError, match="time zone"):
        wording.moment(datetime(2026, 4, 20, 15, 42))  # noqa: DTZ001  # that is the point
    assert wording.day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "Thursday 2 July 2026"
    assert wording.clock_time(time(0)) == "midnight"


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (WorkingDays(2), "2 working days"),
        (WorkingDays(1), "1 working day"),
        (CalendarDays(1), "1 calendar day"),
        (ServiceHours(0), "0 service hours"),
        (SameWorkingDay(), "the same working day"),
    ],
)
def test_spans(span: Span, said: str) -> None:
    assert wording.span_in_words(span) == said


# --- Names ------------------------------------------------------------------------------------------------------------


def test_a_post_is_called_what_its_agency_calls_it_then_what_the_procedure_does() -> None:
    assert NAMES.post(SCHOOL) == "the head of year at Hilltop School"
    assert NAMES.post(SOCIAL_CARE) == "the manager at Northtown Children's Services"
    assert NAMES.post(OFFICE) == "the partnership's office (Northtown Safeguarding Partnership)"
    assert replace(NAMES, titles={SCHOOL: "pastoral lead"}).post(SCHOOL) == "the pastoral lead at Hilltop School"
    assert replace(NAMES, titles={SCHOOL: "A deputy head"}).post(SCHOOL) == "A deputy head at Hilltop School"


def test_what_is_not_known_is_shown_by_its_key_and_hides_nothing() -> None:
    assert NAMES.post(PostRef("new-clinic", "night-nurse")) == "the night nurse at new clinic"
    assert NAMES.stage("usual", "seven-a") == NAMES.stage("no-route", "seven-a") == "seven a"
    assert NAMES.ending("gone") == NAMES.matter("gone") == "gone"
    assert NAMES.posts(()) == "nobody named"


def test_stages_endings_and_clauses() -> None:
    assert NAMES.stage("usual", "one") == "Stage one (Workers talk)"
    assert NAMES.stage("usual", "two") == "Managers talk"
    assert NAMES.ending("agreed") == "Agreed between them"
    assert NAMES.ending(WITHDRAWN) == "Withdrawn by the person who raised it"
    assert NAMES.clauses(()) == ""
    assert NAMES.clauses(("vd.2",)) == "clause 2"
    assert NAMES.clauses(("vd.2", "vd.3", "other.1")) == "clauses 2, 3 and other.1"


# --- The timeline -----------------------------------------------------------------------------------------------------


def test_a_disagreement_reads_as_a_story(story: Story) -> None:
    story.now = at("2026-03-03 10:00")
    story.does(Talk(Medium.TELEPHONE, with_=(SOCIAL_CARE,)), by="school")
    story.does(Reply(Answer.DISAGREE), by="social-care")
    story.does(GoUp(urgent=True), by="school")
    story.silence()
    story.silence()
    story.does(SetDate(Sets.CHILDS_DATE, on=date(2026, 6, 5)), by="school")
    story.does(Propose("agreed"), by="school")
    story.does(Confirm(), by="social-care")

    told = wording.timeline(story.acts, NAMES)

    assert [entry.title for entry in told] == [
        "Hilltop School raised this",
        "Hilltop School recorded a talk by telephone with the manager at Northtown Children's Services",
        "Northtown Children's Services did not agree",
        "Hilltop School took it up to Managers talk, as urgent",
        "Silence was recorded: no answer came by 5pm on Tuesday 3 March 2026",
        "Silence was recorded: no answer came by 5pm on Wednesday 4 March 2026",
        "Hilltop School set the child's date: Friday 5 June 2026",
        "Hilltop School put forward an outcome: Agreed between them",
        "Northtown Children's Services confirmed the outcome",
    ]
    assert told[0].sentences[:2] == (
        "It runs under “When we do not agree”. It is about: Whether a child needs help.",
        "Stage one (Workers talk) began: as it was raised.",
    )
    assert "The time for this stage. By 10am on Wednesday 4 March 2026." in told[0].sentences
    assert [mark.label for mark in told[3].marks] == ["Urgent"]
    assert told[-1].sentences == ("It ended: Agreed between them.",)


def test_going_up_by_silence_says_so(story: Story) -> None:
    story.does(Reply(Answer.IN_PART), by="social-care")
    story.silence()

    told = wording.timeline(story.acts, NAMES)[-1]

    # There was an answer, so the record must not say that there was none.
    assert told.title == "Silence was recorded: it was not settled by 10am on Wednesday 4 March 2026"
    assert told.sentences[0] == "It went up to Managers talk: by silence."


def test_an_unusual_owner_is_explained() -> None:
    thin = setting_for(PROCEDURE, without=frozenset({("social-care", "worker")}))
    story = Story(thin).raised("threshold")

    said = " ".join(wording.timeline(story.acts, NAMES)[0].sentences)

    assert (
        "The manager at Northtown Children's Services has a part here. The agency has nobody at that tier, so it goes"
        " to the next tier up." in said
    )


def test_inside_one_agency_posts_are_named() -> None:
    story = Story(SETTING).raised("threshold", against="school")

    assert title(story) == "The head of year at Hilltop School raised this"


@pytest.mark.parametrize(
    ("ask", "marks", "effects", "said"),
    [
        (Write("strategy"), (), (), "Hilltop School made an urgent request: Ask for a strategy meeting"),
        (
            Write("formal-notice", to=(SOCIAL_CARE,)),
            (),
            (),
            "Hilltop School wrote to the manager at Northtown Children's Services: formal notice",
        ),
        (
            Raise("threshold", core_acts.About.CHILD, ("school",)),
            (Mark.RAISED_AGAIN,),
            (),
            "Hilltop School raised this again",
        ),
        (
            Reply(Answer.NOT_ME, right_post=SCHOOL),
            (),
            (),
            "Hilltop School said that somebody else is the right one to answer: the head of year at Hilltop School",
        ),
        (
            Reply(Answer.NEED_MORE, more_by=date(2026, 6, 5)),
            (),
            (),
            "Hilltop School asked to know more before answering, by Friday 5 June 2026",
        ),
        (
            GoUp(),
            (Mark.CHAIN_EXHAUSTED,),
            (),
            "Hilltop School took it up: no stage is left, so the partnership's office has it",
        ),
        (Flag(Flags.OTHER_SIDE, agency="social-care"), (), (), "Hilltop School reached Northtown Children's Services"),
        (Confirm(for_side=Side.RESPONDING), (), (), "Hilltop School confirmed the outcome for the side that was asked"),
        (Confirm(agrees=False), (), (), "Hilltop School said that the outcome does not stand"),
        (
            Meet(held=False, meets_at=at("2026-06-05 09:30")),
            (),
            (),
            "Hilltop School called a meeting for 9:30am on Friday 5 June 2026",
        ),
        (
            Meet(held=False, meets_at=at("2026-06-05 00:00")),
            (),
            (),
            "Hilltop School called a meeting for Friday 5 June 2026",
        ),
        (
            Meet(held=False, meets=Meets.CHANGED, meets_at=at("2026-06-05 09:30")),
            (),
            (),
            "Hilltop School changed a meeting: it is now for 9:30am on Friday 5 June 2026",
        ),
        (
            Meet(held=False, meets=Meets.ANSWERED, apologies=(SCHOOL,)),
            (),
            (),
            "Hilltop School answered for a meeting: the head of year at Hilltop School cannot come",
        ),
        (
            Meet(held=False, meets=Meets.SENT_ROUND, rounds=(Rounds.PAPERS, Rounds.MINUTES), told=(SOCIAL_CARE,)),
            (),
            (),
            "Hilltop School sent the papers and the minutes of a meeting round, to "
            "the manager at Northtown Children's Services",
        ),
        (Refer(Target.STAGE, "one"), (), (), "Hilltop School sent it back to Stage one (Workers talk)"),
        (Withdraw(), (), (), "Hilltop School withdrew this"),
        (Redate("england-and-wales 2"), (), (), "The dates were worked out again with a new calendar"),
    ],
    ids=lambda value: type(value).__name__ if is_dataclass(value) else "",
)
def test_titles(ask: Ask, marks: tuple[Mark, ...], effects: tuple[Effect, ...], said: str) -> None:
    assert wording.title_of_act(act(ask=ask, marks=marks, effects=effects), NAMES, INSIDE) == said


def test_another_line_than_line_management_is_named() -> None:
    owner = Owner(SCHOOL, Because.NAMED)
    entered = Entered("usual", "two", How.IN_TURN, DUE.at, owner, owner, None)

    said = wording.title_of_act(act(ask=GoUp(line="manager"), effects=(entered,)), NAMES, INSIDE)

    assert said == "Hilltop School took it up to Managers talk, by way of the head of year at Hilltop School"


# --- Whose move -------------------------------------------------------------------------------------------------------


def test_the_first_line_says_whose_move_what_and_by_when(story: Story) -> None:
    said = move(story)

    assert said.line == (
        "Waiting for the support worker at Northtown Children's Services. To do: Talk it over."
        " First comes the time for “Say whether you agree”."
        " No limit given. We look again at 10am on Tuesday 3 March 2026."
    )
    assert said.why == "The procedure names this post."
    assert not said.yours


def test_it_says_you_when_it_is_yours(story: Story) -> None:
    said = move(story, viewer=PostRef("social-care", "worker"))

    assert said.who == "Waiting for you, the support worker at Northtown Children's Services."
    assert said.yours


def test_a_question_is_answered_and_not_done(story: Story) -> None:
    story.does(GoUp(), by="school")
    story.silence()

    assert move(story).what == "To answer: Do you take it to the panel?"
    assert move(story).if_silent == "If there is no answer by then, the partnership's office is asked."


def test_an_ended_one_waits_for_nobody(story: Story) -> None:
    story.does(Withdraw(), by=story.acts[0].by, saying=("reasons",))

    assert move(story).line == "It has ended: Withdrawn by the person who raised it. Nothing is left to do."


@pytest.mark.parametrize(
    ("stage", "event", "said"),
    [
        ("one", "stage", "If it is not settled by then, it goes up to Managers talk."),
        ("one", "cap both", "If it is not settled by then, it goes up to Managers talk."),
        ("two", "stage", "If it is not settled by then, we ask the manager what happens next."),
        ("three", "stage", "If it is not settled by then, the partnership's office looks at it again."),
        ("one", "step reply", "If it is not done by then, the record shows that. Nothing else changes."),
        ("one", "confirm", "If nobody confirms by then, the partnership's office is asked."),
        ("one", "question", "If there is no answer by then, the partnership's office is asked."),
        ("one", "action a", "If nothing is reported by then, we ask again."),
        ("one", None, ""),
        ("nowhere", "stage", ""),
    ],
)
def test_what_happens_in_silence(stage: str, event: str | None, said: str) -> None:
    assert wording.if_silent(event, NAMES, at_stage(stage)) == said


def at_stage(key: str, **more: Any) -> Standing:
    assert INSIDE.entered is not None
    return replace(INSIDE, entered=replace(INSIDE.entered, stage=key), **more)


# --- By when, and whose date that is ----------------------------------------------------------------------------------

AT = at("2026-04-02 15:42")
SAME_DAY = due(SameWorkingDay(), AT, CALENDAR)
THREE, TWO, ONE = (due(WorkingDays(n), AT, CALENDAR) for n in (3, 2, 1))
CHILDS = by_childs_date(date(2026, 4, 3), CALENDAR)


@pytest.mark.parametrize(
    ("stage", "key", "when", "ours"),
    [
        pytest.param("one", "stage", None, False, id="the text gives it"),
        pytest.param("one", "stage", TWO, False, id="the text's own span"),
        pytest.param("one", "stage", ONE, True, id="another span: ours, to look again"),
        pytest.param("one", "stage", CHILDS, False, id="the child's date is not ours"),
        pytest.param("one", "step reply", None, True, id="the step itself is a reading"),
        pytest.param("one", "cap both", None, False, id="a shared limit"),
        pytest.param("one", "confirm", None, True, id="confirming, by a reading"),
        pytest.param("one", "question", None, True, id="a question's time is always ours"),
        pytest.param("one", "action a", None, False, id="an action's date is people's"),
        pytest.param("one", "action a", ONE, True, id="asking again after it is ours"),
        pytest.param("one", "action a", CHILDS, False, id="the very date that people set"),
        pytest.param("one", "step reply", CHILDS, False, id="the child's date before a step of ours"),
        pytest.param("two", "stage", None, True, id="words without a number, by a reading"),
        pytest.param("three", "stage", None, False, id="the text says something, read as something shorter"),
        pytest.param("one", "step unheard-of", None, True, id="what nobody knows is never the text's"),
    ],
)
def test_whose_limit_it_is(stage: str, key: str, when: Due | None, ours: bool) -> None:
    assert wording.is_ours(PROCEDURE, "usual", stage, key, when) is ours


@pytest.mark.parametrize(
    ("stage", "key", "when", "more", "said"),
    [
        pytest.param("one", "stage", TWO, {}, "By 3:42pm on Wednesday 8 April 2026.", id="the text's"),
        pytest.param(
            "two",
            "stage",
            SAME_DAY,
            {},
            "The procedure says “without delay” and gives no number. We look again at 5pm on Thursday 2 April 2026.",
            id="words, no number",
        ),
        pytest.param(
            "one", "confirm", ONE, {}, "No limit given. We look again at 3:42pm on Tuesday 7 April 2026.", id="silent"
        ),
        pytest.param(
            "one",
            "stage",
            ONE,
            {},
            "The time for this has passed once. We look again at 3:42pm on Tuesday 7 April 2026.",
            id="once over",
        ),
        pytest.param(
            "one",
            "stage",
            CHILDS,
            {"childs_date": CHILDS.at},
            "By the end of Friday 3 April 2026. That is the child's date.",
            id="the child's date",
        ),
        pytest.param(
            "one",
            "stage",
            by_childs_date(AT),
            {"stated": {Side.CHALLENGING: AT}},
            "By 3:42pm on Thursday 2 April 2026. That is the time set by the side that raised it.",
            id="a side's own time",
        ),
        pytest.param(
            "one",
            "stage",
            by_childs_date(AT),
            {"longer": {Side.CHALLENGING: AT, Side.RESPONDING: AT + timedelta(days=1)}},
            "By 3:42pm on Thursday 2 April 2026. That is the longer time that both sides agreed.",
            id="longer by consent",
        ),
        pytest.param(
            "one",
            "action a",
            CHILDS,
            {},
            "By the end of Friday 3 April 2026. That is the date set for the action.",
            id="an action's date",
        ),
        pytest.param(
            "one",
            "action a",
            ONE,
            {},
            "The date for the action has passed. We look again at 3:42pm on Tuesday 7 April 2026.",
            id="an action overdue",
        ),
        pytest.param(
            "one",
            "stage",
            replace(TWO, provisional=True),
            {},
            "By 3:42pm on Wednesday 8 April 2026. This date is provisional.",
            id="provisional",
        ),
        pytest.param("one", None, None, {}, "No date is set.", id="none at all"),
    ],
)
def test_by_when(stage: str, key: str | None, when: Due | None, more: dict[str, Any], said: str) -> None:
    assert wording.by_when(key, when, NAMES, at_stage(stage, **more)) == said


def test_a_date_shows_its_working() -> None:
    assert wording.working_in_words(
        "stage", TWO, NAMES, at_stage("one", childs_date=by_childs_date(date(2026, 6, 5)).at)
    ) == (
        "The procedure gives 2 working days (clauses 2 and 3).",
        "The procedure counts from when it was raised or when “Talk it over” was done. The first of these counts.",
        "It started at 3:42pm on Thursday 2 April 2026.",
        "It ends at the same time of day as it started.",
        "Days that do not count: Saturday 4 April 2026 (weekend), Sunday 5 April 2026 (weekend),"
        " Friday 3 April 2026 (Good Friday) and Monday 6 April 2026 (Easter Monday).",
        "Bank holidays are those of England and Wales, calendar version test.",
        "The child's date is later, the end of Friday 5 June 2026, so it changes nothing here.",
    )


@pytest.mark.parametrize(
    ("stage", "key", "when", "first"),
    [
        (
            "two",
            "stage",
            SAME_DAY,
            "The procedure says “without delay” and gives no number. We take the same working day (clause 4).",
        ),
        ("three", "stage", THREE, "The procedure says 5 working days (clause 5). We read it as 3 working days."),
        ("one", "confirm", ONE, "No limit given. We take 1 working day (clause 7)."),
    ],
)
def test_a_reading_is_shown_as_ours_with_why(stage: str, key: str, when: Due, first: str) -> None:
    lines = wording.working_in_words(key, when, NAMES, at_stage(stage))

    assert lines[:2] == (first, "Why we read it so: a child should not wait.")


def test_the_childs_date_shows_what_it_came_before() -> None:
    lines = wording.working_in_words("stage", CHILDS, NAMES, at_stage("one", childs_date=CHILDS.at))

    assert lines == (
        "The procedure gives 2 working days (clauses 2 and 3).",
        "That is the child's date. The earliest of all dates counts.",
        "It runs to the end of that day. Weekends and bank holidays count too.",
    )


def test_a_question_has_a_date_of_ours_only() -> None:
    lines = wording.working_in_words("question", due(WorkingDays(1), at("2026-04-02 18:00"), CALENDAR), NAMES, INSIDE)

    assert lines[:4] == (
        "No limit given. We look again after 1 working day.",
        "It started at 6pm on Thursday 2 April 2026.",
        "Counting began on Tuesday 7 April 2026.",
        "The working day had ended, at 5pm. The next working day is the first day. It ends at 5pm.",
    )


def test_many_days_left_out_are_counted() -> None:
    lines = wording.working_in_words("stage", due(WorkingDays(20), AT, CALENDAR), NAMES, at_stage("one"))

    assert (
        "Days that do not count: 10 days at weekends, Friday 3 April 2026 (Good Friday)"
        " and Monday 6 April 2026 (Easter Monday)." in lines
    )


def test_a_provisional_date_says_what_may_still_change() -> None:
    lines = wording.working_in_words("stage", replace(TWO, provisional=True), NAMES, at_stage("one"))

    assert lines[-1] == (
        "This date is provisional. The true date may be later, never sooner. It will be worked out again."
    )


# --- Refusals ---------------------------------------------------------------------------------------------------------


def test_who_decides_is_named_with_who_may_record_for_them(story: Story) -> None:
    story.does(GoUp(), by="school")
    story.does(GoUp(), by="school")
    refused = story.tries(Decide("help"), by="school")
    assert isinstance(refused, Refused)

    said = wording.words_of_refusal(refused.reasons[0], NAMES, story.standing)

    assert said.so == "This decision is for the panel (Northtown Safeguarding Partnership)."
    assert said.next == (
        "They or their deputy can record it. If they are away, the partnership's office can, with a reason."
    )


@pytest.mark.parametrize(
    ("refusal", "so"),
    [
        (StepMissing(step="talk"), "“Talk it over” is not recorded yet."),
        (AnswerMissing(field="change"), "The outcome does not answer this yet: What changes for the child?"),
        (ActionIncomplete(action="visit-home"), "The action “visit home” does not say yet who does it and by when."),
        (NotTheDecider(), "The procedure names nobody to decide at this stage."),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_a_refusal_is_about_is_named(refusal: Refusal, so: str) -> None:
    assert wording.words_of_refusal(refusal, NAMES, INSIDE).so == so


# --- Messages ---------------------------------------------------------------------------------------------------------


def test_a_message_holds_a_reference_what_by_when_and_a_link_and_nothing_else() -> None:
    said = wording.message_of(
        Notice(SCHOOL, TellOn.RAISED, to_act=True, urgent=True), "VD-7Q3", "https://x.test/d", DUE
    )

    assert said.subject == "Urgent: VD-7Q3: your move"
    assert said.body.split("\n\n") == [
        "VD-7Q3: A disagreement was raised.",
        "It is your move.",
        "By 3:42pm on Wednesday 8 April 2026.",
        "Read it here: https://x.test/d",
        "If a child is in danger now, ring 999. Do not wait for an answer here.",
        "Please do not put any names in a reply to this message.",
    ]


def test_no_message_names_anybody() -> None:
    inside = {*AGENCIES.values(), *AGENCIES, "Workers talk", "Managers talk", "support worker", "head of year", "panel"}
    for message in messages():
        said = f"{message.subject} {message.body}"
        assert not [name for name in inside if re.search(rf"\b{re.escape(name)}\b", said, re.IGNORECASE)], said
        assert said.count("VD-7Q3") == 3


def test_who_only_hears_of_it_is_not_asked_to_act() -> None:
    said = wording.message_of(Notice(SCHOOL, TellOn.SILENCE, to_act=False), "VD-7Q3", "https://x.test/d", DUE)

    assert said.subject == "VD-7Q3: for you to know"
    assert "You do not have to do anything." in said.body
    assert "April" not in said.body


# --- The shipped procedures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(shipped()))
def test_a_shipped_procedure_can_be_told_from_its_first_stage_to_its_last(key: str) -> None:
    procedure = shipped()[key][0]
    story = Story(setting_for(procedure)).raised(procedure.matters[0].key)
    names = wording.names_for(story.setting, AGENCIES)
    said: list[str] = []
    for _ in range(12):
        waits = story.standing.waits
        assert waits is not None
        assert waits.event is not None
        assert waits.due is not None
        said += [
            wording.whose_move_in_words(waits, names, story.standing).line,
            *wording.working_in_words(waits.event, waits.due, names, story.standing),
        ]
        story.silence()
    for entry in wording.timeline(story.acts, names):
        said += [entry.title, *entry.sentences]

    assert all(said)
    assert not [words for words in said if re.search(r"\bNone\b|  |\.\.|nobody named", words)]


def test_the_silences_that_are_skipped_are_only_those_that_say_nothing_new() -> None:
    effects = (LimitStopped("stage"), LimitSet("stage", TWO), LimitMissed("stage"), Ended("agreed", AT))
    sentences = wording.sentences_of_act(act(ask=Withdraw(), effects=effects), NAMES, INSIDE)

    assert sentences == (
        "The time for this stage. By 3:42pm on Wednesday 8 April 2026.",
        "The time for this stage ran out in silence.",
    )
