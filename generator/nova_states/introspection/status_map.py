"""Reads the API's status map and what a vm_state outside it is shown as (nova/api/openstack/common.py)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nova_states.facts.model import Count, Gap, Section, Status
from nova_states.introspection.constant_evaluator import PyValue, Scope, UnreadableError, evaluate
from nova_states.introspection.modules import Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.syntax import dotted_name, evidence

COMMON = "nova/api/openstack/common.py"
_MAP = "_STATE_MAP"
_FUNCTION = "status_from_state"


def read_statuses(modules: Modules) -> Section[Status]:
    """One fact for each entry of the map, in its order, and one for the word outside it."""
    facts: list[Status] = []
    gaps: list[Gap] = []
    try:
        module = modules.at(COMMON)
        for entry in _entries(module):
            try:
                facts.append(_status(entry, module, modules))
            except SourceError as error:
                gaps.append(error.as_gap(_MAP))
        facts.append(_fallback(module, modules))
    except SourceError as error:
        gaps.append(error.as_gap("the API's statuses"))
    counts = (Count(name="statuses", read=len(facts), found=len(facts) + len(gaps)),)
    return Section(facts=tuple(facts), gaps=tuple(gaps), counts=counts)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """One word of the map with its two keys; None for a key that is not written out."""

    vm_state: ast.expr | None
    task_state: ast.expr | None
    word: ast.expr


def _entries(module: Module) -> Iterator[_Entry]:
    table = module.bindings.get(_MAP)
    if not isinstance(table, ast.Dict):
        raise UnreadableError(module, table or module.tree, f"{_MAP} is not written out as a dictionary")
    for vm_state, inner in zip(table.keys, table.values, strict=True):
        if isinstance(inner, ast.Dict):
            for task_state, word in zip(inner.keys, inner.values, strict=True):
                yield _Entry(vm_state=vm_state, task_state=task_state, word=word)
        else:
            yield _Entry(vm_state=vm_state, task_state=None, word=inner)


def _status(entry: _Entry, module: Module, modules: Modules) -> Status:
    if entry.vm_state is None or entry.task_state is None:
        raise UnreadableError(module, entry.word, "an entry comes from elsewhere and is not written out")
    scope = Scope(modules=modules, module=module)
    vm_state, task_state, status = (
        _word(evaluate(node, scope), node, module) for node in (entry.vm_state, entry.task_state, entry.word)
    )
    place = evidence(module, entry.task_state)
    return Status(vm_state=vm_state, task_state=task_state, status=status, evidence=place)


def _fallback(module: Module, modules: Modules) -> Status:
    """The default that the lookup in the map falls back to: `_STATE_MAP.get(vm_state, <here>)`."""
    function = module.functions.get(_FUNCTION)
    for node in ast.walk(function) if function else ():
        match node:
            case ast.Call(func=getter, args=[_, default]) if dotted_name(getter) == f"{_MAP}.get":
                words = evaluate(default, Scope(modules=modules, module=module))
                word = words.get("default") if isinstance(words, dict) else None
                place = evidence(module, node, _FUNCTION)
                return Status(vm_state=None, task_state="default", status=_word(word, default, module), evidence=place)
    raise UnreadableError(module, function or module.tree, "the word for an unknown vm_state was not found")


def _word(value: PyValue, node: ast.expr, module: Module) -> str:
    if not isinstance(value, str):
        raise UnreadableError(module, node, f"a word is given as {type(value).__name__}")
    return value
