"""What Nova's own tests assert of its refusals, read from their source: request, HTTP status, exception.

Unit tests of controllers make a part of Nova raise an exception and assert the HTTP exception that a method of a
controller makes of it; functional tests assert the status that a request is answered with.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nova_states.introspection.parsing import parse
from nova_states.introspection.reach.hierarchy import http_code
from nova_states.introspection.syntax import dotted_name, functions_with_names, string_value

UNIT = "nova/tests/unit/api/openstack/compute"
FUNCTIONAL = "nova/tests/functional"
_CONTROLLERS = "nova.api.openstack.compute"
_EXCEPTIONS = "nova.exception."
_CLIENT_ERROR = "OpenStackApiException"
_REFUSALS = range(400, 500)
_NAMED = {
    "_create_server": "create",
    "delete_server": "delete",
    "post_server": "create",
    "post_server_volume": "attach_volume",
    "put_server_volume": "swap_volume",
    "delete_server_volume": "detach_volume",
}
"""Methods of the tests' client → the action."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asserted:
    """One refusal that a test asserts."""

    place: str
    """File and line of the assertion."""
    modules: tuple[str, ...]
    """Controllers' files that the test imports; none where the request is known by its body."""
    controllers: frozenset[str]
    """Classes of the controllers that the test's class makes; none where it makes none itself."""
    request: str
    """Name of the controller's method, key of the request's body, or id of the action."""
    code: int | None
    """None where the exception leaves the controller as it is."""
    error: str | None
    """The exception that the test makes Nova raise; None where it is not one and only one."""


def asserted_by_unit_tests(content: bytes, path: str) -> Iterator[Asserted]:
    """The refusals that a file of unit tests asserts of controllers' methods."""
    tree = parse(content, path)
    imports = dict(_imports(tree))
    modules = tuple(sorted({_module_of(name) for name in imports.values() if name.startswith(_CONTROLLERS)}))
    made = {node.name: frozenset(_controllers(node)) for node in tree.body if isinstance(node, ast.ClassDef)}
    for name, function in functions_with_names(tree.body):
        raised = set(_side_effects(function, imports))
        for call in _calls(function, "assertRaises"):
            expected = _dotted(call.args[0], imports) if call.args else ""
            target = call.args[1] if len(call.args) > 1 else None
            if not isinstance(target, ast.Attribute) or "controller" not in dotted_name(target.value):
                continue
            code = http_code(expected)
            error = next(iter(raised)) if len(raised) == 1 else None
            if code is None and expected.startswith(_EXCEPTIONS):
                error = expected.removeprefix(_EXCEPTIONS)
            elif code not in _REFUSALS:
                continue
            yield Asserted(
                place=f"{path}:{call.lineno}",
                modules=modules,
                controllers=made.get(name.partition(".")[0], frozenset()),
                request=target.attr,
                code=code,
                error=error,
            )


def asserted_by_functional_tests(content: bytes, path: str) -> Iterator[Asserted]:
    """The statuses that a file of functional tests asserts of requests about servers."""
    tree = parse(content, path)
    for _, function in functions_with_names(tree.body):
        waiting: str | None = None
        for statement in _statements(function.body):
            for call in (node for node in ast.walk(statement) if isinstance(node, ast.Call)):
                name = dotted_name(call.func).rpartition(".")[2]
                if name == "assertRaises" and call.args and dotted_name(call.args[0]).endswith(_CLIENT_ERROR):
                    waiting = _request(call.args[1:])
                elif name == "post_server_action" and (codes := _expected(call)):
                    key = _request([call.func, *call.args])
                    for code in codes:
                        if key:
                            yield _functional(path, call, key, code)
                elif name == "assertEqual" and waiting and len(call.args) > 1:
                    compared = [value for arg in call.args if (value := _status(arg)) is not None]
                    if compared and "status_code" in ast.unparse(call):
                        yield _functional(path, call, waiting, compared[0])
                        waiting = None


def _functional(path: str, call: ast.Call, key: str, code: int) -> Asserted:
    place = f"{path}:{call.lineno}"
    return Asserted(place=place, modules=(), controllers=frozenset(), request=key, code=code, error=None)


def _controllers(node: ast.ClassDef) -> Iterator[str]:
    """Classes that a test makes a controller of."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and dotted_name(part.func).endswith("Controller"):
            yield dotted_name(part.func).rpartition(".")[2]


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.partition(".")[0]
                yield alias.asname or root, alias.name if alias.asname else root


def _module_of(name: str) -> str:
    return f"{name.replace('.', '/')}.py"


def _dotted(node: ast.expr, imports: dict[str, str]) -> str:
    root, _, rest = dotted_name(node).partition(".")
    return f"{imports.get(root, root)}.{rest}" if rest else imports.get(root, root)


def _calls(function: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and dotted_name(node.func) == f"self.{name}":
            yield node


def _side_effects(function: ast.AST, imports: dict[str, str]) -> Iterator[str]:
    """Names of the exceptions that mocks are told to raise."""
    for node in ast.walk(function):
        given: ast.expr | None = None
        match node:
            case ast.keyword(arg="side_effect", value=value):
                given = value
            case ast.Assign(targets=[ast.Attribute(attr="side_effect")], value=value):
                given = value
        for part in ast.walk(given) if given is not None else ():
            if isinstance(part, ast.Attribute):
                name = _dotted(part, imports)
                if name.startswith(_EXCEPTIONS):
                    yield name.rpartition(".")[2]


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        inner = [part for name in ("body", "orelse", "finalbody") for part in getattr(statement, name, ())]
        if inner:
            yield from _statements(inner)
        else:
            yield statement


def _request(arguments: Sequence[ast.expr]) -> str | None:
    """What a call asks for: the key of the body that it sends, or the action that it is named for."""
    name = dotted_name(arguments[0]).rpartition(".")[2] if arguments else ""
    if name == "post_server_action":
        bodies = [one for one in arguments[1:] if isinstance(one, ast.Dict) and len(one.keys) == 1]
        return string_value(bodies[0].keys[0]) if bodies else None
    return _NAMED.get(name) or (name.removeprefix("_").removesuffix("_server") if name else None)


def _expected(call: ast.Call) -> list[int]:
    for keyword in call.keywords:
        if keyword.arg == "check_response_status" and isinstance(keyword.value, ast.List):
            return [code for part in keyword.value.elts if (code := _status(part)) is not None]
    return []


def _status(node: ast.expr) -> int | None:
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, int) and value in _REFUSALS else None
