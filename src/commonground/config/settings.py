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
    "commonground.accounts",
    "commonground.files",
    "commonground.people",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "commonground.accounts.apps.AuthWithoutPermissions",
    "commonground.accounts.apps.ContentTypesWithoutRows",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
]
MIDDLEWARE = [
    "commonground.web.fencing.OutsideTheFence",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A page is read on a telephone. Django pads what it packs, so that its length does not tell a secret in it.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "commonground.web.whole.WholeForms",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "commonground.web.identity.Identity",
]
# Files that are sent with acts, outside the database: this folder belongs in every backup (docs/running.md).
FILES = Path(os.environ.get("COMMONGROUND_FILES") or VAR / "files").absolute()
FILE_LIMIT = 20 * 1024 * 1024  # bytes, each
FILE_UPLOAD_HANDLERS = ["commonground.web.uploads.Limited"]
CLAMD = environment.clamd(os.environ.get("COMMONGROUND_CLAMD", ""))  # the virus scanner; none, where empty

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

# Accounts (commonground/accounts). The library does the signing in; its questions are answered in web/signing_in.py.
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),  # the 20,000 that Django ships
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email",)}),
    )
]
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "commonground.web.signing_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # whoever invites vouches for the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False  # gone when the browser is closed, and after SESSION_COOKIE_AGE
ACCOUNT_RATE_LIMITS = {
    # By name: five wrong tries in five minutes. By place: many, because a whole hospital can come from one address.
    "login_failed": "5/5m/key,200/5m/ip",
    "login": "600/m/ip",
    "reset_password": "60/m/ip,3/5m/key",
    "reset_password_from_key": "60/m/ip",
}
MFA_ADAPTER = "commonground.web.signing_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # thirty seconds either way: telephones and people are a little late
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}
# One count for all processes: in memory each would have its own, and a limit would hold as often as there are.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "counted",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Where mail leaves. Nothing is sent where none is set up, and links are handed over in person.
MAIL = environment.mail(os.environ.get("COMMONGROUND_MAIL", ""), os.environ.get("COMMONGROUND_MAIL_FROM", ""))
EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
EMAIL_HOST = MAIL.get("EMAIL_HOST", "")
EMAIL_PORT = MAIL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = MAIL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = MAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = MAIL.get("EMAIL_TIMEOUT")
DEFAULT_FROM_EMAIL = MAIL["DEFAULT_FROM_EMAIL"]

SECURE_SSL_REDIRECT = not (DEMONSTRATION or DEBUG)
SECURE_HSTS_SECONDS = 0 if DEMONSTRATION or DEBUG else 365 * 24 * 60 * 60
# Whether every other name below this one speaks TLS too is for whoever owns the domain to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if environment.flag("COMMONGROUND_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else everybody would count as one, the proxy

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
    "filters": {"without_secrets": {"()": "commonground.accounts.logs.WithoutSecrets"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["without_secrets"]},
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("COMMONGROUND_LOG_LEVEL") or "INFO"},
    # Django hangs handlers of its own on this one (mail to admins, a second console line): one way out is enough.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
