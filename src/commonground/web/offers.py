"""What is open to a reader and what is not: everything that `usecases.reading` found possible, one offer for each form.

No rule is here. Several asks that one form answers (each result of a decision, each ending) become one offer, which is
open while any of them is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, assert_never

from commonground.core.acts import (
    Advise,
    Ask,
    Confirm,
    Decide,
    Dissent,
    Flag,
    Flags,
    GoUp,
    Meet,
    Meets,
    Note,
    PassTime,
    Propose,
    Raise,
    Redate,
    Refer,
    Reopen,
    Reply,
    Report,
    SetDate,
    Sets,
    StateView,
    Talk,
    Waits,
    What,
    Withdraw,
    Write,
)
from commonground.core.procedure import Deed
from commonground.core.reasons import Refusal
from commonground.core.setting import step_now
from commonground.core.standing import Standing
from commonground.usecases.reading import Possible, Reading
from commonground.wording import Names, label_of_ask

Slug = str
"""The last part of a form's address: /d/REFERENCE/SLUG."""

TOGETHER: Final = {
    "decide": "Record a decision",
    "propose": "Put forward an outcome",
    "report": "Say how an action stands",
    "refer": "Send it back, or refer it on",
    "confirm-for": "Confirm for a side that did not answer",
    "advice": "Record advice, or ask for it",
    "urgency": "Say how urgent it is",
}
"""What the button says where one form answers several asks."""


@dataclass(frozen=True)
class Offer:
    """One form. With no `asks` it is not open, and `reasons` say why."""

    slug: Slug
    text: str
    asks: tuple[Ask, ...]
    reasons: tuple[Refusal, ...]


def slug_of(ask: Ask) -> Slug | None:
    """This will say which form answers an ask; None for what no form of a disagreement's page asks."""
    match ask:
        case Raise() | PassTime() | Redate():
            return None
        case Reply():
            return "reply"
        case Talk():
            return "talk"
        case Write():
            return "write"
        case Note():
            return "note"
        case Advise():
            return "advice"
        case StateView():
            return "view"
        case Meet() as meet:
            # What else is said of a meeting is asked on the meeting's own page.
            return {Meets.HELD: "meeting-held", Meets.CALLED: "call-meeting"}.get(meet.does)
        case SetDate(sets=sets):
            return _DATES[sets]
        case Decide():
            return "decide"
        case Dissent():
            return "dissent"
        case Flag(flag=flag):
            return "reached" if flag is Flags.OTHER_SIDE else "policy"
        case Refer():
            return "refer"
        case Propose():
            return "propose"
        case Confirm(agrees=agrees, for_side=for_side):
            if for_side is not None:
                return "confirm-for"
            return "confirm" if agrees else "does-not-stand"
        case Report():
            return "report"
        case Withdraw():
            return "withdraw"
        case GoUp():
            return "go-up"
        case Reopen():
            return "reopen"
        case _:
            assert_never(ask)


_DATES: Final = {
    Sets.CHILDS_DATE: "childs-date",
    Sets.STATED: "time",
    Sets.AGREED: "time",
    Sets.LENGTHEN: "longer-time",
    Sets.RATING: "urgency",
}


def offers(reading: Reading, names: Names) -> dict[Slug, Offer]:
    """This will give an offer for each form there could be, in the order of `usecases.reading`."""
    found: dict[Slug, list[Possible]] = {}
    for one in reading.possible:
        slug = slug_of(one.ask)
        if slug is not None:
            found.setdefault(slug, []).append(one)
    return {
        slug: Offer(
            slug,
            TOGETHER.get(slug) or label_of_ask(several[0].ask, names, reading.standing),
            tuple(one.ask for one in several if not one.reasons),
            tuple(dict.fromkeys(reason for one in several for reason in one.reasons)),
        )
        for slug, several in found.items()
    }


def answering(reading: Reading) -> tuple[Slug, ...]:
    """This will say which forms answer what is waited for now, the likeliest first."""
    waits = reading.standing.waits
    if waits is None or waits.what is None:
        return ()
    return tuple(_answering(reading.standing, waits, reading))


def _answering(here: Standing, waits: Waits, reading: Reading) -> Iterable[Slug]:
    match waits.what:
        case What.STEP:
            step = step_now(reading.setting, here)
            return _DEEDS[step.do] if step is not None else ()
        case What.SETTLE:
            return ("propose",)
        case What.DECIDE:
            return ("decide",)
        case What.CONFIRM:
            return ("confirm", "does-not-stand")
        case What.ANSWER | What.LOOK_AGAIN:
            return ("decide", "confirm-for", "propose", "write")
        case What.REACH:
            return ("reached",)
        case What.ACTION:
            return ("report",)
        case None:
            return ()
        case _:
            assert_never(waits.what)


_DEEDS: Final = {
    Deed.WRITE: ("write",),
    Deed.ANSWER: ("write",),
    Deed.TALK: ("talk",),
    Deed.REPLY: ("reply",),
    Deed.ADVISE: ("advice",),
    Deed.VIEW: ("view",),
    Deed.MEET: ("call-meeting", "meeting-held"),
    Deed.DISSENT: ("dissent",),
}
