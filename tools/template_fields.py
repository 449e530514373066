"""Say where a template asks its page object for something that is not there.

`tools/lint_templates.py` runs this. A missing name is no mistake to Jinja: it prints nothing, and a renamed field would
leave a hole in a page that nobody sees. So each page names its page object in its first comment ("Page object:
pages.acting.ActPage."; "none" where it gets only what every page has), and its tree is walked with the types of that
frozen dataclass: through layouts, loops and `set`, and into every macro with the types it is called with. Where a type
can't be known (a filter's answer, a Django form) anything goes; a union has what one of its members has.
"""

from __future__ import annotations

import dataclasses
import importlib
import re
import types
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Final, Literal, Union, cast, get_args, get_origin, get_type_hints

from jinja2 import Environment, nodes

NAMED = re.compile(r"\A\{#-(?:(?!-#\}).)*?Page object: ([\w.]*\w)[.;]\s", re.DOTALL)
PACKAGE = "commonground.web"
FRAME = "pages.page.Page"

FROM_DJANGO = frozenset({"request", "csrf_input", "csrf_token"})
"""What Django's backend gives a template beside its page object; an imported macro does not see it."""

FROM_JINJA = frozenset({"loop", "caller", "self", "super", "varargs", "kwargs", "true", "false", "none"})

NOT_PAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "papers/pdf.html": {"paper": "papers.paper.Paper", "soft": ""},
}
"""Templates that are drawn from something else: each name they get, with its type (empty: anything)."""

PLAIN = (str, int, float, bool, date, datetime, tuple, dict, list, frozenset, set)
"""Types that have what their class has, and nothing else."""

Found = tuple[str, int, str]
"""A template, a line of it, what is wrong there."""


def findings(folder: Path) -> list[Found]:
    """This will give what the templates below `folder` ask for in vain, each place once, in order.

    Django has to be set up: page objects stand beside models.
    """
    walk = _Walk(folder)
    for path in sorted(folder.rglob("*.html")):
        walk.page(path.relative_to(folder).as_posix())
    return sorted(walk.found)


# --- types: an annotation, or Any where nothing is known -------------------------------------------------------------


@cache
def _hints(of: Hashable) -> Mapping[str, Any]:
    return get_type_hints(of)


def _members(type_: Any) -> tuple[Any, ...]:
    """The alternatives of a type, without None: a template asks whether something is there before it goes on."""
    if isinstance(type_, types.UnionType) or get_origin(type_) is Union:
        return tuple(one for part in get_args(type_) for one in _members(part))
    return () if type_ is type(None) else (type_,)


def _either(several: Iterable[Any]) -> Any:
    known = tuple(dict.fromkeys(one for type_ in several for one in _members(type_)))
    if not known or Any in known:
        return Any
    return Union[known]  # noqa: UP007  # the alternatives are only known now


def _asked(type_: Any, name: str) -> list[Any]:
    """The types that `name` may have on something of this type; empty when nothing has it."""
    return [found for one in _members(type_) or (Any,) for found in _of_one(one, name)]


def _of_one(type_: Any, name: str) -> list[Any]:
    if get_origin(type_) is Literal:
        type_ = type(get_args(type_)[0])
    bare = get_origin(type_) or type_
    if dataclasses.is_dataclass(bare):
        hints = _hints(cast(Hashable, bare))
        if name in hints:
            its = hints[name]
            return [type(getattr(bare, name))] if its is ClassVar or get_origin(its) is ClassVar else [its]
        its = getattr(bare, name, None)
        if isinstance(its, property):
            return [_hints(its.fget).get("return", Any)]
        return [] if its is None else [Any]
    if bare in PLAIN:
        return [Any] if hasattr(bare, name) else []
    return [Any]


def _each(type_: Any) -> Any:
    """What a loop over something of this type gets."""
    return _either(_each_of(one) for one in _members(type_)) if _members(type_) else Any


def _each_of(type_: Any) -> Any:
    bare, inner = get_origin(type_) or type_, get_args(type_)
    if bare is str:
        return str
    if not inner:
        return Any
    return _either(one for one in inner if one is not Ellipsis) if bare is tuple else inner[0]


def _at(type_: Any, index: object) -> Any:
    """What stands at an index or under a key of something of this type."""
    inner = get_args(type_)
    if not inner or len(_members(type_)) != 1:
        return Any
    if get_origin(type_) is tuple:
        if Ellipsis in inner:
            return inner[0]
        return inner[index] if isinstance(index, int) and index < len(inner) else Any
    return inner[-1]


# --- the walk --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Source:
    """A template's tree, with its macros and the macros and modules it imports."""

    name: str
    tree: nodes.Template

    @property
    def macros(self) -> dict[str, nodes.Macro]:
        return {one.name: one for one in self.tree.find_all(nodes.Macro)}


@dataclass(frozen=True)
class _MacroOf:
    """A macro of ours, the template it stands in, and whether it is imported so that it sees the page."""

    source: _Source
    macro: nodes.Macro
    sees_page: bool


@dataclass
class _Place:
    """Where the walk is: the template, whose page (for the words of a finding), the names given, and those set here."""

    source: _Source
    asked_of: str
    given: Mapping[str, Any]
    seen: dict[str, Any] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()

    def within(self, **names: Any) -> _Place:
        return dataclasses.replace(self, seen={**self.seen, **names})


class _Walk:
    """Walks the pages below a folder, and keeps what it found and which macros it has seen with which types."""

    def __init__(self, folder: Path) -> None:
        from commonground.web import jinja

        self.folder = folder
        self.environment = Environment(autoescape=True)
        self.globals = frozenset({*jinja.environment().globals, *FROM_JINJA})
        self.sources: dict[str, _Source | None] = {}
        self.found: set[Found] = set()
        self.walked: set[tuple[str, str, tuple[tuple[str, Any], ...]]] = set()

    def page(self, name: str) -> None:
        """Walk one page with its layouts. What is no page is walked where pages use it."""
        source = self.source(name)
        if source is None:
            return
        text = (self.folder / name).read_text("utf-8")
        if name in NOT_PAGES:
            given = {one: _named(type_) if type_ else Any for one, type_ in NOT_PAGES[name].items()}
            self.chain(source, "its caller", given)
        elif named := NAMED.match(text):
            try:
                page = _named(FRAME if named[1] == "none" else named[1])
            except (ImportError, AttributeError):
                self.found.add((name, 1, f"there is no page object {named[1]}"))
                return
            self.chain(source, page.__name__, {**dict.fromkeys(FROM_DJANGO, Any), **_hints(page)})
        elif source.tree.find(nodes.Extends) and not name.startswith("layouts/"):
            self.found.add((name, 1, "the first comment does not name its page object"))

    def chain(self, source: _Source, asked_of: str, given: Mapping[str, Any]) -> None:
        """Walk a template and all it extends: they share what they are given, and not what they import."""
        self.body(source.tree.body, self.place(source, asked_of, given))
        for parent in source.tree.find_all(nodes.Extends):
            if isinstance(parent.template, nodes.Const) and (above := self.source(parent.template.value)):
                self.chain(above, asked_of, given)

    def place(self, source: _Source, asked_of: str, given: Mapping[str, Any]) -> _Place:
        tested = (test.node for test in source.tree.find_all(nodes.Test) if test.name == "defined")
        optional = frozenset(node.name for node in tested if isinstance(node, nodes.Name))
        place = _Place(source, asked_of, given, optional=optional)
        # Macros and imports hold for the whole template, blocks and macros included.
        place.seen.update({name: _MacroOf(source, macro, sees_page=False) for name, macro in source.macros.items()})
        for module in source.tree.find_all(nodes.Import):
            place.seen[module.target] = Any
        for one in source.tree.find_all(nodes.FromImport):
            self.imports(one, place)
        return place

    def imports(self, node: nodes.FromImport, place: _Place) -> None:
        source = self.source(node.template.value) if isinstance(node.template, nodes.Const) else None
        for one in node.names:
            name, called = one if isinstance(one, tuple) else (one, one)
            macro = source.macros.get(name) if source else None
            place.seen[called] = _MacroOf(source, macro, bool(node.with_context)) if source and macro else Any

    def source(self, name: str) -> _Source | None:
        if name not in self.sources:
            path = self.folder / name
            self.sources[name] = (
                _Source(name, self.environment.parse(path.read_text("utf-8"))) if path.is_file() else None
            )
        return self.sources[name]

    # statements

    def body(self, several: Iterable[nodes.Node], place: _Place) -> None:
        for node in several:
            self.statement(node, place)

    def statement(self, node: nodes.Node, place: _Place) -> None:
        match node:
            case nodes.For():
                inside = place.within(**self.targets(node.target, _each(self.type(node.iter, place))), loop=Any)
                if node.test:
                    self.type(node.test, inside)
                self.body(node.body, inside)
                self.body(node.else_, place)
            case nodes.If():
                self.type(node.test, place)
                self.body([*node.body, *node.elif_, *node.else_], place)
            case nodes.Assign():
                place.seen.update(self.targets(node.target, self.type(node.node, place)))
            case nodes.AssignBlock():
                self.body(node.body, place.within())
                place.seen.update(self.targets(node.target, str))
            case nodes.With():
                values = zip(node.targets, [self.type(value, place) for value in node.values], strict=True)
                bound = {name: its for target, type_ in values for name, its in self.targets(target, type_).items()}
                self.body(node.body, place.within(**bound))
            case nodes.CallBlock():
                self.type(node.call, place)
                self.body(node.body, place.within(**{argument.name: Any for argument in node.args}))
            case nodes.Macro() | nodes.FromImport() | nodes.Import() | nodes.Extends():
                pass  # walked where it is called, or already known
            case nodes.Include():
                if isinstance(node.template, nodes.Const) and (source := self.source(node.template.value)):
                    self.chain(source, place.asked_of, {**place.given, **place.seen})
            case nodes.Block() | nodes.Scope():
                self.body(node.body, place.within())
            case nodes.Expr():
                self.type(node, place)
            case _:
                self.body(node.iter_child_nodes(), place)

    def targets(self, target: nodes.Node, type_: Any) -> dict[str, Any]:
        match target:
            case nodes.Name():
                return {target.name: type_}
            case nodes.Tuple():
                known: dict[str, Any] = {}
                for at, one in enumerate(target.items):
                    known |= self.targets(one, _at(type_, at))
                return known
            case _:
                return {}

    # expressions

    def type(self, node: nodes.Node, place: _Place) -> Any:
        """The type of an expression; what it asks for in vain is noted on the way."""
        match node:
            case nodes.Name():
                return self.name(node, place)
            case nodes.Const():
                return type(node.value)
            case nodes.Getattr():
                return self.attribute(node.node, node.attr, node.lineno, place)
            case nodes.Getitem(arg=nodes.Const(value=str() as name)) if self.is_object(node.node, place):
                return self.attribute(node.node, name, node.lineno, place)
            case nodes.Getitem():
                self.type(node.arg, place)
                index = node.arg.value if isinstance(node.arg, nodes.Const) else None
                of = self.type(node.node, place)
                return of if isinstance(node.arg, nodes.Slice) else _at(of, index)
            case nodes.CondExpr():
                self.type(node.test, place)
                sides = [self.type(one, place) for one in (node.expr1, node.expr2) if one is not None]
                return _either(sides)
            case nodes.Or() | nodes.And():
                return _either([self.type(node.left, place), self.type(node.right, place)])
            case nodes.Add():
                return _either([self.type(node.left, place), self.type(node.right, place)])
            case nodes.Tuple() | nodes.List():
                several = [self.type(one, place) for one in node.items]
                return tuple[tuple(several)] if several and not any(map(_is_ours, several)) else Any  # type: ignore[misc]
            case nodes.Call():
                return self.call(node, place)
            case nodes.Test(name="defined", node=nodes.Name()):
                return bool
            case _:
                for child in node.iter_child_nodes():
                    self.type(child, place)
                return Any

    def name(self, node: nodes.Name, place: _Place) -> Any:
        for known in (place.seen, place.given):
            if node.name in known:
                return known[node.name]
        if node.name not in self.globals and node.name not in place.optional:
            self.missing(place, node.lineno, f"asks for {node.name!r}, which {place.asked_of} has not")
        return Any

    def attribute(self, of: nodes.Node, name: str, line: int, place: _Place) -> Any:
        type_ = self.type(of, place)
        if _is_ours(type_):
            return Any
        found = _asked(type_, name)
        if not found:
            owners = " or ".join(getattr(one, "__name__", str(one)) for one in _members(type_))
            self.missing(place, line, f"asks for {name!r}, which {owners} has not")
        return _either(found)

    def is_object(self, node: nodes.Node, place: _Place) -> bool:
        type_ = self.type(node, place)
        return not _is_ours(type_) and any(dataclasses.is_dataclass(one) for one in _members(type_))

    def call(self, node: nodes.Call, place: _Place) -> Any:
        given = [self.type(one, place) for one in node.args]
        named = {one.key: self.type(one.value, place) for one in node.kwargs}
        called = self.type(node.node, place)
        if isinstance(called, _MacroOf):
            self.macro(called, given, named, place)
            return str
        return Any

    def macro(self, called: _MacroOf, given: list[Any], named: dict[str, Any], caller: _Place) -> None:
        """Walk a macro with the types it is called with, once for each: a long chain of macros stays short."""
        parameters = [one.name for one in called.macro.args]
        bound = dict.fromkeys(parameters, Any)
        defaults = zip(reversed(parameters), reversed(called.macro.defaults), strict=False)
        # A macro sees what its own template sees. Imported, that is not the page, unless it comes "with context".
        sees_page = called.sees_page or called.source is caller.source
        place = self.place(called.source, f"macro {called.macro.name}", caller.given if sees_page else {})
        bound |= {name: self.type(default, place) for name, default in defaults}
        bound |= dict(zip(parameters, given, strict=False)) | named
        key = (called.source.name, called.macro.name, tuple(sorted(bound.items(), key=lambda one: one[0])))
        if key in self.walked:
            return
        self.walked.add(key)
        self.body(called.macro.body, place.within(**bound, caller=Any))

    def missing(self, place: _Place, line: int, what: str) -> None:
        self.found.add((place.source.name, line, what))


def _is_ours(type_: Any) -> bool:
    return isinstance(type_, _MacroOf)


def _named(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(f"{PACKAGE}.{module}"), name)


def lines(folder: Path) -> Iterator[str]:
    """This will yield "template:line: what is wrong" for every finding below `folder`."""
    for template, line, what in findings(folder):
        yield f"{template}:{line}: {what}"
