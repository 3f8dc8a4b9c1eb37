"""Reads which path and verb reach which method of a REST controller.

Since Pike one list in routes.py says it for all (`ROUTE_LIST`); before, each extension registers its resources.
The actions of a server are told apart by a key in the body; `rest.py` reads those.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from nova_states.facts.model import Gap
from nova_states.introspection.constant_evaluator import ClassReference, Scope, evaluate
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.syntax import dotted_name, functions_with_names, string_value

_ROUTES = "nova/api/openstack/compute/routes.py"
_LIST = "ROUTE_LIST"
_CONTROLLERS = "nova.api."
_DEEPEST = 5
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
    if modules.exists(_ROUTES):
        routes = list(_listed(modules.at(_ROUTES), modules, gaps))
        if not routes:
            routes = [route for module in controllers for route in _registered(module)]
            if not gaps:
                gaps.append(Gap(file=_ROUTES, line=1, reason="no list of routes is found here"))
    else:
        routes = [route for module in controllers for route in _registered(module)]
    found: dict[tuple[str, str], list[Route]] = {}
    for route in dict.fromkeys(routes):
        found.setdefault((route.controller, route.method), []).append(route)
    return found, gaps


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """An expression and the module whose names it has."""

    node: ast.expr
    module: Module


def _listed(routes: Module, modules: Modules, gaps: list[Gap]) -> Iterator[Route]:
    for entry in _entries(routes, modules, gaps):
        match entry.node:
            case (
                ast.Tuple(elts=[_, ast.Dict() | ast.Call() as table])
                | ast.List(elts=[_, ast.Dict() | ast.Call() as table])
            ):
                path = _word(entry.node.elts[0], entry.module, modules)
                pairs = _verbs(table)
                if path is None or pairs is None:
                    _unread(entry.module, entry.node, gaps)
                    continue
                for verb, target in pairs:
                    word = _word(verb, entry.module, modules)
                    match target:
                        case ast.List(elts=[maker, method]) | ast.Tuple(elts=[maker, method]):
                            name = _word(method, entry.module, modules)
                            made = _made_by(entry.module, maker, name, modules) if name and word else []
                            for controller in made or _unread(entry.module, target, gaps):
                                yield Route(controller=controller, method=name or "", verb=word or "", path=path)
                        case _:
                            _unread(entry.module, target, gaps)
            case ast.Tuple(elts=[first, second]) if all(
                _word(one, entry.module, modules) is not None for one in (first, second)
            ):
                pass  # a redirection
            case _:
                _unread(entry.module, entry.node, gaps)


def _entries(routes: Module, modules: Modules, gaps: list[Gap]) -> Iterator[_Place]:
    """The entries of the lists of routes: of the one that has always been called so, else of all that look like one."""
    names = [_LIST] if _LIST in (*routes.bindings, *routes.imports) else [*routes.bindings, *routes.imports]
    for name in names:
        for place in _followed(_Place(node=ast.Name(id=name, ctx=ast.Load()), module=routes), modules):
            entries = list(_items(place, modules, 0))
            if name == _LIST or any(_is_route(entry.node) for entry in entries):
                yield from entries
    reason = "the list of routes is changed here"
    changes = routes.changes.get(_LIST, [])[1:]
    gaps.extend(Gap(file=routes.path, line=statement.lineno, reason=reason) for statement in changes)


def _is_route(node: ast.expr) -> bool:
    match node:
        case ast.Tuple(elts=[ast.Constant(value=str(path)), ast.Dict()]):
            return path == "" or path.startswith("/")
    return False


def _followed(place: _Place, modules: Modules) -> Iterator[_Place]:
    """What a name stands for, here or in the module it is imported from."""
    if not isinstance(place.node, ast.Name):
        yield place
    elif place.node.id in place.module.bindings:
        yield _Place(node=place.module.bindings[place.node.id], module=place.module)
    elif place.module.imports.get(place.node.id, "").startswith(_CONTROLLERS):
        owner, _, name = place.module.imports[place.node.id].rpartition(".")
        source = modules.named(owner)
        if source is not None and name in source.bindings:
            yield _Place(node=source.bindings[name], module=source)


def _items(place: _Place, modules: Modules, depth: int) -> Iterator[_Place]:
    """The entries of an expression that makes a list, parts of it followed through names."""
    match place.node:
        case ast.Tuple(elts=[ast.Constant(), ast.Dict() | ast.Constant()]):
            yield place
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                if isinstance(part, ast.Starred):
                    yield from _items(_Place(node=part.value, module=place.module), modules, depth + 1)
                else:
                    yield _Place(node=part, module=place.module)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _items(_Place(node=left, module=place.module), modules, depth + 1)
            yield from _items(_Place(node=right, module=place.module), modules, depth + 1)
        case ast.Call(func=ast.Name(id="tuple" | "list"), args=[inner]):
            yield from _items(_Place(node=inner, module=place.module), modules, depth + 1)
        case ast.Name() if depth < _DEEPEST and (found := list(_followed(place, modules))) and found != [place]:
            for one in found:
                yield from _items(one, modules, depth + 1)
        case _:
            yield place


def _word(node: ast.expr, module: Module, modules: Modules) -> str | None:
    """A string, written out or computed."""
    plain = string_value(node)
    if plain is None:
        with suppress(SourceError):
            value = evaluate(node, Scope(modules=modules, module=module))
            plain = value if isinstance(value, str) else None
    return plain


def _verbs(table: ast.expr) -> list[tuple[ast.expr, ast.expr]] | None:
    """Verbs and targets of an entry; None for a table that is made in another way."""
    match table:
        case ast.Dict(keys=keys, values=values):
            return [(key, value) for key, value in zip(keys, values, strict=True) if key] if None not in keys else None
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            return [(ast.copy_location(ast.Constant(value=k.arg), table), k.value) for k in keywords if k.arg]
    return None


def _unread(module: Module, node: ast.expr, gaps: list[Gap]) -> tuple[()]:
    gaps.append(Gap(file=module.path, line=node.lineno, reason="a route is written in a way not known here"))
    return ()


def _made_by(module: Module, maker: ast.expr, method: str, modules: Modules) -> list[str]:
    """Controller classes behind a route made as `functools.partial(_create_controller, CLASS, [ACTION CLASSES])`.

    Those in the list take part in the route of actions only. Whatever else makes it is given the classes too.
    """
    made = module.bindings.get(dotted_name(maker), maker)
    given = [*made.args, *(keyword.value for keyword in made.keywords)] if isinstance(made, ast.Call) else [made]
    main: list[str] = []
    actions: list[str] = []
    for node in given:
        if isinstance(node, ast.List | ast.Tuple):
            actions += [dotted_name(one).rpartition(".")[2] for one in node.elts]
        elif isinstance(node, ast.Lambda):
            parts = [part for n in ast.walk(node.body) if isinstance(n, ast.Call) for part in (n.func, *n.args)]
            found = [dotted_name(part).rpartition(".")[2] for part in parts if _is_class(part, module, modules)]
            main += [name for name in found if name.endswith("Controller")] or found
        elif _is_class(node, module, modules):
            main.append(dotted_name(node).rpartition(".")[2])
    return [*main[:1], *main[1:], *actions] if method == "action" else main[:1]


def _is_class(node: ast.expr, module: Module, modules: Modules) -> bool:
    """Whether an expression is a class: of the tree, or by the look of its name."""
    name = dotted_name(node).rpartition(".")[2]
    if not name:
        return False
    if name in module.functions:
        return False
    with suppress(SourceError):
        value = evaluate(node, Scope(modules=modules, module=module))
        if isinstance(value, ClassReference):
            return True
    return name.endswith("Controller")


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
