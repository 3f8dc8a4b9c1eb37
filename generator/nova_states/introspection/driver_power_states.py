"""Reads what each virt driver reports as power_state for a state of its hypervisor (nova/virt/<driver>/).

A driver's map is known by its shape, a dictionary whose values are all power_state constants, and not by its name,
which differs between drivers and releases. What a map answers for a state it does not list is a row of state "*".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from nova_states.errors import InputError
from nova_states.facts.model import Count, DriverState, Gap, Section
from nova_states.introspection.constant_evaluator import (
    External,
    PyValue,
    Scope,
    UnreadableError,
    evaluate,
    lookup,
)
from nova_states.introspection.constants import STATE_FILES, state_values
from nova_states.introspection.modules import Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.syntax import dotted_name, evidence, functions_with_names, string_value

_DRIVERS = "nova/virt"
_POWER_STATES = STATE_FILES["power_state"].removesuffix(".py").replace("/", ".")
_ENTRY = re.compile(
    rb"""
    (?: : | \] \s* = | \b[A-Z]\w* \s* = | \breturn ) \s* \w*power_state\.[A-Z]
    | \( \s* (?!\w*power_state) [\w.'"-]+ \s* , \s* \w*power_state\.[A-Z]\w* \s* ,? \s* \)
    | \.power_state \s+ import \b
    | \bpower_state \s+ as \b
    """,
    re.VERBOSE,
)
"""What a file that names power_states looks like; spares parsing the largest drivers, whose maps stand elsewhere."""
_OTHER = "*"
_FIELDS = frozenset({"power_state", "vm_state", "task_state"})
"""Keys of a dictionary that is a server's record and no map."""
_FEWEST = 2
"""Power_states that something which is no dictionary must name to be taken for a map."""


def read_drivers(modules: Modules) -> Section[DriverState]:
    """One fact for each entry of a driver's map, in its order, and one for what its fallback answers."""
    facts: list[DriverState] = []
    gaps: list[Gap] = []
    for driver, path in _driver_files(modules, gaps):
        try:
            module = modules.at(path)
        except InputError as error:
            gaps.append(Gap(file=path, line=1, reason=str(error)))
            continue
        file = _File(driver=driver, module=module, modules=modules)
        own, unread = file.read()
        facts += own
        gaps += unread
    gaps = list(dict.fromkeys(gaps))
    counts = (Count(name="driver states", read=len(facts), found=len(facts) + len(gaps)),)
    return Section(facts=tuple(facts), gaps=tuple(gaps), counts=counts)


def _driver_files(modules: Modules, gaps: list[Gap]) -> Iterator[tuple[str, str]]:
    """Driver and path of the files that may hold a map; a driver is a folder below nova/virt."""
    for path in modules.paths(_DRIVERS):
        driver, _, file = path.removeprefix(f"{_DRIVERS}/").partition("/")
        if not file.endswith(".py"):
            if ".py/" in file:
                gaps.append(Gap(file=path, line=1, reason=f"{path.partition('.py/')[0]}.py is a folder"))
            continue
        try:
            text = modules.tree.read(path)
        except InputError as error:
            gaps.append(Gap(file=path, line=1, reason=f"cannot be read ({error})"))
            continue
        if _ENTRY.search(text):
            yield driver, path


@dataclass(kw_only=True)
class _File:
    """One file of a driver."""

    driver: str
    module: Module
    modules: Modules
    known: dict[int, str] = field(default_factory=dict)
    """Value → name of the release's power_states."""

    def __post_init__(self) -> None:
        values = state_values(self.modules, "power_state")
        self.known = {value: name for name, value in values.items() if isinstance(value, int)}

    def read(self) -> tuple[list[DriverState], list[Gap]]:
        """The entries of the file's maps, and what may be one and is not understood."""
        facts: list[DriverState] = []
        gaps: list[Gap] = []
        for table in (node for node in ast.walk(self.module.tree) if isinstance(node, ast.Dict)):
            if self._is_map(table):
                for key, value in zip(table.keys, table.values, strict=True):
                    try:
                        facts.append(self._entry(key, value))
                    except SourceError as error:
                        gaps.append(Gap(file=error.path, line=error.line, reason=error.reason))
        names = {
            name for name, node in self.module.bindings.items() if isinstance(node, ast.Dict) and self._is_map(node)
        }
        later = list(self._made_otherwise(names, gaps))
        facts = [one for one in facts if one.state not in {other.state for other in later}] + later
        facts += self._fallbacks(names)
        gaps += self._functions(names)
        return list({(one.state, one.power_state): one for one in reversed(facts)}.values())[::-1], gaps

    def _made_otherwise(self, written: set[str], gaps: list[Gap]) -> Iterator[DriverState]:
        """Maps that are made by calls, and entries that a written map gets later."""
        for name, node in self.module.bindings.items():
            is_changed = name in self.module.changes
            if (name in written and not is_changed) or not (is_changed or self._mentions(node)):
                continue
            if name not in written and not self._mentions(node, _FEWEST) and not is_changed:
                continue
            try:
                value = lookup(self.module, name, self.modules)
            except SourceError as error:
                if self._mentions(node) or name in written:
                    gaps.append(error.as_gap(f"{name} may be a map of power_states"))
                continue
            place = self.module.changes[name][-1] if is_changed else node
            if isinstance(value, dict) and value and all(self._name(one) for one in value.values()):
                listed = self._written(node) if name in written else {}
                for state, power_state in value.items():
                    symbol, before = listed.get(state, (None, None))
                    if self._name(power_state) != before:
                        yield self._made(state, symbol, power_state, place)
            elif name in written:
                gaps.append(
                    Gap(file=self.module.path, line=place.lineno, reason=f"{name} is changed in a way not known")
                )

    def _written(self, table: ast.expr) -> dict[PyValue, tuple[str, str | None]]:
        """Key of a written map → how it is spelled, and the power_state it has there."""
        found: dict[PyValue, tuple[str, str | None]] = {}
        pairs = zip(table.keys, table.values, strict=True) if isinstance(table, ast.Dict) else ()
        for key, value in pairs:
            if key is not None:
                with suppress(SourceError):
                    state = evaluate(key, Scope(modules=self.modules, module=self.module))
                    found[state] = (dotted_name(key).rpartition(".")[2], self._evaluated(value))
        return found

    def _made(self, state: PyValue, symbol: str | None, power_state: int, place: ast.AST) -> DriverState:
        spelled = state.name.rpartition(".")[2] if isinstance(state, External) else str(state)
        return DriverState(
            driver=self.driver,
            state=symbol or spelled,
            value=state if type(state) in (int, str) else None,
            power_state=self._name(power_state) or "",
            evidence=evidence(self.module, place),
        )

    def _functions(self, maps: set[str]) -> Iterator[Gap]:
        """Functions that choose a power_state by tests instead of a map."""
        for name, function in functions_with_names(self.module.tree.body):
            own = [node for statement in function.body for node in ast.walk(statement)]
            if any(isinstance(node, ast.FunctionDef) for node in own):
                continue
            returned = [n.value for n in own if isinstance(n, ast.Return) and n.value is not None]
            assigned = [n.value for n in own if isinstance(n, ast.Assign)]
            tested = any(isinstance(n, ast.If | ast.Match | ast.IfExp) for n in own)
            given = {self._power_state(one) for value in (*returned, *assigned) for one in _sides(value)} - {None}
            uses_map = any(isinstance(n, ast.Name) and n.id in maps for n in own)
            if tested and len(given) > _FEWEST and not uses_map:
                reason = f"{name} chooses a power_state by tests, not by a map"
                yield Gap(file=self.module.path, line=function.lineno, reason=reason)

    def _mentions(self, node: ast.AST, least: int = 1) -> bool:
        """Whether an expression names power_states."""
        names = {self._power_state(part) for part in ast.walk(node) if isinstance(part, ast.Name | ast.Attribute)}
        return len(names - {None}) >= least

    def _is_map(self, node: ast.Dict) -> bool:
        """Whether a dictionary is about power_states: all its values are, or most are and none is something else."""
        if not node.values or not self._mentions(ast.List(elts=list(node.values), ctx=ast.Load())):
            return False
        if all(self._power_state(value) for value in node.values):
            return True
        keys = [string_value(key) for key in node.keys if key is not None]
        if any(key in _FIELDS for key in keys):
            return False
        return sum(self._evaluated(value) is not None for value in node.values) * 2 > len(node.values)

    def _power_state(self, node: ast.AST) -> str | None:
        """Name of the power_state constant that `node` spells, if it does."""
        if not isinstance(node, ast.Name | ast.Attribute):
            return None
        owner, _, name = dotted_name(node).rpartition(".")
        if owner:
            return name if name.isupper() and self.module.imports.get(owner) == _POWER_STATES else None
        origin = self.module.imports.get(name, "")
        return origin.rpartition(".")[2] if origin.rpartition(".")[0] == _POWER_STATES else None

    def _evaluated(self, node: ast.expr) -> str | None:
        """Name of the power_state that an expression is, however it is written."""
        spelled = self._power_state(node)
        if spelled is not None:
            return spelled
        try:
            return self._name(evaluate(node, Scope(modules=self.modules, module=self.module)))
        except SourceError:
            return None

    def _name(self, value: PyValue) -> str | None:
        return self.known.get(value) if type(value) is int else None

    def _entry(self, key: ast.expr | None, value: ast.expr) -> DriverState:
        power_state = self._evaluated(value)
        if key is None:
            raise UnreadableError(self.module, value, "the map is unpacked from another")
        if power_state is None:
            raise UnreadableError(self.module, value, f"{ast.unparse(value)} is no power_state that can be told")
        state = evaluate(key, Scope(modules=self.modules, module=self.module))
        if not isinstance(state, External) and type(state) not in (int, str, type(None)):
            raise UnreadableError(self.module, key, f"a state is given as {type(state).__name__}")
        symbol = dotted_name(key).rpartition(".")[2]
        return DriverState(
            driver=self.driver,
            state=symbol or str(state),
            value=None if isinstance(state, External) else state,
            power_state=power_state,
            evidence=evidence(self.module, key),
        )

    def _fallbacks(self, maps: set[str]) -> Iterator[DriverState]:
        """What is answered for a state that is in none of `maps`: the default of a `.get`, or a handler of KeyError."""
        for name, function in functions_with_names(self.module.tree.body):
            for node in ast.walk(function):
                match node:
                    case ast.Call(func=ast.Attribute(value=ast.Name(id=table), attr="get"), args=[_, default]):
                        answer = default
                    case ast.Try(
                        body=[ast.Return(value=ast.Subscript(value=ast.Name(id=table)))],
                        handlers=[ast.ExceptHandler(body=[*_, ast.Return(value=ast.expr() as answer)])],
                    ):
                        pass
                    case _:
                        continue
                power_state = self._power_state(answer)
                if table in maps and power_state is not None:
                    place = evidence(self.module, answer, name)
                    yield DriverState(
                        driver=self.driver, state=_OTHER, value=None, power_state=power_state, evidence=place
                    )


def _sides(value: ast.expr) -> list[ast.expr]:
    """An expression, or both sides of a conditional one."""
    return [*_sides(value.body), *_sides(value.orelse)] if isinstance(value, ast.IfExp) else [value]
