"""Has a partnership run a procedure, once it passes its check."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonground.language.mistakes import Mistakes
from commonground.usecases import clock
from commonground.usecases.adopt import NotAdoptable, adopt


class Command(BaseCommand):
    """Adopt a procedure for a partnership."""

    help = "Have a partnership run a procedure, once it passes its check. What is open stays under its text."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say who adopts what, and from when."""
        parser.add_argument("partnership", help="the partnership's key")
        parser.add_argument("procedure", help="the key of a shipped procedure, or a file (a path ending in .yaml)")
        parser.add_argument("--from", dest="adopted_on", type=date.fromisoformat, help="the day, as 2026-04-02 (today)")

    def handle(self, **options: Any) -> None:
        """Check it and keep it, or say in one line why not."""
        named: str = options["procedure"]
        source = Path(named) if named.endswith(".yaml") else named
        adopted_on = options["adopted_on"] or clock.today()
        try:
            read = adopt(options["partnership"], source, adopted_on)
        except (Mistakes, NotAdoptable) as wrong:
            raise CommandError(str(wrong)) from wrong
        except OSError as error:
            raise CommandError(f"{named} can't be read: {error.strerror}.") from error
        self.stdout.write(f"{options['partnership']} runs {read.procedure.title} from {adopted_on}: {read.digest}")
