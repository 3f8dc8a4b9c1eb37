"""The parts of the flow interpreter as they see each other.

Where it stands (`Context`: which release, which function, where its ways out are kept), what it found (`StateWrite`),
and the operations that statements, expressions, tests and calls ask of one another.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import ClassVar, TypeAlias

from nova_states.facts.model import Guard
from nova_states.facts.state_set import FieldStates, StateSet
from nova_states.introspection.interpreter.abstract_state import ObjectView, ServerRow, State
from nova_states.introspection.interpreter.conditions import Conditions, either
from nova_states.introspection.interpreter.exception_sources import Origins
from nova_states.introspection.interpreter.node_queries import dotted
from nova_states.introspection.interpreter.slicing import Relevance
from nova_states.introspection.interpreter.values import Raised, Record, Remote, Routine, Value
from nova_states.introspection.modules import Module, Modules
from nova_states.memo import Memo

MOST_STEPS = 400_000
"""Statements and calls one entry point may take; the longest of any release takes a tenth of it."""

DEEPEST = 40
"""Calls inside calls."""


Found: TypeAlias = list[tuple[State, Value]]
"""What an expression may be, each with the state it leaves behind."""
Branches: TypeAlias = tuple[list[State], list[State]]
"""The worlds in which a test holds, and those in which it does not."""

RoutineKey: TypeAlias = tuple[str, int, tuple[tuple[str, Value], ...]]


_NO_DRIVER = re.compile(
    r"(?:_api|_?rpcapi|reportclient|notifier|objects|_utils|instance|migration|scheduler_client|query_client)\.[\w.]+$"
    r"|^notify_|\b_notify_"
)
"""Calls that reach no virt driver: clients of other services, objects, notifications."""
_TELLING = re.compile(
    r"(?:notifier|scheduler_client|query_client|objects|instance|migration)\.[\w.]+$|^notify_|[._]notify_"
)
"""Calls that tell others what happened, or keep it in a record of Nova's own: none of them asks a driver."""


class BudgetError(Exception):
    """An entry point took more steps than any honest source needs; what was found so far stands."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourcePlace:
    """A place in the source."""

    path: str
    line: int
    function: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StateWrite:
    """A write of state that reaches the database."""

    start: ServerRow | None
    """None: the row is created."""
    vm_state: str | None
    """What is written; None: the field stays."""
    task_state: str | None
    writes_task: bool
    """Whether `task_state` is written, as its None is a state."""
    failing: bool
    symbolic: bool
    conditions: Conditions
    expected: FieldStates = None
    """The task_states that the save makes sure of; None: it does not look."""
    actor: str
    site: SourcePlace


@dataclass(kw_only=True, slots=True)
class Exits:
    """The ways out of a piece of code other than its end."""

    raised: list[tuple[State, Raised]] = field(default_factory=list)
    returned: list[tuple[State, Value]] = field(default_factory=list)
    broken: list[State] = field(default_factory=list)
    continued: list[State] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Frame:
    """The function being read."""

    module: Module
    function: str
    """Qualified name."""
    owner: Record | None
    """What `self` is."""
    last_reads: dict[str, int]
    """Variable → last line that reads it (the end of the loop, if inside one)."""
    live_at: dict[int, frozenset[str]] = field(default_factory=dict)
    """Answers of `live` so far."""
    actor: str
    """The service that runs it: api, conductor or compute."""
    depth: int = 0
    stack: tuple[RoutineKey, ...] = ()
    """Functions around it."""
    defers: bool = False
    """Whether messages that nobody waits for are kept for later: they lead back into what is being read."""
    on_yield: Callable[[State, Exits], list[State]] | None = None
    """For a context manager: runs the `with` body; what leaves the generator there is entered in the exits."""

    def live(self, line: int) -> frozenset[str]:
        """Variables that are read at `line` or after it."""
        found = self.live_at.get(line)
        if found is None:
            found = frozenset(name for name, last in self.last_reads.items() if last >= line)
            self.live_at[line] = found
        return found

    def site(self, node: ast.AST) -> SourcePlace:
        """The place of a node of this function."""
        return SourcePlace(path=self.module.path, line=getattr(node, "lineno", 1), function=self.function)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Arguments:
    """What a call hands over."""

    positional: tuple[Value, ...] = ()
    named: dict[str, Value] = field(default_factory=dict)

    def all(self) -> tuple[Value, ...]:
        """The values, in their order."""
        return (*self.positional, *self.named.values())

    def after(self, *first: Value) -> Arguments:
        """The same behind other positional arguments."""
        return Arguments(positional=(*first, *self.positional), named=self.named)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RemoteCall:
    """A message that is sent: where it stands, by what and with which arguments, and from which world."""

    frame: Frame
    node: ast.AST
    sender: Remote
    arguments: Arguments
    world: State


@dataclass(frozen=True, kw_only=True, slots=True)
class Operations:
    """What statements, expressions, tests and calls ask of one another; `Context` has each as a method."""

    execute: Callable[[Context, list[ast.stmt], list[State]], list[State]]
    evaluate: Callable[[Context, ast.expr, State], Found]
    evaluate_call: Callable[[Context, ast.Call, State], Found]
    branch: Callable[[Context, ast.expr, State], Branches]
    call: Callable[[Context, ast.AST, Value, Arguments, State], Found]


@dataclass(kw_only=True)
class Machine:
    """What all parts of the interpreter share while one release is read."""

    no_row: ClassVar[ServerRow] = ServerRow(exists=False)
    """The row of a world that has no server."""

    operations: Operations
    modules: Modules
    universe: StateSet
    relevance: Relevance
    origins: Origins
    guards: dict[tuple[str, str], list[Guard]]
    """File and function → the state guards in front of it."""
    delete_guards: tuple[Guard, ...] = ()
    """The state guards of a delete, which may come in while something else is at work."""
    sinks: list[dict[StateWrite, None]] = field(default_factory=lambda: [{}])
    """Edges found, by entry point and, inside, by remembered call; the last is written to."""
    written: set[tuple[str, int, int]] = field(default_factory=set)
    """Write sites that were reached: file, line and column."""
    unread: dict[SourcePlace, str] = field(default_factory=dict)
    """Writes whose value could not be told."""
    action: str = ""
    """The action being read."""
    stored: dict[str, dict[str, set[Hashable]]] = field(default_factory=dict)
    """States left in system_metadata by one operation for another: key → action → states."""
    left_in: dict[str, frozenset[str]] = field(default_factory=dict)
    """Action that was read → the vm_states it writes when nothing fails."""
    memo: Memo = field(default_factory=Memo)
    """Answers to questions of the whole release, by what was asked, and what functions do."""
    messages: list[dict[object, RemoteCall]] = field(default_factory=lambda: [{}])
    """Messages whose sending is being read already, by what tells them apart; kept as edges are in `sinks`."""
    unsaved: ObjectView | None = None
    """The server that a request to build carries."""
    steps: int = 0
    anchored: bool = True
    """Whether the entry point is about one given server, so that a query finds others."""

    def spend(self) -> None:
        """Count a step.

        Raises:
            BudgetError: the entry point has used up its steps.
        """
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise BudgetError

    def later(self, message: RemoteCall) -> None:
        """Keep a message that leads back to where it was sent from before, such as that to build on another host."""
        world = message.world
        key = (
            message.sender, message.arguments.positional, frozenset(message.arguments.named.items()),
            world.row, world.views, world.failing, world.symbolic,
        )  # fmt: skip
        kept = self.messages[-1].get(key)
        if kept is not None:
            world = world.but(conditions=either([kept.world.conditions, world.conditions]))
        self.messages[-1][key] = replace(message, world=world)

    def deliver(self) -> None:
        """Let the messages be received that were kept, and those that come of them, each once.

        Raises:
            BudgetError: they take more steps than any honest source needs.
        """
        delivered: set[object] = set()
        while remaining := [key for key in self.messages[0] if key not in delivered]:
            for key in remaining:
                delivered.add(key)
                kept = self.messages[0][key]
                there = Context(machine=self, frame=kept.frame)
                there.call(kept.node, kept.sender, kept.arguments, kept.world)

    def record(self, edge: StateWrite) -> None:
        """Keep an edge."""
        self.sinks[-1][edge] = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Context:
    """Where the interpreter stands."""

    machine: Machine
    frame: Frame
    """The function being read."""
    exits: Exits = field(default_factory=Exits)
    """Where the ways out of it are kept; of nobody's interest where none are given."""

    def leaving(self, exits: Exits) -> Context:
        """The same with the ways out kept elsewhere."""
        return Context(machine=self.machine, frame=self.frame, exits=exits)

    def apart(self) -> Context:
        """The same with the ways out of nobody's interest."""
        return self.leaving(Exits())

    def inside(self, frame: Frame, exits: Exits) -> Context:
        """The same in another function."""
        return Context(machine=self.machine, frame=frame, exits=exits)

    def execute(self, body: list[ast.stmt], worlds: list[State]) -> list[State]:
        """Run statements; the worlds at their end."""
        return self.machine.operations.execute(self, body, worlds)

    def evaluate(self, node: ast.expr, world: State) -> Found:
        """The values of an expression, each with the world it leaves behind."""
        return self.machine.operations.evaluate(self, node, world)

    def evaluate_call(self, node: ast.Call, world: State) -> Found:
        """The values of a call expression."""
        return self.machine.operations.evaluate_call(self, node, world)

    def branch(self, test: ast.expr, world: State) -> Branches:
        """The worlds in which a test holds, and those in which it does not."""
        return self.machine.operations.branch(self, test, world)

    def call(self, node: ast.AST, function: Value, arguments: Arguments, world: State) -> Found:
        """Call a value; `node` is the place of the call."""
        return self.machine.operations.call(self, node, function, arguments, world)

    def mark(self, node: ast.AST) -> None:
        """Remember that a write site was reached."""
        place = (self.frame.module.path, getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
        self.machine.written.add(place)

    def raises(self, world: State, raised: Raised) -> None:
        """Let an exception leave the code that is being read."""
        self.exits.raised.append((world, raised))

    def raises_any(self, world: State, node: ast.AST | None = None) -> None:
        """Let somebody else's code raise what it can; `node`: the call, if it may be one that reaches no driver."""
        called = dotted(node.func) if isinstance(node, ast.Call) else ""
        self.raises(world, self.machine.memo.once(("impossible", called), lambda: _possible(self.machine, called)))


def _possible(machine: Machine, called: str) -> Raised:
    """What a call of code that is not read may raise."""
    function = called.rpartition(".")[2]
    is_telling = bool(_TELLING.search(called)) or function in machine.origins.telling
    never = machine.origins.impossible(function, reaches_driver=not (is_telling or _NO_DRIVER.search(called)))
    alien = machine.origins.alien(function) if is_telling else frozenset()
    return Raised(name=None, excluded=never, alien=alien)


def entered(world: State, names: dict[str, Value]) -> State:
    """The world as a function that was just called sees it."""
    return world.but(names=names, known=frozenset(), conditions=(), saved=(), leaving=())


def routine_key(routine: Routine) -> RoutineKey:
    """What tells a function from all others: for one made by a decorator also what it wraps."""
    return (routine.path, routine.line, routine.closure)
