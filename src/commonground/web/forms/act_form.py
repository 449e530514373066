"""What every form of an act shares: where it is, what the procedure asks there, and the ask that it comes to."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from commonground.core.acts import Ask, PostRef
from commonground.core.procedure import Key, Place
from commonground.core.standing import Standing
from commonground.usecases.directory import Directory
from commonground.usecases.reading import Reading
from commonground.usecases.tick_lists import TickList
from commonground.web.formfields import AbstractForms
from commonground.web.forms.fields import AskedForm, ask_fields, asks_at, moment_of
from commonground.web.offers import Offer
from commonground.wording import Names


@dataclass(frozen=True)
class Here:
    """Where a form is: the disagreement as its reader sees it, and what is open of the form's own kind."""

    reading: Reading
    directory: Directory
    names: Names
    offer: Offer
    lists: Mapping[Key, TickList] = field(default_factory=dict)
    """What the partnership loaded to be ticked, by the key of its question."""

    @property
    def standing(self) -> Standing:
        return self.reading.standing

    @property
    def own_agency(self) -> Key:
        return self.reading.scope.seat.agency

    def owners(self) -> tuple[PostRef, ...]:
        """The posts that speak in the stage now open, the reader's own left out."""
        entered = self.standing.entered
        owners = (entered.challenging, entered.responding, entered.body) if entered else ()
        posts = dict.fromkeys(owner.post for owner in owners if owner is not None)
        return tuple(post for post in posts if post != self.reading.scope.seat)

    def posts(self, agencies: tuple[Key, ...]) -> tuple[PostRef, ...]:
        """Every post of some agencies."""
        found = (self.directory.agency(key) for key in agencies)
        return tuple(PostRef(agency.key, post) for agency in found if agency for post in agency.posts)

    def parties(self) -> tuple[PostRef, ...]:
        """Every post of both sides, those that speak first, then the partnership's own."""
        office = self.reading.setting.office
        agencies = (*self.standing.challenging, *self.standing.responding, *self.standing.others, office)
        return tuple(dict.fromkeys((*self.owners(), *self.posts(tuple(dict.fromkeys(agencies))))))


class ActForm(AskedForm, metaclass=AbstractForms):
    """A form for one kind of act. Subclasses add their fields in `build` and make their ask in `ask`."""

    place: ClassVar[Place | None] = None
    """Where the procedure's own questions for this form stand."""
    button: ClassVar[str] = "Send"
    hint: str = ""
    """One or two sentences above the questions."""
    goes_through: ClassVar[bool] = False
    """Promise 1: what is too long is kept as a draft, and the act goes through without it."""

    def __init__(self, here: Here, data: Any = None) -> None:
        super().__init__(data)
        self.here = here
        self.build()
        if self.place is not None:
            self.fields.update(ask_fields(here.names, self.asked(), here.lists))
        self.finish()

    def asked(self) -> tuple[Any, ...]:
        """What the procedure asks here."""
        now = self.here.standing
        return asks_at(self.here.names.procedure, self.place, now.route, now.stage) if self.place else ()

    def build(self) -> None:
        """Add the fields that come before the procedure's own questions."""

    def finish(self) -> None:
        """Add the fields that come after them."""

    @abstractmethod
    def ask(self) -> Ask:
        """This will give what a sound form asks for."""

    def happened_at(self) -> datetime | None:
        """This will give when it happened, if that was said."""
        return moment_of(self.cleaned_data.get("happened_on"), self.cleaned_data.get("happened_at"))

    def chosen(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")
