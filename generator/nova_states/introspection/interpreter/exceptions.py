"""Which handler catches what: Nova's exceptions by their bases, all others by name."""

from __future__ import annotations

import ast
from dataclasses import replace

from nova_states.facts.condition import Raises, tells_exception
from nova_states.introspection.constant_evaluator import ClassReference, External, Scope, UnreadableError, evaluate
from nova_states.introspection.interpreter.abstract_state import State, merge
from nova_states.introspection.interpreter.machine import Context, Exits, Machine
from nova_states.introspection.interpreter.node_queries import names_in
from nova_states.introspection.interpreter.values import Raised
from nova_states.introspection.modules import Module

_ROOTS = frozenset({"Exception", "BaseException"})
_NORMAL = frozenset({"NotImplementedError"})
"""What a driver raises that cannot do something; handling it is the ordinary way on."""
_MOST_NAMED = 3
RERAISE = "save_and_reraise_exception"
"""The context manager of oslo.utils that raises the handled exception again at its end."""
_HANDLED = "(handled)"
"""Marks an unknown exception that is being handled, to tell it from one that the handling raises."""


def handled(machine: Machine) -> Raised:
    """An unknown exception that is being handled."""
    return Raised(name=None, excluded=machine.origins.known | {_HANDLED})


def exception_name(machine: Machine, module: Module, node: ast.expr) -> str:
    """The dotted name of an exception class; the expression's text if it cannot be followed."""
    return machine.memo.once(("exception", node), lambda: _exception_name(machine, module, node))


def _exception_name(machine: Machine, module: Module, node: ast.expr) -> str:
    try:
        value = evaluate(node, Scope(modules=machine.modules, module=module))
    except UnreadableError:
        return ast.unparse(node)
    if isinstance(value, ClassReference):
        return f"{value.module.name}.{value.name}"
    return value.name if isinstance(value, External) else ast.unparse(node)


def ancestors(machine: Machine, name: str) -> frozenset[str]:
    """An exception's class and all its bases, by dotted name."""
    return machine.memo.once(("ancestors", name), lambda: _ancestors(machine, name))


def _ancestors(machine: Machine, name: str) -> frozenset[str]:
    module_name, _, own = name.rpartition(".")
    module = machine.modules.named(module_name) if module_name else None
    result = {name}
    if module is not None and own in module.classes:
        for base in module.classes[own].bases:
            result |= ancestors(machine, exception_name(machine, module, base))
    elif name == "NotImplementedError":
        result.add("RuntimeError")
    return frozenset(result | {"Exception"})


def names_of(here: Context, kinds: ast.expr | None) -> tuple[str, ...]:
    """The classes a handler or an isinstance test names; a bare handler names all."""
    if kinds is None:
        return ("BaseException",)
    listed = kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]
    return tuple(exception_name(here.machine, here.frame.module, one) for one in listed)


def covers(here: Context, kinds: ast.expr | None, raised: Raised) -> bool | None:
    """Whether an exception is one of `kinds`; None: it may be."""
    names = names_of(here, kinds)
    if raised.name is not None:
        return _is_one_of(here.machine, raised.name, names)
    if raised.among:
        verdicts = {_is_one_of(here.machine, one, names) for one in raised.among}
        return verdicts.pop() if len(verdicts) == 1 else None
    if any(name in _ROOTS for name in names):
        return True
    return False if all(name in raised.excluded or name in raised.alien for name in names) else None


def _is_one_of(machine: Machine, raised: str, names: tuple[str, ...]) -> bool:
    known = ancestors(machine, raised)
    return any(name in known or name == "BaseException" for name in names)


def run_handlers(here: Context, node: ast.Try, before: State, body: Exits) -> list[State]:
    """Run the handlers of a `try` that was entered from `before` for what its body raised; the rest is raised on."""
    ends: list[State] = []
    waiting: dict[Raised, list[State]] = {}
    for world, raised in body.raised:
        waiting.setdefault(raised, []).append(world)
    for raised, worlds in waiting.items():
        remaining = raised
        merged = merge(worlds, here.frame.live(node.lineno))
        for handler in node.handlers:
            verdict = covers(here, handler.type, remaining)
            if verdict is False:
                continue
            if _only_reraises(handler):
                here.exits.raised.extend((world, remaining) for world in merged)
                if verdict:
                    break
                remaining = _excluding(here, handler, remaining)
                continue
            handled_ends = _handle(here, handler, remaining, merged)
            # A handler that raises again, but not this time: what was tried has failed all the same.
            failing = before.failing or RERAISE in names_in(handler)
            ends += [end.handling(before.handled, failing=failing) for end in handled_ends]
            if verdict:
                break
            remaining = _excluding(here, handler, remaining)
        else:
            here.exits.raised.extend((world, remaining) for world in merged)
    return ends


def _raises_again(handler: ast.ExceptHandler) -> bool:
    """Whether a handler ends in an exception, too."""
    return any(isinstance(node, ast.Raise) for node in handler.body) or RERAISE in names_in(handler)


def _only_reraises(handler: ast.ExceptHandler) -> bool:
    return len(handler.body) == 1 and isinstance(handler.body[0], ast.Raise) and handler.body[0].exc is None


def _excluding(here: Context, handler: ast.ExceptHandler, raised: Raised) -> Raised:
    names = names_of(here, handler.type)
    among = tuple(one for one in raised.among if not _is_one_of(here.machine, one, names))
    return Raised(name=None, excluded=raised.excluded | {*names}, among=among, alien=raised.alien)


def _caught(here: Context, handler: ast.ExceptHandler, raised: Raised) -> Raised:
    """What a handler knows of the exception it handles."""
    if raised.name is not None:
        return raised
    names = names_of(here, handler.type)
    if raised.among:
        names = tuple(one for one in raised.among if _is_one_of(here.machine, one, names))
    if not _ROOTS.isdisjoint(names):
        return replace(raised, excluded=raised.excluded | {_HANDLED})
    possible = tuple(name for name in names if name not in raised.excluded)
    return Raised(name=possible[0]) if len(possible) == 1 else Raised(name=None, among=possible)


def _handle(here: Context, handler: ast.ExceptHandler, raised: Raised, worlds: list[State]) -> list[State]:
    names = names_of(here, handler.type)
    caught = _caught(here, handler, raised)
    is_normal = all(name in _NORMAL for name in names) and not _raises_again(handler)
    starts = []
    for world in worlds:
        start = world.handling(caught, failing=world.failing or not is_normal)
        condition = _condition(names, raised, world)
        start = start.provided(condition) if condition else start
        starts.append(start.binding(handler.name, caught) if handler.name else start)
    mine = Exits(returned=here.exits.returned, broken=here.exits.broken, continued=here.exits.continued)
    ends = here.leaving(mine).execute(handler.body, starts)
    # Failures of the handling itself are left out: they would clear or set anything anywhere.
    here.exits.raised.extend((w, one) for w, one in mine.raised if one.name or one.among or _HANDLED in one.excluded)
    return ends


def raised_condition(raised: Raised) -> Raises:
    """The condition under which an exception is on its way."""
    return _named((raised.name,) if raised.name else raised.among or ("Exception",))


def _condition(names: tuple[str, ...], raised: Raised, world: State) -> Raises | None:
    """The condition under which a handler runs; None where it is told already."""
    if any(name in _ROOTS for name in names):
        is_known = raised.name is not None or bool(raised.among) or _HANDLED in raised.excluded
        if is_known and any(tells_exception(condition) for condition in world.conditions):
            return None
        return raised_condition(raised)
    if raised.name is not None:
        return raised_condition(raised)
    return _named(tuple(name for name in raised.among or names if name not in raised.excluded))


def _named(names: tuple[str, ...]) -> Raises:
    short = [name.rpartition(".")[2] for name in names]
    shown = tuple("Exception" if name == "BaseException" else name for name in short[:_MOST_NAMED])
    return Raises(exceptions=shown, more=len(short) > _MOST_NAMED)
