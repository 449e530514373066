"""What is said of files: what can be sent, why one was not taken and what to do, how one that waits stands.

`because`, `kind` and `state` come as the words of usecases/attaching.py and files/kinds.py, which are layers above.
"""

from __future__ import annotations

from typing import Final

WITHOUT_IT: Final = "You can always send without it. What you wrote is kept."

WHAT_CAN_BE_SENT: Final = (
    "PDF, Word, Excel, PowerPoint, OpenDocument, plain text, CSV, JPEG, PNG, HEIC, and e-mail (.eml or .msg)."
)


def size_in_words(size: int) -> str:
    """This will give a size in bytes as people say it: "48 kB", "1.2 MB"."""
    if size < 1000:
        return f"{size} byte{'s' if size != 1 else ''}"
    if size < 1_000_000:
        return f"{round(size / 1000)} kB"
    return f"{size / 1_000_000:.1f}".removesuffix(".0") + " MB"


def limits_in_words(each: int, most: int) -> str:
    """This will say how large and how many files can be, before one is chosen."""
    return f"Each can have up to {each // (1024 * 1024)} MB. You can add up to {most}."


def why_turned(name: str, because: str, is_: str, ending: str, limit: int, most: int) -> str:
    """This will say that a file was not taken, by its name, what it is, and what to do.

    `because` is a word of `attaching.Because`, `is_` what the file is, `ending` how a name of such a file ends.
    """
    said = _TURNED.get(because, _NO_ROOM)
    megabytes = limit // (1024 * 1024)
    told = said.format(name=f"“{name}”", is_=is_ or "a kind we do not know", ending=ending, most=most, limit=megabytes)
    return told[:1].upper() + told[1:]


_NO_ROOM: Final = "{name} could not be kept just now. Try again later."

_TURNED: Final = {
    "no file was chosen": "Choose a file",
    "it is empty": "{name} is empty. Look whether it is the right one, and choose it again.",
    "it is too large": "{name} is larger than {limit} MB. Save a smaller copy, or a part of it, and choose that.",
    "there are too many": "You have {most} files here already, which is the most. Take one out, or send {name} later.",
    "it is something else than its name says": (
        "{name} is not what its name says. It is: {is_}. Choose the right file, or give this one a name that ends in "
        ".{ending}."
    ),
    "it is of no kind that can be sent": (
        "{name} is a file that cannot be sent. It is: {is_}. Save it as PDF or as a picture, and choose that."
    ),
    "it carries a program": "{name} has a program in it (a macro). Save it without, or as PDF, and choose that.",
    "it is locked, so nobody can tell what it is": (
        "{name} is locked with a password, so nobody can tell what it is. Save it without one, and choose that."
    ),
    "it would unpack to more than any document holds": (
        "{name} would unpack to more than any document holds, so it was not opened. Save it as PDF, and choose that."
    ),
    "it is damaged, or cut off": (
        "{name} is damaged, or not all of it came. Open it on your computer, save it anew, and choose that."
    ),
    "the virus scan found something in it": (
        "The virus scan found something in {name}. It was not taken, and nothing of it is kept. Tell your IT help."
    ),
    "it could not be kept": _NO_ROOM,
}

NOT_SCANNED_HERE: Final = "Files are not scanned for viruses here. Only send what you trust."
SCANNED_HERE: Final = "Every file is scanned for viruses before it can be sent."


def why_not_ready(name: str, state: str) -> str:
    """This will say why a file can't go yet, and what to do."""
    if state == "it waits for the virus scan":
        return (
            f"“{name}” waits for the virus scan, which does not answer now. "
            "You can send without it. It can follow with a message."
        )
    return f"“{name}” holds something that you may not see. Say how it goes, or send without it."
