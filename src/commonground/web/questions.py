"""What the words in an act are called where they are shown: the questions that our own forms ask.

A procedure's own questions bring their own text; anything else is called by its field.
"""

from __future__ import annotations

from typing import Final

from commonground.core.acts import Act, PassTime, Redate
from commonground.core.procedure import Key, Procedure

CALLED: Final = {
    "action": "Action",
    "advice": "The advice",
    "answer": "The answer",
    "attached file": "Attached file",
    "child": "The child or children",
    "decided by": "Who made the decision",
    "decision": "The decision or lack of action",
    "differing views": "Who saw it differently, and how",
    "dissent": "Their dissent, in their own words",
    "minutes": "Minutes",
    "handover": "For whoever answers meanwhile",
    "note": "The agency's own note",
    "other area": "Which other area it concerns",
    "open issues": "What is still open, and how it is taken forward",
    "outcome": "The outcome",
    "policy issue": "The question about policy",
    "purpose": "What the meeting is for",
    "question": "What was asked",
    "reasons": "Reasons",
    "said": "What was said",
    "shared note": "What the agency shares of its note",
    "wanted": "What should happen for the child",
    "where": "Where it is, or how to join",
    "where to": "Where it was referred to",
    "words": "What they wrote",
    "worry": "The worry for the child, and what shows it",
}


def called(field: Key, procedure: Procedure) -> str:
    """This will say what a piece of words is, as a label above it."""
    if field in CALLED:
        return CALLED[field]
    if field.startswith("why not "):
        return "Why a step was not done"
    if field.startswith("action "):
        return CALLED["action"]
    asked = next((ask.text for ask in procedure.asks if ask.key == field), None)
    return asked or field.replace("-", " ").capitalize()


def by_the_clock(act: Act) -> bool:
    """This will say whether the service's own clock wrote an act."""
    return isinstance(act.ask, PassTime | Redate)
