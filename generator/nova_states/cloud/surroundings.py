"""What decides beside a server itself, as far as the asker may see it: the records that people would paste with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from nova_states.cloud.compute_api import Compute, ForbiddenError, Json, MissingError, path_name
from nova_states.cloud.servers import Server
from nova_states.errors import InputError

T = TypeVar("T")

_LIMITED: Final = (2, 59)
"""From this microversion on a list of migrations can be cut."""
_MIGRATIONS: Final = 20
_ENDED: Final = frozenset(("completed", "confirmed", "done", "error", "failed", "cancelled", "reverted"))
"""Statuses after which nothing happens to a migration any more."""
_HOST: Final = "OS-EXT-SRV-ATTR:host"
_HOST_STATUS: Final = "host_status"
_HOST_STATUS_SINCE: Final = (2, 16)


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """A server with what was seen around it."""

    documents: Sequence[Json]
    """As the API has them, the server first: what a paste of the same answers would hold."""
    unseen: Sequence[str] = field(default=())
    """What these rights do not show: "host", "host_status", "actions", "events", "migrations", "service"."""
    failed: Mapping[str, str] = field(default_factory=dict)
    """What the cloud did not answer, by the same names, and why not."""


def gather(compute: Compute, server: Server) -> Surroundings:
    """The server with its newest action, its newest migration and its host's service."""
    documents: list[Json] = [{"server": dict(server)}]
    unseen = list(_unseen_of(compute, server))
    failed: dict[str, str] = {}

    def seen(what: str, ask: Callable[[], T]) -> T | None:
        """What is asked for, if it may be seen and is answered; the server itself is told all the same."""
        try:
            return ask()
        except ForbiddenError:
            unseen.append(what)
        except MissingError:
            # The server is gone, or the API is older than the question: there is nothing to see either way.
            pass
        except InputError as error:
            failed[what] = str(error)
        return None

    action = seen("actions", lambda: newest_action(compute, server["id"]))
    if action:
        documents.append({"instanceAction": action})
        if "events" not in action:
            unseen.append("events")
    migration = seen("migrations", lambda: _newest_migration(compute, server["id"], action or {}))
    if migration:
        documents.append({"migrations": [migration]})
    host = server.get(_HOST)
    if isinstance(host, str) and host:
        services = seen("service", lambda: _services(compute, host))
        if services:
            documents.append({"services": services})
    return Surroundings(documents=documents, unseen=tuple(unseen), failed=failed)


def newest_action(compute: Compute, server: str) -> dict[str, Any] | None:
    """A server's newest action that has events, with their results; None where it has none at all.

    A server that was deleted has its actions still, from microversion 2.21 on.
    """
    answer = compute.get(f"/servers/{server}/os-instance-actions")
    newest = sorted(_dicts(answer, "instanceActions"), key=lambda action: _text(action, "start_time"), reverse=True)
    shown = [_with_events(compute, server, action) for action in newest[:1]]
    if shown and shown[0].get("events") == [] and len(newest) > 1:
        # A lock, say, has no events, and hides what was done before.
        shown.append(_with_events(compute, server, newest[1]))
    return next((action for action in shown if action.get("events")), shown[0]) if shown else None


def _with_events(compute: Compute, server: str, action: dict[str, Any]) -> dict[str, Any]:
    """An action with its events, if they may be seen."""
    request = path_name(action.get("request_id"))
    if request is None:
        return action
    try:
        return show_action(compute, server, request) or action
    except ForbiddenError:
        return action


def show_action(compute: Compute, server: str, request: str) -> dict[str, Any] | None:
    """One action of a server with its events; None where there is none."""
    try:
        answer = compute.get(f"/servers/{server}/os-instance-actions/{request}")
    except MissingError:
        return None
    action = answer.get("instanceAction") if isinstance(answer, dict) else None
    return action if isinstance(action, dict) else None


def _newest_migration(compute: Compute, server: str, action: Mapping[str, Any]) -> dict[str, Any] | None:
    """A server's newest migration; one that had ended before the newest action began is history."""
    limit = _MIGRATIONS if compute.microversion >= _LIMITED else None
    answer = compute.get("/os-migrations", instance_uuid=server, limit=limit)
    # An old API may not know the filter.
    own = [one for one in _dicts(answer, "migrations") if one.get("instance_uuid") == server]
    if not own:
        return None
    newest = max(own, key=lambda one: (_text(one, "created_at"), one["id"] if isinstance(one.get("id"), int) else 0))
    changed = _text(newest, "updated_at") or _text(newest, "created_at")
    is_history = newest.get("status") in _ENDED and changed < _text(action, "start_time")
    return None if is_history else newest


def _services(compute: Compute, host: str) -> list[dict[str, Any]]:
    answer = compute.get("/os-services", host=host, binary="nova-compute")
    return [one for one in _dicts(answer, "services") if one.get("host") == host]


def _unseen_of(compute: Compute, server: Server) -> Iterator[str]:
    """What the API leaves out of a server for those who may not see it."""
    if _HOST not in server:
        yield "host"
    if _HOST_STATUS not in server and compute.microversion >= _HOST_STATUS_SINCE:
        yield "host_status"


def _dicts(answer: Json, name: str) -> list[dict[str, Any]]:
    found = answer.get(name) if isinstance(answer, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""
