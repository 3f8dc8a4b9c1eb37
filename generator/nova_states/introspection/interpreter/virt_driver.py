"""Calls that leave what is read: callbacks handed to virt drivers, work given to threads, drivers that write states.

A snapshot's `update_task_state` is called the way the tree's drivers call it; other callbacks once or not at all.
"""

from __future__ import annotations

import ast
import re

from nova_states.facts.condition import Callback, Driver
from nova_states.introspection.interpreter.abstract_state import State, merge
from nova_states.introspection.interpreter.arguments import given
from nova_states.introspection.interpreter.machine import Arguments, Context, Found, Frame, Machine
from nova_states.introspection.interpreter.node_queries import dotted
from nova_states.introspection.interpreter.slicing import functions, is_server_name
from nova_states.introspection.interpreter.values import (
    CALLABLE,
    UNKNOWN,
    Class,
    InstanceRef,
    Partial,
    Record,
    Routine,
    Value,
)
from nova_states.introspection.modules import Module
from nova_states.introspection.tree_walk import walk

_THREAD = re.compile(r"spawn|submit|pass_context|start_recorded_task")
_REGISTRATION = re.compile(r"register|add_done_callback")
"""Calls that keep a function for later; what it does then has an entry point of its own."""
_CALLBACK = "update_task_state"
_UNDOING = re.compile(r"rollback|recover")
"""What a driver calls back once the work has failed."""
_VIRT = "nova/virt"
_NO_DRIVERS = frozenset({"driver.py", "fake.py"})
"""What lies beside the drivers in nova/virt: their base class, and one for tests."""
_MOST_CALLS = 3
"""Task states a snapshot passes through in a driver."""
_WRITE = re.compile(rb"instance\.(?:vm|task)_state = ")


def call_back(here: Context, node: ast.Call, arguments: Arguments, world: State) -> Found:
    """A call that is handed functions: it starts them in a thread, or calls them back."""
    callables = [value for value in arguments.all() if isinstance(value, CALLABLE)]
    if _THREAD.search(dotted(node.func)):
        function = callables[0]
        before = arguments.positional
        rest = Arguments(
            positional=before[before.index(function) + 1 :] if function in before else (), named=arguments.named
        )
        here.apart().call(node, function, rest, world.handling(None, failing=False))
        return [(world, UNKNOWN)]
    if _REGISTRATION.search(dotted(node.func)):
        return [(world, UNKNOWN)]
    worlds = [world]
    for function in callables:
        target = function.function if isinstance(function, Partial) else function
        name = target.name.rpartition(".")[2] if isinstance(target, Routine) else ""
        start = world.provided(Callback(function=name))
        if _UNDOING.search(name):
            start = start.but(failing=True)
        if name == _CALLBACK and isinstance(function, Routine):
            worlds += _repeat(here, node, function, start)
        else:
            worlds += [after for after, _ in _once(here, node, function, start)]
    return [(after, UNKNOWN) for after in merge(worlds)]


def _once(here: Context, node: ast.Call, function: Value, world: State) -> Found:
    """Call a function with arguments that nobody knows, except that an instance is the server."""
    target = function.function if isinstance(function, Partial) else function
    keywords: dict[str, Value] = {}
    if isinstance(target, Routine) and world.views:
        names = [parameter.arg for parameter in target.node.args.args]
        bound = len(function.arguments) if isinstance(function, Partial) else 0
        free = names[bound + (target.owner is not None) :]
        keywords = {name: InstanceRef(view=0) for name in free if is_server_name(name)}
    return here.call(node, function, Arguments(named=keywords), world)


def _repeat(here: Context, node: ast.Call, function: Routine, world: State) -> list[State]:
    """Call a function the way each driver does, one call after another."""
    ends: list[State] = []
    going = [world]
    for _ in range(_MOST_CALLS):
        further: list[State] = []
        for module, call in _callback_calls(here.machine):
            frame = Frame(module=module, function="", owner=None, last_reads={}, actor=here.frame.actor)
            there = here.inside(frame, here.exits)
            for one in going:
                for ready, arguments in given(there, call, one):
                    after = here.call(node, function, arguments, ready)
                    further += [end for end, _ in after]
        going = merge(further)
        for one in going:
            here.raises_any(one)
        ends += going
    return ends


def _callback_calls(machine: Machine) -> list[tuple[Module, ast.Call]]:
    """Where drivers call `update_task_state`, each set of arguments once."""
    return machine.memo.once(("callback calls",), lambda: _find_callback_calls(machine))


def _find_callback_calls(machine: Machine) -> list[tuple[Module, ast.Call]]:
    found: dict[str, tuple[Module, ast.Call]] = {}
    for module in _drivers(machine, rb"update_task_state\("):
        for call in walk(module.tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == _CALLBACK:
                machine.written.add((module.path, call.lineno, call.col_offset))
                found.setdefault(ast.unparse(call), (module, call))
    return list(found.values())


def _drivers(machine: Machine, pattern: re.Pattern[bytes] | bytes) -> list[Module]:
    """The drivers' modules whose text has `pattern`; only those are parsed."""
    return [machine.modules.at(path) for path in _driver_paths(machine, pattern)]


def _driver_paths(machine: Machine, pattern: re.Pattern[bytes] | bytes) -> list[str]:
    """The files of the drivers whose text has `pattern`."""
    tree = machine.modules.tree
    paths = machine.modules.paths(_VIRT)
    return [path for path in paths if path.endswith(".py") and re.search(pattern, tree.read(path))]


def call_driver(here: Context, node: ast.Call, world: State) -> Found:
    """A call of the virt driver: most drivers leave states alone, some methods of some write them."""
    match node.func:
        case ast.Attribute(value=ast.Attribute(attr="driver"), attr=method):
            pass
        case _:
            return [(world, UNKNOWN)]
    writers = _writing_methods(here.machine).get(method, ())
    # What other drivers do leaves the states alone; where there are none, the base class only raises.
    writing = {name for name, _ in writers}
    found: Found = [] if writers and writing >= _implementing(here.machine, method) else [(world, UNKNOWN)]
    for name, routine in writers:
        start = world.provided(Driver(name=name))
        for ready, arguments in given(here, node, start):
            found += here.call(node, routine, arguments, ready)
    return found


def _implementing(machine: Machine, method: str) -> set[str]:
    """The drivers, by name, that have a method of this name of their own."""
    pattern = re.compile(rb"^ +def " + method.encode() + rb"\(", re.MULTILINE)
    return machine.memo.once(
        ("implementing", method),
        lambda: {path.split("/")[2] for path in _driver_paths(machine, pattern)} - _NO_DRIVERS,
    )


def _writing_methods(machine: Machine) -> dict[str, list[tuple[str, Routine]]]:
    """Method → the drivers (by name) whose method of that name writes states."""
    return machine.memo.once(("writing methods",), lambda: _find_writing_methods(machine))


def _find_writing_methods(machine: Machine) -> dict[str, list[tuple[str, Routine]]]:
    found: dict[str, list[tuple[str, Routine]]] = {}
    for module in _drivers(machine, _WRITE):
        for kind in module.classes.values():
            owner = Record(kind=Class(path=module.path, name=kind.name, module=module, node=kind))
            for function in functions(kind):
                if _writes(function):
                    routine = Routine(
                        path=module.path,
                        line=function.lineno,
                        name=f"{kind.name}.{function.name}",
                        owner=owner,
                        module=module,
                        node=function,
                    )
                    found.setdefault(function.name, []).append((module.path.split("/")[2], routine))
    return found


def _writes(function: ast.AST) -> bool:
    """Whether a function assigns a state of an instance."""
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and node.attr in {"vm_state", "task_state"}
        and isinstance(node.value, ast.Name)
        and is_server_name(node.value.id)
        for node in walk(function)
    )
