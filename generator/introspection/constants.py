"""Reads the state values and named groups of nova/compute/{power_state,vm_states,task_states}.py.

Every name assigned at the top level of the three files must turn out to be a state, the label map or a group;
anything else is reported. The operation of a task_state stands only in the comment above its block, so that comment
is searched for the operation's name; the sentence itself is not kept.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from generator.errors import InputError
from generator.facts.model import Constant, Count, Gap, Group, Section, StateKind, States
from generator.introspection.evaluation import UnreadableError, Value, lookup
from generator.introspection.modules import Function, Module, Modules
from generator.introspection.syntax import evidence

STATE_FILES: dict[StateKind, str] = {
    "power_state": "nova/compute/power_state.py",
    "vm_state": "nova/compute/vm_states.py",
    "task_state": "nova/compute/task_states.py",
}

_OPERATION = re.compile(r"\bduring\s+((?:\w+\(\)(?:\s*(?:,|and|or|/)\s*)?)+)")
_LABEL_MAPS = ("STATE_MAP", "_STATE_MAP")


@dataclass(kw_only=True, slots=True)
class _Readings:
    constants: list[Constant] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    found_constants: int = 0
    found_groups: int = 0


def read_states(modules: Modules) -> Section[Constant]:
    """The values of power_state, vm_state and task_state, in the order of the source."""
    readings = _read(modules)
    count = Count(name="constants", read=len(readings.constants), found=readings.found_constants)
    return Section(facts=tuple(readings.constants), gaps=tuple(readings.gaps), counts=(count,))


def read_groups(modules: Modules) -> Section[Group]:
    """The named groups of states: lists, tuples and the conditions that are functions."""
    readings = _read(modules)
    count = Count(name="groups", read=len(readings.groups), found=readings.found_groups)
    return Section(facts=tuple(readings.groups), gaps=(), counts=(count,))


def state_values(modules: Modules, kind: StateKind) -> dict[str, str | int]:
    """Constant name → value of one kind of state, unreadable ones left out."""
    return {c.name: c.value for c in _read(modules).constants if c.kind == kind}


def _read(modules: Modules) -> _Readings:
    readings = _Readings()
    for kind, path in STATE_FILES.items():
        try:
            module = modules.at(path)
        except InputError as error:
            readings.gaps.append(Gap(file=path, line=1, reason=str(error)))
            continue
        _read_module(kind, module, modules, readings)
    return readings


def _read_module(kind: StateKind, module: Module, modules: Modules, readings: _Readings) -> None:
    labels = _labels(module, modules)
    for name, node, operations in _definitions(module):
        try:
            value = lookup(module, name, modules)
        except UnreadableError as error:
            readings.found_constants += 1
            readings.gaps.append(Gap(file=error.path, line=error.line, reason=f"{name}: {error.reason}"))
            continue
        place = evidence(module, node)
        if isinstance(value, str | int) and not isinstance(value, bool):
            readings.found_constants += 1
            label = labels.get(value) if kind == "power_state" else None
            readings.constants.append(
                Constant(kind=kind, name=name, value=value, operations=operations, label=label, evidence=place)
            )
        elif isinstance(value, list | tuple | set | frozenset):
            readings.found_groups += 1
            readings.groups.append(Group(name=name, kind=kind, values=_members(value), condition=None, evidence=place))
        elif name not in _LABEL_MAPS:
            readings.found_constants += 1
            readings.gaps.append(Gap(file=place.file, line=place.line, reason=f"{name}: neither a state nor a group"))
    for name, function in module.functions.items():
        condition = _condition(function)
        if condition is not None and kind != "power_state":
            readings.found_groups += 1
            group = Group(name=name, kind=kind, values=None, condition=condition, evidence=evidence(module, function))
            readings.groups.append(group)


def _definitions(module: Module) -> Iterator[tuple[str, ast.Assign, tuple[str, ...]]]:
    """Top-level names in order, with the operations that the comment above their block names."""
    operations: tuple[str, ...] = ()
    last_line = 0
    for statement in module.tree.body:
        for line in module.lines[last_line : statement.lineno - 1]:
            match = _OPERATION.search(line) if line.lstrip().startswith("#") else None
            if match:
                operations = tuple(re.findall(r"(\w+)\(\)", match.group(1)))
        last_line = statement.end_lineno or statement.lineno
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield target.id, statement, operations


def _labels(module: Module, modules: Modules) -> dict[Value, str]:
    for name in _LABEL_MAPS:
        if name in module.bindings:
            labels = lookup(module, name, modules)
            if isinstance(labels, dict):
                return labels
    return {}


def _members(value: Value) -> States:
    """A group's states: the source's order where it has one, else sorted with None first."""
    if isinstance(value, set | frozenset):
        return tuple(sorted(value, key=lambda state: (state is not None, state or "")))
    return tuple(dict.fromkeys(value))


def _condition(function: Function) -> str | None:
    """The expression a one-line predicate returns, as normalised text."""
    returns = [node for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]
    if len(returns) != 1 or returns[0].value is None or not isinstance(returns[0].value, ast.BoolOp | ast.Compare):
        return None
    return ast.unparse(returns[0].value)
