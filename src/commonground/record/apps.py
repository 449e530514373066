"""Makes this package known to Django."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """Name the app and its label; start-up does nothing else."""

    name = "commonground.record"
    label = "record"
