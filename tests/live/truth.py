"""What is true of servers at a moment: what Nova's database says, as an answer would have to tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.live.processes import Nova

Record = Mapping[str, object]
"""A record: what an answer has to tell, by the names of `nova_states.interface.Answer`."""
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Truth:
    """Rows of the database, the oldest first."""

    instances: Rows
    faults: Rows
    actions: Rows
    steps: Rows
    migrations: Rows
    shown: Mapping[str, Mapping[str, Any]]
    """Server → what the API shows of it: what it makes of the states, and when it shows a fault, only it knows."""
    services: Rows
    """From the API as well, which works out who is up."""

    def server(self, uuid: str) -> Record:
        """What is true of a server."""
        row = next(row for row in self.instances if row["uuid"] == uuid)
        faults = [row["message"] for row in self.faults if row["instance_uuid"] == uuid]
        return {
            "record": "server",
            "id": uuid,
            "vm_state": row["vm_state"],
            "task_state": row["task_state"],
            "power_state": row["power_state"],
            "status": self.shown[uuid]["status"],
            "fault": faults[-1] if "fault" in self.shown[uuid] else None,
        }

    def servers(self) -> list[Record]:
        """What is true of the servers that the API shows."""
        return [self.server(uuid) for uuid in self.shown]

    def listed(self, *, is_long: bool) -> list[Record]:
        """What a list tells of the servers it shows."""
        hidden = ("vm_state", "fault") if is_long else ("vm_state", "fault", "task_state", "power_state")
        return [{**without(record, *hidden), "vm_state_candidates": record["vm_state"]} for record in self.servers()]

    def events(self, *, is_long: bool = False) -> list[Record]:
        """What a list tells of the actions of the past; only a long one whether they failed."""
        return [
            {
                "record": "event",
                "request_id": row["request_id"],
                "action": row["action"],
                "server": row["instance_uuid"],
                **({"message": row["message"]} if is_long else {}),
            }
            for row in self.actions
        ]

    def last_event(self) -> list[Record]:
        """What is true of the newest action, and of the steps that it took."""
        action = self.actions[-1]
        results = {row["result"] for row in self.steps if row["action_id"] == action["id"]}
        return [
            {
                "record": "event",
                "request_id": action["request_id"],
                "action": action["action"],
                "message": action["message"],
                **({"result": "Error"} if "Error" in results else {}),
            }
        ]

    def migrated(self) -> list[Record]:
        """What is true of the migrations."""
        return [
            {
                "record": "migration",
                "server": row["instance_uuid"],
                "status": row["status"],
                "migration_type": row["migration_type"],
                "source": row["source_compute"],
                "destination": row["dest_compute"],
            }
            for row in self.migrations
            if not row["deleted"]
        ]

    def computes(self) -> list[Record]:
        """What is true of the services."""
        names = ("binary", "host", "status", "state")
        return [{"record": "service", **{name: row[name] for name in names}} for row in self.services]


def without(record: Record, *names: str) -> Record:
    """A record but for what is not shown of it."""
    return {name: value for name, value in record.items() if name not in names}


def truth_of(nova: Nova, server: str | None = None) -> Truth:
    """What is true of a server, or of all that a list shows."""
    if server:
        shown = [nova.ask("GET", f"/servers/{server}").json()["server"]]
    else:
        shown = nova.ask("GET", "/servers/detail?all_tenants=1").json()["servers"]
    by_server = {"instance_uuid": server} if server else {}
    return Truth(
        instances=nova.rows("instances", **({"uuid": server} if server else {})),
        faults=nova.rows("instance_faults", **by_server),
        actions=nova.rows("instance_actions", **by_server),
        steps=nova.rows("instance_actions_events"),
        migrations=nova.rows("migrations", **by_server),
        shown={row["id"]: row for row in shown},
        services=[] if server else nova.ask("GET", "/os-services").json()["services"],
    )
