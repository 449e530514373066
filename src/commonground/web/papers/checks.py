"""Says at the start, and in `commonground systemcheck`, what keeps PDF from being made. Nothing stops for it."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Warning, register

from commonground.web.papers.pdf import missing


@register()
def pdf_can_be_made(**_: Any) -> list[CheckMessage]:
    """This will give one warning where PDF cannot be made here, with the packages to install."""
    why = missing()
    hint = "Papers are still there as Word documents, and every page can be printed."
    return [Warning(why, hint=hint, id="commonground.W001")] if why else []
