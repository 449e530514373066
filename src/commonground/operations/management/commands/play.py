"""Plays scenarios: prints each as a timeline with its dates and their working, and fails where one differs."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonground.core.acts import Mark, PassTime
from commonground.core.decide import Refused
from commonground.core.standing import Standing
from commonground.core.time import Due
from commonground.language.mistakes import Mistake, Mistakes
from commonground.language.playing import Moment, Played, play, what_in_words
from commonground.language.scenarios import (
    Line,
    Scenario,
    date_in_words,
    moment_in_words,
    read_scenario,
    refusal_in_words,
    seat_in_words,
    shipped_scenarios,
)
from commonground.language.spans import span_in_words

INDENT = " " * 24


class Command(BaseCommand):
    """Play scenarios, each named by its file or, where it is shipped, as `procedure/name`."""

    help = "Play scenarios: print each as a timeline, and fail where what happens differs from what it expects."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say which scenarios."""
        parser.add_argument("scenarios", nargs="*", help="files, or names of shipped scenarios (procedure/name)")
        parser.add_argument("--all", action="store_true", help="play every shipped scenario and print a summary")

    def handle(self, **options: Any) -> None:
        """Read all of them first; play none where one has a mistake."""
        names: list[str] = options["scenarios"] or (list(shipped_scenarios()) if options["all"] else [])
        if not names:
            raise CommandError(f"Name a scenario, or give --all. The shipped ones: {', '.join(shipped_scenarios())}")
        played = [play(scenario) for scenario in read_all(names)]
        for one in played:
            if not options["all"]:
                self.stdout.write("\n".join(timeline(one)) + "\n")
            for difference in one.differences:
                self.stderr.write(str(difference))
        differ = [one for one in played if one.differences]
        self.stdout.write(summary(played, differ))
        if differ:
            raise CommandError(f"{len(differ)} of {len(played)} went otherwise than expected")


def read_all(names: list[str]) -> list[Scenario]:
    """This will read every scenario named; CommandError with all mistakes of all files where there is one."""
    shipped = shipped_scenarios()
    read: list[Scenario] = []
    wrong: list[Mistake] = []
    for name in names:
        path = shipped.get(name, Path(name))
        try:
            read.append(read_scenario(path))
        except Mistakes as mistakes:
            wrong += mistakes.mistakes
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror or error}; nothing was played") from None
    if wrong:
        raise CommandError(f"{Mistakes(wrong)}\nNothing was played.")
    return read


def summary(played: list[Played], differ: list[Played]) -> str:
    """This will say how many were played, how many acts that was, and how many went otherwise."""
    acts = sum(len(moments) for one in played for _, moments, _ in one.lines)
    return f"{len(played)} scenarios played, {acts} acts and refusals: {len(differ)} went otherwise than expected."


def timeline(played: Played) -> Iterator[str]:
    """This will write a played scenario as people read it: who did what and when; then whose move, what, by when."""
    scenario = played.scenario
    yield scenario.title
    yield scenario.shows
    yield f"({scenario.setting.procedure.title}: {scenario.setting.procedure.route(scenario.route).title})"
    for line, moments, standing in played.lines:
        yield ""
        yield from _line(line, moments, scenario)
        if standing.waits is not None:
            yield from _whose_move(standing, scenario)


def _line(line: Line, moments: tuple[Moment, ...], scenario: Scenario) -> Iterator[str]:
    what = "; ".join(f"{word.replace('-', ' ')}: {value}" for word, value in line.shown)
    silences = [moment for moment in moments if isinstance(moment.command.ask, PassTime)]
    who = f"{_who(line, scenario)} " if line.by else ""
    for moment in silences:
        event = moment.command.ask.event if isinstance(moment.command.ask, PassTime) else ""
        yield f"{moment_in_words(moment.command.at):<24}silence: {event} ran out"
        yield from _answer(moment)
    for moment in moments:
        if moment not in silences:
            yield f"{moment_in_words(line.at):<24}{who}{what}"
            yield from _answer(moment)
    if not moments:
        yield f"{moment_in_words(line.at):<24}(nothing happens)"


def _who(line: Line, scenario: Scenario) -> str:
    if line.by is None:
        return ""
    seat = seat_in_words(line.by.seat, scenario.setting)
    return f"another {seat}" if line.by.person.startswith("another-") else seat


def _answer(moment: Moment) -> Iterator[str]:
    if isinstance(moment.answer, Refused):
        for reason in moment.answer.reasons:
            cited = f" [{', '.join(reason.clauses)}]" if reason.clauses else ""
            yield f"{INDENT}refused: {refusal_in_words(reason)}{cited}"
        return
    marks = [mark.value for mark in moment.answer.act.marks if mark is not Mark.BY_SILENCE]
    if marks:
        yield f"{INDENT}marked: {'; '.join(marks)}"


def _whose_move(standing: Standing, scenario: Scenario) -> Iterator[str]:
    waits = standing.waits
    if standing.ended is not None:
        yield f"{INDENT}ended: {standing.ended.ending}"
    if waits is None or waits.owner is None:
        return
    by = f"by {moment_in_words(waits.due.at)}" if waits.due else "with no date"
    owner = seat_in_words(waits.owner.post, scenario.setting)
    yield f"{INDENT}{standing.route}/{standing.stage}: {owner}, {what_in_words(waits)}, {by} ({waits.event})"
    if waits.due is not None:
        yield f"{INDENT}{_working(waits.due)}"


def _working(due: Due) -> str:
    working = due.working
    span = span_in_words(working.span) if working.span else working.rule.value
    skipped = ", ".join(f"{date_in_words(on)} ({why})" for on, why in working.skipped)
    counted = f"{span} from {moment_in_words(working.counted_from)}" if working.span else span
    return f"{counted}{f', not counting {skipped}' if skipped else ''}; {working.nation} calendar"
