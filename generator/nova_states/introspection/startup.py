"""Reads what the start of nova-compute does to the servers on its host.

Mirrors `ComputeManager.init_host`: each method it calls that can change a server is decided, above all
`_init_instance`, which gets every server of the host. The others look for servers by themselves.
"""

from __future__ import annotations

import ast

from nova_states.errors import InputError
from nova_states.facts.model import Reaction, Section
from nova_states.introspection.interpreter.slicing import is_server_name
from nova_states.introspection.modules import Modules
from nova_states.introspection.reactions.decider import Decider, decided
from nova_states.introspection.reactions.left_out import tests_before
from nova_states.introspection.reactions.methods import MANAGER, MANAGER_FILE
from nova_states.introspection.syntax import dotted_name, parameter_names
from nova_states.introspection.tree_walk import walk

_BEGINNING = "init_host"


def read_startup(modules: Modules) -> Section[Reaction]:
    """What happens for every vm_state, task_state and, where it is looked at, power_state."""
    return decided(modules, _add)


def _add(decider: Decider) -> None:
    start = decider.method(_BEGINNING)
    if start is None:
        raise InputError(f"{MANAGER_FILE}: has no {_BEGINNING}; what the start does is unknown")
    is_decided = False
    calls = {dotted_name(node.func): node for node in reversed(_calls(start.node))}
    for name, call in reversed(calls.items()):
        method = decider.methods.called(MANAGER, name)
        if method is None or not decider.methods.changes_state(method.node, method.owner):
            continue
        if any(is_server_name(one) for one in parameter_names(method.node)):
            decider.decide(method, tests_before(start.node, name))
            is_decided = True
        elif any(is_server_name(part.id) for part in walk(call) if isinstance(part, ast.Name)):
            # It looks for no servers: what leads to this one stands in the start itself.
            decider.report(start, f"{_BEGINNING} decides by itself which servers it gives to {name}")
        else:
            decider.note(method)
    if not is_decided:
        decider.report(
            start, f"{_BEGINNING} calls nothing that takes a server and changes it; the start is not decided"
        )


def _calls(start: ast.AST) -> list[ast.Call]:
    """The calls of a function, those outside others first."""
    return [node for node in walk(start) if isinstance(node, ast.Call)]
