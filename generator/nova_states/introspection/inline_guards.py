"""Reads state checks that are written into bodies instead of decorators, in the compute API and the REST layer.

A check is a place that raises an "invalid state" (`sites.py` finds them). The tests on the way to it are split: those
about vm_state or task_state are evaluated for every state, the rest become `Guard.when`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from nova_states.facts.condition import AllOf, AnyOf, Condition, all_of
from nova_states.facts.model import Count, Guard, Section, StateKind
from nova_states.introspection.code_tests import code_condition
from nova_states.introspection.compute_api import COMPUTE_API
from nova_states.introspection.constant_evaluator import Scope, UnreadableError, evaluate, is_true
from nova_states.introspection.constants import universe
from nova_states.introspection.guard_decorators import GuardDecorators
from nova_states.introspection.inline_guard_sites import GuardSite, find_sites, own_statements
from nova_states.introspection.modules import Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.path_conditions import PathCondition
from nova_states.introspection.refusals import Refusals, mentions_state
from nova_states.introspection.rest import read_handlers
from nova_states.introspection.state_interest import StateInterest
from nova_states.introspection.state_tables import GuardLists, guard_lists
from nova_states.introspection.symbols import Run, explore, stand_in
from nova_states.introspection.syntax import evidence, functions_with_names
from nova_states.introspection.tree_walk import walk


def read_checks(modules: Modules, guards: GuardDecorators, raised: frozenset[str]) -> Section[Guard]:
    """Guards for all refusals by state outside the decorators, which raise the exceptions of the names `raised`."""
    handlers, _ = read_handlers(modules)
    sites, gaps = find_sites(modules.at(COMPUTE_API), handlers, guards, Refusals(modules=modules, names=raised))
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
    steps = [step for step in site.steps if (known := _settled(step, scope)) is None or not known]
    if any(_settled(step, scope) is False for step in steps):
        return
    others = [step.as_condition() for step in steps if not mentions_state(step.test)]
    tests = [step for step in steps if mentions_state(step.test)]
    if tests:
        given = [step for step in steps if step not in tests]
        for lists in _refused(site, tests, given, modules):
            yield _guard(site, lists, others)
    else:
        for kind, state, condition in _named_states(site, modules):
            lists = GuardLists(
                mode="reject",
                vm_states=(state,) if kind == "vm_state" else None,
                task_states=(state,) if kind == "task_state" else None,
            )
            yield _guard(site, lists, [*others, *condition])


def _settled(step: PathCondition, scope: Scope) -> bool | None:
    """Whether the arguments put in have decided the step; None: it depends on more."""
    if step.test is None or any(isinstance(node, ast.Name | ast.Attribute) for node in walk(step.test)):
        return None
    return bool(evaluate(step.test, scope)) == step.holds


def _refused(
    site: GuardSite, tests: Sequence[PathCondition], given: Sequence[PathCondition], modules: Modules
) -> list[GuardLists]:
    """What the tests on the way let through to the refusal, the other steps on it given."""

    def take(run: Run) -> bool:
        for step in given:
            if step.test is not None:
                run.assume(step.test, holds=step.holds)
        interest = StateInterest(modules=modules)
        scope = Scope(modules=modules, module=site.module, names={}, unknown=stand_in(run), follows=interest.follows)
        return all(is_true(step.test, scope) == step.holds for step in tests if step.test is not None)

    ways, states = explore(take, universe(modules), site.module, site.node)
    return guard_lists(ways, lambda is_refused: not is_refused, states, site.module, site.node)


def _guard(site: GuardSite, lists: GuardLists, others: Sequence[Condition]) -> Guard:
    return Guard(
        action=site.action,
        method=site.method,
        mode=lists.mode,
        vm_states=lists.vm_states,
        task_states=lists.task_states,
        must_have_launched=lists.must_have_launched,
        when=_together([*others, *([lists.when] if lists.when is not None else [])]),
        conditions=(),
        evidence=evidence(site.module, site.node, site.function),
    )


def _together(conditions: Sequence[Condition]) -> Condition | None:
    """The conditions as one; alternatives keep their brackets even where they are all there is."""
    together = all_of(conditions)
    return AllOf(conditions=(together,)) if isinstance(together, AnyOf) else together


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
