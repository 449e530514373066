"""A small partnership behind the one door, and another process at it that a test can kill."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import connection

from commonground.core.acts import (
    About,
    Act,
    Answer,
    Ask,
    Audience,
    Entered,
    LimitMissed,
    Medium,
    Raise,
    Reply,
    Talk,
)
from commonground.core.decide import Accepted, Refused
from commonground.core.standing import standing
from commonground.core.time import LONDON
from commonground.outbox import messages
from commonground.people.access import Scope, scopes_of
from commonground.people.models import Agency, Holding, Membership, Partnership, Person, Post
from commonground.record import store
from commonground.record.models import StandingRow
from commonground.record.words import typed
from commonground.usecases.adopt import adopt
from commonground.usecases.handle import Asking, Raised, handle, raise_disagreement
from commonground.usecases.looking import look_outside
from commonground.usecases.sweep import sweep
from tests import databases

PROCEDURE = "krscp"
PARTNERSHIP = "fenwater"
AGENCIES = {
    "office": ("partnership", ("office", "partnership")),
    "care": ("social-care", ("practitioner", "first-line", "senior", "head")),
    "school": ("school", ("practitioner", "first-line", "senior", "head")),
    "clinic": ("health", ("practitioner",)),
}
SINCE = date(2020, 1, 1)


def at(text: str) -> datetime:
    """Give a moment in London, written `2026-03-02 10:00`, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


BEGINS = at("2026-03-02 10:00")
"""A Monday without a bank holiday for five weeks after it. A stage of this procedure is open for one working week."""


def found() -> str:
    """Found the partnership, with somebody in every post, and give the digest of what it runs."""
    Partnership.objects.create(
        key=PARTNERSHIP, name="Fenwater", nation="england-and-wales", reference_prefix=PARTNERSHIP[:2].upper()
    )
    for key, (kind, posts) in AGENCIES.items():
        agency = Agency.objects.create(key=key, name=key, kind=kind)
        Membership.objects.create(partnership_id=PARTNERSHIP, agency=agency)
        for post in posts:
            person = Person.objects.create(key=f"{key}-{post}", full_name=f"{post} at {key}")
            Holding.objects.create(
                post=Post.objects.create(agency=agency, post=post), person=person, deputy=0, from_on=SINCE
            )
    return adopt(PARTNERSHIP, PROCEDURE, SINCE).digest


def who(agency: str, post: str = "practitioner") -> Scope:
    """Give the scope of whoever holds a post."""
    return scopes_of(f"{agency}-{post}", date(2026, 3, 2))[0]


def looking(agency: str, post: str, disagreement: UUID, when: datetime | None = None) -> Scope:
    """Give the scope of somebody with no part in it who looks for a reason."""
    return look_outside(
        [who(agency, post)], StandingRow.objects.get(disagreement=disagreement).reference, "To help.", when
    )[0]


def asking(ask: Ask, text: str = "", by: str = "school", id_: UUID | None = None) -> Asking:
    """Give what is asked, with words if there is a text."""
    words = (typed("words", text, Audience.PARTIES, by),) if text else ()
    return Asking(ask, words, id=id_)


def raised(digest: str, when: datetime = BEGINS, id_: UUID | None = None, against: str = "care") -> Raised:
    """Raise a disagreement by the school."""
    ask = Raise("referral-threshold", About.CHILD, ("school",), (against,))
    return raise_disagreement(who("school"), digest, asking(ask, "We do not agree.", id_=id_), at=when)


def talk(disagreement: UUID, text: str = "We talked.", id_: UUID | None = None, **when: Any) -> Accepted | Refused:
    """Have the school record a talk: always accepted."""
    return handle(who("school"), disagreement, asking(Talk(Medium.TELEPHONE), text, id_=id_), **when)


def acts(disagreement: UUID) -> tuple[Act, ...]:
    """Give the acts, each checked against its bytes."""
    return store.read(disagreement)


def kinds(disagreement: UUID) -> list[str]:
    """Give what each act was, in order."""
    return [type(act.ask).__name__ for act in acts(disagreement)]


def silences(disagreement: UUID) -> list[str]:
    """Give every limit whose silence was recorded, in order, with the stage it belonged to."""
    found: list[str] = []
    stage = ""
    for act in acts(disagreement):
        for effect in act.effects:
            if isinstance(effect, LimitMissed):
                found.append(f"{stage}: {effect.key}")
            if isinstance(effect, Entered):
                stage = effect.stage
    return found


def stage_of(disagreement: UUID) -> str:
    """Give the stage that the standing row names, which has to be what the acts add up to."""
    row = store.standing_row(disagreement)
    assert row is not None
    now = standing(acts(disagreement))
    assert (row.stage, row.position, row.phase) == (now.stage, now.position, now.phase)
    return row.stage


def replied(disagreement: UUID, answer: Answer = Answer.DISAGREE, **when: Any) -> Accepted | Refused:
    """Have social care reply."""
    return handle(who("care"), disagreement, asking(Reply(answer), "No.", "care"), **when)


# --- In another process -----------------------------------------------------------------------------------------------

# Models can be imported only once Django is set up.
IN_ANOTHER_PROCESS = "import django; django.setup(); from tests.storage.doors import main; main()"


def start(*command: str) -> subprocess.Popen[str]:
    """Start another process on this test's database. It says "ready", and then what its command says."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        address = f"sqlite:///{name}"
    else:
        address = urlsplit(databases.address())._replace(path=f"/{name}").geturl()
    process = subprocess.Popen(
        [sys.executable, "-c", IN_ANOTHER_PROCESS, *command],
        env={
            **os.environ,
            databases.ADDRESS: address,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONPATH": "src:.",
            "COMMONGROUND_LOG_LEVEL": "CRITICAL",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def say(line: str) -> None:
    """Tell the test that started this process."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def talk_without_end(disagreement: UUID) -> None:
    """Record talks for ever, saying how many acts there are each time that was acknowledged."""
    while True:
        answer = talk(disagreement)
        assert isinstance(answer, Accepted)
        say(str(answer.standing.position))


def wait_in_the_middle() -> None:
    """Make the last step of every act, queueing its messages, say "half" and wait to be killed."""

    def queue(*_: Any, **__: Any) -> None:
        say("half")
        sys.stdin.readline()

    setattr(messages, "queue", queue)  # noqa: B010 - in place of it


def sweep_slowly(now: str) -> None:
    """Do what is due by `now`, saying each disagreement that is done, and waiting to be told to go on."""
    whole = messages.queue

    def queue(*about: Any) -> None:
        whole(*about)
        say(str(about[0]))
        sys.stdin.readline()

    setattr(messages, "queue", queue)  # noqa: B010 - in place of it
    sweep(at=datetime.fromisoformat(now))
    say("done")


def main() -> None:
    """Do as the command line says."""
    say("ready")
    match sys.argv[1:]:
        case ["talk without end", disagreement]:
            talk_without_end(UUID(disagreement))
        case ["talk and wait", disagreement]:
            wait_in_the_middle()
            talk(UUID(disagreement))
        case ["sweep and wait", now]:
            wait_in_the_middle()
            sweep(at=datetime.fromisoformat(now))
        case ["sweep slowly", now]:
            sweep_slowly(now)
