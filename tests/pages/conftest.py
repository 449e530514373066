"""The browser fixtures, and emptying tables that only grow, for every page test."""

from tests.browser import browser_page, chromium, page_without_scripts
from tests.storage import emptying

__all__ = ["browser_page", "chromium", "emptying", "page_without_scripts"]
