"""What the procedures of a partnership say, clause by clause, for people to read."""

from __future__ import annotations

from collections.abc import Mapping

from commonground.core.procedure import Key, Procedure
from commonground.language.library import clauses
from commonground.language.register import Clause
from commonground.people.models import ProcedureText
from commonground.usecases.situation import adopted


def published(partnership: Key, key: Key) -> tuple[str, Procedure] | None:
    """This will give the procedure with a key that a partnership runs now, with its digest; None for any other."""
    return next((one for one in adopted(partnership) if one[1].key == key), None)


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
