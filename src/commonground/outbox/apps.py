"""Makes this package known to Django."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Name the app and its label; start-up does nothing else."""

    name = "commonground.outbox"
    label = "outbox"
