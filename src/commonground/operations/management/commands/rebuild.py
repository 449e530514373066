"""Adds up every record anew and compares what comes out with what stood there."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonground.operations.progress import Progress
from commonground.record.codec import CannotBeRead
from commonground.usecases.rebuild import rebuild


class Command(BaseCommand):
    """Rebuild the standing of every disagreement from its acts."""

    help = "Add up every record anew. Fails, naming each, where what stood there was something else."

    def handle(self, **options: Any) -> None:
        """Rebuild all of them; the standings are right afterwards, whatever they were."""
        differ, count, parts = [], 0, 0
        try:
            for rebuilt in rebuild(Progress(self.stdout, "records added up")):
                count += 1
                parts += rebuilt.parts
                if not rebuilt.same:
                    differ.append(rebuilt.reference)
        except CannotBeRead as wrong:
            raise CommandError(f"{wrong}. Stopped there; records before it were rebuilt.") from wrong
        self.stdout.write(f"{count - len(differ)} identical, {len(differ)} different")
        if parts:
            self.stdout.write(f"{parts} parts were put back: who has a part in what")
        if differ:
            raise CommandError(f"These stood otherwise, and are right now: {', '.join(differ)}")
