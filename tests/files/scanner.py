"""A virus scanner for tests: a small server that speaks clamd's INSTREAM, and finds one mark of ours."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from struct import unpack

MARK = b"INVENTED-VIRUS-OF-COMMONGROUND"


class Scanner(socketserver.ThreadingTCPServer):
    """Listens on a port of this machine. `answers` takes the place of what it finds, where it is set."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Stream)
        self.answers: bytes | None = None
        self.most = 25 * 1024 * 1024
        self.scanned: list[bytes] = []

    @property
    def address(self) -> str:
        """As COMMONGROUND_CLAMD names it."""
        return f"tcp://127.0.0.1:{self.server_address[1]}"


class _Stream(socketserver.StreamRequestHandler):
    server: Scanner

    def handle(self) -> None:
        assert self.rfile.readline() == b"nINSTREAM\n"
        whole = b""
        while size := unpack("!L", self.rfile.read(4))[0]:
            whole += self.rfile.read(size)
            if len(whole) > self.server.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\n")
                return
        self.server.scanned.append(whole)
        found = b"stream: Invented.Test.Virus FOUND\n" if MARK in whole else b"stream: OK\n"
        self.wfile.write(found if self.server.answers is None else self.server.answers)


@contextmanager
def scanner() -> Iterator[Scanner]:
    """Give a scanner that listens."""
    with Scanner() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
