"""No line of the log holds the secret of a link."""

from __future__ import annotations

import logging
import uuid

import pytest

from commonground.accounts.logs import WithoutSecrets

SECRET = "Xj--O9nUSV1RrmsuvG3xoY8Gy6Sj6pMiV3kVBcd5Ew8"
"""Like one of 32 random bytes, and always the same: the tests of a run are named by it."""
RESET = "1-d2ab3c-0123456789abcdef0123456789abcdef"


def _logged(message: str, *args: object) -> str:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, args, None)
    assert WithoutSecrets().filter(record)
    return record.getMessage()


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        (f"/invited/{SECRET}", "/invited/…"),
        (f"/password/choose/{RESET}", "/password/choose/…"),
        (f"/guest/{SECRET}", "/guest/…"),
        ("/d/RIVE-22A3B4/sent", "/d/RIVE-22A3B4/sent"),
    ],
)
def test_the_secrets_of_links_are_put_out(path: str, logged: str) -> None:
    assert _logged("Not Found: %s", path) == f"Not Found: {logged}"


def test_ids_stay() -> None:
    known = str(uuid.uuid4())
    assert known in _logged("act %s", known)


def test_a_line_without_secrets_stays_as_it_is() -> None:
    assert _logged("%d of %s", 3, "5") == "3 of 5"
