"""Reads the options of nova.conf that act on states: whether a release has them, their group and their default.

`options.toml` says which options act on what, and why. They are found where they are registered: in nova/conf, or,
before they were gathered there, in the modules that use them.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nova_states.errors import InputError
from nova_states.facts.model import Count, Gap, Option, Section, StateKind
from nova_states.introspection.constant_evaluator import PyValue, Scope, UnreadableError, evaluate
from nova_states.introspection.constants import state_values
from nova_states.introspection.modules import Module, Modules
from nova_states.introspection.reactions.methods import MANAGER_FILE
from nova_states.introspection.syntax import dotted_name, evidence, string_value

_DATA = Path(__file__).with_suffix(".toml")
_DEFAULT_GROUP = "DEFAULT"
_CONF = "nova/conf"
_BEFORE_CONF = ("nova/compute", "nova/conductor", "nova/scheduler", "nova/utils.py", "nova/virt")
"""Where options were registered before they were gathered in nova/conf."""

_OWN_KINDS: tuple[StateKind, ...] = ("vm_state", "task_state")
"""Kinds of states that a release may lack."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Registration:
    module: Module
    node: ast.Call
    group: str
    name: str


def read_options(modules: Modules) -> Section[Option]:
    """The options of `options.toml` that the tree registers, in the order of that file."""
    wanted = _acts_on()
    registrations: dict[tuple[str, str], _Registration] = {}
    gaps: list[Gap] = []
    for path in _files(modules, wanted):
        try:
            module = modules.at(path)
        except InputError as error:
            gaps.append(Gap(file=path, line=1, reason=str(error)))
            continue
        for registration in _registrations(module, modules):
            registrations.setdefault((registration.group, registration.name), registration)
    states = {f"{kind}:{value}" for kind in _OWN_KINDS for value in state_values(modules, kind).values()}
    facts: list[Option] = []
    found = [registrations[key] for key in wanted if key in registrations]
    for registration in found:
        try:
            acts_on = wanted[registration.group, registration.name]
            known = (i for i in acts_on if i in states or i.partition(":")[0] not in _OWN_KINDS)
            facts.append(_option(registration, tuple(known), modules))
        except UnreadableError as error:
            reason = f"default of {registration.name}: {error.reason}"
            gaps.append(Gap(file=error.path, line=error.line, reason=reason))
    counts = (Count(name="options", read=len(facts), found=len(found)),)
    return Section(facts=tuple(facts), gaps=tuple(gaps), counts=counts)


@cache
def _acts_on() -> dict[tuple[str, str], tuple[str, ...]]:
    """Group and name of an option → ids of what it acts on."""
    groups = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return {(group, name): tuple(entry["acts_on"]) for group in groups for name, entry in groups[group].items()}


def _files(modules: Modules, wanted: Mapping[tuple[str, str], object]) -> Iterator[str]:
    """Files that register an option of a wanted name, told by their text: few of many need parsing."""
    names = "|".join(sorted({re.escape(name) for _, name in wanted}))
    registers = re.compile(rf"""Opt\(\s*(?:name\s*=\s*)?['"](?:{names})['"]""".encode())
    folders = [_CONF]
    if modules.exists(MANAGER_FILE) and b"cfg." in modules.tree.read(MANAGER_FILE):
        folders.extend(_BEFORE_CONF)
    for folder in folders:
        paths = [folder] if folder.endswith(".py") else modules.paths(folder)
        for path in paths:
            if path.endswith(".py") and modules.exists(path) and registers.search(modules.tree.read(path)):
                yield path


def _registrations(module: Module, modules: Modules) -> Iterator[_Registration]:
    """The options of a module, each with the groups it is registered in."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        if dotted_name(node.func).rpartition(".")[2] not in ("register_opt", "register_opts") or not node.args:
            continue
        group = _group(node, module, modules)
        for call in _options_in(node.args[0], module, frozenset()):
            name = string_value(call.args[0] if call.args else _keyword(call, "name"))
            if name:
                yield _Registration(module=module, node=call, group=group, name=name.replace("-", "_"))


def _options_in(node: ast.expr, module: Module, seen: frozenset[str]) -> Iterator[ast.Call]:
    """The calls that make the options of an expression, followed through the module's names."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and dotted_name(part.func).endswith("Opt"):
            yield part
        elif isinstance(part, ast.Name) and part.id in module.bindings and part.id not in seen:
            yield from _options_in(module.bindings[part.id], module, seen | {part.id})


def _group(node: ast.Call, module: Module, modules: Modules) -> str:
    """The group that a call registers its options in."""
    given = node.args[1] if len(node.args) > 1 else _keyword(node, "group")
    made = module.bindings.get(given.id) if isinstance(given, ast.Name) else None
    if isinstance(made, ast.Call):
        given = made.args[0] if made.args else _keyword(made, "name")
    if given is None:
        return _DEFAULT_GROUP
    try:
        return str(evaluate(given, Scope(modules=modules, module=module)))
    except UnreadableError:
        return ast.unparse(given)


def _option(registration: _Registration, acts_on: tuple[str, ...], modules: Modules) -> Option:
    module, node = registration.module, registration.node
    default: PyValue = None
    expression = _keyword(node, "default")
    if expression is not None:
        default = evaluate(expression, Scope(modules=modules, module=module))
        if default is not None and not isinstance(default, str | int | float):
            raise UnreadableError(module, expression, f"{ast.unparse(expression)} is no plain value")
    return Option(
        group=None if registration.group == _DEFAULT_GROUP else registration.group,
        name=registration.name,
        default=default,
        acts_on=acts_on,
        evidence=evidence(module, node),
    )


def _keyword(node: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in node.keywords if keyword.arg == name), None)
