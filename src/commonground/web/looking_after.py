"""Whether the frame of a page offers "Administration" to whoever asks for it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from commonground.people.administering import charges_of
from commonground.usecases import clock
from commonground.web.identity import administrator_of


def looks_after(request: HttpRequest) -> bool:
    """This will say whether somebody looks after anything, and its pages are open to them now."""
    person = administrator_of(request)
    if person is None:
        return False
    # An account was asked already, when the request came in; whoever was chosen in a demonstration was not.
    return bool(charges_of(person, clock.today())) if settings.DEMONSTRATION else True
