"""The files themselves: the same bytes for the same paper, and a service that runs where PDF cannot be made."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import Client

from commonground.usecases import clock
from commonground.web.papers.paper import Line, Paper, Quote, Section, Table
from commonground.web.papers.pdf import missing, pdf
from commonground.web.papers.word import word
from tests.pages.reading import be, text_of
from tests.partnership import Small

AT = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)


def the_paper(at: datetime = AT) -> Paper:
    table = Table("caption", ("a", "b"), (("1", "2"), ("3", "4")))
    blocks = (Line("A line.", "Lead"), table, Quote("Words", "😀 two\nlines", "Everybody."))
    return Paper("Title TEST-123456", "TEST-123456", ("About.",), (Section("One", blocks),), "foot", at)


def print_digests() -> None:
    """What another process runs."""
    sys.stdout.write(" ".join(sha256(make(the_paper())).hexdigest() for make in (pdf, word)))


@pytest.mark.serial
def test_the_same_paper_is_the_same_bytes_in_any_process_at_any_time() -> None:
    here = " ".join(sha256(make(the_paper())).hexdigest() for make in (pdf, word))
    program = "import django; django.setup(); from tests.papers.test_files import print_digests; print_digests()"
    root = Path(__file__).parents[2]
    paths = f"{root}{os.pathsep}{root / 'src'}"
    there = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        cwd=root,
        env={**os.environ, "PYTHONPATH": paths, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONHASHSEED": "7"},
    ).stdout
    assert here == there.splitlines()[-1]


def test_another_moment_is_other_bytes() -> None:
    later = the_paper(AT + timedelta(days=1))
    assert pdf(the_paper()) == pdf(the_paper())
    assert pdf(the_paper()) != pdf(later)
    assert word(the_paper()) == word(the_paper())
    assert word(the_paper()) != word(later)


@pytest.fixture
def without_pdf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A machine that lacks a system library: what draws PDFs cannot be imported there."""
    (tmp_path / "weasyprint.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    missing.cache_clear()
    yield
    missing.cache_clear()


def test_where_pdf_can_be_made_nothing_is_said() -> None:
    assert missing() == ""
    assert [one for one in run_checks() if one.id == "commonground.W001"] == []


def test_where_it_cannot_the_system_check_names_the_packages(without_pdf: None) -> None:
    (warning,) = [one for one in run_checks() if one.id == "commonground.W001"]
    for name in ("libpango-1.0-0", "libharfbuzz-subset0", "font"):
        assert name in warning.msg
    assert not warning.is_serious()


@pytest.mark.django_db(transaction=True)
def test_where_it_cannot_every_paper_is_there_in_word(client: Client, riverside: Small, without_pdf: None) -> None:
    _, reference = riverside.raised(clock.now() - timedelta(hours=1))
    be(client, riverside, riverside.post("school"))
    page = client.get(f"/d/{reference}/papers")
    assert "PDF cannot be made here" in text_of(page.content)
    assert ".pdf" not in page.content.decode()
    answer = client.get(f"/d/{reference}/papers/account.pdf")
    assert answer.status_code == 503
    assert f'href="/d/{reference}/papers/account.docx"' in answer.content.decode()
    assert client.get(f"/d/{reference}/papers/account.docx").status_code == 200
    form = f"/forms/riverside/{riverside.procedure.key}/raise"
    assert client.get(f"{form}.pdf").status_code == 503
    assert client.get(f"{form}.docx").status_code == 200
    assert ".pdf" not in client.get(form).content.decode()
