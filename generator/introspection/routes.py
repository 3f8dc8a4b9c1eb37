"""Reads which path and verb reach which method of a REST controller.

Since Pike one list in routes.py says it for all (`ROUTE_LIST`); before, each extension registers its resources.
The actions of a server are told apart by a key in the body; `rest.py` reads those.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from generator.introspection.modules import Module, Modules
from generator.introspection.syntax import dotted_name, string_value

_ROUTES = "nova/api/openstack/compute/routes.py"
_ACTION_PATH = "/servers/{server_id}/action"
_VERBS = ("DELETE", "GET", "POST", "PUT")
_MEMBER_VERBS = {"show": "GET", "update": "PUT", "delete": "DELETE"}
_COLLECTION_VERBS = {"index": "GET", "create": "POST"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One way into a controller."""

    controller: str
    """Class name, "ServersController"."""
    method: str
    verb: str
    path: str


def read_routes(modules: Modules, controllers: tuple[Module, ...]) -> dict[tuple[str, str], list[Route]]:
    """(Controller class, method) → its routes in the order of the source.

    `controllers` are the modules in which extensions of older releases register themselves.
    """
    if modules.exists(_ROUTES) and "ROUTE_LIST" in modules.at(_ROUTES).bindings:
        routes = list(_listed(modules.at(_ROUTES)))
    else:
        routes = [route for module in controllers for route in _registered(module)]
    found: dict[tuple[str, str], list[Route]] = {}
    for route in routes:
        found.setdefault((route.controller, route.method), []).append(route)
    return found


def _listed(module: Module) -> Iterator[Route]:
    table = module.bindings["ROUTE_LIST"]
    for entry in table.elts if isinstance(table, ast.Tuple | ast.List) else ():
        match entry:
            case ast.Tuple(elts=[ast.Constant(value=str(path)), ast.Dict(keys=verbs, values=targets)]):
                for verb, target in zip(verbs, targets, strict=True):
                    match target:
                        case ast.List(elts=[ast.Name(id=maker), ast.Constant(value=str(method))]):
                            for controller in _made_by(module, maker, method):
                                word = string_value(verb) or ""
                                yield Route(controller=controller, method=method, verb=word, path=path)


def _made_by(module: Module, maker: str, method: str) -> list[str]:
    """Controller classes behind a route made as `functools.partial(_create_controller, CLASS, [ACTION CLASSES])`.

    Those in the list take part in the route of actions only.
    """
    match module.bindings.get(maker):
        case ast.Call(args=[_, main, *more]):
            actions = [node for group in more if isinstance(group, ast.List) for node in group.elts]
            classes = [main, *actions] if method == "action" else [main]
            return [dotted_name(node).rpartition(".")[2] for node in classes]
    return []


def _registered(module: Module) -> Iterator[Route]:
    made: dict[str, list[str]] = {}
    for node in ast.walk(module.tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=variable)], value=ast.Call(func=maker)):
                made.setdefault(variable, []).append(dotted_name(maker))
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(func=function, args=[name, ast.Call(func=controller), *_], keywords=keywords):
                if dotted_name(function).endswith("ResourceExtension"):
                    options = {keyword.arg: keyword.value for keyword in keywords if keyword.arg}
                    yield from _resource(module, _text(module, name), dotted_name(controller), options)
            case ast.Call(func=function, args=[_, ast.Constant(value="servers"), extension]):
                if dotted_name(function).endswith("ControllerExtension"):
                    own = [dotted_name(extension.func)] if isinstance(extension, ast.Call) else []
                    for name_of_class in own or made.get(dotted_name(extension), []):
                        yield Route(controller=name_of_class, method="action", verb="POST", path=_ACTION_PATH)


def _resource(module: Module, name: str, controller: str, options: dict[str, ast.expr]) -> Iterator[Route]:
    base = f"/{name}"
    if "parent" in options:
        member, collection = _parent(module, options["parent"])
        base = f"/{collection}/{{{member}_id}}/{name}"
    yield Route(controller=controller, method="action", verb="POST", path=f"{base}/{{id}}/action")
    for method, verb in _COLLECTION_VERBS.items():
        yield Route(controller=controller, method=method, verb=verb, path=base)
    for method, verb in _MEMBER_VERBS.items():
        yield Route(controller=controller, method=method, verb=verb, path=f"{base}/{{id}}")
    yield from _custom(module, controller, options.get("custom_routes_fn"), base)


def _parent(module: Module, node: ast.expr) -> tuple[str, str]:
    """Member and collection name of `parent=dict(...)`, `parent={...}` or a variable that holds one of them."""
    if isinstance(node, ast.Name):
        for statement in ast.walk(module.tree):
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if name == node.id:
                    return _parent(module, value)
    values: dict[str, str] = {}
    match node:
        case ast.Call(keywords=keywords):
            values = {keyword.arg: string_value(keyword.value) or "" for keyword in keywords if keyword.arg}
        case ast.Dict(keys=keys, values=items):
            pairs = zip(keys, items, strict=True)
            values = {string_value(key) or "": string_value(item) or "" for key, item in pairs}
    return values.get("member_name", "server"), values.get("collection_name", "servers")


def _custom(module: Module, controller: str, maker: ast.expr | None, base: str) -> Iterator[Route]:
    """Routes that a function adds by `mapper.connect(..., action=..., conditions={'method': [...]})`."""
    name = dotted_name(maker).rpartition(".")[2] if maker is not None else ""
    for function in ast.walk(module.tree):
        if not isinstance(function, ast.FunctionDef) or function.name != name:
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and dotted_name(node.func).endswith(".connect"):
                options = {keyword.arg: keyword.value for keyword in node.keywords}
                words = [
                    item.value for item in ast.walk(options.get("conditions", node)) if isinstance(item, ast.Constant)
                ]
                verb = next((word for word in words if word in _VERBS), None)
                method = string_value(options.get("action"))
                if method and verb:
                    yield Route(controller=controller, method=method, verb=verb, path=base)


def _text(module: Module, node: ast.expr) -> str:
    """A string literal, or the module's constant that holds one."""
    if isinstance(node, ast.Name) and node.id in module.bindings:
        node = module.bindings[node.id]
    return string_value(node) or ast.unparse(node)
