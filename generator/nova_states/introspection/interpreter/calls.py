"""Calls: functions of the tree are read in place, messages to other services in theirs, the rest may raise.

What a function does from given states with given arguments is remembered, so that no one is read twice alike.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from weakref import WeakKeyDictionary

from nova_states.introspection.interpreter import builtins, rpc, virt_driver
from nova_states.introspection.interpreter.abstract_state import ATTRIBUTES, State
from nova_states.introspection.interpreter.arguments import bind, given
from nova_states.introspection.interpreter.constructors import construct
from nova_states.introspection.interpreter.expressions import evaluate_all
from nova_states.introspection.interpreter.guard_application import pass_guards
from nova_states.introspection.interpreter.instance_model import add_view, save, write_field
from nova_states.introspection.interpreter.machine import (
    DEEPEST,
    Arguments,
    Context,
    Exits,
    Found,
    Machine,
    entered,
    routine_key,
)
from nova_states.introspection.interpreter.node_queries import has_call, is_docstring
from nova_states.introspection.interpreter.quiet_calls import is_quiet
from nova_states.introspection.interpreter.summaries import apply
from nova_states.introspection.interpreter.values import (
    CALLABLE,
    NONE,
    UNKNOWN,
    Class,
    InstanceRef,
    Method,
    Partial,
    Remote,
    Routine,
    Value,
)
from nova_states.introspection.modules import Function
from nova_states.introspection.syntax import parameter_names
from nova_states.introspection.tree_walk import walk

_SENDERS = ("rpcapi.py", "conductor/api.py")
"""Where messages to other services are sent from."""
_STATES = ("vm_state", "task_state", "power_state")
"""How the parameters of a judging function end: a state it is given, whatever stands before."""
_JUDGING = (ast.FunctionDef, ast.If, ast.Assign, ast.Return, ast.Expr)
"""The statements of a judging function: it compares and answers, and calls nothing."""
_JUDGES: WeakKeyDictionary[ast.AST, bool] = WeakKeyDictionary()
"""Function → whether it judges, found once for each."""
_UPDATE = "_instance_update"
"""The method that assigns its keywords and saves; the write is where it is called."""


def evaluate_call(here: Context, node: ast.Call, world: State) -> Found:
    """The values of a call expression."""
    here.machine.spend()
    special = builtins.evaluate(here, node, world)
    if special is not None:
        return special
    found: Found = []
    for after, function in here.evaluate(node.func, world):
        if is_followed(here.machine, function):
            for ready, arguments in given(here, node, after):
                found += here.call(node, function, arguments, ready)
        else:
            found += _call_stranger(here, node, function, after)
    return found


def is_followed(machine: Machine, function: Value) -> bool:
    """Whether a call of this value is read."""
    if isinstance(function, Routine):
        if function.bare or isinstance(function.node, ast.Lambda) or isinstance(function.owner, InstanceRef):
            return True
        name = function.node.name
        return name == _UPDATE or machine.relevance.follows(name) or _is_getter(function.node) or judges(function.node)
    return isinstance(function, Partial | Remote | Method | Class)


def _is_getter(function: Function) -> bool:
    """Whether a method does nothing but give an attribute of its object."""
    match [statement for statement in function.body if not is_docstring(statement)]:
        case [ast.Return(value=ast.Attribute(value=ast.Name(id="self")))]:
            return True
    return False


def judges(function: Function) -> bool:
    """Whether a function does nothing but tell something of the states that it is given."""
    found = _JUDGES.get(function)
    if found is None:
        is_given = any(name.endswith(_STATES) for name in parameter_names(function))
        found = is_given and all(isinstance(node, _JUDGING) for node in walk(function) if isinstance(node, ast.stmt))
        found = found and not any(isinstance(node, ast.Call) for node in walk(function))
        _JUDGES[function] = found
    return found


def call(here: Context, node: ast.AST, function: Value, arguments: Arguments, world: State) -> Found:
    """Call a value with arguments already evaluated."""
    match function:
        case Routine():
            return _call_routine(here, node, function, arguments, world)
        case Partial():
            named = dict(function.keywords) | arguments.named
            together = Arguments(positional=(*function.arguments, *arguments.positional), named=named)
            return call(here, node, function.function, together, world)
        case Remote():
            return rpc.send(here, node, function, arguments, world)
        case Method():
            return builtins.call_method(here, node, function, arguments, world)
        case Class():
            return [(world, construct(here, function, arguments, world))]
    here.raises_any(world)
    return [(world, UNKNOWN)]


def _call_stranger(here: Context, node: ast.Call, function: Value, world: State) -> Found:
    """A call that is not read: it may raise, call back what it was handed, or start that in a thread."""
    found: Found = []
    if any(_is_callable(here, one, world) for one in (*node.args, *(k.value for k in node.keywords))):
        for ready, arguments in given(here, node, world):
            here.raises_any(ready, node)
            found += virt_driver.call_back(here, node, arguments, ready)
        return found
    effects = [one for one in (*node.args, *(k.value for k in node.keywords)) if has_call(one)]
    for after, _ in evaluate_all(here, effects, world):
        if not is_quiet(here, node, function, after):
            here.raises_any(after, node)
        found += virt_driver.call_driver(here, node, after)
    return found


def _is_callable(here: Context, argument: ast.expr, world: State) -> bool:
    """Whether an argument is a function that would be read if it were called."""
    match argument:
        case ast.Name(id=name) if name in world.names:
            value = world.names[name]
        case ast.Attribute(value=ast.Name(id="self")):
            ((_, value), *_) = here.apart().evaluate(argument, world)
        case _:
            return isinstance(argument, ast.Lambda)
    return isinstance(value, CALLABLE) and is_followed(here.machine, value)


def _call_routine(here: Context, node: ast.AST, routine: Routine, arguments: Arguments, world: State) -> Found:
    name = routine.name.rpartition(".")[2]
    if name == _UPDATE:
        return _update(here, node, routine, arguments, world)
    if routine_key(routine) in here.frame.stack or here.frame.depth > DEEPEST:
        if not routine.path.endswith(_SENDERS) or here.frame.defers:
            here.raises_any(world)
            return [(world, UNKNOWN)]
        # It leads back to where it was sent from before, such as that to build on another host: the answer of who is
        # waited for is known all the same, and what that one sends on is read once all else is.
        here = here.inside(replace(here.frame, stack=(), depth=0, defers=True), here.exits)
    outer = routine if routine.bare else _decorated(here, routine)
    if outer is not routine:
        if routine.owner is not None:
            arguments = arguments.after(routine.owner)
        return call(here, node, outer, arguments, world)
    names = bind(here, routine, arguments)
    found: Found = []
    alike = _alike(node, routine.node)
    for allowed in pass_guards(here, routine, names, world):
        found += apply(here, routine, names, allowed, alike)
    return found


def _alike(node: ast.AST, function: Function | ast.Lambda) -> frozenset[str]:
    """The parameters of a judging function that a call gives variables of the same name: a test of one is of both.

    Not so where the function gives the parameter another value: what it then tests its caller never had.
    """
    if not isinstance(node, ast.Call) or isinstance(function, ast.Lambda) or not judges(function):
        return frozenset()
    parameters = parameter_names(function)
    positional = parameters[1:] if parameters[:1] == ["self"] else parameters
    given_values = [*zip(positional, node.args, strict=False)]
    given_values += [(one.arg, one.value) for one in node.keywords if one.arg]
    own = {one.id for one in walk(function) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    same = {name for name, value in given_values if isinstance(value, ast.Name) and value.id == name}
    return frozenset(same - own)


def _update(here: Context, node: ast.AST, routine: Routine, arguments: Arguments, world: State) -> Found:
    server = next((value for value in arguments.positional if isinstance(value, InstanceRef)), None)
    if server is None and world.row.exists and _takes_uuid(routine):
        # Only the database's row is written: no object of the caller has it.
        world, server = add_view(world)
    if server is None:
        here.raises_any(world)
        return [(world, NONE)]
    worlds = [world]
    for attribute in ATTRIBUTES:
        if attribute in arguments.named:
            field, value = (server.view, attribute), arguments.named[attribute]
            worlds = [after for one in worlds for after in write_field(here, node, one, field, value)]
    return [(after, NONE) for one in worlds for after in save(here, node, one, server.view, arguments.named)]


def _takes_uuid(routine: Routine) -> bool:
    """Whether a method names the server by its uuid, as all did before there were Instance objects."""
    return any(parameter.arg == "instance_uuid" for parameter in routine.node.args.args)


def _decorated(here: Context, routine: Routine) -> Routine:
    """What stands in a function's place once its decorators that write state have wrapped it."""
    return here.machine.memo.once(("decorated", routine_key(routine)), lambda: _decorate(here, routine)) or routine


def _decorate(here: Context, routine: Routine) -> Routine | None:
    if isinstance(routine.node, ast.Lambda):
        return None
    inner = replace(routine, owner=None, bare=True)
    result: Value = inner
    inside = here.inside(replace(here.frame, module=routine.module), Exits())
    for decorator in reversed(routine.node.decorator_list):
        if not isinstance(decorator, ast.Name):
            continue
        empty = entered(State(row=here.machine.no_row, names={}), {})
        ((_, wrapper), *_) = inside.evaluate(decorator, empty)
        if not isinstance(wrapper, Routine) or not here.machine.relevance.includes(decorator.id):
            continue
        for _, value in call(inside, decorator, wrapper, Arguments(positional=(result,)), empty):
            if isinstance(value, Routine):
                result = replace(value, bare=True)
    return result if isinstance(result, Routine) and result is not inner else None
