"""Mail over a real SMTP server: an invitation says by whom, until when and a link. Trouble is said, not raised."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from commonground.accounts import mail
from commonground.config.environment import mail as mail_settings

UNTIL = datetime(2026, 4, 8, 9, tzinfo=UTC)


@dataclass
class Post:
    """A post office: what came, and what it answers."""

    came: list[Any] = field(default_factory=list)
    answer: str = "250 kept"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.came.append(envelope)
        return self.answer


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    post = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    for name, value in mail_settings(f"smtp://127.0.0.1:{port}?tls=none", "service@area.example").items():
        setattr(settings, name, value)
    yield post
    controller.stop()


def test_an_invitation_is_mailed(post: Post) -> None:
    sent = mail.send_invitation("pat@school.example", "https://area.example/invited/s", "Elm Road School", UNTIL)
    assert sent
    (envelope,) = post.came
    text = envelope.content.decode()
    assert (envelope.mail_from, envelope.rcpt_tos) == ("service@area.example", ["pat@school.example"])
    for part in ("Elm Road School has invited you", "https://area.example/invited/s", "10am on Wednesday 8 April 2026"):
        assert part in text.replace("=\r\n", "").replace("=E2=80=99", "’")


def test_what_the_server_refuses_is_said_and_no_address_is_logged(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    post.answer = "451 later, pat@school.example"
    with caplog.at_level(logging.DEBUG):
        assert not mail.send_new_password("pat@school.example", "https://area.example/x")
    assert "mail not sent: SMTPDataError" in caplog.text
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("mail.")]
    assert ours
    assert not [line for line in ours if "pat@" in line]  # the server's own lines are not ours


def test_where_no_mail_is_set_up_nothing_is_sent(settings: Settings) -> None:
    for name, value in mail_settings("", "").items():
        setattr(settings, name, value)
    assert not mail.is_set_up()
    assert not mail.send_new_password("pat@school.example", "https://area.example/x")


def test_a_server_that_is_away_is_said(settings: Settings) -> None:
    for name, value in mail_settings("smtp://127.0.0.1:1?tls=none", "service@area.example").items():
        setattr(settings, name, value)
    assert not mail.send_new_password("pat@school.example", "https://area.example/x")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("smtp://a%40b:s%2Fe@host", ("host", 587, "a@b", "s/e", True, False)),
        ("smtp://host?tls=implicit", ("host", 465, "", "", False, True)),
        ("smtp://host:25?tls=none", ("host", 25, "", "", False, False)),
    ],
)
def test_addresses_of_mail_servers(address: str, expected: tuple[object, ...]) -> None:
    found = mail_settings(address, "service@area.example")
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS", "EMAIL_USE_SSL")
    assert tuple(found[name] for name in names) == expected


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        ("http://secret@host", "service@area.example"),
        ("smtp://", "service@area.example"),
        ("smtp://user:secret@host:many", "service@area.example"),
        ("smtp://user:secret@host?tls=perhaps", "service@area.example"),
        ("smtp://user:secret@host", ""),
    ],
)
def test_a_mistaken_mail_setting_is_refused_without_repeating_it(address: str, sender: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="COMMONGROUND_MAIL") as refused:
        mail_settings(address, sender)
    assert "secret" not in str(refused.value)
