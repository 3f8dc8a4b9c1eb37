"""Nova's modules as the extractors see them: parsed once, with their top-level names and imports.

`Modules` also remembers every path that was asked for. What an extractor asked for decides its result, so the
record of a run tells for any other tree, without parsing it, whether the result would be the same.
"""

from __future__ import annotations

import ast
import copy
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from nova_states.errors import InputError
from nova_states.introspection.claims import Claims
from nova_states.introspection.parsing import SourceError, decode, parse
from nova_states.introspection.tree_walk import children, walk
from nova_states.introspection.whole_tree import WHOLE, source_paths, whole_digest
from nova_states.source.tree import SourceTree, listing_id

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
"""A `def`, plain or async: what is read here does not depend on it."""

_MOST_STEPS = 200_000
"""Evaluation steps a kind of fact may take in one tree; no release takes a tenth of it."""


_LARGEST_REPLACEMENT = 20_000
"""Nodes that may take the place of a name in what it is given anew."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Module:
    """One parsed file."""

    path: str
    """Path in the tree, "nova/compute/api.py"."""
    name: str
    """Dotted name, "nova.compute.api"."""
    tree: ast.Module
    lines: tuple[str, ...]
    """Text of the file by line, for what only comments say; index 0 is line 1."""
    imports: dict[str, str]
    """Local name → dotted name it was imported from."""
    bindings: dict[str, ast.expr]
    """Name assigned at the top level → the expression assigned last; `X += [Y]` makes it `X + [Y]`."""
    classes: dict[str, ast.ClassDef]
    functions: dict[str, Function]
    changes: dict[str, list[ast.stmt]]
    """Name whose value several statements decide (branches, loops, changes in place) → these statements, in order."""
    outward: list[ast.stmt]
    """Top-level statements that change something other than the module's own variables: a class, another module."""
    everything_of: list[str]
    """Modules whose names are all taken over (`from x import *`), the last first."""

    def origin_of(self, statement: ast.ImportFrom) -> str:
        """The dotted module that an import takes its names from."""
        package = self.name if self.path.endswith("/__init__.py") else self.name.rpartition(".")[0]
        return _origin(statement, package)

    def binds(self, name: str) -> bool:
        """Whether the module gives `name` a meaning of its own."""
        return any(name in names for names in (self.bindings, self.classes, self.functions, self.imports))


_PARSED: dict[str, tuple[str | None, Module]] = {}
"""Path → blob id and module of the file as it was parsed last; versions share most files, nothing changes a module."""


@dataclass(kw_only=True)
class Modules:
    """The modules of one source tree, loaded when first asked for."""

    tree: SourceTree
    reads: dict[str, str | None] = field(default_factory=dict)
    """Path → git blob id (None: there is no such file) of all that was asked for so far."""
    values: dict[tuple[str, str], Any] = field(default_factory=dict)
    """(Path, name) → value of the top-level names evaluated so far; nothing changes such a value."""
    claims: Claims = field(default_factory=Claims)
    """What was followed and come by so far."""
    remembered: dict[str, Any] = field(default_factory=dict)
    """What readers of the tree as a whole computed of it, by name, for one another."""
    _loaded: dict[str, Module] = field(default_factory=dict)
    _whole: Modules | None = None
    _steps: int = 0

    def exists(self, path: str) -> bool:
        """Whether the tree has a file at `path`; the question counts as a read."""
        if path not in self.reads:
            self.reads[path] = self.tree.blob(path)
        return self.reads[path] is not None

    def at(self, path: str) -> Module:
        """The module in the file `path`, or in the folder of that name.

        Raises:
            SourceError: there is no such file, or it cannot be parsed.
        """
        package = f"{path.removesuffix('.py')}/__init__.py"
        if path not in self._loaded and not self.exists(path) and self.exists(package):
            path = package  # a module that became a folder is asked for by its old name
        if path not in self._loaded:
            if not self.exists(path):
                raise SourceError(path, 1, "not in this tree; is it a whole Nova source tree?")
            self._loaded[path] = self._load(path)
        else:
            self.exists(path)  # another extractor parsed it; this one reads it too
        return self._loaded[path]

    def _load(self, path: str) -> Module:
        """A file's module, parsed anew only where the tree before did not have the very same file."""
        blob = self.reads[path]
        if path not in _PARSED or _PARSED[path][0] != blob:
            _PARSED[path] = blob, _load(self.content(path), path)
        return _PARSED[path][1]

    def content(self, path: str) -> bytes:
        """The bytes of a file that exists.

        Raises:
            SourceError: it cannot be read, as a link that leads out of the tree cannot.
        """
        try:
            return self.tree.read(path)
        except InputError as error:
            raise SourceError(path, 1, f"cannot be read ({error})") from error

    def named(self, name: str) -> Module | None:
        """The module of the dotted `name`, or None if this tree has none (an outside library).

        Raises:
            SourceError: it cannot be parsed.
        """
        if name.partition(".")[0] != "nova":
            return None
        stem = name.replace(".", "/")
        for path in (f"{stem}.py", f"{stem}/__init__.py"):
            if self.exists(path):
                return self.at(path)
        return None

    def paths(self, folder: str) -> Sequence[str]:
        """Paths of all files below `folder`, sorted. Each counts as read, so that a changed listing is noticed."""
        found = self.tree.files(folder)
        self.reads[f"{folder}/"] = listing_id(found)
        for path in found:
            self.exists(path)
        return found

    def spend(self) -> bool:
        """Count one step of evaluation; False once a tree has used up what any honest source needs."""
        self._steps += 1
        return self._steps <= _MOST_STEPS

    def recording(self) -> Modules:
        """The same modules, already parsed, with an empty record of reads."""
        return Modules(tree=self.tree, _loaded=self._loaded, _whole=self.unrecorded())

    def whole(self) -> Modules:
        """The same modules for who may look at any of them: that all of Nova was read is recorded once and for all."""
        whole = self.unrecorded()
        if WHOLE not in self.reads:
            if "digest" not in whole.remembered:
                whole.remembered["digest"] = whole_digest(self.tree)
            self.reads[WHOLE] = whole.remembered["digest"]
        return whole

    def unrecorded(self) -> Modules:
        """The one view of the tree whose record of reads nobody asks for."""
        if self._whole is None:
            self._whole = Modules(tree=self.tree, _loaded=self._loaded)
            self._whole._whole = self._whole  # noqa: SLF001 - another object of this class
        return self._whole

    def sources(self) -> Sequence[str]:
        """Paths of all of Nova's modules but its tests."""
        return source_paths(self.tree)


def _load(content: bytes, path: str) -> Module:
    tree = parse(content, path)
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    package = name if path.endswith("/__init__.py") else name.rpartition(".")[0]
    module = Module(
        path=path,
        name=name,
        tree=tree,
        lines=tuple(decode(content, path).split("\n")),
        imports={},
        bindings={},
        classes={},
        functions={},
        changes={},
        outward=[],
        everything_of=[],
    )
    for statement in top_level(tree.body):
        _register(statement, module, package)
    _register_changes(module)
    return module


def top_level(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run when the module is imported, those inside `if` and `try` included."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.Try):
            yield from top_level([*statement.body, *statement.orelse])


def _register(statement: ast.stmt, module: Module, package: str) -> None:
    """Enter the names that a top-level statement binds."""
    match statement:
        case ast.Import(names=names):
            for alias in names:
                root = alias.name.partition(".")[0]
                module.imports[alias.asname or root] = alias.name if alias.asname else root
        case ast.ImportFrom(names=names):
            origin = _origin(statement, package)
            if names[0].name == "*":
                module.everything_of.insert(0, origin)
                return
            module.imports.update({alias.asname or alias.name: f"{origin}.{alias.name}" for alias in names})
        case ast.Assign(targets=targets, value=value):
            given = [target.id for target in targets if isinstance(target, ast.Name)]
            module.bindings.update({name: _in_terms_of_before(name, value, module) for name in given})
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            module.bindings[name] = value
        case ast.AugAssign(target=ast.Name(id=name), op=operator, value=value) if name in module.bindings:
            total = ast.BinOp(left=module.bindings[name], op=operator, right=value)
            module.bindings[name] = ast.copy_location(total, statement)
        case ast.ClassDef(name=name):
            module.classes[name] = statement
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            module.functions[name] = statement


def _in_terms_of_before(name: str, value: ast.expr, module: Module) -> ast.expr:
    """What a name is given, in terms of what it was before (`X = X + [Y]`); as it is where that makes it large."""
    before = module.bindings.get(name)
    uses = sum(isinstance(part, ast.Name) and part.id == name for part in walk(value))
    if before is None or not uses or uses * sum(1 for _ in walk(before)) > _LARGEST_REPLACEMENT:
        return value
    made = _Replacement(name, before).visit(copy.deepcopy(value))
    assert isinstance(made, ast.expr)  # noqa: S101 - an expression stays one
    return made


class _Replacement(ast.NodeTransformer):
    """Puts an expression in the place of a name."""

    def __init__(self, name: str, value: ast.expr) -> None:
        self._name = name
        self._value = value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._value if node.id == self._name else node


_CHANGING = frozenset(
    {"add", "append", "clear", "difference_update", "discard", "extend", "insert", "intersection_update", "pop"}
    | {"remove", "reverse", "setdefault", "sort", "symmetric_difference_update", "update"}
)
"""Methods that change what they are called on."""


def _register_changes(module: Module) -> None:
    """Find the names that no single statement gives their value, and what is changed outside of them."""
    plain: dict[str, list[ast.stmt]] = {}
    decided: dict[str, list[ast.stmt]] = {}
    for statement in module.tree.body:
        match statement:
            case ast.Assign(targets=targets) if all(isinstance(target, ast.Name) for target in targets):
                for target in targets:
                    plain.setdefault(target.id, []).append(statement)  # type: ignore[attr-defined]  # just tested
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)):
                plain.setdefault(name, []).append(statement)
            case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                pass
            case _:
                for name in _touched(statement, module):
                    decided.setdefault(name, []).append(statement)
    _share(decided, plain, module)
    for name, statements in decided.items():
        if name in module.bindings or name not in {*module.imports, *module.classes, *module.functions}:
            order = sorted([*plain.get(name, ()), *statements], key=lambda statement: statement.lineno)
            module.changes[name] = list(dict.fromkeys(order))
        elif not isinstance(statements[0], ast.Try | ast.If):
            module.outward.extend(statements)
    # A statement that changes two classes, or one class in two of its parts, is one statement.
    module.outward[:] = sorted(dict.fromkeys(module.outward), key=lambda statement: statement.lineno)


def _share(decided: dict[str, list[ast.stmt]], plain: dict[str, list[ast.stmt]], module: Module) -> None:
    """A list that two names stand for changes under both: `MORE = FEW`, then `MORE.append(...)` or `MORE += [...]`."""
    for name, statements in plain.items():
        for statement in statements:
            match statement:
                case ast.Assign(value=ast.Name(id=other)) if other in module.bindings and other != name:
                    changing: list[ast.stmt] = [one for one in statements if isinstance(one, ast.AugAssign)]
                    changing += [one for key in (name, other) for one in decided.get(key, ())]
                    if changing:
                        both = [*plain.get(other, ()), *statements, *changing]
                        for key in (name, other):
                            decided.setdefault(key, []).extend(both)


def _touched(statement: ast.stmt, module: Module) -> Iterator[str]:
    """Names whose value a top-level statement may change, other than by plain assignment."""
    waiting: deque[ast.AST] = deque([statement])
    while waiting:
        node = waiting.popleft()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        waiting.extend(children(node))
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store() | ast.Del()):
                yield from _root(node)
            case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if attr in _CHANGING:
                yield from _root(owner)
            case ast.Call(func=function, args=[first, *_]) if list(_root(function)) == ["setattr"]:
                yield from _root(first)
            case ast.Call(func=ast.Name(id=name), args=given) if module.binds(name):
                for argument in given:
                    yield from _root(argument)
            case ast.Call(args=given):
                yield from (one.id for one in given if isinstance(one, ast.Name) and one.id in module.classes)


def _root(node: ast.expr) -> Iterator[str]:
    """The name at the root of a chain of attributes, items and calls."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id


def _origin(statement: ast.ImportFrom, package: str) -> str:
    """The dotted module an import takes its names from, relative imports made absolute."""
    if not statement.level:
        return statement.module or ""
    parents = package.split(".")
    parents = parents[: len(parents) - statement.level + 1]
    return ".".join([*parents, statement.module] if statement.module else parents)
