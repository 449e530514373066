"""What the service takes over HTTP at once: the last press of a raise, and a list page, by eight connections.

`python bench/raise_bench.py` prints the figures on SQLite and PostgreSQL. The service runs as it does in use, in
processes of its own; eight connections press "Send" at the same time, each time as another person whose answers are
all there. Beside them, in turn, an empty view of the same server: every figure is a share of its rate. Each raise is
durable before it is answered.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from statistics import median
from typing import Any, NamedTuple

from service import ROOT, on_both, set_up

CONNECTIONS = 8
ROUNDS = 5
RAISES = 40
"""In each round, over all connections."""
PAGES = 400
LIMITS = {"raises": 1 / 20, "list": 1 / 15}
"""At least: the rate, as a share of an empty view's."""


class Sender(NamedTuple):
    """Somebody whose answers are all there: the cookies they bring, and what their last press sends."""

    cookies: str
    body: str


def _people(count: int) -> tuple[list[Sender], str]:
    """Make so many people who have answered every question of a raise; and the cookies of one who has a list."""
    from datetime import date
    from html import unescape
    from re import search
    from urllib.parse import urlencode

    from django.test import Client

    from commonground.people.models import Holding, Person, Post
    from commonground.web import drafts
    from tests.pages.filling import filled
    from tests.partnership import small

    partnership = small("bench")
    school = partnership.post("school")
    post = Post.objects.get(agency_id=school.agency, post=school.post)
    for number in range(count + 1):
        person = Person.objects.create(key=f"teacher-{number}", full_name=f"Teacher {number}")
        Holding.objects.create(post=post, person=person, from_on=date(2020, 1, 1))

    def sits_down(number: int) -> Client:
        client = Client(HTTP_HOST="localhost")
        seat = f"teacher-{number} {school.agency} {school.post}"
        if client.post("/choose/bench", {"seat": seat}).status_code != 302:
            raise RuntimeError("nobody sits down")
        return client

    def cookies(client: Client) -> str:
        return "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())

    first = sits_down(0)
    address = "/raise"
    for _ in range(20):
        page = first.get(address)
        if "/raise/check" in address:
            break
        form = "csrfmiddlewaretoken"
        answers = filled(page.content, form=form)
        answers |= {"danger": "no"} if "danger" in answers else {}
        answers |= {"against": partnership.agency("social-care")} if "against" in answers else {}
        answers = {name: value for name, value in answers.items() if name not in ("elsewhere", "linked", "area")}
        went = first.post(address, answers)
        if went.status_code != 302:
            raise RuntimeError(f"{address} does not go on: {went.content.decode()[:4000]}")
        address = went.headers["Location"]
    kept = drafts.kept_below("teacher-0", "raise").by_place
    senders = []
    for number in range(1, count + 1):
        client = sits_down(number)
        for place, draft in kept.items():
            drafts.keep(f"teacher-{number}", place, draft.values)
        page = client.get("/raise/check").content.decode()
        found = {name: search(f'name="{name}" value="([^"]*)"', page) for name in HIDDEN}
        sent = {name: unescape(one[1]) for name, one in found.items() if one}
        senders.append(Sender(cookies(client), urlencode(sent)))
    return senders, cookies(sits_down(0))


HIDDEN = ("csrfmiddlewaretoken", "command", "seen")


class Served:
    """The service in processes of its own, for as long as it is asked."""

    def __enter__(self) -> int:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        command = [sys.executable, "-m", "commonground.operations", "serve", "--port", str(port), "--processes", "2"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return port
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the service does not answer")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(60)


def _figures(port: int, senders: list[Sender], reader: str) -> dict[str, float]:
    def empty(connection: HTTPConnection, _: Any) -> int:
        return _asks(connection, "GET", "/empty", {})

    def listed(connection: HTTPConnection, _: Any) -> int:
        return _asks(connection, "GET", "/list?show=waiting", {"Cookie": reader})

    def raises(connection: HTTPConnection, sender: Sender) -> int:
        headers = {"Cookie": sender.cookies, "Content-Type": "application/x-www-form-urlencoded"}
        return _asks(connection, "POST", "/raise/check", headers, sender.body)

    rates: dict[str, list[float]] = {"empty": [], "list": [], "raises": []}
    _rate(port, empty, range(PAGES), 200)  # the first round warms everything
    first, senders = senders[: 2 * RAISES], senders[2 * RAISES :]
    _rate(port, raises, first, 302)  # and fills the list: a whole page of it is asked for
    _rate(port, listed, range(CONNECTIONS * 4), 200)
    for number in range(ROUNDS):
        rates["empty"].append(_rate(port, empty, range(PAGES), 200))
        rates["list"].append(_rate(port, listed, range(PAGES), 200))
        mine = senders[number * RAISES : (number + 1) * RAISES]
        rates["raises"].append(_rate(port, raises, mine, 302))
    empty_rate = median(rates["empty"])
    figures = {f"{name}, a second": median(several) for name, several in rates.items()}
    for name in LIMITS:
        figures[f"{name}, share of an empty view"] = median(rates[name]) / empty_rate
    return figures


def _asks(connection: HTTPConnection, method: str, address: str, headers: dict[str, str], body: str = "") -> int:
    connection.request(method, address, body or None, {"Host": "localhost", **headers})
    answer = connection.getresponse()
    answer.read()
    if method == "POST" and "/sent/" not in (answer.headers["Location"] or ""):
        raise RuntimeError(f"not raised: {answer.status} {answer.headers['Location']}")
    return answer.status


def _rate(port: int, job: Callable[[HTTPConnection, Any], int], over: Iterable[Any], status: int) -> float:
    """Give how many a second, by all connections at once."""
    todo = list(over)

    def one_connection(number: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        for each in todo[number::CONNECTIONS]:
            if (got := job(connection, each)) != status:
                raise RuntimeError(f"answered {got}")
        connection.close()

    started = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(one_connection, range(CONNECTIONS)))
    return len(todo) / (time.perf_counter() - started)


def measured(database: str) -> int:
    """This will print the figures on `sqlite` or `postgresql`, and give 1 where a limit is not kept."""
    with set_up(database, collected=True):
        senders, reader = _people((ROUNDS + 2) * RAISES)
        with Served() as port:
            figures = _figures(port, senders, reader)
    kept = True
    for name, figure in figures.items():
        limit = LIMITS.get(name.partition(",")[0]) if "share" in name else None
        kept = kept and (limit is None or figure >= limit)
        said = "" if limit is None else f"  (at least {limit:.3f}{'' if figure >= limit else ': NOT KEPT'})"
        print(f"{database:11} {name:34} {figure:10.3f}{said}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(on_both(__file__, measured))
