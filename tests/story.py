"""Tell a disagreement's story through real commands. No test begins in a half-way state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from commonground.core.acts import (
    About,
    Act,
    Actor,
    Ask,
    Audience,
    Command,
    Decide,
    Mark,
    PassTime,
    PostRef,
    Raise,
    Said,
)
from commonground.core.decide import Accepted, Refused, decide
from commonground.core.procedure import OFFICE, HeldIn, Key, Procedure
from commonground.core.setting import Agency, Setting
from commonground.core.standing import NOTHING, Standing, standing
from commonground.core.time import LONDON, Calendar

CALENDAR = Calendar(
    nation="england-and-wales",
    version="test",
    holidays=(
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 12, 25), "Christmas"),
    ),
    first_day=date(2020, 1, 1),
    last_day=date(2035, 12, 31),
)

SYSTEM = Actor("clock", PostRef("partnership", OFFICE))


def at(text: str) -> datetime:
    """A moment in London, written `2026-04-02 10:00`, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def setting_for(
    procedure: Procedure,
    calendar: Calendar = CALENDAR,
    without: frozenset[tuple[Key, Key]] = frozenset(),
    sides: tuple[Key, Key] = ("school", "social-care"),
) -> Setting:
    """A setting in which every agency has every post it could have, except those in `without` (agency, post)."""
    kinds = {*sides, *(post.agency for post in procedure.posts if post.agency)}
    party = {post.key: post.agency for post in procedure.posts if post.held_in is HeldIn.PARTY}
    agencies = {
        kind: Agency(
            kind,
            kind,
            frozenset(p for p, only in party.items() if only in (None, kind) and (kind, p) not in without),
        )
        for kind in sorted(kinds)
    }
    own = frozenset(
        post.key
        for post in procedure.posts
        if post.held_in is HeldIn.PARTNERSHIP and ("partnership", post.key) not in without
    )
    agencies["partnership"] = Agency("partnership", "partnership", own | {OFFICE})
    return Setting(procedure, "digest", calendar, "partnership", agencies)


@dataclass
class Story:
    """A disagreement as it goes. `does` is for what must be accepted; `tries` returns the answer whatever it is."""

    setting: Setting
    now: datetime = field(default_factory=lambda: at("2026-03-02 10:00"))
    standing: Standing = NOTHING
    acts: list[Act] = field(default_factory=list)

    def raised(self, matter: Key, by: Key = "school", against: Key | None = "social-care", **facts: object) -> Story:
        ask = Raise(matter, About.CHILD, (by,), (against,) if against else (), **facts)  # type: ignore[arg-type]
        post = next(iter(sorted(self.setting.agencies[by].posts)), OFFICE)
        self.does(ask, by=Actor(f"{by}-person", PostRef(by, post)))
        return self

    def actor(self, agency: Key) -> Actor:
        """Somebody of an agency, in the post that owns its side's move (or any post it has)."""
        entered = self.standing.entered
        for owner in (entered.challenging, entered.responding, entered.body) if entered else ():
            if owner is not None and owner.post.agency == agency:
                return Actor(f"{agency}-person", owner.post)
        posts = sorted(self.setting.agencies[agency].posts)
        return Actor(f"{agency}-person", PostRef(agency, posts[0] if posts else OFFICE))

    def command(self, ask: Ask, by: Actor | Key, saying: tuple[Key, ...] = (), **when: datetime) -> Command:
        actor = self.actor(by) if isinstance(by, str) else by
        said = tuple(Said(name, "0" * 64, Audience.PARTIES, actor.seat.agency) for name in saying)
        return Command(UUID(int=len(self.acts) + 1), actor, ask, self.now, said=said, **when)

    def tries(self, ask: Ask, by: Actor | Key, saying: tuple[Key, ...] = (), **when: datetime) -> Accepted | Refused:
        answer = decide(self.setting, self.standing, self.command(ask, by, saying, **when))
        if isinstance(answer, Accepted):
            self.acts.append(answer.act)
            self.standing = standing([answer.act], self.standing)
            assert self.standing == answer.standing
        return answer

    def does(self, ask: Ask, by: Actor | Key, saying: tuple[Key, ...] = (), **when: datetime) -> frozenset[Mark]:
        answer = self.tries(ask, by, saying, **when)
        assert isinstance(answer, Accepted), answer
        return answer.marks

    def decides(self, result: Key, by: Key, saying: tuple[Key, ...] = ()) -> frozenset[Mark]:
        return self.does(Decide(result), by=by, saying=saying)

    def silence(self, until: str | None = None) -> list[Key]:
        """Let time pass to the next due moment (or to `until`), recording every silence on the way."""
        events = []
        stop = at(until) if until else self.next_due + timedelta(minutes=1)
        while (waits := self.standing.waits) and waits.due and waits.event and waits.due.at <= stop:
            self.now = max(self.now, waits.due.at)
            events.append(waits.event)
            self.does(PassTime(waits.event), by=SYSTEM)
            if until is None:
                break
        self.now = max(self.now, stop) if until else self.now
        return events

    @property
    def next_due(self) -> datetime:
        assert self.standing.waits is not None
        assert self.standing.waits.due is not None, "nothing is due: an alarm"
        return self.standing.waits.due.at

    @property
    def place(self) -> str:
        return f"{self.standing.route}/{self.standing.stage}"
