"""From a Django form field to the parameters of its GOV.UK component, and the fields Django lacks.

Forms check shape only. Two things follow from promise 1 (nobody is barred): words have a *suggested* length that is
counted on the page but never enforced, and a day or a time is read in every form people write it in.

The template side is `components/fields.html`.
"""

from __future__ import annotations

import re
from abc import ABCMeta
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.forms import DeclarativeFieldsMetaclass

Kind = Literal["input", "textarea", "character_count", "radios", "checkboxes", "select", "date", "file"]

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class ErrorLine:
    """One line of the error summary: what is wrong, and the address (on the page) of the field to mend."""

    text: str
    href: str


class AbstractForms(DeclarativeFieldsMetaclass, ABCMeta):
    """The kind of form class that can leave a method to those below it, as `abstractmethod` says."""


class WordsField(forms.CharField):
    """Free text, kept as typed.

    `suggested` is a number of characters, counted on the page and never enforced; `audience` is the sentence that says
    who will see the words, such as "The other agency will see this".
    """

    widget = forms.Textarea

    def __init__(self, *, suggested: int | None = None, audience: str = "", rows: int = 5, **options: Any) -> None:
        # No max_length and no stripping: what a person typed is theirs, and too long is never a reason to refuse it.
        super().__init__(strip=False, **options)
        self.suggested = suggested
        self.audience = audience
        self.widget.attrs["rows"] = rows

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if self.required and not text.strip():  # spaces alone are no words; kept text is never trimmed
            raise ValidationError(self.error_messages["required"], code="required")
        return text


class DayInput(forms.Widget):
    """Three boxes, day, month and year, handed to the field as the three texts typed."""

    input_type = "text"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> tuple[str, str, str]:
        day, month, year = (str(data.get(f"{name}-{part}") or "").strip() for part in ("day", "month", "year"))
        return day, month, year

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}-{part}" in data for part in ("day", "month", "year"))


class DayField(forms.Field):
    """A date typed as day, month (number or name) and year. The clean value is a date, or None when left empty."""

    widget = DayInput

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        parts: tuple[str, str, str] = value
        if not any(parts):
            return None
        missing = [name for name, text in zip(("a day", "a month", "a year"), parts, strict=True) if not text]
        if missing:
            raise ValidationError(f"The date must include {' and '.join(missing)}", code="incomplete")
        day, month, year = parts
        if month[:3].lower() in MONTHS:
            month = str(MONTHS.index(month[:3].lower()) + 1)
        if re.fullmatch(r"[0-9]{1,2}|[0-9]{3}", year):
            raise ValidationError("The year must have 4 numbers", code="year")
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            raise ValidationError("The date must be a real date, for example 27 3 2026", code="unreal") from None


class ClockField(forms.Field):
    """A time of day, typed as 3:42pm, 3pm, 15:42, 15.42 or midday. The clean value is a time, or None when empty."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> time | None:
        if value is None or isinstance(value, time):
            return value
        text = re.sub(r"[\s.]*([ap])\.?\s*m\.?$", r"\1m", str(value).strip().lower())
        if not text:
            return None
        text = {"midday": "12pm", "noon": "12pm", "midnight": "12am"}.get(text, text)
        found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?(am|pm)?", text)
        if found and (found[2] or found[3]):  # a bare "3" could be either half of the day
            hour, minute = int(found[1]), int(found[2] or 0)
            if found[3]:
                hour = hour % 12 + (12 if found[3] == "pm" else 0) if 1 <= hour <= 12 else 24
            if hour < 24 and minute < 60:
                return time(hour, minute)
        raise ValidationError("Enter a time, for example 9:30am or 3pm", code="invalid")


def error_lines(form: forms.BaseForm) -> tuple[ErrorLine, ...]:
    """Return the lines of the error summary, in the order of the page; empty when the form is sound or not yet sent.

    An error of the whole form leads to the first field.
    """
    first = next((_first_id(bound) for bound in form.visible_fields()), "main-content")
    whole = (ErrorLine(str(text), f"#{first}") for text in form.non_field_errors())
    fields = (ErrorLine(str(bound.errors[0]), f"#{_first_id(bound)}") for bound in form if bound.errors)
    return (*whole, *fields)


def kind(bound: BoundField) -> Kind:
    """Return which component shows this field. Raises TypeError for a widget that has none."""
    match bound.field.widget:
        case DayInput():
            return "date"
        case forms.CheckboxSelectMultiple() | forms.CheckboxInput():  # before RadioSelect: the first is a kind of it
            return "checkboxes"
        case forms.RadioSelect():
            return "radios"
        case forms.Select():
            return "select"
        case forms.Textarea():
            return "character_count" if getattr(bound.field, "suggested", None) else "textarea"
        case forms.FileInput():
            return "file"
        case forms.TextInput():
            return "input"
        case other:
            raise TypeError(f"no GOV.UK component shows {type(other).__name__}, the widget of {bound.name}")


def params(bound: BoundField, *, heading: bool = False) -> dict[str, Any]:
    """Return the parameters of the component that `kind` names.

    With `heading`, the question is the page's own heading, as on a page with one question.
    """
    component = kind(bound)
    size = "l" if heading else "s"
    identity = bound.auto_id or bound.html_name
    widget = bound.field.widget
    given: dict[str, Any] = {"name": bound.html_name, "id": identity, "attributes": _attributes(bound)}
    # Who will see the words is said before the box, with the hint, so that screen readers say it too.
    hint = " ".join(text for text in (str(bound.help_text), getattr(bound.field, "audience", "")) if text)
    if hint:
        given["hint"] = {"text": hint}
    if bound.errors:
        given["errorMessage"] = {"text": str(bound.errors[0])}
    if component in ("radios", "checkboxes", "date"):
        legend = {"text": str(bound.label), "isPageHeading": heading, "classes": f"govuk-fieldset__legend--{size}"}
        given["fieldset"] = {"legend": legend}
    else:
        given["label"] = {"text": str(bound.label), "isPageHeading": heading, "classes": f"govuk-label--{size}"}
    match component:
        case "input":
            given |= {"value": _text(bound.value()), "type": getattr(widget, "input_type", "text")}
            # Whoever uses a shared machine next is not offered what was typed here, as browsers do with one line.
            given["attributes"].setdefault("autocomplete", "off")
            if given["type"] == "password":
                given["value"] = None
        case "textarea" | "character_count":
            given |= {"value": _text(bound.value()), "rows": given["attributes"].pop("rows", 5)}
            given["attributes"].pop("cols", None)
            if component == "character_count":
                given["maxlength"] = getattr(bound.field, "suggested", None)
        case "radios" | "checkboxes":
            given |= {"idPrefix": identity, "items": _choices(bound)}
        case "select":
            given["items"] = _choices(bound, chosen="selected")
        case "date":
            given |= {"namePrefix": bound.html_name, "items": _date_boxes(bound)}
        case "file":
            pass
    return given


def _attributes(bound: BoundField) -> dict[str, Any]:
    # "required" would let the browser stop the form before we can say why; maxlength would cut what people paste.
    unwanted = ("required", "maxlength", "minlength", "class")
    return {name: value for name, value in bound.field.widget.attrs.items() if name not in unwanted}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _choices(bound: BoundField, chosen: str = "checked") -> list[dict[str, Any]]:
    if isinstance(bound.field.widget, forms.CheckboxInput):
        # One box: the question is the legend, the box says yes to it.
        return [{"value": "on", "text": getattr(bound.field, "yes", "Yes"), chosen: bool(bound.value())}]
    value = bound.value()
    picked = {_text(each) for each in (value if isinstance(value, list | tuple | set) else [value])}
    hints: Mapping[str, str] = getattr(bound.field, "hints", {})
    items = []
    for option, text in getattr(bound.field, "choices", ()):
        item = {"value": _text(option), "text": str(text), chosen: _text(option) in picked}
        if _text(option) in hints:
            item["hint"] = {"text": hints[_text(option)]}
        items.append(item)
    return items


def _date_boxes(bound: BoundField) -> list[dict[str, Any]]:
    value = bound.value()
    typed = (value.day, value.month, value.year) if isinstance(value, date) else (value or ("", "", ""))
    error = " govuk-input--error" if bound.errors else ""
    # The first box has the field's own id, so that the line in the error summary leads to it.
    return [
        {
            "name": name,
            "id": _first_id(bound) if name == "day" else f"{bound.auto_id}-{name}",
            "value": _text(text),
            "classes": f"govuk-input--width-{4 if name == 'year' else 2}{error}",
            # Months may be typed as words, so its box asks for the full keyboard.
            "inputmode": "text" if name == "month" else "numeric",
            "attributes": {"autocomplete": "off"},
        }
        for name, text in zip(("day", "month", "year"), typed, strict=True)
    ]


def _first_id(bound: BoundField) -> str:
    identity = bound.auto_id or bound.html_name
    return f"{identity}-day" if isinstance(bound.field.widget, DayInput) else identity
