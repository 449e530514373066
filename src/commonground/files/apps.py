"""Makes this package known to Django."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Name the app and its label; start-up does nothing else."""

    name = "commonground.files"
    label = "files"
