"""The values that templates/components/ show, one per component: plain, frozen, already worded.

A view builds them, a template prints them, nobody changes them. Texts are plain text and escaped on the page. Moments
are aware and in UTC; the templates show them in Europe/London. Component `x` is the macro `x` of `components/x.html`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from markupsafe import Markup

Colour = Literal["", "grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow"]


@dataclass(frozen=True)
class Link:
    """A link with the words people read."""

    text: str
    href: str


@dataclass(frozen=True)
class Tag:
    """A short status or mark. The words carry the meaning; the colour only helps."""

    text: str
    colour: Colour = "grey"


@dataclass(frozen=True)
class Phone:
    """Somebody to ring, from the partnership's own directory: `who`, the `number` and when it is answered."""

    who: str
    number: str
    hours: str = ""


@dataclass(frozen=True)
class Working:
    """How a date was worked out (promise 5).

    `lines` are whole sentences in order: what the procedure gives or does not give, from when it counts, by which rule,
    the days left out, the calendar, the child's date. `clauses` lead to the published words; `also` are the other
    limits that run, each as one sentence, because the earliest rules.
    """

    lines: tuple[str, ...]
    clauses: tuple[Link, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class WhoseMove:
    """The first line of every disagreement: whose move, what, by when.

    `who` is a post, `yours` whether the reader holds it, `what` what they have to do. Every open disagreement has a
    next dated event, so `due_at` is missing only after an ending. Where the procedure gives no limit, `limit_given` is
    false and `due_at` is our own review date: `by_when` then says both in words. `why` says why this post has the move,
    `if_silent` what happens when nothing comes.
    """

    who: str
    what: str
    now: datetime
    due_at: datetime | None
    yours: bool = False
    limit_given: bool = True
    working: Working | None = None
    by_when: str = ""
    why: str = ""
    if_silent: str = ""


@dataclass(frozen=True)
class Words:
    """What a person typed: a `label`, the `text` or None once lawfully erased, and who may see it.

    `href` leads to the whole of it when `text` is only its beginning. For a file, `text` is its name, `about` says what
    it is, `digest` is its SHA-256 in hex and `download` leads to it.
    """

    label: str
    text: str | None
    audience: str
    href: str = ""
    about: str = ""
    digest: str = ""
    download: Link | None = None


@dataclass(frozen=True)
class TimelineEntry:
    """One act. `happened` is a bare date when nobody gave a time; `written_at` is when we were told.

    `sentences` say what it did beyond its title; `meant` what its marks mean. `dates` are the dates it set, each with
    what it is in words and its working.
    """

    id: str
    title: str
    by: str
    happened: date
    written_at: datetime
    marks: tuple[Tag, ...] = ()
    words: tuple[Words, ...] = ()
    clause: str = ""
    sentences: tuple[str, ...] = ()
    meant: tuple[str, ...] = ()
    dates: tuple[tuple[str, Working], ...] = ()


@dataclass(frozen=True)
class OpenAct:
    """Something the reader can do now. `main` ones are buttons, the others links; going up is always among them."""

    text: str
    href: str
    hint: str = ""
    main: bool = False


@dataclass(frozen=True)
class ClosedAct:
    """Something not open now, why, and the clause that says so ("clause 4.2"); empty where none is behind it."""

    text: str
    reason: str
    clause: str = ""


@dataclass(frozen=True)
class Cut:
    """A part of what somebody typed, and whether it is what was asked for."""

    text: str
    found: bool = False


@dataclass(frozen=True)
class DisagreementRow:
    """A disagreement in a list: its reference, whose move, by when and how it stands. No names (promise 10).

    `due_href` opens how the date was worked out. With `limit_given` false the date is our own, and the list says so.
    """

    reference: str
    href: str
    whose_move: str
    status: Tag
    due_at: datetime | None = None
    ended_on: date | None = None
    due_href: str = ""
    what: str = ""
    limit_given: bool = True
    urgent: bool = False
    excerpt: tuple[Cut, ...] = ()
    """Where it was found by its words: what is around them."""
    until: date | None = None
    """For what its reader had a part in until then: nothing else is said of it."""


@dataclass(frozen=True)
class WorkTab:
    """One of somebody's lists, as a link to it. `count`: how many are in it, "12", "more than 1,000"; or empty."""

    id: str
    label: str
    href: str
    count: str
    current: bool = False


@dataclass(frozen=True)
class Option:
    """Something to choose in a list of choices."""

    value: str
    text: str
    chosen: bool = False


@dataclass(frozen=True)
class Answer:
    """One line of "check your answers". `about` completes "Change" for those who can't see the row."""

    question: str
    answer: str
    change_href: str = ""
    about: str = ""
    audience: str = ""


@dataclass(frozen=True)
class SideRow:
    """What each side said under one heading; empty when it said nothing."""

    heading: str
    left: str
    right: str


@dataclass(frozen=True)
class TwoSides:
    """Two columns with the same headings, stacked on a phone: usually "You said" and "They said"."""

    left_title: str
    right_title: str
    rows: tuple[SideRow, ...]


@dataclass(frozen=True)
class ChartStep:
    """One step of a chart, for those who read it as a list."""

    text: str
    here: bool = False


@dataclass(frozen=True)
class Chart:
    """A drawing of ours with its caption, and the same as a list. `svg` must come from our own drawing code."""

    id: str
    caption: str
    svg: Markup
    steps: tuple[ChartStep, ...]


@dataclass(frozen=True)
class Confirmation:
    """What somebody sees once their act is stored: title, reference, what happens next, and whether they must act."""

    title: str
    reference: str
    next_steps: tuple[str, ...]
    links: tuple[Link, ...] = ()
