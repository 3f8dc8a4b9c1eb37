"""What people paste of servers: outputs of the client and answers of the API, beside what is true of them meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.live.processes import Nova, OpenStack
from tests.live.truth import Record, Truth, truth_of, without

_TRIES: Final = 5
_FORMS: Final = ("table", "json", "yaml", "value", "csv")
_STATES: Final = "-c id -c status -c OS-EXT-STS:vm_state -c OS-EXT-STS:task_state -c OS-EXT-STS:power_state"

_USUAL: Final[Mapping[str, str]] = {
    "server show table": "server show {server}",
    "server show json": "server show {server} -f json",
    "API 2.100": "GET 2.100 /servers/{server}",
    "event list table": "server event list {server}",
    "event list json": "server event list {server} -f json",
    "event show json": "server event show {server} {request} -f json",
    "migration list table": "server migration list --server {server}",
}
"""What is looked at of every server in every release: name → command, or GET, microversion and path."""
_MORE: Final[Mapping[str, str]] = {
    "server show yaml": "server show {server} -f yaml",
    "server show shell": "server show {server} -f shell",
    "server show value": "server show {server} -f value",
    "server show narrow": "server show {server} --max-width 80",
    "server show columns": "server show {server} " + _STATES,
    "server show json, member": "server show {server} -f json",
    "server show table, member": "server show {server}",
    "server show json, 2.1": "--os-compute-api-version 2.1 server show {server} -f json",
    "server show table, 2.1": "--os-compute-api-version 2.1 server show {server}",
    "API 2.1": "GET 2.1 /servers/{server}",
    "event list long": "server event list {server} --long",
    "event list yaml": "server event list {server} -f yaml",
    "event list value": "server event list {server} -f value",
    "event list csv": "server event list {server} -f csv",
    "event show table": "server event show {server} {request}",
    "migration list json": "server migration list --server {server} -f json",
    "migration list yaml": "server migration list --server {server} -f yaml",
    "migration list value": "server migration list --server {server} -f value",
    "migration list csv": "server migration list --server {server} -f csv",
}
_TOGETHER: Final = ("server show table", "event list table", "migration list table")
"""Pasted one after the other they tell of one server."""
_USUAL_LISTS: Final[Mapping[str, str]] = {
    "server list table": "server list --all-projects",
    "server list json": "server list --all-projects -f json",
    "server list --long table": "server list --all-projects --long",
    "server list --long json": "server list --all-projects --long -f json",
    "API list 2.100": "GET 2.100 /servers/detail?all_tenants=1",
    "migration list table": "server migration list",
    "service list table": "compute service list",
}
_MORE_LISTS: Final[Mapping[str, str]] = {
    **{f"server list {form}": f"server list --all-projects -f {form}" for form in _FORMS[2:]},
    **{f"server list --long {form}": f"server list --all-projects --long -f {form}" for form in _FORMS[2:]},
    "server list --long narrow": "server list --all-projects --long --max-width 160",
    "server list --long table, member": "server list --long",
    "server list --long json, member": "server list --long -f json",
    "server list --long table, 2.1": "--os-compute-api-version 2.1 server list --all-projects --long",
    "server list --long json, 2.1": "--os-compute-api-version 2.1 server list --all-projects --long -f json",
    "API list 2.1": "GET 2.1 /servers/detail?all_tenants=1",
    **{f"migration list {form}": f"server migration list -f {form}" for form in _FORMS[1:]},
    **{f"service list {form}": f"compute service list -f {form}" for form in _FORMS[1:]},
}
_SHOWN: Final[Mapping[str, Callable[[Truth], Sequence[Record]]]] = {
    "server show columns": lambda truth: [without(record, "fault") for record in truth.servers()],
    "server show": Truth.servers,
    "API": Truth.servers,
    "server list --long": lambda truth: truth.listed(is_long=True),
    "server list": lambda truth: truth.listed(is_long=False),
    "event list long": lambda truth: truth.events(is_long=True),
    "event list": Truth.events,
    "event show": Truth.last_event,
    "migration list": Truth.migrated,
    "service list": Truth.computes,
}
"""What the name of an output begins with → what it shows; the longer before the shorter."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One output."""

    name: str
    """What it is an output of, "server show yaml"."""
    command: str
    text: str
    records: Sequence[Record]
    """What it shows; `record` is there in each."""


@dataclass(frozen=True, kw_only=True)
class Looker:
    """Makes outputs."""

    nova: Nova
    openstack: OpenStack

    def looks_at(self, server: str, *, is_brief: bool = False) -> list[Look]:
        """Outputs about one server.

        Raises:
            TimeoutError: It changes all the time.
        """
        (request,) = [row["request_id"] for row in self.nova.rows("instance_actions", instance_uuid=server)][-1:]
        commands = {
            name: command.format(server=server, request=request)
            for name, command in {**_USUAL, **({} if is_brief else _MORE)}.items()
        }
        looks = self._made(server, commands)
        together = [look for look in looks if look.name in _TOGETHER]
        return [
            *looks,
            Look(
                name="one after the other",
                command="; ".join(look.command for look in together),
                text="".join(f"$ {look.command}\n{look.text}\n" for look in together),
                records=[record for look in together for record in look.records],
            ),
        ]

    def looks_at_all(self, *, is_brief: bool = False) -> list[Look]:
        """Outputs about all servers.

        Raises:
            TimeoutError: They change all the time.
        """
        return self._made(None, {**_USUAL_LISTS, **({} if is_brief else _MORE_LISTS)})

    def refusals(self, server: str, action: str, command: str, record: Record) -> list[Look]:
        """What the API and the client say of an action that is refused."""
        path = f"/servers/{server}/action"
        texts = {
            f"POST {path} {action}": self.nova.ask("POST", path, {action: None}).text,
            f"openstack {command} {server}": self.openstack.run(*command.split(), server),
        }
        # The client asks nothing where it sees by itself that the wish is fulfilled, and prints nothing.
        return [
            Look(name="refusal", command=asked, text=text, records=[_told(record, text)])
            for asked, text in texts.items()
            if text.strip()
        ]

    def _made(self, server: str | None, commands: Mapping[str, str]) -> list[Look]:
        """Outputs during which nothing changed of what they show."""
        for _ in range(_TRIES):
            before = truth_of(self.nova, server)
            texts = {name: self._text(name, command) for name, command in commands.items()}
            after = truth_of(self.nova, server)
            looks = [list(_looks(commands, texts, truth)) for truth in (before, after)]
            if looks[0] == looks[1]:
                return looks[0]
        raise TimeoutError(f"{server or 'something'} changes all the time")

    def _text(self, name: str, command: str) -> str:
        if command.startswith("GET "):
            verb, version, path = command.split()
            return self.nova.ask(verb, path, version=version).text
        return self.openstack.run(*command.split(), user="member" if "member" in name else "admin")


def _looks(commands: Mapping[str, str], texts: Mapping[str, str], truth: Truth) -> Iterable[Look]:
    for name, text in texts.items():
        shows = next(shows for start, shows in _SHOWN.items() if name.startswith(start))
        command = commands[name]
        command = command if command.startswith("GET ") else f"openstack {command}"
        yield Look(name=name, command=command, text=text, records=shows(truth))


def _told(record: Record, text: str) -> Record:
    """A refusal as its text can tell it: "Instance X is not ready" names neither the state nor what was asked."""
    if str(record.get("attribute")) in text:
        return record
    return {name: value for name, value in record.items() if name not in ("action", "attribute", "value")}
