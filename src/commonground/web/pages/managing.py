"""Pages for who answers for others: who is stuck and with whom, contacts, and actions after an ending."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from django.urls import reverse

from commonground.core.acts import PostRef
from commonground.usecases import clock
from commonground.usecases.actions import AgreedAction, AgreedActions, State, Whose
from commonground.usecases.contacts import MONTHS, Contact, Contacts
from commonground.usecases.directory import Directory
from commonground.usecases.situation import adopted, pinned
from commonground.usecases.stuck import Stuck, Waiting, WhoIsStuck
from commonground.web import components as c
from commonground.web.opening import any_names
from commonground.web.pages.listing import counted
from commonground.web.pages.page import Page, acting_for, capital
from commonground.web.pages.ringing import numbers_of, said_confirmed, who_answers
from commonground.wording import Names, is_ours, moment, words_of_what


class Called:
    """What posts are called across a partnership's procedures: each post by one that knows it."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        procedures = [procedure for _, procedure in adopted(directory.partnership)]
        self.names = cache(lambda post: any_names(directory, post, procedures))

    def post(self, post: PostRef) -> str:
        """This will name a post: "the team manager at Riverside"."""
        return str(self.names(post).post(post))


def frame_of(directory: Directory, called: Called, seat: PostRef) -> dict[str, Any]:
    """This will give what every page here shows around its own content."""
    return {"current": "my-list", "signed_in_as": acting_for(called.names(seat), seat)}


# --- Who is stuck -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WaitingShown:
    """One disagreement that waits for a post."""

    reference: str
    href: str
    brief_href: str
    what: str
    stage: str
    due_at: datetime | None
    limit_given: bool
    waited: str
    urgent: bool


@dataclass(frozen=True)
class StuckShown:
    """One post that has moves, how many, and whom to ring."""

    id: str
    post: str
    count: str
    overdue: str
    who: str
    numbers: tuple[c.Phone, ...]
    rows: tuple[WaitingShown, ...]
    more: str
    """How many of its disagreements are not shown here; empty where all are."""


@dataclass(frozen=True, kw_only=True)
class StuckPage(Page):
    title: str
    lead: str
    said: str
    """How many are open, and how many of them are overdue."""
    posts: tuple[StuckShown, ...]
    now: datetime


def stuck_page(found: WhoIsStuck, directory: Directory, seat: PostRef) -> StuckPage:
    """This will say who has the moves that a reader may see, those with what is overdue first."""
    called = Called(directory)
    whose = (
        "All that is open in the partnership" if found.everywhere else "What is open in your agency that you can see"
    )
    return StuckPage(
        title="Who is stuck, and with whom",
        lead=f"{whose}, by who has the next move. What is due first comes first.",
        said=_said(found),
        posts=tuple(_stuck(place, one, called, directory) for place, one in enumerate(found.posts, start=1)),
        now=clock.now(),
        **frame_of(directory, called, seat),
    )


def _said(found: WhoIsStuck) -> str:
    if not found.open:
        return "Nothing is open that you can see."
    open_ones = "More than 1,000 are open" if found.cut else f"{found.open} {'is' if found.open == 1 else 'are'} open"
    return f"{open_ones}, and {found.overdue or 'none'} {'is' if found.overdue == 1 else 'are'} overdue."


def _stuck(place: int, one: Stuck, called: Called, directory: Directory) -> StuckShown:
    names_of = cache(lambda digest: directory.names(pinned(digest)))
    names, more = called.names(one.post), one.open - len(one.rows)
    return StuckShown(
        id=f"post-{place}",
        post=capital(called.post(one.post)),
        count=f"{one.open} open",
        overdue=f"{counted(one.overdue)} overdue" if one.overdue else "",
        who=who_answers(one.ring, names),
        numbers=numbers_of(one.ring, names),
        rows=tuple(_waiting(row, names_of(row.listed.procedure_digest)) for row in one.rows),
        more=f"{more} more, due later. Your lists have them." if more else "",
    )


def _waiting(row: Waiting, names: Names) -> WaitingShown:
    here = row.listed.standing
    waits = here.waits
    due, key = (waits.due, waits.event) if waits else (None, None)
    ours = due is not None and key is not None and is_ours(names.procedure, here.route, here.stage, key, due)
    return WaitingShown(
        reference=row.listed.reference,
        href=reverse("disagreement", args=[row.listed.reference]),
        brief_href=reverse("brief", args=[row.listed.reference]),
        what=words_of_what(waits.what, names, here, waits.step) if waits and waits.what else "",
        stage=names.stage(here.route, here.stage),
        due_at=due.at if due else None,
        limit_given=not ours,
        waited=waited(row.working_days),
        urgent=row.listed.urgent,
    )


def waited(working_days: int) -> str:
    """This will say how long somebody has had the move."""
    if not working_days:
        return "Less than a working day"
    return f"{working_days} working day{'' if working_days == 1 else 's'}"


# --- Contacts ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ContactShown:
    """How to ring a post, and when that was last confirmed. `value` is what its button sends; empty without one."""

    post: str
    numbers: tuple[c.Phone, ...]
    confirmed: str
    old: bool
    value: str


@dataclass(frozen=True)
class ContactGroup:
    heading: str
    lead: str
    contacts: tuple[ContactShown, ...]


@dataclass(frozen=True, kw_only=True)
class ContactsPage(Page):
    title: str
    groups: tuple[ContactGroup, ...]
    done: str
    """What was just confirmed; empty when nothing was."""


def contacts_page(found: Contacts, directory: Directory, seat: PostRef, done: PostRef | None) -> ContactsPage:
    """This will list the contacts that somebody may confirm, and for the office those that nobody has for long."""
    called = Called(directory)
    groups = (
        ("Your posts", "People ring these numbers when you have the move.", found.mine),
        ("Posts you look after", "You keep this agency’s directory. You can confirm its numbers.", found.looked_after),
        (
            f"Not confirmed for {MONTHS} months",
            f"No published text gives a time for this. The {MONTHS} months are ours. Ring them, and ask.",
            found.unconfirmed[:MOST_CONTACTS],
        ),
    )
    return ContactsPage(
        title="How people ring you",
        groups=tuple(
            ContactGroup(heading, lead, tuple(_contact(one, called) for one in contacts))
            for heading, lead, contacts in groups
            if contacts
        ),
        done=capital(called.post(done)) if done is not None else "",
        **frame_of(directory, called, seat),
    )


MOST_CONTACTS: Final = 200
"""How many old contacts the office sees at once. Each one that is confirmed makes room for another."""


def _contact(one: Contact, called: Called) -> ContactShown:
    numbers = []
    if one.telephone:
        numbers.append(c.Phone("Telephone", one.telephone, "in working hours" if one.out_of_hours else ""))
    if one.out_of_hours:
        numbers.append(c.Phone("Telephone", one.out_of_hours, "at all other times"))
    return ContactShown(
        post=capital(called.post(one.post)),
        numbers=tuple(numbers),
        confirmed=said_confirmed(one.confirmed_on),
        old=one.old,
        value=f"{one.post.agency} {one.post.post}" if one.may_confirm and numbers else "",
    )


# --- Actions after an ending ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ActionRow:
    """One action: which, who does it, by when, how it stands, and who chases where it is overdue."""

    reference: str
    href: str
    number: str
    who: str
    due_on: date | None
    state: c.Tag
    lines: tuple[str, ...]
    report_href: str
    """Where to say how it stands; empty where it is done."""


@dataclass(frozen=True)
class ActionGroup:
    heading: str
    rows: tuple[ActionRow, ...]


@dataclass(frozen=True, kw_only=True)
class ActionsPage(Page):
    title: str
    lead: str
    said: str
    groups: tuple[ActionGroup, ...]
    cut: bool


WHOSE: Final = {Whose.MINE: "Yours", Whose.AGENCY: "Your agency’s", Whose.OTHERS: "Others’"}
STATES: Final = {
    State.OVERDUE: c.Tag("Overdue", "red"),
    State.TO_DO: c.Tag("To do", "blue"),
    State.DONE: c.Tag("Done", "green"),
}


def actions_page(found: AgreedActions, directory: Directory, seat: PostRef) -> ActionsPage:
    """This will list what was agreed: one's own first, then one's agency's; for the office all of it together."""
    called = Called(directory)
    names_of = cache(lambda digest: directory.names(pinned(digest)))
    groups = {"All of the partnership": found.actions} if found.everywhere else {}
    if not found.everywhere:
        groups = {WHOSE[whose]: tuple(one for one in found.actions if one.whose is whose) for whose in Whose}
    late = sum(one.state is State.OVERDUE for one in found.actions)
    to_do = late + sum(one.state is State.TO_DO for one in found.actions)
    return ActionsPage(
        title="What was agreed: actions after an ending",
        lead="What each action says stands on the page of its disagreement.",
        said=f"{to_do or 'None'} {'is' if to_do == 1 else 'are'} still to do, "
        f"and {late or 'none'} {'is' if late == 1 else 'are'} overdue.",
        groups=tuple(
            ActionGroup(heading, tuple(_action(one, names_of(one.procedure_digest)) for one in actions))
            for heading, actions in groups.items()
            if actions
        ),
        cut=found.cut,
        **frame_of(directory, called, seat),
    )


def _action(one: AgreedAction, names: Names) -> ActionRow:
    here = reverse("disagreement", args=[one.reference])
    return ActionRow(
        reference=one.reference,
        href=f"{here}#actions",
        number=f"Action {one.number}",
        who=capital(names.post(one.owner)) if one.owner else "Nobody named yet",
        due_on=one.due_on,
        state=STATES[one.state],
        lines=tuple(_chased(one, names)),
        report_href="" if one.state is State.DONE else reverse("act", args=[one.reference, "report"]),
    )


def _chased(one: AgreedAction, names: Names) -> Iterator[str]:
    if one.state is State.DONE:
        yield f"Reported as done at {moment(one.done_at)}." if one.done_at else "Reported as done."
    if one.state is not State.OVERDUE:
        return
    posts = {post.key: post.name for post in names.procedure.posts}
    yield f"{f'The {posts[one.chaser]}' if one.chaser in posts else 'The partnership’s office'} chases it."
    if one.asked_again_at is None:
        yield "We have not asked again yet."
    else:
        yield f"We last asked again at {moment(one.asked_again_at)}."
