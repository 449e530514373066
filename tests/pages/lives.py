"""Disagreements in every state that a form may be open in, made through the one door, out of the procedures' data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from commonground.core.acts import Action, Confirm, GoUp, Note, PostRef, Propose, Withdraw
from commonground.core.procedure import OFFICE, Key
from commonground.language.library import shipped
from commonground.usecases import clock, reading
from commonground.usecases.directory import directory_of
from commonground.usecases.sweep import sweep
from commonground.web.offers import Offer, Slug, offers
from tests.partnership import Small, small

INVENTED = Path(__file__).parents[1] / "procedures" / "invented"


@dataclass(frozen=True)
class Found:
    """A disagreement, and a post that a form is open to in it."""

    partnership: Small
    disagreement: UUID
    reference: str
    post: PostRef
    offer: Offer


def where_open(slug: Slug) -> Found:
    """This will make a disagreement in which a form is open to somebody: the first there is, in all procedures.

    No shipped procedure knows longer times or ratings, so those that were invented for that are looked through first
    for them.
    """
    for number, procedure in enumerate(_procedures(slug)):
        partnership = small(f"{'abcdefgh'[number]}shire", procedure)
        for disagreement, reference in _states(partnership):
            for post in _people(partnership, disagreement):
                offer = offers_to(partnership, disagreement, post).get(slug)
                if offer is not None and offer.asks:
                    return Found(partnership, disagreement, reference, post, offer)
    raise LookupError(slug)


def _procedures(slug: Slug) -> Iterator[Key | Path]:
    if slug in ("urgency", "longer-time"):
        yield from (path for path in sorted(INVENTED.glob("*.yaml")) if "ratings:" in path.read_text("utf-8"))
    yield from sorted(shipped())


def offers_to(partnership: Small, disagreement: UUID, post: PostRef) -> dict[Slug, Offer]:
    """This will give every form there is for a post, open or not."""
    seen = reading.read(partnership.scope(post), disagreement)
    return offers(seen, directory_of(partnership.key).names(partnership.procedure))


def _people(partnership: Small, disagreement: UUID) -> Iterator[PostRef]:
    """Who is asked: who raised it, both sides' owners and whoever decides, the office."""
    yield partnership.post("school")
    entered = partnership.standing(disagreement).entered
    if entered is not None:
        yield from (one.post for one in (entered.responding, entered.challenging, entered.body) if one is not None)
    yield partnership.post("partnership", OFFICE)


def _states(partnership: Small) -> Iterator[tuple[UUID, str]]:
    """Raised; at every stage of each way up, decided there where somebody decides; put forward, late, ended, open."""
    school = partnership.post("school")
    at = clock.now() - timedelta(minutes=30)
    yield partnership.raised(at, against=None)
    yield from _settled(partnership, withdrawn=False)
    yield from _settled(partnership, withdrawn=True)
    for matter in partnership.procedure.matters:
        disagreement, reference = partnership.raised(at, matter=matter.key)
        for _ in range(6):
            yield disagreement, reference
            body = partnership.standing(disagreement).entered
            decider = body.body.post if body and body.body else None
            if decider is not None and (offer := offers_to(partnership, disagreement, decider).get("decide")):
                for ask in offer.asks[:1]:
                    partnership.does(disagreement, decider, ask, clock.now(), reasons="Because.", differing_views="No.")
                    yield disagreement, reference
            partnership.does(disagreement, school, GoUp(), clock.now())


def _settled(partnership: Small, *, withdrawn: bool) -> Iterator[tuple[UUID, str]]:
    school, at = partnership.post("school"), clock.now() - timedelta(minutes=20)
    disagreement, reference = partnership.raised(at)
    if withdrawn:
        partnership.does(disagreement, school, Withdraw(), at, reasons="It is settled.")
        yield disagreement, reference
        return
    owner = partnership.owner(disagreement)
    route, stage = partnership.standing(disagreement).visited[-1].split("/")
    for ending in partnership.procedure.stage(route, stage).endings[:1]:
        for post in (school, owner):
            partnership.does(disagreement, post, Note(approved=True, filed=True), at, note="What was said.")
        action = Action("1-of-act-4", owner, clock.today() + timedelta(days=20))
        partnership.does(disagreement, owner, Propose(ending, (action,), open_issues=False), at, outcome="A visit.")
        yield disagreement, reference
        partnership.does(disagreement, school, Confirm(), at)
        yield disagreement, reference
    late, reference = partnership.raised(at)
    owner = partnership.owner(late)
    for ending in partnership.procedure.stage(route, stage).endings[:1]:
        partnership.does(late, owner, Propose(ending, (), open_issues=False), at, outcome="A visit.")
        waits = partnership.standing(late).waits
        if waits is not None and waits.due is not None:
            sweep(at=waits.due.at + timedelta(seconds=1))
        yield late, reference
