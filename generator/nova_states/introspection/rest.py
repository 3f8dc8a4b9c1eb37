"""Reads the REST layer: which request reaches which method of the compute API, and the word its 409 puts in quotes.

A handler is a controller method that a route or an action key reaches. What it reaches is followed through the
controller's own helpers and through tables of methods made in `__init__`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nova_states.facts.model import Endpoint, Gap
from nova_states.introspection.compute_api import API_CLASS, COMPUTE_API, is_about_a_server
from nova_states.introspection.conflict_words import conflict_word, literal_argument
from nova_states.introspection.constant_evaluator import ClassReference, Scope, UnreadableError, evaluate, lineage
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.routes import Route, read_routes
from nova_states.introspection.syntax import (
    decorator_name,
    dotted_name,
    evidence,
    methods,
    string_value,
)
from nova_states.introspection.tree_walk import walk

_FOLDER = "nova/api/openstack/compute"
_NOT_CONTROLLERS = ("/legacy_v2/", "/schemas/", "/views/", "/contrib/")
_PATHS = ("/servers", "/os-assisted-volume-snapshots")
_DEEPEST_HELPER = 3
_COMMON_BASES = frozenset({"Controller", "object"})
_HANDLERS = "handlers"
_KEPT = 4096
"""Functions of controllers whose nodes are kept at hand: a release has some two thousand, asked for many times each."""

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
    whole = modules.unrecorded()
    if modules is not whole or _HANDLERS not in whole.remembered:
        whole.remembered[_HANDLERS] = _read_handlers(modules)
    handlers, gaps = whole.remembered[_HANDLERS]
    return list(handlers), list(gaps)


def _read_handlers(modules: Modules) -> tuple[list[Handler], list[Gap]]:
    gaps: list[Gap] = []
    files: list[Module] = []
    for path in modules.paths(_FOLDER):
        if path.endswith(".py") and not any(part in path for part in _NOT_CONTROLLERS):
            try:
                files.append(modules.at(path))
            except SourceError as error:
                gaps.append(error.as_gap())
    handlers: list[Handler] = []
    try:
        routes, unread = read_routes(modules, tuple(files))
        reaching = _Requests(routes=routes, acting=_acting(modules))
        gaps += unread
        for module in files:
            for controller in module.classes.values():
                handlers.extend(_handlers(module, controller, reaching, modules, gaps))
    except SourceError as error:
        gaps.append(error.as_gap("requests"))
    return handlers, list(dict.fromkeys(gaps))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Requests:
    """What tells which requests reach a method of a controller, and which of them are about servers."""

    routes: dict[tuple[str, str], list[Route]]
    acting: frozenset[str]
    """Methods of the compute API that act on a server, wherever the request for them lies."""


def _acting(modules: Modules) -> frozenset[str]:
    try:
        api = modules.at(COMPUTE_API).classes.get(API_CLASS)
    except SourceError:
        return frozenset()  # who reads the actions says so
    own = methods(api) if api else {}
    return frozenset(name for name, (first, *_) in own.items() if is_about_a_server(first))


def _handlers(
    module: Module,
    controller: ast.ClassDef,
    reaching: _Requests,
    modules: Modules,
    gaps: list[Gap],
) -> Iterator[Handler]:
    for home, name, function in _methods(module, controller, modules):
        decorators = {decorator_name(one): one for node in function.decorator_list for one in (_plain(node, home),)}
        if "removed" in decorators or _only_refuses(function):
            continue
        lowest, highest = _microversions(decorators.get("api_version"), home, modules)
        calls = tuple(dict.fromkeys(_calls(controller, home, function)))
        try:
            key = _action_key(decorators.get("action"), home, modules)
        except SourceError as error:
            gaps.append(error.as_gap(f"the action of {controller.name}.{name}"))
            continue
        gaps += [
            Gap(file=home.path, line=node.lineno, reason=f"{controller.name}.{name} chooses what it calls")
            for node in _chosen(function, _api_names(controller, home))
        ]
        word = _conflict_name(controller, home, function)
        acts = word is not None or not reaching.acting.isdisjoint(calls)
        requests = list(_requests(controller, name, key, reaching.routes, is_about_states=acts))
        if not requests and word is not None and not name.startswith("_"):
            reason = f"{controller.name}.{name} refuses by state, and no request is known to reach it"
            gaps.append(Gap(file=home.path, line=function.lineno, reason=reason))
        for verb, path in requests:
            endpoint = Endpoint(
                verb=verb,
                path=path,
                body_key=key,
                conflict_name=word,
                min_microversion=lowest,
                max_microversion=highest,
                evidence=evidence(home, function, f"{controller.name}.{name}"),
            )
            yield Handler(
                module=home,
                controller=controller,
                function=function,
                endpoint=endpoint,
                calls=calls,
                is_read=key is None and name in _READS,
            )


def _methods(module: Module, controller: ast.ClassDef, modules: Modules) -> Iterator[tuple[Module, str, Function]]:
    """The methods of a controller, with those of bases other than the one that all controllers have."""
    own = methods(controller)
    yield from ((module, name, function) for name, definitions in own.items() for function in definitions)
    if all(dotted_name(base).rpartition(".")[2] in _COMMON_BASES for base in controller.bases):
        return
    kind = ClassReference(module=module, node=controller, name=controller.name)
    seen = set(own)
    for base in lineage(kind, Scope(modules=modules, module=module))[1:]:
        if base.name in _COMMON_BASES:
            continue
        for name, definitions in methods(base.node).items():
            if name not in seen:
                yield from ((base.module, name, function) for function in definitions)
        seen.update(methods(base.node))


def _plain(decorator: ast.expr, module: Module) -> ast.expr:
    """A decorator, or the call that made it where it has a name of its own."""
    made = module.bindings.get(decorator.id) if isinstance(decorator, ast.Name) else None
    return made if isinstance(made, ast.Call) else decorator


def _action_key(action: ast.expr | None, module: Module, modules: Modules) -> str | None:
    """The key of `@wsgi.action(key)`, written out or computed."""
    if action is None:
        return None
    given = [*action.args, *(keyword.value for keyword in action.keywords)] if isinstance(action, ast.Call) else []
    if not given:
        return None
    plain = string_value(given[0])
    if plain is not None:
        return plain
    value = evaluate(given[0], Scope(modules=modules, module=module))
    if not isinstance(value, str):
        raise UnreadableError(module, given[0], "its key is no string")
    return value


def _only_refuses(function: Function) -> bool:
    """Whether a handler is left for an action that is gone: it raises and does nothing else."""
    statements = [s for s in function.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    return len(statements) == 1 and isinstance(statements[0], ast.Raise)


def _requests(
    controller: ast.ClassDef,
    name: str,
    key: str | None,
    routes: dict[tuple[str, str], list[Route]],
    *,
    is_about_states: bool,
) -> Iterator[tuple[str, str]]:
    """Verb and path of the requests that reach a method and are about a server, by their path or by what it does."""
    reaching = routes.get((controller.name, "action" if key else name), ())
    about_servers = [route for route in reaching if route.path.startswith(_PATHS)]
    for route in about_servers or (reaching if is_about_states else ()):
        yield route.verb, re.sub(r"^/servers/\{id\}", "/servers/{server_id}", route.path)


def _microversions(decorator: ast.expr | None, module: Module, modules: Modules) -> tuple[str | None, str | None]:
    """The lowest and the highest microversion of `@wsgi.api_version(lowest, highest)`."""
    if not isinstance(decorator, ast.Call):
        return None, None
    given = dict(zip(("min", "max"), decorator.args, strict=False))
    given |= {keyword.arg[:3]: keyword.value for keyword in decorator.keywords if keyword.arg}
    return _version(given.get("min"), module, modules), _version(given.get("max"), module, modules)


def _version(node: ast.expr | None, module: Module, modules: Modules) -> str | None:
    """A microversion, given as a literal or as a constant of the tree."""
    value = evaluate(node, Scope(modules=modules, module=module)) if node is not None else None
    return value if isinstance(value, str) else None


def _calls(controller: ast.ClassDef, module: Module, function: Function, depth: int = 0) -> Iterator[str]:
    """Methods of the compute API a function uses, itself or through helpers and tables of the controller."""
    tested = _only_tested(function)
    names = _api_names(controller, module)
    prefixes = (*names, *_aliases(function, names))
    for node in _in_order(function):
        match node:
            case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=str(name)), *_]):
                if dotted_name(owner) in prefixes and id(node) not in tested:
                    yield name
            case ast.Attribute(value=value):
                if dotted_name(value) in prefixes and id(node) not in tested:
                    yield node.attr
                elif dotted_name(value) == "self":
                    yield from _table(controller, node.attr, names)
    if depth < _DEEPEST_HELPER:
        for helper, _ in helpers(controller, module, function):
            yield from _calls(controller, module, helper, depth + 1)


def _api_names(controller: ast.ClassDef, module: Module) -> tuple[str, ...]:
    """What a controller calls the compute API: "self.compute_api", and what else `__init__` makes one."""
    found = ["self.compute_api"]
    inside = [node for function in methods(controller).get("__init__", ()) for node in walk(function)]
    for owner, nodes in (("", module.tree.body), ("self.", controller.body), ("", inside)):
        for node in nodes:
            match node:
                case ast.Assign(targets=targets, value=value) if _is_api(value, module):
                    found += [f"{owner}{dotted_name(target)}" for target in targets]
                case ast.AnnAssign(target=target, value=ast.expr() as value) if _is_api(value, module):
                    found.append(f"{owner}{dotted_name(target)}")
    return tuple(dict.fromkeys(found))


def _is_api(value: ast.expr, module: Module) -> bool:
    """Whether an expression makes a compute API."""
    root, _, name = dotted_name(value.func).rpartition(".") if isinstance(value, ast.Call) else ("", "", "")
    origin = module.imports.get(root or name, "")
    return name == "API" and origin.removesuffix(".API") in ("nova.compute", "nova.compute.api")


def _aliases(function: Function, names: tuple[str, ...]) -> list[str]:
    """Local names that a function gives the compute API."""
    return [
        node.targets[0].id
        for node in walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and dotted_name(node.value) in names
    ]


def _chosen(function: Function, names: tuple[str, ...]) -> Iterator[ast.expr]:
    """Places where a method of the compute API is chosen by a name that is computed."""
    prefixes = (*names, *_aliases(function, names))
    for node in walk(function):
        match node:
            case ast.Call(func=ast.Name(id="getattr"), args=[owner, name, *_]) if string_value(name) is None:
                if dotted_name(owner) in prefixes:
                    yield node


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


def _table(controller: ast.ClassDef, attribute: str, names: tuple[str, ...]) -> Iterator[str]:
    """Methods of the compute API in a dict that `__init__` assigns to `self.<attribute>`."""
    for function in methods(controller).get("__init__", ()):
        for node in walk(function):
            match node:
                case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Dict(values=values)) if name == attribute:
                    for value in values:
                        owner, _, name = dotted_name(value).rpartition(".")
                        if owner in names:
                            yield name


@lru_cache(maxsize=_KEPT)
def _only_tested(function: Function) -> frozenset[int]:
    """Ids of the attribute nodes whose call is nothing but the test of an `if`: a question, not an action."""
    found: set[int] = set()
    for node in _in_order(function):
        if isinstance(node, ast.If | ast.IfExp):
            found.update(id(part) for part in walk(node.test) if isinstance(part, ast.Attribute))
    return frozenset(found)


def _conflict_name(controller: ast.ClassDef, module: Module, function: Function) -> str | None:
    """The action's word in the 409: what the handler hands to the function that raises it."""
    for node in _in_order(function):
        if (word := conflict_word(node)) is not None:
            return string_value(word)
    for helper, call in helpers(controller, module, function):
        for node in _in_order(helper):
            if (word := conflict_word(node)) is not None:
                return string_value(word) or literal_argument(helper, call, word)
    return None


@lru_cache(maxsize=_KEPT)
def _in_order(function: Function) -> tuple[ast.expr | ast.stmt, ...]:
    """All expressions and statements of a function's body in the order of the source."""
    nodes = [node for statement in function.body for node in walk(statement) if isinstance(node, ast.expr | ast.stmt)]
    return tuple(sorted(nodes, key=lambda node: (node.lineno, node.col_offset)))
