"""Reads the REST layer: which request reaches which method of the compute API, and the word its 409 puts in quotes.

A handler is a controller method that a route or an action key reaches. What it reaches is followed through the
controller's own helpers and through tables of methods made in `__init__`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.errors import InputError
from generator.facts.model import Endpoint, Gap
from generator.introspection.modules import Function, Module, Modules
from generator.introspection.routes import Route, read_routes
from generator.introspection.syntax import decorator_name, dotted_name, evidence, methods, parameter_names, string_value

_FOLDER = "nova/api/openstack/compute"
_NOT_CONTROLLERS = ("/legacy_v2/", "/schemas/", "/views/", "/contrib/")
_CONFLICT = "raise_http_conflict_for_instance_invalid_state"
_PATHS = ("/servers", "/os-assisted-volume-snapshots")
_DEEPEST_HELPER = 3
_READS = ("index", "show", "detail")


@dataclass(frozen=True, kw_only=True, slots=True)
class Handler:
    """One request's way into Nova."""

    module: Module
    controller: ast.ClassDef
    function: Function
    endpoint: Endpoint
    calls: tuple[str, ...]
    """Methods of the compute API it may call, in order, those only asked in a test left out."""
    is_read: bool
    """Whether it only shows something."""


def read_handlers(modules: Modules) -> tuple[list[Handler], list[Gap]]:
    """All handlers of requests about servers, in order of file and line, and the controllers that cannot be read."""
    gaps: list[Gap] = []
    files: list[Module] = []
    for path in modules.paths(_FOLDER):
        if path.endswith(".py") and not any(part in path for part in _NOT_CONTROLLERS):
            try:
                files.append(modules.at(path))
            except InputError as error:
                gaps.append(Gap(file=path, line=1, reason=str(error)))
    routes = read_routes(modules, tuple(files))
    handlers = [
        handler
        for module in files
        for controller in module.classes.values()
        for handler in _handlers(module, controller, routes)
    ]
    return handlers, gaps


def _handlers(
    module: Module, controller: ast.ClassDef, routes: dict[tuple[str, str], list[Route]]
) -> Iterator[Handler]:
    for name, definitions in methods(controller).items():
        for function in definitions:
            decorators = {decorator_name(node): node for node in function.decorator_list}
            if "removed" in decorators or _only_refuses(function):
                continue
            versions = [
                _microversions(node) for node in function.decorator_list if decorator_name(node) == "api_version"
            ]
            lowest, highest = versions[0] if versions else (None, None)
            calls = tuple(dict.fromkeys(_calls(controller, module, function)))
            for verb, path, key in _requests(controller, name, decorators.get("action"), routes):
                endpoint = Endpoint(
                    verb=verb,
                    path=path,
                    body_key=key,
                    conflict_name=_conflict_name(controller, module, function),
                    min_microversion=lowest,
                    max_microversion=highest,
                    evidence=evidence(module, function, f"{controller.name}.{name}"),
                )
                yield Handler(
                    module=module,
                    controller=controller,
                    function=function,
                    endpoint=endpoint,
                    calls=calls,
                    is_read=key is None and name in _READS,
                )


def _only_refuses(function: Function) -> bool:
    """Whether a handler is left for an action that is gone: it raises and does nothing else."""
    statements = [s for s in function.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    return len(statements) == 1 and isinstance(statements[0], ast.Raise)


def _requests(
    controller: ast.ClassDef, name: str, action: ast.expr | None, routes: dict[tuple[str, str], list[Route]]
) -> Iterator[tuple[str, str, str | None]]:
    """Verb, path and body key of the requests that reach a method."""
    key = string_value(action.args[0]) if isinstance(action, ast.Call) and action.args else None
    for route in routes.get((controller.name, "action" if key else name), ()):
        if route.path.startswith(_PATHS):
            yield route.verb, re.sub(r"^/servers/\{id\}", "/servers/{server_id}", route.path), key


def _microversions(node: ast.expr) -> tuple[str | None, str | None]:
    arguments = [string_value(argument) for argument in node.args] if isinstance(node, ast.Call) else []
    return (*arguments, None, None)[0], (*arguments, None, None)[1]


def _calls(controller: ast.ClassDef, module: Module, function: Function, depth: int = 0) -> Iterator[str]:
    """Methods of `self.compute_api` a function uses, itself or through helpers and tables of the controller."""
    tested = _only_tested(function)
    for node in _in_order(function):
        if not isinstance(node, ast.Attribute):
            continue
        name = dotted_name(node)
        if name.startswith("self.compute_api.") and id(node) not in tested:
            yield name.removeprefix("self.compute_api.")
        elif name.startswith("self.") and name.count(".") == 1:
            yield from _table(controller, node.attr)
    if depth < _DEEPEST_HELPER:
        for helper, _ in helpers(controller, module, function):
            yield from _calls(controller, module, helper, depth + 1)


def helpers(controller: ast.ClassDef, module: Module, function: Function) -> Iterator[tuple[Function, ast.Call]]:
    """Private functions of the same class or module that a function calls, with the call."""
    own = methods(controller)
    for node in _in_order(function):
        if isinstance(node, ast.Call):
            name = dotted_name(node.func)
            if name.startswith("self._") and name.removeprefix("self.") in own:
                yield own[name.removeprefix("self.")][0], node
            elif name.startswith("_") and name in module.functions:
                yield module.functions[name], node


def _table(controller: ast.ClassDef, attribute: str) -> Iterator[str]:
    """Methods of the compute API in a dict that `__init__` assigns to `self.<attribute>`."""
    for function in methods(controller).get("__init__", ()):
        for node in ast.walk(function):
            match node:
                case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Dict(values=values)) if name == attribute:
                    for value in values:
                        if dotted_name(value).startswith("self.compute_api."):
                            yield dotted_name(value).removeprefix("self.compute_api.")


def _only_tested(function: Function) -> set[int]:
    """Ids of the attribute nodes whose call is nothing but the test of an `if`: a question, not an action."""
    found: set[int] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.If | ast.IfExp):
            for part in ast.walk(node.test):
                found.update(id(inner) for inner in ast.walk(part) if isinstance(inner, ast.Attribute))
    return found


def _conflict_name(controller: ast.ClassDef, module: Module, function: Function) -> str | None:
    """The action's word in the 409: what the handler hands to the function that raises it."""
    for node in _in_order(function):
        if isinstance(node, ast.Call) and dotted_name(node.func).endswith(_CONFLICT) and len(node.args) > 1:
            return string_value(node.args[1])
    for helper, call in helpers(controller, module, function):
        for node in _in_order(helper):
            if isinstance(node, ast.Call) and dotted_name(node.func).endswith(_CONFLICT) and len(node.args) > 1:
                return string_value(node.args[1]) or _argument(helper, call, node.args[1])
    return None


def _argument(helper: Function, call: ast.Call, parameter: ast.expr) -> str | None:
    """The literal that a call hands to the helper's parameter."""
    names = parameter_names(helper)
    if names and names[0] == "self":
        names = names[1:]
    given = dict(zip(names, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg}
    return string_value(given.get(parameter.id)) if isinstance(parameter, ast.Name) else None


def _in_order(function: Function) -> list[ast.expr | ast.stmt]:
    """All expressions and statements of a function's body in the order of the source."""
    nodes = [
        node for statement in function.body for node in ast.walk(statement) if isinstance(node, ast.expr | ast.stmt)
    ]
    return sorted(nodes, key=lambda node: (node.lineno, node.col_offset))
