"""A small invented partnership for the pages: one agency of each kind, every post in it held by one person.

Everything then happens through the one door, as it does in service.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from commonground.core.acts import About, Ask, Audience, PostRef, Raise
from commonground.core.decide import Accepted, Refused
from commonground.core.procedure import OFFICE, HeldIn, Key, Procedure
from commonground.core.standing import Standing, standing
from commonground.language.library import shipped
from commonground.people.access import Scope, scopes_of
from commonground.people.models import Adoption, Agency, Holding, Membership, Partnership, Person, Post, ProcedureText
from commonground.record import store
from commonground.record.words import typed
from commonground.usecases.adopt import adopt
from commonground.usecases.handle import Asking, handle, raise_disagreement
from commonground.usecases.reading import find

SINCE = date(2020, 1, 1)
NAMES = {
    "school": "Elm Road School",
    "social-care": "Riverside Children’s Services",
    "health": "Riverside Health",
    "police": "Riverside Police",
    "partnership": "Riverside Partnership",
}


@dataclass
class Small:
    """The partnership. `person(agency, post)` says who holds a post; every act goes through the one door."""

    key: Key
    procedure: Procedure
    digest: str

    def agency(self, kind: Key) -> Key:
        return f"{self.key}-{kind}"

    def post(self, kind: Key, post: Key | None = None) -> PostRef:
        if post is None:
            ranks = {known.key: known.rank or 99 for known in self.procedure.posts}
            held = Post.objects.filter(agency_id=self.agency(kind)).values_list("post", flat=True)
            post = min(held, key=lambda one: (ranks.get(one, 99), one))
        return PostRef(self.agency(kind), post)

    def person(self, post: PostRef) -> Key:
        return str(Holding.objects.filter(post__agency_id=post.agency, post__post=post.post).first().person_id)  # type: ignore[union-attr]

    def scope(self, post: PostRef) -> Scope:
        return next(one for one in scopes_of(self.person(post), date(2026, 4, 1)) if one.seat == post)

    def raised(
        self,
        at: datetime,
        matter: Key | None = None,
        by: PostRef | None = None,
        against: Key | None = "social-care",
        words: str = "Two visits were missed.",
    ) -> tuple[UUID, str]:
        """Raise one; gives its id and its reference."""
        by = by or self.post("school")
        ask = Raise(
            matter or self.procedure.matters[0].key,
            About.CHILD,
            (by.agency,),
            (self.agency(against),) if against else (),
        )
        said = (typed("worry", words, Audience.PARTIES, by.agency),) if words else ()
        raised = raise_disagreement(self.scope(by), self.digest, Asking(ask, said), at=at)
        return raised.disagreement, raised.reference

    def does(self, disagreement: UUID, by: PostRef, ask: Ask, at: datetime, **words: str) -> Accepted | Refused:
        said = tuple(typed(key.replace("_", " "), text, Audience.PARTIES, by.agency) for key, text in words.items())
        return handle(self.scope(by), disagreement, Asking(ask, said), at=at)

    def standing(self, disagreement: UUID) -> Standing:
        return standing(store.read(disagreement))

    def find(self, reference: str) -> UUID:
        return find(self.scope(self.post("partnership", OFFICE)), reference)

    def owner(self, disagreement: UUID) -> PostRef:
        waits = self.standing(disagreement).waits
        assert waits is not None
        assert waits.owner is not None
        return waits.owner.post


def small(key: Key = "riverside", procedure: Key | Path | None = None, without: frozenset[str] = frozenset()) -> Small:
    """Make a partnership that runs a procedure, with `without` KIND/POST: the last shipped, unless one is named.

    Of those that do not ship, name the file.
    """
    Partnership.objects.create(
        key=key, name=f"{key.capitalize()} Partnership", nation="england-and-wales", reference_prefix=key[:4].upper()
    )
    if isinstance(procedure, Path):
        read = adopt(key, procedure, SINCE)
        found, digest = read.procedure, read.digest
    else:
        found, digest = shipped()[procedure or sorted(shipped())[-1]]
        text, _ = ProcedureText.objects.get_or_create(digest=digest, defaults={"key": found.key, "text": ""})
        Adoption.objects.create(partnership_id=key, procedure=text, adopted_on=SINCE)
    kinds = ["school", "social-care", "health", "police"]
    party = [post for post in found.posts if post.held_in is HeldIn.PARTY]
    for kind in kinds:
        posts = [post.key for post in party if post.agency in (None, kind) and f"{kind}/{post.key}" not in without]
        at_night = "01632 960199" if kind == "social-care" else ""
        _agency(key, kind, posts, telephone="01632 960100", out_of_hours=at_night)
    held = (post.key for post in found.posts if post.held_in is HeldIn.PARTNERSHIP)
    own = [post for post in held if f"partnership/{post}" not in without]
    _agency(key, "partnership", list(dict.fromkeys([*own, OFFICE])))
    return Small(key, found, digest)


def _agency(partnership: Key, kind: Key, posts: list[Key], **phones: str) -> None:
    agency = Agency.objects.create(key=f"{partnership}-{kind}", name=NAMES[kind], kind=kind, **phones)
    Membership.objects.create(partnership_id=partnership, agency=agency)
    for post in posts:
        person = Person.objects.create(key=f"{agency.key}-{post}", full_name=f"Pat {kind.title()} {post.title()}")
        held = Post.objects.create(agency=agency, post=post)
        Holding.objects.create(post=held, person=person, from_on=SINCE)
