"""A form that arrived in part is no form: what a cut line swallowed must not be taken for what was left out.

Neither Django nor the server under it compares what arrived with what was announced, and the first half of somebody's
words would be sent as if it were all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse


class CutOff(OSError):
    """The line was cut before all of a request had come. Django takes it for a request that can't be read."""


class Body(Protocol):
    """What a request is read from. A read gives what was asked for, and less only at the end."""

    def read(self, size: int = -1, /) -> bytes:
        """Give so many bytes, or all."""

    def readline(self, size: int = -1, /) -> bytes:
        """Give a line, or so many bytes of it."""


class Whole:
    """Reads the body of a request. CutOff where it ends before the length that was announced."""

    def __init__(self, body: Body, length: int) -> None:
        self.body = body
        self.left = length

    def read(self, size: int = -1, /) -> bytes:
        """This will give so many bytes, or all that are left."""
        wanted = self.left if size < 0 else min(size, self.left)
        came = self.body.read(wanted)
        if len(came) < wanted:
            raise CutOff("the line was cut before the whole request had come")
        self.left -= len(came)
        return came

    def readline(self, size: int = -1, /) -> bytes:
        """This will give the next line, or so many bytes of it."""
        line = self.body.readline(size)
        if not line and self.left:
            raise CutOff("the line was cut before the whole request had come")
        self.left -= len(line)
        return line

    def close(self) -> None:
        """Nothing: the server closes what it opened."""


class WholeForms:
    """Stands before everything that reads a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length: str = request.META.get("CONTENT_LENGTH") or ""
        reads: Any = request
        body = getattr(reads, "_stream", None)  # where Django reads it from
        if body is not None and length.isdecimal():
            reads._stream = Whole(body, int(length))
        return self.get_response(request)
