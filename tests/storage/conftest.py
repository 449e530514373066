"""Loads what the tests of storage need."""

from tests.storage import emptying

__all__ = ["emptying"]
