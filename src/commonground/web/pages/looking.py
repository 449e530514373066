"""The page for looking at a disagreement that somebody has no part in."""

from __future__ import annotations

from dataclasses import dataclass

from commonground.web.forms.looking import LookForm
from commonground.web.pages.page import Page


@dataclass(frozen=True, kw_only=True)
class LookPage(Page):
    form: LookForm
    button: str
    sheet: str
    """Where what is typed is kept meanwhile (web/sheets.py)."""
    unsent: bool
    back_href: str
