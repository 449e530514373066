"""What a partnership has published, for anybody to read: its procedures, clause by clause, and who advises there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from commonground.core.acts import PostRef
from commonground.core.procedure import Key, Procedure
from commonground.language.library import clauses
from commonground.language.register import Clause
from commonground.people.functions import Function
from commonground.people.models import Partnership, ProcedureText
from commonground.people.staffing import staffing_of
from commonground.usecases import clock
from commonground.usecases.situation import adopted

ADVISERS = frozenset({Function.SAFEGUARDING_LEAD, Function.PROFESSIONAL_LEAD, Function.PROTECTION_ADVISER})
"""What a post is for whose work is to advise somebody who is worried."""


@dataclass(frozen=True)
class Publisher:
    """A partnership as anybody may know it: its name, and the places it covers as people say them."""

    key: Key
    name: str
    localities: tuple[str, ...]


def publishers() -> tuple[Publisher, ...]:
    """This will list every partnership here, in order of name."""
    return tuple(Publisher(row.key, row.name, tuple(row.localities)) for row in Partnership.objects.all())


def publisher(partnership: Key) -> Publisher | None:
    """This will give one partnership; None where there is no such one."""
    return next((one for one in publishers() if one.key == partnership), None)


def publishers_of(key: Key) -> tuple[Publisher, ...]:
    """This will list the partnerships that run a procedure with this key now."""
    return tuple(one for one in publishers() if published(one.key, key) is not None)


def published(partnership: Key, key: Key) -> tuple[str, Procedure] | None:
    """This will give the procedure with a key that a partnership runs now, with its digest; None for any other."""
    return next((one for one in adopted(partnership) if one[1].key == key), None)


def advisers_in(partnership: Key) -> tuple[PostRef, ...]:
    """This will give the posts in a partnership whose work is to advise, and that somebody is in, agency by agency."""
    staffing = staffing_of(partnership, clock.today())
    found = (post for post, holders in staffing.holders.items() if holders and staffing.function(post) in ADVISERS)
    return tuple(sorted(found, key=lambda post: (post.agency, post.post)))


def clauses_of(digest: str, procedure: Procedure) -> Mapping[str, Clause]:
    """This will give the clauses of a procedure, in our own words, by id and in the order of the register.

    Those kept with the text that was adopted come first: a later release may word them otherwise.
    """
    row = ProcedureText.objects.filter(digest=digest).only("register").first()
    kept = {clause.id: clause for clause in (Clause(**one) for one in (row.register if row else ()))}
    shipped = {clause.id: clause for clause in clauses()}
    prefix = procedure.clause_prefix
    known = {**{key: one for key, one in shipped.items() if prefix and key.startswith(f"{prefix}.")}, **kept}
    return {key: kept.get(key, one) for key, one in known.items()}
