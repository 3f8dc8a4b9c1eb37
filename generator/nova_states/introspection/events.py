"""Reads the names in the list of a server's actions and events, and which function and action each stands for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nova_states.facts.model import Count, Event, Gap, Section
from nova_states.introspection.constant_evaluator import UnreadableError
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.reach.escapes import analyse
from nova_states.introspection.reach.program import Code
from nova_states.introspection.reach.reached import leading_to, reached_places
from nova_states.introspection.syntax import (
    decorator_name,
    dotted_name,
    evidence,
    functions_with_names,
    parameter_names,
    short_module,
    string_value,
)

ACTIONS = "nova/compute/instance_actions.py"
_WRAPPING = "wrap_instance_event"
_REPORTING = ("EventReporter", "event_start")
_MAY_REPORT = tuple(word.encode() for word in (_WRAPPING, *_REPORTING))
_PREFIX = re.compile(r"([a-z]+)_\{0\}|([a-z]+)_%s")


def read_events(modules: Modules) -> Section[Event]:
    """The actions in the order of the source, then the events by name."""
    whole = modules.whole()
    gaps: list[Gap] = []
    facts: list[Event] = []
    try:
        facts += _actions(whole)
    except SourceError as error:
        gaps.append(error.as_gap("names of actions"))
    events: list[Event] = []
    for path in whole.sources():
        content = whole.tree.read(path)
        if any(word in content for word in _MAY_REPORT):
            try:
                events.extend(_events(whole.at(path), whole, gaps))
            except SourceError as error:
                gaps.append(error.as_gap("events"))
    unique = {(event.name, event.function, event.evidence.line): event for event in events}
    facts += sorted(unique.values(), key=lambda event: (event.name, event.evidence.file, event.evidence.line))
    count = Count(name="names of events", read=len(facts), found=len(facts) + len(gaps))
    return Section(facts=tuple(facts), gaps=tuple(gaps), counts=(count,))


def _actions(whole: Modules) -> Iterator[Event]:
    if not whole.exists(ACTIONS):
        return
    module = whole.at(ACTIONS)
    users = _users(whole)
    for constant, node in module.bindings.items():
        value = string_value(node)
        if value is not None and constant.isupper():
            actions = tuple(sorted(users.get(constant, ())))
            yield Event(name=value, kind="action", function=None, actions=actions, evidence=evidence(module, node))


def _users(whole: Modules) -> dict[str, set[str]]:
    """Constant of an action's name → the actions that record it.

    The compute API records what it is asked for, in the method itself or what that calls of the same file. What it
    does not record is recorded further on.
    """
    found: dict[str, set[str]] = {}
    later: dict[str, set[str]] = {}
    named: dict[Code, tuple[str, ...]] = {}
    for action, places in reached_places(whole).items():
        own = {next(iter(places)): None}
        waiting = list(own)
        for place in waiting:
            for further in analyse(whole, follows_messages=True).leads_to.get(place, ()):
                if further.code.module is place.code.module and further not in own:
                    own[further] = None
                    waiting.append(further)
        for place in places:
            if place.code not in named:
                named[place.code] = tuple(_constants(place.code.node))
            for constant in named[place.code]:
                (found if place in own else later).setdefault(constant, set()).add(action)
    return later | found


def _constants(function: Function) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and dotted_name(node.value).endswith("instance_actions"):
            yield node.attr


def _events(module: Module, whole: Modules, gaps: list[Gap]) -> Iterator[Event]:
    for name, function in functions_with_names(module.tree.body):
        outer = name.partition(".")[0]
        for decorator in function.decorator_list:
            if decorator_name(decorator) == _WRAPPING:
                try:
                    event = f"{_prefix(decorator, module, whole)}_{function.name}"
                except SourceError as error:
                    gaps.append(error.as_gap(f"event of {name}"))
                    continue
                yield _event(event, module, function, name, whole)
        if outer in (_WRAPPING, *_REPORTING):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and dotted_name(node.func).rpartition(".")[2] in _REPORTING:
                told = _told_name(node, function, module)
                if told is None:
                    gaps.append(Gap(file=module.path, line=node.lineno, reason=f"name of an event in {name}"))
                else:
                    yield _event(told, module, node, name, whole)


def _event(event: str, module: Module, node: ast.AST, name: str, whole: Modules) -> Event:
    actions = [one for one in leading_to(whole).get((module.path, name), ()) if one in reached_places(whole)]
    return Event(
        name=event,
        kind="event",
        function=f"{short_module(module)}.{name}",
        actions=tuple(actions),
        evidence=evidence(module, node, name),
    )


def _told_name(call: ast.Call, function: Function, module: Module) -> str | None:
    """The name that a reporter is given: a literal, or a name of the function or the module that holds one."""
    for given in (*call.args, *(keyword.value for keyword in call.keywords)):
        text = string_value(given)
        if text is None and isinstance(given, ast.Name):
            assigned = [
                node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == given.id
            ]
            text = string_value(assigned[-1] if assigned else module.bindings.get(given.id))
        if text is not None:
            return text
    return None


def _prefix(decorator: ast.expr, module: Module, whole: Modules) -> str:
    """The word before a function's name: the decorator's argument, or in old releases a word inside the decorator."""
    if isinstance(decorator, ast.Call):
        options = {keyword.arg: keyword.value for keyword in decorator.keywords}
        word = string_value(decorator.args[0] if decorator.args else options.get("prefix"))
        if word is not None:
            return word
    found = analyse(whole, follows_messages=True).program.resolve(module, dotted_name(decorator))
    code = getattr(found, "node", None)
    if isinstance(code, ast.FunctionDef) and len(parameter_names(code)) == 1:
        for node in ast.walk(code):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "event_name":
                for part in ast.walk(node.value):
                    text = string_value(part)
                    match = _PREFIX.fullmatch(text or "")
                    if match:
                        return match[1] or match[2]
    raise UnreadableError(module, decorator, "the prefix of an event's name is not written out")
