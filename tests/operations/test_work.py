"""The worker's loop: it outlives what goes wrong in a pass, and stops when told."""

import threading

import pytest

from commonground.operations.management.commands.work import work


@pytest.mark.django_db  # each pass looks after its connections
def test_a_pass_that_fails_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    stop = threading.Event()
    passes: list[int] = []

    def fails_once() -> None:
        passes.append(len(passes))
        if len(passes) == 1:
            raise RuntimeError("the database went away")
        stop.set()

    work(fails_once, stop, every=0)

    assert len(passes) == 2
    assert "the database went away" in caplog.text


def test_a_worker_that_was_stopped_starts_no_pass() -> None:
    stop = threading.Event()
    stop.set()

    work(lambda: pytest.fail("it started one"), stop, every=0)
