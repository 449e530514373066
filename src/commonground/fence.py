"""The fence between partnerships: what belongs to one of them is simply not there for anybody in another.

people/access.py decides what somebody may reach. This holds where a line forgot to ask: a query of a fenced table with
no partnership in scope raises `ScopeError`, and inside a partnership's fence rows of every other are not found, not
counted, not changed and not deleted. Use cases enter it from their `Scope`; nobody else does.

Two doors lead to the tables, and both are fenced: the managers of the models (`Fenced`) and statements (sql.py).
Which partnership is in scope is kept by django-scopes, for each thread and task apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, update_wrapper
from inspect import isgeneratorfunction
from typing import Any, ClassVar, Concatenate, Final, ParamSpec, Protocol, TypeVar

from django.apps import apps
from django.db import models
from django.db.models.functions import Coalesce
from django_scopes import ScopeError, get_scope, scope, scopes_disabled
from django_scopes.state import state

__all__ = ["ScopeError"]

TABLES: Final = frozenset(
    {
        "acts",
        "deliveries",
        "guest_links",
        "looks",
        "messages",
        "openings",
        "parties",
        "parts",
        "search",
        "standings",
        "tick_lists",
        "words",
    }
)
"""What is behind the fence: every table that says something of one disagreement, and a partnership's own lists."""

HERE: Final = "{0} = COALESCE(%s, {0})"
"""For a statement, with the column that names the partnership: only rows of the one in scope. Its value is `here()`.

Written so that no index answers it: rows are found by what was asked for, and then held to the partnership. As a plain
equality SQLite took it for the way in, and read everything that the partnership has.
"""
NOT_ELSEWHERE: Final = "NOT EXISTS (SELECT 1 FROM standings WHERE disagreement = %s AND partnership <> %s)"
"""For a statement about one disagreement: nothing, where it is another partnership's. Values: its id, and `here()`.

Not "only where it is ours": a disagreement has no standing row before its first act is written, and one whose row was
taken away must be found out, and not vanish.
"""

OURS: Final = f"CASE WHEN {NOT_ELSEWHERE} THEN %s END"
"""For the `disagreement` of a row to be put in: NULL, which no column takes, where it is another partnership's.

Values: its id, `here()`, its id. Of several rows about one disagreement, the first one's is enough.
"""


# --- Which partnership is in scope ------------------------------------------------------------------------------------


@contextmanager
def inside(partnership: str) -> Iterator[None]:
    """This will let what is within reach one partnership, and nothing of any other.

    ScopeError inside another's fence: who has seats in several partnerships asks in one after the other. Never around
    a `yield`: the caller would be inside too.
    """
    now = get_scope()
    if now.get("partnership", partnership) != partnership:
        raise ScopeError(f"inside the fence of {now['partnership']}, and {partnership} is another")
    with scope(partnership=partnership):
        yield


class Scoped(Protocol):
    """What says in which partnership somebody asks: access.Scope."""

    @property
    def partnership(self) -> str:
        """Its key."""


S = TypeVar("S", bound=Scoped)
P = ParamSpec("P")
T = TypeVar("T")


def entered(use_case: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """This will run a use case inside the fence of the scope it is given first."""
    if isgeneratorfunction(use_case):
        raise TypeError(f"{use_case.__name__} yields, and its caller would be inside the fence too")

    def inside_its_fence(scope: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with inside(scope.partnership):
            return use_case(scope, *args, **kwargs)

    update_wrapper(inside_its_fence, use_case)
    return inside_its_fence


@contextmanager
def everywhere(why: str) -> Iterator[None]:
    """This will let what is within go across partnerships, for a reason that whoever reads the line can judge.

    For the service's own work alone: tools/house.py has the list of files that may. ScopeError inside a fence: nothing
    leads out of one. Never around a `yield`.
    """
    if not why:
        raise ValueError("going across partnerships takes a reason")
    if "partnership" in get_scope():
        raise ScopeError(f"inside the fence of {get_scope()['partnership']}: {why}")
    with scopes_disabled():
        yield


@contextmanager
def outside() -> Iterator[None]:
    """This will begin anew with no partnership in scope, whatever the caller's was: for each request, and for tests."""
    before = state.set(None)
    try:
        yield
    finally:
        state.reset(before)


def here() -> str | None:
    """This will give the partnership in scope; None where what is done goes across. ScopeError where there is none."""
    now = get_scope()
    if "partnership" in now:
        return str(now["partnership"])
    if now.get("_enabled", True):
        raise ScopeError("no partnership is in scope: a use case enters with `fence.inside(scope.partnership)`")
    return None


def only(partnership: str) -> None:
    """This will raise ScopeError where a partnership is not the one in scope."""
    if here() not in (None, partnership):
        raise ScopeError(f"inside the fence of {here()}, and {partnership} is another")


# --- The two doors ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def is_fenced(statement: str) -> bool:
    """This will say whether a statement touches a table behind the fence."""
    return not TABLES.isdisjoint(re.findall(r"\w+", statement.lower()))


M = TypeVar("M", bound=models.Model, covariant=True)


class FencedRows(models.QuerySet[M]):
    """Rows of one partnership. Nothing is put in for another."""

    def _insert(self, objs: Any, *args: Any, **how: Any) -> Any:
        # Every way of creating rows ends here: save, create, bulk_create, get_or_create.
        for row in objs:
            partnership = getattr(row, "partnership_id", getattr(row, "partnership", None))
            if partnership is not None:
                only(partnership)
        return super()._insert(objs, *args, **how)  # type: ignore[misc]  # Django's own, and not in its stubs


class FencedManager(models.Manager[M]):
    """Finds the rows of the partnership in scope; ScopeError where there is none.

    django-scopes has a manager too, whose answer outside is a query set that refuses most questions. `exists` is not
    among them (2.1.0), so this one gives no query set at all.
    """

    def get_queryset(self) -> models.QuerySet[M]:
        """This will give the rows there are for the partnership in scope."""
        rows: models.QuerySet[M] = FencedRows(self.model, using=self._db)
        partnership = here()
        if partnership is None:
            return rows
        if any(field.name == "partnership" for field in self.model._meta.fields):
            return rows.filter(partnership=Coalesce(models.Value(partnership), "partnership"))  # HERE, for the ORM
        disagreement = models.OuterRef(self.model.disagreement_by)  # type: ignore[attr-defined]  # it is Fenced
        standings: models.Manager[Any] = apps.get_model("record", "StandingRow").objects
        return rows.filter(models.Exists(standings.filter(disagreement=disagreement)))


class Fenced(models.Model):
    """What every table behind the fence is. Django's own way past a manager (`_base_manager`) is the same manager."""

    disagreement_by: ClassVar = "disagreement"
    """How its rows lead to their disagreement, where they do not name the partnership themselves."""

    objects = FencedManager()

    class Meta:
        """No table of its own."""

        abstract = True
        base_manager_name = "objects"
