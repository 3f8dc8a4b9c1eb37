"""What a call in a function leads to: another function of the tree, for which object, and whether it waits for it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace

from nova_states.introspection.modules import Module
from nova_states.introspection.reach.program import Class, Code, Named, Program
from nova_states.introspection.reach.steps import Call, statements
from nova_states.introspection.syntax import dotted_name, parameter_names, string_value

_RECEIVERS: dict[tuple[str, str], tuple[str, str]] = {
    ("nova/compute/rpcapi.py", "ComputeAPI"): ("nova/compute/manager.py", "ComputeManager"),
    ("nova/conductor/rpcapi.py", "ComputeTaskAPI"): ("nova/conductor/manager.py", "ComputeTaskManager"),
    ("nova/conductor/rpcapi.py", "ConductorAPI"): ("nova/conductor/manager.py", "ConductorManager"),
    ("nova/scheduler/rpcapi.py", "SchedulerAPI"): ("nova/scheduler/manager.py", "SchedulerManager"),
}
"""The class that sends a message → the class whose method of that name receives it."""
_ITSELF = ("self", "cls")
_CAST = "cast"
_TOLD_APART = "nova/conductor/"
"""Where one function does several actions' work and a constant says whose (`migrate_server(..., live=True)`)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A function as it is run: for an object of a class, inside another function."""

    code: Code
    receiver: Class | None = None
    """The class of `self`, which may be below the one that defines the function."""
    outer: Place | None = None
    """The place of the function around a nested one."""
    known: tuple[tuple[str, bool], ...] = ()
    """Parameters that are given a constant, and whether that counts as true."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Where a call leads."""

    place: Place
    waits: bool
    """Whether what is raised there comes back to the caller."""


@dataclass(kw_only=True)
class Targets:
    """Resolves the calls of a program, each once."""

    program: Program
    follows_messages: bool = True
    """Whether a message to another service leads to what receives it."""
    _found: dict[tuple[int, Place], Target | None] = field(default_factory=dict)
    _receivers: dict[Class, Class | None] = field(default_factory=dict)

    def target(self, call: Call, place: Place) -> Target | None:
        """Where a call leads; None where that cannot be told, or leads out of the tree."""
        key = (id(call), place)
        if key not in self._found:
            self._found[key] = self._target(call, place)
        return self._found[key]

    def _target(self, call: Call, place: Place) -> Target | None:
        if call.function is call.node.func and self.follows_messages:
            received = self._message(call.node, place)
            if received is not None:
                return received
        found = self.callee(call.function, place)
        if found is None:
            return None
        if call.function is call.node.func and found.code.module.path.startswith(_TOLD_APART):
            found = replace(found, known=self._known(call.node, found, place))
        return Target(place=found, waits=not call.detached)

    def _known(self, node: ast.Call, callee: Place, caller: Place) -> tuple[tuple[str, bool], ...]:
        """The parameters that a call gives a constant to, or a parameter of the caller's that is known."""
        names = parameter_names(callee.code.node)
        if callee.receiver and names[:1] in (["self"], ["cls"]):
            names = names[1:]
        given = dict(zip(names, node.args, strict=False)) | {one.arg: one.value for one in node.keywords if one.arg}
        known = dict(caller.known)
        found: dict[str, bool] = {}
        for name, value in given.items():
            if isinstance(value, ast.Constant) and (value.value is None or isinstance(value.value, bool)):
                found[name] = bool(value.value)
            elif isinstance(value, ast.Name) and value.id in known:
                found[name] = known[value.id]
        return self._kept(callee.code, found)

    @staticmethod
    def _kept(code: Code, known: dict[str, bool]) -> tuple[tuple[str, bool], ...]:
        """What stays known in a function: its parameters that it does not assign."""
        names = set(parameter_names(code.node))
        if not names.intersection(known):
            return ()
        for statement in statements(code.node.body):
            if isinstance(statement, ast.Assign):
                names -= {target.id for target in statement.targets if isinstance(target, ast.Name)}
        return tuple(sorted((name, value) for name, value in known.items() if name in names))

    def _message(self, node: ast.Call, place: Place) -> Target | None:
        """The method that receives a message: the second argument of a `cast` or `call` names it."""
        receiver = self._receiver(place.receiver) if place.receiver else None
        name = string_value(node.args[1]) if receiver and len(node.args) > 1 else None
        method = self.program.method(receiver, name) if receiver and name else None
        if method is None:
            return None
        is_cast = isinstance(node.func, ast.Attribute) and node.func.attr == _CAST
        # What a message carries is called as its sender's parameters are.
        known = self._kept(method, dict(place.known))
        return Target(place=Place(code=method, receiver=receiver, known=known), waits=not is_cast)

    def _receiver(self, sender: Class) -> Class | None:
        if sender not in self._receivers:
            known = _RECEIVERS.get((sender.module.path, sender.node.name))
            self._receivers[sender] = self.program.class_at(*known) if known else None
        return self._receivers[sender]

    def callee(self, function: ast.expr, place: Place) -> Place | None:
        """The function that an expression names, and the object it is called for."""
        if isinstance(function, ast.Name):
            return self._bare(function.id, place)
        if not isinstance(function, ast.Attribute):
            return None
        owner = self._owner(function.value, place, function.attr)
        if isinstance(owner, Class):
            above = isinstance(function.value, ast.Call) and dotted_name(function.value.func) == "super"
            method = self._method(owner, function.attr, place, above=above)
            return Place(code=method, receiver=owner) if method else None
        if isinstance(owner, Module) and owner.binds(function.attr):
            return self._called(self.program.resolve(owner, function.attr))
        return None

    def _bare(self, name: str, place: Place) -> Place | None:
        """The function of a name without an owner: one defined around the call, or one of the module."""
        around: Place | None = place
        while around is not None:
            inner = self.program.nested(around.code).get(name)
            if inner is not None:
                code = self.program.code(around.code.module, inner)
                return Place(code=code, receiver=around.receiver, outer=around)
            around = around.outer
        made = self.program.function_made_by(place.code.module, name)
        if made is not None:
            return Place(code=made[0], outer=Place(code=made[1]))
        return self._called(self._global(place, name))

    def _method(self, owner: Class, name: str, place: Place, *, above: bool) -> Code | None:
        if not above:
            return self.program.method(owner, name)
        # `super()` stands in a class of the lineage: the next definition behind that class is meant.
        lineage = self.program.lineage(owner)
        own = next((index for index, one in enumerate(lineage) if place.code.node in one.node.body), 0)
        for one in lineage[own + 1 :]:
            found = self.program.method(one, name)
            if found is not None:
                return found
        return None

    def _called(self, named: Named | None) -> Place | None:
        if isinstance(named, Code):
            return Place(code=named)
        if isinstance(named, Class):
            made = self.program.method(named, "__init__")
            return Place(code=made, receiver=named) if made else None
        return None

    def _global(self, place: Place, dotted: str) -> Named | None:
        module = place.code.module
        root = dotted.partition(".")[0]
        return self.program.resolve(module, dotted) if module.binds(root) else None

    def _owner(self, node: ast.expr, place: Place, method: str) -> Named | None:
        """What the object or module before a dot and the name of a method is."""
        if isinstance(node, ast.Call):
            return place.receiver if dotted_name(node.func) == "super" else self._made(node, place)
        if isinstance(node, ast.Name):
            if node.id in _ITSELF:
                return place.receiver
            known = self._local(node.id, place) or self._global(place, node.id)
            return known or self.program.ordinary(node.id, method)
        if not isinstance(node, ast.Attribute):
            return None
        dotted = dotted_name(node)
        if dotted == f"self.{node.attr}" and place.receiver is not None:
            return self.program.attribute(place.receiver, node.attr, method)
        return (self._global(place, dotted) if dotted else None) or self.program.ordinary(node.attr, method)

    def _local(self, name: str, place: Place) -> Class | None:
        """The class of a local name, by what it is assigned."""
        around: Place | None = place
        while around is not None:
            for call in self.program.assigned(around.code).get(name, ()):
                made = self._made(call, around) if isinstance(call, ast.Call) else None
                if made is not None:
                    return made
            around = around.outer
        return None

    def _made(self, call: ast.Call, place: Place) -> Class | None:
        """The class of what a call gives."""
        dotted = dotted_name(call.func)
        named = self._global(place, dotted) if dotted else None
        if isinstance(named, Class):
            return named
        if isinstance(named, Code):
            return self.program.returned(named)
        if isinstance(call.func, ast.Attribute) and dotted_name(call.func.value) in _ITSELF and place.receiver:
            method = self.program.method(place.receiver, call.func.attr)
            return self.program.returned(method) if method else None
        return None


def truth(test: ast.expr, known: dict[str, bool]) -> bool | None:
    """Whether a test holds, as far as the known parameters decide it."""
    match test:
        case ast.Name(id=name):
            return known.get(name)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            value = truth(operand, known)
            return None if value is None else not value
        case ast.BoolOp(op=operator, values=values):
            decides = isinstance(operator, ast.Or)
            found = {truth(value, known) for value in values}
            return decides if decides in found else None if None in found else not decides
    return None
