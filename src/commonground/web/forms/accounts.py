"""The forms of signing in: our words and boxes on what the library checks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, Final

from allauth.account import forms as account_forms
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as code_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.contrib.auth import password_validation
from django.core.cache import cache
from django.core.exceptions import ValidationError

from commonground.accounts.models import Account

LONGEST: Final = 1_000
"""Characters of a password. Far beyond any that people use."""

CODE_LASTS: Final = 120
"""Seconds in which a code could be sent again: the half minute it is for, and those that are accepted around it."""


class _Mail(forms.TextInput):
    input_type = "email"


class _Secret(forms.TextInput):
    input_type = "password"


def _address() -> forms.CharField:
    return forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=_Mail({"autocomplete": "username", "spellcheck": "false"}),
        error_messages={
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address, like name@school.example",
            "max_length": "This is too long for an e-mail address",
            "null_characters_not_allowed": "Enter an e-mail address, like name@school.example",
        },
    )


def _password(label: str, missing: str, autocomplete: str = "current-password") -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST,
        widget=_Secret({"autocomplete": autocomplete}),
        error_messages={
            "required": missing,
            "max_length": f"A password can have at most {LONGEST:,} characters",
            "null_characters_not_allowed": "This has a character that no keyboard sends. Type it again",
        },
    )


def _code(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=40,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={
            "required": "Enter the code",
            "max_length": "This is too long for a code",
            "null_characters_not_allowed": "Enter the code in numbers",
        },
    )


# --- passwords --------------------------------------------------------------------------------------------------------


class SignInForm(account_forms.LoginForm):
    """An address and a password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields = {"login": _address(), "password": _password("Password", "Enter your password")}


class SamePasswordForm(account_forms.ReauthenticateForm):
    """The password of somebody who is signed in, once more."""

    password = _password("Password", "Enter your password")


class _NewPassword(forms.Form):
    """Two boxes for a new password, which is checked against what it must not be."""

    password1 = _password("New password", "Choose a password", "new-password")
    password2 = _password("The same password again", "Enter the same password again", "new-password")
    password1.help_text = (
        "At least 12 characters. Three words that have nothing to do with each other are easy to remember."
    )

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        password_validation.validate_password(password, self.whose())
        return password

    def clean(self) -> dict[str, Any]:
        given = (self.cleaned_data.get("password1"), self.cleaned_data.get("password2"))
        if all(given) and given[0] != given[1]:
            self.add_error("password2", "The two passwords are not the same")
        return self.cleaned_data

    def whose(self) -> Account | None:
        return getattr(self, "user", None)


class InvitedForm(_NewPassword):
    """The first password of somebody invited."""

    def __init__(self, *args: Any, email: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.email = email

    def whose(self) -> Account | None:
        return Account(email=self.email)


class ChangePasswordForm(_NewPassword, account_forms.ChangePasswordForm):
    """The password as it is, and a new one."""

    oldpassword = _password("Your password now", "Enter your password as it is now")
    field_order = ("oldpassword", "password1", "password2")


class NewPasswordForm(_NewPassword, account_forms.ResetPasswordKeyForm):
    """A new password for somebody with a link."""


class ForgottenForm(account_forms.ResetPasswordForm):
    """The address that a link for a new password goes to."""

    email = _address()


# --- second factors ---------------------------------------------------------------------------------------------------


class _Once:
    """Takes a code once, for as long as it could be sent again."""

    user: Account
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # the library's form comes next
        used = hashlib.sha256(f"{self.user.pk} {code}".encode()).hexdigest()
        if not cache.add(f"code used {used}", 1, CODE_LASTS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_Once, code_forms.AuthenticateForm):
    """A code from an app, or a recovery code, after the password."""

    code = _code("Code", "The six numbers that your app shows, or one of your recovery codes.")


class CodeAgainForm(_Once, code_forms.ReauthenticateForm):
    """The same, from somebody who is signed in."""

    code = _code("Code", "The six numbers that your app shows, or one of your recovery codes.")


class AddAppForm(ActivateTOTPForm):
    """The first code that an app shows: it proves that the app has the secret."""

    code = _code("Code", "The six numbers that your app shows now.")


class _Passkey:
    """Reads what a browser sends for a passkey. Whatever else is sent is no passkey, and no mistake of ours."""

    def clean_credential(self) -> Any:
        return self._read(getattr(super(), "clean_credential", lambda: self.cleaned_data["credential"]))  # type: ignore[attr-defined]

    def clean(self) -> Any:
        return self._read(super().clean)  # type: ignore[misc]

    def _read(self, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except ValidationError:
            raise
        except (TypeError, ValueError, KeyError, AttributeError, IndexError, OverflowError, RecursionError):
            raise get_adapter().validation_error("incorrect_code") from None


class _Credential(forms.JSONField):
    LONGEST = 20_000  # characters; browsers send some two thousand

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        try:
            found = super().to_python(value if len(value or "") <= self.LONGEST else "")
        except (ValueError, RecursionError) as wrong:
            raise ValidationError("This is no passkey") from wrong
        if not isinstance(found, dict) or not isinstance(found.get("response"), dict):
            raise ValidationError("This is no passkey")
        return found

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except (json.JSONDecodeError, RecursionError):
            return None


class AddPasskeyForm(_Passkey, passkey_forms.AddWebAuthnForm):
    """A new passkey, and what its owner calls it. Always one that signs in alone: it asks who holds it."""

    name = forms.CharField(
        label="What to call it",
        help_text="So that you know it again. For example, work telephone.",
        required=False,
        max_length=100,
        error_messages={"max_length": "Use at most 100 characters"},
    )
    credential = _Credential()
    passwordless = forms.BooleanField(required=False)

    def clean_passwordless(self) -> bool:
        return True


class PasskeyForm(_Passkey, passkey_forms.AuthenticateWebAuthnForm):
    """A passkey after the password."""

    credential = _Credential()


class PasskeyAgainForm(_Passkey, passkey_forms.ReauthenticateWebAuthnForm):
    """A passkey from somebody who is signed in."""

    credential = _Credential()


class PasskeyAloneForm(_Passkey, passkey_forms.LoginWebAuthnForm):
    """A passkey in place of address and password."""

    credential = _Credential()


class NamePasskeyForm(passkey_forms.EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(
        label="What to call it",
        max_length=100,
        error_messages={"required": "Enter a name", "max_length": "Use at most 100 characters"},
    )
