"""The page on writing scenarios: its example plays, and it has every word."""

from __future__ import annotations

import re
from pathlib import Path

from commonground.language.playing import play
from commonground.language.scenarios import DEEDS, EXPECTATIONS, read_scenario

PAGE = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")


def test_the_example_goes_as_it_says() -> None:
    [example] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)

    assert not play(read_scenario(example, "example.yaml")).differences


def test_every_word_is_explained() -> None:
    explained = set(re.findall(r"`([a-z-]+)`", PAGE))

    assert {*DEEDS, *EXPECTATIONS} - explained == set()
