"""Brings a server into a situation, by the steps that scenes.yml has for it, and takes back what was set for that."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from tests.live.environments import HERE
from tests.live.processes import Nova, Reply

SCENES: Final[Mapping[str, list[dict[str, Any]]]] = yaml.safe_load((HERE / "scenes.yml").read_text(encoding="utf-8"))
"""Name of a scene → its steps."""
IMAGE: Final = "155d900f-4e14-4e4c-a73d-069cbf4541e6"
"""Of Nova's stand-in for Glance."""
HUGE: Final = {"name": "huge", "id": "huge", "ram": 99_999_999, "vcpus": 1, "disk": 1}
_PATIENCE: Final = 60
"""Seconds; most steps take less than one."""
_OFTEN: Final = 0.1


@dataclass(kw_only=True)
class Stage:
    """A scene while it is brought about and looked at."""

    nova: Nova
    name: str
    server: str = ""
    """Its id."""
    stopped: list[str] = field(default_factory=list)
    down: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)

    def play(self, step: Mapping[str, Any]) -> None:
        """Do one step."""
        ((word, what),) = step.items()
        _STEPS[word](self, what)

    def row(self) -> dict[str, Any]:
        """The server in Nova's database; empty before the conductor has put it there."""
        return next(reversed(self.nova.rows("instances", uuid=self.server)), {})

    def ask(self, action: str | Mapping[str, Any], *, user: str = "admin") -> Reply:
        """Ask for an action."""
        body = {action: None} if isinstance(action, str) else action
        return self.nova.ask("POST", f"/servers/{self.server}/action", body, user=user)

    def create(self, wanted: Mapping[str, Any] | None) -> None:
        wanted = dict(wanted or {})
        flavor = wanted.pop("flavor", "1")
        if flavor == "huge":
            self.nova.ask("POST", "/flavors", {"flavor": HUGE})
        body = {"name": self.name, "imageRef": IMAGE, "flavorRef": flavor, "networks": "none", **wanted}
        self.server = accepted(self.nova.ask("POST", "/servers", {"server": body})).json()["server"]["id"]
        if flavor != "huge" and self.name not in ("build-hangs", "build-refused"):
            self.wait({"vm_state": "active", "task_state": None})

    def delete(self, _nothing: None) -> None:
        accepted(self.nova.ask("DELETE", f"/servers/{self.server}"))

    def wait(self, wanted: Mapping[str, Any]) -> None:
        def look() -> dict[str, object]:
            row = self.row()
            return {name: row.get(name) for name in wanted}

        self.until(look, wanted)

    def wait_for_migration(self, status: str) -> None:
        self.until(
            lambda: [row["status"] for row in self.nova.rows("migrations", instance_uuid=self.server)][-1:], [status]
        )

    def wait_for_end(self, message: str) -> None:
        self.until(lambda: self.nova.rows("instance_actions", instance_uuid=self.server)[-1]["message"], message)

    def until(self, look: Callable[[], object], wanted: object) -> None:
        """Wait until something is seen.

        Raises:
            TimeoutError: it is not seen in time.
        """
        end = time.monotonic() + _PATIENCE
        while (seen := look()) != wanted:
            if time.monotonic() > end:
                raise TimeoutError(f"{self.nova.release} {self.name}: {wanted} is waited for; {seen}")
            time.sleep(_OFTEN)

    def hang(self, method: str) -> None:
        self.nova.control("hang", method=method)

    def fail(self, messages: Mapping[str, str]) -> None:
        for method, message in messages.items():
            self.nova.control("fault", method=method, message=message)

    def stop(self, host: str) -> None:
        self.nova.control("stop", host=host)
        self.stopped.append(host)

    def start(self, host: str) -> None:
        self.nova.control("start", host=host)
        self.stopped.remove(host)

    def set_down(self, host: str, *, is_down: bool = True) -> None:
        (service,) = self.nova.ask("GET", f"/os-services?host={host}&binary=nova-compute").json()["services"]
        accepted(self.nova.ask("PUT", f"/os-services/{service['id']}", {"forced_down": is_down}))
        if is_down:
            self.down.append(host)

    def set_options(self, options: Mapping[str, object]) -> None:
        for name, value in options.items():
            self.nova.control("option", name=name, value=value)
            self.options.append(name)

    def write(self, values: Mapping[str, object]) -> None:
        count = self.nova.control("write", table="instances", where={"uuid": self.server}, values=values)
        assert count == 1

    def take_back(self) -> None:
        """Undo what was set outside the server."""
        self.nova.control("mend")
        for name in self.options:
            self.nova.control("option", name=name, value=None)
        # In this order: a host that servers were evacuated from is not let up before it has been started.
        for host in list(self.stopped):
            self.start(host)
        for host in self.down:
            self.set_down(host, is_down=False)


_STEPS: Final[Mapping[str, Callable[[Stage, Any], object]]] = {
    "create": Stage.create,
    "delete": Stage.delete,
    "ask": lambda stage, action: accepted(stage.ask(action)),
    "wait": Stage.wait,
    "migration": Stage.wait_for_migration,
    "ended": Stage.wait_for_end,
    "hang": Stage.hang,
    "fail": Stage.fail,
    "stop": Stage.stop,
    "start": Stage.start,
    "down": Stage.set_down,
    "option": Stage.set_options,
    "write": Stage.write,
    "power": lambda stage, state: stage.nova.control("power", uuid=stage.server, state=state),
    "periodic": lambda stage, task: stage.nova.control("periodic", task=task),
}


@contextmanager
def scene(nova: Nova, name: str) -> Iterator[Stage]:
    """A server in a situation; afterwards it stays, and all around it works again.

    Raises:
        TimeoutError: it does not get there.
    """
    stage = Stage(nova=nova, name=name)
    try:
        for step in SCENES[name]:
            stage.play(step)
        yield stage
    finally:
        stage.take_back()


def accepted(reply: Reply) -> Reply:
    """A reply that is no refusal."""
    assert reply.status < 300, f"{reply.status} {reply.text}"
    return reply
