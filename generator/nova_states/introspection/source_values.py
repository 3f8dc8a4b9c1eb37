"""What an expression of Nova's source can be besides a Python constant or container, and where names are looked up."""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.parsing import SourceError

PyValue: TypeAlias = Any
"""A Python constant or container, or one of the references below."""


class UnreadableError(SourceError):
    """An expression whose value cannot be told from the source."""

    def __init__(self, module: Module, node: ast.AST, reason: str) -> None:
        super().__init__(module.path, getattr(node, "lineno", 1), reason)
        self.module = module
        self.place = node


class StuckError(UnreadableError):
    """Something that must be known to go on, and is not: no stand-in may be used for it."""


class MisfitError(UnreadableError):
    """Arguments that a function does not take."""


class NoNameError(UnreadableError):
    """A module that binds no such name."""


class Symbol:
    """A value that the source alone does not tell: a server's state, or anything unknown (`symbols.py`)."""

    __slots__ = ()

    def truth(self, node: ast.expr, scope: Scope) -> bool:
        """Whether it counts as true."""
        raise NotImplementedError

    def settled(self, node: ast.expr, scope: Scope) -> PyValue:
        """One plain value that it has."""
        raise NotImplementedError

    def attribute(self, name: str, node: ast.expr, scope: Scope) -> PyValue:
        """The value of an attribute, or of an item of that name."""
        raise NotImplementedError

    def compared(self, operation: Callable[[PyValue], bool], other: PyValue, node: ast.expr, scope: Scope) -> bool:
        """Whether `operation`, a comparison with `other`, holds for it."""
        raise NotImplementedError

    def called(self, node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
        """What it returns when called."""
        raise NotImplementedError

    def key(self, table: Container[PyValue], node: ast.expr, scope: Scope) -> PyValue:
        """A value to look up in a table: one of its keys, or one that stands for all that are none."""
        return self.settled(node, scope)

    def assigned(self, name: str, value: PyValue, node: ast.expr, scope: Scope) -> None:
        """Take an attribute that is set."""
        if scope.unknown is None:
            raise UnreadableError(scope.module, node, "an attribute is set in what is not known")


@dataclass(frozen=True, kw_only=True, slots=True)
class ModuleReference:
    """A module of the tree as a value."""

    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class External:
    """Something of a library outside the tree, known by its dotted name only ("os_win.constants.X")."""

    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassReference:
    """A class of the tree as a value."""

    module: Module = field(hash=False)
    node: ast.ClassDef = field(hash=False)
    name: str


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ObjectValue:
    """An object of a class of the tree."""

    kind: ClassReference
    attributes: dict[str, PyValue] = field(default_factory=dict)
    """What was assigned to it."""
    open: bool = False
    """Whether it may have attributes that are not known."""

    @property
    def name(self) -> str:
        """Name of its class."""
        return self.kind.name


@dataclass(frozen=True, kw_only=True, slots=True)
class EnumMember:
    """A member of an enumeration that is no plain value itself."""

    kind: str
    name: str
    value: PyValue = field(hash=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class FunctionReference:
    """A function or method of the tree as a value."""

    module: Module = field(hash=False)
    node: Function = field(hash=False)
    name: str
    bound_to: ClassReference | ObjectValue | None = None
    """The class or object it was asked of."""
    enclosing: Mapping[str, PyValue] | None = field(default=None, hash=False, compare=False)
    """Names of the function around it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Partial:
    """A callable with some of its arguments given."""

    function: PyValue = field(hash=False)
    given: Arguments = field(hash=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Arguments:
    """What a call hands over."""

    positional: tuple[PyValue, ...] = ()
    named: Mapping[str, PyValue] = field(default_factory=dict)

    def after(self, first: Arguments) -> Arguments:
        """These arguments behind those of a partial."""
        return Arguments(positional=(*first.positional, *self.positional), named={**first.named, **self.named})


StandIn: TypeAlias = Callable[[ast.expr, "Scope", UnreadableError], PyValue]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Where names are looked up."""

    modules: Modules
    module: Module
    names: Mapping[str, PyValue] = field(default_factory=dict)
    """Arguments and local variables; they hide the module's names."""
    within: ClassReference | None = None
    """The class whose body is being read, if any."""
    depth: int = 0
    unknown: StandIn | None = None
    """Gives a stand-in for an expression that cannot be read; None: such an expression is an error."""
    follows: Callable[[FunctionReference, Arguments], bool | None] | None = None
    """Whether a call must be followed (True), can be (False) or is not worth it (None); without it all must be."""

    def deeper(self) -> Scope:
        """The scope one evaluation further in."""
        return Scope(
            modules=self.modules,
            module=self.module,
            names=self.names,
            within=self.within,
            depth=self.depth + 1,
            unknown=self.unknown,
            follows=self.follows,
        )

    def elsewhere(
        self, module: Module, names: Mapping[str, PyValue] | None = None, within: ClassReference | None = None
    ) -> Scope:
        """A scope in another place, one evaluation further in."""
        return Scope(
            modules=self.modules,
            module=module,
            names={} if names is None else names,
            within=within,
            depth=self.depth + 1,
            unknown=self.unknown,
            follows=self.follows,
        )

    def strict(self) -> Scope:
        """The same scope without stand-ins."""
        return Scope(modules=self.modules, module=self.module, names=self.names, within=self.within, depth=self.depth)


@dataclass(frozen=True, kw_only=True, slots=True)
class AutoValue:
    """`enum.auto()`: a value that the enumeration chooses."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SpecialFunction:
    """A built-in function that is about names and types."""

    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BoundMethod:
    """A method of a built-in value, waiting for its call."""

    function: Callable[..., PyValue]
    owner: PyValue = field(hash=False)
    changes: bool = False
    """Whether it changes its owner."""
