"""Say what is wrong in the templates: markup nobody checked, and what the content security policy would block.

Run as `python tools/lint_templates.py [FOLDER]`; prints one line per finding and exits with 1 when there is one.

In GOV.UK macros `text` is escaped and `html` is not, so an `html` parameter (or `summaryHtml` and the like) may only
take what this template itself wrote in a `{% set name %}…{% endset %}` block or got from `caller()`: both are escaped
where they hold somebody's text. `|safe`, `autoescape` off, inline scripts and styles, addresses outside: never needed.
An exception goes into REVIEWED, with the reason. Every field that a page asks of its page object has to be there:
`tools/template_fields.py` says where one is not.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "src" / "commonground" / "web" / "templates"

# (template, the finding without its place): why it is right there.
REVIEWED: dict[tuple[str, str], str] = {}

IN_THE_SOURCE = (
    (re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE), "inline script: the security policy blocks it"),
    (re.compile(r"<style|\sstyle=", re.IGNORECASE), "inline style: the security policy blocks it"),
    (re.compile(r"<[^>]*\son[a-z]+=", re.IGNORECASE), "inline event handler: the security policy blocks it"),
    (re.compile(r"https?://", re.IGNORECASE), "an address outside: pages ask for nothing from anywhere else"),
)


def main(folder: Path = TEMPLATES) -> int:
    """Print what is wrong below `folder`; the exit code is 1 when something is."""
    found = [line for path in sorted(folder.rglob("*.html")) for line in findings(path.relative_to(folder), folder)]
    found += _asked_in_vain(folder)
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


def _asked_in_vain(folder: Path) -> Iterator[str]:
    # Run as a script, neither the package nor this folder's parent is where Python looks, and Django is not set up.
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonground.config.settings")
    os.environ.setdefault("COMMONGROUND_SECRET_KEY", "for checking only")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from tools.template_fields import lines

    return lines(folder)


def findings(template: Path, folder: Path) -> Iterator[str]:
    """Yield "template:line: what is wrong" for one template below `folder`, without what REVIEWED allows."""
    source = (folder / template).read_text("utf-8")
    without_notes = re.sub(r"\{#.*?#\}", lambda note: "\n" * note[0].count("\n"), source, flags=re.DOTALL)
    for line, what in (*_in_the_tree(source), *_in_the_source(without_notes)):
        if (template.as_posix(), what) not in REVIEWED:
            yield f"{template.as_posix()}:{line}: {what}"


def _in_the_source(source: str) -> Iterator[tuple[int, str]]:
    for pattern, what in IN_THE_SOURCE:
        for match in pattern.finditer(source):
            yield source.count("\n", 0, match.start()) + 1, what


def _in_the_tree(source: str) -> Iterator[tuple[int, str]]:
    tree = Environment(autoescape=True).parse(source)
    written_here = {
        block.target.name for block in tree.find_all(nodes.AssignBlock) if isinstance(block.target, nodes.Name)
    }
    # A name that is also set to a value, or taken as a parameter, may hold anything.
    written_here -= {name.name for assign in tree.find_all(nodes.Assign) for name in assign.target.find_all(nodes.Name)}
    written_here -= {
        assign.target.name for assign in tree.find_all(nodes.Assign) if isinstance(assign.target, nodes.Name)
    }
    written_here -= {argument.name for macro in tree.find_all(nodes.Macro) for argument in macro.args}
    for use in tree.find_all(nodes.Filter):
        if use.name == "safe":
            yield use.lineno, "|safe: write the text with text=, or the markup in a set block"
    for pair in tree.find_all(nodes.Pair):
        key = pair.key.value if isinstance(pair.key, nodes.Const) else None
        if _takes_markup(key) and not _is_ours(pair.value, written_here):
            yield pair.lineno, f"'{key}': give it a set block of this template, or use text"
    for keyword in tree.find_all(nodes.Keyword):
        if _takes_markup(keyword.key) and not _is_ours(keyword.value, written_here):
            yield keyword.lineno, f"'{keyword.key}': give it a set block of this template, or use text"
    for change in tree.find_all(nodes.EvalContextModifier):
        yield change.lineno, "autoescape: it stays on"


def _takes_markup(name: object) -> bool:
    return isinstance(name, str) and (name == "html" or name.endswith("Html"))


def _is_ours(value: nodes.Expr, written_here: set[str]) -> bool:
    match value:
        case nodes.Name(name=name):
            return name in written_here
        case nodes.Call(node=nodes.Name(name="caller")):
            return True
        case _:
            return False


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
