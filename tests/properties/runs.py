"""Runs: anything at all, done by anybody, at any time, in any procedure. Made by chance, told through real commands.

A run is small whole numbers only, read against whatever the standing offers, so that a failing one shrinks to a few
lines and can be kept as an example for good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from commonground.core.acts import (
    About,
    Action,
    Actor,
    Advise,
    Answer,
    Ask,
    Command,
    Confirm,
    Decide,
    Dissent,
    Flag,
    Flags,
    GoUp,
    Medium,
    Meet,
    Note,
    PassTime,
    PostRef,
    Propose,
    Raise,
    Redate,
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
    Withdraw,
    Write,
)
from commonground.core.decide import Accepted, Refused, decide
from commonground.core.procedure import HeldIn, Key, Procedure, Stage, StageRef
from commonground.core.setting import Setting
from commonground.core.standing import Standing
from commonground.core.time import LONDON, Calendar
from commonground.language.calendars import load_calendar
from commonground.language.library import shipped
from commonground.language.reader import read_procedure
from tests.story import SYSTEM, Story, setting_for

INVENTED = Path(__file__).parent.parent / "procedures" / "invented"

HOSTILE: tuple[Key, ...] = (
    *(
        "",
        "/",
        "a/b/c",
        "stage",
        "confirm",
        "question",
        "step talk",
        "cap whole",
        "action visit",
        "withdrawn",
        "office",
    ),
    *("x" * 5_000, "\x00", "\u202e", "\U0001f642", "../../..", "' OR 1=1 --", "{{ 1 }}", "-1", "None"),
)
"""Keys that nobody sends by accident. None of them may stop anybody, or stand for something it is not."""

FIELDS: tuple[tuple[Key, ...], ...] = (
    (),
    ("reasons",),
    ("reasons", "differing views"),
    ("reasons", "differing views", *(f"why not {step}" for step in ("contact", "talk", "reply", "meeting", "note"))),
    HOSTILE[:4],
)


@cache
def procedures() -> Mapping[Key, Procedure]:
    """This will give every procedure there is: shipped and invented."""
    files = sorted(path for path in INVENTED.glob("*.yaml") if not path.name.endswith(".clauses.yaml"))
    ours = {key: procedure for key, (procedure, _) in shipped().items()}
    return ours | {path.stem: read_procedure(path) for path in files}


# --- A run, as numbers ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """One thing asked: what, by whom, when and with which words. `pick` chooses among what there is to choose from."""

    kind: int
    who: int
    wait: int
    pick: tuple[int, int, int]
    words: int = 0


@dataclass(frozen=True)
class Run:
    """A whole disagreement. `other` is the other side: an agency, nobody known, the same agency, one unheard of."""

    procedure: Key
    begins: int
    other: int
    missing: tuple[int, ...]
    """Posts that nobody has: in order of agency and post."""
    raised: tuple[int, int, int, int]
    moves: tuple[Move, ...]


_small = st.integers(0, 40)
_moves = st.builds(
    Move,
    kind=st.integers(0, 23),
    who=st.integers(0, 12),
    wait=st.integers(0, 15),
    pick=st.tuples(_small, _small, _small),
    words=st.integers(0, len(FIELDS) - 1),
)


def runs(longest: int = 14) -> st.SearchStrategy[Run]:
    """This will give a strategy for runs of up to so many moves after raising."""
    return st.builds(
        Run,
        procedure=st.sampled_from(sorted(procedures())),
        begins=st.integers(0, 11),
        other=st.integers(0, 5),
        missing=st.just(()) | st.lists(_small, max_size=6).map(tuple),
        raised=st.tuples(_small, _small, _small, _small),
        moves=st.lists(_moves, max_size=longest).map(tuple),
    )


# --- Where and when it plays ------------------------------------------------------------------------------------------


def london(on: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(on, time(hour, minute), LONDON).astimezone(UTC)


def _beginnings(calendar: Calendar) -> tuple[datetime, ...]:
    edge = calendar.last_day
    return (
        london(date(2026, 3, 2), 10),
        london(date(2026, 3, 6), 16, 55),
        london(date(2026, 3, 7), 23, 50),
        london(date(2025, 12, 24), 16),
        london(date(2025, 12, 31), 23, 59),
        london(date(2026, 3, 29), 1, 30),
        london(date(2026, 10, 25), 1, 30),
        london(date(2026, 4, 2), 17, 1),
        london(edge - timedelta(days=1), 12),
        london(edge + timedelta(days=40), 12),
        london(calendar.first_day - timedelta(days=9), 9),
        datetime(2400, 2, 29, 12, tzinfo=UTC),
    )


def setting_of(run: Run) -> Setting:
    """This will give the setting a run plays in, with its posts missing."""
    procedure = procedures()[run.procedure]
    calendar = load_calendar(procedure.nation)
    whole = setting_for(procedure, calendar, sides=("school", "social-care"))
    seats = sorted((agency.key, post) for agency in whole.agencies.values() for post in agency.posts)
    without = frozenset(seats[number * 7 % len(seats)] for number in run.missing)
    if len(run.missing) > 4:  # a partnership that has hardly begun: no post of one whole kind
        post = sorted({post for _, post in seats})[run.missing[0] % len({post for _, post in seats})]
        without |= {(agency, post) for agency in whole.agencies}
    return setting_for(procedure, calendar, without, ("school", "social-care"))


def begin(run: Run) -> Story:
    """This will raise the disagreement of a run."""
    setting = setting_of(run)
    now = _beginnings(setting.calendar)[run.begins]
    told = Story(setting, now=now)
    by = Actor("raiser", PostRef("school", _any_post(setting, "school")))
    told.does(_raising(setting, run, now), by=by)
    return told


def _raising(setting: Setting, run: Run, now: datetime) -> Raise:
    matter, place, when, more = run.raised
    matters = (*(m.key for m in setting.procedure.matters), *HOSTILE[:3])
    others: tuple[tuple[Key, ...], ...] = (
        (("social-care"),),
        (),
        ("school",),
        ("nowhere",),
        ("police",),
        ("social-care", "school"),
    )
    days = timedelta(days=when)
    return Raise(
        matters[matter % len(matters)],
        tuple(About)[more % 4],
        ("school",) if more % 5 else (),
        others[run.other],
        concern_at=(None, now - days, now + days)[when % 3],
        decision_at=(None, now - days, now + days)[more % 3],
        wanted_on=(None, None, (now + timedelta(days=when - 10)).date())[place % 3],
        start_at=None if place < 10 else stage_refs(setting.procedure)[place % len(stage_refs(setting.procedure))],
        urgent=bool(more % 2),
        facts=(
            (
                "rating",
                (*setting.procedure.ratings, HOSTILE[more % len(HOSTILE)])[more % (1 + len(setting.procedure.ratings))],
            ),
        ),
    )


def _any_post(setting: Setting, agency: Key) -> Key:
    posts = sorted(setting.agencies[agency].posts) if agency in setting.agencies else []
    return posts[0] if posts else "worker"


@cache
def _refs(procedure: Key) -> tuple[StageRef, ...]:
    of = procedures()[procedure]
    return tuple(f"{route.key}/{stage.key}" for route in of.routes for stage in route.stages)


def stage_refs(procedure: Procedure) -> tuple[StageRef, ...]:
    """This will give every stage of a procedure, and what is none."""
    return (*_refs(procedure.key), *HOSTILE)


def everybody(told: Story) -> tuple[Actor, ...]:
    """This will give anybody who might ask something now: both sides, the body, who is asked, the office, strangers."""
    setting, now = told.setting, told.standing
    seats: list[PostRef] = [PostRef("school", _any_post(setting, "school"))]
    if now.entered is not None:
        seats += [owner.post for owner in (now.entered.challenging, now.entered.responding, now.entered.body) if owner]
    if now.question is not None:
        seats.append(now.question.post)
    seats += [PostRef(agency, _any_post(setting, agency)) for agency in now.responding]
    seats += [setting.office_post, PostRef("police", _any_post(setting, "police")), PostRef("nowhere", "\x00")]
    named = setting.procedure.posts[len(told.acts) % len(setting.procedure.posts)]
    kind = setting.office if named.held_in is HeldIn.PARTNERSHIP else named.agency or "social-care"
    raiser = now.raiser
    first = (raiser,) if raiser is not None else ()
    return (
        *first,
        *(Actor(f"{seat.agency}-person", seat) for seat in seats),
        Actor("somebody", PostRef(kind, named.key)),
        SYSTEM,
    )


def _moment(told: Story, wait: int) -> datetime:
    """Some moment, never before the last act: at once, around what is due, over a weekend, Christmas, the clocks."""
    now = told.now
    dated = told.standing.waits.due.at if told.standing.waits and told.standing.waits.due else now
    today = now.astimezone(LONDON).date()
    friday = today + timedelta(days=(4 - today.weekday()) % 7)
    beyond = london(told.setting.calendar.last_day + timedelta(days=3), 12)
    moments = (
        *(now, now, now, now, now + timedelta(minutes=1), now + timedelta(hours=1)),
        *(dated - timedelta(microseconds=1), dated, dated, dated + timedelta(minutes=1), dated + timedelta(days=3)),
        *(london(friday, 17), now + timedelta(days=1), london(date(today.year, 12, 24), 16, 30)),
        *(london(date(today.year, 10, 25), 0, 30), beyond),
    )
    return max(now, moments[wait])


# --- What a move asks -------------------------------------------------------------------------------------------------


def asks(told: Story, pick: tuple[int, int, int]) -> tuple[Callable[[], Ask], ...]:
    """This will give one asking of each kind there is, chosen by `pick` among what the standing offers and nonsense."""
    setting, now, at = told.setting, told.standing, told.now
    stage = stage_of(setting, now)
    one, two, three = pick
    steps = (None, *(step.key for step in stage.steps), *HOSTILE[:2])
    step = steps[one % len(steps)]
    refs = stage_refs(setting.procedure)
    ref = refs[one % len(refs)]
    agencies = (*sorted(setting.agencies), "nowhere", *HOSTILE[:1])
    agency = agencies[two % len(agencies)]
    seat = PostRef(agency, _any_post(setting, agency))
    some_day = at + timedelta(days=three - 10)
    endings = (*stage.endings, *(ending.key for ending in setting.procedure.endings), "withdrawn", "")
    results = (*(result.key for result in stage.decision.results), "") if stage.decision else ("",)
    posts = (*(post.key for post in setting.procedure.posts), *HOSTILE[:2])
    limits = (*sorted(now.limits), *sorted(now.limits), *HOSTILE)
    rating = (*setting.procedure.ratings, *HOSTILE[:2])
    action = Action(
        ("visit", "stage", "")[three % 3], seat if two % 2 else None, some_day.date() if three % 2 else None
    )
    answers = tuple(sorted({f for duty in setting.procedure.duties_at(now.route, now.stage) for f in duty.fields}))
    return (
        lambda: GoUp(),
        lambda: GoUp(ref, urgent=bool(two % 2), line=posts[three % len(posts)] if three % 2 else None),
        lambda: PassTime(now.waits.event if now.waits and now.waits.event else ""),
        lambda: PassTime(limits[one % len(limits)]),
        lambda: Propose(endings[one % len(endings)], (action,) * (three % 3), (False, True, None)[two % 3], answers),
        lambda: Propose(endings[0], (), False, answers),
        lambda: Confirm(),
        lambda: Confirm(agrees=bool(one % 3), for_side=(None, *Side)[two % 3]),
        lambda: Note(approved=one % 3 != 0, filed=bool(two % 2)),
        lambda: Reply(tuple(Answer)[one % 5], step=None, right_post=seat if two % 2 else None),
        lambda: Decide(results[one % len(results)], no_differing_views=two % 4 != 0, for_absent=three % 3 == 0),
        lambda: Decide(results[0], no_differing_views=True, for_absent=three % 3 == 0),
        lambda: Write(HOSTILE[three % len(HOSTILE)], step, (seat,)),
        lambda: Talk(tuple(Medium)[two % 5], step, (seat,)),
        lambda: SetDate(
            tuple(Sets)[one % 5],
            by=some_day if two % 5 else None,
            on=some_day.date(),
            rating=rating[three % len(rating)],
        ),
        lambda: SetDate(Sets.LENGTHEN if one % 2 else Sets.STATED, by=at + timedelta(days=three)),
        lambda: SetDate(Sets.CHILDS_DATE, on=some_day.date()),
        lambda: (StateView(bool(two % 2), step), Meet(bool(three % 2), at, (seat,), (seat,), step))[one % 2],
        lambda: (Dissent((None, True, False)[two % 3]), Advise(seat, bool(two % 2), step))[one % 2],
        lambda: Refer(tuple(Target)[two % 4] if three % 2 else Target.STAGE, ref),
        lambda: Flag(tuple(Flags)[one % 3], agency=agency if two % 3 else None),
        lambda: Report(("visit", "stage", "", HOSTILE[0])[one % 4], done=bool(two % 2)),
        lambda: (Withdraw(), Reopen(), Redate("x"))[one % 3],
        lambda: Raise("", About.CHILD, (agency,), start_at=ref, urgent=bool(three % 2)),
    )


def stage_of(setting: Setting, now: Standing) -> Stage:
    return setting.procedure.stage(now.route, now.stage)


# --- Playing it -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Happened:
    """One move as it went: the setting and standing it met, what was asked, the answer, the standing it left."""

    setting: Setting
    before: Standing
    command: Command
    answer: Accepted | Refused
    now: Standing


def played(told: Story, moves: tuple[Move, ...]) -> Iterator[Happened]:
    """This will make each move in turn and yield how it went. Before each, the worker may have swept, or been down."""
    for move in moves:
        told.now = _moment(told, move.wait)
        if move.pick[2] % 7 == 6:
            told.setting = _with_a_new_holiday(told)
        actors = everybody(told)
        menu = asks(told, move.pick)
        ask = menu[move.kind % len(menu)]()
        command = told.command(ask, actors[move.who % len(actors)], FIELDS[move.words])
        if move.pick[1] % 4 == 0:
            command = replace(command, happened_at=told.now + timedelta(days=move.pick[0] - 20))
        before = told.standing
        yield Happened(told.setting, before, command, send(told, command), told.standing)


def send(told: Story, command: Command) -> Accepted | Refused:
    """This will put a command to `decide` and add what was accepted to the story."""
    answer = decide(told.setting, told.standing, command)
    if isinstance(answer, Accepted):
        told.acts.append(answer.act)
        told.standing = answer.standing
    return answer


def _with_a_new_holiday(told: Story) -> Setting:
    """A one-off bank holiday is announced: the next weekday that has none, where the calendar still knows it."""
    calendar = told.setting.calendar
    on = calendar.next_working_day(told.now.astimezone(LONDON).date())
    if not calendar.covers(on):
        return told.setting
    return replace(told.setting, calendar=calendar.with_holiday(on, "A day of its own", f"{calendar.version}+"))
