"""Lists to tick: every question with its list; loading one after a look at it; taking one away."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commonground.core.procedure import Key
from commonground.people.administering import NotInCharge
from commonground.usecases import clock
from commonground.usecases.staff.checks import Mistake
from commonground.usecases.tick_lists import Listable, listables, load, take_away
from commonground.web.components import Link
from commonground.web.formfields import error_lines
from commonground.web.forms.administration import Here, HereForm, hidden_values
from commonground.web.forms.tick_lists import TickListForm
from commonground.web.identity import administers
from commonground.web.pages import tick_lists as pages
from commonground.web.pages.administration import ChangePage, SheetPage
from commonground.web.pages.page import show, show_form
from commonground.web.pages.tick_lists import TickListCheckPage, TickListPage
from commonground.web.views.administration.here import frame, here

METHODS = ("GET", "HEAD", "POST")


@require_safe
@administers
def every(request: HttpRequest, person: Key, partnership: Key) -> HttpResponse:
    """Show the questions of the procedures that a partnership runs, each with its list."""
    found = here(person, partnership=partnership)
    page = SheetPage(
        title="Lists to tick",
        name=f"Lists to tick: {found.within.partnership.name}",
        back=Link("Agencies and posts", reverse("administration-partnership", args=[partnership])),
        sections=pages.sections(partnership, listables(partnership)),
        **frame(request),
    )
    return show(request, "administration/sheet.html", page)


@require_http_methods(METHODS)
@administers
def load_one(request: HttpRequest, person: Key, partnership: Key, ask: Key) -> HttpResponse:
    """Show the form for a question's list; sent, show the list as people will see it; confirmed, load it."""
    found = here(person, partnership=partnership)
    question = _question(partnership, ask)
    if not question.procedures:
        raise Http404
    if request.method != "POST":
        return _form(request, partnership, question, TickListForm(question.loaded))
    form = TickListForm(question.loaded, request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, partnership, question, form)
    if "again" in request.POST:
        return _form(request, partnership, question, form)
    if "sure" not in request.POST:
        return _check(request, partnership, question, form)
    wrong = _load(found, partnership, ask, form)
    if wrong is not None:
        form.add_error(wrong.field, wrong.text)
        return _form(request, partnership, question, form)
    return HttpResponseRedirect(_back(partnership))


@require_http_methods(METHODS)
@administers
def take_one_away(request: HttpRequest, person: Key, partnership: Key, ask: Key) -> HttpResponse:
    """Say what taking a question's list away changes; confirmed, do it."""
    found = here(person, partnership=partnership)
    question = _question(partnership, ask)
    if question.loaded is None:
        raise Http404
    if request.method == "POST":
        take_away(found.charge, partnership, ask, clock.now())
        return HttpResponseRedirect(_back(partnership))
    says = (
        f"{pages.described(question.loaded)}.",
        "People can’t tick its lines any more. They still write what they want to say.",
        "Nothing that was ticked is lost, sent or not.",
    )
    page = ChangePage(
        title="Take a list away",
        name="Take the list away",
        caption=question.text or question.loaded.title,
        lead=(),
        form=HereForm(found),
        button="Take it away",
        back_href=_back(partnership),
        foreseen=says,
        **frame(request),
    )
    return show(request, "administration/change.html", page)


def _question(partnership: Key, ask: Key) -> Listable:
    found = next((one for one in listables(partnership) if one.ask == ask), None)
    if found is None:
        raise Http404
    return found


def _back(partnership: Key) -> str:
    return reverse("administration-lists", args=[partnership])


def _load(found: Here, partnership: Key, ask: Key, form: TickListForm) -> Mistake | None:
    try:
        return load(found.charge, partnership, ask, form.given, clock.now())
    except NotInCharge:
        raise Http404 from None


def _form(request: HttpRequest, partnership: Key, question: Listable, form: TickListForm) -> HttpResponse:
    mistakes = form.read.mistakes
    page = TickListPage(
        question=question.text,
        back_href=_back(partnership),
        button="See how it looks",
        form=form,
        now=pages.described(question.loaded) if question.loaded else "",
        mistakes=pages.mistakes_table(mistakes) if len(mistakes) > 1 else None,
        errors=error_lines(form),
        **frame(request),
    )
    return show_form(request, "administration/tick_list.html", page)


def _check(request: HttpRequest, partnership: Key, question: Listable, form: TickListForm) -> HttpResponse:
    given = form.given
    names = tuple(name for name in form.fields if name not in ("lines", "file"))
    replaces = (f"It replaces {pages.described(question.loaded)}.",) if question.loaded else ()
    page = TickListCheckPage(
        back_href=_back(partnership),
        button=f"Load the list: {pages.counted(given)}",
        says=("Nothing is changed yet. Wherever the question is asked, people will see this:", *replaces),
        preview=pages.preview_of(question.text, given),
        hidden=(*hidden_values(request.POST, names), ("lines", "\n".join(given.lines)), ("sure", "yes")),
        **frame(request),
    )
    return show(request, "administration/tick_list_check.html", page)
