"""The four documents of a disagreement, each with what its reader may see and nothing else.

They say the same in another order: what each begins with is what it is for. All four end with every act in order, with
both its times, and with the check code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from commonground.core.acts import (
    Act,
    Action,
    Answer,
    Audience,
    Confirmed,
    Decide,
    Decided,
    Differed,
    Dissented,
    Effect,
    Ended,
    LimitSet,
    Owner,
    ProposalDropped,
    Replied,
    Reply,
    Side,
)
from commonground.core.procedure import Key
from commonground.core.setting import stage_now
from commonground.core.standing import NOTHING, Phase, Standing, after, standing
from commonground.core.time import LONDON, Due
from commonground.record.words import Erased, Words
from commonground.usecases.check_code import CheckCode
from commonground.usecases.directory import people_called
from commonground.usecases.reading import Reading
from commonground.web import moments
from commonground.web.pages.dates import happened
from commonground.web.pages.disagreement import author
from commonground.web.pages.page import capital
from commonground.web.papers.paper import Block, Heading, Line, Paper, Quote, Section, Table, safe
from commonground.web.questions import called
from commonground.wording import (
    Names,
    by_when,
    day,
    limit_at,
    limit_name,
    moment,
    sentences_of_act,
    title_of_act,
    whose_move_in_words,
    words_of_audience,
    words_of_because,
    words_of_effect,
    words_of_ending_kind,
    words_of_mark,
    words_of_side,
    working_in_words,
)

NOTHING_YET: Final = "Nothing is recorded yet."
ON_ONE_PAGE: Final = 1_500
"""How many characters of the concern a page has room for beside the rest. More is never cut: it stands with its act."""


@dataclass(frozen=True)
class Document:
    """One kind of document. `first` gives the sections that it begins with; what follows is in all of them."""

    slug: str
    name: str
    what: str
    first: Callable[[_Record], Iterator[Section]]
    code_first: bool = False
    """Whether the check code stands before the acts, so that the first page is whole."""
    for_all: bool = False
    """Whether it is put before people of several agencies: no agency's own words are in it, whoever prints it."""


@dataclass(frozen=True)
class _Record:
    """What a document is made from."""

    reading: Reading
    names: Names
    people: Mapping[Key, str]
    code: CheckCode
    check_at: str
    """The address of the page that checks a code."""

    @property
    def here(self) -> Standing:
        return self.reading.standing

    def walk(self) -> Iterator[tuple[int, Act, Standing, Standing]]:
        """Each act that is shown, with its number and the standing before and after it."""
        here = NOTHING
        for sequence, act in enumerate(self.reading.acts, start=1):
            before, here = here, standing([act], here)
            if self.reading.shows(sequence):
                yield sequence, act, before, here


def has_papers(reading: Reading) -> bool:
    """This will say whether there are documents for a reader: not for who sees no words, nor for half a record."""
    return not reading.shallow and reading.until is None


def has_outcome(reading: Reading) -> bool:
    """This will say whether there is an outcome to confirm: one put forward, or an ending."""
    return reading.standing.proposal is not None or reading.standing.ended is not None


def paper_of(document: Document, reading: Reading, names: Names, code: CheckCode, check_at: str) -> Paper:
    """This will make one document of what somebody reads. `check_at` is the address of the page that checks codes."""
    if document.for_all:
        reading = replace(reading, words={at: _for_all(pieces) for at, pieces in reading.words.items()})
    person = reading.scope.person
    known = people_called({act.by.person for act in reading.acts} | {person}) if reading.names_people else {}
    whose = "both sides can read" if document.for_all else "are for this reader"
    record = _Record(reading, names, known, code, check_at)
    who = ", ".join(part for part in (known.get(person), names.post(reading.scope.seat)) if part)
    acts = replace(_acts(record), on_new_page=document.code_first)
    last = (_check(record), acts) if document.code_first else (acts, _check(record))
    return safe(
        Paper(
            title=f"{document.name}: disagreement {reading.reference}",
            file_name=reading.reference,
            about=(
                document.what,
                f"Made for {who}, at {moment(reading.at)}.",
                f"It has the words that {whose}, and no others. Words are exactly as they were typed.",
            ),
            sections=(*document.first(record), *last),
            foot=f"{reading.reference} · check code {code.short}",
            made_at=reading.at,
            compact=document.code_first,
        )
    )


def _for_all(pieces: tuple[Words | Erased, ...]) -> tuple[Words | Erased, ...]:
    return tuple(piece for piece in pieces if piece.said.audience is Audience.PARTIES)


# --- What each begins with --------------------------------------------------------------------------------------------


def _account(record: _Record) -> Iterator[Section]:
    yield _about(record)
    yield _agreed(record)
    yield _not_agreed(record)
    yield _actions(record)
    yield _dates(record)


def _file_copy(record: _Record) -> Iterator[Section]:
    yield _about(record, posts=False)
    raised = _or_nothing(_quotes_of(record, (1,)))
    if sum(len(block.text or "") for block in raised if isinstance(block, Quote)) > ON_ONE_PAGE:
        raised = (Line("What was written is long. It stands with act 1, on the pages that follow."),)
    yield Section("The concern, as it was raised", raised)
    yield _agreed(record, words=False)
    yield _not_agreed(record, words=False)
    yield _actions(record)
    yield _dates(record, working=False)


def _panel(record: _Record) -> Iterator[Section]:
    yield _before_the_panel(record)
    yield _about(record)
    yield Section("The concern, as it was raised", _or_nothing(_quotes_of(record, (1,))))
    answers = (sequence for sequence, act, *_ in record.walk() if isinstance(act.ask, Reply))
    yield Section("What the other side answered", _or_nothing(_quotes_of(record, answers)))
    yield _not_agreed(record)
    yield _agreed(record)
    yield _actions(record)
    yield _dates(record)


def _outcome(record: _Record) -> Iterator[Section]:
    yield _the_outcome(record)
    yield _agreed(record)
    yield _actions(record)
    yield _not_agreed(record)
    yield _about(record)
    yield _dates(record)


# --- Sections ---------------------------------------------------------------------------------------------------------


def _about(record: _Record, *, posts: bool = True) -> Section:
    rows = (*_facts(record), *(_speakers(record) if posts else ()))
    return Section("About this disagreement", (Table("What is known of it", ("What", "How it is"), rows),))


def _facts(record: _Record) -> Iterator[tuple[str, str]]:
    reading, names, here = record.reading, record.names, record.here
    procedure = names.procedure
    yield "Reference", reading.reference
    yield "Procedure", f"{procedure.title} ({procedure.edition}): {procedure.route(here.route).title}"
    yield "Where it stands", _where(record)
    if here.waits is not None and here.phase is Phase.OPEN:
        yield "Whose move", whose_move_in_words(here.waits, names, here).line
    opened = here.opened
    if opened is not None:
        yield "About", names.matter(opened.matter)
        yield "Raised", capital(moment(opened.raised_at))
        if opened.decision_at is not None:
            yield "What is challenged took place", capital(moments.when(happened(opened.decision_at)))
    for side, agencies in ((Side.CHALLENGING, here.challenging), (Side.RESPONDING, here.responding)):
        yield capital(words_of_side(side)), "; ".join(names.agency(one) for one in agencies) or "Not known yet"
    if here.others:
        yield "Also brought in", "; ".join(names.agency(one) for one in here.others)
    if here.childs_date is not None:
        yield "The child needs it settled by", capital(moment(here.childs_date))
    if here.rating is not None:
        yield "How urgent it is", capital(here.rating)


def _speakers(record: _Record) -> Iterator[tuple[str, str]]:
    names, here = record.names, record.here
    if here.entered is not None and here.phase is Phase.OPEN:
        for side in Side:
            yield f"Speaks for {words_of_side(side)}", _owner(here.owner_of(side), names)
        if here.entered.body is not None:
            yield "Decides or hears it here", _owner(here.entered.body, names)


def _where(record: _Record) -> str:
    here, names = record.here, record.names
    if here.ended is not None and here.phase is Phase.ENDED:
        return f"Ended at {moment(here.ended.at)}: {names.ending(here.ended.ending)}"
    return f"Open: {names.stage(here.route, here.stage)}"


def _owner(owner: Owner, names: Names) -> str:
    return f"{capital(names.post(owner.post))}. {words_of_because(owner.because)}"


def _before_the_panel(record: _Record) -> Section:
    here, names = record.here, record.names
    stage = stage_now(record.reading.setting, here)
    blocks: list[Block] = [Line(_where(record), "Where it stands")]
    if stage.clauses:
        blocks.append(Line(capital(names.clauses(stage.clauses)), "Under"))
    if stage.body is not None:
        blocks += [
            Line(capital(text), lead)
            for lead, text in (
                ("Who sits", stage.body.members),
                ("How many are needed", stage.body.quorum),
                ("Who may not sit", stage.body.may_not_sit),
            )
            if text
        ]
    if stage.decision is not None:
        rows = tuple((result.name, names.clauses(result.clauses) or "No clause") for result in stage.decision.results)
        blocks.append(Table("What can be decided here", ("Decision", "Clause"), rows))
    return Section("What is before the panel", tuple(blocks))


def _the_outcome(record: _Record) -> Section:
    here, names = record.here, record.names
    blocks: list[Block] = [Line(_where(record), "Where it stands")]
    kinds = {ending.key: ending.kind for ending in names.procedure.endings}
    ending = here.ended.ending if here.ended else here.proposal.ending if here.proposal else ""
    blocks.append(Line(names.ending(ending), "The outcome"))
    if ending in kinds:
        blocks.append(Line(words_of_ending_kind(kinds[ending]), "What kind of ending it is"))
    rows = tuple(
        (capital(words_of_side(side)), *_confirmed(record, side), _yes(side in here.confirmed)) for side in Side
    )
    blocks.append(Table("Who has confirmed it", ("Side", "Who", "When", "Confirmed"), rows))
    return Section("The outcome, and who has confirmed it", tuple(blocks))


def _yes(so: bool) -> str:
    return "Yes" if so else "Not yet"


def _confirmed(record: _Record, side: Side) -> tuple[str, str]:
    """Who confirmed the proposal that stands for a side, and when; it is the last such act."""
    if side not in record.here.confirmed:
        return "Nobody yet", "Not yet"
    acts = [act for _, act, *_ in record.walk() if Confirmed(side) in act.effects]
    who, at = author(acts[-1], record.names, record.people), acts[-1].happened_at
    return capital(who), capital(moments.when(happened(at)))


AGREED: Final = (Decided, Confirmed, Ended)
NOT_AGREED: Final = (Differed, Dissented, ProposalDropped)
OPEN: Final = frozenset({"open issues", "differing views", "dissent"})
"""Fields of words that say what is not agreed."""
_AGREEING: Final = frozenset({Answer.AGREE, Answer.IN_PART})
_DIFFERING: Final = frozenset({Answer.DISAGREE, Answer.IN_PART})


def _agreed(record: _Record, *, words: bool = True) -> Section:
    def told(effect: Effect) -> bool:
        return isinstance(effect, AGREED) or (isinstance(effect, Replied) and effect.answer in _AGREEING)

    proposal = record.here.proposal
    fields = {"outcome", *(proposal.answers if proposal else ())}
    decided = {sequence for sequence, act, *_ in record.walk() if isinstance(act.ask, Decide)}
    quotes = _quotes(record, lambda sequence, field: field in fields or (sequence in decided and field not in OPEN))
    return Section("What is agreed or decided", _or_nothing((*_told(record, told), *(quotes if words else ()))))


def _not_agreed(record: _Record, *, words: bool = True) -> Section:
    def told(effect: Effect) -> bool:
        return isinstance(effect, NOT_AGREED) or (isinstance(effect, Replied) and effect.answer in _DIFFERING)

    here, names = record.here, record.names
    blocks: list[Block] = []
    if here.phase is Phase.OPEN and here.proposal is not None:
        waiting = [words_of_side(side) for side in Side if side not in here.confirmed]
        blocks.append(Line(f"{names.ending(here.proposal.ending)}. Not confirmed yet by {' and '.join(waiting)}."))
    if here.phase is Phase.OPEN and here.proposal is None:
        blocks.append(Line("It is still open, and no outcome is put forward."))
    quotes = _quotes(record, lambda _, field: field in OPEN)
    return Section("What is not agreed", _or_nothing((*blocks, *_told(record, told), *(quotes if words else ()))))


def _told(record: _Record, told: Callable[[Effect], bool]) -> Iterator[Block]:
    """What certain effects said, one row each, with the act and its time."""
    rows = []
    for sequence, act, before, _ in record.walk():
        here = before
        for effect in act.effects:
            if told(effect):
                said = words_of_effect(effect, record.names, here)
                rows.append((f"Act {sequence}", said, capital(moments.when(happened(act.happened_at)))))
            here = after(here, (effect,))
    if rows:
        yield Table("As it was recorded", ("Where", "What", "When"), tuple(rows))


def _or_nothing(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(blocks) or (Line(NOTHING_YET),)


def _actions(record: _Record) -> Section:
    here, names = record.here, record.names
    proposed = {action.key: action for action in here.proposal.actions} if here.proposal else {}
    rows = tuple(
        (
            _what(record, key),
            capital(names.post(action.owner)) if action.owner else "Nobody named yet",
            day(action.due_on) if action.due_on else "No date yet",
            _state(record, action),
        )
        for key, action in {**here.actions, **proposed}.items()
    )
    if not rows:
        return Section("Actions", (Line(NOTHING_YET),))
    return Section("Actions", (Table("Who does what, and by when", ("What", "Who", "By when", "How it is"), rows),))


def _what(record: _Record, key: Key) -> str:
    found = (
        piece for pieces in record.reading.words.values() for piece in pieces if piece.said.field == f"action {key}"
    )
    piece = next(found, None)
    return piece.text if isinstance(piece, Words) else "Erased" if isinstance(piece, Erased) else "Not put in words"


def _state(record: _Record, action: Action) -> str:
    here = record.here
    if action.key in here.actions_done:
        return "Done"
    if action.due_on is not None and action.due_on < record.reading.at.astimezone(LONDON).date():
        return "Overdue"
    return "To do" if action.key in here.actions else "Proposed"


def _dates(record: _Record, *, working: bool = True) -> Section:
    here, names = record.here, record.names
    running = sorted(here.limits.items(), key=lambda one: (one[1].at, one[0]))
    if not running:
        return Section("Dates that run", (Line("No time runs now."),))
    rows = tuple(
        (
            capital(limit_name(key, names, here)),
            by_when(key, due, names, here),
            _clause(key, names, here),
            *((" ".join(working_in_words(key, due, names, here)),) if working else ()),
        )
        for key, due in running
    )
    heads = ("What it is for", "By when", "Clause", *(("How it was worked out",) if working else ()))
    return Section("Dates that run", (Table("Every time limit, the earliest first", heads, rows),))


def _clause(key: Key, names: Names, here: Standing) -> str:
    limit = limit_at(names.procedure, here.route, here.stage, key)
    return (names.clauses(limit.clauses) if limit else "") or "No clause"


def _acts(record: _Record) -> Section:
    blocks: list[Block] = [
        Line("Every act has two times: when it happened, and when it was written here. Times are London’s.")
    ]
    for sequence, act, before, here in record.walk():
        blocks += _act(record, sequence, act, before, here)
    return Section("What happened, in order", tuple(blocks))


def _act(record: _Record, sequence: int, act: Act, before: Standing, here: Standing) -> Iterator[Block]:
    names = record.names
    yield Heading(f"{sequence}. {title_of_act(act, names, before)}")
    yield Line(capital(moments.when(happened(act.happened_at))), "Happened")
    yield Line(capital(moment(act.recorded_at)), "Written")
    yield Line(capital(author(act, names, record.people)), "By")
    undated = replace(act, effects=tuple(effect for effect in act.effects if not isinstance(effect, LimitSet)))
    for sentence in sentences_of_act(undated, names, before):
        yield Line(sentence)
    for mark in act.marks:
        words = words_of_mark(mark)
        yield Line(words.sentence, words.label)
    for effect in act.effects:
        if isinstance(effect, LimitSet):
            yield Line(_dated(effect.key, effect.due, names, here), "Date")
    yield from _quotes_of(record, (sequence,))


def _dated(key: Key, due: Due, names: Names, here: Standing) -> str:
    clause = _clause(key, names, here)
    return f"{capital(limit_name(key, names, here))}. {by_when(key, due, names, here)} {capital(clause)}."


def _quotes(record: _Record, wanted: Callable[[int, Key], bool]) -> Iterator[Quote]:
    """The words that are wanted, by the act's number and the field."""
    for sequence in record.reading.words:
        pieces = _pieces(record, sequence)
        yield from (_quote(record, piece) for piece in pieces if wanted(sequence, piece.said.field))


def _quotes_of(record: _Record, sequences: Iterable[int]) -> Iterator[Quote]:
    """All the words of certain acts that are for this reader."""
    for sequence in sequences:
        yield from (_quote(record, piece) for piece in _pieces(record, sequence))


def _pieces(record: _Record, sequence: int) -> tuple[Words | Erased, ...]:
    return record.reading.words.get(sequence, ()) if record.reading.shows(sequence) else ()


def _quote(record: _Record, piece: Words | Erased) -> Quote:
    said = piece.said
    label = f"{called(said.field, record.names.procedure)} ({record.names.agency(said.controller)})"
    return Quote(label, piece.text if isinstance(piece, Words) else None, words_of_audience(said.audience))


def _check(record: _Record) -> Section:
    code = record.code
    acts = f"{code.acts} act{'s' if code.acts != 1 else ''}"
    return Section(
        "Check code",
        (
            Table(
                "What this paper was made from",
                ("What", "How it is"),
                (
                    ("Length of the record", acts),
                    ("Check code", code.short),
                    ("Digest of its last act", code.whole),
                ),
            ),
            Line(
                f"Type the code in at {record.check_at}. Nobody needs to sign in. The answer says whether the record "
                f"still begins with these {acts}, unchanged."
            ),
            Line(
                "Whoever can read the disagreement can also download it as a file. The command “commonground verify”, "
                f"or the one program verifier.py, checks that file. Act {code.acts} in it has the digest above."
            ),
            Line("The code does not show that this paper was not changed. For that, compare it with the file."),
        ),
    )


ACCOUNT: Final = Document(
    "account", "Written account", "Everything that is recorded, from the first concern to now.", _account
)
PANEL: Final = Document(
    "panel",
    "Panel papers",
    "What a panel, a meeting or a chair needs before them to hear this. No agency’s own words are in it.",
    _panel,
    for_all=True,
)
OUTCOME: Final = Document(
    "outcome", "Outcome confirmation", "What was settled, who has confirmed it, and what stays open.", _outcome
)
FILE_COPY: Final = Document(
    "file-copy",
    "Copy for the child’s file",
    "How it stands on one page, for the child’s file. The acts behind it follow.",
    _file_copy,
    code_first=True,
)
DOCUMENTS: Final = {one.slug: one for one in (FILE_COPY, ACCOUNT, PANEL, OUTCOME)}
"""Every document, by the last part of its address."""
