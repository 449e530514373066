"""Asks a virus scanner (clamd) about a file, where one is set up. A scanner that is down holds up nobody's act."""

from __future__ import annotations

import logging
from enum import StrEnum
from typing import BinaryIO, Final
from urllib.parse import urlsplit

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings

logger = logging.getLogger(__name__)

PATIENCE: Final = 20.0
"""Seconds without a word from the scanner, after which it counts as down."""


class Scanned(StrEnum):
    """What a scan came to."""

    CLEAN = "clean"
    FOUND = "something was found"
    NOT_YET = "the scanner did not answer"
    NEVER = "no scanner is set up"


def is_set_up() -> bool:
    """This will say whether files are scanned at all."""
    return bool(settings.CLAMD)


def scanned(file: BinaryIO) -> Scanned:
    """This will have a file scanned from where it stands. The log says what was found or missing, and names no file."""
    if not is_set_up():
        return Scanned.NEVER
    try:
        # The whole answer is one line: OK, FOUND or ERROR, about "stream".
        status, found = next(iter(_scanner().instream(file).values()), ("ERROR", "no answer"))
    except (ClamdError, OSError, ValueError) as error:
        logger.warning("The virus scanner did not answer (%s): files wait until it does", type(error).__name__)
        return Scanned.NOT_YET
    if status == "OK":
        return Scanned.CLEAN
    if status == "FOUND":
        logger.warning("The virus scanner found %s in a file, which was not taken", found)
        return Scanned.FOUND
    logger.warning("The virus scanner could not scan a file (%s): it waits", found)
    return Scanned.NOT_YET


def _scanner() -> ClamdNetworkSocket:
    parts = urlsplit(settings.CLAMD)
    if parts.scheme == "unix":
        return ClamdUnixSocket(path=parts.path, timeout=int(PATIENCE))
    return ClamdNetworkSocket(host=parts.hostname or "127.0.0.1", port=parts.port or 3310, timeout=PATIENCE)
