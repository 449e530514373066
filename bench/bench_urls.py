"""The service's addresses, and one with nothing behind it."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from commonground.web import urls
from commonground.web.urls import handler400, handler403, handler404, handler429, handler500  # noqa: F401


def empty(request: HttpRequest) -> HttpResponse:
    """This will answer with nothing."""
    return HttpResponse()


urlpatterns = [*urls.urlpatterns, path("empty", empty)]
