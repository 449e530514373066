"""House rules that no ready-made linter keeps. `python3 tools/house.py [folder]` prints what breaks them.

1. The core is pure: it imports only what is listed here, and reads no clock, file or chance.
2. The host's clock is read in one place, usecases/clock.py. Rules get the moment with the command.
3. No line of Python names a partnership, a procedure or a stage: those are data (promise 3).

Needs nothing but the standard library; rule 3 also reads the shipped procedures, with the service's own YAML library.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Everything the core may import besides itself. Modules that reach a file, a clock or chance are simply not here.
CORE_IMPORTS = frozenset(
    """__future__ abc bisect collections contextlib copy dataclasses datetime decimal enum functools hashlib heapq hmac
    itertools json math operator re statistics string textwrap types typing unicodedata uuid zoneinfo""".split()
)

# What reads the host's clock: the last two names of the expression, whatever they were imported as.
CLOCKS = frozenset(
    {("datetime", name) for name in ("now", "utcnow", "today")}
    | {("date", "today"), ("timezone", "now"), ("functions", "Now")}
    | {("time", name) for name in ("time", "time_ns", "gmtime", "localtime", "ctime", "strftime")}
)
# These convert the moment they are given, and read the clock when they are given none.
CLOCKS_WITHOUT_ARGUMENT = frozenset({("timezone", "localtime"), ("timezone", "localdate")})
CLOCK_FIELDS = frozenset({"auto_now", "auto_now_add"})
CHANCE = frozenset({"uuid1", "uuid4", "getnode", "token_bytes", "token_hex", "token_urlsafe", "urandom"})
CORE_BUILTINS = frozenset({"open", "input", "print", "exec", "eval", "__import__"})

THE_CLOCK = Path("usecases/clock.py")


@dataclass(frozen=True)
class Broken:
    """One rule broken at one place."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        """Give one line, in the form editors jump to."""
        return f"{self.path}:{self.line}: {self.what}"


def broken_rules(package: Path) -> Iterator[Broken]:
    """Yield every breach in the Python files of `package`, the folder `src/commonground` or a copy of it."""
    names = tuple(names_kept_out_of_code(package / "procedures"))
    for path in sorted(package.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text, filename=str(path))
        inside = path.relative_to(package)
        if inside.parts[0] == "core":
            yield from impure(path, tree)
        if inside != THE_CLOCK:
            yield from clocks(path, tree)
        yield from named(path, text, tree, names)


def impure(path: Path, tree: ast.AST) -> Iterator[Broken]:
    """Yield what a module of the core imports or calls beyond plain computing."""
    for node in ast.walk(tree):
        for module, line in imported(node):
            if module.split(".")[0] not in CORE_IMPORTS and not module.startswith("commonground.core"):
                yield Broken(path, line, f"the core imports {module}; tools/house.py lists what it may import")
        called = name_called(node)
        if called in CHANCE:
            yield Broken(path, line_of(node), f"the core calls {called}(); new ids arrive with the command")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and called in CORE_BUILTINS:
            yield Broken(path, line_of(node), f"the core calls {called}(); it reads and writes nothing")


def clocks(path: Path, tree: ast.AST) -> Iterator[Broken]:
    """Yield every reading of the host's clock, called now or handed on (`default=timezone.now`)."""
    said = "reads the host's clock; usecases/clock.py is the one place, and rules get the moment with the command"
    meant = imported_names(tree)
    for node in ast.walk(tree):
        bare_call = isinstance(node, ast.Call) and not node.args and not node.keywords
        if (
            (isinstance(node, ast.Attribute | ast.Name) and last_two(node, meant) in CLOCKS)
            or (isinstance(node, ast.Call) and bare_call and last_two(node.func, meant) in CLOCKS_WITHOUT_ARGUMENT)
            or (isinstance(node, ast.keyword) and node.arg in CLOCK_FIELDS)
        ):
            yield Broken(path, line_of(node), said)


def imported_names(tree: ast.AST) -> dict[str, str]:
    """Give the full name behind every imported name: {"dt": "datetime.datetime"}."""
    meant: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                meant |= {alias.asname: alias.name for alias in names if alias.asname}
            case ast.ImportFrom(module=str(module), names=names):
                meant |= {alias.asname or alias.name: f"{module}.{alias.name}" for alias in names}
    return meant


def last_two(node: ast.AST, meant: dict[str, str]) -> tuple[str, str]:
    """Give the last two parts of a dotted expression's full name, blank where it has fewer."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts = [*meant.get(node.id, node.id).split("."), *parts]
    before, last = ["", *parts][-2:] if parts else ("", "")
    return before, last


def imported(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the full name of each module an import statement names, with its line."""
    match node:
        case ast.Import(names=names):
            for alias in names:
                yield alias.name, node.lineno
        case ast.ImportFrom(module=module):
            yield module or ".", node.lineno


def name_called(node: ast.AST) -> str:
    """Give the last part of the name that is called, or nothing."""
    match node:
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name
    return ""


def line_of(node: ast.AST) -> int:
    """Give the line a node starts on."""
    return int(getattr(node, "lineno", 1))


@dataclass(frozen=True)
class KeptOut:
    """A name that belongs to the data: what it is, how it is written, and whether prose may use it."""

    kind: str
    name: str
    is_key: bool

    def in_string(self, text: str) -> bool:
        """Say whether a string of the program gives this name: a key as the whole string, a title anywhere in it."""
        return text == self.name if self.is_key else self.in_prose(text)

    def in_prose(self, text: str) -> bool:
        """Say whether a comment or docstring gives this name. A key may be a plain word, so only titles count."""
        return not self.is_key and re.search(rf"\b{re.escape(self.name)}\b", text, re.IGNORECASE) is not None


def names_kept_out_of_code(procedures: Path) -> Iterator[KeptOut]:
    """Yield the names in the shipped procedures that no line of Python may give."""
    if not procedures.is_dir():
        return
    from ruamel.yaml import YAML

    for path in sorted(procedures.rglob("*.yaml")):
        yield from names_in(YAML(typ="safe").load(path.read_text(encoding="utf-8")))


def names_in(data: Any) -> Iterator[KeptOut]:
    """Yield the names one procedure gives: its own, its partnership's, its stages'."""
    if not isinstance(data, dict) or "routes" not in data:
        return  # clauses and scenarios repeat the names of the procedure they belong to
    yield KeptOut("procedure", data["key"], is_key=True)
    yield KeptOut("procedure", data["title"], is_key=False)
    yield KeptOut("partnership", data["body_name"], is_key=False)
    for area in data["area"]:
        yield KeptOut("partnership", area, is_key=False)
    for route in data["routes"]:
        for stage in route["stages"]:
            yield KeptOut("stage", stage["key"], is_key=True)
            if " " in stage["heading"]:  # a single word is too plain to be a name
                yield KeptOut("stage", stage["heading"], is_key=False)


def named(path: Path, text: str, tree: ast.AST, names: tuple[KeptOut, ...]) -> Iterator[Broken]:
    """Yield every string, comment and name in the code that gives a name kept out of it."""
    if not names:
        return
    prose = {id(node) for node in docstrings(tree)}
    found: list[tuple[int, KeptOut]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for name in names:
                given = name.in_prose if id(node) in prose else name.in_string
                if given(node.value):
                    found.append((node.lineno, name))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            found.extend((token.start[0], name) for name in names if name.in_prose(token.string))
    for line, name in dict.fromkeys(found):
        yield Broken(path, line, f'names the {name.kind} "{name.name}"; procedures are data')


def docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the docstrings of a module and of everything in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def main() -> int:
    """Print each breach on a line of its own; exit 1 when there is one."""
    package = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "src" / "commonground"
    broken = list(broken_rules(package))
    for one in broken:
        print(one)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
