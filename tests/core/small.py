"""A small procedure for tests of the core: three stages, a decision, a panel; as a partnership would write it."""

from __future__ import annotations

from commonground.core.procedure import Procedure
from commonground.language.reader import read_procedure
from commonground.language.register import Clause

TEXT = """
procedure: small
title: A small procedure
edition: first
area: [Small]
nation: england-and-wales
body-name: partnership
posts:
- {post: worker, name: practitioner, rank: 1}
- {post: manager, name: first-line manager, rank: 2}
- {post: senior, name: senior manager, rank: 3}
- {post: director, name: director of social care, rank: 4, agency: social-care, clause: s.4}
- {post: chair, name: panel chair, held-in: partnership, stand-in: office}
- {post: office, name: partnership office, held-in: partnership}
endings:
- {ending: agreed, name: Agreed, kind: agreed, clause: s.1}
- {ending: held, name: Conference held, kind: decided, clause: s.4}
- {ending: answered, name: The panel answered, kind: answered, clause: s.5}
matters:
- {matter: referral, name: A referral, to: ladder, clause: s.1}
- {matter: conference, name: A conference, to: ladder/director, clause: s.4}
- {matter: staff, name: Allegations, elsewhere: the staff procedure, clause: s.9}
routes:
- route: ladder
  title: The ladder
  confirm: {within: 1 working day}
  caps:
  - {cap: whole, stages: [workers, managers], limit: {within: 3 working days, starts: concern, clause: s.3}}
  window: {limit: {within: 10 working days, starts: decision}, late: lapsed, clause: s.6}
  stages:
  - stage: workers
    heading: Workers talk
    pair: worker
    clause: s.1
    clock: {within: 1 working day, starts: concern, then: up, clause: s.1,
            extension: {at-most: 3 working days, clause: s.7}}
    steps:
    - {step: notice, name: Write, who: challenging side, do: write, clause: s.1}
    - {step: talk, name: Talk, who: either side, do: talk, clause: s.1}
    - {step: reply, name: Reply, who: responding side, do: reply, clause: s.1}
    duties:
    - {duty: note, name: Note, do: record, who: each side, guards: settled, approved: true, clause: s.2}
    - {duty: issues, name: Open issues, do: open issues, guards: settled, clause: s.2}
    - {duty: actions, name: Actions, do: actions, guards: settled, clause: s.2}
    endings: agreed
    next: managers
  - stage: managers
    heading: Managers
    pair: manager
    clock: {within: 2 working days, then: up, clause: s.3}
    steps:
    - {step: view, name: Say your view, who: each side, do: state view, clause: s.3}
    - {step: meet, name: Meet, who: either side, do: meet, limit: {within: 4 hours, starts: entry}, clause: s.3}
    endings: agreed
    next: director
  - stage: director
    heading: The director decides
    sides: {challenging: senior, responding: senior, clause: s.4}
    clock: {within: 2 working days, set-by: challenging side, no-later-than: 3 working days, then: ask, asks: senior,
            question: Will you take it to the panel, look-again: 1 working day, clause: s.4}
    decision:
      by: director
      results:
      - {result: hold, name: Hold it, ends: held, clause: s.4}
      - {result: refuse, name: Do not hold it, goes: panel, needs: [{needed: reasons, clause: s.4}], clause: s.4}
      needs: [{needed: step, step: contact, clause: s.4}, {needed: differing views, clause: s.4}]
      clause: s.4
    steps:
    - {step: contact, name: Speak to the chair, who: the body, do: talk, clause: s.4}
    endings: agreed
    next: panel
  - stage: panel
    heading: The panel
    sides: {challenging: senior, responding: senior}
    body: {chair: chair, members: seniors, clause: s.5}
    clock: {within: 5 working days, then: look again, look-again: 5 working days, clause: s.5}
    endings: [agreed, answered]
"""

CLAUSES = tuple(Clause(id=f"s.{n}", modality="must", duty=f"Clause {n}.", software="show: it") for n in range(1, 10))


def small(text: str = TEXT) -> Procedure:
    return read_procedure(text, "small.yaml", clauses=CLAUSES)
