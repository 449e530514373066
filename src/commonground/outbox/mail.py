"""Sends messages by e-mail: a reference, what is wanted, by when and a link. No names, and nothing that anybody wrote.

What asks people to a meeting, or calls it off, brings a calendar file.

A message is for a post; it goes to each person who answers for it, one by one, so that nobody sees another's address
and nobody's trouble is another's. Who has it is written down at once and does not get it again. Where nobody can be
written to (no address, or each refused for good), the partnership's office gets it instead, and the row says so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from hashlib import sha256
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.urls import reverse

from commonground.core.acts import PostRef
from commonground.core.procedure import OFFICE, Key, TellOn
from commonground.core.telling import Beside, Notice
from commonground.core.time import LONDON, Due
from commonground.outbox.addressees import addressees
from commonground.outbox.calendar_file import Entry, Method, calendar_file
from commonground.outbox.messages import Message, ServerAway
from commonground.outbox.models import Delivery, MessageRow
from commonground.people.models import Person
from commonground.people.staffing import staffing_of
from commonground.wording import Message as Worded
from commonground.wording import message_instead, message_of

logger = logging.getLogger(__name__)

FOR_GOOD: Final = 500
"""SMTP replies from here on say that trying again is no use."""


class NobodyToTell(LookupError):
    """Neither anybody who answers for the post nor the office can be written to. It is tried again, and shown."""


def is_set_up() -> bool:
    """This will say whether mail leaves here: a sender is set, and the people are not invented ones."""
    return bool(settings.DEFAULT_FROM_EMAIL) and not settings.DEMONSTRATION


@dataclass(frozen=True)
class OfMeeting:
    """The meeting that a message is about: the number it has in addresses, and what calendars are to show of it."""

    number: int
    entry: Entry | None = None
    """None: nothing for a calendar, because no day is set or it is over."""


def deliver(
    message: Message, partnership: Key, at: datetime, due: Due | None = None, meeting: OfMeeting | None = None
) -> None:
    """This will mail a message to everybody it is for who does not have it yet; `due`: by when they have to act.

    Raises whatever kept somebody from getting it that may pass; ServerAway where nothing can be sent at all;
    NobodyToTell where there is no address to send it to.
    """
    people = addressees(message.disagreement, message.to, partnership, at)
    if _send_each(message, people, _worded(message, due, meeting), at, meeting.entry if meeting else None):
        return
    office = PostRef(staffing_of(partnership, at.astimezone(LONDON).date()).office, OFFICE)
    instead = message_instead(message.reference, link_to(message.reference), urgent=message.urgent)
    if not _send_each(message, addressees(message.disagreement, office, partnership, at), instead, at):
        raise NobodyToTell
    MessageRow.objects.filter(pk=message.id).update(office_instead=True)
    logger.warning("%s act %s: nobody in its post can be written to; the office is told", message.reference,
                   message.sequence)  # fmt: skip


def _send_each(
    message: Message, people: Iterable[Person], worded: Worded, at: datetime, entry: Entry | None = None
) -> bool:
    """Send it to each, and give whether anybody has it now; raise the first trouble that may pass."""
    have = set(Delivery.objects.filter(message_id=message.id).values_list("person", flat=True))
    to_go = [person for person in people if person.key not in have]
    delivered = len(have & {person.key for person in people})
    trouble: Exception | None = None
    if to_go:
        connection = _connected()
        try:
            for person in to_go:
                try:
                    _mail(message, person, worded, connection, entry).send()
                except (SMTPException, OSError) as error:
                    # The text of an error can hold the address: its kind is logged, and whose message it was.
                    logger.warning("message %s to %s: %s", message.id, person.key, type(error).__name__)
                    trouble = trouble or (None if _for_good(error) else error)
                else:
                    Delivery.objects.get_or_create(
                        message_id=message.id, person=person.key, defaults={"delivered_at": at}
                    )
                    delivered += 1
        finally:
            _close(connection)
    if trouble is not None:
        raise trouble
    return delivered > 0


def _connected() -> Any:
    connection = get_connection()
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        raise ServerAway from error
    return connection


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (SMTPException, OSError):
        # What was handed over was handed over: a farewell that fails sends nothing twice.
        logger.info("the mail server went away before the end")


def _for_good(error: Exception) -> bool:
    """Say whether this one address will never take it. Our own address being refused is not their fault."""
    match error:
        case SMTPRecipientsRefused():
            return all(code >= FOR_GOOD for code, _ in error.recipients.values())
        case SMTPDataError():
            return error.smtp_code >= FOR_GOOD
        case _:
            return False


def _mail(message: Message, person: Person, worded: Worded, connection: Any, entry: Entry | None) -> EmailMessage:
    host = urlsplit(link_to("")).hostname
    # The same each time it is tried, so that a mailbox that has it already can tell. A digest: keys can hold a name.
    same = sha256(f"{message.id}/{message.disagreement}/{person.key}".encode()).hexdigest()[:32]
    mail = EmailMultiAlternatives(
        worded.subject,
        worded.body + "\n",
        settings.DEFAULT_FROM_EMAIL,
        [person.email],
        headers={"Message-ID": f"<{same}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    if entry is not None:
        method = Method.CANCEL if entry.cancelled else Method.REQUEST
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        file = calendar_file(entry, method, organiser=sender, to=person.email).decode()
        # Calendars take what stands beside the text; people without one can open the file.
        mail.attach_alternative(file, f"text/calendar; method={method.value}")
        mail.attach(f"{entry.reference}.ics", file.encode(), "application/ics")
    return mail


def _worded(message: Message, due: Due | None, meeting: OfMeeting | None) -> Worded:
    about = TellOn(message.about) if message.about in set(TellOn) else Beside(message.about)
    notice = Notice(message.to, about, message.to_act, message.urgent)
    link = link_to(message.reference, meeting.number if meeting else None)
    meets_at = meeting.entry.meets_at if meeting and meeting.entry else None
    return message_of(notice, message.reference, link, due, meets_at)


def link_to(reference: str, meeting: int | None = None) -> str:
    """This will give the address of a disagreement’s page, of a meeting’s, or of the service, as people reach it."""
    hosts = [f"https://{host}" for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*"))]
    origin = next(iter((*settings.CSRF_TRUSTED_ORIGINS, *hosts)), "https://localhost")
    if meeting is not None:
        return origin + reverse("meeting", args=[reference, meeting])
    return origin + (reverse("disagreement", args=[reference]) if reference else "")
