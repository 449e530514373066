"""Every journey is a demonstration's."""

from tests.pages.conftest import demonstration

__all__ = ["demonstration"]
