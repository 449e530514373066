"""Keeps what somebody typed into a form that was not sent: while they type, cut off, too long, overtaken, unsound.

A draft is its writer's alone. It holds the values as the browser sent them, so that a form can be filled in again
exactly as it was, mistakes and all.

- Each page of a form keeps a draft of its own. The last typed fills the boxes; what another tab typed is shown beside.
- A page that was filled from a draft takes its place once something is typed there.
- What was sent is no draft any more, however late a browser's last save of it arrives.
- A draft that nobody touches is there for `LASTS`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.crypto import salted_hmac

from commonground.core.procedure import Key
from commonground.sql import run, together
from commonground.usecases import clock
from commonground.web.models import DoneForm, DraftRow
from commonground.web.sheets import Sheet

Values = Mapping[str, Sequence[str]]
"""By field, the texts that were sent for it: one, or several for checkboxes."""

LASTS: Final = timedelta(days=30)
"""How long a draft that nobody touches is kept. The page on how records are kept says so."""

MINUTE: Final = timedelta(minutes=1)
SAVES_A_MINUTE: Final = 60
"""By one page while somebody types. Ours saves after a pause of two seconds."""

MOST_PAGES: Final = 10
"""How many tabs of one form are kept apart."""


@dataclass(frozen=True)
class Draft:
    values: Values
    kept_at: datetime
    page: str = ""
    """The page it was typed into; empty where the service itself kept it."""
    command: UUID | None = None
    """What sending that page would be."""
    others: tuple[Draft, ...] = ()
    """What was typed into the same form in other tabs, and is not in this one."""


class Became(Enum):
    """What became of something that was typed."""

    KEPT = "kept"
    ELSEWHERE = "kept, and something else was typed in another tab"
    DONE = "not kept: the form was sent, or dropped"
    TOO_OFTEN = "not kept: the page saves too often"


@dataclass(frozen=True)
class Saved:
    became: Became
    count: int = 0
    """Of the newest save that the page has here. Higher than its own for one that was overtaken."""


# --- Reading ----------------------------------------------------------------------------------------------------------


def kept(person: Key, place: str) -> Draft | None:
    """This will give what a person's form was left with, the last typed of all tabs; None where nothing was."""
    return _newest(_live(person, place, place))


@dataclass(frozen=True)
class Answers:
    """What each form of several was left with, by its place."""

    by_place: Mapping[str, Draft]
    begun: bool
    """Whether an answer was given to any of them, even an empty one."""


def kept_below(person: Key, place: str) -> Answers:
    """This will give what several forms were left with: that at `place` itself, and all below it."""
    found: defaultdict[str, list[DraftRow]] = defaultdict(list)
    for row in _live(person, place, f"{place}/%"):
        found[row.place].append(row)
    drafts = ((where, _newest(rows)) for where, rows in found.items())
    return Answers({where: draft for where, draft in drafts if draft is not None}, begun=bool(found))


def _live(person: Key, place: str, like: str) -> Iterable[DraftRow]:
    return DraftRow.objects.raw(_LIVE, [person, place, like, clock.now() - LASTS])


# In SQL, because every page of raising asks it, and every form of an act.
_LIVE: Final = """SELECT * FROM drafts WHERE person = %s AND (place = %s OR place LIKE %s) AND kept_at > %s
    AND NOT EXISTS (SELECT 1 FROM done_forms WHERE done_forms.command = drafts.command)"""


def _newest(rows: Iterable[DraftRow]) -> Draft | None:
    newest = sorted(rows, key=lambda row: (row.typed_at, row.pk), reverse=True)
    drafts = [Draft(json.loads(row.values), row.kept_at, row.page, row.command) for row in newest]
    drafts = [draft for draft in drafts if not is_blank(draft.values)]
    if not drafts:
        return None
    first, others = drafts[0], drafts[1:]
    return replace(first, others=tuple(one for one in others if one.values != first.values))


def is_blank(values: Values) -> bool:
    """This will say whether nothing was typed or chosen."""
    return not any(text.strip() for texts in values.values() for text in texts)


# --- Keeping ----------------------------------------------------------------------------------------------------------


def save(sheet: Sheet, values: Values, count: int | None, typed_at: datetime, *, typing: bool = False) -> Saved:
    """This will keep what a page of a form holds, unless something newer of that page is kept already.

    `count` rises with every save of a page; None for one that is the newest. `typed_at` is when the last of it was
    typed. `typing`: the page saves by itself, and may do so `SAVES_A_MINUTE` times a minute.
    """
    at = clock.now()
    if _is_done(sheet.command):
        return Saved(Became.DONE)
    text, mine = json.dumps(dict(values)), _of(sheet.person, sheet.place).filter(page=sheet.page)
    row = mine.first()
    count = (row.count if row else 0) + 1 if count is None else count
    if typing and row is not None and _too_often(row, at):
        return Saved(Became.TOO_OFTEN)
    # Leaving a question open is an answer too, and so is emptying its box. A page that nobody typed into is none.
    if row is None and not (typing and is_blank(values) and sheet.filled_from is None):
        _make_room(sheet.person, sheet.place)
        new = {"command": sheet.command, "values": text, "kept_at": at, "typed_at": typed_at, "count": count}
        row, _ = DraftRow.objects.get_or_create(
            person=sheet.person, place=sheet.place, page=sheet.page, defaults={**new, "saves": 1, "saves_since": at}
        )
    newest = count
    if row is not None:
        later = {"command": sheet.command, "values": text, "kept_at": at, "typed_at": typed_at, "count": count}
        if not mine.filter(count__lt=count).update(**later):
            newest = mine.values_list("count", flat=True).first() or count
        _came_of(sheet).delete()
    # Asked last: a form that was sent while this ran has dropped what was there, and this may have come just after.
    if _is_done(sheet.command):
        mine.delete()
        return Saved(Became.DONE)
    return Saved(Became.ELSEWHERE if _typed_elsewhere(sheet, values) else Became.KEPT, newest)


def keep(person: Key, place: str, values: Values, command: UUID | None = None) -> None:
    """This will keep the values of a form in place of any that the service itself kept before.

    `command`: what sending it would be, where it is known.
    """
    at = clock.now()
    DraftRow.objects.update_or_create(
        person=person,
        place=place,
        page="",
        defaults={"values": json.dumps(dict(values)), "kept_at": at, "typed_at": at, "command": command},
    )


def _of(person: Key, place: str) -> QuerySet[DraftRow]:
    return DraftRow.objects.filter(person=person, place=place)


def _came_of(sheet: Sheet) -> QuerySet[DraftRow]:
    """Find the draft that a page was filled from. Where it was typed into since, it is another tab's now, and stays."""
    found = _of(sheet.person, sheet.place).filter(page=sheet.filled_from or "", kept_at__lte=sheet.opened_at)
    return found if sheet.filled_from is not None else found.none()


def _typed_elsewhere(sheet: Sheet, values: Values) -> bool:
    others = _of(sheet.person, sheet.place).exclude(page=sheet.page).filter(kept_at__gt=sheet.opened_at)
    texts = (json.loads(row.values) for row in others)
    return any(text != dict(values) and not is_blank(text) for text in texts)


def _too_often(row: DraftRow, at: datetime) -> bool:
    mine = DraftRow.objects.filter(pk=row.pk)
    if row.saves_since is None or row.saves_since < at - MINUTE:
        mine.update(saves=1, saves_since=at)
        return False
    mine.update(saves=F("saves") + 1)
    return row.saves >= SAVES_A_MINUTE


def _make_room(person: Key, place: str) -> None:
    """Drop the oldest page of a form that is open in very many tabs."""
    oldest = _of(person, place).order_by("-typed_at", "-pk").values_list("pk", flat=True)[MOST_PAGES - 1 :]
    DraftRow.objects.filter(pk__in=list(oldest)).delete()


# --- What was sent, and what is dropped -------------------------------------------------------------------------------


def _is_done(command: UUID) -> bool:
    return DoneForm.objects.filter(command=command).exists()


def done(command: UUID, values: Values | None = None) -> None:
    """This will remember that a form was sent, with these values, or dropped: nothing brings its draft back."""
    DoneForm.objects.get_or_create(command=command, defaults={"done_at": clock.now(), "sent": digest_of(values or {})})
    DraftRow.objects.filter(command=command).delete()


def sent(sheet: Sheet, values: Values) -> None:
    """This will drop all that a page showed, because it was sent. What another tab typed since stays."""
    with transaction.atomic():
        done(sheet.command, values)
        _of(sheet.person, sheet.place).filter(Q(page=sheet.page) | Q(kept_at__lte=sheet.opened_at)).delete()


def was_sent_with(command: UUID, values: Values) -> bool:
    """This will say whether a form was sent with these values: the same words again, when somebody went back to it."""
    return not is_blank(values) and DoneForm.objects.filter(command=command, sent=digest_of(values)).exists()


def was_sent_otherwise(command: UUID, values: Values) -> bool:
    """This will say whether a form that was sent comes again with other values than it was sent with."""
    row = DoneForm.objects.filter(command=command).first()
    return row is not None and not is_blank(values) and row.sent != digest_of(values)


def forget(person: Key, place: str) -> None:
    """This will drop a form's drafts: what was in it was sent, or its writer wants none of it."""
    _of(person, place).delete()


def forget_below(person: Key, place: str, command: UUID) -> None:
    """This will drop the drafts of several forms that one command sends, and remember that it was done."""
    below = [person, place, f"{place}/%"]
    with transaction.atomic():  # one write to the disk, not one for each form
        forms = {command, *(UUID(str(each)) for (each,) in run(_COMMANDS, below).fetchall())}
        sent, at = digest_of({}), clock.now()
        done = [value for each in forms for value in (each, at, sent)]
        with together():
            run(_DONE.format(", ".join(["(%s, %s, %s)"] * len(forms))), done)
            run(f"DELETE FROM drafts WHERE {_BELOW}", below)  # noqa: S608
            # Of the same forms, where they were begun as something else.
            run(_DROP.format(", ".join(["%s"] * len(forms))), [*forms])


_BELOW: Final = "person = %s AND (place = %s OR place LIKE %s)"
_COMMANDS: Final = f"SELECT DISTINCT command FROM drafts WHERE {_BELOW} AND command IS NOT NULL"  # noqa: S608
_DONE: Final = "INSERT INTO done_forms (command, done_at, sent) VALUES {} ON CONFLICT DO NOTHING"
_DROP: Final = "DELETE FROM drafts WHERE command IN ({})"


def clear_away(at: datetime) -> None:
    """This will delete what nobody has touched for `LASTS`; for the worker."""
    DraftRow.objects.filter(kept_at__lte=at - LASTS).delete()
    DoneForm.objects.filter(done_at__lte=at - LASTS).delete()  # as long as a draft of it could still turn up


def digest_of(values: Values) -> str:
    """This will tell values from other values. Keyed: from the digest alone nobody can guess what was typed."""
    said = json.dumps({name: list(texts) for name, texts in values.items()}, sort_keys=True)
    return salted_hmac("commonground.drafts", said, algorithm="sha256").hexdigest()
