"""The pages of raising: one question each, the answers to check, and what happens next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django import forms
from django.urls import reverse

from commonground.core.procedure import Place
from commonground.web import components as c
from commonground.web.drafts import Draft
from commonground.web.formfields import DayField
from commonground.web.forms.fields import AskedForm, ChosenWords, Several, Tick, Ticks, Typed, as_data, said_too_long
from commonground.web.forms.raising import Question, Raising
from commonground.web.pages.attaching import FileShown
from commonground.web.pages.dates import clause_links
from commonground.web.pages.disagreement import GuidanceShown
from commonground.web.pages.page import Page
from commonground.wording import day, moment, words_of_audience


@dataclass(frozen=True)
class OtherTab:
    """What was typed into the same form in another tab, and until when."""

    kept: str
    typed: tuple[c.Answer, ...]


@dataclass(frozen=True, kw_only=True)
class QuestionPage(Page):
    """One question, with what else belongs to it."""

    form: AskedForm
    title: str
    step: str
    back_href: str
    button: str = "Continue"
    kept: str = ""
    again_href: str = ""
    guidance: tuple[GuidanceShown, ...] = ()
    unreadable: bool = False
    first: bool = False
    sheet: str = ""
    unsent: bool = False
    """What was typed could not be sent, was kept, and whoever typed it was led back here."""
    others: tuple[OtherTab, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CheckPage(Page):
    answers: tuple[c.Answer, ...]
    warnings: tuple[str, ...]
    button: str
    command: str
    back_href: str
    ready: bool
    sheet: str
    seen: str
    """A digest of the answers shown, so that nothing is sent that stands on no page that was looked at."""
    changed: bool = False
    """An answer changed after the page was opened."""
    elsewhere: bool = False
    """To some question something else was typed in another tab."""
    unsent: bool = False
    files: tuple[FileShown, ...] = ()


def other_tabs(form_of: Callable[[Raising, object], AskedForm], raising: Raising, draft: Draft) -> tuple[OtherTab, ...]:
    """This will give what was typed for the same question in other tabs, to be read and copied."""
    found = []
    for other in draft.others:
        form = form_of(raising, as_data(other.values))
        form.full_clean()
        said = tuple(c.Answer(_asked(field), shown(form, name, field)) for name, field in _told(form))
        found.append(OtherTab(moment(other.kept_at), tuple(one for one in said if one.answer)))
    return tuple(found)


def guidance_for_raising(raising: Raising) -> tuple[GuidanceShown, ...]:
    """This will give what the procedure says to whoever raises something, once it is known which procedure that is."""
    subject, names = raising.subject, raising.names
    if subject is None or names is None:
        return ()
    route, _ = subject.begins
    return tuple(
        GuidanceShown(one.text, clause_links(names, one.clauses))
        for one in subject.procedure.guidance
        if one.at is Place.RAISE and (not one.routes or route in one.routes)
    )


def answers(raising: Raising) -> tuple[c.Answer, ...]:
    """This will list every answer, each with the way to change it; what was left open is listed too."""
    return tuple(
        answer
        for question, form in raising.answered.items()
        for answer in _answers(form, reverse("raise-question", args=[question]))
    )


def _answers(form: AskedForm, href: str) -> Iterator[c.Answer]:
    for name, each in _told(form):
        audience = words_of_audience(each.whose) if isinstance(each, Typed) else ""
        text = shown(form, name, each)
        yield c.Answer(_asked(each), text, f"{href}#id_{name}", audience=audience if text else "")


def _told(form: AskedForm) -> list[tuple[str, forms.Field]]:
    """List a form's questions. What was ticked for one is part of its words, and no answer of its own."""
    return [(name, each) for name, each in form.fields.items() if not isinstance(each, Ticks)]


def _asked(each: forms.Field) -> str:
    return each.question if isinstance(each, Typed) else str(each.label)


def shown(form: AskedForm, name: str, each: forms.Field) -> str:
    """This will put an answer in words: what was chosen rather than its value, and what could not be read as typed."""
    if name in form.errors:
        typed = form[name].value()
        text = " ".join(part for part in typed if part) if isinstance(typed, tuple) else str(typed or "")
        return f"{text} (this could not be read, and is not sent)" if text else ""
    value = form.cleaned_data.get(name)
    match each:
        case Tick():
            return each.yes if value else "No"
        case ChosenWords():
            return str(value or "")
        case Several():
            labels = dict(each.choices)  # type: ignore[arg-type]  # pairs
            return ", ".join(str(labels.get(one, one)) for one in value or ())
        case forms.ChoiceField():
            return str(dict(each.choices).get(value, "")) if value else ""  # type: ignore[arg-type]  # pairs
        case DayField():
            return day(value) if value else ""
        case _:
            return "" if value is None else str(value)


def warnings(raising: Raising) -> tuple[str, ...]:
    """This will say what of the answers can't be sent as it is. It never stops the rest."""
    return tuple(
        f"{field.question} {said_too_long(text)} The rest is sent without it, and you can add to it afterwards."
        for _, field, text in raising.too_long()
    )


def check_page(raising: Raising, **frame: object) -> CheckPage:
    """This will put the answers together for a last look before they are sent."""
    agency = raising.directory.agency(str(raising.answer("who", "agency") or ""))
    return CheckPage(
        answers=answers(raising),
        warnings=warnings(raising),
        button=f"Send to {agency.name}" if agency else "Send to the partnership’s office",
        command=str(raising.command),
        back_href=reverse("raise-question", args=[raising.questions[-1]]),
        ready=raising.subject is not None,
        **frame,  # type: ignore[arg-type]  # the frame's own fields
    )


def neighbours(raising: Raising, question: Question) -> tuple[str, str]:
    """This will give the addresses before and after a question."""
    order = raising.questions
    at = order.index(question)
    before = reverse("raise-question", args=[order[at - 1]]) if at else reverse("my-list")
    after = reverse("raise-question", args=[order[at + 1]]) if at + 1 < len(order) else reverse("raise-check")
    return before, after


def step_of(raising: Raising, question: Question) -> str:
    """This will say where in the questions somebody is."""
    order = raising.questions
    return f"Question {order.index(question) + 1} of {len(order)}"
