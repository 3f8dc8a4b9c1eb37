"""Who leads to a function: the actions that users ask for, and what nova-compute does by itself."""

from __future__ import annotations

from nova_states.introspection.compute_api import API_CLASS, COMPUTE_API
from nova_states.introspection.modules import Modules
from nova_states.introspection.public_actions import read_actions
from nova_states.introspection.reach.escapes import EscapeAnalysis, analyse
from nova_states.introspection.reach.targets import Place
from nova_states.introspection.syntax import decorator_name, methods

STARTUP, POWER_SYNC = "startup", "power_sync"
_MANAGER = ("nova/compute/manager.py", "ComputeManager")
_START = "init_host"
_POWER_SYNC_TASK = "_sync_power_states"
_PERIODIC = "periodic_task"


def action_places(whole: Modules) -> dict[str, Place]:
    """Action → the method that does it: of the compute API, or of a controller where the REST layer does it alone."""
    program = analyse(whole, follows_messages=True).program
    found: dict[str, Place] = {}
    for action in read_actions(whole).facts:
        path, name = action.evidence.file, action.evidence.function or ""
        if action.method:
            path, name = COMPUTE_API, f"{API_CLASS}.{action.method.rpartition(f'.{API_CLASS}.')[2].partition('.')[0]}"
        owner, _, method_name = name.partition(".")
        kind = program.class_at(path, owner)
        method = program.method(kind, method_name) if kind else None
        if method is not None:
            found[action.id] = Place(code=method, receiver=kind)
    return found


def own_work(whole: Modules) -> dict[str, Place]:
    """What nova-compute does by itself: its start and its periodic tasks, by the names that transitions give them."""
    program = analyse(whole, follows_messages=True).program
    manager = program.class_at(*_MANAGER)
    found: dict[str, Place] = {}
    for name, definitions in methods(manager.node).items() if manager else ():
        code = program.code(manager.module, definitions[-1]) if manager else None
        periodic = any(_PERIODIC in decorator_name(node) for node in definitions[-1].decorator_list)
        if code is not None and name == _START:
            found[STARTUP] = Place(code=code, receiver=manager)
        elif code is not None and periodic:
            task = POWER_SYNC if name == _POWER_SYNC_TASK else f"periodic:{name.lstrip('_')}"
            found[task] = Place(code=code, receiver=manager)
    return found


def reached_places(whole: Modules) -> dict[str, dict[Place, None]]:
    """Action → all functions that it leads to, by calls, messages and threads, nearest first."""
    if "reached places" not in whole.remembered:
        analysis = analyse(whole, follows_messages=True)
        whole.remembered["reached places"] = _reached(analysis, action_places(whole))
    found: dict[str, dict[Place, None]] = whole.remembered["reached places"]
    return found


def leading_to(whole: Modules) -> dict[tuple[str, str], tuple[str, ...]]:
    """File and qualified name of a function → the actions that lead to it, and what leads there by itself; sorted."""
    if "leading to" not in whole.remembered:
        analysis = analyse(whole, follows_messages=True)
        sets: dict[tuple[str, str], set[str]] = {}
        own = _reached(analysis, own_work(whole))
        for name, places in (*reached_places(whole).items(), *own.items()):
            for place in places:
                sets.setdefault((place.code.module.path, place.code.name), set()).add(name)
        whole.remembered["leading to"] = {key: tuple(sorted(names)) for key, names in sets.items()}
    found: dict[tuple[str, str], tuple[str, ...]] = whole.remembered["leading to"]
    return found


def _reached(analysis: EscapeAnalysis, starts: dict[str, Place]) -> dict[str, dict[Place, None]]:
    for start in starts.values():
        analysis.of(start)
    # Many starts lead to the same functions: what each of these leads to is put in order once.
    ordered: dict[Place, list[Place]] = {}
    return {name: _from(start, analysis, ordered) for name, start in starts.items()}


def _from(start: Place, analysis: EscapeAnalysis, ordered: dict[Place, list[Place]]) -> dict[Place, None]:
    found: dict[Place, None] = {start: None}
    waiting = [start]
    for place in waiting:
        if place not in ordered:
            ordered[place] = sorted(analysis.leads_to.get(place, ()), key=_order)
        fresh = [further for further in ordered[place] if further not in found]
        found |= dict.fromkeys(fresh)
        waiting.extend(fresh)
    return found


def _order(place: Place) -> tuple[str, str, str, str]:
    receiver = place.receiver.name if place.receiver else ""
    return place.code.module.path, place.code.name, receiver, str(place.known)
