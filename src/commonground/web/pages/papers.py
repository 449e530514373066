"""The pages about papers: which there are of a disagreement, checking a code, and blank forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from markupsafe import Markup

from commonground.core.procedure import Procedure
from commonground.usecases.directory import Directory
from commonground.usecases.published import Publisher
from commonground.usecases.reading import Reading
from commonground.web.components import Link
from commonground.web.forms.papers import CheckForm
from commonground.web.pages.disagreement import InDisagreement, frame
from commonground.web.pages.page import Page
from commonground.web.papers.blank import Asked
from commonground.web.papers.documents import DOCUMENTS, OUTCOME, has_outcome
from commonground.web.papers.paper import Paper
from commonground.web.papers.pdf import pieces, soft
from commonground.wording import Names


@dataclass(frozen=True)
class PaperShown:
    """A document to download. `pdf` is empty where none can be made here; `word` where there is nothing yet."""

    name: str
    what: str
    pdf: str
    word: str


@dataclass(frozen=True, kw_only=True)
class PapersPage(InDisagreement):
    papers: tuple[PaperShown, ...]
    no_pdf: bool


@dataclass(frozen=True, kw_only=True)
class NoPdfPage(Page):
    """Why there is no PDF, and the same paper in Word."""

    too_long: bool
    word: str
    back: Link


@dataclass(frozen=True, kw_only=True)
class CheckCodePage(Page):
    form: CheckForm
    button: str = "Check the code"
    back_href: str = ""
    holds: bool | None = None
    """None before anybody asked."""


@dataclass(frozen=True)
class ProcedureForms:
    """A procedure that has forms, within its partnership."""

    title: str
    href: str


@dataclass(frozen=True)
class PartnershipForms:
    name: str
    procedures: tuple[ProcedureForms, ...]


@dataclass(frozen=True, kw_only=True)
class AllFormsPage(Page):
    partnerships: tuple[PartnershipForms, ...]


@dataclass(frozen=True)
class RouteForms:
    title: str
    stages: tuple[Link, ...]


@dataclass(frozen=True, kw_only=True)
class ProcedureFormsPage(Page):
    procedure: str
    raising: str
    routes: tuple[RouteForms, ...]
    back: Link


@dataclass(frozen=True)
class FormShown:
    name: str
    href: str
    pdf: str
    word: str


@dataclass(frozen=True, kw_only=True)
class StageFormsPage(Page):
    stage: str
    whole: FormShown
    forms: tuple[FormShown, ...]
    back: Link


@dataclass(frozen=True, kw_only=True)
class FormPage(Page):
    """One blank form, as it prints."""

    paper: Paper
    shown: FormShown
    back: Link
    soft: Callable[[str], Markup] = soft
    pieces: Callable[[str], tuple[str, ...]] = pieces
    """What the parts of a paper are drawn with."""


def papers_page(reading: Reading, directory: Directory, names: Names, *, no_pdf: bool) -> PapersPage:
    """This will list the documents of a disagreement, each with its two files."""
    shown = []
    for document in DOCUMENTS.values():
        here = document is not OUTCOME or has_outcome(reading)
        pdf, word = (
            reverse("paper", args=[reading.reference, document.slug, ending]) if here else ""
            for ending in ("pdf", "docx")
        )
        shown.append(PaperShown(document.name, document.what, "" if no_pdf else pdf, word))
    return PapersPage(papers=tuple(shown), no_pdf=no_pdf, **frame(reading, directory, names))


def all_forms_page(running: tuple[tuple[Publisher, tuple[Procedure, ...]], ...], **frame: object) -> AllFormsPage:
    """This will list every procedure with forms to print, partnership by partnership."""
    partnerships = tuple(
        PartnershipForms(
            here.name,
            tuple(ProcedureForms(one.title, reverse("blank-forms-of", args=[here.key, one.key])) for one in procedures),
        )
        for here, procedures in running
        if procedures
    )
    return AllFormsPage(partnerships=partnerships, **frame)  # type: ignore[arg-type]  # the frame's own fields


def procedure_forms_page(here: Publisher, names: Names, **frame: object) -> ProcedureFormsPage:
    """This will list the stages of a procedure that have forms, and the form to raise with."""
    procedure = names.procedure
    return ProcedureFormsPage(
        procedure=procedure.title,
        raising=reverse("blank-raising", args=[here.key, procedure.key]),
        routes=tuple(
            RouteForms(
                route.title,
                tuple(
                    Link(
                        names.stage(route.key, stage.key),
                        reverse("blank-forms-at", args=[here.key, procedure.key, route.key, stage.key]),
                    )
                    for stage in route.stages
                ),
            )
            for route in procedure.routes
        ),
        back=Link("All blank forms", reverse("blank-forms")),
        **frame,  # type: ignore[arg-type]  # the frame's own fields
    )


def stage_forms_page(
    where: tuple[str, str, str, str], stage: str, asked: tuple[Asked, ...], *, no_pdf: bool, **frame: object
) -> StageFormsPage:
    """This will list the forms of a stage; `where` is partnership, procedure, route and stage, by key."""
    return StageFormsPage(
        stage=stage,
        whole=form_shown("All forms of this stage", (*where, "all"), no_pdf=no_pdf),
        forms=tuple(form_shown(one.name, (*where, one.slug), no_pdf=no_pdf) for one in asked),
        back=Link("All stages", reverse("blank-forms-of", args=where[:2])),
        **frame,  # type: ignore[arg-type]  # the frame's own fields
    )


def form_shown(name: str, where: tuple[str, ...], *, no_pdf: bool) -> FormShown:
    """This will give one form with its page and its two files; five keys lead to a stage's, two to raising."""
    view = "blank-form" if len(where) > 2 else "blank-raising"
    files = {ending: reverse(f"{view}-file", args=[*where, ending]) for ending in ("pdf", "docx")}
    return FormShown(name, reverse(view, args=where), "" if no_pdf else files["pdf"], files["docx"])
