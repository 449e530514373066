"""Linking a disagreement to another: by its reference, for somebody who reaches both."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commonground.usecases import linked
from commonground.usecases.guests import may_let_in
from commonground.usecases.handle import NotThere
from commonground.web.formfields import error_lines
from commonground.web.forms.guests import Line
from commonground.web.forms.raising import NO_SUCH_REFERENCE
from commonground.web.identity import Visitor, signed_in
from commonground.web.opening import opened
from commonground.web.pages.disagreement import InDisagreement, frame
from commonground.web.pages.page import show_form


class LinkedForm(forms.Form):
    """Which other disagreement."""

    reference = Line("Which disagreement does it belong with?", "Its reference", needed="Enter a reference", longest=40)


@dataclass(frozen=True, kw_only=True)
class LinkedPage(InDisagreement):
    title: str
    form: forms.Form
    command: str


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def link(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Ask for the reference of another; sent back, link the two."""
    here = opened(visitor, reference)
    if not may_let_in(here.reading.scope, here.reading.relation):
        raise Http404  # who has no part in it now does nothing in it
    form = LinkedForm(request.POST if request.method == "POST" else None)
    command = _command(request)
    if request.method == "POST" and form.is_valid():
        try:
            linked.link(visitor.scopes, here.reading, form.cleaned_data["reference"], command)
            return HttpResponseRedirect(f"{reverse('disagreement', args=[here.reading.reference])}#about")
        except NotThere:
            form.add_error("reference", NO_SUCH_REFERENCE)
        except linked.ItselfAgain:
            form.add_error("reference", "That is the disagreement you are in. Enter the reference of another")
    page = LinkedPage(
        **frame(here.reading, here.directory, here.names),
        title="Link it to another disagreement",
        form=form,
        command=str(command),
        errors=error_lines(form) if request.method == "POST" else (),
    )
    return show_form(request, "link.html", page)


def _command(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("command", ""))
    except ValueError:
        return uuid4()
