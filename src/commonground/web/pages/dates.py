"""Every date with its working: what a page shows beside each limit that runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.urls import reverse

from commonground.core.procedure import Clauses, Key
from commonground.core.standing import Standing
from commonground.core.time import LONDON, Due
from commonground.web.components import Link, Working
from commonground.web.pages.page import capital
from commonground.wording import Names, by_when, limit_at, limit_name, working_in_words


@dataclass(frozen=True)
class Limit:
    """A limit that runs: what it is a time for, by when in words, and how that was worked out."""

    name: str
    sentence: str
    working: Working


def clause_links(names: Names, clauses: Clauses) -> tuple[Link, ...]:
    """This will give a link to each clause, on the procedure's own page."""
    page = reverse("procedure", args=[names.procedure.key])
    return tuple(Link(f"clause {names.clause(clause)}", f"{page}#clause-{clause}") for clause in clauses)


def working(key: Key, due: Due, names: Names, here: Standing, beside: Mapping[Key, Due] | None = None) -> Working:
    """This will show how a date was worked out, and the other limits `beside` it that were looked at."""
    limit = limit_at(names.procedure, here.route, here.stage, key)
    others = sorted((beside or {}).items(), key=lambda one: (one[1].at, one[0]))
    return Working(
        lines=working_in_words(key, due, names, here),
        clauses=clause_links(names, limit.clauses) if limit else (),
        also=tuple(
            f"{capital(limit_name(other, names, here))}. {by_when(other, its, names, here)}"
            for other, its in others
            if other != key
        ),
    )


def limits(names: Names, here: Standing) -> tuple[Limit, ...]:
    """This will give every limit that runs now, the earliest first."""
    running = sorted(here.limits.items(), key=lambda one: (one[1].at, one[0]))
    return tuple(
        Limit(
            capital(limit_name(key, names, here)),
            by_when(key, due, names, here),
            working(key, due, names, here, here.limits),
        )
        for key, due in running
    )


def happened(at: datetime) -> date:
    """This will give a moment, or its bare day where nobody gave a time: such moments stand at a day's beginning."""
    local = at.astimezone(LONDON)
    return local.date() if local.time() == time.min else at
