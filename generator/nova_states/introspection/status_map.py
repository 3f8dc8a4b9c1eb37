"""Reads the API's statuses: what `status_from_state` of api/openstack/common.py answers for each pair of states.

The function is run over all states, so that it does not matter how it finds its answer; the map it looks into says in
which order and at which line the answers stand. What the map lists is told even where it says what the default says.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nova_states.facts.condition import all_of, to_text
from nova_states.facts.model import Count, Evidence, Gap, Section, Status
from nova_states.introspection import statement_runner
from nova_states.introspection.constant_evaluator import (
    Arguments,
    FunctionReference,
    PyValue,
    Scope,
    UnreadableError,
    evaluate,
)
from nova_states.introspection.constants import universe
from nova_states.introspection.function_calls import apply
from nova_states.introspection.modules import Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.state_interest import StateInterest
from nova_states.introspection.symbols import OTHER, Run, StateSymbol, Unknown, Way, explore, stand_in
from nova_states.introspection.syntax import evidence, parameter_names
from nova_states.introspection.tree_walk import walk

COMMON = "nova/api/openstack/common.py"
_FUNCTION = "status_from_state"
_DEFAULT = "default"
_MOST_NAMED = 3
"""States that a report names."""

Words = Mapping[tuple[str, str | None], str]
"""vm_state and task_state → status, `OTHER` for all that a release does not name."""


def read_statuses(modules: Modules) -> Section[Status]:
    """One fact for each entry of the map, in its order, then other answers, and the word for an unknown vm_state."""
    facts: list[Status] = []
    gaps: list[Gap] = []
    try:
        module = modules.at(COMMON)
        entries = list(_entries(module, modules, gaps))
        words = _answers(module, modules, gaps)
        facts.extend(_facts(words, entries, module))
    except SourceError as error:
        gaps.append(error.as_gap("the API's statuses"))
    gaps = list(dict.fromkeys(gaps))
    counts = (Count(name="statuses", read=len(facts), found=len(facts) + len(gaps)),)
    return Section(facts=tuple(facts), gaps=tuple(gaps), counts=counts)


def _answers(module: Module, modules: Modules, gaps: list[Gap]) -> Words:  # noqa: C901 - guards its own input
    """What the function answers for every pair of states; what cannot be told is reported."""
    node = module.functions.get(_FUNCTION)
    if node is None:
        raise UnreadableError(module, module.tree, f"{_FUNCTION} is not defined")
    if len(parameter_names(node)) < 2:  # noqa: PLR2004 - a vm_state and a task_state
        raise UnreadableError(module, node, f"{_FUNCTION} does not take a vm_state and a task_state")
    function = FunctionReference(module=module, node=node, name=_FUNCTION)
    interest = StateInterest(modules=modules)

    def follows(function: FunctionReference, given: Arguments) -> bool | None:
        return True if function.name == _FUNCTION else interest.follows(function, given)

    def take(run: Run) -> PyValue:
        scope = Scope(modules=modules, module=module, names={}, unknown=stand_in(run), follows=follows)
        given = Arguments(positional=(StateSymbol("vm_state", run), StateSymbol("task_state", run)))
        place = ast.copy_location(ast.Name(id=_FUNCTION, ctx=ast.Load()), node)
        try:
            return apply(function, given, place, scope)
        except statement_runner.Raised:
            return None

    words: dict[tuple[str, str | None], str] = {}
    try:
        ways, _ = explore(take, universe(modules), module, node)
    except SourceError as error:
        gaps.append(error.as_gap(f"{_FUNCTION} is not followed"))
        return words
    for way in ways:
        try:
            for key, word in _worded(way, module, node):
                if words.setdefault(key, word) != word:
                    gaps.append(_depends(key[0], way, module, node))
        except UnreadableError as error:
            gaps.append(error.as_gap())
    for vm_state in sorted({vm_state for vm_state, _ in words}):
        if words.get((vm_state, None)) != words.get((vm_state, OTHER)):
            own = UnreadableError(module, node, f"{vm_state} without a task has a status of its own")
            gaps.append(own.as_gap())
    return words


def _depends(vm_state: str, way: Way, module: Module, node: ast.AST) -> Gap:
    text = to_text(all_of(test.condition() for test in way.conditions))
    return UnreadableError(module, node, f"the status of {vm_state} depends on {text}").as_gap()


def _worded(way: Way, module: Module, node: ast.AST) -> Iterator[tuple[tuple[str, str | None], str]]:
    if type(way.end) is not str:
        states = ", ".join(sorted(vm_state or "" for vm_state in way.states["vm_state"])[:_MOST_NAMED])
        why = f": {way.end.why}" if isinstance(way.end, Unknown) else ""
        raise UnreadableError(module, node, f"the status of {states} is given as {type(way.end).__name__}{why}")
    for vm_state in way.states["vm_state"]:
        for task_state in way.states["task_state"]:
            yield (vm_state or "", task_state), way.end


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """One entry of a map: its two keys and its place."""

    vm_state: str
    task_state: str | None
    word: str
    evidence: Evidence


def _entries(module: Module, modules: Modules, gaps: list[Gap]) -> Iterator[_Entry]:
    """What the maps that are written out list, in the order of the source; those made in other ways list nothing."""
    scope = Scope(modules=modules, module=module)
    for name, table in module.bindings.items():
        inner_tables = table.values if isinstance(table, ast.Dict) else []
        if not any(isinstance(inner, ast.Dict) and any(map(_is_default, inner.keys)) for inner in inner_tables):
            continue
        for vm_state, inner in zip(table.keys if isinstance(table, ast.Dict) else [], inner_tables, strict=True):
            for task_state, word in zip(inner.keys, inner.values, strict=True) if isinstance(inner, ast.Dict) else ():
                if vm_state is None or task_state is None:
                    continue  # a map inside the map; the function's answer tells it
                try:
                    keys = (evaluate(vm_state, scope), evaluate(task_state, scope))
                    yield _Entry(
                        vm_state=_word(keys[0], word, module),
                        task_state=_word(keys[1], word, module) if keys[1] is not None else None,
                        word=_word(evaluate(word, scope), word, module),
                        evidence=evidence(module, task_state),
                    )
                except SourceError as error:
                    gaps.append(error.as_gap(name))


def _word(value: PyValue, node: ast.expr, module: Module) -> str:
    if type(value) is not str:
        raise UnreadableError(module, node, f"a word is given as {type(value).__name__}")
    return value


def _is_default(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value == _DEFAULT


def _facts(words: Words, entries: list[_Entry], module: Module) -> Iterator[Status]:
    place = evidence(module, _lookup(module.functions[_FUNCTION]), _FUNCTION)
    states = list(dict.fromkeys([*(entry.vm_state for entry in entries), *sorted({vm for vm, _ in words})]))
    unknown = words.get((OTHER, OTHER))
    for vm_state in states:
        own = {entry.task_state: entry for entry in entries if entry.vm_state == vm_state}
        answers = {task: word for (vm, task), word in words.items() if vm == vm_state}
        if vm_state != OTHER and (own or set(answers.values()) - {unknown}):
            yield from _of_state(vm_state, own, answers, place)
    if unknown is not None:
        yield Status(vm_state=None, task_state=_DEFAULT, status=unknown, evidence=place)


def _of_state(
    vm_state: str, own: Mapping[str | None, _Entry], answers: Mapping[str | None, str], place: Evidence
) -> Iterator[Status]:
    """The entries of one vm_state: those of the map, and every other answer that is not the default."""
    default = answers.get(OTHER, own[_DEFAULT].word if _DEFAULT in own else None)
    tasks = sorted(answers, key=lambda task: (task is not None, task or ""))
    more = [task for task in tasks if task not in own and task not in (OTHER, None) and answers[task] != default]
    for task in (*([_DEFAULT] if default is not None and _DEFAULT not in own else []), *own, *more):
        word = default if task == _DEFAULT else answers.get(task, own[task].word if task in own else None)
        if word is not None and task is not None:
            yield Status(
                vm_state=vm_state,
                task_state=task,
                status=word,
                evidence=own[task].evidence if task in own else place,
            )


def _lookup(function: ast.AST) -> ast.AST:
    """Where the function looks into its map, as far as that is plain."""
    for node in walk(function):
        match node:
            case ast.Call(func=ast.Attribute(attr="get"), args=[_, _]):
                return node
    return function
