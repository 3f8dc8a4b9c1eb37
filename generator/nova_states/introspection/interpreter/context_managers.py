"""`with`: context managers of the tree are read around the body; save_and_reraise_exception raises again at its end."""
# ruff: noqa: PLR0913, PLR0917 - machine, frame, world and exits are what every step of an interpreter is given

from __future__ import annotations

import ast
from dataclasses import replace

from nova_states.introspection.interpreter.abstract_state import State, merge
from nova_states.introspection.interpreter.arguments import bind, given
from nova_states.introspection.interpreter.exceptions import RERAISE
from nova_states.introspection.interpreter.liveness import last_reads
from nova_states.introspection.interpreter.machine import Exits, Frame, Machine, routine_key
from nova_states.introspection.interpreter.values import NONE, UNKNOWN, Raised, Record, Reraise, Routine, Value


def run_with(machine: Machine, frame: Frame, node: ast.With, world: State, exits: Exits) -> list[State]:
    """Run a `with` statement."""
    return _enter(machine, frame, node, 0, world, exits)


def _enter(machine: Machine, frame: Frame, node: ast.With, index: int, world: State, exits: Exits) -> list[State]:
    """Enter the managers from `index` on, and run the body inside the last."""
    if index == len(node.items):
        return machine.execute(frame, node.body, [world], exits)
    item = node.items[index]
    name = item.optional_vars.id if isinstance(item.optional_vars, ast.Name) else None
    expression = item.context_expr
    if isinstance(expression, ast.Call) and _last_name(expression.func) == RERAISE:
        return _reraising(machine, frame, node, index, world, exits, name)
    manager = _manager(machine, frame, expression, world)
    if manager is not None and isinstance(expression, ast.Call):
        return [
            end
            for after, arguments, keywords in given(machine, frame, expression, world, exits)
            for end in _inside(machine, frame, node, index, after, exits, (manager, arguments, keywords))
        ]
    ends: list[State] = []
    for after, value in machine.evaluate(frame, expression, world, exits):
        inner = after.binding(name, value if isinstance(value, Record) else UNKNOWN) if name else after
        ends += _enter(machine, frame, node, index + 1, inner, exits)
    return ends


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _manager(machine: Machine, frame: Frame, expression: ast.expr, world: State) -> Routine | None:
    """The generator function behind a context manager that can matter."""
    if not isinstance(expression, ast.Call) or not machine.relevance.includes(_last_name(expression.func)):
        return None
    for _, function in machine.evaluate(frame, expression.func, world, Exits()):
        if isinstance(function, Routine) and not isinstance(function.node, ast.Lambda):
            names = {_last_name(decorator) for decorator in function.node.decorator_list}
            if "contextmanager" in names and routine_key(function) not in frame.stack:
                return function
    return None


def _reraising(
    machine: Machine, frame: Frame, node: ast.With, index: int, world: State, exits: Exits, name: str | None
) -> list[State]:
    """The exception being handled goes on at the end of the body, unless the body said otherwise."""
    call = node.items[index].context_expr
    assert isinstance(call, ast.Call)  # noqa: S101 - matched by the caller
    active = not any(
        keyword.arg == "reraise" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        for keyword in call.keywords
    )
    slot = name or " reraise"
    handled = world.handled or Raised(name=None)
    mine = Exits(raised=exits.raised)
    inside = _enter(machine, frame, node, index + 1, world.binding(slot, Reraise(active=active)), mine)

    def goes_on(end: State) -> bool:
        """Whether the body called the exception off; leaving it early does not."""
        if end.names.get(slot, Reraise(active=True)) == Reraise(active=False):
            return True
        exits.raised.append((after(end), handled))
        return False

    def after(end: State) -> State:
        return end.but(names={key: value for key, value in end.names.items() if key != slot})

    exits.returned.extend((after(end), value) for end, value in mine.returned if goes_on(end))
    exits.broken.extend(after(end) for end in mine.broken if goes_on(end))
    exits.continued.extend(after(end) for end in mine.continued if goes_on(end))
    return [after(end) for end in inside if goes_on(end)]


def _inside(
    machine: Machine,
    frame: Frame,
    node: ast.With,
    index: int,
    world: State,
    exits: Exits,
    made: tuple[Routine, list[Value], dict[str, Value]],
) -> list[State]:
    """Read a context manager of the tree, with the body run at its `yield`."""
    manager, arguments, keywords = made
    item = node.items[index]
    target = item.optional_vars.id if isinstance(item.optional_vars, ast.Name) else None

    def body(at_yield: State, generator_exits: Exits) -> list[State]:
        names = at_yield.names
        inner = at_yield.but(names=at_yield.saved[-1], saved=at_yield.saved[:-1], known=frozenset())
        inner = inner.binding(target, UNKNOWN) if target else inner
        mine = Exits()
        ends = _enter(machine, frame, node, index + 1, inner, mine)

        def back(one: State, *leaving: tuple[str, Value]) -> State:
            return replace(
                one, names=names, saved=(*one.saved, one.names), leaving=one.leaving + leaving, known=at_yield.known
            )

        generator_exits.raised.extend((back(one), raised) for one, raised in mine.raised)
        return [
            *(back(one) for one in merge(ends, frame.live(node.lineno))),
            *(back(one, ("return", value)) for one, value in mine.returned),
            *(back(one, ("break", NONE)) for one in mine.broken),
            *(back(one, ("continue", NONE)) for one in mine.continued),
        ]

    inside = Frame(
        module=manager.module,
        function=manager.name,
        owner=manager.owner if isinstance(manager.owner, Record) else frame.owner,
        last_reads=last_reads(machine, manager.node),
        actor=frame.actor,
        depth=frame.depth + 1,
        stack=(*frame.stack, routine_key(manager)),
        on_yield=body,
    )
    names = bind(machine, frame, manager, arguments, keywords)
    start = world.but(names=names, saved=(*world.saved, world.names), known=frozenset())
    mine = Exits()
    assert not isinstance(manager.node, ast.Lambda)  # noqa: S101 - a generator is a def
    depth = len(world.leaving)
    machine.modules.claims.follow(manager.path, manager.node)
    ends = [*machine.execute(inside, manager.node.body, [start], mine), *(one for one, _ in mine.returned)]

    def out(one: State) -> State:
        return one.but(
            names=one.saved[-1],
            saved=one.saved[:-1],
            known=world.known,
            leaving=one.leaving[:depth],
            failing=world.failing,
            handled=world.handled,
        )

    exits.raised.extend((out(one), raised) for one, raised in mine.raised)
    normal: list[State] = []
    for end in ends:
        match end.leaving[depth:]:
            case (("return", value), *_):
                exits.returned.append((out(end), value))
            case (("break", _), *_):
                exits.broken.append(out(end))
            case (("continue", _), *_):
                exits.continued.append(out(end))
            case _:
                normal.append(out(end))
    return normal
