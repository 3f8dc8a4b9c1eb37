"""Reads state checks that are written into bodies instead of decorators, in the compute API and the REST layer.

A check is a place that raises an "invalid state" (`sites.py` finds them). The tests on the way to it are split: those
about vm_state or task_state are evaluated for every state, the rest become `Guard.when`.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence

from nova_states.facts.condition import AllOf, AnyOf, Condition, all_of, to_text
from nova_states.facts.model import Count, Guard, Section, StateKind
from nova_states.introspection.code_tests import code_condition
from nova_states.introspection.constant_evaluator import Scope, UnreadableError, evaluate
from nova_states.introspection.constants import state_values
from nova_states.introspection.inline_guard_sites import GuardSite, find_sites, own_statements
from nova_states.introspection.modules import Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.path_conditions import PathCondition, split
from nova_states.introspection.public_actions import COMPUTE_API
from nova_states.introspection.rest import read_handlers
from nova_states.introspection.syntax import evidence, functions_with_names, state_of


def read_checks(modules: Modules) -> Section[Guard]:
    """Guards for all refusals by state outside the decorators."""
    handlers, _ = read_handlers(modules)
    sites, gaps = find_sites(modules.at(COMPUTE_API), handlers)
    found = len(sites) + len(gaps)
    facts: list[Guard] = []
    for site in sites:
        try:
            facts.extend(_checks(site, modules))
        except SourceError as error:
            gaps.append(error.as_gap(f"check in {site.function}"))
    counts = (Count(name="checks in bodies", read=found - len(gaps), found=found),)
    return Section(facts=tuple(facts), gaps=tuple(gaps), counts=counts)


def _checks(site: GuardSite, modules: Modules) -> Iterator[Guard]:
    """The guards of one site: usually one; one a state where the refusal names its state itself."""
    scope = Scope(modules=modules, module=site.module)
    for steps in _alternatives(site.steps, site.module, modules):
        refused: dict[StateKind, set[str | None]] = {}
        others: list[Condition] = []
        settled = {id(step): _settled(step, scope) for step in steps}
        if False in settled.values():
            continue
        for step in (step for step in steps if not settled[id(step)]):
            kind = _kind(step, site)
            if kind is None:
                others.append(step.as_condition())
            else:
                found = _matching(step, kind, site.module, modules)
                refused[kind] = refused.get(kind, found) & found
        if len(refused) > 1:
            raise UnreadableError(site.module, site.node, "refuses by vm_state and task_state at once")
        for kind, states in refused.items():
            yield _guard(site, kind, states, others, _all_states(kind, modules))
        if not refused:
            for kind, state, condition in _named_states(site, modules):
                yield _guard(site, kind, {state}, [*others, *condition], _all_states(kind, modules))


def _alternatives(
    steps: Sequence[PathCondition], module: Module, modules: Modules
) -> Iterator[tuple[PathCondition, ...]]:
    """The ways to a site: one, or one for each side of an `or` that mixes states with what they do not decide."""
    for place, step in enumerate(steps):
        if step.holds and isinstance(step.test, ast.BoolOp) and isinstance(step.test.op, ast.Or) and _kinds(step.test):
            try:
                for kind in _kinds(step.test):
                    _matching(step, kind, module, modules)
            except UnreadableError:
                for side in step.test.values:
                    path = (*steps[:place], *split(side, holds=True), *steps[place + 1 :])
                    yield from _alternatives(path, module, modules)
                return
    yield tuple(steps)


def _settled(step: PathCondition, scope: Scope) -> bool | None:
    """Whether the arguments put in have decided the step; None: it depends on more."""
    if step.test is None or any(isinstance(node, ast.Name | ast.Attribute) for node in ast.walk(step.test)):
        return None
    return bool(evaluate(step.test, scope)) == step.holds


def _kind(step: PathCondition, site: GuardSite) -> StateKind | None:
    """Which state a step asks for, if any."""
    kinds = _kinds(step.test)
    if len(kinds) > 1:
        raise UnreadableError(
            site.module, site.node, f"looks at vm_state and task_state at once: {to_text(step.as_condition())}"
        )
    return kinds.pop() if kinds else None


def _guard(
    site: GuardSite, kind: StateKind, refused: set[str | None], others: Sequence[Condition], every: set[str | None]
) -> Guard:
    """A guard that refuses these states, told the shorter way."""
    is_rejecting = len(refused) <= len(every) - len(refused)
    states = refused if is_rejecting else every - refused
    listed = tuple(sorted(states, key=lambda state: (state is not None, state or "")))
    return Guard(
        action=site.action,
        method=site.method,
        mode="reject" if is_rejecting else "allow",
        vm_states=listed if kind == "vm_state" else None,
        task_states=listed if kind == "task_state" else None,
        must_have_launched=False,
        when=_together(others),
        conditions=(),
        evidence=evidence(site.module, site.node, site.function),
    )


def _together(conditions: Sequence[Condition]) -> Condition | None:
    """The conditions as one; alternatives keep their brackets even where they are all there is."""
    together = all_of(conditions)
    return AllOf(conditions=(together,)) if isinstance(together, AnyOf) else together


def _kinds(test: ast.expr | None) -> set[StateKind]:
    found: set[StateKind] = set()
    for node in ast.walk(test) if test is not None else ():
        kind = state_of(node)
        if kind is not None:
            found.add(kind)
    return found


def _matching(step: PathCondition, kind: StateKind, module: Module, modules: Modules) -> set[str | None]:
    """The states for which the step is taken."""
    every = _all_states(kind, modules)
    if step.test is None:
        return every
    scope = Scope(modules=modules, module=module)
    found: set[str | None] = set()
    for state in every:
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


def _named_states(site: GuardSite, modules: Modules) -> Iterator[tuple[StateKind, str | None, list[Condition]]]:
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
        if values[0] not in ("vm_state", "task_state"):
            raise UnreadableError(site.module, site.node, f"refuses by {values[0]}, which is not looked at here")
        yield values[0], values[1], condition


def _assignments(site: GuardSite, names: set[str]) -> Iterator[tuple[dict[str, ast.expr], list[Condition]]]:
    """Values the names have at the refusal: at first, and after each `if` that assigns them anew."""
    first: dict[str, ast.expr] = {}
    variants: list[tuple[dict[str, ast.expr], list[Condition]]] = []
    anew: set[int] = set()
    for name, function in functions_with_names(site.module.tree.body):
        for statement in own_statements(function.body) if name == site.function else ():
            if isinstance(statement, ast.If) and names and names <= _assigned(statement.body).keys():
                variants.append((_assigned(statement.body), [code_condition(statement.test)]))
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
