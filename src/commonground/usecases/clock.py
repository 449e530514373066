"""The one clock. Every moment that a rule sees comes from here, with the command."""

from __future__ import annotations

from datetime import UTC, date, datetime

from commonground.core.time import LONDON


def now() -> datetime:
    """This will give the present moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """This will give today's date in London."""
    return now().astimezone(LONDON).date()
