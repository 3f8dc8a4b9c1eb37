"""A small cloud over HTTP: Keystone's token, what is asked of the compute API, and any misbehaviour a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

SECRET: Final = "correct-horse-battery-staple"  # noqa: S105 - what must never be seen
TOKEN: Final = "gAAAAABsecret-token-of-the-test"  # noqa: S105 - as above
PROJECT: Final = "5f3e9a0c1d7b4e62a8c4b1f09d6e7a35"
_ADMIN_ONLY: Final = ("OS-EXT-SRV-ATTR:host", "OS-EXT-SRV-ATTR:instance_name", "host_status")

Answer = tuple[int, Any]
"""A status, and a body: JSON, or bytes as they are."""


def uuid(number: int) -> str:
    """The id of a server."""
    return f"00000000-0000-4000-8000-{number:012}"


def server(number: int = 1, **values: object) -> dict[str, Any]:
    """A server as the API shows it to an administrator; ACTIVE where nothing else is said."""
    return {
        "id": uuid(number),
        "name": f"web{number}",
        "status": "ACTIVE",
        "OS-EXT-STS:vm_state": "active",
        "OS-EXT-STS:task_state": None,
        "OS-EXT-STS:power_state": 1,
        "OS-SRV-USG:launched_at": "2026-11-26T10:00:00.000000",
        "OS-SRV-USG:terminated_at": None,
        "OS-EXT-SRV-ATTR:host": "host1",
        "OS-EXT-SRV-ATTR:instance_name": f"instance-{number:08x}",
        "host_status": "UP",
        "created": "2026-11-26T09:59:00Z",
        "updated": "2026-11-26T10:00:00Z",
        "locked": False,
        "hostId": "8d2f" * 14,
        "flavor": {"original_name": "m1.tiny"},
        "image": {"id": uuid(900)},
        "addresses": {},
        "metadata": {"password": SECRET},
        **values,
    }


STOPPING: Final = {
    "OS-EXT-STS:vm_state": "active",
    "OS-EXT-STS:task_state": "powering-off",
    "OS-EXT-STS:power_state": 1,
}
STOPPED: Final = {
    "status": "SHUTOFF",
    "OS-EXT-STS:vm_state": "stopped",
    "OS-EXT-STS:task_state": None,
    "OS-EXT-STS:power_state": 4,
}
FAILED: Final = {
    "status": "ERROR",
    "OS-EXT-STS:vm_state": "error",
    "OS-EXT-STS:power_state": 0,
    "OS-SRV-USG:launched_at": None,
    "OS-EXT-SRV-ATTR:host": None,
    "host_status": "",
    "fault": {"code": 500, "created": "2026-11-26T10:00:00Z", "message": "No valid host was found. "},
}


def event(name: str, result: str | None, second: int = 1) -> dict[str, Any]:
    """An event of an action; without a result it has not ended."""
    finish = None if result is None else f"2026-11-26T10:00:{second + 1:02}.000000"
    start = f"2026-11-26T10:00:{second:02}.000000"
    return {"event": name, "start_time": start, "finish_time": finish, "result": result, "hostId": "8d2f" * 14}


def action(name: str, *events: Mapping[str, Any], message: str | None = None, minute: int = 0) -> dict[str, Any]:
    """An action with its events, the newest first."""
    return {
        "action": name,
        "request_id": f"req-{uuid(minute + 700)}",
        "start_time": f"2026-11-26T10:{minute:02}:00.000000",
        "updated_at": f"2026-11-26T10:{minute:02}:30.000000",
        "message": message,
        "user_id": "u",
        "project_id": PROJECT,
        "events": list(events),
    }


@dataclass(kw_only=True)
class FakeCloud:
    """What it has, how it misbehaves, and what it was asked."""

    servers: list[dict[str, Any]] = field(default_factory=list)
    actions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Of each server."""
    migrations: list[dict[str, Any]] = field(default_factory=list)
    services: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {"id": uuid(800), "binary": "nova-compute", "host": "host1", "status": "enabled", "state": "up"}
        ]
    )
    newest: str = "2.104"
    """Microversion; empty: it tells none."""
    is_admin: bool = True
    page: int = 1000
    instead: dict[str, Callable[[], Answer]] = field(default_factory=dict)
    """The end of a path → what is answered there instead."""
    before: Callable[[str, str], None] = lambda _verb, _path: None
    """Told of each request before it is answered."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Verb and path with query of each request, in order."""
    headers: list[Mapping[str, str]] = field(default_factory=list)
    url: str = ""

    @property
    def compute_requests(self) -> list[tuple[str, str]]:
        """What the compute API was asked, without its discovery."""
        start = "/compute/v2.1/"
        return [
            (verb, path.removeprefix(start)) for verb, path in self.asked if len(path) > len(start) and start in path
        ]

    def answer(self, verb: str, target: str) -> Answer:
        """What a request is answered."""
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        for end, instead in self.instead.items():
            if path.endswith(end):
                return instead()
        parts = path.strip("/").split("/")
        if parts[0] == "identity":
            return self._identity(verb, parts[1:])
        if parts[:2] != ["compute", "v2.1"] or verb != "GET":
            return 404, {}
        if len(parts) == 2:
            versions = {"version": self.newest, "min_version": "2.1"} if self.newest else {}
            link = {"rel": "self", "href": f"{self.url}/compute/v2.1/"}
            return 200, {"version": {"id": "v2.1", "status": "CURRENT", "links": [link], **versions}}
        return self._compute(parts[2:], {name: values[0] for name, values in query.items()})

    def _identity(self, verb: str, rest: list[str]) -> Answer:
        if rest[-2:] == ["auth", "tokens"] and verb == "POST":
            return 201, token(self.url)
        link = {"rel": "self", "href": f"{self.url}/identity/v3/"}
        version = {"id": "v3.14", "status": "stable", "links": [link]}
        return 200, {"version": version} if rest else {"versions": {"values": [version]}}

    def _compute(self, rest: list[str], query: Mapping[str, str]) -> Answer:
        if rest[0] == "os-migrations":
            found = [one for one in self.migrations if one["instance_uuid"] == query.get("instance_uuid")]
            return self._for_admins({"migrations": found})
        if rest[0] == "os-services":
            return self._for_admins({"services": [one for one in self.services if one["host"] == query.get("host")]})
        if len(rest) == 1 or rest[1] == "detail":
            return self._list(query, is_detailed=len(rest) > 1)
        if len(rest) > 2:
            return self._actions(rest[1], rest[3:])
        found = [one for one in self.servers if one["id"] == rest[1]]
        return (200, {"server": self._shown(found[0])}) if found else (404, {"itemNotFound": {"message": "no"}})

    def _list(self, query: Mapping[str, str], *, is_detailed: bool) -> Answer:
        if "all_tenants" in query and not self.is_admin:
            return 403, {"forbidden": {"code": 403, "message": "Policy doesn't allow get_all_tenants."}}
        found = self.servers
        if "name" in query:
            found = [one for one in found if f"^{one['name']}$" == query["name"].replace("\\", "")]
        if "host" in query:
            found = [one for one in found if one["OS-EXT-SRV-ATTR:host"] == query["host"]]
        if "marker" in query:
            places = [place for place, one in enumerate(found) if one["id"] == query["marker"]]
            if not places:
                return 400, {"badRequest": {"code": 400, "message": "marker not found"}}
            found = found[places[0] + 1 :]
        size = min(self.page, int(query.get("limit", self.page)))
        page = found[:size]
        shown = [self._shown(one) if is_detailed else {"id": one["id"], "name": one["name"]} for one in page]
        more = {"servers_links": [{"rel": "next", "href": "http://evil.example/next"}]} if len(found) > size else {}
        return 200, {"servers": shown, **more}

    def _actions(self, wanted: str, request: list[str]) -> Answer:
        actions = self.actions.get(wanted, [])
        if not request:
            short = [{name: value for name, value in one.items() if name != "events"} for one in actions]
            return 200, {"instanceActions": [{**one, "instance_uuid": wanted} for one in short]}
        found = [one for one in actions if one["request_id"] == request[0]]
        return (200, {"instanceAction": {**found[0], "instance_uuid": wanted}}) if found else (404, {})

    def _shown(self, one: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in one.items() if self.is_admin or name not in _ADMIN_ONLY}

    def _for_admins(self, answer: object) -> Answer:
        return (
            (200, answer) if self.is_admin else (403, {"forbidden": {"code": 403, "message": "Policy doesn't allow"}})
        )

    def write_settings(self, folder: Path, **changes: object) -> Path:
        """A clouds.yaml with the clouds "prod" and "broken" (which lacks its credentials)."""
        auth = {
            "auth_url": f"{self.url}/identity/v3",
            "username": "operator",
            "password": SECRET,
            "project_name": "demo",
            "user_domain_id": "default",
            "project_domain_id": "default",
        }
        prod = {"auth_type": "password", "auth": auth, "region_name": "here", **changes}
        broken = {"auth_type": "password", "auth": {"auth_url": auth["auth_url"], "username": "operator"}}
        file = folder / "clouds.yaml"
        file.write_text(json.dumps({"clouds": {"prod": prod, "broken": broken}}), encoding="utf-8")
        return file


def token(url: str) -> dict[str, Any]:
    """What Keystone tells of a token."""
    domain = {"id": "default", "name": "Default"}
    catalog = [
        {
            "id": kind,
            "type": kind,
            "name": kind,
            "endpoints": [
                {"id": kind, "interface": "public", "region": "here", "region_id": "here", "url": url + path}
            ],
        }
        for kind, path in (("compute", "/compute/v2.1"), ("identity", "/identity"))
    ]
    return {
        "token": {
            "methods": ["password"],
            "issued_at": "2020-01-01T00:00:00.000000Z",
            "expires_at": "2099-01-01T00:00:00.000000Z",
            "user": {"id": "u", "name": "operator", "domain": domain},
            "project": {"id": PROJECT, "name": "demo", "domain": domain},
            "roles": [{"id": "r", "name": "reader"}],
            "catalog": catalog,
        }
    }


@contextmanager
def serving(cloud: FakeCloud) -> Iterator[FakeCloud]:
    """The cloud at an address of its own, until the end."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            cloud.before(self.command, self.path)
            cloud.asked.append((self.command, self.path))
            cloud.headers.append(dict(self.headers))
            status, body = cloud.answer(self.command, self.path)
            sent = body if isinstance(body, bytes) else json.dumps(body).encode()
            try:
                self.send_response(status)
                is_html = sent.startswith(b"<")
                self.send_header("Content-Type", "text/html" if is_html else "application/json")
                if self.command == "POST":
                    self.send_header("X-Subject-Token", TOKEN)
                if status in range(300, 400):
                    self.send_header("Location", "http://evil.example/")
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)
            except OSError:
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = answer  # noqa: N815 - as http.server wants it

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Whoever asked may have gone."""

    http = Server(("127.0.0.1", 0), Handler)
    cloud.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield cloud
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
