"""Reads every way in which the REST API refuses a request for an action: status, exceptions and wording.

A controller's method makes answers of the exceptions that it names and refuses some requests by itself. What it does
not handle gets its answer from the layers around it (api/openstack/wsgi.py); of that, only what those layers name is
told, as anything else is an error of Nova's own and a 500. Messages to other services are not followed: what comes back
from there is told where a controller names it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nova_states.facts.condition import ELIDED, CodeTest, Condition, all_of, to_text
from nova_states.facts.model import Count, Evidence, Gap, Refusal, Section
from nova_states.introspection.constant_evaluator import Scope, UnreadableError, evaluate
from nova_states.introspection.error_classes import error_classes
from nova_states.introspection.inline_guard_sites import own_statements
from nova_states.introspection.modules import Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.path_conditions import steps_to
from nova_states.introspection.public_actions import read_actions
from nova_states.introspection.reach.escapes import Escape, EscapeAnalysis, analyse
from nova_states.introspection.reach.hierarchy import HTTP, http_code
from nova_states.introspection.reach.program import Class
from nova_states.introspection.reach.targets import Place
from nova_states.introspection.rest import Handler, read_handlers
from nova_states.introspection.syntax import decorator_name, dotted_name, evidence, functions_with_names

_WSGI = "nova/api/openstack/wsgi.py"
_LAYERS = (_WSGI, "nova/api/openstack/extensions.py")
_EXPECTING = "expected_errors"
_CONVERTING = "ResourceExceptionHandler"
_OUT_OF_VERSION = "nova.exception.VersionNotFoundForAPIMethod"
_LOWEST = "2.1"
_UNEXPECTED = 500
_LONGEST_CONDITION = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class _Layer:
    """What a layer around the controllers makes of an exception, by class in the order of its tests."""

    answers: tuple[tuple[str, int | None], ...]
    """Class → status; None: it lets the exception pass, or answers with the exception's own status."""


def read_refusals(modules: Modules) -> Section[Refusal]:
    """All refusals, by action in the order of ids, then by file and line."""
    whole = modules.whole()
    handlers, gaps = read_handlers(whole)
    reader = _Reader(whole)
    by_endpoint: dict[object, list[Handler]] = {}
    for handler in handlers:
        by_endpoint.setdefault(handler.endpoint.evidence, []).append(handler)
    facts: list[Refusal] = []
    for action in read_actions(whole).facts:
        places = dict.fromkeys(endpoint.evidence for endpoint in action.endpoints)
        own = {id(h.function): h for place in places for h in by_endpoint.get(place, ())}
        facts.extend(_merged(refusal for handler in own.values() for refusal in reader.refusals(action.id, handler)))
    gaps += reader.gaps
    count = Count(name="refusals", read=len(facts), found=len(facts) + len(gaps))
    return Section(facts=tuple(facts), gaps=tuple(dict.fromkeys(gaps)), counts=(count,))


def _merged(refusals: Iterator[Refusal]) -> list[Refusal]:
    """Answers of one place and wording as one, with all exceptions they are made of."""
    found: dict[Refusal, set[str]] = {}
    for one in refusals:
        found.setdefault(replace(one, errors=()), set()).update(one.errors)
    merged = [replace(one, errors=tuple(sorted(errors))) for one, errors in found.items()]
    return sorted(merged, key=lambda one: (one.evidence.file, one.evidence.line, one.code, str(one)))


class _Reader:
    """What the handlers of one tree refuse."""

    def __init__(self, whole: Modules) -> None:
        self._whole = whole
        self._analysis: EscapeAnalysis = analyse(whole, follows_messages=False)
        self._names = {kind.name: kind.node.name for kind in error_classes(whole, [])}
        self.gaps: list[Gap] = []
        self._handled = dict(_handled(self._analysis))
        self._version_sites = _raising(whole, self._analysis, _OUT_OF_VERSION)
        self._expecting = _layer(self._analysis, _EXPECTING)
        self._converting = _layer(self._analysis, _CONVERTING)

    def refusals(self, action: str, handler: Handler) -> Iterator[Refusal]:
        """The refusals of one request."""
        program = self._analysis.program
        kind = program.class_at(handler.module.path, handler.controller.name)
        place = Place(code=program.code(handler.module, handler.function), receiver=kind)
        expected = self._expected(handler)
        for escape in sorted(self._analysis.of(place), key=str):
            if escape.name.startswith(HTTP):
                yield from self._answered(action, escape, expected, handler)
            elif escape.name in self._names:
                yield from self._unhandled(action, escape.name, handler, expected)
        yield from self._out_of_version(action, handler)
        # What the layers around answer themselves they answer wherever it is raised, also where nobody found it.
        for name, code in (*(self._expecting.answers if expected is not None else ()), *self._converting.answers):
            if code is not None and name in self._names:
                yield from self._unhandled(action, name, handler, expected)

    def _out_of_version(self, action: str, handler: Handler) -> Iterator[Refusal]:
        """The answer to a request of a microversion in which there is no such request."""
        lowest, highest = handler.endpoint.min_microversion, handler.endpoint.max_microversion
        if (lowest in (None, _LOWEST) and highest is None) or _OUT_OF_VERSION not in self._names:
            return
        code = self._handled.get(_OUT_OF_VERSION) or self._own_code(_OUT_OF_VERSION)
        if code is None:
            return
        for site in self._version_sites:
            yield Refusal(
                action=action,
                code=code,
                errors=(self._names[_OUT_OF_VERSION],),
                text=None,
                when=CodeTest(
                    text=f"{lowest or _LOWEST} <= microversion{f' <= {highest}' if highest else ''}", holds=False
                ),
                evidence=site,
            )

    def _answered(
        self, action: str, escape: Escape, expected: frozenset[int] | None, handler: Handler
    ) -> Iterator[Refusal]:
        """A refusal that is made on the way."""
        code = http_code(escape.name)
        if code is None or escape.path is None:
            reason = f"the status of {escape.name} is not known"
            self.gaps.append(Gap(file=handler.module.path, line=handler.function.lineno, reason=reason))
            return
        cause = self._names.get(escape.cause or "")
        yield Refusal(
            action=action,
            code=code if expected is None or code in expected else _UNEXPECTED,
            errors=(cause,) if cause else (),
            text=escape.text,
            when=None if cause else self._condition(escape),
            evidence=Evidence(file=escape.path, line=escape.line, function=escape.function),
        )

    def _unhandled(
        self, action: str, name: str, handler: Handler, expected: frozenset[int] | None
    ) -> Iterator[Refusal]:
        """What the layers around make of an exception that leaves the controller, where they name it."""
        code: int | None = None
        if expected is not None:
            known, code = self._answer_of(name, self._expecting)
            if not known:
                return
        if code is None:
            known, code = self._answer_of(name, self._converting)
            if not known and expected is None:
                return
            code = code or self._own_code(name)
        if code is not None:
            yield Refusal(
                action=action,
                code=code,
                errors=(self._names[name],),
                text=None,
                when=None,
                evidence=evidence(handler.module, handler.function, handler.endpoint.evidence.function),
            )

    def _answer_of(self, name: str, layer: _Layer) -> tuple[bool, int | None]:
        above = self._analysis.hierarchy.ancestors(name)
        for kind, code in layer.answers:
            if kind in above:
                return True, code
        return False, None

    def _own_code(self, name: str) -> int | None:
        """The status that an exception's class stands for."""
        kind = self._analysis.program.locate(name)
        for one in self._analysis.program.lineage(kind) if isinstance(kind, Class) else ():
            for statement in reversed(one.node.body):
                match statement:
                    case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=int(code))):
                        return code
        return None

    def _expected(self, handler: Handler) -> frozenset[int] | None:
        """The statuses that a handler's decorators let through; None where it has no such decorator."""
        codes: set[int] = set()
        found = False
        for decorator in handler.function.decorator_list:
            if decorator_name(decorator) == _EXPECTING and isinstance(decorator, ast.Call) and decorator.args:
                found = True
                try:
                    value = evaluate(decorator.args[0], Scope(modules=self._whole, module=handler.module))
                except UnreadableError as error:
                    self.gaps.append(error.as_gap("expected statuses"))
                    return None
                codes.update([value] if isinstance(value, int) else value)
        return frozenset(codes) if found else None

    def _condition(self, escape: Escape) -> Condition | None:
        """What must hold for the REST layer to refuse by itself."""
        module = self._whole.at(escape.path or "")
        for name, function in functions_with_names(module.tree.body):
            if name == escape.function:
                for node in ast.walk(function):
                    if isinstance(node, ast.Raise) and node.lineno == escape.line:
                        steps = (step.as_condition() for step in steps_to(function, node) if step.test is not None)
                        condition = all_of(steps)
                        return ELIDED if len(to_text(condition) or "") > _LONGEST_CONDITION else condition
        return None


def _raising(whole: Modules, analysis: EscapeAnalysis, name: str) -> list[Evidence]:
    """Where api/openstack/wsgi.py raises an exception."""
    try:
        module = whole.at(_WSGI)
    except SourceError:
        return []
    return [
        evidence(module, statement, function_name)
        for function_name, function in functions_with_names(module.tree.body)
        for statement in own_statements(function.body)
        if isinstance(statement, ast.Raise)
        and isinstance(statement.exc, ast.Call)
        and analysis.hierarchy.name(dotted_name(statement.exc.func), module) == name
    ]


def _handled(analysis: EscapeAnalysis) -> Iterator[tuple[str, int]]:
    """Exceptions that api/openstack/wsgi.py catches by name → the status that it answers with."""
    module = analysis.program.module(_WSGI)
    for node in ast.walk(module.tree) if module else ():
        if isinstance(node, ast.ExceptHandler) and module is not None:
            code = _status(node.body, module, analysis)
            if code is not None:
                yield from ((name, code) for name in analysis.hierarchy.names(node.type, module))


def _layer(analysis: EscapeAnalysis, name: str) -> _Layer:
    """The tests of a layer, in their order."""
    module, node = None, None
    for path in _LAYERS:
        module = analysis.program.module(path)
        node = (module.functions.get(name) or module.classes.get(name)) if module else None
        if node is not None:
            break
    if module is None or node is None:
        return _Layer(answers=())
    answers: list[tuple[str, int | None]] = []
    tests = [part for part in ast.walk(node) if isinstance(part, ast.If)]
    for test in sorted(tests, key=lambda part: part.lineno):
        match test.test:
            case ast.Call(func=ast.Name(id="isinstance"), args=[_, kinds]) if _raises(test.body):
                code = _status(test.body, module, analysis)
                names = analysis.hierarchy.names(kinds, module)
                answers.extend((kind, code) for kind in names if kind.startswith("nova.exception."))
    return _Layer(answers=tuple(answers))


def _raises(body: Sequence[ast.stmt]) -> bool:
    return any(isinstance(statement, ast.Raise) for statement in body)


def _status(body: Sequence[ast.stmt], module: Module, analysis: EscapeAnalysis) -> int | None:
    for statement in body:
        for node in ast.walk(statement) if isinstance(statement, ast.Raise | ast.Return) else ():
            if isinstance(node, ast.Call):
                name = analysis.hierarchy.name(dotted_name(node.func), module) if dotted_name(node.func) else None
                code = http_code(name) if name else None
                if code is not None:
                    return code
    return None
