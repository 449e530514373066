"""The browser fixtures, for every page test."""

from tests.browser import browser_page, chromium, page_without_scripts

__all__ = ["browser_page", "chromium", "page_without_scripts"]
