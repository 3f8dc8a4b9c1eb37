"""Servers of a cloud: one by its name or id, or all of them, page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from nova_states.cloud.compute_api import Compute, MissingError, RefusedError, UnreachableError, path_name
from nova_states.cloud.wording import shown
from nova_states.errors import InputError

PAGE: Final = 500
"""Servers of a page: one with all its user data has 90 kB, and a cloud may well answer with fewer."""
MOST: Final = 200_000
"""Servers that are read at all: more than that is a cloud that does not end."""
_UUID: Final = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_SIGNS: Final = re.compile(r"[][.*+?^${}()|\\]")
_BAD_REQUEST: Final = 400
_TRIES: Final = 5
"""Servers before the last of a page that are tried as the mark for the next, as the last may be gone by now."""
_NAMES_SHOWN: Final = 5

Server = Mapping[str, Any]


def find_server(compute: Compute, wanted: str, *, is_everywhere: bool) -> Server:
    """One server, as the API shows it alone.

    Args:
        compute: The API.
        wanted: Its id or its name.
        is_everywhere: Whether a name is looked for in all projects.

    Raises:
        InputError: there is none, or several have that name.
    """
    place = "in any project" if is_everywhere else "in this project"
    hint = "" if is_everywhere else "; `--all-projects` looks in all"
    if _UUID.fullmatch(wanted):
        try:
            return show_server(compute, wanted)
        except MissingError:
            raise InputError(f"{wanted}: no server has this id, or it may not be seen with these rights") from None
    pattern = "^{}$".format(_SIGNS.sub(r"\\\g<0>", wanted))
    answer = compute.get("/servers", name=pattern, all_tenants=1 if is_everywhere else None)
    ids = [str(one["id"]) for one in _servers_in(answer, "/servers") if one.get("name") == wanted]
    if not ids:
        raise InputError(f"{shown(wanted)}: no server {place} has this name{hint}")
    if len(ids) > 1:
        told = ", ".join(ids[:_NAMES_SHOWN]) + (", …" if len(ids) > _NAMES_SHOWN else "")
        raise InputError(f"{shown(wanted)}: {len(ids)} servers have this name; name one by its id: {told}")
    try:
        return show_server(compute, ids[0])
    except MissingError:
        raise InputError(f"{shown(wanted)}: the server was deleted while it was asked for") from None


def show_server(compute: Compute, server: str) -> Server:
    """A server by its id.

    Raises:
        MissingError: there is none.
    """
    path = f"/servers/{server}"
    answer = compute.get(path)
    found = answer.get("server") if isinstance(answer, dict) else None
    if not isinstance(found, dict) or path_name(found.get("id")) is None:
        raise UnreachableError(f"{path}: the answer is broken, it has no server; ask again later")
    return found


def list_servers(compute: Compute, filters: Mapping[str, str | int | None]) -> Iterator[Sequence[Server]]:
    """All servers that filters leave, page by page; each once, though the list changes meanwhile.

    Args:
        compute: The API.
        filters: Names and values of its query.

    Raises:
        InputError: the cloud refuses, or does not come to an end.
    """
    seen: set[str] = set()
    marks: list[str] = []
    while True:
        answer = _page(compute, filters, marks)
        page = _servers_in(answer, "/servers/detail")
        new = [server for server in page if server["id"] not in seen]
        seen.update(server["id"] for server in new)
        if new:
            yield new
        if not page or not answer.get("servers_links"):
            return
        if not new:
            raise UnreachableError("/servers/detail: the same page comes again and again; the cloud's paging is broken")
        if len(seen) > MOST:
            raise InputError(f"/servers/detail: more than {MOST} servers; ask for fewer, by a filter such as --host")
        marks = [server["id"] for server in reversed(page[-_TRIES:])]


def _page(compute: Compute, filters: Mapping[str, str | int | None], marks: Sequence[str]) -> dict[str, Any]:
    """The page after the first of the servers that still exists."""
    query = {**filters, "limit": PAGE}
    for place, mark in enumerate(marks or [None], 1):
        try:
            answer = compute.get("/servers/detail", is_page=True, **query, marker=mark)
        except RefusedError as error:
            if error.status == _BAD_REQUEST and mark is not None and place < len(marks):
                continue
            raise
        if not isinstance(answer, dict):
            break
        return answer
    raise UnreachableError("/servers/detail: the answer is broken, it has no servers; ask again later")


def _servers_in(answer: Any, path: str) -> list[dict[str, Any]]:  # noqa: ANN401 - whatever JSON holds
    servers = answer.get("servers") if isinstance(answer, dict) else None
    if not isinstance(servers, list):
        raise UnreachableError(f"{path}: the answer is broken, it has no servers; ask again later")
    return [one for one in servers if isinstance(one, dict) and path_name(one.get("id"))]
