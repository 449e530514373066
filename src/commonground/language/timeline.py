"""A played scenario as people read it: who did what and when; then whose move, what, by when, and how that was found.

Plain text with the procedure's own names for its matters, stages, steps and endings. What did not change since the line
above is not said again.
"""

from __future__ import annotations

from collections.abc import Iterator

from commonground.core.acts import Because, Mark, PassTime, Waits, What
from commonground.core.decide import Refused
from commonground.core.procedure import Procedure, Stage
from commonground.core.setting import Setting
from commonground.core.standing import NOTHING, Phase, Standing
from commonground.core.time import Due
from commonground.language.playing import Moment, Played, what_in_words
from commonground.language.scenarios import (
    Line,
    Scenario,
    date_in_words,
    moment_in_words,
    refusal_in_words,
    seat_in_words,
)
from commonground.language.spans import span_in_words

INDENT = " " * 24


def timeline(played: Played) -> Iterator[str]:
    """This will write a played scenario line by line: its title, what it shows, and its story."""
    scenario = played.scenario
    procedure = scenario.setting.procedure
    yield scenario.title
    yield f"{procedure.title}: {procedure.route(scenario.route).title}"
    yield scenario.shows
    before = NOTHING
    for line, moments, standing in played.lines:
        yield ""
        yield from _what_was_done(line, moments, scenario)
        if standing.waits != before.waits or standing.entered != before.entered:
            yield from _what_stands(standing, before, scenario.setting)
        before = standing


def line_in_words(line: Line, scenario: Scenario) -> str:
    """This will say what a line does in one sentence: "school practitioner raises: More information is wanted"."""
    what = "; ".join(f"{word.replace('-', ' ')}: {_named(word, value, scenario)}" for word, value in line.shown)
    if line.by is None:
        return what
    another = "another " if line.by.person.startswith("another-") else ""
    return f"{another}{seat_in_words(line.by.seat, scenario.setting)} {what}"


def _named(word: str, value: str, scenario: Scenario) -> str:
    """The procedure's own name for a matter, ending or result, where the value is the key of one."""
    procedure = scenario.setting.procedure
    results = {
        result.key: result.name
        for route in procedure.routes
        for stage in route.stages
        for result in (stage.decision.results if stage.decision else ())
    }
    names = {
        "raises": {matter.key: matter.name for matter in procedure.matters},
        "proposes": {ending.key: ending.name for ending in procedure.endings},
        "decides": results,
    }
    return names.get(word, {}).get(value, value)


def _what_was_done(line: Line, moments: tuple[Moment, ...], scenario: Scenario) -> Iterator[str]:
    for moment in moments:
        if isinstance(moment.command.ask, PassTime):
            yield f"{moment_in_words(moment.command.at):<24}nothing came: {moment.command.ask.event}"
        else:
            yield f"{moment_in_words(line.at):<24}{line_in_words(line, scenario)}"
        yield from _answer(moment)
    if not moments:
        yield f"{moment_in_words(line.at):<24}nothing is done"


def _answer(moment: Moment) -> Iterator[str]:
    if isinstance(moment.answer, Refused):
        for reason in moment.answer.reasons:
            cited = f" [{', '.join(reason.clauses)}]" if reason.clauses else ""
            yield f"{INDENT}not accepted: {refusal_in_words(reason)}{cited}"
        return
    marks = [mark.value for mark in moment.answer.act.marks if mark is not Mark.BY_SILENCE]
    if marks:
        yield f"{INDENT}marked: {'; '.join(marks)}"


def _what_stands(standing: Standing, before: Standing, setting: Setting) -> Iterator[str]:
    procedure, waits = setting.procedure, standing.waits
    if standing.phase is Phase.ENDED and standing.ended is not None and before.phase is not Phase.ENDED:
        names = {ending.key: ending.name for ending in procedure.endings}
        yield f"{INDENT}ended: {names.get(standing.ended.ending, standing.ended.ending)}"
    elif standing.entered is not None and standing.entered != before.entered:
        stage = procedure.stage(standing.route, standing.stage)
        yield f"{INDENT}now at {_called(stage)}, {standing.entered.how}"
    if waits is None or waits.owner is None:
        return
    owner = seat_in_words(waits.owner.post, setting)
    because = "" if waits.owner.because is Because.NAMED else f" ({waits.owner.because})"
    by = f"by {moment_in_words(waits.due.at)}" if waits.due else "with no date"
    yield f"{INDENT}the move is with {owner}{because}: {_what(waits, standing, procedure)}, {by}"
    if waits.due is not None and (before.waits is None or waits.due != before.waits.due):
        yield f"{INDENT}{working_in_words(waits.due)}"


def _called(stage: Stage) -> str:
    return f"{stage.label}: {stage.heading}" if stage.label else stage.heading


def _what(waits: Waits, standing: Standing, procedure: Procedure) -> str:
    if not standing.entered:
        return what_in_words(waits)
    stage = procedure.stage(standing.route, standing.stage)
    if waits.what is What.STEP:
        return next(step.name for step in stage.steps if step.key == waits.step)
    if waits.what is What.ANSWER and stage.clock.question:
        return f'answer "{stage.clock.question}"'
    return what_in_words(waits)


def working_in_words(due: Due) -> str:
    """This will say how a date was worked out: "1 working day from Thu 2 Apr 2026 15:42, not counting ..."."""
    working = due.working
    if working.span is None:
        return f"{working.rule}; {working.nation} {working.version}"
    skipped = ", ".join(f"{date_in_words(on)} ({why})" for on, why in working.skipped)
    without = f", not counting {skipped}" if skipped else ""
    counted = f"{span_in_words(working.span)} from {moment_in_words(working.counted_from)}{without}"
    return f"{counted}; {working.rule}; {working.nation} {working.version}"
