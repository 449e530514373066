"""Who may see what, said a second time, in plain rules written from the promises and not from the code.

Promise 9: deny by default; relation decides, not rank. Nothing of the product is imported here (a test sees to that).
What there is to know (who sits where, who was brought into what) is written by hand in world.py.

A post is written "agency/post", for example "alder-school/first-line".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What somebody is, as their agency would say it."""

    PRACTITIONER = "practitioner"
    LINE_MANAGER = "line manager"
    SENIOR_MANAGER = "senior manager"
    SAFEGUARDING_LEAD = "safeguarding lead"
    CONFERENCE_CHAIR = "conference chair"
    PARTNERSHIP_MANAGER = "partnership manager"
    SCRUTINEER = "scrutineer"
    PANEL_MEMBER = "panel member"
    GUEST = "invited guest"
    AGENCY_ADMINISTRATOR = "agency administrator"
    PARTNERSHIP_ADMINISTRATOR = "partnership administrator"
    SYSTEM_ADMINISTRATOR = "system administrator"
    AUDITOR = "auditor without a seat"
    ANONYMOUS = "anonymous"


class Sight(StrEnum):
    """How much of one disagreement somebody sees."""

    NOTHING = "nothing: it is not there"
    DATES = "dates and posts, no words"
    THEN = "what was there while they had a part"
    NOW = "all of it, with the words that are for them"


@dataclass(frozen=True)
class Seat:
    """Somebody sits in a post, or serves for it while those in it are away."""

    post: str
    deputy: bool = False
    serves_for: str | None = None
    """Not in the post, and serving for it: "*" for all of it, or for what is one person's alone."""


@dataclass(frozen=True)
class Actor:
    """Somebody who asks for pages, with everything that decides what they are shown."""

    name: str
    role: Role
    person: str = ""
    partnership: str = ""
    seats: tuple[Seat, ...] = ()
    """All of them in this partnership; the first is the one they chose."""
    leads: str = ""
    """The agency whose designated, named or lead safeguarding professional they are."""
    office: bool = False
    scrutineer: bool = False
    guest_of: str = ""
    administers: str = ""
    """An agency, a partnership, or "*" for the service."""
    second_factor: bool = False
    shut_out: str = "/sign-in"
    """Where whoever has no seat is sent: to sign in, or to where it is said what they lack."""

    @property
    def agencies(self) -> frozenset[str]:
        """The agencies they belong to. To serve for an agency from outside is not to belong to it."""
        return frozenset(seat.post.partition("/")[0] for seat in self.seats if seat.serves_for is None)

    @property
    def seated(self) -> bool:
        """Whether they have any seat of their own today: who only serves for others has one too."""
        return any(seat.serves_for is None for seat in self.seats)


@dataclass
class Part:
    """A post was brought in: its people need to know. `only`: one person in it, and nobody beside them."""

    post: str
    only: str = ""
    ended_with: int | None = None
    """The act that ended it: what came after is not for them."""


@dataclass
class Disagreement:
    """What the oracle has to know of one disagreement."""

    name: str
    state: str
    partnership: str
    reference: str = ""
    sides: frozenset[str] = frozenset()
    """The agencies on either side."""
    parts: list[Part] = field(default_factory=list)
    looking: set[str] = field(default_factory=set)
    """People who gave a reason that still runs."""
    to_be_reached: bool = False
    """The other agency is not known, or is not on the service: the office reaches it."""
    authors: dict[str, str] = field(default_factory=dict)
    """The command of each act, and whose it was."""


def sight(actor: Actor, disagreement: Disagreement) -> Sight:
    """This will say how much of a disagreement somebody sees: the best of what their relations give."""
    if actor.guest_of:
        return Sight.NOW if actor.guest_of == disagreement.name else Sight.NOTHING
    if actor.partnership != disagreement.partnership:
        return Sight.NOTHING
    mine = [part for part in disagreement.parts if any(_is_mine(part, seat, actor) for seat in actor.seats)]
    if any(part.ended_with is None for part in mine):
        return Sight.NOW
    if actor.leads and actor.leads in disagreement.sides:
        return Sight.NOW
    if actor.person in disagreement.looking:
        return Sight.NOW
    if actor.office:
        # The office sees that it is there and how it stands; the words once the procedure brings the office in.
        brought_in = any(
            part.post.partition("/")[0] in actor.agencies and not part.only and part.ended_with is None
            for part in disagreement.parts
        )
        return Sight.NOW if brought_in else Sight.DATES
    if actor.scrutineer:
        return Sight.DATES
    return Sight.THEN if mine else Sight.NOTHING


def _is_mine(part: Part, seat: Seat, actor: Actor) -> bool:
    if part.post != seat.post:
        return False
    if seat.serves_for is not None:
        return seat.serves_for in ("*", part.only) and (seat.serves_for == "*" or bool(part.only))
    return seat.deputy or part.only in ("", actor.person)


def until(actor: Actor, disagreement: Disagreement) -> int | None:
    """This will give the last act that a former party sees; None for everybody else."""
    if sight(actor, disagreement) is not Sight.THEN:
        return None
    mine = (part for part in disagreement.parts if any(_is_mine(part, seat, actor) for seat in actor.seats))
    return max(part.ended_with or 0 for part in mine)


def relation(actor: Actor, disagreement: Disagreement) -> str:
    """This will name why somebody sees as much as they do, or why they see nothing: for the table of what was asked."""
    seen = sight(actor, disagreement)
    mine = [part for part in disagreement.parts if any(_is_mine(part, seat, actor) for seat in actor.seats)]
    match seen:
        case Sight.THEN:
            return "former party"
        case Sight.DATES:
            return "office or scrutineer, dates alone"
        case Sight.NOW:
            if actor.guest_of:
                return "guest of this one"
            if any(part.only == actor.person for part in mine):
                return "raiser"
            if mine:
                own = any(part.post == seat.post and seat.serves_for is None for part in mine for seat in actor.seats)
                return "their post has a part" if own else "serves for a post that has a part"
            if actor.person in disagreement.looking:
                return "looks for a reason"
            return "safeguarding lead of a side" if actor.leads else "office, brought in"
        case Sight.NOTHING:
            if not actor.person:
                return "nobody signed in"
            if actor.partnership != disagreement.partnership:
                return "other partnership" if actor.partnership else "no seat"
            if actor.agencies & disagreement.sides:
                return "same agency, no part"
            return "other agency"


def may_let_in(actor: Actor, disagreement: Disagreement) -> bool:
    """This will say whether somebody may let others in: who has a part in it now, a lead, or the office."""
    if actor.guest_of or actor.partnership != disagreement.partnership:
        return False
    here = [part for part in disagreement.parts if part.ended_with is None]
    mine = any(_is_mine(part, seat, actor) for part in here for seat in actor.seats)
    return mine or actor.office or bool(actor.leads and actor.leads in disagreement.sides)


def looks_after(actor: Actor, *, agency: str = "", partnership: str = "", service: str = "") -> bool:
    """This will say whether somebody looks after a directory: an agency's own, or a whole partnership's.

    Whoever runs the service changes nobody's posts and people, and reads no disagreement.
    """
    if service:
        return actor.administers == "*"
    if agency:
        return agency == actor.administers or actor.administers in areas_of(agency)
    return bool(partnership) and partnership == actor.administers


def areas_of(agency: str) -> frozenset[str]:
    """This will give the partnerships an agency belongs to: that which it is named for, and those beside it."""
    return frozenset({agency.partition("-")[0], *(area for area, more in SHARED.items() if agency in more)})


def may_look(actor: Actor, disagreement: Disagreement) -> bool:
    """This will say whether somebody may look for a reason they type: whoever may know that it is there at all.

    That is the office and the scrutineer of its partnership, and people of an agency on either side.
    """
    if actor.guest_of or actor.partnership != disagreement.partnership:
        return False
    return actor.office or actor.scrutineer or bool(actor.agencies & disagreement.sides)


# --- words -----------------------------------------------------------------------------------------------------------


class For(StrEnum):
    """Whom something that somebody wrote is for."""

    OWN_AGENCY = "own agency"
    PARTIES = "parties"
    PARTNERSHIP = "partnership"
    WRITER = "its writer alone"
    """A draft."""
    THEIR_AREA = "people of the same partnership"
    """A name: somebody has to be able to see who is in a post."""
    ADMINISTRATORS = "whoever looks after that directory, and themselves"
    """How to reach somebody in person."""


@dataclass(frozen=True)
class Secret:
    """A marker that stands in one piece of text and nowhere else."""

    text: str
    what: str
    audience: For
    agency: str
    """Whose it is: the agency that answers for the words, or whose directory it stands in."""
    writer: str = ""
    disagreement: str = ""
    act: int = 0


def may_read(actor: Actor, secret: Secret, disagreements: dict[str, Disagreement]) -> bool:
    """This will say whether somebody may come upon a secret on any page."""
    if secret.disagreement:
        return _may_read_in(actor, secret, disagreements[secret.disagreement])
    match secret.audience:
        case For.WRITER:
            return actor.person == secret.writer
        case For.THEIR_AREA:
            return secret.agency.partition("-")[0] == actor.partnership or _shares(actor, secret)
        case For.ADMINISTRATORS:
            area = secret.agency.partition("-")[0]
            return actor.person == secret.writer or actor.administers in (secret.agency, area, "*")
        case _:
            raise LookupError(secret.audience)


def _shares(actor: Actor, secret: Secret) -> bool:
    """Say whether the actor's partnership has this agency too: its people are theirs to see."""
    return secret.agency in SHARED.get(actor.partnership, frozenset())


SHARED: dict[str, frozenset[str]] = {"birch": frozenset({"alder-police"})}
"""Agencies that belong to a partnership beside the one they are named for."""


def _may_read_in(actor: Actor, secret: Secret, disagreement: Disagreement) -> bool:
    if secret.audience is For.WRITER:
        return actor.person == secret.writer
    seen = sight(actor, disagreement)
    if seen in (Sight.NOTHING, Sight.DATES):
        return False
    last = until(actor, disagreement)
    if last is not None and secret.act > last:
        return False
    if secret.audience is For.OWN_AGENCY:
        return secret.agency in actor.agencies and not actor.guest_of
    return True
