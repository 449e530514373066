"""The pages on which a partnership loads its lists: every question, loading a list for one, and a look at it first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django import forms
from django.forms.boundfield import BoundField
from django.urls import reverse

from commonground.core.procedure import Key
from commonground.usecases.directory_files.columns import FileMistake
from commonground.usecases.tick_lists import Listable, TickList
from commonground.web.forms.fields import ticks_for
from commonground.web.forms.tick_lists import TickListForm
from commonground.web.pages.administration import Line, Section, Table
from commonground.web.pages.page import Page
from commonground.wording import day

MOST_SHOWN: Final = 300
"""How many mistakes a page lists."""


@dataclass(frozen=True, kw_only=True)
class TickListPage(Page):
    """The form to load a list for one question."""

    question: str
    back_href: str
    button: str
    form: TickListForm
    now: str
    """Which list the question has now; empty where it has none."""
    mistakes: Table | None = None
    multipart: bool = True


@dataclass(frozen=True, kw_only=True)
class TickListCheckPage(Page):
    """A list as people will see it, to be looked at before it is loaded."""

    back_href: str
    button: str
    says: tuple[str, ...]
    preview: BoundField
    hidden: tuple[tuple[str, str], ...]


def sections(partnership: Key, questions: tuple[Listable, ...]) -> tuple[Section, ...]:
    """This will list the questions of a partnership's procedures with their lists, and lists that no question has."""
    intro = (
        "Your procedure asks the questions below. Load your area’s list for one, and people tick what fits.",
        "Nobody has to tick anything. What they tick becomes part of what they say.",
    )
    loaded = tuple(_loaded_row(partnership, one, one.loaded) for one in questions if one.loaded)
    bare = tuple(_bare_row(partnership, one) for one in questions if not one.loaded)
    lists = Table("Lists", ("Question", "List", "Change"), loaded) if loaded else None
    others = Table("Questions without a list", ("Question", "Procedure", "Change"), bare) if bare else None
    return (
        Section("", intro),
        Section("Your lists", () if lists else ("You have loaded no list yet.",), table=lists),
        Section("Questions without a list", () if others else ("There are none.",), table=others),
    )


def _loaded_row(partnership: Key, one: Listable, loaded: TickList) -> tuple[tuple[Line, ...], ...]:
    at = [partnership, one.ask]
    replace = Line("Replace it", reverse("administration-list", args=at))
    away = Line("Take it away", reverse("administration-list-away", args=at))
    about = one.text or "No procedure that you run asks for this any more. People do not see it."
    return (Line(about),), (Line(described(loaded)),), (replace, away) if one.procedures else (away,)


def _bare_row(partnership: Key, one: Listable) -> tuple[tuple[Line, ...], ...]:
    load = Line("Load a list", reverse("administration-list", args=[partnership, one.ask]))
    return (Line(one.text),), tuple(Line(title) for title in one.procedures), (load,)


def described(source: TickList) -> str:
    """This will say which list it is."""
    return f"{source.title}, as of {day(source.version_on)}, {counted(source)}"


def counted(source: TickList) -> str:
    """This will say how many lines a list has."""
    return f"{len(source.lines)} line{'' if len(source.lines) == 1 else 's'}"


def mistakes_table(mistakes: tuple[FileMistake, ...]) -> Table:
    """This will list mistakes by row."""
    rows = tuple(
        ((Line(f"Row {one.row}" if one.row else "The list"),), (Line(one.found or "Nothing"),), (Line(one.write),))
        for one in mistakes[:MOST_SHOWN]
    )
    return Table("Mistakes", ("Row", "What was found", "What to write"), rows)


def preview_of(question: str, source: TickList) -> BoundField:
    """This will give a list's lines as a form shows them."""
    form = forms.Form()
    form.fields["preview"] = ticks_for(question, source, "The procedure asks this.")
    return form["preview"]
