"""Deletes what nobody sent and what is over, when its time has come. The page on how records are kept says the times.

The pages keep things of their own, and say here what of theirs goes (`also`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.contrib.sessions.backends.db import SessionStore

from commonground.usecases import attaching

logger = logging.getLogger(__name__)

Clears = Callable[[datetime], object]

_ALSO: Final[dict[str, Clears]] = {}


def also(name: str, clears: Clears) -> None:
    """This will have something more cleared away, under a name for the log. Given the moment it is."""
    _ALSO[name] = clears


def clear_away(at: datetime) -> None:
    """This will delete files that nobody sent, sessions that are over, and all that `also` named.

    One that fails is logged and stops no other.
    """
    ours: dict[str, Clears] = {"files": attaching.clear_away, "sessions": _clear_sessions}
    for name, clears in {**ours, **_ALSO}.items():
        try:
            clears(at)
        except Exception:
            # Whatever it was, the others must not stay because of it; the next look round tries again.
            logger.exception("Nothing was cleared away of the %s", name)


def _clear_sessions(at: datetime) -> None:
    SessionStore.clear_expired()  # by the session's own clock
