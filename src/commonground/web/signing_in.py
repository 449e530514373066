"""What the library for signing in (django-allauth) asks us.

Who may sign up (nobody), what is said, what is mailed, and how secrets are kept.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar, Final

import qrcode
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from fido2.utils import websafe_encode
from qrcode.constants import ERROR_CORRECT_M

from commonground.accounts import encryption, mail
from commonground.usecases import clock
from commonground.web import guests

WAIT: Final = 5 * 60
"""Seconds in which wrong tries count, as ACCOUNT_RATE_LIMITS says."""

TRY_AGAIN: Final = "Too many wrong tries. Wait 5 minutes, then try again"


class AccountAdapter(DefaultAccountAdapter):
    """Signing in by e-mail address and password."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The e-mail address or the password is not right",
        "enter_current_password": "This is not your password now",
        "incorrect_password": "This is not your password",
        "incorrect_code": "This code is not right",
        "too_many_login_attempts": TRY_AGAIN,
        "rate_limited": TRY_AGAIN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: whoever works here is invited."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Every answer is a page. The other kind would send back what was typed, passwords too."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where the address is not known, everybody counts as one; nobody is turned away for it."""
        return get_client_ip(request) or "0.0.0.0"  # noqa: S104 - a name for "unknown", nothing listens on it

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Whoever came by a link before is not that guest any more."""
        request.session.pop(guests.SESSION, None)
        super().login(request, user)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("my-list")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account") + "?done=password"

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in a few minutes ago has just shown who they are, and is not asked again to set things up."""
        records = get_authentication_records(context.request, context.request.user)
        now = clock.now().timestamp()
        return not any(now - record["at"] < app_settings.REAUTHENTICATION_TIMEOUT for record in records)

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        mail.send_new_password(email, context["password_reset_url"])

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing else is mailed."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator apps, passkeys and recovery codes."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right. Use the newest one that your app shows",
    }

    def get_totp_issuer(self) -> str:
        return "Commonground"

    def build_totp_svg(self, url: str) -> str:
        """Give the squares of a QR code as one path, so that a page can show it without a style or a picture file."""
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M)
        code.add_data(url)
        squares = code.get_matrix()
        path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(squares) for x, is_dark in enumerate(row) if is_dark)
        size = len(squares)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="QR code" width="240" height="240" '
            f'viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
            f'<rect width="{size}" height="{size}" fill="#ffffff"/><path d="{path}" fill="#000000"/></svg>'
        )

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text, _keys())

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text, _keys())

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {count + 1}"


def options_for_browser(options: dict[str, Any]) -> str:
    """This will write what a browser needs to make or ask for a passkey, as JSON with bytes in base64url."""
    return json.dumps(options, default=_plain)


def _plain(value: Any) -> Any:
    return websafe_encode(value) if isinstance(value, bytes) else dict(value)


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
