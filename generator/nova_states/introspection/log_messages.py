"""Reads the lines that services log about servers, and what is done to the server then.

A line counts if it is logged for a server (`instance=...`) or names one or its migration. Lines for developers (debug)
count only where they tell a state, or something is done to the server after them. What is done is told by the
statements that follow in the same block, up to the next line that is logged.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from nova_states.facts.ids import content_id
from nova_states.facts.model import Count, Gap, LogMessage, Section
from nova_states.introspection.compute_api import API_CLASS, COMPUTE_API
from nova_states.introspection.inline_guard_sites import own_statements
from nova_states.introspection.modules import Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.reach.wording import logged_wordings
from nova_states.introspection.reactions.methods import DRIVER_EFFECTS
from nova_states.introspection.syntax import blocks, dotted_name, evidence, functions_with_names, methods
from nova_states.introspection.tree_walk import walk

_FILES = (
    COMPUTE_API,
    "nova/compute/manager.py",
    "nova/compute/resource_tracker.py",
    "nova/conductor/manager.py",
    "nova/conductor/tasks/cross_cell_migrate.py",
    "nova/conductor/tasks/live_migrate.py",
    "nova/conductor/tasks/migrate.py",
    "nova/virt/libvirt/driver.py",
    "nova/virt/libvirt/migration.py",
)
"""The services that change servers, and the driver that most deployments have."""

_LEVELS = {"warn": "warning", "audit": "info"} | {
    level: level for level in ("debug", "info", "warning", "error", "exception", "critical")
}
_ANY_LEVEL = "log"
_ABOUT = frozenset({"instance", "instance_uuid"})
_STATES = frozenset({"vm_state", "task_state", "power_state", "old_vm_state"})
_VERB = re.compile(r"_?(\w+)_instance")
_SLUG_LENGTH = 60
_NOTHING = "none"
_ONE_OF = "|"


def read_log_messages(modules: Modules) -> Section[LogMessage]:
    """All such lines, in the order of the files and their source."""
    gaps: list[Gap] = []
    facts: list[LogMessage] = []
    try:
        api = modules.at(COMPUTE_API).classes.get(API_CLASS)
        actions = frozenset(methods(api)) if api else frozenset()
    except SourceError:
        actions = frozenset()
    for path in _FILES:
        if modules.exists(path):
            try:
                facts.extend(_lines(modules.at(path), actions, gaps))
            except SourceError as error:
                gaps.append(error.as_gap("log lines"))
    count = Count(name="log lines", read=len(facts), found=len(facts) + len(gaps))
    return Section(facts=tuple(facts), gaps=tuple(gaps), counts=(count,))


def _lines(module: Module, actions: frozenset[str], gaps: list[Gap]) -> Iterator[LogMessage]:
    found: list[LogMessage] = []
    for name, function in functions_with_names(module.tree.body):
        for block in _own_blocks(function.body):
            for place, statement in enumerate(block):
                call = _logging(statement)
                if call is None:
                    continue
                effect = _effect(block[place + 1 :], actions)
                level = _level(call)
                if not _is_about_a_server(call) or (level == "debug" and not effect and not _tells_state(call)):
                    continue
                texts = logged_wordings(_message(call), function)
                if not texts:
                    gaps.append(Gap(file=module.path, line=call.lineno, reason="a log line is not written out"))
                found.extend(
                    LogMessage(
                        slug=slug(text),
                        level=level,
                        pattern=text,
                        effect=effect,
                        evidence=evidence(module, statement, name),
                    )
                    for text in texts
                )
    yield from sorted(found, key=lambda line: line.evidence.line)


def slug(text: str) -> str:
    """A name for a wording: its first words; where something is left out, with a digest behind."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"\{\w*\}", " ", text.lower()))
    whole = "-".join(words)
    if len(whole) <= _SLUG_LENGTH and len(words) > 1:
        return whole
    return f"{whole[:_SLUG_LENGTH].rpartition('-')[0] or whole[:_SLUG_LENGTH] or 'line'}-{content_id(text)[:4]}"


def _own_blocks(body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Every block of a function, those of nested functions left out."""
    yield body
    for statement in own_statements(body):
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from blocks(statement)


def _logging(statement: ast.stmt) -> ast.Call | None:
    """The call of a statement that logs a line."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="LOG"), attr=level), args=[_, *_]) as call):
            return call if level in _LEVELS or (level == _ANY_LEVEL and len(call.args) > 1) else None
    return None


def _level(call: ast.Call) -> str:
    """The level as it is called today; "log": it is decided while Nova runs."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return _LEVELS.get(name, _ANY_LEVEL)


def _message(call: ast.Call) -> ast.expr:
    return call.args[1] if _level(call) == _ANY_LEVEL else call.args[0]


def _is_about_a_server(call: ast.Call) -> bool:
    if _ABOUT.intersection(keyword.arg for keyword in call.keywords):
        return True
    return any("inst" in name or "migration" in name for name in _mentioned(call))


def _tells_state(call: ast.Call) -> bool:
    return bool(_STATES.intersection(_mentioned(call)))


def _mentioned(call: ast.Call) -> Iterator[str]:
    """Names, attributes and texts of what a line is filled with."""
    for argument in call.args[1:]:
        for node in walk(argument):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str(name)):
                    yield name


def _effect(following: Sequence[ast.stmt], actions: frozenset[str]) -> str | None:
    """What is done to the server by the statements after a line; "none": the function just ends."""
    for place, statement in enumerate(following):
        if _logging(statement) is not None:
            return None
        if isinstance(statement, ast.Return | ast.Continue) and not place:
            return _NOTHING if getattr(statement, "value", None) is None else None
        written: dict[str | None, ast.expr] = dict(_written(following[place:]))
        if written:
            return "update_power_state" if set(written) == {"power_state"} else _updated(written)
        found = _done(statement, actions)
        if found:
            return found
    return None


def _done(statement: ast.stmt, actions: frozenset[str]) -> str | None:
    """What one statement does."""
    match statement:
        case ast.Try(body=body):
            return _effect(body, actions)
        case ast.If(body=body, orelse=orelse):
            sides = {_effect(body, actions), _effect(orelse, actions)}
            return _ONE_OF.join(sorted(side for side in sides if side)) if None not in sides else None
        case ast.Expr(value=ast.Call() as call):
            return _called(call, actions)
    return None


def _written(following: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """States that the next assignments write, taken together."""
    for statement in following:
        match statement:
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=value) if name in _STATES:
                yield name, value
            case ast.Assign():
                pass
            case _:
                return


def _is_error(value: ast.expr | None) -> bool:
    return value is not None and dotted_name(value) == "vm_states.ERROR"


def _called(call: ast.Call, actions: frozenset[str]) -> str | None:
    """What a call does to the server."""
    owner, _, name = dotted_name(call.func).rpartition(".")
    if name.endswith("_error_state"):
        return "error"
    if name == "_instance_update":
        return _updated({keyword.arg: keyword.value for keyword in call.keywords})
    if owner == "self.compute_api":
        return name
    if owner == "self.driver":
        return DRIVER_EFFECTS.get(name)
    match = _VERB.fullmatch(name)
    if match and owner == "self" and match[1] in actions:
        return match[1]
    return "delete" if name == "destroy" and owner.endswith("instance") else None


def _updated(given: Mapping[str | None, ast.expr]) -> str | None:
    """What writing these states does; the end of an action that went well says nothing of a line before it."""
    task = given.get("task_state")
    if "vm_state" in given:
        return "error" if _is_error(given["vm_state"]) else None
    return "clear_task" if isinstance(task, ast.Constant) and task.value is None else None
