"""What a post is for: its tier in its agency, or its function. The directory says it; failing that, functions.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML

from commonground.core.procedure import Key


class Function(StrEnum):
    """What a post is for. The first five are tiers, from the front line up."""

    PRACTITIONER = "practitioner"
    FIRST_LINE = "first-line manager"
    SENIOR = "senior manager"
    HEAD_OF_SERVICE = "head of service"
    DIRECTOR = "director"
    SAFEGUARDING_LEAD = "safeguarding lead"
    """Designated, named or lead safeguarding professional."""
    PROFESSIONAL_LEAD = "professional lead"
    CONFERENCE_CHAIR = "conference chair"
    SENIOR_PROTECTION_MANAGER = "senior child protection manager"
    PROTECTION_ADVISER = "child protection adviser"
    PARTNERSHIP_MANAGER = "partnership manager"
    SCRUTINEER = "independent scrutineer"
    PANEL_MEMBER = "panel member"
    OTHER = "other"


TIERS: Final[Mapping[Function, int]] = {
    Function.PRACTITIONER: 1,
    Function.FIRST_LINE: 2,
    Function.SENIOR: 3,
    Function.HEAD_OF_SERVICE: 4,
    Function.PROFESSIONAL_LEAD: 4,
    Function.DIRECTOR: 5,
}
"""The front line is 1. A function that is not here is no tier."""


@cache
def _usual() -> Mapping[Key, Function]:
    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    return {post: Function(function) for post, function in YAML(typ="safe").load(text).items()}


def function_of(post: Key, said: str = "") -> Function:
    """This will give what a post is for: what the directory says, else what its key usually means, else OTHER."""
    return Function(said) if said in set(Function) else _usual().get(post, Function.OTHER)
