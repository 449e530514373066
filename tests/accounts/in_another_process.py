"""Signs in with wrong passwords from a process of its own, as a second worker of the service would."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

from django.db import connection

from tests import databases

IN_ANOTHER_PROCESS = "import django; django.setup(); from tests.accounts.in_another_process import main; main()"


def wrong_passwords(email: str, times: int) -> list[int]:
    """Try so many wrong passwords from another process, on this test's database; give what each was answered."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        address = f"sqlite:///{name}"
    else:
        address = urlsplit(databases.address())._replace(path=f"/{name}").geturl()
    done = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS, email, str(times)],
        env={
            **os.environ,
            databases.ADDRESS: address,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONPATH": "src:.",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return [int(status) for status in done.stdout.split()]


def main() -> None:
    """Try, and print the status of each answer."""
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    for _ in range(int(sys.argv[2])):
        answer = Client().post("/sign-in", {"login": sys.argv[1], "password": "not the password"})
        sys.stdout.write(f"{answer.status_code} ")
