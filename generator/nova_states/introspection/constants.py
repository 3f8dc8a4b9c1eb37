"""Reads the state values and named groups of nova/compute/{power_state,vm_states,task_states}.py.

Every statement of the three files must turn out to define a state, the label map or a group; anything else is
reported. The operation of a task_state stands only in the comment above its block, so that comment is searched for the
operation's name; the sentence itself is not kept.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from nova_states.facts.model import Constant, Count, Gap, Group, Section, StateKind, States
from nova_states.introspection.code_tests import code_test
from nova_states.introspection.constant_evaluator import PyValue, UnreadableError, lookup
from nova_states.introspection.modules import Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.syntax import evidence

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
    constant_gaps: list[Gap] = field(default_factory=list)
    group_gaps: list[Gap] = field(default_factory=list)


def read_states(modules: Modules) -> Section[Constant]:
    """The values of power_state, vm_state and task_state, in the order of the source."""
    readings = _read(modules)
    facts, gaps = tuple(readings.constants), tuple(readings.constant_gaps)
    return Section(facts=facts, gaps=gaps, counts=(Count(name="constants", read=len(facts), found=len(facts + gaps)),))


def read_groups(modules: Modules) -> Section[Group]:
    """The named groups of states: lists, tuples and the conditions that are functions."""
    readings = _read(modules)
    facts, gaps = tuple(readings.groups), tuple(readings.group_gaps)
    return Section(facts=facts, gaps=gaps, counts=(Count(name="groups", read=len(facts), found=len(facts + gaps)),))


def state_values(modules: Modules, kind: StateKind) -> dict[str, str | int]:
    """Constant name → value of one kind of state, unreadable ones left out."""
    return {c.name: c.value for c in _read(modules).constants if c.kind == kind}


def _read(modules: Modules) -> _Readings:
    readings = _Readings()
    for kind, path in STATE_FILES.items():
        try:
            module = modules.at(path)
        except SourceError as error:
            readings.constant_gaps.append(error.as_gap())
            readings.group_gaps.append(error.as_gap())
            continue
        _read_definitions(kind, module, modules, readings)
        _read_conditions(kind, module, readings)
    return readings


def _read_definitions(kind: StateKind, module: Module, modules: Modules, readings: _Readings) -> None:
    """Constants and lists of states."""
    labels = _labels(kind, module, modules, readings)
    operations = _operations(module)
    for name, statement in _definitions(module, readings):
        is_group = isinstance(module.bindings.get(name), ast.List | ast.Tuple | ast.Set | ast.BinOp)
        place = evidence(module, statement)
        try:
            value = lookup(module, name, modules)
            if isinstance(value, list | tuple | set | frozenset):
                is_group = True
                members = _members(value, module, statement)
                readings.groups.append(Group(name=name, kind=kind, values=members, condition=None, evidence=place))
            else:
                readings.constants.append(
                    Constant(
                        kind=kind,
                        name=name,
                        value=_state(kind, value, module, statement),
                        operations=operations.get(statement.lineno, ()) if kind == "task_state" else (),
                        label=labels.get(value),
                        evidence=place,
                    )
                )
        except SourceError as error:
            gaps = readings.group_gaps if is_group else readings.constant_gaps
            gaps.append(error.as_gap(name))


def _definitions(module: Module, readings: _Readings) -> Iterator[tuple[str, ast.stmt]]:
    """Names that the file gives a value, each once, with the statement that does it last."""
    found: dict[str, ast.stmt] = {}
    for statement in module.tree.body:
        match statement:
            case ast.Assign(targets=targets) if all(isinstance(target, ast.Name) for target in targets):
                found.update({target.id: statement for target in targets if isinstance(target, ast.Name)})
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)):
                found[name] = statement
            case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.Expr(value=ast.Constant()):
                pass
            case _:
                reason = f"{type(statement).__name__} at the top level may change states and is not understood"
                readings.constant_gaps.append(Gap(file=module.path, line=statement.lineno, reason=reason))
    yield from ((name, statement) for name, statement in found.items() if name not in _LABEL_MAPS)


def _operations(module: Module) -> dict[int, tuple[str, ...]]:
    """Line of a statement → the operations that the comment above its block names."""
    found: dict[int, tuple[str, ...]] = {}
    operations: tuple[str, ...] = ()
    last_line = 0
    for statement in module.tree.body:
        between = module.lines[last_line : statement.lineno - 1]
        comment = " ".join(line.strip(" \t#") for line in between if line.lstrip().startswith("#"))
        if comment:
            operations = tuple(re.findall(r"(\w+)\(\)", " ".join(_OPERATION.findall(comment))))
        found[statement.lineno] = operations
        last_line = statement.end_lineno or statement.lineno
    return found


def _labels(kind: StateKind, module: Module, modules: Modules, readings: _Readings) -> Mapping[PyValue, str]:
    """power_state → its word."""
    for name in _LABEL_MAPS if kind == "power_state" else ():
        if name in module.bindings:
            node = module.bindings[name]
            try:
                labels = lookup(module, name, modules)
                if not isinstance(labels, dict) or not all(isinstance(label, str) for label in labels.values()):
                    raise UnreadableError(module, node, "does not give a word to each state")
            except SourceError as error:
                readings.constant_gaps.append(error.as_gap(name))
            else:
                return labels
    return {}


def _state(kind: StateKind, value: PyValue, module: Module, node: ast.stmt) -> str | int:
    if kind != "power_state" and isinstance(value, str):
        return value
    if kind == "power_state" and isinstance(value, int) and not isinstance(value, bool):
        return value
    raise UnreadableError(module, node, f"is neither a {kind} nor a list of them")


def _members(value: PyValue, module: Module, node: ast.stmt) -> States:
    """A group's states: the source's order where it has one, else sorted with None first."""
    if not all(state is None or isinstance(state, str) for state in value):
        raise UnreadableError(module, node, "is no list of states")
    if isinstance(value, set | frozenset):
        return tuple(sorted(value, key=lambda state: (state is not None, state or "")))
    return tuple(dict.fromkeys(value))


def _read_conditions(kind: StateKind, module: Module, readings: _Readings) -> None:
    """Functions that answer whether a state belongs to a group."""
    for name, function in module.functions.items():
        place = evidence(module, function)
        match [statement for statement in function.body if not isinstance(statement, ast.Expr)]:
            case [ast.Return(value=ast.BoolOp() | ast.Compare() as condition)]:
                test = code_test(condition)
                readings.groups.append(Group(name=name, kind=kind, values=None, condition=test, evidence=place))
            case _:
                reason = f"{name}: does more than return a condition over states"
                readings.group_gaps.append(Gap(file=place.file, line=place.line, reason=reason))
