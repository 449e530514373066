"""No page says a word that the people who use it avoid: the glossary's list, over templates and all worded Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "commonground"
TEMPLATES = SOURCE / "web" / "templates"
WORDED = ("wording", "web", "outbox", "accounts")
"""Where Python holds what people read."""

AVOIDED = re.compile(
    r"""\b(complain\w*|grievances?|disput\w+|tickets?|incidents?|submit\w*|open(ed|ing)?\ an?\ case|level(led)?\ up
    |closed?|won|reject\w*|respondents?|defendants?|assignees?|safeguarding\ officers?|SLAs?|ETAs?|TTLs?
    |log\ entr(y|ies)|boards?|allegations?|fail(ed|ure|ures)?|breach\w*|violat\w+)\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""GLOSSARY.md, "Words we avoid"; the longer list is the one it was taken from."""

MEANT = (
    "account is closed",
    "account was closed",
    "service is closed",
    "referral of 3 March was closed",
    "closed as settled",
)
"""Other senses, spelled out: an account, an office's hours, what somebody else decided, and what a guard guards."""


def found_in(text: str) -> list[str]:
    """Give every avoided word in a text, with what stands around it."""
    for phrase in MEANT:
        text = text.replace(phrase, "")
    return [text[max(0, hit.start() - 30) : hit.end() + 30].strip() for hit in AVOIDED.finditer(text)]


def said_by_template(source: str) -> Iterator[str]:
    """Yield what a template says: its text outside of tags, and the quoted texts inside its expressions."""
    without_notes = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    for inside in re.findall(r"\{[{%].*?[%}]\}", without_notes, flags=re.DOTALL):
        yield from (text for text in re.findall(r"'([^']*)'", inside) if " " in text)
    outside = re.sub(r"\{[{%].*?[%}]\}", " ", without_notes, flags=re.DOTALL)
    yield from re.findall(r'(?:aria-label|title|alt)="([^"]*)"', outside)
    yield re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", outside))


def said_by_python(source: str) -> Iterator[str]:
    """Yield every text in Python that is a sentence, or part of one: not names, keys and docstrings."""
    tree = ast.parse(source)
    notes = {
        id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)
    }
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and " " in one.value and id(one) not in notes:
            yield one.value


def test_no_template_says_a_word_we_avoid() -> None:
    files = sorted(TEMPLATES.rglob("*.*ml")) + sorted(TEMPLATES.rglob("*.txt"))
    assert len(files) > 50
    hits = {
        file.relative_to(TEMPLATES).as_posix(): found
        for file in files
        for text in said_by_template(file.read_text("utf-8"))
        if (found := found_in(text))
    }
    assert hits == {}


def test_no_worded_python_says_a_word_we_avoid() -> None:
    files = sorted(file for folder in WORDED for file in (SOURCE / folder).rglob("*.py"))
    assert len(files) > 40
    hits = {
        f"{file.relative_to(SOURCE)}": found
        for file in files
        for text in said_by_python(file.read_text("utf-8"))
        if (found := found_in(text))
    }
    assert hits == {}


@pytest.mark.parametrize(
    "text",
    ["Make a complaint", "It was Closed.", "Submit", "the respondent", "It breached the SLA", "The Board decides"],
)
def test_what_is_avoided_is_found(text: str) -> None:
    assert found_in(text)
    assert found_in(next(iter(said_by_template(f"<p>{text}</p>"))))
    assert next(found_in(one) for one in said_by_template(f"{{{{ button({{'text': '{text} now'}}) }}}}"))
    assert next(found_in(one) for one in said_by_template(f'<nav aria-label="{text}"></nav>'))
    assert next(found_in(one) for one in said_by_python(f"word = 'now {text}'"))


@pytest.mark.parametrize(
    "text", ["This account is closed", "You disclosed it", "aboard", "It wonders", "an indisputable"]
)
def test_other_words_are_left_alone(text: str) -> None:
    assert found_in(text) == []


def test_names_and_notes_are_not_what_people_read() -> None:
    assert list(said_by_python('"""Close the ticket."""\nkey = "rejected"\n')) == []
    assert not any(
        found_in(text) for text in said_by_template("{# closed #}{% if closed %}{% endif %}<b class='board'>x</b>")
    )
