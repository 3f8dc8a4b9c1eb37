"""Reads what each virt driver reports as power_state for a state of its hypervisor (nova/virt/<driver>/).

A driver's map is known by its shape, a dictionary whose values are all power_state constants, and not by its name,
which differs between drivers and releases. What a map answers for a state it does not list is a row of state "*".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nova_states.errors import InputError
from nova_states.facts.model import Count, DriverState, Gap, Section
from nova_states.introspection.constant_evaluator import External, Scope, UnreadableError, evaluate
from nova_states.introspection.constants import STATE_FILES
from nova_states.introspection.modules import Module, Modules
from nova_states.introspection.syntax import dotted_name, evidence, functions_with_names

_DRIVERS = "nova/virt"
_POWER_STATES = STATE_FILES["power_state"].removesuffix(".py").replace("/", ".")
_ENTRY = re.compile(rb":\s*\w*power_state\.[A-Z]")
"""What an entry of such a map looks like; spares parsing the largest drivers, whose maps stand elsewhere."""
_OTHER = "*"


def read_drivers(modules: Modules) -> Section[DriverState]:
    """One fact for each entry of a driver's map, in its order, and one for what its fallback answers."""
    facts: list[DriverState] = []
    gaps: list[Gap] = []
    found = 0
    for driver, path in _driver_files(modules):
        try:
            module = modules.at(path)
        except InputError as error:
            gaps.append(Gap(file=path, line=1, reason=str(error)))
            continue
        maps = [node for node in ast.walk(module.tree) if isinstance(node, ast.Dict) and _is_map(node, module)]
        for table in maps:
            for key, value in zip(table.keys, table.values, strict=True):
                found += 1
                try:
                    facts.append(_entry(driver, key, value, module, modules))
                except UnreadableError as error:
                    gaps.append(Gap(file=error.path, line=error.line, reason=error.reason))
        names = {name for name, value in module.bindings.items() if value in maps}
        fallbacks = list(_fallbacks(driver, names, module))
        found += len(fallbacks)
        facts.extend(fallbacks)
    counts = (Count(name="driver states", read=len(facts), found=found),)
    return Section(facts=tuple(facts), gaps=tuple(gaps), counts=counts)


def _driver_files(modules: Modules) -> Iterator[tuple[str, str]]:
    """Driver and path of the files that may hold a map; a driver is a folder below nova/virt."""
    for path in modules.paths(_DRIVERS):
        driver, _, file = path.removeprefix(f"{_DRIVERS}/").partition("/")
        if file.endswith(".py") and _ENTRY.search(modules.tree.read(path)):
            yield driver, path


def _is_map(node: ast.Dict, module: Module) -> bool:
    return bool(node.values) and all(_power_state(value, module) for value in node.values)


def _power_state(node: ast.expr, module: Module) -> str | None:
    """Name of the power_state constant that `node` spells, if it does."""
    owner, _, name = dotted_name(node).rpartition(".")
    return name if name.isupper() and module.imports.get(owner) == _POWER_STATES else None


def _entry(driver: str, key: ast.expr | None, value: ast.expr, module: Module, modules: Modules) -> DriverState:
    power_state = _power_state(value, module)
    if key is None or power_state is None:
        raise UnreadableError(module, value, "the map is unpacked from another")
    state = evaluate(key, Scope(modules=modules, module=module))
    symbol = dotted_name(key).rpartition(".")[2]
    return DriverState(
        driver=driver,
        state=symbol or str(state),
        value=None if isinstance(state, External) else state,
        power_state=power_state,
        evidence=evidence(module, key),
    )


def _fallbacks(driver: str, maps: set[str], module: Module) -> Iterator[DriverState]:
    """What is answered for a state that is in none of `maps`: the default of a `.get`, or a handler of KeyError."""
    for name, function in functions_with_names(module.tree.body):
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
            power_state = _power_state(answer, module)
            if table in maps and power_state is not None:
                place = evidence(module, answer, name)
                yield DriverState(driver=driver, state=_OTHER, value=None, power_state=power_state, evidence=place)
