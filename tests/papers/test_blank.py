"""Blank forms: every question of the pages and of the procedures is on paper, for anybody to print."""

from __future__ import annotations

from io import BytesIO

import docx
import pypdf
import pytest
from django.test import Client

from commonground.core.procedure import Place
from commonground.core.setting import Setting
from commonground.language.library import shipped
from commonground.people.models import Person
from commonground.usecases import clock
from commonground.usecases.situation import calendar_of
from commonground.web.forms.acts import FORMS
from commonground.web.papers.blank import forms_of, raising_paper, stage_paper
from commonground.web.papers.paper import Question
from tests.pages.reading import text_of
from tests.papers.opening import opened
from tests.partnership import NAMES, Small

pytestmark = pytest.mark.django_db(transaction=True)

PROCEDURES = sorted(shipped())
ASKED_IN_FORMS = {form.place for form in FORMS.values() if form.place}
NEEDS_SOMETHING_FIRST = {"does-not-stand", "confirm-for", "report", "reopen", "urgency", "decide", "propose", "time"}
"""Forms that not every stage has: about an outcome, an ending or a rating that is there, or what the stage offers."""


def setting_of(key: str) -> Setting:
    procedure, digest = shipped()[key]
    return Setting(procedure, digest, calendar_of("england-and-wales"), "office-of-nobody")


@pytest.mark.parametrize("key", PROCEDURES)
def test_every_stage_has_its_forms_and_every_question_of_the_procedure_is_on_one(key: str) -> None:
    setting = setting_of(key)
    found: set[str] = set(raising_paper(setting).texts())
    for route in setting.procedure.routes:
        for stage in route.stages:
            slugs = {one.slug for one in forms_of(setting, route, stage, clock.now())}
            assert set(FORMS) - NEEDS_SOMETHING_FIRST - {"reached"} <= slugs, (route.key, stage.key)
            assert ("decide" in slugs) == (stage.decision is not None)
            assert ("propose" in slugs) == bool(stage.endings)
            found |= set(stage_paper(setting, route, stage, None, clock.now()).texts())
    wanted = {ask.text for ask in setting.procedure.asks if ask.at in ASKED_IN_FORMS | {Place.RAISE}}
    assert wanted
    assert wanted - found == set()
    said = {one.text for one in setting.procedure.guidance if one.at in ASKED_IN_FORMS | {Place.RAISE}}
    assert [text for text in said if not any(line.startswith(text) for line in found)] == []
    results = {
        result.name
        for route in setting.procedure.routes
        for stage in route.stages
        if stage.decision
        for result in stage.decision.results
    }
    assert results - found == set()


@pytest.mark.parametrize("key", PROCEDURES)
def test_a_form_asks_for_both_times_and_for_who_approves_it(key: str) -> None:
    setting = setting_of(key)
    route = setting.procedure.routes[0]
    papers = [raising_paper(setting), stage_paper(setting, route, route.stages[0], "talk", clock.now())]
    for paper in papers:
        asked = {
            block.text: block.blanks
            for section in paper.sections
            for block in section.blocks
            if isinstance(block, Question)
        }
        assert asked["When did it happen?"] == asked["When do you write this?"] == ("Day, month and year", "Time")
        assert asked["Approved by"] == ("Name", "Post", "Date")
        assert "If a child is in danger now, ring 999. Do not wait for an answer here." in paper.texts()
    assert paper.made_at is None


def test_what_is_raised_about_can_be_ticked(riverside: Small) -> None:
    texts = set(raising_paper(setting_of(riverside.procedure.key)).texts())
    assert {matter.name for matter in riverside.procedure.matters} <= texts


def test_anybody_can_print_one_and_it_names_nobody(client: Client, riverside: Small) -> None:
    key = riverside.procedure.key
    route = riverside.procedure.routes[0]
    stage = route.stages[0]
    assert f'href="/forms/riverside/{key}"' in client.get("/forms").content.decode()
    assert f"/{route.key}/{stage.key}" in client.get(f"/forms/riverside/{key}").content.decode()
    at = f"/forms/riverside/{key}/{route.key}/{stage.key}"
    assert f'href="{at}/go-up.pdf"' in client.get(at).content.decode()
    names = [*Person.objects.values_list("full_name", flat=True), *NAMES.values(), "01632"]
    for address in (f"/forms/riverside/{key}/raise", f"{at}/talk", f"{at}/all"):
        page = client.get(address)
        assert page.status_code == 200
        texts = [text_of(page.content)]
        for kind in ("pdf", "docx"):
            answer = client.get(f"{address}.{kind}")
            assert answer.status_code == 200
            assert answer.headers["Content-Disposition"] == f'attachment; filename="blank-form.{kind}"'
            paper = opened(kind, answer.content)
            texts.append(paper.everything.decode("utf-8", "ignore"))
            assert paper.has("Approved by")
            assert paper.has("When did it happen?")
        for name in names:
            assert not any(name in text for text in texts), name
    assert len(pypdf.PdfReader(BytesIO(client.get(f"{at}/all.pdf").content)).pages) > 10
    assert docx.Document(BytesIO(client.get(f"{at}/all.docx").content)).paragraphs


def test_what_is_not_there_is_not_there(client: Client, riverside: Small) -> None:
    key = riverside.procedure.key
    route = riverside.procedure.routes[0]
    at = f"{route.key}/{route.stages[0].key}"
    for address in (
        "/forms/nowhere/" + key,
        "/forms/riverside/none",
        "/forms/riverside/none/raise.pdf",
        f"/forms/riverside/{key}/{route.key}/none",
        f"/forms/riverside/{key}/none/{route.stages[0].key}",
        f"/forms/riverside/{key}/{at}/none",
        f"/forms/riverside/{key}/{at}/none.pdf",
        f"/forms/riverside/{key}/{at}/talk.txt",
        f"/forms/riverside/{key}/raise.txt",
    ):
        assert client.get(address).status_code == 404, address


def test_one_place_can_have_only_so_many_drawn(client: Client, riverside: Small) -> None:
    at = f"/forms/riverside/{riverside.procedure.key}/raise.pdf"
    statuses = [client.get(at).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]
