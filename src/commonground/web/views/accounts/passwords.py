"""Passwords: changed by whoever knows the old one, and chosen anew by whoever gets the mail."""

from __future__ import annotations

from typing import Any

from allauth.account import views as library
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy

from commonground.accounts import mail
from commonground.web.forms import accounts as forms
from commonground.web.pages.accounts import AccountPage
from commonground.web.pages.page import Page
from commonground.web.views.accounts.ours import Ours


class Change(Ours, library.PasswordChangeView):
    """Change the password. Every other session of the account ends with it."""

    template_name = "account/password_change.html"
    form_class = forms.ChangePasswordForm


class Forgotten(Ours, library.PasswordResetView):
    """Ask where to mail a link to. Whether anybody signs in by that address is not said."""

    template_name = "account/password_reset.html"
    form_class = forms.ForgottenForm

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        if not mail.is_set_up():
            self.template_name = "account/password_by_hand.html"
        return super().render_to_response(context, **options)


class Mailed(Ours, library.PasswordResetDoneView):
    """Say that a link is on its way, if anybody signs in by that address."""

    template_name = "account/password_reset_done.html"

    def page(self, context: dict[str, Any]) -> Page:
        return AccountPage()


class ChooseNew(Ours, library.PasswordResetFromKeyView):
    """Choose a new password by a link from a mail. Opening it changes nothing."""

    template_name = "account/password_reset_from_key.html"
    form_class = forms.NewPasswordForm
    success_url = reverse_lazy("account_reset_password_from_key_done")

    def page(self, context: dict[str, Any]) -> Page:
        if context.get("token_fail"):
            self.template_name = "account/password_link_used.html"
            return AccountPage()
        return super().page(context)


def chosen(_: Any) -> HttpResponse:
    """Go on to sign in with the new password."""
    return HttpResponseRedirect(reverse("account_login") + "?chosen")
