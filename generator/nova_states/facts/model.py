"""What a fact is: the shapes that cross from the introspection to the pages.

A fact is a value plus its evidence. `None` in place of a tuple of states means "not checked"; `None` inside a tuple
of task states is Nova's None, no task. All shapes are plain data: they can be stored, compared and hashed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeAlias, TypeVar

from nova_states.facts.condition import Condition

StateKind: TypeAlias = Literal["power_state", "vm_state", "task_state"]
States: TypeAlias = tuple[str | None, ...] | None
"""States a condition names, sorted with None first; None: any state."""
Certainty: TypeAlias = Literal["exact", "conditional", "symbolic", "unknown"]
"""How far a step holds. "symbolic": one row for each value that a name may have. "unknown": a call that is not read has
its part in it (`Unread` among its conditions)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """The place in Nova's source a fact was read from."""

    file: str
    """Path in the tree, "nova/compute/api.py"."""
    line: int
    function: str | None
    """Qualified name of the function around the place, "API.stop"; None at a module's top level."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Constant:
    """A named state value (nova/compute/{power_state,vm_states,task_states}.py)."""

    kind: StateKind
    name: str
    """Nova's constant, "SOFT_DELETED"."""
    value: str | int
    """What the database and the API hold, "soft-delete"; a power_state is a number."""
    operations: tuple[str, ...]
    """For a task_state the API functions it belongs to, as the source groups them; else empty."""
    label: str | None
    """For a power_state its word in STATE_MAP, "pending"; else None."""
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A named list of states (ALLOW_*, *_states) or a condition over them."""

    name: str
    kind: StateKind
    """Which sort of state it names."""
    values: States
    """Its states in the order of the source; None for a condition."""
    condition: Condition | None
    """The condition, one test of the source; None for a list."""
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """How an action is asked for over REST."""

    verb: str
    """HTTP method, "POST"."""
    path: str
    """Path with its placeholders, "/servers/{server_id}/action"."""
    body_key: str | None
    """Key of the request's body that names the action, "os-stop"; None where path and verb decide."""
    conflict_name: str | None
    """The word a 409 message puts in quotes, "stop"; None where no such message is sent."""
    min_microversion: str | None
    max_microversion: str | None
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """Something a user can ask of a server, guarded by its state or not."""

    id: str
    """Public compute API method, "stop"; the guarded part of one, "soft_reboot"; or the REST action itself."""
    method: str | None
    """Qualified method that does it, "compute.api.API.stop"; None where the REST layer does it alone."""
    parent: str | None
    """The action this one is a part or a use of ("soft_reboot" of "reboot", "migrate" of "resize")."""
    guarded_by: str
    """The action whose guards hold for this one; itself for all but uses of another ("migrate": "resize")."""
    conditions: tuple[str, ...]
    """Names of the decorators other than state guards that narrow it, outermost first."""
    endpoints: tuple[Endpoint, ...]
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Guard:
    """A check of a server's state before an action (compute/api.py: check_instance_state and others)."""

    action: str
    method: str
    mode: Literal["allow", "reject"]
    """allow: the server must match all lists; reject: matching one of them is refused."""
    vm_states: States
    task_states: States
    must_have_launched: bool
    when: Condition | None
    """Condition under which a check in a body holds; None: always."""
    conditions: tuple[str, ...]
    """Names of the other decorators of the same method, outermost first."""
    evidence: Evidence


HostRole: TypeAlias = Literal["server", "source", "destination"]
"""Whose host: the server's own, the one a move left, the one it goes to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HostCheck:
    """A check of a compute service before an action (servicegroup API: service_is_up): no guard by state."""

    action: str
    method: str
    host: HostRole
    must_be: Literal["up", "down"]
    exception: str
    """Nova's exception where it is not, "ComputeServiceInUse"."""
    when: Condition | None
    """Condition under which it is checked; None: always."""
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """One entry of the API's status map (api/openstack/common.py: _STATE_MAP)."""

    vm_state: str | None
    """None for the word shown where the map has no such vm_state."""
    task_state: str
    """A task_state, or "default" for all that have no entry of their own."""
    status: str
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """Wording of a refusal as users see and paste it; placeholders stay."""

    id: str
    """"state": names attribute and state; "generic": does not."""
    language: str
    """"en", or the code of Nova's translation, "ko_KR"."""
    text: str
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class DriverState:
    """What a virt driver reports as power_state for a state of its hypervisor."""

    driver: str
    """Nova's name of the driver, "libvirt"."""
    state: str
    """The hypervisor's state: its symbol ("VIR_DOMAIN_RUNNING") or literal ("poweredOn")."""
    value: int | str | None
    """The hypervisor's number or word where the source tells it."""
    power_state: str
    """Name of the power_state constant, "RUNNING"."""
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """A configuration option that acts on states (nova/conf)."""

    group: str | None
    """Section of nova.conf; None: DEFAULT."""
    name: str
    default: str | int | float | bool | None
    acts_on: tuple[str, ...]
    """Ids of the states and actions it acts on ("vm_state:resized")."""
    evidence: Evidence
    mutable: bool = False
    """Whether a running service takes over a new value."""
    choices: tuple[str, ...] = ()
    """The values it can have, where they are listed."""
    minimum: int | float | None = None
    maximum: int | float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FromState:
    """States a step starts from, sorted, None first; in place of all of them None: any.

    `nova_states.facts.state_set` computes with them.
    """

    vm_states: States
    task_states: States
    power_states: tuple[str, ...] | None
    """What the hypervisor reports, as constants ("SHUTDOWN") sorted by number; None where nothing looks at it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ToState:
    """State a step ends in; "=" is unchanged, vm_state "deleted" the end of the server's row."""

    vm_state: str
    task_state: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Transition:
    """One change of state that running an action brings about."""

    action: str
    """Action id, or the name of what runs by itself ("periodic:_poll_rebooting_instances")."""
    actor: str
    """Who writes it: "api", "conductor", "compute", ..."""
    start: FromState | None
    """None: the row is created here."""
    end: ToState
    outcome: Literal["progress", "success", "failure", "recovery"]
    condition: Condition | None
    certainty: Certainty
    expected_task_states: States
    """The task_states that the write makes sure of in the database (`expected_task_state`); None: it does not look."""
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Reaction:
    """What Nova does by itself on finding a server in a state: the power sync or the start of nova-compute."""

    start: FromState
    end: ToState
    effect: str
    """"none", "stop", "clear_task", ...; "undecided": a call that is not read was given the server.

    What an undecided one ends in is not known, its `end` is "=" all the same.
    """
    condition: Condition | None
    certainty: Certainty
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """A place in the source that should have told a fact and could not be read."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """How much of what is there was read."""

    name: str
    """What was counted, "guards"."""
    read: int
    found: int


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreadMention:
    """A place of the source that mentions what facts of a kind are made of, and that no extractor accounts for."""

    kind: str
    """Kind of fact that it belongs to."""
    names: tuple[str, ...]
    """What it mentions: constants, attributes, exceptions, options, requests."""
    evidence: Evidence

    def as_gap(self) -> Gap:
        """The same as a gap of its kind."""
        place = f" in {self.evidence.function}" if self.evidence.function else ""
        reason = f"mentions {', '.join(self.names)}{place}, and nothing that was read accounts for it"
        return Gap(file=self.evidence.file, line=self.evidence.line, reason=reason)


F = TypeVar("F")


@dataclass(frozen=True, kw_only=True, slots=True)
class Section(Generic[F]):
    """All facts of one kind in one version, with what could not be read and the counts."""

    facts: tuple[F, ...]
    gaps: tuple[Gap, ...]
    counts: tuple[Count, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorClass:
    """An exception of Nova with the message that users and operators get to see."""

    name: str
    """Its class, "NoValidHost"."""
    bases: tuple[str, ...]
    """Classes that it derives from directly, without their modules."""
    code: int | None
    """The HTTP status it stands for if nothing else is made of it; None where no class above it has one."""
    is_safe: bool
    """Whether its message is shown to users if nothing handles it."""
    pattern: str | None
    """Its message, what is filled in in braces ("{reason}"), braces of the text doubled; None: it has none."""
    has_own_text: bool
    """Whether the message is its own; else that of a class above."""
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class RaiseSite:
    """A place that raises an exception of Nova."""

    error: str
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultCause:
    """An exception that can end as a server's fault."""

    error: str
    actions: tuple[str, ...]
    """Actions that reach a function which writes it down as the fault, sorted."""
    evidence: Evidence
    """Where the class is defined."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """An answer of the REST API that is an error, by the place that makes it."""

    action: str
    code: int
    """HTTP status."""
    errors: tuple[str, ...]
    """Exceptions of which this answer is made, sorted; none: the REST layer refuses by itself."""
    text: str | None
    """Its wording as a pattern; None: that of the exception."""
    when: Condition | None
    """What must hold for the REST layer to refuse by itself; None: always, or the exception tells."""
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Translation:
    """Nova's own translation of an exception's message."""

    language: str
    """Code of the translation, "ko_KR"."""
    pattern: str
    """The English message, as `ErrorClass.pattern`."""
    text: str
    """The translated message, a pattern with the same names."""
    evidence: Evidence
    """The file of translations, at its first line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogMessage:
    """A line that a service logs about a server."""

    slug: str
    """A name of its own, made of function and wording: "power-sync-pending-task"."""
    level: str
    """"debug", "info", "warning", "error", "exception" (an error with a traceback), "critical"."""
    pattern: str
    """Its wording, what is filled in in braces."""
    effect: str | None
    """What is done to the server then, in the words of `Reaction.effect` ("delete|stop": one of them); None: nothing
    tells."""
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class MigrationStatus:
    """A value of a migration's status."""

    value: str
    types: tuple[str, ...]
    """Types of migration that can have it ("live-migration"), sorted; none: it could not be told."""
    written: tuple[Evidence, ...]
    """Where it is written."""
    wanted_by: tuple[str, ...]
    """Ids of actions that want a migration of this status ("confirm_resize"), and names of what runs by itself."""
    in_progress: bool
    """Whether the resource tracker still counts the migration."""
    evidence: Evidence
    """Where it is written first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A name in the list of a server's actions or of an action's events."""

    name: str
    kind: Literal["action", "event"]
    function: str | None
    """The function that an event tells of, "compute.manager.ComputeManager.stop_instance"; None: a block of one."""
    actions: tuple[str, ...]
    """Ids of the actions that it belongs to, sorted."""
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class HostStatus:
    """A value of host_status, and what it stands for."""

    value: str
    """"UP"; empty where the server has no host."""
    condition: Condition | None
    """When the API says so."""
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Microversion:
    """The highest microversion of the compute API."""

    value: str
    """"2.104"."""
    evidence: Evidence


Fact: TypeAlias = (
    Constant
    | Group
    | Action
    | Guard
    | HostCheck
    | Status
    | Message
    | DriverState
    | Option
    | Transition
    | Reaction
    | UnreadMention
    | ErrorClass
    | RaiseSite
    | FaultCause
    | Refusal
    | Translation
    | LogMessage
    | MigrationStatus
    | Event
    | HostStatus
    | Microversion
)

CENSUS = "census"
"""The kind that is no fact of Nova's: what is mentioned in the source and not accounted for."""

KINDS: dict[str, type] = {
    "states": Constant,
    "groups": Group,
    "actions": Action,
    "guards": Guard,
    "host_checks": HostCheck,
    "statuses": Status,
    "messages": Message,
    "drivers": DriverState,
    "options": Option,
    "transitions": Transition,
    "power_sync": Reaction,
    "startup": Reaction,
    "errors": ErrorClass,
    "raise_sites": RaiseSite,
    "fault_causes": FaultCause,
    "refusals": Refusal,
    "translations": Translation,
    "log_messages": LogMessage,
    "migration_statuses": MigrationStatus,
    "events": Event,
    "host_statuses": HostStatus,
    "microversions": Microversion,
    CENSUS: UnreadMention,
}
"""Every kind of fact and its shape, in the order in which they are shown."""
