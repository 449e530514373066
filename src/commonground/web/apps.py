"""Makes this package known to Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Name the app and its label; start-up does nothing else."""

    name = "commonground.web"
    label = "web"
