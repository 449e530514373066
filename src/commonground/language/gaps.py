"""The gap report: what the published words leave open, for the people who will review them.

A gap is a proof that fails on the words alone (`bare.py`). Each says where, what is left open, by which clauses, what
to ask the partnership at its next review, and what runs meanwhile. Written for a partnership's business manager: no
word of how the checking is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from commonground.core.acts import What
from commonground.core.procedure import ITSELF, Clauses, Key, Procedure, Reading, Route, Stage, nodes
from commonground.language.proofs import Failure, Lack, Proof, Verdict


@dataclass(frozen=True)
class Gap:
    """One thing the words leave open, in plain English."""

    route: Key
    stage: Key
    """Empty where it is about a whole route."""
    place: str
    """As people would say it: 'Stage two (First line managers)'."""
    lack: Lack
    leaves_open: str
    question: str
    meanwhile: tuple[str, ...]
    """What we take until the partnership says otherwise: the readings."""
    clauses: Clauses


def gaps(procedure: Procedure, words_alone: Verdict) -> tuple[Gap, ...]:
    """This will word every gap, in the procedure's order. `procedure` has its readings; the proofs are of the words."""
    found = [f for failures in words_alone.values() for f in failures if f.lack in _WORDED and _is_of_the_text(f)]
    places = {(r.key, s.key): n for n, (r, s) in enumerate((r, s) for r in procedure.routes for s in r.stages)}
    order = list(_WORDED)
    grouped: dict[tuple[Key, Key, Lack], list[Failure]] = {}
    for failure in found:
        grouped.setdefault((failure.route, failure.stage, failure.lack), []).append(failure)
    keys = sorted(grouped, key=lambda key: (places.get(key[:2], -1), key[0], order.index(key[2])))
    worded = (_gap(procedure, key, grouped[key]) for key in keys if not _said_already(key, grouped))
    only_read = (_stage_only_read(route, stage) for route in procedure.routes for stage in route.stages)
    return (*(gap for gap in only_read if gap is not None), *worded)


def _is_of_the_text(failure: Failure) -> bool:
    """Whether it says something of the text, and not only that a part of the data has lost what it belongs to."""
    return failure.lack is not Lack.UNUSED or (failure.proof is Proof.IN_USE and failure.what != "asks")


def _said_already(key: tuple[Key, Key, Lack], grouped: Iterable[tuple[Key, Key, Lack]]) -> bool:
    """Whether another gap of the same stage says this one too."""
    route, stage, lack = key
    return lack is Lack.NO_ENDING and (route, stage, Lack.STUCK) in grouped


def _gap(procedure: Procedure, key: tuple[Key, Key, Lack], failures: list[Failure]) -> Gap:
    route_key, stage_key, lack = key
    route = next((route for route in procedure.routes if route.key == route_key), None)
    stage = next((stage for stage in route.stages if stage.key == stage_key), None) if route else None
    what = _things(procedure, stage, failures)
    leaves_open, question = _WORDED[lack]
    clauses = tuple(dict.fromkeys(clause for failure in failures for clause in failure.clauses))
    readings = tuple(_readings(lack, route, stage, failures))
    return Gap(
        route=route_key,
        stage=stage_key,
        place=_place(procedure, route, stage),
        lack=lack,
        leaves_open=leaves_open.format(what=what),
        question=question.format(what=what),
        meanwhile=tuple(dict.fromkeys(reading.takes for reading in readings)),
        clauses=clauses or tuple(dict.fromkeys(clause for reading in readings for clause in reading.clauses)),
    )


def _stage_only_read(route: Route, stage: Stage) -> Gap | None:
    reading = next((reading for reading in stage.readings if reading.of == ITSELF), None)
    if reading is None:
        return None
    return Gap(
        route=route.key,
        stage=stage.key,
        place=_named(route, stage),
        lack=Lack.UNUSED,
        leaves_open="The text does not say that there is a stage here.",
        question="Should the text describe this stage?",
        meanwhile=(reading.takes,),
        clauses=reading.clauses,
    )


_WORDED: Final[dict[Lack, tuple[str, str]]] = {
    Lack.NO_TIME: (
        "The text sets no time here. Nobody has to answer by any day.",
        "By when should this stage be over?",
    ),
    Lack.NO_CAP_TIME: (
        "Several stages share one limit, and the text gives it no time.",
        "How long may these stages take together?",
    ),
    Lack.NO_STEP_TIME: ("The text sets no time for: {what}.", "By when should this be done: {what}?"),
    Lack.NO_CONFIRM_TIME: (
        "The text does not say by when both sides confirm what was agreed.",
        "By when should both sides confirm an outcome in writing?",
    ),
    Lack.NOBODY: ("The text names nobody for: {what}.", "Which post should be responsible for: {what}?"),
    Lack.NO_DECIDER: ("Something is decided here, and the text does not say by whom.", "Which post decides?"),
    Lack.STUCK: (
        "A disagreement can come to rest here: no time, no next stage and no ending leads on.",
        "What should happen next, and how can it end here?",
    ),
    Lack.NO_ENDING: ("The text names no way in which it can end from here.", "How can a disagreement end here?"),
    Lack.NOTHING_AFTER: (
        "The text does not say what happens when nobody answers in time.",
        "Where should it go when nobody answers in time?",
    ),
    Lack.LAPSES: (
        "By the text a concern lapses when its time runs out, though the child's need may go on.",
        "Should a late concern be heard, with a reason for the delay?",
    ),
    Lack.NO_TOP: ("The stages lead round in a circle; none of them is the last.", "Which stage is the last?"),
    Lack.CIRCLE: ("If nobody answers, it goes round in a circle.", "Where should it go when nobody answers?"),
    Lack.LATE_SIDE: (
        "The time begins only when those who have to answer do something, so they can put it off.",
        "From which moment should the time be counted, whatever the other side does?",
    ),
    Lack.SELF_REVIEW: (
        "Whoever made the decision also hears the challenge to it.",
        "Who else should hear a challenge to this decision?",
    ),
    Lack.UNUSED: ("By the text alone nothing leads to: {what}.", "When does this apply: {what}?"),
}
"""What each lack leaves open, and the question it puts; in the order in which they are listed at a stage."""

_MOVES: Final = {
    What.SETTLE: "settling it or taking it further",
    What.CONFIRM: "confirming the outcome",
    What.DECIDE: "deciding",
    What.ANSWER: "saying whether to take it further when nobody answered",
}


def _things(procedure: Procedure, stage: Stage | None, failures: list[Failure]) -> str:
    names = dict[str, str]()
    for _, node in nodes(stage if stage is not None else procedure):
        if hasattr(node, "key") and hasattr(node, "name"):
            names.setdefault(node.key, node.name)
    here = stage.heading if stage is not None else ""
    things = (_MOVES.get(f.what) or names.get(f.what) or f.what or here for f in failures)  # type: ignore[call-overload]
    return "; ".join(_uncapped(thing) for thing in dict.fromkeys(things))


def _uncapped(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _place(procedure: Procedure, route: Route | None, stage: Stage | None) -> str:
    if route is None:
        return procedure.title
    return _named(route, stage) if stage is not None else route.title


def _named(route: Route, stage: Stage) -> str:
    heading = f"{stage.label} ({stage.heading})" if stage.label else stage.heading
    return f"{route.title}: {heading}"


# --- what runs meanwhile ---------------------------------------------------------------------------------------------

_FILLS: Final[dict[Lack, frozenset[str]]] = {
    Lack.NO_TIME: frozenset({"within", "no_later_than", "set_by"}),
    Lack.NO_CAP_TIME: frozenset({"within"}),
    Lack.NO_STEP_TIME: frozenset({"within", "limit"}),
    Lack.NO_CONFIRM_TIME: frozenset({"within"}),
    Lack.NOBODY: frozenset({"challenging", "responding", "sides", "body", "chair", "who", "asks", "carried_by", "by"}),
    Lack.NO_DECIDER: frozenset({"by"}),
    Lack.STUCK: frozenset({"then", "next", "endings", "ends", "goes", ITSELF}),
    Lack.NO_ENDING: frozenset({"endings", "ends", "next", ITSELF}),
    Lack.NOTHING_AFTER: frozenset({"then", "next", "asks"}),
    Lack.LAPSES: frozenset({"then"}),
    Lack.NO_TOP: frozenset({"next"}),
    Lack.CIRCLE: frozenset({"next", "then"}),
    Lack.LATE_SIDE: frozenset({"starts"}),
    Lack.SELF_REVIEW: frozenset({"hears_own", "by", "reviews"}),
    Lack.UNUSED: frozenset({"next", "goes", "to", "starts", "after", "asks", ITSELF}),
}
"""The fields whose readings fill each lack."""


def _readings(lack: Lack, route: Route | None, stage: Stage | None, failures: list[Failure]) -> Iterator[Reading]:
    holds: Iterable[Any] = ()
    match lack:
        case Lack.NO_TIME | Lack.NOTHING_AFTER | Lack.LAPSES if stage is not None:
            holds = (stage.clock, stage)
        case Lack.NO_CONFIRM_TIME if route is not None:
            holds = (route.confirm,)
        case Lack.NO_CAP_TIME if route is not None:
            holds = (cap.limit for cap in route.caps if cap.key in {failure.what for failure in failures})
        case Lack.NO_STEP_TIME | Lack.LATE_SIDE if stage is not None:
            steps = {failure.what for failure in failures}
            named = [step for step in stage.steps if step.key in steps]
            holds = (*named, *(step.limit for step in named), *((stage.clock,) if "" in steps else ()))
        case _ if stage is not None:
            holds = (node for _, node in nodes(stage))
        case _:
            pass
    for node in holds:
        for reading in getattr(node, "readings", ()):
            if reading.of in _FILLS[lack]:
                yield reading
