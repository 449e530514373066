"""Pages for managers: a brief, who is stuck, handing over before leave, contacts, and actions after an ending."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from commonground.core.acts import GoUp, PostRef
from commonground.core.procedure import OFFICE
from commonground.usecases import clock
from commonground.usecases.sweep import sweep
from tests.pages.reading import be, text_of
from tests.partnership import Small

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(client: Client, partnership: Small, post: PostRef, address: str) -> str:
    answer = be(client, partnership, post).get(address)
    assert answer.status_code == 200, answer
    return text_of(answer.content)


# --- The brief --------------------------------------------------------------------------------------------------------


def test_the_brief_says_whose_move_what_each_side_says_and_whom_to_ring(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now() - timedelta(hours=1), words="Two visits were missed. " * 40)
    page = page_of(client, riverside, riverside.post("school"), f"/d/{reference}/brief")
    assert page.count("Two visits were missed.") == 7
    assert "Two visits…" in page
    assert "Nothing written that both sides see." in page
    owner = riverside.owner(disagreement)
    assert f"Pat {'Social-Care'} {owner.post.title()}" in page
    assert "01632 960100" in page
    assert "Nobody has confirmed this number yet." in page
    assert "Whose move" in page
    assert "If it is not" in page  # what happens if nobody acts


def test_the_brief_says_what_silence_did(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now() - timedelta(days=30))
    waits = riverside.standing(disagreement).waits
    assert waits is not None
    assert waits.due is not None
    sweep(at=waits.due.at + timedelta(seconds=1))
    page = page_of(client, riverside, riverside.post("school"), f"/d/{reference}/brief")
    assert "with nothing recorded" in page or "It went up by silence once" in page


def test_the_brief_has_no_words_for_the_office_and_is_not_there_for_strangers(client: Client, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now())
    page = page_of(client, riverside, riverside.post("partnership", OFFICE), f"/d/{reference}/brief")
    assert "Two visits" not in page
    assert "Pat School" not in page
    assert "01632 960100" in page
    be(client, riverside, riverside.post("police"))
    assert client.get(f"/d/{reference}/brief").status_code == 404


def test_the_disagreement_leads_to_its_brief(client: Client, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now())
    be(client, riverside, riverside.post("school"))
    assert f'href="/d/{reference}/brief"' in client.get(f"/d/{reference}").content.decode()


def test_after_going_up_the_brief_has_the_next_stage(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now() - timedelta(hours=2))
    riverside.does(disagreement, riverside.post("school"), GoUp(), clock.now() - timedelta(hours=1))
    page = page_of(client, riverside, riverside.post("school"), f"/d/{reference}/brief")
    assert riverside.procedure.route(riverside.standing(disagreement).route).stages[1].heading in page
