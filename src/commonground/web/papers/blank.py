"""Blank forms to print beforehand: the questions of the pages themselves, with lines to write on.

Each is made from the form that asks on the screen, as it stands at a stage of the procedure for two sides that are
nobody. So paper asks what the pages ask, and the procedure's own questions are among them. Nothing of any partnership's
directory is on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django import forms

from commonground.core.acts import About, Command, PostRef, Raise, Side
from commonground.core.decide import Accepted, decide
from commonground.core.procedure import HeldIn, Key, Place, Procedure, Route, Stage
from commonground.core.setting import Agency, Setting
from commonground.core.standing import NOTHING, Standing, standing
from commonground.people.access import Relation, Scope, guest_scope
from commonground.usecases.directory import AgencyEntry, Directory
from commonground.usecases.reading import Reading, possible
from commonground.web.formfields import ClockField, DayField
from commonground.web.forms import raising
from commonground.web.forms.act_form import ActForm, Here
from commonground.web.forms.acts import FORMS
from commonground.web.forms.fields import ChosenWords, Pick, Tick, Typed, TypedLine, ask_field
from commonground.web.offers import TOGETHER, Offer, Slug, slug_of
from commonground.web.papers.paper import Block, Line, Paper, Question, Section, safe
from commonground.wording import DANGER, Names, label_of_ask

OURS: Final = "ours"
THEIRS: Final = "theirs"
OFFICE_OF: Final = "partnership"
"""The keys of agencies that are nobody."""
CALLED: Final = {OURS: "your agency", THEIRS: "the other agency", OFFICE_OF: "the partnership"}
NOBODY: Final = UUID(int=0)
MOST_TO_TICK: Final = 12
"""How many of a long list a form prints; of more, somebody writes which. What the screen lists in full, paper does."""

WHEN: Final = ("Day, month and year", "Time")
WHICH: Final = Question("Which disagreement is it?", "Its reference, if it has one.", blanks=("Reference",))


@dataclass(frozen=True)
class Asked:
    """One form of a stage: the last part of its address, what it is called, and the procedure's place for it."""

    slug: Slug
    name: str
    place: Place | None
    fields: tuple[tuple[str, forms.Field], ...]


def raising_paper(setting: Setting) -> Paper:
    """This will give the form to raise a disagreement under a procedure."""
    procedure = setting.procedure
    directory = _directory(setting)
    names = directory.names(procedure)
    screen = raising.Raising({}, ((setting.digest, procedure),), directory, OURS)
    # The procedure's own questions are asked by route on the screen. Here it is not known which route it will be.
    pages = (screen.form(question) for question in screen.questions if question != raising.MORE)
    fields = [(name, field) for page in pages for name, field in page.fields.items()]
    own = [
        (f"ask-{ask.key}", ask_field(names, ask), [procedure.route(route).title for route in ask.routes])
        for ask in procedure.asks
        if ask.at is Place.RAISE
    ]
    blocks = [*_begin(), *_guidance(names, Place.RAISE, None), *_questions(fields)]
    for _, field, routes in own:
        blocks += [_only_for(one, routes) for one in _questions([("", field)])]
    return _paper(f"Raise a disagreement: {procedure.title}", procedure, [Section("Raise", (*blocks, *_end()))])


def stage_paper(setting: Setting, route: Route, stage: Stage, slug: Slug | None, at: datetime) -> Paper:
    """This will give one form of a stage, or with no slug all of them, each on a new page.

    LookupError where the stage has no such form. `at` is when it is asked for; nothing on the paper depends on it.
    """
    names = _directory(setting).names(setting.procedure)
    wanted = [one for one in forms_of(setting, route, stage, at) if slug in (None, one.slug)]
    if not wanted:
        raise LookupError(f"no form {slug}")
    sections = [
        Section(
            one.name,
            (*_begin(), WHICH, *_guidance(names, one.place, route.key), *_questions(one.fields), *_end()),
            on_new_page=number > 0,
        )
        for number, one in enumerate(wanted)
    ]
    where = names.stage(route.key, stage.key)
    title = where if slug is None else f"{wanted[0].name}: {where}"
    lines = [Line(f"{route.title}. {where}.", "Where this belongs")]
    if stage.clauses:
        lines.append(Line(f"{names.clauses(stage.clauses)} of the procedure.", "Read"))
    first = replace(sections[0], blocks=(*lines, *sections[0].blocks))
    return _paper(title, setting.procedure, [first, *sections[1:]])


def forms_of(setting: Setting, route: Route, stage: Stage, at: datetime) -> tuple[Asked, ...]:
    """This will list every form that somebody on either side could be shown at a stage, in the order of the screen."""
    blank = _blank(setting)
    directory = _directory(setting)
    here = _standing_at(blank, route, stage, at)
    found = {one.slug: one for seat in _seats(blank) for one in _asked(blank, directory, here, seat, at)}
    return tuple(found[slug] for slug in FORMS if slug in found)


def _asked(setting: Setting, directory: Directory, here: Standing, scope: Scope, at: datetime) -> Iterator[Asked]:
    names = directory.names(setting.procedure)
    side = Side.CHALLENGING if scope.seat.agency == OURS else Side.RESPONDING
    reading = Reading(NOBODY, "", Relation.GUEST, setting, here, (), {}, side, at, scope)
    asks = [one.ask for one in possible(setting, here, scope, at)]
    for slug, form in FORMS.items():
        own = tuple(ask for ask in asks if slug_of(ask) == slug)
        if own:
            name = TOGETHER.get(slug) or label_of_ask(own[0], names, here)
            made: ActForm = form(Here(reading, directory, names, Offer(slug, name, own, ())))
            yield Asked(slug, name, made.place, tuple(made.fields.items()))


# --- Two sides that are nobody ----------------------------------------------------------------------------------------


def _blank(setting: Setting) -> Setting:
    """The setting without its directory: two agencies with every post of a party, and the partnership's own."""
    entries = _directory(setting).agencies
    agencies = {one.key: Agency(one.key, one.kind, frozenset(one.posts)) for one in entries}
    return replace(setting, office=OFFICE_OF, agencies=agencies, service=None)


def _directory(setting: Setting) -> Directory:
    posts = setting.procedure.posts
    party = tuple(post.key for post in posts if post.held_in is HeldIn.PARTY)
    own = tuple(dict.fromkeys((*(post.key for post in posts if post.held_in is HeldIn.PARTNERSHIP), "office")))
    agencies = tuple(
        AgencyEntry(key, name, key, on_service=True, telephone="", out_of_hours="", posts=held)
        for (key, name), held in zip(CALLED.items(), (party, party, own), strict=True)
    )
    return Directory("", CALLED[OFFICE_OF], agencies, {})


def _seats(setting: Setting) -> Iterator[Scope]:
    """Somebody on each side. A guest's scope of no disagreement opens nothing at all."""
    for agency in (OURS, THEIRS):
        posts = sorted(setting.agencies[agency].posts)
        yield guest_scope("", PostRef(agency, posts[0] if posts else ""), "", NOBODY)


def _standing_at(setting: Setting, route: Route, stage: Stage, at: datetime) -> Standing:
    """How it stands when a stage has just begun: raised there, by one side against the other."""
    matter = setting.procedure.matters[0].key if setting.procedure.matters else ""
    ask = Raise(matter, About.CHILD, (OURS,), (THEIRS,), start_at=f"{route.key}/{stage.key}")
    answer = decide(setting, NOTHING, Command(NOBODY, next(_seats(setting)).actor, ask, at))
    if not isinstance(answer, Accepted):
        raise TypeError("raising was refused, and nothing may refuse it")
    return standing([answer.act])


# --- Questions on paper -----------------------------------------------------------------------------------------------


def _begin() -> tuple[Block, ...]:
    return (
        Line(DANGER),
        Line(
            "Use this form when you cannot reach the service. Type it in as soon as you can, with both times. "
            "Both stay in the record."
        ),
        Question("Who are you?", blanks=("Name", "Post", "Agency")),
        Question("When did it happen?", blanks=WHEN),
        Question("When do you write this?", blanks=WHEN),
    )


def _end() -> tuple[Block, ...]:
    return (Question("Approved by", blanks=("Name", "Post", "Date")),)


def _guidance(names: Names, place: Place | None, route: Key | None) -> Iterator[Block]:
    for one in names.procedure.guidance:
        if one.at is place and (route is None or not one.routes or route in one.routes):
            cited = names.clauses(one.clauses)
            yield Line(f"{one.text} ({cited})" if cited else one.text, "From the procedure")


def _questions(fields: Iterable[tuple[str, forms.Field]]) -> list[Question]:
    # When it happened is asked at the top of every form.
    return [_question(field) for name, field in fields if name not in ("happened_on", "happened_at")]


def _question(field: forms.Field) -> Question:
    text = str(field.label or "")
    hint = " ".join(part for part in (str(field.help_text), str(getattr(field, "audience", ""))) if part)
    match field:
        case DayField():
            return Question(text, hint, blanks=WHEN[:1])
        case ClockField():
            return Question(text, hint, blanks=WHEN[1:])
        case Tick():
            return Question(text, hint, choices=(field.yes,))
        case forms.ChoiceField() | ChosenWords():
            listed = [str(label) for value, label in field.choices if value or not isinstance(field, Pick)]  # type: ignore[union-attr]  # pairs, as our fields are given
            if listed and (len(listed) <= MOST_TO_TICK or not isinstance(field, Pick)):
                return Question(text, hint, choices=tuple(listed))
            return Question(text, hint, lines=1)
        case TypedLine():
            return Question(text, hint, lines=1)
        case Typed():
            return Question(text, hint, lines=int(field.widget.attrs.get("rows", 3)))
        case _:
            return Question(text, hint, lines=1)


def _only_for(question: Question, routes: list[str]) -> Question:
    if not routes:
        return question
    return replace(question, hint=f"{question.hint} Only for: {'; '.join(routes)}.".strip())


def _paper(title: str, procedure: Procedure, sections: list[Section]) -> Paper:
    return safe(
        Paper(
            title=title,
            file_name="blank-form",
            about=(f"A form to fill in by hand, under “{procedure.title}” ({procedure.edition}).",),
            sections=tuple(sections),
            foot=f"Blank form · {procedure.title}",
        )
    )
