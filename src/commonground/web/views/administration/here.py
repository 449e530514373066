"""What every administration view does first: find the charge that opens its page, and read what the page is about."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from commonground.core.procedure import Key
from commonground.people.administering import Charge, NotInCharge, charges_of, may_name_administrators, the_charge
from commonground.people.models import Administrator
from commonground.usecases import clock
from commonground.usecases.directory import directory_of
from commonground.usecases.staff.reading import agency_staff, partnership_staff
from commonground.web.forms.administration import Here
from commonground.web.identity import Visitor
from commonground.web.opening import any_names
from commonground.web.pages.page import acting_for


def here(
    person: Key,
    *,
    agency: Key | None = None,
    partnership: Key | None = None,
    post: Key | None = None,
    whom: Key | None = None,
    holding: int | None = None,
    absence: int | None = None,
) -> Here:
    """This will read what an address names, for somebody who may change it. Http404 for everybody else."""
    today = clock.today()
    charges = charges_of(person, today)
    try:
        charge = the_charge(charges, agency=agency, partnership=partnership)
        staff = agency_staff(charge, agency, today) if agency else None
        area = partnership_staff(charge, partnership, today) if partnership else None
        entry = staff.post(post) if staff and post else None
        somebody = staff.person(whom) if staff and whom else None
    except NotInCharge:
        raise Http404 from None
    seats = [one for each in staff.posts for one in each.seats] if staff else []
    seat = next((one for one in seats if one.holding == holding), None)
    away = next((one for one in somebody.away if one.id == absence), None) if somebody else None
    if (holding is not None and seat is None) or (absence is not None and away is None):
        raise Http404
    if seat is not None and staff is not None:
        entry = staff.post(seat.post.post)
    return Here(charge, charges, today, staff, area, entry, somebody, seat, away)


def looked_after(person: Key) -> tuple[Charge, ...]:
    """This will give what somebody looks after today. Http404 where that is nothing."""
    charges = charges_of(person, clock.today())
    if not charges:
        raise Http404
    return charges


def administrator_here(person: Key, administrator: int) -> tuple[Administrator, Charge]:
    """This will find somebody's looking after a directory, and the charge that may end it. Http404 for any other."""
    row = Administrator.objects.filter(pk=administrator).select_related("person").first()
    ward = {"agency": row.agency_id, "partnership": row.partnership_id} if row else {}
    charges = charges_of(person, clock.today())
    charge = next((one for one in charges if row and may_name_administrators(one, **ward)), None)
    if row is None or charge is None:
        raise Http404
    return row, charge


def frame(request: HttpRequest) -> dict[str, Any]:
    """This will give what the frame around a page shows of whoever asks for it."""
    visitor: Visitor | None = getattr(request, "visitor", None)
    if visitor is None:
        return {"current": "administration"}
    names = any_names(directory_of(visitor.seat.partnership), visitor.seat.seat)
    return {"current": "administration", "signed_in_as": acting_for(names, visitor.seat.seat)}
