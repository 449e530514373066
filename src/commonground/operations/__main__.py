"""The `commonground` command: Django's own runner, with this project's settings and commands."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command as named on the command line; `commonground help` lists them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonground.config.settings")
    execute_from_command_line(["commonground", *sys.argv[1:]])


if __name__ == "__main__":
    main()
