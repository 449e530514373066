"""The form that a file is chosen in, beside the form of an act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from commonground.core.acts import Audience
from commonground.files.kinds import KINDS
from commonground.web.forms.fields import AskedForm, Choice, Typed
from commonground.wording import audience_before_box
from commonground.wording.files import WHAT_CAN_BE_SENT, limits_in_words

NARROWEST_FIRST: Final = (Audience.OWN_AGENCY, Audience.PARTIES, Audience.PARTNERSHIP)
_SHORT: Final = {
    Audience.OWN_AGENCY: "Only my agency",
    Audience.PARTIES: "Both sides",
    Audience.PARTNERSHIP: "The partnership and both sides",
}


def audiences_of(form: AskedForm | None) -> tuple[Audience, ...]:
    """This will give who the words of a form can be for, the fewest first: a file goes to one of them."""
    found = {field.whose for field in form.fields.values() if isinstance(field, Typed)} if form else set()
    return tuple(one for one in NARROWEST_FIRST if one in found)


class FileField(forms.FileField):
    """A file to choose. `audience` says before it who will see it."""

    def __init__(self, audience: str, **options: Any) -> None:
        super().__init__(**options)
        self.audience = audience


class AttachForm(forms.Form):
    """One file, and who will see it where that can be said. What is in it is not judged here."""

    def __init__(self, audiences: Sequence[Audience], limit: int, most: int, *given: Any) -> None:
        super().__init__(*given)
        self.audiences = audiences or (Audience.PARTIES,)
        several = len(self.audiences) > 1
        self.fields["file"] = FileField(
            "" if several else audience_before_box(self.audiences[0]),
            label="Choose a file",
            help_text=f"{WHAT_CAN_BE_SENT} {limits_in_words(limit, most)}",
            required=False,
            allow_empty_file=True,  # what is empty is refused with the others, by its name
        )
        endings = (f".{ending}" for known in KINDS.values() for ending in known.endings)
        self.fields["file"].widget.attrs["accept"] = ",".join(endings)
        if several:
            self.fields["audience"] = Choice(
                "Who will see it?", [(one, _SHORT[one]) for one in self.audiences], initial=self.audiences[0]
            )

    @property
    def audience(self) -> Audience:
        """Who will see it: as chosen, else the fewest."""
        chosen = self.data.get("audience")
        return next((one for one in self.audiences if one == chosen), self.audiences[0])
