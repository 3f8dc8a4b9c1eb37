"""Computes the value of an expression of Nova's source without running it.

What state definitions and what decides by them are made of is understood: literals, names followed through imports
and classes, arithmetic of lists and sets, comprehensions, comparisons, enumerations, functions and their bodies
(`statement_runner.py`). Anything else raises `UnreadableError` with its place; nothing is guessed. A name of a library
outside Nova stays a symbol (`External`). What only a running server could tell is a `Symbol` (`symbols.py`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from nova_states.introspection import statement_runner
from nova_states.introspection.builtin_operations import (
    BINARY,
    BUILTINS,
    CHANGES,
    COMPARE,
    EXTERNALS,
    METHODS,
    TYPES,
    UNARY,
)
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.syntax import dotted_name

PyValue: TypeAlias = Any
"""A Python constant or container, or one of the references below."""

_LARGEST_VALUE = 10_000
"""Items of a computed value, those of nested containers and characters included; hostile sources end here."""

_LARGEST_FACTOR = 10**12

_DEEPEST = 60
"""Nested evaluations (names defined by names, function calls), against definitions that go in circles."""

_NOT_CHANGING = ("classmethod", "staticmethod", "property", "functools.cache", "functools.lru_cache")
"""Decorators that leave the value of a call as it is."""


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


class _NoNameError(UnreadableError):
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


def evaluate(node: ast.expr, scope: Scope) -> PyValue:
    """The value of the expression `node`.

    Raises:
        SourceError: it has a part that is not understood; place and reason inside.
    """
    try:
        value = _evaluate(node, scope)
    except StuckError:
        raise
    except UnreadableError as error:
        if scope.unknown is None or isinstance(error.__cause__, LookupError):
            raise  # what Python raises for a key that is not there may be caught around it
        return scope.unknown(node, scope, error)
    return value


def _evaluate(node: ast.expr, scope: Scope) -> PyValue:
    if scope.depth > _DEEPEST or not scope.modules.spend():
        raise UnreadableError(scope.module, node, "definitions nest too deep or go in circles")
    reader = _READERS.get(type(node))
    if reader is None:
        raise UnreadableError(scope.module, node, f"{type(node).__name__} is not evaluated")
    try:
        value = reader(node, scope.deeper())
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError) as error:
        # Python's own words differ from version to version, and gaps are stored.
        raise UnreadableError(scope.module, node, f"evaluation fails with {type(error).__name__}") from error
    if isinstance(value, _SIZED) and _is_large(value):
        raise UnreadableError(scope.module, node, f"value has more than {_LARGEST_VALUE} items")
    return value


_SIZED = (str, list, tuple, set, frozenset, dict)


def _is_large(value: PyValue) -> bool:
    """Whether a value is too large to be worked with; one that holds another twice counts it twice."""
    size = 0
    waiting = [value]
    while waiting and size <= _LARGEST_VALUE:
        item = waiting.pop()
        if isinstance(item, _SIZED):
            size += len(item)
            if size <= _LARGEST_VALUE and not isinstance(item, str):
                waiting.extend([*item, *item.values()] if isinstance(item, dict) else item)
    return size > _LARGEST_VALUE


def is_true(test: ast.expr, scope: Scope) -> bool:
    """Whether the test `test` succeeds."""
    if isinstance(test, ast.BoolOp):
        wanted = isinstance(test.op, ast.Or)
        return any(is_true(part, scope) == wanted for part in test.values) == wanted
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return not is_true(test.operand, scope)
    return truth(evaluate(test, scope), test, scope)


def truth(value: PyValue, node: ast.expr, scope: Scope) -> bool:
    """Whether a value counts as true; of something that is not in the tree, nobody can say."""
    if isinstance(value, Symbol):
        return value.truth(node, scope)
    if isinstance(value, External):
        unread = UnreadableError(scope.module, node, f"{value.name} is not part of the tree")
        if scope.unknown is None:
            raise unread
        stand_in = scope.unknown(node, scope, unread)
        return truth(stand_in, node, scope) if isinstance(stand_in, Symbol) else bool(stand_in)
    return bool(value)


def settled(value: PyValue, node: ast.expr, scope: Scope) -> PyValue:
    """A value, what is a symbol in it replaced by something plain.

    Raises:
        UnreadableError: a part of it is not known.
    """
    if isinstance(value, Symbol):
        return value.settled(node, scope)
    if isinstance(value, tuple | list | set | frozenset) and any(isinstance(item, _NOT_PLAIN) for item in value):
        return type(value)(settled(item, node, scope) for item in value)
    return value


_NOT_PLAIN = (Symbol, tuple, list, set, frozenset)


def resolve(dotted: str, modules: Modules, depth: int = 0) -> PyValue:
    """What the dotted name of an import stands for: a module, a name inside one, or an `External`."""
    module = modules.named(dotted)
    if module is not None:
        return ModuleReference(name=module.name)
    parent, _, name = dotted.rpartition(".")
    owner = modules.named(parent) if parent else None
    if owner is None:
        return External(name=dotted)
    return lookup(owner, name, modules, depth)


def lookup(module: Module, name: str, modules: Modules, depth: int = 0) -> PyValue:
    """The value of a module's top-level `name`.

    Raises:
        SourceError: the module binds no such name, or its value cannot be told.
    """
    if name in module.changes:
        known = modules.values
        if (module.path, name) not in known:
            known[module.path, name] = _after_changes(module, name, modules, depth)
        return known[module.path, name]
    if name in module.bindings:
        known = modules.values
        if (module.path, name) not in known:
            scope = Scope(modules=modules, module=module, depth=depth)
            known[module.path, name] = evaluate(module.bindings[name], scope)
        return known[module.path, name]
    if name in module.classes:
        return ClassReference(module=module, node=module.classes[name], name=name)
    if name in module.functions:
        return FunctionReference(module=module, node=module.functions[name], name=name)
    if name in module.imports:
        return resolve(module.imports[name], modules, depth + 1)
    for origin in module.everything_of:
        source = modules.named(origin)
        if source is not None and source.binds(name) and not name.startswith("_"):
            return lookup(source, name, modules, depth + 1)
    submodule = modules.named(f"{module.name}.{name}")
    if submodule is not None:
        return ModuleReference(name=submodule.name)
    raise _NoNameError(module, module.tree, f"has no name {name!r}")


def _after_changes(module: Module, name: str, modules: Modules, depth: int) -> PyValue:
    """The value of a name that several statements give: what it is after all of them ran."""
    statements = module.changes[name]
    if depth > _DEEPEST:
        raise UnreadableError(module, statements[0], "definitions nest too deep or go in circles")
    names: dict[str, PyValue] = {}
    try:
        statement_runner.run(statements, Scope(modules=modules, module=module, names=names, depth=depth + 1))
    except statement_runner.Leaving as error:
        raise UnreadableError(module, statements[0], f"what {name} is in the end cannot be told") from error
    if name not in names:
        raise UnreadableError(module, statements[0], f"what {name} is in the end cannot be told")
    return names[name]


def _read_constant(node: ast.Constant, _scope: Scope) -> PyValue:
    return node.value


def _read_name(node: ast.Name, scope: Scope) -> PyValue:
    if node.id in scope.names:
        return scope.names[node.id]
    if scope.within is not None:
        found, value = class_attribute(scope.within, node.id, scope)
        if found:
            return value
    if (node.id in BUILTINS or node.id in _SPECIAL) and not scope.module.binds(node.id):
        return BUILTINS[node.id] if node.id in BUILTINS else _Special(name=node.id)
    if node.id in statement_runner.EXCEPTIONS and not scope.module.binds(node.id):
        return External(name=node.id)
    return _look_up_from(node, scope.module, node.id, scope)


def _look_up_from(node: ast.expr, module: Module, name: str, scope: Scope) -> PyValue:
    """`lookup`, with `node` as the place of a name that is missing."""
    try:
        return lookup(module, name, scope.modules, scope.depth)
    except _NoNameError as error:
        own = error.path == scope.module.path
        reason = f"{name!r} is not defined at the top level" if own else f"{error.path} {error.reason}"
        raise UnreadableError(scope.module, node, reason) from error


def _read_attribute(node: ast.Attribute, scope: Scope) -> PyValue:
    return attribute_of(evaluate(node.value, scope), node.attr, node, scope)


def attribute_of(owner: PyValue, name: str, node: ast.expr, scope: Scope) -> PyValue:  # noqa: PLR0911 - one a sort
    """The attribute `name` of a value.

    Raises:
        UnreadableError: it has none, or it cannot be told.
    """
    if isinstance(owner, Symbol):
        return owner.attribute(name, node, scope)
    if isinstance(owner, ModuleReference):
        module = scope.modules.named(owner.name)
        assert module is not None  # noqa: S101 - a reference is only made of a module that was found
        return _look_up_from(node, module, name, scope)
    if isinstance(owner, External):
        return External(name=f"{owner.name}.{name}")
    if isinstance(owner, ObjectValue):
        return _of_object(owner, name, node, scope)
    if isinstance(owner, EnumMember):
        if name in ("name", "value"):
            return owner.value if name == "value" else owner.name
        raise UnreadableError(scope.module, node, f"attribute {name!r} of a member of {owner.kind} is not evaluated")
    if isinstance(owner, ClassReference):
        found, value = class_attribute(owner, name, scope)
        if found:
            return value
        raise UnreadableError(scope.module, node, f"class {owner.name} has no attribute {name!r}")
    if isinstance(owner, str) and name == "value":
        return owner  # a member of an enumeration of strings is its string
    if isinstance(owner, FunctionReference | Partial):
        raise UnreadableError(scope.module, node, f"attribute {name!r} of a function is not evaluated")
    method = METHODS.get((type(owner), name)) or CHANGES.get((type(owner), name))
    if method is None:
        raise UnreadableError(scope.module, node, f"attribute {name!r} of {type(owner).__name__} is not evaluated")
    return _Bound(function=method, owner=owner, changes=(type(owner), name) in CHANGES)


def _of_object(owner: ObjectValue, name: str, node: ast.expr, scope: Scope) -> PyValue:
    if name in owner.attributes:
        return owner.attributes[name]
    found, value = class_attribute(owner.kind, name, scope)
    if not found:
        raise UnreadableError(scope.module, node, f"{owner.kind.name} has no attribute {name!r} that is known")
    if isinstance(value, FunctionReference) and value.bound_to is not None:
        kinds = {dotted_name(decorator) for decorator in value.node.decorator_list}
        if "staticmethod" in kinds or "classmethod" in kinds:
            return value
        bound = FunctionReference(module=value.module, node=value.node, name=value.name, bound_to=owner)
        return call(bound, Arguments(), scope) if "property" in kinds else bound
    return value


def class_attribute(
    owner: ClassReference, name: str, scope: Scope, asked: ClassReference | None = None
) -> tuple[bool, PyValue]:
    """Whether the class or one of its bases inside the tree binds `name`, and the value.

    `asked` is the class whose base `owner` is; a method found here takes it as its class.
    """
    inside = scope.elsewhere(owner.module)
    for statement in reversed(owner.node.body):
        match statement:
            case ast.Assign(targets=targets, value=value) if any(_is_name(target, name) for target in targets):
                return True, _member(owner, name, evaluate(value, inside.elsewhere(owner.module, within=owner)), scope)
            case ast.AnnAssign(target=target, value=ast.expr() as value) if _is_name(target, name):
                return True, evaluate(value, inside.elsewhere(owner.module, within=owner))
            case ast.FunctionDef() | ast.AsyncFunctionDef() if statement.name == name:
                return True, FunctionReference(module=owner.module, node=statement, name=name, bound_to=asked or owner)
            case ast.ClassDef() if statement.name == name:
                return True, ClassReference(module=owner.module, node=statement, name=name)
    for parent in bases(owner, inside):
        if isinstance(parent, ClassReference):
            found, attribute = class_attribute(parent, name, inside, asked or owner)
            if found:
                return True, attribute
    return False, None


def bases(owner: ClassReference, scope: Scope) -> list[PyValue]:
    """The bases of a class, those that cannot be told left out."""
    found = []
    for base in owner.node.bases:
        try:
            found.append(evaluate(base, scope.elsewhere(owner.module).strict()))
        except SourceError:
            continue  # a base outside the tree binds nothing that we could read
    return found


def lineage(owner: ClassReference, scope: Scope) -> list[ClassReference]:
    """A class and its bases inside the tree, in the order in which they are asked for an attribute."""
    if scope.depth > _DEEPEST:
        return []
    found = [owner]
    for parent in bases(owner, scope):
        if isinstance(parent, ClassReference):
            found += [one for one in lineage(parent, scope.deeper()) if one.name not in {f.name for f in found}]
    return found


_ENUMS = frozenset({"enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag", "enum.IntFlag"})


def _member(owner: ClassReference, name: str, value: PyValue, scope: Scope) -> PyValue:
    """What a class attribute is: in an enumeration, a member."""
    kinds = {base.name for one in lineage(owner, scope) for base in bases(one, scope) if isinstance(base, External)}
    names = {dotted_name(base) for one in lineage(owner, scope) for base in one.node.bases}
    if not kinds & _ENUMS:
        return value
    if "enum.StrEnum" in kinds and isinstance(value, _Auto):
        value = name.lower()
    if ({"enum.StrEnum", "enum.IntEnum"} & kinds or {"str", "int"} & names) and isinstance(value, str | int):
        return value
    return EnumMember(kind=owner.name, name=name, value=value)


def _is_name(target: ast.expr, name: str) -> bool:
    return isinstance(target, ast.Name) and target.id == name


@dataclass(frozen=True, kw_only=True, slots=True)
class _Auto:
    """`enum.auto()`: a value that the enumeration chooses."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Special:
    """A built-in function that is about names and types."""

    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Bound:
    """A method of a built-in value, waiting for its call."""

    function: Callable[..., PyValue]
    owner: PyValue = field(hash=False)
    changes: bool = False
    """Whether it changes its owner."""


def _read_call(node: ast.Call, scope: Scope) -> PyValue:
    function = evaluate(node.func, scope)
    named: dict[str, PyValue] = {}
    positional = tuple(_read_items(node.args, scope))
    for keyword in node.keywords:
        value = evaluate(keyword.value, scope)
        if keyword.arg is not None:
            named[keyword.arg] = value
        else:
            named.update(value.settled(node, scope) if isinstance(value, Symbol) else value)
    return apply(function, Arguments(positional=positional, named=named), node, scope)


def apply(function: PyValue, given: Arguments, node: ast.expr, scope: Scope) -> PyValue:  # noqa: PLR0911 - one a sort
    """What `function`, whatever it is, returns for these arguments.

    Raises:
        UnreadableError: it cannot be told.
    """
    if isinstance(function, Symbol):
        return function.called(node, given, scope)
    if isinstance(function, FunctionReference):
        return _follow(function, given, node, scope)
    if isinstance(function, Partial):
        return apply(function.function, given.after(function.given), node, scope)
    if isinstance(function, _Special):
        return _SPECIAL[function.name](node, given, scope)
    if isinstance(function, External) and function.name in _LIBRARY:
        return _LIBRARY[function.name](given)
    if isinstance(function, ObjectValue):
        return apply(_of_object(function, "__call__", node, scope), given, node, scope)
    if isinstance(function, ClassReference):
        return _construct(function, given, node, scope)
    if isinstance(function, _Bound):
        if function.changes and is_shared(function.owner, scope):
            raise UnreadableError(scope.module, node, "changes a value of the module's top level")
        return _of_built_in(function, given, node, scope)
    computed = EXTERNALS.get(function.name) if isinstance(function, External) else function
    if callable(computed) and (isinstance(function, External) or computed in BUILTINS.values()):
        return computed(
            *_plain(given, node, scope), **{key: settled(value, node, scope) for key, value in given.named.items()}
        )
    name = getattr(function, "name", ast.unparse(node.func) if isinstance(node, ast.Call) else ast.unparse(node))
    raise UnreadableError(scope.module, node, f"the call of {name} is not evaluated")


def _follow(function: FunctionReference, given: Arguments, node: ast.expr, scope: Scope) -> PyValue:
    if scope.follows is None:
        return call(function, given, scope)
    wanted = scope.follows(function, given)
    if wanted is None:
        raise UnreadableError(scope.module, node, f"the call of {function.name} is not followed")
    try:
        return call(function, given, scope)
    except StuckError:
        raise
    except UnreadableError as error:
        if wanted:
            raise StuckError(error.module, error.place, error.reason) from error
        raise


def _of_built_in(function: _Bound, given: Arguments, node: ast.expr, scope: Scope) -> PyValue:
    """What a method of a built-in value returns; what it only hands on need not be known."""
    owner = function.owner
    first = given.positional[:1]
    if isinstance(owner, dict) and first and isinstance(first[0], Symbol):
        given = Arguments(positional=(first[0].key(owner, node, scope), *given.positional[1:]), named=given.named)
    if function.changes or (isinstance(owner, dict) and function.function == METHODS[dict, "get"]):
        return function.function(owner, *given.positional, **given.named)
    named = {key: settled(value, node, scope) for key, value in given.named.items()}
    return function.function(settled(owner, node, scope), *_plain(given, node, scope), **named)


def _plain(given: Arguments, node: ast.expr, scope: Scope) -> list[PyValue]:
    return [settled(value, node, scope) for value in given.positional]


def is_shared(value: PyValue, scope: Scope) -> bool:
    """Whether a value, or something that holds it, belongs to a module's top level and so must not change."""
    if any(value is own for own in scope.names.values()):
        return any(value is known for known in scope.modules.values.values())
    for known in scope.modules.values.values():
        parts = known.values() if isinstance(known, dict) else known if isinstance(known, list | tuple) else ()
        if value is known or any(value is part for part in parts):
            return True
    return False


def _construct(kind: ClassReference, given: Arguments, node: ast.expr, scope: Scope) -> PyValue:
    """An object of a class of the tree, or the member of an enumeration that has a value."""
    outside = {base.name for one in lineage(kind, scope) for base in bases(one, scope) if isinstance(base, External)}
    if outside & _ENUMS:
        for name in (t.id for s in kind.node.body if isinstance(s, ast.Assign) for t in s.targets if _is_plain(t)):
            member = class_attribute(kind, name, scope)[1]
            if given.positional and given.positional[0] in (member, getattr(member, "value", member)):
                return member
        raise UnreadableError(scope.module, node, f"{kind.name} has no such member")
    made = ObjectValue(kind=kind)
    found, start = class_attribute(kind, "__init__", scope)
    if found and isinstance(start, FunctionReference):
        bound = FunctionReference(module=start.module, node=start.node, name=start.name, bound_to=made)
        call(bound, given, scope)
        return made
    names = [s.target.id for s in kind.node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]
    if len(given.positional) > len(names) or not set(given.named) <= set(names):
        raise UnreadableError(scope.module, node, f"the arguments of {kind.name} do not fit")
    made.attributes.update(zip(names, given.positional, strict=False))
    made.attributes.update(given.named)
    return made


def _is_plain(target: ast.expr) -> bool:
    return isinstance(target, ast.Name)


def call(function: FunctionReference, given: Arguments, scope: Scope) -> PyValue:
    """The value a function gives for these arguments.

    Raises:
        UnreadableError: its body is not understood, or the arguments do not fit.
    """
    changing = [d for d in function.node.decorator_list if dotted_name(_called(d)) not in _NOT_CHANGING]
    if changing and function.enclosing is None:
        reason = f"{function.name} is changed by its decorator {ast.unparse(changing[0])}"
        raise UnreadableError(function.module, function.node, reason)
    if scope.depth > _DEEPEST:
        raise UnreadableError(function.module, function.node, "definitions nest too deep or go in circles")
    names = bind(function, given, scope)
    local = {**function.enclosing, **names} if function.enclosing is not None else names
    inside = scope.elsewhere(function.module, names=local)
    try:
        statement_runner.run(function.node.body, inside)
    except statement_runner.Return as result:
        return result.value
    return None


def _called(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def bind(function: FunctionReference, given: Arguments, scope: Scope) -> dict[str, PyValue]:
    """Parameter → value for a call, defaults evaluated where the function stands.

    Raises:
        UnreadableError: a parameter is left without a value, or there are arguments too many.
    """
    spec = function.node.args
    parameters = [p.arg for p in (*spec.posonlyargs, *spec.args)]
    decorators = {dotted_name(decorator) for decorator in function.node.decorator_list}
    owner = function.bound_to
    if isinstance(owner, ObjectValue) and "classmethod" in decorators:
        owner = owner.kind
    takes_owner = "staticmethod" not in decorators and (isinstance(owner, ObjectValue) or "classmethod" in decorators)
    positional = [owner, *given.positional] if takes_owner and owner is not None else list(given.positional)
    names: dict[str, PyValue] = dict(zip(parameters, positional, strict=False))
    known = {*parameters, *(p.arg for p in spec.kwonlyargs)}
    fits = not set(names) & set(given.named)
    names |= {name: value for name, value in given.named.items() if name in known}
    inside = scope.elsewhere(function.module, names=function.enclosing or {})
    for parameter, default in defaults(function.node).items():
        if parameter not in names:
            names[parameter] = evaluate(default, inside)
    more = {name: value for name, value in given.named.items() if name not in known}
    if set(names) != known or not fits or (len(positional) > len(parameters) and not spec.vararg):
        raise MisfitError(function.module, function.node, f"the arguments of {function.name} do not fit")
    if more and not spec.kwarg:
        raise MisfitError(function.module, function.node, f"the arguments of {function.name} do not fit")
    if spec.vararg:
        names[spec.vararg.arg] = tuple(positional[len(parameters) :])
    if spec.kwarg:
        names[spec.kwarg.arg] = more
    return names


def defaults(function: Function) -> dict[str, ast.expr]:
    """Parameter → expression of its default, for those that have one."""
    parameters = [*function.args.posonlyargs, *function.args.args]
    found = {p.arg: d for p, d in zip(reversed(parameters), reversed(function.args.defaults), strict=False)}
    pairs = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    return found | {p.arg: d for p, d in pairs if d is not None}


def function_of(node: ast.Lambda) -> ast.FunctionDef:
    """A lambda as the function it is."""
    body = ast.copy_location(ast.Return(value=node.body), node.body)
    made = ast.FunctionDef(name="lambda", args=node.args, body=[body], decorator_list=[], lineno=node.lineno)
    return ast.copy_location(made, node)


def _read_lambda(node: ast.Lambda, scope: Scope) -> PyValue:
    return FunctionReference(module=scope.module, node=function_of(node), name="lambda", enclosing=scope.names)


def _read_items(nodes: list[ast.expr], scope: Scope) -> list[PyValue]:
    items: list[PyValue] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            value = evaluate(node.value, scope)
            items.extend(value.settled(node, scope) if isinstance(value, Symbol) else items_of(value, node, scope))
        else:
            items.append(evaluate(node, scope))
    return items


def _read_set(node: ast.Set, scope: Scope) -> PyValue:
    return set(settled(_read_items(node.elts, scope), node, scope))


def _read_dict(node: ast.Dict, scope: Scope) -> PyValue:
    result: dict[PyValue, PyValue] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            result.update(settled(evaluate(value, scope), value, scope))
        else:
            result[settled(evaluate(key, scope), key, scope)] = evaluate(value, scope)
    return result


def _read_binary(node: ast.BinOp, scope: Scope) -> PyValue:
    return combine(node.op, evaluate(node.left, scope), evaluate(node.right, scope), node, scope)


def combine(operation: ast.operator, left: PyValue, right: PyValue, node: ast.AST, scope: Scope) -> PyValue:
    """The value of `left operation right`."""
    place = node if isinstance(node, ast.expr) else ast.copy_location(ast.Constant(value=None), node)
    left, right = settled(left, place, scope), settled(right, place, scope)
    if isinstance(left, type({}.keys())):
        left = set(left)
    function = BINARY.get(type(operation).__name__)
    if function is None or (isinstance(operation, ast.Mult) and not (_is_small(left) and _is_small(right))):
        raise UnreadableError(scope.module, node, f"{type(operation).__name__} is not evaluated")
    return function(left, right)


def _is_small(value: PyValue) -> bool:
    return isinstance(value, int | float) and abs(value) <= _LARGEST_FACTOR


def _read_unary(node: ast.UnaryOp, scope: Scope) -> PyValue:
    if isinstance(node.op, ast.Not):
        return not is_true(node.operand, scope)
    return UNARY[type(node.op).__name__](settled(evaluate(node.operand, scope), node, scope))


def _read_boolean(node: ast.BoolOp, scope: Scope) -> PyValue:
    wanted = isinstance(node.op, ast.Or)
    *others, last = node.values
    for part in others:
        value = evaluate(part, scope)
        if truth(value, part, scope) == wanted:
            return wanted if isinstance(value, Symbol) else value
    return evaluate(last, scope)


def _read_compare(node: ast.Compare, scope: Scope) -> PyValue:
    left = evaluate(node.left, scope)
    for operation, comparator in zip(node.ops, node.comparators, strict=True):
        right = evaluate(comparator, scope)
        if not compare(operation, left, right, node, scope):
            return False
        left = right
    return True


_OF_TYPES = (ClassReference, FunctionReference, ObjectValue, Partial)


def compare(operation: ast.cmpop, left: PyValue, right: PyValue, node: ast.expr, scope: Scope) -> bool:
    """Whether `left operation right` holds."""
    if isinstance(left, External) or isinstance(right, External):
        raise UnreadableError(scope.module, node, "compares something that is not part of the tree")
    function = COMPARE[type(operation).__name__]
    if isinstance(left, EnumMember) and isinstance(right, EnumMember) and isinstance(operation, ast.Is | ast.IsNot):
        return (left == right) == isinstance(operation, ast.Is)
    if isinstance(left, _OF_TYPES) and right is None and isinstance(operation, ast.Is | ast.IsNot | ast.Eq | ast.NotEq):
        return isinstance(operation, ast.IsNot | ast.NotEq)
    if isinstance(left, Symbol):
        other = right if isinstance(right, Symbol) else settled(right, node, scope)
        if isinstance(other, Symbol):
            other = other.settled(node, scope)
        _refuse_foreign(other, node, scope)
        return left.compared(lambda value: function(value, other), other, node, scope)
    if isinstance(right, Symbol):
        known = settled(left, node, scope)
        _refuse_foreign(known, node, scope)
        return right.compared(lambda value: function(known, value), known, node, scope)
    return function(settled(left, node, scope), settled(right, node, scope))


def _refuse_foreign(value: PyValue, node: ast.expr, scope: Scope) -> None:
    """Nobody can say whether a state equals what is not part of the tree."""
    if isinstance(value, External):
        raise UnreadableError(scope.module, node, "compares something that is not part of the tree")
    for item in value if isinstance(value, list | tuple | set | frozenset | dict) else ():
        _refuse_foreign(item, node, scope)


def _read_conditional(node: ast.IfExp, scope: Scope) -> PyValue:
    return evaluate(node.body if is_true(node.test, scope) else node.orelse, scope)


def _read_subscript(node: ast.Subscript, scope: Scope) -> PyValue:
    owner = evaluate(node.value, scope)
    if isinstance(node.slice, ast.Slice):
        parts = [
            settled(evaluate(part, scope), node, scope) if part is not None else None
            for part in (node.slice.lower, node.slice.upper, node.slice.step)
        ]
        return settled(owner, node, scope)[slice(*parts)]
    key = evaluate(node.slice, scope)
    if isinstance(key, Symbol) and isinstance(owner, dict):
        return owner[key.key(owner, node, scope)]
    key = settled(key, node, scope)
    if isinstance(owner, Symbol):
        if isinstance(key, str):
            return owner.attribute(key, node, scope)
        owner = owner.settled(node, scope)
    if isinstance(owner, ClassReference) and isinstance(key, str):
        return attribute_of(owner, key, node, scope)  # a member of an enumeration by its name
    return owner[key]


def _read_comprehension(node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, scope: Scope) -> PyValue:
    results: list[PyValue] = []

    def loop(generators: list[ast.comprehension], inner: Scope) -> None:
        if not generators:
            if isinstance(node, ast.DictComp):
                results.append((settled(evaluate(node.key, inner), node, scope), evaluate(node.value, inner)))
            else:
                results.append(evaluate(node.elt, inner))
            return
        first, *rest = generators
        for item in items_of(evaluate(first.iter, inner), first.iter, inner):
            names = dict(inner.names) | _unpack(first.target, item, inner)
            step = inner.elsewhere(inner.module, names=names, within=inner.within)
            if all(is_true(test, step) for test in first.ifs):
                loop(rest, step)

    loop(node.generators, scope)
    if isinstance(node, ast.DictComp):
        return dict(results)
    return set(settled(results, node, scope)) if isinstance(node, ast.SetComp) else results


def items_of(value: PyValue, node: ast.expr, scope: Scope) -> list[PyValue]:
    """What a loop over a value runs through; a set in a fixed order."""
    if isinstance(value, Symbol):
        value = value.settled(node, scope)
    if isinstance(value, ClassReference):
        names = [t.id for s in value.node.body if isinstance(s, ast.Assign) for t in s.targets if isinstance(t, ast.Name)]
        return [class_attribute(value, name, scope)[1] for name in names]
    if isinstance(value, set | frozenset):
        return sorted(value, key=repr)
    return list(value)


def _unpack(target: ast.expr, item: PyValue, scope: Scope) -> dict[str, PyValue]:
    if isinstance(target, ast.Name):
        return {target.id: item}
    if isinstance(target, ast.Tuple | ast.List):
        parts = list(settled(item, target, scope)) if isinstance(item, Symbol) else list(item)
        if len(parts) == len(target.elts):
            return {
                k: v for t, part in zip(target.elts, parts, strict=True) for k, v in _unpack(t, part, scope).items()
            }
    raise UnreadableError(scope.module, target, "the target of a loop is not understood")


def _read_named(node: ast.NamedExpr, scope: Scope) -> PyValue:
    value = evaluate(node.value, scope)
    if not isinstance(scope.names, dict):
        raise UnreadableError(scope.module, node, "a name is given where none can be kept")
    scope.names[node.target.id] = value
    return value


def _read_joined(node: ast.JoinedStr, scope: Scope) -> PyValue:
    parts = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            value = settled(evaluate(part.value, scope), node, scope)
            if part.format_spec is not None or not isinstance(value, str | int | None) or part.conversion not in (-1, 115):
                raise UnreadableError(scope.module, node, "a value is formatted in a way that is not evaluated")
            parts.append(str(value))
        else:
            parts.append(str(evaluate(part, scope)))
    return "".join(parts)


def _isinstance(node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
    value, kinds = given.positional
    for kind in kinds if isinstance(kinds, tuple) else (kinds,):
        if isinstance(kind, type) and kind.__name__ in TYPES:
            if isinstance(settled(value, node, scope), kind):
                return True
        elif isinstance(kind, ClassReference) and isinstance(value, ObjectValue):
            if kind in lineage(value.kind, scope):
                return True
        elif not isinstance(kind, ClassReference) or isinstance(value, Symbol):
            raise UnreadableError(scope.module, node, "asks for a type that is not evaluated")
    return False


def _getattr(node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
    owner, name, *other = given.positional
    name = settled(name, node, scope)
    try:
        return attribute_of(owner, name, node, scope)
    except UnreadableError:
        if not other or isinstance(owner, Symbol):
            raise
        return other[0]


def _setattr(node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
    owner, name, value = given.positional
    name = settled(name, node, scope)
    if isinstance(owner, ObjectValue):
        owner.attributes[name] = value
    elif isinstance(owner, Symbol):
        owner.assigned(name, value, node, scope)
    else:
        raise UnreadableError(scope.module, node, "sets an attribute of what is no object known here")


def _callable(node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
    (value,) = given.positional
    if isinstance(value, External):
        raise UnreadableError(scope.module, node, "asks what is not part of the tree")
    if isinstance(value, ObjectValue):
        return class_attribute(value.kind, "__call__", scope)[0]
    return isinstance(value, FunctionReference | Partial | ClassReference | _Bound | Symbol)


def _map(node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
    function, items = given.positional
    return [apply(function, Arguments(positional=(i,)), node, scope) for i in items_of(items, node, scope)]


def _filter(node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
    function, items = given.positional
    kept = []
    for item in items_of(items, node, scope):
        value = item if function is None else apply(function, Arguments(positional=(item,)), node, scope)
        if truth(value, node, scope):
            kept.append(item)
    return kept


def _any(node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
    return any(truth(item, node, scope) for item in items_of(given.positional[0], node, scope))


def _all(node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
    return all(truth(item, node, scope) for item in items_of(given.positional[0], node, scope))


_SPECIAL: dict[str, Callable[[ast.expr, Arguments, Scope], PyValue]] = {
    "all": _all,
    "any": _any,
    "callable": _callable,
    "filter": _filter,
    "getattr": _getattr,
    "isinstance": _isinstance,
    "map": _map,
    "setattr": _setattr,
}


def _same(*_: PyValue) -> PyValue:
    return _Identity()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Identity(Symbol):
    """A decorator that changes nothing but names."""

    def called(self, node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
        """What it decorates."""
        if len(given.positional) != 1:
            raise UnreadableError(scope.module, node, "a wrapper is called in a way that is not evaluated")
        return given.positional[0]


_LIBRARY: dict[str, Callable[[Arguments], PyValue]] = {
    "enum.auto": lambda _: _Auto(),
    "functools.partial": lambda given: Partial(
        function=given.positional[0], given=Arguments(positional=given.positional[1:], named=given.named)
    ),
    "functools.update_wrapper": lambda given: given.positional[0],
    "functools.wraps": _same,
    "six.wraps": _same,
}
"""Functions of libraries that are about functions, and what they make."""

_READERS: dict[type[ast.expr], Callable[[Any, Scope], PyValue]] = {
    ast.Attribute: _read_attribute,
    ast.BinOp: _read_binary,
    ast.BoolOp: _read_boolean,
    ast.Call: _read_call,
    ast.Compare: _read_compare,
    ast.Constant: _read_constant,
    ast.Dict: _read_dict,
    ast.DictComp: _read_comprehension,
    ast.GeneratorExp: _read_comprehension,
    ast.IfExp: _read_conditional,
    ast.JoinedStr: _read_joined,
    ast.Lambda: _read_lambda,
    ast.List: lambda node, scope: _read_items(node.elts, scope),
    ast.ListComp: _read_comprehension,
    ast.Name: _read_name,
    ast.NamedExpr: _read_named,
    ast.Set: _read_set,
    ast.SetComp: _read_comprehension,
    ast.Subscript: _read_subscript,
    ast.Tuple: lambda node, scope: tuple(_read_items(node.elts, scope)),
    ast.UnaryOp: _read_unary,
}
