"""Why somebody can see a disagreement, as the sentence that its page shows them."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from commonground.people.access import Relation
from commonground.wording import moment


def why_in_words(relation: Relation, until: datetime | None = None) -> str:
    """This will say why its reader can see a disagreement; `until` is when their part ended, if it has."""
    match relation:
        case Relation.RAISER:
            return "You can see this because you raised it."
        case Relation.CHALLENGING:
            return "You can see this because your post has a part in it, for the side that raised it."
        case Relation.RESPONDING:
            return "You can see this because your post has a part in it, for the side that was asked."
        case Relation.BROUGHT_IN:
            return "You can see this because your post was brought in."
        case Relation.LEAD:
            return "You can see this because you lead on safeguarding in an agency on one of its sides."
        case Relation.OFFICE:
            return "You can see this because the procedure has given the partnership’s office a part in it."
        case Relation.GUEST:
            return "You can see this by the link that was made for you. It opens nothing else."
        case Relation.REASON:
            return "You can see this for the reason you gave. Both sides’ leads were told. It ends by itself."
        case Relation.OFFICE_DATES:
            return "You see its posts and dates. The office has no part in it yet, so the words are not for you."
        case Relation.SCRUTINEER:
            return "You see how it went, without words and without names of people."
        case Relation.FORMER:
            ended = f" at {moment(until)}" if until else ""
            return f"Your part in this ended{ended}. You see what was there until then, and nothing after."
        case Relation.CLOCK:
            return "The service’s own clock sees when it is due."
        case _:
            assert_never(relation)
