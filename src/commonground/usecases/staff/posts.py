"""Posts of an agency: which it has, who holds them from when to when, and the deputies in their order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.core.time import LONDON
from commonground.people.administering import Charge, NotInCharge, may_change
from commonground.people.changes import Change, note
from commonground.people.functions import Function
from commonground.people.models import Holding, Membership, NoSuchPost, Post
from commonground.usecases.staff.checks import Mistake, in_order, the_person, the_post


@dataclass(frozen=True)
class PostDetails:
    """What a post is called, what it is for, and how to reach it. An empty function: what its key usually means."""

    title: str = ""
    function: Function | None = None
    telephone: str = ""
    out_of_hours: str = ""


@transaction.atomic
def add_post(charge: Charge, post: PostRef, details: PostDetails, at: datetime) -> Mistake | None:
    """This will add a post to an agency."""
    if not may_change(charge, agency=post.agency):
        raise NotInCharge
    if Post.objects.filter(agency_id=post.agency, post=post.post).exists():
        return Mistake("post", "The agency has this post already")
    Post.objects.create(agency_id=post.agency, post=post.post, **_columns(details))
    NoSuchPost.objects.filter(agency_id=post.agency, post=post.post).delete()
    _note(Change.POST_ADDED, charge, post, at, function=details.function)
    return None


@transaction.atomic
def change_post(charge: Charge, post: PostRef, details: PostDetails, at: datetime) -> None:
    """This will change what a post is called, what it is for, and how to reach it."""
    row = the_post(charge, post)
    new = _columns(details)
    changed = sorted(name for name, value in new.items() if getattr(row, name) != value)
    if changed:
        Post.objects.filter(pk=row.pk).update(**new)
        _note(Change.POST_CHANGED, charge, post, at, fields=changed, was=row.function, function=new["function"])


def _columns(details: PostDetails) -> dict[str, str]:
    return {
        "title": details.title,
        "function": details.function or "",
        "telephone": details.telephone,
        "out_of_hours": details.out_of_hours,
    }


@transaction.atomic
def say_no_such_post(charge: Charge, post: PostRef, stand_in: PostRef, on: date, at: datetime) -> Mistake | None:
    """This will say that an agency has no such post from a day on, and which post serves in its place.

    Whoever is in it leaves it. What relied on it as a stand-in relies on its own stand-in instead.
    """
    if not may_change(charge, agency=post.agency):
        raise NotInCharge
    if stand_in == post:
        return Mistake("stand_in", "A post can’t stand in for itself. Choose another")
    row = _within_sight(post.agency, stand_in)
    if row is None or NoSuchPost.objects.filter(agency_id=stand_in.agency, post=stand_in.post).exists():
        return Mistake("stand_in", "That post is not there either. Choose one that somebody can be in")
    here = Holding.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gte=on), post__agency_id=post.agency, post__post=post.post
    )
    people = sorted(set(here.values_list("person_id", flat=True)))
    here.filter(from_on__gte=on).delete()
    here.update(to_on=on - timedelta(days=1))
    NoSuchPost.objects.filter(stand_in__agency_id=post.agency, stand_in__post=post.post).update(stand_in=row)
    NoSuchPost.objects.update_or_create(agency_id=post.agency, post=post.post, defaults={"stand_in": row})
    serves = f"{stand_in.agency}/{stand_in.post}"
    _note(Change.NO_SUCH_POST, charge, post, at, stand_in=serves, from_on=on, people=people)
    return None


def _within_sight(agency: Key, post: PostRef) -> Post | None:
    """Give a post of this agency, or of another in a partnership with it; None for any other."""
    beside = Membership.objects.filter(partnership__memberships__agency_id=agency).values("agency_id")
    return Post.objects.filter(
        Q(agency_id=agency) | Q(agency_id__in=beside), agency_id=post.agency, post=post.post
    ).first()


@transaction.atomic
def has_post_again(charge: Charge, post: PostRef, at: datetime) -> None:
    """This will say that an agency has a post after all."""
    if not may_change(charge, agency=post.agency):
        raise NotInCharge
    if not NoSuchPost.objects.filter(agency_id=post.agency, post=post.post).exists():
        raise NotInCharge
    Post.objects.get_or_create(agency_id=post.agency, post=post.post)
    NoSuchPost.objects.filter(agency_id=post.agency, post=post.post).delete()
    _note(Change.HAS_POST_AGAIN, charge, post, at)


@transaction.atomic
def seat(
    charge: Charge, post: PostRef, person: Key, *, deputy: bool, from_on: date, to_on: date | None, at: datetime
) -> Mistake | None:
    """This will put one of an agency's people into a post from a day to a last day, or make them its next deputy."""
    row = the_post(charge, post)
    the_person(charge, person)
    return put_in_post(charge, row, person, deputy, from_on, to_on, at)


def put_in_post(
    charge: Charge, post: Post, person: Key, deputy: bool, from_on: date, to_on: date | None, at: datetime
) -> Mistake | None:
    """This will do the same for a post and a person that were looked up already."""
    if mistake := in_order(from_on, to_on):
        return mistake
    if _overlapping(post, person, from_on, to_on).exists():
        return Mistake("person", "They are in this post at that time already")
    last = Holding.objects.filter(post=post).aggregate(last=Max("deputy"))["last"] or 0
    place = last + 1 if deputy else 0
    Holding.objects.create(post=post, person_id=person, deputy=place, from_on=from_on, to_on=to_on)
    NoSuchPost.objects.filter(agency_id=post.agency_id, post=post.post).delete()  # somebody is in it, so it is there
    here = PostRef(post.agency_id, post.post)
    _note(Change.SEATED, charge, here, at, person=person, deputy=place, from_on=from_on, to_on=to_on)
    return None


def _overlapping(post: Post, person: Key, from_on: date, to_on: date | None) -> QuerySet[Holding]:
    ends_after = Q(to_on__isnull=True) | Q(to_on__gte=from_on)
    begins_before = Q(from_on__lte=to_on) if to_on else Q()
    return Holding.objects.filter(ends_after, begins_before, post=post, person_id=person)


@transaction.atomic
def date_seat(charge: Charge, holding: int, from_on: date, to_on: date | None, at: datetime) -> Mistake | None:
    """This will change from when to when somebody is in a post. A last day that has passed ends it."""
    row = _holding(charge, holding)
    if mistake := in_order(from_on, to_on):
        return mistake
    if _overlapping(row.post, row.person_id, from_on, to_on).exclude(pk=holding).exists():
        return Mistake("from_on", "They are in this post at that time already")
    Holding.objects.filter(pk=holding).update(from_on=from_on, to_on=to_on)
    _note_dates(charge, row, from_on, to_on, at)
    return None


@transaction.atomic
def end_seat(charge: Charge, holding: int, gone_on: date, at: datetime) -> None:
    """This will end somebody's time in a post: from `gone_on` they are not in it, or never were."""
    row = _holding(charge, holding)
    if row.from_on >= gone_on:
        row.delete()
    else:
        Holding.objects.filter(pk=holding).update(to_on=gone_on - timedelta(days=1))
    _note_dates(charge, row, row.from_on, gone_on - timedelta(days=1), at)


def _note_dates(charge: Charge, row: Holding, from_on: date, to_on: date | None, at: datetime) -> None:
    was = {"was_from_on": row.from_on, "was_to_on": row.to_on}
    about = {"person": row.person_id, "deputy": row.deputy, "from_on": from_on, "to_on": to_on}
    _note(Change.SEAT_DATED, charge, PostRef(row.post.agency_id, row.post.post), at, **about, **was)


@transaction.atomic
def move_deputy_up(charge: Charge, holding: int, at: datetime) -> None:
    """This will have a deputy serve before the one who stands before them now."""
    row = _holding(charge, holding)
    on = at.astimezone(LONDON).date()
    running = Holding.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=on), post=row.post, deputy__gt=0)
    order = [one.pk for one in running.order_by("deputy", "id")]
    if row.pk not in order:
        raise NotInCharge
    place = order.index(row.pk)
    if place:
        order[place - 1], order[place] = order[place], order[place - 1]
    for number, pk in enumerate(order, start=1):
        Holding.objects.filter(pk=pk).update(deputy=number)
    people = [running.get(pk=pk).person_id for pk in order]
    _note(Change.DEPUTIES_ORDERED, charge, PostRef(row.post.agency_id, row.post.post), at, people=people)


def _note(change: Change, charge: Charge, post: PostRef, at: datetime, **about: object) -> None:
    note(change, charge.person, at, {"post": post.post, **about}, agency=post.agency)


def _holding(charge: Charge, holding: int) -> Holding:
    row = Holding.objects.select_related("post").filter(pk=holding).first()
    if row is None or not may_change(charge, agency=row.post.agency_id):
        raise NotInCharge
    return row
