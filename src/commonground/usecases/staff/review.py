"""The access review: everybody who has access through a directory, since when, and who gave it to them."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from defusedcsv import csv  # type: ignore[import-untyped]  # it has no types of its own
from django.db import transaction
from django.db.models import Q

from commonground.accounts.models import Account
from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.people.administering import Charge, NotInCharge, agencies_of, may_change
from commonground.people.changes import Change, note
from commonground.people.models import Administrator, Agency, DirectoryChange, Holding, Membership, Partnership, Person
from commonground.usecases.staff.administrators import Ward
from commonground.usecases.staff.reading import Titles

SERVICE = "this service"


@dataclass(frozen=True)
class Access:
    """One thing that somebody has: a post, or (`post` None) a directory to look after."""

    what: str
    """In words: "Head teacher at Hilltop School, deputy 1"."""
    post: PostRef | None
    from_on: date
    to_on: date | None
    given_by: Key | None
    """Who named them. None where the directory began with it."""

    def self_given(self, person: Key) -> bool:
        """This will say whether somebody gave it to themselves."""
        return self.given_by == person


@dataclass(frozen=True)
class Reviewed:
    """One person in the review."""

    person: Key
    full_name: str
    email: str
    has: tuple[Access, ...]
    account: bool
    last_signed_in: datetime | None


@dataclass(frozen=True)
class Review:
    people: tuple[Reviewed, ...]
    names: Mapping[Key, str]
    """What those are called who gave it."""
    last: tuple[Key, datetime] | None
    """Who reviewed it last, and when."""


def review(charge: Charge, ward: Ward, today: date) -> Review:
    """This will list everybody whose access comes from an agency's or a partnership's directory, now or later."""
    agencies = _agencies(charge, ward)
    named = _named(agencies, ward)
    running = Q(to_on__isnull=True) | Q(to_on__gte=today)
    found: dict[Key, list[Access]] = {}
    titles = Titles(_a_partnership(agencies, ward))
    held = Holding.objects.filter(running, post__agency__in=agencies).select_related("post")
    for row in held.order_by("post__agency_id", "post_id", "deputy", "id"):
        post = PostRef(row.post.agency_id, row.post.post)
        what = titles.at(post) + (f", deputy {row.deputy}" if row.deputy else "")
        by = named.get((post.agency, post.post, row.person_id))
        found.setdefault(row.person_id, []).append(Access(what, post, row.from_on, row.to_on, by))
    called = {**dict(Agency.objects.filter(key__in=agencies).values_list("key", "name"))}
    roles = Q(agency__in=agencies) | (Q(partnership_id=ward.partnership) if ward.partnership else Q(pk__in=[]))
    for role in Administrator.objects.filter(running).filter(roles).select_related("partnership").order_by("id"):
        of = called.get(role.agency_id or "") or (role.partnership.name if role.partnership else SERVICE)
        by = named.get((role.agency_id or role.partnership_id or "", "", role.person_id))
        has = Access(f"administrator of {of}", None, role.from_on, role.to_on, by)
        found.setdefault(role.person_id, []).append(has)
    accounts = dict(Account.objects.filter(person__in=found, is_active=True).values_list("person_id", "last_login"))
    people = tuple(
        Reviewed(row.key, row.full_name, row.email, tuple(found[row.key]), row.key in accounts, accounts.get(row.key))
        for row in Person.objects.filter(key__in=found).order_by("full_name", "key")
    )
    givers = {one.given_by for each in people for one in each.has if one.given_by}
    reviews = DirectoryChange.objects.filter(
        what=Change.REVIEWED, agency=ward.agency or "", partnership=ward.partnership or ""
    )
    last = reviews.order_by("-at", "-id").values_list("by", "at").first()
    keys = givers | ({last[0]} if last else set())
    return Review(people, dict(Person.objects.filter(key__in=keys).values_list("key", "full_name")), last)


def _agencies(charge: Charge, ward: Ward) -> frozenset[Key]:
    if ward.agency is None and ward.partnership is None:
        raise NotInCharge
    if not may_change(charge, agency=ward.agency, partnership=None if ward.agency else ward.partnership):
        raise NotInCharge
    return frozenset({ward.agency}) if ward.agency else agencies_of(charge)


def _a_partnership(agencies: Collection[Key], ward: Ward) -> Key:
    if ward.partnership:
        return ward.partnership
    found = Membership.objects.filter(agency__in=agencies).order_by("partnership_id").first()
    if found is None:
        raise NotInCharge
    return found.partnership_id


def _named(agencies: Collection[Key], ward: Ward) -> dict[tuple[Key, Key, Key], Key]:
    """Give who gave each thing: by agency (or partnership), post (empty for looking after it) and person."""
    given = Q(agency__in=agencies) | (Q(partnership=ward.partnership) if ward.partnership else Q(pk__in=[]))
    kinds = (Change.SEATED, Change.ADMINISTRATOR_NAMED)
    rows = DirectoryChange.objects.filter(given, what__in=kinds).order_by("at", "id")
    return {
        (row.agency or row.partnership, row.about.get("post", ""), row.about.get("person", "")): row.by for row in rows
    }


@transaction.atomic
def say_reviewed(charge: Charge, ward: Ward, at: datetime, today: date) -> None:
    """This will write down that somebody went through the list as it is on a day."""
    people = review(charge, ward, today).people
    about = {"people": len(people), "on": today}
    note(Change.REVIEWED, charge.person, at, about, partnership=ward.partnership or "", agency=ward.agency or "")


def as_csv(found: Review) -> bytes:
    """This will give the list as a file for a spreadsheet, in which no cell is taken for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    headings = ("person key", "full name", "e-mail", "has", "from", "to", "given by", "account", "last signed in")
    writer.writerow(headings)
    for person in found.people:
        for one in person.has:
            given = found.names.get(one.given_by or "", one.given_by or "")
            signed = person.last_signed_in.isoformat(timespec="minutes") if person.last_signed_in else ""
            dates = (one.from_on.isoformat(), one.to_on.isoformat() if one.to_on else "")
            account = "yes" if person.account else "no"
            writer.writerow((person.person, person.full_name, person.email, one.what, *dates, given, account, signed))
    return out.getvalue().encode("utf-8-sig")


def name_of(ward: Ward) -> str:
    """This will give what an agency or a partnership is called."""
    if ward.agency:
        return Agency.objects.get(key=ward.agency).name
    return Partnership.objects.get(key=ward.partnership).name
