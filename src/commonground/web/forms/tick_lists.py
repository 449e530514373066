"""The form to load a list for a question of a procedure: pasted, or from a file."""

from __future__ import annotations

from typing import Any

from django import forms

from commonground.usecases.tick_lists import (
    LONGEST_ADDRESS,
    LONGEST_LINE,
    LONGEST_TITLE,
    MOST_LINES,
    Lines,
    TickList,
    lines_of,
    lines_of_file,
    mistake_in_address,
)
from commonground.web.formfields import DayField, WordsField
from commonground.web.forms.administration import Line

ONE_OF_BOTH = "Write the lines here or choose a file, not both"


class TickListForm(forms.Form):
    """A list: what it is called, how old it is, where its document stands, and its lines with every mistake in them."""

    title = Line(
        "What is the list called?",
        "Enter what the list is called",
        longest=LONGEST_TITLE,
        help_text="People see this above the lines. For example: Signs of need in our threshold document.",
    )
    version_on = DayField(
        label="Which date does the document have?",
        help_text="For example, 27 3 2026. People see how old the list is.",
        error_messages={"required": "Enter the date of the document"},
    )
    address = Line(
        "Where can people read the document?",
        longest=LONGEST_ADDRESS,
        validators=[],
        help_text="An address that begins with https://. You can leave it empty.",
    )
    lines = WordsField(
        label="The lines",
        required=False,
        rows=12,
        help_text=f"One line for each thing to tick. At most {MOST_LINES} lines, of {LONGEST_LINE} characters each.",
    )
    file = forms.FileField(
        label="Or a file",
        required=False,
        allow_empty_file=True,
        help_text="A text file with one line for each, or a CSV file with one column and no headings.",
    )

    def __init__(self, now: TickList | None, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.read = Lines(())
        """What the lines came to, once the form is checked."""
        if now is not None:
            self.initial = {
                "title": now.title,
                "version_on": now.version_on,
                "address": now.address,
                "lines": "\n".join(now.lines),
            }

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"])
        if wrong := mistake_in_address(address):
            raise forms.ValidationError(wrong)
        return address

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        typed, file = str(said.get("lines") or ""), said.get("file")
        if file is not None and typed.strip() and typed.splitlines() != str(self.initial.get("lines", "")).splitlines():
            self.add_error("file", ONE_OF_BOTH)
            return said
        self.read = lines_of_file(file.read(), file.name) if file is not None else lines_of(typed.splitlines())
        if self.read.mistakes:
            self.add_error("lines" if file is None else "file", said_mistaken(self.read))
        return said

    @property
    def given(self) -> TickList:
        """The list as a sound form has it."""
        said = self.cleaned_data
        return TickList(said["title"], said["version_on"], self.read.lines, said["address"])


def said_mistaken(read: Lines) -> str:
    """This will say what is wrong with a list: the one mistake there is, or how many."""
    number = len(read.mistakes)
    return str(read.mistakes[0]) if number == 1 else f"The list has {number:,} mistakes. Nothing was changed"
