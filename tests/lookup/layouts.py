"""Layouts in which people have one record: every client and format, and what terminals, mail and chat make of them.

Each function prints servers, or a line of a log, in one layout; the same in each run.
"""

from __future__ import annotations

import csv
import io
import json
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

Server = Mapping[str, Any]
"""The fields of a server as the client names them, in its order."""

_POWER: Final = {0: "NOSTATE", 1: "Running", 3: "Paused", 4: "Shutdown", 6: "Crashed", 7: "Suspended"}
_LIST: Final = {
    "ID": "id",
    "Name": "name",
    "Status": "status",
    "Task State": "OS-EXT-STS:task_state",
    "Power State": "OS-EXT-STS:power_state",
    "Networks": "addresses",
    "Host": "OS-EXT-SRV-ATTR:host",
}
_COLUMNS: Final = {
    "uuid": "id",
    "display_name": "name",
    "vm_state": "OS-EXT-STS:vm_state",
    "task_state": "OS-EXT-STS:task_state",
    "power_state": "OS-EXT-STS:power_state",
}
_STATES: Final = ("id", "status", "OS-EXT-STS:vm_state", "OS-EXT-STS:task_state", "OS-EXT-STS:power_state")


def _text(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    return value if isinstance(value, str) else str(value)


def _drawn(rows: Sequence[Sequence[str]], signs: str = "+-|", widths: Sequence[int] = ()) -> str:
    """Rows as a table, the first as its head; cells longer than the widths go on in lines of their own."""
    corner, rule, bar = tuple(signs)
    limits = widths or [10_000] * len(rows[0])
    folded = [[textwrap.wrap(cell, limit) or [""] for cell, limit in zip(row, limits, strict=True)] for row in rows]
    size = [max(len(line) for row in folded for line in row[place]) for place in range(len(rows[0]))]
    line = corner + corner.join(rule * (width + 2) for width in size) + corner
    out = [line]
    for number, row in enumerate(folded):
        for place in range(max(len(cell) for cell in row)):
            cells = [cell[place] if place < len(cell) else "" for cell in row]
            out.append(bar + bar.join(f" {cell.ljust(width)} " for cell, width in zip(cells, size, strict=True)) + bar)
        if number == 0:
            out.append(line)
    return "\n".join([*out, line, ""])


def _fields(server: Server) -> list[list[str]]:
    return [["Field", "Value"], *([name, _text(value)] for name, value in server.items())]


def _rows(servers: Sequence[Server]) -> list[list[str]]:
    rows = [[_text(server[field]) for field in _LIST.values()] for server in servers]
    for row, server in zip(rows, servers, strict=True):
        row[4] = _POWER[server["OS-EXT-STS:power_state"]]
    return [list(_LIST), *rows]


def _sql(servers: Sequence[Server]) -> list[list[str]]:
    rows = [[server[field] for field in _COLUMNS.values()] for server in servers]
    return [list(_COLUMNS), *(["NULL" if value is None else _text(value) for value in row] for row in rows)]


def _shell(server: Server, prefix: str = "") -> str:
    def line(name: str, value: object) -> str:
        folded = re.sub("[^A-Za-z0-9]", "_", name).lower()
        return f'{prefix}{folded}="{_text(value)}"'.replace("\n", "\\n")

    return "\n".join(line(name, value) for name, value in server.items()) + "\n"


def _named(server: Server) -> str:
    members = (f"{re.sub('[^A-Za-z]', '_', name)}={value!r}" for name, value in server.items())
    return f"openstack.compute.v2.server.Server({', '.join(members)})"


def _yaml(server: Server) -> str:
    lines: list[str] = []
    for name, value in server.items():
        if isinstance(value, dict):
            lines.append(f"{name}:")
            lines += [f"  {inner}: {_scalar(member)}" for inner, member in value.items()]
        else:
            lines.append(f"{name}: {_scalar(value)}")
    return "\n".join(lines) + "\n"


def _scalar(value: Any) -> str:  # noqa: ANN401 - as above
    return json.dumps(value) if not isinstance(value, str) or ":" in value or not value else value


def _broken(text: str, width: int) -> str:
    """Lines broken at a width, as a terminal or a narrow window breaks them."""
    return "\n".join(
        line[place : place + width] for line in text.split("\n") for place in range(0, max(1, len(line)), width)
    )


def _api(server: Server) -> dict[str, Any]:
    return {**server, "links": [{"rel": "self", "href": f"http://10.0.0.1:8774/v2.1/servers/{server['id']}"}]}


def _without_bars(text: str) -> str:
    return "\n".join(line.replace("|", " ").rstrip() for line in text.split("\n") if not line.startswith("+"))


def _vertical(servers: Sequence[Server]) -> str:
    head, *rows = _sql(servers)
    out: list[str] = []
    for number, row in enumerate(rows, 1):
        out.append(f"*************************** {number}. row ***************************")
        out += [f"{name:>16}: {value}" for name, value in zip(head, row, strict=True)]
    return "\n".join([*out, f"{len(rows)} rows in set (0.00 sec)", ""])


def _expanded(servers: Sequence[Server]) -> str:
    head, *rows = _sql(servers)
    out: list[str] = []
    for number, row in enumerate(rows, 1):
        out.append(f"-[ RECORD {number} ]+-------------------------------------")
        out += [f"{name:<13}| {'' if value == 'NULL' else value}" for name, value in zip(head, row, strict=True)]
    return "\n".join([*out, ""])


def _psql(servers: Sequence[Server]) -> str:
    head, *rows = [[cell if cell != "NULL" else "" for cell in row] for row in _sql(servers)]
    size = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]

    def line(row: Sequence[str]) -> str:
        return " " + " | ".join(cell.ljust(width) for cell, width in zip(row, size, strict=True))

    rule = "-" + "-+-".join("-" * width for width in size) + "-"
    return "\n".join([line(head), rule, *map(line, rows), f"({len(rows)} rows)", ""])


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *body)) + "\n"


def _csv(rows: Sequence[Sequence[str]], quoting: Literal[0, 1, 2, 3]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=quoting, escapechar="\\", lineterminator="\n").writerows(rows)
    return out.getvalue()


def _html(rows: Sequence[Sequence[str]]) -> str:
    drawn = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in drawn)}</table>"


def _coloured(text: str) -> str:
    return re.sub(r"\b(ACTIVE|ERROR|SHUTOFF|BUILD)\b", "\x1b[01;31m\x1b[K\\1\x1b[m\x1b[K", text)


def _cut(text: str, first: int, end: int) -> str:
    return "\n".join(line[first:end] for line in text.split("\n"))


def _bordered(text: str) -> str:
    """A table whose right border is cut off, and with it blanks at the ends of lines."""
    return "\n".join(line[:-1].rstrip() for line in text.split("\n"))


def _table(server: Server) -> str:
    return _drawn(_fields(server))


def _list(servers: Sequence[Server]) -> str:
    return _drawn(_rows(servers))


SHOW: Final[Mapping[str, Callable[[Server], str]]] = {
    "json": lambda server: json.dumps(server, indent=2),
    "json without indent": json.dumps,
    "json of the API": lambda server: json.dumps({"server": _api(server)}),
    "json behind a command": lambda server: f"$ openstack server show web -f json --noindent\n{json.dumps(server)}\n",
    "python": lambda server: repr(dict(server)),
    "python with a name": _named,
    "table": _table,
    "table of narrow cells": lambda server: _drawn(_fields(server), widths=(60, 30)),
    "table of very narrow cells": lambda server: _drawn(_fields(server), widths=(18, 16)),
    "table of narrowest values": lambda server: _drawn(_fields(server), widths=(40, 12)),
    "table without its right border": lambda server: _bordered(_table(server)),
    "table cut behind short values": lambda server: _cut(_table(server), 0, 38 + 40),
    "table without its left border": lambda server: _cut(_table(server), 1, 10_000),
    "table cut into its names": lambda server: _cut(_table(server), 7, 10_000),
    "table without its top": lambda server: "\n".join(_table(server).split("\n")[3:]),
    "table broken at 100": lambda server: _broken(_table(server), 100),
    "table broken at 80": lambda server: _broken(_table(server), 80),
    "table broken at 61": lambda server: _broken(_table(server), 61),
    "table without bars": lambda server: _without_bars(_table(server)),
    "table without bars and blanks": lambda server: re.sub("  +", "  ", _without_bars(_table(server))),
    "table of one blank": lambda server: re.sub(" +", " ", _table(server)),
    "table of boxes": lambda server: _drawn(_fields(server), "\u253c\u2500\u2502"),
    "table of double boxes": lambda server: _drawn(_fields(server), "\u256c\u2550\u2551"),
    "table of heavy boxes": lambda server: _drawn(_fields(server), "\u254b\u2501\u2503"),
    "table quoted": lambda server: "\n".join(f"> > {line}" for line in _table(server).split("\n")),
    "table coloured": lambda server: _coloured(_table(server)),
    "table with windows' line ends": lambda server: _table(server).replace("\n", "\r\n"),
    "markdown": lambda server: _markdown(_fields(server)),
    "html": lambda server: _html(_fields(server)),
    "tabs": lambda server: "\n".join(f"{name}\t{_text(value)}" for name, value in server.items()),
    "shell": _shell,
    "shell with a prefix": lambda server: _shell(server, "my_"),
    "shell with another prefix": lambda server: _shell(server, "SRV1_"),
    "shell, exported": lambda server: _shell(server, "export vm_"),
    "yaml": _yaml,
    "yaml in a list": lambda server: textwrap.indent(_yaml(server), "  ").replace("  ", "- ", 1),
    "names and values": lambda server: "\n".join(f"{name} = {_text(value)}" for name, value in server.items()),
    "names and values in a line": lambda server: ", ".join(f"{name}={_text(server[name])}" for name in _STATES),
    "values": lambda server: "\n".join(_text(value) for value in server.values()),
}
LIST: Final[Mapping[str, Callable[[Sequence[Server]], str]]] = {
    "table": _list,
    "table of narrow cells": lambda servers: _drawn(_rows(servers), widths=(20, 10, 10, 10, 10, 12, 8)),
    "table of very narrow cells": lambda servers: _drawn(_rows(servers), widths=(9, 6, 7, 9, 8, 8, 6)),
    "table of narrow ids": lambda servers: _drawn(_rows(servers), widths=(12, 90, 90, 90, 90, 90, 90)),
    "table without its right border": lambda servers: _bordered(_list(servers)),
    "table without its left border": lambda servers: _cut(_list(servers), 2, 10_000),
    "table cut behind the power state": lambda servers: _cut(
        _list(servers), 0, _list(servers).split("\n")[1].index("Netw")
    ),
    "table without its top": lambda servers: "\n".join(_list(servers).split("\n")[3:]),
    "table with lines between its rows": lambda servers: _list(servers).replace("|\n|", "|\n...\n|"),
    "table broken at 80": lambda servers: _broken(_list(servers), 80),
    "table broken at 100": lambda servers: _broken(_list(servers), 100),
    "table without bars": lambda servers: _without_bars(_list(servers)),
    "table of one blank": lambda servers: re.sub(" +", " ", _list(servers)),
    "table of boxes": lambda servers: _drawn(_rows(servers), "\u253c\u2500\u2502"),
    "table of heavy boxes": lambda servers: _drawn(_rows(servers), "\u254b\u2501\u2503"),
    "table of double boxes": lambda servers: _drawn(_rows(servers), "\u256c\u2550\u2551"),
    "table quoted": lambda servers: "\n".join(f"> {line}" for line in _list(servers).split("\n")),
    "table coloured": lambda servers: _coloured(_list(servers)),
    "markdown": lambda servers: _markdown(_rows(servers)),
    "html": lambda servers: _html(_rows(servers)),
    "csv": lambda servers: _csv(_rows(servers), csv.QUOTE_ALL),
    "csv without quotes": lambda servers: _csv(_rows(servers), csv.QUOTE_NONE),
    "csv of what is no number": lambda servers: _csv(_rows(servers), csv.QUOTE_NONNUMERIC),
    "tabs": lambda servers: "\n".join("\t".join(row) for row in _rows(servers)),
    "json": lambda servers: json.dumps([dict(zip(_rows(servers)[0], row, strict=True)) for row in _rows(servers)[1:]]),
    "json of the API": lambda servers: json.dumps({"servers": [_api(server) for server in servers]}),
    "python": lambda servers: repr([dict(server) for server in servers]),
    "values": lambda servers: "\n".join(" ".join(row) for row in _rows(servers)[1:]),
    "mysql": lambda servers: _drawn(_sql(servers)),
    "mysql, vertical": _vertical,
    "mysql, batch": lambda servers: "\n".join("\t".join(row) for row in _sql(servers)),
    "psql": _psql,
    "psql, expanded": _expanded,
}


def _server(number: int, name: str, states: tuple[str, str, str | None, int], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    status, vm_state, task_state, power_state = states
    has_host = more.pop("host", "compute-3")
    return {
        "OS-DCF:diskConfig": "MANUAL",
        "OS-EXT-AZ:availability_zone": "nova" if has_host else "",
        "OS-EXT-SRV-ATTR:host": has_host,
        "OS-EXT-SRV-ATTR:hypervisor_hostname": has_host,
        "OS-EXT-SRV-ATTR:instance_name": f"instance-{number:08x}",
        "OS-EXT-SRV-ATTR:kernel_id": "",
        "OS-EXT-SRV-ATTR:launch_index": 0,
        "OS-EXT-SRV-ATTR:root_device_name": "/dev/vda",
        "OS-EXT-STS:power_state": power_state,
        "OS-EXT-STS:task_state": task_state,
        "OS-EXT-STS:vm_state": vm_state,
        "OS-SRV-USG:launched_at": "2026-11-20T09:14:02.000000" if has_host else None,
        "OS-SRV-USG:terminated_at": None,
        "accessIPv4": "",
        "addresses": {"prod-net": ["10.20.0.11"]} if has_host else {},
        "config_drive": "",
        "created": "2026-11-20T09:13:40Z",
        "description": None,
        **more,
        "flavor": {
            "name": "m1.large",
            "original_name": "m1.large",
            "disk": 40,
            "ram": 8192,
            "vcpus": 4,
            "id": "m1.large",
        },
        "hostId": "8a8d66db9eed58f2b1283d23acc9a32691290b603a716d81d8ed8c4e" if has_host else "",
        "host_status": "UP" if has_host else "",
        "id": f"5d2f7e61-0f0a-4d3e-b3c7-9a1b2c3d{number:04x}",
        "image": "rocky-9 (155d900f-4e14-4e4c-a73d-069cbf4541e6)",
        "key_name": None,
        "locked": False,
        "name": name,
        "project_id": "6f70656e737461636b20342065766572",
        "properties": {},
        "status": status,
        "tags": [],
        "updated": "2026-11-26T16:06:01Z",
        "user_id": "admin",
        "volumes_attached": [],
    }


SERVERS: Final[Sequence[Server]] = (
    _server(0x4E5F, "web-1", ("ACTIVE", "active", None, 1)),
    _server(0x4E60, "db-main-02", ("ACTIVE", "active", "deleting", 1)),
    _server(0x4E61, "batch-7", ("SHUTOFF", "stopped", None, 4)),
    _server(0x4E62, "was-01", ("SHELVED_OFFLOADED", "shelved_offloaded", None, 4), host=None),
    _server(0x4E63, "web_3.prod", ("VERIFY_RESIZE", "resized", None, 1)),
    _server(0x4E64, "new", ("BUILD", "building", "block_device_mapping", 0)),
    _server(
        0x4E65,
        "gpu-9",
        ("ERROR", "error", None, 0),
        host=None,
        fault={
            "code": 500,
            "created": "2026-11-20T09:13:44Z",
            "message": "No valid host was found. There are not enough hosts available.",
            "details": 'Traceback (most recent call last):\n  File "/nova/conductor/manager.py", line 1, in run\n'
            '    raise exception.NoValidHost(reason="")\nnova.exception.NoValidHost: No valid host was found. \n',
        },
    ),
    _server(
        0x4E66,
        "k8s-worker-11",
        ("ERROR", "error", "rebooting_hard", 1),
        fault={
            "code": 500,
            "created": "2026-11-26T16:06:00Z",
            "message": "internal error: process exited while connecting to monitor: Cannot allocate memory",
        },
    ),
)
"""Servers with and without a task, a host and a fault."""


LOG: Final = (
    (
        "2026-11-27 10:20:11.102 26 ERROR nova.virt.libvirt.driver [None req-aa2c1f0b-0001-4e2f-8c3d-4b5a6c7d8e9f "
        "8c759021dd1f4c2a888f0a5e7baf91e8 4bf95352cade44dba458aa4a22942927 - - default default] "
        "[instance: 5d2f7e61-0f0a-4d3e-b3c7-9a1b2c3d4e5f] Live Migration failure: operation failed: "
        "domain is not running: libvirt.libvirtError: operation failed: domain is not running"
    ),
    (
        "2019-11-05 16:43:01.430 128734 WARNING nova.compute.manager [req-b8539374-9b48-4f84-a1c0-c2578f713dd4 "
        "8c759021dd1f4c2a888f0a5e7baf91e8 4bf95352cade44dba458aa4a22942927 - 2fe8fbf887f842389ec5e0b0e8eebbdc "
        "- -] [instance: 5d2f7e61-0f0a-4d3e-b3c7-9a1b2c3d4e60] Instance shutdown by itself."
        " Calling the stop API. Current vm_state: active, current task_state: None, original DB power_state: 1, "
        "current VM power_state: 4"
    ),
    (
        "2026-11-27 10:20:11.102 26 ERROR nova.compute.manager [None req-aa2c1f0b-0001-4e2f-8c3d-4b5a6c7d8e9f - - - -]"
        " [instance: 5d2f7e61-0f0a-4d3e-b3c7-9a1b2c3d4e61] Setting instance vm_state to ERROR: "
        "oslo_messaging.exceptions.MessagingTimeout: Timed out waiting for a reply to message ID 0a1b2c3d"
    ),
)
"""Lines of logs."""


def _journal(line: str) -> str:
    return f"Nov 27 10:20:11 cmp-07 nova-compute[4242]: {line}"


def _json_log(line: str) -> str:
    return json.dumps({"log": f"{line}\n", "stream": "stdout", "time": "2026-11-27T10:20:11.103Z"})


def _at(width: int, indent: str = "") -> Callable[[str], str]:
    return lambda line: _broken(line, width).replace("\n", f"\n{indent}")


LOGGED: Final[Mapping[str, Callable[[str], str]]] = {
    "as it is": str,
    "journal": _journal,
    "journal with its own time": lambda line: f"2026-11-27T10:20:11.103456+0900 cmp-07 nova-compute[4242]: {line}",
    "syslog, one line of several": lambda line: _journal(
        f'{line}#012Traceback (most recent call last):#012  File "a.py", line 1'
    ),
    "docker compose": lambda line: f"nova-compute_1  | {line}",
    "kubectl with a prefix": lambda line: f"[pod/nova-compute-default-x9k2p/nova-compute] {line}",
    "container runtime": lambda line: f"2026-11-27T10:20:11.103456789Z stdout F {line}",
    "json of docker": _json_log,
    "name of a file": lambda line: f"/var/log/kolla/nova/nova-compute.log:1234:{line}",
    "name of a file before a blank": lambda line: f"nova-compute.log: {line}",
    "numbered": lambda line: f"1234:{line}",
    "quoted": lambda line: f"> {line}",
    "coloured": lambda line: f"\x1b[00;31m{line}\x1b[00m",
    "coloured by syslog": lambda line: f"#033[00;31m{line}#033[00m",
    "coloured in its parts": lambda line: re.sub("(ERROR|WARNING)", "\x1b[01;31m\\1\x1b[0m", line),
    "in a fence": lambda line: f"```\n{line}\n```",
    "from a list": lambda line: f"- {line}",
    "behind words": lambda line: f"we see this in the log:\n{line}\nand nothing else",
    "wrapped by mail": lambda line: textwrap.fill(line, 72, break_long_words=False, break_on_hyphens=False),
    "wrapped by mail and quoted": lambda line: textwrap.indent(textwrap.fill(line, 60, break_on_hyphens=False), "> "),
    "wrapped behind its logger": lambda line: line.replace(" [", "\n[", 1),
    **{f"broken at {width}": _at(width) for width in (40, 57, 64, 72, 80, 100, 120)},
    **{f"broken at {width}, with an indent": _at(width, "    ") for width in (64, 80, 100)},
}


def layout_pastes() -> list[str]:
    """All servers and lines in all layouts."""
    shown = [layout(server) for layout in SHOW.values() for server in SERVERS]
    logged = [layout(line) for layout in LOGGED.values() for line in LOG]
    return [*shown, *(layout(SERVERS) for layout in LIST.values()), *logged]
