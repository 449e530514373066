"""The service's own settings, and one address with nothing behind it to compare with."""

from commonground.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench_urls"
