"""Signing in and out: address and password, then a second factor where there is one; or a passkey alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.account import views as library
from allauth.mfa.base import views as second
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from commonground.accounts import mail
from commonground.usecases import clock
from commonground.web import unsent
from commonground.web.components import Link
from commonground.web.formfields import error_lines
from commonground.web.forms import accounts as forms
from commonground.web.pages.accounts import (
    AccountPage,
    CodePage,
    SignInPage,
    numbers_for_anybody,
    whole_errors,
)
from commonground.web.pages.page import Page
from commonground.web.signing_in import TRY_AGAIN, WAIT, options_for_browser
from commonground.web.views.accounts.ours import Ours, where_next

NO_PASSKEY = "The passkey did not fit. Try again, or use your password"


def locked_until(form: BaseForm | None) -> datetime | None:
    """This will say when to try again at the latest, for a form that met too many wrong tries; None for any other."""
    errors = form.errors.as_data() if form is not None and form.is_bound else {}
    locked = any(TRY_AGAIN in error.messages for several in errors.values() for error in several)
    return clock.now() + timedelta(seconds=WAIT) if locked else None


class SignIn(Ours, library.LoginView):
    """Ask for address and password."""

    template_name = "account/login.html"
    form_class = forms.SignInForm

    def page(self, context: dict[str, Any]) -> Page:
        form = context["form"]
        no_passkey = self.request.GET.get("passkey") == "no"
        return SignInPage(
            form=form,
            errors=whole_errors(NO_PASSKEY) if no_passkey and not form.is_bound else error_lines(form),
            hidden=where_next(context),
            locked_until=locked_until(form),
            joined="chosen" in self.request.GET,
            unsent=unsent.is_led_back(self.request),
            mail=mail.is_set_up(),
            numbers=numbers_for_anybody(),
        )


class SignOut(Ours, library.LogoutView):
    """Ask whether to sign out; sent back, do it."""

    template_name = "account/logout.html"

    def page(self, context: dict[str, Any]) -> Page:
        return AccountPage()


class Inactive(Ours, library.AccountInactiveView):
    """Say that an account was closed."""

    template_name = "account/account_inactive.html"

    def page(self, context: dict[str, Any]) -> Page:
        return AccountPage(numbers=numbers_for_anybody())


class SecondStep(Ours, second.AuthenticateView):
    """Ask for the second factor, after the password."""

    template_name = "mfa/authenticate.html"
    form_class = forms.CodeForm
    webauthn_form_class = forms.PasskeyForm

    def page(self, context: dict[str, Any]) -> Page:
        code, passkey = context["form"], context["webauthn_form"]
        errors = error_lines(code) if code.is_bound else whole_errors(NO_PASSKEY) if passkey.is_bound else ()
        if until := locked_until(passkey):
            errors = whole_errors(TRY_AGAIN)
        return CodePage(
            form=code,
            errors=errors,
            options=options_for_browser(context["js_data"]["request_options"]),
            locked_until=until or locked_until(code),
            numbers=numbers_for_anybody(),
        )


class PasskeyAlone(passkeys.LoginWebAuthnView):
    """Give a browser what it needs to ask for a passkey; sent back, sign in by it."""

    form_class = forms.PasskeyAloneForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        options = options_for_browser(begin_authentication(user=None))
        return JsonResponse({"options": options}, headers={"Cache-Control": "private, no-store"})

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        return HttpResponse(status=303, headers={"Location": reverse("account_login") + "?passkey=no"})


class _Again(Ours):
    """Somebody signed in shows once more who they are, before something of their account is changed."""

    request: HttpRequest

    def others(self, context: dict[str, Any]) -> tuple[Link, ...]:
        known = {"reauthenticate": "Use your password", "mfa_reauthenticate": "Use a code from your app"}
        return tuple(
            Link(known.get(one["id"], "Use a passkey"), one["url"]) for one in context["reauthentication_alternatives"]
        )

    def page(self, context: dict[str, Any]) -> Page:
        form, options = context["form"], context.get("js_data", {}).get("request_options")
        return CodePage(
            form=form,
            errors=whole_errors(NO_PASSKEY) if options and form.is_bound else error_lines(form),
            hidden=where_next(context),
            others=self.others(context),
            options=options_for_browser(options) if options else "",
            has_code=not options,
            locked_until=locked_until(form),
        )


class PasswordAgain(_Again, library.ReauthenticateView):
    template_name = "account/reauthenticate.html"
    form_class = forms.SamePasswordForm


class CodeAgain(_Again, second.ReauthenticateView):
    template_name = "mfa/reauthenticate.html"
    form_class = forms.CodeAgainForm


class PasskeyAgain(_Again, passkeys.ReauthenticateWebAuthnView):
    template_name = "mfa/reauthenticate.html"
    form_class = forms.PasskeyAgainForm

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))
