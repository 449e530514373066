"""A real mail server on this machine, that can be told whom to refuse."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class MailServer:
    """What came in, and the replies that some addresses get instead of being taken."""

    port: int
    replies: dict[str, str] = field(default_factory=dict)
    """By address: "451 try again later"."""
    got: list[tuple[str, Message]] = field(default_factory=list)

    @property
    def settings(self) -> Mapping[str, Any]:
        """Django's settings for sending here."""
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": self.port,
            "EMAIL_USE_TLS": False,
            "EMAIL_TIMEOUT": 5,
            "DEFAULT_FROM_EMAIL": "no-reply@commonground.example",
        }

    @property
    def to(self) -> list[str]:
        """Who got something, in order."""
        return [address for address, _ in self.got]

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """Take an address, or reply as told."""
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep what came."""
        for address in envelope.rcpt_tos:
            if (reply := self.replies.get(f"data {address}")) is not None:
                return reply
            self.got.append((address, message_from_bytes(envelope.content, policy=default)))
        return "250 OK"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run one."""
    server = MailServer(free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
