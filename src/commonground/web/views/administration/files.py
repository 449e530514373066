"""Directory files: out at once; in through a preview, which is kept here until its owner confirms it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commonground.core.procedure import Key
from commonground.people.administering import Charge, NotInCharge, charges_of, the_charge
from commonground.people.changes import Change
from commonground.people.models import DirectoryChange, Person
from commonground.usecases import clock
from commonground.usecases.directory_files.columns import LIMITS, MOST_BYTES, FileMistake, Row
from commonground.usecases.directory_files.planning import Mistaken, Plan, plan_of
from commonground.usecases.directory_files.reading import as_table, from_table, read_file
from commonground.usecases.directory_files.taking_in import MovedPast, take_in
from commonground.usecases.directory_files.writing import TYPES, write_file
from commonground.usecases.staff.administrators import Ward
from commonground.usecases.staff.review import name_of
from commonground.web import drafts
from commonground.web.components import Link
from commonground.web.formfields import ErrorLine, error_lines
from commonground.web.forms.administration import FileForm
from commonground.web.identity import administers
from commonground.web.pages import administration_files as pages
from commonground.web.pages.administration_files import MOST_SHOWN, FilePage, PreviewPage
from commonground.web.pages.page import show, show_form
from commonground.web.views.administration.here import frame

METHODS = ("GET", "HEAD", "POST")


@require_http_methods(METHODS)
@administers
def of_partnership(request: HttpRequest, person: Key, partnership: Key) -> HttpResponse:
    """Show a partnership's files; sent back with one, read it and show what it would do."""
    return _files(request, _look_up(person, Ward(partnership=partnership)))


@require_http_methods(METHODS)
@administers
def of_agency(request: HttpRequest, person: Key, agency: Key) -> HttpResponse:
    """Show an agency's files; sent back with one, read it and show what it would do."""
    return _files(request, _look_up(person, Ward(agency=agency)))


@require_safe
@administers
def partnership_out(request: HttpRequest, person: Key, partnership: Key, kind: str) -> HttpResponse:
    """Give a partnership's directory as a file."""
    return _out(_look_up(person, Ward(partnership=partnership)), kind)


@require_safe
@administers
def agency_out(request: HttpRequest, person: Key, agency: Key, kind: str) -> HttpResponse:
    """Give an agency's directory as a file."""
    return _out(_look_up(person, Ward(agency=agency)), kind)


@require_http_methods(METHODS)
@administers
def check_partnership(request: HttpRequest, person: Key, partnership: Key) -> HttpResponse:
    """Show what the file that was sent would do to a partnership's directory; confirmed, do it."""
    return _check(request, _look_up(person, Ward(partnership=partnership)))


@require_http_methods(METHODS)
@administers
def check_agency(request: HttpRequest, person: Key, agency: Key) -> HttpResponse:
    """Show what the file that was sent would do to an agency's directory; confirmed, do it."""
    return _check(request, _look_up(person, Ward(agency=agency)))


@dataclass(frozen=True)
class Place:
    """Whose directory it is, and by which charge."""

    charge: Charge
    ward: Ward
    today: date

    def to(self, page: str = "") -> str:
        """Give the address of one of its pages."""
        kind, key = ("agency", self.ward.agency) if self.ward.agency else ("partnership", self.ward.partnership)
        return reverse(f"administration-{kind}{page}", args=[key])

    @property
    def draft(self) -> str:
        return f"directory/{self.ward.agency or ''}/{self.ward.partnership or ''}"


def _look_up(person: Key, ward: Ward) -> Place:
    today = clock.today()
    try:
        charge = the_charge(charges_of(person, today), agency=ward.agency, partnership=ward.partnership)
    except NotInCharge:
        raise Http404 from None
    return Place(charge, ward, today)


def _out(place: Place, kind: str) -> HttpResponse:
    if kind not in TYPES:
        raise Http404
    content = write_file(place.charge, place.ward, "csv" if kind == "csv" else "xlsx", place.today)
    answer = HttpResponse(content, content_type=TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="directory.{kind}"'
    return answer


# --- In ---------------------------------------------------------------------------------------------------------------


def _files(request: HttpRequest, place: Place) -> HttpResponse:
    if request.method != "POST":
        return _file_page(request, place, FileForm())
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _file_page(request, place, form)
    rows, mistakes = _read(form.cleaned_data["file"])
    if not mistakes:
        whole = bool(form.cleaned_data["whole"])
        plan = plan_of(place.charge, place.ward, rows, place.today, whole=whole)
        if not isinstance(plan, Mistaken):
            _keep(place, rows, plan.directory, whole)
            return HttpResponseRedirect(place.to("-file-check"))
        mistakes = plan.mistakes
    return _file_page(request, place, form, mistakes)


def _read(sent: UploadedFile[Any]) -> tuple[Sequence[Row], tuple[FileMistake, ...]]:
    if sent.size is None or sent.size > MOST_BYTES:
        size = (sent.size or 0) / 1024 / 1024
        return (), (FileMistake(0, "", "", f"The file has {size:.1f} MB. {LIMITS} Send it in parts."),)
    read = read_file(sent.read())
    return read.rows, read.mistakes


def _keep(place: Place, rows: Sequence[Row], directory: str, whole: bool) -> None:
    values = {"rows": [json.dumps(as_table(rows))], "directory": [directory], "whole": ["yes"] if whole else []}
    drafts.keep(place.charge.person, place.draft, values)


def _file_page(
    request: HttpRequest, place: Place, form: FileForm, mistakes: tuple[FileMistake, ...] = ()
) -> HttpResponse:
    taken = DirectoryChange.objects.filter(
        what=Change.FILE_TAKEN_IN, agency=place.ward.agency or "", partnership=place.ward.partnership or ""
    ).first()
    by = Person.objects.filter(key=taken.by).values_list("full_name", flat=True).first() if taken else None
    errors = list(error_lines(form))
    if mistakes:
        alone = len(mistakes) == 1 and not mistakes[0].row
        errors.append(ErrorLine(mistakes[0].write if alone else pages.said_mistaken(mistakes), "#id_file"))
    page = FilePage(
        name=f"Directory as a file: {name_of(place.ward)}",
        back=Link("Back", place.to()),
        downloads=tuple(
            Link(text, f"{place.to('-file')}.{kind}") for text, kind in (("CSV", "csv"), ("Excel (.xlsx)", "xlsx"))
        ),
        form=form,
        mistakes=pages.mistakes_table(mistakes) if mistakes and mistakes[0].row else None,
        mistaken=pages.said_mistaken(mistakes) if mistakes else "",
        last=pages.last_taken_in(taken, by or "Somebody"),
        errors=tuple(errors),
        **frame(request),
    )
    return show_form(request, "administration/file.html", page)


def _check(request: HttpRequest, place: Place) -> HttpResponse:
    draft = drafts.kept(place.charge.person, place.draft)
    if draft is None:
        return HttpResponseRedirect(place.to("-file"))
    rows = from_table(json.loads(draft.values["rows"][0]))
    directory, whole = draft.values["directory"][0], bool(draft.values["whole"])
    moved = False
    if request.method == "POST":
        try:
            # What was previewed is what happens: another file, or another change since, asks again.
            if request.POST.get("directory") != directory:
                raise MovedPast
            take_in(place.charge, place.ward, rows, clock.now(), place.today, directory=directory, whole=whole)
        except MovedPast:
            moved = True
        else:
            drafts.forget(place.charge.person, place.draft)
            return HttpResponseRedirect(place.to("-file"))
    plan = plan_of(place.charge, place.ward, rows, place.today, whole=whole)
    if isinstance(plan, Mistaken):
        return _file_page(request, place, FileForm(), plan.mistakes)
    moved = moved or plan.directory != directory
    _keep(place, rows, plan.directory, whole)
    return show(request, "administration/preview.html", _preview(request, place, plan, moved))


def _preview(request: HttpRequest, place: Place, plan: Plan, moved: bool) -> PreviewPage:
    return PreviewPage(
        name=f"Check the file: {name_of(place.ward)}",
        back=Link("Back", place.to("-file")),
        moved=moved,
        counts=pages.counts(plan),
        table=pages.plan_table(plan),
        left_out=max(0, len(plan.lines) - MOST_SHOWN),
        button=pages.button_of(plan),
        directory=plan.directory,
        **frame(request),
    )
