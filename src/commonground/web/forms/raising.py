"""Raising a disagreement: short questions, one on each page, in the order that a person under pressure needs.

Each answer is kept as soon as it is given. Only what it is about has to be answered, because that decides the route;
everything else may stay open and is then shown as missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID, uuid4

from django import forms

from commonground.core.acts import About, Raise
from commonground.core.procedure import Key, Matter, Place, Procedure
from commonground.core.telling import LIVES_IN, MOVES_TO
from commonground.record.words import Words
from commonground.usecases.areas import RAISED_BY_BOTH, SIBLING, Area
from commonground.usecases.directory import Directory
from commonground.usecases.tick_lists import TickList
from commonground.web.drafts import Values
from commonground.web.formfields import ClockField, DayField
from commonground.web.forms.fields import (
    AskedForm,
    Choice,
    Pick,
    Several,
    Tick,
    Typed,
    TypedLine,
    as_data,
    ask_fields,
    asks_at,
    moment_of,
)
from commonground.wording import Names

OTHER: Final = "other"
NOT_LISTED: Final = "not listed"

Find = Callable[[str], UUID | None]
"""Gives the disagreement that a reference means to whoever raises this one."""

Question = str
"""The last part of a page's address: /raise/QUESTION."""


@dataclass(frozen=True)
class Subject:
    """A matter to choose, with the procedure that holds it."""

    value: str
    digest: str
    procedure: Procedure
    matter: Matter | None
    """None: something that the list does not name. It begins on the first route, and the act says so."""

    @property
    def begins(self) -> tuple[Key, Key]:
        """The route and stage it leads to."""
        first = self.procedure.routes[0]
        route, _, stage = (self.matter.to if self.matter and self.matter.to else first.key).partition("/")
        return route, stage or self.procedure.route(route).stages[0].key


def subjects(adopted: tuple[tuple[str, Procedure], ...]) -> tuple[Subject, ...]:
    """This will list everything that a partnership's procedures let people choose, and one for anything else."""
    listed = [
        Subject(f"{digest[:12]}-{number}", digest, procedure, matter)
        for digest, procedure in adopted
        for number, matter in enumerate(procedure.matters)
    ]
    if adopted:
        listed.append(Subject(OTHER, *adopted[0], None))
    return tuple(listed)


class Raising:
    """What somebody has answered so far, and what it comes to."""

    def __init__(
        self,
        values: Values,
        adopted: tuple[tuple[str, Procedure], ...],
        directory: Directory,
        own_agency: Key,
        areas: tuple[Area, ...] = (),
        find: Find = lambda reference: None,
        command: UUID | None = None,
        lists: Callable[[], Mapping[Key, TickList]] = dict,
    ) -> None:
        self.values = values
        self.command = command or uuid4()
        """The id of the command, so that sending the same answers twice raises one disagreement."""
        self.subjects = subjects(adopted)
        self.several = len(adopted) > 1
        self.directory = directory
        self.own_agency = own_agency
        self.areas = areas
        self.find = find
        self.lists = lists
        """Gives what the partnership loaded to be ticked, by the key of its question."""

    # --- what was answered -------------------------------------------------------------------------------------------

    @cached_property
    def subject(self) -> Subject | None:
        """What it is about: what was chosen, else something that the list does not name. None where nothing is run.

        Promise 1: a question left out is a question left out. It keeps nobody from raising.
        """
        chosen = [*self.values.get("matter", ()), ""][0]
        unlisted = next((one for one in self.subjects if one.matter is None), None)
        return next((one for one in self.subjects if one.value == chosen), unlisted)

    @property
    def matter_is_not_here(self) -> bool:
        """Whether what was chosen is not in the list: it was another area's."""
        chosen = [*self.values.get("matter", ()), ""][0]
        return bool(chosen) and all(one.value != chosen for one in self.subjects)

    @property
    def questions(self) -> tuple[Question, ...]:
        """The pages to go through, in order; the procedure's own questions only where it has any."""
        return tuple(one for one in FORMS if one != MORE or self.asks)

    @cached_property
    def asks(self) -> Mapping[str, object]:
        subject = self.subject
        if subject is None:
            return {}
        route, _ = subject.begins
        found = asks_at(subject.procedure, Place.RAISE, route, None)
        return ask_fields(self.directory.names(subject.procedure), found, self.lists()) if found else {}

    @property
    def names(self) -> Names | None:
        return self.directory.names(self.subject.procedure) if self.subject else None

    def form(self, question: Question) -> AskedForm:
        """This will give the form of one page, filled in with what was answered before."""
        form = FORMS[question](self)
        form.fill(self.values)
        return form

    @cached_property
    def answered(self) -> dict[Question, AskedForm]:
        """Every page's form with what was answered, checked. What can't be read is left out, and stops nothing."""
        checked: dict[Question, AskedForm] = {}
        data = as_data(self.values)
        for question in self.questions:
            form = FORMS[question](self, data)
            form.full_clean()
            checked[question] = form
        return checked

    def answer(self, question: Question, field: str) -> object:
        form = self.answered.get(question)
        return form.cleaned_data.get(field) if form is not None else None

    # --- what it comes to --------------------------------------------------------------------------------------------

    def ask(self) -> Raise:
        """This will give what is asked of the service. Only with a subject; ValueError without."""
        subject = self.subject
        if subject is None:
            raise ValueError("what it is about was not chosen")
        facts = [
            (fact, said) for fact in asked_facts(subject) if (said := str(self.answer(START, f"fact-{fact}") or ""))
        ]
        if self.answer(DANGER, "danger") == "yes":
            facts.append(("danger", "yes"))
        rating = str(self.answer(MORE, "ask-rating") or "")
        if rating in subject.procedure.ratings:
            facts.append(("rating", rating))
        facts += self._facts_of_others()
        linked = self.find(str(self.answer(AREA, "linked") or ""))
        agency = str(self.answer(WHO, "agency") or "")
        about = str(self.answer(CHILD, "about") or About.CHILD)
        chosen = str(self.answer(START, "stage") or "")
        return Raise(
            matter=subject.matter.key if subject.matter else "not-listed",
            about=About(about),
            challenging=(self.own_agency,),
            responding=(agency,) if self.directory.agency(agency) else (),
            concern_at=moment_of(self.answer(WORRY, "since_on"), self.answer(WORRY, "since_at")),  # type: ignore[arg-type]
            decision_at=moment_of(self.answer(DECISION, "decided_on"), self.answer(DECISION, "decided_at")),  # type: ignore[arg-type]
            wanted_on=self.answer(WANT, "wanted_on"),  # type: ignore[arg-type]
            start_at=chosen or None,
            urgent=bool(self.answer(START, "urgent")) or self.answer(DANGER, "danger") == "yes",
            facts=tuple(facts),
            linked=(linked,) if linked is not None else (),
        )

    def _facts_of_others(self) -> Iterator[tuple[Key, str]]:
        """Yield what was said of another area, of brothers and sisters, and of the other side."""
        said = self.answer(AREA, "elsewhere")
        chosen = frozenset(said) if isinstance(said, list) else frozenset()
        area = str(self.answer(AREA, "area") or "")
        # Where it is raised in the child's own area, no other has to be told.
        if LIVES in chosen and area != self.directory.partnership:
            yield LIVES_IN, area or NOT_LISTED
        if MOVES in chosen:
            yield MOVES_TO, area or NOT_LISTED
        for fact in (SIBLING, RAISED_BY_BOTH):
            if fact in chosen:
                yield fact, "yes"

    def words(self) -> tuple[Words, ...]:
        """This will give what was typed as words of the act, without what is too long."""
        return tuple(piece for form in self.answered.values() for piece in form.words(self.own_agency))

    def too_long(self) -> Iterator[tuple[Question, Typed, str]]:
        """This will yield each answer that is too long to be sent, with its page and its text."""
        for question, form in self.answered.items():
            for name in form.too_long():
                field = form.fields[name]
                if isinstance(field, Typed):
                    yield question, field, str(form.cleaned_data[name])


SEEN: Final = frozenset({"about", "urgent", "inside one agency", "other side known"})
"""Facts that the service sees for itself (`core.procedure.Fork`). Any other is asked of whoever raises it."""


def asked_facts(subject: Subject) -> dict[Key, tuple[str, ...]]:
    """This will list the facts that decide where a matter begins and that only its raiser knows, with their values."""
    found: dict[Key, dict[str, None]] = {}
    for fork in subject.matter.forks if subject.matter else ():
        for fact in fork.when:
            if fact.fact not in SEEN:
                found.setdefault(fact.fact, {"yes": None, "no": None} if fact.is_ in ("yes", "no") else {})[
                    fact.is_
                ] = None
    return {fact: tuple(values) for fact, values in found.items()}


# --- the pages -------------------------------------------------------------------------------------------------------

DANGER, MATTER, CHILD, AREA, DECISION, WHO = "danger", "matter", "child", "area", "decision", "who"
WORRY, WANT, START, MORE = "worry", "wanted", "start", "more"


class RaisingForm(AskedForm):
    """The form of one page. It knows what was answered on the others."""

    def __init__(self, raising: Raising, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or None
        self.raising = raising
        self.build()

    def build(self) -> None:
        """Add the fields of the page."""


class DangerForm(RaisingForm):
    def build(self) -> None:
        self.fields["danger"] = Choice("Is a child in immediate danger now?", [("yes", "Yes"), ("no", "No")])


class MatterForm(RaisingForm):
    def build(self) -> None:
        found = self.raising.subjects
        self.fields["matter"] = Choice(
            "What is it about?",
            [(one.value, one.matter.name if one.matter else "Something that is not in this list") for one in found],
            hints={one.value: hint for one in found if (hint := self._hint(one))},
            needed="Choose what it is about. If nothing fits, choose the last one",
        )

    def _hint(self, subject: Subject) -> str:
        matter = subject.matter
        if matter is None:
            return ""
        which = subject.procedure.title if self.raising.several else ""
        elsewhere = (
            f"Another procedure may fit better: {matter.elsewhere}." if matter.elsewhere and not matter.note else ""
        )
        return " ".join(text for text in (matter.note or "", elsewhere, which) if text)


class ChildForm(RaisingForm):
    def build(self) -> None:
        self.fields["about"] = Choice(
            "Who is it about?",
            [
                (About.CHILD, "One child"),
                (About.CHILDREN, "Brothers and sisters together"),
                (About.ADULT, "An adult"),
                (About.THEME, "Practice or policy, with no single child"),
            ],
            initial=About.CHILD,
        )
        self.fields["child"] = TypedLine(
            "child",
            "Which child or children?",
            help_text="Your own reference, initials and year of birth. For example: EL-114, J S, 2019.",
        )


LIVES, MOVES = "lives", "moves"
NO_SUCH_REFERENCE: Final = "There is no disagreement with this reference that you can see"


class AreaForm(RaisingForm):
    def build(self) -> None:
        self.fields["elsewhere"] = Several(
            "Does this touch another area or another disagreement?",
            [
                (LIVES, "The child lives in another area"),
                (MOVES, "The child is moving to another area"),
                (SIBLING, "A brother or sister has another worker"),
                (RAISED_BY_BOTH, "The other side has raised this too"),
            ],
            help_text="If not, go on to the next question.",
        )
        self.fields["area"] = Pick(
            "Which area?", [(one.key, one.name) for one in self.raising.areas], help_text=self._governs()
        )
        self.fields["other_area"] = TypedLine("other area", "If it is not in the list, which area is it?")
        self.fields["linked"] = forms.CharField(
            label="If another disagreement belongs with this one, what is its reference?", required=False, max_length=40
        )

    def _governs(self) -> str:
        names = [one.name for one in self.raising.areas if one.governs]
        if not names:
            return "It is raised here. The partnership’s office tells the office there."
        return (
            f"If the child lives in the area of {' or '.join(names)}, it is raised there, under the procedure there. "
            "For other areas it is raised here, and the partnership’s office tells the office there."
        )

    def clean_linked(self) -> str:
        typed = str(self.cleaned_data["linked"])
        if typed and self.raising.find(typed) is None:
            raise forms.ValidationError(NO_SUCH_REFERENCE)
        return typed


class DecisionForm(RaisingForm):
    def build(self) -> None:
        self.fields["decision"] = Typed(
            "decision",
            "What decision or lack of action do you disagree with?",
            help_text="For example: the referral of 3 March was closed with no further action.",
        )
        self.fields["decided_on"] = DayField(
            label="When was it decided, or when did it happen?", help_text="For example, 27 3 2026", required=False
        )
        self.fields["decided_at"] = ClockField(
            label="What time was it, if you know?", help_text="For example, 9:30am or 3pm", required=False
        )


class WhoForm(RaisingForm):
    def build(self) -> None:
        agencies = [one for one in self.raising.directory.agencies if one.kind != "partnership"]
        own = self.raising.own_agency
        listed = sorted(agencies, key=lambda one: one.key == own)
        self.fields["agency"] = Choice(
            "Who made the decision?",
            [
                *((one.key, f"{one.name} (inside your own agency)" if one.key == own else one.name) for one in listed),
                (NOT_LISTED, "Not listed, or you do not know"),
            ],
            hints={NOT_LISTED: "The partnership’s office will reach them for you."},
        )
        self.fields["decided_by"] = TypedLine(
            "decided by", "Which team, and who, if you know?", help_text="For example: the assessment team."
        )


class WorryForm(RaisingForm):
    def build(self) -> None:
        self.fields["worry"] = Typed(
            "worry",
            "What worries you for the child, and what shows it?",
            rows=8,
            help_text="Say what you saw or heard, and what could happen to the child. Signs of need and tools help.",
        )
        self.fields["since_on"] = DayField(
            label="Since when have you been worried?", help_text="Leave it empty if it is today.", required=False
        )
        self.fields["since_at"] = ClockField(
            label="What time was it, if you know?", help_text="For example, 9:30am or 3pm", required=False
        )


class WantForm(RaisingForm):
    def build(self) -> None:
        self.fields["wanted"] = Typed(
            "wanted",
            "What do you want to happen for the child?",
            help_text="For example: a strategy meeting this week.",
        )
        self.fields["wanted_on"] = DayField(
            label="By which date does the child need this settled?",
            help_text="This can make every time limit shorter, and none longer. Leave it empty if there is no date.",
            required=False,
        )


class StartForm(RaisingForm):
    def build(self) -> None:
        self.fields["urgent"] = Tick("Is it urgent?", "Yes, the child cannot wait for the usual times")
        subject, names = self.raising.subject, self.raising.names
        if subject is not None and names is not None:
            for fact, values in asked_facts(subject).items():
                choices = [(value, value.capitalize()) for value in values]
                self.fields[f"fact-{fact}"] = Choice(f"{fact.replace('-', ' ').capitalize()}?", choices)
            forked = subject.matter is not None and bool(subject.matter.forks)
            route, first = subject.begins
            routes = [one.key for one in subject.procedure.routes] if forked else [route]
            usual = "Where the procedure begins it" if forked else names.stage(route, first)
            self.fields["stage"] = Choice(
                "At which stage do you start?",
                [
                    ("", f"{usual} (the usual beginning)"),
                    *(
                        (f"{key}/{stage.key}", names.stage(key, stage.key))
                        for key in routes
                        for stage in subject.procedure.route(key).stages
                        if forked or (key, stage.key) != subject.begins
                    ),
                ],
                initial="",
                help_text="You can start at any of them when the child cannot wait.",
            )
        self.fields["why"] = Typed(
            "reasons",
            "If it is urgent, or you start further up: why?",
            help_text="You can write this later. It never stops you.",
        )


class MoreForm(RaisingForm):
    def build(self) -> None:
        self.fields.update(self.raising.asks)  # type: ignore[arg-type]  # they are fields


FORMS: Final[Mapping[Question, Callable[..., RaisingForm]]] = {
    DANGER: DangerForm,
    MATTER: MatterForm,
    CHILD: ChildForm,
    AREA: AreaForm,
    DECISION: DecisionForm,
    WHO: WhoForm,
    WORRY: WorryForm,
    WANT: WantForm,
    START: StartForm,
    MORE: MoreForm,
}
"""Every page of raising, in order."""
