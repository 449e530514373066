"""Every shipped scenario, told through the pages by people who only press what is there, ends as the core plays it."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.language.playing import play
from commonground.language.scenarios import read_scenario, shipped_scenarios
from tests.pages.filling import filled
from tests.pages.reading import text_of
from tests.telling import AREA, Answers, Teller

TOLD = {name: read_scenario(path) for name, path in shipped_scenarios().items()}


class ClientHands:
    """A client that fills in what a page asks, and answers what it is told to."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def sits_down(self, person: Key, seat: PostRef) -> None:
        answer = self.client.post(f"/choose/{AREA}", {"seat": f"{person} {seat.agency} {seat.post}"})
        assert answer.status_code == 302, answer.content

    def opens(self, path: str) -> str:
        answer = self.client.get(path)
        return unescape(answer.content.decode()) if answer.status_code == 200 else ""

    def looks_for_a_reason(self, reference: str) -> None:
        self.client.post("/look", {"reference": reference, "reason": "A colleague asked me to take it up."})

    def sends(self, path: str, answers: Answers) -> str:
        boxes = filled(self.client.get(path).content)
        asked = {name: value for name, value in boxes.items() if _asked(name)}
        answer = self.client.post(path, {**asked, **answers})
        return "" if answer.status_code == 302 else text_of(answer.content)[:2000]


def _asked(name: str) -> bool:
    """Say whether a box is sent although the scenario says nothing of it: what the page itself put there."""
    return name in ("command", "position", "seat", "rows")


@pytest.mark.parametrize("name", TOLD)
def test_a_scenario_told_through_the_pages_stands_as_it_was_played(
    name: str, client: Client, transactional_db: None, demonstration: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    Teller(play(TOLD[name]), ClientHands(client), monkeypatch).tell()
