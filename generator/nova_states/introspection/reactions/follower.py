"""Follows the statements of a function and notes what they do to the server.

Two ways of following share this code. From the outside every way through counts, failures as well. What becomes of a
server once an effect such as `stop` has succeeded (`Follower.ends`) is found by following the code that does it past
all that may go wrong.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from nova_states.facts.state_set import FIELDS, StateSet, minimise
from nova_states.introspection.constant_evaluator import PyValue, UnreadableError
from nova_states.introspection.dispatch import Dispatch
from nova_states.introspection.interpreter.slicing import is_server_name
from nova_states.introspection.modules import Function
from nova_states.introspection.reactions.assumptions import ANY_ERROR, HOLDS, NOTHING, Assumption, raising, test
from nova_states.introspection.reactions.callee_names import callee_names
from nova_states.introspection.reactions.caller import Caller, End
from nova_states.introspection.reactions.path_state import (
    Code,
    Pairs,
    Path,
    RuntimeValue,
    ServerObject,
    ServerQuery,
    runtime_name,
    runtime_value,
    server_attribute,
)
from nova_states.introspection.reactions.unread_calls import is_harmless
from nova_states.introspection.syntax import dotted_name, evidence
from nova_states.introspection.tree_walk import walk

_SET_ASIDE = (["InstanceNotFound"], ["TypeError"])
"""Handled alone, the first says that the server was deleted meanwhile, which leaves nothing to tell; the second that a
driver is older than the manager, which none of the tree's is."""

_HANDLED = " handled"
"""The name under which a path holds the exception that is being handled."""

_MOST_STEPS = 100_000
"""Statements followed for one function; the largest release takes a tenth of it."""

_MOST_PATHS = 4_000
"""Ways through a function that are told apart; the largest release has a fifth of it."""


@dataclass(kw_only=True)
class Follower(Caller):
    """Follows the statements of a function."""

    _statements: ClassVar[Dispatch[Follower, [Path, Code], Iterator[Path]]] = Dispatch()
    """What follows each kind of statement; any other must not change a server."""

    _steps: int = 0
    _ways: dict[object, list[Path]] = field(default_factory=dict)
    _idle: dict[ast.stmt, bool] = field(default_factory=dict)

    def run(self, body: Sequence[ast.stmt], path: Path, code: Code) -> list[Path]:
        """All ways through some statements."""
        self.modules.claims.follow(code.module.path, code.node)
        paths = [path]
        last = body[-1] if body else None
        for statement in body:
            if not self.notes and self._is_idle(statement, code):
                continue
            follow = self._statements.handler(statement)
            if follow is None:
                if self.is_relevant(statement, code) or _leaves_or_binds(statement):
                    raise UnreadableError(code.module, statement, f"{type(statement).__name__} is not followed")
                continue
            self._steps += len(paths)
            if self._steps > _MOST_STEPS or len(paths) > _MOST_PATHS:
                raise UnreadableError(code.module, statement, f"{code.name} has too many ways through")
            after: list[Path] = []
            for one in paths:
                if one.ending:
                    after.append(one)
                else:
                    results = follow(self, statement, one, code)
                    # A branch that goes on with more statements is not what decides.
                    after.extend(q if q.ending or statement is last else q.but(branch=one.branch) for q in results)
            paths = self._joined(after)
        return paths

    def _is_idle(self, node: ast.stmt, code: Code) -> bool:
        """Whether a statement neither changes or saves a server, nor binds a name, nor leaves the function or loop."""
        if node not in self._idle:
            counts = any(isinstance(part, _BINDING) or _calls_local(part) or _saves(part) for part in walk(node))
            self._idle[node] = not counts and not self.is_relevant(node, code)
        return self._idle[node]

    def _joined(self, paths: list[Path]) -> list[Path]:
        """The paths with those that go on in the same way made one."""
        if len(paths) <= 1:
            return paths
        alike: dict[object, list[Path]] = {}
        for path in paths:
            alike.setdefault((path.key(), path.assumptions), []).append(path)
        boxed = [same[0].but(box=box) for same in alike.values() for box in minimise(path.box for path in same)]
        groups: dict[object, list[Path]] = {}
        for path in boxed:
            groups.setdefault((path.key(), path.box), []).append(path)
        return [path for group in groups.values() for path in _without_difference(group)]

    @_statements.on(ast.If)
    def _if(self, node: ast.If, path: Path, code: Code) -> Iterator[Path]:
        place = evidence(code.module, node, code.name)
        paths: dict[bool, list[Path]] = {True: [], False: []}
        for after, holds in self.decide(node.test, path, code):
            paths[holds].append(after.but(branch=place) if holds else after)
        results = {holds: self._run_all(paths[holds], node.body if holds else node.orelse, code) for holds in paths}
        for holds, taken in results.items():
            refused = results[not holds]
            if taken and refused and all(after.ending == "raise" for after in refused):
                # What would have raised an error was not so: that is success, and no condition of it.
                free = [after.but(assumptions=path.assumptions) for after in paths[holds]]
                yield from self._run_all(free, node.body if holds else node.orelse, code)
            else:
                yield from taken

    def _run_all(self, paths: list[Path], body: list[ast.stmt], code: Code) -> list[Path]:
        return [after for path in paths for after in self.run(body, path, code)]

    @_statements.on(ast.Expr)
    def _expression(self, node: ast.Expr, path: Path, code: Code) -> Iterator[Path]:
        if isinstance(node.value, ast.Call):
            yield from (after for after, _ in self.call(node.value, path, code, used=False))
        elif isinstance(node.value, ast.Constant):
            yield path
        else:
            yield from (after for after, _ in self.value(node.value, path, code))

    @_statements.on(ast.Assign, ast.AnnAssign)
    def _assign(self, node: ast.Assign | ast.AnnAssign, path: Path, code: Code) -> Iterator[Path]:
        if node.value is None:
            yield path
            return
        for after, value in self.value(node.value, path, code):
            bound = after
            for target in node.targets if isinstance(node, ast.Assign) else (node.target,):
                bound = self._bind(target, value, bound, code)
            yield bound

    def _bind(  # noqa: PLR0911 - one return a kind of target
        self, target: ast.expr, value: PyValue, path: Path, code: Code
    ) -> Path:
        match target:
            case ast.Name(id=name):
                if isinstance(value, RuntimeValue) and is_server_name(name) and _is_looked_up(value, name):
                    # What Nova calls an instance is one.
                    return path.named(name, ServerObject())
                is_lengthy = isinstance(value, RuntimeValue) and not dotted_name(value.node)
                return path.named(name, runtime_name(name) if is_lengthy else value)
            case ast.Tuple(elts=parts):
                values = value if isinstance(value, tuple) and len(value) == len(parts) else None
                for index, part in enumerate(parts):
                    single = values[index] if values else runtime_value(part)
                    path = self._bind(part, single, path, code)
                return path
            case ast.Attribute(value=ast.Name(id=name), attr="reraise"):
                return path.named(name, value)
            case ast.Subscript(value=ast.Name(id=name), slice=key) if isinstance(path.names.get(name), Pairs):
                items = (*path.names[name].items, (getattr(key, "value", None), value))
                return path.named(name, Pairs(items=items))
            case ast.Attribute() | ast.Subscript():
                return self._bind_field(target, value, path, code)
        return path

    def _bind_field(self, target: ast.Attribute | ast.Subscript, value: PyValue, path: Path, code: Code) -> Path:
        """The path after a field of an object or an entry of a dictionary was assigned."""
        owner = target.value
        field = target.attr if isinstance(target, ast.Attribute) else getattr(target.slice, "value", None)
        if not isinstance(field, str) or field not in FIELDS:
            return path
        if isinstance(owner, ast.Name) and isinstance(path.names.get(owner.id), ServerObject):
            return self.write(field, value, target, path, code)
        if isinstance(target, ast.Attribute) and field in FIELDS[:2]:
            raise UnreadableError(code.module, target, f"writes {field} of what is not known to be the server")
        return path

    @_statements.on(ast.AugAssign)
    def _augment(self, node: ast.AugAssign, path: Path, code: Code) -> Iterator[Path]:
        if isinstance(node.target, ast.Attribute | ast.Subscript) and self.is_relevant(node, code):
            raise UnreadableError(code.module, node, "AugAssign is not followed")
        for after, _ in self.value(node.value, path, code):
            yield (
                after.named(node.target.id, runtime_name(node.target.id))
                if isinstance(node.target, ast.Name)
                else after
            )

    @_statements.on(ast.Return)
    def _return(self, node: ast.Return, path: Path, code: Code) -> Iterator[Path]:
        if node.value is None:
            yield path.but(ending="return", result=None)
        else:
            yield from (after.but(ending="return", result=v) for after, v in self.value(node.value, path, code))

    @_statements.on(ast.Raise)
    def _raise(self, node: ast.Raise, path: Path, _code: Code) -> Iterator[Path]:
        if self.notes:
            error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = dotted_name(error).rpartition(".")[2] if error else path.names.get(_HANDLED, ANY_ERROR)
            yield path.but(ending="raise", result=name)

    @_statements.on(ast.Break, ast.Continue)
    def _leave_loop(self, node: ast.Break | ast.Continue, path: Path, _code: Code) -> Iterator[Path]:
        yield path.but(ending="break" if isinstance(node, ast.Break) else "continue")

    @_statements.on(ast.With)
    def _with(self, node: ast.With, path: Path, code: Code) -> Iterator[Path]:
        for item in node.items:
            path = self.passing(item.context_expr, path, code)
        reraising = next((item for item in node.items if "save_and_reraise" in ast.unparse(item.context_expr)), None)
        if reraising is None or not self.notes:
            yield from self.run(node.body, path, code)
            return
        word = ast.unparse(reraising.optional_vars) if reraising.optional_vars else ""
        for after in self.run(node.body, path.named(word, value=True), code):
            if after.ending == "raise" or not after.names.get(word, True):
                yield after
            else:
                yield after.but(ending="raise", result=path.names.get(_HANDLED, ANY_ERROR))

    @_statements.on(ast.FunctionDef)
    def _define(self, node: Function, path: Path, code: Code) -> Iterator[Path]:
        inner = Code(module=code.module, node=node, owner=code.owner, name=f"{code.name}.{node.name}")
        yield path.named(node.name, inner)

    @_statements.on(ast.For, ast.While)
    def _loop(self, node: ast.For | ast.While, path: Path, code: Code) -> Iterator[Path]:
        """One turn: what it does to a server is the same in each."""
        parts = list(walk(node))
        if not self.is_relevant(node, code) and not any(isinstance(part, ast.Return) for part in parts):
            for name in sorted(
                {part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
            ):
                path = path.named(name, runtime_name(name))
            yield path
            return
        for entered in self._entered(node, path, code):
            for after in self.run(node.body, entered, code):
                if after.ending in (None, "continue"):
                    yield from self.run(node.orelse, after.but(ending=None), code)
                else:
                    yield after.but(ending=None) if after.ending == "break" else after
        if not self.notes:
            yield from self.run(node.orelse, path, code)

    def _entered(self, node: ast.For | ast.While, path: Path, code: Code) -> Iterator[Path]:
        if isinstance(node, ast.While):
            yield self.passing(node.test, path, code)
            return
        if not isinstance(node.target, ast.Name):
            yield self.passing(node.iter, path, code)
            return
        for read, found in self.value(node.iter, path, code):
            # What was assumed before decides whether there are servers at all; here is one.
            after = read.but(assumptions=_open_calls(read.assumptions))
            if isinstance(found, ServerQuery):
                yield from self._queried(node.target.id, found, after, node)
            elif is_server_name(node.target.id):
                among = ast.Compare(left=node.target, ops=[ast.In()], comparators=[self.worded(node.iter, after)])
                supposed = self._suppose(among, after, node.lineno)
                yield from (one.named(node.target.id, ServerObject()) for one, holds in supposed if holds)
            else:
                yield read.named(node.target.id, runtime_name(node.target.id))

    def _queried(self, name: str, found: ServerQuery, path: Path, node: ast.For) -> Iterator[Path]:
        """The servers a query finds: its filters on states narrow the path, the others are assumptions."""
        paths = [path]
        for key, value in found.filters:
            if key in FIELDS:
                narrowed = (one.but(box=one.box.within(key, frozenset((value,)))) for one in paths)
                paths = [one for one in narrowed if not one.box.is_empty]
            elif isinstance(value, RuntimeValue):
                among = ast.Compare(left=server_attribute(str(key)).node, ops=[ast.In()], comparators=[value.node])
                paths = [q for one in paths for q, holds in self._suppose(among, one, node.lineno) if holds]
        yield from (one.named(name, ServerObject()) for one in paths)

    @_statements.on(ast.Try)
    def _try(self, node: ast.Try, path: Path, code: Code) -> Iterator[Path]:
        handlers = [(h, names) for h in node.handlers if (names := _caught(h))]
        # A second answer may be any, that there is no such guest included: it is not the first that is asked about.
        is_lookup = _asks_hypervisor(node) and not path.is_outdated
        lookups = [h for h, names in handlers if "InstanceNotFound" in names and is_lookup]
        failures = [(h, names) for h, names in handlers if names not in _SET_ASIDE] if self.notes else []
        calls = self._calls(node, code)
        variable = None
        if failures and calls:
            named = [name.removeprefix("self.") for name in calls]
            variable = raising(named, (n for _, names in failures for n in names), node.lineno)
        started = path.but(assumptions=(*path.assumptions, (variable, frozenset((NOTHING,))))) if variable else path
        results = list(self._tried(node, failures, started, code))
        for handler in lookups:
            box = path.box.within("power_state", self.methods.nostate)
            if not box.is_empty:
                results.extend(self.run(handler.body, path.but(box=box), code))
        for handler, names in failures if variable else ():
            for name in names:
                assumptions = (*path.assumptions, (variable, frozenset((name,))))
                # A driver that does not support something is no failure: the way goes on as if nothing was.
                place = path.branch if name == "NotImplementedError" else evidence(code.module, handler, code.name)
                failed = self.failed(self._methods_tried(node, code), path.but(assumptions=assumptions, branch=place))
                results.extend(self._handle(node, handler, name, failed, code))
                results.extend(self._handled_late(node, handler, name, failed, code))
        for after in results:
            for last in self.run(node.finalbody, after.but(ending=None), code):
                yield last if last.ending else last.but(ending=after.ending, result=after.result)

    def _tried(
        self, node: ast.Try, failures: list[tuple[ast.ExceptHandler, list[str]]], path: Path, code: Code
    ) -> Iterator[Path]:
        """The ways through the body of a `try`, and on from an error that was raised once something was done."""
        for after in self.run(node.body, path, code):
            catching = (h for h, names in failures if ANY_ERROR in names or after.result in names)
            handler = next(catching, None) if after.ending == "raise" else None
            if handler is None:
                yield from [after] if after.ending else self.run(node.orelse, after, code)
            elif len(after.events) > len(path.events):
                yield from self._handle(node, handler, str(after.result), after.but(ending=None), code)

    def _handle(self, node: ast.Try, handler: ast.ExceptHandler, name: str, path: Path, code: Code) -> Iterator[Path]:
        """The ways through a handler of the exception `name`."""
        inside = path.named(_HANDLED, name).but(is_outdated=path.is_outdated or _acts_on_guest(node))
        for after in self.run(handler.body, inside, code):
            names = {key: value for key, value in after.names.items() if key != _HANDLED}
            yield after.but(names=names, is_outdated=path.is_outdated)

    def _handled_late(
        self, node: ast.Try, handler: ast.ExceptHandler, name: str, path: Path, code: Code
    ) -> Iterator[Path]:
        """The ways through a handler that does something, where the method that failed had saved states before.

        What is saved last is no such state: after it the method is done.
        """
        for call, method in self._method_calls(node, code):
            for ready, arguments in self._arguments(method, call, path, code):
                for box, (vm_state, task_state) in self._between(method, arguments, ready):
                    field, value = (FIELDS[1], task_state) if vm_state == path.vm_state else (FIELDS[0], vm_state)
                    is_so = ast.Compare(
                        left=server_attribute(field).node, ops=[ast.Eq()], comparators=[ast.Constant(value)]
                    )
                    variable, _ = test(is_so, node.lineno)
                    left = path.but(
                        box=box,
                        vm_state=vm_state,
                        task_state=task_state,
                        saved=(vm_state, task_state),
                        assumptions=(*path.assumptions, (variable, frozenset((HOLDS,)))),
                    )
                    handled = self._handle(node, handler, name, left, code)
                    yield from (after for after in handled if len(after.events) > len(path.events))

    def _method_calls(self, node: ast.Try, code: Code) -> list[tuple[ast.Call, Code]]:
        """The calls in a `try` of methods that change the server."""
        calls = [part for statement in node.body for part in walk(statement) if isinstance(part, ast.Call)]
        named = [(call, dotted_name(call.func)) for call in calls]
        found = [(call, self.methods.called(code.owner, name)) for call, name in named]
        return [(call, m) for call, m in found if m and self.methods.changes_state(m.node, m.owner)]

    def _calls(self, node: ast.Try, code: Code) -> list[str]:
        """The calls in a `try` that act on the server or its guest, which are those whose failure matters."""
        names = [
            name
            for statement in node.body
            for call in walk(statement)
            if isinstance(call, ast.Call)
            for name in callee_names(call, code.node)
            if self._may_fail(name, code)
        ]
        return list(dict.fromkeys(names))

    def _methods_tried(self, node: ast.Try, code: Code) -> list[Code]:
        """The methods whose failure a `try` handles; none where something else may fail as well."""
        names = self._calls(node, code)
        methods = [self.methods.called(code.owner, name) for name in names]
        return [method for method in methods if method] if None not in methods else []

    def _may_fail(self, callee: str, code: Code) -> bool:
        owner = callee.rpartition(".")[0]
        if owner in ("self.driver", "self.compute_api"):
            return True
        method = self.methods.called(code.owner, callee)
        if method is None:
            return False
        # What an object that the class keeps does to the guest, it does for the class.
        acts = owner != "self" and not is_harmless(callee) and self.methods.acts_on_guest(method.node, method.owner)
        return acts or self.methods.changes_state(method.node, method.owner)

    def ends(self, method: Code, arguments: dict[str, PyValue], path: Path) -> list[End]:
        """See `Caller.ends`.

        Ways that stop early (nothing to do, already done) are left out where another goes further for the same states.
        """
        paths = self._successes(method, arguments, path)
        furthest = [p for p in paths if not any(q.writes > p.writes and q.box.meets(p.box) for q in paths)]
        return list(dict.fromkeys((p.box, p.vm_state, p.task_state, _open_calls(p.assumptions)) for p in furthest))

    def _between(
        self, method: Code, arguments: dict[str, PyValue], path: Path
    ) -> list[tuple[StateSet, tuple[PyValue, PyValue]]]:
        """What a method saves of the two states before it saves the last, with the combinations that come there."""
        paths = self._successes(method, arguments, path)
        return list(dict.fromkeys((one.box, kept) for one in paths for kept in one.kept[:-1]))

    def _successes(self, method: Code, arguments: dict[str, PyValue], path: Path) -> list[Path]:
        """The ways through a method past all that may go wrong."""
        key = (method, tuple(arguments.items()), path.box, path.vm_state, path.task_state)
        if key not in self._ways:
            success = replace(self, notes=False, assumes=False)
            start = path.but(names=arguments, assumptions=(), facts=(), events=(), writes=0, unsaved=(), kept=())
            self._ways[key] = success.run(method.node.body, start, method)
        return self._ways[key]


def _open_calls(assumptions: tuple[Assumption, ...]) -> tuple[Assumption, ...]:
    return tuple(one for one in assumptions if one[0].unread)


def _without_difference(paths: list[Path]) -> list[Path]:
    """Paths of the same key and box with those made one that differ in the outcome of one test only."""
    left: list[Path] = []
    waiting = deque(paths)
    while waiting:
        path = waiting.popleft()
        for index, other in enumerate(left):
            together = other.joined(path)
            if together:
                del left[index]
                waiting.appendleft(together)
                break
        else:
            left.append(path)
    return left


def _is_looked_up(value: RuntimeValue, name: str) -> bool:
    """Whether a name is bound to something that only its call gives, or that only the name itself tells."""
    return value.text == name or isinstance(value.node, ast.Call)


def _leaves_or_binds(node: ast.stmt) -> bool:
    """Whether a compound statement that is not followed decides how others go on."""
    is_compound = hasattr(node, "body") or hasattr(node, "cases")
    return is_compound and any(isinstance(part, _BINDING) for part in walk(node) if part is not node)


def _calls_local(node: ast.AST) -> bool:
    """Whether a function is called by a name of its own: one defined inside, or given as an argument."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def _saves(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "save"


def _caught(handler: ast.ExceptHandler) -> list[str]:
    """Names of the exceptions a handler is for."""
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return [dotted_name(t).rpartition(".")[2] if t else ANY_ERROR for t in types]


def _asks_hypervisor(node: ast.Try) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr == _QUERY for statement in node.body for n in walk(statement))


def _acts_on_guest(node: ast.Try) -> bool:
    """Whether the driver is called otherwise than to tell of the guest."""
    calls = (n for statement in node.body for n in walk(statement) if isinstance(n, ast.Call))
    names = (dotted_name(call.func).rpartition(".") for call in calls)
    return any(owner == "self.driver" and name != _QUERY for owner, _, name in names)


_QUERY = "get_info"
"""What a driver is asked for to tell of the guest."""


_BINDING = (ast.Assign, ast.Break, ast.Continue, ast.FunctionDef, ast.Raise, ast.Return)
