"""Reads what a deployment says in its environment. docs/running.md lists every name; nothing else reads it."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"", "0", "false", "no", "off"})

# One writer at a time, told to wait its turn, and on the disk before it is acknowledged (promise 8).
# IMMEDIATE takes the write lock when the transaction opens, so a read-then-write can't be turned away half-way.
SQLITE_OPTIONS: Mapping[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,  # seconds
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}


def flag(name: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Say whether the setting is switched on. Absent means off; an unknown word is a mistake, not a guess."""
    word = environ.get(name, "").strip().lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise ImproperlyConfigured(f'{name}: found "{word}". Write 1 or 0.')


def listed(name: str, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Give the comma-separated values of a setting, without blanks. Absent means none."""
    return [value.strip() for value in environ.get(name, "").split(",") if value.strip()]


KEPT_OPEN: Final = 60
"""Seconds that a connection to a database may serve one request after another."""


def database(url: str) -> dict[str, Any]:
    """Give Django's settings for one database.

    `url` is `sqlite:///relative/path`, `sqlite:////absolute/path`, or what PostgreSQL's own client accepts:
    `postgresql://user:password@host1:5432,host2:5432/name?sslmode=verify-full`.
    Raises ImproperlyConfigured, without repeating the address, because it may hold a password.
    """
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///")).absolute()
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(path),
            "OPTIONS": dict(SQLITE_OPTIONS),
            # Whoever closes a file last has all of its log written back: not at the end of every request.
            "CONN_MAX_AGE": KEPT_OPEN,
        }
    if url.startswith(("postgresql://", "postgres://")):
        return _postgresql(url)
    raise ImproperlyConfigured('COMMONGROUND_DATABASE: write "sqlite:///path" or "postgresql://user@host/name".')


def _postgresql(url: str) -> dict[str, Any]:
    try:
        parts: dict[str, Any] = {key: value for key, value in conninfo_to_dict(url).items() if value is not None}
    except ProgrammingError:
        raise ImproperlyConfigured("COMMONGROUND_DATABASE: not an address PostgreSQL's client understands.") from None
    host = str(parts.pop("host", ""))
    name, port = str(parts.pop("dbname", "")), str(parts.pop("port", ""))
    user, password = str(parts.pop("user", "")), str(parts.pop("password", ""))
    if not name:
        raise ImproperlyConfigured("COMMONGROUND_DATABASE: the database has no name; end the address with /name.")
    if "," in host:
        # After a failover only one of the hosts takes writes, and a client on the other would fail every act.
        parts.setdefault("target_session_attrs", "read-write")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": user,
        "PASSWORD": password,
        "HOST": host,
        "PORT": port,
        "OPTIONS": parts,
        "CONN_MAX_AGE": KEPT_OPEN,
        "CONN_HEALTH_CHECKS": True,
    }


def mail(address: str, sender: str) -> dict[str, Any]:
    """Give Django's settings for sending mail; where no `address` is given, nothing is sent.

    `address` is `smtp://user:password@host:port`, with `?tls=implicit` (TLS from the start) or `?tls=none` (inside one
    machine only) where the server does not take STARTTLS. `sender` is the address that mail comes from.
    Raises ImproperlyConfigured, without repeating the address, because it may hold a password.
    """
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend", "DEFAULT_FROM_EMAIL": ""}
    try:
        parts = urlsplit(address)
        tls = dict(parse_qsl(parts.query)).get("tls", "starttls")
        port = parts.port or (465 if tls == "implicit" else 587)
    except ValueError:
        parts, tls, port = urlsplit(""), "", 0
    if parts.scheme != "smtp" or not parts.hostname or tls not in {"starttls", "implicit", "none"}:
        raise ImproperlyConfigured(
            'COMMONGROUND_MAIL: write "smtp://user:password@host:port", perhaps "?tls=implicit".'
        )
    if "@" not in sender:
        raise ImproperlyConfigured("COMMONGROUND_MAIL_FROM: write the e-mail address that mail is to come from.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "implicit",
        "EMAIL_TIMEOUT": 20,  # seconds
        "DEFAULT_FROM_EMAIL": sender,
    }


def clamd(address: str) -> str:
    """Give where the virus scanner listens; "" where none is set up.

    `address` is `tcp://host:3310` or `unix:///run/clamav/clamd.ctl`. Raises ImproperlyConfigured for anything else: a
    mistake here would leave files unscanned, and nobody the wiser.
    """
    with suppress(ValueError):
        parts = urlsplit(address)
        at_a_port = parts.scheme == "tcp" and parts.hostname and parts.port != 0
        if not address or at_a_port or (parts.scheme == "unix" and parts.path.startswith("/")):
            return address
    raise ImproperlyConfigured('COMMONGROUND_CLAMD: write "tcp://host:3310" or "unix:///run/clamav/clamd.ctl".')


def demonstration_key(folder: Path) -> str:
    """Give the demonstration's own signing key, making it the first time. Never used outside demonstration mode."""
    path = folder / "demonstration-key"
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Web and worker may start at the same moment. A link is made whole or not at all, and by one of them only,
        # so neither reads half a key nor replaces the other's.
        with tempfile.NamedTemporaryFile("w", dir=folder) as new:  # readable by its owner only
            new.write(secrets.token_urlsafe(50))
            new.flush()
            with suppress(FileExistsError):
                path.hardlink_to(new.name)
    return path.read_text()
