"""Whom to ring for a post, and when somebody last said that the number is right: the same words on every page."""

from __future__ import annotations

from datetime import date

from commonground.usecases.opposite import Opposite
from commonground.web import components as c
from commonground.web.pages.page import capital
from commonground.wording import Names, day
from commonground.wording.names import listed


def who_answers(one: Opposite, names: Names) -> str:
    """This will say who answers for a post today; where others serve for it, in which post they are and why."""
    serves = one.serving != one.post
    if one.people:
        people = listed(person.name for person in one.people)
        return f"{people}, who answers for it today: {one.how}." if serves else people
    return f"Today it is answered for by {names.post(one.serving)}." if serves else ""


def numbers_of(one: Opposite, names: Names) -> tuple[c.Phone, ...]:
    """This will give the numbers of the post that answers, by day and at other times; its name where it serves."""
    who = capital(names.post(one.serving)) if one.serving != one.post else "Telephone"
    by_day = (c.Phone(who, one.telephone, "in working hours" if one.out_of_hours else ""),) if one.telephone else ()
    at_night = (c.Phone(who, one.out_of_hours, "at all other times"),) if one.out_of_hours else ()
    return by_day + at_night


def said_confirmed(on: date | None) -> str:
    """This will say when a number was last confirmed; None where nobody ever did."""
    return f"Last confirmed on {day(on)}." if on else "Nobody has confirmed this number yet."
