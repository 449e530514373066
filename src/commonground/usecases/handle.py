"""The one door for change: web, console, worker and import all ask here.

request -> command -> `decide` -> act -> record, standing row, parties and outbox, in one transaction. Where somebody
acted first, the command is tried again on what then stands. The same command sent twice is one act, answered twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from commonground import fence
from commonground.core.acts import Act, Ask, Asked, Command, Entered, How, Joined, Opened, Raise
from commonground.core.attached import FILE
from commonground.core.chain import genesis
from commonground.core.decide import Accepted, Refused, decide
from commonground.core.setting import Setting
from commonground.core.standing import NOTHING, Standing, standing
from commonground.core.telling import tell
from commonground.core.time import LONDON
from commonground.files.taking import taken
from commonground.outbox import messages
from commonground.people import access
from commonground.people.access import Scope
from commonground.people.directory import directory_of
from commonground.record import search, store
from commonground.record.codec import text_of_shown
from commonground.record.words import Words
from commonground.sql import together
from commonground.usecases import clock
from commonground.usecases.parts import ended_by, parts_of
from commonground.usecases.situation import setting_in, with_reached_here

TRIES = 8
"""How often somebody who was overtaken is tried again. Each try lost means that somebody else's act landed."""

ALPHABET = "23456789CFGHJMPQRVWX"
"""Letters and figures that are not mistaken for one another on the telephone, and spell no word."""


class NotThere(LookupError):
    """No such disagreement, or none that this scope reaches: the two look the same."""


class Overtaken(RuntimeError):
    """Others acted first, again and again. Nothing was lost: the words are still with the person."""


@dataclass(frozen=True)
class Asking:
    """What somebody asks, before it meets a standing: the ask, its words, when it happened, an id for sending twice."""

    ask: Ask
    words: Sequence[Words] = ()
    happened_at: datetime | None = None
    id: UUID | None = None


@dataclass(frozen=True)
class Raised:
    disagreement: UUID
    reference: str
    answer: Accepted


@fence.entered
def handle(scope: Scope, disagreement: UUID, asking: Asking, at: datetime | None = None) -> Accepted | Refused:
    """This will answer what somebody asks of a disagreement, and make it so where it is accepted.

    When it returns `Accepted` the act is durable. Raises NotThere for what the scope does not reach, and files.taking's
    Gone where a file that was to go with it is not waiting any more.
    """
    id_ = asking.id or uuid4()
    last: Exception | None = None
    for _ in range(TRIES):
        try:
            with transaction.atomic(durable=True):
                return _answer(scope, disagreement, asking, id_, at or clock.now())
        except store.Moved as clash:
            last = clash  # somebody was first: read again, decide again
    raise Overtaken(str(disagreement)) from last


def _answer(scope: Scope, disagreement: UUID, asking: Asking, id_: UUID, at: datetime) -> Accepted | Refused:
    with together():
        store.hold(disagreement)
        reach = access.reach(scope, disagreement, at)
    latest = store.latest(disagreement) if reach.relation is not None else None
    if latest is None or latest.partnership != scope.partnership:
        raise NotThere
    before = latest.standing
    if str(id_) in latest.commands:
        return Accepted(next(act for act in store.read(disagreement) if act.id == id_), before)
    setting = setting_in(directory_of(scope.partnership, _on(at), reach.directory), latest.procedure_digest)
    setting = with_reached_here(setting, disagreement, before, at)
    at = max(at, before.recorded_at or at)  # a clock that was set back does not make an act older than the last
    answer = decide(setting, before, _command(scope, asking, id_, at))
    if isinstance(answer, Accepted):
        wrote = _Place(disagreement, latest.reference, before, latest.digest)
        _write(scope, setting, wrote, answer, asking.words)
    return answer


@fence.entered
def raise_disagreement(scope: Scope, digest: str, asking: Asking, at: datetime | None = None) -> Raised:
    """This will raise a disagreement in the scope's partnership, under the procedure with this digest.

    `asking.ask` is a Raise. With `asking.id` given, raising the same twice gives the first again. Never refused.
    """
    id_ = asking.id or uuid4()
    last: Exception | None = None
    for _ in range(TRIES):
        # Before the transaction: nothing stands yet that could change it, and SQLite has one write lock for everybody.
        beginning = _begin(scope, digest, asking, id_, at or clock.now())
        try:
            with transaction.atomic(durable=True):
                if asking.id is not None and (raised := _raised_before(scope, id_)) is not None:
                    return raised
                place = _Place(id_, beginning.reference, NOTHING, genesis(id_))
                _write(scope, beginning.setting, place, beginning.answer, asking.words)
                return Raised(id_, beginning.reference, beginning.answer)
        except store.Moved as clash:
            # Sent twice at the same moment, or a reference that is taken already: once more, with another.
            last = clash
    raise Overtaken(str(id_)) from last


@dataclass(frozen=True)
class _Beginning:
    """What is to be written of a disagreement that is being raised."""

    setting: Setting
    reference: str
    answer: Accepted


def _begin(scope: Scope, digest: str, asking: Asking, id_: UUID, at: datetime) -> _Beginning:
    if not isinstance(asking.ask, Raise):
        raise TypeError("a disagreement begins by being raised")
    directory = directory_of(scope.partnership, _on(at))
    setting = setting_in(directory, digest)
    reference = new_reference(directory.prefix)
    ask = replace(asking.ask, partnership=scope.partnership, reference=reference)
    answer = decide(setting, NOTHING, _command(scope, asking, id_, at, ask))
    if not isinstance(answer, Accepted):
        raise AssertionError(f"to raise was refused: {answer.reasons}")  # promise 1: never
    return _Beginning(setting, reference, answer)


def _raised_before(scope: Scope, id_: UUID) -> Raised | None:
    store.hold(id_)  # sent twice at once: the second waits, and finds the first
    known = store.place_of(id_)
    if known is None:
        return None
    if known.partnership != scope.partnership or access.relation(scope, id_) is None:
        raise NotThere
    acts = store.read(id_)
    return Raised(id_, known.reference, Accepted(acts[0], standing(acts)))


def _on(at: datetime) -> date:
    """Give the day that it is here at a moment: who is in which post is a matter of days."""
    return at.astimezone(LONDON).date()


def _command(scope: Scope, asking: Asking, id_: UUID, at: datetime, ask: Ask | None = None) -> Command:
    said = tuple(piece.said for piece in asking.words)
    return Command(id_, scope.actor, ask or asking.ask, at, asking.happened_at, said)


@dataclass(frozen=True)
class _Place:
    """Where an act is written: after `before`, whose last act has the digest `last`."""

    disagreement: UUID
    reference: str
    before: Standing
    last: bytes


def _write(scope: Scope, setting: Setting, place: _Place, answer: Accepted, words: Sequence[Words]) -> None:
    disagreement, reference, before = place.disagreement, place.reference, place.before
    act, now = answer.act, answer.standing
    parties, notices = parties_of(setting, before, act), tell(setting, before, now, act)
    parts = parts_of(setting, before, now, act, notices)
    try:
        taken([piece.key for piece in words if piece.field == FILE])
        with together():
            digest = store.append(disagreement, before.position, act, words, follows=place.last)
            search.keep(scope.partnership, disagreement, now.position, words, act.recorded_at)
            store.put_standing(columns(scope.partnership, disagreement, reference, now, digest))
            access.join(scope, disagreement, parties, act.recorded_at)
            access.end_parts(scope, disagreement, ended_by(act), act.recorded_at)
            access.take_part(scope, disagreement, parts, act.recorded_at)
            messages.queue(disagreement, reference, now.position, notices, setting.calendar, act.recorded_at)
    except IntegrityError as clash:
        # A table turned it away: somebody acted first, or has the reference. Not the lock, the tables keep the order.
        raise store.Moved(now.position) from clash


def parties_of(setting: Setting, before: Standing, act: Act) -> list[tuple[str, str]]:
    """Every agency that an act gives a part in the disagreement that it had not before, with its side ("" for none)."""
    found: list[tuple[str, str]] = []
    for effect in act.effects:
        match effect:
            case Opened():
                found += [(agency, "challenging") for agency in effect.challenging]
                found += [(agency, "responding") for agency in effect.responding if agency not in effect.challenging]
            case Joined():
                found.append((effect.agency, effect.side.value if effect.side else ""))
            case Entered():
                owners = (effect.challenging, effect.responding, effect.body)
                found += [(owner.post.agency, "") for owner in owners if owner is not None]
            case Asked(post=post):
                found.append((post.agency, ""))
            case _:
                pass  # nothing else brings anybody in
    best: dict[str, str] = {}
    for agency, side in found:
        best[agency] = best.get(agency) or side
    had = {"": {*before.challenging, *before.responding, *before.others}}
    had |= {"challenging": set(before.challenging), "responding": set(before.responding)}
    return [(agency, side) for agency, side in best.items() if agency in setting.agencies and agency not in had[side]]


def columns(
    partnership: str, disagreement: UUID, reference: str, now: Standing, digest: bytes
) -> store.StandingColumns:
    """The standing row of a disagreement: what lists and the worker find it by, and what a list shows."""
    waits = now.waits
    owner = waits.owner.post if waits and waits.owner else None
    opened = now.opened
    return store.StandingColumns(
        disagreement=disagreement,
        partnership=partnership,
        reference=reference,
        procedure=opened.procedure if opened else "",
        procedure_digest=opened.digest if opened else "",
        position=now.position,
        position_digest=digest,
        phase=now.phase,
        route=now.route,
        stage=now.stage,
        owner_agency=owner.agency if owner else None,
        owner_post=owner.post if owner else None,
        what=waits.what if waits else None,
        next_event=waits.event if waits else None,
        next_due_at=waits.due.at if waits and waits.due else None,
        shown=text_of_shown(now),
        changed_at=now.recorded_at,
        ended_at=now.ended.at if now.ended else None,
        urgent=now.entered is not None and now.entered.how is How.URGENT,
    )


def new_reference(prefix: str) -> str:
    """This will make a reference that says nothing of anybody: the partnership's letters, six random characters."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(6))
