"""Fields that know which words of an act they hold and who will see them, and what all our forms share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.http import QueryDict

from commonground.core.acts import Audience, PostRef
from commonground.core.procedure import Ask, Key, Place, Procedure, Strength
from commonground.core.time import LONDON
from commonground.record.words import Words, typed
from commonground.usecases.tick_lists import TickList, can_have_one
from commonground.web.drafts import Values
from commonground.web.formfields import ClockField, DayField, WordsField
from commonground.wording import Names, audience_before_box, day

LIMIT: Final = 20_000
"""How many characters one box can send. Ours, so that a page can still be read; more is kept as a draft."""

SUGGESTED: Final = 2_000
"""How many characters a box counts to. Never enforced."""


class Typed(WordsField):
    """Words that become part of an act: `key` is their field there, `whose` is who will see them."""

    def __init__(
        self,
        key: Key,
        label: str,
        whose: Audience = Audience.PARTIES,
        *,
        rows: int = 5,
        suggested: int | None = SUGGESTED,
        question: str = "",
        **options: Any,
    ) -> None:
        super().__init__(
            suggested=suggested, audience=audience_before_box(whose), rows=rows, label=label, required=False, **options
        )
        self.key = key
        self.whose = whose
        self.question = question or label
        """What was asked, for pages that show what was typed away from its box."""
        # Whatever a person can paste is theirs, and the record keeps it: words are bytes there.
        self.validators = [one for one in self.validators if not isinstance(one, ProhibitNullCharactersValidator)]

    def clean(self, value: Any) -> str:
        # Browsers send line ends as two characters; what was typed is one.
        return super().clean(value).replace("\r\n", "\n")


class TypedLine(Typed):
    """The same, in a box of one line."""

    widget = forms.TextInput  # type: ignore[assignment]  # a box all the same

    def __init__(self, key: Key, label: str, whose: Audience = Audience.PARTIES, **options: Any) -> None:
        super().__init__(key, label, whose, suggested=None, **options)
        self.widget.attrs.pop("rows", None)


class Choice(forms.ChoiceField):
    """One of several, as radio buttons; `hints` go under each. Leaving it open is allowed unless `required`."""

    def __init__(
        self,
        label: str,
        choices: Iterable[tuple[str, str]],
        *,
        hints: Mapping[str, str] | None = None,
        needed: str = "",
        **options: Any,
    ) -> None:
        super().__init__(
            label=label,
            choices=list(choices),
            required=bool(needed),
            widget=forms.RadioSelect,
            error_messages={"required": needed, "invalid_choice": "Choose one of these"},
            **options,
        )
        self.hints = dict(hints or {})


class Pick(forms.ChoiceField):
    """One of many, as a list to pick from; the first line is no choice."""

    def __init__(self, label: str, choices: Iterable[tuple[str, str]], nothing: str = "Choose", **options: Any) -> None:
        super().__init__(label=label, choices=[("", nothing), *choices], required=False, **options)


class Several(forms.MultipleChoiceField):
    """Any number of several, as checkboxes."""

    def __init__(self, label: str, choices: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(
            label=label, choices=list(choices), required=False, widget=forms.CheckboxSelectMultiple, **options
        )


class Ticks(Several):
    """The lines of a list that the partnership loaded, above the box of their question (TICKED)."""

    def __init__(self, label: str, source: TickList, help_text: str) -> None:
        super().__init__(label, [(line, line) for line in source.lines], help_text=help_text)
        self.source = source
        self.audience = audience_before_box(Audience.PARTIES)

    def valid_value(self, value: str) -> bool:
        # Promise 1: the list may have been replaced while somebody ticked. What they ticked are their words by then.
        return True


class Tick(forms.BooleanField):
    """One box: the label asks, `yes` is what ticking it says."""

    def __init__(self, label: str, yes: str = "Yes", **options: Any) -> None:
        super().__init__(label=label, required=False, **options)
        self.yes = yes


TICKED: Final = "-_ticked"
"""Behind the name of a question's box: the name of the lines ticked for it.

No key has an underscore, so no question's own box is called so. Both begin the same: what keeps a box keeps its ticks.
"""
TICK: Final = "✓ "


def with_ticks(lines: Iterable[str], text: str) -> str:
    """This will put ticked lines before what was typed: one a line, then an empty one, then the text as it is."""
    ticked = "\n".join(f"{TICK}{line}" for line in lines)
    return "\n\n".join(part for part in (ticked, text) if part.strip())


class AskedForm(forms.Form):
    """A form with words in it. `values` are those a draft kept, as the browser sent them."""

    def clean(self) -> dict[str, Any]:
        """Make the lines that were ticked part of their question's words, whatever became of their list since."""
        said = super().clean() or {}
        for name, field in self.fields.items():
            if isinstance(field, Typed) and (lines := _ticked(self.data, self.add_prefix(name))):
                said[name] = with_ticks(lines, str(said.get(name) or ""))
        return said

    def words_typed(self) -> Iterator[tuple[Typed, str]]:
        """This will yield each box with what was typed in it, empty ones left out. Only for a sound form."""
        for name, field in self.fields.items():
            if isinstance(field, Typed) and (text := self.cleaned_data.get(name)):
                yield field, str(text)

    def words(self, controller: Key, without_longer: int = LIMIT) -> tuple[Words, ...]:
        """This will give what was typed as words of an act; those that are too long are left out, never cut."""
        return tuple(
            typed(field.key, text, field.whose, controller)
            for field, text in self.words_typed()
            if text.strip() and len(text) <= without_longer
        )

    def too_long(self) -> tuple[str, ...]:
        """This will name the boxes that hold more than can be sent."""
        return tuple(
            name
            for name, field in self.fields.items()
            if isinstance(field, Typed) and len(str(self.cleaned_data.get(name) or "")) > LIMIT
        )

    def fill(self, values: Values) -> None:
        """This will fill the boxes in with what was sent before, mistakes and all, and complain of none of it."""
        data = as_data(values)
        for name, field in self.fields.items():
            kept = field.widget.value_from_datadict(data, {}, self.add_prefix(name))
            if kept not in (None, "", [], ("", "", "")):
                self.initial[name] = kept
            if isinstance(field, Typed) and (gone := self._no_more_listed(name, data)):
                self.initial[name] = with_ticks(gone, str(self.initial.get(name) or ""))

    def _no_more_listed(self, name: str, data: QueryDict) -> list[str]:
        """List what was ticked for a box and is in no list now: it was replaced or taken away meanwhile."""
        ticks = self.fields.get(f"{name}{TICKED}")
        listed = ticks.source.lines if isinstance(ticks, Ticks) else ()
        return [line for line in _ticked(data, self.add_prefix(name)) if line not in listed]


def _ticked(data: Mapping[str, Any], name: str) -> list[str]:
    name = f"{name}{TICKED}"
    sent: list[str] = data.getlist(name) if isinstance(data, QueryDict) else data.get(name, [])
    return [line for line in sent if line.strip()]


def kept_of(names: Iterable[str], values: Values) -> Values:
    """This will give what was sent for some boxes alone, with what was ticked for them."""
    both = (each for name in names for each in (name, f"{name}{TICKED}"))
    return {name: values[name] for name in both if name in values}


def as_data(values: Values) -> QueryDict:
    """This will give kept values in the form that a browser's come in."""
    data = QueryDict(mutable=True)
    for name, several in values.items():
        data.setlist(name, list(several))
    return data


def said_too_long(text: str) -> str:
    """This will say that words are too long, with both numbers."""
    return (
        f"You wrote {len(text):,} characters here. The most that can be sent is {LIMIT:,}. "
        "All of it is kept as your draft. You can send it in parts."
    )


# --- moments ---------------------------------------------------------------------------------------------------------


def when_fields(question: str, time_question: str = "What time was it?") -> dict[str, forms.Field]:
    """This will give the two boxes for when something happened: a day, and a time where somebody knows it."""
    return {
        "happened_on": DayField(
            label=question, help_text="For example, 27 3 2026. Leave it empty if it was just now.", required=False
        ),
        "happened_at": ClockField(
            label=time_question,
            help_text="For example, 9:30am or 3pm. Leave it empty if you do not know.",
            required=False,
        ),
    }


def moment_of(on: date | None, clock: time | None, otherwise: time = time.min) -> datetime | None:
    """This will make a moment of a day and a time in London; None without a day. `otherwise` stands in for no time.

    A day alone stands at its beginning, which pages show as the bare day: no time is made up.
    """
    return None if on is None else datetime.combine(on, clock or otherwise, LONDON)


# --- choices ---------------------------------------------------------------------------------------------------------


def post_choices(names: Names, posts: Iterable[PostRef]) -> list[tuple[str, str]]:
    """This will give posts to choose from, by name."""
    worded = ((f"{post.agency} {post.post}", names.post(post)) for post in dict.fromkeys(posts))
    return [(value, text[:1].upper() + text[1:]) for value, text in worded]


def post_of(value: str) -> PostRef | None:
    """This will give the post that a choice stands for; None for no choice."""
    agency, _, post = value.partition(" ")
    return PostRef(agency, post) if post else None


def posts_of(values: Sequence[str]) -> tuple[PostRef, ...]:
    """This will give the posts that several choices stand for."""
    return tuple(post for value in values if (post := post_of(value)) is not None)


# --- what the procedure asks -----------------------------------------------------------------------------------------


def asks_at(procedure: Procedure, place: Place, route: Key, stage: Key | None) -> tuple[Ask, ...]:
    """This will list what the procedure asks at a place, on a route and at a stage (any, where none is given)."""
    return tuple(
        ask
        for ask in procedure.asks
        if ask.at is place
        and (not ask.routes or route in ask.routes)
        and (not ask.stages or stage is None or stage in ask.stages)
    )


def ask_fields(names: Names, asks: Iterable[Ask], lists: Mapping[Key, TickList]) -> dict[str, forms.Field]:
    """This will give the fields for each thing the procedure asks. An empty answer is taken, and shown as empty.

    Where the partnership loaded a list for it, its lines come first, to be ticked.
    """
    fields: dict[str, forms.Field] = {}
    for ask in asks:
        name, source = f"ask-{ask.key}", lists.get(ask.key)
        if source is None or not can_have_one(ask):
            fields[name] = ask_field(names, ask)
        else:
            fields[f"{name}{TICKED}"] = ticks_for(ask.text, source, _how_asked(names, ask))
            fields[name] = Typed(
                ask.key, f"In your own words: {source.title}", rows=3, suggested=None, question=ask.text
            )
    return fields


def ticks_for(question: str, source: TickList, how: str) -> Ticks:
    """This will give a list's lines to tick, with the date of its document. `how`: who asks, and by which clause."""
    return Ticks(
        question,
        source,
        f"{source.title}, as of {day(source.version_on)}. {how} "
        "Tick what fits, and give your evidence below. You can leave all of it empty.",
    )


def _how_asked(names: Names, ask: Ask) -> str:
    cited = names.clauses(ask.clauses)
    how = "The procedure asks this" if ask.strength in (Strength.MUST, Strength.SHOULD) else "You may say"
    return f"{how}{f', {cited}' if cited else ''}."


def ask_field(names: Names, ask: Ask) -> forms.Field:
    """This will give the field for one thing the procedure asks."""
    hint = f"{_how_asked(names, ask)} You can leave it empty."
    if ask.choices:
        return ChosenWords(ask.key, ask.text, ask.choices, help_text=hint)
    return Typed(ask.key, ask.text, rows=3, suggested=None, help_text=hint)


class ChosenWords(Typed):
    """One of the procedure's own answers; stored as words, because the procedure wrote them."""

    widget = forms.RadioSelect  # type: ignore[assignment]  # its choices are fixed below

    def __init__(self, key: Key, label: str, choices: Sequence[str], **options: Any) -> None:
        super().__init__(key, label, suggested=None, **options)
        self.choices = [(choice, choice[:1].upper() + choice[1:]) for choice in choices]
        self.widget.attrs.pop("rows", None)
        self.widget.choices = self.choices

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return text if text in {choice for choice, _ in self.choices} else ""
