"""Reads state checks that are written into bodies instead of decorators, in the compute API and the REST layer.

A check is a place that raises an "invalid state". The tests on the way to it are split: those about vm_state or
task_state are evaluated for every state, the rest become the text of `Guard.when`. Where the place stands in a private
helper, each call of the helper is a check of its own, with the call's arguments put in.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.facts.model import Count, Gap, Guard, Section, StateKind
from generator.introspection.actions import API_CLASS, COMPUTE_API, snake_case
from generator.introspection.constants import state_values
from generator.introspection.evaluation import Scope, UnreadableError, evaluate
from generator.introspection.modules import Function, Module, Modules
from generator.introspection.paths import Step, split, steps_to
from generator.introspection.rest import Handler, helpers, read_handlers
from generator.introspection.syntax import (
    dotted_name,
    evidence,
    functions_with_names,
    methods,
    parameter_names,
    short_module,
    state_of,
    string_value,
)

_REFUSAL = "InvalidState"
_CONFLICT = "raise_http_conflict_for_instance_invalid_state"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Site:
    """A place that refuses, with all that must hold to reach it from the action's entry."""

    action: str
    method: str
    module: Module
    function: str
    """Qualified function the refusing statement stands in."""
    node: ast.stmt
    steps: tuple[Step, ...]


def read_checks(modules: Modules) -> Section[Guard]:
    """Guards for all refusals by state outside the decorators."""
    facts: list[Guard] = []
    gaps: list[Gap] = []
    sites = [*_compute_sites(modules.at(COMPUTE_API)), *_rest_sites(modules)]
    for site in sites:
        try:
            facts.extend(_checks(site, modules))
        except UnreadableError as error:
            gaps.append(Gap(file=error.path, line=error.line, reason=f"check in {site.function}: {error.reason}"))
    unread = len({(gap.file, gap.line) for gap in gaps})
    counts = (Count(name="checks in bodies", read=len(sites) - unread, found=len(sites)),)
    return Section(facts=tuple(facts), gaps=tuple(gaps), counts=counts)


def _compute_sites(module: Module) -> Iterator[_Site]:
    """Refusals in the methods of the compute API class."""
    api = module.classes.get(API_CLASS)
    if api is None:
        return
    for name, function in functions_with_names(api.body):
        for statement in _refusals(function):
            outermost = name.partition(".")[0]
            steps = steps_to(function, statement)
            if not outermost.startswith("_"):
                yield _Site(
                    action=outermost,
                    method=f"{short_module(module)}.{API_CLASS}.{name}",
                    module=module,
                    function=f"{API_CLASS}.{name}",
                    node=statement,
                    steps=steps,
                )
                continue
            for caller, calling, call in _calls_of(api, outermost):
                way = (*steps_to(calling, call), *(_with_arguments(step, function, call) for step in steps))
                yield _Site(
                    action=caller,
                    method=f"{short_module(module)}.{API_CLASS}.{caller}",
                    module=module,
                    function=f"{API_CLASS}.{name}",
                    node=statement,
                    steps=way,
                )


def _calls_of(api: ast.ClassDef, private: str) -> Iterator[tuple[str, Function, ast.Call]]:
    for name, definitions in methods(api).items():
        for function in definitions:
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and dotted_name(node.func) == f"self.{private}":
                    yield name, function, node


def _rest_sites(modules: Modules) -> Iterator[_Site]:
    """Refusals in REST handlers and their helpers, other than the translation of a caught refusal."""
    handlers, _ = read_handlers(modules)
    for handler in handlers:
        place = f"{handler.controller.name}.{handler.function.name}"
        for statement in _conflicts(handler.function):
            yield _rest_site(handler, place, statement, steps_to(handler.function, statement))
        for helper, call in helpers(handler.controller, handler.module, handler.function):
            for statement in _conflicts(helper):
                inner = (_with_arguments(step, helper, call) for step in steps_to(helper, statement))
                way = (*steps_to(handler.function, call), *inner)
                word = _with_arguments_in(_conflict_word(statement), helper, call)
                yield _rest_site(handler, helper.name, statement, way, string_value(word))


def _rest_site(
    handler: Handler, function: str, statement: ast.stmt, steps: Sequence[Step], word: str | None = None
) -> _Site:
    action = handler.calls[0] if handler.calls else snake_case(word or handler.endpoint.conflict_name or "unknown")
    return _Site(
        action=action,
        method=f"{short_module(handler.module)}.{handler.controller.name}.{handler.function.name}",
        module=handler.module,
        function=function,
        node=statement,
        steps=tuple(steps),
    )


def _refusals(function: Function) -> list[ast.stmt]:
    """`raise ...InvalidState(...)` statements of a function, nested functions left to themselves."""
    return [
        node
        for node in _own_statements(function.body)
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and dotted_name(node.exc.func).endswith(_REFUSAL)
    ]


def _conflicts(function: Function) -> list[ast.stmt]:
    """Statements that raise the 409 themselves, not in answer to an exception."""
    caught = {id(n) for t in ast.walk(function) if isinstance(t, ast.Try) for h in t.handlers for n in ast.walk(h)}
    return [
        node
        for node in _own_statements(function.body)
        if isinstance(node, ast.Expr | ast.Raise) and _conflict_word(node) is not None and id(node) not in caught
    ]


def _conflict_word(statement: ast.stmt) -> ast.expr | None:
    """The argument that names the action, if the statement raises the 409."""
    call = statement.value if isinstance(statement, ast.Expr) else getattr(statement, "exc", None)
    if isinstance(call, ast.Call) and dotted_name(call.func).endswith(_CONFLICT) and len(call.args) > 1:
        return call.args[1]
    return None


def _own_statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for part in ("body", "orelse", "finalbody"):
                yield from _own_statements(getattr(statement, part, ()))
            for handler in getattr(statement, "handlers", ()):
                yield from _own_statements(handler.body)


def _with_arguments(step: Step, function: Function, call: ast.Call) -> Step:
    test = _with_arguments_in(step.test, function, call) if step.test is not None else None
    return Step(test=test, holds=step.holds, text=step.text)


def _with_arguments_in(node: ast.expr | None, function: Function, call: ast.Call) -> ast.expr | None:
    """The expression with the function's parameters replaced by what the call hands over."""
    names = [name for name in parameter_names(function) if name != "self"]
    given = dict(zip(names, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg}
    return _Substitution(given).visit(copy.deepcopy(node)) if node is not None else None


class _Substitution(ast.NodeTransformer):
    """Replaces names by expressions."""

    def __init__(self, given: dict[str, ast.expr]) -> None:
        self._given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._given.get(node.id, node)


def _checks(site: _Site, modules: Modules) -> Iterator[Guard]:
    """The guards of one site: usually one; one a state where the refusal names its state itself."""
    for steps in _alternatives(site.steps, site.module, modules):
        refused: dict[StateKind, set[str | None]] = {}
        texts: list[str] = []
        for step in steps:
            kind = _kind(step, site)
            if kind is None:
                texts.append(step.as_text())
            else:
                found = _matching(step, kind, site.module, modules)
                refused[kind] = refused.get(kind, found) & found
        if len(refused) > 1:
            raise UnreadableError(site.module, site.node, "refuses by vm_state and task_state at once")
        for kind, states in refused.items():
            yield _guard(site, kind, states, texts, _all_states(kind, modules))
        if not refused:
            for kind, state, condition in _named_states(site, modules):
                yield _guard(site, kind, {state}, [*texts, *condition], _all_states(kind, modules))


def _alternatives(steps: Sequence[Step], module: Module, modules: Modules) -> Iterator[tuple[Step, ...]]:
    """The ways to a site: one, or one for each side of an `or` that mixes states with what they do not decide."""
    for place, step in enumerate(steps):
        if step.holds and isinstance(step.test, ast.BoolOp) and isinstance(step.test.op, ast.Or) and _kinds(step.test):
            try:
                for kind in _kinds(step.test):
                    _matching(step, kind, module, modules)
            except UnreadableError:
                for side in step.test.values:
                    way = (*steps[:place], *split(side, holds=True), *steps[place + 1 :])
                    yield from _alternatives(way, module, modules)
                return
    yield tuple(steps)


def _kind(step: Step, site: _Site) -> StateKind | None:
    """Which state a step asks for, if any."""
    kinds = _kinds(step.test)
    if len(kinds) > 1:
        raise UnreadableError(site.module, site.node, f"looks at vm_state and task_state at once: {step.as_text()}")
    return kinds.pop() if kinds else None


def _guard(
    site: _Site, kind: StateKind, refused: set[str | None], texts: Sequence[str], every: set[str | None]
) -> Guard:
    """A guard that refuses these states, told the shorter way."""
    mode = "reject" if len(refused) <= len(every) - len(refused) else "allow"
    states = refused if mode == "reject" else every - refused
    listed = tuple(sorted(states, key=lambda state: (state is not None, state or "")))
    return Guard(
        action=site.action,
        method=site.method,
        mode="reject" if mode == "reject" else "allow",
        vm_states=listed if kind == "vm_state" else None,
        task_states=listed if kind == "task_state" else None,
        must_have_launched=False,
        when=" and ".join(texts) or None,
        conditions=(),
        evidence=evidence(site.module, site.node, site.function),
    )


def _kinds(test: ast.expr | None) -> set[StateKind]:
    found: set[StateKind] = set()
    for node in ast.walk(test) if test is not None else ():
        kind = state_of(node)
        if kind is not None:
            found.add(kind)
    return found


def _matching(step: Step, kind: StateKind, module: Module, modules: Modules) -> set[str | None]:
    """The states for which the step is taken."""
    assert step.test is not None  # noqa: S101 - the caller looked for states in it
    scope = Scope(modules=modules, module=module)
    found: set[str | None] = set()
    for state in _all_states(kind, modules):
        test = _State(kind, state).visit(copy.deepcopy(step.test))
        if bool(evaluate(test, scope)) == step.holds:
            found.add(state)
    return found


class _State(ast.NodeTransformer):
    """Puts a state in place of every expression that reads it."""

    def __init__(self, kind: StateKind, state: str | None) -> None:
        self._kind = kind
        self._state = state

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if state_of(node) == self._kind:
            return ast.copy_location(ast.Constant(value=self._state), node)
        return super().generic_visit(node)


def _all_states(kind: StateKind, modules: Modules) -> set[str | None]:
    values: set[str | None] = {str(value) for value in state_values(modules, kind).values()}
    return values | {None} if kind == "task_state" else values


def _named_states(site: _Site, modules: Modules) -> Iterator[tuple[StateKind, str | None, list[str]]]:
    """Kind, state and condition where the refusal hands attribute and state over instead of testing them."""
    call = site.node.exc if isinstance(site.node, ast.Raise) else None
    options = {k.arg: k.value for k in call.keywords if k.arg} if isinstance(call, ast.Call) else {}
    attribute, state = options.get("attr"), options.get("state")
    if attribute is None or state is None:
        raise UnreadableError(site.module, site.node, "does not say which state it refuses")
    scope = Scope(modules=modules, module=site.module)
    for names, condition in _assignments(site, {n.id for n in (attribute, state) if isinstance(n, ast.Name)}):
        values = [
            evaluate(names.get(node.id, node) if isinstance(node, ast.Name) else node, scope)
            for node in (attribute, state)
        ]
        if values[0] in ("vm_state", "task_state"):
            yield values[0], values[1], condition


def _assignments(site: _Site, names: set[str]) -> Iterator[tuple[dict[str, ast.expr], list[str]]]:
    """Values the names have at the refusal: at first, and after each `if` that assigns them anew."""
    first: dict[str, ast.expr] = {}
    variants: list[tuple[dict[str, ast.expr], list[str]]] = []
    anew: set[int] = set()
    for name, function in functions_with_names(site.module.tree.body):
        for statement in _own_statements(function.body) if name == site.function else ():
            if isinstance(statement, ast.If) and names and names <= _assigned(statement.body).keys():
                variants.append((_assigned(statement.body), [ast.unparse(statement.test)]))
                anew.update(id(inner) for inner in statement.body)
            elif id(statement) not in anew:
                first.update({key: value for key, value in _assigned([statement]).items() if key in names})
    yield first, []
    yield from variants


def _assigned(body: Sequence[ast.stmt]) -> dict[str, ast.expr]:
    return {
        target.id: statement.value
        for statement in body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
