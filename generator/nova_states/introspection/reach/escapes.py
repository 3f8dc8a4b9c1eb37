"""Which exceptions can leave a function: those it raises and those of what it calls, less what its handlers keep.

What leaves every function reached from the roots is computed until nothing changes, as functions call each other.
Decorators and context managers are followed with the function or block inside them. Where a handler makes an HTTP
answer of an exception, the answer remembers it.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import NamedTuple, TypeAlias

from nova_states.introspection.modules import Function, Modules
from nova_states.introspection.reach.decorators import is_fault_writer, names_handed, wrapper
from nova_states.introspection.reach.hierarchy import ANY, HTTP, Hierarchy
from nova_states.introspection.reach.program import Code, Program
from nova_states.introspection.reach.steps import (
    Branch,
    Call,
    Raise,
    Step,
    Try,
    With,
    Yield,
)
from nova_states.introspection.reach.targets import Place, Targets, truth
from nova_states.introspection.reach.wording import wordings
from nova_states.introspection.syntax import dotted_name, parameter_names

_DEEPEST_WRAPPING = 12
_NOT_FOLLOWED = frozenset({"expected_errors"})
"""Decorators whose part the readers of refusals play themselves."""


class Escape(NamedTuple):
    """An exception that leaves."""

    name: str
    """Dotted name of its class."""
    cause: str | None = None
    """For an HTTP answer, the exception that it was made of."""
    text: str | None = None
    """For an HTTP answer, its wording where that is not the cause's own."""
    path: str | None = None
    """For an HTTP answer, the file that makes it, with line and function."""
    line: int = 0
    function: str | None = None


Escapes: TypeAlias = frozenset[Escape]
_NONE: Escapes = frozenset()
_BUILT_IN = frozenset(vars(builtins))
_DEEPEST_HANDING = 3

_ASKING = frozenset({"isinstance", "issubclass"})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Around:
    """What is known where a step stands."""

    place: Place
    wrapped: Escapes = _NONE
    """What leaves the function or the block that a decorator or a context manager wraps."""
    parameters: frozenset[str] = frozenset()
    """Names under which a decorator calls what it wraps."""
    caught: Escapes = _NONE
    told: tuple[str, ...] = ()
    """Names of the exceptions that the handler around is for."""
    variable: str | None = None
    depth: int = 0


@dataclass(kw_only=True)
class EscapeAnalysis:
    """The exceptions that leave functions of a program, computed as they are asked for."""

    program: Program
    targets: Targets
    hierarchy: Hierarchy
    leaving: dict[Place, Escapes] = field(default_factory=dict)
    leads_to: dict[Place, set[Place]] = field(default_factory=dict)
    """Function → the functions it calls, sends a message to or starts."""
    faults: dict[Place, set[str]] = field(default_factory=dict)
    """Function → the exceptions that it, or a decorator of it, writes down as a server's fault."""
    _asked_by: dict[Place, set[Place]] = field(default_factory=dict)
    _order: dict[Place, int] = field(default_factory=dict)
    """Function → its number, in the order in which they were come by: what it calls mostly has a higher one."""
    _waiting: list[tuple[int, Place]] = field(default_factory=list)
    """A heap of those to be looked at, the highest number first, so that most callers are looked at once."""
    _is_waiting: set[Place] = field(default_factory=set)
    _now: Place | None = None
    _wrappers: dict[Code, tuple[Function | None, frozenset[str]]] = field(default_factory=dict)
    _managers: dict[Code, bool] = field(default_factory=dict)
    _fault_takers: dict[Code, bool] = field(default_factory=dict)
    _own_names: dict[Code, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def of(self, place: Place) -> Escapes:
        """What can leave a function."""
        self._ask(place)
        while self._waiting:
            _, place_now = heappop(self._waiting)
            self._is_waiting.discard(place_now)
            self._now = place_now
            found = self._function(place_now)
            if found != self.leaving[place_now]:
                self.leaving[place_now] = found
                for caller in self._asked_by.get(place_now, ()):
                    self._look_at(caller)
        self._now = None
        return self.leaving[place]

    def _look_at(self, place: Place) -> None:
        if place not in self._is_waiting:
            self._is_waiting.add(place)
            heappush(self._waiting, (-self._order.setdefault(place, len(self._order)), place))

    def inside(self, steps: Iterable[Step], place: Place) -> Escapes:
        """What can leave some steps of a function that was asked for before."""
        return self._block(steps, _Around(place=place))

    def _ask(self, place: Place) -> Escapes:
        if place not in self.leaving:
            self.leaving[place] = _NONE
            self._look_at(place)
        if self._now is not None:
            self._asked_by.setdefault(place, set()).add(self._now)
            self.leads_to.setdefault(self._now, set()).add(place)
        return self.leaving[place]

    def _function(self, place: Place) -> Escapes:
        around = _Around(place=place)
        found = self._block(self.program.steps(place.code), around)
        for decorator in reversed(place.code.node.decorator_list):
            found = self._decorated(decorator, found, around)
        return found

    def _decorated(self, decorator: ast.expr, wrapped: Escapes, around: _Around) -> Escapes:
        """What leaves a function with a decorator around it."""
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        named = self.targets.callee(target, around.place) if isinstance(target, ast.Name | ast.Attribute) else None
        if named is None or named.code.node.name in _NOT_FOLLOWED or around.depth > _DEEPEST_WRAPPING:
            return wrapped
        if named.code not in self._wrappers:
            self._wrappers[named.code] = wrapper(named.code, self.program)
        inner, names = self._wrappers[named.code]
        if inner is None:
            return wrapped
        place = Place(code=self.program.code(named.code.module, inner), receiver=around.place.receiver, outer=named)
        within = _Around(place=place, wrapped=wrapped, parameters=names, depth=around.depth + 1)
        return self._block(self.program.steps(place.code), within)

    def _block(self, steps: Iterable[Step], around: _Around) -> Escapes:
        found: set[Escape] = set()
        for step in steps:
            found |= self._step(step, around)
        return frozenset(found)

    def _step(self, step: Step, around: _Around) -> Escapes:
        match step:
            case Call():
                return self._call(step, around)
            case Branch():
                return self._branch(step, around)
            case Raise():
                return frozenset(self._raised(step.node, around))
            case Try():
                return self._tried(step, around)
            case With():
                return self._with(step, around)
        return around.wrapped if isinstance(step, Yield) else around.caught

    def _branch(self, step: Branch, around: _Around) -> Escapes:
        """What leaves an `if`: of one side only where what is known of the parameters decides."""
        holds = truth(step.test, dict(around.place.known)) if around.place.known else None
        steps = (*(step.body if holds is not False else ()), *(step.orelse if holds is not True else ()))
        return self._block(steps, around)

    def _call(self, call: Call, around: _Around) -> Escapes:
        if isinstance(call.function, ast.Name) and call.function.id in around.parameters:
            return around.wrapped
        if call.function is call.node.func and is_fault_writer(call.node):
            self._fault(call.node, around)
        target = self.targets.target(call, around.place)
        if target is None:
            return self._handed(call, around)
        found = self._ask(target.place)
        if around.variable and self._takes_fault(target.place, call.node, around.variable):
            self.faults.setdefault(self._now or around.place, set()).update(
                [escape.name for escape in around.caught], around.told
            )
        if not target.waits:
            return _NONE
        if around.variable and any(escape.name.startswith(HTTP) for escape in found):
            handed = {part.id for part in ast.walk(call.node) if isinstance(part, ast.Name)}
            if around.variable in handed:
                return frozenset(self._made_of(found, around))
        return found

    def _fault(self, node: ast.Call, around: _Around) -> None:
        """Note what is written down as a fault: what the handler around caught, or an exception made before."""
        written = self.faults.setdefault(self._now or around.place, set())
        assigned = self._assigned(around.place.code)
        for argument in node.args:
            if isinstance(argument, ast.Name):
                if argument.id == around.variable:
                    written.update(escape.name for escape in around.caught)
                    written.update(around.told)
                written.update(assigned.get(argument.id, ()))

    def _takes_fault(self, place: Place, node: ast.Call, variable: str | None) -> bool:
        """Whether a function that is handed the exception caught writes it down as a fault, itself or by another."""
        return variable in names_handed(node) and self._writes_parameter(place)

    def _writes_parameter(self, place: Place, depth: int = 0) -> bool:
        """Whether a function writes down a parameter of its own as a fault."""
        code = place.code
        if code not in self._fault_takers:
            self._fault_takers[code] = False
            own = set(parameter_names(code.node))
            for node in ast.walk(code.node) if depth < _DEEPEST_HANDING else ():
                if isinstance(node, ast.Call) and own & names_handed(node):
                    further = None if is_fault_writer(node) else self.targets.callee(node.func, place)
                    if is_fault_writer(node) or (further and self._writes_parameter(further, depth + 1)):
                        self._fault_takers[code] = True
                        break
        return self._fault_takers[code]

    def _handed(self, call: Call, around: _Around) -> Escapes:
        """An exception's class that is handed, by name, to something outside the tree, for that to raise it."""
        names = {keyword.value for keyword in call.node.keywords}
        if call.function not in names or dotted_name(call.node.func) in _ASKING:
            return _NONE
        if isinstance(call.function, ast.Name):
            return frozenset(map(Escape, self._assigned(around.place.code).get(call.function.id, ())))
        return _NONE

    @staticmethod
    def _made_of(found: Escapes, around: _Around) -> Iterator[Escape]:
        """Answers of a function that was handed the exception caught: they are made of it."""
        for escape in found:
            if escape.name.startswith(HTTP) and escape.cause is None:
                yield from (escape._replace(cause=name) for name in around.told)
            else:
                yield escape

    def _tried(self, step: Try, around: _Around) -> Escapes:
        inside = self._block(step.body, around)
        found = set(self._block(step.after, around))
        left = inside
        for handler in step.handlers:
            kinds = self.hierarchy.names(handler.kind, around.place.code.module)
            caught = frozenset(e for e in left if self.hierarchy.ancestors(e.name).intersection(kinds))
            left -= caught
            told = dict.fromkeys(kind for kind in kinds if kind not in (ANY, "BaseException"))
            told |= dict.fromkeys(sorted(escape.cause or escape.name for escape in caught))
            found |= self._block(
                handler.body,
                replace(around, caught=caught, told=tuple(told), variable=handler.name),
            )
        return frozenset(found | left)

    def _with(self, step: With, around: _Around) -> Escapes:
        inside = self._block(step.body, around)
        named = self.targets.callee(step.manager.func, around.place)
        if named is None or around.depth > _DEEPEST_WRAPPING:
            return inside
        if named.code not in self._managers:
            self._managers[named.code] = any(isinstance(node, ast.Yield) for node in ast.walk(named.code.node))
        if not self._managers[named.code]:
            return inside | self._ask(named)
        within = _Around(place=named, wrapped=inside, depth=around.depth + 1)
        return self._block(self.program.steps(named.code), within)

    def _raised(self, node: ast.Raise, around: _Around) -> Iterator[Escape]:
        raised = node.exc
        if raised is None:
            yield from around.caught
            return
        if isinstance(raised, ast.Name):
            if raised.id == around.variable:
                yield from around.caught
                return
            names = self._assigned(around.place.code).get(raised.id)
            if names is not None:
                yield from map(Escape, names)
                return
        if isinstance(raised, ast.Call) and dotted_name(raised.func).rpartition(".")[2] == "Fault" and raised.args:
            raised = raised.args[0]
        target = raised.func if isinstance(raised, ast.Call) else raised
        dotted = dotted_name(target)
        name = self.hierarchy.name(dotted, around.place.code.module) if dotted else None
        root = dotted.partition(".")[0]
        if name is None or ("." in dotted and name == dotted and not around.place.code.module.binds(root)):
            if isinstance(raised, ast.Subscript | ast.Attribute):
                yield from around.caught
        elif name.startswith(HTTP):
            yield from self._answer(name, raised, node, around)
        elif "." in name or name in _BUILT_IN:
            yield Escape(name)

    def _answer(self, name: str, raised: ast.expr, node: ast.Raise, around: _Around) -> Iterator[Escape]:
        """An HTTP answer, with what it is made of and what it says."""
        code = around.place.code
        place = Escape(name, None, None, code.module.path, node.lineno, code.name)
        told: ast.expr | None = None
        if isinstance(raised, ast.Call):
            options = {keyword.arg: keyword.value for keyword in raised.keywords}
            told = options.get("explanation") or (raised.args[0] if raised.args else None)
        texts = [text for text in wordings(told, code.node) if re.search(r"\w", re.sub(r"\{\w*\}", "", text))]
        for cause in around.told or (None,):
            for text in texts or (None,):
                yield place._replace(cause=cause, text=text)

    def _assigned(self, code: Code) -> dict[str, tuple[str, ...]]:
        """Local names that hold exceptions made in the function → their classes."""
        if code not in self._own_names:
            found: dict[str, list[str]] = {}
            for target, values in self.program.assigned(code).items():
                for value in values:
                    function = value.func if isinstance(value, ast.Call) else value
                    dotted = dotted_name(function) if isinstance(value, ast.Call | ast.Attribute) else ""
                    name = self.hierarchy.name(dotted, code.module) if dotted else None
                    if name and "." in name and self._is_exception(name):
                        found.setdefault(target, []).append(name)
            self._own_names[code] = {name: tuple(values) for name, values in found.items()}
        return self._own_names[code]

    def _is_exception(self, name: str) -> bool:
        return name.startswith(("nova.exception.", HTTP)) or "BaseException" in self.hierarchy.ancestors(name)


def analyse(modules: Modules, *, follows_messages: bool) -> EscapeAnalysis:
    """The analysis of a whole tree, shared by all that ask for it."""
    key = f"escapes {follows_messages}"
    if key not in modules.remembered:
        program = modules.remembered.setdefault("program", Program(modules=modules))
        hierarchy = modules.remembered.setdefault("hierarchy", Hierarchy(program=program))
        targets = Targets(program=program, follows_messages=follows_messages)
        modules.remembered[key] = EscapeAnalysis(program=program, targets=targets, hierarchy=hierarchy)
    found: EscapeAnalysis = modules.remembered[key]
    return found
