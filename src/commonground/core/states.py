"""What both checkers speak of: the states a disagreement can be in once dates, people and words are forgotten.

A state keeps what decides which acts are open, whose move it is and which limits run. It forgets

- *dates*: any limit that runs may be the next to run out (how long it all takes is a sum of its own: `silence.py`);
- *what a stage does not hand on*: entering one forgets the stage before, but for shared limits that ran out;
- *which outcome is proposed, by whom*: every outcome is confirmed alike; which there are is kept on the way in;
- *steps, while an outcome is proposed*: nobody is waited for to do one, and one done then could as well have been done
  before. That the proposal may be declined is kept as a way from the state before it (`Kind.DECLINED`), where the
  steps are known, so nothing is lost;
- *notes*: they only ever allow more. Where a note is needed, the way on includes writing it.

`explore.py` reaches the states by asking `decide`; `language/graph.py` by reading the procedure. Neither knows the
other, and both must reach the same (docs/adr/0003-two-checkers.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from commonground.core.acts import Because, What
from commonground.core.procedure import Key, StageRef

NONE: frozenset[str] = frozenset()


class State(NamedTuple):
    """Where a disagreement can stand. Steps, sides and limits by the names that the standing has for them."""

    route: Key
    stage: Key
    ended: bool = False
    steps: frozenset[str] = NONE
    """Steps done; `NAME SIDE` for a step of each side that one side has done."""
    missed: frozenset[str] = NONE
    """Limits that ran out and still matter."""
    running: frozenset[str] = NONE
    decided: bool = False
    question: str = ""
    """`post` or `office`: with whom a dated question is."""
    proposed: str = ""
    """`resting` where an outcome is proposed and the stage's clock rests meanwhile; `running` where it runs on, because
    only the responding side holds it settled."""
    confirmed: frozenset[str] = NONE

    @property
    def ref(self) -> StageRef:
        return f"{self.route}/{self.stage}"


class Kind(StrEnum):
    """The ways on from a state."""

    RAISED_AGAIN = "raised again"
    STEP = "step done"
    CHALLENGED = "dissenter challenges"
    DECIDED = "decided"
    DECIDED_HERE = "decided, and it stays here"
    PROPOSED = "proposed"
    PROPOSED_UNREADY = "proposed without own note"
    CONFIRMED = "confirmed"
    CONFIRMED_BY_OFFICE = "confirmed by the office"
    DECLINED = "proposed and declined"
    DECISION_DECLINED = "decided and not accepted"
    UP = "gone up in turn"
    UP_UNWRITTEN = "gone up in turn without a word"
    SKIPPED = "skipped"
    """Built in, to any stage there is; no part of a procedure is in use only because it can be skipped to."""
    BACK = "sent back"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    SILENCE = "silence"


BUILT_IN = frozenset({Kind.RAISED_AGAIN, Kind.SKIPPED, Kind.WITHDRAWN, Kind.REOPENED})
"""Ways that every procedure has. What is proved of a procedure is proved without them."""


class Way(NamedTuple):
    """One way on: what is done, to what (a step, result, limit, stage), by which side."""

    kind: Kind
    what: str = ""
    by: str = ""


class Owned(NamedTuple):
    """Whose move it is in a state, what it is, and which step."""

    post: Key
    because: Because
    what: What
    step: Key | None


@dataclass(frozen=True)
class Reached:
    """Every state that can be reached, the ways between them, and whose move it is in each."""

    starts: Mapping[StageRef, State]
    """The state right after raising, by the stage it is raised at."""
    onward: Mapping[State, Mapping[Way, State]] = field(default_factory=dict)
    owners: Mapping[State, Owned] = field(default_factory=dict)
    """Of the open states."""
    refused: tuple[tuple[State, Way], ...] = ()
    """Ways that are open to everybody always, and were refused. There must be none."""

    def within(self, start: StageRef) -> frozenset[State]:
        """The states that can be reached from raising at a stage, without what is built in."""
        seen = {self.starts[start]}
        waiting = list(seen)
        while waiting:
            for way, after in self.onward[waiting.pop()].items():
                if way.kind not in BUILT_IN and after not in seen:
                    seen.add(after)
                    waiting.append(after)
        return frozenset(seen)

    def ways(self) -> Iterator[tuple[State, Way, State]]:
        for before, onward in self.onward.items():
            for way, after in onward.items():
                yield before, way, after
