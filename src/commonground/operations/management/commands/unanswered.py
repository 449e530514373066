"""Lists open disagreements for whose owner nobody is here today, or that have no next date."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonground.usecases import clock
from commonground.usecases.unanswered import unanswered


class Command(BaseCommand):
    """List what waits for nobody."""

    help = "List open disagreements that wait for nobody, by id. Fails where there is one, for whoever watches this."
    requires_system_checks = ()  # asked often, by monitoring

    def handle(self, **options: Any) -> None:
        """Print each, or say that somebody is here for all of them."""
        found = unanswered(clock.now())
        for one in found:
            self.stdout.write(str(one))
        if found:
            raise CommandError(f"{len(found)} open disagreements need somebody to look at them.")
        self.stdout.write("Somebody is here today for every open disagreement, and each has a next date.")
