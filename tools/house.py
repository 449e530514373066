"""House rules that no ready-made linter keeps. `python3 tools/house.py [folder]` prints what breaks them.

1. The core is pure: it imports only what is listed here, and reads no clock, file or chance.
2. The host's clock is read in one place, usecases/clock.py. Rules get the moment with the command.
3. No line of Python names a partnership, a procedure or a stage: those are data (promise 3).
4. Only what is listed here goes across partnerships, and statements go through sql.py, which asks for the fence.

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
from typing import Any, TypeGuard

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

THE_FENCE = Path("fence.py")
# Who may go across partnerships (`fence.everywhere`). Each does the service's own work, or starts from a secret or a
# reference that says whose it is only once it is found. Nothing that shows a page to somebody signed in is among them.
ACROSS = frozenset(
    map(
        Path,
        """people/guests.py record/checkpoints.py usecases/check_code.py usecases/export.py usecases/rebuild.py
        usecases/redate.py usecases/sweep.py usecases/unanswered.py""".split(),
    )
)
# Who may ask Django for a cursor: sql.py, and the record for what is no statement about any row (PRAGMA).
CURSORS = frozenset({Path("sql.py"), Path("record/store.py")})


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
        yield from unfenced(path, inside, tree)


def unfenced(path: Path, inside: Path, tree: ast.AST) -> Iterator[Broken]:
    """Yield every way round the fence between partnerships, outside the files that may take it."""
    meant = imported_names(tree)
    for node in ast.walk(tree):
        if inside != THE_FENCE and any(module.split(".")[0] == "django_scopes" for module, _ in imported(node)):
            yield Broken(path, line_of(node), "reaches past fence.py to what keeps the scope")
        is_name = isinstance(node, ast.Attribute | ast.Name)
        if is_name and last_two(node, meant) == ("fence", "everywhere") and inside not in ACROSS:
            yield Broken(path, line_of(node), "goes across partnerships; tools/house.py lists who may")
        if "migrations" not in inside.parts and inside not in CURSORS and name_called(node) in {"cursor", "RawSQL"}:
            yield Broken(path, line_of(node), "asks the database past the fence; statements go through sql.run")


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
    """A name that belongs to the data. What it is, how it is written, and how plain it is."""

    kind: str
    name: str
    is_plain: bool
    """It says something else too ("decision", "first-line"), so only its use as a name is a breach."""

    def is_in(self, text: str) -> bool:
        """Say whether a text gives this name, within other words or alone, in capitals or not."""
        return re.search(rf"(?<![\w-]){re.escape(self.name)}(?![\w-])", text, re.IGNORECASE) is not None


def names_kept_out_of_code(procedures: Path) -> Iterator[KeptOut]:
    """Yield the names in the shipped procedures that no line of Python may give."""
    if not procedures.is_dir():
        return
    from ruamel.yaml import YAML

    for path in sorted(procedures.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        if re.search("^procedure:", text, re.MULTILINE):  # reading the clauses would take longer than all the rest
            yield from names_in(YAML(typ="safe").load(text))


def names_in(data: Any) -> Iterator[KeptOut]:
    """Yield the names one procedure gives: its own, its areas', its stages'."""
    if not isinstance(data, dict) or "title" not in data or "procedure" not in data:
        return  # clauses and scenarios repeat the names of the procedure they belong to
    yield KeptOut("procedure", data["procedure"], is_plain=False)
    yield KeptOut("procedure", data["title"], is_plain=False)
    # What a text calls its partnership ("Board") is as plain as can be; where it is, is not.
    for area in data.get("area", ()):
        yield KeptOut("partnership", area, is_plain=False)
    for route in data.get("routes", ()):
        for stage in route.get("stages", ()):
            yield KeptOut("stage", stage["stage"], is_plain=True)
            if heading := stage.get("heading"):
                yield KeptOut("stage", heading, is_plain=True)


def named(path: Path, text: str, tree: ast.AST, names: tuple[KeptOut, ...]) -> Iterator[Broken]:
    """Yield every string and comment that gives a name kept out of the code."""
    if not names:
        return
    plain = {name.name: name for name in names if name.is_plain}
    distinct = [name for name in names if not name.is_plain]
    found: list[tuple[int, KeptOut]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.extend((node.lineno, name) for name in distinct if name.is_in(node.value))
        found.extend((string.lineno, plain[string.value]) for string in stages_asked_for(node) if string.value in plain)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            found.extend((token.start[0], name) for name in distinct if name.is_in(token.string))
    for line, name in dict.fromkeys(found):
        yield Broken(path, line, f'names the {name.kind} "{name.name}"; procedures are data')


def stages_asked_for(node: ast.AST) -> Iterator[ast.Constant]:
    """Yield the strings that a line compares with a stage, looks up among stages, or takes a stage's case by."""
    match node:
        case ast.Compare(left=left, comparators=others) if any(speaks_of_stages(part) for part in (left, *others)):
            yield from strings_in(left, *others)
        case ast.Match(subject=subject, cases=cases) if speaks_of_stages(subject):
            yield from strings_in(*(case.pattern for case in cases))
        case ast.Subscript(value=value, slice=looked_up) if speaks_of_stages(value):
            yield from strings_in(looked_up)
        case ast.Call(func=func, args=args, keywords=keywords) if speaks_of_stages(func):
            yield from strings_in(*args, *keywords)


def speaks_of_stages(node: ast.AST) -> bool:
    """Say whether an expression has a stage, a heading or a route in one of its names."""
    names = [part.id if isinstance(part, ast.Name) else part.attr for part in ast.walk(node) if is_a_name(part)]
    return any(word in name.lower() for name in names for word in ("stage", "route", "heading"))


def is_a_name(node: ast.AST) -> TypeGuard[ast.Name | ast.Attribute]:
    """Say whether a node is a name, alone or after a dot."""
    return isinstance(node, ast.Name | ast.Attribute)


def strings_in(*nodes: ast.AST) -> Iterator[ast.Constant]:
    """Yield the strings written anywhere within some expressions."""
    for node in nodes:
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part


def main() -> int:
    """Print each breach on a line of its own; exit 1 when there is one."""
    package = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "src" / "commonground"
    broken = list(broken_rules(package))
    for one in broken:
        print(one)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
