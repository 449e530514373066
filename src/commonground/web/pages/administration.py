"""The pages of administration: what there is to look after, an agency, a post and who answers for it, a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.people.models import Administrator
from commonground.people.staffing import Answering, How
from commonground.usecases.contacts import confirmed_on
from commonground.usecases.staff.agencies import THE_OFFICE
from commonground.usecases.staff.reading import (
    AgencyStaff,
    Missing,
    PartnershipStaff,
    PersonEntry,
    PostEntry,
    Seated,
    Titles,
    each_others_deputies,
)
from commonground.usecases.staff.then import Foreseen, ThenAnswers
from commonground.web.components import Link
from commonground.web.forms.administration import HereForm
from commonground.web.pages.page import Page, capital
from commonground.web.pages.ringing import said_confirmed
from commonground.wording import day

# --- What every page is made of ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One line in a cell: text, perhaps a link."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Table:
    """A table that becomes one block for each row on a phone."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[tuple[Line, ...], ...], ...]


@dataclass(frozen=True)
class Section:
    """One part of a page."""

    name: str
    """Its heading; empty for the first, which stands under the page's own."""
    texts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    table: Table | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SheetPage(Page):
    """A page to read, with what can be done from it."""

    title: str
    """In the title bar: it names nobody."""
    name: str
    """The heading."""
    back: Link | None = None
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChangePage(Page):
    """A form for one change; or, with `foreseen`, what the change does, to be confirmed."""

    title: str
    name: str
    caption: str
    lead: tuple[str, ...]
    form: HereForm
    button: str
    back_href: str
    foreseen: tuple[str, ...] | None = None
    table: Table | None = None
    hidden: tuple[tuple[str, str], ...] = ()


# --- Words ------------------------------------------------------------------------------------------------------------


def listed(names: Iterable[str]) -> str:
    """This will join names as a sentence does."""
    *first, last = [*names] or ["nobody"]
    return f"{', '.join(first)} and {last}" if first else last


def who_answers(answering: Answering, post: PostRef, names: Mapping[Key, str], titles: Titles) -> str:
    """This will say who answers for a post, and why it is they."""
    if answering.how is How.NOBODY:
        return "Nobody is here today, and nobody in the partnership’s office. Put somebody in the office today."
    who = listed(names.get(one, one) for one in answering.people)
    where = "" if answering.post == post else f", {titles.at(answering.post)}"
    return (
        f"{who}{where}, who {answering.how}." if len(answering.people) == 1 else f"{who}{where}. Each {answering.how}."
    )


def when(from_on: date, to_on: date | None, today: date) -> str:
    """This will say from when to when, as far as it still matters."""
    begins = f"from {day(from_on)}" if from_on > today else f"since {day(from_on)}"
    return f"{begins}, until {day(to_on)}" if to_on else begins


def disagreements(number: int) -> str:
    return f"{number} open disagreement{'' if number == 1 else 's'}"


def warnings_of(staff: AgencyStaff, post: PostEntry) -> tuple[str, ...]:
    """This will say what an administrator should know of a post. None of it is refused: somebody always answers."""
    found = []
    answers = who_answers(post.answering, post.post, staff.names, staff.titles)
    if post.stand_in is not None:
        found.append(f"The agency says that it has no such post. {capital(staff.titles.at(post.stand_in))} stands in.")
    elif not any(one.now for one in post.seats):
        found.append(f"Nobody is in this post today. This person answers: {answers}")
    elif post.answering.how not in (How.HOLDER, How.DEPUTY):
        found.append(f"Everybody in this post is away today, deputies too. This person answers: {answers}")
    if each_others_deputies(staff, post):
        meanwhile = who_answers(post.if_all_away, post.post, staff.names, staff.titles)
        found.append(f"This post and another have each other as deputies. While both are away: {meanwhile}")
    away = {person.key for person in staff.people if any(one.today for one in person.away)}
    for one in post.deputies:
        if one.now and one.person in away and post.answering.how is How.HOLDER:
            found.append(f"{staff.names[one.person]} is a deputy here, and is away today.")
    return tuple(found)


# --- What there is to look after --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LookedAfter:
    """What somebody looks after: agencies and partnerships by key and name, and whether the service."""

    agencies: tuple[tuple[Key, str], ...]
    partnerships: tuple[tuple[Key, str], ...]
    service: bool


def home(found: LookedAfter, service_administrators: tuple[Administrator, ...]) -> tuple[Section, ...]:
    """This will give the first page of administration."""
    sections = [Section("", ("What you change here says who answers for a child’s disagreement. Keep it right.",))]
    if found.agencies:
        links = tuple(Link(name, reverse("administration-agency", args=[key])) for key, name in found.agencies)
        sections.append(Section("Your agency" if len(links) == 1 else "Your agencies", links=links))
    if found.partnerships:
        links = tuple(Link(name, reverse("administration-partnership", args=[key])) for key, name in found.partnerships)
        sections.append(Section("Your partnership" if len(links) == 1 else "Your partnerships", links=links))
    if found.service:
        texts = ("You see no disagreements here, and change no agency’s people.",)
        links = (
            Link("Found a partnership", reverse("administration-service", args=["partnership"])),
            Link("Name an administrator", reverse("administration-service", args=["administrator"])),
        )
        sections += [Section("This service", texts, links=links), administrators(service_administrators)]
    return tuple(sections)


def administrators(rows: tuple[Administrator, ...]) -> Section:
    """This will list who looks after something, each with the way to end it."""
    lines = tuple(
        (
            (Line(row.person.full_name),),
            (Line(f"from {day(row.from_on)}" + (f", until {day(row.to_on)}" if row.to_on else "")),),
            (
                Line("Invite", reverse("administration-invite-administrator", args=[row.pk])),
                Line("End", reverse("administration-ends", args=[row.pk])),
            ),
        )
        for row in rows
    )
    table = Table("Administrators", ("Who", "From when", "Change"), lines) if lines else None
    return Section("Administrators", () if table else ("Nobody looks after this yet.",), table=table)


# --- An agency --------------------------------------------------------------------------------------------------------


def agency(staff: AgencyStaff, named: tuple[Administrator, ...], today: date) -> tuple[Section, ...]:
    """This will give an agency's posts, who answers for each today and why, its people, and who looks after it."""
    at = [staff.agency.key]
    own = staff.agency
    tell = (
        f"Telephone: {own.telephone or 'not given'}. Outside working hours: {own.out_of_hours or 'not given'}.",
        "Its people sign in here."
        if own.on_service
        else "It does not use this service. The partnership’s office reaches it.",
    )
    links = (
        Link("Somebody joins", reverse("administration-agency-change", args=[*at, "joiner"])),
        Link("Add a post", reverse("administration-agency-change", args=[*at, "post"])),
        Link("Change the agency’s details", reverse("administration-agency-change", args=[*at, "details"])),
        Link("Who has access: review", reverse("administration-agency-review", args=at)),
        Link("Directory as a file", reverse("administration-agency-file", args=at)),
    )
    empty = [one for one in staff.posts if one.answering.how in (How.OFFICE, How.NOBODY)]
    alone = bool(empty) and len(empty) == len(staff.posts) and own.kind != THE_OFFICE
    warning = ("Nobody in this agency is here today. The partnership’s office answers for all of it.",) if alone else ()
    posts = Table(
        "Posts",
        ("Post", "Who holds it", "Deputies in order", "Who answers today, and why"),
        tuple(_post_row(staff, one, today) for one in staff.posts),
    )
    people = Table("People", ("Person", "Posts", "Away"), tuple(_person_row(staff, one, today) for one in staff.people))
    none = ("There is no post here yet. Add one first.",)
    nobody = ("Nobody is here yet.",)
    name = Link("Name an administrator", reverse("administration-agency-change", args=[*at, "administrator"]))
    looks = administrators(named)
    return (
        Section("", tell, warning, links=links),
        Section("Posts", () if staff.posts else none, table=posts if staff.posts else None),
        Section("People", () if staff.people else nobody, table=people if staff.people else None),
        Section(looks.name, looks.texts, table=looks.table, links=(name,)),
    )


def _post_row(staff: AgencyStaff, post: PostEntry, today: date) -> tuple[tuple[Line, ...], ...]:
    holders = tuple(Line(_seat_words(staff, one, today)) for one in post.holders) or (Line("Nobody"),)
    deputies = tuple(Line(_seat_words(staff, one, today)) for one in post.deputies) or (Line("None"),)
    href = reverse("administration-post", args=[staff.agency.key, post.post.post])
    warned = (Line("Look at this post: there is something to know."),) if warnings_of(staff, post) else ()
    answers = Line(who_answers(post.answering, post.post, staff.names, staff.titles))
    return ((Line(capital(post.title), href),), holders, deputies, (answers, *warned))


def _seat_words(staff: AgencyStaff, seat: Seated, today: date) -> str:
    name = staff.names[seat.person]
    if seat.now and seat.to_on is None:
        return name
    return f"{name} ({when(seat.from_on, seat.to_on, today)})"


def _person_row(staff: AgencyStaff, person: PersonEntry, today: date) -> tuple[tuple[Line, ...], ...]:
    href = reverse("administration-person", args=[staff.agency.key, person.key])
    away = tuple(Line(capital(_away_words(one.from_on, one.to_on, today))) for one in person.away) or (Line("No"),)
    posts = tuple(Line(_post_words(staff, one, today)) for one in person.seats)
    return ((Line(person.full_name, href),), posts, away)


def _post_words(staff: AgencyStaff, seat: Seated, today: date) -> str:
    title = capital(staff.titles.title(seat.post)) + (", deputy" if seat.deputy else "")
    return title if seat.now and seat.to_on is None else f"{title} ({when(seat.from_on, seat.to_on, today)})"


def _away_words(from_on: date, to_on: date | None, today: date) -> str:
    return when(from_on, to_on, today) if to_on else f"{when(from_on, None, today)}, nobody knows until when"


# --- A post -----------------------------------------------------------------------------------------------------------


def post(staff: AgencyStaff, entry: PostEntry, today: date) -> tuple[Section, ...]:
    """This will say who answers for a post today and why, who is in it, and what can be changed of it."""
    at = [staff.agency.key, entry.post.post]
    warned = warnings_of(staff, entry)
    now = who_answers(entry.answering, entry.post, staff.names, staff.titles)
    if_away = who_answers(entry.if_all_away, entry.post, staff.names, staff.titles)
    answers = [] if any(now in one for one in warned) else [now]  # said once is enough
    if if_away != now:
        answers.append(f"If everybody in this post were away: {if_away}")
    answers.append(f"The post has a part in {disagreements(entry.open)}.")
    about = (
        f"It is for: {entry.function}.",
        f"Telephone: {entry.telephone or 'not given'}. Outside working hours: {entry.out_of_hours or 'not given'}.",
        said_confirmed(confirmed_on([entry.post]).get(entry.post)),
    )
    rows = tuple(_seat_row(staff, one, today) for one in entry.seats)
    table = Table("Who is in this post", ("Who", "As what", "When", "Change"), rows) if rows else None
    links: tuple[Link, ...]
    if entry.stand_in is None:
        links = (
            Link("Put somebody in this post", reverse("administration-post-change", args=[*at, "seat"])),
            Link("Change its details", reverse("administration-post-change", args=[*at, "details"])),
            Link("We have no such post", reverse("administration-post-change", args=[*at, "none"])),
        )
    else:
        links = (Link("We have this post again", reverse("administration-post-change", args=[*at, "again"])),)
    confirm = Link("The number is still right", reverse("administration-post-change", args=[*at, "still-right"]))
    still_right = (confirm,) if entry.stand_in is None else ()
    return (
        Section("Who answers today, and why", tuple(answers), warned),
        Section("Who is in it", () if table else ("Nobody.",), table=table, links=links),
        Section("About the post", about, links=still_right),
    )


def _seat_row(staff: AgencyStaff, seat: Seated, today: date) -> tuple[tuple[Line, ...], ...]:
    def to(change: str) -> str:
        return reverse("administration-seat", args=[staff.agency.key, seat.holding, change])

    name = staff.names[seat.person]
    change = [Line("Change the dates", to("dates")), Line("They leave this post", to("ends"))]
    if seat.deputy > 1:
        change.append(Line("Move up", to("up")))
    person = reverse("administration-person", args=[staff.agency.key, seat.person])
    what = f"Deputy {seat.deputy}" if seat.deputy else "Holds it"
    return (
        (Line(name, person),),
        (Line(what),),
        (Line(capital(when(seat.from_on, seat.to_on, today))),),
        tuple(change),
    )


# --- A person ---------------------------------------------------------------------------------------------------------


def person(staff: AgencyStaff, entry: PersonEntry, today: date, *, mend: bool, account: str) -> tuple[Section, ...]:
    """This will give what an agency has of a person. `mend`: this administrator may change how they are reached."""
    at = [staff.agency.key, entry.key]

    def to(change: str) -> str:
        return reverse("administration-person-change", args=[*at, change])

    reach = (f"E-mail: {entry.email or 'not given'}.", f"Telephone: {entry.telephone or 'not given'}.", account)
    links = [Link("They are away", to("away")), Link("They leave the agency", to("leaves"))]
    more: tuple[str, ...] = ()
    if mend:
        invite = reverse("administration-invite", args=at)
        links += [Link("Change name and how to reach them", to("details")), Link("Invite them to sign in", invite)]
    else:
        more = ("They have posts elsewhere too. Only somebody who looks after all of them can change their address.",)
    rows = tuple(
        (
            (
                Line(
                    _post_words(staff, one, today),
                    reverse("administration-post", args=[staff.agency.key, one.post.post]),
                ),
            ),
            (Line(capital(when(one.from_on, one.to_on, today))),),
        )
        for one in entry.seats
    )
    away = tuple(
        (
            (Line(capital(_away_words(one.from_on, one.to_on, today))),),
            (Line("They are back", reverse("administration-absence", args=[*at, one.id, "back"])),),
        )
        for one in entry.away
    )
    return (
        Section("", (*reach, *more), links=tuple(links)),
        Section("Posts", table=Table("Posts", ("Post", "When"), rows)),
        Section(
            "Away",
            () if away else ("They are not away.",),
            table=Table("Away", ("When", "Change"), away) if away else None,
        ),
    )


# --- A partnership ----------------------------------------------------------------------------------------------------


def partnership(staff: PartnershipStaff, named: tuple[Administrator, ...]) -> tuple[Section, ...]:
    """This will give a partnership's agencies, and the posts that its procedures name and nobody is in."""
    at = [staff.partnership.key]
    links = (
        Link("Add an agency", reverse("administration-partnership-change", args=[*at, "agency"])),
        Link("Have an agency of another partnership belong here", _belongs(staff)),
        Link("An agency leaves the partnership", reverse("administration-partnership-change", args=[*at, "leaves"])),
        Link("Who has access: review", reverse("administration-partnership-review", args=at)),
        Link("Directory as a file", reverse("administration-partnership-file", args=at)),
        Link("Lists to tick: signs of need, toolkits", reverse("administration-lists", args=at)),
    )
    rows = tuple(
        (
            (Line(one.name, reverse("administration-agency", args=[one.key])),),
            (Line(f"{staff.people[one.key]} in a post today"),),
            (Line("Signs in here" if one.on_service else "Not on this service"),),
            (Line(one.telephone or "No telephone number given"),),
        )
        for one in staff.agencies
    )
    agencies = Table("Agencies", ("Agency", "People", "Service", "Telephone"), rows)
    gaps = tuple(row for one in staff.agencies if one.on_service for row in _gap_rows(staff, one.key, one.name))
    table = Table("Posts that nobody is in", ("Agency", "Post", "Who serves instead"), gaps) if gaps else None
    says = (
        "The procedures name these posts, and nobody is in them. Somebody always serves."
        if gaps
        else "Somebody is in every post that the procedures name."
    )
    name = Link("Name an administrator", reverse("administration-partnership-change", args=[*at, "administrator"]))
    looks = administrators(named)
    return (
        Section("", links=links),
        Section("Agencies", table=agencies),
        Section("Posts that nobody is in", (says,), table=table),
        Section(looks.name, looks.texts, table=looks.table, links=(name,)),
    )


def _belongs(staff: PartnershipStaff) -> str:
    return reverse("administration-partnership-change", args=[staff.partnership.key, "belongs"])


def _gap_rows(staff: PartnershipStaff, key: Key, name: str) -> Iterable[tuple[tuple[Line, ...], ...]]:
    for one in staff.missing[key]:
        href = _mend_gap(key, one)
        yield (
            (Line(name, reverse("administration-agency", args=[key])),),
            (Line(capital(one.title), href),),
            (Line(who_answers(one.answering, one.post, staff.names, staff.titles)),),
        )


def _mend_gap(agency: Key, one: Missing) -> str:
    if one.there:
        return reverse("administration-post", args=[agency, one.post.post])
    return reverse("administration-agency-change", args=[agency, "post"])


# --- What a change does -----------------------------------------------------------------------------------------------


def foreseen_words(
    foreseen: Foreseen, names: Mapping[Key, str], titles: Mapping[Key, Titles]
) -> tuple[tuple[str, ...], Table | None]:
    """This will say what a change does to who answers: sentences, and a table of the posts it concerns."""
    says = []
    if not foreseen.posts:
        says.append("The same people answer for every post as before.")
    for agency in foreseen.office_serves:
        name = next((one.agencies[agency] for one in titles.values() if agency in one.agencies), agency)
        says.append(f"Then nobody at {name} is left to answer. The partnership’s office answers for all of it.")
    if any(one.then.how is How.NOBODY for one in foreseen.posts):
        says.append("Then nobody answers, because nobody is in the partnership’s office either. You can still go on.")
    rows = tuple(_then_row(one, names, titles[one.partnership]) for one in foreseen.posts)
    headings = ("Post", "Who answers now", "Who answers then, and why", "How many it concerns")
    return tuple(says), Table("Posts for which this makes a difference", headings, rows) if rows else None


def _then_row(one: ThenAnswers, names: Mapping[Key, str], titles: Titles) -> tuple[tuple[Line, ...], ...]:
    return (
        (Line(capital(titles.at(one.post))),),
        (Line(who_answers(one.now, one.post, names, titles)),),
        (Line(who_answers(one.then, one.post, names, titles)),),
        (Line(disagreements(one.open)),),
    )
