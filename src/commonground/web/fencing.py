"""Every request begins outside the fence between partnerships, whatever its thread did before."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from commonground import fence


class OutsideTheFence:
    """Answers each request with no partnership in scope: use cases enter, and a view that forgot one gets nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with fence.outside():
            return self.get_response(request)
