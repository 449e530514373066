"""Second factors: setting up an app or a passkey, taking one away, and the recovery codes that come with them."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe

from commonground.web.formfields import error_lines
from commonground.web.forms import accounts as forms
from commonground.web.identity import visitor_of
from commonground.web.pages.accounts import (
    AddAppPage,
    AddPasskeyPage,
    CodesPage,
    PasskeyPage,
    SecondFactorPage,
    passkey_shown,
    whole_errors,
)
from commonground.web.pages.page import Page
from commonground.web.signing_in import options_for_browser
from commonground.web.views.accounts.ours import Ours, still_needed
from commonground.web.views.accounts.signing_in import NO_PASSKEY, locked_until


class Overview(Ours, base.IndexView):
    """Show which second factors there are, and how to add one."""

    template_name = "mfa/index.html"

    def page(self, context: dict[str, Any]) -> Page:
        there = context["authenticators"]
        left = there.get("recovery_codes")
        return SecondFactorPage(
            has_app="totp" in there,
            passkeys=tuple(passkey_shown(one) for one in there.get("webauthn", ())),
            codes_left=len(left.get_unused_codes()) if left else 0,
            needed=still_needed(self.request),
            seats_open=visitor_of(self.request) is not None,
        )


class _EndsOtherSessions:
    """A session that began with a password alone must not go on as if it had shown the new factor."""

    request: HttpRequest

    def form_valid(self, form: BaseForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # the library's view comes next
        end_other_sessions(self.request, self.request.user)
        return answer


class AddApp(_EndsOtherSessions, Ours, app.ActivateTOTPView):
    """Show the secret for an authenticator app; sent back with a code of it, keep it."""

    template_name = "mfa/totp/activate_form.html"
    form_class = forms.AddAppForm

    def page(self, context: dict[str, Any]) -> Page:
        form = context["form"]
        secret = form.secret
        return AddAppPage(
            form=form,
            errors=error_lines(form),
            picture=mark_safe(context["totp_svg"]),  # noqa: S308 - squares that we drew
            secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
            locked_until=locked_until(form),
        )


class RemoveApp(Ours, app.DeactivateTOTPView):
    """Ask whether to take the app away; sent back, do it."""

    template_name = "mfa/totp/deactivate_form.html"


class Codes(Ours, codes.ViewRecoveryCodesView):
    """Show the recovery codes that are left."""

    template_name = "mfa/recovery_codes/index.html"

    def page(self, context: dict[str, Any]) -> Page:
        return CodesPage(codes=tuple(context["unused_codes"]))


class NewCodes(Ours, codes.GenerateRecoveryCodesView):
    """Ask whether to make new recovery codes; sent back, do it. The old ones stop working."""

    template_name = "mfa/recovery_codes/generate.html"


class AddPasskey(_EndsOtherSessions, Ours, passkeys.AddWebAuthnView):
    """Have the browser make a passkey; sent back, keep it."""

    template_name = "mfa/webauthn/add_form.html"
    form_class = forms.AddPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        # One that signs in alone, so it asks for a fingerprint, a face or a PIN: a stolen telephone is no key.
        context["js_data"] = {"creation_options": begin_registration(self.request.user, True)}
        context["form"] = kwargs.get("form", context["form"])
        return context

    def page(self, context: dict[str, Any]) -> Page:
        form = context["form"]
        no_passkey = form.is_bound and (form.non_field_errors() or "credential" in form.errors)
        return AddPasskeyPage(
            form=form,
            errors=whole_errors(NO_PASSKEY.split(",")[0]) if no_passkey else error_lines(form),
            options=options_for_browser(context["js_data"]["creation_options"]),
        )


class RemovePasskey(Ours, passkeys.RemoveWebAuthnView):
    """Ask whether to take a passkey away; sent back, do it."""

    template_name = "mfa/webauthn/authenticator_confirm_delete.html"

    def page(self, context: dict[str, Any]) -> Page:
        return PasskeyPage(form=context["form"], name=context["object"].wrap().name)


class NamePasskey(Ours, passkeys.EditWebAuthnView):
    """Ask what to call a passkey."""

    template_name = "mfa/webauthn/edit_form.html"
    form_class = forms.NamePasskeyForm
