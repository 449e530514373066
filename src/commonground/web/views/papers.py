"""Papers: the documents of a disagreement, checking the code on one, and blank forms for anybody."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from allauth.core.internal.ratelimit import consume
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from commonground.core.procedure import Route, Stage
from commonground.core.setting import Setting
from commonground.usecases import clock
from commonground.usecases.check_code import code_of, holds
from commonground.usecases.directory import directory_of
from commonground.usecases.published import Publisher, published, publisher, publishers
from commonground.usecases.situation import adopted, setting_for
from commonground.web.components import Link
from commonground.web.formfields import error_lines
from commonground.web.forms.papers import CheckForm
from commonground.web.identity import Visitor, signed_in
from commonground.web.opening import Opened, opened
from commonground.web.pages.page import Page, acting_for, show, show_found
from commonground.web.pages.papers import (
    CheckCodePage,
    FormPage,
    NoPdfPage,
    all_forms_page,
    form_shown,
    papers_page,
    procedure_forms_page,
    stage_forms_page,
)
from commonground.web.papers.blank import forms_of, raising_paper, stage_paper
from commonground.web.papers.documents import DOCUMENTS, OUTCOME, has_outcome, has_papers, paper_of
from commonground.web.papers.paper import Paper
from commonground.web.papers.pdf import TooLong, missing, pdf
from commonground.web.views.errors import too_many
from commonground.web.views.public import for_anybody, frame_of

LIMITS: Final = {"check-code": "60/m/ip,600/h/ip", "blank-form": "60/m/ip"}
"""How often from one place. A code can't be guessed; this keeps one caller from busying the service for all others."""

PDF, WORD = "pdf", "docx"


# --- Of a disagreement ------------------------------------------------------------------------------------------------


@require_GET
@signed_in
def papers(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """List the documents that there are for this visitor."""
    here = _with_papers(visitor, reference)
    page = papers_page(here.reading, here.directory, here.names, no_pdf=bool(missing()))
    return show(request, "papers/papers.html", page)


@require_GET
@signed_in
def paper(request: HttpRequest, visitor: Visitor, reference: str, document: str, ending: str) -> HttpResponse:
    """Give one document as a file. Its name carries the reference and nothing else."""
    here = _with_papers(visitor, reference)
    wanted = DOCUMENTS.get(document)
    if wanted is None or (wanted is OUTCOME and not has_outcome(here.reading)):
        raise Http404
    check_at = request.build_absolute_uri(reverse("check-code"))
    made = paper_of(wanted, here.reading, here.names, code_of(here.reading), check_at)
    frame = Page(signed_in_as=acting_for(here.names, here.reading.scope.seat), current="my-list")
    back = Link("Back to the papers", reverse("papers", args=[here.reading.reference]))
    word_href = reverse("paper", args=[here.reading.reference, document, WORD])
    return _file(request, made, ending, word_href, back, frame)


def _with_papers(visitor: Visitor, reference: str) -> Opened:
    here = opened(visitor, reference)
    if not has_papers(here.reading):
        raise Http404
    return here


def _file(request: HttpRequest, made: Paper, ending: str, word_href: str, back: Link, frame: Page) -> HttpResponse:
    """Answer with a paper as a file; where it can't be a PDF, with a page that leads to the same in Word."""
    if ending == WORD:
        # Only here: what it builds a document with takes 17 MB, and most processes never make one.
        from commonground.web.papers.word import MIME, word

        return _download(word(made), MIME, f"{made.file_name}.{WORD}")
    if ending != PDF:
        raise Http404
    try:
        if not missing():
            return _download(pdf(made), "application/pdf", f"{made.file_name}.{PDF}")
    except TooLong:
        return _no_pdf(request, word_href, back, frame, too_long=True)
    return _no_pdf(request, word_href, back, frame, too_long=False)


def _no_pdf(request: HttpRequest, word_href: str, back: Link, frame: Page, *, too_long: bool) -> HttpResponse:
    page = NoPdfPage(
        too_long=too_long, word=word_href, back=back, signed_in_as=frame.signed_in_as, current=frame.current
    )
    answer = show(request, "papers/no_pdf.html", page)
    answer.status_code = 422 if too_long else 503
    return answer


def _download(made: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(made, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


# --- The code on a paper ----------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_code(request: HttpRequest) -> HttpResponse:
    """Ask for a check code; sent back, say whether a record here still begins with what it stands for, and no more."""
    form = CheckForm(request.POST if request.method == "POST" else None)
    found: bool | None = None
    if request.method == "POST":
        if not _allowed(request, "check-code"):
            return too_many(request)
        if form.is_valid():
            found = holds(form.cleaned_data["code"])
    page = CheckCodePage(form=form, holds=found, errors=error_lines(form) if form.is_bound else (), **frame_of(request))
    return show_found(request, "papers/check_code.html", page)


def _allowed(request: HttpRequest, what: str) -> bool:
    return consume(request, app="commonground", action=what, config=LIMITS, limit_get=True) is not None


# --- Blank forms ------------------------------------------------------------------------------------------------------


@for_anybody
def blank_forms(request: HttpRequest) -> HttpResponse:
    """List the procedures that have forms to print."""
    running = tuple((here, tuple(one for _, one in adopted(here.key))) for here in publishers())
    return show(request, "papers/all_forms.html", all_forms_page(running, **frame_of(request, "procedures")))


@for_anybody
def blank_forms_of(request: HttpRequest, partnership: str, key: str) -> HttpResponse:
    """List the stages of a procedure."""
    here, setting = _published(partnership, key)
    names = directory_of(here.key).names(setting.procedure)
    return show(request, "papers/procedure_forms.html", procedure_forms_page(here, names, **frame_of(request)))


@for_anybody
def blank_forms_at(request: HttpRequest, partnership: str, key: str, route: str, stage: str) -> HttpResponse:
    """List the forms of a stage."""
    here, setting = _published(partnership, key)
    ladder, rung = _stage(setting, route, stage)
    name = directory_of(here.key).names(setting.procedure).stage(route, stage)
    where = (partnership, key, route, stage)
    asked = forms_of(setting, ladder, rung, clock.now())
    page = stage_forms_page(where, name, asked, no_pdf=bool(missing()), **frame_of(request))
    return show(request, "papers/stage_forms.html", page)


@for_anybody
def blank_raising(request: HttpRequest, partnership: str, key: str) -> HttpResponse:
    """Show the form to raise with."""
    _, setting = _published(partnership, key)
    back = Link("All stages", reverse("blank-forms-of", args=[partnership, key]))
    return _form_page(request, raising_paper(setting), (partnership, key), back)


@for_anybody
def blank_form(request: HttpRequest, partnership: str, key: str, route: str, stage: str, slug: str) -> HttpResponse:
    """Show one form of a stage, or all of them."""
    back = Link("All forms of this stage", reverse("blank-forms-at", args=[partnership, key, route, stage]))
    made = _stage_paper(partnership, key, route, stage, slug)
    return _form_page(request, made, (partnership, key, route, stage, slug), back)


@for_anybody
def blank_raising_file(request: HttpRequest, partnership: str, key: str, ending: str) -> HttpResponse:
    """Give the form to raise with as a file."""
    _, setting = _published(partnership, key)
    return _blank_file(request, raising_paper(setting), "blank-raising", (partnership, key), ending)


@for_anybody
def blank_form_file(
    request: HttpRequest, partnership: str, key: str, route: str, stage: str, slug: str, ending: str
) -> HttpResponse:
    """Give one form of a stage as a file, or all of them."""
    made = _stage_paper(partnership, key, route, stage, slug)
    return _blank_file(request, made, "blank-form", (partnership, key, route, stage, slug), ending)


def _published(partnership: str, key: str) -> tuple[Publisher, Setting]:
    here, found = publisher(partnership), published(partnership, key)
    if here is None or found is None:
        raise Http404
    return here, setting_for(partnership, found[0])


def _stage(setting: Setting, route: str, stage: str) -> tuple[Route, Stage]:
    try:
        return setting.procedure.route(route), setting.procedure.stage(route, stage)
    except KeyError:
        raise Http404 from None


def _stage_paper(partnership: str, key: str, route: str, stage: str, slug: str) -> Paper:
    _, setting = _published(partnership, key)
    ladder, rung = _stage(setting, route, stage)
    try:
        return stage_paper(setting, ladder, rung, None if slug == "all" else slug, clock.now())
    except LookupError:
        raise Http404 from None


def _form_page(request: HttpRequest, made: Paper, where: tuple[str, ...], back: Link) -> HttpResponse:
    shown = form_shown(made.title, where, no_pdf=bool(missing()))
    page = FormPage(paper=made, shown=shown, back=back, **frame_of(request, "procedures"))
    return show(request, "papers/form.html", page)


def _blank_file(request: HttpRequest, made: Paper, view: str, where: tuple[str, ...], ending: str) -> HttpResponse:
    if ending == PDF and not missing():
        if not _allowed(request, "blank-form"):
            return too_many(request)
        return _download(_drawn(made), "application/pdf", f"{made.file_name}.{PDF}")
    back = Link("Back to the form", reverse(view, args=where))
    return _file(request, made, ending, reverse(f"{view}-file", args=[*where, WORD]), back, Page())


@lru_cache(maxsize=64)
def _drawn(made: Paper) -> bytes:
    """The same form is drawn once: anybody may ask for it, and drawing takes a while."""
    return pdf(made)
