"""The first page: in a demonstration, whom to be."""

from __future__ import annotations

from dataclasses import dataclass

from commonground.usecases.directory import Directory, Seat
from commonground.usecases.situation import adopted
from commonground.web.components import Link
from commonground.web.pages.page import Page


@dataclass(frozen=True)
class PartnershipShown:
    name: str
    href: str
    procedures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StartPage(Page):
    partnerships: tuple[PartnershipShown, ...]
    signed_in: bool


@dataclass(frozen=True)
class SeatShown:
    value: str
    text: str


@dataclass(frozen=True)
class AgencyShown:
    name: str
    seats: tuple[SeatShown, ...]


@dataclass(frozen=True, kw_only=True)
class ChoosePage(Page):
    name: str
    agencies: tuple[AgencyShown, ...]
    back: Link


def agencies(directory: Directory, seats: tuple[Seat, ...]) -> tuple[AgencyShown, ...]:
    """This will list the people to choose from, by agency, each with the post they hold."""
    procedures = [procedure for _, procedure in adopted(directory.partnership)]

    def shown(seat: Seat) -> SeatShown:
        # A post may be known to one of several procedures only.
        knowing = [one for one in procedures if any(post.key == seat.post.post for post in one.posts)] or procedures
        title = directory.names(knowing[0]).title(seat.post) if knowing else seat.post.post
        deputy = ", deputy" if seat.deputy else ""
        return SeatShown(f"{seat.person} {seat.post.agency} {seat.post.post}", f"{seat.full_name}, {title}{deputy}")

    return tuple(
        AgencyShown(agency.name, found)
        for agency in directory.agencies
        if (found := tuple(shown(seat) for seat in seats if seat.post.agency == agency.key))
    )
