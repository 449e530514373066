"""Writes one disagreement to a file that anybody can check."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonground.record.codec import CannotBeRead
from commonground.usecases.export import export_for_person, export_without_words
from commonground.usecases.handle import NotThere


class Command(BaseCommand):
    """Export one disagreement by its reference."""

    help = (
        "Write one disagreement as a file that anybody can check (see verify). Without --for there are no words in it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say which, for whom and where to."""
        parser.add_argument("reference")
        parser.add_argument(
            "--for", dest="person", help="the key of a person: with the words they may read, logged as their reading"
        )
        parser.add_argument("--out", type=Path, help="the file to write (standard output when not given)")

    def handle(self, **options: Any) -> None:
        """Write all of it, or nothing: a file that is half there would be checked and found wrong."""
        reference: str = options["reference"]
        person: str | None = options["person"]
        try:
            lines: Iterator[bytes] = export_for_person(person, reference) if person else export_without_words(reference)
            whole = b"".join(lines)
        except NotThere:
            raise CommandError(f"There is no disagreement {reference}" + (" for them." if person else ".")) from None
        except CannotBeRead as wrong:
            raise CommandError(str(wrong)) from wrong
        out: Path | None = options["out"]
        if out is None:
            sys.stdout.buffer.write(whole)
            return
        try:
            out.write_bytes(whole)
        except OSError as error:
            raise CommandError(f"{out} can't be written: {error.strerror}.") from error
        self.stdout.write(f"{out}: {len(whole)} bytes. Check it with: commonground verify {out}")
