"""Computes the value of an expression of Nova's source without running it.

Only what state definitions are made of is understood: literals, names followed through imports and classes, list
and set arithmetic, comprehensions, comparisons, and functions that are a single `return`. Anything else raises
`UnreadableError` with its place; nothing is guessed. A name of a library outside Nova stays a symbol (`External`).
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from nova_states.introspection.dispatch import Dispatch
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


class UnreadableError(SourceError):
    """An expression whose value cannot be told from the source."""

    def __init__(self, module: Module, node: ast.AST, reason: str) -> None:
        super().__init__(module.path, getattr(node, "lineno", 1), reason)


class _NoNameError(UnreadableError):
    """A module that binds no such name."""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class FunctionReference:
    """A function or method of the tree as a value."""

    module: Module = field(hash=False)
    node: Function = field(hash=False)
    name: str
    bound_to: ClassReference | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Where names are looked up."""

    modules: Modules
    module: Module
    names: Mapping[str, PyValue] = field(default_factory=dict)
    """Arguments and loop variables; they hide the module's names."""
    within: ClassReference | None = None
    """The class whose body is being read, if any."""
    depth: int = 0

    def deeper(self, **changes: Any) -> Scope:  # noqa: ANN401 - the fields of Scope
        """A scope one evaluation further in."""
        values = {name: getattr(self, name) for name in ("modules", "module", "names", "within")} | changes
        return Scope(**values, depth=self.depth + 1)


_READERS: Dispatch[Scope, [], PyValue] = Dispatch()
"""What reads each kind of expression that is understood."""


def evaluate(node: ast.expr, scope: Scope) -> PyValue:
    """The value of the expression `node`.

    Raises:
        SourceError: it has a part that is not understood; place and reason inside.
    """
    if scope.depth > _DEEPEST or not scope.modules.spend():
        raise UnreadableError(scope.module, node, "definitions nest too deep or go in circles")
    reader = _READERS.handler(node)
    if reader is None:
        raise UnreadableError(scope.module, node, f"{type(node).__name__} is not evaluated")
    try:
        value = reader(scope.deeper(), node)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError) as error:
        # Python's own words differ from version to version, and gaps are stored.
        raise UnreadableError(scope.module, node, f"evaluation fails with {type(error).__name__}") from error
    if _is_large(value):
        raise UnreadableError(scope.module, node, f"value has more than {_LARGEST_VALUE} items")
    return value


def _is_large(value: PyValue) -> bool:
    """Whether a value is too large to be worked with; one that holds another twice counts it twice."""
    size = 0
    waiting = [value]
    while waiting and size <= _LARGEST_VALUE:
        item = waiting.pop()
        if isinstance(item, str | list | tuple | set | frozenset | dict):
            size += len(item)
            if size <= _LARGEST_VALUE and not isinstance(item, str):
                waiting.extend([*item, *item.values()] if isinstance(item, dict) else item)
    return size > _LARGEST_VALUE


def _is_true(test: ast.expr, scope: Scope) -> bool:
    return _truth(evaluate(test, scope), test, scope)


def _truth(value: PyValue, node: ast.expr, scope: Scope) -> bool:
    """Whether a value counts as true; of something that is not in the tree, nobody can say."""
    if isinstance(value, External):
        raise UnreadableError(scope.module, node, f"{value.name} is not part of the tree")
    return bool(value)


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
    submodule = modules.named(f"{module.name}.{name}")
    if submodule is not None:
        return ModuleReference(name=submodule.name)
    raise _NoNameError(module, module.tree, f"has no name {name!r}")


@_READERS.on(ast.Constant)
def _read_constant(_scope: Scope, node: ast.Constant) -> PyValue:
    return node.value


@_READERS.on(ast.Name)
def _read_name(scope: Scope, node: ast.Name) -> PyValue:
    if node.id in scope.names:
        return scope.names[node.id]
    if scope.within is not None:
        found, value = _class_attribute(scope.within, node.id, scope)
        if found:
            return value
    if node.id in _BUILTINS and not scope.module.binds(node.id):
        return _BUILTINS[node.id]
    return _look_up_from(node, scope.module, node.id, scope)


def _look_up_from(node: ast.expr, module: Module, name: str, scope: Scope) -> PyValue:
    """`lookup`, with `node` as the place of a name that is missing."""
    try:
        return lookup(module, name, scope.modules, scope.depth)
    except _NoNameError as error:
        own = error.path == scope.module.path
        reason = f"{name!r} is not defined at the top level" if own else f"{error.path} {error.reason}"
        raise UnreadableError(scope.module, node, reason) from error


@_READERS.on(ast.Attribute)
def _read_attribute(scope: Scope, node: ast.Attribute) -> PyValue:
    owner = evaluate(node.value, scope)
    if isinstance(owner, ModuleReference):
        module = scope.modules.named(owner.name)
        if module is None:
            raise UnreadableError(scope.module, node, f"{owner.name} is not in the tree")
        return _look_up_from(node, module, node.attr, scope)
    if isinstance(owner, External):
        return External(name=f"{owner.name}.{node.attr}")
    if isinstance(owner, ClassReference):
        found, value = _class_attribute(owner, node.attr, scope)
        if found:
            return value
        raise UnreadableError(scope.module, node, f"class {owner.name} has no attribute {node.attr!r}")
    method = _METHODS.get((type(owner), node.attr))
    if method is None:
        raise UnreadableError(scope.module, node, f"attribute {node.attr!r} of {type(owner).__name__} is not evaluated")
    return _Bound(function=method, owner=owner)


def _class_attribute(
    owner: ClassReference, name: str, scope: Scope, asked: ClassReference | None = None
) -> tuple[bool, PyValue]:
    """Whether the class or one of its bases inside the tree binds `name`, and the value.

    `asked` is the class whose base `owner` is; a method found here takes it as its class.
    """
    inside = scope.deeper(module=owner.module, names={}, within=None)
    for statement in reversed(owner.node.body):
        match statement:
            case ast.Assign(targets=targets, value=value) if any(_is_name(target, name) for target in targets):
                return True, evaluate(value, inside.deeper(within=owner))
            case ast.AnnAssign(target=target, value=ast.expr() as value) if _is_name(target, name):
                return True, evaluate(value, inside.deeper(within=owner))
            case ast.FunctionDef() | ast.AsyncFunctionDef() if statement.name == name:
                return True, FunctionReference(module=owner.module, node=statement, name=name, bound_to=asked or owner)
    for base in owner.node.bases:
        try:
            parent = evaluate(base, inside)
        except SourceError:
            continue  # a base outside the tree binds nothing that we could read
        if isinstance(parent, ClassReference):
            found, attribute = _class_attribute(parent, name, inside, asked or owner)
            if found:
                return True, attribute
    return False, None


def _is_name(target: ast.expr, name: str) -> bool:
    return isinstance(target, ast.Name) and target.id == name


@dataclass(frozen=True, kw_only=True, slots=True)
class _Bound:
    """A method of a built-in value, waiting for its call."""

    function: Callable[..., PyValue]
    owner: PyValue = field(hash=False)


@_READERS.on(ast.Call)
def _read_call(scope: Scope, node: ast.Call) -> PyValue:
    function = evaluate(node.func, scope)
    arguments = _read_items(node.args, scope)
    keywords: dict[str, PyValue] = {}
    for keyword in node.keywords:
        value = evaluate(keyword.value, scope)
        keywords.update(value if keyword.arg is None else {keyword.arg: value})
    if isinstance(function, _Bound):
        return function.function(function.owner, *arguments, **keywords)
    if isinstance(function, FunctionReference):
        return call(function, arguments, keywords, scope)
    if callable(function) and function in _BUILTINS.values():
        return function(*arguments, **keywords)
    name = getattr(function, "name", ast.unparse(node.func))
    raise UnreadableError(scope.module, node, f"the call of {name} is not evaluated")


def call(function: FunctionReference, arguments: list[PyValue], keywords: dict[str, PyValue], scope: Scope) -> PyValue:
    """The value a function of a single `return` gives for these arguments.

    Raises:
        UnreadableError: it does more than return an expression, or the arguments do not fit.
    """
    body = [s for s in function.node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
        raise UnreadableError(function.module, function.node, f"{function.name} does more than return a value")
    unknown = [d for d in function.node.decorator_list if dotted_name(d) not in ("classmethod", "staticmethod")]
    if unknown:
        reason = f"{function.name} is changed by its decorator {ast.unparse(unknown[0])}"
        raise UnreadableError(function.module, function.node, reason)
    names = bind(function, arguments, keywords, scope)
    return evaluate(body[0].value, scope.deeper(module=function.module, names=names, within=None))


def bind(
    function: FunctionReference, arguments: list[PyValue], keywords: dict[str, PyValue], scope: Scope
) -> dict[str, PyValue]:
    """Parameter → value for a call, defaults evaluated where the function stands.

    Raises:
        UnreadableError: a parameter is left without a value, or there are arguments too many.
    """
    parameters = [*function.node.args.posonlyargs, *function.node.args.args]
    takes_class = function.bound_to and any(dotted_name(d) == "classmethod" for d in function.node.decorator_list)
    positional = [function.bound_to, *arguments] if takes_class else arguments
    names: dict[str, PyValue] = dict(zip((p.arg for p in parameters), positional, strict=False)) | keywords
    inside = scope.deeper(module=function.module, names={}, within=None)
    for parameter, default in defaults(function.node).items():
        if parameter not in names:
            names[parameter] = evaluate(default, inside)
    known = {p.arg for p in [*parameters, *function.node.args.kwonlyargs]}
    if len(positional) > len(parameters) or set(names) != known:
        raise UnreadableError(function.module, function.node, f"the arguments of {function.name} do not fit")
    return names


def defaults(function: Function) -> dict[str, ast.expr]:
    """Parameter → expression of its default, for those that have one."""
    parameters = [*function.args.posonlyargs, *function.args.args]
    found = {p.arg: d for p, d in zip(reversed(parameters), reversed(function.args.defaults), strict=False)}
    pairs = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    return found | {p.arg: d for p, d in pairs if d is not None}


def _read_items(nodes: list[ast.expr], scope: Scope) -> list[PyValue]:
    items: list[PyValue] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            items.extend(evaluate(node.value, scope))
        else:
            items.append(evaluate(node, scope))
    return items


@_READERS.on(ast.List)
def _read_list(scope: Scope, node: ast.List) -> PyValue:
    return _read_items(node.elts, scope)


@_READERS.on(ast.Tuple)
def _read_tuple(scope: Scope, node: ast.Tuple) -> PyValue:
    return tuple(_read_items(node.elts, scope))


@_READERS.on(ast.Set)
def _read_set(scope: Scope, node: ast.Set) -> PyValue:
    return set(_read_items(node.elts, scope))


@_READERS.on(ast.Dict)
def _read_dict(scope: Scope, node: ast.Dict) -> PyValue:
    result: dict[PyValue, PyValue] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            result.update(evaluate(value, scope))
        else:
            result[evaluate(key, scope)] = evaluate(value, scope)
    return result


@_READERS.on(ast.BinOp)
def _read_binary(scope: Scope, node: ast.BinOp) -> PyValue:
    operation = _BINARY.get(type(node.op))
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    if operation is None or (isinstance(node.op, ast.Mult) and not (_is_small(left) and _is_small(right))):
        raise UnreadableError(scope.module, node, f"{type(node.op).__name__} is not evaluated")
    return operation(left, right)


def _is_small(value: PyValue) -> bool:
    return isinstance(value, int | float) and abs(value) <= _LARGEST_FACTOR


@_READERS.on(ast.UnaryOp)
def _read_unary(scope: Scope, node: ast.UnaryOp) -> PyValue:
    if isinstance(node.op, ast.Not):
        return not _is_true(node.operand, scope)
    return _UNARY[type(node.op)](evaluate(node.operand, scope))


@_READERS.on(ast.BoolOp)
def _read_boolean(scope: Scope, node: ast.BoolOp) -> PyValue:
    wanted = isinstance(node.op, ast.Or)
    *others, last = node.values
    for part in others:
        value = evaluate(part, scope)
        if _truth(value, part, scope) == wanted:
            return value
    return evaluate(last, scope)


@_READERS.on(ast.Compare)
def _read_compare(scope: Scope, node: ast.Compare) -> PyValue:
    left = evaluate(node.left, scope)
    for operation, comparator in zip(node.ops, node.comparators, strict=True):
        right = evaluate(comparator, scope)
        if isinstance(left, External) or isinstance(right, External):
            raise UnreadableError(scope.module, node, "compares something that is not part of the tree")
        if not _COMPARE[type(operation)](left, right):
            return False
        left = right
    return True


@_READERS.on(ast.IfExp)
def _read_conditional(scope: Scope, node: ast.IfExp) -> PyValue:
    return evaluate(node.body if _is_true(node.test, scope) else node.orelse, scope)


@_READERS.on(ast.Subscript)
def _read_subscript(scope: Scope, node: ast.Subscript) -> PyValue:
    return evaluate(node.value, scope)[evaluate(node.slice, scope)]


def _read_comprehension(scope: Scope, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> PyValue:
    results: list[PyValue] = []

    def loop(generators: list[ast.comprehension], inner: Scope) -> None:
        if not generators:
            if isinstance(node, ast.DictComp):
                results.append((evaluate(node.key, inner), evaluate(node.value, inner)))
            else:
                results.append(evaluate(node.elt, inner))
            return
        first, *rest = generators
        for item in evaluate(first.iter, inner):
            names = dict(inner.names) | _unpack(first.target, item, inner)
            step = inner.deeper(names=names, within=inner.within)
            if all(_is_true(test, step) for test in first.ifs):
                loop(rest, step)

    loop(node.generators, scope)
    if isinstance(node, ast.DictComp):
        return dict(results)
    return set(results) if isinstance(node, ast.SetComp) else results


_READERS.on(ast.ListComp, ast.SetComp, ast.GeneratorExp)(_read_comprehension)
_READERS.on(ast.DictComp)(_read_comprehension)


def _unpack(target: ast.expr, item: PyValue, scope: Scope) -> dict[str, PyValue]:
    if isinstance(target, ast.Name):
        return {target.id: item}
    if isinstance(target, ast.Tuple | ast.List):
        parts = list(item)
        if len(parts) == len(target.elts):
            return {
                k: v for t, part in zip(target.elts, parts, strict=True) for k, v in _unpack(t, part, scope).items()
            }
    raise UnreadableError(scope.module, target, "the target of a loop is not understood")


_BUILTINS: dict[str, Callable[..., PyValue]] = {
    "bool": bool,
    "dict": dict,
    "frozenset": frozenset,
    "int": int,
    "len": len,
    "list": list,
    "set": set,
    "sorted": sorted,
    "str": str,
    "tuple": tuple,
}

_METHODS: dict[tuple[type, str], Callable[..., PyValue]] = {
    (kind, name): getattr(kind, name)
    for kind, names in {
        dict: ("copy", "get", "items", "keys", "values"),
        frozenset: ("difference", "intersection", "union"),
        list: ("copy", "index"),
        set: ("copy", "difference", "intersection", "union"),
        str: ("lower", "upper"),
        tuple: ("index",),
    }.items()
    for name in names
}

_BINARY: dict[type[ast.operator], Callable[[PyValue, PyValue], PyValue]] = {
    ast.Add: operator.add,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.Mult: operator.mul,
    ast.Sub: operator.sub,
}

_UNARY: dict[type[ast.unaryop], Callable[[PyValue], PyValue]] = {
    ast.Invert: operator.invert,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}

_COMPARE: dict[type[ast.cmpop], Callable[[PyValue, PyValue], bool]] = {
    ast.Eq: operator.eq,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, container: item in container,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.NotEq: operator.ne,
    ast.NotIn: lambda item, container: item not in container,
}
