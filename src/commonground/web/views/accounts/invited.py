"""Choosing a first password, by the link of an invitation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from commonground.accounts.invitations import accept, open_invitation
from commonground.usecases import clock
from commonground.web.formfields import error_lines
from commonground.web.forms.accounts import InvitedForm
from commonground.web.pages.accounts import AccountPage, FormPage
from commonground.web.pages.page import show


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask for a password; only sent back does the link do anything. Mail scanners open every link they see."""
    invitation = open_invitation(secret, clock.now())
    if invitation is None:
        return _unusable(request)
    form = InvitedForm(request.POST if request.method == "POST" else None, email=invitation.email)
    if form.is_bound and form.is_valid():
        if accept(secret, form.cleaned_data["password1"], clock.now()) is None:
            return _unusable(request)
        return HttpResponseRedirect(reverse("account_login") + "?chosen")
    answer = show(request, "accounts/invited.html", FormPage(form=form, errors=error_lines(form)))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _unusable(request: HttpRequest) -> HttpResponse:
    """Answer every link that can't be used alike, whatever the reason."""
    answer = show(request, "accounts/link_unusable.html", AccountPage())
    answer.status_code = 404
    return answer
