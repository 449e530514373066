"""The one answer to a command: accepted, as an act with its effects and marks; or refused, with reasons.

What can stand against a command is in `reasons.py`; what an accepted one does is in `effects.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from commonground.core.acts import Act, Command, Mark, Used
from commonground.core.effects import Draft
from commonground.core.reasons import Refusal, reasons_against
from commonground.core.setting import Setting, calendar_name
from commonground.core.standing import Standing, counted

WRITTEN_LATE_AFTER = timedelta(hours=24)
"""A note written up later than this after what it tells of is marked so."""


@dataclass(frozen=True)
class Accepted:
    act: Act
    standing: Standing
    """What it all adds up to, this act included."""

    @property
    def marks(self) -> frozenset[Mark]:
        return frozenset(self.act.marks)


@dataclass(frozen=True)
class Refused:
    reasons: tuple[Refusal, ...]


def decide(setting: Setting, standing: Standing, command: Command) -> Accepted | Refused:
    """This will answer a command on a standing: accepted, as an act with its effects; or refused, with reasons.

    Pure: the same setting, standing and command always give the same answer. Nothing is written here.
    """
    reasons = tuple(reasons_against(setting, standing, command))
    if reasons:
        return Refused(reasons)
    draft = Draft(setting, standing, command)
    draft.carry_out()
    happened_at = command.happened_at or command.at
    if command.at - happened_at > WRITTEN_LATE_AFTER:
        draft.mark(Mark.WRITTEN_LATE)
    act = Act(
        id=command.id,
        by=command.by,
        ask=command.ask,
        happened_at=happened_at,
        recorded_at=command.at,
        said=command.said,
        effects=tuple(draft.effects),
        marks=tuple(sorted(draft.marks)),
        used=Used(procedure=setting.digest, calendar=calendar_name(setting)),
    )
    return Accepted(act, counted(draft.standing, command.at))
