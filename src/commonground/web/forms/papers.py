"""The form that a check code is typed into."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from commonground.usecases.check_code import Typed, typed

EXAMPLE = "12-3f2a-77bc-0123-4567-89ab-cdef"


class CheckForm(forms.Form):
    """One code. Whether it is right is not asked here; only whether it could be one."""

    code = forms.CharField(
        label="What is the check code?",
        help_text=f"It stands at the foot of every page of the paper. For example, {EXAMPLE}.",
        max_length=200,
        error_messages={
            "required": "Enter the check code",
            "max_length": f"A check code looks like this: {EXAMPLE}",
        },
    )

    def clean_code(self) -> Typed:
        """This will give the code in its parts."""
        code = typed(self.cleaned_data["code"])
        if code is None:
            raise ValidationError(f"A check code looks like this: {EXAMPLE}")
        return code
