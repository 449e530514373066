"""How a view of the library answers with one of our pages: it does the work, `page` says what is shown of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from commonground.accounts.second_factor import Needed
from commonground.web.formfields import error_lines
from commonground.web.identity import signed_in_as
from commonground.web.pages.accounts import FormPage
from commonground.web.pages.page import Page, show


class Ours:
    """Goes before a view of the library. What it would hand a template becomes one frozen page."""

    request: HttpRequest
    template_name: str

    def page(self, context: dict[str, Any]) -> Page:
        """This will build the page from what the library found; a form and where to go next, unless replaced."""
        form = context["form"]
        return FormPage(form=form, errors=error_lines(form), hidden=where_next(context))

    def render_to_response(self, context: dict[str, Any], **_: Any) -> HttpResponse:
        """This will answer with the page, which no browser keeps."""
        page = self.page(context)  # first: what is found may take another template
        answer = show(self.request, self.template_name, page)
        answer.headers["Cache-Control"] = "private, no-store"
        return answer


def where_next(context: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """This will give the hidden field that says where to go afterwards; none where nothing was asked for."""
    value = context.get("redirect_field_value")
    return ((context["redirect_field_name"], value),) if value else ()


def still_needed(request: HttpRequest) -> tuple[Needed, ...]:
    """This will give why a second factor is still missing for whoever is signed in."""
    signed = signed_in_as(request)
    return signed.missing if signed else ()
