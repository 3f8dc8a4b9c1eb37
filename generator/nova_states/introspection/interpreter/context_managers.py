"""`with`: context managers of the tree are read around the body; save_and_reraise_exception raises again at its end."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace

from nova_states.introspection.interpreter.abstract_state import State, merge
from nova_states.introspection.interpreter.arguments import bind, given
from nova_states.introspection.interpreter.exceptions import RERAISE
from nova_states.introspection.interpreter.liveness import last_reads
from nova_states.introspection.interpreter.machine import Arguments, Context, Exits, Frame, routine_key
from nova_states.introspection.interpreter.values import NONE, UNKNOWN, Raised, Record, Reraise, Routine, Value


def run_with(here: Context, node: ast.With, world: State) -> list[State]:
    """Run a `with` statement."""
    return _enter(here, node, 0, world)


def _enter(here: Context, node: ast.With, index: int, world: State) -> list[State]:
    """Enter the managers from `index` on, and run the body inside the last."""
    if index == len(node.items):
        return here.execute(node.body, [world])
    item = node.items[index]
    name = item.optional_vars.id if isinstance(item.optional_vars, ast.Name) else None
    expression = item.context_expr
    if isinstance(expression, ast.Call) and _last_name(expression.func) == RERAISE:
        slot = name or " reraise"
        return _reraising(here, node, index, world.binding(slot, Reraise(active=_is_active(expression))), slot)
    manager = _manager(here, expression, world)
    if manager is not None and isinstance(expression, ast.Call):
        return [
            end
            for after, arguments in given(here, expression, world)
            for end in _inside(here, node, index, after, replace(manager, arguments=arguments))
        ]
    ends: list[State] = []
    for after, value in here.evaluate(expression, world):
        inner = after.binding(name, value if isinstance(value, Record) else UNKNOWN) if name else after
        ends += _enter(here, node, index + 1, inner)
    return ends


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Manager:
    """A context manager of the tree: a generator function, and what it is called with."""

    routine: Routine
    body: list[ast.stmt]
    arguments: Arguments = field(default_factory=Arguments)


def _manager(here: Context, expression: ast.expr, world: State) -> _Manager | None:
    """The generator function behind a context manager that can matter."""
    if not isinstance(expression, ast.Call) or not here.machine.relevance.includes(_last_name(expression.func)):
        return None
    for _, function in here.apart().evaluate(expression.func, world):
        if isinstance(function, Routine) and not isinstance(function.node, ast.Lambda):
            names = {_last_name(decorator) for decorator in function.node.decorator_list}
            if "contextmanager" in names and routine_key(function) not in here.frame.stack:
                return _Manager(routine=function, body=function.node.body)
    return None


def _is_active(call: ast.Call) -> bool:
    """Whether save_and_reraise_exception is to raise again, as far as its call says."""
    return not any(
        keyword.arg == "reraise" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        for keyword in call.keywords
    )


def _reraising(here: Context, node: ast.With, index: int, world: State, slot: str) -> list[State]:
    """The exception being handled goes on at the end of the body, unless the body said otherwise.

    `slot`: the variable that holds the object of save_and_reraise_exception.
    """
    handled = world.handled or Raised(name=None)
    mine = Exits(raised=here.exits.raised)
    inside = _enter(here.leaving(mine), node, index + 1, world)

    def goes_on(end: State) -> bool:
        """Whether the body called the exception off; leaving it early does not."""
        if end.names.get(slot, Reraise(active=True)) == Reraise(active=False):
            return True
        here.raises(after(end), handled)
        return False

    def after(end: State) -> State:
        return end.but(names={key: value for key, value in end.names.items() if key != slot})

    here.exits.returned.extend((after(end), value) for end, value in mine.returned if goes_on(end))
    here.exits.broken.extend(after(end) for end in mine.broken if goes_on(end))
    here.exits.continued.extend(after(end) for end in mine.continued if goes_on(end))
    return [after(end) for end in inside if goes_on(end)]


def _inside(here: Context, node: ast.With, index: int, world: State, manager: _Manager) -> list[State]:
    """Read a context manager of the tree, with the body run at its `yield`."""
    item = node.items[index]
    target = item.optional_vars.id if isinstance(item.optional_vars, ast.Name) else None

    def body(at_yield: State, generator_exits: Exits) -> list[State]:
        names = at_yield.names
        inner = at_yield.but(names=at_yield.saved[-1], saved=at_yield.saved[:-1], known=frozenset())
        inner = inner.binding(target, UNKNOWN) if target else inner
        mine = Exits()
        ends = _enter(here.leaving(mine), node, index + 1, inner)

        def back(one: State, *leaving: tuple[str, Value]) -> State:
            return replace(
                one, names=names, saved=(*one.saved, one.names), leaving=one.leaving + leaving, known=at_yield.known
            )

        generator_exits.raised.extend((back(one), raised) for one, raised in mine.raised)
        return [
            *(back(one) for one in merge(ends, here.frame.live(node.lineno))),
            *(back(one, ("return", value)) for one, value in mine.returned),
            *(back(one, ("break", NONE)) for one in mine.broken),
            *(back(one, ("continue", NONE)) for one in mine.continued),
        ]

    routine = manager.routine
    inside = Frame(
        module=routine.module,
        function=routine.name,
        owner=routine.owner if isinstance(routine.owner, Record) else here.frame.owner,
        last_reads=last_reads(here.machine, routine.node),
        actor=here.frame.actor,
        depth=here.frame.depth + 1,
        stack=(*here.frame.stack, routine_key(routine)),
        defers=here.frame.defers,
        on_yield=body,
    )
    names = bind(here, routine, manager.arguments)
    start = world.but(names=names, saved=(*world.saved, world.names), known=frozenset())
    mine = Exits()
    depth = len(world.leaving)
    here.machine.modules.claims.follow(routine.path, routine.node)
    ends = [*here.inside(inside, mine).execute(manager.body, [start]), *(one for one, _ in mine.returned)]

    def out(one: State) -> State:
        return one.but(
            names=one.saved[-1],
            saved=one.saved[:-1],
            known=world.known,
            leaving=one.leaving[:depth],
            failing=world.failing,
            handled=world.handled,
        )

    here.exits.raised.extend((out(one), raised) for one, raised in mine.raised)
    normal: list[State] = []
    for end in ends:
        match end.leaving[depth:]:
            case (("return", value), *_):
                here.exits.returned.append((out(end), value))
            case (("break", _), *_):
                here.exits.broken.append(out(end))
            case (("continue", _), *_):
                here.exits.continued.append(out(end))
            case _:
                normal.append(out(end))
    return normal
