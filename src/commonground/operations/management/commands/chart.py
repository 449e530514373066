"""Draws a procedure: a route, or all of them, as a picture, a flowchart or BPMN."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from commonground.core.procedure import Procedure
from commonground.language.charts import bpmn, mermaid, svg
from commonground.language.library import shipped_files
from commonground.language.mistakes import Mistakes
from commonground.language.reader import read_procedure

FORMATS: Final = {"svg": svg, "mermaid": mermaid, "bpmn": bpmn}
ENDINGS: Final = {"svg": "svg", "mermaid": "mmd", "bpmn": "bpmn"}


class Command(BaseCommand):
    """Draw the procedure of a file, or a shipped one by its key."""

    help = "Draw a procedure's routes as a picture (svg), a flowchart (mermaid) or a process (bpmn)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say which procedure and route, in which form, and where to."""
        parser.add_argument("procedure", help="a file, or the key of a shipped procedure")
        parser.add_argument("--route", help="the key of one route; all of them when not given")
        parser.add_argument("--format", choices=FORMATS, default="svg", help="what to draw it as (svg)")
        parser.add_argument("--out", type=Path, help="the folder to write a file for each route into; printed if not")

    def handle(self, **options: Any) -> None:
        """Read the procedure, then print or write a chart of each route asked for."""
        procedure = procedure_of(options["procedure"])
        known = [route.key for route in procedure.routes]
        if options["route"] and options["route"] not in known:
            raise CommandError(f"{procedure.key} has no route {options['route']!r}. Choose from: {', '.join(known)}")
        draw, folder = FORMATS[options["format"]], options["out"]
        for route in [options["route"]] if options["route"] else known:
            chart = draw(procedure, route)
            if folder is None:
                self.stdout.write(chart)
            else:
                file = folder / f"{procedure.key}-{route}.{ENDINGS[options['format']]}"
                write(file, chart)
                self.stdout.write(str(file))


def procedure_of(name: str) -> Procedure:
    """Read the procedure of a file, or of the shipped file with that name; CommandError with every mistake in it."""
    shipped = {path.stem: path for path in shipped_files()}
    try:
        return read_procedure(shipped.get(name, Path(name)))
    except Mistakes as mistakes:
        raise CommandError(str(mistakes)) from None
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror or error}. Shipped procedures: {', '.join(shipped)}") from None


def write(file: Path, chart: str) -> None:
    """Write a chart to a file, in a folder that need not be there yet."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(chart, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror or error}") from None
