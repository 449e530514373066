"""My list, one list at a time, and what a search found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from urllib.parse import urlencode

from django.urls import reverse

from commonground.core.acts import PostRef
from commonground.core.procedure import Procedure
from commonground.core.time import LONDON
from commonground.usecases.directory import Directory
from commonground.usecases.listing import MOST, DueWhen, Filters, Listed, Listing, Which
from commonground.usecases.search import Found, Results
from commonground.usecases.situation import pinned
from commonground.web import components as c
from commonground.web.pages.page import Page, capital
from commonground.wording import Names, is_ours, words_of_what

LABELS = {
    Which.NEEDS_ME: ("Needs me", "Nothing waits for you."),
    Which.WAITING: ("Waiting on others", "You are waiting on nobody."),
    Which.AGENCY: ("Your agency’s", "Your agency has none open that you can see."),
    Which.PARTNERSHIP: ("All open", "Nothing is open."),
    Which.ENDED: ("Ended", "Nothing has ended yet."),
    Which.PAST: ("You had a part", "There is nothing that you had a part in before."),
}

DUE = {"": "Any time", DueWhen.OVERDUE: "Overdue", DueWhen.SOON: "Within two days", DueWhen.LATER: "Later than that"}


@dataclass(frozen=True)
class FilterForm:
    """What a list can be narrowed by, with what is chosen now."""

    agencies: tuple[c.Option, ...]
    stages: tuple[c.Option, ...]
    dues: tuple[c.Option, ...]
    urgent: bool
    used: bool
    """Whether anything is chosen."""
    without_href: str = ""
    """The same list, with nothing chosen."""


@dataclass(frozen=True, kw_only=True)
class ListPage(Page):
    tabs: tuple[c.WorkTab, ...]
    which: str
    label: str
    rows: tuple[c.DisagreementRow, ...]
    when_empty: str
    now: datetime
    overdue: str = ""
    overdue_href: str = ""
    filters: FilterForm
    before_href: str = ""
    after_href: str = ""
    not_found: str = ""


@dataclass(frozen=True, kw_only=True)
class SearchPage(Page):
    query: str
    asked: bool
    """Whether anything was searched for."""
    said: str
    """How much was found."""
    rows: tuple[c.DisagreementRow, ...]
    filters: FilterForm
    now: datetime
    before: int = 0
    after: int = 0
    """The pages before and after this one; 0 where there is none."""


# --- Lists ------------------------------------------------------------------------------------------------------------


def tabs(listing: Listing) -> tuple[c.WorkTab, ...]:
    """This will give every list its reader has, as links. A count is of what its reader may see, and of no more."""
    return tuple(
        c.WorkTab(
            which.value,
            LABELS[which][0],
            _address(which),
            counted(listing.counts[which]) if which in listing.counts else "",
            which is listing.which,
        )
        for which in listing.lists
    )


def counted(count: int) -> str:
    """This will say how many there are; counting stops where nobody reads on."""
    return f"{count}" if count <= MOST else f"more than {MOST:,}"


def overdue(listing: Listing) -> str:
    """This will say how many of the open ones are overdue; empty where none is."""
    if not listing.overdue or listing.which in (Which.ENDED, Which.PAST):
        return ""
    return f"{capital(counted(listing.overdue))} {'is' if listing.overdue == 1 else 'are'} overdue"


def turned(listing: Listing, filters: Filters) -> tuple[str, str]:
    """This will give the addresses of the pages before and after; empty where there is none."""
    before = _address(listing.which, filters, listing.page - 1) if listing.page > 1 else ""
    return before, _address(listing.which, filters, listing.page + 1) if listing.more else ""


def overdue_address(listing: Listing) -> str:
    """This will lead to what is overdue, in the list that has all that is open to its reader."""
    open_ones = Which.PARTNERSHIP if Which.PARTNERSHIP in listing.counts else Which.WAITING
    which = listing.which if listing.which is not Which.NEEDS_ME else open_ones
    return _address(which, Filters(due=DueWhen.OVERDUE))


def filter_form(
    filters: Filters, directory: Directory, procedures: Iterable[str], which: Which | None = None
) -> FilterForm:
    """This will give the choices a list or a search can be narrowed by: the partnership's agencies and stages.

    `procedures` are the digests of those it runs.
    """
    return FilterForm(
        agencies=_options({"": "Any agency"} | {one.key: one.name for one in directory.agencies}, filters.agency),
        stages=_options({"": "Any stage"} | dict(_stages(tuple(procedures))), filters.stage),
        dues=_options(DUE, filters.due or ""),
        urgent=filters.urgent,
        used=bool(filters),
        without_href=_address(which) if which else reverse("search"),
    )


def _options(choices: dict[str, str], chosen: str) -> tuple[c.Option, ...]:
    return tuple(c.Option(value, text, value == chosen) for value, text in choices.items())


@lru_cache(maxsize=64)
def _stages(procedures: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(_stages_of([pinned(digest) for digest in procedures]))


def _stages_of(procedures: Sequence[Procedure]) -> Iterable[tuple[str, str]]:
    for procedure in procedures:
        names = Names(procedure)
        for route in procedure.routes:
            of = f"{route.title}: " if len(procedure.routes) > 1 else ""
            title = f"{procedure.title}: " if len(procedures) > 1 else ""
            for stage in route.stages:
                yield f"{procedure.key}/{route.key}/{stage.key}", f"{title}{of}{names.stage(route.key, stage.key)}"


def _address(which: Which, filters: Filters | None = None, page: int = 1) -> str:
    chosen = filters or Filters()
    asked = {
        "show": which.value if which is not Which.NEEDS_ME else "",
        "agency": chosen.agency,
        "stage": chosen.stage,
        "due": chosen.due or "",
        "urgent": "yes" if chosen.urgent else "",
        "page": str(page) if page > 1 else "",
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return reverse("my-list") + (f"?{query}" if query else "")


# --- Search -----------------------------------------------------------------------------------------------------------


def said_of(results: Results) -> str:
    """This will say how much was found, and whether there may be more."""
    if not results.count:
        more = " Only the latest were searched: choose an agency or a stage to search others." if results.cut else ""
        return f"Nothing that you can see was found.{more}"
    found = "1 disagreement was found." if results.count == 1 else f"{results.count} disagreements were found."
    return f"{found} There may be more: choose an agency or a stage, or add a word." if results.cut else found


def found_rows(found: Iterable[Found], directory: Directory) -> tuple[c.DisagreementRow, ...]:
    """This will give what was found as rows, each with the words around those that were asked for."""
    row = _rower(directory)
    return tuple(row(one.listed, tuple(c.Cut(cut.text, cut.found) for cut in one.excerpt)) for one in found)


# --- Rows -------------------------------------------------------------------------------------------------------------


def rows_of(listing: Listing, directory: Directory) -> tuple[c.DisagreementRow, ...]:
    """This will give the rows of a list, each worded by the procedure its disagreement is pinned to."""
    row = _rower(directory)
    return tuple(row(one, ()) for one in listing.rows)


def _rower(directory: Directory) -> Callable[[Listed, tuple[c.Cut, ...]], c.DisagreementRow]:
    """Give what makes rows: names are looked up once for a page, as few posts have most of the moves."""
    names_of = cache(lambda digest: directory.names(pinned(digest)))

    @cache
    def post(digest: str, owner: PostRef) -> str:
        return names_of(digest).post(owner)

    def row(one: Listed, excerpt: tuple[c.Cut, ...]) -> c.DisagreementRow:
        names, page = names_of(one.procedure_digest), f"{disagreements}{one.reference}"
        if one.until is not None:
            until = one.until.astimezone(LONDON).date()
            return c.DisagreementRow(
                one.reference, page, "", c.Tag("Your part has ended"), until=until, excerpt=excerpt
            )
        here, waits, ended = one.standing, one.standing.waits, one.standing.ended
        if waits is None or waits.owner is None or waits.what is None:
            whose, what = "Nobody", ""
        else:
            owner = post(one.procedure_digest, waits.owner.post)
            whose = f"You, {owner}" if one.mine else capital(owner)
            what = words_of_what(waits.what, names, here, waits.step)
        due, key = (waits.due, waits.event) if waits else (None, None)
        ours = due is not None and key is not None and is_ours(names.procedure, here.route, here.stage, key, due)
        return c.DisagreementRow(
            reference=one.reference,
            href=page,
            whose_move=whose,
            what=what,
            status=c.Tag(names.ending(ended.ending)) if ended else c.Tag(names.stage(here.route, here.stage), "blue"),
            due_at=due.at if due else None,
            due_href=f"{page}#dates" if due else "",
            limit_given=not ours,
            ended_on=ended.at.astimezone(LONDON).date() if ended else None,
            urgent=one.urgent and not ended,
            excerpt=excerpt,
        )

    disagreements = reverse("disagreement", args=["0"]).removesuffix("0")
    return row
