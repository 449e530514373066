"""Being somebody in a test as the service does it: by an account, with a second factor where one is needed."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from commonground.accounts.models import Account
from commonground.core.procedure import Key
from commonground.people.models import Person

PASSWORD = "paper lantern orchard"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def account_of(person: Key, *, second_factor: bool = False) -> Account:
    """Give a person an account, by an invented address and PASSWORD."""
    found = Person.objects.get(key=person)
    found.email = found.email or f"{person}@{person}.example"
    found.save()
    account = Account.objects.filter(person=found).first() or Account(person=found, email=found.email)
    account.set_password(PASSWORD)
    account.save()
    if second_factor and not Authenticator.objects.filter(user=account).exists():
        TOTP.activate(account, SECRET)
    return account


def signed_in_as(client: Client, person: Key, *, second_factor: bool = False) -> Client:
    """Sign a client in as a person, without the pages of signing in."""
    client.force_login(account_of(person, second_factor=second_factor))
    return client


def code_now(secret: str = SECRET) -> str:
    """What an authenticator app with this secret shows now."""
    now = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret.replace(" ", ""), now[len(now) // 2])))
