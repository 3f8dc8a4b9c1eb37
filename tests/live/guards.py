"""Asks a running Nova for actions in states written into its database, and says what it answered and what was foretold.

Nothing gets behind the API meanwhile: what it asks of another service is lost (`Controls.doors`), so that a server is
after an action what it was before, but for what the API itself writes; that is written over before the next.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any, Final

import yaml

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.permissions import decide
from nova_states.catalog.release import Release
from nova_states.facts.guard_check import Refusal, ServerStates
from nova_states.facts.observed import Answer, Cell
from tests.live.environments import HERE
from tests.live.processes import Nova, Reply
from tests.live.scenes import Stage, accepted

REQUESTS: Final[Mapping[str, Mapping[str, Any]]] = yaml.safe_load((HERE / "requests.yml").read_text(encoding="utf-8"))
"""Action → its request."""
_VOLUME: Final = "a07f71dc-8151-4e7d-a0cc-cd24a3f11113"
"""One of Nova's stand-in for Cinder."""
_REFUSED: Final = re.compile(
    r"(?:while it is|nstance \S+) in (?P<attribute>vm_state|task_state|launched_at) (?P<value>[\w-]+)"
    r"|[Ii]nstance \S+ is (?:not ready|in an invalid state)|nova\.exception\.InstanceInvalidState"
)
_BEFORE_THE_GUARD: Final = re.compile(r"Instance \S+ is not attached to volume|volume \S+ is not migrating")
"""Said by the controllers of volumes before they come to the guard, where the server asked has lost its volume."""
_STATUSES: Final = (400, 409, 500)
"""Where Cinder asks, a controller makes it 400. Nova takes its own refusal for an error of its own where no controller
expects it: that of a console."""
_REDIRECTS: Final = 300
_LAUNCHED: Final = "2026-01-01T00:00:00"


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """An action, asked for in some states."""

    action: str
    vm_state: str
    task_state: str | None
    is_launched: bool = True

    @property
    def cell(self) -> Cell:
        return Cell(self.action, self.vm_state, self.task_state)


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """What was answered."""

    question: Question
    http: int
    message: str
    """Of a refusal of any kind; server's ids are left out."""
    is_refused: bool
    """Whether for the states."""
    attribute: str | None
    value: str | None
    foretold: Refusal | None
    """The refusal that the facts tell of; None: they tell of none."""

    @property
    def answer(self) -> Answer:
        """What is kept of it."""
        return Answer(self.http, (self.attribute or "state") if self.is_refused else None)

    @property
    def has_reached_the_guard(self) -> bool:
        """Whether the answer tells anything of the guard, be it as foretold or not."""
        return _BEFORE_THE_GUARD.search(self.message) is None

    @property
    def is_as_foretold(self) -> bool:
        if self.foretold is None or not self.is_refused:
            return self.is_refused == (self.foretold is not None)
        # One that names no state is refused for them all the same: a console of a server that is not ready.
        return self.attribute is None or (self.foretold.attribute, self.foretold.value) == (self.attribute, self.value)


def questions(release: str) -> list[Question]:
    """Every action that can be asked for, in every vm_state and task_state, in a fixed order."""
    states = release_facts(release)
    return [
        Question(action=action, vm_state=vm_state, task_state=task_state)
        for action in sorted(REQUESTS)
        for vm_state in sorted(states.vm_states)
        for task_state in (None, *sorted(states.task_states))
    ]


def drawn(release: str, share: float, seed: int) -> list[Question]:
    """A part of the questions, and beside it a few about servers that were never launched."""
    chance = random.Random(seed)
    everything = questions(release)
    chosen = chance.sample(range(len(everything)), round(len(everything) * share))
    idle = [question for question in everything if question.task_state is None]
    unlaunched = chance.sample(idle, round(len(idle) * share))
    return [everything[place] for place in sorted(chosen)] + [
        Question(action=one.action, vm_state=one.vm_state, task_state=None, is_launched=False) for one in unlaunched
    ]


@lru_cache
def release_facts(version: str) -> Release:
    """The facts of a release, as they are stored."""
    return load_catalog().release(version)


def foretold(release: str, question: Question) -> Refusal | None:
    """Why the facts say that an action is refused; None: that its states allow it."""
    server = ServerStates(vm_state=question.vm_state, task_state=question.task_state, launched=question.is_launched)
    return decide(release_facts(release), question.action, server)


@dataclass(kw_only=True)
class Asker:
    """Asks, of a server that it has for that."""

    nova: Nova
    stage: Stage | None = None
    kept: Mapping[str, object] = field(default_factory=dict)
    """What else its row has to have before a question."""
    boots_from_volume: bool = False

    def ask(self, question: Question) -> Observation:
        """Bring the server into the states, and ask."""
        stage = self._prepared(question)
        reply = self._request(question.action, stage.server)
        found = _REFUSED.search(reply.text) if reply.status in _STATUSES else None
        return Observation(
            question=question,
            http=reply.status,
            message=reply.text.replace(stage.server, "…")[:300] if reply.status >= _REDIRECTS else "",
            is_refused=found is not None,
            attribute=found and found["attribute"],
            value=None if found is None or found["value"] == "None" else found["value"],
            foretold=foretold(self.nova.release, question),
        )

    def ask_until_the_guard(self, question: Question) -> Observation:
        """Ask, and once more of a new server where the guard was not reached."""
        found = self.ask(question)
        if found.has_reached_the_guard:
            return found
        self.stage = None
        return self.ask(question)

    def _prepared(self, question: Question) -> Stage:
        stage = self.stage if self.stage and not self.stage.row()["deleted"] else self._new()
        states = {"vm_state": question.vm_state, "task_state": question.task_state}
        stage.write({**self.kept, **states, "launched_at": _LAUNCHED if question.is_launched else None})
        if question.action == "delete_instance_metadata":
            where = {"instance_uuid": stage.server}
            self.nova.control("write", table="instance_metadata", where=where, values={"deleted": 0})
        self._let_boot_from_volume(stage, is_wanted=question.action == "snapshot_volume_backed")
        self.nova.control("option", name="reclaim_instance_interval", value=3600 * (question.action == "soft_delete"))
        return stage

    def _let_boot_from_volume(self, stage: Stage, *, is_wanted: bool) -> None:
        if self.boots_from_volume != is_wanted:
            kind = ("volume", "volume", _VOLUME) if is_wanted else ("image", "local", None)
            values = dict(zip(("source_type", "destination_type", "volume_id"), kind, strict=True))
            where = {"instance_uuid": stage.server, "boot_index": 0}
            assert self.nova.control("write", table="block_device_mapping", where=where, values=values) == 1
            self.boots_from_volume = is_wanted

    def _new(self) -> Stage:
        """A server with what some requests are about: metadata, a volume."""
        self.nova.control("doors", are_open=True)
        # What asks about a volume is answered only where one server has it.
        where, gone = {"volume_id": _VOLUME}, {"deleted": 1}
        self.nova.control("write", table="block_device_mapping", where=where, values=gone)
        self.boots_from_volume = False
        self.stage = stage = Stage(nova=self.nova, name="asked")
        stage.create({"metadata": {"key": "value"}})
        volume = {"volumeAttachment": {"volumeId": _VOLUME}}
        accepted(self.nova.ask("POST", f"/servers/{stage.server}/os-volume_attachments", volume))
        # What attaches it works on behind the API, and needs the doors.
        stage.until(lambda: self._is_attached(stage.server), wanted=True)
        self.nova.control("doors", are_open=False)
        row = stage.row()
        self.kept = {name: row[name] for name in ("host", "node", "power_state", "cleaned", "locked", "locked_by")}
        return stage

    def _is_attached(self, server: str) -> bool:
        actions = self.nova.rows("instance_actions", instance_uuid=server, action="attach_volume")
        steps = [
            step for action in actions for step in self.nova.rows("instance_actions_events", action_id=action["id"])
        ]
        return any(step["result"] == "Success" for step in steps)

    def _request(self, action: str, server: str) -> Reply:
        request = REQUESTS[action]
        verb, _, below = request.get("path", "POST /action").partition(" ")
        version = request.get("version", "latest")
        path = below[1:] if below.startswith("~") else f"/servers/{server}{below}"
        return self.nova.ask(verb, path, request.get("body"), version=version)


@contextmanager
def asking(nova: Nova) -> Iterator[Asker]:
    """Somebody who asks; afterwards the doors behind the API are open again."""
    try:
        yield Asker(nova=nova)
    finally:
        nova.control("doors", are_open=True)
        nova.control("option", name="reclaim_instance_interval", value=None)


def as_json(observations: Sequence[Observation]) -> list[dict[str, Any]]:
    """Observations, to be kept."""
    return [asdict(one) | {"is_as_foretold": one.is_as_foretold} for one in observations]
