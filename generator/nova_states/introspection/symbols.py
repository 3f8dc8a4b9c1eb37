"""Runs a function of Nova for every combination of a server's states at once, as far as it looks at them.

A `Run` is one way through: a state that is looked at is narrowed at each test, what nothing here can tell becomes a
condition in words. Every test with two sides makes two ways, so that all ways together say for each vm_state,
task_state and launched_at what happens, and on which condition. A state that a test needs and that cannot be told
stops the reading (`StuckError`): there is no guessing about states.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from nova_states.facts.condition import ELIDED, Condition, negated
from nova_states.introspection.code_tests import code_condition
from nova_states.introspection.constant_evaluator import (
    Arguments,
    External,
    PyValue,
    Scope,
    StuckError,
    Symbol,
    UnreadableError,
    attribute_of,
    evaluate,
)
from nova_states.introspection.modules import Module
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.syntax import state_of

Field: TypeAlias = str
"""An attribute of a server that is looked at: "vm_state", "task_state" or "launched_at"."""
FIELDS: tuple[Field, ...] = ("vm_state", "task_state", "launched_at")

OTHER = "<a state of another release>"
"""Stands for every state that the release does not name: what it meets tells an allow list from a deny list."""
LAUNCHED = "<a time>"

_MOST_WAYS = 3_000

Values: TypeAlias = frozenset[str | None]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenTest:
    """A test that states do not decide, and how it turns out."""

    test: ast.expr = field(hash=False, compare=False)
    text: str
    holds: bool

    def condition(self) -> Condition:
        """The test as a condition."""
        return self.turning(self.holds)

    def turning(self, holds: bool) -> Condition:  # noqa: FBT001 - the outcome
        """The test with an outcome."""
        condition = code_condition(self.test)
        return condition if holds else negated(condition) or ELIDED


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """One way through a function: the states that take it, the conditions, and its end."""

    states: Mapping[Field, Values]
    conditions: tuple[OpenTest, ...]
    end: object


@dataclass(kw_only=True, eq=False)
class Run:
    """One way through, while it is taken."""

    states: dict[Field, Values]
    choices: list[int]
    """Sides to take at the first tests; later ones take the first side."""
    taken: list[tuple[int, int]] = field(default_factory=list)
    """Side taken and number of sides, test by test."""
    conditions: dict[str, OpenTest] = field(default_factory=dict)
    asked_name: bool = False
    """Whether the guarded function's own name decided something."""
    unlisted: dict[Field, set[str]] = field(default_factory=dict)
    """States that the source compares with and that the release does not name."""

    def choose(self, sides: int) -> int:
        """Which of several sides this way takes."""
        place = len(self.taken)
        side = self.choices[place] if place < len(self.choices) else 0
        self.taken.append((side, sides))
        return side

    def narrow(self, name: Field, holds: Callable[[PyValue], bool]) -> bool:
        """Take one side of a test of a state."""
        values = self.states[name]
        yes = frozenset(value for value in values if holds(value))
        if yes and yes != values:
            is_yes = self.choose(2) == 0
            self.states[name] = yes if is_yes else values - yes
            return is_yes
        return bool(yes)

    def note(self, name: Field, other: PyValue) -> None:
        """Remember states that a state is compared with and that the release does not name."""
        listed = other if isinstance(other, list | tuple | set | frozenset | dict) else (other,)
        states = {value for value in listed if isinstance(value, str)} if name != "launched_at" else set()
        self.unlisted.setdefault(name, set()).update(states)

    def single(self, name: Field) -> str | None:
        """Take one state of those that are possible."""
        values = sorted(self.states[name], key=lambda value: (value is not None, value or ""))
        value = values[self.choose(len(values))] if len(values) > 1 else values[0]
        self.states[name] = frozenset({value})
        return value

    def one_in(self, name: Field, table: Container[PyValue]) -> str | None:
        """Take one state of those that a table has, or all that it does not have, told by one of them."""
        values = sorted(self.states[name], key=lambda value: (value is not None, value or ""))
        others = [value for value in values if value not in table]
        sides = [[value] for value in values if value in table] + ([others] if others else [])
        side = sides[self.choose(len(sides))] if len(sides) > 1 else sides[0]
        self.states[name] = frozenset(side)
        return side[-1] if OTHER not in side else OTHER

    def decide(self, test: ast.expr) -> bool:
        """Take one side of a test that states do not decide; the same side each time."""
        text = ast.unparse(test)
        known = self.conditions.get(text)
        if known is None and self._is_excluded(test):
            return False
        if known is None:
            known = OpenTest(test=test, text=text, holds=self.choose(2) == 0)
            self.conditions[text] = known
        return known.holds

    def assume(self, test: ast.expr, *, holds: bool) -> None:
        """Take a condition as given."""
        self.conditions[ast.unparse(test)] = OpenTest(test=test, text=ast.unparse(test), holds=holds)

    def _is_excluded(self, test: ast.expr) -> bool:
        """Whether something is asked to equal one constant that equals another already."""
        return any(other.holds and excludes(other.test, test) for other in self.conditions.values())


def excludes(one: ast.expr, other: ast.expr) -> bool:
    """Whether two tests cannot both hold: the same thing equals two different constants."""
    match one, other:
        case (
            ast.Compare(left=left, ops=[ast.Eq()], comparators=[ast.Constant(value=value)]),
            ast.Compare(left=same, ops=[ast.Eq()], comparators=[ast.Constant(value=wanted)]),
        ):
            return bool(value != wanted and ast.dump(same) == ast.dump(left))
    return False


def explore(
    take: Callable[[Run], T], states: Mapping[Field, Values], module: Module, node: ast.AST
) -> tuple[list[Way], Mapping[Field, Values]]:
    """All ways through `take`, which is given a run and returns the way's end; and all states there are.

    Raises:
        SourceError: there are too many ways, or one cannot be followed.
    """
    waiting: list[list[int]] = [[]]
    ways: list[Way] = []
    while waiting:
        run = Run(states=dict(states), choices=waiting.pop())
        end = take(run)
        more = {name: values | run.unlisted.get(name, frozenset()) for name, values in states.items()}
        if more != states:
            return explore(take, more, module, node)
        ways.append(Way(states=run.states, conditions=tuple(run.conditions.values()), end=end))
        for place in range(len(run.choices), len(run.taken)):
            before = [taken for taken, _ in run.taken[:place]]
            waiting.extend([*before, side] for side in range(1, run.taken[place][1]))
        if len(ways) > _MOST_WAYS:
            raise UnreadableError(module, node, "has more ways than are followed")
    return ways, states


class StateSymbol(Symbol):
    """A state of the server."""

    __slots__ = ("_name", "_run")

    def __init__(self, name: Field, run: Run) -> None:
        self._name = name
        self._run = run

    def truth(self, _node: ast.expr, _scope: Scope) -> bool:
        """Whether there is a state."""
        return self._run.narrow(self._name, bool)

    def settled(self, _node: ast.expr, _scope: Scope) -> PyValue:
        """One of the states."""
        return self._run.single(self._name)

    def key(self, table: Container[PyValue], _node: ast.expr, _scope: Scope) -> PyValue:
        """One of the states that are keys of a table, or all others at once."""
        return self._run.one_in(self._name, table)

    def attribute(self, name: str, node: ast.expr, scope: Scope) -> PyValue:
        """What one of the states has."""
        value = self._run.single(self._name)
        if self._name == "launched_at" and value is not None:
            raise UnreadableError(scope.module, node, f"{name} of launched_at is not known")
        return attribute_of(value, name, node, scope)

    def compared(self, operation: Callable[[PyValue], bool], other: PyValue, node: ast.expr, scope: Scope) -> bool:
        """Whether the comparison holds."""
        self._run.note(self._name, other)
        try:
            return self._run.narrow(self._name, operation)
        except TypeError as error:
            raise StuckError(scope.module, node, "compares a state with what is no list of states") from error

    def called(self, node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
        """Nobody calls a state."""
        raise UnreadableError(scope.module, node, "calls a state")


class Unknown(Symbol):
    """Something that the source does not tell, known by the expression that gives it."""

    __slots__ = ("_run", "is_guarded", "is_state", "node", "why")

    def __init__(
        self, node: ast.expr, run: Run, *, is_state: bool = False, is_guarded: bool = False, why: str = ""
    ) -> None:
        self.node = node
        self.why = why or f"{ast.unparse(node)} is not known"
        """Why it is not known."""
        self._run = run
        self.is_state = is_state
        """Whether a state took part in it: what it decides must be known."""
        self.is_guarded = is_guarded
        """Whether the guarded function took part in it."""

    def truth(self, node: ast.expr, scope: Scope) -> bool:
        """A condition in words."""
        if self.is_state:
            raise StuckError(scope.module, node, f"a state decides, and how cannot be told: {self.why}")
        return self._run.decide(self.node)

    def settled(self, node: ast.expr, scope: Scope) -> PyValue:
        """It has no value."""
        raise UnreadableError(scope.module, node, self.why)

    def attribute(self, name: str, _node: ast.expr, _scope: Scope) -> PyValue:
        """Its attribute, as unknown as itself; but a state is a state, whatever object it is of."""
        if name in FIELDS and not self.is_state:
            return StateSymbol(name, self._run)
        part = ast.Attribute(value=self.node, attr=name, ctx=ast.Load())
        return Unknown(part, self._run, is_state=self.is_state, is_guarded=self.is_guarded, why=self.why)

    def compared(self, operation: Callable[[PyValue], bool], other: PyValue, node: ast.expr, scope: Scope) -> bool:
        """It cannot be compared."""
        raise UnreadableError(scope.module, node, self.why)

    def called(self, node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
        """What it returns is unknown."""
        if self.is_guarded:
            raise StuckError(scope.module, node, f"what becomes of the guarded function cannot be told: {self.why}")
        raise UnreadableError(scope.module, node, self.why)


class Server(Symbol):
    """The server that a function is about."""

    __slots__ = ("_node", "_run")

    def __init__(self, node: ast.expr, run: Run) -> None:
        self._node = node
        self._run = run

    def truth(self, _node: ast.expr, _scope: Scope) -> bool:
        """There is one."""
        return True

    def settled(self, node: ast.expr, scope: Scope) -> PyValue:
        """A server is no plain value."""
        raise UnreadableError(scope.module, node, "the server is used as a value")

    def attribute(self, name: str, _node: ast.expr, _scope: Scope) -> PyValue:
        """A state, or something else of it."""
        if name in FIELDS:
            return StateSymbol(name, self._run)
        return Unknown(ast.Attribute(value=self._node, attr=name, ctx=ast.Load()), self._run)

    def compared(self, operation: Callable[[PyValue], bool], other: PyValue, node: ast.expr, scope: Scope) -> bool:
        """It is compared with None at most."""
        return operation(self)

    def called(self, node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
        """Nobody calls a server."""
        raise UnreadableError(scope.module, node, "calls a server")

    def __eq__(self, other: object) -> bool:
        """A server is itself."""
        return self is other

    def __hash__(self) -> int:
        """By identity."""
        return id(self)


class Passed(Exception):  # noqa: N818 - no error: the guarded function is reached
    """The guarded function was called."""


class Guarded(Symbol):
    """The function that a decorator guards."""

    __slots__ = ("_name", "_run")

    def __init__(self, name: str, run: Run) -> None:
        self._name = name
        self._run = run

    def truth(self, _node: ast.expr, _scope: Scope) -> bool:
        """A function counts as true."""
        return True

    def settled(self, node: ast.expr, scope: Scope) -> PyValue:
        """A function is no plain value."""
        raise UnreadableError(scope.module, node, "the guarded function is used as a value")

    def attribute(self, name: str, node: ast.expr, scope: Scope) -> PyValue:
        """Its name is told, nothing else."""
        if name in ("__name__", "__qualname__"):
            return _FunctionName(self._name, self._run)
        raise UnreadableError(scope.module, node, f"{name} of the guarded function is not known")

    def compared(self, operation: Callable[[PyValue], bool], other: PyValue, node: ast.expr, scope: Scope) -> bool:
        """It is not None."""
        return operation(self)

    def called(self, node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
        """The end of what is of interest here."""
        raise Passed


class _FunctionName(Symbol):
    """The name of the guarded function; asking for it makes what is read hold for this function only."""

    __slots__ = ("_name", "_run")

    def __init__(self, name: str, run: Run) -> None:
        self._name = name
        self._run = run

    def truth(self, _node: ast.expr, _scope: Scope) -> bool:
        """A name is not empty."""
        return True

    def settled(self, _node: ast.expr, _scope: Scope) -> PyValue:
        """The name."""
        self._run.asked_name = True
        return self._name

    def attribute(self, name: str, node: ast.expr, scope: Scope) -> PyValue:
        """What a string has."""
        return attribute_of(self.settled(node, scope), name, node, scope)

    def compared(self, operation: Callable[[PyValue], bool], other: PyValue, node: ast.expr, scope: Scope) -> bool:
        """Whether the comparison holds."""
        return operation(self.settled(node, scope))

    def called(self, node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
        """Nobody calls a name."""
        raise UnreadableError(scope.module, node, "calls a name")


def stand_in(run: Run) -> Callable[[ast.expr, Scope, UnreadableError], PyValue]:
    """What takes the place of an expression that cannot be read, in one run."""

    def make(node: ast.expr, scope: Scope, error: UnreadableError) -> PyValue:
        if isinstance(error, StuckError):
            raise error
        return Unknown(
            _substituted(node, scope),
            run,
            is_state=_takes_part(node, scope, _holds_state)
            or any(state_of(part) for part in ast.walk(node))
            or _asks_about(node, run, scope),
            is_guarded=_takes_part(node, scope, _holds_guarded),
            why="" if error.reason.endswith("is not defined at the top level") else error.reason,
        )

    return make


def _asks_about(node: ast.expr, run: Run, scope: Scope) -> bool:
    """Whether something that is not followed is given the server, or belongs to it, and is given states."""
    if not isinstance(node, ast.Call) or not _takes_part(node, scope, lambda value: isinstance(value, Server)):
        return False
    states = {state for name in ("vm_state", "task_state") for state in run.states[name] if state}
    for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
        names = [part for part in ast.walk(argument) if isinstance(part, ast.Name | ast.Attribute)]
        for part in (argument, *names):
            try:
                value = evaluate(part, scope.strict())
            except SourceError:
                continue
            if _anywhere(value, lambda one: isinstance(one, str) and one in states):
                return True
    return False


def _takes_part(node: ast.expr, scope: Scope, is_such: Callable[[PyValue], bool]) -> bool:
    """Whether a value of some sort takes part in an expression."""
    names = (part.id for part in ast.walk(node) if isinstance(part, ast.Name))
    return any(_anywhere(scope.names[name], is_such) for name in names if name in scope.names)


def _anywhere(value: PyValue, is_such: Callable[[PyValue], bool]) -> bool:
    if isinstance(value, tuple | list | set | frozenset):
        return any(_anywhere(item, is_such) for item in value)
    if isinstance(value, dict):
        return any(_anywhere(item, is_such) for item in value.values())
    return is_such(value)


def _holds_state(value: PyValue) -> bool:
    return isinstance(value, StateSymbol) or (isinstance(value, Unknown) and value.is_state)


def _holds_guarded(value: PyValue) -> bool:
    return isinstance(value, Guarded) or (isinstance(value, Unknown) and value.is_guarded)


def is_of_concern(value: PyValue) -> bool:
    """Whether a value is the server, a state of it or the guarded function, or holds one of them."""
    return _anywhere(value, lambda one: isinstance(one, Server) or _holds_state(one) or _holds_guarded(one))


class _Substitution(ast.NodeTransformer):
    """Puts what local names stand for in their place."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = self._scope.names.get(node.id)
        if isinstance(value, Unknown):
            return value.node
        if isinstance(value, External):
            return ast.parse(value.name, mode="eval").body
        if node.id in self._scope.names and (value is None or isinstance(value, str | int | bool)):
            return ast.Constant(value=value)
        return node


def _substituted(node: ast.expr, scope: Scope) -> ast.expr:
    made = _Substitution(scope).visit(copy.deepcopy(node))
    assert isinstance(made, ast.expr)  # noqa: S101 - an expression stays one
    return ast.copy_location(made, node)
