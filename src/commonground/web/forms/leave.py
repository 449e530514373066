"""Saying that one is away, and the notes to whoever answers meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from commonground.core.acts import HANDOVER, Audience
from commonground.core.procedure import Key
from commonground.people.models import Person
from commonground.usecases.leave import Leave
from commonground.web.formfields import DayField
from commonground.web.forms.fields import LIMIT, AskedForm, Choice, Typed


class LeaveForm(forms.Form):
    """Who is away, from when to when. For whom is asked of those alone who have people below them."""

    def __init__(self, person: Key, below: Iterable[Person], data: Any = None) -> None:
        super().__init__(data)
        self.me = person
        others = [(one.key, one.full_name) for one in below]
        if others:
            self.fields["person"] = Choice(
                "Who is going away?", [(person, "I am"), *others], initial=person, needed="Choose who is going away"
            )
        self.fields["from_on"] = DayField(
            label="What is the first day away?",
            help_text="For example, 27 3 2026.",
            error_messages={"required": "Enter the first day away"},
        )
        self.fields["to_on"] = DayField(
            label="What is the last day away?", help_text="Leave it empty if you do not know.", required=False
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        from_on, to_on = cleaned.get("from_on"), cleaned.get("to_on")
        if from_on and to_on and to_on < from_on:
            self.add_error("to_on", "The last day away must not be before the first")
        return cleaned

    @property
    def leave(self) -> Leave:
        """The time away. Only for a sound form."""
        said = self.cleaned_data
        return Leave(said.get("person") or self.me, said["from_on"], said["to_on"])


class NotesForm(AskedForm):
    """A box for each disagreement, for whoever answers for it meanwhile. Any of them can stay empty."""

    def __init__(self, references: Iterable[str], data: Any = None) -> None:
        super().__init__(data)
        for reference in references:
            self.fields[f"note-{reference}"] = Typed(
                HANDOVER, f"What should they know about {reference}?", Audience.OWN_AGENCY, rows=3, suggested=None
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, text in [*cleaned.items()]:
            if len(text or "") > LIMIT:
                self.add_error(name, f"You wrote {len(text):,} characters. The most that can be sent is {LIMIT:,}")
        return cleaned

    def notes(self) -> dict[str, str]:
        """This will give what was typed, by reference; what stayed empty is left out. Only for a sound form."""
        said = ((name.removeprefix("note-"), text) for name, text in self.cleaned_data.items())
        return {reference: text for reference, text in said if text and text.strip()}
