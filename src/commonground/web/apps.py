"""Makes this package known to Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Name the app and its label; start-up makes known its checks and what of it is cleared away."""

    name = "commonground.web"
    label = "web"

    def ready(self) -> None:
        """Let Django's system check ask whether papers can be made, and the worker delete old drafts."""
        from commonground.usecases import clearing
        from commonground.web import drafts
        from commonground.web.papers import checks  # noqa: F401 - importing it registers it

        clearing.also("drafts", drafts.clear_away)
