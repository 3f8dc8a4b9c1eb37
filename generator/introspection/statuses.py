"""Reads the API's status map and what a vm_state outside it is shown as (nova/api/openstack/common.py)."""

from __future__ import annotations

import ast

from generator.errors import InputError
from generator.facts.model import Count, Gap, Section, Status
from generator.introspection.evaluation import Scope, UnreadableError, evaluate
from generator.introspection.modules import Module, Modules
from generator.introspection.syntax import dotted_name, evidence

COMMON = "nova/api/openstack/common.py"
_MAP = "_STATE_MAP"
_FUNCTION = "status_from_state"


def read_statuses(modules: Modules) -> Section[Status]:
    """One fact for each entry of the map, in its order, and one for the word outside it."""
    try:
        module = modules.at(COMMON)
        table = module.bindings[_MAP]
    except InputError as error:
        return Section(facts=(), gaps=(Gap(file=COMMON, line=1, reason=str(error)),), counts=())
    except KeyError:
        gap = Gap(file=COMMON, line=1, reason=f"has no {_MAP}; statuses of this tree are unknown")
        return Section(facts=(), gaps=(gap,), counts=())
    facts: list[Status] = []
    gaps: list[Gap] = []
    found = 0
    rows = zip(table.keys, table.values, strict=True) if isinstance(table, ast.Dict) else ()
    for outer_key, inner in rows:
        entries = zip(inner.keys, inner.values, strict=True) if isinstance(inner, ast.Dict) else ()
        for key, word in entries:
            found += 1
            try:
                facts.append(_entry(outer_key, key, word, module, modules))
            except UnreadableError as error:
                gaps.append(Gap(file=error.path, line=error.line, reason=error.reason))
    fallback = _fallback(module, modules)
    if fallback is None:
        gaps.append(Gap(file=COMMON, line=1, reason=f"{_FUNCTION}: the word for an unknown vm_state was not found"))
    else:
        facts.append(fallback)
    counts = (Count(name="statuses", read=len(facts), found=found + 1),)
    return Section(facts=tuple(facts), gaps=tuple(gaps), counts=counts)


def _entry(
    outer_key: ast.expr | None, key: ast.expr | None, word: ast.expr, module: Module, modules: Modules
) -> Status:
    scope = Scope(modules=modules, module=module)
    if outer_key is None or key is None:
        raise UnreadableError(module, word, "the status map is unpacked from another")
    return Status(
        vm_state=evaluate(outer_key, scope),
        task_state=evaluate(key, scope),
        status=evaluate(word, scope),
        evidence=evidence(module, key),
    )


def _fallback(module: Module, modules: Modules) -> Status | None:
    """The default that the lookup in the map falls back to: `_STATE_MAP.get(vm_state, <here>)`."""
    function = module.functions.get(_FUNCTION)
    for node in ast.walk(function) if function else ():
        if isinstance(node, ast.Call) and dotted_name(node.func) == f"{_MAP}.get" and len(node.args) == 2:  # noqa: PLR2004 - key and default
            default = evaluate(node.args[1], Scope(modules=modules, module=module))
            if isinstance(default, dict) and "default" in default:
                return Status(
                    vm_state=None,
                    task_state="default",
                    status=default["default"],
                    evidence=evidence(module, node, _FUNCTION),
                )
    return None
