"""Computes the value of an expression of Nova's source without running it.

What state definitions and what decides by them are made of is understood: literals, names followed through imports
and classes, arithmetic of lists and sets, comprehensions, comparisons, enumerations, functions and their bodies
(`statement_runner.py`). Anything else raises `UnreadableError` with its place; nothing is guessed. A name of a library
outside Nova stays a symbol (`External`). What only a running server could tell is a `Symbol` (`symbols.py`).
"""

from __future__ import annotations

import ast

from nova_states.introspection import function_calls as calls
from nova_states.introspection import statement_runner
from nova_states.introspection.builtin_operations import BINARY, BUILTINS, CHANGES, COMPARE, METHODS, UNARY
from nova_states.introspection.dispatch import Dispatch
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.source_values import (
    Arguments,
    AutoValue,
    BoundMethod,
    ClassReference,
    EnumMember,
    External,
    FunctionReference,
    MisfitError,
    ModuleReference,
    NoNameError,
    ObjectValue,
    Partial,
    PyValue,
    Scope,
    SpecialFunction,
    StuckError,
    Symbol,
    UnreadableError,
)
from nova_states.introspection.syntax import dotted_name

__all__ = [
    "DEEPEST",
    "ENUMS",
    "Arguments",
    "ClassReference",
    "EnumMember",
    "External",
    "FunctionReference",
    "MisfitError",
    "ModuleReference",
    "ObjectValue",
    "Partial",
    "PyValue",
    "Scope",
    "StuckError",
    "Symbol",
    "UnreadableError",
    "attribute_of",
    "bases",
    "class_attribute",
    "combine",
    "compare",
    "defaults",
    "evaluate",
    "is_true",
    "items_of",
    "lineage",
    "lookup",
    "object_attribute",
    "resolve",
    "settled",
    "truth",
]

_LARGEST_VALUE = 10_000
"""Items of a computed value, those of nested containers and characters included; hostile sources end here."""

_LARGEST_FACTOR = 10**12

DEEPEST = 60
"""Nested evaluations (names defined by names, function calls), against definitions that go in circles."""


_READERS: Dispatch[Scope, [], PyValue] = Dispatch()
"""What reads each kind of expression that is understood."""


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
    if scope.depth > DEEPEST or not scope.modules.spend():
        raise UnreadableError(scope.module, node, "definitions nest too deep or go in circles")
    reader = _READERS.handler(node)
    if reader is None:
        raise UnreadableError(scope.module, node, f"{type(node).__name__} is not evaluated")
    try:
        value = reader(scope.deeper(), node)
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


def lookup(module: Module, name: str, modules: Modules, depth: int = 0) -> PyValue:  # noqa: C901, PLR0911 - a sort each
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
    raise NoNameError(module, module.tree, f"has no name {name!r}")


def _after_changes(module: Module, name: str, modules: Modules, depth: int) -> PyValue:
    """The value of a name that several statements give: what it is after all of them ran."""
    statements = module.changes[name]
    if depth > DEEPEST:
        raise UnreadableError(module, statements[0], "definitions nest too deep or go in circles")
    names: dict[str, PyValue] = {}
    try:
        statement_runner.run(statements, Scope(modules=modules, module=module, names=names, depth=depth + 1))
    except statement_runner.Leaving as error:
        raise UnreadableError(module, statements[0], f"what {name} is in the end cannot be told") from error
    if name not in names:
        raise UnreadableError(module, statements[0], f"what {name} is in the end cannot be told")
    modules.claims.run(module.path, statements)
    return names[name]


@_READERS.on(ast.Constant)
def _read_constant(_scope: Scope, node: ast.Constant) -> PyValue:
    return node.value


@_READERS.on(ast.Name)
def _read_name(scope: Scope, node: ast.Name) -> PyValue:
    if node.id in scope.names:
        return scope.names[node.id]
    if scope.within is not None:
        found, value = class_attribute(scope.within, node.id, scope)
        if found:
            return value
    if (node.id in BUILTINS or node.id in calls.SPECIAL) and not scope.module.binds(node.id):
        return BUILTINS[node.id] if node.id in BUILTINS else SpecialFunction(name=node.id)
    if node.id in statement_runner.EXCEPTIONS and not scope.module.binds(node.id):
        return External(name=node.id)
    return _look_up_from(node, scope.module, node.id, scope)


def _look_up_from(node: ast.expr, module: Module, name: str, scope: Scope) -> PyValue:
    """`lookup`, with `node` as the place of a name that is missing."""
    try:
        return lookup(module, name, scope.modules, scope.depth)
    except NoNameError as error:
        own = error.path == scope.module.path
        reason = f"{name!r} is not defined at the top level" if own else f"{error.path} {error.reason}"
        raise UnreadableError(scope.module, node, reason) from error


@_READERS.on(ast.Attribute)
def _read_attribute(scope: Scope, node: ast.Attribute) -> PyValue:
    return attribute_of(evaluate(node.value, scope), node.attr, node, scope)


def attribute_of(owner: PyValue, name: str, node: ast.expr, scope: Scope) -> PyValue:  # noqa: C901, PLR0911 - a sort each
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
        return object_attribute(owner, name, node, scope)
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
    return BoundMethod(function=method, owner=owner, changes=(type(owner), name) in CHANGES)


def object_attribute(owner: ObjectValue, name: str, node: ast.expr, scope: Scope) -> PyValue:
    """The attribute `name` of an object: its own, or one of its class, a method bound to it."""
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
        return calls.call(bound, Arguments(), scope) if "property" in kinds else bound
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
    if scope.depth > DEEPEST:
        return []
    found = [owner]
    for parent in bases(owner, scope):
        if isinstance(parent, ClassReference):
            found += [one for one in lineage(parent, scope.deeper()) if one.name not in {f.name for f in found}]
    return found


ENUMS = frozenset({"enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag", "enum.IntFlag"})


def _member(owner: ClassReference, name: str, value: PyValue, scope: Scope) -> PyValue:
    """What a class attribute is: in an enumeration, a member."""
    kinds = {base.name for one in lineage(owner, scope) for base in bases(one, scope) if isinstance(base, External)}
    names = {dotted_name(base) for one in lineage(owner, scope) for base in one.node.bases}
    if not kinds & ENUMS:
        return value
    if "enum.StrEnum" in kinds and isinstance(value, AutoValue):
        value = name.lower()
    if ({"enum.StrEnum", "enum.IntEnum"} & kinds or {"str", "int"} & names) and isinstance(value, str | int):
        return value
    return EnumMember(kind=owner.name, name=name, value=value)


def _is_name(target: ast.expr, name: str) -> bool:
    return isinstance(target, ast.Name) and target.id == name


@_READERS.on(ast.Call)
def _read_call(scope: Scope, node: ast.Call) -> PyValue:
    function = evaluate(node.func, scope)
    named: dict[str, PyValue] = {}
    positional = tuple(_read_items(node.args, scope))
    for keyword in node.keywords:
        value = evaluate(keyword.value, scope)
        if keyword.arg is not None:
            named[keyword.arg] = value
        else:
            named.update(value.settled(node, scope) if isinstance(value, Symbol) else value)
    return calls.apply(function, Arguments(positional=positional, named=named), node, scope)


@_READERS.on(ast.Lambda)
def _read_lambda(scope: Scope, node: ast.Lambda) -> PyValue:
    return FunctionReference(module=scope.module, node=calls.function_of(node), name="lambda", enclosing=scope.names)


def _read_items(nodes: list[ast.expr], scope: Scope) -> list[PyValue]:
    items: list[PyValue] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            value = evaluate(node.value, scope)
            items.extend(value.settled(node, scope) if isinstance(value, Symbol) else items_of(value, node, scope))
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
    return set(settled(_read_items(node.elts, scope), node, scope))


@_READERS.on(ast.Dict)
def _read_dict(scope: Scope, node: ast.Dict) -> PyValue:
    result: dict[PyValue, PyValue] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            result.update(settled(evaluate(value, scope), value, scope))
        else:
            result[settled(evaluate(key, scope), key, scope)] = evaluate(value, scope)
    return result


@_READERS.on(ast.BinOp)
def _read_binary(scope: Scope, node: ast.BinOp) -> PyValue:
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


@_READERS.on(ast.UnaryOp)
def _read_unary(scope: Scope, node: ast.UnaryOp) -> PyValue:
    if isinstance(node.op, ast.Not):
        return not is_true(node.operand, scope)
    return UNARY[type(node.op).__name__](settled(evaluate(node.operand, scope), node, scope))


@_READERS.on(ast.BoolOp)
def _read_boolean(scope: Scope, node: ast.BoolOp) -> PyValue:
    wanted = isinstance(node.op, ast.Or)
    *others, last = node.values
    for part in others:
        value = evaluate(part, scope)
        if truth(value, part, scope) == wanted:
            return wanted if isinstance(value, Symbol) else value
    return evaluate(last, scope)


@_READERS.on(ast.Compare)
def _read_compare(scope: Scope, node: ast.Compare) -> PyValue:
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


@_READERS.on(ast.Await)
def _read_awaited(scope: Scope, node: ast.Await) -> PyValue:
    return evaluate(node.value, scope)


@_READERS.on(ast.IfExp)
def _read_conditional(scope: Scope, node: ast.IfExp) -> PyValue:
    return evaluate(node.body if is_true(node.test, scope) else node.orelse, scope)


@_READERS.on(ast.Subscript)
def _read_subscript(scope: Scope, node: ast.Subscript) -> PyValue:
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


def _read_comprehension(scope: Scope, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> PyValue:
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


_READERS.on(ast.ListComp, ast.SetComp, ast.GeneratorExp)(_read_comprehension)
_READERS.on(ast.DictComp)(_read_comprehension)


def items_of(value: PyValue, node: ast.expr, scope: Scope) -> list[PyValue]:
    """What a loop over a value runs through; a set in a fixed order."""
    if isinstance(value, Symbol):
        value = value.settled(node, scope)
    if isinstance(value, ClassReference):
        names = [t.id for s in value.node.body for t in getattr(s, "targets", ()) if isinstance(t, ast.Name)]
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


@_READERS.on(ast.NamedExpr)
def _read_named(scope: Scope, node: ast.NamedExpr) -> PyValue:
    value = evaluate(node.value, scope)
    if not isinstance(scope.names, dict):
        raise UnreadableError(scope.module, node, "a name is given where none can be kept")
    scope.names[node.target.id] = value
    return value


@_READERS.on(ast.JoinedStr)
def _read_joined(scope: Scope, node: ast.JoinedStr) -> PyValue:
    parts = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            value = settled(evaluate(part.value, scope), node, scope)
            if (
                part.format_spec is not None
                or not isinstance(value, str | int | None)
                or part.conversion not in (-1, 115)
            ):
                raise UnreadableError(scope.module, node, "a value is formatted in a way that is not evaluated")
            parts.append(str(value))
        else:
            parts.append(str(evaluate(part, scope)))
    return "".join(parts)


def defaults(function: Function) -> dict[str, ast.expr]:
    """Parameter → expression of its default, for those that have one."""
    parameters = [*function.args.posonlyargs, *function.args.args]
    found = {p.arg: d for p, d in zip(reversed(parameters), reversed(function.args.defaults), strict=False)}
    pairs = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    return found | {p.arg: d for p, d in pairs if d is not None}
