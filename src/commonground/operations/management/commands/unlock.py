"""Lets somebody in who has lost their telephone and their recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonground.accounts.models import Account
from commonground.accounts.second_factor import forget_second_factors


class Command(BaseCommand):
    """Take every second factor from an account. Make sure first that it is they who ask."""

    help = "Take every second factor from an account, for somebody who lost them. Make sure first that it is they."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say whose."""
        parser.add_argument("email", help="the address they sign in by")

    def handle(self, **options: Any) -> None:
        """Forget them."""
        account = Account.objects.filter(email=options["email"].strip().lower()).first()
        if account is None:
            raise CommandError("Nobody signs in by this address.")
        gone = forget_second_factors(account.pk)
        self.stdout.write(f"Account {account.pk}: {gone} second factors and lists of recovery codes are gone.")
