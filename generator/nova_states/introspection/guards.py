"""Reads which states an action is allowed from: the guard decorators, and checks written into bodies.

What a decorator does is found out by running it over all states (`symbols.py`): with the arguments it is given, around
a function that tells when it is reached. Checks in bodies are read by `inline_guards.py`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from nova_states.facts.condition import ComputeApi, all_of
from nova_states.facts.model import Count, Gap, Guard, Section
from nova_states.introspection import statement_runner
from nova_states.introspection.compute_api import API_CLASS, COMPUTE_API
from nova_states.introspection.constant_evaluator import (
    Arguments,
    ClassReference,
    FunctionReference,
    MisfitError,
    ObjectValue,
    PyValue,
    Scope,
    Symbol,
    UnreadableError,
    evaluate,
)
from nova_states.introspection.constants import universe
from nova_states.introspection.function_calls import apply
from nova_states.introspection.guard_decorators import (
    ActionMethod,
    GuardDecorators,
    action_method,
    api_classes,
    condition_names,
    owner_of,
    unreadable,
    within,
)
from nova_states.introspection.inline_guards import read_checks
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.state_tables import GuardLists, guard_lists
from nova_states.introspection.symbols import (
    Field,
    Guarded,
    Passed,
    Run,
    Server,
    Unknown,
    Values,
    explore,
    stand_in,
)
from nova_states.introspection.syntax import dotted_name, evidence, functions_with_names, short_module
from nova_states.introspection.tree_walk import walk

_CELLS_API = "nova/compute/cells_api.py"
"""A second compute API, used instead of the first in deployments with cells v1 (to 19.x)."""

_SERVERS = ("instance", "server")
_HOOKS = frozenset({"__getattr__", "__getattribute__", "__init_subclass__", "__new__"})
"""Methods that decide what a class's other methods are."""
_STATE_MODULES = frozenset({"task_states", "vm_states"})
_STORING = frozenset({"save", "update"})
"""Methods of a server that store states."""
_ABSTRACT = frozenset({"ABCMeta"})
_PASSED = "passed"
_RETURNED = "returned"
_RAISES = "raises "


def read_guards(modules: Modules) -> Section[Guard]:
    """All guards, decorators first, each group in the order of the source."""
    reader = _Reader(modules=modules)
    checks: Section[Guard] = Section(facts=(), gaps=(), counts=())
    try:
        reader.read()
        checks = read_checks(modules, reader.guards, frozenset(reader.raised))
    except SourceError as error:
        reader.gaps.append(error.as_gap("guards"))
    facts, gaps = reader.facts, list(dict.fromkeys(reader.gaps))
    counts = (Count(name="guards", read=len(facts), found=len(facts) + len(gaps)), *checks.counts)
    return Section(facts=(*facts, *checks.facts), gaps=(*gaps, *checks.gaps), counts=counts)


@dataclass(kw_only=True)
class _Reader:
    modules: Modules
    guards: GuardDecorators = field(init=False)
    facts: list[Guard] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    raised: set[str] = field(default_factory=set)
    """Exceptions that decorators refuse with."""
    _hidden: set[tuple[str, str]] = field(default_factory=set)
    """Path and qualified name of methods of a base that the class has in a version of its own."""
    _universe: Mapping[Field, Values] = field(init=False)
    _known: dict[tuple[str, str, tuple[str, ...]], list[GuardLists]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.guards = GuardDecorators(modules=self.modules)

    def read(self) -> None:
        """Read the decorators of the compute API and of the classes it is made of."""
        self._universe = universe(self.modules)
        api = self.modules.at(COMPUTE_API)
        own = api_classes(api, API_CLASS, self.modules)
        if not own:
            self.gaps.append(Gap(file=COMPUTE_API, line=1, reason=f"no class {API_CLASS} is defined here"))
        for kind in own:
            self._read_making(kind)
        places = {COMPUTE_API: api} | {kind.module.path: kind.module for kind in own}
        self._hidden = _hidden(own)
        for module in places.values():
            self._read_module(module, {kind.name for kind in own if kind.module.path == module.path})
        made = (FunctionReference(module=api, node=node, name=name) for name, node in api.functions.items())
        if not self.facts and not self.gaps and not any(self.guards.decides(function) for function in made):
            reason = "no decorator here compares a server's states with lists"
            self.gaps.append(Gap(file=COMPUTE_API, line=1, reason=reason))
        if self.modules.exists(_CELLS_API):
            self._read_module(self.modules.at(_CELLS_API), set())

    def _read_module(self, module: Module, own: set[str]) -> None:
        is_api = module.path in (COMPUTE_API, _CELLS_API)
        for name, function in functions_with_names(module.tree.body):
            owner = owner_of(name, module)
            if (not is_api and (owner is None or owner.name not in own)) or (module.path, name) in self._hidden:
                continue
            self.gaps += _handed_to_server(name, function, module)
            for node in function.decorator_list:
                is_guard = self.guards.is_guard(node, module, owner)
                if is_guard is None:
                    self.gaps.append(unreadable(module, node).as_gap(f"guard of {name}"))
                elif is_guard:
                    self._read_decorator(action_method(name, function, module), node, module, own)
        for node in (node for name in own for node in module.classes[name].decorator_list):
            if self.guards.is_guard(node, module) is not False:
                self.gaps.append(unreadable(module, node).as_gap("guards of the whole class"))
        for name in own:
            if name in module.bindings or name in module.changes:
                place = Gap(file=module.path, line=1, reason=f"{name} is made anew in a way that is not understood")
                self.gaps.append(place)
            self._read_members(module, ClassReference(module=module, node=module.classes[name], name=name), own)
        self._read_changes(module, own)

    def _read_making(self, kind: ClassReference) -> None:
        """Report what may put guards on methods while the class is made, or when they are looked up."""
        hooks = _HOOKS.intersection(name for name, _ in _own_functions(kind))
        made = [
            f"metaclass {ast.unparse(word.value)}"
            for word in kind.node.keywords
            if word.arg == "metaclass" and dotted_name(word.value).rpartition(".")[2] not in _ABSTRACT
        ]
        for what in (*made, *sorted(hooks)):
            reason = f"{what} may change what guards the methods of {kind.name}"
            self.gaps.append(Gap(file=kind.module.path, line=kind.node.lineno, reason=reason))

    def _read_decorator(self, method: ActionMethod, node: ast.expr, module: Module, own: set[str]) -> None:
        owner = owner_of(method.name, module)
        key = (module.path, ast.unparse(node), _before_server(method.function))

        def take(run: Run) -> str:
            scope = self._scope(run, module, within(node, module, owner))
            guarded = Guarded(method.function.name, run)
            wrapped = apply(evaluate(node, scope), Arguments(positional=(guarded,)), node, scope)
            return _called(wrapped, method.function, owner, run, node, scope)

        try:
            if key not in self._known:
                lists, is_general = self._lists(take, module, node)
                if not is_general:
                    key = (*key[:2], (*key[2], method.name))
                self._known[key] = lists
            conditions = condition_names(method.function, module, self.guards)
            self._add(method, self._known[key], conditions, module, node, own)
        except SourceError as error:
            reason = f"guard of {method.name}: {error.reason}"
            self.gaps.append(Gap(file=module.path, line=node.lineno, reason=reason))

    def _scope(self, run: Run, module: Module, kind: ClassReference | None = None) -> Scope:
        return Scope(
            modules=self.modules,
            module=module,
            names={},
            within=kind,
            unknown=stand_in(run),
            follows=self.guards.interest.follows,
        )

    def _lists(self, take: Callable[[Run], str], module: Module, node: ast.AST) -> tuple[list[GuardLists], bool]:
        """What a check refuses, and whether that is so for every function it guards."""
        runs: list[Run] = []

        def noted(run: Run) -> str:
            runs.append(run)
            return take(run)

        ways, states = explore(noted, self._universe, module, node)
        for way in ways:
            if way.end == _RETURNED and any(way.states[name] != states[name] for name in states):
                raise UnreadableError(module, node, "ends the action for some states without a refusal")
            if str(way.end).startswith(_RAISES) and any(way.states[name] != states[name] for name in states):
                self.raised.add(str(way.end).removeprefix(_RAISES))
        lists = guard_lists(ways, lambda end: end == _PASSED, states, module, node)
        return lists or [GuardLists()], not any(run.asked_name or run.conditions for run in runs)

    def _add(  # noqa: PLR0913, PLR0917 - what a guard consists of
        self,
        method: ActionMethod,
        lists: list[GuardLists],
        conditions: tuple[str, ...],
        module: Module,
        node: ast.AST,
        own: set[str],
    ) -> None:
        owner = method.name.partition(".")[0]
        elsewhere = [] if owner in own else [ComputeApi(name=owner)]
        for one in lists:
            whens = [*elsewhere, *([one.when] if one.when is not None else [])]
            self.facts.append(
                Guard(
                    action=method.action,
                    method=f"{short_module(module)}.{method.name}",
                    mode=one.mode,
                    vm_states=one.vm_states,
                    task_states=one.task_states,
                    must_have_launched=one.must_have_launched,
                    when=all_of(whens),
                    conditions=conditions,
                    evidence=evidence(module, node, method.name),
                )
            )

    def _read_members(self, module: Module, kind: ClassReference, own: set[str]) -> None:
        """Methods that the class gets by assignment: `stop = check(...)(_stop)`."""
        functions = dict(_own_functions(kind))
        for statement in kind.node.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as value):
                    used = [n.id for n in walk(value) if isinstance(n, ast.Name) and n.id in functions]
                    if used:
                        self._read_change(name, functions[used[0]], value, module, kind, own)
                    elif not name.startswith("_") and self._makes_method(value, module):
                        reason = f"guard of {kind.name}.{name}: what it is put on is made by a call"
                        self.gaps.append(Gap(file=module.path, line=statement.lineno, reason=reason))

    def _makes_method(self, value: ast.Call, module: Module) -> bool:
        """Whether a call puts a guard on something."""
        calls = [node.func for node in walk(value) if isinstance(node, ast.Call)]
        return any(self.guards.is_guard(maker, module) for maker in calls if not isinstance(maker, ast.Call))

    def _read_change(  # noqa: PLR0913, PLR0917 - what a change consists of
        self, name: str, function: Function, value: ast.expr, module: Module, kind: ClassReference, own: set[str]
    ) -> None:
        def take(run: Run) -> str:
            scope = self._scope(run, module, kind)
            names = {one: Guarded(one, run) for one, _ in _own_functions(kind)}
            inside = scope.elsewhere(module, names=dict(names), within=kind)
            return _called(evaluate(value, inside), function, kind, run, value, inside)

        self._read_assigned(f"{kind.name}.{name}", function, take, value, module, own)

    def _read_assigned(  # noqa: PLR0913, PLR0917 - what a change consists of
        self, name: str, function: Function, take: Callable[[Run], str], node: ast.AST, module: Module, own: set[str]
    ) -> None:
        try:
            lists, _ = self._lists(take, module, node)
            if lists != [GuardLists()]:
                method = action_method(name, function, module)
                self._add(method, lists, condition_names(function, module, self.guards), module, node, own)
        except SourceError as error:
            self.gaps.append(error.as_gap(f"guard of {name}"))

    def _read_changes(self, module: Module, own: set[str]) -> None:
        """Methods that the class gets after it is made: `API.stop = check(...)(API.stop)`."""
        kinds = [owner for name in module.classes if (owner := owner_of(name, module)) is not None]
        touching = {kind.name: kind for kind in kinds}
        for statement in module.outward:
            names = {n.id for n in walk(statement) if isinstance(n, ast.Name)}
            changed = [touching[name] for name in sorted(names) if name in touching]
            for kind in changed:
                try:
                    self._read_statement(statement, kind, module, own)
                except SourceError as error:
                    self.gaps.append(error.as_gap(f"a change of {kind.name}"))
            if not changed:
                reason = "changes something of another module in a way that is not followed"
                self.gaps.append(Gap(file=module.path, line=statement.lineno, reason=reason))

    def _read_statement(self, statement: ast.stmt, kind: ClassReference, module: Module, own: set[str]) -> None:
        def run_it(run: Run) -> _Recorder:
            recorder = _Recorder(kind, run)
            scope = self._scope(run, module).elsewhere(module, names={kind.name: recorder})
            try:
                statement_runner.run([statement], scope)
            except statement_runner.Leaving as error:
                raise UnreadableError(module, statement, "changes a class in a way that is not understood") from error
            return recorder

        first: list[_Recorder] = []
        explore(lambda run: first.append(run_it(run)), self._universe, module, statement)
        functions = dict(_own_functions(kind))
        if not first[0].assigned_values:
            raise UnreadableError(module, statement, "hands the class to what is not followed")
        for name in first[0].assigned_values:
            function = functions.get(name) or functions.get(first[0].asked)
            if function is None:
                raise UnreadableError(module, statement, f"gives the class {name}, which is not understood")

            def take(run: Run, name: str = name, function: Function = function) -> str:
                value = run_it(run).assigned_values[name]
                scope = self._scope(run, module)
                place = ast.copy_location(ast.Name(id=name, ctx=ast.Load()), statement)
                return _called(value, function, kind, run, place, scope)

            self._read_assigned(f"{kind.name}.{name}", function, take, statement, module, own)


def _handed_to_server(name: str, function: Function, module: Module) -> Iterator[Gap]:
    """Calls that hand states to a method of the server, which may refuse by them: `instance.require(...)`."""
    for node in walk(function):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=server), attr=method)) if server in _SERVERS:
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                owners = {
                    dotted_name(part.value) for one in given for part in walk(one) if isinstance(part, ast.Attribute)
                }
                if method not in _STORING and _STATE_MODULES.intersection(owners):
                    reason = f"check in {name}: {server}.{method} is given states and not followed"
                    yield Gap(file=module.path, line=node.lineno, reason=reason)


def _hidden(own: list[ClassReference]) -> set[tuple[str, str]]:
    seen: set[str] = set()
    found: set[tuple[str, str]] = set()
    for kind in own:
        names = {name for name, _ in _own_functions(kind)}
        found |= {(kind.module.path, f"{kind.name}.{name}") for name in names & seen}
        seen |= names
    return found


def _own_functions(kind: ClassReference) -> Iterator[tuple[str, Function]]:
    for statement in kind.node.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield statement.name, statement


class _Recorder(Symbol):
    """A class while statements after it change it."""

    __slots__ = ("_kind", "_run", "asked", "assigned_values")

    def __init__(self, kind: ClassReference, run: Run) -> None:
        self._kind = kind
        self._run = run
        self.asked = ""
        self.assigned_values: dict[str, PyValue] = {}

    def truth(self, _node: ast.expr, _scope: Scope) -> bool:
        """A class counts as true."""
        return True

    def settled(self, node: ast.expr, scope: Scope) -> PyValue:
        """A class is no plain value."""
        raise UnreadableError(scope.module, node, "a class is used as a value")

    def attribute(self, name: str, node: ast.expr, scope: Scope) -> PyValue:
        """A method, to be told when it is reached."""
        if name not in {one for one, _ in _own_functions(self._kind)}:
            raise UnreadableError(scope.module, node, f"{self._kind.name}.{name} is not known")
        self.asked = name
        return self.assigned_values.get(name, Guarded(name, self._run))

    def compared(self, operation: Callable[[PyValue], bool], other: PyValue, node: ast.expr, scope: Scope) -> bool:
        """A class is nothing else."""
        return operation(self)

    def called(self, node: ast.expr, given: Arguments, scope: Scope) -> PyValue:
        """An object of it."""
        raise UnreadableError(scope.module, node, "makes an object of the class")

    def assigned(self, name: str, value: PyValue, node: ast.expr, scope: Scope) -> None:
        """Take a method."""
        self.assigned_values[name] = value


def _before_server(function: Function) -> tuple[str, ...]:
    """The parameters of a function up to its server."""
    names = [parameter.arg for parameter in (*function.args.posonlyargs, *function.args.args)]
    place = next((names.index(name) for name in _SERVERS if name in names), 2)
    return tuple(names[: place + 1])


def _called(  # noqa: PLR0913, PLR0917 - what a call consists of
    wrapped: PyValue, function: Function, owner: ClassReference | None, run: Run, node: ast.expr, scope: Scope
) -> str:
    """How a call of the guarded function ends: whether it is reached."""
    if isinstance(wrapped, Unknown):
        raise UnreadableError(scope.module, node, f"what it does cannot be told: {wrapped.why}")
    names = _before_server(function)
    spec = function.args
    needed = len(spec.posonlyargs) + len(spec.args) - len(spec.defaults)
    given: list[PyValue] = []
    optional: dict[str, PyValue] = {}
    for place, parameter in enumerate((*spec.posonlyargs, *spec.args)):
        name = ast.copy_location(ast.Name(id=parameter.arg, ctx=ast.Load()), node)
        if place == 0 and owner is not None and parameter.arg == "self":
            given.append(ObjectValue(kind=owner, open=True))
        elif place == len(names) - 1:
            given.append(Server(name, run))
        elif place < max(needed, len(names)):
            given.append(Unknown(name, run))
        else:
            optional[parameter.arg] = Unknown(name, run)
    try:
        try:
            apply(wrapped, Arguments(positional=tuple(given), named=optional), node, scope)
        except MisfitError:
            apply(wrapped, Arguments(positional=tuple(given)), node, scope)
    except Passed:
        return _PASSED
    except statement_runner.Raised as error:
        kind = statement_runner.class_of(error.value)
        return f"{_RAISES}{kind.name}" if kind else "raised"
    return _RETURNED
