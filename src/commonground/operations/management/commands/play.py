"""Plays scenarios: prints each as a timeline with its dates and their working, and fails where one differs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonground.language.mistakes import Mistake, Mistakes
from commonground.language.playing import Played, play
from commonground.language.scenarios import Scenario, read_scenario, shipped_scenarios
from commonground.language.timeline import timeline


class Command(BaseCommand):
    """Play scenarios, each named by its file or, where it is shipped, as `procedure/name`."""

    help = "Play scenarios: print each as a timeline, and fail where what happens differs from what it expects."
    requires_system_checks = ()  # it reads files and needs no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say which scenarios."""
        parser.add_argument("scenarios", nargs="*", help="files, or names of shipped scenarios (procedure/name)")
        parser.add_argument("--all", action="store_true", help="play every shipped scenario and print a summary")

    def handle(self, **options: Any) -> None:
        """Read all of them first, and play none where one has a mistake; CommandError where one differs."""
        names: list[str] = options["scenarios"] or (list(shipped_scenarios()) if options["all"] else [])
        if not names:
            raise CommandError(f"Name a scenario, or give --all. The shipped ones: {', '.join(shipped_scenarios())}")
        played = [play(scenario) for scenario in read_all(names)]
        for one in played:
            if not options["all"]:
                self.stdout.write("\n".join(timeline(one)) + "\n\n")
            for difference in one.differences:
                self.stderr.write(str(difference))
        differ = sum(bool(one.differences) for one in played)
        self.stdout.write(summary(played, differ))
        if differ:
            raise CommandError(f"{differ} of {len(played)} went otherwise than expected.")


def read_all(names: list[str]) -> list[Scenario]:
    """This will read every scenario named; CommandError with all mistakes of all files where there is one."""
    shipped = shipped_scenarios()
    read: list[Scenario] = []
    wrong: list[Mistake] = []
    for name in names:
        try:
            read.append(read_scenario(shipped.get(name, Path(name))))
        except Mistakes as mistakes:
            wrong += mistakes.mistakes
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror or error}. Nothing was played.") from None
    if wrong:
        raise CommandError(f"{Mistakes(wrong)}\nNothing was played.")
    return read


def summary(played: list[Played], differ: int) -> str:
    """This will say how many were played, how many commands that was, and how many went otherwise."""
    commands = sum(len(moments) for one in played for _, moments, _ in one.lines)
    one_or_more = "scenario" if len(played) == 1 else "scenarios"
    return f"{len(played)} {one_or_more} played, {commands} commands: {differ} went otherwise than expected."
