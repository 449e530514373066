"""Keeps what somebody typed into a form that was not sent: too long, overtaken, unsound, or not finished.

A draft is its writer's alone. It holds the values as the browser sent them, so that a form can be filled in again
exactly as it was, mistakes and all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from commonground.core.procedure import Key
from commonground.usecases import clock
from commonground.web.models import DraftRow

Values = Mapping[str, Sequence[str]]
"""By field, the texts that were sent for it: one, or several for checkboxes."""


@dataclass(frozen=True)
class Draft:
    values: Values
    kept_at: datetime


def kept(person: Key, place: str) -> Draft | None:
    """This will give what a person's form was left with; None where nothing was."""
    row = DraftRow.objects.filter(person=person, place=place).first()
    return Draft(json.loads(row.values), row.kept_at) if row else None


def keep(person: Key, place: str, values: Values) -> None:
    """This will keep the values of a form in place of any kept before."""
    DraftRow.objects.update_or_create(
        person=person, place=place, defaults={"values": json.dumps(dict(values)), "kept_at": clock.now()}
    )


def forget(person: Key, place: str) -> None:
    """This will drop a form's draft: what was in it was sent, or its writer wants none of it."""
    DraftRow.objects.filter(person=person, place=place).delete()
