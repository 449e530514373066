"""What leaves the service: a reference, what, by when and a link. No name of anybody or anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from commonground.core.procedure import TellOn
from commonground.core.telling import Beside, Notice
from commonground.core.time import Due
from commonground.wording.dates import moment, on_or_at
from commonground.wording.labels import DANGER


@dataclass(frozen=True)
class Message:
    """What leaves the service: nothing in it names a person, an agency, a post or a child."""

    subject: str
    body: str


def message_of(
    notice: Notice, reference: str, link: str, due: Due | None = None, meets_at: datetime | None = None
) -> Message:
    """This will word a message about something that happened. `due`: by when the post that is told has to act.

    `meets_at`: when the meeting is that the message is about.
    """
    happened = words_of_tell(notice.about)
    about = "your move" if notice.to_act else _SUBJECTS.get(notice.about, "for you to know")
    subject = f"{'Urgent: ' if notice.urgent else ''}{reference}: {about}"
    lines = [f"{reference}: {happened}"]
    if meets_at is not None:
        lines.append(f"{'It was to be' if notice.about is Beside.CANCELLED else 'It is'} {on_or_at(meets_at)}.")
    if notice.to_act:
        lines.append("It is your move.")
        if due is not None:
            lines.append(f"By {moment(due.at)}.")
    elif notice.about not in _SUBJECTS:
        lines.append("You do not have to do anything.")
    lines += [f"Read it here: {link}", DANGER, "Please do not put any names in a reply to this message."]
    return Message(subject, "\n\n".join(lines))


_SUBJECTS: Mapping[TellOn | Beside, str] = {
    Beside.INVITED: "a meeting, please answer",
    Beside.CHANGED: "a meeting is changed",
    Beside.CANCELLED: "a meeting is cancelled",
}
"""What the subject says of a meeting, to those who are asked to it."""


def message_instead(reference: str, link: str, *, urgent: bool = False) -> Message:
    """This will word what the office is told where nobody in the post that a message was for can be written to."""
    subject = f"{'Urgent: ' if urgent else ''}{reference}: somebody has to be told"
    lines = (
        f"{reference}: a message could not be sent to the post that it was for.",
        "Nobody who answers for that post has an e-mail address that works.",
        "Please ring them and tell them. The page says which post it is, and whose move it is now.",
        f"Read it here: {link}",
        DANGER,
        "Please do not put any names in a reply to this message.",
    )
    return Message(subject, "\n\n".join(lines))


def words_of_tell(about: TellOn | Beside) -> str:
    """This will say what happened, with no name in it."""
    match about:
        case TellOn.RAISED:
            return "A disagreement was raised."
        case TellOn.ENTRY:
            return "It has moved on."
        case TellOn.SILENCE:
            return "Nothing came in time."
        case TellOn.OUTCOME:
            return "There is an outcome to read."
        case TellOn.DIFFERS:
            return "A manager sees it differently from their own worker."
        case TellOn.DECISION:
            return "A decision was recorded."
        case TellOn.MEETING:
            return "A meeting was called."
        case TellOn.FLAG:
            return "A question about policy was raised."
        case Beside.OTHER_AREA:
            return "It was raised here, and it concerns another area too. Please tell that area's office."
        case Beside.INVITED:
            return "You are asked to come to a meeting. Please say on its page whether you can come."
        case Beside.CHANGED:
            return "A meeting that you were asked to is changed."
        case Beside.CANCELLED:
            return "A meeting is cancelled, or you are not asked to it any more."
        case Beside.ANSWERED:
            return "Somebody answered whether they can come to a meeting."
        case Beside.SENT_ROUND:
            return "Something of a meeting is there for you to read: its papers, its minutes or the decision."
        case Beside.LOOKED_OUTSIDE:
            return "Somebody with no part in it looked at it, and gave a reason."
        case _:
            assert_never(about)
