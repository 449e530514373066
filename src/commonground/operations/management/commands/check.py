"""`commonground check`: prove each procedure before it goes live, and report what its words alone leave open."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

if TYPE_CHECKING:
    from commonground.language.checking import Checked, FileChecked, RouteChecked
    from commonground.language.gaps import Gap

VERBOSE = 2
WIDTH = 118


class Command(BaseCommand):
    """Reads no database: a partnership can check a file of its own on any machine."""

    help = (
        "Check procedures: every proof, made two ways; the longest silence; and the gaps of the words alone. "
        "Without files, those that come with the service. A gap alone passes; a mistake or a failed proof does not."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012  # Django's own declaration

    def add_arguments(self, parser: CommandParser) -> None:
        """Files, and the two forms of output. `-v 2` lists every reading as well."""
        parser.add_argument("files", nargs="*", type=Path, help="procedure files (.yaml)")
        parser.add_argument("--json", action="store_true", help="the same, for programs")

    def handle(self, *args: Any, files: list[Path], json: bool, verbosity: int, **options: Any) -> None:
        """Print what was found, and leave with 1 where something must not go live."""
        # Here, so that other commands don't pay for it.
        from commonground.language.checking import check_files
        from commonground.language.library import shipped_files

        try:
            found = check_files(files or shipped_files())
        except OSError as error:
            raise CommandError(f"{error.filename} can't be opened: {error.strerror}") from None
        if json:
            self.stdout.write(in_json(found))
        else:
            for file in found:
                self.stdout.write("\n".join(in_words(file, verbose=verbosity >= VERBOSE)) + "\n")
            self.stdout.write(summary(found))
        if not all(file.may_go_live for file in found):
            raise SystemExit(1)


# --- in words --------------------------------------------------------------------------------------------------------


def in_words(file: FileChecked, *, verbose: bool) -> Iterator[str]:
    """Yield the report of one file, line by line."""
    checked = file.checked
    if checked is None:
        yield f"{file.file}: {_count(len(file.mistakes), 'mistake')}; nothing was checked"
        yield from (f"  {mistake}" for mistake in file.mistakes)
        return
    yield f"{checked.title} ({checked.key})"
    failed = [proof for proof, failures in checked.proofs.items() if failures]
    holds = f"{len(checked.proofs) - len(failed)} of {len(checked.proofs)} proofs hold"
    apart = "THE TWO CHECKERS DO NOT AGREE" if checked.apart else "both checkers agree"
    readings, open_things = _count(len(checked.readings), "reading"), _count(len(checked.gaps), "gap")
    yield f"  {_count(checked.states, 'state')}, {apart}; {holds}; {readings}; {open_things} in the words alone"
    for route in checked.routes:
        yield from _route_in_words(checked, route)
    yield "  Proofs, with the readings:"
    for proof, failures in checked.proofs.items():
        yield f"    {'FAILS' if failures else 'holds'}  {proof}"
        for failure in failures:
            yield from _wrapped(f"{failure.said}{_cited(failure.clauses)}", "           ")
    for said in checked.apart:
        yield from _wrapped(f"The checkers do not agree: {said}", "    ")
    if checked.gaps:
        yield "  What the words alone leave open, to put to the partnership at the next review:"
        for gap in checked.gaps:
            yield from _gap_in_words(gap)
    if verbose:
        yield "  Readings taken:"
        for place, reading in checked.readings:
            instead = f" (instead of: {'; '.join(reading.instead_of)})" if reading.instead_of else ""
            said = f"{place}, {reading.of}: {reading.takes}{instead}, because {reading.because}"
            yield from _wrapped(said + _cited(reading.clauses), "    ")


def _route_in_words(checked: Checked, route: RouteChecked) -> Iterator[str]:
    silence, worst = route.silence, route.silence.worst
    failures = sum(failure.route == route.key for failure in checked.failures)
    open_things = sum(gap.route == route.key for gap in checked.gaps)
    said = f"{route.title} ({route.key}): {_count(route.states, 'state')}; longest silence {silence.as_sum}"
    if worst is not None:
        said += f", at worst {_count(worst.days, 'day')}"
        said += f" ({_moment(worst.raised_at)} to {_moment(worst.until)})"
    said += f", then {silence.then} is asked; {_count(route.readings, 'reading')}; {_count(open_things, 'gap')}"
    yield from _wrapped(said + (f"; {_count(failures, 'FAILURE')}" if failures else ""), "  - ", "    ")


def _gap_in_words(gap: Gap) -> Iterator[str]:
    yield from _wrapped(f"{gap.place}. {gap.leaves_open}{_cited(gap.clauses)}", "    * ", "      ")
    yield from _wrapped(f"Ask: {gap.question}", "      ")
    if gap.meanwhile:
        yield from _wrapped(f"Meanwhile: {'; '.join(gap.meanwhile)}.", "      ")


def summary(found: tuple[FileChecked, ...]) -> str:
    """Say in one line whether all of it may go live."""
    wrong = [file.file for file in found if not file.may_go_live]
    routes = sum(len(file.checked.routes) for file in found if file.checked)
    tried = max(
        (r.silence.worst.tried for f in found if f.checked for r in f.checked.routes if r.silence.worst), default=0
    )
    checked = f"{_count(len(found), 'procedure')}, {_count(routes, 'route')} checked"
    if wrong:
        return f"{checked}. NOT to go live: {', '.join(wrong)}."
    return f"{checked}: all may go live. The worst dates are over every day of the calendars (up to {tried:,} moments)."


def _moment(at: datetime) -> str:
    from commonground.core.time import LONDON

    local = at.astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M}"


def _cited(clauses: tuple[str, ...]) -> str:
    return f" [{', '.join(clauses)}]" if clauses else ""


def _count(n: int, thing: str) -> str:
    return f"{n:,} {thing}{'' if n == 1 else 'S' if thing.isupper() else 's'}"


def _wrapped(text: str, first: str, rest: str | None = None) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=first if rest is None else rest, break_on_hyphens=False
    )


# --- in JSON ---------------------------------------------------------------------------------------------------------


def in_json(found: tuple[FileChecked, ...]) -> str:
    """Give the same report as one JSON document."""
    return json.dumps([_file_as_data(file) for file in found], indent=2, ensure_ascii=False)


def _file_as_data(file: FileChecked) -> dict[str, Any]:
    data: dict[str, Any] = {"file": file.file, "may_go_live": file.may_go_live, "mistakes": list(file.mistakes)}
    checked = file.checked
    if checked is None:
        return data
    return data | {
        "procedure": checked.key,
        "title": checked.title,
        "states": checked.states,
        "checkers_agree": not checked.apart,
        "checkers_differ_at": list(checked.apart),
        "proofs": [
            {
                "proof": str(proof),
                "holds": not failures,
                "fails_at": [_picked(f, "route", "stage", "what", "said", "clauses") for f in failures],
            }
            for proof, failures in checked.proofs.items()
        ],
        "routes": [_route_as_data(checked, route) for route in checked.routes],
        "readings": [
            {"place": place, **_picked(reading, "of", "takes", "instead_of", "because", "clauses")}
            for place, reading in checked.readings
        ],
        "gaps": [
            _picked(gap, "route", "stage", "place", "leaves_open", "question", "meanwhile", "clauses")
            for gap in checked.gaps
        ],
    }


def _route_as_data(checked: Checked, route: RouteChecked) -> dict[str, Any]:
    worst = route.silence.worst
    return {
        "route": route.key,
        "title": route.title,
        "states": route.states,
        "readings": route.readings,
        "gaps": sum(gap.route == route.key for gap in checked.gaps),
        "failures": sum(failure.route == route.key for failure in checked.failures),
        "longest_silence": {
            "sum": list(route.silence.spans) if route.silence.spans else None,
            "through": [f"{leg.route}/{leg.stage}" for leg in route.silence.legs],
            "then_asks": route.silence.then,
            "worst": worst
            and {
                "raised_at": worst.raised_at.isoformat(),
                "until": worst.until.isoformat(),
                "days": worst.days,
                "moments_tried": worst.tried,
                "calendar_days": [worst.first_day.isoformat(), worst.last_day.isoformat()],
            },
        },
    }


def _picked(node: object, *names: str) -> dict[str, Any]:
    values = {name: getattr(node, name) for name in names}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
