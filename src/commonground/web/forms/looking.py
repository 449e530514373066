"""The form for looking at a disagreement that somebody has no part in."""

from __future__ import annotations

from django import forms

LONGEST = 2_000


class LookForm(forms.Form):
    """A reference and a reason, both needed: this opens words that are not otherwise for the reader."""

    reference = forms.CharField(
        label="Which disagreement? Give its reference",
        max_length=40,
        error_messages={"required": "Give the reference of the disagreement"},
    )
    reason = forms.CharField(
        label="Why do you need to look?",
        help_text="Both sides can read this reason. Their safeguarding leads are told at once.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Give your reason in words",
            "max_length": f"Give your reason in {LONGEST:,} characters or fewer",
        },
    )
