"""Reads the state values and named groups of nova/compute/{power_state,vm_states,task_states}.py.

Every statement of the three files must turn out to define a state, the label map or a group; anything else is
reported. The operation of a task_state stands only in the comment above its block, so that comment is searched for the
operation's name; the sentence itself is not kept.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from nova_states.facts.condition import CodeTest
from nova_states.facts.model import Constant, Count, Gap, Group, Section, StateKind, States
from nova_states.introspection.code_tests import code_test
from nova_states.introspection.constant_evaluator import (
    Arguments,
    ClassReference,
    EnumMember,
    FunctionReference,
    ModuleReference,
    PyValue,
    Scope,
    UnreadableError,
    class_attribute,
    lookup,
    truth,
)
from nova_states.introspection.function_calls import apply
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.state_tables import allowed
from nova_states.introspection.symbols import (
    FIELDS,
    LAUNCHED,
    OTHER,
    Field,
    Run,
    StateSymbol,
    Values,
    explore,
)
from nova_states.introspection.syntax import evidence, parameter_names

STATE_FILES: dict[StateKind, str] = {
    "power_state": "nova/compute/power_state.py",
    "vm_state": "nova/compute/vm_states.py",
    "task_state": "nova/compute/task_states.py",
}

_OPERATION = re.compile(r"\bduring\s+((?:\w+\(\)(?:\s*(?:,|and|or|/)\s*)?)+)")
_COMPUTE_API = "nova/compute/api.py"
_CHANGE = re.compile(
    rb"^[ \t]*((?:vm_states|task_states|power_state)\.[A-Z]\w*)(?:\[[^\]\n]*\])?[ \t]*"
    rb"(?:[-+|&]?=[^=]|\.(?:add|append|clear|discard|extend|insert|pop|remove|update)\()",
    re.MULTILINE,
)
"""A statement that changes a list of another module in place, or gives its name another value."""
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
    hidden = [gap for path in STATE_FILES.values() for gap in _hidden_names(path, modules)]
    facts, gaps = tuple(readings.constants), (*readings.constant_gaps, *hidden)
    return Section(facts=facts, gaps=gaps, counts=(Count(name="constants", read=len(facts), found=len(facts + gaps)),))


def _hidden_names(path: str, modules: Modules) -> Iterator[Gap]:
    """What may give a file of states names that do not stand in it."""
    try:
        module = modules.at(path)
    except SourceError:
        return  # reported where its constants are read
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(func=ast.Name(id="globals" | "locals" | "vars")):
                reason = "changes or asks for its own names by their spelling"
            case ast.FunctionDef(name="__getattr__"):
                reason = "has names that do not stand in it"
            case _:
                continue
        yield Gap(file=module.path, line=node.lineno, reason=f"{path.rpartition('/')[2]} {reason}")


def read_groups(modules: Modules) -> Section[Group]:
    """The named groups of states: lists, tuples and the conditions that are functions."""
    readings = _read(modules)
    readings.group_gaps += _changes_elsewhere(modules)
    facts, gaps = tuple(readings.groups), tuple(readings.group_gaps)
    return Section(facts=facts, gaps=gaps, counts=(Count(name="groups", read=len(facts), found=len(facts + gaps)),))


def _changes_elsewhere(modules: Modules) -> Iterator[Gap]:
    """Places in the compute API that change a list of states of these files."""
    if modules.exists(_COMPUTE_API):
        try:
            text = modules.content(_COMPUTE_API)
        except SourceError as error:
            yield error.as_gap("changes of groups")
            return
        for found in _CHANGE.finditer(text):
            line = text[: found.start()].count(b"\n") + 1
            what = found[1].decode(errors="replace")
            yield Gap(file=_COMPUTE_API, line=line, reason=f"{what} is changed outside its file; its states may differ")


def state_values(modules: Modules, kind: StateKind) -> dict[str, str | int]:
    """Constant name → value of one kind of state, unreadable ones left out."""
    return {c.name: c.value for c in _read(modules).constants if c.kind == kind}


def universe(modules: Modules) -> dict[Field, Values]:
    """All states of a release, and one that it does not name."""
    return _universe(_read(modules))


def _universe(readings: _Readings) -> dict[Field, Values]:
    found = {kind: {str(c.value) for c in readings.constants if c.kind == kind} for kind in STATE_FILES}
    return {
        "vm_state": frozenset(found["vm_state"] | {OTHER}),
        "task_state": frozenset(found["task_state"] | {None, OTHER}),
        "launched_at": frozenset({None, LAUNCHED}),
    }


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
        _read_classes(kind, module, modules, readings)
    for kind, path in STATE_FILES.items():
        if modules.exists(path) or modules.exists(f"{path.removesuffix('.py')}/__init__.py"):
            with suppress(SourceError):
                _read_conditions(kind, modules.at(path), modules, readings)
    return readings


def _read_definitions(kind: StateKind, module: Module, modules: Modules, readings: _Readings) -> None:
    """Constants and lists of states."""
    labels = _labels(kind, module, modules, readings)
    operations = _operations(module)
    for name, statement in _definitions(module, modules, readings):
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


def _definitions(module: Module, modules: Modules, readings: _Readings) -> Iterator[tuple[str, ast.stmt]]:
    """Names that the file gives a value, each once, with the statement that does it last."""
    found: dict[str, ast.stmt] = {}
    for statement in module.tree.body:
        match statement:
            case ast.Assign(targets=targets) if all(isinstance(target, ast.Name) for target in targets):
                found.update({target.id: statement for target in targets if isinstance(target, ast.Name)})
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)):
                found[name] = statement
            case ast.ImportFrom():
                found.update(dict.fromkeys(_imported(statement, module, modules, readings), statement))
            case ast.Import() | ast.FunctionDef() | ast.ClassDef() | ast.Expr(value=ast.Constant()):
                pass
            case _:
                changed = [name for name, own in module.changes.items() if statement in own]
                if not changed:
                    reason = f"{type(statement).__name__} at the top level may change states and is not understood"
                    readings.constant_gaps.append(Gap(file=module.path, line=statement.lineno, reason=reason))
                found.update({name: found.get(name, statement) for name in changed if _is_constant(name)})
    yield from ((name, statement) for name, statement in found.items() if name not in _LABEL_MAPS)


def _is_constant(name: str) -> bool:
    return name.isupper() and not name.startswith("_")


def _imported(statement: ast.ImportFrom, module: Module, modules: Modules, readings: _Readings) -> Iterator[str]:
    """Names of constants that an import takes over; what is no constant says nothing about states."""
    names = [alias.asname or alias.name for alias in statement.names]
    try:
        if names == ["*"]:
            source = modules.named(module.origin_of(statement))
            names = [name for name in (*source.bindings, *source.imports) if _is_constant(name)] if source else []
    except SourceError as error:
        readings.constant_gaps.append(error.as_gap(f"import of {module.origin_of(statement)}"))
        return
    for name in names:
        try:
            value = lookup(module, name, modules) if _is_constant(name) else None
        except SourceError as error:
            readings.constant_gaps.append(error.as_gap(name))
            continue
        if value is not None and not isinstance(value, ModuleReference | ClassReference | FunctionReference):
            yield name


def _read_classes(kind: StateKind, module: Module, modules: Modules, readings: _Readings) -> None:
    """Classes of states: each of their values must be that of a constant, or it is not told."""
    known = {constant.value for constant in readings.constants if constant.kind == kind}
    scope = Scope(modules=modules, module=module)
    for name, node in module.classes.items():
        reference = ClassReference(module=module, node=node, name=name)
        for statement in node.body:
            for target in statement.targets if isinstance(statement, ast.Assign) else ():
                try:
                    value = class_attribute(reference, target.id, scope)[1] if isinstance(target, ast.Name) else None
                except SourceError as error:
                    readings.constant_gaps.append(error.as_gap(f"{name} may hold states"))
                    continue
                value = value.value if isinstance(value, EnumMember) else value
                if isinstance(value, str | int) and value not in known:
                    reason = f"{name}.{ast.unparse(target)} may be a state that no constant names"
                    readings.constant_gaps.append(Gap(file=module.path, line=statement.lineno, reason=reason))


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
    if type(value) is (int if kind == "power_state" else str):
        return value
    raise UnreadableError(module, node, f"is neither a {kind} nor a list of them")


def _members(value: PyValue, module: Module, node: ast.stmt) -> States:
    """A group's states: the source's order where it has one, else sorted with None first."""
    if not all(state is None or isinstance(state, str) for state in value):
        raise UnreadableError(module, node, "is no list of states")
    if isinstance(value, set | frozenset):
        return tuple(sorted(value, key=lambda state: (state is not None, state or "")))
    return tuple(dict.fromkeys(value))


def _read_conditions(kind: StateKind, module: Module, modules: Modules, readings: _Readings) -> None:
    """Functions that answer whether a state belongs to a group."""
    for name, function in module.functions.items():
        place = evidence(module, function)
        match [statement for statement in function.body if not isinstance(statement, ast.Expr)]:
            case [ast.Return(value=ast.BoolOp() | ast.Compare() as condition)]:
                test = code_test(condition)
                readings.groups.append(Group(name=name, kind=kind, values=None, condition=test, evidence=place))
            case _:
                try:
                    text = _answer(name, function, module, modules, _universe(readings))
                    readings.groups.append(Group(name=name, kind=kind, values=None, condition=text, evidence=place))
                except SourceError:
                    reason = f"{name}: does more than return a condition over states"
                    readings.group_gaps.append(Gap(file=place.file, line=place.line, reason=reason))


def _answer(name: str, function: Function, module: Module, modules: Modules, states: dict[Field, Values]) -> CodeTest:
    """The states for which a function of a vm_state and a task_state answers yes, as a condition."""
    names = parameter_names(function)
    if not names or not set(names) <= set(FIELDS):
        raise UnreadableError(module, function, f"{name} is not about a vm_state and a task_state")
    reference = FunctionReference(module=module, node=function, name=name)
    place = ast.copy_location(ast.Name(id=name, ctx=ast.Load()), function)

    def take(run: Run) -> bool:
        scope = Scope(modules=modules, module=module)
        given = Arguments(positional=tuple(StateSymbol(one, run) for one in names))
        return truth(apply(reference, given, place, scope), place, scope)

    ways, every = explore(take, states, module, function)
    return allowed(ways, bool, every, module, function)
