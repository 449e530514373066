"""Making a plan so: all of it or nothing, in one transaction, and only while the directory is as it was previewed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from django.db import transaction
from django.db.models import Model, Q

from commonground.core.procedure import Key
from commonground.people.administering import Charge
from commonground.people.changes import Change, note, noted
from commonground.people.models import (
    Agency,
    DirectoryChange,
    Holding,
    Membership,
    NoSuchPost,
    Partnership,
    Person,
    Post,
)
from commonground.usecases.directory_files.columns import Row
from commonground.usecases.directory_files.planning import (
    Mistaken,
    NewSeat,
    Plan,
    PostKey,
    Values,
    What,
    directory_count,
    plan_of,
)
from commonground.usecases.staff.administrators import Ward
from commonground.usecases.staff.checks import new_person_keys

AT_ONCE: Final = 500
"""How many rows one statement writes."""

Progress = Callable[[int, int], None]


class MovedPast(RuntimeError):
    """The directory has changed since the preview was worked out, so what was confirmed is not what would happen."""


def take_in(
    charge: Charge,
    ward: Ward,
    rows: Sequence[Row],
    at: datetime,
    today: date,
    *,
    directory: str,
    whole: bool = False,
    progress: Progress = lambda done, of: None,
) -> Plan:
    """This will take a file in, as it was previewed when the directory was `directory` new; gives what was done.

    MovedPast where anybody has changed the directory since: nothing is done then.
    """
    with transaction.atomic():
        # Two who confirm at once: the second finds the directory moved.
        areas = Q(key=ward.partnership) if ward.partnership else Q(memberships__agency_id=ward.agency)
        list(Partnership.objects.select_for_update().filter(key__in=Partnership.objects.filter(areas).values("key")))
        if directory_count(ward) != directory:
            raise MovedPast
        plan = plan_of(charge, ward, rows, today, whole=whole)
        if isinstance(plan, Mistaken):
            raise MovedPast
        _apply(charge, ward, plan, at, today, progress)
    return plan


def _apply(charge: Charge, ward: Ward, plan: Plan, at: datetime, today: date, progress: Progress) -> None:
    steps = len(plan.new_seats) + len(plan.seats) + len(plan.ended) + len(plan.people) + len(plan.new_people)
    done = _Count(progress, steps)
    changes: list[DirectoryChange] = []

    def write_down(change: Change, agency: Key, **about: object) -> None:
        changes.append(noted(change, charge.person, at, about, agency=agency))

    _agencies(ward, plan, write_down)
    posts = _posts(plan, write_down)
    keys = _people(plan, done, write_down)
    _seats(plan, posts, keys, done, write_down)
    _changed_seats(plan, done, write_down)
    _ended(plan, today, done, write_down)
    _in_lots(DirectoryChange, changes)
    about = {
        "joins": plan.count(What.JOINS),
        "leaves": plan.count(What.LEAVES),
        "changes": plan.count(What.CHANGES),
        "untouched": plan.untouched,
    }
    note(Change.FILE_TAKEN_IN, charge.person, at, about, agency=ward.agency or "", partnership=ward.partnership or "")
    done.finished()


class _Count:
    """Counts what is done, and says it now and then."""

    def __init__(self, progress: Progress, of: int) -> None:
        self.progress, self.of, self.done = progress, of, 0

    def __call__(self, number: int) -> None:
        self.done += number
        if number:
            self.progress(self.done, self.of)

    def finished(self) -> None:
        if self.done != self.of:
            self.progress(self.of, self.of)


WriteDown = Callable[..., None]


def _in_lots(model: type[Model], rows: Sequence[Model], count: Callable[[int], None] = lambda number: None) -> None:
    waiting = iter(rows)
    while lot := list(islice(waiting, AT_ONCE)):
        model._default_manager.bulk_create(lot)
        count(len(lot))


def _agencies(ward: Ward, plan: Plan, write_down: WriteDown) -> None:
    for key, values in plan.new_agencies.items():
        Agency.objects.create(key=key, **values)
        Membership.objects.create(partnership_id=ward.partnership or "", agency_id=key)
        write_down(Change.AGENCY_ADDED, key, kind=values["kind"])
    for key, values in plan.agencies.items():
        Agency.objects.filter(key=key).update(**values)
        write_down(Change.AGENCY_CHANGED, key, fields=sorted(values))


def _posts(plan: Plan, write_down: WriteDown) -> Mapping[PostKey, int]:
    """Add and change posts; gives the ids of all that are now there."""
    new = [Post(agency_id=agency, post=post, **values) for (agency, post), values in plan.new_posts.items()]
    _in_lots(Post, new)
    for agency, post in plan.new_posts:
        write_down(Change.POST_ADDED, agency, post=post)
    for (agency, post), values in plan.posts.items():
        Post.objects.filter(agency_id=agency, post=post).update(**values)
        write_down(Change.POST_CHANGED, agency, post=post, fields=sorted(values))
    agencies = {seat.post[0] for seat in plan.new_seats}
    found = Post.objects.filter(agency__in=agencies).values_list("agency_id", "post", "pk")
    return {(agency, post): pk for agency, post, pk in found}


def _people(plan: Plan, done: _Count, write_down: WriteDown) -> Mapping[Key, Key]:
    """Make new people and change others; gives each new one's key by the key that stood for them in the plan."""
    keys = dict(zip((one.key for one in plan.new_people), new_person_keys(len(plan.new_people)), strict=True))
    _in_lots(Person, [Person(key=keys[one.key], **one.values) for one in plan.new_people], done)
    for key, values in plan.people.items():
        Person.objects.filter(key=key).update(**values)
        write_down(Change.PERSON_CHANGED, "", person=key, fields=sorted(values))
    done(len(plan.people))
    return keys


def _seats(
    plan: Plan, posts: Mapping[PostKey, int], keys: Mapping[Key, Key], done: _Count, write_down: WriteDown
) -> None:
    def holding(seat: NewSeat) -> Holding:
        person = keys.get(seat.person, seat.person)
        return Holding(
            post_id=posts[seat.post], person_id=person, deputy=seat.deputy, from_on=seat.from_on, to_on=seat.to_on
        )

    _in_lots(Holding, [holding(seat) for seat in plan.new_seats], done)
    filled = {seat.post for seat in plan.new_seats}
    missing = NoSuchPost.objects.filter(agency__in={agency for agency, _ in filled})
    for row in missing:
        if (row.agency_id, row.post) in filled:
            row.delete()  # somebody is in it, so it is there
    for seat in plan.new_seats:
        about = {"person": keys.get(seat.person, seat.person), "deputy": seat.deputy}
        write_down(Change.SEATED, seat.post[0], post=seat.post[1], from_on=seat.from_on, to_on=seat.to_on, **about)


def _changed_seats(plan: Plan, done: _Count, write_down: WriteDown) -> None:
    rows = {row.pk: row for row in Holding.objects.filter(pk__in=plan.seats).select_related("post")}
    for pk, values in plan.seats.items():
        was = _dates(rows[pk])
        Holding.objects.filter(pk=pk).update(**values)
        about = {"person": rows[pk].person_id, "deputy": rows[pk].deputy, **was, **values}
        write_down(Change.SEAT_DATED, rows[pk].post.agency_id, post=rows[pk].post.post, **about)
    done(len(plan.seats))


def _dates(row: Holding) -> Values:
    return {"was_from_on": row.from_on, "was_to_on": row.to_on}


def _ended(plan: Plan, today: date, done: _Count, write_down: WriteDown) -> None:
    last_day = today - timedelta(days=1)
    rows = list(Holding.objects.filter(pk__in=plan.ended).select_related("post"))
    for row in rows:
        about = {"person": row.person_id, "deputy": row.deputy, "from_on": row.from_on, "to_on": last_day}
        write_down(Change.SEAT_DATED, row.post.agency_id, post=row.post.post, **about, **_dates(row))
    ended = Holding.objects.filter(pk__in=plan.ended)
    ended.filter(from_on__gt=last_day).delete()
    ended.update(to_on=last_day)
    done(len(plan.ended))
