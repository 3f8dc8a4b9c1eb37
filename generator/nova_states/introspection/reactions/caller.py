"""Follows calls: to the driver, to the server's object, to other code of Nova, and to whole actions."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from nova_states.facts.state_set import FIELDS, StateSet
from nova_states.introspection.code_tests import SECOND_ANSWER
from nova_states.introspection.constant_evaluator import PyValue
from nova_states.introspection.reactions.assumptions import ANY_ERROR, NOTHING, Assumption, Variable, raising
from nova_states.introspection.reactions.decision_table import SET_STATE, UPDATE_POWER_STATE
from nova_states.introspection.reactions.expression_reader import Evaluations
from nova_states.introspection.reactions.methods import API, DRIVER_EFFECTS, MANAGER, Methods
from nova_states.introspection.reactions.passing_reader import PassingReader, happened
from nova_states.introspection.reactions.path_state import (
    Code,
    Event,
    Guest,
    Initial,
    Pairs,
    Path,
    RuntimeValue,
    ServerObject,
    ServerQuery,
    runtime_name,
    runtime_value,
)
from nova_states.introspection.reactions.unread_calls import (
    SERVER,
    call_name,
    is_harmless,
)
from nova_states.introspection.syntax import dotted_name, evidence, parameter_names

_DELETED = "deleted"
"""Where a server ends whose row is deleted, whatever its states were."""

_UPDATED = 2
"""What `_instance_update` gets by position: the context and the server."""
_OLDER_API = "self.conductor_api.compute_"
"""How nova-compute asked for actions while it had no compute API of its own: the conductor asks its own (2013.1)."""
_OLDER_DESTROY = "instance_destroy"
"""The call of the database or the conductor that ends a server's row, before objects did."""
_SERVER_METHODS = ("destroy", "refresh", "save", "update")
"""Methods of the server's object that are followed."""

End: TypeAlias = tuple[StateSet, PyValue, PyValue, tuple[Assumption, ...]]
"""Combinations of states, the vm_state and task_state a server is left in that began in one of them, and the calls on
the way there that are not read."""


@dataclass(kw_only=True)
class Caller(PassingReader):
    """Follows calls; how statements are followed is told by the class that does so."""

    methods: Methods
    _active: list[Code] = field(default_factory=list)
    """The functions that are being followed; one that calls itself is not followed again."""

    _inside: list[str] = field(default_factory=list)
    """The actions that are being followed for how they fail."""

    @abstractmethod
    def run(self, body: Sequence[ast.stmt], path: Path, code: Code) -> list[Path]:
        """All ways through some statements."""

    @abstractmethod
    def ends(self, method: Code, arguments: dict[str, PyValue], path: Path) -> list[End]:
        """Where a server may be left by `method` once all went well."""

    def call(self, node: ast.Call, path: Path, code: Code, *, used: bool) -> Evaluations:
        """See `ExpressionReader.call`."""
        match node:
            case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=str() as attribute), *_]):
                named = ast.copy_location(ast.Attribute(value=owner, attr=attribute, ctx=ast.Load()), node)
                yield from self.value(named, path, code)
            case ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=owner), ast.Constant(value=key), value]) if (
                key in FIELDS and isinstance(path.names.get(owner), ServerObject)
            ):
                yield from ((self.write(key, v, node, one, code), None) for one, v in self.value(value, path, code))
            case _:
                for after, function in self._function(node.func, path, code):
                    yield from self._called(node, function, after, code, used=used)

    def _function(self, node: ast.expr, path: Path, code: Code) -> Iterator[tuple[Path, ast.expr]]:
        """The function that is called, aliases by what they stand for."""
        if isinstance(node, ast.IfExp):
            for after, holds in self.decide(node.test, path, code):
                yield from self._function(node.body if holds else node.orelse, after, code)
        else:
            root = dotted_name(node).partition(".")[0]
            yield path, self.worded(node, path) if isinstance(path.names.get(root), RuntimeValue) else node

    def _called(self, node: ast.Call, function: ast.expr, path: Path, code: Code, *, used: bool) -> Evaluations:
        text = call_name(function)
        if text.startswith(_OLDER_API):
            text = f"self.compute_api.{text.removeprefix(_OLDER_API)}"
        owner, _, name = text.rpartition(".")
        target = self._target(owner, name, path, code, used=used)
        effect = self._effect_of(owner, name) if self.notes else None
        if target is None or target in self._active:
            path = self.past_arguments(node, path, code)
        if self.methods.is_instance_update(node):
            yield from self._update(node, path, code)
        elif target is not None and target not in self._active:
            if effect and effect not in self._inside:
                yield from self._effect(effect, target, node, path, code)
            else:
                yield from self._inline(target, node, path, code, used=used)
        else:
            yield from self._other_call(text, node, function, path, code, used=used)

    def _other_call(  # noqa: PLR0913 - a call, where it stands, and whether anyone looks at what it gives
        self, text: str, node: ast.Call, function: ast.expr, path: Path, code: Code, *, used: bool
    ) -> Evaluations:
        """A call that leads to no method that is worth following."""
        owner, _, name = text.rpartition(".")
        if owner == "self.driver":
            yield from self._driver_call(name, node, path, code)
        elif self._is_method_of_server(function, path) and name in _SERVER_METHODS:
            yield from self._server_call(name, node, path, code)
        elif name == _OLDER_DESTROY and self.is_given(node, path, code):
            yield self._ended("destroy", node, path, code), None
        elif name == "get_by_filters" and len(node.args) > 1:
            filters = next(self.value(node.args[1], path, code))[1]
            yield path, ServerQuery(filters=filters.items) if isinstance(filters, Pairs) else filters
        elif used and self._takes_states(node, path):
            yield from self._outside(node, path, code)
        else:
            yield from self._unknown_call(text, node, path, code, used=used)

    def _is_method_of_server(self, function: ast.expr, path: Path) -> bool:
        match function:
            case ast.Attribute(value=ast.Name(id=name)):
                return isinstance(path.names.get(name), ServerObject)
        return False

    def _unknown_call(self, text: str, node: ast.Call, path: Path, code: Code, *, used: bool) -> Evaluations:
        """A call of which nothing is known but its name: not even that it leaves the server alone, if it gets it."""
        given = not is_harmless(text) and self.is_given(node, path, code)
        callee = self.unread_calls.reached(node, text, code) if given else None
        if callee is not None and callee not in self._active and not self.unread_calls.is_unknown(callee):
            given = False
        if given and callee is not None and callee not in self._active and callee.owner == code.owner:
            yield from self._inline(callee, node, path, code, used=used)
            return
        after = self.unread(text, node, path, code) if given and callee not in self._active else path
        yield after, self._text(node, path) if used else None

    def _target(self, owner: str, name: str, path: Path, code: Code, *, used: bool) -> Code | None:
        """The code a call leads to, if it can be followed and is worth it."""
        if owner == "self":
            method = self.methods.method(code.owner, name)
            return method if method and self._matters(method, used=used) else None
        if owner == "self.compute_api":
            return self.methods.method(API, name)
        if owner.endswith("_rpcapi"):
            # Of messages to itself nova-compute receives those that are actions; others ask another host.
            is_followed = not self.notes or (code.owner == MANAGER and self.methods.action(name))
            return self.methods.method(MANAGER, name) if is_followed else None
        if owner.startswith("self."):
            return self._of_collaborator(owner, name, code, used=used)
        inner = path.names.get(name) if not owner else None
        return inner if isinstance(inner, Code) else None

    def _of_collaborator(self, owner: str, name: str, code: Code, *, used: bool) -> Code | None:
        """The method of an object that the class keeps, if it changes a server; it may be listed as harmless else."""
        text = f"{owner}.{name}"
        method = self.methods.called(code.owner, text)
        if method is None or self.methods.changes_state(method.node, method.owner):
            return method
        return method if not is_harmless(text) and self._matters(method, used=used) else None

    def _effect_of(self, owner: str, name: str) -> str | None:
        """The word for what a call does to the server as a whole, if it is an action."""
        if owner == "self.compute_api":
            return name
        return self.methods.action(name) if owner in ("self", "self.compute_rpcapi") else None

    def _text(self, node: ast.Call, path: Path) -> RuntimeValue:
        return runtime_value(self.worded(node, path))

    def _driver_call(self, name: str, node: ast.Call, path: Path, code: Code) -> Evaluations:
        if name == "get_info":
            is_fresh = any(k.arg == "use_cache" and not getattr(k.value, "value", True) for k in node.keywords)
            # What the driver remembered may be out of date by the time it is asked again.
            is_open = path.is_outdated or (is_fresh and path.is_remembered)
            yield path.but(is_remembered=not is_fresh), runtime_name(SECOND_ANSWER) if is_open else Guest()
        elif name in DRIVER_EFFECTS and self.notes:
            place = evidence(code.module, node, code.name)
            event = Event(effect=DRIVER_EFFECTS[name], evidence=place, assumed=len(path.assumptions), takes_writes=True)
            yield happened(path, event), self._text(node, path)
        else:
            yield path, self._text(node, path)

    def _server_call(self, name: str, node: ast.Call, path: Path, code: Code) -> Evaluations:
        if name == "update":
            yield from self._updated(node, path, code)
        else:
            yield self._ended(name, node, path, code), self._text(node, path)

    def _updated(self, node: ast.Call, path: Path, code: Code) -> Evaluations:
        """`instance.update({...})`: assignments, and nothing is in the database yet."""
        argument = next(self.value(node.args[0], path, code))[1] if node.args else Pairs(items=())
        pairs: list[tuple[PyValue, PyValue]] = list(argument.items) if isinstance(argument, Pairs) else [(None, None)]
        pairs += [(one.arg, next(self.value(one.value, path, code))[1]) for one in node.keywords]
        after = path
        for key, value in pairs:
            if key is None:
                after = self.unread(f"{SERVER}.update", node, after, code)
            elif key in FIELDS:
                after = self.write(key, value, node, after, code)
        yield after, None

    def _ended(self, name: str, node: ast.Call, path: Path, code: Code) -> Path:
        if name == "save":
            return self._saved(path)
        if name == "destroy":
            place = path.unsaved[0][1] if path.unsaved else evidence(code.module, node, code.name)
            # Nothing else is written: a task that was not cleared before stays in the row.
            left = (_DELETED, path.task_state)
            gone = path.but(vm_state=left[0], task_state=left[1], unsaved=(), writes=path.writes + 1)
            if self.notes:
                gone = happened(gone, Event(effect="delete", evidence=place, assumed=len(path.assumptions)))
            return self._keeping(gone.but(saved=left))
        return path

    def _update(self, node: ast.Call, path: Path, code: Code) -> Evaluations:
        """The older way to write and save in one call: `_instance_update(context, instance, task_state=None)`."""
        is_known = all(keyword.arg for keyword in node.keywords) and len(node.args) <= _UPDATED
        paths = [path if is_known else self.unread(dotted_name(node.func), node, path, code)]
        for keyword in node.keywords:
            if keyword.arg in FIELDS:
                values = [pair for one in paths for pair in self.value(keyword.value, one, code)]
                paths = [self.write(keyword.arg, value, node, one, code) for one, value in values]
        yield from ((self._saved(one), None) for one in paths)

    def write(self, attribute: str, value: PyValue, node: ast.AST, path: Path, code: Code) -> Path:
        """The path after an attribute of the server was assigned; nothing is in the database yet."""
        place = evidence(code.module, node, code.name)
        self.modules.claims.write(code.module.path, node)
        return path.but(**{attribute: value}, unsaved=(*path.unsaved, (attribute, place)), writes=path.writes + 1)

    def _saved(self, path: Path) -> Path:
        """The path after its writes are saved; what they amount to is an event."""
        if path.unsaved and self.notes:
            written = dict(reversed(path.unsaved))
            effect, attribute = self._amounts_to(written, path)
            last = path.events[-1] if path.events else None
            if effect and not (last and last.takes_writes and effect == "clear_task"):
                event = Event(effect=effect, evidence=written[attribute], assumed=len(path.assumptions))
                path = happened(path, event)
        after = path.but(unsaved=(), saved=(path.vm_state, path.task_state))
        return self._keeping(after) if path.unsaved else after

    def _keeping(self, path: Path) -> Path:
        """The path with what is in its database now among what was there on the way."""
        return path if self.notes else path.but(kept=(*path.kept, path.saved))

    def _amounts_to(self, written: dict[str, Any], path: Path) -> tuple[str | None, str]:
        """What saving these attributes does, in one word, and the attribute that does it."""
        if written.keys() == {"power_state"}:
            return UPDATE_POWER_STATE, "power_state"
        if "vm_state" in written and path.vm_state == self.methods.error:
            return "error", "vm_state"
        if "task_state" in written and path.task_state is None:
            return "clear_task", "task_state"
        if (path.vm_state, path.task_state) != path.saved and written.keys() & set(FIELDS[:2]):
            return SET_STATE, "vm_state" if "vm_state" in written else "task_state"
        return None, ""

    def _effect(self, effect: str, method: Code, node: ast.Call, path: Path, code: Code) -> Evaluations:
        """An action on the server, taken as a whole: an event, and the states it ends in."""
        place = evidence(code.module, node, code.name)
        for arguments_path, arguments in self._arguments(method, node, path, code):
            for box, vm_state, task_state, open_calls in self.ends(method, arguments, arguments_path):
                rested = arguments_path.but(assumptions=(*arguments_path.assumptions, *open_calls))
                event = Event(effect=effect, evidence=place, assumed=len(path.assumptions) + len(open_calls))
                end = (vm_state, task_state)
                yield happened(rested, event).but(box=box, vm_state=vm_state, task_state=task_state, saved=end), None
            if self.methods.reverting(method):
                variable = raising([method.node.name], [ANY_ERROR], node.lineno)
                # Where a `try` is around the call, it has followed the failure already.
                if variable not in dict(path.assumptions):
                    assumed = arguments_path.but(assumptions=(*path.assumptions, (variable, frozenset((ANY_ERROR,)))))
                    yield self.failed([method], assumed).but(ending="raise", result=ANY_ERROR), None
                yield from ((after, None) for after in self._failures(effect, method, node, path, code))

    def _failures(self, effect: str, method: Code, node: ast.Call, path: Path, code: Code) -> Iterator[Path]:
        """The ways on which an action does something to the server and then raises an error."""
        self._inside.append(effect)
        paths = [after for after, _ in self._inline(method, node, path, code, used=False)]
        self._inside.pop()
        for after in paths:
            if after.ending == "raise" and len(after.events) > len(path.events):
                yield self.failed([method], after)

    def failed(self, methods: Sequence[Code], path: Path) -> Path:
        """The path after methods raised an error: their decorators may have cleared the task before."""
        places = [self.methods.reverting(method) for method in methods]
        if not places or None in places or path.saved[1] is None:
            return path
        if path.events and path.events[-1].effect == "error":
            return path.but(task_state=None, saved=(path.saved[0], None))
        (place, *_) = [place for place in places if place]
        event = Event(effect="clear_task", evidence=place, assumed=len(path.assumptions))
        return happened(path, event).but(task_state=None, saved=(path.saved[0], None))

    def _inline(self, method: Code, node: ast.Call, path: Path, code: Code, *, used: bool) -> Evaluations:
        # Of an action that is followed for how it fails, how it came to an error is told, not only that it did.
        is_inner = method.name.startswith(f"{code.name}.")
        tells = bool(self._inside) and (is_inner or self.methods.action(method.node.name) in self._inside)
        outer = path.names if is_inner else {}
        for ready, arguments in self._arguments(method, node, path, code):
            place = path.branch if used else evidence(method.module, method.node, method.name)
            inside = ready.but(names={**outer, **arguments}, branch=place)
            decides = self.methods.looks_at_state(method.node)
            self._active.append(method)
            paths = self.run(method.node.body, inside, method)
            self._active.pop()
            for done in paths:
                after = done if decides else _moved(done, path, node, code)
                if after.ending == "raise":
                    left = after.but(names=path.names)
                    yield left if tells else _raised(left, path, self._cause(method, node, code)), None
                else:
                    back = after.but(names=path.names, ending=None, result=None)
                    yield back if decides and not used else back.but(branch=path.branch), after.result

    def _cause(self, method: Code, node: ast.Call, code: Code) -> Variable:
        """That a call left a method by an error, whichever; one on what the class keeps is told with its object."""
        name = dotted_name(node.func)
        is_kept = self.methods.is_of_collaborator(method) and method.owner != code.owner and name.startswith("self.")
        word = name.removeprefix("self.") if is_kept else method.node.name
        # Lines order what is told: those of another file say nothing of the order here.
        line = method.node.lineno if method.module.path == code.module.path else node.lineno
        return replace(raising([word], [], line), raised_by=True)

    def _arguments(
        self, method: Code, node: ast.Call, path: Path, code: Code
    ) -> Iterator[tuple[Path, dict[str, PyValue]]]:
        """Parameter → value for a call; what is not given is unknown or its default."""
        parameters = parameter_names(method.node)
        positional = parameters[1:] if parameters[:1] == ["self"] else parameters
        given = dict(zip(positional, node.args, strict=False))
        given |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
        states: list[tuple[Path, dict[str, PyValue]]] = [(path, {name: runtime_name(name) for name in parameters})]
        defaults = zip(reversed(positional), reversed(method.node.args.defaults), strict=False)
        for name, default in defaults:
            value = default.value if isinstance(default, ast.Constant) else runtime_name(name)
            states[0][1][name] = value
        kwarg = method.node.args.kwarg
        if kwarg is not None:
            rest = [(key, given.pop(key)) for key in list(given) if key not in parameters]
            pairs = tuple((key, next(self.value(value, path, code))[1]) for key, value in rest)
            is_whole = all(keyword.arg for keyword in node.keywords)
            states[0][1][kwarg.arg] = Pairs(items=pairs) if is_whole else runtime_name(kwarg.arg)
        for name, argument in given.items():
            states = [
                (after, {**values, name: value})
                for one, values in states
                for after, value in self.value(argument, one, code)
            ]
        yield from states

    def _takes_states(self, node: ast.Call, path: Path) -> bool:
        """Whether a function outside the class is given states to judge."""
        return any(isinstance(path.names.get(a.id), Initial) for a in node.args if isinstance(a, ast.Name))

    def _outside(self, node: ast.Call, path: Path, code: Code) -> Evaluations:
        """A function of another module that judges states (`compute_utils.get_reboot_type`)."""
        owner, _, name = dotted_name(node.func).rpartition(".")
        module = self.modules.named(code.module.imports.get(owner, ""))
        function = module.functions.get(name) if module else None
        if module is None or function is None:
            yield path, self._text(node, path)
        else:
            target = Code(module=module, node=function, owner=None, name=name)
            yield from self._inline(target, node, path, code, used=True)

    def _matters(self, method: Code, *, used: bool) -> bool:
        return self.is_relevant(method.node, method) or (used and self.methods.looks_at_state(method.node))

    def is_relevant(self, node: ast.AST, code: Code) -> bool:
        """Whether some code can change a server, or gives it to a call that is not read."""
        if self.methods.changes_state(node, code.owner):
            return True
        return bool(self.unread_calls.inside(node, code, self.unread_calls.holding(code.node)))


def _moved(after: Path, before: Path, node: ast.Call, code: Code) -> Path:
    """The path with a call as the place of what happened in it: who calls decides, not what is called."""
    place = evidence(code.module, node, code.name)
    known = len(before.events)
    return after.but(events=(*after.events[:known], *(replace(e, evidence=place) for e in after.events[known:])))


def _raised(after: Path, before: Path, cause: Variable) -> Path:
    """A path that left a call by an error: that it did is all that is assumed, not how it came to it.

    Where any error of something inside was handled and raised again, that is told: the call may raise others as well.
    """
    if after.assumptions and after.assumptions[-1][0].raised_by:
        return after
    recent = after.assumptions[len(before.assumptions) :]
    told = (replace(cause, outcomes=frozenset((NOTHING, after.result))), frozenset((after.result,)))
    last = recent[-1] if recent else told
    if last[0].calls and last[1] == frozenset((ANY_ERROR,)):
        told = last
    open_calls = (one for one in recent if one[0].unread)
    assumptions = (*before.assumptions, *open_calls, told)
    known = len(before.events)
    events = (replace(event, assumed=len(assumptions)) for event in after.events[known:])
    return after.but(assumptions=assumptions, events=(*after.events[:known], *events))
