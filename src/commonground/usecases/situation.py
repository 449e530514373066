"""Builds the setting a command is answered in: the pinned procedure, the nation's calendar, the posts that apply."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from commonground.core.acts import Flag, Flags
from commonground.core.procedure import Key, Procedure
from commonground.core.setting import Setting
from commonground.core.standing import Standing
from commonground.core.time import Calendar
from commonground.language.calendars import load_calendar
from commonground.language.library import shipped
from commonground.language.reader import read_with_digest
from commonground.language.register import Clause
from commonground.people.directory import Directory, directory_of
from commonground.people.guests import posts_of as guest_posts
from commonground.people.models import ProcedureText
from commonground.record import store
from commonground.sql import run
from commonground.usecases import clock


class NoSuchProcedure(LookupError):
    """A disagreement is pinned to a text that is not here: a loud stop, never another text instead."""


@lru_cache(maxsize=64)
def pinned(digest: str) -> Procedure:
    """This will give the procedure with this digest, exactly as it was read when it was adopted."""
    for procedure, known in shipped().values():
        if known == digest:
            return procedure
    row = ProcedureText.objects.filter(digest=digest).first()
    if row is None:
        raise NoSuchProcedure(digest)
    register = tuple(Clause(**clause) for clause in row.register) or None
    kept = read_with_digest(row.text, row.key, clauses=register, find=row.layers.get)
    if kept.digest != digest:
        raise NoSuchProcedure(f"the text kept under {digest} has the digest {kept.digest}")
    return kept.procedure


@lru_cache(maxsize=8)
def calendar_of(nation: str) -> Calendar:
    """This will give the newest calendar of a nation."""
    return load_calendar(nation)


def setting_for(partnership: Key, digest: str, changes: int | None = None) -> Setting:
    """This will build the setting for a disagreement of a partnership that is pinned to a procedure.

    `changes` is how often its directory has changed, for a caller that has just read it.
    """
    return setting_in(directory_of(partnership, clock.today(), changes), digest)


def setting_in(directory: Directory, digest: str) -> Setting:
    """This will build the same of a directory that is at hand."""
    return Setting(pinned(digest), digest, calendar_of(directory.nation), directory.office, directory.agencies)


def with_reached_here(setting: Setting, disagreement: UUID, here: Standing, at: datetime) -> Setting:
    """This will give a setting as it is in one disagreement: with whoever was reached, or acts by a link, in it.

    Of agencies that are not on the service only, so that everybody else pays nothing for it.
    """
    away = {key for key, agency in setting.agencies.items() if not agency.reached}
    if here.responding:
        away &= {*here.challenging, *here.responding, *here.others}
    if not away:
        return setting
    guests = [post for post in guest_posts(disagreement, at) if post.agency in away]
    flags = [act.ask for act in store.read(disagreement) if isinstance(act.ask, Flag)]
    reached = {flag.agency for flag in flags if flag.flag is Flags.OTHER_SIDE} & away
    changed = {
        key: replace(
            setting.agencies[key],
            posts=setting.agencies[key].posts | {post.post for post in guests if post.agency == key},
            reached=key in reached,
        )
        for key in away
    }
    return replace(setting, agencies={**setting.agencies, **changed})


def adopted(partnership: Key) -> tuple[tuple[str, Procedure], ...]:
    """This will list the procedures a partnership runs now, each with its digest, the first adopted first."""
    found = run(_ADOPTED, [partnership, clock.today()]).fetchall()
    return tuple((digest, pinned(digest)) for (digest,) in found)


_ADOPTED: Final = """SELECT procedure_id FROM adoptions WHERE partnership_id = %s AND ended_on IS NULL
    AND adopted_on <= %s ORDER BY adopted_on, id"""
