"""Puts the demonstration's invented partnerships, people and disagreements into the database."""

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commonground.language.mistakes import Mistakes
from commonground.operations.demonstration import NotTold, seed
from commonground.operations.progress import Progress
from commonground.usecases import clock


class Command(BaseCommand):
    """Seed the demonstration; what is there already stays as it is."""

    help = "Put the demonstration's invented people and disagreements in. What is there already stays as it is."

    def handle(self, **options: Any) -> None:
        """Tell every story that was not told yet."""
        if not settings.DEMONSTRATION:
            raise CommandError("This is for demonstrations only: set COMMONGROUND_DEMONSTRATION=1, or use `make demo`.")
        logging.getLogger("commonground.outbox").setLevel(logging.WARNING)  # weeks of invented messages
        try:
            seeded = seed(clock.now(), Progress(self.stdout, "disagreements told"))
        except (Mistakes, NotTold) as wrong:
            raise CommandError(str(wrong)) from wrong
        if seeded.disagreements:
            self.stdout.write(
                f"{seeded.partnerships} invented partnerships and {seeded.disagreements} disagreements with "
                f"{seeded.acts} acts are new."
            )
