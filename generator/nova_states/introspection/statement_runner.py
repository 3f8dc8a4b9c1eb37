"""Runs the statements of a function of Nova, or of a module's top level, over values of the constant evaluator.

Local names live in the scope's `names`, a dictionary that is changed. What cannot be followed raises; where the scope
has stand-ins for what is unknown, a statement without consequence is passed over. Loops are run as often as their
items are known, and no loop runs long.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from nova_states.introspection import constant_evaluator as evaluator
from nova_states.introspection import function_calls as calls
from nova_states.introspection.tree_walk import walk

_MOST_ROUNDS = 2_000

_CAUGHT: dict[str, type[Exception]] = {
    "ArithmeticError": ArithmeticError,
    "AttributeError": AttributeError,
    "Exception": Exception,
    "IndexError": IndexError,
    "KeyError": KeyError,
    "LookupError": LookupError,
    "TypeError": TypeError,
    "ValueError": ValueError,
}
EXCEPTIONS = frozenset({*_CAUGHT, "BaseException", "NotImplementedError", "RuntimeError", "StopIteration"})
"""Built-in exceptions, known by their names."""


class Leaving(Exception):  # noqa: N818 - no error, the way out of a block
    """Control that leaves a block."""


class Return(Leaving):
    """A function returned."""

    def __init__(self, value: evaluator.PyValue) -> None:
        super().__init__()
        self.value = value


class Raised(Leaving):
    """An exception was raised."""

    def __init__(self, value: evaluator.PyValue, node: ast.stmt, scope: evaluator.Scope) -> None:
        super().__init__()
        self.value = value
        self.node = node
        self.scope = scope


class _Break(Leaving):
    """A loop ends."""


class _Continue(Leaving):
    """A round of a loop ends."""


def run(body: Sequence[ast.stmt], scope: evaluator.Scope) -> None:
    """Run statements in order.

    Raises:
        Leaving: the last of them was left this way.
        SourceError: one is not understood.
    """
    for statement in body:
        runner = _RUNNERS.get(type(statement))
        if runner is None:
            raise evaluator.UnreadableError(scope.module, statement, f"{type(statement).__name__} is not followed")
        if not scope.modules.spend():
            raise evaluator.StuckError(scope.module, statement, "takes too many steps")
        runner(statement, scope)


def _names(scope: evaluator.Scope) -> dict[str, evaluator.PyValue]:
    assert isinstance(scope.names, dict)  # noqa: S101 - who runs statements gives a dictionary
    return scope.names


def _expression(node: ast.Expr, scope: evaluator.Scope) -> None:
    if not isinstance(node.value, ast.Constant):
        evaluator.evaluate(node.value, scope)


def _assign(node: ast.Assign, scope: evaluator.Scope) -> None:
    value = evaluator.evaluate(node.value, scope)
    for target in node.targets:
        bind(target, value, scope)


def _annotated(node: ast.AnnAssign, scope: evaluator.Scope) -> None:
    if node.value is not None:
        bind(node.target, evaluator.evaluate(node.value, scope), scope)


def _augmented(node: ast.AugAssign, scope: evaluator.Scope) -> None:
    before = evaluator.evaluate(_loaded(node.target), scope)
    value = evaluator.evaluate(node.value, scope)
    if (isinstance(before, list) and isinstance(node.op, ast.Add)) or (
        isinstance(before, set | dict) and isinstance(node.op, ast.BitOr)
    ):
        if calls.is_shared(before, scope):
            raise evaluator.UnreadableError(scope.module, node, "changes a value of the module's top level")
        more = evaluator.settled(value, node.value, scope)
        change: Callable[[Any], None] = before.extend if isinstance(before, list) else before.update
        _plainly(lambda: change(more), node.value, scope)
        bind(node.target, before, scope)
        return
    bind(node.target, evaluator.combine(node.op, before, value, node, scope), scope)


def _loaded(target: ast.expr) -> ast.expr:
    """A target as the expression that reads it."""
    match target:
        case ast.Name(id=name):
            made: ast.expr = ast.Name(id=name, ctx=ast.Load())
        case ast.Attribute(value=value, attr=attr):
            made = ast.Attribute(value=value, attr=attr, ctx=ast.Load())
        case ast.Subscript(value=value, slice=index):
            made = ast.Subscript(value=value, slice=index, ctx=ast.Load())
        case _:
            return target
    return ast.copy_location(made, target)


def bind(target: ast.expr, value: evaluator.PyValue, scope: evaluator.Scope) -> None:
    """Give `target` a value."""
    match target:
        case ast.Name(id=name):
            _names(scope)[name] = value
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            _unpack(target, parts, value, scope)
        case ast.Subscript(value=owner, slice=index):
            container = evaluator.evaluate(owner, scope)
            if not isinstance(container, dict | list) or calls.is_shared(container, scope):
                raise evaluator.UnreadableError(scope.module, target, "an item is set in what is not known")
            key = evaluator.settled(evaluator.evaluate(index, scope), index, scope)
            try:
                container[key] = value
            except (TypeError, IndexError) as error:
                reason = f"evaluation fails with {type(error).__name__}"
                raise evaluator.UnreadableError(scope.module, target, reason) from error
        case ast.Attribute(value=owner, attr=name):
            thing = evaluator.evaluate(owner, scope)
            if isinstance(thing, evaluator.ObjectValue):
                thing.attributes[name] = value
            elif isinstance(thing, evaluator.Symbol):
                thing.assigned(name, value, target, scope)
            elif scope.unknown is None:
                raise evaluator.UnreadableError(scope.module, target, "an attribute is set in what is not known")
        case _:
            raise evaluator.UnreadableError(scope.module, target, "the target of an assignment is not understood")


def _unpack(target: ast.expr, parts: list[ast.expr], value: evaluator.PyValue, scope: evaluator.Scope) -> None:
    if isinstance(value, evaluator.Symbol):
        for position, part in enumerate(parts):
            index = ast.copy_location(ast.Constant(value=position), part)
            item = ast.copy_location(ast.Subscript(value=target, slice=index, ctx=ast.Load()), part)
            bind(part.value if isinstance(part, ast.Starred) else part, _stand_in(item, scope), scope)
        return
    items = list(value) if isinstance(value, list | tuple | str | set | frozenset | dict) else None
    starred = [place for place, part in enumerate(parts) if isinstance(part, ast.Starred)]
    if items is None or (len(items) != len(parts) if not starred else len(items) < len(parts) - 1):
        raise evaluator.UnreadableError(scope.module, target, "what is unpacked does not fit")
    if starred:
        place, rest = starred[0], len(parts) - 1 - starred[0]
        middle = items[place : len(items) - rest]
        items = [*items[:place], middle, *items[len(items) - rest :]]
    for part, item in zip(parts, items, strict=True):
        bind(part.value if isinstance(part, ast.Starred) else part, item, scope)


def _stand_in(node: ast.expr, scope: evaluator.Scope) -> evaluator.PyValue:
    error = evaluator.UnreadableError(scope.module, node, "is not known")
    if scope.unknown is None:
        raise error
    return scope.unknown(node, scope, error)


def _if(node: ast.If, scope: evaluator.Scope) -> None:
    if scope.unknown is not None and _is_idle([*node.body, *node.orelse], scope):
        return
    run(node.body if evaluator.is_true(node.test, scope) else node.orelse, scope)


def _is_idle(body: Sequence[ast.stmt], scope: evaluator.Scope) -> bool:
    """Whether statements only call what is of no concern: logging and the like."""
    for statement in body:
        if not isinstance(statement, ast.Expr | ast.Pass):
            return False
        for node in walk(statement):
            if isinstance(node, ast.Call) and not _is_outside(node.func, scope):
                return False
            if isinstance(node, ast.NamedExpr | ast.Yield | ast.YieldFrom | ast.Await):
                return False
    return True


def _is_outside(function: ast.expr, scope: evaluator.Scope) -> bool:
    """Whether a called function is of a library outside the tree."""
    root = function
    while isinstance(root, ast.Attribute | ast.Call):
        root = root.value if isinstance(root, ast.Attribute) else root.func
    if not isinstance(root, ast.Name) or root.id in scope.names:
        return False
    if root.id in scope.module.imports:
        return scope.module.imports[root.id].partition(".")[0] != "nova"
    return root.id in scope.module.bindings and root.id == "LOG"


def _for(node: ast.For, scope: evaluator.Scope) -> None:
    value = evaluator.evaluate(node.iter, scope)
    if isinstance(value, evaluator.Symbol) and scope.unknown is not None:
        _unknown_rounds(node, scope)
        return
    items = _plainly(lambda: evaluator.items_of(value, node.iter, scope), node.iter, scope)
    if len(items) > _MOST_ROUNDS:
        raise evaluator.UnreadableError(scope.module, node, "loops too often")
    for item in items:
        bind(node.target, item, scope)
        try:
            run(node.body, scope)
        except _Break:
            return
        except _Continue:
            continue
    run(node.orelse, scope)


def _unknown_rounds(node: ast.For, scope: evaluator.Scope) -> None:
    """A loop over what is not known: what it assigns is unknown after it."""
    for part in walk(node):
        if isinstance(part, ast.Return | ast.Yield):
            raise evaluator.StuckError(scope.module, node, "a loop over what is not known decides")
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            _names(scope)[part.id] = _stand_in(ast.copy_location(ast.Name(id=part.id, ctx=ast.Load()), part), scope)


def _plainly(compute: Callable[[], Any], node: ast.expr, scope: evaluator.Scope) -> Any:  # noqa: ANN401 - any value
    try:
        return compute()
    except (TypeError, ValueError, KeyError) as error:
        reason = f"evaluation fails with {type(error).__name__}"
        raise evaluator.UnreadableError(scope.module, node, reason) from error


def _while(node: ast.While, scope: evaluator.Scope) -> None:
    for _ in range(_MOST_ROUNDS):
        if not evaluator.is_true(node.test, scope):
            run(node.orelse, scope)
            return
        try:
            run(node.body, scope)
        except _Break:
            return
        except _Continue:
            continue
    raise evaluator.UnreadableError(scope.module, node, "loops too often")


def _return(node: ast.Return, scope: evaluator.Scope) -> None:
    raise Return(evaluator.evaluate(node.value, scope) if node.value is not None else None)


def _raise(node: ast.Raise, scope: evaluator.Scope) -> None:
    if node.exc is None:
        raise Raised(None, node, scope)
    raise Raised(raised_value(node.exc, scope), node, scope)


def raised_value(node: ast.expr, scope: evaluator.Scope) -> evaluator.PyValue:
    """What is raised, as a class where that can be told."""
    if isinstance(node, ast.Call):
        made = evaluator.evaluate(node.func, scope)
        while isinstance(made, evaluator.Partial):
            made = made.function
        if isinstance(made, evaluator.ClassReference | evaluator.External):
            return made
    return evaluator.evaluate(node, scope)


def class_of(value: evaluator.PyValue) -> evaluator.ClassReference | None:
    """The class of the tree that a raised value is of."""
    if isinstance(value, evaluator.ObjectValue):
        return value.kind
    return value if isinstance(value, evaluator.ClassReference) else None


def _try(node: ast.Try, scope: evaluator.Scope) -> None:
    try:
        try:
            run(node.body, scope)
        except Raised as error:
            handler = _handler(node, error.value, scope)
            if handler is None:
                raise
            _handle(handler, error.value, scope)
        except evaluator.StuckError:
            raise
        except evaluator.UnreadableError as error:
            handler = _handler_of_failure(node, error, scope)
            if handler is None:
                raise
            _handle(handler, evaluator.External(name=type(error.__cause__).__name__), scope)
        else:
            run(node.orelse, scope)
    finally:
        run(node.finalbody, scope)


def _handle(handler: ast.ExceptHandler, value: evaluator.PyValue, scope: evaluator.Scope) -> None:
    if handler.name:
        _names(scope)[handler.name] = value
    try:
        run(handler.body, scope)
    except Raised as again:
        if again.value is None:
            raise Raised(value, again.node, again.scope) from again
        raise


def _handler(node: ast.Try, value: evaluator.PyValue, scope: evaluator.Scope) -> ast.ExceptHandler | None:
    """The handler that catches a raised value."""
    kind = class_of(value)
    for handler in node.handlers:
        if handler.type is None:
            return handler
        for caught in _kinds(handler.type, scope):
            name = getattr(caught, "name", "").rpartition(".")[2]
            if name in ("Exception", "BaseException"):
                return handler
            if kind is not None and isinstance(caught, evaluator.ClassReference):
                if caught in evaluator.lineage(kind, scope):
                    return handler
            elif caught == value:
                return handler
    return None


def _kinds(node: ast.expr, scope: evaluator.Scope) -> list[evaluator.PyValue]:
    value = evaluator.evaluate(node, scope)
    return list(value) if isinstance(value, tuple | list) else [value]


def _handler_of_failure(
    node: ast.Try, error: evaluator.UnreadableError, scope: evaluator.Scope
) -> ast.ExceptHandler | None:
    """The handler that catches what Python itself would raise here (a key that is not there)."""
    if not isinstance(error.__cause__, LookupError):
        return None
    for handler in node.handlers:
        for caught in (
            _kinds(handler.type, scope) if handler.type is not None else [evaluator.External(name="Exception")]
        ):
            kind = _CAUGHT.get(getattr(caught, "name", ""))
            if kind is not None and isinstance(error.__cause__, kind):
                return handler
    return None


def _with(node: ast.With, scope: evaluator.Scope) -> None:
    suppressed: list[evaluator.PyValue] = []
    for item in node.items:
        match item.context_expr:
            case ast.Call(func=maker, args=kinds) if (
                getattr(_quietly(maker, scope), "name", "") == "contextlib.suppress"
            ):
                suppressed += [evaluator.evaluate(kind, scope) for kind in kinds]
            case _:
                value = evaluator.evaluate(item.context_expr, scope)
                if item.optional_vars is not None:
                    bind(item.optional_vars, value, scope)
    try:
        run(node.body, scope)
    except Raised as error:
        if error.value not in suppressed:
            raise


def _quietly(node: ast.expr, scope: evaluator.Scope) -> evaluator.PyValue:
    try:
        return evaluator.evaluate(node, scope)
    except evaluator.UnreadableError:
        return None


def _match(node: ast.Match, scope: evaluator.Scope) -> None:
    subject = evaluator.evaluate(node.subject, scope)
    for case in node.cases:
        if _fits(case.pattern, subject, node, scope) and (case.guard is None or evaluator.is_true(case.guard, scope)):
            run(case.body, scope)
            return


def _fits(pattern: ast.pattern, subject: evaluator.PyValue, node: ast.Match, scope: evaluator.Scope) -> bool:
    match pattern:
        case ast.MatchValue(value=value):
            return evaluator.compare(ast.Eq(), subject, evaluator.evaluate(value, scope), node.subject, scope)
        case ast.MatchSingleton(value=value):
            return evaluator.compare(ast.Is(), subject, value, node.subject, scope)
        case ast.MatchOr(patterns=patterns):
            return any(_fits(one, subject, node, scope) for one in patterns)
        case ast.MatchAs(pattern=inner, name=name):
            if inner is not None and not _fits(inner, subject, node, scope):
                return False
            if name is not None:
                _names(scope)[name] = subject
            return True
        case ast.MatchSequence(patterns=patterns) if isinstance(subject, tuple | list):
            return len(patterns) == len(subject) and all(
                _fits(one, item, node, scope) for one, item in zip(patterns, subject, strict=True)
            )
    raise evaluator.StuckError(scope.module, node, f"the pattern {ast.unparse(pattern)} is not understood")


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, scope: evaluator.Scope) -> None:
    value: evaluator.PyValue = evaluator.FunctionReference(
        module=scope.module, node=node, name=node.name, enclosing=scope.names
    )
    for decorator in reversed(node.decorator_list):
        wrapper = evaluator.evaluate(decorator, scope)
        value = calls.apply(wrapper, evaluator.Arguments(positional=(value,)), decorator, scope)
    _names(scope)[node.name] = value


def _class(node: ast.ClassDef, scope: evaluator.Scope) -> None:
    _names(scope)[node.name] = evaluator.ClassReference(module=scope.module, node=node, name=node.name)


def _import(node: ast.Import, scope: evaluator.Scope) -> None:
    for alias in node.names:
        root = alias.name.partition(".")[0]
        dotted = alias.name if alias.asname else root
        _names(scope)[alias.asname or root] = evaluator.resolve(dotted, scope.modules, scope.depth + 1)


def _import_from(node: ast.ImportFrom, scope: evaluator.Scope) -> None:
    origin = scope.module.origin_of(node)
    for alias in node.names:
        value = evaluator.resolve(f"{origin}.{alias.name}", scope.modules, scope.depth + 1)
        _names(scope)[alias.asname or alias.name] = value


def _delete(node: ast.Delete, scope: evaluator.Scope) -> None:
    for target in node.targets:
        match target:
            case ast.Name(id=name) if name in scope.names:
                del _names(scope)[name]
            case ast.Subscript(value=owner, slice=index):
                container = evaluator.evaluate(owner, scope)
                if calls.is_shared(container, scope):
                    raise evaluator.UnreadableError(scope.module, node, "deletes from what is not known")
                key = evaluator.settled(evaluator.evaluate(index, scope), index, scope)
                if not isinstance(container, dict | list) or key not in container:
                    raise evaluator.UnreadableError(scope.module, node, "deletes what is not known")
                container.pop(key)
            case _:
                raise evaluator.UnreadableError(scope.module, node, "deletes what is not known")


def _pass(_node: ast.stmt, _scope: evaluator.Scope) -> None:
    return


def _break(_node: ast.Break, _scope: evaluator.Scope) -> None:
    raise _Break


def _continue(_node: ast.Continue, _scope: evaluator.Scope) -> None:
    raise _Continue


def _assert(node: ast.Assert, scope: evaluator.Scope) -> None:
    if not evaluator.is_true(node.test, scope):
        raise Raised(evaluator.External(name="AssertionError"), node, scope)


_RUNNERS: dict[type[ast.stmt], Callable[[Any, evaluator.Scope], None]] = {
    ast.AnnAssign: _annotated,
    ast.Assert: _assert,
    ast.Assign: _assign,
    ast.AsyncFunctionDef: _function,
    ast.AugAssign: _augmented,
    ast.Break: _break,
    ast.ClassDef: _class,
    ast.Continue: _continue,
    ast.Delete: _delete,
    ast.Expr: _expression,
    ast.For: _for,
    ast.FunctionDef: _function,
    ast.If: _if,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Match: _match,
    ast.Pass: _pass,
    ast.Raise: _raise,
    ast.Return: _return,
    ast.Try: _try,
    ast.While: _while,
    ast.With: _with,
}
