"""Shows how far long work has come."""

from __future__ import annotations

from django.core.management.base import OutputWrapper

LINES = 10
"""How many lines a file or a log gets, however much there is to do."""


class Progress:
    """One line that is written over on a terminal; elsewhere a line for each tenth."""

    def __init__(self, stream: OutputWrapper, what: str) -> None:
        """`what` is counted: "disagreements"."""
        self.stream, self.what, self.shown = stream, what, 0

    def __call__(self, done: int, of: int) -> None:
        """Say that `done` of `of` are done."""
        line = f"{done} of {of} {self.what}"
        if self.stream.isatty():
            self.stream.write(f"\r{line}", ending="\n" if done == of else "")
        elif done == of or done * LINES // of > self.shown:
            self.shown = done * LINES // of
            self.stream.write(line)
        self.stream.flush()
