"""Who gets a message that is for a post: found when it is sent, not when it is written."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.core.time import LONDON
from commonground.people import access
from commonground.people.models import GuestLink, Person
from commonground.people.staffing import answering_in, staffing_of


def addressees(disagreement: UUID, post: PostRef, partnership: Key, at: datetime) -> tuple[Person, ...]:
    """This will give who answers for a post in a disagreement at a moment, reaches it, and has an e-mail address.

    Where several hold the post, all of them; where its part is one person's alone, that person or whoever serves for
    them. Guests who act in the post by a link are among them.
    """
    today = at.astimezone(LONDON).date()
    answering = answering_in(staffing_of(partnership, today), disagreement, post)
    # Nobody is sent a link to a page that is not there for them.
    reaching = [person for person in answering.people if _reaches(person, post, partnership, disagreement, at)]
    links = GuestLink.objects.filter(
        partnership_id=partnership,
        disagreement=disagreement,
        agency=post.agency,
        post=post.post,
        revoked_at=None,
        expires_at__gt=at,
    )
    people = dict.fromkeys((*reaching, *links.order_by("id").values_list("person", flat=True)))
    known = Person.objects.exclude(email="").in_bulk(people)
    return tuple(known[person] for person in people if person in known)


def _reaches(person: Key, post: PostRef, partnership: Key, disagreement: UUID, at: datetime) -> bool:
    today = at.astimezone(LONDON).date()
    seats = [one for one in access.scopes_of(person, today) if one.seat == post and one.partnership == partnership]
    return any(one.relation is not None for one in access.reaches(seats, disagreement, at))
