"""A small partnership in a demonstration, for every page test."""

import pytest
from pytest_django.fixtures import Settings

from tests.partnership import Small, small


@pytest.fixture
def demonstration(settings: Settings) -> None:
    """Let people be chosen."""
    settings.DEMONSTRATION = True


@pytest.fixture
def riverside(transactional_db: None, demonstration: None) -> Small:
    """A partnership that runs one of the shipped procedures."""
    return small()
