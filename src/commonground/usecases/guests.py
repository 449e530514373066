"""Guests: somebody from outside the service takes part in one disagreement, by a link and a code.

A link may be made by whoever reaches the disagreement, for their own post; and by the partnership's office, for any
post of an agency that is not on the service. The office first adds an agency that nobody knows (reaching.py). Whoever
made a link may revoke it, and so may the office.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from commonground import fence
from commonground.core.acts import Flag, Flags, PostRef
from commonground.core.procedure import Key
from commonground.people import access, guests
from commonground.people.access import Relation, Scope
from commonground.people.guests import State
from commonground.people.models import Agency, GuestLink, Person, Post
from commonground.record import store
from commonground.usecases import clock
from commonground.usecases.handle import ALPHABET, Asking, NotThere, Overtaken, handle

logger = logging.getLogger(__name__)

CODE_LENGTH: Final = 8

_MAY_NOT: Final = frozenset({None, Relation.GUEST, Relation.FORMER, Relation.REASON, Relation.SCRUTINEER})
"""Who has no part in it now lets nobody else in."""


class NotForThem(Exception):
    """A link is made for one's own post; by the office for posts of agencies that are not on the service."""


class MadeBefore(Exception):
    """A link was made by the same command already: by pressing twice, or going back."""


class NameMissing(ValueError):
    """A link is for one person, and needs their name."""


@dataclass(frozen=True)
class MadeLink:
    """A link as it was made. `token` and `code` exist here and nowhere else: the two go different ways."""

    id: int
    token: str
    code: str
    expires_at: datetime


@dataclass(frozen=True)
class KnownLink:
    """A link as people who may revoke it see it."""

    id: int
    name: str
    """Whose it is; empty for who sees posts alone."""
    seat: PostRef
    made_at: datetime
    expires_at: datetime
    spent_at: datetime | None
    ended: bool
    """Revoked, over, or locked by wrong codes."""


@fence.entered
def make_link(
    scope: Scope,
    disagreement: UUID,
    name: str,
    seat: PostRef,
    *,
    title: str = "",
    command: UUID | None = None,
    at: datetime | None = None,
) -> MadeLink:
    """This will make a link for somebody from outside to act in one disagreement, in the post `seat`.

    `title` is what the post is called there, if the agency has no such post yet. `command`: sent again with the same,
    nothing is made and MadeBefore is raised, as the link and its code are known only once. NotThere for what the scope
    does not reach; NotForThem where it may not make one for that agency; NameMissing without a name.
    """
    now = at or clock.now()
    relation = access.relation(scope, disagreement, now)
    if relation is None:
        raise NotThere
    # Never for a colleague's post: what only some posts may do, a guest of one's own choosing must not do for them.
    own = not scope.office and seat == scope.seat
    if not may_let_in(scope, relation) or not (own or seat.agency in agencies_outside(scope)):
        raise NotForThem(seat.agency)
    if not name.strip():
        raise NameMissing
    code = new_code()
    with transaction.atomic(durable=True):
        # The directory knows the post from now on: whoever answers for a post that nobody is in answers for this one.
        Post.objects.get_or_create(agency_id=seat.agency, post=seat.post, defaults={"title": title.strip()})
        guest = f"guest-{(command or uuid4()).hex}"
        person, is_new = Person.objects.get_or_create(key=guest, defaults={"full_name": name.strip()})
        if not is_new:
            raise MadeBefore(guest)
        row, token = guests.make(scope.partnership, disagreement, seat, person.key, scope.person, code, now)
    return MadeLink(row.pk, token, code, row.expires_at)


def may_let_in(scope: Scope, relation: Relation | None) -> bool:
    """This will say whether somebody with this relation to a disagreement may let others into it.

    The office goes on reaching agencies outside while somebody there looks at one for a reason.
    """
    return relation not in _MAY_NOT or (relation is Relation.REASON and scope.office)


def agencies_outside(scope: Scope) -> tuple[Key, ...]:
    """This will list the agencies outside that a scope may make links for: for the office, those not on the service."""
    if not scope.office:
        return ()
    outside = Agency.objects.filter(memberships__partnership_id=scope.partnership, on_service=False)
    return tuple(outside.values_list("key", flat=True))


@fence.entered
def links_of(scope: Scope, disagreement: UUID, at: datetime | None = None) -> tuple[KnownLink, ...]:
    """This will list the links of a disagreement that a scope may revoke, the newest first."""
    now = at or clock.now()
    relation = access.relation(scope, disagreement, now)
    rows = list(_mine(scope, disagreement, relation))
    # Who sees posts and dates alone ends a link all the same: by its post, and not by whose it is.
    known = [row.person for row in rows if relation not in access.SHALLOW or row.made_by == scope.person]
    names = dict(Person.objects.filter(key__in=known).values_list("key", "full_name"))
    return tuple(
        KnownLink(
            id=row.pk,
            name=names.get(row.person, ""),
            seat=PostRef(row.agency, row.post),
            made_at=row.made_at,
            expires_at=row.expires_at,
            spent_at=row.spent_at,
            ended=row.revoked_at is not None
            or row.expires_at <= now
            or (row.spent_at is None and row.wrong_codes >= guests.MOST_WRONG_CODES),
        )
        for row in rows
    )


@fence.entered
def revoke(scope: Scope, disagreement: UUID, link: int, at: datetime | None = None) -> None:
    """This will end a link: the guest's next request finds nothing. NotThere for a link that is not theirs to end."""
    now = at or clock.now()
    mine = _mine(scope, disagreement, access.relation(scope, disagreement, now))
    row = next((one for one in mine if one.pk == link), None)
    if row is None:
        raise NotThere
    guests.revoke(row, scope.person, now)


def _mine(scope: Scope, disagreement: UUID, relation: Relation | None) -> Iterable[GuestLink]:
    if not may_let_in(scope, relation):
        return ()
    rows = GuestLink.objects.filter(disagreement=disagreement, partnership_id=scope.partnership)
    return (rows if scope.office else rows.filter(made_by=scope.person)).order_by("-made_at", "-pk")


# --- the guest -------------------------------------------------------------------------------------------------------


def spend(token: str, code: str, browser: str, at: datetime | None = None) -> tuple[State, GuestLink | None]:
    """This will take the code for a link, and bind the link to a browser. OPEN: they are in.

    An agency that was not on the service is reached with that: the record says so, and its stage begins.
    """
    now = at or clock.now()
    state, row = guests.spend(token, code, browser, now)
    if state is State.OPEN and row is not None:
        _say_reached(scope_of(row), row, now)
    return state, row


@fence.entered
def _say_reached(scope: Scope, row: GuestLink, now: datetime) -> None:
    """Record that an agency outside was reached, once. Whatever comes of it, the guest is in."""
    if Agency.objects.filter(key=row.agency, on_service=True).exists():
        return
    flag = Flag(Flags.OTHER_SIDE, agency=row.agency)
    if any(act.ask == flag for act in store.read(row.disagreement)):
        return
    try:
        handle(scope, row.disagreement, Asking(flag), at=now)
    except (NotThere, Overtaken):
        logger.exception("guest link %s: that they were reached was not recorded", row.pk)


def scope_of(link: GuestLink) -> Scope:
    """This will give the scope of a guest by their link: that one disagreement, and nothing else."""
    seat = PostRef(link.agency, link.post)
    return access.guest_scope(link.person, seat, link.partnership_id, link.disagreement)


def new_code() -> str:
    """This will make a code: letters and figures that are not mistaken for one another on the telephone."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
