"""A marker stands in every piece of text there is; each is looked for on every page, in every message and log line.

What a person's own relation opens to them may be there. Everything else is a leak, wherever it turns up: in a body, a
title, an address, a header, a message, a log line, a session.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from commonground.outbox import mail, messages
from commonground.outbox.messages import Message
from commonground.outbox.models import MessageRow
from commonground.people import access
from commonground.usecases import clock
from commonground.usecases.sweep import sweep
from commonground.web.forms.acts import FORMS
from commonground.web.views import disagreement as pages
from tests import databases
from tests.matrix.asking import Door, Got, undone
from tests.matrix.conftest import all_logged
from tests.matrix.oracle import Actor, For, Role, Secret, Sight, may_read, sight
from tests.matrix.rules import has_seat
from tests.matrix.world import World
from tests.pages.weighing import MOST, weight

pytestmark = pytest.mark.django_db

AT_LEAST = 200
MARKER = re.compile(r"zq[a-z]{10}|01632 960[2-9]\d\d")
"""What stands in a text, and the telephone numbers that people have."""
MOST_LINKS = 150
"""How many links are followed for one actor of each role, nearest first. The rest is asked for by name."""
LINK = re.compile(r'(?:href|action)="(/[^"#]*)')
NOT_FOLLOWED = re.compile(r"^/(static|choose|sign-out|accounts/logout)|/export$")
TYPED = "zqtypedbyhand"
"""What the crawl itself types."""


@dataclass
class Crawl:
    """Everything that was looked at, what was found, and what should not have been."""

    world: World
    door: Door
    looked_at: int = 0
    found: set[tuple[str, str]] = field(default_factory=set)
    leaks: list[str] = field(default_factory=list)
    secrets: dict[str, Secret] = field(default_factory=dict)
    heaviest: tuple[int, str] = (0, "")
    """Bytes of the largest first view, and where."""

    def __post_init__(self) -> None:
        self.secrets = {secret.text: secret for secret in self.world.secrets}

    def sees(self, actor: Actor, address: str, got: Got) -> None:
        """Look through an answer for what its reader should not come upon."""
        self.looked_at += 1
        text = _readable(got.body)
        for marker in set(MARKER.findall(text)):
            secret = self.secrets.get(marker)
            if secret is None or marker == TYPED:
                continue
            if may_read(actor, secret, self.world.disagreements):
                self.found.add((actor.name, marker))
            else:
                self.leaks.append(f"{actor.name} at {address}: {secret.what} of {secret.agency} {secret.disagreement}")
        title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
        outside = [title[1] if title else "", address, *LINK.findall(text), *(value for _, value in got.headers)]
        self.leaks += [f"{actor.name} at {address}: outside the page, {one}" for one in outside if MARKER.search(one)]

    def asks(self, actor: Actor, address: str, method: str = "GET", **sent: str) -> Got:
        """Ask for a page, and look through it."""
        got = self.door.asks(actor, method, address, sent)
        self.sees(actor, address, got)
        if got.body.lstrip()[:9].lower() == b"<!doctype":
            self.heaviest = max(self.heaviest, (weight(got.body), f"{address} as {actor.name}"))
        return got

    def follows(self, actor: Actor, *starts: str, most: int = MOST_LINKS) -> None:
        """Ask for every page that links lead to."""
        todo, seen = deque(starts), set(starts)
        while todo and most:
            most -= 1
            got = self.asks(actor, todo.popleft())
            links = [unescape(link) for link in LINK.findall(got.body.decode("utf-8", "replace"))]
            links += [got.to] if got.to.startswith("/") else []
            for link in links:
                if link not in seen and not NOT_FOLLOWED.search(link):
                    seen.add(link)
                    todo.append(link)


def _readable(body: bytes) -> str:
    """Give what stands in an answer; a Word file is unpacked."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace")
    with ZipFile(BytesIO(body)) as packed:
        return " ".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


ENDS = ("/looked", "/opposite", "/print", "/export", "/papers", "/papers/file-copy.docx", "/guests", "/link", "/reach")
STARTS = ("/", "/list", "/procedures", "/raise", "/raise/check", "/look")


def crawl(world: World, *actors: Actor, follow: bool = True) -> Crawl:
    """Go wherever actors get, and to where they should not get; one of each role follows links besides."""
    found = Crawl(world, Door(world))
    thorough: set[Role] = set() if follow else set(Role)
    for turn, actor in enumerate(actors):
        if actor.role not in thorough and has_seat(actor):
            thorough.add(actor.role)
            found.follows(actor, *STARTS)
        else:
            for start in STARTS:
                found.asks(actor, start)
        for number, one in enumerate(world.disagreements.values()):
            page = f"/d/{one.reference}"
            if found.asks(actor, page).status != 200:
                continue  # the matrix holds every other address of what is not there to the page of what never was
            for end in ENDS:
                found.asks(actor, f"{page}{end}")
            slugs = sorted(FORMS)
            for slug in ("write", *(slugs[(turn + number + step * 5) % len(slugs)] for step in range(3))):
                found.asks(actor, f"{page}/{slug}")
                found.asks(actor, f"{page}/{slug}", "POST", words=TYPED, reasons=TYPED)
    return found


def test_no_page_shows_what_is_not_for_its_reader(world: World, record_property: Callable[[str, object], None]) -> None:
    assert len(world.secrets) >= AT_LEAST
    every = 1 if databases.kind() == "sqlite" else 10
    actors = tuple(world.actors.values())[::every]
    found = crawl(world, *actors)
    planted = Counter(secret.audience for secret in world.secrets)
    seen = {marker for _, marker in found.found}
    lines = [f"{found.looked_at:,} pages, files and answers looked through as {len(actors)} people"]
    for audience, count in planted.items():
        came_upon = sum(1 for secret in world.secrets if secret.audience is audience and secret.text in seen)
        lines.append(f"{count:>6} planted, {came_upon:>6} come upon: for {audience}")
    heaviest, where = found.heaviest
    lines += [f"{len(found.leaks)} leaks", f"the largest first view: {heaviest:,} bytes, {where}"]
    record_property("report", "\n".join(lines))
    assert heaviest <= MOST, where
    assert not found.leaks, f"{len(found.leaks)} leaks:\n" + "\n".join(sorted(set(found.leaks))[:60])
    # The crawl is worth something only if it comes upon what is there: all words that are for anybody it went as.
    words = [s for s in world.secrets if s.audience in (For.PARTIES, For.OWN_AGENCY, For.PARTNERSHIP) and s.act]
    for_somebody = {s.text for s in words if any(may_read(actor, s, world.disagreements) for actor in actors)}
    assert for_somebody - seen == set()


def test_whoever_sees_a_disagreement_as_it_is_has_all_the_words_that_are_for_them(world: World) -> None:
    door = Door(world)
    for actor in world.actors.values():
        for one in world.disagreements.values():
            if sight(actor, one) is not Sight.NOW or not has_seat(actor):
                continue
            body = door.asks(actor, "GET", f"/d/{one.reference}").body.decode()
            mine = {s.text for s in world.secrets if s.disagreement == one.name and s.act}
            mine = {text for text in mine if may_read(actor, _secret(world, text), world.disagreements)}
            assert mine - set(MARKER.findall(body)) == set(), (actor.name, one.name)


def _secret(world: World, text: str) -> Secret:
    return next(secret for secret in world.secrets if secret.text == text)


SEARCHES = 4
"""How many secrets each of the actors searches for."""


def test_searching_for_words_finds_only_what_is_for_whoever_searches(world: World) -> None:
    door, chance = Door(world), random.Random(13)
    words = [secret for secret in world.secrets if secret.act]
    found = 0
    for actor in world.actors.values():
        if not has_seat(actor):
            continue
        for secret in chance.sample(words, SEARCHES):
            one = world.disagreements[secret.disagreement]
            got = door.asks(actor, "POST", "/search", {"query": secret.text})
            there = one.reference in got.body.decode() or one.reference in got.to
            assert not there or may_read(actor, secret, world.disagreements), (actor.name, secret)
            found += there
    assert found > 20


def test_a_planted_leak_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scrutineer, line_manager = world.actors["alder-partnership-scrutineer"], world.actors["alder-school-first-line"]
    assert not crawl(world, scrutineer, line_manager, follow=False).leaks
    monkeypatch.setattr(access, "may_read", lambda *of_anything: True)
    leaks = crawl(world, scrutineer, line_manager, follow=False).leaks
    assert any(leak.startswith(scrutineer.name) for leak in leaks)
    assert any("own agency" in leak and leak.startswith(line_manager.name) for leak in leaks)


# --- beside the pages ------------------------------------------------------------------------------------------------


def test_error_pages_say_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every error there is, provoked by somebody in the middle of typing."""
    door = Door(world)
    actor = world.actors["alder-school-practitioner"]
    one = world.disagreements["alder: raised"]
    address = f"/d/{one.reference}/write"
    client = door.client(actor)
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies = client.cookies
    secret = next(s.text for s in world.secrets if s.disagreement == one.name and s.what == "draft")

    answers = {403: strict.post(address, {"words": secret}), 404: client.post("/d/none/write", {"words": secret})}
    answers[405] = client.put(address, secret, content_type="text/plain")
    answers[400] = client.post(address, {f"field{n}": secret for n in range(2_000)})
    monkeypatch.setattr(pages, "disagreement_page", _breaks(secret))
    answers[500] = client.get(f"/d/{one.reference}")
    for status, answer in answers.items():
        assert answer.status_code == status
        assert not MARKER.search(answer.content.decode()), status
        assert not MARKER.search(str(dict(answer.items()))), status


def _breaks(secret: str) -> object:
    def breaks(*of_anything: object) -> object:
        held = f"what stood in a variable: {secret}"
        raise LookupError(len(held))

    return breaks


def test_whoever_is_told_of_a_disagreement_can_open_it(
    world: World, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    """A message says that there is something: it goes to nobody for whom there is nothing."""
    settings.DEFAULT_FROM_EMAIL = "commonground@partnership.example"
    with undone():
        _send_everything(world)
    people: defaultdict[str, list[Actor]] = defaultdict(list)
    for actor in world.actors.values():
        people[actor.person].append(actor)
    by_mail = {s.text: s.writer for s in world.secrets if s.what == "mail address"}
    by_reference = {one.reference: one for one in world.disagreements.values()}
    told = 0
    for letter in mailoutbox:
        person = by_mail[letter.to[0].partition("@")[0]]
        found = re.search(r"[A-Z]{4}-[A-Z0-9]{6}", str(letter.subject))
        assert found
        if person in people:
            told += 1
            one = by_reference[found[0]]
            assert any(sight(actor, one) is not Sight.NOTHING for actor in people[person]), (person, one.name)
    assert told > 40


def test_what_leaves_the_service_and_what_it_keeps_beside_the_words_has_no_marker(
    world: World, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.DEFAULT_FROM_EMAIL = "commonground@partnership.example"
    door = Door(world)
    sender = world.actors["alder-school-practitioner"]
    with undone():
        # As the forms do it, so that sessions and messages hold whatever they would hold.
        page = door.client(sender).get(f"/d/{world.disagreements['alder: raised'].reference}/write")
        assert page.status_code == 200
        sent = _send_everything(world)
        assert len(sent) > 40
        assert not [one for one in sent if MARKER.search(repr(one))]
        assert len(mailoutbox) > 40
        for letter in mailoutbox:
            assert not MARKER.search(f"{letter.subject} {letter.body} {letter.extra_headers}")
        for session in Session.objects.all():
            kept = json.dumps(SessionStore().decode(session.session_data))
            assert not MARKER.search(kept)
        for table, where in _columns():
            assert where in WORDS_STAND_IN or not _has_marker(table, where[1]), where


def _send_everything(world: World) -> list[Message]:
    """Send every message that waits, as the worker does, at the moment when the last may go."""
    last = max(row.send_at for row in MessageRow.objects.all())
    area = {world.ids[one.name]: one.partnership for one in world.disagreements.values()}
    sent: list[Message] = []

    def deliver(message: Message) -> None:
        sent.append(message)
        mail.deliver(message, area[message.disagreement], last)

    messages.send_due(last, deliver)
    return sent


WORDS_STAND_IN = frozenset(
    {
        ("words", "text"),
        ("search", "terms"),
        ("people", "full_name"),
        ("people", "known_as"),
        ("people", "email"),
        ("accounts", "email"),
        ("people", "telephone"),
        ("openings", "reason"),
        ("drafts", "values"),
    }
)
"""Every column that may hold what somebody typed, or who somebody is."""


def _columns() -> Iterator[tuple[str, tuple[str, str]]]:
    for model in apps.get_models():
        for one in model._meta.concrete_fields:
            yield model._meta.db_table, (model._meta.db_table, str(one.column))


def _has_marker(table: str, column: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{table}"')  # noqa: S608 - the tables' own names
        values = [row[0] for row in cursor.fetchall()]
    texts = (
        bytes(one).decode("utf-8", "replace") if isinstance(one, bytes | memoryview) else str(one) for one in values
    )
    return any(MARKER.search(text) for text in texts)


def test_no_log_line_has_a_marker(world: World) -> None:
    """All loggers, at DEBUG, from the founding of the partnerships to every page of a crawl, errors included."""
    with all_logged() as lines, undone():
        crawl(world, *(world.actors[name] for name in ("alder-school-practitioner", "birch-health-practitioner")))
        with pytest.MonkeyPatch.context() as patch:
            test_error_pages_say_nothing(world, patch)
        sweep(clock.now() + timedelta(days=30))
    assert len(lines) > 100
    assert not [line for line in lines if MARKER.search(line)]
    assert not [line for line in world.logged if MARKER.search(line)]
