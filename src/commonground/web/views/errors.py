"""The pages for what went wrong. They need no database and nobody signed in, so they can't break as well."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what could not be read."""
    return render(request, "errors/400.html", status=400)


def not_sent(request: HttpRequest, reason: str = "", exception: Exception | None = None) -> HttpResponse:
    """Answer a form that could not be traced to us."""
    return render(request, "errors/403.html", status=403)


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for what does not exist and for what the reader may not see, word for word the same."""
    return render(request, "errors/404.html", status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer when there were too many tries from one place."""
    return render(request, "errors/429.html", status=429)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when something of ours broke."""
    return render(request, "errors/500.html", status=500)
