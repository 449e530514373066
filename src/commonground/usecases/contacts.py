"""How to ring a post, and when somebody last said that the number is still right.

A number that nobody answers strands a child as surely as no number. So whoever is in a post, or looks after its
agency, presses "This is still right"; the partnership's office sees what nobody has confirmed for long.

What was confirmed is a line beside the directory's other changes (people/changes.py): who, when, which post. Somebody
who typed a new number for a post has said that day what it is, so that counts as confirming too.

How long is too long: no published text gives a time, and the procedure language has no word for one. The six months
are ours, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from commonground import fence
from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.core.time import LONDON
from commonground.people.access import Scope, Seated
from commonground.people.administering import Charge, NotInCharge, agencies_of, may_change
from commonground.people.changes import Change, note
from commonground.people.models import DirectoryChange, Post
from commonground.people.staffing import staffing_of
from commonground.usecases import clock

MONTHS: Final = 6
"""After so many months a number should be confirmed again. Ours: no text gives a time."""

_NUMBERS: Final = frozenset({"telephone", "out_of_hours"})


@dataclass(frozen=True)
class Contact:
    """How to ring a post: its own numbers, else its agency's; and when somebody last said that they are right."""

    post: PostRef
    telephone: str
    out_of_hours: str
    confirmed_on: date | None
    old: bool
    """Nobody has confirmed it, or not for six months."""
    may_confirm: bool


@dataclass(frozen=True)
class Contacts:
    """What somebody sees of contacts. `unconfirmed` is for the office alone: everybody's that are old."""

    mine: tuple[Contact, ...]
    looked_after: tuple[Contact, ...]
    unconfirmed: tuple[Contact, ...]


@fence.entered
def contacts_of(scope: Scope, scopes: Sequence[Scope], charges: Sequence[Charge] = ()) -> Contacts:
    """This will give the contacts of somebody's own posts, of the agencies they look after, and what is old.

    `scopes` are all their seats in the partnership of `scope`. What is old is there for the partnership's office.
    """
    today = clock.today()
    held = [one.seat for one in scopes if one.seated in _IN_THE_POST]
    office = any(one.office for one in scopes)
    agencies = {agency for charge in charges for agency in agencies_of(charge)}
    rows = Post.objects.filter(agency__memberships__partnership_id=scope.partnership).select_related("agency")
    posts = {PostRef(row.agency_id, row.post): row for row in rows.order_by("agency__name", "id")}
    on = confirmed_on(posts)
    found = {
        post: Contact(
            post=post,
            telephone=row.telephone or row.agency.telephone,
            out_of_hours=row.out_of_hours or row.agency.out_of_hours,
            confirmed_on=on.get(post),
            old=is_old(on.get(post), today),
            may_confirm=post in held or post.agency in agencies,
        )
        for post, row in posts.items()
    }
    staffing = staffing_of(scope.partnership, today)
    return Contacts(
        mine=tuple(found[post] for post in dict.fromkeys(held) if post in found),
        looked_after=tuple(one for post, one in found.items() if post.agency in agencies and post not in held),
        # A post that nobody is in is not rung: whoever serves for it is.
        unconfirmed=tuple(one for post, one in found.items() if office and one.old and staffing.staffed(post)),
    )


_IN_THE_POST: Final = (Seated.HOLDER, Seated.DEPUTY)


def confirmed_on(posts: Iterable[PostRef]) -> dict[PostRef, date]:
    """This will say when the numbers of some posts were last confirmed; those that nobody confirmed are left out."""
    wanted = set(posts)
    rows = DirectoryChange.objects.filter(
        what__in=(Change.CONTACT_CONFIRMED, Change.POST_CHANGED), agency__in={post.agency for post in wanted}
    )
    found: dict[PostRef, date] = {}
    for agency, what, about, at in rows.order_by("at", "id").values_list("agency", "what", "about", "at"):
        post = PostRef(agency, about.get("post", ""))
        if post in wanted and (what == Change.CONTACT_CONFIRMED or _NUMBERS & {*about.get("fields", ())}):
            found[post] = at.astimezone(LONDON).date()
    return found


def is_old(confirmed: date | None, today: date) -> bool:
    """This will say whether a number should be confirmed again: never confirmed, or six months ago and more."""
    if confirmed is None:
        return True
    months = (today.year - confirmed.year) * 12 + today.month - confirmed.month
    return months > MONTHS or (months == MONTHS and today.day >= confirmed.day)


def confirm(
    person: Key, scopes: Sequence[Scope], charges: Sequence[Charge], post: PostRef, at: datetime | None = None
) -> None:
    """This will write down that a post's numbers are still right, once a day.

    For whoever is in the post, its deputies too, and whoever looks after its agency; NotInCharge for everybody else.
    """
    now = at or clock.now()
    held = any(one.seat == post and one.seated in _IN_THE_POST for one in scopes)
    if not held and not any(may_change(charge, agency=post.agency) for charge in charges):
        raise NotInCharge
    if not Post.objects.filter(agency_id=post.agency, post=post.post).exists():
        raise NotInCharge
    if confirmed_on([post]).get(post) != now.astimezone(LONDON).date():
        note(Change.CONTACT_CONFIRMED, person, now, {"post": post.post}, agency=post.agency)
