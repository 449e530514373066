"""The pages for what went wrong. They need no database and nobody signed in, so they can't break as well."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from commonground.web import unsent
from commonground.web.identity import the_way_in, visitor_of


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what could not be read."""
    return render(request, "errors/400.html", status=400)


def not_sent(request: HttpRequest, reason: str = "", exception: Exception | None = None) -> HttpResponse:
    """Answer a form that could not be traced to us. Where it was opened here, what was typed is kept."""
    kept = unsent.keep(request)
    if kept is None:
        return render(request, "errors/403.html", status=403)
    # Whoever has signed in since in another tab has new tokens, and the old page does not know them.
    visitor = visitor_of(request)
    if visitor is None:
        return HttpResponseRedirect(the_way_in(request, kept))
    if visitor.person != kept.person:
        return unsent.of_another(request)
    return HttpResponseRedirect(unsent.back_to_it(request))


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for what does not exist and for what the reader may not see, word for word the same."""
    return render(request, "errors/404.html", status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer when there were too many tries from one place."""
    return render(request, "errors/429.html", status=429)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when something of ours broke."""
    return render(request, "errors/500.html", status=500)
