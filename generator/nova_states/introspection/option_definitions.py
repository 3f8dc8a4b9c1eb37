"""Reads the options of nova.conf that act on states: whether a release has them, their group and their default.

`options.toml` says which options act on what, and why. They are found where they are registered: in nova/conf, or,
before they were gathered there, in the modules that use them.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
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
from nova_states.introspection.tree_walk import walk

_DATA = Path(__file__).with_suffix(".toml")
_DEFAULT_GROUP = "DEFAULT"
_CONF = "nova/conf"
_BEFORE_CONF = ("nova/api/openstack", "nova/compute", "nova/conductor", "nova/scheduler", "nova/utils.py", "nova/virt")
"""Where options were registered before they were gathered in nova/conf."""

_COMPUTED = re.compile(rb"""Opt\(\s*(?!['"\s)]|name\s*=\s*['"])""")
"""A definition whose name is not written out."""
_SET = re.compile(rb"\bset_defaults?\(|\bset_override\(")
_LONGEST_CALL = 400

_OWN_KINDS: tuple[StateKind, ...] = ("vm_state", "task_state")
"""Kinds of states that a release may lack."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Registration:
    module: Module
    node: ast.Call
    group: str
    name: str
    former: tuple[str, ...]
    """Names it had before (`deprecated_name`)."""


def read_options(modules: Modules) -> Section[Option]:
    """The options of `options.toml` that the tree registers, in the order of that file."""
    wanted = _acts_on()
    registrations: dict[tuple[str, str], _Registration] = {}
    every: list[_Registration] = []
    gaps: list[Gap] = []
    for path in _files(modules, wanted):
        try:
            module = modules.at(path)
            for registration in _registrations(module, modules, gaps):
                every.append(registration)
                registrations.setdefault((registration.group, registration.name), registration)
        except InputError as error:
            gaps.append(Gap(file=path, line=getattr(error, "line", 1), reason=getattr(error, "reason", str(error))))
    gaps += _twice(every, wanted)
    gaps += _set_elsewhere(modules, {name for _, name in wanted})
    states = {f"{kind}:{value}" for kind in _OWN_KINDS for value in state_values(modules, kind).values()}
    facts: list[Option] = []
    found = [(key, one) for key in wanted if (one := _find(key, registrations, wanted)) is not None]
    for key, registration in found:
        try:
            known = (i for i in wanted[key] if i in states or i.partition(":")[0] not in _OWN_KINDS)
            facts.append(_option(registration, tuple(known), modules))
        except UnreadableError as error:
            reason = f"default of {registration.name}: {error.reason}"
            gaps.append(Gap(file=error.path, line=error.line, reason=reason))
    counts = (Count(name="options", read=len(facts), found=len(facts) + len(gaps)),)
    return Section(facts=tuple(facts), gaps=tuple(dict.fromkeys(gaps)), counts=counts)


def _find(
    key: tuple[str, str],
    registrations: Mapping[tuple[str, str], _Registration],
    wanted: Mapping[tuple[str, str], object],
) -> _Registration | None:
    """The option of a group and name; else the one that had this name before, or has it in another group."""
    if key in registrations:
        return registrations[key]
    others = [one for place, one in registrations.items() if place not in wanted]
    renamed = [one for one in others if key[1] in one.former]
    moved = [one for one in others if one.name == key[1]]
    candidates = renamed or moved
    return candidates[0] if len(candidates) == 1 else None


def _twice(every: Iterable[_Registration], wanted: Mapping[tuple[str, str], object]) -> Iterator[Gap]:
    """Options that are registered in a group of their own, and once more in another."""
    groups: dict[tuple[str, int, str], set[str]] = {}
    for one in every:
        groups.setdefault((one.module.path, one.node.lineno, one.name), set()).add(one.group)
    for (path, line, name), found in groups.items():
        more = sorted(group for group in found if (group, name) not in wanted)
        if more and len(more) < len(found):
            yield Gap(file=path, line=line, reason=f"{name} is registered in {', '.join(more)} as well")


def _set_elsewhere(modules: Modules, names: set[str]) -> Iterator[Gap]:
    """Places that give an option another default than its definition does."""
    paths = (
        [path for path in modules.paths(_CONF) if path.endswith(".py")]
        if modules.exists(f"{_CONF}/__init__.py")
        else []
    )
    for path in (*paths, "nova/config.py"):
        text = modules.tree.read(path) if modules.exists(path) else b""
        for found in _SET.finditer(text):
            called = text[found.start() : found.start() + _LONGEST_CALL].decode(errors="replace")
            for name in sorted(names):
                if re.search(rf"\b{name}\b", called.partition("\n\n")[0]):
                    line = text[: found.start()].count(b"\n") + 1
                    yield Gap(file=path, line=line, reason=f"default of {name}: is set outside its definition")


@cache
def _acts_on() -> dict[tuple[str, str], tuple[str, ...]]:
    """Group and name of an option → ids of what it acts on."""
    groups = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return {(group, name): tuple(entry["acts_on"]) for group in groups for name, entry in groups[group].items()}


def _files(modules: Modules, wanted: Mapping[tuple[str, str], object]) -> Iterator[str]:
    """Files that register an option of a wanted name, told by their text: few of many need parsing."""
    names = "|".join(sorted({re.escape(name) for _, name in wanted}))
    registers = re.compile(rf"""['"](?:{names})['"]""".encode())
    folders = [_CONF]
    if modules.exists(MANAGER_FILE) and b"cfg." in modules.tree.read(MANAGER_FILE):
        folders.extend(_BEFORE_CONF)
    for folder in folders:
        paths = [folder] if folder.endswith(".py") else modules.paths(folder)
        for path in paths:
            if path.endswith(".py") and modules.exists(path):
                text = modules.tree.read(path)
                if b"register_" in text and (registers.search(text) or (folder == _CONF and _COMPUTED.search(text))):
                    yield path


def _registrations(module: Module, modules: Modules, gaps: list[Gap]) -> Iterator[_Registration]:
    """The options of a module, each with the groups it is registered in."""
    for node in walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        if dotted_name(node.func).rpartition(".")[2] not in ("register_opt", "register_opts") or not node.args:
            continue
        group = _group(node, module, modules)
        options = list(_options_in(node.args[0], module, frozenset()))
        if not options and _is_local(node.args[0], module) and _names_listed(module):
            reason = f"registers options in a way that is not followed: {ast.unparse(node.args[0])}"
            gaps.append(Gap(file=module.path, line=node.lineno, reason=reason))
        for call in options:
            name = _name(call, module, modules, gaps)
            if name:
                former = tuple(one.replace("-", "_") for one in _former(call))
                yield _Registration(module=module, node=call, group=group, name=name.replace("-", "_"), former=former)


def _names_listed(module: Module) -> bool:
    """Whether a module spells the name of a listed option."""
    names = {name for _, name in _acts_on()}
    words = {string_value(node) for node in walk(module.tree) if isinstance(node, ast.Constant)}
    return not names.isdisjoint(word.replace("-", "_") for word in words if word)


def _is_local(node: ast.expr, module: Module) -> bool:
    """Whether what is registered is a local variable, or made by a call."""
    names = {part.id for part in walk(node) if isinstance(part, ast.Name)}
    return isinstance(node, ast.Call | ast.Name) and not any(name in module.bindings for name in names)


def _name(call: ast.Call, module: Module, modules: Modules, gaps: list[Gap]) -> str | None:
    given = call.args[0] if call.args else _keyword(call, "name")
    plain = string_value(given)
    if plain is not None or given is None:
        return plain
    try:
        value = evaluate(given, Scope(modules=modules, module=module))
    except UnreadableError as error:
        gaps.append(error.as_gap("the name of an option"))
        return None
    return value if isinstance(value, str) else None


def _former(call: ast.Call) -> Iterator[str]:
    """Names that an option had before."""
    for keyword in call.keywords:
        if keyword.arg in ("deprecated_name", "deprecated_opts"):
            for part in walk(keyword.value):
                if keyword.arg == "deprecated_name" and (name := string_value(part)):
                    yield name
                if isinstance(part, ast.Call) and (name := string_value(part.args[0] if part.args else None)):
                    yield name


def _options_in(node: ast.expr, module: Module, seen: frozenset[str]) -> Iterator[ast.Call]:
    """The calls that make the options of an expression, followed through the module's names."""
    for part in walk(node):
        if isinstance(part, ast.Call) and _makes_option(part):
            yield part
        elif (
            isinstance(part, ast.Name) and part.id in module.functions and part.id not in seen and _names_listed(module)
        ):
            for statement in module.functions[part.id].body:
                for one in walk(statement):
                    if isinstance(one, ast.Return) and one.value is not None:
                        yield from _options_in(one.value, module, seen | {part.id})
        elif isinstance(part, ast.Name) and part.id in module.bindings and part.id not in seen:
            yield from _options_in(module.bindings[part.id], module, seen | {part.id})


def _makes_option(call: ast.Call) -> bool:
    """Whether a call makes an option: by its name, or by what it is given."""
    name = dotted_name(call.func).rpartition(".")[2]
    if name == "DeprecatedOpt":
        return False
    given = {keyword.arg for keyword in call.keywords}
    return name.endswith("Opt") or ("default" in given and "help" in given)


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
        if default is not None and type(default) not in (bool, float, int, str):
            raise UnreadableError(module, expression, f"{ast.unparse(expression)} is no plain value")
    return Option(
        group=None if registration.group == _DEFAULT_GROUP else registration.group,
        name=registration.name,
        default=default,
        acts_on=acts_on,
        mutable=_plain(registration, "mutable", modules) is True,
        choices=_choices(registration, modules),
        minimum=_number(_plain(registration, "min", modules)),
        maximum=_number(_plain(registration, "max", modules)),
        evidence=evidence(module, node),
    )


def _plain(registration: _Registration, name: str, modules: Modules) -> PyValue:
    """What a keyword of the definition says, None where it is not there."""
    expression = _keyword(registration.node, name)
    if expression is None:
        return None
    return evaluate(expression, Scope(modules=modules, module=registration.module))


def _number(value: PyValue) -> int | float | None:
    return value if type(value) in (int, float) else None


def _choices(registration: _Registration, modules: Modules) -> tuple[str, ...]:
    """The values that the option can have: a list of them, of pairs with a description, or keys of such a map."""
    given = _plain(registration, "choices", modules)
    first = (one[0] if isinstance(one, tuple | list) and one else one for one in given or ())
    return tuple(str(one) for one in first)


def _keyword(node: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in node.keywords if keyword.arg == name), None)
