"""A line between a browser and the service that can be cut: at any byte, in either direction, for any time."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from random import Random
from urllib.parse import urlsplit

CHUNK = 4096
RESET = struct.pack("ii", 1, 0)
"""Close at once and say so, as a line does that is gone: nobody gets what was still on its way."""


class Cut(StrEnum):
    """How a line is cut."""

    AT_ONCE = "everything under way is cut, and nothing new gets through"
    HALF_SENT = "a part of the next request arrives, and then nothing"
    NO_ANSWER = "the next request arrives whole, and its answer does not come back"
    SILENT = "nothing is closed, and nothing gets through"


class Line:
    """Passes bytes on between browsers and one server, until it is cut. Its address takes the place of the server's."""

    def __init__(self, server: str, chance: Random) -> None:
        to = urlsplit(server)
        self.to = (to.hostname or "localhost", to.port or 80)
        self.chance = chance
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self.listener.getsockname()[1]}"
        self.lock = threading.Lock()
        self.open: set[socket.socket] = set()
        self.how: Cut | None = None
        self.left = 0
        """Bytes that still get through, for a cut that comes after some."""
        self.last = time.monotonic()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, how: Cut) -> None:
        """Cut the line. It stays so until it is mended."""
        with self.lock:
            self.how = how
            self.left = self.chance.randrange(20, 1500)
        if how is Cut.AT_ONCE:
            self._reset()

    def mend(self) -> None:
        """Mend the line. What was under way while it was cut is lost."""
        with self.lock:
            was, self.how = self.how, None
        if was is not None:
            self._reset()

    def quiet_for(self) -> float:
        """Give the seconds since anything got through."""
        return time.monotonic() - self.last

    def close(self) -> None:
        self.listener.close()
        self._reset()

    def _reset(self) -> None:
        with self.lock:
            ends, self.open = self.open, set()
        for end in ends:
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            with suppress(OSError):
                end.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self.listener.accept()
            except OSError:
                return
            if self.how is Cut.AT_ONCE:
                browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                browser.close()
                continue
            try:
                server = socket.create_connection(self.to)
            except OSError:
                browser.close()
                continue
            with self.lock:
                self.open |= {browser, server}
            for one, other, may in ((browser, server, self._request), (server, browser, self._answer)):
                threading.Thread(target=self._pass_on, args=(one, other, may), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket, may: Callable[[bytes], bytes | None]) -> None:
        with suppress(OSError):
            while data := one.recv(CHUNK):
                let = may(data)
                if let:
                    other.sendall(let)
                if let is None:  # cut here, and not only kept waiting
                    self._reset()
                    return
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self.lock:
            self.open -= {one, other}

    def _request(self, data: bytes) -> bytes | None:
        with self.lock:
            match self.how:
                case Cut.SILENT:
                    return b""
                case Cut.HALF_SENT:
                    let, self.left = data[: self.left], max(0, self.left - len(data))
                    if not self.left:
                        self.how = Cut.AT_ONCE
                        threading.Timer(0.02, self._reset).start()  # what got through is on its way
                    return let
                case _:
                    self.last = time.monotonic()
                    return data

    def _answer(self, data: bytes) -> bytes | None:
        with self.lock:
            match self.how:
                case Cut.SILENT:
                    return b""
                case Cut.NO_ANSWER:
                    self.how = Cut.AT_ONCE
                    return None
                case _:
                    self.last = time.monotonic()
                    return data


@contextmanager
def a_line_to(server: str, chance: Random) -> Iterator[Line]:
    """Lay a line to a server, and take it away at the end."""
    line = Line(server, chance)
    try:
        yield line
    finally:
        line.close()
