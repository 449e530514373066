"""A directory out to a file, or in from one, for whoever looks after the machine."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonground.operations.progress import Progress
from commonground.people.administering import Charge, NotInCharge
from commonground.usecases import clock
from commonground.usecases.directory_files.columns import FileMistake, Row
from commonground.usecases.directory_files.planning import Mistaken, Plan, What, plan_of
from commonground.usecases.directory_files.reading import read_file
from commonground.usecases.directory_files.taking_in import MovedPast, take_in
from commonground.usecases.directory_files.writing import write_file
from commonground.usecases.staff.administrators import Ward

BY = "console"
"""Who made a change from here: nobody signs in at the console."""
MOST_SHOWN = 50


class Command(BaseCommand):
    """Export or import the directory of a partnership or an agency."""

    help = "Write a directory to a file (export), or take one in (import): previewed, and done only with --yes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say whose directory, and which file."""
        parser.add_argument("does", choices=("export", "import"))
        parser.add_argument("file", type=Path, help="a path ending in .csv or .xlsx")
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--partnership", help="the key of a partnership: every agency in it")
        whose.add_argument("--agency", help="the key of an agency")
        parser.add_argument(
            "--whole", action="store_true", help="the file is the whole directory: whoever is not in it has left"
        )
        parser.add_argument("--yes", action="store_true", help="take it in; without it the preview is all")

    def handle(self, **options: Any) -> None:
        """Do what was asked, or say in plain words why not."""
        charge = Charge(BY, agency=options["agency"], partnership=options["partnership"])
        ward = Ward(options["agency"], options["partnership"])
        file: Path = options["file"]
        try:
            if options["does"] == "export":
                self._export(charge, ward, file)
            else:
                self._import(charge, ward, file, whole=options["whole"], sure=options["yes"])
        except NotInCharge:
            raise CommandError(f"There is no {'agency' if ward.agency else 'partnership'} with this key.") from None
        except MovedPast:
            raise CommandError("Somebody changed the directory meanwhile. Nothing was done. Try again.") from None
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from error

    def _export(self, charge: Charge, ward: Ward, file: Path) -> None:
        kind = file.suffix.lower().removeprefix(".")
        if kind not in ("csv", "xlsx"):
            raise CommandError("The file’s name must end in .csv or .xlsx.")
        content = write_file(charge, ward, "csv" if kind == "csv" else "xlsx", clock.today())
        file.write_bytes(content)
        self.stdout.write(f"{file}: {len(content)} bytes")

    def _import(self, charge: Charge, ward: Ward, file: Path, *, whole: bool, sure: bool) -> None:
        read = read_file(file.read_bytes(), Progress(self.stdout, "rows read"))
        if read.mistakes:
            self._wrong(read.mistakes)
        today = clock.today()
        checked = Progress(self.stdout, "rows checked")
        plan = plan_of(charge, ward, read.rows, today, whole=whole, progress=checked)
        if isinstance(plan, Mistaken):
            self._wrong(plan.mistakes)
        else:
            self._show(plan)
            if sure:
                self._take_in(charge, ward, read.rows, plan, whole=whole)
            else:
                self.stdout.write("Nothing was changed. Run it again with --yes to take it in.")

    def _take_in(self, charge: Charge, ward: Ward, rows: tuple[Row, ...], plan: Plan, *, whole: bool) -> None:
        written = Progress(self.stdout, "changes written")
        take_in(charge, ward, rows, clock.now(), clock.today(), directory=plan.directory, whole=whole, progress=written)
        self.stdout.write("Taken in.")

    def _show(self, plan: Plan) -> None:
        # Keys and numbers, and no names: a console's output is kept in logs.
        counts = ", ".join(f"{plan.count(what)} {what}" for what in What)
        self.stdout.write(f"{counts}, {plan.untouched} untouched")

    def _wrong(self, mistakes: tuple[FileMistake, ...]) -> None:
        for one in mistakes[:MOST_SHOWN]:
            self.stderr.write(str(one))
        more = f" The first {MOST_SHOWN} are shown." if len(mistakes) > MOST_SHOWN else ""
        raise CommandError(f"{len(mistakes)} mistakes. Nothing was changed.{more}")
