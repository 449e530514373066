"""Invites somebody to look after a directory: how the first administrator of an empty service gets in."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from commonground.accounts.invitations import NotInvited, invite
from commonground.people.administering import Charge, NotInCharge
from commonground.people.models import Person
from commonground.usecases import clock
from commonground.usecases.staff.administrators import Ward, name_administrator
from commonground.usecases.staff.checks import Mistake

CONSOLE = "console"
"""Who did it, in the record of changes: whoever may use this machine."""


class Command(BaseCommand):
    """Name an administrator and print the link by which they choose a password."""

    help = "Name an administrator, and print the link by which they choose a password. Hand it over in person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say who, and what they look after."""
        parser.add_argument("email", help="the address they sign in by")
        parser.add_argument("--name", required=True, help="their full name")
        ward = parser.add_mutually_exclusive_group(required=True)
        ward.add_argument("--system-administrator", action="store_true", help="they look after the service")
        ward.add_argument("--partnership", help="the key of the partnership they look after")
        ward.add_argument("--agency", help="the key of the agency they look after")
        parser.add_argument("--address", help="where people reach the service, as https://name (the first host)")

    def handle(self, **options: Any) -> None:
        """Name them, where they are not named yet, and make the link."""
        at, today = clock.now(), clock.today()
        ward = Ward(options["agency"], options["partnership"])
        email = options["email"].strip()
        if "@" not in email:
            raise CommandError(f'{email} is no e-mail address. Write one like "name@school.example".')
        try:
            named = name_administrator(Charge(CONSOLE, service=True), ward, options["name"], email, today, at)
        except NotInCharge:
            raise CommandError(f"{ward.agency or ward.partnership} is not there. Check the key.") from None
        if isinstance(named, Mistake):
            if named.field != "full_name":  # else they look after it already, and only need a new link
                raise CommandError(f"{named.text}.")
            named = Person.objects.filter(email__iexact=email).values_list("key", flat=True)[0]
        try:
            secret = invite(named, CONSOLE, at)
        except NotInvited as why:
            raise CommandError(str(why)) from why
        address = (options["address"] or _address()).rstrip("/")
        self.stdout.write(f"{address}{reverse('invited', args=[secret])}")


def _address() -> str:
    names = [name for name in settings.ALLOWED_HOSTS if not name.startswith((".", "*"))]
    return f"https://{names[0]}" if names else ""
