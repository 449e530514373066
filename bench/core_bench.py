"""What the core costs: adding up acts, and answering each kind of command.

`python bench/core_bench.py` prints the figures. Adding up must grow with the number of acts and no faster: an act of a
long disagreement may cost at most half as much again as one of a short. Everything is run in turn in each round, so
that a busy machine slows all alike; each figure is the median round.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from bench.about import machine  # noqa: E402
from commonground.core.acts import (  # noqa: E402
    KINDS,
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
    StateView,
    Talk,
    Target,
    Withdraw,
    Write,
)
from commonground.core.decide import Accepted, decide  # noqa: E402
from commonground.core.standing import standing  # noqa: E402
from commonground.language.library import shipped  # noqa: E402
from tests.core.small import small  # noqa: E402
from tests.story import SYSTEM, Story, setting_for  # noqa: E402

LIMITS = {"growth": 1.5}
"""At most: what adding up one act costs in a record of 200, beside one of 20."""

LENGTHS = (10, 20, 50, 100, 200, 400)


def measure(rounds: int = 31) -> dict[str, float]:
    """This will give microseconds (medians): adding up one act of records of several lengths, how that grows, and
    answering one command of each kind."""
    acts = _long_record(max(LENGTHS)).acts
    jobs: dict[str, tuple[Callable[[], object], int]] = {
        f"adding up, each of {length} acts": (partial(standing, acts[:length]), length) for length in LENGTHS
    }
    for kind, told, command in _one_of_each_kind():
        jobs[f"deciding: {kind}"] = (partial(decide, told.setting, told.standing, command), 1)
    # Short jobs are run as often as makes about as many acts as the longest, so that each is long enough to time.
    repeats = {name: max(LENGTHS) // each if each > 1 else 20 for name, (_, each) in jobs.items()}
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(rounds + 3):
        for name, (job, each) in jobs.items():
            start = perf_counter()
            for _ in range(repeats[name]):
                job()
            if number >= 3:  # the first rounds warm the caches
                times[name].append((perf_counter() - start) / repeats[name] / each * 1e6)
    found = {f"{name}, us": median(values) for name, values in times.items()}
    short, long = (times[f"adding up, each of {length} acts"] for length in (20, 200))
    found["growth"] = median(after / before for before, after in zip(short, long, strict=True))
    return found


def _long_record(length: int) -> Story:
    """A disagreement that goes up and down the stages of a shipped procedure, with something done at each."""
    procedure, _ = next(iter(shipped().values()))
    stages = [stage.key for stage in procedure.routes[0].stages]
    told = Story(setting_for(procedure)).raised(
        procedure.matters[0].key, start_at=f"{procedure.routes[0].key}/{stages[0]}"
    )
    while True:
        for number in range(1, len(stages) + 1):
            for ask, by in (
                (Talk(Medium.TELEPHONE), "school"),
                (Note(approved=True), "social-care"),
                (Reply(Answer.NEED_MORE), "social-care"),
                (Write("account"), "school"),
                (GoUp(stages[number % len(stages)]), "school"),
            ):
                if len(told.acts) == length:
                    return told
                told.now += timedelta(hours=1)
                told.does(ask, by=by)


def _one_of_each_kind() -> Iterator[tuple[str, Story, Command]]:
    """Every kind of command, each on a standing on which it is accepted."""
    procedure = small()

    def at(stage: str) -> Story:
        return Story(setting_for(procedure)).raised("referral", start_at=f"ladder/{stage}")

    director = Actor("director", PostRef("social-care", "director"))
    everything = ("reasons", "differing views", "why not contact")
    proposed, withdrawn, acting = at("workers"), at("workers"), at("workers")
    for agency in ("school", "social-care"):
        proposed.does(Note(approved=True), by=agency)
    proposed.does(Propose("agreed", open_issues=False), by="school")
    withdrawn.does(Withdraw(), by="school", saying=everything)
    acting.does(Propose("agreed", (Action("visit"),), open_issues=False), by="school")
    late = at("workers")
    late.now = late.next_due
    anew = at("workers")
    calendar = anew.setting.calendar
    holiday = calendar.next_working_day(anew.now.date())
    anew.setting = replace(anew.setting, calendar=calendar.with_holiday(holiday, "A day of its own", "next"))
    cases: list[tuple[Story, Ask, Actor | str]] = [
        (Story(setting_for(procedure)), Raise("referral", About.CHILD, ("school",), ("social-care",)), SYSTEM),
        (at("workers"), Write("account"), "school"),
        (at("workers"), Talk(Medium.TELEPHONE), "school"),
        (at("workers"), Reply(Answer.DISAGREE), "social-care"),
        (at("workers"), Advise(PostRef("school", "manager"), given=True), "school"),
        (at("workers"), Note(approved=True), "school"),
        (at("workers"), SetDate(Sets.CHILDS_DATE, on=at("workers").now.date()), "school"),
        (at("managers"), StateView(agrees=True), "school"),
        (at("workers"), GoUp(), "school"),
        (at("managers"), Meet(held=True), "school"),
        (at("director"), Decide("refuse"), director),
        (at("workers"), Dissent(challenges=None), "school"),
        (at("managers"), Refer(Target.STAGE, "workers"), "school"),
        (at("workers"), Flag(Flags.POLICY), "school"),
        (at("workers"), Propose("agreed", open_issues=False), "school"),
        (proposed, Confirm(), "social-care"),
        (acting, Report("visit", done=True), "school"),
        (at("workers"), Withdraw(), "school"),
        (withdrawn, Reopen(), "school"),
        (late, PassTime("stage"), SYSTEM),
        (anew, Redate("next"), SYSTEM),
    ]
    if {type(ask) for _, ask, _ in cases} != set(KINDS):
        raise TypeError("a kind of command is not measured")
    for told, ask, by in cases:
        command = told.command(ask, by, everything)
        answer = decide(told.setting, told.standing, command)
        if not isinstance(answer, Accepted):
            raise TypeError(f"refused, so what was measured is not what was meant: {ask}: {answer}")
        yield KINDS[type(ask)], told, command


def main() -> int:
    """Print every figure, and fail where a limit is not kept."""
    print(machine())
    worst = 0
    for name, figure in measure().items():
        limit = LIMITS.get(name)
        kept = "" if limit is None else f"  (at most {limit}{'' if figure <= limit else ': NOT KEPT'})"
        worst |= bool(limit is not None and figure > limit)
        print(f"{name:40} {figure:9.2f}{kept}")
    return worst


if __name__ == "__main__":
    raise SystemExit(main())
