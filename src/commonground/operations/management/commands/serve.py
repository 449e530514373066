"""Serves the pages."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from commonground.operations.warming import warm

SECONDS_TO_FINISH = 20  # how long requests under way have, when the server is asked to stop


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Runs Django under gunicorn, with settings given here instead of in a file or on its command line."""

    def __init__(self, options: dict[str, Any]) -> None:
        """Take gunicorn's own option names."""
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn its options."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        """Give gunicorn what answers requests. Called in each process after it has started."""
        application = get_wsgi_application()
        warm()
        return application


class Command(BaseCommand):
    """Serve the pages until stopped; requests under way are finished first."""

    help = "Serve the pages until stopped. Requests under way are finished first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say where to listen, and how many requests at once."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (this machine only)")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--processes", type=int, default=1)
        parser.add_argument("--threads", type=int, default=8, help="for each process")

    def handle(self, **options: Any) -> None:
        """Collect the static files and listen."""
        try:
            _ = settings.SECRET_KEY  # Django lets everything start without one, and fails at the first form
        except ImproperlyConfigured:
            raise CommandError("COMMONGROUND_SECRET_KEY is not set; docs/running.md says how to make one.") from None
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write(f"Listening on http://{options['host']}:{options['port']}/")
        Server(
            {
                "bind": f"{options['host']}:{options['port']}",
                "worker_class": "gthread",
                "workers": options["processes"],
                "threads": options["threads"],
                "graceful_timeout": SECONDS_TO_FINISH,
                "control_socket_disable": True,
            }
        ).run()
