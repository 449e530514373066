"""Django's settings, taken from the environment. docs/running.md lists the names and what they do.

Moving to Python 3.12 and Django 6 is meant to stay a change of this file and requirements.in only.
"""

import os
from pathlib import Path
from typing import Any

import jinja2
from csp.constants import NONE, SELF

from commonground.config import environment

# What this machine writes: the database when it is SQLite, collected static files, the demonstration's key.
VAR = Path(os.environ.get("COMMONGROUND_VAR") or "var").absolute()

# Invented people, a page to choose who you are, a banner on every page. Never beside real disagreements.
DEMONSTRATION = environment.flag("COMMONGROUND_DEMONSTRATION")
DEBUG = environment.flag("COMMONGROUND_DEBUG")

# Empty means unset: Django refuses to sign anything with it, and `commonground serve` and `work` say so at the start.
SECRET_KEY = os.environ.get("COMMONGROUND_SECRET_KEY", "")
SECRET_KEY_FALLBACKS = environment.listed("COMMONGROUND_SECRET_KEY_FALLBACKS")
if DEMONSTRATION and not SECRET_KEY:
    SECRET_KEY = environment.demonstration_key(VAR)

ALLOWED_HOSTS = environment.listed("COMMONGROUND_HOSTS")
if DEMONSTRATION or DEBUG:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = environment.listed("COMMONGROUND_ORIGINS")

DATABASE = os.environ.get("COMMONGROUND_DATABASE", "")
if not DATABASE:
    DATABASE = f"sqlite:///{VAR / 'commonground.sqlite3'}"
    VAR.mkdir(parents=True, exist_ok=True)  # SQLite makes the file at the first `migrate`, but not the folder
DATABASES: dict[str, dict[str, Any]] = {"default": environment.database(DATABASE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "commonground.operations",  # first: its `check` is the check of the procedures; Django's own is `systemcheck`
    "commonground.web",
    "commonground.outbox",
    "commonground.record",
    "commonground.people",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "commonground.web.identity.DemonstrationIdentity",
]
# People may paste whatever they like: too long is for the forms to say, with the text kept, and not for the server.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # bytes
CSRF_FAILURE_VIEW = "commonground.web.views.errors.not_sent"
ROOT_URLCONF = "commonground.web.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,  # the environment below knows where our templates and the GOV.UK macros are
        "OPTIONS": {
            "environment": "commonground.web.jinja.environment",
            # Django switches to DebugUndefined under DEBUG, and the GOV.UK macros then print it inside fields.
            "undefined": jinja2.Undefined,
        },
    },
]

# Stored in UTC, decided and shown in Europe/London (docs/time.md).
USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en-gb"
USE_I18N = False

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"  # `commonground serve` collects into it
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has a use for our files
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Server-side sessions: ending one really ends it. Cookies need TLS everywhere but on somebody's own machine.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: a working day with its evening
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not (DEMONSTRATION or DEBUG)
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

SECURE_SSL_REDIRECT = not (DEMONSTRATION or DEBUG)
SECURE_HSTS_SECONDS = 0 if DEMONSTRATION or DEBUG else 365 * 24 * 60 * 60
# Whether every other name below this one speaks TLS too is for whoever owns the domain to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if environment.flag("COMMONGROUND_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Nothing from anywhere else, nothing inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("COMMONGROUND_LOG_LEVEL") or "INFO"},
    # Django hangs handlers of its own on this one (mail to admins, a second console line): one way out is enough.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
