"""Reads which path and verb reach which method of a REST controller.

Since Pike one list in routes.py says it for all (`ROUTE_LIST`); before, each extension registers its resources.
The actions of a server are told apart by a key in the body; `rest.py` reads those.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nova_states.facts.model import Gap
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.syntax import dotted_name, functions_with_names, string_value

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


def read_routes(
    modules: Modules, controllers: tuple[Module, ...]
) -> tuple[dict[tuple[str, str], list[Route]], list[Gap]]:
    """(Controller class, method) → its routes in the order of the source; and the routes that cannot be read.

    `controllers` are the modules in which extensions of older releases register themselves.

    Raises:
        SourceError: the list of routes cannot be parsed.
    """
    gaps: list[Gap] = []
    if modules.exists(_ROUTES) and "ROUTE_LIST" in modules.at(_ROUTES).bindings:
        routes = list(_listed(modules.at(_ROUTES), gaps))
    else:
        routes = [route for module in controllers for route in _registered(module)]
    found: dict[tuple[str, str], list[Route]] = {}
    for route in dict.fromkeys(routes):
        found.setdefault((route.controller, route.method), []).append(route)
    return found, gaps


def _listed(module: Module, gaps: list[Gap]) -> Iterator[Route]:
    table = module.bindings["ROUTE_LIST"]
    for entry in table.elts if isinstance(table, ast.Tuple | ast.List) else [table]:
        match entry:
            case ast.Tuple(elts=[ast.Constant(), ast.Constant()]):
                pass  # a redirection
            case ast.Tuple(elts=[ast.Constant(value=str(path)), ast.Dict(keys=verbs, values=targets)]):
                for verb, target in zip(verbs, targets, strict=True):
                    match verb, target:
                        case ast.Constant(value=str(word)), ast.List(elts=[maker, ast.Constant(value=str(method))]):
                            for controller in _made_by(module, maker, method) or _unread(module, target, gaps):
                                yield Route(controller=controller, method=method, verb=word, path=path)
                        case _:
                            _unread(module, target, gaps)
            case _:
                _unread(module, entry, gaps)


def _unread(module: Module, node: ast.expr, gaps: list[Gap]) -> tuple[()]:
    gaps.append(Gap(file=module.path, line=node.lineno, reason="a route is written in a way not known here"))
    return ()


def _made_by(module: Module, maker: ast.expr, method: str) -> list[str]:
    """Controller classes behind a route made as `functools.partial(_create_controller, CLASS, [ACTION CLASSES])`.

    Those in the list take part in the route of actions only.
    """
    match module.bindings.get(dotted_name(maker)):
        case ast.Call(args=[_, main, *more]):
            actions = [node for group in more if isinstance(group, ast.List) for node in group.elts]
            classes = [main, *actions] if method == "action" else [main]
            return [dotted_name(node).rpartition(".")[2] for node in classes]
    return []


def _registered(module: Module) -> Iterator[Route]:
    """Routes that the extensions of a module register."""
    for _, function in functions_with_names(module.tree.body):
        made = _assigned(function)
        for node in ast.walk(function):
            if not isinstance(node, ast.Call):
                continue
            options = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
            match dotted_name(node.func).rpartition(".")[2], node.args:
                case "ResourceExtension", [name, *others]:
                    controller = _class_of(others[0] if others else options.get("controller"), made)
                    if controller:
                        yield from _resource(module, _text(module, name), controller, options, made)
                case "ControllerExtension", [_, extended, *others] if _text(module, extended) == "servers":
                    controller = _class_of(others[0] if others else options.get("controller"), made)
                    if controller:
                        yield Route(controller=controller, method="action", verb="POST", path=_ACTION_PATH)


def _assigned(function: Function) -> dict[str, ast.expr]:
    return {
        node.targets[0].id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def _class_of(node: ast.expr | None, made: Mapping[str, ast.expr]) -> str | None:
    """The class of a controller that is made in place or was made before."""
    if isinstance(node, ast.Name):
        node = made.get(node.id)
    return dotted_name(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else None


def _resource(
    module: Module, name: str, controller: str, options: Mapping[str, ast.expr], made: Mapping[str, ast.expr]
) -> Iterator[Route]:
    base = f"/{name}"
    if "parent" in options:
        member, collection = _parent(options["parent"], made)
        base = f"/{collection}/{{{member}_id}}/{name}"
    for method, verb in (_COLLECTION_VERBS | _pairs(options.get("collection_actions"), made)).items():
        # The mapper gives the collection's own path to its first action of a verb, and GET's and POST's are taken.
        path = f"{base}/{method}" if verb in _COLLECTION_VERBS.values() and method not in _COLLECTION_VERBS else base
        yield Route(controller=controller, method=method, verb=verb, path=path)
    for method, verb in (_MEMBER_VERBS | _pairs(options.get("member_actions"), made)).items():
        path = f"{base}/{{id}}" if method in _MEMBER_VERBS else f"{base}/{{id}}/{method}"
        yield Route(controller=controller, method=method, verb=verb, path=path)
    yield from _custom(module, controller, options.get("custom_routes_fn"))


def _parent(node: ast.expr, made: Mapping[str, ast.expr]) -> tuple[str, str]:
    """Member and collection name of `parent=dict(...)`, `parent={...}` or a variable that holds one of them."""
    names = _pairs(node, made)
    return names.get("member_name", "server"), names.get("collection_name", "servers")


def _pairs(node: ast.expr | None, made: Mapping[str, ast.expr]) -> dict[str, str]:
    """The words of a dictionary, in either notation."""
    if isinstance(node, ast.Name):
        node = made.get(node.id)
    pairs: list[tuple[str | None, str | None]] = []
    match node:
        case ast.Call(keywords=keywords):
            pairs = [(keyword.arg, string_value(keyword.value)) for keyword in keywords]
        case ast.Dict(keys=keys, values=values):
            pairs = [(string_value(key), string_value(value)) for key, value in zip(keys, values, strict=True)]
    return {key: value for key, value in pairs if key and value}


def _custom(module: Module, controller: str, maker: ast.expr | None) -> Iterator[Route]:
    """Routes that a function adds by `mapper.connect(name, path, action=..., conditions={'method': [...]})`."""
    wanted = dotted_name(maker).rpartition(".")[2] if maker is not None else ""
    for name, function in functions_with_names(module.tree.body):
        for node in ast.walk(function) if name.rpartition(".")[2] == wanted else ():
            match node:
                case ast.Call(func=ast.Attribute(attr="connect"), args=[_, ast.Constant(value=str(path))]):
                    options = {keyword.arg: keyword.value for keyword in node.keywords}
                    conditions = options.get("conditions")
                    words = {string_value(part) for part in ast.walk(conditions)} if conditions else set()
                    method = string_value(options.get("action"))
                    for verb in _VERBS:
                        if method and verb in words:
                            short = path.removeprefix("/{project_id}")
                            yield Route(controller=controller, method=method, verb=verb, path=short)


def _text(module: Module, node: ast.expr) -> str:
    """A string literal, or the module's constant that holds one."""
    if isinstance(node, ast.Name) and node.id in module.bindings:
        node = module.bindings[node.id]
    return string_value(node) or ast.unparse(node)
