"""Asking over HTTP as each of the actors, so that nothing asked changes what the next one finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpResponse, SimpleCookie
from django.test import Client

from commonground.web import sheets
from tests.matrix.oracle import Actor
from tests.matrix.world import World, ref
from tests.signing_in import signed_in_as

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|nonce-[A-Za-z0-9+/=]+')
COMMAND = re.compile(rb'name="command" value="[^"]*"')
SHEET = re.compile(rb'name="sheet" value="([^"]*)"')


@dataclass(frozen=True)
class Got:
    """What came back, without what is new on every page: tokens, nonces, the id of a form."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def to(self) -> str:
        """Where it sends on."""
        return dict(self.headers).get("Location", "")


@contextmanager
def undone() -> Iterator[None]:
    """Run something, and put the database back to what it was."""
    everything = transaction.atomic()
    everything._from_testcase = True  # type: ignore[attr-defined]  # the one door opens durable transactions of its own
    with everything:
        yield
        transaction.set_rollback(True)


@dataclass
class Door:
    """Everybody at a browser of their own."""

    world: World
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, actor: Actor) -> Client:
        """This will give an actor's browser, signed in."""
        if actor.name not in self.clients:
            self.clients[actor.name] = signed_in(actor, self.world)
        return self.clients[actor.name]

    def asks(self, actor: Actor, method: str, address: str, sent: Mapping[str, str] | None = None) -> Got:
        """This will ask for an address, and leave no trace of having asked."""
        client = self.client(actor)
        cookies = {name: one.value for name, one in client.cookies.items()}
        ask: Callable[..., HttpResponse] = getattr(client, method.lower())
        with undone():
            answer = ask(address, dict(sent or {})) if method == "POST" else ask(address)
            body = answer.content if not answer.streaming else b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        client.cookies = SimpleCookie(cookies)  # whoever signs out goes on as if they had not
        body = SHEET.sub(_as_said, COMMAND.sub(b"", TOKEN.sub(b"", body)))
        headers = {name: value for name, value in answer.items() if name != "Content-Length"}
        headers |= {"cookies": " ".join(sorted(answer.cookies))}
        return Got(answer.status_code, tuple(sorted(headers.items())), body)


def _as_said(written: re.Match[bytes]) -> bytes:
    """What a form's sheet says for good: whose it is, and of which form."""
    sheet = sheets.read(written[1].decode())
    assert sheet is not None
    return f"{sheet.person} at {sheet.place}".encode()


def signed_in(actor: Actor, world: World) -> Client:
    """This will give a browser that an actor is signed in at: by an account, or by a link."""
    client = Client(raise_request_exception=False)
    if actor.name in world.browsers:
        link, browser = world.browsers[actor.name]
        session = SessionStore()
        session["guest"] = link
        session.save()
        client.cookies["sessionid"], client.cookies["guest-browser"] = session.session_key or "", browser
    elif actor.person:
        signed_in_as(client, actor.person, second_factor=actor.second_factor)
        if actor.seats:
            seat, kept = ref(actor.seats[0].post), client.session
            kept["acting-for"] = [seat.agency, seat.post, actor.partnership]
            kept.save()
    return client
