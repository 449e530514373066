"""The two mails that an account takes: an invitation, and a link for a new password. No child and no disagreement.

Where no mail is set up nothing is sent, and whoever asked hands the link over.
"""

from __future__ import annotations

import logging
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

from commonground.wording.dates import moment

log = logging.getLogger(__name__)

DANGER = "If a child is in immediate danger, ring 999 now."


def is_set_up() -> bool:
    """This will say whether this installation can send mail."""
    return bool(settings.DEFAULT_FROM_EMAIL)


def send_invitation(to: str, link: str, invited_by: str, until: datetime) -> bool:
    """This will mail an invitation: `invited_by` is an agency's name. False where it could not be sent."""
    lines = (
        f"{invited_by} has invited you to Commonground.",
        "Commonground runs the partnership’s procedure for when professionals disagree about a child.",
        f"Choose a password here: {link}",
        f"The link can be used once, until {moment(until)}.",
        "If you did not expect this, you can leave it. Nothing happens until you choose a password.",
        DANGER,
    )
    return _send(to, "You are invited to Commonground", lines)


def send_new_password(to: str, link: str) -> bool:
    """This will mail a link for choosing a new password. False where it could not be sent."""
    lines = (
        "Somebody asked for a new password for your Commonground account.",
        f"If that was you, choose it here: {link}",
        "If it was not you, you can leave it. Your password stays as it is.",
        DANGER,
    )
    return _send(to, "A new password for Commonground", lines)


def _send(to: str, subject: str, lines: tuple[str, ...]) -> bool:
    if not is_set_up():
        return False
    try:
        EmailMessage(subject, "\n\n".join(lines) + "\n", settings.DEFAULT_FROM_EMAIL, [to]).send()
    except (SMTPException, OSError) as failed:
        # Its text can hold the address, so only its kind is logged.
        log.warning("mail not sent: %s", type(failed).__name__)
        return False
    return True
