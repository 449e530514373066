"""Tells a shipped scenario through the pages: each of its people opens the page, fills its form in, and sends it.

The scenario says what is done and when; the one clock is set to each moment, silences fall to the worker's sweep. After
every line what stands in the service must be what stands in the scenario as the core alone played it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, assert_never
from uuid import UUID

import pytest

from commonground.core.acts import (
    Actor,
    Advise,
    Ask,
    Audience,
    Confirm,
    Decide,
    Dissent,
    Flag,
    GoUp,
    Meet,
    Note,
    PassTime,
    PostRef,
    Propose,
    Raise,
    Redate,
    Refer,
    Reopen,
    Reply,
    Report,
    SetDate,
    Sets,
    StateView,
    Talk,
    Target,
    Withdraw,
    Write,
)
from commonground.core.decide import Refused
from commonground.core.procedure import OFFICE, Key
from commonground.core.setting import Setting
from commonground.core.standing import Phase, Standing, action_limit, standing
from commonground.core.time import LONDON
from commonground.language.library import shipped
from commonground.language.playing import Played
from commonground.language.scenarios import Line, NewHoliday, Scenario, Silence
from commonground.people.access import scopes_of
from commonground.people.models import Adoption, Agency, Holding, Membership, Partnership, Person, Post, ProcedureText
from commonground.record import store
from commonground.record.words import typed
from commonground.usecases import clock, situation
from commonground.usecases import redate as redating
from commonground.usecases.handle import Asking, raise_disagreement
from commonground.usecases.sweep import sweep
from commonground.web.offers import slug_of

AREA = "told"
SINCE = date(2020, 1, 1)

NOWHERE = UUID(int=0)

Answers = dict[str, str | list[str]]
"""What is answered, by the name of the box. A box that is not named here is left as the page gives it."""


class Hands(Protocol):
    """Whoever opens pages and sends forms: a client without a browser, or a browser."""

    def sits_down(self, person: Key, seat: PostRef) -> None:
        """Be this person in this post."""

    def opens(self, path: str) -> str:
        """Open a page; gives its text, or nothing where there is none."""

    def looks_for_a_reason(self, reference: str) -> None:
        """Type a reason to look at what one has no part in."""

    def sends(self, path: str, answers: Answers) -> str:
        """Fill in the form of a page and send it; gives what is wrong, or nothing where it was sent."""


@dataclass
class Teller:
    """Tells one scenario by somebody's hands."""

    played: Played
    hands: Hands
    monkeypatch: pytest.MonkeyPatch
    reference: str = ""
    disagreement: UUID = NOWHERE
    actions: dict[Key, Key] = field(default_factory=dict)
    """What the pages call each action of the scenario."""
    sent: list[str] = field(default_factory=list)
    """The forms that were sent, by the last part of their address."""

    @property
    def scenario(self) -> Scenario:
        return self.played.scenario

    def tell(self) -> None:
        """Tell it from beginning to end."""
        set_up(self.scenario.setting, sorted({line.by for line in self.scenario.story if line.by}, key=str))
        for line, moments, after in self.played.lines:
            refused = any(isinstance(one.answer, Refused) for one in moments)
            self._happens(line, refused=refused)
            found, expected = shape(self.standing()), shape(after, self.actions)
            differs = {name: (found[name], expected[name]) for name in found if found[name] != expected[name]}
            assert not differs, f"{self.scenario.name}, line {line.number}: {differs}"

    def standing(self) -> Standing:
        return standing(store.read(self.disagreement))

    def _happens(self, line: Line, *, refused: bool) -> None:
        self.monkeypatch.setattr(clock, "now", lambda: line.at)
        match line.does:
            case None:
                pass
            case Silence():
                self._silence(line.at)
            case NewHoliday(on=on, name=name):
                self._new_holiday(line.at, on, name)
            case Raise() as ask:
                self._raised(line, ask)
            case ask:
                self._done(line, ask, refused=refused)

    def _silence(self, at: datetime) -> None:
        """Let the worker come by whenever something is due, up to a moment."""
        while (waits := self.standing().waits) is not None and waits.due is not None and waits.due.at <= at:
            sweep(at=waits.due.at)

    def _new_holiday(self, at: datetime, on: date, name: str) -> None:
        """A bank holiday comes with a new version of the service, and whoever runs it has everything dated anew."""
        old = situation.calendar_of(self.scenario.setting.calendar.nation)
        new = old.with_holiday(on, name, f"{old.version} and {name}")
        for module in (situation, redating):
            self.monkeypatch.setattr(module, "calendar_of", lambda nation: new)
        assert redating.Outcome.STUCK not in {one.outcome for one in redating.redate(at=at)}

    def _raised(self, line: Line, ask: Raise) -> None:
        """Raised through the one door: the questions of the raising pages are other tests' to go through."""
        assert line.by is not None
        scope = next(one for one in scopes_of(line.by.person, SINCE) if one.seat == line.by.seat)
        words = tuple(typed(one, text, Audience.PARTIES, line.by.seat.agency) for one, text in line.words)
        asking = Asking(ask, words, line.happened_at)
        raised = raise_disagreement(scope, self.scenario.setting.digest, asking, at=line.at)
        self.reference, self.disagreement = raised.reference, raised.disagreement

    def _done(self, line: Line, ask: Ask, *, refused: bool) -> None:
        assert line.by is not None
        self.hands.sits_down(line.by.person, line.by.seat)
        slug = slug_of(ask)
        path = f"/d/{self.reference}/{slug}"
        page = self.hands.opens(path)
        if not page:
            # Not theirs to see yet: somebody of an agency on a side types why they look, and both sides are told.
            self.hands.looks_for_a_reason(self.reference)
            page = self.hands.opens(path)
        assert page, f"{self.scenario.name}, line {line.number}: {line.by.person} finds nothing at {path}"
        closed = 'name="command"' not in page
        wrong = "it is closed" if closed else self.hands.sends(path, self._answers(line, ask, page))
        assert bool(wrong) == refused, f"{self.scenario.name}, line {line.number}, {slug}: {wrong}"
        self.sent.append(str(slug))
        if isinstance(ask, Propose) and not refused:
            proposal = self.standing().proposal
            assert proposal is not None
            theirs = (one.key for one in proposal.actions)
            self.actions |= dict(zip((one.key for one in ask.actions), theirs, strict=True))

    def _answers(self, line: Line, ask: Ask, page: str) -> Answers:
        boxes = set(re.findall(r'name="([^"]+)"', page))
        first = next(iter(re.findall(r'<textarea[^>]+name="([^"]+)"', page)), "no box for words")
        answers = dict(self._of(ask, boxes, page)) | dict(_when(line, ask))
        for key, text in line.words:
            answers |= dict(_words(key, text, boxes, first))
        assert answers.keys() <= boxes | {f"{one}-{part}" for one in boxes for part in ("day", "month", "year")}, (
            f"{self.scenario.name}, line {line.number}: no box for {sorted(answers.keys() - boxes)}"
        )
        return answers

    def _of(self, ask: Ask, boxes: set[str], page: str) -> Iterator[tuple[str, str | list[str]]]:
        """Yield the boxes that say what is asked, and what each says."""
        match ask:
            case Reply(answer=answer, right_post=post, more_by=more_by):
                yield "answer", answer
                if post is not None:
                    yield "right_post", _post(post)
                yield from _day("more_by", more_by)
            case Talk(medium=medium, with_=posts):
                yield "medium", medium
                yield "with", [_post(one) for one in posts]
            case Write(form=form, to=posts):
                if "form" in boxes:
                    yield "form", form if form in self._urgent() else ""
                yield "to", [_post(one) for one in posts]
            case Note(approved=approved, filed=filed):
                yield from (("approved", "on") for _ in range(approved))
                yield from (("filed", "on") for _ in range(filed))
            case Advise(adviser=adviser, given=given):
                yield "given", "yes" if given else "no"
                yield "adviser", _post(adviser)
            case StateView(agrees=agrees):
                yield "agrees", _yes(agrees)
            case Meet(held=held, meets_at=meets_at, invited=invited, present=present):
                yield "posts", [_post(one) for one in (present if held else invited)]
                yield from _moment("happened" if held else "meets", meets_at)
            case Dissent(challenges=challenges, voiced_at_conference=voiced):
                yield "challenges", _yes(challenges)
                yield "voiced", _yes(voiced)
            case SetDate(sets=Sets.CHILDS_DATE, on=on, by=by):
                local = by.astimezone(LONDON) if by else None
                yield from _day("on", local.date() if local else on)
                yield "on_at", f"{local:%H:%M}" if local else ""
            case SetDate(sets=Sets.RATING, rating=rating):
                yield "rating", str(rating)
            case SetDate(by=by):
                yield from _moment("by", by)
            case GoUp(to=to, urgent=urgent, line=other):
                if to is not None:
                    yield "to", to
                yield from (("urgent", "on") for _ in range(urgent))
                if other is not None:
                    yield "line", other
            case Refer(target=target, to=to):
                yield from _referred(target, to, page)
            case Flag(flag=flag, agency=agency):
                yield ("agency", agency) if agency is not None else ("flag", flag)
            case Decide(result=result, against_majority=against, no_majority=split, no_differing_views=none):
                yield "result", result
                yield "majority", "against" if against else "none" if split else ""
                yield from (("no_differing", "on") for _ in range(none))
            case Propose(ending=ending, actions=actions, open_issues=open_issues, answers=answered):
                yield from ((f"ask-{one}", "Said in the record.") for one in answered)
                yield "ending", ending
                yield "open_issues", _yes(open_issues)
                for number, action in enumerate(actions, start=1):
                    yield f"action-{number}", f"What is done: {action.key}"
                    if action.owner is not None:
                        yield f"owner-{number}", _post(action.owner)
                    yield from _day(f"due-{number}", action.due_on)
            case Confirm(for_side=side):
                if side is not None:
                    yield "side", side
            case Report(action=action, done=done):
                yield "action", self.actions[action]
                yield "done", _yes(done)
            case Withdraw() | Reopen():
                pass
            case Raise() | PassTime() | Redate():
                raise TypeError(f"no form asks {ask}")
            case _:
                assert_never(ask)

    def _urgent(self) -> set[Key]:
        return {one.key for one in self.scenario.setting.procedure.urgent_requests}


def _post(post: PostRef) -> str:
    return f"{post.agency} {post.post}"


def _yes(value: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[value]


def _referred(target: Target, to: str, page: str) -> Iterator[tuple[str, str]]:
    match target:
        case Target.STAGE:
            yield "where", f"stage {to}"
        case Target.PROCEDURE:
            listed = f'value="procedure {to}"' in page
            yield "where", f"procedure {to}" if listed else "procedure another-procedure"
            yield "body", "" if listed else to
        case Target.IN_HOUSE:
            yield "where", "own agencys-own"
        case Target.OUTSIDE:
            listed = f'value="outside {to}"' in page
            yield "where", f"outside {to}" if listed else "outside another-body"
            yield "body", "" if listed else to
        case _:
            assert_never(target)


def _day(name: str, on: date | None) -> Iterator[tuple[str, str]]:
    if on is not None:
        yield from ((f"{name}-{part}", str(getattr(on, part))) for part in ("day", "month", "year"))


def _moment(name: str, at: datetime | None) -> Iterator[tuple[str, str]]:
    if at is not None:
        local = at.astimezone(LONDON)
        yield from _day(f"{name}_on", local.date())
        yield f"{name}_at", f"{local:%H:%M}"


def _when(line: Line, ask: Ask) -> Iterator[tuple[str, str]]:
    """Yield when it happened, where the line says that it was another time than now."""
    match ask:
        case Note(talked_at=datetime() as at) | Decide(decided_at=datetime() as at):
            yield from _moment("happened", at)
        case _ if not isinstance(ask, Meet):
            yield from _moment("happened", line.happened_at)


def _words(key: str, text: str, boxes: set[str], first: str) -> Iterator[tuple[str, str]]:
    """Yield the box that words go into: the one called so, or the form's first box for words."""
    names = [
        key,
        key.replace(" ", "_"),
        key.replace(" ", "-"),
        f"ask-{key}",
        key.partition(" ")[0],
        "reasons",
        "words",
        "said",
    ]
    yield next((name for name in names if name in boxes), first), text


def shape(here: Standing, actions: Mapping[Key, Key] | None = None) -> dict[str, object]:
    """Give what stands, as far as it is the same whoever told of it; `actions` says what the pages call each."""

    def called(key: Key | None) -> Key | None:
        for scenarios, pages in (actions or {}).items():
            key = pages if key == scenarios else action_limit(pages) if key == action_limit(scenarios) else key
        return key

    waits = here.waits
    return {
        "phase": here.phase,
        "stage": f"{here.route}/{here.stage}",
        "owner": waits.owner if waits else None,
        "what": (waits.what, called(waits.step)) if waits else None,
        "due": (called(waits.event), waits.due.at if waits.due else None) if waits else None,
        "limits": {called(key): due.at for key, due in here.limits.items()},
        "sides": (here.challenging, here.responding, here.others),
        "owners": (here.entered.challenging, here.entered.responding, here.entered.body) if here.entered else None,
        "confirmed": here.confirmed,
        "noted": here.noted,
        "decided": here.decided.result if here.decided else None,
        "ended": here.ended.ending if here.ended and here.phase is Phase.ENDED else None,
    }


def set_up(setting: Setting, actors: list[Actor]) -> None:
    """Make the partnership of a scenario: its agencies, and one person in every post, or those who act in it."""
    Partnership.objects.create(
        key=AREA, name="Told Partnership", nation=setting.calendar.nation, reference_prefix="TOLD"
    )
    _, digest = shipped()[setting.procedure.key]
    text, _ = ProcedureText.objects.get_or_create(digest=digest, defaults={"key": setting.procedure.key, "text": ""})
    Adoption.objects.create(partnership_id=AREA, procedure=text, adopted_on=SINCE)
    for agency in setting.agencies.values():
        row = Agency.objects.create(
            key=agency.key,
            name=f"The {agency.key}",
            kind=agency.kind,
            on_service=agency.reached,
            telephone="01632 960100",
        )
        Membership.objects.create(partnership_id=AREA, agency=row)
        posts = {*agency.posts, *([OFFICE] if agency.key == setting.office else [])}
        for post in sorted(posts):
            held = Post.objects.create(agency=row, post=post)
            mine = [one.person for one in actors if one.seat == PostRef(agency.key, post)]
            for person in dict.fromkeys([f"{agency.key}-{post}", *mine]):
                somebody, _ = Person.objects.get_or_create(key=person, defaults={"full_name": f"Pat {person.title()}"})
                Holding.objects.create(post=held, person=somebody, from_on=SINCE)
