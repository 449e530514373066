"""Checks an exported file, as anybody can with the one file record/verifier.py."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonground.record.verifier import Wrong, check_sent, described, verify

DOES_NOT_HOLD, CANNOT_BE_READ = 1, 2


class Command(BaseCommand):
    """Check an exported record."""

    help = "Check an exported record. Ends with 0 where everything holds, 1 where not, 2 where it can't be read."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say which file, the root to compare with, and files that were sent with its acts."""
        parser.add_argument("file", type=Path)
        parser.add_argument("root", nargs="?", help="the root of the checkpoint that your agency was sent")
        parser.add_argument("--files", nargs="+", default=[], dest="sent", help="files that were sent with its acts")

    def handle(self, **options: Any) -> None:
        """Say what holds and what that does not prove, or the first thing that does not hold."""
        try:
            with options["file"].open("rb") as file:
                report = verify(file, options["root"])
            found = [check_sent(path, report) for path in options["sent"]]
        except Wrong as wrong:
            raise CommandError(f"DOES NOT HOLD. {wrong}", returncode=DOES_NOT_HOLD) from None
        except OSError as error:
            raise CommandError(f"The file can't be read: {error.strerror}.", returncode=CANNOT_BE_READ) from None
        self.stdout.write("\n".join([*described(report), *found]))
