"""People of an agency: joiners, leavers, who is away, how to reach somebody, and inviting them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from commonground.accounts import invitations
from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.core.time import LONDON
from commonground.people.administering import Charge, NotInCharge, agencies_of, may_change, may_mend
from commonground.people.changes import Change, note
from commonground.people.models import Absence, Administrator, Holding, Person, Post
from commonground.usecases.staff.checks import (
    Mistake,
    in_order,
    new_person_key,
    person_called,
    same_name,
    the_person,
    the_post,
)
from commonground.usecases.staff.posts import put_in_post


@dataclass(frozen=True)
class Joiner:
    """Somebody who joins an agency, and their first post there. `deputy`: as the next of its deputies."""

    full_name: str
    post: Key
    from_on: date
    deputy: bool = False
    to_on: date | None = None
    known_as: str = ""
    email: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class Reaching:
    """What somebody is called, and how to reach them."""

    full_name: str
    known_as: str = ""
    email: str = ""
    telephone: str = ""


@transaction.atomic
def join_agency(charge: Charge, agency: Key, joiner: Joiner, at: datetime) -> Key | Mistake:
    """This will put somebody new into their first post; gives their key.

    Who is known under this name and address already is not made twice: they get the post beside those they have.
    """
    post = the_post(charge, PostRef(agency, joiner.post))
    if mistake := in_order(joiner.from_on, joiner.to_on):
        return mistake
    known = person_called(joiner.full_name, joiner.email)
    if isinstance(known, Mistake):
        return known
    if known is None and not joiner.email and _somebody_so_called(post, joiner):
        return Mistake(
            "full_name", "Somebody of this name is in this post already. Add an e-mail address to tell them apart"
        )
    person = known or Person.objects.create(
        key=new_person_key(),
        full_name=joiner.full_name,
        known_as=joiner.known_as,
        email=joiner.email,
        telephone=joiner.telephone,
    )
    seated = put_in_post(charge, post, person.key, joiner.deputy, joiner.from_on, joiner.to_on, at)
    return seated or person.key


def _somebody_so_called(post: Post, joiner: Joiner) -> bool:
    """Say whether a post has somebody of that name: the same form sent twice, or two people to be told apart."""
    seats = Holding.objects.filter(_running(joiner.from_on), post=post).select_related("person")
    return any(same_name(one.person.full_name, joiner.full_name) for one in seats)


@transaction.atomic
def leave_agency(charge: Charge, agency: Key, person: Key, gone_on: date, at: datetime) -> None:
    """This will end everything somebody has in an agency: from `gone_on` they hold and look after nothing there.

    With today's date their access ends at their next request. Posts that they were yet to take are taken back.
    """
    if not may_change(charge, agency=agency):
        raise NotInCharge
    last_day = gone_on - timedelta(days=1)
    seats = Holding.objects.filter(_running(gone_on), post__agency_id=agency, person_id=person)
    roles = Administrator.objects.filter(_running(gone_on), agency_id=agency, person_id=person)
    if not (seats.exists() or roles.exists()):
        raise NotInCharge
    posts = sorted(set(seats.values_list("post__post", flat=True)))
    note(Change.LEFT, charge.person, at, {"person": person, "posts": posts, "last_day": last_day}, agency=agency)
    for rows in (seats, roles):
        rows.filter(from_on__gte=gone_on).delete()
        rows.update(to_on=last_day)
    if not any(rows.objects.filter(_running(gone_on), person_id=person).exists() for rows in (Holding, Administrator)):
        invitations.revoke(person, at)


def _running(on: date) -> Q:
    return Q(to_on__isnull=True) | Q(to_on__gte=on)


@transaction.atomic
def change_person(charge: Charge, person: Key, reaching: Reaching, at: datetime) -> Mistake | None:
    """This will change what somebody is called and how to reach them."""
    if not may_mend(charge, person, at.astimezone(LONDON).date()):
        raise NotInCharge
    if reaching.email and Person.objects.filter(email__iexact=reaching.email).exclude(key=person).exists():
        return Mistake("email", "Somebody else has this e-mail address already. Check the address")
    row = Person.objects.get(key=person)
    new = {name: getattr(reaching, name) for name in ("full_name", "known_as", "email", "telephone")}
    changed = sorted(name for name, value in new.items() if getattr(row, name) != value)
    if changed:
        Person.objects.filter(key=person).update(**new)
        _note(Change.PERSON_CHANGED, charge, at, person=person, fields=changed)
    return None


@transaction.atomic
def note_absence(charge: Charge, person: Key, from_on: date, to_on: date | None, at: datetime) -> Mistake | None:
    """This will note that somebody is away, from a day to a last day; without one, until somebody says otherwise."""
    the_person(charge, person)
    if mistake := in_order(from_on, to_on):
        return mistake
    Absence.objects.create(person_id=person, from_on=from_on, to_on=to_on)
    _note(Change.AWAY, charge, at, person=person, from_on=from_on, to_on=to_on)
    return None


@transaction.atomic
def change_absence(
    charge: Charge, absence: int, from_on: date, to_on: date | None, at: datetime, *, back: bool = False
) -> Mistake | None:
    """This will change when somebody is away. `back`: they are here from `from_on`, so that day is none of it."""
    row = Absence.objects.filter(pk=absence).first()
    if row is None:
        raise NotInCharge
    the_person(charge, row.person_id)
    if back:
        from_on, to_on = row.from_on, from_on - timedelta(days=1)
    elif mistake := in_order(from_on, to_on):
        return mistake
    if to_on is not None and to_on < from_on:
        row.delete()
    else:
        Absence.objects.filter(pk=absence).update(from_on=from_on, to_on=to_on)
    was = {"was_from_on": row.from_on, "was_to_on": row.to_on}
    _note(Change.AWAY_CHANGED, charge, at, person=row.person_id, from_on=from_on, to_on=to_on, **was)
    return None


@transaction.atomic
def invite_person(charge: Charge, person: Key, at: datetime) -> str | Mistake:
    """This will invite somebody to sign in; gives the secret of their link, kept nowhere else."""
    if not may_mend(charge, person, at.astimezone(LONDON).date()):
        raise NotInCharge
    try:
        secret = invitations.invite(person, charge.person, at)
    except invitations.NotInvited as why:
        return Mistake("email", str(why))
    _note(Change.INVITED, charge, at, person=person)
    return secret


def _note(change: Change, charge: Charge, at: datetime, **about: object) -> None:
    """Write down a change of a person, beside the directory of whoever made it."""
    note(change, charge.person, at, about, agency=charge.agency or "", partnership=charge.partnership or "")


def absences_of(charge: Charge, today: date) -> tuple[Absence, ...]:
    """This will list who of a charge's agencies is away now or later."""
    mine = Q(person__holdings__post__agency__in=agencies_of(charge))
    return tuple(Absence.objects.filter(mine, _running(today)).distinct())
