"""The browser fixtures, emptying tables that only grow, and a small partnership, for every page test."""

import pytest
from pytest_django.fixtures import Settings

from tests.browser import browser_page, chromium, page_without_scripts
from tests.partnership import Small, small
from tests.storage import emptying

__all__ = ["browser_page", "chromium", "emptying", "page_without_scripts"]


@pytest.fixture
def demonstration(settings: Settings) -> None:
    """Let people be chosen."""
    settings.DEMONSTRATION = True


@pytest.fixture
def riverside(transactional_db: None, demonstration: None) -> Small:
    """A partnership that runs one of the shipped procedures."""
    return small()
