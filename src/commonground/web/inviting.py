"""Sending an invitation: by mail where mail is set up, else as a link to hand over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from commonground.accounts import mail
from commonground.accounts.invitations import LASTS, open_invitation


@dataclass(frozen=True)
class Handed:
    """An invitation that was made: its link, until when it can be used, and whether it went by mail."""

    link: str
    until: datetime
    is_mailed: bool


def send_invitation(request: HttpRequest, secret: str, invited_by: str, at: datetime) -> Handed:
    """This will mail the link of an invitation that was just made; `invited_by` is the name of an agency.

    Where it could not be mailed, whoever asks hands the link over in person. It is shown once and kept nowhere.
    """
    link = request.build_absolute_uri(reverse("invited", args=[secret]))
    invitation = open_invitation(secret, at)
    is_mailed = invitation is not None and mail.send_invitation(invitation.email, link, invited_by, at + LASTS)
    return Handed(link, at + LASTS, is_mailed)
