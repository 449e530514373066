"""Makes this package known to Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Name the app and its label; start-up makes its checks known and does nothing else."""

    name = "commonground.web"
    label = "web"

    def ready(self) -> None:
        """Let Django's system check ask whether papers can be made."""
        from commonground.web.papers import checks  # noqa: F401 - importing it registers it
