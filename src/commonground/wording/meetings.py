"""Plain English for everything that is said of a meeting."""

from __future__ import annotations

from typing import assert_never

from commonground.core.acts import Meet, Meets, Rounds
from commonground.wording.dates import day_or_moment
from commonground.wording.names import Names, listed


def words_of_meets(meets: Meets) -> str:
    """This will give what a button or link says that asks for this."""
    match meets:
        case Meets.CALLED:
            return "Call a meeting"
        case Meets.CHANGED:
            return "Change this meeting"
        case Meets.CANCELLED:
            return "Cancel this meeting"
        case Meets.ANSWERED:
            return "Say who can come"
        case Meets.HELD:
            return "Record a meeting"
        case Meets.MINUTES:
            return "Write the minutes"
        case Meets.DIFFERED:
            return "Say that you saw it differently"
        case Meets.SENT_ROUND:
            return "Send something round"
        case _:
            assert_never(meets)


def words_of_round(sent: Rounds) -> str:
    """This will name what of a meeting was sent round."""
    match sent:
        case Rounds.PAPERS:
            return "the papers"
        case Rounds.MINUTES:
            return "the minutes"
        case Rounds.DECISION:
            return "the decision"
        case _:
            assert_never(sent)


def meeting_in_words(ask: Meet, names: Names) -> str:
    """This will say what was done about a meeting, to stand after who did it."""
    when = f" for {day_or_moment(ask.meets_at)}" if ask.meets_at else ""
    match ask.does:
        case Meets.CALLED:
            return f"called a meeting{when}"
        case Meets.CHANGED:
            return f"changed a meeting{f': it is now{when}' if when else ''}"
        case Meets.CANCELLED:
            return f"cancelled a meeting{when}"
        case Meets.ANSWERED:
            coming = [f"{names.post(post)} comes" for post in ask.present]
            away = [f"{names.post(post)} cannot come" for post in ask.apologies]
            return f"answered for a meeting{f': {listed((*coming, *away))}' if coming or away else ''}"
        case Meets.HELD:
            return "recorded that a meeting was held"
        case Meets.MINUTES:
            return "wrote minutes of a meeting"
        case Meets.DIFFERED:
            return "saw it differently from a meeting"
        case Meets.SENT_ROUND:
            what = listed(words_of_round(one) for one in ask.rounds) if ask.rounds else "something"
            return f"sent {what} of a meeting round{f', to {names.posts(ask.told)}' if ask.told else ''}"
        case _:
            assert_never(ask.does)
