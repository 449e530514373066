"""What a disagreement has to do with others: who is still to be reached, another area, what it belongs to."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from commonground.core.setting import reaching
from commonground.core.standing import Phase
from commonground.core.telling import LIVES_IN, MOVES_TO
from commonground.usecases.areas import RAISED_BY_BOTH, SIBLING
from commonground.usecases.directory import partnerships
from commonground.usecases.guests import may_let_in
from commonground.usecases.meetings import meetings_in
from commonground.usecases.reading import Reading
from commonground.web import components as c
from commonground.wording import moment


def elsewhere(reading: Reading) -> Iterator[tuple[str, str, tuple[c.Link, ...]]]:
    """This will yield a name, a value and links for everything that concerns others. Nothing for most."""
    here = reading.standing
    if _reaching(reading):
        due = here.waits.due if here.waits is not None else None
        by = f", by {moment(due.at)}" if due is not None else ""
        yield "Reaching the other side", f"The partnership’s office does this{by}. Nobody has to wait for it.", ()
    facts = dict(here.opened.facts) if here.opened is not None else {}
    for fact, said in ((LIVES_IN, "The child lives in"), (MOVES_TO, "The child is moving to")):
        if fact in facts:
            area = dict(partnerships()).get(facts[fact], "another area")
            yield "Another area", f"{said} {area}. The partnership’s office tells the office there.", ()
    if facts.get(SIBLING) == "yes":
        yield "Brother or sister", "A brother or sister has another worker.", ()
    if facts.get(RAISED_BY_BOTH) == "yes":
        yield "Raised by both", "The other side has raised this too.", ()
    if meetings := meetings_in(reading):
        page = reverse("meetings", args=[reading.reference])
        yield "Meetings", "", (c.Link("1 meeting" if len(meetings) == 1 else f"{len(meetings)} meetings", page),)
    if reading.linked:
        found = sorted(reading.linked.values())
        yield "Linked to", "", tuple(c.Link(one, reverse("disagreement", args=[one])) for one in found)


def ways(reading: Reading) -> Iterator[c.Link]:
    """This will yield what else may be done: bring in somebody from outside, link it to another disagreement."""
    if not may_let_in(reading.scope, reading.relation):
        return
    if reading.scope.office and _reaching(reading):
        yield c.Link("Reach the other agency", reverse("reach", args=[reading.reference]))
    yield c.Link("Let somebody in by a link", reverse("guest-links", args=[reading.reference]))
    yield c.Link("Link it to another disagreement", reverse("link", args=[reading.reference]))


def _reaching(reading: Reading) -> bool:
    return reading.standing.phase is Phase.OPEN and reaching(reading.setting, reading.standing)
