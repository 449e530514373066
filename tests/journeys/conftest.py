"""What every journey starts from: a browser, an empty record, and a demonstration."""

from tests.browser import browser_page, chromium, page_without_scripts
from tests.pages.conftest import demonstration
from tests.storage import emptying

__all__ = ["browser_page", "chromium", "demonstration", "emptying", "page_without_scripts"]
