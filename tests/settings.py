"""The real settings, on a database that lasts as long as the run.

SQLite in a file of its own, as in service: WAL, two processes and a killed writer mean nothing in memory.
COMMONGROUND_TEST_DATABASE=postgresql runs the same tests on PostgreSQL (tests/databases.py says which one).
"""

import os
import tempfile
from pathlib import Path

from tests import databases

os.environ["COMMONGROUND_SECRET_KEY"] = "for tests only"
os.environ["COMMONGROUND_DEMONSTRATION"] = "0"
os.environ["COMMONGROUND_DEBUG"] = "0"
os.environ["COMMONGROUND_DATABASE"] = databases.address()

from commonground.config.settings import *  # noqa: F403
from commonground.config.settings import DATABASES, STORAGES

DATABASES["default"]["TEST"] = databases.name_for_tests(DATABASES["default"])
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing is collected
_FILES = tempfile.TemporaryDirectory(prefix="commonground-files-")  # gone with the process
FILES = Path(_FILES.name)
SECURE_SSL_REDIRECT = False  # the tests' own server speaks plain HTTP
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # in service slow on purpose
