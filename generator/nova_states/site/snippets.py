"""Ready code for tool makers, made of the facts: states as enumerations, and alerts for tasks that last too long."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.release import Release
from nova_states.lookup.patience import QUICK, SLOW, SLOW_TASKS
from nova_states.site.transient_states import transient_statuses

_SETTLED_VM_STATES: Final = ("active", "paused", "stopped", "suspended", "shelved_offloaded", "rescued", "resized")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Enumeration:
    name: str
    values: Mapping[str, str | int]
    """Constant → value, over all releases."""


def render_snippets(catalog: Catalog) -> dict[str, str]:
    """File name → text of each snippet."""
    statuses = transient_statuses(catalog)
    enumerations = _enumerations(catalog, statuses)
    transient = [word for word, passes in statuses.items() if passes]
    covers = f"Nova {catalog.versions[0]} to {catalog.latest}"
    return {
        "nova_states.py": _python(enumerations, transient, covers),
        "nova_states.go": _go(enumerations, transient, covers),
        "nova_states.ts": _typescript(enumerations, transient, covers),
        "nova_states.alerts.yml": _alerts(catalog.release(catalog.latest)),
    }


def _enumerations(catalog: Catalog, statuses: Iterable[str]) -> tuple[_Enumeration, ...]:
    """The states of every release: a server of an old Nova has to be read too."""
    found: dict[str, dict[str, str | int]] = {"vm_state": {}, "task_state": {}, "power_state": {}}
    for version in catalog.versions:
        for kind, constants in catalog.release(version).constants.items():
            found[kind].update({name: constant.value for name, constant in constants.items()})
    return (
        _Enumeration(name="VmState", values=_sorted(found["vm_state"])),
        _Enumeration(name="TaskState", values=_sorted(found["task_state"])),
        _Enumeration(name="PowerState", values=dict(sorted(found["power_state"].items(), key=lambda item: item[1]))),
        _Enumeration(name="ServerStatus", values={word: word for word in statuses}),
    )


def _sorted(values: Mapping[str, str | int]) -> dict[str, str | int]:
    return dict(sorted(values.items()))


def _python(enumerations: Iterable[_Enumeration], transient: Iterable[str], covers: str) -> str:
    parts = [f'"""States of a server, {covers}."""', "", "from enum import IntEnum, StrEnum"]
    for enumeration in enumerations:
        base = "IntEnum" if _is_numbered(enumeration) else "StrEnum"
        members = [f"    {name} = {json.dumps(value)}" for name, value in enumeration.values.items()]
        parts += ["", "", f"class {enumeration.name}({base}):", *members]
    names = [f"        ServerStatus.{word}," for word in transient]
    return "\n".join([*parts, "", "", "TRANSIENT = frozenset(", "    {", *names, "    }", ")", ""])


def _go(enumerations: Iterable[_Enumeration], transient: Iterable[str], covers: str) -> str:
    parts = [f"// Package novastates names the states of a server, {covers}.", "package novastates"]
    for enumeration in enumerations:
        base = "int" if _is_numbered(enumeration) else "string"
        names = {f"{enumeration.name}{_camel(name)}": value for name, value in enumeration.values.items()}
        width = max(map(len, names))
        members = [f"\t{name:<{width}} {enumeration.name} = {json.dumps(value)}" for name, value in names.items()]
        parts += ["", f"type {enumeration.name} {base}", "", "const (", *members, ")"]
    keys = [f"ServerStatus{_camel(word)}:" for word in transient]
    width = max(map(len, keys)) + 1
    return "\n".join(
        [*parts, "", "// Transient statuses pass by themselves: wait through them.",
         "var Transient = map[ServerStatus]bool{", *(f"\t{key:<{width}}true," for key in keys), "}", ""]
    )  # fmt: skip


def _typescript(enumerations: Iterable[_Enumeration], transient: Iterable[str], covers: str) -> str:
    parts = [f"// States of a server, {covers}."]
    for enumeration in enumerations:
        members = [f"  {name}: {json.dumps(value)}," for name, value in enumeration.values.items()]
        name = enumeration.name
        parts += ["", f"export const {name} = {{", *members, "} as const;"]
        parts += [f"export type {name} = (typeof {name})[keyof typeof {name}];"]
    names = [f"  ServerStatus.{word}," for word in transient]
    parts += ["", "/** Statuses that pass by themselves: wait through them. */"]
    return "\n".join([*parts, "export const TRANSIENT: ReadonlySet<ServerStatus> = new Set([", *names, "]);", ""])


def _is_numbered(enumeration: _Enumeration) -> bool:
    return all(isinstance(value, int) for value in enumeration.values.values())


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in re.split(r"[_-]", name))


def _alerts(release: Release) -> str:
    """A rule for the tasks of one patience and one effect of a restart."""
    groups: dict[tuple[bool, bool], list[str]] = {}
    for task in sorted(release.task_states):
        groups.setdefault((task in SLOW_TASKS, _is_freed_by_restart(release, task)), []).append(task)
    rules = [_rule(tasks, is_slow=is_slow, is_freed=is_freed) for (is_slow, is_freed), tasks in sorted(groups.items())]
    head = (
        f"# Tasks of a server that last too long, Nova {release.version}. openstack_nova_server_task_state is a gauge",
        "# of openstack-database-exporter: 1 while a task runs, its name in the label task_state.",
        "groups:",
        "  - name: nova-server-tasks",
        "    rules:",
    )
    return "\n".join([*head, *rules]) + "\n"


def _rule(tasks: Iterable[str], *, is_slow: bool, is_freed: bool) -> str:
    patience = _duration(SLOW if is_slow else QUICK)
    name = f"NovaServer{'Transfer' if is_slow else 'Task'}Stuck{'' if is_freed else 'ForGood'}"
    hint = (
        "a restart of nova-compute on its host ends it: it goes on, is cleared, or the server becomes error"
        if is_freed
        else "a restart of nova-compute does not free it"
    )
    return "\n".join(
        [
            f"      - alert: {name}",
            f'        expr: openstack_nova_server_task_state{{task_state=~"{"|".join(tasks)}"}} == 1',
            f"        for: {patience}",
            "        labels:",
            "          severity: warning",
            f'          freed_by_restart: "{"yes" if is_freed else "no"}"',
            "        annotations:",
            f"          summary: Server {{{{ $labels.id }}}} is {{{{ $labels.task_state }}}} for {patience}",
            "          description: >-",
            "            openstack server show {{ $labels.id }} -f json | nova-states explain;",
            f"            {hint}.",
        ]
    )


def _duration(seconds: int) -> str:
    """As Prometheus writes it: in hours where they are whole."""
    return f"{seconds // 3600}h" if seconds % 3600 == 0 else f"{seconds // 60}m"


def _is_freed_by_restart(release: Release, task: str) -> bool:
    """Whether the start of nova-compute does anything about a task, by the rows that hold on no condition."""
    return any(
        row.effect != "none"
        for row in release.facts("startup")
        if row.condition is None
        and task in (row.start.task_states or ())
        and set(_SETTLED_VM_STATES).intersection(row.start.vm_states or ())
    )
