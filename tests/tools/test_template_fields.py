"""Every field that a template asks of its page object exists; and the check sees one that does not."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from tools.lint_templates import TEMPLATES
from tools.template_fields import findings


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A copy of every template, to spoil one of them."""
    return copytree(TEMPLATES, tmp_path / "templates")


def test_no_template_asks_for_what_its_page_has_not() -> None:
    assert findings(TEMPLATES) == []


@pytest.mark.parametrize(
    ("template", "found", "renamed", "says"),
    [
        pytest.param("disagreement.html", "{{ show_facts(facts) }}", "{{ show_facts(fact) }}",
                     "asks for 'fact', which DisagreementPage has not", id="a field of the page"),
        pytest.param("disagreement.html", "{{ limit.sentence }}", "{{ limit.sentense }}",
                     "asks for 'sentense', which Limit has not", id="a field in a loop"),
        pytest.param("layouts/disagreement.html", "to_look %}", "to_lok %}",
                     "asks for 'to_lok', which ActPage has not", id="a field a layout asks for"),
        pytest.param("components/working.html", "{{ link.text }}", "{{ link.txt }}",
                     "asks for 'txt', which Link has not", id="a field two macros down"),
        pytest.param("components/timeline.html", "in entry.dates %}", "in entry.dates %}{{ working.liness }}",
                     "asks for 'liness', which Working has not", id="half of a pair"),
        pytest.param("components/whose_move.html", "{{ move.what }}", "{{ reference }}",
                     "asks for 'reference', which macro whose_move has not", id="what an imported macro can't see"),
        pytest.param("papers/blocks.html", "{{ section.heading }}", "{{ section.haeding }}",
                     "asks for 'haeding', which Section has not", id="a paper"),
        pytest.param("act.html", "Page object: pages.acting.ActPage.", "", "the first comment does not name its page",
                     id="a page that names none"),
        pytest.param("act.html", "pages.acting.ActPage.", "pages.acting.NoSuchPage.", "there is no page object",
                     id="a page that names one that is not there"),
    ],
)  # fmt: skip
def test_what_is_asked_for_in_vain_is_found(ours: Path, template: str, found: str, renamed: str, says: str) -> None:
    path = ours / template
    text = path.read_text("utf-8")
    assert found in text
    path.write_text(text.replace(found, renamed, 1), "utf-8")

    assert any(place == template and what.startswith(says) for place, _, what in findings(ours)), findings(ours)


def test_a_name_that_is_asked_whether_it_is_there_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        "{#- A page. Page object: pages.page.Page. -#}{% if more is defined and more %}{{ current }}{% endif %}",
        "utf-8",
    )

    assert findings(tmp_path) == []
