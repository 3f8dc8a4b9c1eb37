"""Reads Nova's exceptions: their messages as patterns, the HTTP status they stand for, and where they are raised.

An exception is Nova's if it stands in nova/exception.py, has a message of its own, or derives from one that does. Its
message is an interface, as users search for what they see in a server's fault.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nova_states.facts.model import Count, ErrorClass, Gap, RaiseSite, Section
from nova_states.introspection.constant_evaluator import PyValue, Scope, UnreadableError, evaluate
from nova_states.introspection.inline_guard_sites import own_statements
from nova_states.introspection.modules import Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.reach.escapes import EscapeAnalysis, analyse
from nova_states.introspection.reach.hierarchy import ANY
from nova_states.introspection.reach.program import Class
from nova_states.introspection.reach.wording import template
from nova_states.introspection.syntax import dotted_name, evidence, functions_with_names

EXCEPTIONS = "nova/exception.py"
_BASE = "nova.exception.NovaException"
_TEXTS = ("msg_fmt", "message")
"""Attributes that hold the message; the second is that of releases before Grizzly."""
_MAY_DEFINE = re.compile(rb"^class \w+\([\w., ]*(?:exception|Exception|Error|Invalid|NotFound)", re.MULTILINE)
_MAY_RAISE = re.compile(rb"^\s+raise\b", re.MULTILINE)


def read_errors(modules: Modules) -> Section[ErrorClass]:
    """All exceptions of Nova, those of nova/exception.py first, in the order of the source."""
    whole = modules.whole()
    gaps: list[Gap] = []
    facts: list[ErrorClass] = []
    for kind in error_classes(whole, gaps):
        try:
            facts.append(_error(kind, whole))
        except SourceError as error:
            gaps.append(error.as_gap(f"message of {kind.node.name}"))
    count = Count(name="exceptions", read=len(facts), found=len(facts) + len(gaps))
    return Section(facts=tuple(facts), gaps=tuple(gaps), counts=(count,))


def error_classes(whole: Modules, gaps: list[Gap]) -> list[Class]:
    """The classes of Nova's exceptions, each name once; `gaps` gets the files that cannot be read."""
    if "error classes" not in whole.remembered:
        unread: list[Gap] = []
        found = list(_classes(whole, unread))
        whole.remembered["error classes"] = (found, unread)
    classes, unread = whole.remembered["error classes"]
    gaps.extend(unread)
    return list(classes)


def _classes(whole: Modules, gaps: list[Gap]) -> Iterator[Class]:
    analysis = analyse(whole, follows_messages=False)
    seen: set[str] = set()
    sources = sorted(whole.sources(), key=lambda path: (path != EXCEPTIONS, path))
    for path in sources:
        if not _MAY_DEFINE.search(whole.tree.read(path)):
            continue
        try:
            module = whole.at(path)
        except SourceError as error:
            gaps.append(error.as_gap("exceptions"))
            continue
        for name, node in module.classes.items():
            kind = analysis.program.class_at(path, name)
            if kind is not None and name not in seen and _is_error(kind, node, analysis):
                seen.add(name)
                yield kind


def _is_error(kind: Class, node: ast.ClassDef, analysis: EscapeAnalysis) -> bool:
    """Whether a class is an exception that this is about."""
    above = analysis.hierarchy.ancestors(kind.name)
    if "BaseException" not in above and _BASE not in above and not _is_converted(kind, above):
        return False
    if kind.module.path == EXCEPTIONS or _BASE in above:
        return True
    return any(_text_node(node, text) is not None for text in _TEXTS[:1])


def _is_converted(kind: Class, above: frozenset[str]) -> bool:
    return kind.module.path == EXCEPTIONS and any(name.startswith("webob.exc.") for name in above)


def text_nodes(node: ast.ClassDef) -> Iterator[ast.expr]:
    """What a class assigns as its message, if it does."""
    yield from (value for name in _TEXTS if (value := _text_node(node, name)) is not None)


def _text_node(node: ast.ClassDef, name: str) -> ast.expr | None:
    for statement in reversed(node.body):
        match statement:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                return value
    return None


def _error(kind: Class, whole: Modules) -> ErrorClass:
    analysis = analyse(whole, follows_messages=False)
    lineage = analysis.program.lineage(kind)
    pattern, owner = _message(lineage)
    code = _attribute(lineage, "code", whole)
    return ErrorClass(
        name=kind.node.name,
        bases=tuple(name.rpartition(".")[2] for name in analysis.program.bases(kind)),
        code=code if isinstance(code, int) else None,
        is_safe=_attribute(lineage, "safe", whole) is True,
        pattern=pattern,
        has_own_text=owner is kind,
        evidence=evidence(kind.module, kind.node),
    )


def _message(lineage: tuple[Class, ...]) -> tuple[str | None, Class | None]:
    """The pattern of a message, and the class that has it."""
    for one in lineage:
        for name in _TEXTS:
            node = _text_node(one.node, name)
            if node is not None:
                text = template(node)
                if text is None and not (isinstance(node, ast.Constant) and node.value is None):
                    raise UnreadableError(one.module, node, "the wording is not written out")
                return text, one
    return None, None


def _attribute(lineage: tuple[Class, ...], name: str, whole: Modules) -> PyValue:
    """The value of a class's attribute, its own or that of a class above."""
    for one in lineage:
        node = _text_node(one.node, name)
        if node is not None:
            return evaluate(node, Scope(modules=whole, module=one.module))
    return None


def read_raise_sites(modules: Modules) -> Section[RaiseSite]:
    """Every place outside the tests that raises one of them by its class, in order of file and line."""
    whole = modules.whole()
    gaps: list[Gap] = []
    analysis = analyse(whole, follows_messages=False)
    names = {kind.name: kind.node.name for kind in error_classes(whole, [])}
    facts: list[RaiseSite] = []
    for path in whole.sources():
        if _MAY_RAISE.search(whole.tree.read(path)):
            try:
                facts.extend(_sites(whole.at(path), analysis, names, gaps))
            except SourceError as error:
                gaps.append(error.as_gap("what is raised"))
    count = Count(name="raising statements", read=len(facts), found=len(facts) + len(gaps))
    return Section(facts=tuple(facts), gaps=tuple(gaps), counts=(count,))


def _sites(module: Module, analysis: EscapeAnalysis, names: dict[str, str], gaps: list[Gap]) -> Iterator[RaiseSite]:
    found: list[RaiseSite] = []
    for function_name, function in functions_with_names(module.tree.body):
        for statement in own_statements(function.body):
            if not isinstance(statement, ast.Raise) or statement.exc is None:
                continue
            raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
            dotted = dotted_name(raised)
            name = analysis.hierarchy.name(dotted, module) if dotted else None
            if name in names:
                place = evidence(module, statement, function_name)
                found.append(RaiseSite(error=names[name], evidence=place))
            elif name is not None and name.startswith("nova.exception.") and name != ANY:
                reason = f"raises {name}, which is not defined"
                gaps.append(Gap(file=module.path, line=statement.lineno, reason=reason))
    yield from sorted(found, key=lambda site: (site.evidence.line, site.error))
