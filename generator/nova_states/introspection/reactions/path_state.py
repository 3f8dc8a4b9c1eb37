"""The combinations of states a function is decided over, and what is known of a server on one path through it."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from nova_states.facts.model import Evidence, StateKind
from nova_states.facts.state_set import FIELDS, StateSet
from nova_states.introspection.constant_evaluator import PyValue
from nova_states.introspection.constants import state_values
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.reactions.assumptions import Assumption, joined

Ending: TypeAlias = Literal["return", "raise", "continue", "break"]
"""How a path left the statements it was in."""


def all_combinations(modules: Modules) -> StateSet:
    """Every combination the tree's constants allow, its power_states by number.

    A server that the hypervisor does not know is NOSTATE, as Nova sees it.

    Raises:
        InputError: a file of constants is missing.
    """
    vm_states, task_states, power_states = (frozenset(state_values(modules, kind).values()) for kind in FIELDS)
    return StateSet(vm_state=vm_states, task_state=task_states | {None}, power_state=power_states)


@dataclass(frozen=True, kw_only=True, slots=True)
class Initial:
    """The state that the server had at the start, whichever it was."""

    kind: StateKind


VM_STATE = Initial(kind="vm_state")
TASK_STATE = Initial(kind="task_state")
POWER_STATE = Initial(kind="power_state")


@dataclass(frozen=True, kw_only=True, slots=True)
class RuntimeValue:
    """A value that only shows at run time, told by the expression that gives it."""

    text: str
    """The expression, normalised: what makes two values the same."""
    node: ast.expr = field(repr=False, compare=False)


def runtime_value(node: ast.expr) -> RuntimeValue:
    """What an expression gives at run time."""
    return RuntimeValue(text=ast.unparse(node), node=node)


def runtime_name(name: str) -> RuntimeValue:
    """What a variable holds at run time."""
    return RuntimeValue(text=name, node=ast.Name(id=name))


def server_attribute(name: str) -> RuntimeValue:
    """What the server's object has under a name."""
    return runtime_value(ast.Attribute(value=ast.Name(id="instance"), attr=name))


STORED_POWER_STATE = server_attribute("power_state")
"""The power_state in the database, which need not be what the hypervisor reports."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerObject:
    """The server that is being decided about: Nova's instance object."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Guest:
    """What the hypervisor tells of the server (`driver.get_info`)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerQuery:
    """The servers that a query for some states finds."""

    filters: tuple[tuple[PyValue, PyValue], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pairs:
    """A dictionary that is written out."""

    items: tuple[tuple[PyValue, PyValue], ...]
    """Key and value; the key is None where it is no constant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """A function that can be followed: a method, or a function inside one."""

    module: Module = field(repr=False, compare=False)
    node: Function = field(repr=False)
    owner: str | None
    """The class whose methods `self` has."""
    name: str
    """Qualified name, for evidence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something done to the server on a path."""

    effect: str
    evidence: Evidence
    assumed: int
    """How many of the path's assumptions it rests on."""
    takes_writes: bool = False
    """Whether the next write of states belongs to it: a driver's call changes none by itself."""
    end: tuple[PyValue, PyValue] | None = None
    """vm_state and task_state once it is done; None while it is the path's last event."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Path:
    """One way through a function, for the combinations of its box."""

    box: StateSet
    branch: Evidence
    """The branch entered last."""
    names: Mapping[str, PyValue]
    vm_state: PyValue = VM_STATE
    task_state: PyValue = TASK_STATE
    power_state: PyValue = STORED_POWER_STATE
    saved: tuple[PyValue, PyValue] = (VM_STATE, TASK_STATE)
    """vm_state and task_state in the database."""
    kept: tuple[tuple[PyValue, PyValue], ...] = ()
    """All that was saved of the two on the way, where only success is followed."""
    unsaved: tuple[tuple[str, Evidence], ...] = ()
    """Attributes written and not yet saved, with the place."""
    assumptions: tuple[Assumption, ...] = ()
    facts: tuple[tuple[str, PyValue], ...] = ()
    """Text of an unknown value → what it must be on this path."""
    events: tuple[Event, ...] = ()
    writes: int = 0
    is_remembered: bool = False
    """Whether what is known of the hypervisor's answer may be one that its driver remembered."""
    is_outdated: bool = False
    """Whether the driver failed to act on the guest after the hypervisor answered: it may be in any state since."""
    ending: Ending | None = None
    result: PyValue = None

    def but(self, **changes: Any) -> Path:  # noqa: ANN401 - the fields of Path
        """The same path with some fields changed."""
        return dataclasses.replace(self, **changes)

    def joined(self, other: Path) -> Path | None:
        """One path for two of the same key and box, if what they assume can be said as one."""
        together = joined(self.assumptions, other.assumptions)
        if together is None:
            return None
        assumptions, removed = together
        if removed is None:
            return self.but(assumptions=assumptions)
        events = (dataclasses.replace(e, assumed=e.assumed - 1) if e.assumed > removed else e for e in self.events)
        return self.but(assumptions=assumptions, events=tuple(events))

    def named(self, name: str, value: PyValue) -> Path:
        """The same path with a local name bound."""
        return self.but(names={**self.names, name: value})

    def key(self) -> object:
        """All but the box and the assumptions: paths that share it go on in the same way."""
        names = frozenset(self.names.items())
        state = (self.vm_state, self.task_state, self.power_state, self.saved, self.kept, self.unsaved, self.writes)
        story = (self.facts, self.events, self.branch, self.is_remembered, self.is_outdated)
        return (state, story, self.ending, self.result, names)
