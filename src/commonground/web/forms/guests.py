"""Forms for letting somebody from outside in, and for the code they type."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from commonground.core.acts import PostRef
from commonground.core.procedure import OFFICE, HeldIn, Key
from commonground.core.setting import stage_now
from commonground.usecases.directory import Directory
from commonground.usecases.reading import Reading
from commonground.web.forms.fields import Choice, Pick

ANOTHER: Final = "another"
"""The choice that means an agency which is not in the list."""
LONGEST: Final = 200
"""Characters in a name, a number or a line of an address."""


class Line(forms.CharField):
    """One line to type into."""

    def __init__(self, label: str, help_text: str = "", needed: str = "", longest: int = LONGEST) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=bool(needed),
            max_length=longest,
            error_messages={"required": needed, "max_length": f"Use {longest} characters or fewer"},
        )


class CodeForm(forms.Form):
    """The code that goes with a link."""

    code = Line("Your code", "8 letters and numbers. Somebody told it to you.", needed="Enter your code", longest=40)


class LinkForm(forms.Form):
    """Who is let in. The office also says for which agency, and in which post."""

    def __init__(self, reading: Reading, directory: Directory, outside: tuple[Key, ...], data: Any = None) -> None:
        super().__init__(data)
        self.reading, self.directory, self.outside = reading, directory, outside
        if reading.scope.office:
            self._for_the_office()
        self.fields["name"] = Line("What is their name?", needed="Enter the name of the person you let in")

    def _for_the_office(self) -> None:
        known = [(one.key, one.name) for one in self.directory.agencies if one.key in self.outside]
        # Whom it waits for comes first.
        known.sort(key=lambda one: one[0] not in self.reading.standing.responding)
        self.fields["agency"] = Choice(
            "Which agency are they from?",
            [*known, (ANOTHER, "Another one, which is not in this list")],
            initial=known[0][0] if known else ANOTHER,
            needed="Choose their agency",
        )
        self.fields["agency_name"] = Line("If it is not in the list, what is it called?")
        self.fields["telephone"] = Line("What is its telephone number, if you know?")
        self.fields["address"] = Line("What is its address, if you know?")
        procedure = self.reading.setting.procedure
        self.fields["post"] = Pick(
            "Which post of the procedure is most like theirs?",
            [(post.key, post.name) for post in procedure.posts if post.held_in is HeldIn.PARTY],
            nothing="The one whose move it is",
        )
        self.fields["title"] = Line("What is their work called?", "For example: childminder.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("agency") == ANOTHER and not cleaned.get("agency_name"):
            self.add_error("agency_name", "Enter what the agency is called")
        return cleaned

    def post(self, agency: Key) -> PostRef:
        """This will give the post that the guest acts in. Only for a sound form."""
        if not self.reading.scope.office:
            return self.reading.scope.seat
        return PostRef(agency, self.cleaned_data.get("post") or _asked_now(self.reading))


def _asked_now(reading: Reading) -> Key:
    """Give the post that the procedure asks, on the responding side, in the stage now open."""
    procedure, stage = reading.setting.procedure, stage_now(reading.setting, reading.standing)
    asked = (stage.sides.responding if stage.sides else None) or ()
    party = [post.key for post in procedure.posts if post.held_in is HeldIn.PARTY]
    return next((post for post in asked if post in party), next(iter(party), OFFICE))
