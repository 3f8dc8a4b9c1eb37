"""Reads which actions want a host up or down: what is asked of the service of a host before an action goes on.

Such a check is no guard by state, but it decides an action all the same: evacuate wants the server's host down, a
confirmed resize its source up. A check is a refusal (`raise`) behind the question whether a service is up, in a
decorator, in a method of the compute API or what it calls, or in the conductor's task of the action's name.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from nova_states.facts.condition import all_of
from nova_states.facts.model import Count, Gap, HostCheck, HostRole, Section
from nova_states.introspection.callees import Callee, Callees
from nova_states.introspection.compute_api import API_CLASS, COMPUTE_API
from nova_states.introspection.constant_evaluator import ClassReference, UnreadableError, defaults
from nova_states.introspection.guard_decorators import api_classes
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.path_conditions import PathCondition, split, steps_to
from nova_states.introspection.syntax import (
    decorator_name,
    dotted_name,
    evidence,
    functions_with_names,
    parameter_names,
    short_module,
)
from nova_states.introspection.tree_walk import own_nodes, walk

_TASKS = "nova/conductor/tasks"
_QUESTION = "service_is_up"
_SERVICES = "servicegroup_api"
_FORCED = "forced_down"
_WORDS = (_QUESTION.encode(), f"{_SERVICES}.".encode(), f".{_FORCED}".encode())  # without any a file asks nothing
_DEEPEST = 3
_Names = Mapping[str, ast.expr]


def read_host_checks(modules: Modules) -> Section[HostCheck]:
    """All checks, those of the compute API first, in the order of the source."""
    reader = _Reader(modules=modules)
    try:
        reader.read_api()
        reader.read_tasks()
    except SourceError as error:
        reader.gaps.append(error.as_gap("checks of hosts"))
    facts, gaps = tuple(dict.fromkeys(reader.facts)), tuple(dict.fromkeys(reader.gaps))
    counts = (Count(name="checks of hosts", read=len(facts), found=len(facts) + len(gaps)),)
    return Section(facts=facts, gaps=gaps, counts=counts)


@dataclass(kw_only=True)
class _Reader:
    modules: Modules
    facts: list[HostCheck] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    callees: Callees = field(init=False)
    _seen: set[int] = field(default_factory=set)
    """Refusals that some action was found to lead to."""
    _known: dict[tuple[str, int], bool] = field(default_factory=dict)
    _called: dict[tuple[str, int], list[tuple[Callee, ast.Call]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.callees = Callees(modules=self.modules, words=frozenset({_QUESTION}))

    def read_api(self) -> None:
        """Read the methods of the compute API, and what they call."""
        api = self.modules.at(COMPUTE_API)
        for kind in api_classes(api, API_CLASS, self.modules):
            for name, function in functions_with_names(kind.node.body):
                if not name.startswith("_"):
                    start = Callee(module=kind.module, function=function, owner=kind.name)
                    self._follow(start, kind, _Way(action=name.partition(".")[0], method=name, steps=(), names={}), 0)
            for _, function in functions_with_names(kind.node.body):
                self._report_lost(function, kind.module)

    def read_tasks(self) -> None:
        """Read the conductor's tasks that are called after an action."""
        if not self.modules.exists(f"{_TASKS}/__init__.py"):
            return
        api = self.modules.at(COMPUTE_API)
        actions = {name for kind in api_classes(api, API_CLASS, self.modules) for name in self.callees.methods(kind)}
        for path in self.modules.paths(_TASKS):
            action = path.rpartition("/")[2].removesuffix(".py")
            content = self.modules.tree.read(path)
            if not path.endswith(".py") or not any(word in content for word in _WORDS):
                continue
            module = self.modules.at(path)
            for name, node in module.classes.items():
                kind = ClassReference(module=module, node=node, name=name)
                methods = self.callees.methods(kind)
                begin = methods.get("_execute", methods.get("execute"))
                if begin is not None and action in actions:
                    start = _Way(action=action, method=begin.function.name, steps=(), names={})
                    self._follow(begin, kind, start, 0)
                for _, function in functions_with_names(node.body):
                    self._report_lost(function, module)

    def _report_lost(self, function: Function, module: Module) -> None:
        for node in own_nodes(function.body):
            if isinstance(node, ast.Return) and _has_question(node.value):
                reason = "answers whether a service is up; who refuses by it is not followed"
                self.gaps.append(Gap(file=module.path, line=node.lineno, reason=reason))
        for node in own_nodes(function.body):
            test = node.test if isinstance(node, ast.If) else node.subject if isinstance(node, ast.Match) else None
            asks = _has_question(test) or _is_asked_otherwise(test, function)
            raised = [one for one in walk(node) if isinstance(one, ast.Raise)] if asks else []
            if raised and not any(_asked(one, function) for one in raised):
                reason = "refuses by whether services are up, in a way that is not understood"
                self.gaps.append(Gap(file=module.path, line=raised[0].lineno, reason=reason))
        for statement in _refusals(function):
            if id(statement) not in self._seen and (asked := _asked(statement, function)):
                reason = f"refuses by whether a service is up, but no action known leads here: {ast.unparse(asked[0])}"
                self.gaps.append(Gap(file=module.path, line=statement.lineno, reason=reason))

    def _follow(self, callee: Callee, kind: ClassReference, way: _Way, depth: int) -> None:
        """Take the checks of a function, of its decorators and of what it calls."""
        self._take(callee, kind, way)
        for node in callee.function.decorator_list:
            maker = callee.module.functions.get(decorator_name(node))
            if maker is not None and _asks(maker):
                given = _arguments(maker, node, {}) if isinstance(node, ast.Call) else {}
                inside = _Way(action=way.action, method=way.method, steps=way.steps, names=given)
                for _, part in functions_with_names([maker]):
                    self._take(Callee(module=callee.module, function=part, owner=None), kind, inside, node)
        for inner, call in self._calls(callee, kind) if depth < _DEEPEST else ():
            if not self._leads(inner, kind, depth):
                continue
            steps = (*way.steps, *_put_in(steps_to(callee.function, call), way.names))
            names = _arguments(inner.function, call, way.names)
            self._follow(inner, kind, _Way(action=way.action, method=way.method, steps=steps, names=names), depth + 1)

    def _leads(self, callee: Callee, kind: ClassReference, depth: int) -> bool:
        """Whether a helper asks, itself, by a decorator, or through others; public methods are actions themselves."""
        if callee.owner == kind.name and not callee.function.name.startswith("_"):
            return False
        key = (callee.module.path, callee.function.lineno)
        if key not in self._known:
            self._known[key] = False
            makers = (callee.module.functions.get(decorator_name(node)) for node in callee.function.decorator_list)
            self._known[key] = (
                _asks(callee.function)
                or any(maker is not None and _asks(maker) for maker in makers)
                or (
                    depth < _DEEPEST
                    and any(self._leads(inner, kind, depth + 1) for inner, _ in self._calls(callee, kind))
                )
            )
        return self._known[key]

    def _calls(self, callee: Callee, kind: ClassReference) -> list[tuple[Callee, ast.Call]]:
        """Functions that a function calls, with the calls."""
        key = (callee.module.path, callee.function.lineno)
        if key not in self._called:
            self._called[key] = [
                (inner, node)
                for node in own_nodes(callee.function.body)
                if isinstance(node, ast.Call)
                and (inner := self.callees.of(node, callee.module, kind)) is not None
                and inner.function is not callee.function
            ]
        return self._called[key]

    def _take(self, callee: Callee, kind: ClassReference, way: _Way, place: ast.AST | None = None) -> None:
        for statement in _refusals(callee.function):
            steps = steps_to(callee.function, statement)
            asked = _asked(statement, callee.function)
            if asked is None:
                continue
            test, is_up = asked
            others = [
                step for step in _put_in(steps, way.names) if not _has_question(_local(step.test, callee.function))
            ]
            outcome = [_decided(step) for step in others]
            self._seen.add(id(statement))
            if False in outcome:
                continue
            told = [step for step in way.steps if _decided(step) is None]
            told += [step for step, known in zip(others, outcome, strict=True) if known is None]
            try:
                host = _role(test, callee.function, way.names, callee.module)
            except UnreadableError as error:
                self.gaps.append(error.as_gap(f"check of a host in {callee.name}"))
                continue
            self.modules.claims.follow(callee.module.path, callee.function)
            where = place or statement
            function = f"{kind.name}.{way.method}" if place is not None else callee.name
            self.facts.append(
                HostCheck(
                    action=way.action,
                    method=f"{short_module(kind.module)}.{kind.name}.{way.method}",
                    host=host,
                    must_be="down" if is_up else "up",
                    exception=_raised(statement),
                    when=all_of(dict.fromkeys(step.as_condition() for step in told)),
                    evidence=evidence(callee.module, where, function),
                )
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Way:
    """How a function is reached."""

    action: str
    method: str
    steps: tuple[PathCondition, ...]
    names: _Names
    """What its parameters stand for."""


def _asks(function: Function) -> bool:
    """Whether a function asks if a service is up and can refuse."""
    nodes = list(walk(function))
    return any(_is_question(node) for node in nodes) and any(isinstance(node, ast.Raise) for node in nodes)


def _is_question(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and dotted_name(node.func).rpartition(".")[2] == _QUESTION


def _has_question(test: ast.AST | None) -> bool:
    return test is not None and any(_is_question(node) for node in walk(test))


def _is_asked_otherwise(test: ast.AST | None, function: Function) -> bool:
    """Whether a test, or what its local names hold, asks about a service in a way that nobody here understands."""
    if test is None:
        return False
    names = {node.id for node in walk(test) if isinstance(node, ast.Name)}
    held = [value for name, values in _assigned(function).items() if name in names for value in values]
    nodes = (node for value in (test, *held) for node in walk(value))
    return any(map(_is_other_question, nodes)) or any(map(_has_question, held))


def _is_other_question(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        owner, _, name = dotted_name(node.func).rpartition(".")
        return owner.rpartition(".")[2] == _SERVICES and name != _QUESTION
    return isinstance(node, ast.Attribute) and node.attr == _FORCED


def _refusals(function: Function) -> Iterator[ast.Raise]:
    yield from (node for node in own_nodes(function.body) if isinstance(node, ast.Raise) and node.exc is not None)


def _asked(statement: ast.stmt, function: Function) -> tuple[ast.Call, bool] | None:
    """The question in the test right around a refusal, and the answer that leads to it."""
    for node in own_nodes(function.body):
        if not isinstance(node, ast.If) or not (statement in node.body or statement in node.orelse):
            continue
        for step in split(node.test, holds=statement in node.body):
            test, holds = _local(step.test, function), step.holds
            while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
                test, holds = test.operand, not holds
            if isinstance(test, ast.Call) and _is_question(test):
                return test, holds
    return None


def _local(test: ast.expr | None, function: Function) -> ast.expr | None:
    """A test, or the question that a local name holds the answer of."""
    if isinstance(test, ast.UnaryOp):
        inner = _local(test.operand, function)
        return ast.copy_location(ast.UnaryOp(op=test.op, operand=inner), test) if inner is not None else test
    if isinstance(test, ast.NamedExpr):
        return test.value
    if isinstance(test, ast.Name):
        match _assigned(function).get(test.id):
            case [made] if _has_question(made):
                return made
    return test


def _assigned(function: Function) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in own_nodes(function.body):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.setdefault(name, []).append(value)
    return found


def _arguments(function: Function, call: ast.Call, outer: _Names) -> _Names:
    """Parameter → what a call hands over for it, in terms of the outermost function."""
    names = [name for name in parameter_names(function) if name != "self"]
    given = defaults(function) | dict(zip(names, call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    return {name: _replaced(node, outer) for name, node in given.items()}


class _Substitution(ast.NodeTransformer):
    """Replaces names by expressions."""

    def __init__(self, names: _Names) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._names.get(node.id, node)


def _replaced(node: ast.expr, names: _Names) -> ast.expr:
    made = _Substitution(names).visit(copy.deepcopy(node)) if names else node
    assert isinstance(made, ast.expr)  # noqa: S101 - an expression stays one
    return made


def _put_in(steps: tuple[PathCondition, ...], names: _Names) -> tuple[PathCondition, ...]:
    return tuple(replace(step, test=_replaced(step.test, names) if step.test else None) for step in steps)


def _decided(step: PathCondition) -> bool | None:
    """Whether a constant that was put in decides a step."""
    return bool(step.test.value) == step.holds if isinstance(step.test, ast.Constant) else None


def _role(question: ast.Call, function: Function, names: _Names, module: Module) -> HostRole:
    """Which host's service a question is about, by what it is looked up with."""
    words = " ".join(_words(question, _assigned(function), names, 0)).lower()
    if "dest" in words or "target" in words:
        return "destination"
    if "source" in words:
        return "source"
    if "instance" in words:
        return "server"
    if "host" in words:
        return "destination"  # a host that is handed over is one that the user names
    raise UnreadableError(module, question, f"which host {ast.unparse(question)} is about cannot be told")


def _words(node: ast.AST, made: Mapping[str, list[ast.expr]], names: _Names, depth: int) -> Iterator[str]:
    """Names that an expression is made of, local variables and arguments followed."""
    for part in walk(node):
        if isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.Name):
            yield part.id
            for value in (*made.get(part.id, ()), *([names[part.id]] if part.id in names else [])):
                if depth < _DEEPEST:
                    yield from _words(value, made if part.id in made else {}, names, depth + 1)


def _raised(statement: ast.Raise) -> str:
    """Name of the exception that is raised."""
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return dotted_name(raised).rpartition(".")[2] if raised is not None else ""
