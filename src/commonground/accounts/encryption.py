"""Keeps the secrets of second factors unreadable in the database and its copies."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


def encrypt(text: str, keys: Sequence[str]) -> str:
    """This will encrypt a text under the first of some keys."""
    return _under(keys).encrypt(text.encode()).decode()


def decrypt(encrypted: str, keys: Sequence[str]) -> str:
    """This will give back a text that was encrypted under any of some keys; where none fits, chance in its place.

    Chance matches no code. An empty text would: anybody can work out the codes of an empty secret.
    """
    try:
        return _under(keys).decrypt(encrypted.encode()).decode()
    except InvalidToken:
        return base64.b32encode(secrets.token_bytes(20)).decode()


def _under(keys: Sequence[str]) -> MultiFernet:
    derived = (hashlib.sha256(b"commonground second factor " + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
