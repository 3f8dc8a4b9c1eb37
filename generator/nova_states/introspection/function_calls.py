"""Calls functions of Nova's source: of the tree, of Python and of the libraries that are about functions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from nova_states.introspection import constant_evaluator as evaluator
from nova_states.introspection import statement_runner
from nova_states.introspection.builtin_operations import BUILTINS, EXTERNALS, METHODS, TYPES
from nova_states.introspection.source_values import (
    Arguments,
    AutoValue,
    BoundMethod,
    ClassReference,
    External,
    FunctionReference,
    MisfitError,
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

_NOT_CHANGING = ("classmethod", "staticmethod", "property", "functools.cache", "functools.lru_cache")
"""Decorators that leave the value of a call as it is."""


def apply(  # noqa: C901, PLR0911 - one a sort
    function: PyValue, given: Arguments, node: ast.expr, scope: Scope
) -> PyValue:
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
    if isinstance(function, SpecialFunction):
        return SPECIAL[function.name](node, given, scope)
    if isinstance(function, External) and function.name in _LIBRARY:
        return _LIBRARY[function.name](given)
    if isinstance(function, ObjectValue):
        return apply(evaluator.object_attribute(function, "__call__", node, scope), given, node, scope)
    if isinstance(function, ClassReference):
        return _construct(function, given, node, scope)
    if isinstance(function, BoundMethod):
        if function.changes and is_shared(function.owner, scope):
            raise UnreadableError(scope.module, node, "changes a value of the module's top level")
        return _of_built_in(function, given, node, scope)
    computed = EXTERNALS.get(function.name) if isinstance(function, External) else function
    if callable(computed) and (isinstance(function, External) or computed in BUILTINS.values()):
        return computed(
            *_plain(given, node, scope),
            **{key: evaluator.settled(value, node, scope) for key, value in given.named.items()},
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


def _of_built_in(function: BoundMethod, given: Arguments, node: ast.expr, scope: Scope) -> PyValue:
    """What a method of a built-in value returns; what it only hands on need not be known."""
    owner = function.owner
    first = given.positional[:1]
    if isinstance(owner, dict) and first:
        key = first[0]
        key = key.key(owner, node, scope) if isinstance(key, Symbol) else evaluator.settled(key, node, scope)
        given = Arguments(positional=(key, *given.positional[1:]), named=given.named)
    if function.changes or (isinstance(owner, dict) and function.function == METHODS[dict, "get"]):
        return function.function(owner, *given.positional, **given.named)
    named = {key: evaluator.settled(value, node, scope) for key, value in given.named.items()}
    return function.function(evaluator.settled(owner, node, scope), *_plain(given, node, scope), **named)


def _plain(given: Arguments, node: ast.expr, scope: Scope) -> list[PyValue]:
    return [evaluator.settled(value, node, scope) for value in given.positional]


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
    outside = {
        base.name
        for one in evaluator.lineage(kind, scope)
        for base in evaluator.bases(one, scope)
        if isinstance(base, External)
    }
    if outside & evaluator.ENUMS:
        for name in (t.id for s in kind.node.body for t in getattr(s, "targets", ()) if isinstance(t, ast.Name)):
            member = evaluator.class_attribute(kind, name, scope)[1]
            if given.positional and given.positional[0] in (member, getattr(member, "value", member)):
                return member
        raise UnreadableError(scope.module, node, f"{kind.name} has no such member")
    made = ObjectValue(kind=kind)
    found, start = evaluator.class_attribute(kind, "__init__", scope)
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


def call(function: FunctionReference, given: Arguments, scope: Scope) -> PyValue:
    """The value a function gives for these arguments.

    Raises:
        UnreadableError: its body is not understood, or the arguments do not fit.
    """
    changing = [d for d in function.node.decorator_list if dotted_name(_called(d)) not in _NOT_CHANGING]
    if changing and function.enclosing is None:
        reason = f"{function.name} is changed by its decorator {ast.unparse(changing[0])}"
        raise UnreadableError(function.module, function.node, reason)
    if scope.depth > evaluator.DEEPEST:
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
    for parameter, default in evaluator.defaults(function.node).items():
        if parameter not in names:
            names[parameter] = evaluator.evaluate(default, inside)
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


def function_of(node: ast.Lambda) -> ast.FunctionDef:
    """A lambda as the function it is."""
    body = ast.copy_location(ast.Return(value=node.body), node.body)
    made = ast.FunctionDef(name="lambda", args=node.args, body=[body], decorator_list=[], lineno=node.lineno)
    return ast.copy_location(made, node)


def _isinstance(node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
    value, kinds = given.positional
    for kind in kinds if isinstance(kinds, tuple) else (kinds,):
        if isinstance(kind, type) and kind.__name__ in TYPES:
            if isinstance(evaluator.settled(value, node, scope), kind):
                return True
        elif isinstance(kind, ClassReference) and isinstance(value, ObjectValue):
            if kind in evaluator.lineage(value.kind, scope):
                return True
        elif not isinstance(kind, ClassReference) or isinstance(value, Symbol):
            raise UnreadableError(scope.module, node, "asks for a type that is not evaluated")
    return False


def _getattr(node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
    owner, name, *other = given.positional
    name = evaluator.settled(name, node, scope)
    try:
        return evaluator.attribute_of(owner, name, node, scope)
    except UnreadableError:
        if not other or isinstance(owner, Symbol):
            raise
        return other[0]


def _setattr(node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
    owner, name, value = given.positional
    name = evaluator.settled(name, node, scope)
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
        return evaluator.class_attribute(value.kind, "__call__", scope)[0]
    return isinstance(value, FunctionReference | Partial | ClassReference | BoundMethod | Symbol)


def _map(node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
    function, items = given.positional
    return [apply(function, Arguments(positional=(i,)), node, scope) for i in evaluator.items_of(items, node, scope)]


def _filter(node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
    function, items = given.positional
    kept = []
    for item in evaluator.items_of(items, node, scope):
        value = item if function is None else apply(function, Arguments(positional=(item,)), node, scope)
        if evaluator.truth(value, node, scope):
            kept.append(item)
    return kept


def _any(node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
    return any(evaluator.truth(item, node, scope) for item in evaluator.items_of(given.positional[0], node, scope))


def _all(node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
    return all(evaluator.truth(item, node, scope) for item in evaluator.items_of(given.positional[0], node, scope))


SPECIAL: dict[str, Callable[[ast.expr, Arguments, Scope], PyValue]] = {
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
    "enum.auto": lambda _: AutoValue(),
    "functools.partial": lambda given: Partial(
        function=given.positional[0], given=Arguments(positional=given.positional[1:], named=given.named)
    ),
    "functools.update_wrapper": lambda given: given.positional[0],
    "functools.wraps": _same,
    "six.wraps": _same,
}
"""Functions of libraries that are about functions, and what they make."""
