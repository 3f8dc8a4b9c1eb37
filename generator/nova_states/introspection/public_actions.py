"""Reads what users can ask of a server: every method of the compute API that REST reaches, guarded or not.

An action's id is the public method. A private guarded method is an action of its own with its public caller as
parent (`_soft_reboot`, of reboot); a REST action without a compute API method is named by its body key (reset_state).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nova_states.facts.model import Action, Count, Endpoint, Section
from nova_states.introspection.compute_api import API_CLASS, COMPUTE_API, is_about_a_server
from nova_states.introspection.guard_decorators import ActionMethod, GuardDecorators, condition_names, guarded_methods
from nova_states.introspection.modules import Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.rest import Handler, read_handlers
from nova_states.introspection.syntax import evidence, methods, short_module

_CREATE = "create"
"""The one action that has no server yet."""
_ACTIONS = "actions"


def read_actions(modules: Modules) -> Section[Action]:
    """All actions, sorted by id."""
    whole = modules.unrecorded()
    if modules is not whole or _ACTIONS not in whole.remembered:
        whole.remembered[_ACTIONS] = _read_actions(modules)
    found: Section[Action] = whole.remembered[_ACTIONS]
    return found


def _read_actions(modules: Modules) -> Section[Action]:
    handlers, gaps = read_handlers(modules)
    writes = [handler for handler in handlers if not handler.is_read]
    actions: dict[str, Action] = {}
    try:
        actions |= {
            action.id: action
            for action in _from_methods(modules.at(COMPUTE_API), handlers, GuardDecorators(modules=modules))
        }
    except SourceError as error:
        gaps.append(error.as_gap("actions"))
    for action in (*_uses(actions, writes), *_rest_only(actions, writes)):
        actions.setdefault(action.id, action)
    count = Count(name="actions", read=len(actions), found=len(actions) + len(gaps))
    return Section(facts=tuple(actions[key] for key in sorted(actions)), gaps=tuple(gaps), counts=(count,))


def snake_case(word: str) -> str:
    """An action's body key as an id: "os-resetState" → "reset_state", "update tags" → "update_tags"."""
    return (
        re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", word.removeprefix("os-"))
        .replace(" ", "_")
        .lower()
    )


def request_name(handler: Handler) -> str:
    """The id of an action that only the REST layer knows: its word, or what is done to what ("update_instance")."""
    endpoint = handler.endpoint
    fixed = [part for part in endpoint.path.split("/") if part and not part.startswith("{")]
    resource = "instance" if fixed == ["servers"] else snake_case(fixed[-1]).replace("-", "_")
    return snake_case(endpoint.body_key or endpoint.conflict_name or f"{handler.function.name} {resource}")


def _from_methods(module: Module, handlers: list[Handler], guards: GuardDecorators) -> Iterator[Action]:
    """Public methods that REST calls, and the guarded methods that it reaches through them."""
    api = module.classes.get(API_CLASS)
    own = methods(api) if api else {}
    shown = {call for handler in handlers if handler.is_read for call in handler.calls}
    called = {call for handler in handlers if not handler.is_read for call in handler.calls} - shown
    guarded = list(guarded_methods(module, guards))
    # A body key that is the name of another method of the API is no action of its own.
    taken = frozenset({one.action for one in guarded} | {name for name in called if name in own})
    for name in called:
        function = own[name][0] if name in own else None
        if function is not None and (name == _CREATE or is_about_a_server(function)):
            public = ActionMethod(action=name, name=f"{API_CLASS}.{name}", function=function, parent=None)
            yield _action(public, module, handlers, guards, taken)
    for one in guarded:
        yield _action(one, module, handlers, guards, taken)


def _action(
    method: ActionMethod, module: Module, handlers: list[Handler], guards: GuardDecorators, taken: frozenset[str]
) -> Action:
    asked = method.parent or method.action
    api = module.classes.get(API_CLASS)
    around = methods(api).get(asked, [])[:1] if api and method.parent else []
    return Action(
        id=method.action,
        method=f"{short_module(module)}.{method.name}",
        parent=method.parent,
        guarded_by=method.action,
        conditions=tuple(
            dict.fromkeys(name for f in (*around, method.function) for name in condition_names(f, module, guards))
        ),
        endpoints=_endpoints(
            h for h in handlers if asked in h.calls and not _is_another_use(asked, h, handlers, taken)
        ),
        evidence=evidence(module, method.function, method.name),
    )


def _endpoints(handlers: Iterator[Handler]) -> tuple[Endpoint, ...]:
    """The handlers' endpoints, each request once."""
    unique: dict[tuple[str, str, str | None, str | None], Endpoint] = {}
    for handler in handlers:
        endpoint = handler.endpoint
        unique.setdefault((endpoint.verb, endpoint.path, endpoint.body_key, endpoint.min_microversion), endpoint)
    return tuple(unique.values())


def _is_another_use(
    method: str, handler: Handler, handlers: list[Handler], taken: frozenset[str] = frozenset()
) -> bool:
    """Whether a handler uses a method under another name while one of its own name exists (migrate of resize)."""
    key = handler.endpoint.body_key
    if key is None or snake_case(key) in (method, *taken) or len(handler.calls) != 1:
        return False
    return any(
        method in h.calls and h.endpoint.body_key and snake_case(h.endpoint.body_key) == method for h in handlers
    )


def _uses(actions: dict[str, Action], handlers: list[Handler]) -> Iterator[Action]:
    """Body keys that ask for a method under another name, each an action that shares the method's guards."""
    for handler in handlers:
        key = handler.endpoint.body_key
        for method in handler.calls:
            if key and method in actions and _is_another_use(method, handler, handlers):
                used = actions[method]
                yield Action(
                    id=snake_case(key),
                    method=used.method,
                    parent=method,
                    guarded_by=method,
                    conditions=used.conditions,
                    endpoints=(handler.endpoint,),
                    evidence=handler.endpoint.evidence,
                )


def _rest_only(actions: dict[str, Action], handlers: list[Handler]) -> Iterator[Action]:
    """Requests about a server that the REST layer serves without the compute API."""
    reached = {call for handler in handlers for call in handler.calls} & set(actions)
    by_name: dict[str, list[Handler]] = {}
    for handler in handlers:
        if not reached.intersection(handler.calls):
            by_name.setdefault(request_name(handler), []).append(handler)
    for identity, group in by_name.items():
        yield Action(
            id=identity,
            method=None,
            parent=None,
            guarded_by=identity,
            conditions=(),
            endpoints=_endpoints(iter(group)),
            evidence=group[0].endpoint.evidence,
        )
