"""Django's own checks of the settings and the code. `commonground check` is the check of the procedures."""

from django.core.management.commands import check


class Command(check.Command):
    """Does what Django's `check` does, under another name."""
