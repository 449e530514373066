"""My list: what needs me, what waits on others, what has ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.urls import reverse

from commonground.core.time import LONDON
from commonground.usecases.directory import Directory
from commonground.usecases.listing import Listed, Lists
from commonground.usecases.situation import pinned
from commonground.web import components as c
from commonground.web.pages.page import Page, capital
from commonground.wording import Names, is_ours, words_of_what


@dataclass(frozen=True, kw_only=True)
class ListPage(Page):
    tabs: tuple[c.WorkTab, ...]
    now: datetime
    left_out: int
    not_found: str = ""


def tabs(lists: Lists, directory: Directory) -> tuple[c.WorkTab, ...]:
    """This will give the three lists as tabs, each row worded by the procedure its disagreement is pinned to."""
    names_of = cache(lambda digest: directory.names(pinned(digest)))

    def rows(listed: tuple[Listed, ...], mine: bool = False) -> tuple[c.DisagreementRow, ...]:
        return tuple(_row(one, names_of(one.procedure_digest), mine) for one in listed)

    return (
        c.WorkTab("needs-me", "Needs me", rows(lists.needs_me, mine=True), "Nothing waits for you."),
        c.WorkTab("waiting", "Waiting on others", rows(lists.waiting), "You are waiting on nobody."),
        c.WorkTab("ended", "Ended", rows(lists.ended), "Nothing has ended yet."),
    )


def _row(one: Listed, names: Names, mine: bool) -> c.DisagreementRow:
    page = reverse("disagreement", args=[one.reference])
    here, waits, ended = one.standing, one.standing.waits, one.standing.ended
    if waits is None or waits.owner is None or waits.what is None:
        whose, what = "Nobody", ""
    else:
        post = names.post(waits.owner.post)
        whose, what = f"You, {post}" if mine else capital(post), words_of_what(waits.what, names, here, waits.step)
    due, key = (waits.due, waits.event) if waits else (None, None)
    ours = due is not None and key is not None and is_ours(names.procedure, here.route, here.stage, key, due)
    stage = c.Tag(names.stage(here.route, here.stage), "blue")
    return c.DisagreementRow(
        reference=one.reference,
        href=page,
        whose_move=whose,
        what=what,
        status=c.Tag(names.ending(ended.ending), "grey") if ended else stage,
        due_at=due.at if due else None,
        due_href=f"{page}#dates" if due else "",
        limit_given=not ours,
        ended_on=ended.at.astimezone(LONDON).date() if ended else None,
    )
