"""`commonground account`: every clause of the published texts, how it is carried, and by what."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """Reads no database."""

    help = "Account for every clause: a rule, a prompt, guidance, or outside software. Without files, the shipped ones."
    requires_system_checks: list[str] = []  # noqa: RUF012  # Django's own declaration

    def add_arguments(self, parser: CommandParser) -> None:
        """Take procedure files."""
        parser.add_argument("files", nargs="*", type=Path, help="procedure files (.yaml)")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        """Print the table and its sums, and leave with 1 where a clause is not accounted for."""
        # Here, so that other commands don't pay for it.
        from commonground.language.account import Row, account, account_table, summary
        from commonground.language.checking import clauses_known_to
        from commonground.language.library import shipped_files
        from commonground.language.mistakes import Mistakes
        from commonground.language.reader import read_procedure

        rows: list[Row] = []
        try:
            for path in files or shipped_files():
                procedure = read_procedure(path)
                rows += account([procedure], clauses_known_to(path, procedure))
        except OSError as error:
            raise CommandError(f"{error.filename} can't be opened: {error.strerror}") from None
        except Mistakes as mistakes:
            raise CommandError(str(mistakes)) from None
        self.stdout.write(account_table(rows))
        carried = Counter(str(row.how or "nothing") for row in rows)
        self.stdout.write(", ".join(f"{how}: {count}" for how, count in sorted(carried.items())))
        self.stdout.write(summary(rows))
        if any(row.wrong for row in rows):
            raise SystemExit(1)
