"""Every paper is a demonstration's."""

from tests.pages.conftest import demonstration, riverside

__all__ = ["demonstration", "riverside"]
