"""Drives a server through an action, or what its nova-compute does by itself, and tells what Nova wrote meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from nova_states.facts.observed_writes import Write
from tests.live.guards import REQUESTS
from tests.live.processes import Nova, Reply
from tests.live.scenes import HUGE, IMAGE, Stage, accepted

OTHER_IMAGE: Final = "a2459075-d96c-40d5-893e-577ff92e721c"
_PATIENCE: Final = 8
"""Seconds until what is still under way is left alone; most are done in a tenth of one."""
ACCEPTED: Final = 202
_VIA: Final[Mapping[str, tuple[Any, ...]]] = {
    "resized": ({"resize": {"flavorRef": "2"}},),
    "shelved": ({"option": {"shelved_offload_time": -1}}, "shelve"),
    "shelved_offloaded": ("shelve",),
    "soft-delete": ({"option": {"reclaim_instance_interval": 3600}}, "delete"),
}
"""vm_state → what is asked for to get there; any other is written."""
_POWER: Final = {"paused": "PAUSED", "stopped": "SHUTDOWN", "suspended": "SHUTDOWN"}
"""What the hypervisor says of a server in a vm_state, where it is not that it runs."""
_NEEDS_NEW: Final = frozenset(
    {"resize", "confirm_resize", "revert_resize", "evacuate", "live_migrate", "live_migrate_abort", "shelve", "create"}
)
"""Actions after which a server is on another host, or on none."""
_OPTIONS: Final[Mapping[str, Mapping[str, object]]] = {
    "soft_delete": {"reclaim_instance_interval": 3600},
    "restore": {"reclaim_instance_interval": 3600},
    "power_sync": {"sync_power_state_pool_size": 10},
    "periodic:poll_rescued_instances": {"rescue_timeout": 1},
    "periodic:poll_unconfirmed_resizes": {"resize_confirm_window": 1},
    "periodic:poll_shelved_instances": {"shelved_offload_time": 1},
    "periodic:reclaim_queued_deletes": {"reclaim_instance_interval": 1},
    "periodic:check_instance_build_time": {"instance_build_timeout": 1},
}


class Trouble(NamedTuple):
    """What happens when Nova calls something at its borders."""

    call: str
    raises: str | None = None
    task: str | None = None
    """The task that somebody else writes into the row first."""
    steps: tuple[tuple[str, str], ...] = ()
    """Of a snapshot: tasks that the driver says it has come to, each with the one before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Drive:
    """One thing that is driven, of a server in a state."""

    action: str
    vm_state: str = "active"
    task_state: str | None = None
    power: str | None = None
    """What the hypervisor says; None: what it would."""
    body: Mapping[str, Any] | None = None
    """In place of the request's ordinary one."""
    row: tuple[tuple[str, Any], ...] = ()
    """What else its row has."""
    options: tuple[tuple[str, Any], ...] = ()
    troubles: tuple[Trouble, ...] = ()
    is_host_down: bool = False

    @property
    def is_by_itself(self) -> bool:
        """Whether nobody asks for it."""
        return self.action.partition(":")[0] in {"startup", "power_sync", "lifecycle", "periodic"}

    @property
    def wants_host_down(self) -> bool:
        """Whether Nova has to take the server's host for down."""
        return self.action == "evacuate" or self.is_host_down

    @property
    def sure(self) -> dict[str, str | bool]:
        """What variables of Nova's code hold in a drive, also where nothing on the way to a write tells."""
        if self.action == "startup":
            return {"evacuations": False}
        return {"vm_power_state": self.power} if self.action == "power_sync" and self.power else {}

    @property
    def is_brought_about(self) -> bool:
        """Whether the vm_state is got to by asking Nova, and not only written."""
        is_written = self.action.partition(":")[0] in {"startup", "power_sync", "lifecycle", "event", "reset_state"}
        return self.vm_state in _VIA and self.task_state is None and not is_written

    @property
    def is_of_its_own(self) -> bool:
        """Whether it wants a server that nothing else was driven with, nor will be."""
        return self.is_brought_about or self.is_host_down or self.action in _NEEDS_NEW


class Driven(NamedTuple):
    """What came of it."""

    writes: frozenset[Write]
    calls: tuple[str, ...]
    """What Nova called at its borders."""
    http: int
    after: tuple[str, str | None]
    """The row's vm_state and task_state in the end; the vm_state "deleted" where the row was taken away."""
    lines: frozenset[str]
    """Lines of the functions that are watched, each with its file and function, as evidence is written."""
    held: tuple[tuple[str, bool], ...]
    """Tests in these functions, and whether they held."""
    errors: tuple[tuple[str, ...], ...]
    """Exceptions that came from the borders, each with what it derives from."""


@dataclass(kw_only=True)
class Stand:
    """A Nova whose writes are noted, with a server to drive."""

    nova: Nova
    stage: Stage | None = None
    fresh: Mapping[str, Any] = field(default_factory=dict)
    """The row of the server when it was new."""

    def drive(self, drive: Drive) -> Driven:
        """Bring about the state and the trouble, ask, wait, and take the trouble back."""
        options = {**_OPTIONS.get(drive.action, {}), **dict(drive.options)}
        try:
            stage = self._prepared(drive)
            for name, value in options.items():
                self.nova.control("option", name=name, value=value)
            self.nova.control("begin", sure=drive.sure)
            for trouble in drive.troubles:
                values = {"task_state": trouble.task} if trouble.task else None
                uuid = stage.server or None
                self.nova.control(
                    "trouble", call=trouble.call, raises=trouble.raises, uuid=uuid, values=values, steps=trouble.steps
                )
            reply = self._set_off(drive, stage)
            noted = self.nova.control("noted", seconds=_PATIENCE)
            row = stage.row() if stage.server else {}
        finally:
            self.nova.control("calm")
            for name in options:
                self.nova.control("option", name=name, value=None)
            if drive.wants_host_down and self.stage:
                self._let_up()
        if drive.action == "create" and stage.server:
            _hide(stage)
        if drive.is_of_its_own or not noted["is_done"]:
            self._leave()
        return Driven(
            writes=frozenset(
                Write(
                    action=drive.action,
                    before=write["before"] and tuple(write["before"]),
                    after=tuple(write["after"]),
                    way=tuple(f"{file}:{line} {function}" for file, line, function in write["way"]),
                    errors=tuple(sorted({tuple(names) for names in write["errors"]})),
                    held=tuple(sorted(write["held"].items())),
                )
                for write in noted["writes"]
                if write["uuid"] == stage.server
            ),
            calls=tuple(noted["calls"]),
            http=reply.status,
            after=("deleted" if row.get("deleted") else row.get("vm_state", ""), row.get("task_state")),
            lines=frozenset(f"{file}:{line} {function}" for file, line, function in noted["lines"]),
            held=tuple(sorted(noted["held"].items())),
            errors=tuple(sorted({tuple(names) for names in noted["raised"]})),
        )

    def _set_off(self, drive: Drive, stage: Stage) -> Reply:
        if drive.is_by_itself:
            self.nova.control("react", how=drive.action, uuid=stage.server)
            return Reply(status=0, text="")
        if drive.action == "create":
            body = {"name": "new", "imageRef": IMAGE, "flavorRef": "1", "networks": "auto", **(drive.body or {})}
            reply = self.nova.ask("POST", "/servers", {"server": body})
            if reply.status == ACCEPTED:
                stage.server = reply.json()["server"]["id"]
            return reply
        if drive.action == "event:power-update":
            tag = (drive.body or {}).get("tag", "POWER_OFF")
            event = {"name": "power-update", "server_uuid": stage.server, "tag": tag}
            return self.nova.ask("POST", "/os-server-external-events", {"events": [event]})
        if drive.action == "live_migrate_abort":
            return self._abort_one_in_the_queue(stage)
        request = REQUESTS.get(drive.action, {})
        verb, _, below = request.get("path", "POST /action").partition(" ")
        version = request.get("version", "latest")
        return self.nova.ask(
            verb, f"/servers/{stage.server}{below}", drive.body or request.get("body"), version=version
        )

    def _abort_one_in_the_queue(self, stage: Stage) -> Reply:
        first = Stage(nova=self.nova, name="first")
        first.create({"networks": "auto", "host": stage.row()["host"]})
        self.nova.control("hang", method="live_migration")
        for one, status in ((first, "running"), (stage, "queued")):
            accepted(one.ask({"os-migrateLive": {"host": None, "block_migration": "auto"}}))
            one.wait_for_migration(status)
        number = self.nova.rows("migrations", instance_uuid=stage.server)[-1]["id"]
        self.nova.control("begin", sure={})
        reply = self.nova.ask("DELETE", f"/servers/{stage.server}/migrations/{number}")
        self.nova.control("noted", seconds=1)
        self.nova.control("mend")
        return reply

    def _prepared(self, drive: Drive) -> Stage:
        if drive.action == "create":
            # What it makes is known only afterwards: nothing else is under way meanwhile.
            return Stage(nova=self.nova, name="new")
        stage = self._server(drive)
        states = {"vm_state": drive.vm_state, "task_state": drive.task_state, **dict(drive.row)}
        stage.write(states)
        power = drive.power or (None if drive.is_by_itself else _POWER.get(drive.vm_state))
        if power:
            self.nova.control("power", uuid=stage.server, state=power)
        if drive.wants_host_down:
            stage.set_down(stage.row()["host"])
        return stage

    def _server(self, drive: Drive) -> Stage:
        stage = self.stage
        is_good = stage and not stage.row()["deleted"] and self.nova.control("has_guest", uuid=stage.server)
        if not stage or not is_good or drive.is_of_its_own:
            self._leave()
            stage = self._new()
        else:
            names = ("host", "node", "power_state", "launched_at", "cleaned", "locked", "shutdown_terminate")
            stage.write({name: self.fresh[name] for name in (*names, "disable_terminate", "updated_at", "created_at")})
            self.nova.control("power", uuid=stage.server, state="RUNNING")
        if drive.is_brought_about:
            self._get_to(drive.vm_state, stage)
        return stage

    def _get_to(self, vm_state: str, stage: Stage) -> None:
        options = []
        for step in _VIA.get(vm_state, ()):
            if isinstance(step, dict) and "option" in step:
                options += list(step["option"])
                for name, value in step["option"].items():
                    self.nova.control("option", name=name, value=value)
            elif step == "delete":
                stage.delete(None)
            else:
                accepted(stage.ask(step))
        if _VIA.get(vm_state):
            stage.wait({"vm_state": vm_state, "task_state": None})
            self.nova.control("noted", seconds=_PATIENCE)
        for name in options:
            self.nova.control("option", name=name, value=None)

    def _new(self) -> Stage:
        self.stage = stage = Stage(nova=self.nova, name="driven")
        stage.create({"networks": "auto"})
        self.nova.control("noted", seconds=_PATIENCE)
        self.fresh = stage.row()
        return stage

    def _leave(self) -> None:
        """Let nothing that looks at all servers find the last one any more."""
        if self.stage:
            _hide(self.stage)
        self.stage = None

    def give_up(self) -> None:
        """Leave a server that could not be driven."""
        self.nova.control("mend")
        self._leave()

    def _let_up(self) -> None:
        assert self.stage
        self.nova.control(
            "write", table="migrations", where={"migration_type": "evacuation"}, values={"status": "completed"}
        )
        for host in self.stage.down:
            self.stage.set_down(host, is_down=False)
        self.stage.down.clear()


def _hide(stage: Stage) -> None:
    values = {"host": None, "node": None, "deleted": 1, "task_state": None}
    stage.nova.control("write", table="instances", where={"uuid": stage.server}, values=values)


@contextmanager
def standing(nova: Nova, tests: Sequence[str]) -> Iterator[Stand]:
    """A Nova whose writes are noted from now on, and whether some tests of its code hold at each."""
    nova.control("note", texts=list(tests))
    nova.ask("POST", "/flavors", {"flavor": HUGE})
    stand = Stand(nova=nova)
    try:
        yield stand
    finally:
        stand.give_up()
