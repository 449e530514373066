"""Dates every open disagreement anew, after the calendar has changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonground.operations.progress import Progress
from commonground.usecases.redate import Outcome, redate


class Command(BaseCommand):
    """Date what is open by the calendar there is now."""

    help = "Date every open disagreement by the new calendar, each as an act. Restart serve and work first."

    def handle(self, **options: Any) -> None:
        """Date each anew, and name those that could not be."""
        came: dict[Outcome, list[str]] = {outcome: [] for outcome in Outcome}
        for redated in redate(Progress(self.stdout, "looked at")):
            came[redated.outcome].append(redated.reference)
        self.stdout.write(", ".join(f"{len(references)} {outcome}" for outcome, references in came.items()))
        if came[Outcome.STUCK]:
            raise CommandError(f"These could not be dated; the log says why: {', '.join(came[Outcome.STUCK])}")
