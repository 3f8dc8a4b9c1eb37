"""Nova's modules as the extractors see them: parsed once, with their top-level names and imports.

`Modules` also remembers every path that was asked for. What an extractor asked for decides its result, so the
record of a run tells for any other tree, without parsing it, whether the result would be the same.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from nova_states.errors import InputError
from nova_states.introspection.claims import Claims
from nova_states.introspection.parsing import SourceError, decode, parse
from nova_states.source.tree import SourceTree, listing_id

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
"""A `def`, plain or async: what is read here does not depend on it."""

_MOST_STEPS = 200_000
"""Evaluation steps a kind of fact may take in one tree; no release takes a tenth of it."""


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

    def binds(self, name: str) -> bool:
        """Whether the module gives `name` a meaning of its own."""
        return any(name in names for names in (self.bindings, self.classes, self.functions, self.imports))


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
    _loaded: dict[str, Module] = field(default_factory=dict)
    _steps: int = 0

    def exists(self, path: str) -> bool:
        """Whether the tree has a file at `path`; the question counts as a read."""
        if path not in self.reads:
            self.reads[path] = self.tree.blob(path)
        return self.reads[path] is not None

    def at(self, path: str) -> Module:
        """The module in the file `path`.

        Raises:
            SourceError: there is no such file, or it cannot be parsed.
        """
        if path not in self._loaded:
            if not self.exists(path):
                raise SourceError(path, 1, "not in this tree; is it a whole Nova source tree?")
            self._loaded[path] = _load(self._content(path), path)
        else:
            self.exists(path)  # another extractor parsed it; this one reads it too
        return self._loaded[path]

    def _content(self, path: str) -> bytes:
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
        return Modules(tree=self.tree, _loaded=self._loaded)


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
    )
    for statement in top_level(tree.body):
        _register(statement, module, package)
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
            module.imports.update({alias.asname or alias.name: f"{origin}.{alias.name}" for alias in names})
        case ast.Assign(targets=targets, value=value):
            module.bindings.update({target.id: value for target in targets if isinstance(target, ast.Name)})
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            module.bindings[name] = value
        case ast.AugAssign(target=ast.Name(id=name), op=operator, value=value) if name in module.bindings:
            total = ast.BinOp(left=module.bindings[name], op=operator, right=value)
            module.bindings[name] = ast.copy_location(total, statement)
        case ast.ClassDef(name=name):
            module.classes[name] = statement
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            module.functions[name] = statement


def _origin(statement: ast.ImportFrom, package: str) -> str:
    """The dotted module an import takes its names from, relative imports made absolute."""
    if not statement.level:
        return statement.module or ""
    parents = package.split(".")
    parents = parents[: len(parents) - statement.level + 1]
    return ".".join([*parents, statement.module] if statement.module else parents)
