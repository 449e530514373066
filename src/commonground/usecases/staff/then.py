"""What a change of staff would do: for which posts somebody else answers then, and how many disagreements it concerns.

Worked out beside the database, on the day the change begins to hold, so that a page can say it before anything is done.
Nothing here is a reason to refuse a change: somebody always answers (people/staffing.py), and the page says who.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count

from commonground import fence
from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.core.standing import Phase
from commonground.people.models import Membership, Part
from commonground.people.staffing import Answering, Holder, How, Staffing, staffing_of
from commonground.record.models import StandingRow

Edit = Callable[[Staffing], Staffing]
"""A change, as it would be seen on its day."""


@dataclass(frozen=True)
class ThenAnswers:
    """One post for which a change makes a difference."""

    partnership: Key
    post: PostRef
    now: Answering
    then: Answering
    open: int
    """How many open disagreements the post has a part in. A count and nothing else: whose they are is not said here."""


@dataclass(frozen=True)
class Foreseen:
    """What a change does. `office_serves`: agencies in which nobody is left to answer, so that the office does."""

    posts: tuple[ThenAnswers, ...]
    office_serves: tuple[Key, ...]


def foresee(agency: Key, edit: Edit, on: date) -> Foreseen:
    """This will say what a change in an agency does on a day, in each partnership that the agency belongs to."""
    found: list[ThenAnswers] = []
    alone: dict[Key, None] = {}
    partnerships = Membership.objects.filter(agency_id=agency).order_by("partnership_id")
    for partnership in partnerships.values_list("partnership_id", flat=True):
        before = staffing_of(partnership, on)
        after = edit(before)
        differing = [
            (post, now, then)
            for post in _posts(before, after)
            if (now := before.answering(post)) != (then := after.answering(post))
        ]
        concerned = open_parts(partnership, [post for post, _, _ in differing])
        found += [ThenAnswers(partnership, post, now, then, concerned[post]) for post, now, then in differing]
        for post, _, then in differing:
            if (
                then.how in (How.OFFICE, How.NOBODY)
                and post.agency != before.office
                and _left_empty(after, post.agency)
            ):
                alone[post.agency] = None
    return Foreseen(tuple(found), tuple(alone))


def _posts(*staffings: Staffing) -> Iterable[PostRef]:
    seen: dict[PostRef, None] = {}
    for one in staffings:
        seen |= dict.fromkeys((*one.holders, *one.stand_ins, *one.gone))
    return seen


def _left_empty(staffing: Staffing, agency: Key) -> bool:
    return not any(staffing.here(post) or staffing.deputies(post) for post in staffing.holders if post.agency == agency)


def open_parts(partnership: Key, posts: Iterable[PostRef]) -> dict[PostRef, int]:
    """This will count, for each post, the open disagreements of a partnership that it has a part in now."""
    wanted = dict.fromkeys(posts, 0)
    if not wanted:
        return wanted
    with fence.inside(partnership):
        still_open = StandingRow.objects.filter(phase=Phase.OPEN).values("disagreement")
        rows = Part.objects.filter(to_at__isnull=True, disagreement__in=still_open)
        counted = rows.values("agency", "post").annotate(number=Count("disagreement", distinct=True))
    for agency, post, number in counted.values_list("agency", "post", "number"):
        if (ref := PostRef(agency, post)) in wanted:
            wanted[ref] = number
    return wanted


# --- The changes, as they would be seen -------------------------------------------------------------------------------


def gone(person: Key, agency: Key) -> Edit:
    """This will give the leaving of somebody from an agency."""
    return lambda staffing: _with_holders(
        staffing, lambda post, one: not (post.agency == agency and one.person == person)
    )


def out_of(post: PostRef, person: Key) -> Edit:
    """This will give the leaving of somebody from one post."""
    return lambda staffing: _with_holders(staffing, lambda here, one: not (here == post and one.person == person))


def nobody_in(post: PostRef, stand_in: PostRef) -> Edit:
    """This will give an agency's saying that it has no such post, with what serves in its place."""

    def edit(staffing: Staffing) -> Staffing:
        emptied = _with_holders(staffing, lambda here, _: here != post)
        moved = {one: stand_in if serves == post else serves for one, serves in staffing.stand_ins.items()}
        return replace(emptied, stand_ins={**moved, post: stand_in})

    return edit


def away(*people: Key) -> Edit:
    """This will give the absence of some people."""

    def edit(staffing: Staffing) -> Staffing:
        holders = {
            post: tuple(replace(one, away=one.away or one.person in people) for one in here)
            for post, here in staffing.holders.items()
        }
        return replace(staffing, holders=holders)

    return edit


def without_agency(agency: Key) -> Edit:
    """This will give an agency's leaving a partnership: nobody there answers for its posts, or for others, any more."""

    def edit(staffing: Staffing) -> Staffing:
        kept = {post: here for post, here in staffing.holders.items() if post.agency != agency}
        stand_ins = {
            post: serves for post, serves in staffing.stand_ins.items() if agency not in (post.agency, serves.agency)
        }
        left = frozenset(post for post in staffing.holders if post.agency == agency)
        return replace(staffing, holders=kept, stand_ins=stand_ins, gone=staffing.gone | left)

    return edit


def _with_holders(staffing: Staffing, keep: Callable[[PostRef, Holder], bool]) -> Staffing:
    holders = {post: tuple(one for one in here if keep(post, one)) for post, here in staffing.holders.items()}
    return replace(staffing, holders=holders)
